//! The thread that the store lives on. The Server hands it each batch of changes, and lets players hear of
//! them when the batch is reported as committed.

use std::{
    any::Any,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use meadow_world::{Batch, Store, StoreError};

use super::merge::merge;

/// How many batches may wait. When so many do, the disk can't keep up, and whoever submits the next one
/// waits as well.
pub const WAITING_BATCHES: usize = 64;

/// How many rows a transaction may have before no further waiting batch is added to it.
pub const GROUP_ROWS: usize = 10_000;

/// What became of batches.
#[derive(Debug)]
pub enum StoreReport {
    /// This batch, and all that were submitted before it, survive a power cut.
    Committed {
        /// The number with which the batch was submitted.
        epoch: u64,
    },
    /// A commit failed. None of the batches that have not been reported as committed is stored, and none
    /// will be. The game has to stop: what it has in memory is not what its database has.
    Failed {
        /// Why.
        error: StoreError,
    },
}

/// Nothing is stored any more, because a commit has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the store has stopped after a commit that failed")]
pub struct StoreStopped;

/// A store at work on its own thread. Commits batches in the order in which they are submitted; those that
/// wait at the same time share a transaction, and so one wait for the disk.
#[derive(Debug)]
pub struct StoreThread {
    queue: Option<SyncSender<Submitted>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Submitted {
    epoch: u64,
    batch: Batch,
}

impl StoreThread {
    /// Starts the thread. It calls `report` from there, which must not block: a commit would wait for it.
    ///
    /// # Errors
    /// The system gives no more threads.
    pub fn spawn(
        store: Box<dyn Store>,
        report: impl FnMut(StoreReport) + Send + 'static,
    ) -> io::Result<StoreThread> {
        let (queue, submitted) = sync_channel(WAITING_BATCHES);
        let thread =
            thread::Builder::new().name("store".into()).spawn(move || serve(store, submitted, report))?;
        Ok(StoreThread { queue: Some(queue), thread: Some(thread) })
    }

    /// Has a batch stored. Returns at once, unless [`WAITING_BATCHES`] are waiting already; then it waits.
    /// Each batch has a higher number than the one before it.
    ///
    /// # Errors
    /// A commit has failed; that was or will be reported too. Nothing is accepted after that report.
    pub fn submit(&self, epoch: u64, batch: Batch) -> Result<(), StoreStopped> {
        let queue = self.queue.as_ref().ok_or(StoreStopped)?;
        queue.send(Submitted { epoch, batch }).map_err(|_| StoreStopped)
    }

    /// Waits until everything that was submitted has been reported, and closes the store. (Dropping does
    /// the same.)
    pub fn finish(self) {
        drop(self);
    }
}

impl Drop for StoreThread {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's thread panicked");
        }
    }
}

fn serve(mut store: Box<dyn Store>, queue: Receiver<Submitted>, mut report: impl FnMut(StoreReport)) {
    while let Ok(Submitted { mut epoch, mut batch }) = queue.recv() {
        while batch.rows() < GROUP_ROWS
            && let Ok(next) = queue.try_recv()
        {
            epoch = next.epoch;
            merge(&mut batch, next.batch);
        }
        // Players wait for the report, so even a bug in a store must end in one.
        let applied = catch_unwind(AssertUnwindSafe(|| store.apply(&batch)))
            .unwrap_or_else(|panic| Err(StoreError(format!("the store panicked: {}", text_of(&*panic)))));
        match applied {
            Ok(()) => report(StoreReport::Committed { epoch }),
            Err(error) => {
                // First, so that nobody who has heard of the failure can still submit anything.
                drop(queue);
                return report(StoreReport::Failed { error });
            }
        }
    }
}

