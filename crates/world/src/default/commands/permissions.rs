//! Rights: giving and taking permissions, seeing one's own, and playing with fewer.

use crate::{
    AccountId, Command, Cx, Meta, Mux, ObjectId, Result, Scope,
    locks::{PERMISSION_HIERARCHY, funcs::place},
    say,
    text::escape,
};

/// Permissions that an account or object can have.
const PERMISSIONS_LIMIT: usize = 50;
/// Longest permission, in characters.
const LENGTH_LIMIT: usize = 60;
/// Attribute of an account that plays with the rights of its character.
const QUELL: &str = "_quell";

/// `perm[/SWITCHES] WHO [= PERMISSION, ..]`
pub(super) struct CmdPerm;

impl Command for CmdPerm {
    const META: Meta = Meta {
        key: "perm",
        aliases: &["setperm"],
        locks: "cmd:perm(perm) or perm(Developer)",
        help: "see, give and take permissions\n\nUsage:\n  perm[/del] <object> [= <permission>[, <permission> ...]]\n  \
               perm[/del] *<account> [= <permission>[, <permission> ...]]\n\n|w/del|n takes them, |w/account|n means \
               the account of the name, as a |w*|n before it does. Of a character that is played, the account's \
               permissions count.",
        switches: &["del", "account"],
        help_category: "Admin",
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        if args.lhs.is_empty() {
            return Err(say("Usage: perm[/del][/account] <object or *account> [= <permission>, ...]"));
        }
        let whose = find(cx, &args.lhs)?;
        let Some(_) = args.rhs else { return show(cx, whose) };
        if args.rhs_list.is_empty() {
            return Err(say("Which permission?"));
        }
        if let Whose::Account(account) = whose
            && Some(account) != cx.account
            && cx.world.rank(account) > cx.world.rank(cx.account()?)
        {
            return Err(say("You can't change the permissions of that account."));
        }
        for wanted in &args.rhs_list {
            let told = if cx.switch("del") { take(cx, whose, wanted) } else { give(cx, whose, wanted) };
            match told {
                Ok(told) => cx.msg(told),
                Err(crate::Stop::Say(told)) => cx.msg(told),
                Err(bug) => return Err(bug),
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Whose {
    Account(AccountId),
    Object(ObjectId),
}

fn find(cx: &Cx<'_>, name: &str) -> Result<Whose> {
    let starred = name.strip_prefix('*');
    match (starred, cx.puppet) {
        (None, Some(puppet)) if !cx.switch("account") => {
            cx.world.search(puppet, name, Scope::Anywhere).map(Whose::Object)
        }
        _ => {
            let name = starred.unwrap_or(name).trim();
            let account = cx.world.account_named(name).map(Whose::Account);
            account.ok_or_else(|| say(format!("There is no account '{}'.", escape(name))))
        }
    }
}

fn held<'w>(cx: &'w mut Cx<'_>, whose: Whose) -> &'w mut Vec<Box<str>> {
    match whose {
        Whose::Account(account) => &mut cx.world[account].permissions,
        Whose::Object(object) => &mut cx.world[object].permissions,
    }
}

fn name_of(cx: &Cx<'_>, whose: Whose) -> String {
    match whose {
        Whose::Account(account) => format!("{} (account)", escape(cx.world[account].name())),
        Whose::Object(object) => escape(cx.world[object].key()).into_owned(),
    }
}

fn show(cx: &mut Cx<'_>, whose: Whose) -> Result {
    let (permissions, superuser) = match whose {
        Whose::Account(account) => (&cx.world[account].permissions, cx.world[account].is_superuser),
        Whose::Object(object) => (&cx.world[object].permissions, false),
    };
    let mut listed: Vec<String> = permissions.iter().map(|held| escape(held).into_owned()).collect();
    if superuser {
        listed.push("(a superuser, who passes all locks)".to_owned());
    }
    let listed = if listed.is_empty() { "<none>".to_owned() } else { listed.join(", ") };
    let told = format!("Permissions on |w{}|n: {listed}", name_of(cx, whose));
    cx.msg(told);
    Ok(())
}

/// A permission as it is kept, if the caller may give and take it.
fn wanted(cx: &Cx<'_>, permission: &str) -> Result<String> {
    let Some(place) = place(permission) else {
        let fits = permission.chars().count() <= LENGTH_LIMIT
            && permission.chars().all(|c| c.is_alphanumeric() || "_- .".contains(c));
        let wrong =
            || say(format!("A permission has up to {LENGTH_LIMIT} letters, digits, spaces and _ - ."));
        return fits.then(|| permission.to_owned()).ok_or_else(wrong);
    };
    if Some(place) > cx.world.rank(cx.account()?) {
        return Err(say("You can't give or take a permission that is higher than your own."));
    }
    Ok(PERMISSION_HIERARCHY[place].to_owned())
}

fn give(cx: &mut Cx<'_>, whose: Whose, permission: &str) -> Result<String> {
    let permission = wanted(cx, permission)?;
    let name = name_of(cx, whose);
    let shown = escape(&permission).into_owned();
    let held = held(cx, whose);
    if held.iter().any(|held| held.eq_ignore_ascii_case(&permission)) {
        return Err(say(format!("{name} has the permission '{shown}' already.")));
    }
    if held.len() >= PERMISSIONS_LIMIT {
        return Err(say(format!("{name} has {PERMISSIONS_LIMIT} permissions, and more are not kept.")));
    }
    held.push(permission.as_str().into());
    note(cx, whose, &shown, ("gives you", "given"));
    Ok(format!("Permission '{shown}' given to {name}.{}", hint(cx, whose, &permission)))
}

/// A character of a player has the permissions of the account while it is played: its own help nobody.
fn hint(cx: &Cx<'_>, whose: Whose, permission: &str) -> String {
    let Whose::Object(object) = whose else { return String::new() };
    let Some(account) = cx.world.accounts().find(|account| account.characters.contains(&object)) else {
        return String::new();
    };
    let (account, permission) = (escape(account.name()), escape(permission));
    format!(" While it is played its account's count: |wperm *{account} = {permission}|n gives it to that.")
}

fn take(cx: &mut Cx<'_>, whose: Whose, permission: &str) -> Result<String> {
    let permission = wanted(cx, permission)?;
    let name = name_of(cx, whose);
    let shown = escape(&permission).into_owned();
    let held = held(cx, whose);
    let before = held.len();
    held.retain(|held| !held.eq_ignore_ascii_case(&permission));
    if held.len() == before {
        return Err(say(format!("{name} has no permission '{shown}'.")));
    }
    note(cx, whose, &shown, ("takes from you", "taken"));
    Ok(format!("Permission '{shown}' removed from {name}."))
}

/// Tells whom it concerns, and the log.
fn note(cx: &mut Cx<'_>, whose: Whose, permission: &str, (does, logged): (&str, &str)) {
    let Some(me) = cx.account else { return };
    let by = escape(cx.world[me].name()).into_owned();
    let told = format!("{by} {does} the permission '{permission}'.");
    let target = match whose {
        Whose::Account(account) => format!("account {}", account.0),
        Whose::Object(object) => format!("object {object}"),
    };
    tracing::info!(by = me.0, target, permission, "permission {logged}");
    match whose {
        Whose::Account(account) if account != me => cx.world.msg(account, told),
        Whose::Object(object) if cx.puppet != Some(object) => cx.world.msg(object, told),
        _ => {}
    }
}

/// `access`
pub(super) struct CmdAccess;

impl Command for CmdAccess {
    const META: Meta = Meta {
        key: "access",
        aliases: &["groups", "hierarchy"],
        help: "see which permissions there are, and which you have",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let account = &cx.world[cx.account()?];
        let list = |held: &[Box<str>]| match held {
            [] => "<none>".to_owned(),
            held => held.iter().map(|held| escape(held).into_owned()).collect::<Vec<_>>().join(", "),
        };
        let mut told = format!(
            "|wPermission hierarchy|n (climbing):\n {}\n|wYour access|n:",
            PERMISSION_HIERARCHY.join(", ")
        );
        if let Some(puppet) = cx.puppet {
            let puppet = &cx.world[puppet];
            told.push_str(&format!(
                "\n Character |c{}|n: {}",
                escape(puppet.key()),
                list(&puppet.permissions)
            ));
        }
        let of_account =
            if account.is_superuser { "<Superuser>".to_owned() } else { list(&account.permissions) };
        told.push_str(&format!("\n Account |c{}|n: {of_account}", escape(account.name())));
        if account.db[QUELL] == true {
            told.push_str(" (quelled)");
        }
        cx.msg(told);
        Ok(())
    }
}

/// `quell` and `unquell`
pub(super) struct CmdQuell;

impl Command for CmdQuell {
    const META: Meta = Meta {
        key: "quell",
        aliases: &["unquell"],
        locks: "cmd:pperm(Player)",
        help: "play with the permissions of your character\n\nUsage:\n  quell\n  unquell\n\nWhile you are in \
               character, you may do what the character may, or the account, whichever is less: so staff see a game \
               as players do. |wunquell|n ends it.",
        help_category: "Account",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let account = cx.account()?;
        let quelled = cx.world[account].db[QUELL] == true;
        let names = match &cx.world[account] {
            account if account.is_superuser => "superuser".to_owned(),
            account => account.permissions.iter().map(|held| escape(held)).collect::<Vec<_>>().join(", "),
        };
        let unquell = cx.cmdstring.eq_ignore_ascii_case("unquell");
        let told = match (unquell, quelled) {
            (false, true) => "You quell your account's permissions already.".to_owned(),
            (true, false) => "You don't quell your account's permissions.".to_owned(),
            (false, false) => {
                cx.world[account].db.set(QUELL, true)?;
                format!(
                    "Quelling your account's permissions ({names}) to those of your character, where they are lower. \
                     |wunquell|n ends it."
                )
            }
            (true, true) => {
                cx.world[account].db.remove(QUELL);
                format!("Your account's permissions ({names}) count again.")
            }
        };
        cx.msg(told);
        Ok(())
    }
}
