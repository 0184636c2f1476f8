//! The layers of settings: defaults, then `meadow.toml`, then the environment, then `--set`; the last one
//! that names a setting wins. The launcher calls [`Settings::load`].

use std::{fmt, fmt::Write as _, io, path::Path, path::PathBuf};

use meadow_portal::OwnService;
use serde_json::{Map, Value};
use toml::{Spanned, de::DeTable, de::DeValue};

use super::{
    Config, ConfigError, Setting,
    own::{SERVICES, Table},
    suggest::nearest,
    value,
};

/// What an environment variable that is a setting starts with.
const VARIABLE_PREFIX: &str = "MEADOW_";

/// Where settings are looked for.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The game's own name, the default of `game.name`.
    pub game_name: String,
    /// The services that the game brings along.
    pub services: Vec<OwnService>,
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

/// Every setting with its value and where that came from, in the order of the file.
#[derive(Debug, Clone)]
pub struct Settings {
    table: Table,
    values: Vec<(Value, Origin)>,
}

impl Settings {
    /// Reads all layers. Errors name the setting, where it stands and what it may be.
    pub fn load(sources: &Sources) -> Result<Settings, ConfigError> {
        let table = Table::new(&sources.services);
        let default = |setting: &Setting| (setting.default_value(&sources.game_name), Origin::Default);
        let values = table.settings.iter().map(default).collect();
        let mut settings = Settings { table, values };
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
        sections.insert(SERVICES.to_owned(), Value::Object(Map::new()));
        for (setting, (value, _)) in self.table.settings.iter().zip(&self.values) {
            let empty = || Value::Object(Map::new());
            match setting.section.split_once('.') {
                Some((outer, name)) => {
                    sections.entry(outer).or_insert_with(empty)[name][setting.key] = value.clone()
                }
                None => sections.entry(&*setting.section).or_insert_with(empty)[setting.key] = value.clone(),
            }
        }
        serde_json::from_value(Value::Object(sections))
            .map_err(|error| ConfigError::Disagree(error.to_string()))
    }

    /// Every setting as `meadow.toml` would have it, with where it came from.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for section in &self.table.sections {
            let _ = writeln!(text, "{}[{}]", if text.is_empty() { "" } else { "\n" }, section.name);
            for (setting, (value, origin)) in self.table.settings.iter().zip(&self.values) {
                if setting.section == section.name {
                    let line = format!("{} = {}", setting.key, value::toml(value));
                    let _ = writeln!(text, "{line:<40} # {origin}");
                }
            }
        }
        text
    }

    /// Name, value and origin of every setting, for staff who look at them on a page. What may be a secret is masked.
    pub fn shown(&self) -> Vec<[String; 3]> {
        let all = self.table.settings.iter().zip(&self.values);
        let shown = all.map(|(setting, (value, origin))| {
            let value = if setting.may_be_secret() { "***".to_owned() } else { value::toml(value) };
            [setting.name(), value, origin.to_string()]
        });
        shown.collect()
    }

    /// A setting's value and where it came from, by `section.key`.
    pub fn origin(&self, name: &str) -> Option<(&Value, &Origin)> {
        let index = self.table.position(name)?;
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
        let file = SettingsFile { path, text };
        for (section, content) in document.get_ref() {
            match content.get_ref() {
                // The sections of the game's own services are tables within this one.
                DeValue::Table(services) if section.get_ref() == SERVICES => {
                    for (service, content) in services {
                        let name = format!("{SERVICES}.{}", service.get_ref());
                        self.read_section(&file, &name, service.span().start, content.get_ref())?;
                    }
                }
                content => self.read_section(&file, section.get_ref(), section.span().start, content)?,
            }
        }
        Ok(())
    }

    fn read_section(
        &mut self,
        file: &SettingsFile<'_>,
        section: &str,
        at: usize,
        content: &DeValue<'_>,
    ) -> Result<(), ConfigError> {
        let DeValue::Table(content) = content else { return Err(self.unknown(section, file.origin(at))) };
        if !self.table.has_section(section) {
            return Err(self.unknown(section, file.origin(at)));
        }
        for (key, written) in content {
            let name = format!("{section}.{}", key.get_ref());
            let source = file.text.get(written.span()).unwrap_or_default();
            self.read_entry(&name, written, source, file.origin(key.span().start))?;
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
        let Some(index) = self.table.position(name) else { return Err(self.unknown(name, origin)) };
        let read = value::from_toml(&self.table.settings[index].kind, written.get_ref());
        self.put(index, origin, source, read)
    }

    /// Variables are found by the settings' names, not the other way round, since others may start with
    /// `MEADOW_` too. One that is nearly a setting was meant to be one.
    fn read_environment(&mut self, environment: &[(String, String)]) -> Result<(), ConfigError> {
        let names: Vec<String> = self.table.settings.iter().map(Setting::variable).collect();
        for (variable, text) in environment.iter().filter(|(name, _)| name.starts_with(VARIABLE_PREFIX)) {
            let origin = Origin::Environment(variable.clone());
            let single = variable.replace("__", "_");
            match names.iter().position(|name| *name == single) {
                Some(index) => {
                    let read = value::parse(&self.table.settings[index].kind, text);
                    self.put(index, origin, &format!("{text:?}"), read)?;
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
        let Some(index) = self.table.position(name) else { return Err(self.unknown(name, Origin::Set)) };
        let read = value::parse(&self.table.settings[index].kind, given);
        self.put(index, Origin::Set, &format!("{given:?}"), read)
    }

    fn put(
        &mut self,
        index: usize,
        origin: Origin,
        written: &str,
        read: Result<Value, String>,
    ) -> Result<(), ConfigError> {
        let setting = &self.table.settings[index];
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

    /// The error for a name that is no setting, with what was meant or what there is.
    fn unknown(&self, name: &str, origin: Origin) -> ConfigError {
        let Table { sections, settings } = &self.table;
        let section = if self.table.has_section(name) { name } else { section_of(name) };
        let in_section: Vec<&str> =
            settings.iter().filter(|setting| setting.section == section).map(|setting| setting.key).collect();
        let full: Vec<String> = settings.iter().map(Setting::name).collect();
        let sections = sections.iter().map(|section| &*section.name);
        let hint = if let Some(meant) = nearest(name, full.iter().map(String::as_str)) {
            format!("did you mean `{meant}`?")
        } else if let Some(meant) = settings.iter().find(|setting| setting.key == name) {
            format!("did you mean `{}`?", meant.name())
        } else if !in_section.is_empty() {
            format!("`{section}` has {}", in_section.join(", "))
        } else if let Some(meant) =
            nearest(name, sections.clone()).or_else(|| nearest(section, sections.clone()))
        {
            format!("did you mean the section `{meant}`?")
        } else {
            format!("the sections are {}", sections.collect::<Vec<_>>().join(", "))
        };
        ConfigError::Unknown { origin, name: name.to_owned(), hint }
    }
}

/// A file of settings, to say where in it something stands.
struct SettingsFile<'a> {
    path: &'a Path,
    text: &'a str,
}

impl SettingsFile<'_> {
    fn origin(&self, at: usize) -> Origin {
        Origin::File { path: self.path.to_owned(), line: position(self.text, at).0 }
    }
}

/// The section of a setting's name.
fn section_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(section, _)| section)
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
