//! Passwords that are asked for where a command was given without: `connect NAME`, `create NAME` and `password` begin
//! these, `userpassword NAME` as well. A question survives a reload; what was answered is in no conversation's state, so whoever was to type it
//! again begins anew then.

use meadow_link::{SessionId, prompt};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Belongs, Conversation, Cx, Next, Result, Secret, World, WorldBuilder, say, text::escape,
};

use super::{passwords, unloggedin};

const ASK: &str = "Password: ";
const ASK_OLD: &str = "Your old password: ";
const ASK_NEW: &str = "The new password: ";
const ASK_AGAIN: &str = "The same again: ";

pub(super) fn register(builder: &mut WorldBuilder) {
    builder
        .conversation::<ConnectPassword>()
        .conversation::<CreatePassword>()
        .conversation::<OldPassword>()
        .conversation::<NewPassword>()
        .conversation::<OtherPassword>();
}

/// Quotes around the whole of a password are no part of it, wherever it is typed.
pub(super) fn unquoted(password: &str) -> &str {
    let bare = password.strip_prefix('"').and_then(|bare| bare.strip_suffix('"'));
    bare.filter(|bare| !bare.contains('"')).unwrap_or(password)
}

/// After `connect NAME`: also if there is no such account, which is not told.
#[derive(Serialize, Deserialize)]
pub(super) struct ConnectPassword {
    pub(super) name: String,
}

impl Conversation for ConnectPassword {
    const NAME: &'static str = "password of connect";
    const BELONGS: Belongs = Belongs::Session;

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        ask(cx, ASK)
    }

    fn line(&mut self, cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
        if cx.account.is_some() {
            // The client has logged in by itself meanwhile.
            return Ok(Next::Leave);
        }
        let session = cx.session()?;
        let ended = match answer(cx, "You are not logged in.") {
            Ok(password) => cx.world.authenticate(session, &self.name, &password.0),
            Err(stop) => Err(stop),
        };
        cx.world.tell_end(session, Some(ended));
        Ok(Next::End)
    }

    fn resume(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        ask(cx, ASK)
    }

    fn is_secret(&self) -> bool {
        true
    }
}

/// After `create NAME`.
#[derive(Serialize, Deserialize)]
pub(super) struct CreatePassword {
    pub(super) name: String,
}

impl Conversation for CreatePassword {
    const NAME: &'static str = "password of create";
    const BELONGS: Belongs = Belongs::Session;

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        ask(cx, &format!("A password for the new account '{}': ", escape(&self.name)))
    }

    fn line(&mut self, cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
        if cx.account.is_some() {
            return Ok(Next::Leave);
        }
        let name = self.name.clone();
        let checked = answer(cx, "No account was made.");
        twice(cx, &name.clone(), checked, CreatePassword { name: name.clone() }, move |cx, password| {
            unloggedin::create(cx, name, password)
        })
    }

    fn resume(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        self.start(cx)
    }

    fn is_secret(&self) -> bool {
        true
    }
}

/// After `password`.
#[derive(Serialize, Deserialize)]
pub(super) struct OldPassword;

impl Conversation for OldPassword {
    const NAME: &'static str = "old password";
    const BELONGS: Belongs = Belongs::Session;

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        ask(cx, ASK_OLD)
    }

    fn line(&mut self, cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
        let (session, account) = (cx.session()?, cx.account()?);
        let ended = answer(cx, passwords::UNCHANGED).and_then(|old| {
            passwords::verify_old(cx.world, session, account, old, move |world| {
                let begun = world.begin(session, NewPassword);
                world.tell_end(session, Some(begun));
            })
        });
        cx.world.tell_end(session, Some(ended));
        Ok(Next::End)
    }

    fn resume(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        ask(cx, ASK_OLD)
    }

    fn is_secret(&self) -> bool {
        true
    }
}

/// When the old password was right.
#[derive(Serialize, Deserialize)]
pub(super) struct NewPassword;

impl Conversation for NewPassword {
    const NAME: &'static str = "new password";
    const BELONGS: Belongs = Belongs::Session;

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        ask(cx, ASK_NEW)
    }

    fn line(&mut self, cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
        let (session, account) = (cx.session()?, cx.account()?);
        let name = cx.world[account].name().to_owned();
        let checked = answer(cx, passwords::UNCHANGED);
        twice(cx, &name, checked, NewPassword, move |cx, new| {
            passwords::set_password(cx.world, session, account, new, passwords::CHANGED.to_owned());
            Ok(())
        })
    }

    fn resume(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        ask(cx, ASK_NEW)
    }

    fn is_secret(&self) -> bool {
        true
    }
}

/// After `userpassword NAME`.
#[derive(Serialize, Deserialize)]
pub(super) struct OtherPassword {
    pub(super) account: AccountId,
}

impl Conversation for OtherPassword {
    const NAME: &'static str = "password of another account";
    const BELONGS: Belongs = Belongs::Session;

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        let Some(account) = cx.world.account(self.account) else { return Err(say("That account is gone.")) };
        let question = format!("A new password for '{}': ", escape(account.name()));
        ask(cx, &question)
    }

    fn line(&mut self, cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
        let (session, account) = (cx.session()?, self.account);
        let checked = match cx.world.account(account) {
            // Much may have happened since it was asked.
            Some(_) => passwords::may_change(cx, account).and_then(|()| answer(cx, passwords::UNCHANGED)),
            None => Err(say("That account is gone.")),
        };
        let Some(name) = cx.world.account(account).map(|account| account.name().to_owned()) else {
            return end(cx.world, session, checked.map(drop));
        };
        twice(cx, &name, checked, OtherPassword { account }, move |cx, new| {
            passwords::change(cx, account, new)
        })
    }

    fn resume(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        self.start(cx).or(Ok(Next::End))
    }

    fn is_secret(&self) -> bool {
        true
    }
}

fn ask(cx: &mut Cx<'_>, question: &str) -> Result<Next> {
    cx.msg(prompt(question));
    Ok(Next::Stay)
}

/// What was typed; an empty line is for who thinks better of it.
fn answer(cx: &Cx<'_>, cancelled: &'static str) -> Result<Secret> {
    match unquoted(&cx.raw) {
        "" => Err(say(cancelled)),
        password => Ok(Secret(password.to_owned())),
    }
}

/// Has a new password typed once more, and hands it to `then`; one that will not do, or that is another the second
/// time, is asked for `anew`.
fn twice<C: Conversation>(
    cx: &mut Cx<'_>,
    name: &str,
    first: Result<Secret>,
    mut anew: C,
    then: impl FnOnce(&mut Cx<'_>, Secret) -> Result + 'static,
) -> Result<Next> {
    let session = cx.session()?;
    let first = match first {
        Ok(first) => first,
        Err(cancelled) => return end(cx.world, session, Err(cancelled)),
    };
    if let Err(stop) = cx.world.check_password(name, &first.0) {
        cx.world.tell_end(session, Some(Err(stop)));
        return anew.start(cx);
    }
    let asked = cx.ask_secret(ASK_AGAIN, move |cx| {
        if unquoted(&cx.raw) == first.0 {
            return then(cx, first);
        }
        cx.msg("That is not the same.");
        cx.begin(anew)
    });
    end(cx.world, session, asked)
}

fn end(world: &mut World, session: SessionId, ended: Result) -> Result<Next> {
    world.tell_end(session, Some(ended));
    Ok(Next::End)
}
