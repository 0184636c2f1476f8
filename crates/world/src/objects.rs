//! Making, moving and naming objects, with the hooks and indexes that belong to it. `destroy.rs` ends them.

use crate::{AccountId, Attributes, Event, Object, ObjectId, Result, Tag, Typeclass, World, bug, say};

/// What an object is made of; see [`World::create`].
///
/// ```
/// # use meadow_world::{NewObject, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let new = NewObject { key: "Garden", typeclass: "default.Room", desc: "Walls and roses.", ..NewObject::default() };
/// let garden = world.create(new)?;
/// let rose = world.create(NewObject { key: "rose", location: Some(garden), ..NewObject::default() })?;
/// assert_eq!(world[garden].contents(), [rose]);
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Default, Clone)]
pub struct NewObject<'a> {
    /// Its name.
    pub key: &'a str,
    /// Name of its typeclass; empty for a plain thing.
    pub typeclass: &'a str,
    /// Where it stands.
    pub location: Option<ObjectId>,
    /// Where it goes when its location is destroyed.
    pub home: Option<ObjectId>,
    /// Where it leads, for an exit.
    pub destination: Option<ObjectId>,
    /// Other names.
    pub aliases: &'a [&'a str],
    /// What one sees of it (markup).
    pub desc: &'a str,
    /// The account that it belongs to, for a character.
    pub account: Option<AccountId>,
}

/// Objects: making, naming, labelling and moving them.
impl World {
    /// Makes an object and calls its `at_object_creation`.
    ///
    /// # Errors
    /// There is no typeclass of that name, or no object of one of the numbers.
    pub fn create(&mut self, new: NewObject<'_>) -> Result<ObjectId> {
        let path = if new.typeclass.is_empty() { "default.Object" } else { new.typeclass };
        let typeclass =
            self.game.typeclass(path).ok_or_else(|| bug(format!("there is no typeclass {path}")))?;
        for place in [new.location, new.home, new.destination].into_iter().flatten() {
            if !self.exists(place) {
                return Err(bug(format!("there is no object {place} for {} to be in or lead to", new.key)));
            }
        }
        let id = self.next_object_id();
        let object = Object {
            id,
            key: "".into(),
            typeclass,
            unknown_typeclass: None,
            location: None,
            home: new.home,
            destination: None,
            aliases: new.aliases.iter().map(|alias| (*alias).into()).collect(),
            locks: "".into(),
            tags: Vec::new(),
            permissions: Vec::new(),
            account: new.account,
            created: self.now,
            db: Attributes::default(),
            contents: Vec::new(),
            entrances: Vec::new(),
            sessions: Vec::new(),
            commands: self.game.commands_of(typeclass, id),
            providers: Vec::new(),
            exits: None,
            unread: None,
            dirty: false,
        };
        self.insert(object);
        self.rename(id, new.key);
        self.set_destination(id, new.destination);
        if !new.desc.is_empty() {
            self[id].db.set("desc", new.desc)?;
        }
        self.place(id, new.location);
        typeclass.at_object_creation(self, id);
        self.emit(Event::ObjectCreate { object: id });
        Ok(id)
    }

    /// Makes another of an object, which stands where the first does: the same typeclass, attributes, labels, locks,
    /// permissions, home and destination; another name, no alias, nothing in it, and it is nobody's character.
    ///
    /// ```
    /// # use meadow_world::{NewObject, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// let rose = world.create(NewObject { key: "rose", desc: "It is red.", ..NewObject::default() })?;
    /// let other = world.copy(rose, "other rose")?;
    /// assert_eq!(world[other].desc(), Some("It is red."));
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    ///
    /// # Errors
    /// None that is not a bug of the game.
    pub fn copy(&mut self, original: ObjectId, key: &str) -> Result<ObjectId> {
        let from = &self[original];
        let here = |place: Option<ObjectId>| place.filter(|place| self.exists(*place));
        let (location, home, destination) = (from.location, here(from.home), here(from.destination));
        let typeclass = from.typeclass.path();
        let (db, locks) = (from.db.clone(), from.locks.clone());
        let (tags, permissions) = (from.tags.clone(), from.permissions.clone());
        let unknown_typeclass = from.unknown_typeclass.clone();
        let new = NewObject { key, typeclass, location, home, destination, ..NewObject::default() };
        let id = self.create(new)?;
        // What its `at_object_creation` did gives way to what the original is; but that may have destroyed it.
        let Some(copy) = self.object_mut(id) else {
            return Err(bug(format!("the copy of {original} destroyed itself when it was made")));
        };
        copy.db = db;
        copy.locks = locks;
        copy.permissions = permissions;
        copy.unknown_typeclass = unknown_typeclass;
        for tag in std::mem::take(&mut copy.tags) {
            self.untag(id, &tag);
        }
        for tag in tags {
            self.add_tag(id, &tag.key, &tag.category);
        }
        Ok(id)
    }

