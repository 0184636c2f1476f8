//! The game's folder: where everything lies that belongs to one game.
//!
//! `meadow.toml`, `data/` (the database), `logs/`, and `run/` (socket, pid file and lock, which mean
//! something only while the game runs).

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use rustix::fs::Access;

use meadow_portal::OwnService;

use crate::config::default_file;

/// Longest path of a unix socket that every system takes, in bytes (`sun_path` is 104 bytes on macOS and
/// the BSDs, 108 on Linux, with the closing NUL).
const MAX_SOCKET_PATH: usize = 103;

/// Longest name of a folder that is made from a game's name, in bytes.
const MAX_SLUG: usize = 64;

/// What is wrong with a folder.
#[derive(Debug, thiserror::Error)]
pub(super) enum FolderError {
    #[error("cannot make {}: {reason}; choose a folder that you can write with --dir", path.display())]
    Make { path: PathBuf, reason: io::Error },
    #[error("cannot write in {}: {reason}; make it writable or choose another folder with --dir", path.display())]
    Write { path: PathBuf, reason: io::Error },
    #[error(
        "the path {} is {} bytes long, and a socket's may have {MAX_SOCKET_PATH}; choose a shorter --dir",
        path.display(), path.as_os_str().len()
    )]
    LongPath { path: PathBuf },
    #[error("the game is just being started or stopped{}; try again in a moment", pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default())]
    Busy { pid: Option<i32> },
}

/// The folder of one game.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder that was asked for, or `./name-of-the-game`. Nothing is made yet.
    pub(super) fn new(dir: Option<&Path>, game_name: &str) -> io::Result<Folder> {
        let root = match dir {
            Some(dir) => std::path::absolute(dir)?,
            None => std::path::absolute(slug(game_name))?,
        };
        Ok(Folder { root })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn settings(&self) -> PathBuf {
        self.root.join("meadow.toml")
    }

    pub(super) fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    pub(super) fn run(&self) -> PathBuf {
        self.root.join("run")
    }

    pub(super) fn link_socket(&self) -> PathBuf {
        self.run().join("link.sock")
    }

    pub(super) fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// A file in `logs/`.
    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.logs().join(name)
    }

    /// Makes what is missing, `meadow.toml` included, and checks that the game can write there.
    pub(super) fn prepare(&self, game_name: &str, services: &[OwnService]) -> Result<(), FolderError> {
        let socket = self.link_socket();
        if socket.as_os_str().len() > MAX_SOCKET_PATH {
            return Err(FolderError::LongPath { path: socket });
        }
        make(&self.root, 0o755)?;
        // The database holds password hashes, and whoever opens the socket commands the game.
        make(&self.data(), 0o700)?;
        make(&self.run(), 0o700)?;
        // Logs hold addresses, names, and the lines of commands that failed.
        make(&self.root.join("logs"), 0o700)?;
        self.write_settings(game_name, services)
    }

    fn write_settings(&self, game_name: &str, services: &[OwnService]) -> Result<(), FolderError> {
        let path = self.settings();
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => file
                .write_all(default_file(game_name, services).as_bytes())
                .map_err(|reason| FolderError::Write { path, reason }),
            Err(there) if there.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(reason) => Err(FolderError::Make { path, reason }),
        }
    }

    /// Whether a Portal holds this folder, whatever its socket and pid file look like.
    pub(super) fn is_locked(&self) -> bool {
        let Ok(lock) = File::open(self.lock_file()) else { return false };
        matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// Keeps a game from being started in this folder for as long as the file lives.
    pub(super) fn lock(&self) -> Result<File, FolderError> {
        let path = self.lock_file();
        let opened = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let lock = opened.map_err(|reason| FolderError::Write { path: path.clone(), reason })?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(FolderError::Busy { pid: self.portal_pid() }),
            Err(TryLockError::Error(reason)) => Err(FolderError::Write { path, reason }),
        }
    }

    /// The process that the pid file names; only to be believed while the folder [is locked](Self::is_locked).
    pub(super) fn portal_pid(&self) -> Option<i32> {
        fs::read_to_string(self.run().join("portal.pid")).ok()?.trim().parse().ok()
    }

    fn lock_file(&self) -> PathBuf {
        self.run().join("portal.lock")
    }
}

/// A folder's name made from a game's: `A Meadow` becomes `a-meadow`.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if slug.len() + letter.len_utf8() > MAX_SLUG {
            break;
        }
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') && !"'’".contains(letter) {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "game".to_owned() } else { slug.to_owned() }
}

fn make(path: &Path, mode: u32) -> Result<(), FolderError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(path)
        .map_err(|reason| FolderError::Make { path: path.to_owned(), reason })?;
    rustix::fs::access(path, Access::WRITE_OK | Access::EXEC_OK)
        .map_err(|errno| FolderError::Write { path: path.to_owned(), reason: errno.into() })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn slugs() {
        for (name, want) in [
            ("A Meadow", "a-meadow"),
            ("  The   Last -- Inn! ", "the-last-inn"),
            ("Harry's Game", "harrys-game"),
            ("Überwald", "überwald"),
            ("../../etc", "etc"),
            ("!?", "game"),
            ("", "game"),
        ] {
            assert_eq!(slug(name), want, "{name}");
        }
        assert_eq!(slug(&"x".repeat(MAX_SLUG)).len(), MAX_SLUG);
        assert_eq!(slug(&"x".repeat(MAX_SLUG + 1)).len(), MAX_SLUG);
    }

    #[test]
    fn a_new_folder_gets_everything_and_an_old_one_keeps_its_settings() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(Some(&dir.path().join("game")), "A Meadow").unwrap();
        folder.prepare("A Meadow", &[]).unwrap();
        for private in [folder.run(), folder.data()] {
            assert_eq!(fs::metadata(private).unwrap().permissions().mode() & 0o777, 0o700);
        }
        assert_eq!(fs::read_to_string(folder.settings()).unwrap(), default_file("A Meadow", &[]));
        fs::write(folder.settings(), "# mine\n").unwrap();
        folder.prepare("A Meadow", &[]).unwrap();
        assert_eq!(fs::read_to_string(folder.settings()).unwrap(), "# mine\n");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named_with_the_way_out() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        let message =
            Folder::new(Some(&file.join("game")), "x").unwrap().prepare("x", &[]).unwrap_err().to_string();
        assert!(message.contains("file/game") && message.contains("--dir"), "{message}");
    }

    #[test]
    fn a_path_at_the_limit_of_sockets_and_one_past() {
        let dir = tempfile::tempdir().unwrap();
        let room = MAX_SOCKET_PATH - dir.path().as_os_str().len() - "//run/link.sock".len();
        let folder = |length| Folder::new(Some(&dir.path().join("x".repeat(length))), "x").unwrap();
        folder(room).prepare("x", &[]).unwrap();
        let message = folder(room + 1).prepare("x", &[]).unwrap_err().to_string();
        assert!(message.contains("shorter --dir"), "{message}");
    }

    #[test]
    fn only_a_held_lock_counts() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(Some(dir.path()), "x").unwrap();
        assert!(!folder.is_locked());
        folder.prepare("x", &[]).unwrap();
        fs::write(folder.run().join("portal.pid"), "77\n").unwrap();
        assert!(!folder.is_locked(), "a pid file alone is stale");
        let held = folder.lock().unwrap();
        assert!(folder.is_locked());
        assert!(matches!(folder.lock(), Err(FolderError::Busy { pid: Some(77) })));
        drop(held);
        assert!(!folder.is_locked());
    }
}
