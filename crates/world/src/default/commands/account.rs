//! What a player can do whether in character or out: see who plays, see their own connections, leave.

use meadow_link::SessionId;

use crate::{
    Account, Command, Cx, Meta, Object, ObjectId, Result, Screen, ServerSession, World,
    locks::Accessor,
    text::{self, Border, Column, Table},
};

/// `who`
pub(super) struct CmdWho;

impl Command for CmdWho {
    const META: Meta = Meta {
        key: "who",
        aliases: &["doing"],
        help: "see who is playing",
        help_category: "Account",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let accessing = Accessor { account: cx.account, object: cx.puppet };
        let staff = cx.world.passes("cmd:perm(Admin)", accessing, "cmd", None, false);
        let told = if staff { for_staff(cx.world, cx.screen()) } else { for_players(cx.world, cx.screen()) };
        cx.page(told);
        Ok(())
    }
}

/// The sessions that are logged in, by the names of their accounts.
fn players(world: &World) -> Vec<(&Account, &ServerSession)> {
    let logged_in = |session| {
        let session: &ServerSession = session;
        Some((world.account(session.account()?)?, session))
    };
    let mut players: Vec<_> = world.sessions().iter().filter_map(logged_in).collect();
    players.sort_by_key(|(account, session)| (account.name(), session.id()));
    players
}

fn for_players(world: &World, screen: Screen) -> String {
    let now = world.now();
    let columns = [
        Column::new("Account").at_least(20),
        Column::right("On for").at_least(7),
        Column::right("Idle").at_least(7),
    ];
    let mut table = Table::new(columns).border(Border::None);
    for (account, session) in players(world) {
        let (on, idle) = (now.since(session.connected_at()), now.since(session.active_at()));
        table.add_row([text::escape(account.name()).into_owned(), text::span(on), text::span(idle)]);
    }
    table.draw(screen) + &count(world)
}

/// With what only staff is to know: who plays what and where, from where, and whose link is lost.
fn for_staff(world: &World, screen: Screen) -> String {
    let now = world.now();
    let columns = [
        Column::new("Account"),
        Column::right("On for"),
        Column::right("Idle"),
        Column::new("Puppeting"),
        Column::new("Room"),
        Column::right("Cmds"),
        Column::new("Protocol"),
        Column::new("Host"),
    ];
    let mut table = Table::new(columns).border(Border::None);
    let key = |id: Option<ObjectId>| {
        let object = id.and_then(|id| world.object(id));
        object.map_or("-".to_owned(), |object| text::escape(object.key()).into_owned())
    };
    let room = |body: Option<ObjectId>| key(body.and_then(|body| world.object(body)?.location()));
    for (account, session) in players(world) {
        let (on, idle) = (now.since(session.connected_at()), now.since(session.active_at()));
        table.add_row([
            text::escape(account.name()).into_owned(),
            text::span(on),
            text::span(idle),
            key(session.puppet()),
            room(session.puppet()),
            session.command_count().to_string(),
            text::escape(session.protocol_key()).into_owned(),
            text::escape(session.address()).into_owned(),
        ]);
    }
    for body in world.linkdead_bodies() {
        let account = world.object(body).and_then(|body| world.account(body.account?));
        let name = account.map(|account| text::escape(account.name()).into_owned()).unwrap_or_default();
        let none = || "-".to_owned();
        let lost = "(link lost)".to_owned();
        table.add_row([name, none(), none(), key(Some(body)), room(Some(body)), none(), none(), lost]);
    }
    table.draw(screen) + &count(world)
}

fn count(world: &World) -> String {
    let mut accounts: Vec<_> = players(world).into_iter().map(|(account, _)| account.id()).collect();
    accounts.dedup();
    match accounts.len() {
        1 => "\nOne unique account logged in.".to_owned(),
        count => format!("\n{count} unique accounts logged in."),
    }
}

/// `quit`
pub(super) struct CmdQuit;

impl Command for CmdQuit {
    const META: Meta = Meta {
        key: "quit",
        help: "leave the game; your character is safe until you return\n\nUsage:\n  quit[/all]\n\n|w/all|n ends all \
               of your connections.",
        switches: &["all"],
        help_category: "Account",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let (session, account) = (cx.session()?, cx.account()?);
        let others: Vec<SessionId> =
            cx.world[account].sessions().iter().copied().filter(|other| *other != session).collect();
        let told = match others.len() {
            _ if cx.switch("all") => {
                for other in others {
                    cx.world
                        .disconnect(other, "Quitting all of your connections. Hope to see you again, soon.");
                }
                "Quitting all of your connections. Hope to see you again, soon.".to_owned()
            }
            0 => "Quitting. Hope to see you again, soon.".to_owned(),
            1 => "Quitting. One other connection of yours stays.".to_owned(),
            count => format!("Quitting. {count} other connections of yours stay."),
        };
        cx.world.disconnect(session, &told);
        Ok(())
    }
}

/// `sessions`
pub(super) struct CmdSessions;

impl Command for CmdSessions {
    const META: Meta =
        Meta { key: "sessions", help: "see your own connections", help_category: "Account", ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let here = cx.session()?;
        let account = &cx.world[cx.account()?];
        let titles = ["Session", "Protocol", "Host", "Window", "Playing", "Room"];
        let mut table = Table::new(titles).border(Border::None);
        for session in account.sessions().iter().filter_map(|id| cx.world.session(*id)) {
            let puppet = session.puppet().and_then(|id| cx.world.object(id));
            let key = |object: &Object| text::escape(object.key()).into_owned();
            let room = puppet.and_then(|puppet| cx.world.object(puppet.location()?));
            table.add_row([
                format!("{}{}", session.id(), if session.id() == here { " |w(this one)|n" } else { "" }),
                text::escape(session.protocol_key()).into_owned(),
                text::escape(session.address()).into_owned(),
                format!("{} by {}", session.flags.screenwidth, session.flags.screenheight),
                puppet.map_or_else(|| "(out of character)".to_owned(), key),
                room.map(key).unwrap_or_default(),
            ]);
        }
        let told = format!("|wYour connections:|n\n{}", table.draw(cx.screen()));
        cx.msg(told);
        Ok(())
    }
}
