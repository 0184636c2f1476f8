//! `style` and `color`: how a player wants lists and help to look, and what colours there are.

use std::collections::BTreeMap;

use meadow_link::Flag;

use super::listing::table;
use crate::{
    AccountId, Command, Cx, Meta, Mux, Result, World, say,
    text::{self, Column},
};

/// Attribute of the account that has what differs from the defaults.
const ATTRIBUTE: &str = "_style";

/// What can be set: name, what it is for, what it is by default. All are colours (Evennia's OPTIONS_ACCOUNT_DEFAULT, as
/// far as something here is shown so).
const OPTIONS: [(&str, &str, &str); 4] = [
    ("column_names_color", "Titles of columns.", "w"),
    ("header_text_color", "Headlines of lists.", "w"),
    ("help_category_color", "Headings of help.", "w"),
    ("help_entry_color", "Names of commands and topics in help.", "c"),
];

/// How an account wants something to look: a code of a colour, without the `|`.
pub(super) fn value<'w>(world: &'w World, account: Option<AccountId>, name: &str) -> &'w str {
    let own = account.and_then(|account| world.account(account)?.db[ATTRIBUTE].get(name)?.as_str());
    let default = OPTIONS.iter().find(|(known, ..)| *known == name).map_or("n", |(.., default)| *default);
    own.filter(|own| is_color(own)).unwrap_or(default)
}

/// Whether a text is the whole code of a colour: `r`, `500`, `=m`, `#f80`.
fn is_color(code: &str) -> bool {
    let first = code.chars().next();
    first.is_some_and(|c| !"[lhHuUiIsS^*|/->_!".contains(c)) && text::plain(&format!("|{code}")).is_empty()
}

/// `style [OPTION = VALUE]`
pub(super) struct CmdStyle;

