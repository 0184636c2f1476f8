//! `option`: what a player wants to be different from what the client said of itself. It is kept with the account if
//! the player says so, and set again at each login.

use meadow_link::{Flag, Flags, Kwargs, SessionId};
use serde_json::{Value, json};

use crate::{
    AccountId, Command, Cx, Meta, Result, World, say,
    text::{self, Border, Table},
};

/// `option[/SWITCH] [NAME [= VALUE]]`
pub(super) struct CmdOption;

impl Command for CmdOption {
    const META: Meta = Meta {
        key: "option",
        aliases: &["options"],
        help: "see and change how your client is served\n\nUsage:\n  option [<name> = <value>]\n  option/save [<name> \
               [= <value>]]\n  option/clear [<name>]\n\nAn option that you set is so until you log out. |w/save|n keeps the option for later logins (without a name: \
               all of them, except what your client is able to do, which it says itself), |w/clear|n forgets \
               what was kept. Values are |won|n and |woff|n, a number or a word.",
        switches: &["save", "clear"],
        help_category: "Account",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let (name, value) = match cx.raw.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (cx.raw.as_str(), None),
        };
        let (name, value) = (name.to_uppercase(), value.map(str::to_owned));
        match (cx.switches.as_slice(), name.as_str(), value) {
            ([], "", None) => show(cx),
            ([], name, Some(value)) => set_for_now(cx, name, &value),
            (["save"], "", None) => save_all(cx),
            (["save"], name, value) => save(cx, name, value.as_deref()),
            (["clear"], name, None) => clear(cx, name),
            _ => Err(say(USAGE)),
        }
    }
}

const USAGE: &str = "Usage: option[/save or /clear] [<name> = <value>]";
/// Attribute of the account, as Evennia names it.
const ATTRIBUTE: &str = "_saved_protocol_flags";
/// Longest value that is a text, in characters.
const TEXT_LIMIT: usize = 64;

/// The character sets that the Portal knows: those of the WHATWG, Latin-1 and ASCII.
const ENCODINGS: [&str; 38] = [
    "utf-8",
    "us-ascii",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "windows-874",
    "ibm866",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "x-mac-cyrillic",
    "big5",
    "gbk",
    "gb18030",
    "euc-jp",
    "shift_jis",
    "iso-2022-jp",
    "euc-kr",
];

/// What an option is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// On or off, as the player likes it.
    Taste,
    /// On or off; on, if the client is able to.
    Ability,
    /// A number.
    Size(u16, u16),
    /// A word.
    Text,
    /// One of [`ENCODINGS`].
    Encoding,
}

/// The options that a player may set (as in Evennia), by the names of the flags.
const OPTIONS: [(&str, Kind); 23] = [
    ("ANSI", Kind::Ability),
    ("AUTORESIZE", Kind::Taste),
    ("CLIENTNAME", Kind::Text),
    ("ENCODING", Kind::Encoding),
    ("FORCEDENDLINE", Kind::Taste),
    ("INPUTDEBUG", Kind::Taste),
    ("ISTYPING", Kind::Taste),
    ("LOCALECHO", Kind::Taste),
    ("MCCP", Kind::Ability),
    ("MXP", Kind::Ability),
    ("NOCOLOR", Kind::Taste),
    ("NOGOAHEAD", Kind::Taste),
    ("NOPKEEPALIVE", Kind::Taste),
    ("NOPROMPTGOAHEAD", Kind::Taste),
    ("OOB", Kind::Ability),
    ("RAW", Kind::Taste),
    ("SCREENHEIGHT", Kind::Size(*Flags::HEIGHTS.start(), *Flags::HEIGHTS.end())),
    ("SCREENREADER", Kind::Taste),
    ("SCREENWIDTH", Kind::Size(*Flags::WIDTHS.start(), *Flags::WIDTHS.end())),
    ("TERM", Kind::Text),
    ("TRUECOLOR", Kind::Ability),
    ("UTF-8", Kind::Ability),
    ("XTERM256", Kind::Ability),
];

