//! Changing passwords: one's own, and as staff those of others.

use meadow_link::SessionId;

use super::password_questions::{OldPassword, OtherPassword, unquoted};
use crate::{
    AccountId, Command, Cx, Job, JobResult, Meta, Result, Secret, World, locks::Accessor, say, text::escape,
    throttle::origin, web_logins::WebLoginEnd,
};

/// `password OLD = NEW`
pub(super) struct CmdPassword;

impl Command for CmdPassword {
    const META: Meta = Meta {
        key: "password",
        locks: "cmd:pperm(Player)",
        help: "change your password\n\nUsage:\n  password\n  password <old password> = <new password>\n\n|wpassword|n alone asks for both, and \
               nobody sees what you type. If one of them has a \
               |w=|n in it, put both in double quotes: password \"a=b\" = \"c=d\"",
        help_category: "Account",
        secret: true,
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let (session, account) = (cx.session()?, cx.account()?);
        if cx.raw.is_empty() {
            return cx.begin(OldPassword);
        }
        let Some((old, new)) = both(&cx.raw) else {
            return Err(say(
                "Usage: password <old password> = <new password>\nIf one of them has a |w=|n in it, put both in double \
                 quotes.",
            ));
        };
        let name = cx.world[account].name().to_owned();
        cx.world.check_password(&name, &new)?;
        verify_old(cx.world, session, account, Secret(old), move |world| {
            set_password(world, session, account, Secret(new), CHANGED.to_owned());
        })
    }
}

/// What is told of a password that was changed, and of one that was not because no other was typed.
pub(super) const CHANGED: &str = "Password changed.";
pub(super) const UNCHANGED: &str = "The password was not changed.";
const LATER: &str = "The password can't be changed now. Please try again in a moment.";

/// Does something if this is somebody's password; else they are told, and it counts as a failed login.
pub(super) fn verify_old(
    world: &mut World,
    session: SessionId,
    account: AccountId,
    old: Secret,
    then: impl FnOnce(&mut World) + 'static,
) -> Result {
    let address = world.session(session).map(|session| origin(session.address())).unwrap_or_default();
    world.may_try_password(&address)?;
    let hash = world[account].password.clone();
    world.job_of(session, Job::VerifyPassword { hash, password: old }, move |world, result| match result {
        JobResult::Verified(true) => {
            world.failed_logins.forgive(&address);
            then(world);
        }
        JobResult::Verified(false) => {
            tracing::info!(session = session.0, account = account.0, "a wrong old password");
            world.msg(session, "The old password isn't right.");
        }
        _ => {
            world.failed_logins.forgive(&address);
            world.msg(session, LATER);
        }
    });
    Ok(())
}

pub(super) fn set_password(
    world: &mut World,
    session: SessionId,
    account: AccountId,
    new: Secret,
    told: String,
) {
    world.job_of(session, Job::HashPassword { password: new }, move |world, result| {
        match (result, world.account_mut(account)) {
            (JobResult::Hashed(hash), Some(changed)) => {
                changed.password = hash.into();
                // Whoever knew the old one is to be out; whoever has changed it is not.
                let own = world.web_login_of(session);
                world.revoke_web_logins(account, own.as_deref(), WebLoginEnd::Password);
                tracing::info!(session = session.0, account = account.0, "password changed");
                world.msg(session, told);
            }
            _ => world.msg(session, LATER),
        }
    });
}

/// `userpassword ACCOUNT [= NEW]`
pub(super) struct CmdUserPassword;

impl Command for CmdUserPassword {
    const META: Meta = Meta {
        key: "userpassword",
        locks: "cmd:perm(newpassword) or perm(Admin)",
        help: "change somebody's password\n\nUsage:\n  userpassword <account>\n  userpassword <account> = <new \
               password>\n\nWithout the password you are asked for it, and nobody sees what you type.",
        help_category: "Admin",
        secret: true,
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        // No account has a = in its name.
        let (name, new) = match cx.raw.split_once('=') {
            Some((name, new)) => (name.trim().to_owned(), Some(unquoted(new.trim()).to_owned())),
            None => (cx.raw.trim().to_owned(), None),
        };
        if name.is_empty() {
            return Err(say("Usage: userpassword <account> [= <new password>]"));
        }
        let Some(account) = cx.world.account_named(name.trim_start_matches('*')) else {
            return Err(say(format!("There is no account '{}'.", escape(&name))));
        };
        may_change(cx, account)?;
        match new {
            None => cx.begin(OtherPassword { account }),
            Some(new) => change(cx, account, Secret(new)),
        }
    }
}

/// Whether somebody may give an account another password.
pub(super) fn may_change(cx: &Cx<'_>, account: AccountId) -> Result {
    let me = cx.account()?;
    let lock = CmdUserPassword::META.locks;
    let accessing = Accessor { account: cx.account, object: cx.puppet };
    let above = account == me || cx.world.rank(account) < cx.world.rank(me);
    if cx.world.is_guest(account) || !above || !cx.world.passes(lock, accessing, "cmd", None, false) {
        return Err(say("You can't change the password of that account."));
    }
    Ok(())
}

/// Gives an account another password, and lets both know.
pub(super) fn change(cx: &mut Cx<'_>, account: AccountId, new: Secret) -> Result {
    let (session, me) = (cx.session()?, cx.account()?);
    let name = cx.world[account].name().to_owned();
    cx.world.check_password(&name, &new.0)?;
    let by = escape(cx.world[me].name()).into_owned();
    let told = format!("{} - new password set.", escape(&name));
    if account != me {
        cx.world.msg(account, format!("{by} is changing your password."));
    }
    set_password(cx.world, session, account, new, told);
    Ok(())
}

/// `OLD = NEW`. Where there are several `=`, the one with spaces around it parts them, if it is the only one; quotes
/// around a password are no part of it.
fn both(raw: &str) -> Option<(String, String)> {
    let raw = raw.trim();
    if let Some(quoted) = raw.strip_prefix('"')
        && let Some((old, rest)) = quoted.split_once('"')
        && let Some(new) = rest.trim_start().strip_prefix('=')
    {
        return pair(old, new);
    }
    let spaced: Vec<&str> = raw.splitn(3, " = ").collect();
    if let [old, new] = spaced[..] {
        return pair(old, new);
    }
    match raw.splitn(3, '=').collect::<Vec<_>>()[..] {
        [old, new] => pair(old, new),
        _ => None,
    }
}

fn pair(old: &str, new: &str) -> Option<(String, String)> {
    let (old, new) = (unquoted(old.trim()), unquoted(new.trim()));
    (!old.is_empty() && !new.is_empty()).then(|| (old.to_owned(), new.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_may_have_equals_signs() {
        let read = |raw| both(raw).map(|(old, new)| format!("{old}|{new}"));
        assert_eq!(read("old=new").as_deref(), Some("old|new"));
        assert_eq!(read("two words = two more").as_deref(), Some("two words|two more"));
        assert_eq!(read("a=b = c=d").as_deref(), Some("a=b|c=d"));
        assert_eq!(read("\"a = b\" = \"c = d\"").as_deref(), Some("a = b|c = d"));
        assert_eq!(read("\"a=b\"=c=d").as_deref(), Some("a=b|c=d"));
        for wrong in ["", "old", "old =", "= new", "a=b=c", "a = b = c"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
