//! A game's own files: reads them from its folder, and nothing else. [`super::Files`] asks for them at each request.

use std::{
    collections::HashMap,
    fs::{self, Metadata},
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::SystemTime,
};

use axum::body::Bytes;
use tracing::warn;

/// Longest file that is served, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;
/// Longest file of which each answer may have a copy, in bytes.
const SHORT: u64 = 64 * 1024;

/// The folder, and what is being sent of it.
#[derive(Debug)]
pub(super) struct OwnFiles {
    folder: PathBuf,
    /// Long files that are being sent. Whoever asks for one meanwhile gets the same copy: a client can ask for a hundred
    /// at once, and take none of them.
    sent: Mutex<HashMap<String, Sent>>,
}

#[derive(Debug)]
struct Sent {
    length: u64,
    modified: Option<SystemTime>,
    content: Weak<Vec<u8>>,
}

impl OwnFiles {
    /// The folder need not be there.
    pub(super) fn new(folder: &Path) -> OwnFiles {
        OwnFiles { folder: folder.to_owned(), sent: Mutex::default() }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What a file holds, if there is one. Nothing outside of the folder is ever read.
    pub(super) fn read(&self, path: &str) -> Option<Vec<u8>> {
        let (path, _) = self.find(path)?;
        read(&path)
    }

    /// The same, for answers.
    pub(super) fn share(&self, path: &str) -> Option<Bytes> {
        let (file, meta) = self.find(path)?;
        if meta.len() <= SHORT {
            return read(&file).map(Bytes::from);
        }
        let (length, modified) = (meta.len(), meta.modified().ok());
        // Held while it is read, so that it is read once.
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.retain(|_, one| one.content.strong_count() > 0);
        let known = sent.get(path).filter(|one| one.length == length && one.modified == modified);
        let content = match known.and_then(|one| one.content.upgrade()) {
            Some(content) => content,
            None => {
                let content = Arc::new(read(&file)?);
                sent.insert(path.to_owned(), Sent { length, modified, content: Arc::downgrade(&content) });
                content
            }
        };
        Some(Bytes::from_owner(Shared(content)))
    }

    fn find(&self, path: &str) -> Option<(PathBuf, Metadata)> {
        let relative = Path::new(path);
        let plain = |part: Component<'_>| matches!(part, Component::Normal(name) if name.to_str().is_some_and(|name| !name.starts_with('.')));
        if path.contains(['\\', '\0']) || !relative.components().all(plain) {
            return None;
        }
        let path = self.folder.join(relative);
        let meta = fs::metadata(&path).ok().filter(Metadata::is_file)?;
        if meta.len() > LONGEST {
            warn!(file = %path.display(), "is too long to be served: more than {LONGEST} bytes");
            return None;
        }
        Some((path, meta))
    }
}

fn read(path: &Path) -> Option<Vec<u8>> {
    fs::read(path).inspect_err(|error| warn!(file = %path.display(), %error, "cannot be served")).ok()
}

/// A copy that several answers send.
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_in_memory_once_while_it_is_sent_and_not_longer() {
        let dir = tempfile::tempdir().expect("a folder");
        let files = OwnFiles::new(dir.path());
        let long = SHORT as usize + 1;
        fs::write(dir.path().join("song.ogg"), vec![1; long]).expect("a file");
        let first = files.share("song.ogg").expect("a file");
        let second = files.share("song.ogg").expect("a file");
        assert_eq!((first.as_ptr(), first.len()), (second.as_ptr(), long));
        // Another one is in its place.
        fs::write(dir.path().join("song.ogg"), vec![2; long + 1]).expect("a file");
        let other = files.share("song.ogg").expect("a file");
        assert_eq!((other[0], first[0]), (2, 1));
        drop((first, second, other));
        fs::write(dir.path().join("tune.ogg"), vec![3; long]).expect("a file");
        let tune = files.share("tune.ogg").expect("a file");
        assert_eq!(files.sent.lock().expect("no panic").len(), 1, "the song is forgotten");
        drop(tune);
        fs::write(dir.path().join("dot.png"), "dot").expect("a file");
        assert_eq!(files.share("dot.png").expect("a file"), "dot");
        assert!(files.share("nothing").is_none() && files.share("../secret").is_none());
    }
}
