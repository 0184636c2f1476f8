//! Keepsakes: things that everybody may need, and that therefore never run out. Whoever takes one finds
//! another in its place the next time; nobody carries two; what is left lying about is gone after a while.

use std::time::Duration;

use meadow::{Time, prelude::*, text::without_article};

/// How long one lies about before somebody tidies up.
const LIES_FOR: Duration = Duration::from_secs(5 * 60);

/// Base of the things that one needs in the meadow. Where its `home` is, there is always another.
///
/// Attributes: `gone` is told to those who are there when it goes. Its state stands in tags, which the next
/// one does not inherit.
pub struct Keepsake;

impl Typeclass for Keepsake {
    fn path(&self) -> &'static str {
        "typeclasses.Keepsake"
    }

    /// What was to happen later is forgotten when the Server stops, so it is arranged again.
    fn at_server_start(&self, world: &mut World, me: ObjectId) {
        Keepsake::tidy_later(world, me);
    }

    fn at_pre_get(&self, world: &mut World, me: ObjectId, getter: ObjectId) -> Result {
        if Keepsake::like(world, me, getter).is_some() {
            return Err(say("You have one already. Leave this one for others."));
        }
        self.base().at_pre_get(world, me, getter)
    }

    fn at_get(&self, world: &mut World, me: ObjectId, _getter: ObjectId) {
        world[me].db.remove("left_at");
        logged("another keepsake takes the place of this one", Keepsake::put_another(world, me));
    }

    fn at_drop(&self, world: &mut World, me: ObjectId, _dropper: ObjectId) {
        Keepsake::tidy_later(world, me);
    }
}

impl Keepsake {
    /// Another one of the same kind and name in some place or in somebody's hands.
    pub fn like(world: &World, me: ObjectId, holder: ObjectId) -> Option<ObjectId> {
        let alike = |id: &ObjectId| {
            *id != me
                && world[*id].key() == world[me].key()
                && world[*id].typeclass_path() == world[me].typeclass_path()
        };
        world[holder].contents().iter().copied().find(alike)
    }

    /// If it lies where it does not belong, or there is one too many of it, it will be gone after a while.
    pub fn tidy_later(world: &mut World, me: ObjectId) {
        if Keepsake::lies_about(world, me).is_none() {
            return;
        }
        let left_at = world.now();
        logged("a keepsake is left", world[me].db.set("left_at", left_at));
        world.after(LIES_FOR, move |world| {
            // It may be gone by now, or taken up and left again: that has a time of its own.
            let object = world.object(me).filter(|object| object.db.get::<Time>("left_at") == Some(left_at));
            if object.is_none() {
                return;
            }
            if let Some(place) = Keepsake::lies_about(world, me) {
                let gone = Keepsake::gone(world, me);
                world.msg_contents(place, gone, &[]);
                logged("another keepsake takes the place of this one", Keepsake::put_another(world, me));
                logged("a keepsake is tidied away", world.destroy(me));
            }
        });
    }

    /// Where it lies about, if it does.
    fn lies_about(world: &World, me: ObjectId) -> Option<ObjectId> {
        let place = world[me].location().filter(|place| !world.is_character(*place))?;
        (world[me].home != Some(place) || Keepsake::like(world, me, place).is_some()).then_some(place)
    }

    fn gone(world: &World, me: ObjectId) -> String {
        match world[me].db.str("gone") {
            Some(gone) => gone.to_owned(),
            None => format!("When you look again, the {} is gone.", without_article(world[me].key())),
        }
    }

    /// Sees to it that there is one where it belongs.
    fn put_another(world: &mut World, me: ObjectId) -> Result {
        let Some(home) = world[me].home.filter(|home| world.exists(*home)) else { return Ok(()) };
        if world[me].location() == Some(home) || Keepsake::like(world, me, home).is_some() {
            return Ok(());
        }
        let (key, aliases) = (world[me].key().to_owned(), world[me].aliases().to_vec());
        let other = world.create(NewObject {
            key: &key,
            typeclass: world[me].typeclass().path(),
            aliases: &aliases.iter().map(|alias| &**alias).collect::<Vec<_>>(),
            location: Some(home),
            home: Some(home),
            ..NewObject::default()
        })?;
        world[other].db = world[me].db.clone();
        Ok(())
    }
}
