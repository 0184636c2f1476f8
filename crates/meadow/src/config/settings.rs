//! The layers of settings: defaults, then `meadow.toml`, then the environment, then `--set`; the last one
//! that names a setting wins. The launcher calls [`Settings::load`].

use std::{fmt, fmt::Write as _, io, path::Path, path::PathBuf};

use serde_json::{Map, Value};
use toml::{Spanned, de::DeTable, de::DeValue};

use super::{Config, ConfigError, SECTIONS, SETTINGS, Setting, suggest::nearest, value};

/// What an environment variable that is a setting starts with.
const VARIABLE_PREFIX: &str = "MEADOW_";

/// Where settings are looked for.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The game's own name, the default of `game.name`.
    pub game_name: String,
    /// `meadow.toml`; one that does not exist is empty.
    pub file: PathBuf,
    /// The environment, names and values.
    pub environment: Vec<(String, String)>,
    /// The arguments of `--set`, in order.
    pub overrides: Vec<String>,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said otherwise.
    Default,
    /// This line of `meadow.toml`.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// This environment variable.
    Environment(String),
    /// The command line.
    Set,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File { path, line } => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                write!(f, "{}, line {line}", name.display())
            }
            Origin::Environment(variable) => write!(f, "environment, {variable}"),
            Origin::Set => f.write_str("--set"),
        }
    }
}

/// Every setting with its value and where that came from, in the order of [`SETTINGS`].
#[derive(Debug, Clone)]
pub struct Settings {
    values: Vec<(Value, Origin)>,
}

impl Settings {
    /// Reads all layers. Errors name the setting, where it stands and what it may be.
    pub fn load(sources: &Sources) -> Result<Settings, ConfigError> {
        let defaults =
            SETTINGS.iter().map(|setting| (setting.default_value(&sources.game_name), Origin::Default));
        let mut settings = Settings { values: defaults.collect() };
        settings.read_file(&sources.file)?;
        settings.read_environment(&sources.environment)?;
        for text in &sources.overrides {
            settings.read_override(text)?;
        }
        Ok(settings)
    }

    /// The settings as types.
    pub fn config(&self) -> Result<Config, ConfigError> {
        let mut sections = Map::new();
        for (setting, (value, _)) in SETTINGS.iter().zip(&self.values) {
            let section = sections.entry(setting.section).or_insert_with(|| Value::Object(Map::new()));
            section[setting.key] = value.clone();
        }
        serde_json::from_value(Value::Object(sections))
            .map_err(|error| ConfigError::Disagree(error.to_string()))
    }

