//! Sessions that outlive their websocket: any address is read, and whatever a client says of what it has had, each
//! connection is sent messages in order, and none that was never said.
//!
//! The bytes are steps, divided by bytes of 255; the first of each chooses what happens.

use std::time::Duration;

use meadow_protocol::{
    MessageKind,
    web::{Outgoing, Receipt, ResumeForm, Resumption, SessionToken, Ticket, Wish},
};

/// The target.
pub fn run(data: &[u8]) {
    Wish::parse(&String::from_utf8_lossy(data));
    let form =
        if data.first().is_some_and(|first| first % 2 == 0) { ResumeForm::V1 } else { ResumeForm::Json };
    let mut resumption = Resumption::new(form, Duration::from_secs(120));
    let (mut said, mut last, mut taken) = (0_u64, None, 0_usize);
    let steps = data.split(|byte| *byte == 255);
    for step in steps.clone() {
        match step {
            [first, rest @ ..] if first % 4 == 0 => {
                said += 1;
                resumption.put(said, rest.len());
            }
            [first, rest @ ..] if first % 4 == 1 => {
                let heard = rest.iter().fold(0_u64, |heard, byte| u64::from(*byte) + (heard << 8 & 0xffff));
                let ticket = Ticket { session: 1, secret: SessionToken::from_random([*first; 32]) };
                resumption.resume(&ticket, heard);
                last = None;
            }
            [first, rest @ ..] if first % 4 == 2 => {
                taken += usize::from(resumption.receive(MessageKind::Text, rest) == Receipt::Message);
            }
            _ => match resumption.send_next() {
                Some(Outgoing::Message(&number)) => {
                    assert!(number <= said && last.is_none_or(|last| last < number));
                    last = Some(number);
                }
                Some(Outgoing::Control(text)) => assert!(text.contains("heard")),
                None => assert!(!resumption.has_unsent()),
            },
        }
    }
    assert!(taken <= steps.count());
}
