//! `webclient_options`: what a player has set in a browser client, kept with the account, so that it is the same in
//! every browser.

use meadow_link::{CommandTuple, Kwargs, SessionId, tuple};
use serde_json::Value;

use super::{
    monitor::{Monitor, Told},
    unreadable,
};
use crate::{AccountId, Result, World, setup::WorldBuilder};

/// Name of the inputfunc, and of its answer.
pub(super) const NAME: &str = "webclient_options";
/// Attribute of the account, as Evennia names it.
const ATTRIBUTE: &str = "_saved_webclient_options";
/// What is set until a player has set anything (Evennia's WEBCLIENT_OPTIONS).
const DEFAULTS: [(&str, bool); 4] =
    [("gagprompt", true), ("helppopup", false), ("notification_popup", false), ("notification_sound", false)];
/// How much of it is kept for an account, in bytes of JSON.
pub(super) const OPTIONS_LIMIT: usize = 16 * 1024;

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.raw_inputfunc(NAME, "Saves what is set in a browser client, or asks for it.", webclient_options);
}

fn webclient_options(world: &mut World, session: SessionId, mut given: CommandTuple) -> Result {
    // Evennia's browser client numbers its messages.
    given.kwargs.remove("cmdid");
    let account = world.session(session).and_then(|session| session.account());
    let Some(account) = account else {
        return Err(unreadable("webclient_options belong to an account: log in first"));
    };
    let mut options = options_of(world, account);
    if given.kwargs.is_empty() {
        world.msg(session, tuple(NAME).kwargs(&options));
        // Another browser of the same player may change them.
        let monitor = Monitor::new(NAME, Told::Webclient, Some(Value::Object(options)));
        return world.add_monitors(session, vec![monitor]);
    }
    options.extend(given.kwargs);
    let size = serde_json::to_string(&options)?.len();
    if size > OPTIONS_LIMIT {
        return Err(unreadable(format!("webclient_options may not be longer than {OPTIONS_LIMIT} bytes")));
    }
    world[account].db.set(ATTRIBUTE, options)?;
    Ok(())
}

/// What an account has set; for what it has not, the defaults.
pub(super) fn options_of(world: &World, account: AccountId) -> Kwargs {
    let mut options: Kwargs =
        DEFAULTS.iter().map(|(name, on)| ((*name).to_owned(), Value::Bool(*on))).collect();
    if let Some(saved) = world.account(account).and_then(|account| account.db.get::<Kwargs>(ATTRIBUTE)) {
        options.extend(saved);
    }
    options
}
