//! The weather: a script that tells all places with the tag `outdoors`, and has butterflies come and go.

use meadow::{Prototype, prelude::*};

use crate::prototypes::BUTTERFLIES;

/// Goes from one sky to the next at each repetition. Attribute: `sky`, which one it is.
pub struct Weather;

/// A sky: what one is told when it comes, and what one sees as long as it is there.
struct Sky {
    comes: &'static str,
    is: &'static str,
    butterflies: bool,
}

const SKIES: [Sky; 4] = [
    Sky {
        comes: "The last clouds drift off, and the sun is back.",
        is: "The sun shines. There are three clouds, and they are only for show.",
        butterflies: true,
    },
    Sky {
        comes: "Clouds come up from the west, and the light goes grey.",
        is: "The sky is grey, and the swallows fly low.",
        butterflies: true,
    },
    Sky {
        comes: "It begins to rain, softly, as if it wanted to wake nobody.",
        is: "It rains, softly and evenly.",
        butterflies: false,
    },
    Sky {
        comes: "The rain stops. Everything drips, and shines.",
        is: "Everything drips and shines, and a blackbird has much to say about it.",
        butterflies: false,
    },
];

impl ScriptTypeclass for Weather {
    fn path(&self) -> &'static str {
        "scripts.Weather"
    }

    fn at_repeat(&self, world: &mut World, me: ScriptId) -> Result {
        let Some(script) = world.script_mut(me) else { return Ok(()) };
        let next = (sky_number(&script.db) + 1) % SKIES.len();
        script.db.set("sky", next)?;
        let sky = &SKIES[next];
        for place in world.objects_tagged("outdoors", "").to_vec() {
            world.msg_contents(place, sky.comes, &[]);
        }
        if sky.butterflies { butterflies_come(world) } else { butterflies_go(world) }
    }
}

impl Weather {
    /// The key of the script.
    pub const KEY: &'static str = "weather";

    /// What one sees of the sky now.
    pub fn now(world: &World) -> &'static str {
        let script = world.script_named(ScriptOwner::Global, Weather::KEY).and_then(|id| world.script(id));
        SKIES[script.map_or(0, |script| sky_number(&script.db))].is
    }
}

fn sky_number(db: &meadow::Attributes) -> usize {
    db.get("sky").unwrap_or(0_usize) % SKIES.len()
}

/// One to each place with the tag `flowers` that has none.
fn butterflies_come(world: &mut World) -> Result {
    for (count, place) in world.objects_tagged("flowers", "").to_vec().into_iter().enumerate() {
        let is_butterfly = |id: &ObjectId| all_butterflies(world).contains(id);
        if !world[place].contents().iter().any(is_butterfly) {
            let kind = BUTTERFLIES[count % BUTTERFLIES.len()];
            world.spawn_with(kind, Prototype::default().location(&place.to_string()))?;
        }
    }
    Ok(())
}

fn butterflies_go(world: &mut World) -> Result {
    all_butterflies(world).into_iter().try_for_each(|butterfly| world.destroy(butterfly))
}

fn all_butterflies(world: &World) -> Vec<ObjectId> {
    BUTTERFLIES.iter().flat_map(|kind| world.objects_of_prototype(kind)).copied().collect()
}
