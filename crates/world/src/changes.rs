//! What has changed since the last batch, and rows made of it; rows made into the world again at start.

use std::collections::HashSet;

use meadow_link::{SessionId, Time};

use crate::{
    Account, AccountId, AccountRow, Batch, Object, ObjectId, ObjectRow, Snapshot, Tag, World,
    guests::GUEST,
    unread::{Unread, column},
};

/// Notes of what has to be stored.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) objects: Vec<ObjectId>,
    pub(crate) deleted_objects: Vec<ObjectId>,
    pub(crate) accounts: Vec<AccountId>,
    pub(crate) deleted_accounts: Vec<AccountId>,
    pub(crate) config: Vec<String>,
    /// Sessions of which the Portal is to be told what they are.
    pub(crate) sessions: Vec<SessionId>,
    /// Sessions of whose inputs the store has a record. It is kept until the Portal says that they are gone, for
    /// until then it may send those inputs again.
    pub(crate) applied: HashSet<SessionId>,
    pub(crate) forgotten: Vec<SessionId>,
}

impl World {
    /// Makes rows of all that has changed. `done` are the inputs that this batch belongs to.
    pub(crate) fn take_batch(&mut self, done: &[(SessionId, u64)]) -> Batch {
        let mut batch = Batch::default();
        for id in std::mem::take(&mut self.changes.objects) {
            if let Some(object) = self.object_unstored(id) {
                object.dirty = false;
                object.give_way();
                batch.objects.push(object_row(object));
            }
        }
        batch.deleted_objects = self.changes.deleted_objects.drain(..).map(|id| id.0).collect();
        for id in std::mem::take(&mut self.changes.accounts) {
            if let Some(account) = self.accounts.get_mut(&id) {
                account.dirty = false;
                account.give_way();
                batch.accounts.push(account_row(account));
            }
        }
        batch.deleted_accounts = self.changes.deleted_accounts.drain(..).map(|id| id.0).collect();
        let mut names = std::mem::take(&mut self.changes.config);
        names.sort_unstable();
        names.dedup();
        batch.config = names
            .into_iter()
            .filter_map(|name| self.config.get(&name).map(|value| (name.clone(), value.clone())))
            .collect();
        if !batch.is_empty() || self.records.any_changed() {
            // What is stored of those that are gone can wait until there is something to store.
            batch.forgotten = std::mem::take(&mut self.changes.forgotten);
            batch.forgotten.iter().for_each(|session| self.forget_state(*session));
            (batch.records, batch.deleted_records) = self.records.take_changed();
            if batch.is_empty() {
                self.changes.forgotten = std::mem::take(&mut batch.forgotten);
            }
        }
        if !batch.is_empty() {
            for (session, seq) in done {
                match batch.applied.iter_mut().find(|(known, _)| known == session) {
                    Some((_, last)) => *last = *seq,
                    None => batch.applied.push((*session, *seq)),
                }
            }
            self.changes.applied.extend(batch.applied.iter().map(|(session, _)| *session));
            for session in &batch.forgotten {
                self.changes.applied.remove(session);
            }
        }
        batch
    }

    /// Makes the world of what was stored. What can't be read is kept as far as it goes, and logged.
    pub(crate) fn restore(&mut self, snapshot: Snapshot) {
        self.applied = snapshot.applied;
        self.config = snapshot.config.into_iter().collect();
        self.records.restore(snapshot.records);
        let mut rows = snapshot.objects;
        rows.sort_by_key(|row| row.id);
        for row in rows {
            let object = self.object_of(row);
            self.insert(object);
        }
        self.break_loops();
        self.index_objects();
        for row in snapshot.accounts {
            self.restore_account(row);
        }
    }

    pub(crate) fn restore_account(&mut self, row: AccountRow) {
        let account = account_of(row);
        self.account_names.insert(account.name.to_lowercase().into(), account.id);
        if account.db.has(GUEST) {
            self.guests.insert(account.id);
        }
        self.accounts.insert(account.id, account);
    }

    pub(crate) fn object_of(&self, row: ObjectRow) -> Object {
        let what = format!("object #{}", row.id);
        let known = self.game.typeclass(&row.typeclass);
        if known.is_none() {
            tracing::warn!(
                "{what} ({}) has the typeclass {}, which this game does not have: it stands as a plain object",
                row.key,
                row.typeclass
            );
        }
        let typeclass = known.unwrap_or(&crate::default::DefaultObject);
        let mut unread = Unread::default();
        Object {
            id: ObjectId(row.id),
            key: row.key.into(),
            typeclass,
            unknown_typeclass: known.is_none().then(|| row.typeclass.into()),
            location: row.location.map(ObjectId),
            home: row.home.map(ObjectId),
            destination: row.destination.map(ObjectId),
            aliases: unread.read(&what, "aliases", &row.aliases),
            locks: row.locks.into(),
            tags: tags(unread.read(&what, "tags", &row.tags)),
            permissions: unread.read(&what, "permissions", &row.permissions),
            account: row.account.map(AccountId),
            created: Time::from_micros(row.created),
            db: unread.read(&what, "attributes", &row.attributes),
            unread: unread.boxed(),
            contents: Vec::new(),
            entrances: Vec::new(),
            sessions: Vec::new(),
            commands: self.game.commands_of(typeclass, ObjectId(row.id)),
            providers: Vec::new(),
            exits: None,
            dirty: false,
        }
    }

