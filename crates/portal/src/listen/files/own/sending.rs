//! Files of a game's own while they are being sent. They are read when somebody asks for them, and a client may take its
//! time: however many ask for the same one, it is in memory once, and for all of them there is a limit.

use std::{
    collections::HashMap,
    fs::Metadata,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::SystemTime,
};

use axum::body::Bytes;

/// Bytes of all files that are being sent at one time.
const ALL: u64 = 256 * 1024 * 1024;

/// What is being sent just now, by file and version.
#[derive(Debug, Default)]
pub(super) struct Sending(Mutex<HashMap<(PathBuf, Version), Weak<Slot>>>);

/// By what two versions of a file are told apart without reading them: when it was changed, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Version {
    modified: Option<SystemTime>,
    pub(super) length: u64,
}

/// Room for one version of a file: it is taken while somebody reads the file or is sent it.
#[derive(Debug, Default)]
struct Slot(Mutex<Weak<Content>>);

#[derive(Debug)]
struct Content {
    bytes: Vec<u8>,
    _slot: Arc<Slot>,
}

impl Version {
    pub(super) fn of(metadata: &Metadata) -> Version {
        Version { modified: metadata.modified().ok(), length: metadata.len() }
    }
}

impl Sending {
    /// What a file holds: as `read` has it, or as it is being sent to somebody else. Nothing if it cannot be read, or if
    /// too much is being sent.
    pub(super) fn load(
        &self,
        path: &Path,
        version: Version,
        read: impl FnOnce() -> Option<Vec<u8>>,
    ) -> Option<Bytes> {
        let slot = self.slot(path, version)?;
        // Whoever wants the same one waits until it is read; others do not.
        let mut content = locked(&slot.0);
        if let Some(known) = content.upgrade() {
            return Some(bytes(known));
        }
        let new = Arc::new(Content { bytes: read()?, _slot: Arc::clone(&slot) });
        *content = Arc::downgrade(&new);
        Some(bytes(new))
    }

    /// The room for a file, if there is any. The disk is not to be waited for here: everybody comes by.
    fn slot(&self, path: &Path, version: Version) -> Option<Arc<Slot>> {
        let mut all = locked(&self.0);
        let key = (path.to_owned(), version);
        if let Some(slot) = all.get(&key).and_then(Weak::upgrade) {
            return Some(slot);
        }
        all.retain(|_, slot| slot.strong_count() > 0);
        let held: u64 = all.keys().map(|(_, version)| version.length).sum();
        if held.saturating_add(version.length) > ALL {
            return None;
        }
        let slot = Arc::new(Slot::default());
        all.insert(key, Arc::downgrade(&slot));
        Some(slot)
    }
}

/// Keeps its content until the last one has been sent.
struct Shared(Arc<Content>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0.bytes
    }
}

fn bytes(content: Arc<Content>) -> Bytes {
    Bytes::from_owner(Shared(content))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::*;

    fn version(length: u64) -> Version {
        Version { modified: None, length }
    }

    fn load(sending: &Sending, path: &str, length: u64) -> Option<Bytes> {
        let content = vec![7; usize::try_from(length).expect("a length")];
        sending.load(Path::new(path), version(length), || Some(content))
    }

    #[test]
    fn what_many_ask_for_is_in_memory_once_and_while_it_is_sent() {
        let sending = Sending::default();
        let first = load(&sending, "a.png", 4).expect("read");
        let second = load(&sending, "a.png", 4).expect("shared");
        assert_eq!(first.as_ptr(), second.as_ptr());
        drop(first);
        assert_eq!(load(&sending, "a.png", 4).expect("shared").as_ptr(), second.as_ptr());
        assert_eq!(load(&sending, "a.png", 5).expect("another one").len(), 5);
        drop(second);
        assert_eq!(sending.load(Path::new("a.png"), version(4), || None), None, "it was forgotten");
    }

    #[test]
    fn all_together_have_a_limit() {
        let sending = Sending::default();
        let big = || sending.load(Path::new("big"), version(ALL - 1), || Some(vec![7]));
        let one = big().expect("there is room");
        let _two = load(&sending, "small", 1).expect("and for another");
        assert_eq!(load(&sending, "other", 1), None, "past the limit");
        assert_eq!(big().expect("what is there costs nothing").as_ptr(), one.as_ptr());
        drop(one);
        assert!(load(&sending, "other", 1).is_some());
        assert_eq!(sending.load(Path::new("gone"), version(2), || None), None);
        assert!(big().is_some(), "what could not be read takes no room");
    }

    #[test]
    fn nobody_waits_for_another_file_and_one_is_read_once() {
        let sending = Sending::default();
        let (begun, has_begun) = mpsc::channel();
        let (finish, may_finish) = mpsc::channel::<()>();
        thread::scope(|scope| {
            let slow = scope.spawn(|| {
                sending.load(Path::new("slow"), version(ALL - 1), move || {
                    begun.send(()).expect("awaited");
                    may_finish.recv_timeout(Duration::from_secs(60)).expect("others do not wait for it");
                    Some(vec![1])
                })
            });
            has_begun.recv().expect("it reads");
            assert!(load(&sending, "fast", 1).is_some());
            assert_eq!(load(&sending, "other", 2), None, "what is being read counts");
            let same = scope.spawn(|| sending.load(Path::new("slow"), version(ALL - 1), || Some(vec![2])));
            finish.send(()).expect("it waits");
            let slow = slow.join().expect("no panic").expect("read");
            // It may come after the first has its answer, but not after that is sent.
            let same = same.join().expect("no panic").expect("read");
            assert_eq!((slow.as_ptr(), &slow[..]), (same.as_ptr(), &[1_u8][..]));
        });
    }
}
