//! MSDP both ways: what a client sends is read within limits; what is sent of it again is one variable.

use meadow_link::oob::MSDP;
use meadow_protocol::oob::msdp::{configure, decode, encode, from_json};

/// The target.
pub fn run(data: &[u8]) {
    let Ok(tuples) = decode(data) else { return };
    let mut flags = meadow_link::Flags::default();
    for tuple in tuples {
        assert!(!tuple.name.is_empty());
        configure(&mut flags, &tuple);
        assert!(!flags.clientname.chars().any(char::is_control), "{:?}", flags.clientname);
        let Ok(sent) = encode(&tuple) else { continue };
        if tuple.name == MSDP {
            continue; // Its keywords are the variables.
        }
        assert!(!sent.contains(&0), "NUL in {sent:02x?}");
        // It may have grown beyond the limits of a client's: in length by U+FFFD, in depth by the list around it.
        let Ok(heard) = decode(&sent) else { continue };
        let [heard] = &heard[..] else { panic!("{tuple:?} became {heard:?}") };
        encode(heard).expect("it could be sent before");
        from_json(tuple.kwargs);
    }
}
