//! What a player can do whether in character or out: see who plays, see their own connections, leave.

use meadow_link::SessionId;

use crate::{Command, Cx, Meta, Result, text};

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
        let now = cx.world.now();
        let mut rows: Vec<(String, String, String)> = cx
            .world
            .sessions()
            .iter()
            .filter_map(|session| {
                let account = cx.world.account(session.account()?)?;
                Some((
                    text::escape(account.name()).into_owned(),
                    text::span(now.since(session.connected_at())),
                    text::span(now.since(session.active_at())),
                ))
            })
            .collect();
        rows.sort();
        let mut told = format!("|w{:<20} {:>8} {:>8}|n", "Account", "On for", "Idle");
        for (name, on, idle) in &rows {
            // Escaped names may be longer than they look; names can't hold what is escaped, though.
            told.push_str(&format!("\n{name:<20} {on:>8} {idle:>8}"));
        }
        let count = rows.len();
        told.push_str(&match count {
            1 => "\nOne unique account logged in.".to_owned(),
            _ => format!("\n{count} unique accounts logged in."),
        });
        cx.msg(told);
        Ok(())
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
        let mut told = String::from("|wYour connections:|n");
        for session in account.sessions().iter().filter_map(|id| cx.world.session(*id)) {
            let puppet = session.puppet().and_then(|id| cx.world.object(id));
            let playing = puppet.map_or("out of character".into(), |puppet| text::escape(puppet.key()));
            let room = puppet.and_then(|puppet| cx.world.object(puppet.location()?));
            let room = room.map(|room| format!(" in {}", text::escape(room.key()))).unwrap_or_default();
            told.push_str(&format!(
                "\n{} {} by {} from {}, a window of {} by {}: {playing}{room}",
                if session.id() == here { "|w*|n" } else { " " },
                session.id(),
                session.protocol_key(),
                text::escape(session.address()),
                session.flags.screenwidth,
                session.flags.screenheight,
            ));
        }
        cx.msg(told);
        Ok(())
    }
}