    /// Puts an object into the table; its number must be free.
    pub(crate) fn insert(&mut self, object: Object) {
        let at = usize::try_from(object.id.0).expect("objects fit into memory");
        if self.objects.len() <= at {
            self.objects.resize_with(at + 1, || None);
        }
        self.objects[at] = Some(Box::new(object));
    }

    fn next_object_id(&mut self) -> ObjectId {
        let stored = self.config("next_object").and_then(|next| next.parse().ok()).unwrap_or(1);
        let next = stored.max(self.objects.len() as u64).max(1);
        self.set_config("next_object", (next + 1).to_string());
        ObjectId(next)
    }

    /// Gives an object another name.
    pub fn rename(&mut self, id: ObjectId, key: &str) {
        let renamed = !self[id].key.is_empty() && *self[id].key != *key;
        if renamed {
            self.note_going(id);
        }
        self.forget_name(id);
        let before = std::mem::replace(&mut self[id].key, key.into());
        self.keys.entry(key.to_lowercase().into()).or_default().push(id);
        if renamed {
            self.note_come(id);
            self.note_rebuilt_by(id);
        }
        self.exits_changed(self[id].location);
        // One that had no name is being made.
        if !before.is_empty() && *before != *key {
            self.emit(Event::ObjectRename { object: id, before: before.into() });
        }
    }

    pub(crate) fn forget_name(&mut self, id: ObjectId) {
        let key = self[id].key.to_lowercase();
        if let Some(ids) = self.keys.get_mut(key.as_str()) {
            ids.retain(|known| *known != id);
            if ids.is_empty() {
                self.keys.remove(key.as_str());
            }
        }
    }

    /// Gives an object other aliases.
    pub fn set_aliases(&mut self, id: ObjectId, aliases: &[&str]) {
        self[id].aliases = aliases.iter().map(|alias| (*alias).into()).collect();
        self.exits_changed(self[id].location);
    }

    /// Sets where an exit leads.
    ///
    /// ```
    /// # use meadow_world::{NewObject, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// # let new = |key| NewObject { key, typeclass: "default.Room", ..NewObject::default() };
    /// # let (hall, cellar) = (world.create(new("Hall"))?, world.create(new("Cellar"))?);
    /// # let attic = world.create(new("Attic"))?;
    /// let new = NewObject { key: "stairs", typeclass: "default.Exit", location: Some(hall), ..NewObject::default() };
    /// let stairs = world.create(new)?;
    /// world.set_destination(stairs, Some(cellar));
    /// assert_eq!(world.exit_between(hall, cellar), Some(stairs));
    ///
    /// world.set_destination(stairs, Some(attic));
    /// assert_eq!(world.exit_between(hall, cellar), None);
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    pub fn set_destination(&mut self, id: ObjectId, destination: Option<ObjectId>) {
        let before = std::mem::replace(&mut self[id].destination, destination);
        if let Some(before) = before.and_then(|before| self.object_unstored(before)) {
            before.entrances.retain(|exit| *exit != id);
        }
        if let Some(destination) = destination.and_then(|destination| self.object_unstored(destination)) {
            destination.entrances.push(id);
        }
        self.note_rebuilt_by(id);
        self.exits_changed(self[id].location);
    }

    /// Objects of this name (not alias), whatever the case.
    pub fn objects_named(&self, key: &str) -> &[ObjectId] {
        self.keys.get(key.to_lowercase().as_str()).map_or(&[], Vec::as_slice)
    }

