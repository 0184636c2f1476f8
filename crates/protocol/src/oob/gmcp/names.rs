//! Names of tuples to names of packages and back. Both directions use it.

use std::borrow::Cow;

use super::{case, published};

/// How tuples and packages are called in one game, beyond the rules that hold for every game.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    aliases: Vec<(Box<str>, Box<str>)>,
    plain: Vec<Box<str>>,
}

impl Names {
    /// Tuples of this name are this package, exactly so, and the package (whatever its case) is that tuple.
    pub fn alias(mut self, tuple: &str, package: &str) -> Names {
        self.aliases.push((tuple.into(), package.into()));
        self
    }

    /// The body of this tuple may be bare text instead of JSON, as clients send it that know no better.
    pub fn plain(mut self, tuple: &str) -> Names {
        self.plain.push(tuple.to_lowercase().into());
        self
    }

    /// Whether a body that is no JSON is text. Evennia thinks so of every package.
    pub(super) fn may_be_plain(&self, tuple: &str) -> bool {
        const PLAIN: [&str; 6] = ["text", "echo", "ping", "keepalive", "goodbye", "client_gui"];
        PLAIN.contains(&tuple) || self.plain.iter().any(|known| **known == *tuple)
    }
}

/// Why a tuple's name can be no package's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// A space or a control character would end the name.
    #[error("a package cannot be called {0:?}: there is a space or a control character in it")]
    Unspeakable(String),
    /// Two `_` or `.` with nothing between them, or one at an end.
    #[error("a package cannot be called {0:?}: a part of it is empty")]
    EmptyPart(String),
}

/// Names that Evennia has for packages of its own. The first of each is a tuple, the second a package.
const EVENNIA: [(&str, &str); 5] = [
    ("client_options", "Core.Supports.Get"),
    ("get_inputfuncs", "Core.Commands.Get"),
    ("get_value", "Char.Value.Get"),
    ("repeat", "Char.Repeat.Update"),
    ("monitor", "Char.Monitor.Update"),
];

/// The package that a tuple of this name is sent as.
///
/// In this order: an alias of the game; Evennia's table; a name with a `.`, and `MSDP`, as it is; else by
/// Evennia's rules (`char_vitals` is `Char.Vitals`, a part in capitals is kept, a name of one part belongs to
/// `Core`), but with the capitals that published packages have (`room_wrongdir` is `Room.WrongDir`).
///
/// # Errors
///
/// If no client could read the name.
pub fn package<'a>(tuple: &'a str, names: &'a Names) -> Result<Cow<'a, str>, NameError> {
    if let Some((_, package)) = names.aliases.iter().find(|(known, _)| **known == *tuple) {
        return Ok(Cow::Borrowed(package));
    }
    if let Some((_, package)) = EVENNIA.iter().find(|(known, _)| *known == tuple) {
        return Ok(Cow::Borrowed(package));
    }
    if tuple.contains(|ch: char| is_space(ch) || ch.is_control()) {
        return Err(NameError::Unspeakable(tuple.to_owned()));
    }
    let verbatim = tuple.contains('.');
    if tuple.split(if verbatim { '.' } else { '_' }).any(str::is_empty) && !tuple.is_empty() {
        return Err(NameError::EmptyPart(tuple.to_owned()));
    }
    if verbatim || tuple == "MSDP" {
        return Ok(Cow::Borrowed(tuple));
    }
    Ok(Cow::Owned(if tuple.contains('_') { of_parts(tuple) } else { of_core(tuple) }))
}

/// The tuple that a package of this name is for: never empty but for `Core.`.
pub(super) fn tuple(package: &str, names: &Names) -> String {
    let own = names.aliases.iter().map(|(tuple, package)| (&**tuple, &**package));
    if let Some((tuple, _)) = own.chain(EVENNIA).find(|(_, known)| same(known, package)) {
        return tuple.to_owned();
    }
    let name = package.replace('.', "_").to_lowercase();
    match name.strip_prefix("core_") {
        Some(rest) => rest.to_owned(),
        None => name,
    }
}

/// What Python takes for white space: Unicode's, and four separators of ASCII.
pub(super) fn is_space(ch: char) -> bool {
    ch.is_whitespace() || matches!(ch, '\x1c'..='\x1f')
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || one.to_lowercase() == other.to_lowercase()
}

fn of_parts(tuple: &str) -> String {
    let parts: Vec<_> = tuple
        .split('_')
        .map(
            |part| {
                if case::is_upper(part) { Cow::Borrowed(part) } else { Cow::Owned(case::capitalize(part)) }
            },
        )
        .collect();
    let package = parts.join(".");
    let Some(published) = published::longest(&package) else { return package };
    // Capitals that the game wrote itself are meant.
    let mut spelling = published.split('.');
    let spelled = parts.iter().zip(tuple.split('_')).map(|(part, given)| match spelling.next() {
        Some(published) if !case::is_upper(given) => published,
        _ => part,
    });
    spelled.collect::<Vec<_>>().join(".")
}

fn of_core(tuple: &str) -> String {
    let made = if case::is_titlecased(tuple) { tuple.to_owned() } else { case::capitalize(tuple) };
    let package = format!("Core.{made}");
    published::longest(&package)
        .filter(|known| known.len() == package.len())
        .map_or(package.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(tuple: &str) -> String {
        package(tuple, &Names::default()).map_or_else(|error| format!("({error})"), Cow::into_owned)
    }

    fn back(package: &str) -> String {
        tuple(package, &Names::default())
    }

    #[test]
    fn published_packages_are_spelled_as_published() {
        for (tuple, package) in [
            ("char_maxstats", "Char.MaxStats"),
            ("char_statusvars", "Char.StatusVars"),
            ("client_gui", "Client.GUI"),
            ("room_addplayer", "Room.AddPlayer"),
            ("ire_rift_change", "IRE.Rift.Change"),
            ("CHAR_MAXSTATS", "CHAR.MAXSTATS"),
            ("keepalive", "Core.KeepAlive"),
            ("core_keepalive", "Core.KeepAlive"),
        ] {
            assert_eq!(out(tuple), package);
        }
    }

    #[test]
    fn aliases_go_both_ways_and_before_every_rule() {
        let names = Names::default().alias("weather", "MyMUD.Weather").alias("get_value", "MyMUD.Value");
        assert_eq!(package("weather", &names).unwrap(), "MyMUD.Weather");
        assert_eq!(package("get_value", &names).unwrap(), "MyMUD.Value");
        assert_eq!(tuple("mymud.WEATHER", &names), "weather");
        assert_eq!(tuple("Char.Value.Get", &names), "get_value");
    }

    #[test]
    fn there_and_back() {
        for name in
            ["char_vitals", "room_wrongdir", "ping", "get_value", "client_gui", "external_discord_hello"]
        {
            assert_eq!(back(&out(name)), name);
        }
        assert_eq!(
            (back("Core.Core.Ping"), back("CORE_X"), back("Corex.Y")),
            ("core_ping".into(), "x".into(), "corex_y".into())
        );
    }

    #[test]
    fn names_that_no_client_could_read() {
        for name in ["a b", "a\u{a0}b", "a\nb", "a\0", "a\x1c", "a\u{80}"] {
            assert!(matches!(package(name, &Names::default()), Err(NameError::Unspeakable(_))), "{name:?}");
        }
        for name in ["_", "a__b", "_a", "a_", ".", "a..b", ".a", "a."] {
            assert!(matches!(package(name, &Names::default()), Err(NameError::EmptyPart(_))), "{name:?}");
        }
    }
}
