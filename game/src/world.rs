//! The world as it is at the beginning: tables of places, ways and things. [`build`] is called once in a
//! world's life; from then on the world is what is stored.
//!
//! ```text
//!                        Walled Garden
//!                             | gate
//!   Hives ----- Old Oak ----- Yard
//!                  |           |
//!               A Meadow --- Brook ----- Shed
//!
//!   above the Old Oak: In the Branches; below it: the Sett
//! ```

use std::collections::HashMap;

use meadow::prelude::*;

use crate::typeclasses::{
    Badger, Brook, DarkRoom, Flower, FlowerMeadow, Gate, Gloves, Honeycomb, Key, Lantern, RoseBush, Scenery,
    Well,
};

/// A place. The first one is where new characters begin.
struct Room {
    /// What the tables below call it.
    id: &'static str,
    kind: &'static dyn Typeclass,
    key: &'static str,
    desc: &'static str,
    smell: &'static str,
}

/// A way: from, kind, key, aliases, to.
type Way = (&'static str, &'static dyn Typeclass, &'static str, &'static [&'static str], &'static str);

/// A thing.
struct Thing {
    /// Where it is, and where it belongs.
    room: &'static str,
    kind: &'static dyn Typeclass,
    key: &'static str,
    aliases: &'static [&'static str],
    desc: &'static str,
    /// Attributes; which ones mean something is said by its typeclass.
    db: &'static [(&'static str, &'static str)],
}

const ROOMS: [Room; 9] = [
    Room {
        id: "meadow",
        kind: &FlowerMeadow,
        key: "A Meadow",
        desc: "This is a beautiful meadow. It is full of flowers.",
        smell: "Clover, and grass that the sun has warmed.",
    },
    Room {
        id: "oak",
        kind: &DefaultRoom,
        key: "The Old Oak",
        desc: "An oak as wide as a house spreads its shade here. Its lowest branches are in reach of whoever \
               likes to climb, and between its roots a hole leads down into the earth. In the west something \
               hums.",
        smell: "Bark and moss.",
    },
    Room {
        id: "branches",
        kind: &DefaultRoom,
        key: "In the Branches",
        desc: "From the crown of the oak you see the whole land: the meadow in the south, hives in the west, \
               a yard with a well in the east. North of the well a high wall runs around a garden. A bush \
               stands in the middle of it, full of buds, and none of them is open.",
        smell: "Leaves and wind.",
    },
    Room {
        id: "sett",
        kind: &DarkRoom,
        key: "The Sett",
        desc: "A round chamber in the earth, dry and warm, lined with moss and with the leaves of last \
               autumn.",
        smell: "Earth and badger.",
    },
    Room {
        id: "hives",
        kind: &DefaultRoom,
        key: "The Hives",
        desc: "Straw hives stand in a row in the sun, and the air is thick with bees. In the nearest hive, \
               honeycomb shines like a window at dusk.",
        smell: "Honey, wax and thyme.",
    },
    Room {
        id: "yard",
        kind: &DefaultRoom,
        key: "The Yard",
        desc: "Chamomile grows between the flagstones of a small yard. In the north rises a wall, twice as \
               high as you are, with an iron gate in it.",
        smell: "Chamomile and wet stone.",
    },
    Room {
        id: "brook",
        kind: &DefaultRoom,
        key: "By the Brook",
        desc: "A brook runs over white pebbles and talks to itself. The path follows it north to a yard; in \
               the east the door of a little shed stands open.",
        smell: "Mint and cold water.",
    },
    Room {
        id: "shed",
        kind: &DefaultRoom,
        key: "The Shed",
        desc: "Pots of every size are stacked by size, and each tool hangs on a hook of its own. Whoever \
               works here likes order.",
        smell: "Clay, twine and dry leaves.",
    },
    Room {
        id: "garden",
        kind: &DefaultRoom,
        key: "The Walled Garden",
        desc: "The wall keeps the wind out, and it is very quiet. Gravel paths lead from all sides to the \
               middle.",
        smell: "Box and dry earth.",
    },
];

const WAYS: [Way; 18] = [
    ("meadow", &DefaultExit, "north", &["n"], "oak"),
    ("meadow", &DefaultExit, "east", &["e"], "brook"),
    ("oak", &DefaultExit, "south", &["s"], "meadow"),
    ("oak", &DefaultExit, "west", &["w"], "hives"),
    ("oak", &DefaultExit, "east", &["e"], "yard"),
    // An exit is called by any of its names, so climbing needs no command of its own.
    ("oak", &DefaultExit, "up", &["u", "climb", "climb up"], "branches"),
    ("oak", &DefaultExit, "down", &["d", "hole", "climb down"], "sett"),
    ("branches", &DefaultExit, "down", &["d", "climb", "climb down"], "oak"),
    ("sett", &DefaultExit, "up", &["u", "climb", "climb up", "out"], "oak"),
    ("hives", &DefaultExit, "east", &["e"], "oak"),
    ("yard", &Gate, "gate", &["north", "n", "iron gate"], "garden"),
    ("yard", &DefaultExit, "south", &["s"], "brook"),
    ("yard", &DefaultExit, "west", &["w"], "oak"),
    ("brook", &DefaultExit, "north", &["n"], "yard"),
    ("brook", &DefaultExit, "west", &["w"], "meadow"),
    ("brook", &DefaultExit, "east", &["e", "shed"], "shed"),
    ("shed", &DefaultExit, "west", &["w", "out"], "brook"),
    // Opens from inside without a key, so that nobody is ever locked in.
    ("garden", &DefaultExit, "gate", &["south", "s", "out", "iron gate"], "yard"),
];

