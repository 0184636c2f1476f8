//! Session ids that are never given out twice, over restarts and crashes. `PortalSessionHandler` takes
//! one for each connection.
//!
//! A small file holds the first id that is not reserved. Ids are reserved in blocks, and a block is on
//! the disk before its first id is used; a crash wastes the rest of a block.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use meadow_link::SessionId;

use crate::{PortalError, durable};

/// Name of the file in the data folder.
pub(crate) const SESSION_IDS_FILE: &str = "session-ids";

/// How many ids are reserved with one write to the disk.
pub(crate) const ID_BLOCK: u64 = 1000;

/// Gives out session ids.
#[derive(Debug)]
pub(crate) struct SessionIds {
    path: PathBuf,
    next: u64,
    reserved: u64,
}

impl SessionIds {
    /// Reads what earlier Portals reserved.
    pub(crate) fn open(data_dir: &Path) -> Result<SessionIds, PortalError> {
        let path = data_dir.join(SESSION_IDS_FILE);
        let next = match fs::read_to_string(&path) {
            Ok(text) => match text.strip_suffix('\n').and_then(|digits| digits.parse().ok()) {
                Some(next @ 1..) => next,
                _ => return Err(PortalError::SessionIds { path, found: text.chars().take(40).collect() }),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => 1,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(PortalError::SessionIds { path, found: "not text".to_owned() });
            }
            Err(reason) => return Err(PortalError::File { path, reason }),
        };
        Ok(SessionIds { path, next, reserved: next })
    }

    /// An id that no session ever had.
    pub(crate) fn next(&mut self) -> io::Result<SessionId> {
        if self.next == self.reserved {
            let end = self.reserved.saturating_add(ID_BLOCK);
            durable::write(&self.path, format!("{end}\n").as_bytes())?;
            self.reserved = end;
        }
        let id = self.next;
        self.next += 1;
        Ok(SessionId(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(dir: &Path) -> SessionIds {
        SessionIds::open(dir).expect("ids")
    }

    #[test]
    fn an_id_is_never_given_twice() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut ids = open(dir.path());
        assert_eq!(ids.next().expect("an id"), SessionId(1), "0 means no session");
        let mut last = 0;
        for _ in 0..=ID_BLOCK {
            last = ids.next().expect("an id").0;
        }
        assert_eq!(last, ID_BLOCK + 2, "without gaps over the border of a block");
        // No orderly end: the next Portal must not trust anything but the disk.
        let mut after = open(dir.path());
        assert_eq!(after.next().expect("an id"), SessionId(2 * ID_BLOCK + 1));
    }

    #[test]
    fn opening_alone_reserves_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        open(dir.path());
        open(dir.path());
        assert_eq!(open(dir.path()).next().expect("an id"), SessionId(1));
    }

    #[test]
    fn a_damaged_file_is_an_error_that_names_it() {
        let dir = tempfile::tempdir().expect("a folder");
        for damage in ["", "\n", "0\n", "1001", "12x\n", "-4\n", "99999999999999999999\n"] {
            fs::write(dir.path().join(SESSION_IDS_FILE), damage).expect("written");
            let error = SessionIds::open(dir.path()).expect_err(damage);
            assert!(error.to_string().contains(SESSION_IDS_FILE), "{error}");
        }
        fs::write(dir.path().join(SESSION_IDS_FILE), [0xff, 0xfe]).expect("written");
        assert!(matches!(SessionIds::open(dir.path()), Err(PortalError::SessionIds { .. })));
    }
}
