//! Looks through what is stored for what is not as it should be, and mends what can be mended safely. The Server's
//! `upkeep` asks for it; nothing of it happens while a game runs.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::{
    AccountRow, Attributes, Batch, ObjectId, ObjectRow, Record, RecordRow, Snapshot, Tag, WorldBuilder,
    locks, records::Records, session_state::SessionState,
};

/// The largest number of an object that is nothing strange: objects stand in a table by their numbers, and one of this
/// number makes it 1 GiB long.
pub const LARGEST_OBJECT: u64 = 1 << 27;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The table where it stands: `objects`, `accounts`, `records`, `config`.
    pub table: &'static str,
    /// The row: a number, the name of a value, or kind and number of a record.
    pub id: String,
    /// What the row calls itself.
    pub name: String,
    /// What is wrong, as a sentence.
    pub what: String,
    /// What is to be done.
    pub fix: Fix,
}

/// What is to be done about a [`Finding`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// [`Checked::mended`] does it, and loses nothing: this is how it is from then on.
    Safe(String),
    /// Somebody has to decide; this is what they can do.
    ByHand(String),
}

/// What a check has found.
#[derive(Debug, Default)]
pub struct Checked {
    /// Everything that was found.
    pub findings: Vec<Finding>,
    /// What has to be stored so that all safe fixes are done.
    pub mended: Batch,
}

impl WorldBuilder {
    /// Looks through what is stored of this game.
    pub fn check(&self, snapshot: Snapshot) -> Checked {
        let mut check = Check {
            builder: self,
            findings: Vec::new(),
            objects: snapshot.objects.into_iter().map(|row| (row.id, row)).collect(),
            accounts: snapshot.accounts.into_iter().map(|row| (row.id, row)).collect(),
            config: snapshot.config.into_iter().collect(),
            mended_objects: BTreeSet::new(),
            mended_accounts: BTreeSet::new(),
            mended_config: BTreeSet::new(),
            named: BTreeSet::new(),
        };
        check.places();
        check.loops();
        check.objects();
        check.accounts();
        check.records(&snapshot.records);
        check.counters(&snapshot.records);
        check.start_location();
        check.finish()
    }
}

struct Check<'b> {
    builder: &'b WorldBuilder,
    findings: Vec<Finding>,
    objects: BTreeMap<u64, ObjectRow>,
    accounts: BTreeMap<u64, AccountRow>,
    config: BTreeMap<String, String>,
    mended_objects: BTreeSet<u64>,
    mended_accounts: BTreeSet<u64>,
    mended_config: BTreeSet<String>,
    /// Objects that are no more and that somebody still speaks of: their numbers must not be used again.
    named: BTreeSet<u64>,
}

