//! What can be done before logging in.

use meadow_link::{Flag, Kwargs};

use super::{
    option,
    password_questions::{ConnectPassword, CreatePassword, unquoted},
};
use crate::{Command, Cx, Job, JobResult, Meta, Result, Secret, say, text};

/// `connect NAME PASSWORD`
pub(super) struct CmdConnect;

impl Command for CmdConnect {
    const META: Meta = Meta {
        key: "connect",
        aliases: &["conn", "con", "co"],
        help: "log in\n\nUsage:\n  connect <name> [<password>]\n\nWithout the password you are asked for it, \
               and nobody sees what you type.\n\nA name with spaces goes in double quotes: \
               connect \"Anna Lee\" <password>\n\n|wconnect guest|n lets you look around without an account, where \
               the game has guests.",
        secret: true,
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let session = cx.session()?;
        if cx.raw.eq_ignore_ascii_case("guest") {
            return cx.world.connect_guest(session);
        }
        match credentials(&cx.raw) {
            Some((name, Some(password))) => cx.world.authenticate(session, &name, &password),
            Some((name, None)) => cx.begin(ConnectPassword { name }),
            None => Err(say("Usage: connect <name> [<password>]")),
        }
    }
}

/// `create NAME PASSWORD`
pub(super) struct CmdCreate;

impl Command for CmdCreate {
    const META: Meta = Meta {
        key: "create",
        aliases: &["cre", "cr"],
        help: "make a new account\n\nUsage:\n  create <name> [<password>]\n\nWithout the password you are asked \
               for it twice, and nobody sees what you type.\n\nA name with spaces goes in double \
               quotes: create \"Anna Lee\" <password>",
        secret: true,
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let Some((name, password)) = credentials(&cx.raw) else {
            return Err(say("Usage: create <name> [<password>]"));
        };
        let session = cx.session()?;
        let address = cx.world.session(session).map(|known| known.address().to_owned()).unwrap_or_default();
        cx.world.may_want_account(&address)?;
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        cx.world.check_wanted_name(&address, &name)?;
        let Some(password) = password else { return cx.begin(CreatePassword { name }) };
        cx.world.check_password(&name, &password)?;
        let password = Secret(password);
        let shown = text::escape(&name).into_owned();
        cx.ask_yes_no(
            format!("You want to create an account '{shown}' with this password. Is this what you intended?"),
            move |cx, yes| {
                if yes { create(cx, name, password) } else { Err(say("No account was made.")) }
            },
        )
    }
}

/// Makes the account, if this address has not made too many.
pub(super) fn create(cx: &mut Cx<'_>, name: String, password: Secret) -> Result {
    let session = cx.session()?;
    let address = cx.world.session(session).map(|session| session.address().to_owned()).unwrap_or_default();
    cx.world.may_create_account(&address)?;
    cx.world.job_of(session, Job::HashPassword { password }, move |world, result| {
        let JobResult::Hashed(hash) = result else {
            tracing::error!("a password could not be hashed: {result:?}");
            return world.msg(session, "The account can't be made now. Please try again in a moment.");
        };
        let account = match world.create_account(&name, &hash) {
            Ok(account) => account,
            Err(stop) => return world.tell_end(session, Some(Err(stop))),
        };
        tracing::info!(session = session.0, address, account = name, "account {} made", account.0);
        let quoted = if name.contains(' ') { format!("\"{name}\"") } else { name.clone() };
        let told = format!(
            "A new account '{name}' was created. Welcome!\n\
             You can now log in with the command 'connect {quoted} <your password>'."
        );
        world.msg(session, told);
    });
    Ok(())
}

/// `look` shows the connection screen again.
pub(super) struct CmdLook;

impl Command for CmdLook {
    const META: Meta =
        Meta { key: "look", aliases: &["l"], help: "show the first screen again", ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let session = cx.session()?;
        cx.world.greet(session);
        Ok(())
    }
}

/// `quit`
pub(super) struct CmdQuit;

