//! What both sides know of one session: its id, its flags, and the record that is synced over the link.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Kwargs, Time};

/// Names one connection. Never reused, over restarts of either process; 0 means "no session" and is
/// never given out (Evennia's dummy session has it).
///
/// A game has it of its `Cx`, of the hooks of accounts, and of what calls an inputfunc; `world.msg(session, ..)` tells
/// that client alone something.
///
/// ```
/// use meadow_link::{SessionId, tuple};
/// let of_whom = tuple("typing").kw("session", SessionId(7).to_string());
/// assert_eq!(of_whom.kwargs["session"], "7");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub u64);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The yes-or-no protocol flags, by the names that Evennia's games know.
///
/// ```
/// use meadow_link::{Flag, Flags};
/// let mut flags = Flags::default();
/// assert!(flags.has(Flag::Ansi) && !flags.has(Flag::Screenreader));
///
/// flags.set(Flag::Screenreader, true);
/// assert!(flags.has(Flag::Screenreader));
/// assert_eq!((flags.screenwidth, flags.screenheight), (78, 45));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Flag {
    /// The client understands 16 colours.
    Ansi,
    /// ... 256 colours.
    Xterm256,
    /// ... 24-bit colours.
    Truecolor,
    /// The client reads UTF-8.
    Utf8,
    /// The client speaks to somebody: no decoration, no colour.
    Screenreader,
    /// The player wants no colour.
    Nocolor,
    /// Markup is not to be parsed at all.
    Raw,
    /// Errors of inputfuncs are told to the client.
    Inputdebug,
    /// What is typed is sent back as text.
    Localecho,
    /// No go-ahead after text.
    Nogoahead,
    /// No go-ahead after prompts.
    Nopromptgoahead,
    /// Keep-alives are sent (the name is inverted in Evennia too).
    Nopkeepalive,
    /// Every text ends with a line end.
    Forcedendline,
    /// The Server hears of a changed window.
    Autoresize,
    /// The client said what it is.
    Ttype,
    /// Output is compressed.
    Mccp,
    /// The client takes out-of-band data.
    Oob,
    /// The client takes clickable links.
    Mxp,
    /// The client wants to know who is typing.
    Istyping,
    /// MTTS: the terminal is a VT100.
    Vt100,
    /// MTTS: the client reports the mouse.
    MouseTracking,
    /// MTTS: the palette can be changed.
    OscColorPalette,
    /// MTTS: the client is a proxy that says whom it speaks for.
    Proxy,
    /// MTTS: the client speaks MNES.
    Mnes,
    /// MTTS: the client speaks MSLP.
    Mslp,
    /// MTTS: the client has an encrypted connection.
    Ssl,
}

impl Flag {
    /// Every flag with the name it has in session data, `client_options` and locks.
    pub const NAMES: [(Flag, &'static str); 26] = [
        (Flag::Ansi, "ANSI"),
        (Flag::Xterm256, "XTERM256"),
        (Flag::Truecolor, "TRUECOLOR"),
        (Flag::Utf8, "UTF-8"),
        (Flag::Screenreader, "SCREENREADER"),
        (Flag::Nocolor, "NOCOLOR"),
        (Flag::Raw, "RAW"),
        (Flag::Inputdebug, "INPUTDEBUG"),
        (Flag::Localecho, "LOCALECHO"),
        (Flag::Nogoahead, "NOGOAHEAD"),
        (Flag::Nopromptgoahead, "NOPROMPTGOAHEAD"),
        (Flag::Nopkeepalive, "NOPKEEPALIVE"),
        (Flag::Forcedendline, "FORCEDENDLINE"),
        (Flag::Autoresize, "AUTORESIZE"),
        (Flag::Ttype, "TTYPE"),
        (Flag::Mccp, "MCCP"),
        (Flag::Oob, "OOB"),
        (Flag::Mxp, "MXP"),
        (Flag::Istyping, "ISTYPING"),
        (Flag::Vt100, "VT100"),
        (Flag::MouseTracking, "MOUSE_TRACKING"),
        (Flag::OscColorPalette, "OSC_COLOR_PALETTE"),
        (Flag::Proxy, "PROXY"),
        (Flag::Mnes, "MNES"),
        (Flag::Mslp, "MSLP"),
        (Flag::Ssl, "SSL"),
    ];

    /// The flag of this name, whatever its case.
    pub fn from_name(name: &str) -> Option<Flag> {
        Flag::NAMES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(flag, _)| *flag)
    }
}

