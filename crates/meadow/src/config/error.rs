//! What can be wrong with the settings. Every message names the setting, where it stands, and the way out.

use std::{io, path::PathBuf};

use super::Origin;

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// `meadow.toml` is there and cannot be read.
    #[error("cannot read the settings in {}: {reason}; make the file readable or choose another folder with --dir", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// `meadow.toml` is not TOML.
    #[error("{}, line {line}, column {column}: {message}; correct the line, or move the file away to get a new one", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// Where in the line, from 1.
        column: usize,
        /// What the parser said.
        message: String,
    },
    /// A setting is named that does not exist.
    #[error("{origin}: there is no setting `{name}`; {hint}")]
    Unknown {
        /// Who names it.
        origin: Origin,
        /// What it was called.
        name: String,
        /// What was probably meant, or what there is.
        hint: String,
    },
    /// A setting has a value that it cannot have.
    #[error("{origin}: `{name}` must be {want}, not {value}")]
    Value {
        /// Who gives it.
        origin: Origin,
        /// The setting, `section.key`.
        name: String,
        /// What it may be, with an example.
        want: String,
        /// What it was.
        value: String,
    },
    /// An argument of `--set` that is not of the form `section.key=value`.
    #[error(
        "--set {text:?} is not of the form section.key=value, such as --set telnet.listen=127.0.0.1:4000"
    )]
    Override {
        /// The argument.
        text: String,
    },
    /// The table and the types do not agree; a test rules it out.
    #[error("the settings do not fit together: {0}; this is a fault in Meadow, please report it")]
    Disagree(String),
}
