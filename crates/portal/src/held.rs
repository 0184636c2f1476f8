//! Sessions that outlive their Portal: those whose clients have tickets, in a file of the data folder. The supervisor
//! has the Portal that ends write it, and the Portal that starts reads it before it starts a Server.
//!
//! The file is a line that names it, what was known of the Server, one record a session (`listen::websocket`), and a
//! checksum. It holds what opens sessions, so that only its owner may read it, and it is removed as soon as the new
//! Portal has gone on with it. What is wrong with it is told in the log, and costs the sessions in it, but no start.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::{BufMut, BytesMut};
use flate2::Crc;
use meadow_link::{
    RestartMode, Time,
    amp::{
        CodecError,
        native::{Decoder, Encoder},
    },
};
use tracing::{error, info, warn};

use crate::{durable, sessionhandler::PortalSessionHandler};

/// Name of the file in the data folder.
const HELD_SESSIONS_FILE: &str = "held-sessions";

/// The first line. The number is that of the format; a file of another one is not read.
const HEADER: &[u8] = b"meadow held sessions 1\n";

/// Bytes of all sessions together; what is more is not held. They are kilobytes each, for a client says every few
/// seconds what it has.
const SIZE: usize = 256 * 1024 * 1024;

/// How old a file may be, if sessions are not held for longer than that.
const AGE: Duration = Duration::from_secs(120);

/// How long sessions may take to write themselves down.
const CALL_IN_TIME: Duration = Duration::from_secs(5);

/// Where a Portal that ends leaves its sessions.
pub(crate) struct Keeper {
    path: PathBuf,
    handler: Arc<PortalSessionHandler>,
}

/// What another Portal has left.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// How its Server ended.
    pub(crate) mode: RestartMode,
    /// One record a session.
    pub(crate) records: Vec<Vec<u8>>,
}

/// Why there is nothing to go on with. Displays as what the log says of the file.
#[derive(Debug, thiserror::Error)]
enum Useless {
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    #[error("others than its owner may read or write it (its mode is {0:o} and not 600)")]
    Open(u32),
    #[error("it is of {0} bytes, and may have {SIZE}")]
    Long(u64),
    #[error("it is not of the format of this program")]
    Format,
    #[error("its checksum is wrong")]
    Checksum,
    #[error("it is {} seconds old", .0.as_secs())]
    Old(Duration),
    #[error("it is damaged: {0}")]
    Damaged(#[from] CodecError),
}

impl Keeper {
    pub(crate) fn new(data_dir: &Path, handler: &Arc<PortalSessionHandler>) -> Keeper {
        Keeper { path: data_dir.join(HELD_SESSIONS_FILE), handler: Arc::clone(handler) }
    }

    /// Has the sessions whose clients have tickets write themselves down and end, and keeps that. There is no Server
    /// any more, which has ended in order (`Reload`) or not (`Crash`).
    pub(crate) async fn keep(&self, mode: RestartMode) {
        let records = self.handler.seats().call_in(CALL_IN_TIME).await;
        let (file, held) = compose(mode, self.handler.clock().now(), &records, SIZE);
        if held < records.len() {
            let left_out = records.len() - held;
            error!(held, left_out, "there is too much to be held over the restart; the others end");
        }
        let path = self.path.display();
        match durable::write(&self.path, &file) {
            Ok(()) => info!(sessions = held, %path, "sessions are held over the restart"),
            Err(error) => error!(%error, %path, "sessions cannot be held over the restart; they end"),
        }
    }

    /// What another Portal has left, if it is of use. One that is of none is removed.
    pub(crate) fn find(&self) -> Option<Held> {
        let limit = self.handler.limits().resume_time.max(AGE);
        match read(&self.path, self.handler.clock().now(), limit) {
            Ok(held) => held,
            Err(why) => {
                warn!(%why, path = %self.path.display(), "held sessions are given up, because of their file");
                self.forget();
                None
            }
        }
    }

