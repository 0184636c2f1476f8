//! Changing passwords: one's own, and as staff those of others.

use crate::{Command, Cx, Job, JobResult, Meta, Result, Secret, Words, say};

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
