//! The typeclasses that others build on: object, character, room, exit.

use crate::{ObjectId, Result, Typeclass, World, text};

/// The root of all typeclasses: a thing. What it does stands in `root.rs`.
///
/// ```
/// # use meadow_world::{NewObject, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let pebble = world.create(NewObject { key: "pebble", ..NewObject::default() })?;
/// assert_eq!(world[pebble].typeclass_path(), "default.Object");
/// # Ok::<(), meadow_world::Stop>(())
/// ```
pub struct DefaultObject;

impl Typeclass for DefaultObject {
    fn path(&self) -> &'static str {
        "default.Object"
    }

    fn is_root(&self) -> bool {
        true
    }
}

/// A body that players puppet. It can't be picked up, and it is stowed away (nowhere) while nobody does.
///
/// A game's own characters build on it:
///
/// ```
/// use meadow_world::{ObjectId, Typeclass, World, WorldBuilder, default::DefaultCharacter};
///
/// struct Hero;
///
/// impl Typeclass for Hero {
///     fn path(&self) -> &'static str {
///         "typeclasses.Hero"
///     }
///
///     fn base(&self) -> &'static dyn Typeclass {
///         &DefaultCharacter
///     }
///
///     fn at_post_puppet(&self, world: &mut World, me: ObjectId) {
///         self.base().at_post_puppet(world, me);
///         world.msg(me, "The people look up to you.");
///     }
/// }
///
/// let mut world = WorldBuilder::new("A Game");
/// world.typeclass(&Hero).character_typeclass(&Hero);
/// ```
pub struct DefaultCharacter;

impl Typeclass for DefaultCharacter {
    fn path(&self) -> &'static str {
        "default.Character"
    }

    fn at_object_creation(&self, world: &mut World, me: ObjectId) {
        world[me].locks = "get:false();call:false()".into();
    }

    /// Comes back to where it was, or to its home.
    fn at_pre_puppet(&self, world: &mut World, me: ObjectId) -> Result {
        if world[me].location().is_none() {
            let back = world[me].db.get::<ObjectId>("prelogout_location").filter(|room| world.exists(*room));
            let home = world[me].home.filter(|home| world.exists(*home));
            let place = back.or(home).or_else(|| world.start_location());
            if let Some(place) = place {
                world.place(me, Some(place));
            }
        }
        Ok(())
    }

    /// Sees where it is; the others see it come.
    fn at_post_puppet(&self, world: &mut World, me: ObjectId) {
        let name = text::escape(world[me].key()).into_owned();
        world.msg(me, format!("You become |c{name}|n."));
        if let Some(room) = world[me].location() {
            let view = world.appearance(room, me);
            world.msg(me, meadow_link::text(view).kw("type", "look"));
            world.tell_char_name(me);
            world.tell_room_info(me);
            world.msg_contents(room, format!("{name} has entered the game."), &[me]);
        }
    }

    /// Is stowed away; the others see it go.
    fn at_post_unpuppet(&self, world: &mut World, me: ObjectId) {
        if let Some(room) = world[me].location() {
            let name = text::escape(world[me].key()).into_owned();
            world.msg_contents(room, format!("{name} has left the game."), &[me]);
            if world[me].db.set("prelogout_location", room).is_ok() {
                world.place(me, None);
            }
        }
    }
}

/// A place.
///
/// ```
/// # use meadow_world::{NewObject, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let new = NewObject { key: "Meadow", typeclass: "default.Room", desc: "Grass.", ..NewObject::default() };
/// let meadow = world.create(new)?;
/// world.set_start_location(meadow);
/// assert_eq!(world.start_location(), Some(meadow));
/// # Ok::<(), meadow_world::Stop>(())
/// ```
pub struct DefaultRoom;

impl Typeclass for DefaultRoom {
    fn path(&self) -> &'static str {
        "default.Room"
    }

    fn at_object_creation(&self, world: &mut World, me: ObjectId) {
        world[me].locks = "get:false();puppet:false()".into();
    }
}

/// A way out of a place, called by its name as a command.
///
/// ```
/// # use meadow_world::{NewObject, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// # let new = |key| NewObject { key, typeclass: "default.Room", ..NewObject::default() };
/// # let (meadow, brook) = (world.create(new("Meadow"))?, world.create(new("Brook"))?);
/// # let typeclass = "default.Character";
/// # let anna = NewObject { key: "Anna", typeclass, location: Some(meadow), ..NewObject::default() };
/// # let anna = world.create(anna)?;
/// world.create(NewObject {
///     key: "north",
///     aliases: &["n"],
///     typeclass: "default.Exit",
///     location: Some(meadow),
///     destination: Some(brook),
///     ..NewObject::default()
/// })?;
/// world.execute_cmd(anna, "n")?;
/// assert_eq!(world[anna].location(), Some(brook));
/// # Ok::<(), meadow_world::Stop>(())
/// ```
pub struct DefaultExit;

impl Typeclass for DefaultExit {
    fn path(&self) -> &'static str {
        "default.Exit"
    }

    fn at_object_creation(&self, world: &mut World, me: ObjectId) {
        world[me].locks = "get:false();puppet:false()".into();
    }
}
