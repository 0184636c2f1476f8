//! Out-of-band data by telnet: which language a client hears, and what becomes of what it says. The options GMCP
//! and MSDP hand it messages; `Telnet` hands it what is neither text nor prompt.

use meadow_link::{CommandTuple, Flag, oob::MSDP as VARIABLES, text};
use serde_json::Value;

use super::{
    Telnet,
    gmcp::{self, GMCP},
    msdp::{self, MSDP},
    negotiate::Side,
    parse::{IAC, SB, SE},
};
use crate::{
    Outbox,
    oob::{Preference, TextCommands},
    web::clean_lines,
};

/// A language of out-of-band data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Gmcp,
    Msdp,
}

/// What is remembered of a client that speaks one, or both.
#[derive(Debug, Default)]
pub(super) struct State {
    /// What it spoke last.
    pub(super) recent: Option<Language>,
    /// In which it last had to do with variables of MSDP; they are a package of GMCP, too.
    pub(super) variables: Option<Language>,
}

/// One of the options was agreed on, or is off.
pub(super) fn settled(telnet: &mut Telnet, out: &mut Outbox) {
    let on = is_on(telnet, Language::Gmcp) || is_on(telnet, Language::Msdp);
    if telnet.flags.has(Flag::Oob) != on {
        telnet.flags.set(Flag::Oob, on);
        out.flags_changed();
    }
}

/// Sends what the game says, once, in the language that the client is to hear.
pub(super) fn send(telnet: &mut Telnet, tuple: &CommandTuple, out: &mut Outbox) {
    let before = out.bytes().len();
    match language(telnet, tuple) {
        Some(Language::Gmcp) => gmcp::send(telnet, tuple, out),
        Some(Language::Msdp) => msdp::send(tuple, out),
        None => {}
    }
    if out.bytes().len() > before {
        telnet.quiet = false;
    }
}

/// Something from the client for the game. A line is a line, however it comes: it has the same limit.
pub(super) fn input(telnet: &mut Telnet, tuple: CommandTuple, out: &mut Outbox) {
    // The Server finds inputfuncs in this way, so no other spelling may pass by the limit.
    if tuple.name.trim().to_lowercase() != "text" {
        return out.input(tuple);
    }
    let typed = match tuple.args.into_iter().next() {
        Some(Value::String(typed)) => typed,
        Some(Value::Number(typed)) => typed.to_string(),
        _ => return,
    };
    let limit = telnet.settings.line_limit;
    if telnet.settings.oob.text_commands == TextCommands::Ignored {
        return;
    }
    if typed.len() > limit && typed.chars().count() > limit {
        return telnet.line(None, out);
    }
    telnet.ready(out);
    telnet.typed = true;
    out.input(text(clean_lines(&typed)));
}

/// Variables of MSDP, in whichever language they came.
pub(super) fn variables(telnet: &mut Telnet, variables: Vec<CommandTuple>, by: Language, out: &mut Outbox) {
    telnet.states.oob.variables = Some(by);
    for variable in variables {
        if crate::oob::msdp::configure(&mut telnet.flags, &variable) {
            out.flags_changed();
        } else {
            input(telnet, variable, out);
        }
    }
}

/// A whole subnegotiation.
pub(super) fn transmit(code: u8, payload: &[u8], out: &mut Outbox) {
    out.transmit(&[IAC, SB, code]);
    for piece in payload.split_inclusive(|byte| *byte == IAC) {
        out.transmit(piece);
        if piece.ends_with(&[IAC]) {
            out.transmit(&[IAC]);
        }
    }
    out.transmit(&[IAC, SE]);
}

fn language(telnet: &Telnet, tuple: &CommandTuple) -> Option<Language> {
    if !telnet.flags.has(Flag::Oob) {
        return None;
    }
    let state = &telnet.states.oob;
    let first = match telnet.settings.oob.preference {
        _ if tuple.name == VARIABLES => state.variables,
        Preference::Gmcp => Some(Language::Gmcp),
        Preference::Msdp => Some(Language::Msdp),
        Preference::Recent => state.recent,
    };
    let choices = first.into_iter().chain([Language::Gmcp, Language::Msdp]);
    choices.into_iter().find(|language| is_on(telnet, *language))
}

fn is_on(telnet: &Telnet, language: Language) -> bool {
    let code = match language {
        Language::Gmcp => GMCP,
        Language::Msdp => MSDP,
    };
    telnet.agreement(code).is_on(Side::Us)
}
