//! What a setting and a section of the settings are. The rows of the table and those that a game brings along are made of
//! them.

use std::{borrow::Cow, fmt::Write as _};

use meadow_portal::OwnService;
use serde_json::Value;

use super::{
    own::Table,
    value::{self, Kind},
};

/// One setting.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The `[section]` it stands in.
    pub section: Cow<'static, str>,
    /// Its name there.
    pub key: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// What it is unless somebody says otherwise, in the form that `--set` takes. The game's own name
    /// takes the place of the default of `game.name`.
    pub default: Cow<'static, str>,
    /// What it does, units included.
    pub doc: &'static str,
}

impl Setting {
    /// `section.key`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }

    /// The environment variable that sets it: `MEADOW_SECTION_KEY`.
    pub fn variable(&self) -> String {
        let section = self.section.replace(['.', '-'], "_");
        format!("MEADOW_{section}_{}", self.key).to_ascii_uppercase()
    }

    /// Whether its value is not for the eyes of all staff: a text that is called a password, a secret or a token.
    pub(super) fn may_be_secret(&self) -> bool {
        let is_text = matches!(self.kind, Kind::Text | Kind::Line | Kind::Texts);
        is_text && ["password", "secret", "token"].iter().any(|word| self.key.contains(word))
    }

    /// The default as a value; the game's name stands in for that of `game.name`.
    pub fn default_value(&self, game_name: &str) -> Value {
        if (&*self.section, self.key) == ("game", "name") {
            return Value::String(game_name.to_owned());
        }
        value::parse(&self.kind, &self.default).expect("the defaults are checked by a test")
    }
}

/// One section of `meadow.toml`.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its name.
    pub name: Cow<'static, str>,
    /// What it is about.
    pub doc: Cow<'static, str>,
}

/// The `meadow.toml` of a new game: every setting with its description and its default, commented out,
/// so that the defaults of a later version are taken over where nobody chose otherwise.
pub fn default_file(game_name: &str, services: &[OwnService]) -> String {
    let table = Table::new(services);
    let mut file = format!(
        "# Settings of {}.\n\
         #\n\
         # What is commented out shows the default. Each setting can also be given by an environment variable\n\
         # (MEADOW_TELNET_LISTEN=...) or on the command line (--set telnet.listen=...); the command line wins,\n\
         # then the environment, then this file. `config` shows what holds and where it came from.\n",
        game_name.replace(char::is_control, " ")
    );
    for section in &table.sections {
        let _ = write!(file, "\n# {}\n[{}]\n", section.doc, section.name);
        for setting in table.settings.iter().filter(|setting| setting.section == section.name) {
            for line in setting.doc.lines() {
                let _ = writeln!(file, "# {line}");
            }
            let _ = writeln!(file, "#{} = {}", setting.key, value::toml(&setting.default_value(game_name)));
        }
    }
    file
}
