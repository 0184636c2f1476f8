//! Seeing and deleting accounts, as staff.

use super::listing::table;
use crate::{
    AccountId, Command, Cx, Meta, Result, say,
    text::{Column, escape, span},
};

/// How many are listed if nothing else is said.
const LISTED: usize = 10;
/// How many are listed at most.
const LISTED_LIMIT: usize = 200;

/// `@accounts[/delete] [NUMBER or NAME [: REASON]]`
pub(super) struct CmdAccounts;

impl Command for CmdAccounts {
    const META: Meta = Meta {
        key: "@accounts",
        aliases: &["@account"],
        locks: "cmd:perm(listaccounts) or perm(Admin)",
        help: "see the newest accounts, or delete one\n\nUsage:\n  @accounts [<how many>]\n  @accounts/delete <name \
               or #number> [: <reason>]\n\nDeleting an account destroys its characters, too.",
        switches: &["delete"],
        help_category: "System",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        if cx.switch("delete") { delete(cx) } else { list(cx) }
    }
}

fn list(cx: &mut Cx<'_>) -> Result {
    let most = match cx.raw.as_str() {
        "" => LISTED,
        number => number
            .parse()
            .map_err(|_| say("Usage: @accounts [<how many>], or @accounts/delete <name or #number>"))?,
    };
    let now = cx.world.now();
    let mut accounts: Vec<_> = cx.world.accounts().collect();
    let total = accounts.len();
    accounts.sort_by_key(|account| std::cmp::Reverse(account.id()));
    accounts.truncate(most.min(LISTED_LIMIT));
    let columns = [
        Column::new("Id"),
        Column::new("Name"),
        Column::right("Made"),
        Column::right("Last login"),
        Column::new("Permissions"),
    ];
    let rows = accounts.into_iter().rev().map(|account| {
        let login = account.last_login.map_or("never".to_owned(), |at| span(now.since(at)));
        let mut permissions: Vec<String> =
            account.permissions.iter().map(|held| escape(held).into_owned()).collect();
        if account.is_superuser {
            permissions.insert(0, "Superuser".to_owned());
        }
        let (id, name) = (format!("#{}", account.id().0), escape(account.name()).into_owned());
        [id, name, span(now.since(account.created)), login, permissions.join(", ")]
    });
    let mut told = table(columns, rows, cx.screen());
    told.push_str(&match total {
        1 => "\nThere is one account.".to_owned(),
        total => format!("\nThere are {total} accounts."),
    });
    cx.page(told);
    Ok(())
}

fn delete(cx: &mut Cx<'_>) -> Result {
    let (who, reason) = cx.raw.split_once(':').unwrap_or((&cx.raw, ""));
    let (who, reason) = (who.trim(), escape(reason.trim()).into_owned());
    if who.is_empty() {
        return Err(say("Usage: @accounts/delete <name or #number> [: <reason>]"));
    }
    let number = who.strip_prefix('#').and_then(|number| number.parse().ok()).map(AccountId);
    let found = number.or_else(|| cx.world.account_named(who)).filter(|id| cx.world.account(*id).is_some());
    let Some(account) = found else {
        return Err(say(format!("There is no account '{}'.", escape(who))));
    };
    check(cx, account)?;
    let name = escape(cx.world[account].name()).into_owned();
    let characters: Vec<String> = cx.world[account]
        .characters
        .iter()
        .filter_map(|id| cx.world.object(*id))
        .map(|character| escape(character.key()).into_owned())
        .collect();
    let with = match characters.as_slice() {
        [] => "It has no characters.".to_owned(),
        characters => format!("It goes with its characters: {}.", characters.join(", ")),
    };
    cx.ask(format!("|rThis deletes the account '{name}' for ever.|n {with} Continue yes/[no]? "), move |cx| {
        if !cx.args.eq_ignore_ascii_case("yes") {
            return Err(say(format!("The account '{name}' was not deleted.")));
        }
        check(cx, account)?;
        if !reason.is_empty() {
            cx.world.msg(account, format!("Your account is being deleted. Reason: {reason}"));
        }
        cx.world.delete_account(account)?;
        tracing::info!(
            by = cx.account.map(|by| by.0),
            account = account.0,
            "account {name} deleted: {reason}"
        );
        cx.msg(format!("The account '{name}' was deleted."));
        Ok(())
    })
}

/// Nobody deletes themselves, nor who stands as high or higher. It may be gone by now.
fn check(cx: &Cx<'_>, account: AccountId) -> Result {
    let me = cx.account()?;
    if cx.world.account(account).is_none() {
        return Err(say("That account is no more."));
    }
    if account == me || cx.world.rank(account) >= cx.world.rank(me) {
        return Err(say("You can't delete that account."));
    }
    Ok(())
}