    /// What was left is not needed any more.
    pub(crate) fn forget(&self) {
        if let Err(error) = durable::remove(&self.path) {
            warn!(%error, path = %self.path.display(), "the file of held sessions cannot be removed");
        }
    }
}

/// The file of as many of these as fit into so many bytes, and how many those are.
fn compose(mode: RestartMode, now: Time, records: &[BytesMut], size: usize) -> (BytesMut, usize) {
    let mut left = size;
    let fit = |record: &&BytesMut| {
        left = left.saturating_sub(record.len());
        left > 0
    };
    let held = records.iter().take_while(fit).count();
    let mut file = BytesMut::from(HEADER);
    let mut to = Encoder::new(&mut file);
    to.flag(mode == RestartMode::Crash);
    to.time(now);
    to.count(held);
    records.iter().take(held).for_each(|record| to.bytes(record));
    let sum = checksum(&file);
    file.put_u32_le(sum);
    (file, held)
}

fn read(path: &Path, now: Time, limit: Duration) -> Result<Option<Held>, Useless> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let metadata = file.metadata()?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(Useless::Open(mode));
    }
    // Besides the records there are their lengths.
    if metadata.len() > 2 * SIZE as u64 {
        return Err(Useless::Long(metadata.len()));
    }
    let mut content = Vec::new();
    file.read_to_end(&mut content)?;
    parse(&content, now, limit).map(Some)
}

fn parse(file: &[u8], now: Time, limit: Duration) -> Result<Held, Useless> {
    let (content, sum) = file.split_last_chunk().ok_or(Useless::Format)?;
    let body = content.strip_prefix(HEADER).ok_or(Useless::Format)?;
    if checksum(content) != u32::from_le_bytes(*sum) {
        return Err(Useless::Checksum);
    }
    let mut from = Decoder::new(body);
    let mode = if from.flag()? { RestartMode::Crash } else { RestartMode::Reload };
    let age = now.since(from.time()?);
    if age > limit {
        return Err(Useless::Old(age));
    }
    let records = from.several(|from| from.bytes().map(<[u8]>::to_vec))?;
    Ok(Held { mode, records })
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(bytes);
    sum.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_micros(1_000_000_000);
    const LIMIT: Duration = Duration::from_secs(120);

    fn records() -> Vec<BytesMut> {
        [&b"one"[..], b"", b"three"].map(BytesMut::from).into()
    }

    #[test]
    fn what_is_written_is_read() {
        for mode in [RestartMode::Reload, RestartMode::Crash] {
            let (file, held) = compose(mode, NOW, &records(), SIZE);
            assert_eq!(held, 3);
            let read = parse(&file, NOW + LIMIT, LIMIT).expect("at the limit");
            assert_eq!(read, Held { mode, records: records().iter().map(|one| one.to_vec()).collect() });
        }
        let (file, _) = compose(RestartMode::Reload, NOW, &[], SIZE);
        assert_eq!(parse(&file, NOW, LIMIT).expect("it may be empty").records.len(), 0);
        assert!(parse(&file, Time::default(), LIMIT).is_ok(), "the clock was set back");
    }

    #[test]
    fn any_cut_and_any_changed_byte_is_noticed() {
        let (file, _) = compose(RestartMode::Reload, NOW, &records(), SIZE);
        for at in 0..file.len() {
            assert!(parse(&file[..at], NOW, LIMIT).is_err(), "cut at {at}");
            let mut changed = file.to_vec();
            changed[at] ^= 0x10;
            assert!(parse(&changed, NOW, LIMIT).is_err(), "changed at {at}");
        }
        let late = parse(&file, NOW + LIMIT + Duration::from_secs(1), LIMIT).expect_err("too old");
        assert_eq!(late.to_string(), "it is 121 seconds old");
    }

    #[test]
    fn as_much_is_held_as_the_limit_says() {
        for (size, held) in [(9, 3), (8, 2), (4, 2), (3, 0)] {
            assert_eq!(compose(RestartMode::Reload, NOW, &records(), size).1, held, "{size}");
        }
    }

    #[test]
    fn a_file_that_others_may_read_is_of_no_use() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join(HELD_SESSIONS_FILE);
        assert!(read(&path, NOW, LIMIT).expect("there is none").is_none());
        let (file, _) = compose(RestartMode::Reload, NOW, &records(), SIZE);
        durable::write(&path, &file).expect("written");
        assert!(read(&path, NOW, LIMIT).expect("it is ours alone").is_some());
        for mode in [0o640, 0o604, 0o620] {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("it is ours");
            assert!(matches!(read(&path, NOW, LIMIT), Err(Useless::Open(found)) if found == mode));
        }
    }

    #[test]
    fn a_file_that_is_too_long_is_not_read() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join(HELD_SESSIONS_FILE);
        durable::write(&path, b"").expect("written");
        // It has holes, and takes no room.
        let file = File::options().write(true).open(&path).expect("it is ours");
        file.set_len(2 * SIZE as u64 + 1).expect("it can be long");
        assert!(matches!(read(&path, NOW, LIMIT), Err(Useless::Long(_))));
    }
}