fn text_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use std::{
        sync::mpsc::{Sender, channel},
        time::Duration,
    };

    use super::*;
    use crate::store::MemoryStore;
    use meadow_world::{ObjectRow, Snapshot};

    fn batch(ids: impl IntoIterator<Item = u64>) -> Batch {
        let objects = ids.into_iter().map(|id| ObjectRow { id, ..Default::default() }).collect();
        Batch { objects, ..Default::default() }
    }

    /// Does what it is let do, one batch at a time, and tells how many rows each had.
    struct Slow {
        inner: MemoryStore,
        go: Receiver<()>,
        applied: Sender<usize>,
    }

    impl Store for Slow {
        fn load(&mut self) -> Result<Snapshot, StoreError> {
            self.inner.load()
        }
        fn apply(&mut self, batch: &Batch) -> Result<(), StoreError> {
            self.applied.send(batch.rows()).unwrap();
            self.go.recv().unwrap();
            self.inner.apply(batch)
        }
    }

    struct Bench {
        kept: MemoryStore,
        go: Sender<()>,
        applied: Receiver<usize>,
        reports: Receiver<StoreReport>,
        thread: StoreThread,
    }

    fn bench() -> Bench {
        let kept = MemoryStore::new();
        let ((go, may_go), (applied, was_applied), (report, reports)) = (channel(), channel(), channel());
        let store = Box::new(Slow { inner: kept.clone(), go: may_go, applied });
        let thread = StoreThread::spawn(store, move |it| report.send(it).unwrap()).unwrap();
        Bench { kept, go, applied: was_applied, reports, thread }
    }

    fn committed(reports: &Receiver<StoreReport>) -> u64 {
        match reports.recv_timeout(Duration::from_secs(20)).unwrap() {
            StoreReport::Committed { epoch } => epoch,
            StoreReport::Failed { error } => panic!("{error}"),
        }
    }

    #[test]
    fn waiting_batches_share_a_transaction_and_nothing_is_reported_before_its_commit() {
        let mut bench = bench();
        bench.thread.submit(1, batch([1])).unwrap();
        assert_eq!(bench.applied.recv().unwrap(), 1);
        for epoch in 2..=5 {
            bench.thread.submit(epoch, batch([epoch])).unwrap();
        }
        assert!(bench.reports.recv_timeout(Duration::from_millis(50)).is_err());
        bench.go.send(()).unwrap();
        assert_eq!(committed(&bench.reports), 1);
        assert_eq!(bench.applied.recv().unwrap(), 4);
        bench.go.send(()).unwrap();
        assert_eq!(committed(&bench.reports), 5);
        assert_eq!(bench.kept.load().unwrap().objects.len(), 5);
    }

    #[test]
    fn a_transaction_that_is_large_enough_takes_no_further_batch() {
        let bench = bench();
        bench.thread.submit(1, batch([1])).unwrap();
        assert_eq!(bench.applied.recv().unwrap(), 1);
        let rows = GROUP_ROWS as u64;
        bench.thread.submit(2, batch(0..rows - 1)).unwrap();
        bench.thread.submit(3, batch([rows])).unwrap();
        bench.thread.submit(4, batch([rows + 1])).unwrap();
        bench.go.send(()).unwrap();
        assert_eq!(bench.applied.recv().unwrap(), GROUP_ROWS, "the second and the third");
        bench.go.send(()).unwrap();
        assert_eq!(bench.applied.recv().unwrap(), 1, "the fourth");
        bench.go.send(()).unwrap();
        assert_eq!([(); 3].map(|()| committed(&bench.reports)), [1, 3, 4]);
    }

    #[test]
    fn only_one_batch_past_the_limit_has_to_wait() {
        let bench = bench();
        bench.thread.submit(1, batch([1])).unwrap();
        assert_eq!(bench.applied.recv().unwrap(), 1);
        for epoch in 0..WAITING_BATCHES as u64 {
            bench.thread.submit(epoch + 2, batch([epoch])).unwrap();
        }
        let last = WAITING_BATCHES as u64 + 2;
        thread::scope(|scope| {
            let waits = scope.spawn(|| bench.thread.submit(last, batch([last])));
            thread::sleep(Duration::from_millis(50));
            assert!(!waits.is_finished());
            bench.go.send(()).unwrap();
            waits.join().unwrap().unwrap();
        });
        bench.go.send(()).unwrap();
        bench.go.send(()).unwrap();
        assert_eq!(committed(&bench.reports), 1);
        while committed(&bench.reports) != last {}
    }

    #[test]
    fn nothing_is_stored_after_a_commit_that_failed() {
        let kept = MemoryStore::new();
        let (report, reports) = channel();
        let thread = StoreThread::spawn(Box::new(kept.clone()), move |it| report.send(it).unwrap()).unwrap();
        thread.submit(1, batch([1])).unwrap();
        assert_eq!(committed(&reports), 1);
        kept.refuse("the disk is full");
        thread.submit(2, batch([2])).unwrap();
        let StoreReport::Failed { error } = reports.recv().unwrap() else { panic!("it was committed") };
        assert_eq!(error.to_string(), "the disk is full");
        assert_eq!(thread.submit(3, batch([3])), Err(StoreStopped));
        thread.finish();
        assert!(reports.recv().is_err(), "nothing more is reported");
        assert_eq!(kept.clone().load().unwrap().objects.len(), 1);
    }

    #[test]
    fn a_store_that_panics_is_reported() {
        struct Broken;
        impl Store for Broken {
            fn load(&mut self) -> Result<Snapshot, StoreError> {
                Ok(Snapshot::default())
            }
            fn apply(&mut self, _: &Batch) -> Result<(), StoreError> {
                panic!("a bug")
            }
        }
        let (report, reports) = channel();
        let thread = StoreThread::spawn(Box::new(Broken), move |it| report.send(it).unwrap()).unwrap();
        thread.submit(1, Batch::default()).unwrap();
        let StoreReport::Failed { error } = reports.recv().unwrap() else { panic!("it was committed") };
        assert_eq!(error.to_string(), "the store panicked: a bug");
        thread.finish();
    }

    #[test]
    fn finishing_commits_what_still_waits() {
        let kept = MemoryStore::new();
        let thread = StoreThread::spawn(Box::new(kept.clone()), |_| ()).unwrap();
        for epoch in 0..1000 {
            thread.submit(epoch, batch([epoch])).unwrap();
        }
        thread.finish();
        assert_eq!(kept.clone().load().unwrap().objects.len(), 1000);
    }
}
