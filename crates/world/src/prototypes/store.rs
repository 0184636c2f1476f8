//! Which prototypes there are: those of the game's code, which nobody changes, and those made in the game, which are
//! records.

use std::collections::HashMap;

use super::{Prototype, PrototypeId};
use crate::{Result, World, WorldBuilder, say, text::escape};

/// Most prototypes that are made in the game.
const PROTOTYPES: usize = 10_000;
/// Longest name of one, in characters.
const KEY_LENGTH: usize = 80;

/// Records by the keys of their prototypes.
pub(crate) type PrototypeKeys = HashMap<String, PrototypeId>;

impl WorldBuilder {
    /// Registers a prototype. Builders can use it, but not change it.
    ///
    /// # Panics
    /// It has no key, or another one has it: a mistake that shows at the first start.
    pub fn prototype(&mut self, prototype: Prototype) -> &mut Self {
        let key = prototype.prototype_key.clone();
        assert!(!key.is_empty(), "a prototype without a prototype_key: {prototype:?}");
        let before = self.game.prototypes.insert(key.clone(), prototype);
        assert!(before.is_none(), "two prototypes are called {key}");
        self
    }

    /// As [`WorldBuilder::prototype`], from a text that [`Prototype::read`] reads.
    ///
    /// # Panics
    /// It can't be read, or as above.
    pub fn prototype_text(&mut self, text: &str) -> &mut Self {
        let read = Prototype::read(text);
        self.prototype(read.unwrap_or_else(|error| panic!("a prototype can't be read: {error}\n{text}")))
    }
}

/// Prototypes, by name.
impl World {
    /// The prototype of a key, whatever the case.
    pub fn prototype(&self, key: &str) -> Option<&Prototype> {
        let key = key.trim().to_lowercase();
        self.game.prototypes.get(&key).or_else(|| self.record(*self.prototype_keys.get(&key)?))
    }

    /// All prototypes, by key.
    pub fn prototypes(&self) -> Vec<&Prototype> {
        let stored = self.records::<Prototype>().map(|(_, prototype)| prototype);
        let stored = stored.filter(|stored| !self.is_of_code(&stored.prototype_key));
        let mut all: Vec<&Prototype> = self.game.prototypes.values().chain(stored).collect();
        all.sort_unstable_by(|a, b| a.prototype_key.cmp(&b.prototype_key));
        all
    }

    /// Whether the prototype of a key is part of the game's code.
    pub fn is_of_code(&self, key: &str) -> bool {
        self.game.prototypes.contains_key(&key.trim().to_lowercase())
    }

    /// Keeps a prototype, in place of one of its key. Objects that were made of that one stay as they are.
    ///
    /// ```
    /// # use meadow_world::{Prototype, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// world.save_prototype(Prototype::new("goblin").key("a goblin").attr("hp", 10))?;
    /// let goblin = world.spawn("goblin")?;
    /// assert_eq!(world[goblin].key(), "a goblin");
    ///
    /// world.delete_prototype("goblin")?;
    /// assert!(world.exists(goblin) && world.prototype("goblin").is_none());
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    ///
    /// # Errors
    /// Sentences for whoever made it: it has no key or one of the game's code, its parents can't be put together, or
    /// there are too many.
    pub fn save_prototype(&mut self, prototype: Prototype) -> Result {
        let key = prototype.prototype_key.clone();
        if key.is_empty() || key.chars().count() > KEY_LENGTH || key.chars().any(char::is_control) {
            return Err(say(format!("A prototype needs a key of at most {KEY_LENGTH} visible characters.")));
        }
        self.may_change(&key)?;
        let flat = self.flat_prototype(&prototype)?;
        if let Some(path) = flat.typeclass.filter(|path| self.game.typeclass(path).is_none()) {
            return Err(say(format!("There is no typeclass '{}'.", escape(&path))));
        }
        match self.prototype_keys.get(&key).copied() {
            Some(id) => {
                if let Some(stored) = self.record_mut::<Prototype>(id) {
                    *stored = prototype;
                }
            }
            None if self.prototype_keys.len() >= PROTOTYPES => {
                return Err(say(format!("There are {PROTOTYPES} prototypes, which are the most.")));
            }
            None => {
                let id = self.add_record(prototype);
                self.prototype_keys.insert(key, id);
            }
        }
        Ok(())
    }

    /// Forgets a prototype that was made in the game. Objects made of it stay.
    ///
    /// # Errors
    /// There is none of this key, or it is of the game's code.
    pub fn delete_prototype(&mut self, key: &str) -> Result {
        let key = key.trim().to_lowercase();
        self.may_change(&key)?;
        let id = self.prototype_keys.remove(&key);
        let gone = id.and_then(|id| self.remove_record::<Prototype>(id));
        gone.map(drop).ok_or_else(|| say(format!("There is no prototype '{}'.", escape(&key))))
    }

    fn may_change(&self, key: &str) -> Result {
        if self.is_of_code(key) {
            let key = escape(key);
            return Err(say(format!(
                "The prototype '{key}' is part of the game's code and can't be changed."
            )));
        }
        Ok(())
    }

    /// Finds the records again, when the world has been loaded.
    pub(crate) fn index_prototypes(&mut self) {
        self.prototype_keys =
            self.records::<Prototype>().map(|(id, stored)| (stored.prototype_key.clone(), id)).collect();
    }
}