impl World {
    /// Sets what an account has saved, at its login.
    pub(crate) fn restore_flags(&mut self, session: SessionId, account: AccountId) {
        let saved = saved(self, account);
        if !saved.is_empty() {
            self.set_flags(session, saved);
        }
    }
}

fn show(cx: &mut Cx<'_>) -> Result {
    let session = cx.session()?;
    let Some(from) = cx.world.session(session) else { return Ok(()) };
    let saved = saved(cx.world, cx.account()?);
    let columns = if saved.is_empty() { &["Name", "Value"][..] } else { &["Name", "Value", "Saved"] };
    let mut table = Table::new(columns.iter().copied()).border(Border::None).indent(2);
    for (name, _) in OPTIONS {
        let mut row = vec![name.to_owned(), shown(&value_of(&from.flags, name))];
        row.extend(saved.get(name).map(shown));
        table.add_row(row.iter().map(|cell| text::escape(cell)));
    }
    let told = table.draw(from.screen());
    cx.page(format!("|wClient settings ({}):|n\n{told}", text::escape(from.protocol_key())));
    Ok(())
}

/// Sets an option and says how it stays.
fn set_for_now(cx: &mut Cx<'_>, name: &str, value: &str) -> Result {
    let wanted = set(cx, name, value)?;
    let saved = saved(cx.world, cx.account()?);
    cx.msg(match saved.get(name) {
        Some(kept) if *kept == wanted => return Ok(()),
        Some(kept) => format!(
            "That is until you log out; '|w{}|n' is saved. |woption/save {name}|n saves the new value.",
            text::escape(&shown(kept))
        ),
        None => format!("That is until you log out. |woption/save {name}|n keeps it."),
    });
    Ok(())
}

/// Sets an option, says so, and gives back the value as flags have it.
pub(super) fn set(cx: &mut Cx<'_>, name: &str, value: &str) -> Result<Value> {
    let session = cx.session()?;
    let wanted = read(kind(name)?, name, value)?;
    let Some(from) = cx.world.session(session) else { return Ok(wanted) };
    let before = shown(&value_of(&from.flags, name));
    cx.world.set_flags(session, Kwargs::from_iter([(name.to_owned(), wanted.clone())]));
    let after = shown(&wanted);
    cx.msg(if before == after {
        format!("Option |w{name}|n is '|w{}|n' already.", text::escape(&after))
    } else {
        let (before, after) = (text::escape(&before), text::escape(&after));
        format!("Option |w{name}|n was changed from '|w{before}|n' to '|w{after}|n'.")
    });
    Ok(wanted)
}

fn save(cx: &mut Cx<'_>, name: &str, value: Option<&str>) -> Result {
    let (session, account) = (cx.session()?, cx.account()?);
    kind(name)?;
    let value = match value {
        Some(value) => set(cx, name, value)?,
        None => cx.world.session(session).map(|from| value_of(&from.flags, name)).unwrap_or_default(),
    };
    let mut saved = saved(cx.world, account);
    saved.insert(name.to_owned(), value);
    cx.world[account].db.set(ATTRIBUTE, saved)?;
    cx.msg(format!("|gSaved option {name}.|n"));
    Ok(())
}

/// What a client is able to do is not saved for another client; that it shall not, is.
fn save_all(cx: &mut Cx<'_>) -> Result {
    let (session, account) = (cx.session()?, cx.account()?);
    let Some(from) = cx.world.session(session) else { return Ok(()) };
    let mut saved = saved(cx.world, account);
    for (name, kind) in OPTIONS {
        let value = value_of(&from.flags, name);
        if kind == Kind::Taste || (kind == Kind::Ability && value == json!(false)) {
            saved.insert(name.to_owned(), value);
        }
    }
    cx.world[account].db.set(ATTRIBUTE, saved)?;
    cx.msg("|gSaved all options. Use option/clear to remove.|n");
    Ok(())
}

fn clear(cx: &mut Cx<'_>, name: &str) -> Result {
    let account = cx.account()?;
    if name.is_empty() {
        cx.world[account].db.remove(ATTRIBUTE);
        cx.msg("|gCleared all saved options.|n");
        return Ok(());
    }
    kind(name)?;
    let mut saved = saved(cx.world, account);
    if saved.remove(name).is_none() {
        return Err(say(format!("Option {name} is not saved.")));
    }
    cx.world[account].db.set(ATTRIBUTE, saved)?;
    cx.msg(format!("|gCleared saved option {name}.|n"));
    Ok(())
}

