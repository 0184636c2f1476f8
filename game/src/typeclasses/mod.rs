//! The game's own kinds of objects.
//!
//! # Adding one
//!
//! 1. Copy `flower.rs`: a unit struct, its `path`, which is stored with each object and so is for ever, the
//!    typeclass that it builds on, and the hooks that differ. What an object remembers stands in its
//!    attributes and tags; the struct itself holds nothing.
//! 2. Name it here, and add it in [`register`].
//! 3. Put one into `world/meadow.ev`, and write down in `tests/transcripts/` what a player is to see of it.

use meadow::prelude::*;

use crate::commands::{CmdDraw, CmdWrite};

mod badger;
pub use badger::Badger;

mod brambles;
pub use brambles::Brambles;

mod brook;
pub use brook::Brook;

mod character;
pub use character::Character;

mod dark_room;
pub use dark_room::DarkRoom;

mod flower;
pub use flower::Flower;

mod flower_meadow;
pub use flower_meadow::FlowerMeadow;

mod gardener;
pub use gardener::Gardener;

mod gate;
pub use gate::Gate;

mod glass;
pub use glass::Glass;

mod gloves;
pub use gloves::Gloves;

mod guest_book;
pub use guest_book::{GuestBook, PAGE_LENGTH, PAGES, Page};

mod honeycomb;
pub use honeycomb::Honeycomb;

mod keepsake;
pub use keepsake::Keepsake;

mod key;
pub use key::Key;

mod lantern;
pub use lantern::Lantern;

mod pail;
pub use pail::Pail;

mod rose;
pub use rose::Rose;

mod rose_bush;
pub use rose_bush::RoseBush;

mod scenery;
pub use scenery::Scenery;

mod well;
pub use well::Well;

/// Registers them all. Called by [`setup`](crate::setup).
pub fn register(world: &mut WorldBuilder) {
    for kind in KINDS {
        world.typeclass(kind);
    }
    world
        .character_typeclass(&Character)
        // Above those of characters, which have commands of the same names for where there is neither.
        .object_commands(&Well, CmdSet::new("Well").priority(1).add(CmdDraw))
        .object_commands(&GuestBook, CmdSet::new("GuestBook").priority(1).add(CmdWrite));
    Glass::register(world);
}

const KINDS: [&dyn Typeclass; 21] = [
    &Badger,
    &Brambles,
    &Brook,
    &Character,
    &DarkRoom,
    &Flower,
    &FlowerMeadow,
    &Gardener,
    &Gate,
    &Glass,
    &Gloves,
    &GuestBook,
    &Honeycomb,
    &Keepsake,
    &Key,
    &Lantern,
    &Pail,
    &Rose,
    &RoseBush,
    &Scenery,
    &Well,
];
