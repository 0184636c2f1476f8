//! The keys by which clients of SSH know this Portal again: made at the first start and kept, so that players are asked
//! only once whether they trust it.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use russh::keys::{
    Algorithm, HashAlg, PrivateKey,
    ssh_key::{
        self, LineEnding,
        private::{KeypairData, RsaKeypair},
    },
};
use tracing::info;

/// Size of the RSA key, in bits; as long as `ssh-keygen` makes them.
const RSA_BITS: usize = 3072;
/// Most bytes of a key file that are read; real ones have a few thousand.
const FILE_LIMIT: u64 = 64 * 1024;

/// Why there are no host keys. Each is one sentence that names the file and the way out.
#[derive(Debug, thiserror::Error)]
pub enum HostKeyError {
    /// A key cannot be read.
    #[error(
        "the SSH host key {path} cannot be read: {reason}; make it readable, or switch SSH off (`ssh.enabled`)"
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// A file is there that holds no key.
    #[error(
        "{path} holds no SSH host key: {wrong}; restore it from a backup, or remove it, and clients will warn of a new key"
    )]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        wrong: String,
    },
    /// A key cannot be kept.
    #[error("the SSH host key {path} cannot be written: {reason}; make that folder writable")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// A key cannot be made.
    #[error("an SSH host key cannot be made: {0}; switch SSH off (`ssh.enabled`)")]
    Make(String),
}

/// The kinds of key, best first: every client of this century knows one of them.
const KINDS: [(&str, Kind); 2] = [("host_ed25519", Kind::Ed25519), ("host_rsa", Kind::Rsa)];

#[derive(Debug, Clone, Copy)]
enum Kind {
    Ed25519,
    Rsa,
}

/// The keys in `folder`. Those that are not there are made.
///
/// # Errors
/// One can neither be had nor made.
pub(crate) fn open(folder: &Path) -> Result<Vec<PrivateKey>, HostKeyError> {
    KINDS.iter().map(|(name, kind)| load_or_make(&folder.join(name), *kind)).collect()
}

/// What a player compares with what a client shows: `SHA256:... (ssh-ed25519)`.
pub(crate) fn fingerprints(keys: &[PrivateKey]) -> Vec<String> {
    keys.iter().map(|key| format!("{} ({})", key.fingerprint(HashAlg::Sha256), key.algorithm())).collect()
}

fn load_or_make(path: &Path, kind: Kind) -> Result<PrivateKey, HostKeyError> {
    match read(path) {
        Ok(text) => parse(&text)
            .map_err(|wrong| HostKeyError::Content { path: path.to_owned(), wrong: wrong.to_string() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = make(kind).map_err(|error| HostKeyError::Make(error.to_string()))?;
            let write_error = |reason| HostKeyError::Write { path: path.to_owned(), reason };
            write(path, &key).map_err(write_error)?;
            info!(path = %path.display(), fingerprint = %key.fingerprint(HashAlg::Sha256), "made an SSH host key");
            Ok(key)
        }
        Err(reason) => Err(HostKeyError::Read { path: path.to_owned(), reason }),
    }
}

fn read(path: &Path) -> io::Result<String> {
    let size = fs::metadata(path)?.len();
    if size > FILE_LIMIT {
        return Err(io::Error::other(format!("it has {size} bytes")));
    }
    fs::read_to_string(path)
}

fn parse(text: &str) -> Result<PrivateKey, ssh_key::Error> {
    let key = PrivateKey::from_openssh(text)?;
    // With a passphrase it would be of no use at a restart.
    if key.is_encrypted() { Err(ssh_key::Error::Encrypted) } else { Ok(key) }
}

fn make(kind: Kind) -> Result<PrivateKey, ssh_key::Error> {
    let mut rng = rand::rng();
    match kind {
        Kind::Ed25519 => PrivateKey::random(&mut rng, Algorithm::Ed25519),
        Kind::Rsa => PrivateKey::new(KeypairData::from(RsaKeypair::random(&mut rng, RSA_BITS)?), ""),
    }
}

/// Writes a key that is there either whole or not at all, and that only this user may read.
fn write(path: &Path, key: &PrivateKey) -> io::Result<()> {
    let text = key.to_openssh(LineEnding::LF).map_err(io::Error::other)?;
    if let Some(folder) = path.parent() {
        crate::link::private_folder(folder)?;
    }
    let unfinished = path.with_extension("new");
    let _ = fs::remove_file(&unfinished);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn keys_are_made_once_and_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let ssh = folder.path().join("data/ssh");
        let made = fingerprints(&open(&ssh).expect("made"));
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&ssh.join("host_ed25519")), mode(&ssh.join("host_rsa"))), (0o600, 0o600));
        assert_eq!(mode(&ssh), 0o700);
        assert!(made[0].starts_with("SHA256:") && made[0].ends_with(" (ssh-ed25519)"), "{made:?}");
        assert!(made[1].ends_with(" (ssh-rsa)"), "{made:?}");
        assert_eq!(fingerprints(&open(&ssh).expect("kept")), made);
    }

    #[test]
    fn a_key_that_is_damaged_is_told_and_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("host_ed25519");
        for content in ["", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"]
        {
            fs::write(&path, content).expect("written");
            let error = open(folder.path()).expect_err("damaged").to_string();
            assert!(error.contains("host_ed25519 holds no SSH host key"), "{error}");
            assert_eq!(fs::read_to_string(&path).expect("read"), content);
        }
        let limit = usize::try_from(FILE_LIMIT).expect("small");
        for (length, part) in [(limit, "holds no SSH host key"), (limit + 1, "it has 65537 bytes")] {
            fs::write(&path, "x".repeat(length)).expect("written");
            let error = open(folder.path()).expect_err("no key").to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
