//! A game's own files: reads them from its folder, and nothing else. [`super::Files`] asks for them at each request.

mod sending;

use std::{
    fs::{self, Metadata},
    hash::{Hash, Hasher},
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use axum::body::Bytes;
use tracing::warn;

use sending::{Sending, Version};

/// Longest file that is served, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;
/// Longest file of which each answer may have a copy, in bytes.
const SHORT: u64 = 64 * 1024;

/// The folder, and what is being sent of it.
#[derive(Debug)]
pub(super) struct OwnFiles {
    folder: PathBuf,
    sending: Arc<Sending>,
}

/// A file, for answers: a client can ask for a hundred at once, and take none of them.
#[derive(Debug)]
pub(super) enum Found {
    Short(Bytes),
    Long(LongFile),
}

/// A file that is read when somebody needs what it holds. Its hash is that of the version, not of the content.
#[derive(Debug, Clone)]
pub(super) struct LongFile {
    path: PathBuf,
    version: Version,
    sending: Arc<Sending>,
}

impl OwnFiles {
    /// The folder need not be there.
    pub(super) fn new(folder: &Path) -> OwnFiles {
        OwnFiles { folder: folder.to_owned(), sending: Arc::default() }
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
    pub(super) fn share(&self, path: &str) -> Option<Found> {
        let (path, meta) = self.find(path)?;
        if meta.len() <= SHORT {
            return read(&path).map(|content| Found::Short(content.into()));
        }
        let (version, sending) = (Version::of(&meta), Arc::clone(&self.sending));
        Some(Found::Long(LongFile { path, version, sending }))
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

impl LongFile {
    /// In bytes.
    pub(super) fn length(&self) -> usize {
        usize::try_from(self.version.length).unwrap_or(usize::MAX)
    }

    /// What it holds; nothing if too much is being sent, or if it is another one by now.
    pub(super) fn load(&self) -> Option<Bytes> {
        let is_same = || fs::metadata(&self.path).is_ok_and(|meta| Version::of(&meta) == self.version);
        self.sending.load(&self.path, self.version, || {
            read(&self.path).filter(|content| content.len() == self.length() && is_same())
        })
    }
}

impl Hash for LongFile {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.version.hash(state);
    }
}

fn read(path: &Path) -> Option<Vec<u8>> {
    fs::read(path).inspect_err(|error| warn!(file = %path.display(), %error, "cannot be served")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(files: &OwnFiles, path: &str) -> Option<Bytes> {
        match files.share(path)? {
            Found::Short(content) => Some(content),
            Found::Long(file) => Some(file.load().expect("it can be read")),
        }
    }

    #[test]
    fn a_long_file_is_in_memory_once_while_it_is_sent() {
        let dir = tempfile::tempdir().expect("a folder");
        let files = OwnFiles::new(dir.path());
        let long = SHORT as usize + 1;
        fs::write(dir.path().join("song.ogg"), vec![1; long]).expect("a file");
        let first = shared(&files, "song.ogg").expect("a file");
        let second = shared(&files, "song.ogg").expect("a file");
        assert_eq!((first.as_ptr(), first.len()), (second.as_ptr(), long));
        drop((first, second));
        let Some(Found::Long(song)) = files.share("song.ogg") else { panic!("it is long") };
        fs::write(dir.path().join("song.ogg"), vec![2; long + 1]).expect("a file");
        assert_eq!(song.load(), None, "not another version under the name of this one");
        fs::write(dir.path().join("dot.png"), "dot").expect("a file");
        assert_eq!(shared(&files, "dot.png").expect("a file"), "dot");
        assert!(shared(&files, "nothing").is_none() && shared(&files, "../secret").is_none());
    }
}
