//! Takes a renewed certificate over without a restart. Looking every few seconds needs nothing from whoever
//! renews it, and works where files are links, mounts or secrets of a container.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::Path,
    time::{Duration, SystemTime},
};

use tracing::{info, warn};

use super::{
    certificates::{Certificates, Files},
    provider,
};

/// How often the files are looked at.
const INTERVAL: Duration = Duration::from_secs(2);

/// What tells one state of a file from another: device, file, length, time of its last change.
type Stamp = (u64, u64, u64, SystemTime);

/// Looks at the files for ever, and changes the certificates with them.
pub(super) async fn watch(files: Files, certificates: &Certificates) {
    let mut watcher = Watcher::new(&files);
    loop {
        tokio::time::sleep(INTERVAL).await;
        if watcher.look(&files) {
            take_over(&files, certificates);
        }
    }
}

fn take_over(files: &Files, certificates: &Certificates) {
    match files.load(&provider()) {
        Ok(next) => {
            certificates.swap(next);
            info!(certificate = %files.certificate.display(), "the certificate has been renewed");
        }
        Err(error) => warn!("the new certificate is of no use, the old one stays: {error}"),
    }
}

/// What the files were like.
#[derive(Debug)]
struct Watcher {
    /// When they were loaded, or an attempt was made.
    loaded: [Option<Stamp>; 2],
    /// At the last look.
    seen: [Option<Stamp>; 2],
}

impl Watcher {
    fn new(files: &Files) -> Watcher {
        let stamps = stamps(files);
        Watcher { loaded: stamps, seen: stamps }
    }

    /// Whether the files are to be loaded: they have changed, and have been quiet for one look, so that
    /// nobody is in the middle of writing the one or the other.
    fn look(&mut self, files: &Files) -> bool {
        let now = stamps(files);
        let quiet = now == self.seen;
        self.seen = now;
        if !quiet || now == self.loaded || now.contains(&None) {
            return false;
        }
        self.loaded = now;
        true
    }
}

fn stamps(files: &Files) -> [Option<Stamp>; 2] {
    let stamp = |path: &Path| {
        let file = fs::metadata(path).ok()?;
        Some((file.dev(), file.ino(), file.len(), file.modified().ok()?))
    };
    [stamp(&files.certificate), stamp(&files.key)]
}

#[cfg(test)]
mod tests {
    use super::{super::certificates::Origin, *};

    #[test]
    fn files_are_loaded_once_when_both_have_come_to_rest() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name| folder.path().join(name);
        let files = Files { certificate: path("crt"), key: path("key"), origin: Origin::Settings };
        fs::write(&files.certificate, "1").expect("written");
        fs::write(&files.key, "1").expect("written");
        let mut watcher = Watcher::new(&files);
        assert!(!watcher.look(&files), "nothing has changed");

        fs::write(&files.certificate, "22").expect("written");
        assert!(!watcher.look(&files), "the key may follow");
        fs::remove_file(&files.key).expect("removed");
        assert!(!watcher.look(&files));
        assert!(!watcher.look(&files), "half of it is away");
        // Replaced by a file of the same length, as links are.
        fs::write(path("new"), "2").expect("written");
        fs::rename(path("new"), &files.key).expect("moved");
        assert!(!watcher.look(&files), "it has just come");
        assert!(watcher.look(&files));
        assert!(!watcher.look(&files), "once is enough");
    }
}
