//! A world as lines of JSON: one row a line, in order, for eyes, for `diff`, and for other programs. `upkeep` writes and
//! reads it.
//!
//! The first line says what it is. Columns that hold JSON are JSON here; one whose text would not come back letter by
//! letter stands as a text, under its name with `_text` after it. Notes of inputs are left out: they belong to
//! connections, and no connection outlives what an export is for.

use std::{
    collections::HashMap,
    io::{self, BufRead, Write},
};

use meadow_world::{AccountRow, ObjectRow, RecordRow, Snapshot};
use serde_json::{Map, Value};

/// The version of the form, in the first line.
const VERSION: u64 = 1;

/// After the name of a column that stands as a text.
const AS_TEXT: &str = "_text";

/// Why a file can't be read in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A line is not what it should be.
    #[error("line {line}: {what}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// A sentence.
        what: String,
    },
    /// The file can't be read.
    #[error("it can't be read: {0}")]
    Io(#[from] io::Error),
}

/// Writes a world.
///
/// # Errors
/// Those of `out`.
pub fn write(snapshot: &Snapshot, out: &mut impl Write) -> io::Result<()> {
    let header = Fields::new().text("meadow", "export").number("version", VERSION);
    header.write(out)?;
    let mut objects: Vec<&ObjectRow> = snapshot.objects.iter().collect();
    objects.sort_by_key(|row| row.id);
    objects.into_iter().try_for_each(|row| object_fields(row).write(out))?;
    let mut accounts: Vec<&AccountRow> = snapshot.accounts.iter().collect();
    accounts.sort_by_key(|row| row.id);
    accounts.into_iter().try_for_each(|row| account_fields(row).write(out))?;
    let mut records: Vec<&RecordRow> = snapshot.records.iter().collect();
    records.sort_by_key(|row| (&row.kind, row.id));
    for row in records {
        let fields = Fields::of("records").text("kind", &row.kind).number("id", row.id);
        fields.text("key", &row.key).json("data", &row.data).write(out)?;
    }
    let mut config: Vec<&(String, String)> = snapshot.config.iter().collect();
    config.sort();
    config
        .into_iter()
        .try_for_each(|(key, value)| Fields::of("config").text("key", key).text("value", value).write(out))
}

fn object_fields(row: &ObjectRow) -> Fields {
    Fields::of("objects")
        .number("id", row.id)
        .text("key", &row.key)
        .text("typeclass", &row.typeclass)
        .number("location", row.location)
        .number("home", row.home)
        .number("destination", row.destination)
        .number("account", row.account)
        .json("aliases", &row.aliases)
        .text("locks", &row.locks)
        .json("tags", &row.tags)
        .json("permissions", &row.permissions)
        .number("created", row.created)
        .json("attributes", &row.attributes)
}

fn account_fields(row: &AccountRow) -> Fields {
    let mut fields = Fields::of("accounts").number("id", row.id).text("name", &row.name);
    fields = fields.text("password", &row.password);
    fields.0.insert("is_superuser".to_owned(), row.is_superuser.into());
    fields
        .json("permissions", &row.permissions)
        .json("characters", &row.characters)
        .number("last_puppet", row.last_puppet)
        .number("created", row.created)
        .number("last_login", row.last_login)
        .json("attributes", &row.attributes)
}

/// The fields of a line, in their order.
struct Fields(Map<String, Value>);

impl Fields {
    fn new() -> Fields {
        Fields(Map::new())
    }

    fn of(table: &str) -> Fields {
        Fields::new().text("table", table)
    }

    fn text(mut self, name: &str, text: &str) -> Fields {
        self.0.insert(name.to_owned(), text.into());
        self
    }

    /// None is left out.
    fn number(mut self, name: &str, number: impl Into<Option<u64>>) -> Fields {
        if let Some(number) = number.into() {
            self.0.insert(name.to_owned(), number.into());
        }
        self
    }

    fn json(mut self, name: &str, text: &str) -> Fields {
        // In a line it stands one level deeper, and there is a limit to that.
        let inside = serde_json::from_str(&format!("[{text}]")).ok();
        match inside.and_then(|list: [Value; 1]| list.into_iter().next()) {
            Some(value) if serde_json::to_string(&value).is_ok_and(|written| written == text) => {
                self.0.insert(name.to_owned(), value);
                self
            }
            _ => self.text(&format!("{name}{AS_TEXT}"), text),
        }
    }

    fn write(self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, &Value::Object(self.0))?;
        out.write_all(b"\n")
    }
}

