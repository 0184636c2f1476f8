//! What a player can do whether in character or out.

use crate::{
    Command, Cx, Job, JobResult, Meta, Result, Secret, Words, say,
    text::{self, Border, Column, Table},
};

/// `look`, out of character.
pub(super) struct CmdLookOoc;

impl Command for CmdLookOoc {
    const META: Meta = Meta {
        key: "look",
        aliases: &["l", "ls"],
        help: "see which characters you have",
        auto_help: false,
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, _what: Option<String>) -> Result {
        let account = &cx.world[cx.account()?];
        let mut told = format!("You are |c{}|n, out of character.", text::escape(account.name()));
        for id in &account.characters {
            if let Some(character) = cx.world.object(*id) {
                told.push_str(&format!("\n  |wic {}|n", text::escape(character.key())));
            }
        }
        cx.msg(told);
        Ok(())
    }
}

/// `ic [CHARACTER]`
pub(super) struct CmdIc;

impl Command for CmdIc {
    const META: Meta = Meta {
        key: "ic",
        aliases: &["puppet"],
        help: "become a character\n\nUsage:\n  ic [<character>]\n\nWithout a name: the one you were last.",
        help_category: "Account",
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, name: Option<String>) -> Result {
        let (session, account) = (cx.session()?, cx.account()?);
        let account = &cx.world[account];
        let named =
            |id: &crate::ObjectId| cx.world.object(*id).is_some_and(|object| object.answers_to(&cx.raw));
        let body = match name {
            Some(_) => account.characters.iter().copied().find(named),
            None => account.last_puppet.or(account.characters.first().copied()),
        };
        match body.filter(|body| cx.world.exists(*body)) {
            Some(body) => cx.world.puppet(session, body),
            None => Err(say("You have no such character. |wlook|n shows those that you have.")),
        }
    }
}

/// `ooc`
pub(super) struct CmdOoc;

impl Command for CmdOoc {
    const META: Meta = Meta {
        key: "ooc",
        aliases: &["unpuppet"],
        help: "leave your character, without leaving the game",
        help_category: "Account",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let session = cx.session()?;
        if cx.puppet.is_none() {
            return Err(say("You are out of character already."));
        }
        cx.world.unpuppet(session);
        cx.msg("You go out of character. |wic|n takes you back.");
        Ok(())
    }
}

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
        let mut rows: Vec<[String; 3]> = cx
            .world
            .sessions()
            .iter()
            .filter_map(|session| {
                let account = cx.world.account(session.account()?)?;
                Some([
                    text::escape(account.name()).into_owned(),
                    text::span(now.since(session.connected_at())),
                    text::span(now.since(session.active_at())),
                ])
            })
            .collect();
        rows.sort();
        let count = rows.len();
        let columns = [
            Column::new("Account").at_least(20),
            Column::right("On for").at_least(7),
            Column::right("Idle").at_least(7),
        ];
        let mut table = Table::new(columns).border(Border::None);
        rows.into_iter().for_each(|row| {
            table.add_row(row);
        });
        let mut told = table.draw(cx.screen());
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
        help: "leave the game; your character is safe until you return",
        help_category: "Account",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let session = cx.session()?;
        cx.world.disconnect(session, "Quitting. Hope to see you again, soon.");
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
        let account = &cx.world[cx.account()?];
        let mut told = String::from("|wYour connections:|n");
        for session in account.sessions().iter().filter_map(|id| cx.world.session(*id)) {
            told.push_str(&format!(
                "\n  {} by {} from {}, a window of {} by {}",
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

/// `password OLD = NEW`
pub(super) struct CmdPassword;

impl Command for CmdPassword {
    const META: Meta = Meta {
        key: "password",
        help: "change your password\n\nUsage:\n  password <old password> = <new password>",
        help_category: "Account",
        secret: true,
        ..Meta::DEFAULT
    };
    type Args = Words;

    fn func(&self, cx: &mut Cx<'_>, _words: Words) -> Result {
        let (session, account) = (cx.session()?, cx.account()?);
        let Some((old, new)) = cx.raw.split_once('=') else {
            return Err(say("Usage: password <old password> = <new password>"));
        };
        let (old, new) = (Secret(old.trim().to_owned()), Secret(new.trim().to_owned()));
        let name = cx.world[account].name().to_owned();
        cx.world.check_password(&name, &new.0)?;
        let hash = cx.world[account].password.clone();
        cx.world.job_of(session, Job::VerifyPassword { hash, password: old }, move |world, result| {
            if result != JobResult::Verified(true) {
                return world.msg(session, "The old password isn't right.");
            }
            world.job_of(session, Job::HashPassword { password: new }, move |world, result| {
                let told = match (result, world.account_mut(account)) {
                    (JobResult::Hashed(hash), Some(account)) => {
                        account.password = hash.into();
                        "Password changed."
                    }
                    _ => "The password can't be changed now. Please try again in a moment.",
                };
                world.msg(session, told);
            });
        });
        Ok(())
    }
}