    /// Objects that carry a label, whatever the case.
    pub fn objects_tagged(&self, key: &str, category: &str) -> &[ObjectId] {
        self.tagged.get(&Tag::new(key, category)).map_or(&[], Vec::as_slice)
    }

    /// Puts a label on an object.
    pub fn add_tag(&mut self, id: ObjectId, key: &str, category: &str) {
        let tag = Tag::new(key, category);
        if !self[id].tags.contains(&tag) {
            self[id].tags.push(tag.clone());
            self.tagged.entry(tag).or_default().push(id);
        }
    }

    /// Takes a label off an object.
    pub fn remove_tag(&mut self, id: ObjectId, key: &str, category: &str) {
        let tag = Tag::new(key, category);
        self[id].tags.retain(|known| *known != tag);
        self.untag(id, &tag);
    }

    pub(crate) fn untag(&mut self, id: ObjectId, tag: &Tag) {
        if let Some(ids) = self.tagged.get_mut(tag) {
            ids.retain(|known| *known != id);
            if ids.is_empty() {
                self.tagged.remove(tag);
            }
        }
    }

    /// Moves an object with all hooks: it may refuse, those who see it are told, and it looks around.
    ///
    /// ```
    /// # use meadow_world::{Cx, ObjectId, Result};
    /// fn beam_up(cx: &mut Cx<'_>, ship: ObjectId) -> Result {
    ///     let caller = cx.caller()?;
    ///     cx.world.move_to(caller, ship)
    /// }
    /// ```
    ///
    /// # Errors
    /// What `at_pre_move` or `at_object_leave` said against it, or a loop of things in each other.
    pub fn move_to(&mut self, id: ObjectId, destination: ObjectId) -> Result {
        let source = self.may_move(id, destination)?;
        let kind = self[id].typeclass;
        kind.announce_move_from(self, id, destination);
        self.place(id, Some(destination));
        let place = self[destination].typeclass;
        kind.announce_move_to(self, id, source);
        place.at_object_receive(self, destination, id, source);
        kind.at_post_move(self, id, source);
        Ok(())
    }

    /// As [`World::move_to`], by an exit: those who see it are told which way it goes. Of any other move they are told
    /// only that it leaves, even where an exit happens to lead the same way.
    ///
    /// ```
    /// # use meadow_world::{ObjectId, Result, Typeclass, World};
    /// /// An exit that wakes the dog.
    /// fn at_traverse(world: &mut World, me: ObjectId, traveller: ObjectId, destination: ObjectId) -> Result {
    ///     world.move_through(traveller, me, destination)?;
    ///     world.msg_contents(destination, "A dog barks.", &[]);
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// As for [`World::move_to`].
    pub fn move_through(&mut self, id: ObjectId, exit: ObjectId, destination: ObjectId) -> Result {
        let before = self.passing.replace((id, exit));
        let moved = self.move_to(id, destination);
        self.passing = before;
        moved
    }

    /// The exit by which an object passes just now: for the hooks of its move.
    pub fn passing(&self, id: ObjectId) -> Option<ObjectId> {
        self.passing.filter(|(who, exit)| *who == id && self.exists(*exit)).map(|(_, exit)| exit)
    }

    /// Moves an object without telling anybody and without looking around: what is taken, dropped or given.
    /// It may still refuse.
    ///
    /// ```
    /// # use meadow_world::{Cx, Held, Result};
    /// /// `bury <thing>`
    /// fn func(cx: &mut Cx<'_>, Held(thing): Held) -> Result {
    ///     let place = cx.location()?;
    ///     cx.world.move_quietly(thing, place)?;
    ///     cx.world.add_tag(thing, "buried", "");
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// What `at_pre_move` or `at_object_leave` said against it, or a loop of things in each other.
    pub fn move_quietly(&mut self, id: ObjectId, destination: ObjectId) -> Result {
        let source = self.may_move(id, destination)?;
        self.place(id, Some(destination));
        let place = self[destination].typeclass;
        place.at_object_receive(self, destination, id, source);
        Ok(())
    }

