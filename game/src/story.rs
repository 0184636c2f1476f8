//! How far somebody has come in the story. It is told by what stands about in the world; what the world remembers of it
//! are tags on characters.

use meadow::prelude::*;

use crate::{
    channels,
    typeclasses::{Glass, Rose},
};

/// A tag of a character: has told Tilda that they will see to the rose.
pub const PROMISED: &str = "promised";
/// A tag of a character: has picked the rose.
pub const MADE_BLOOM: &str = "made_bloom";
/// A tag of a character: has brought it to Tilda, which is the end.
pub const BROUGHT: &str = "brought_rose";

/// What there is to do next, in a few words.
pub fn next_step(world: &World, who: ObjectId) -> &'static str {
    let has = |tag| world[who].has_tag(tag);
    match (has(PROMISED), Rose::carried_by(world, who).is_some(), has(BROUGHT)) {
        (_, _, true) => "told to its end; the meadow goes on",
        (_, true, false) => "you have the rose: somebody waits for it",
        (true, false, false) => "the rose in the walled garden is to bloom, for Tilda",
        (false, false, false) => "look for smoke: somebody could use your help",
    }
}

/// Somebody has brought a rose to Tilda: the end of the story, for whoever has not heard it yet.
pub fn rose_is_brought(world: &mut World, tilda: ObjectId, rose: ObjectId, giver: ObjectId) {
    logged("the rose is put into the glass", world.destroy(rose));
    let Some(room) = world[tilda].location() else { return };
    Glass::fill_in(world, room);
    world
        .act(tilda, "$You() $conj(hold) the rose to the light, and then for a long time to $pron(your) face.")
        .to_room();
    if world[giver].has_tag(BROUGHT) {
        world.msg(giver, "\"Another one,\" says Tilda. \"You will spoil me.\"");
        return;
    }
    world.add_tag(giver, BROUGHT, "");
    world.msg(giver, THE_END);
    let name = escape(world[giver].key()).into_owned();
    channels::announce(world, &format!("{name} has brought Tilda the rose."));
}

const THE_END: &str = "\"She smells as she did then,\" says Tilda, and puts the rose into the glass, and the glass into the \
    window, where it stands before the grey of the wall like a lamp. \"The garden is yours to walk in, child. See that \
    she has water.\"\n\
    |wThe rose has come home.|n This is the end of the story, but not of the meadow: stay as long as you like, and show \
    others the way.";