/// What an account has saved, as far as it may.
fn saved(world: &World, account: AccountId) -> Kwargs {
    let mut saved: Kwargs =
        world.account(account).and_then(|account| account.db.get(ATTRIBUTE)).unwrap_or_default();
    saved.retain(|name, _| kind(name).is_ok());
    saved
}

/// `/save ansi = off` is `save` and `ansi = off`.
fn kind(name: &str) -> Result<Kind> {
    let known = OPTIONS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
    known.ok_or_else(|| say(format!("There is no option {}. |woption|n lists them.", text::escape(name))))
}

fn read(kind: Kind, name: &str, value: &str) -> Result<Value> {
    match kind {
        Kind::Taste | Kind::Ability => match value.to_lowercase().as_str() {
            "on" | "true" | "yes" | "1" => Ok(json!(true)),
            "off" | "false" | "no" | "0" => Ok(json!(false)),
            _ => Err(say(format!("Option |w{name}|n is |won|n or |woff|n."))),
        },
        Kind::Size(least, most) => match value.parse::<u16>() {
            Ok(size) if (least..=most).contains(&size) => Ok(json!(size)),
            _ => Err(say(format!("Option |w{name}|n is a number from {least} to {most}."))),
        },
        Kind::Text => {
            let plain = value.chars().all(|c| c.is_ascii_graphic() || c == ' ');
            if plain && (1..=TEXT_LIMIT).contains(&value.len()) {
                return Ok(json!(value));
            }
            Err(say(format!("Option |w{name}|n is a word of up to {TEXT_LIMIT} plain letters.")))
        }
        Kind::Encoding => {
            let wanted = match value.to_lowercase().as_str() {
                "latin1" | "latin-1" => "iso-8859-1".to_owned(),
                "ascii" => "us-ascii".to_owned(),
                "utf8" => "utf-8".to_owned(),
                other => other.to_owned(),
            };
            if ENCODINGS.contains(&wanted.as_str()) {
                return Ok(json!(wanted));
            }
            Err(say(format!("Option |w{name}|n is one of: {}.", ENCODINGS.join(", "))))
        }
    }
}

fn value_of(flags: &Flags, name: &str) -> Value {
    match name {
        "CLIENTNAME" => json!(flags.clientname),
        "ENCODING" => json!(flags.encoding),
        "TERM" => json!(flags.term),
        "SCREENWIDTH" => json!(flags.screenwidth),
        "SCREENHEIGHT" => json!(flags.screenheight),
        name => json!(Flag::from_name(name).is_some_and(|flag| flags.has(flag))),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => "off".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_is_a_flag() {
        for (name, kind) in OPTIONS {
            let flags = Flags::default();
            assert!(flags.to_map().contains_key(name), "{name}");
            let wanted = match kind {
                Kind::Taste | Kind::Ability => json!(value_of(&flags, name) == json!(false)),
                Kind::Size(least, _) => json!(least),
                Kind::Text | Kind::Encoding => json!("x"),
            };
            let mut changed = flags.clone();
            assert!(changed.apply(&Kwargs::from_iter([(name.to_owned(), wanted.clone())])), "{name}");
            assert_eq!(value_of(&changed, name), wanted);
        }
    }

    #[test]
    fn texts_and_sizes_at_their_limits_and_one_past() {
        let long = "x".repeat(TEXT_LIMIT + 1);
        assert!(read(Kind::Text, "TERM", &long[1..]).is_ok() && read(Kind::Text, "TERM", &long).is_err());
        assert!(read(Kind::Text, "TERM", "\u{1b}[1m").is_err() && read(Kind::Text, "TERM", "").is_err());
        for (size, fits) in
            [("9", false), ("10", true), ("1000", true), ("1001", false), ("-1", false), ("x", false)]
        {
            assert_eq!(read(Kind::Size(10, 1000), "SCREENWIDTH", size).is_ok(), fits, "{size}");
        }
    }
}
