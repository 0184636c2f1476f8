//! MSSP (70), the Mud Server Status Protocol: what lists of games show of this one. A crawler agrees to the
//! option, or types `MSSP-REQUEST` instead of logging in.

use std::fmt::Debug;

use super::{
    Telnet,
    negotiate::{Side, Wish},
    option::TelnetOption,
    parse::{IAC, SB, SE},
};
use crate::Outbox;

/// Its code.
const STATUS: u8 = 70;
const VAR: u8 = 1;
const VAL: u8 = 2;

/// The line that asks for the table in plain text.
const PLAIN_REQUEST: &str = "MSSP-REQUEST";

/// How often one connection is told the table. A crawler asks once; the table is some hundred times as long
/// as the question.
pub const MSSP_REPLY_LIMIT: u8 = 8;

/// Where the table comes from. The Portal has one, and telnet connections share it.
pub trait MsspSource: Debug + Send + Sync {
    /// The variables as they are now, by the names of the MSSP specification, each with its values; of several,
    /// the last is the default. A variable of which nothing is known is left out.
    fn table(&self) -> Vec<(String, Vec<String>)>;
}

/// What is remembered of a client: how often it was told.
pub(super) type State = u8;

/// The option.
pub(super) struct Mssp;

impl TelnetOption for Mssp {
    fn code(&self) -> u8 {
        STATUS
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Us)
    }

    fn is_available(&self, telnet: &Telnet) -> bool {
        telnet.settings.mssp.is_some()
    }

    fn settled(&self, telnet: &mut Telnet, _side: Side, wish: Wish, out: &mut Outbox) {
        if wish == Wish::On
            && let Some(table) = table(telnet)
        {
            out.transmit(&encode(&table));
        }
    }
}

/// Answers a line if it is the plain form of the question. Says whether it was.
pub(super) fn answer_line(telnet: &mut Telnet, line: &str, out: &mut Outbox) -> bool {
    let asks = !telnet.logged_in && line.trim_end() == PLAIN_REQUEST;
    match asks.then(|| table(telnet)).flatten() {
        Some(table) => {
            telnet.encoding.write(&plain(&table), out);
            true
        }
        None => false,
    }
}

/// The table, if this connection may still have it. What could be taken for the wire's own bytes is left out.
fn table(telnet: &mut Telnet) -> Option<Vec<(String, Vec<String>)>> {
    let source = telnet.settings.mssp.as_ref().filter(|_| telnet.states.mssp < MSSP_REPLY_LIMIT)?;
    let table = source.table().into_iter();
    telnet.states.mssp += 1;
    let clean = |(name, values): (String, Vec<String>)| {
        (without_controls(name), values.into_iter().map(without_controls).collect::<Vec<_>>())
    };
    Some(table.map(clean).filter(|(name, values)| !name.is_empty() && !values.is_empty()).collect())
}

fn without_controls(text: String) -> String {
    if text.contains(char::is_control) { text.replace(char::is_control, "") } else { text }
}

/// The subnegotiation. UTF-8 has no byte 255 that would have to be doubled.
fn encode(table: &[(String, Vec<String>)]) -> Vec<u8> {
    let mut bytes = vec![IAC, SB, STATUS];
    for (name, values) in table {
        bytes.push(VAR);
        bytes.extend_from_slice(name.as_bytes());
        for value in values {
            bytes.push(VAL);
            bytes.extend_from_slice(value.as_bytes());
        }
    }
    bytes.extend([IAC, SE]);
    bytes
}

fn plain(table: &[(String, Vec<String>)]) -> String {
    let mut text = "\nMSSP-REPLY-START\n".to_owned();
    for (name, values) in table {
        text.push_str(name);
        for value in values {
            text.push('\t');
            text.push_str(value);
        }
        text.push('\n');
    }
    text.push_str("MSSP-REPLY-END\n");
    text
}
