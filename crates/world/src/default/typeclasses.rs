//! The typeclasses that others build on: object, character, room, exit.

use crate::{ObjectId, Result, Typeclass, World, text};

/// The root of all typeclasses: a thing. What it does stands in `root.rs`.
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
pub struct DefaultExit;

impl Typeclass for DefaultExit {
    fn path(&self) -> &'static str {
        "default.Exit"
    }

    fn at_object_creation(&self, world: &mut World, me: ObjectId) {
        world[me].locks = "get:false();puppet:false()".into();
    }
}
