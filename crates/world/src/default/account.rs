//! What an account does when no typeclass overrides it: one function for each hook of `AccountTypeclass`. And the two
//! typeclasses that every game has.

use meadow_link::{SessionId, text};

use crate::{
    AccountId, AccountTypeclass, ChannelId, ObjectId, Result, ServerSession, Subscriber, World,
    text::command_link, text::escape,
};

/// The root of all typeclasses of accounts. What it does stands in this file.
///
/// A game's own builds on it: see [`AccountTypeclass`].
///
/// ```
/// use meadow_world::{AccountTypeclass, default::DefaultAccount};
///
/// struct Traveller;
///
/// impl AccountTypeclass for Traveller {
///     // This is what it is anyway.
///     fn base(&self) -> &'static dyn AccountTypeclass {
///         &DefaultAccount
///     }
/// }
/// ```
pub struct DefaultAccount;

impl AccountTypeclass for DefaultAccount {
    fn is_root(&self) -> bool {
        true
    }
}

/// Guests: in character at once, and gone with their last connection.
///
/// ```
/// use meadow_world::{AccountId, AccountTypeclass, World, WorldBuilder, default::DefaultGuest};
///
/// struct Visitor;
///
/// impl AccountTypeclass for Visitor {
///     fn base(&self) -> &'static dyn AccountTypeclass {
///         &DefaultGuest
///     }
///
///     fn at_account_creation(&self, world: &mut World, me: AccountId) {
///         self.base().at_account_creation(world, me);
///         world.msg_all("A stranger walks up the path.");
///     }
/// }
///
/// let mut world = WorldBuilder::new("A Game");
/// world.guest_typeclass(&Visitor).guest_names(&["Stranger", "Wanderer"]);
/// ```
pub struct DefaultGuest;

impl AccountTypeclass for DefaultGuest {
    fn at_post_login(&self, world: &mut World, me: AccountId, session: SessionId) -> Result {
        match world.usual_body(me, session) {
            Some(body) => world.puppet(session, body),
            None => self.base().at_post_login(world, me, session),
        }
    }
}

pub(crate) fn at_account_creation(_world: &mut World, _me: AccountId) {}

pub(crate) fn at_first_login(_world: &mut World, _me: AccountId) {}

pub(crate) fn at_pre_login(_world: &mut World, _me: AccountId, _session: SessionId) -> Result {
    Ok(())
}

/// Takes the body that it had last, or its first; shows the characters, where the rules want that or there is none.
pub(crate) fn at_post_login(world: &mut World, me: AccountId, session: SessionId) -> Result {
    if world.game().rules().auto_puppet
        && let Some(body) = world.usual_body(me, session)
    {
        return world.puppet(session, body);
    }
    let view = world.account_class(me).at_look(world, me, session);
    world.msg(session, text(view).kw("type", "look"));
    Ok(())
}

pub(crate) fn at_failed_login(_world: &mut World, _me: AccountId, _session: Option<SessionId>) {}

pub(crate) fn at_disconnect(_world: &mut World, _me: AccountId, _session: SessionId, _reason: &str) {}

pub(crate) fn at_post_disconnect(_world: &mut World, _me: AccountId) {}

pub(crate) fn at_pre_channel_msg(
    _world: &mut World,
    _me: AccountId,
    _channel: ChannelId,
    _sender: Option<Subscriber>,
    shown: String,
) -> Option<String> {
    Some(shown)
}

pub(crate) fn at_look(world: &World, me: AccountId, session: SessionId) -> String {
    let account = &world[me];
    let mut told = format!("You are |c{}|n, out of character.", escape(account.name()));
    let sessions = account.sessions();
    if sessions.len() > 1 {
        told.push_str("\n\n|wYour connections:|n");
        for (at, other) in sessions.iter().filter_map(|id| world.session(*id)).enumerate() {
            let mark = if other.id() == session { "|w*|n" } else { " " };
            let (by, from) = (escape(other.protocol_key()), escape(other.address()));
            told.push_str(&format!("\n {mark}{} by {by} from {from}", at + 1));
        }
    }
    let most = world.game().rules().max_characters;
    let most = if most == 0 { "any number".to_owned() } else { most.to_string() };
    let characters: Vec<ObjectId> =
        account.characters.iter().copied().filter(|id| world.exists(*id)).collect();
    told.push_str(&format!("\n\n|wYour characters|n ({} of {most}):", characters.len()));
    if characters.is_empty() {
        told.push_str("\n  none yet: |wcharcreate <name>|n makes one");
    }
    for id in &characters {
        told.push_str(&format!("\n  {}", listed(world, *id, session)));
    }
    told.push_str("\n\n");
    told.push_str(&crate::text::fit(
        "|wic <name>|n enters the game as a character, |wic|n as the one you were last, and |wooc|n comes back \
         here. |wcharcreate|n and |wchardelete|n make and destroy characters, |whelp|n tells more.",
        world.screen_of(session),
    ));
    told
}

/// `ic Anna (played by you in connection 2)`
fn listed(world: &World, id: ObjectId, session: SessionId) -> String {
    let character = &world[id];
    let typed = format!("ic {}", character.key());
    let link = command_link(&typed, &escape(&typed));
    let played: Vec<String> = character
        .sessions()
        .iter()
        .filter_map(|id| world.session(*id))
        .map(|other| played_in(world, other, session))
        .collect();
    match played.as_slice() {
        [] if world.is_linkdead(id) => format!("|w{link}|n (waits for you)"),
        [] => format!("|w{link}|n"),
        played => format!("|w{link}|n (played {})", played.join(", ")),
    }
}

fn played_in(world: &World, other: &ServerSession, session: SessionId) -> String {
    let mine = world.session(session).and_then(ServerSession::account);
    if other.account() != mine {
        return "by somebody else".to_owned();
    }
    let sessions = mine.map(|account| world[account].sessions()).unwrap_or_default();
    let at = sessions.iter().position(|id| *id == other.id()).map_or(1, |at| at + 1);
    format!("by you in connection {at}")
}

pub(crate) fn at_server_start(_world: &mut World, _me: AccountId) {}

pub(crate) fn at_server_reload(_world: &mut World, _me: AccountId) {}

pub(crate) fn at_server_shutdown(_world: &mut World, _me: AccountId) {}