impl Command for CmdQuit {
    const META: Meta = Meta { key: "quit", aliases: &["q", "qu"], help: "hang up", ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let session = cx.session()?;
        cx.world.disconnect(session, "Good bye! Disconnecting.");
        Ok(())
    }
}

/// `encoding[/clear] [NAME]`
pub(super) struct CmdEncoding;

impl Command for CmdEncoding {
    const META: Meta = Meta {
        key: "encoding",
        aliases: &["encode"],
        help: "see or set the character set of your client\n\nUsage:\n  encoding [<name>]\n  encoding/clear\n\n\
               |w/clear|n goes back to utf-8.",
        switches: &["clear"],
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let session = cx.session()?;
        if cx.switch("clear") {
            return option::set(cx, "ENCODING", "utf-8").map(drop);
        }
        if cx.raw.is_empty() {
            let encoding = cx.world.session(session).map(|session| session.flags.encoding.clone());
            cx.msg(format!("Your character set is |w{}|n.", text::escape(&encoding.unwrap_or_default())));
            return Ok(());
        }
        let wanted = cx.raw.clone();
        option::set(cx, "ENCODING", &wanted).map(drop)
    }
}

/// `screenreader`
pub(super) struct CmdScreenreader;

impl Command for CmdScreenreader {
    const META: Meta = Meta {
        key: "screenreader",
        help: "turn the mode for screen readers on or off\n\nWithout colours and decoration. Once you have logged in, \
               |woption screenreader=on|n does the same, and |woption/save screenreader=on|n keeps it for the next time.",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let session = cx.session()?;
        let on = !cx.world.session(session).is_some_and(|session| session.flags.has(Flag::Screenreader));
        cx.world.set_flags(session, Kwargs::from_iter([("SCREENREADER".to_owned(), on.into())]));
        cx.msg(format!("Screen reader mode is |w{}|n.", if on { "on" } else { "off" }));
        Ok(())
    }
}

/// `info`: the answer that lists of games ask for (MUDINFO 1.1).
pub(super) struct CmdInfo;

impl Command for CmdInfo {
    const META: Meta =
        Meta { key: "info", help: "see what this game is, as programs read it", ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let connected = cx.world.sessions().iter().filter(|session| session.account().is_some()).count();
        let told = format!(
            "## BEGIN INFO 1.1\nName: {}\nUptime: {}\nConnected: {connected}\nVersion: Meadow {}\n## END INFO",
            text::escape(cx.world.game().name()),
            text::span(cx.world.now().since(cx.world.started())),
            env!("CARGO_PKG_VERSION"),
        );
        cx.msg(told);
        Ok(())
    }
}

/// A name, in quotes if it has spaces, and the password, which is all that follows (as in Evennia), if there is one.
fn credentials(raw: &str) -> Option<(String, Option<String>)> {
    let (name, rest) = match raw.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => raw.split_once(char::is_whitespace).unwrap_or((raw, "")),
    };
    let (name, password) = (name.trim(), unquoted(rest.trim()));
    (!name.is_empty())
        .then(|| (name.to_owned(), Some(password.to_owned()).filter(|password| !password.is_empty())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_passwords_may_have_spaces() {
        let read =
            |raw| credentials(raw).map(|(name, password)| format!("{name}|{}", password.unwrap_or_default()));
        assert_eq!(read("Anna secret").as_deref(), Some("Anna|secret"));
        assert_eq!(read("Anna two words").as_deref(), Some("Anna|two words"));
        assert_eq!(read("\"Anna Lee\" \"two words\"").as_deref(), Some("Anna Lee|two words"));
        assert_eq!(read("Anna a\"b").as_deref(), Some("Anna|a\"b"));
        assert_eq!(read("Anna").as_deref(), Some("Anna|"));
        assert_eq!(read("\"Anna Lee\"").as_deref(), Some("Anna Lee|"));
        assert_eq!(read("\"Anna Lee"), None);
        assert_eq!(read(""), None);
    }
}
