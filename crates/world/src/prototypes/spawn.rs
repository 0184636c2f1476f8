//! Making objects of prototypes, and bringing those that were made of one up to date.

use super::{PROTOTYPE_TAG_CATEGORY, Prototype};
use crate::{NewObject, ObjectId, Result, Swap, World, locks, say, text::escape};

/// What an object is called whose prototype has no name at all.
const UNNAMED: &str = "Spawned";
/// Most characters of a name or alias.
const NAME_LIMIT: usize = 255;
/// Most aliases of one object.
const ALIAS_LIMIT: usize = 32;

/// Making objects of prototypes.
impl World {
    /// Makes an object of a prototype. It carries the prototype's key as a tag of [`PROTOTYPE_TAG_CATEGORY`]. Its
    /// `at_object_creation` runs first, so the prototype has the last word.
    ///
    /// # Errors
    /// Sentences for whoever asked: there is no such prototype, or it speaks of what there is not.
    pub fn spawn(&mut self, key: &str) -> Result<ObjectId> {
        self.spawn_with(key, Prototype::default())
    }

    /// Makes one object of each of these prototypes.
    ///
    /// # Errors
    /// As of [`World::spawn`]; those before it have been made.
    pub fn spawn_all(&mut self, keys: &[&str]) -> Result<Vec<ObjectId>> {
        keys.iter().map(|key| self.spawn(key)).collect()
    }

    /// As [`World::spawn`]; what `overrides` says goes before what the prototype says.
    ///
    /// # Errors
    /// As of [`World::spawn`].
    pub fn spawn_with(&mut self, key: &str, overrides: Prototype) -> Result<ObjectId> {
        let known = self.prototype(key);
        let known = known.ok_or_else(|| say(format!("There is no prototype '{}'.", escape(key))))?;
        let mut flat = overrides.over(self.flat_prototype(known)?);
        flat.prototype_key.clone_from(&known.prototype_key);
        self.spawn_flat(&flat)
    }

    /// Makes an object of a prototype that need not be registered or stored.
    ///
    /// # Errors
    /// As of [`World::spawn`].
    pub fn spawn_prototype(&mut self, prototype: &Prototype) -> Result<ObjectId> {
        let flat = self.flat_prototype(prototype)?;
        self.spawn_flat(&flat)
    }

    /// The objects that carry a prototype's tag.
    pub fn objects_of_prototype(&self, key: &str) -> &[ObjectId] {
        self.objects_tagged(key, PROTOTYPE_TAG_CATEGORY)
    }

    /// Gives an object what a prototype says, where it has something else; what the prototype does not speak of, and
    /// where the object is, stays. Says whether anything changed.
    ///
    /// ```
    /// # use meadow_world::{NewObject, Prototype, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// let goblin = world.create(NewObject { key: "a goblin", ..NewObject::default() })?;
    /// let angry = Prototype::default().attr("mood", "angry");
    /// assert!(world.apply_prototype(goblin, &angry)?);
    /// assert!(!world.apply_prototype(goblin, &angry)?, "nothing has changed");
    /// assert_eq!(world[goblin].db.str("mood"), Some("angry"));
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    ///
    /// # Errors
    /// The prototype speaks of what there is not; a sentence for whoever asked.
    pub fn apply_prototype(&mut self, id: ObjectId, prototype: &Prototype) -> Result<bool> {
        let flat = self.flat_prototype(prototype)?;
        self.check_flat(&flat)?;
        self.apply_flat(id, &flat)
    }

    fn spawn_flat(&mut self, flat: &Prototype) -> Result<ObjectId> {
        self.check_flat(flat)?;
        let key = match (&flat.key, flat.prototype_key.as_str()) {
            (Some(key), _) => key,
            (None, "") => UNNAMED,
            (None, key) => key,
        };
        let id = self.create(NewObject {
            key,
            typeclass: flat.typeclass.as_deref().unwrap_or_default(),
            location: self.place_named(flat.location.as_deref())?,
            home: self.place_named(flat.home.as_deref())?,
            destination: self.place_named(flat.destination.as_deref())?,
            ..NewObject::default()
        })?;
        // The hook that was called may have done anything.
        if self.exists(id) {
            self.apply_flat(id, flat)?;
        }
        Ok(id)
    }

