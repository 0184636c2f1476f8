//! The pickle codec of the link: a value that can be read can be written, and what was written is read, and
//! written the same again.

use meadow_link::amp::pickle::{decode, encode};

/// The target.
pub fn run(data: &[u8]) {
    let Ok(value) = decode(data) else { return };
    let Ok(written) = encode(&value) else { return };
    // Not compared with `value`: an object of Python's becomes text.
    let again = decode(&written).expect("it is our own");
    assert!(encode(&again).is_ok_and(|again| again == written), "{value:?}");
    value.into_json();
}
