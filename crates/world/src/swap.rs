//! Giving an object another typeclass (Evennia's `swap_typeclass`).

use crate::{Attributes, ObjectId, Result, World, bug, say};

/// What becomes of an object that gets another typeclass.
///
/// ```
/// # use meadow_world::{NewObject, Swap, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let hole = world.create(NewObject { key: "hole", ..NewObject::default() })?;
/// world.set_typeclass(hole, "default.Room", Swap::Create)?;
/// assert_eq!(world[hole].typeclass_path(), "default.Room");
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swap {
    /// It keeps all it has, and no hook is called.
    Keep,
    /// It keeps all it has; then `at_object_creation` of the new typeclass is called.
    Create,
    /// Its attributes are taken from it; then `at_object_creation` of the new typeclass is called.
    Reset,
}

/// Giving objects another typeclass.
impl World {
    /// Gives an object another typeclass, or the one that it has once more.
    ///
    /// # Errors
    /// There is no such typeclass (told to the player), or no such object (a bug).
    pub fn set_typeclass(&mut self, id: ObjectId, path: &str, how: Swap) -> Result {
        let kind = self
            .game
            .typeclass(path)
            .ok_or_else(|| say(format!("There is no typeclass '{}'.", crate::text::escape(path))))?;
        let commands = self.game.commands_of(kind, id);
        let provides = commands.is_some();
        let object = self.object_mut(id).ok_or_else(|| bug(format!("there is no object {id}")))?;
        object.typeclass = kind;
        object.unknown_typeclass = None;
        object.commands = commands;
        if how == Swap::Reset {
            object.db = Attributes::default();
        }
        let place = object.location;
        if let Some(place) = place.and_then(|place| self.object_unstored(place)) {
            place.providers.retain(|inside| *inside != id);
            if provides {
                place.providers.push(id);
            }
        }
        place.into_iter().for_each(|place| self.notice(place));
        self.notice(id);
        if how != Swap::Keep {
            kind.at_object_creation(self, id);
        }
        Ok(())
    }
}