/// What a session's client can do and wants: Evennia's `protocol_flags`.
///
/// ```
/// # use meadow_link::{Flag, Flags};
/// /// How wide a rule across the window is.
/// fn rule(flags: &Flags) -> String {
///     if flags.has(Flag::Screenreader) { String::new() } else { "-".repeat(flags.screenwidth.into()) }
/// }
/// assert_eq!(rule(&Flags::default()).len(), 78);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flags {
    bits: u32,
    /// Character set of the client, as `encoding_rs` or IANA name it. `ENCODING`.
    pub encoding: Box<str>,
    /// Columns of the client's window. `SCREENWIDTH`.
    pub screenwidth: u16,
    /// Lines of the client's window. `SCREENHEIGHT`.
    pub screenheight: u16,
    /// What the client calls itself, in capitals; empty when unknown. `CLIENTNAME`.
    pub clientname: Box<str>,
    /// The terminal it says it is; empty when unknown. `TERM`.
    pub term: Box<str>,
}

impl Default for Flags {
    /// What is taken for granted until a client has told anything: 16 colours, UTF-8, 78 by 45
    /// (Evennia's defaults).
    fn default() -> Flags {
        let mut flags = Flags {
            bits: 0,
            encoding: "utf-8".into(),
            screenwidth: 78,
            screenheight: 45,
            clientname: "".into(),
            term: "".into(),
        };
        for flag in [
            Flag::Ansi,
            Flag::Utf8,
            Flag::Nogoahead,
            Flag::Nopromptgoahead,
            Flag::Nopkeepalive,
            Flag::Forcedendline,
            Flag::Autoresize,
        ] {
            flags.set(flag, true);
        }
        flags
    }
}

impl Flags {
    /// Narrowest and widest window that is believed, in columns.
    pub const WIDTHS: std::ops::RangeInclusive<u16> = 10..=1000;
    /// Lowest and highest window that is believed, in lines.
    pub const HEIGHTS: std::ops::RangeInclusive<u16> = 5..=1000;

    /// Whether a flag is on.
    pub fn has(&self, flag: Flag) -> bool {
        self.bits & (1 << flag as u32) != 0
    }

    /// Switches a flag.
    pub fn set(&mut self, flag: Flag, on: bool) {
        if on {
            self.bits |= 1 << flag as u32;
        } else {
            self.bits &= !(1 << flag as u32);
        }
    }

    /// All flags by their names, as session data carries them. Sizes have the form `{"0": n}` that
    /// Evennia's code indexes.
    pub fn to_map(&self) -> Kwargs {
        let mut map = Kwargs::new();
        map.insert("ENCODING".into(), json!(self.encoding));
        for (flag, name) in Flag::NAMES {
            map.insert(name.into(), json!(self.has(flag)));
        }
        map.insert("SCREENWIDTH".into(), json!({ "0": self.screenwidth }));
        map.insert("SCREENHEIGHT".into(), json!({ "0": self.screenheight }));
        map.insert("CLIENTNAME".into(), json!(self.clientname));
        map.insert("TERM".into(), json!(self.term));
        map
    }

