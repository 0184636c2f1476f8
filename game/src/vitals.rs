//! How well a character is. Commands and typeclasses change it here; clients that draw a bar are told by
//! `char_vitals`, which goes out as GMCP `Char.Vitals`, MSDP or JSON: the game names no wire.
//!
//! Who is hurt gets better by a ticker: it is stored, so it goes on after a reload, and it ends when there is nothing
//! left to do.

use std::time::Duration;

use meadow::{TickerId, oob::char_vitals, prelude::*};
use serde::Serialize;

/// Lets clients ask for it by themselves, as often as they like or whenever it changes: `HEALTH` and `HEALTH_MAX`
/// by MSDP, `health` by `get_value` and `monitor`. Called by [`setup`](crate::setup).
pub fn register(world: &mut WorldBuilder) {
    world
        .ticker(MEND, mend)
        .monitorable("health", |world, who| vitals(world, who).hp)
        .msdp_variable("HEALTH", |world, who| vitals(world, who).hp)
        .msdp_variable("HEALTH_MAX", |_, _| MAX_HP);
}

/// What a character in the best of health has.
pub const MAX_HP: u32 = 20;

/// The ticker that makes somebody better, and how often it gives back a point.
const MEND: &str = "mend";
const MENDS_EVERY: Duration = Duration::from_secs(30);

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

/// The same in words.
pub fn in_words(Vitals { hp, maxhp }: Vitals) -> &'static str {
    match hp {
        _ if hp >= maxhp => "in the best of health",
        _ if hp * 2 >= maxhp => "scratched",
        2.. => "sore all over",
        _ => "smarting from head to foot; honey or cold water would help",
    }
}

/// Tells the clients of somebody.
pub fn tell(world: &mut World, who: ObjectId) {
    world.msg(who, char_vitals(&vitals(world, who)));
}

/// Takes health away. Nobody dies of a meadow: the last point stays.
///
/// # Errors
/// Never, as long as numbers can be stored.
pub fn hurt(world: &mut World, who: ObjectId, points: u32) -> Result {
    let hp = vitals(world, who).hp.saturating_sub(points).max(1);
    set(world, who, hp)
}

/// Gives health back, up to the best.
///
/// # Errors
/// Never, as long as numbers can be stored.
pub fn heal(world: &mut World, who: ObjectId, points: u32) -> Result {
    let hp = vitals(world, who).hp.saturating_add(points).min(MAX_HP);
    set(world, who, hp)
}

fn set(world: &mut World, who: ObjectId, hp: u32) -> Result {
    world[who].db.set("hp", hp)?;
    // One that is there already stays as it is.
    if hp < MAX_HP {
        world.ticker_add(mending(who))?;
    } else if let Some(ticker) = mending_of(world, who) {
        world.ticker_remove(ticker);
    }
    tell(world, who);
    Ok(())
}

fn mending(who: ObjectId) -> NewTicker<'static> {
    NewTicker { interval: MENDS_EVERY, function: MEND, subscriber: who.into(), ..NewTicker::default() }
}

fn mending_of(world: &World, who: ObjectId) -> Option<TickerId> {
    world.ticker_find(mending(who))
}

fn mend(world: &mut World, ticker: &Ticker) -> Result {
    let who = ticker.object()?;
    heal(world, who, 1)?;
    if vitals(world, who).hp == MAX_HP {
        world.msg(who, "The last of your scratches has healed.");
    }
    Ok(())
}
