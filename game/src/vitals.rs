//! How well a character is. Commands and typeclasses change it here; clients that draw a bar are told by
//! `char_vitals`, which goes out as GMCP `Char.Vitals`, MSDP or JSON: the game names no wire.

use meadow::prelude::*;
use serde::Serialize;

/// Lets clients ask for it by themselves, as often as they like or whenever it changes: `HEALTH` and `HEALTH_MAX`
/// by MSDP, `health` by `get_value` and `monitor`. Called by [`setup`](crate::setup).
pub fn register(world: &mut WorldBuilder) {
    world
        .monitorable("health", |world, who| vitals(world, who).hp)
        .msdp_variable("HEALTH", |world, who| vitals(world, who).hp)
        .msdp_variable("HEALTH_MAX", |_, _| MAX_HP);
}

/// What a character in the best of health has.
pub const MAX_HP: u32 = 20;

/// What clients are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Vitals {
    /// Health now.
    pub hp: u32,
    /// Health at best.
    pub maxhp: u32,
}

/// How well somebody is.
pub fn vitals(world: &World, who: ObjectId) -> Vitals {
    Vitals { hp: world[who].db.get("hp").unwrap_or(MAX_HP), maxhp: MAX_HP }
}

/// Takes health away. Nobody dies of a meadow: the last point stays.
///
/// # Errors
/// Never, as long as numbers can be stored.
pub fn hurt(world: &mut World, who: ObjectId, points: u32) -> Result {
    let hp = vitals(world, who).hp.saturating_sub(points).max(1);
    set(world, who, hp)
}

/// Makes somebody well again.
///
/// # Errors
/// Never, as long as numbers can be stored.
pub fn heal(world: &mut World, who: ObjectId) -> Result {
    set(world, who, MAX_HP)
}

fn set(world: &mut World, who: ObjectId, hp: u32) -> Result {
    world[who].db.set("hp", hp)?;
    world.msg(who, tuple("char_vitals").kwargs(&vitals(world, who)));
    Ok(())
}
