//! Files of a game's own while they are being sent. They are read when somebody asks for them, and a client may take its
//! time: however many ask for the same one, it is in memory once, and for all of them there is a limit.

use std::{
    collections::HashMap,
    fs::Metadata,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::SystemTime,
};

use axum::body::Bytes;

/// Bytes of all files that are being sent at one time.
const ALL: usize = 256 * 1024 * 1024;

/// What is being sent just now, by path.
#[derive(Debug, Default)]
pub(super) struct Sending(Mutex<HashMap<PathBuf, Sent>>);

#[derive(Debug)]
struct Sent {
    modified: Option<SystemTime>,
    length: u64,
    content: Weak<Vec<u8>>,
}

/// What is read of a file.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::listen::files) enum Loaded {
    Whole(Bytes),
    /// Too much is being sent.
    Busy,
}

impl Sending {
    /// What a file holds: as `read` has it (nothing if it cannot be read), or as it is being sent to somebody else.
    pub(super) fn load(
        &self,
        path: &Path,
        metadata: &Metadata,
        read: impl FnOnce() -> Option<Vec<u8>>,
    ) -> Option<Loaded> {
        // Whoever wants the same one waits until it is read.
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, sent| sent.content.strong_count() > 0);
        let (modified, length) = (metadata.modified().ok(), metadata.len());
        let known = all.get(path).filter(|sent| (sent.modified, sent.length) == (modified, length));
        if let Some(content) = known.and_then(|sent| sent.content.upgrade()) {
            return Some(Loaded::Whole(bytes(content)));
        }
        let held: usize = all.values().filter_map(|sent| sent.content.upgrade()).map(|one| one.len()).sum();
        if held.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)) > ALL {
            return Some(Loaded::Busy);
        }
        let content = Arc::new(read()?);
        // One that was changed meanwhile is still sent to others, and counts no more: there are few of those.
        all.insert(path.to_owned(), Sent { modified, length, content: Arc::downgrade(&content) });
        Some(Loaded::Whole(bytes(content)))
    }
}

/// Keeps its content until the last one has been sent.
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn bytes(content: Arc<Vec<u8>>) -> Bytes {
    Bytes::from_owner(Shared(content))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn load(sending: &Sending, path: &Path, length: usize) -> Loaded {
        let metadata = fs::metadata(path).expect("it is there");
        sending.load(path, &metadata, || Some(vec![7; length])).expect("it can be read")
    }

    fn whole(loaded: Loaded) -> Bytes {
        let Loaded::Whole(bytes) = loaded else { panic!("{loaded:?}") };
        bytes
    }

    #[test]
    fn what_many_ask_for_is_in_memory_once_and_while_it_is_sent() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a.png");
        fs::write(&path, "1234").expect("written");
        let sending = Sending::default();
        let first = whole(load(&sending, &path, 4));
        let second = whole(load(&sending, &path, 4));
        assert_eq!(first.as_ptr(), second.as_ptr());
        drop(first);
        assert_eq!(whole(load(&sending, &path, 4)).as_ptr(), second.as_ptr());
        fs::write(&path, "12345").expect("changed");
        assert_eq!(whole(load(&sending, &path, 5)).len(), 5, "it is another one now");
        drop(second);
        let metadata = fs::metadata(&path).expect("it is there");
        assert_eq!(sending.load(&path, &metadata, || None), None, "it was forgotten");
    }

    #[test]
    fn all_together_have_a_limit() {
        let dir = tempfile::tempdir().expect("a folder");
        let [big, small, other] = ["big", "small", "other"].map(|name| dir.path().join(name));
        for (path, length) in [(&big, ALL as u64 - 1), (&small, 1), (&other, 1)] {
            // It has holes, and takes no room.
            fs::File::create(path).and_then(|file| file.set_len(length)).expect("written");
        }
        let sending = Sending::default();
        let one = whole(load(&sending, &big, ALL - 1));
        let _two = whole(load(&sending, &small, 1));
        assert_eq!(load(&sending, &other, 1), Loaded::Busy, "past the limit");
        assert_eq!(whole(load(&sending, &big, 0)).len(), ALL - 1, "what is there costs nothing");
        drop(one);
        whole(load(&sending, &other, 1));
    }
}