const THINGS: [Thing; 12] = [
    Thing {
        room: "meadow",
        kind: &Flower,
        key: "flower",
        aliases: &[],
        desc: Flower::DESC,
        db: &[("smell", Flower::SMELL)],
    },
    Thing {
        room: "oak",
        kind: &Scenery,
        key: "old oak",
        aliases: &["tree", "oak tree"],
        desc: "Three people could not reach around it. Its bark has steps worn into it by many feet.",
        db: &[("get_err_msg", "It has stood here for six hundred years, and here it stays.")],
    },
    Thing {
        room: "sett",
        kind: &Badger,
        key: "sleeping badger",
        aliases: &[],
        desc: "It has one paw over its nose, and snores a little. There is honey on its whiskers, or there \
               was once; it seems to be dreaming of it.",
        db: &[
            ("smell", "A badger that has not washed for a while, and does not mean to."),
            ("get_err_msg", "It is heavier than it looks, and it has teeth."),
        ],
    },
    Thing {
        room: "sett",
        kind: &Key,
        key: "brass key",
        aliases: &[],
        desc: "A long key of brass, with a rose on its bow.",
        db: &[],
    },
    Thing {
        room: "hives",
        kind: &Scenery,
        key: "hive",
        aliases: &["hives", "bees", "bee"],
        desc: "The bees come and go, and take no notice of you as long as you take nothing of theirs.",
        db: &[("smell", "Honey."), ("get_err_msg", "The bees would not like that. The honeycomb might do.")],
    },
    Thing {
        room: "hives",
        kind: &Honeycomb,
        key: "honeycomb",
        aliases: &["honey", "comb"],
        desc: "Six-sided rooms of wax, and each is full of gold.",
        db: &[("smell", "Like a whole summer at once.")],
    },
    Thing {
        room: "yard",
        kind: &Well,
        key: "well",
        aliases: &["water", "bucket"],
        desc: "A round well of grey stone, with a bucket on a rope, and pails beside it. The water stands \
               deep down; you could |wdraw|n some.",
        db: &[("get_err_msg", "The well stays where it is, but you could |wdraw|n water from it.")],
    },
    Thing {
        room: "brook",
        kind: &Brook,
        key: "brook",
        aliases: &["water", "stream"],
        desc: "It is so clear that every pebble has its own shadow. You could |wdrink|n from it.",
        db: &[("get_err_msg", "It runs through your fingers. You could |wdrink|n some, though.")],
    },
    Thing {
        room: "shed",
        kind: &Lantern,
        key: "lantern",
        aliases: &["lamp"],
        desc: "A lantern of tin and glass, filled and trimmed. You could |wlight|n it.",
        db: &[],
    },
    Thing {
        room: "shed",
        kind: &Gloves,
        key: "a pair of gloves",
        aliases: &["gloves", "glove"],
        desc: "Thick leather gloves, made for rough work. You could |wwear|n them.",
        db: &[("smell", "Leather and honey.")],
    },
    Thing {
        room: "shed",
        kind: &Scenery,
        key: "chalk list",
        aliases: &["list", "chalk", "note"],
        desc: "A board beside the door, with four lines in a careful hand. You could |wread|n it.",
        db: &[
            (
                "written",
                "The key went down the hole again. Take a light.\n\
                 The badger gives up nothing, unless there is honey on the floor.\n\
                 Gloves for the bees. Gloves for the thorns!\n\
                 She wants only water. Draw it at the well.",
            ),
            ("get_err_msg", "The board is nailed to the wall."),
        ],
    },
    Thing {
        room: "garden",
        kind: &RoseBush,
        key: "rose bush",
        aliases: &["bush", "buds", "bud"],
        desc: "",
        db: &[("get_err_msg", "It has roots, and they go deep.")],
    },
];

/// Builds it all.
///
/// # Errors
/// A mistake in a table: a place that there is not, a typeclass that is not registered.
pub fn build(world: &mut World) -> Result {
    let mut rooms: HashMap<&str, ObjectId> = HashMap::new();
    for Room { id, kind, key, desc, smell } in &ROOMS {
        let room = world.create(NewObject { key, desc, typeclass: kind.path(), ..NewObject::default() })?;
        world[room].db.set("smell", smell)?;
        rooms.insert(id, room);
    }
    let room = |id: &str| rooms.get(id).copied().ok_or_else(|| bug(format!("the tables have no place {id}")));
    for (from, kind, key, aliases, to) in &WAYS {
        world.create(NewObject {
            key,
            aliases,
            typeclass: kind.path(),
            location: Some(room(from)?),
            destination: Some(room(to)?),
            ..NewObject::default()
        })?;
    }
    for Thing { room: place, kind, key, aliases, desc, db } in &THINGS {
        let place = Some(room(place)?);
        let typeclass = kind.path();
        let new =
            NewObject { key, aliases, desc, typeclass, location: place, home: place, ..NewObject::default() };
        let thing = world.create(new)?;
        for (name, value) in *db {
            world[thing].db.set(name, value)?;
        }
    }
    world.set_start_location(room(ROOMS[0].id)?);
    Ok(())
}