    /// Asks everybody who may have something against a move; gives back where it begins.
    fn may_move(&mut self, id: ObjectId, destination: ObjectId) -> Result<Option<ObjectId>> {
        self.may_contain(destination, id)?;
        let kind = self[id].typeclass;
        kind.at_pre_move(self, id, destination)?;
        let source = self[id].location;
        if let Some(source) = source {
            let place = self[source].typeclass;
            place.at_object_leave(self, source, id, destination)?;
        }
        Ok(source)
    }

    /// Sets where an object is, without any hook. A place that is no more, or that is inside the object, is
    /// logged as a bug, and the object stays where it is.
    pub fn place(&mut self, id: ObjectId, destination: Option<ObjectId>) {
        let source = self[id].location;
        if source == destination {
            return;
        }
        if let Some(Err(why)) = destination.map(|destination| self.may_contain(destination, id)) {
            tracing::error!("object {id} ({}) can't be put into {destination:?}: {why}", self[id].key);
            return;
        }
        self.note_going(id);
        self[id].location = destination;
        self[id].forget_lost_location();
        let provides = self[id].commands.is_some();
        if let Some(source) = source.and_then(|source| self.object_unstored(source)) {
            source.contents.retain(|inside| *inside != id);
            source.providers.retain(|inside| *inside != id);
        }
        if let Some(destination) = destination.and_then(|destination| self.object_unstored(destination)) {
            destination.contents.push(id);
            if provides {
                destination.providers.push(id);
            }
        }
        source.into_iter().chain(destination).for_each(|place| self.notice(place));
        self.note_come(id);
        if self[id].is_exit() {
            self.exits_changed(source);
            self.exits_changed(destination);
            source.into_iter().chain(destination).for_each(|place| self.note_rebuilt(place));
        }
    }

    /// The exit from one place to another, if there is one.
    pub fn exit_between(&self, from: ObjectId, to: ObjectId) -> Option<ObjectId> {
        self.object(from)?.contents.iter().copied().find(|id| self[*id].destination == Some(to))
    }

    /// Whether an object's typeclass is this one or builds on it.
    ///
    /// ```
    /// # use meadow_world::{NewObject, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// # let anna = world.create(NewObject { key: "Anna", typeclass: "default.Character", ..NewObject::default() })?;
    /// assert!(world.is_a(anna, "default.Character") && world.is_a(anna, "default.Object"));
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    pub fn is_a(&self, id: ObjectId, path: &str) -> bool {
        let mut kind: &dyn Typeclass = self[id].typeclass;
        while kind.path() != path {
            if kind.is_root() {
                return false;
            }
            kind = kind.base();
        }
        true
    }

    /// Whether an object is a body that players can have.
    pub fn is_character(&self, id: ObjectId) -> bool {
        self.is_a(id, "default.Character")
    }

    /// What somebody sees when they look at something.
    ///
    /// ```
    /// # use meadow_world::{NewObject, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// # let new = NewObject { key: "Hall", typeclass: "default.Room", desc: "A bare hall.", ..NewObject::default() };
    /// # let hall = world.create(new)?;
    /// # let anna = world.create(NewObject { key: "Anna", typeclass: "default.Character", ..NewObject::default() })?;
    /// let seen = world.appearance(hall, anna);
    /// assert!(seen.contains("Hall") && seen.ends_with("A bare hall."));
    /// assert_eq!(world.display_name(hall, anna), "Hall");
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    pub fn appearance(&self, id: ObjectId, looker: ObjectId) -> String {
        self[id].typeclass.return_appearance(self, id, looker)
    }

    /// What somebody calls something.
    pub fn display_name(&self, id: ObjectId, looker: ObjectId) -> String {
        self[id].typeclass.display_name(self, id, looker)
    }

    pub(crate) fn may_contain(&self, container: ObjectId, id: ObjectId) -> Result {
        let mut outer = self.object(container).map(Object::id);
        if outer.is_none() {
            return Err(say("That place is no more."));
        }
        while let Some(at) = outer {
            if at == id {
                return Err(say("It can't be put inside itself."));
            }
            outer = self[at].location;
        }
        Ok(())
    }

    /// Forgets the commands made of a place's exits.
    pub(crate) fn exits_changed(&mut self, place: Option<ObjectId>) {
        if let Some(place) = place.and_then(|place| self.object_unstored(place)) {
            place.exits = None;
            let id = place.id;
            self.notice(id);
        }
    }
}