/// Reads a world.
///
/// # Errors
/// The first line that is not what it should be, with its number.
pub fn read(mut input: impl BufRead) -> Result<Snapshot, ImportError> {
    let mut snapshot = Snapshot::default();
    let mut seen: HashMap<(&'static str, String), usize> = HashMap::new();
    let mut bytes = Vec::new();
    let mut number = 0;
    loop {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        number += 1;
        let wrong = |what: String| ImportError::Line { line: number, what };
        let text = std::str::from_utf8(&bytes).map_err(|_| wrong("it is not UTF-8".to_owned()))?.trim();
        if text.is_empty() {
            continue;
        }
        let row = Row::parse(text).map_err(&wrong)?;
        if number == 1 {
            row.header().map_err(wrong)?;
            continue;
        }
        let (table, id) = row.add(&mut snapshot).map_err(&wrong)?;
        if let Some(before) = seen.insert((table, id.clone()), number) {
            return Err(wrong(format!("the row {id} of {table} stands in line {before} already")));
        }
    }
    if number == 0 {
        return Err(ImportError::Line { line: 1, what: "the file is empty".to_owned() });
    }
    Ok(snapshot)
}

/// A line that is being taken apart.
struct Row(Map<String, Value>);

impl Row {
    fn parse(text: &str) -> Result<Row, String> {
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok(Row(fields)),
            Ok(_) => Err("it is no JSON object".to_owned()),
            Err(error) => Err(format!("it is no JSON: {}", without_line(&error.to_string()))),
        }
    }

    fn header(&self) -> Result<(), String> {
        if self.0.get("meadow") != Some(&"export".into()) {
            return Err(
                "this is no export of Meadow: it does not begin with {\"meadow\":\"export\",..}".to_owned()
            );
        }
        match self.0.get("version").and_then(Value::as_u64) {
            Some(version) if version <= VERSION => Ok(()),
            _ => Err(format!("it is of a newer form than this program knows, which is {VERSION}")),
        }
    }

    /// Gives back table and name of the row.
    fn add(mut self, to: &mut Snapshot) -> Result<(&'static str, String), String> {
        let table = self.text("table")?;
        let named = match table.as_str() {
            "objects" => {
                let row = self.object()?;
                let id = row.id.to_string();
                to.objects.push(row);
                ("objects", id)
            }
            "accounts" => {
                let row = self.account()?;
                let id = row.id.to_string();
                to.accounts.push(row);
                ("accounts", id)
            }
            "records" => {
                let (kind, id, key) = (self.text("kind")?, self.number("id")?, self.text("key")?);
                let data = self.json("data", None)?;
                let name = format!("{kind} {id}");
                to.records.push(RecordRow { kind, id, key, data });
                ("records", name)
            }
            "config" => {
                let (key, value) = (self.text("key")?, self.text("value")?);
                to.config.push((key.clone(), value));
                ("config", key)
            }
            other => return Err(format!("there is no table {other:?}")),
        };
        match self.0.keys().next() {
            Some(unknown) => Err(format!("{table} have no column {unknown:?}")),
            None => Ok(named),
        }
    }

    fn object(&mut self) -> Result<ObjectRow, String> {
        Ok(ObjectRow {
            id: self.number("id")?,
            key: self.text("key")?,
            typeclass: self.text("typeclass")?,
            location: self.number_or_none("location")?,
            home: self.number_or_none("home")?,
            destination: self.number_or_none("destination")?,
            account: self.number_or_none("account")?,
            aliases: self.json("aliases", Some("[]"))?,
            locks: if self.0.contains_key("locks") { self.text("locks")? } else { String::new() },
            tags: self.json("tags", Some("[]"))?,
            permissions: self.json("permissions", Some("[]"))?,
            created: self.number_or_none("created")?.unwrap_or_default(),
            attributes: self.json("attributes", Some("{}"))?,
        })
    }

    fn account(&mut self) -> Result<AccountRow, String> {
        Ok(AccountRow {
            id: self.number("id")?,
            name: self.text("name")?,
            password: self.text("password")?,
            is_superuser: match self.0.shift_remove("is_superuser") {
                None => false,
                Some(Value::Bool(is)) => is,
                Some(other) => return Err(format!("is_superuser is {other}, and should be true or false")),
            },
            permissions: self.json("permissions", Some("[]"))?,
            characters: self.json("characters", Some("[]"))?,
            last_puppet: self.number_or_none("last_puppet")?,
            created: self.number_or_none("created")?.unwrap_or_default(),
            last_login: self.number_or_none("last_login")?,
            attributes: self.json("attributes", Some("{}"))?,
        })
    }

    fn text(&mut self, name: &str) -> Result<String, String> {
        match self.0.shift_remove(name) {
            Some(Value::String(text)) => Ok(text),
            Some(other) => Err(format!("{name} is {other}, and should be a text")),
            None => Err(format!("{name} is missing")),
        }
    }

    fn number(&mut self, name: &str) -> Result<u64, String> {
        self.number_or_none(name)?.ok_or_else(|| format!("{name} is missing"))
    }

    fn number_or_none(&mut self, name: &str) -> Result<Option<u64>, String> {
        match self.0.shift_remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_u64() {
                Some(number) => Ok(Some(number)),
                None => Err(format!("{name} is {value}, and should be a whole number")),
            },
        }
    }

    fn json(&mut self, name: &str, default: Option<&str>) -> Result<String, String> {
        let as_text = format!("{name}{AS_TEXT}");
        match (self.0.shift_remove(name), default) {
            (Some(_), _) if self.0.contains_key(&as_text) => {
                Err(format!("{name} and {as_text} stand side by side, and only one of them can count"))
            }
            (Some(value), _) => Ok(value.to_string()),
            (None, _) if self.0.contains_key(&as_text) => self.text(&as_text),
            (None, Some(default)) => Ok(default.to_owned()),
            (None, None) => Err(format!("{name} is missing")),
        }
    }
}

/// An error of JSON without its line, which is always 1.
fn without_line(error: &str) -> String {
    error.replace(" at line 1 column ", " at column ")
}
