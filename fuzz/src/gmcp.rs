//! GMCP both ways: what a client sends is read within limits, and what is sent is one line that a client
//! reads as it was meant. Messages are divided by LF.

use meadow_protocol::oob::{
    OUTPUT_LIMIT, OobSettings,
    gmcp::{Gmcp, Incoming, Malformed, Names, decode, encode},
};

/// The target.
pub fn run(data: &[u8]) {
    let (settings, mut client) = (OobSettings::default(), Gmcp::default());
    for message in data.split(|byte| *byte == b'\n') {
        round_trip(message);
        match client.receive(message, &settings) {
            Incoming::Answer(messages) => messages.iter().for_each(|message| is_one_line(message)),
            Incoming::Input(tuple) => {
                assert!(!tuple.name.is_empty());
                if let Ok(Some(message)) = client.send(&tuple, &settings) {
                    is_one_line(&message);
                }
            }
            Incoming::ClientName(name) => assert!(!name.chars().any(char::is_control), "{name:?}"),
            Incoming::Msdp(_) | Incoming::Nothing => {}
        }
    }
    if let Some(message) = client.at_login() {
        is_one_line(&message);
    }
    is_one_line(&Gmcp::goodbye(&String::from_utf8_lossy(data)));
    assert!(client.supports().packages().all(|package| !package.is_empty()));
}

fn round_trip(message: &[u8]) {
    let names = Names::default();
    let Ok(Some(tuple)) = decode(message, &names) else { return };
    let Ok(sent) = encode(&tuple, &names) else { return };
    is_one_line(&sent);
    // A name may have grown on the way.
    let heard = match decode(sent.as_bytes(), &names) {
        Err(Malformed::NameTooLong(_)) => return,
        heard => heard.expect("it is our own").expect("it has a name"),
    };
    // Names do not come back as they were: several are one package's.
    let again = encode(&heard, &names).expect("it could be sent before");
    let Ok(Some(heard_again)) = decode(again.as_bytes(), &names) else { return };
    assert_eq!((heard_again.args, heard_again.kwargs), (heard.args, heard.kwargs), "{sent:?}");
}

fn is_one_line(message: &str) {
    assert!(message.len() <= OUTPUT_LIMIT);
    assert!(!message.chars().any(|ch| ch.is_control()), "{message:?}");
}
