//! A Server that is none of the game's.

use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::Path,
};

use meadow_link::{
    Kwargs, ToPortal,
    amp::{Codec, Hello, LinkWriter, Role},
};

use super::PATIENCE;

/// A Server that nobody has started asks for the sessions, and waits until it is turned away.
pub(crate) fn introduce_stranger(socket: &Path) {
    let mut stream = UnixStream::connect(socket).unwrap();
    let mut writer = LinkWriter::<ToPortal>::new(Codec::Native);
    writer.write_box(&Hello::new(Role::Server, None, "test").to_box()).unwrap();
    writer.write(&ToPortal::Sync { pid: u32::MAX, info: Kwargs::new() }).unwrap();
    while let Some(bytes) = writer.take() {
        stream.write_all(&bytes).unwrap();
    }
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut seen = Vec::new();
    // A reset is an end as well.
    let _ = stream.read_to_end(&mut seen);
    assert!(!seen.windows(4).any(|window| window == b"Anna"), "it was given the sessions");
}