    /// Takes over what a map names; names that are no flag and values of a wrong kind are passed
    /// over, so that a peer can set nothing else (in Evennia it sets any attribute). Says whether anything changed.
    pub fn apply(&mut self, map: &Kwargs) -> bool {
        let before = self.clone();
        for (name, value) in map {
            match name.as_str() {
                "ENCODING" => set_text(&mut self.encoding, value),
                "CLIENTNAME" => set_text(&mut self.clientname, value),
                "TERM" => set_text(&mut self.term, value),
                "SCREENWIDTH" => set_size(&mut self.screenwidth, value, &Flags::WIDTHS),
                "SCREENHEIGHT" => set_size(&mut self.screenheight, value, &Flags::HEIGHTS),
                _ => {
                    if let (Some(flag), Some(on)) = (Flag::from_name(name), value.as_bool()) {
                        self.set(flag, on);
                    }
                }
            }
        }
        *self != before
    }
}

fn set_text(slot: &mut Box<str>, value: &Value) {
    if let Some(text) = value.as_str() {
        *slot = text.into();
    }
}

fn set_size(slot: &mut u16, value: &Value, range: &std::ops::RangeInclusive<u16>) {
    let number = value.as_u64().or_else(|| value.get("0").and_then(Value::as_u64));
    if let Some(number) = number
        && number > 0
    {
        *slot = u16::try_from(number).unwrap_or(u16::MAX).clamp(*range.start(), *range.end());
    }
}

/// What both sides keep equal about one session: Evennia's `SESSION_SYNC_ATTRS`.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionSync {
    /// Which session.
    pub id: SessionId,
    /// By what it came: `telnet`, `websocket` ...
    pub protocol_key: Box<str>,
    /// Address of the client, as text.
    pub address: Box<str>,
    /// The account that is logged in, if one is.
    pub uid: Option<u64>,
    /// Name of that account.
    pub uname: Option<Box<str>>,
    /// Whether somebody is logged in.
    pub logged_in: bool,
    /// The object that the session puppets.
    pub puid: Option<u64>,
    /// Key of the browser session, if it came by a browser.
    pub csessid: Option<Box<str>>,
    /// When it connected.
    pub conn_time: Time,
    /// When something last came from it.
    pub cmd_last: Time,
    /// When a command last came from it that others may see (not `idle`).
    pub cmd_last_visible: Time,
    /// How many commands it has sent.
    pub cmd_total: u64,
    /// What its client can do and wants.
    pub flags: Flags,
    /// What the Server wants kept for it over a reload.
    pub server_data: Kwargs,
}

impl SessionSync {
    /// A session that has just connected.
    pub fn new(id: SessionId, protocol_key: &str, address: &str, now: Time) -> SessionSync {
        SessionSync {
            id,
            protocol_key: protocol_key.into(),
            address: address.into(),
            uid: None,
            uname: None,
            logged_in: false,
            puid: None,
            csessid: None,
            conn_time: now,
            cmd_last: now,
            cmd_last_visible: now,
            cmd_total: 0,
            flags: Flags::default(),
            server_data: Kwargs::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_survive_their_map() {
        let mut flags = Flags::default();
        flags.set(Flag::Truecolor, true);
        flags.screenwidth = 132;
        let mut copy = Flags::default();
        assert!(copy.apply(&flags.to_map()));
        assert_eq!(copy, flags);
        assert!(!copy.apply(&flags.to_map()), "nothing changed the second time");
    }

    #[test]
    fn sizes_are_clamped_and_strangers_ignored() {
        let mut flags = Flags::default();
        let map = json!({"SCREENWIDTH": {"0": 65535}, "SCREENHEIGHT": 1, "NOSUCH": true, "ANSI": "yes"});
        flags.apply(map.as_object().expect("a map"));
        assert_eq!((flags.screenwidth, flags.screenheight), (1000, 5));
        assert!(flags.has(Flag::Ansi));
    }

    #[test]
    fn every_flag_has_its_own_bit_and_name() {
        for (at, (flag, name)) in Flag::NAMES.iter().enumerate() {
            assert_eq!(*flag as usize, at);
            assert_eq!(Flag::from_name(&name.to_lowercase()), Some(*flag));
        }
    }
}
