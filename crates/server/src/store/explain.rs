//! Turns what went wrong in the embedded database into a sentence that names the file and the way out.

use std::path::Path;

use meadow_world::StoreError;
use rusqlite::ErrorCode;

/// What can go wrong with a database file.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// SQLite refused.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The file system refused.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// A later Meadow has been here.
    #[error("is of schema version {found}, and this program knows versions up to {known}")]
    Newer {
        /// Version in the file.
        found: u32,
        /// Latest version that this program can read.
        known: u32,
    },
    /// Another program's database.
    #[error("belongs to another program")]
    Foreign,
}

/// The sentence for the operator.
pub(super) fn explain(path: &Path, problem: impl Into<Problem>) -> StoreError {
    let path = path.display();
    StoreError(match problem.into() {
        Problem::Sqlite(error) => match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => format!(
                "{path} is not a database ({error}); move it away, or configure another place for the database"
            ),
            Some(ErrorCode::DatabaseCorrupt) => format!(
                "the database {path} is damaged ({error}); restore a backup, or save what can be read with \
                 `sqlite3 <file> .recover`"
            ),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => format!(
                "the database {path} is locked by another program ({error}); end whatever has a transaction \
                 open on it, such as a sqlite3 shell"
            ),
            Some(ErrorCode::DiskFull) => format!(
                "the database {path} cannot grow: the disk is full ({error}); free some space and start again"
            ),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => format!(
                "the database {path} cannot be written ({error}); let the user that runs Meadow write to the \
                 file and to its folder"
            ),
            Some(ErrorCode::CannotOpen) => format!(
                "the database {path} cannot be opened ({error}); see that its folder exists and that the user \
                 that runs Meadow may read and write both"
            ),
            Some(ErrorCode::SystemIoFailure) => format!(
                "the disk of the database {path} reports an error ({error}); look into the system's log \
                 before starting again"
            ),
            _ => format!("the database {path} refused: {error}"),
        },
        Problem::File(error) => format!(
            "the database {path} cannot be written ({error}); let the user that runs Meadow write to its \
             folder, or configure another place for the database"
        ),
        problem @ Problem::Newer { .. } => {
            format!(
                "the database {path} {problem}; start the newer Meadow that wrote it, or restore a backup"
            )
        }
        problem @ Problem::Foreign => {
            format!("the database {path} {problem}; configure another place for Meadow's own")
        }
    })
}