impl Command for CmdStyle {
    const META: Meta = Meta {
        key: "style",
        help: "see and change how lists and help look\n\nUsage:\n  style\n  style <option> = <colour>\n  style/clear \
               <option>\n\nA colour is a letter such as r or R, three digits from 0 to 5, a grey such as =m or #rrggbb: what \
               |wcolor|n shows, without the bar.",
        switches: &["clear"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let account = cx.account()?;
        if args.lhs.is_empty() {
            return if cx.switch("clear") {
                Err(say("Usage: style/clear <option>"))
            } else {
                list(cx, account)
            };
        }
        let name = args.lhs.to_lowercase();
        let Some((name, _, default)) = OPTIONS.into_iter().find(|(known, ..)| *known == name) else {
            let shown = text::escape(&args.lhs).into_owned();
            return Err(say(format!("There is no style option '{shown}'. |wstyle|n lists them.")));
        };
        let mut own: BTreeMap<String, String> = cx.world[account].db.get(ATTRIBUTE).unwrap_or_default();
        if cx.switch("clear") {
            own.remove(name);
            cx.world[account].db.set(ATTRIBUTE, own)?;
            cx.msg(format!("Style option {name} is '{default}' again, the default."));
            return Ok(());
        }
        let Some(value) = args.rhs.filter(|value| !value.is_empty()) else {
            return Err(say("Usage: style <option> = <colour>"));
        };
        let value = value.strip_prefix('|').unwrap_or(&value).to_owned();
        if !is_color(&value) {
            return Err(say(format!(
                "'{}' is no colour. |wcolor|n shows what there is.",
                text::escape(&value)
            )));
        }
        let told = format!("Style option {name} is now '|{value}{value}|n'.");
        own.insert(name.to_owned(), value);
        cx.world[account].db.set(ATTRIBUTE, own)?;
        cx.msg(told);
        Ok(())
    }
}

fn list(cx: &mut Cx<'_>, account: AccountId) -> Result {
    let head = value(cx.world, Some(account), "column_names_color");
    let columns = ["Option", "Value", "Description"].map(|title| Column::new(format!("|{head}{title}|n")));
    let rows = OPTIONS.into_iter().map(|(name, what, _)| {
        let value = value(cx.world, Some(account), name);
        [name.to_owned(), format!("|{value}{value}|n"), what.to_owned()]
    });
    let told = table(columns, rows, cx.screen());
    cx.page(told);
    Ok(())
}

/// `color KIND`
pub(super) struct CmdColor;

impl Command for CmdColor {
    const META: Meta = Meta {
        key: "color",
        aliases: &["colour"],
        help: "see the colours that there are, as your client shows them\n\nUsage:\n  color ansi\n  color xterm256\n  color \
               truecolor\n\nWhat your client can't show is shown by the nearest that it can, or not at all. See |wstyle|n \
               and |woption|n.",
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, _kind: Option<String>) -> Result {
        let table = match cx.raw.to_lowercase().as_str() {
            "" => return Err(say("Usage: color ansi | xterm256 | truecolor")),
            kind if "ansi".starts_with(kind) => ansi(),
            kind if "xterm256".starts_with(kind) => xterm256(),
            kind if "truecolor".starts_with(kind) => truecolor(cx.screen().width),
            _ => return Err(say("Usage: color ansi | xterm256 | truecolor")),
        };
        let depth = depth(cx);
        cx.msg(format!("{table}\n{depth}"));
        Ok(())
    }
}

/// What the client shows.
fn depth(cx: &Cx<'_>) -> &'static str {
    let flags = cx.session.and_then(|session| cx.world.session(session)).map(|session| &session.flags);
    let has = |flag: Flag| flags.is_some_and(|flags| flags.has(flag));
    match () {
        () if has(Flag::Nocolor) => "You have switched colours off (|woption nocolor = off|n).",
        () if has(Flag::Truecolor) => "Your client shows 16 million colours.",
        () if has(Flag::Xterm256) => "Your client shows 256 colours.",
        () if has(Flag::Ansi) => "Your client shows 16 colours.",
        () => "Your client shows no colours.",
    }
}

fn ansi() -> String {
    let mut table = String::from("|wANSI colours|n (bright, normal, background):");
    for (letter, dark) in
        [('r', 'R'), ('g', 'G'), ('y', 'Y'), ('b', 'B'), ('m', 'M'), ('c', 'C'), ('w', 'W'), ('x', 'X')]
    {
        table.push_str(&format!("\n  |{letter}||{letter}|n  |{dark}||{dark}|n  |[{dark}||[{dark}|n"));
    }
    table.push_str(
        "\n  |u||u|n underline, |i||i|n italic, |s||s|n strike, |^||^|n blink, |*||*|n inverse, ||n normal",
    );
    table
}

/// The cube, red by red: six columns of greens, with the blues below each other; then the greys.
fn xterm256() -> String {
    let mut table = String::from("|wXterm256 colours|n (put a [ behind the bar for the background):");
    for red in 0..6 {
        for blue in 0..6 {
            let cells = (0..6).map(|green| format!("|{red}{green}{blue}||{red}{green}{blue}|n"));
            table.push_str(&format!("\n  {}", cells.collect::<Vec<_>>().join(" ")));
        }
    }
    for greys in [('a'..='m'), ('n'..='z')] {
        let cells = greys.map(|grey| format!("|={grey}||={grey}|n"));
        table.push_str(&format!("\n  {}", cells.collect::<Vec<_>>().join(" ")));
    }
    table
}

/// A band from red over green to blue.
fn truecolor(width: usize) -> String {
    let mut table = String::from("|wTruecolor|n (||#rrggbb, ||[#rrggbb for the background):\n");
    let columns = width.clamp(10, 76);
    for column in 0..columns {
        let at = column * 510 / (columns - 1);
        let red = 255usize.saturating_sub(at);
        let green = if at > 255 { 510 - at } else { at };
        let blue = at.saturating_sub(255);
        table.push_str(&format!("|[#{red:02x}{green:02x}{blue:02x} "));
    }
    table.push_str("|n");
    table
}