    /// Every setting as `meadow.toml` would have it, with where it came from.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for section in SECTIONS {
            let _ = writeln!(text, "{}[{}]", if text.is_empty() { "" } else { "\n" }, section.name);
            for (setting, (value, origin)) in SETTINGS.iter().zip(&self.values) {
                if setting.section == section.name {
                    let line = format!("{} = {}", setting.key, value::toml(value));
                    let _ = writeln!(text, "{line:<40} # {origin}");
                }
            }
        }
        text
    }

    /// A setting's value and where it came from, by `section.key`.
    pub fn origin(&self, name: &str) -> Option<(&Value, &Origin)> {
        let index = SETTINGS.iter().position(|setting| setting.name() == name)?;
        self.values.get(index).map(|(value, origin)| (value, origin))
    }

    fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            // Where there is no folder either, whoever needs one says what is wrong with it.
            Err(missing)
                if matches!(missing.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
            {
                return Ok(());
            }
            Err(reason) => return Err(ConfigError::Read { path: path.to_owned(), reason }),
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let document = DeTable::parse(text).map_err(|error| {
            let (line, column) = position(text, error.span().map_or(text.len(), |span| span.start));
            let message = error.message().replace('\n', " ");
            ConfigError::Syntax { path: path.to_owned(), line, column, message }
        })?;
        let origin = |at: usize| Origin::File { path: path.to_owned(), line: position(text, at).0 };
        for (section, content) in document.get_ref() {
            let DeValue::Table(content) = content.get_ref() else {
                return Err(unknown(section.get_ref(), origin(section.span().start)));
            };
            if !SECTIONS.iter().any(|known| known.name == section.get_ref()) {
                return Err(unknown(section.get_ref(), origin(section.span().start)));
            }
            for (key, written) in content {
                let name = format!("{}.{}", section.get_ref(), key.get_ref());
                let source = text.get(written.span()).unwrap_or_default();
                self.read_entry(&name, written, source, origin(key.span().start))?;
            }
        }
        Ok(())
    }

    fn read_entry(
        &mut self,
        name: &str,
        written: &Spanned<DeValue<'_>>,
        source: &str,
        origin: Origin,
    ) -> Result<(), ConfigError> {
        let Some(index) = SETTINGS.iter().position(|setting| setting.name() == name) else {
            return Err(unknown(name, origin));
        };
        self.put(index, origin, source, value::from_toml(&SETTINGS[index].kind, written.get_ref()))
    }

    /// Variables are found by the settings' names, not the other way round, since others may start with
    /// `MEADOW_` too. One that is nearly a setting was meant to be one.
    fn read_environment(&mut self, environment: &[(String, String)]) -> Result<(), ConfigError> {
        let names: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
        for (variable, text) in environment.iter().filter(|(name, _)| name.starts_with(VARIABLE_PREFIX)) {
            let origin = Origin::Environment(variable.clone());
            let single = variable.replace("__", "_");
            match names.iter().position(|name| *name == single) {
                Some(index) => {
                    self.put(index, origin, &format!("{text:?}"), value::parse(&SETTINGS[index].kind, text))?;
                }
                None => {
                    let lower = single.to_ascii_lowercase();
                    let known: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
                    if let Some(meant) = nearest(&lower, known.iter().map(String::as_str)) {
                        let hint = format!("did you mean {}?", meant.to_ascii_uppercase());
                        return Err(ConfigError::Unknown { origin, name: variable.clone(), hint });
                    }
                }
            }
        }
        Ok(())
    }

    fn read_override(&mut self, text: &str) -> Result<(), ConfigError> {
        let Some((name, given)) = text.split_once('=') else {
            return Err(ConfigError::Override { text: text.to_owned() });
        };
        let name = name.trim();
        let Some(index) = SETTINGS.iter().position(|setting| setting.name() == name) else {
            return Err(unknown(name, Origin::Set));
        };
        self.put(index, Origin::Set, &format!("{given:?}"), value::parse(&SETTINGS[index].kind, given))
    }

    fn put(
        &mut self,
        index: usize,
        origin: Origin,
        written: &str,
        read: Result<Value, String>,
    ) -> Result<(), ConfigError> {
        let setting = &SETTINGS[index];
        match read {
            Ok(value) => {
                self.values[index] = (value, origin);
                Ok(())
            }
            Err(remark) => {
                let remark = if remark.is_empty() { remark } else { format!(" ({remark})") };
                let value = format!("{}{remark}", shortened(written));
                Err(ConfigError::Value { origin, name: setting.name(), want: setting.kind.wanted(), value })
            }
        }
    }
}

/// The error for a name that is no setting, with what was meant or what there is.
fn unknown(name: &str, origin: Origin) -> ConfigError {
    let section = name.split('.').next().unwrap_or(name);
    let in_section: Vec<&str> =
        SETTINGS.iter().filter(|setting| setting.section == section).map(|setting| setting.key).collect();
    let full: Vec<String> = SETTINGS.iter().map(Setting::name).collect();
    let sections = SECTIONS.iter().map(|section| section.name);
    let hint = if let Some(meant) = nearest(name, full.iter().map(String::as_str)) {
        format!("did you mean `{meant}`?")
    } else if let Some(meant) = SETTINGS.iter().find(|setting| setting.key == name) {
        format!("did you mean `{}`?", meant.name())
    } else if !in_section.is_empty() {
        format!("`{section}` has {}", in_section.join(", "))
    } else if let Some(meant) = nearest(section, sections.clone()) {
        format!("did you mean the section `{meant}`?")
    } else {
        format!("the sections are {}", sections.collect::<Vec<_>>().join(", "))
    };
    ConfigError::Unknown { origin, name: name.to_owned(), hint }
}

/// The beginning of a text, for a message that is to stay one line.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} ...", &line[..end]),
        None => line,
    }
}

/// Line and column of a byte, both from 1.
fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, column)
}
