//! MXP (91), the MUD eXtension Protocol 1.0: links that a player can click. The outputfuncs write them.
//!
//! The client is locked: it takes nothing for a tag except what follows `ESC[4z`, which stands in front of
//! the server's own tags and nowhere else. So `<`, `>` and `&` of a text are themselves.

use meadow_link::Flag;

use super::{
    Telnet,
    negotiate::{Side, Wish},
    option::TelnetOption,
    parse::{IAC, SB, SE},
    ttype,
};
use crate::Outbox;

/// Its code.
const MXP: u8 = 91;

/// Lock the mode "locked": nothing is a tag.
const LOCKED: &[u8] = b"\x1b[7z";
/// What it is and which tags it takes; each on its own in secure mode, since only then it answers.
const QUESTIONS: &[u8] = b"\x1b[4z<VERSION>\x1b[4z<SUPPORT>";
/// How the answers begin: a secure line.
const ANSWER: &str = "\x1b[1z";

/// Which questions are still to be answered. More answers than questions change nothing.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct State {
    version: bool,
    supports: bool,
}

/// The option.
pub(super) struct Mxp;

impl TelnetOption for Mxp {
    fn code(&self) -> u8 {
        MXP
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Us)
    }

    fn is_available(&self, telnet: &Telnet) -> bool {
        telnet.settings.mxp
    }

    fn settled(&self, telnet: &mut Telnet, _side: Side, wish: Wish, out: &mut Outbox) {
        if wish == Wish::On {
            // The lock follows the start in the same write, so that no text can come between.
            out.transmit(&[&[IAC, SB, MXP, IAC, SE], LOCKED, QUESTIONS].concat());
            telnet.states.mxp = State { version: true, supports: true };
        }
        telnet.flags.set(Flag::Mxp, wish == Wish::On);
        out.flags_changed();
    }
}

/// Whether texts may have tags: the client agreed, whatever the game has set since.
pub(super) fn is_agreed(telnet: &Telnet) -> bool {
    telnet.agreement(MXP).is_on(Side::Us)
}

/// Takes a line if it is an answer of the client and nothing that its player typed. Says whether it was.
pub(super) fn take_answer(telnet: &mut Telnet, line: &str, out: &mut Outbox) -> bool {
    let Some(answer) = line.strip_prefix(ANSWER).filter(|_| is_agreed(telnet)) else { return false };
    let before = telnet.flags.clone();
    let state = telnet.states.mxp;
    if let Some(attributes) = inside_tag(answer, "VERSION").filter(|_| state.version) {
        telnet.states.mxp.version = false;
        take_version(telnet, attributes, out);
    } else if let Some(tags) = inside_tag(answer, "SUPPORTS").filter(|_| state.supports) {
        telnet.states.mxp.supports = false;
        // Links are all that is sent. Who says nothing about them has them: answers differ in form.
        if words(tags).any(|word| word.eq_ignore_ascii_case("-send")) {
            telnet.flags.set(Flag::Mxp, false);
        }
    }
    if telnet.flags != before {
        out.flags_changed();
    }
    true
}

/// The name is believed where the client has not said it by an option that is meant for it.
fn take_version(telnet: &mut Telnet, attributes: &str, out: &mut Outbox) {
    let value = |key: &str| {
        let pairs = words(attributes).filter_map(|word| word.split_once('='));
        let value =
            pairs.filter(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value).next()?;
        Some(ttype::readable(value.trim_matches(['"', '\'']).as_bytes()))
    };
    if telnet.flags.clientname.is_empty()
        && let Some(name) = value("CLIENT").filter(|name| !name.is_empty())
    {
        ttype::take_name(telnet, &name, out);
        if let Some(version) = value("VERSION") {
            ttype::take_version(&mut telnet.flags, &version);
        }
    }
}

/// What stands in a tag after its name.
fn inside_tag<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let inside = text.trim().strip_prefix('<')?.strip_suffix('>')?;
    let (head, rest) = inside.split_at_checked(name.len())?;
    (head.eq_ignore_ascii_case(name) && (rest.is_empty() || rest.starts_with(' '))).then_some(rest)
}

/// Words of a tag. A space in quotes parts none.
fn words(tag: &str) -> impl Iterator<Item = &str> {
    let mut quote = None;
    let parts = tag.split(move |ch: char| {
        match quote {
            Some(open) if ch == open => quote = None,
            None if matches!(ch, '"' | '\'') => quote = Some(ch),
            _ => {}
        }
        quote.is_none() && ch == ' '
    });
    parts.filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_their_words() {
        let tag = "<version MXP=\"1.0\" CLIENT='My Client'  VERSION=4.17>";
        let attributes = inside_tag(tag, "VERSION").unwrap();
        assert_eq!(
            words(attributes).collect::<Vec<_>>(),
            ["MXP=\"1.0\"", "CLIENT='My Client'", "VERSION=4.17"]
        );
        assert_eq!(inside_tag("<SUPPORTS>", "SUPPORTS"), Some(""));
        for wrong in ["VERSION", "<VERSIONS x>", "<VERSION x", "<V", "<\u{e9}ERSION>", ""] {
            assert_eq!(inside_tag(wrong, "VERSION"), None, "{wrong}");
        }
    }
}
