//! The gate: an exit that a lock string keeps shut. Which key fits is said where it is built, by a lock of its own.

use std::time::Duration;

use meadow::prelude::*;

/// How long it stands open.
const OPEN_FOR: Duration = Duration::from_secs(3 * 60);

/// An exit that can be locked. Tag: `open`.
pub struct Gate;

impl Typeclass for Gate {
    fn path(&self) -> &'static str {
        "typeclasses.Gate"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &DefaultExit
    }

    /// `traverse` is asked by every exit. `unlock` is this game's own, asked by the command of that name: it is up to
    /// the builder, `@lock gate = unlock:holds(brass key)`.
    fn at_object_creation(&self, world: &mut World, me: ObjectId) {
        world[me].locks = "get:false();puppet:false();traverse:objtag(open)".into();
    }

    fn at_server_start(&self, world: &mut World, me: ObjectId) {
        if Gate::is_open(world, me) {
            close_later(world, me);
        }
    }

    fn display_desc(&self, world: &World, me: ObjectId, _looker: ObjectId) -> String {
        let gate = "The gate is a trellis of iron roses. Its lock is of brass.";
        let now = if Gate::is_open(world, me) { "It stands open." } else { "It is locked." };
        format!("{gate} {now}")
    }

    fn at_failed_traverse(&self, _world: &mut World, _me: ObjectId, _traveller: ObjectId) -> Result {
        Err(say("The gate is locked. Between its iron roses you see a garden, and a bush with closed buds."))
    }
}

impl Gate {
    /// Whether it stands open.
    pub fn is_open(world: &World, gate: ObjectId) -> bool {
        world[gate].has_tag("open")
    }

    /// Opens it, for a while.
    pub fn open(world: &mut World, gate: ObjectId) {
        world.add_tag(gate, "open", "");
        close_later(world, gate);
    }
}

fn close_later(world: &mut World, gate: ObjectId) {
    world.after(OPEN_FOR, move |world| {
        let Some(object) = world.object(gate) else { return };
        let sides = [object.location(), object.destination()];
        world.remove_tag(gate, "open", "");
        for side in sides.into_iter().flatten() {
            world.msg_contents(side, "The gate swings shut, and its lock clicks.", &[]);
        }
    });
}