impl Check<'_> {
    fn found(&mut self, table: &'static str, id: impl ToString, name: &str, what: String, fix: Fix) {
        self.findings.push(Finding { table, id: id.to_string(), name: name.to_owned(), what, fix });
    }

    fn ids(&self) -> Vec<u64> {
        self.objects.keys().copied().collect()
    }

    fn mend_object(&mut self, id: u64, what: String, fixed: String, mend: impl FnOnce(&mut ObjectRow)) {
        let Some(row) = self.objects.get_mut(&id) else { return };
        let name = row.key.clone();
        mend(row);
        self.mended_objects.insert(id);
        self.found("objects", id, &name, what, Fix::Safe(fixed));
    }

    /// Where something goes that is in no place: home, if it has one that is not inside it.
    fn home(&self, id: u64) -> (Option<u64>, String) {
        let home = self.objects[&id].home.filter(|home| self.objects.contains_key(home));
        match home.filter(|home| !self.is_inside(*home, id)) {
            Some(home) => (Some(home), format!("it is at home, in #{home}")),
            None => (None, "it is nowhere, where staff find it by its number".to_owned()),
        }
    }

    /// Whether the way outwards from a place leads to this object, or into a loop.
    fn is_inside(&self, place: u64, id: u64) -> bool {
        let (mut at, mut seen) = (Some(place), HashSet::new());
        while let Some(here) = at {
            if here == id || !seen.insert(here) {
                return true;
            }
            at = self.objects.get(&here).and_then(|row| row.location);
        }
        false
    }

    fn places(&mut self) {
        for id in self.ids() {
            let Some(place) = self.objects[&id].location.filter(|place| !self.objects.contains_key(place))
            else {
                continue;
            };
            self.named.insert(place);
            let (home, fixed) = self.home(id);
            let what = format!("its location is #{place}, which is no more");
            self.mend_object(id, what, fixed, |row| row.location = home);
        }
    }

    fn loops(&mut self) {
        let mut ends = HashSet::new();
        for id in self.ids() {
            let (mut way, mut at) = (Vec::new(), Some(id));
            while let Some(here) = at.filter(|here| !ends.contains(here)) {
                way.push(here);
                at = self.objects.get(&here).and_then(|row| row.location);
                if at.is_some_and(|at| way.contains(&at)) {
                    let (home, fixed) = self.home(here);
                    self.mend_object(here, "it is inside itself".to_owned(), fixed, |row| {
                        row.location = home
                    });
                    at = None;
                }
            }
            ends.extend(way);
        }
    }

    fn objects(&mut self) {
        for id in self.ids() {
            let row = self.objects[&id].clone();
            if let Some(home) = row.home.filter(|home| !self.objects.contains_key(home)) {
                self.named.insert(home);
                let what = format!("its home is #{home}, which is no more");
                self.mend_object(id, what, "it has no home".to_owned(), |row| row.home = None);
            }
            if let Some(account) = row.account.filter(|account| !self.accounts.contains_key(account)) {
                let what = format!("it belongs to account {account}, which is no more");
                self.mend_object(id, what, "it belongs to nobody".to_owned(), |row| row.account = None);
            }
            self.object_by_hand(id, &row);
        }
    }

    fn object_by_hand(&mut self, id: u64, row: &ObjectRow) {
        let mut found: Vec<(String, &str)> = Vec::new();
        if id > LARGEST_OBJECT {
            found.push((
                "its number takes more memory than a world has".to_owned(),
                "give it a smaller number",
            ));
        }
        if self.builder.game.typeclass(&row.typeclass).is_none() {
            found.push((
                format!("this game has no typeclass {}", row.typeclass),
                "register the typeclass again, or give it another with @typeclass",
            ));
        }
        if let Some(error) = locks::check(&row.locks).err().filter(|_| !row.locks.trim().is_empty()) {
            found.push((format!("its locks can't be read: {error}"), "set them anew with @lock"));
        }
        let columns = [
            ("aliases", &row.aliases),
            ("tags", &row.tags),
            ("permissions", &row.permissions),
            ("attributes", &row.attributes),
        ];
        for (column, text) in columns {
            if let Some(error) = unreadable(column, text) {
                found.push((format!("its {column} can't be read: {error}"), REPAIR));
            }
        }
        for (what, by_hand) in found {
            self.found("objects", id, &row.key, what, Fix::ByHand(by_hand.to_owned()));
        }
        if let Some(destination) = row.destination.filter(|place| !self.objects.contains_key(place)) {
            self.named.insert(destination);
            let what = format!("it leads to #{destination}, which is no more");
            let fix = Fix::ByHand("link it anew with @link, or destroy it".to_owned());
            self.found("objects", id, &row.key, what, fix);
        }
    }

    fn accounts(&mut self) {
        let mut names: HashMap<String, u64> = HashMap::new();
        for id in self.accounts.keys().copied().collect::<Vec<_>>() {
            let row = self.accounts[&id].clone();
            if let Some(other) = names.insert(row.name.to_lowercase(), id) {
                let name = self.accounts[&other].name.clone();
                let what = format!("account {id} has the same name, so nobody can log in to this one");
                self.found("accounts", other, &name, what, Fix::ByHand("rename one of them".to_owned()));
            }
            let columns = [
                ("permissions", &row.permissions),
                ("characters", &row.characters),
                ("attributes", &row.attributes),
            ];
            for (column, text) in columns {
                if let Some(error) = unreadable(column, text) {
                    let what = format!("its {column} can't be read: {error}");
                    self.found("accounts", id, &row.name, what, Fix::ByHand(REPAIR.to_owned()));
                }
            }
            self.characters(id, &row);
        }
    }

    fn characters(&mut self, id: u64, row: &AccountRow) {
        let characters: Vec<ObjectId> = serde_json::from_str(&row.characters).unwrap_or_default();
        let (here, gone): (Vec<ObjectId>, Vec<ObjectId>) =
            characters.into_iter().partition(|character| self.objects.contains_key(&character.0));
        for gone in &gone {
            self.named.insert(gone.0);
            let what = format!("it has the character {gone}, which is no more");
            self.found(
                "accounts",
                id,
                &row.name,
                what,
                Fix::Safe("that is none of its characters".to_owned()),
            );
        }
        let last = row.last_puppet.filter(|last| !self.objects.contains_key(last));
        if let Some(last) = last {
            self.named.insert(last);
            let what = format!("it played #{last} last, which is no more");
            self.found("accounts", id, &row.name, what, Fix::Safe("it played nobody last".to_owned()));
        }
        let Some(row) = self.accounts.get_mut(&id).filter(|_| last.is_some() || !gone.is_empty()) else {
            return;
        };
        if last.is_some() {
            row.last_puppet = None;
        }
        if !gone.is_empty() {
            row.characters = serde_json::to_string(&here).expect("numbers are JSON");
        }
        self.mended_accounts.insert(id);
    }

    fn records(&mut self, rows: &[RecordRow]) {
        let mut records = Records::new(&self.builder.game.records);
        for row in rows {
            let Some(why) = records.why_unread(row) else { continue };
            let fix =
                "the game leaves it as it is; register its kind, or repair or delete the row with sqlite3";
            let id = format!("{} {}", row.kind, row.id);
            self.found("records", id, &row.key, why, Fix::ByHand(fix.to_owned()));
        }
    }

    /// Numbers are never used twice, so the next one is above all that were.
    fn counters(&mut self, records: &[RecordRow]) {
        let mut used: BTreeMap<String, u64> = BTreeMap::new();
        // A number that is out of all bounds is a finding of its own, and no reason to go on from there.
        let sane = |id: &u64| *id <= LARGEST_OBJECT;
        let mut objects = self.objects.keys().chain(&self.named).copied().filter(sane);
        if let Some(highest) = objects.by_ref().max() {
            used.insert("object".into(), highest);
        }
        if let Some(highest) = self.accounts.keys().max() {
            used.insert("account".into(), *highest);
        }
        // The Portal counts sessions.
        for row in records.iter().filter(|row| row.kind != SessionState::KIND) {
            let highest = used.entry(row.kind.clone()).or_default();
            *highest = (*highest).max(row.id);
        }
        for (kind, highest) in used {
            let name = format!("next_{kind}");
            let next = self.config.get(&name).and_then(|next| next.parse::<u64>().ok());
            let Some(right) = highest.checked_add(1).filter(|right| next.is_none_or(|next| next < *right))
            else {
                continue;
            };
            let what = match self.config.get(&name) {
                Some(next) => format!("the next number is {next}, and {highest} has been used"),
                None => format!("there is no next number, and {highest} has been used"),
            };
            self.config.insert(name.clone(), right.to_string());
            self.found("config", &name, "", what, Fix::Safe(format!("it is {right}")));
            self.mended_config.insert(name);
        }
    }

    fn start_location(&mut self) {
        let Some(text) = self.config.get("start_location").cloned() else { return };
        if !text.parse().is_ok_and(|room: u64| self.objects.contains_key(&room)) {
            let what = format!("new characters begin in #{text}, which is no more");
            let fix = "UPDATE config SET value = '<number of a room>' WHERE key = 'start_location'";
            self.found("config", "start_location", "", what, Fix::ByHand(fix.to_owned()));
        }
    }

    fn finish(mut self) -> Checked {
        let mended = Batch {
            objects: self.mended_objects.iter().filter_map(|id| self.objects.remove(id)).collect(),
            accounts: self.mended_accounts.iter().filter_map(|id| self.accounts.remove(id)).collect(),
            config: self.mended_config.iter().filter_map(|name| self.config.remove_entry(name)).collect(),
            ..Batch::default()
        };
        Checked { findings: self.findings, mended }
    }
}

const REPAIR: &str =
    "the game keeps the text and takes it for empty; repair it with sqlite3 while the game is stopped";

/// Why a column can't be read, if it can't.
fn unreadable(column: &str, text: &str) -> Option<String> {
    let read = match column {
        "tags" => serde_json::from_str::<Vec<Tag>>(text).map(drop),
        "attributes" => serde_json::from_str::<Attributes>(text).map(drop),
        "characters" => serde_json::from_str::<Vec<ObjectId>>(text).map(drop),
        _ => serde_json::from_str::<Vec<Box<str>>>(text).map(drop),
    };
    read.err().map(|error| error.to_string())
}
