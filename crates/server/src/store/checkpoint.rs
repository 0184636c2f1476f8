//! Keeps SQLite's write-ahead log short without making commits wait. [`super::SqliteStore`] tells it of
//! every commit.
//!
//! SQLite's own automatic checkpoints run inside a commit and put 10 ms into it. Here a second connection
//! on a thread of its own does them. While commits never pause it can follow the log but not reset it
//! (`SQLITE_CHECKPOINT_PASSIVE`), so past a second limit the writer does one itself.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use rusqlite::Connection;

/// Size of the log, in bytes, past which the thread copies it into the database; it copies again each
/// time that the log has grown by as much. The writer cuts a log that was reset back to this size.
pub(super) const WAL_SOFT_LIMIT: u64 = 4 << 20;

/// Size of the log, in bytes, past which the writer copies it, so that it can be reset.
pub(super) const WAL_HARD_LIMIT: u64 = 64 << 20;

/// The thread that checkpoints. Dropping it waits for the checkpoint that is running.
#[derive(Debug)]
pub(super) struct Checkpointer {
    wal: PathBuf,
    due: u64,
    running: Arc<Mutex<()>>,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What a log of some size needs.
#[derive(Debug, PartialEq, Eq)]
enum Need {
    Nothing,
    Thread,
    Writer,
}

impl Checkpointer {
    /// Starts the thread, with a connection of its own to the database.
    pub(super) fn start(database: &Path, connection: Connection) -> io::Result<Checkpointer> {
        let mut wal = database.as_os_str().to_owned();
        wal.push("-wal");
        let running = Arc::new(Mutex::new(()));
        let (wake, woken) = sync_channel(1);
        let thread = thread::Builder::new().name("checkpoint".into()).spawn({
            let running = Arc::clone(&running);
            move || serve(&connection, &woken, &running)
        })?;
        Ok(Checkpointer {
            wal: wal.into(),
            due: WAL_SOFT_LIMIT,
            running,
            wake: Some(wake),
            thread: Some(thread),
        })
    }

    /// The writer has committed: sees how long the log is, and whether something must be done about it.
    pub(super) fn after_commit(&mut self, writer: &Connection) {
        let size = fs::metadata(&self.wal).map_or(0, |wal| wal.len());
        match need(size, &mut self.due) {
            Need::Nothing => {}
            Need::Thread => {
                if let Some(wake) = &self.wake {
                    // Full means that the thread has been woken already.
                    let _ = wake.try_send(());
                }
            }
            Need::Writer => checkpoint(writer, &self.running),
        }
    }
}

#[cfg(test)]
impl Checkpointer {
    /// Waits for the checkpoint that is running.
    pub(super) fn wait(&self) {
        drop(self.running.lock().unwrap());
    }

    /// From now on the thread does nothing, as if commits never paused.
    pub(super) fn silence(&mut self) {
        self.wake = None;
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            // It only ends in an error if it panicked, and the panic has been reported by then.
            let _ = thread.join();
        }
    }
}

/// `due` is the size past which something has to be done next.
fn need(size: u64, due: &mut u64) -> Need {
    if size <= WAL_SOFT_LIMIT {
        *due = WAL_SOFT_LIMIT;
    }
    if size <= *due {
        return Need::Nothing;
    }
    *due = size + WAL_SOFT_LIMIT;
    if size > WAL_HARD_LIMIT { Need::Writer } else { Need::Thread }
}

fn serve(connection: &Connection, woken: &Receiver<()>, running: &Mutex<()>) {
    while woken.recv().is_ok() {
        checkpoint(connection, running);
    }
}

/// A failed checkpoint loses nothing: what it should have copied is still in the log. If the disk is the
/// reason, the next commit fails too, and that one ends the game.
fn checkpoint(connection: &Connection, running: &Mutex<()>) {
    let _running = running.lock().unwrap_or_else(PoisonError::into_inner);
    let done = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
    });
    match done {
        Ok((pages, copied)) => tracing::debug!(pages, copied, "checkpoint"),
        Err(error) => tracing::warn!(%error, "a checkpoint of the database failed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thread_is_woken_one_past_its_limit() {
        let mut due = WAL_SOFT_LIMIT;
        assert_eq!(need(WAL_SOFT_LIMIT, &mut due), Need::Nothing);
        assert_eq!(need(WAL_SOFT_LIMIT + 1, &mut due), Need::Thread);
    }

    #[test]
    fn it_is_woken_again_after_as_much_growth_or_after_a_reset() {
        let mut due = WAL_SOFT_LIMIT;
        let first = WAL_SOFT_LIMIT + 1;
        assert_eq!(need(first, &mut due), Need::Thread);
        assert_eq!(need(first + WAL_SOFT_LIMIT, &mut due), Need::Nothing);
        assert_eq!(need(first + WAL_SOFT_LIMIT + 1, &mut due), Need::Thread);
        assert_eq!(need(100, &mut due), Need::Nothing);
        assert_eq!(need(first, &mut due), Need::Thread);
    }

    #[test]
    fn the_writer_steps_in_one_past_its_limit() {
        assert_eq!(need(WAL_HARD_LIMIT, &mut 0), Need::Thread);
        assert_eq!(need(WAL_HARD_LIMIT + 1, &mut 0), Need::Writer);
    }
}
