//! Accounts under other rules than the default ones: several connections, guests, lost links, bans, time-outs; and what
//! games do with hooks of accounts.

use meadow::{NewObject, PASSWORD, Rules, TestGame, WorldBuilder};

mod boot;
mod guests;
mod hooks;
mod idle;
mod linkdead;
mod multisession;
mod permissions;
mod secrets;
mod unloggedin;

/// A hall, and these rules.
fn with_rules(world: &mut WorldBuilder, rules: Rules) {
    world.rules(rules).at_initial_setup(|world| {
        let hall = world.create(NewObject {
            key: "Hall",
            typeclass: "default.Room",
            desc: "A bare hall.",
            ..NewObject::default()
        })?;
        world.set_start_location(hall);
        Ok(())
    });
}

/// A connection of this name logs in to an account; gives back what it saw of that.
fn log_in(game: &mut TestGame, connection: &str, account: &str) -> String {
    game.connect(connection);
    game.line(connection, &format!("connect \"{account}\" \"{PASSWORD}\""))
}
