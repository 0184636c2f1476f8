//! What a client sends compressed: cut anywhere, and read into space of any size, it is the same, and never
//! more than it may become. The first byte chooses the cut, the second the space.

use flate2::{Decompress, FlushDecompress, Status};
use meadow_protocol::compress::{INFLATED_FREE, INFLATED_RATIO, InflateError, Inflater};

use crate::pieces::pieces;

/// Space that holds all that an input of a fuzzer's size may become.
const ROOM: usize = 1 << 20;

/// The target.
pub fn run(data: &[u8]) {
    let [seed, space, stream @ ..] = data else { return };
    let whole = inflate([stream].into_iter(), 4096);
    let cut = inflate(pieces(*seed, stream), usize::from(*space) + 1);
    if whole.1 == Err(InflateError::Bomb) || cut.1 == Err(InflateError::Bomb) {
        // Whether a stream becomes too much is seen after each piece, and what follows may make up for it.
        assert!(whole.0.starts_with(&cut.0) || cut.0.starts_with(&whole.0));
    } else {
        assert_eq!(cut, whole);
    }
    let most = INFLATED_FREE + INFLATED_RATIO * stream.len() as u64;
    assert!(whole.0.len() as u64 <= most && cut.0.len() as u64 <= most);

    let (mut zlib, mut plain) = (Decompress::new(true), Vec::with_capacity(ROOM));
    let status = zlib.decompress_vec(stream, &mut plain, FlushDecompress::Sync);
    if matches!(status, Ok(Status::StreamEnd)) && plain.len() as u64 <= INFLATED_FREE {
        let after = &stream[zlib.total_in() as usize..];
        assert_eq!(whole, (plain, Ok(true), after.to_vec()));
    }
}

/// What came of it, how it ended, and what was left.
type Outcome = (Vec<u8>, Result<bool, InflateError>, Vec<u8>);

fn inflate<'a>(pieces: impl Iterator<Item = &'a [u8]>, space: usize) -> Outcome {
    let (mut inflater, mut plain, mut space) = (Inflater::new(), Vec::new(), vec![0; space]);
    let (mut ended, mut after) = (false, Vec::new());
    for mut piece in pieces {
        while !ended && (!piece.is_empty() || inflater.has_more()) {
            match inflater.read(&mut piece, &mut space) {
                Ok(inflated) => {
                    plain.extend_from_slice(&space[..inflated.length]);
                    ended = inflated.ended;
                }
                Err(error) => return (plain, Err(error), after),
            }
        }
        after.extend_from_slice(piece);
    }
    (plain, Ok(ended), after)
}
