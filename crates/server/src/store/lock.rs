//! Keeps two Servers off one database: a lock on a file beside it. [`super::SqliteStore`] holds it.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use meadow_world::StoreError;

/// How long to sleep between two attempts, while the other Server is given time to end.
const RETRY: Duration = Duration::from_millis(10);

/// Longest text that is read back from a lock file, in bytes: a process id is never longer.
const PID_LIMIT: u64 = 20;

/// Holds `<database>.lock` until it is dropped. The operating system takes the lock away from a process
/// that dies, so there are no stale locks; the file itself stays, because deleting it would let a third
/// process lock a file that nobody else sees.
#[derive(Debug)]
pub(super) struct DatabaseLock {
    file: File,
}

impl DatabaseLock {
    /// Takes the lock, waiting for up to `patience` while somebody else holds it.
    pub(super) fn acquire(database: &Path, patience: Duration) -> Result<DatabaseLock, StoreError> {
        let path = lock_path(database);
        let cannot = |error: std::io::Error| {
            StoreError(format!(
                "the database {} cannot be used: its lock file {} cannot be written ({error}); let the user \
                 that runs Meadow write to that folder, or configure another place for the database",
                database.display(),
                path.display()
            ))
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(cannot)?;
        let deadline = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(RETRY),
                Err(TryLockError::WouldBlock) => return Err(in_use(database, file)),
                Err(TryLockError::Error(error)) => return Err(cannot(error)),
            }
        }
        file.set_len(0).map_err(cannot)?;
        file.rewind().map_err(cannot)?;
        write!(file, "{}", std::process::id()).map_err(cannot)?;
        Ok(DatabaseLock { file })
    }
}

impl Drop for DatabaseLock {
    fn drop(&mut self) {
        // Closing would not do: the lock belongs to the open file, and a child process that is being started
        // has that open too, until its own program runs (flock(2)).
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the database's lock could not be released");
        }
    }
}

/// The lock file of a database: its name with `.lock` after it.
fn lock_path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

fn in_use(database: &Path, file: File) -> StoreError {
    let mut pid = String::new();
    // The holder may not have written its number yet, and some systems don't let a locked file be read.
    let known = file.take(PID_LIMIT).read_to_string(&mut pid).is_ok() && !pid.is_empty();
    let holder = if known { format!("process {pid}") } else { "another process".to_owned() };
    StoreError(format!(
        "the database {} is in use by {holder}: only one Server may run on it; stop that one first, or \
         configure another database",
        database.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_is_told_who_has_it_and_may_follow_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("game.db");
        let first = DatabaseLock::acquire(&database, Duration::ZERO).unwrap();
        let refused = DatabaseLock::acquire(&database, Duration::ZERO).unwrap_err().to_string();
        assert!(refused.contains(&format!("in use by process {}:", std::process::id())), "{refused}");
        assert!(refused.contains(&*database.to_string_lossy()), "{refused}");
        drop(first);
        DatabaseLock::acquire(&database, Duration::ZERO).unwrap();
    }

    #[test]
    fn a_patient_holder_gets_it_when_the_first_ends() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("game.db");
        let first = DatabaseLock::acquire(&database, Duration::ZERO).unwrap();
        let started = Instant::now();
        let ends = thread::spawn(move || {
            thread::sleep(Duration::from_millis(100));
            drop(first);
        });
        DatabaseLock::acquire(&database, Duration::from_secs(20)).unwrap();
        assert!(started.elapsed() >= Duration::from_millis(100));
        ends.join().unwrap();
    }

    /// A child process has all of its parent's files for a moment, between its birth and its own program.
    #[test]
    fn a_dropped_lock_is_free_even_while_children_are_started() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("game.db");
        let program = std::env::current_exe().unwrap();
        let children = thread::spawn(move || {
            for _ in 0..100 {
                let mut child = std::process::Command::new(&program);
                child.arg("--help").stdout(std::process::Stdio::null()).status().unwrap();
            }
        });
        while !children.is_finished() {
            DatabaseLock::acquire(&database, Duration::ZERO).unwrap();
        }
        children.join().unwrap();
    }

    #[test]
    fn a_shorter_number_does_not_keep_the_end_of_a_longer_one() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("game.db");
        std::fs::write(lock_path(&database), "99999999999999999999").unwrap();
        let _lock = DatabaseLock::acquire(&database, Duration::ZERO).unwrap();
        let written = std::fs::read_to_string(lock_path(&database)).unwrap();
        assert_eq!(written, std::process::id().to_string());
    }
}
