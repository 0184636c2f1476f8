//! The AMP link: boxes and messages, cut anywhere, are the same; a box that was read can be written.
//!
//! The first byte chooses what reads, the second how the rest is cut.

use std::fmt::Debug;

use bytes::BytesMut;
use meadow_link::{
    ToPortal, ToServer,
    amp::{BoxReader, Codec, Hello, LauncherClient, LinkMessage, LinkReader, Role},
};

use crate::pieces::pieces;

/// The target.
pub fn run(data: &[u8]) {
    let [choice, seed, stream @ ..] = data else { return };
    let tell = |pieces: &mut dyn Iterator<Item = &[u8]>| match choice % 8 {
        0 => boxes(pieces),
        1 => messages::<ToServer>(pieces, None),
        2 => messages::<ToPortal>(pieces, None),
        3 => messages::<ToServer>(pieces, Some(Codec::Native)),
        4 => messages::<ToPortal>(pieces, Some(Codec::Native)),
        5 => messages::<ToServer>(pieces, Some(Codec::Pickle)),
        6 => messages::<ToPortal>(pieces, Some(Codec::Pickle)),
        _ => launcher(pieces),
    };
    let whole = tell(&mut [stream].into_iter());
    assert_eq!(tell(&mut pieces(*seed, stream)), whole);
}

fn boxes(pieces: &mut dyn Iterator<Item = &[u8]>) -> Vec<String> {
    let (mut reader, mut seen) = (BoxReader::new(), Vec::new());
    for piece in pieces {
        reader.feed(piece);
        let ended = take_all(&mut seen, || {
            let read = reader.next()?;
            if let Some(read) = &read {
                can_be_written(read);
            }
            Ok::<_, meadow_link::amp::FrameError>(read)
        });
        if ended {
            break;
        }
    }
    seen
}

fn can_be_written(read: &meadow_link::amp::AmpBox) {
    let mut written = BytesMut::new();
    read.write(&mut written).expect("it has been read");
    let mut again = BoxReader::new();
    again.feed(&written);
    let again = again.next().expect("it is our own").expect("it is whole");
    for (key, _) in read.pairs() {
        let value = |amp_box: &meadow_link::amp::AmpBox| {
            amp_box.pairs().iter().rev().find(|(known, _)| known == key).map(|(_, value)| value.clone())
        };
        assert_eq!(value(&again), value(read));
    }
}

fn messages<M: LinkMessage + Debug>(
    pieces: &mut dyn Iterator<Item = &[u8]>,
    codec: Option<Codec>,
) -> Vec<String> {
    let (mut reader, mut seen) = (LinkReader::<M>::new(), Vec::new());
    if let Some(codec) = codec {
        reader.settle(codec);
    }
    for piece in pieces {
        reader.feed(piece);
        if take_all(&mut seen, || reader.next()) {
            break;
        }
    }
    seen
}

fn launcher(pieces: &mut dyn Iterator<Item = &[u8]>) -> Vec<String> {
    let mut client = LauncherClient::new(Hello::new(Role::Launcher, None, "fuzz"));
    let mut seen = Vec::new();
    for piece in pieces {
        client.feed(piece);
        if take_all(&mut seen, || client.next()) {
            break;
        }
    }
    seen
}

/// Takes what there is; whether it ended with an error, which is of the things that were seen.
fn take_all<T: Debug, E: Debug>(
    seen: &mut Vec<String>,
    mut next: impl FnMut() -> Result<Option<T>, E>,
) -> bool {
    loop {
        match next() {
            Ok(Some(read)) => seen.push(format!("{read:?}")),
            Ok(None) => return false,
            Err(error) => {
                seen.push(format!("{error:?}"));
                return true;
            }
        }
    }
}