    /// Whether all that a prototype speaks of is there, before anything is made of it.
    fn check_flat(&self, flat: &Prototype) -> Result {
        if let Some(path) = flat.typeclass.as_deref().filter(|path| self.game.typeclass(path).is_none()) {
            return Err(say(format!("There is no typeclass '{}'.", escape(path))));
        }
        let aliases = flat.aliases.as_deref().unwrap_or_default();
        if aliases.len() > ALIAS_LIMIT {
            return Err(say(format!("An object has at most {ALIAS_LIMIT} aliases.")));
        }
        flat.key.iter().chain(aliases).try_for_each(|name| check_name(name))?;
        if let Some(locks) = &flat.locks {
            locks::add("", locks).map_err(|(part, error)| {
                let error = error.to_string();
                say(format!("Its locks can't be used: in '{}' {}.", escape(&part), escape(&error)))
            })?;
        }
        for place in [&flat.location, &flat.home, &flat.destination] {
            self.place_named(place.as_deref())?;
        }
        Ok(())
    }

    /// `#12`, or a name that only one object has.
    fn place_named(&self, name: Option<&str>) -> Result<Option<ObjectId>> {
        let Some(name) = name else { return Ok(None) };
        let number = name.strip_prefix('#').and_then(|number| number.parse().ok()).map(ObjectId);
        let found = match (number, self.objects_named(name)) {
            (Some(id), _) => self.exists(id).then_some(id),
            (None, [one]) => Some(*one),
            (None, []) => None,
            (None, several) => {
                let count = several.len();
                return Err(say(format!(
                    "There are {count} objects called '{}': give a number.",
                    escape(name)
                )));
            }
        };
        found.map(Some).ok_or_else(|| say(format!("There is no object '{}'.", escape(name))))
    }

    fn apply_flat(&mut self, id: ObjectId, flat: &Prototype) -> Result<bool> {
        let mut changed = false;
        if let Some(path) = flat.typeclass.as_deref().filter(|path| *path != self[id].typeclass_path()) {
            self.set_typeclass(id, path, Swap::Create)?;
            changed = true;
        }
        if !self.exists(id) {
            return Ok(true);
        }
        if let Some(key) = flat.key.as_deref().filter(|key| *key != self[id].key()) {
            self.rename(id, key);
            changed = true;
        }
        if let Some(aliases) = &flat.aliases {
            let wanted: Vec<&str> = aliases.iter().map(String::as_str).collect();
            if !self[id].aliases().iter().map(|alias| &**alias).eq(wanted.iter().copied()) {
                self.set_aliases(id, &wanted);
                changed = true;
            }
        }
        if let Some(added) = &flat.locks
            && let Ok(made) = locks::add(&self[id].locks, added)
            && *made != *self[id].locks
        {
            self[id].locks = made.into();
            changed = true;
        }
        if let Some(wanted) = &flat.permissions
            && !self[id].permissions.iter().map(|held| &**held).eq(wanted.iter().map(String::as_str))
        {
            self[id].permissions = wanted.iter().map(|held| held.as_str().into()).collect();
            changed = true;
        }
        if let Some(home) =
            self.place_named(flat.home.as_deref())?.filter(|home| self[id].home != Some(*home))
        {
            self[id].home = Some(home);
            changed = true;
        }
        let destination = self.place_named(flat.destination.as_deref())?;
        if destination.is_some() && destination != self[id].destination() {
            self.set_destination(id, destination);
            changed = true;
        }
        Ok(self.apply_tags_and_attrs(id, flat)? || changed)
    }

    fn apply_tags_and_attrs(&mut self, id: ObjectId, flat: &Prototype) -> Result<bool> {
        let mut changed = false;
        let own = crate::Tag::new(&flat.prototype_key, PROTOTYPE_TAG_CATEGORY);
        for tag in flat.tags.iter().chain(Some(&own).filter(|own| !own.key.is_empty())) {
            if !self[id].tags().contains(tag) {
                self.add_tag(id, &tag.key, &tag.category);
                changed = true;
            }
        }
        for (name, value) in &flat.attrs {
            if !self[id].db.has(name) || self[id].db[name.as_str()] != *value {
                self[id].db.set(name, value)?;
                changed = true;
            }
        }
        if changed {
            self.notice(id);
        }
        Ok(changed)
    }
}

/// Whether this can be what an object is called: something that can be seen and typed.
fn check_name(name: &str) -> Result {
    if name.trim().is_empty() || name.chars().any(char::is_control) || name.chars().count() > NAME_LIMIT {
        return Err(say(format!("A name is made of 1 to {NAME_LIMIT} visible characters.")));
    }
    Ok(())
}