    /// Takes what is inside itself out of it: a walk outwards has to end.
    fn break_loops(&mut self) {
        let ids: Vec<ObjectId> = self.objects().map(Object::id).collect();
        let mut ends = HashSet::new();
        for id in ids {
            let mut way = Vec::new();
            let mut at = Some(id);
            while let Some(here) = at.filter(|here| !ends.contains(here)) {
                way.push(here);
                at = self.object(here).and_then(Object::location);
                if at.is_some_and(|at| way.contains(&at)) {
                    tracing::error!("object {here} was inside itself: it is nowhere now");
                    self.lose_location(here);
                    at = None;
                }
            }
            ends.extend(way);
        }
    }

    fn index_objects(&mut self) {
        let ids: Vec<ObjectId> = self.objects().map(Object::id).collect();
        for id in ids {
            let object = &self[id];
            let (location, destination) = (object.location, object.destination);
            let (key, tags) = (object.key.to_lowercase(), object.tags.clone());
            let provides = object.commands.is_some();
            self.keys.entry(key.into()).or_default().push(id);
            for tag in tags {
                self.tagged.entry(tag).or_default().push(id);
            }
            if let Some(destination) = destination.and_then(|destination| self.object_unstored(destination)) {
                destination.entrances.push(id);
            }
            let Some(location) = location else { continue };
            if let Some(place) = self.object_unstored(location) {
                place.contents.push(id);
                if provides {
                    place.providers.push(id);
                }
                continue;
            }
            tracing::warn!("object {id} was in {location}, which is no more: it is nowhere now");
            self.lose_location(id);
        }
    }

    /// Puts something nowhere, and remembers where it was until it is moved.
    fn lose_location(&mut self, id: ObjectId) {
        if let Some(object) = self.object_unstored(id) {
            let lost = object.location.take();
            object.unread.get_or_insert_default().location = lost;
        }
    }
}

/// Labels as [`Tag::new`] makes them, each once, whoever wrote the row.
fn tags(read: Vec<Tag>) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::with_capacity(read.len());
    for tag in read {
        let tag = Tag::new(&tag.key, &tag.category);
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

fn object_row(object: &Object) -> ObjectRow {
    let unread = object.unread.as_deref();
    ObjectRow {
        id: object.id.0,
        key: object.key.to_string(),
        typeclass: object.typeclass_path().to_owned(),
        location: object.location.or(unread.and_then(|unread| unread.location)).map(|id| id.0),
        home: object.home.map(|id| id.0),
        destination: object.destination.map(|id| id.0),
        account: object.account.map(|id| id.0),
        aliases: column(unread, "aliases", &object.aliases),
        locks: object.locks.to_string(),
        tags: column(unread, "tags", &object.tags),
        permissions: column(unread, "permissions", &object.permissions),
        created: object.created.micros(),
        attributes: column(unread, "attributes", &object.db),
    }
}

fn account_row(account: &Account) -> AccountRow {
    let unread = account.unread.as_deref();
    AccountRow {
        id: account.id.0,
        name: account.name.to_string(),
        password: account.password.to_string(),
        is_superuser: account.is_superuser,
        permissions: column(unread, "permissions", &account.permissions),
        characters: column(unread, "characters", &account.characters),
        last_puppet: account.last_puppet.map(|id| id.0),
        created: account.created.micros(),
        last_login: account.last_login.map(Time::micros),
        attributes: column(unread, "attributes", &account.db),
    }
}

fn account_of(row: AccountRow) -> Account {
    let what = format!("account #{}", row.id);
    let mut unread = Unread::default();
    Account {
        id: AccountId(row.id),
        name: row.name.into(),
        password: row.password.into(),
        is_superuser: row.is_superuser,
        permissions: unread.read(&what, "permissions", &row.permissions),
        characters: unread.read(&what, "characters", &row.characters),
        last_puppet: row.last_puppet.map(ObjectId),
        created: Time::from_micros(row.created),
        last_login: row.last_login.map(Time::from_micros),
        db: unread.read(&what, "attributes", &row.attributes),
        unread: unread.boxed(),
        sessions: Vec::new(),
        dirty: false,
    }
}
