//! `page`: telling something to other accounts, wherever they are.

use crate::{
    AccountId, Command, Cx, Meta, Result,
    locks::Accessor,
    pages::{PAGES, Page},
    say, text,
};

/// Accounts that can be paged at one time.
const RECEIVERS: usize = 20;
/// Pages that are listed unless a number is given.
const LISTED: usize = 15;
/// Characters of the longest page.
const LENGTH: usize = 2000;

/// `page[/SWITCH] [NAME[, NAME] =] [MESSAGE]`
pub(super) struct CmdPage;

impl Command for CmdPage {
    const META: Meta = Meta {
        key: "page",
        aliases: &["tell"],
        locks: "cmd:not pperm(page_banned)",
        help: "tell other accounts something, wherever they are\n\nUsage:\n  page <account>[, <account>] = <message>\n  \
               page <account> <message>\n  page <message>   (to those that you paged last)\n  page [<number>]\n  \
               page/list [<number>]\n  page/last\n\nWithout a message your latest pages are listed, or so many of them. \
               What begins with a colon is a pose. |w/last|n shows whom you paged last.\n\nOf those who are on, the \
               beginning of a name will do, if it is clear: |wpage an = Hello|n, |wtell an Hello|n.",
        help_category: "Comms",
        switches: &["last", "list"],
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let account = cx.account()?;
        let number = if cx.raw.is_empty() { Some(LISTED) } else { cx.raw.parse().ok() };
        match (cx.switch("last"), cx.switch("list"), number) {
            (true, ..) => last(cx, account),
            (_, true, None) => Err(say("Usage: page/list [<number>]")),
            (.., Some(number)) => list(cx, account, number),
            (.., None) => {
                let (to, message) = read(cx, account)?;
                send(cx, account, &to, &message)
            }
        }
    }
}

fn accessor(cx: &Cx<'_>) -> Accessor {
    Accessor { account: cx.account, object: cx.puppet }
}

/// To whom, and what, as it was typed.
fn read(cx: &Cx<'_>, account: AccountId) -> Result<(Vec<AccountId>, String)> {
    if let Some((names, message)) = cx.raw.split_once('=') {
        let mut to = Vec::new();
        // Before they are looked for: each name may be a nick.
        if names.matches(',').count() >= RECEIVERS {
            return Err(too_many());
        }
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let one = match cx.world.search_online(accessor(cx), name)? {
                Some(one) => one,
                None => cx.world.search_account(accessor(cx), name)?,
            };
            if !to.contains(&one) {
                to.push(one);
            }
        }
        let to = if to.is_empty() { last_paged(cx, account)? } else { to };
        return Ok((to, message.trim().to_owned()));
    }
    let last = last_paged(cx, account);
    if let Some((name, message)) = cx.raw.split_once(char::is_whitespace) {
        // Half a name may as well be the first word of what is to be told to those who were paged last.
        let may_be_begun = last.is_err() || cx.cmdstring.eq_ignore_ascii_case("tell");
        let found = match may_be_begun {
            true => cx.world.search_online(accessor(cx), name)?,
            false => cx.world.search_account(accessor(cx), name).ok(),
        };
        if let Some(one) = found {
            return Ok((vec![one], message.trim().to_owned()));
        }
    }
    Ok((last?, cx.raw.clone()))
}

fn last_paged(cx: &Cx<'_>, account: AccountId) -> Result<Vec<AccountId>> {
    let sent = cx.world.pages(account).rev().find(|page| page.from == account);
    let to = sent.map(|page| page.to.clone()).unwrap_or_default();
    let to: Vec<AccountId> = to.into_iter().filter(|account| cx.world.account(*account).is_some()).collect();
    if to.is_empty() { Err(say("Who do you want to page? |wpage <account> = <message>|n")) } else { Ok(to) }
}

fn send(cx: &mut Cx<'_>, account: AccountId, to: &[AccountId], message: &str) -> Result {
    if message.is_empty() {
        return Err(say("What do you want to tell them? |wpage <account> = <message>|n"));
    }
    if message.chars().count() > LENGTH {
        return Err(say(format!("A page has up to {LENGTH} characters.")));
    }
    let name = named(cx, account);
    let message = match message.strip_prefix(':') {
        Some(pose) => format!("{name} {}", text::escape(pose.trim())),
        None => text::escape(message).into_owned(),
    };
    let told = format!("|wAccount|n |c{name}|n |wpages:|n {message}");
    let mut names = Vec::new();
    for one in to {
        let shown = named(cx, *one);
        if cx.world.account(*one).is_some_and(|account| account.sessions().is_empty()) {
            cx.msg(format!(
                "|C{shown}|n is offline. They will see your message if they list their pages later."
            ));
        }
        cx.world.msg(*one, meadow_link::text(told.as_str()).kw("type", "page").kw("talker", name.as_str()));
        names.push(format!("|c{shown}|n"));
    }
    cx.msg(
        meadow_link::text(format!("You paged {} with: '{message}'.", names.join(", "))).kw("type", "page"),
    );
    let at = cx.world.now();
    cx.world.add_page(Page { from: account, to: to.to_vec(), at, message });
    Ok(())
}

fn too_many() -> crate::Stop {
    say(format!("You can page up to {RECEIVERS} accounts at one time."))
}

fn last(cx: &mut Cx<'_>, account: AccountId) -> Result {
    let Some(page) = cx.world.pages(account).rev().find(|page| page.from == account) else {
        return Err(say("You haven't paged anyone yet."));
    };
    let names: Vec<String> = page.to.iter().map(|one| format!("|c{}|n", named(cx, *one))).collect();
    let told = format!("You last paged {}: {}", names.join(", "), page.message);
    cx.msg(told);
    Ok(())
}

fn list(cx: &mut Cx<'_>, account: AccountId, number: usize) -> Result {
    let mut lines: Vec<String> = Vec::new();
    for page in cx.world.pages(account).rev().take(number.min(PAGES)) {
        let names = page.to.iter().map(|one| named(cx, *one)).collect::<Vec<_>>().join(", ");
        let way = if page.from == account {
            format!("to |c{names}|n")
        } else {
            format!("from |c{}|n", named(cx, page.from))
        };
        lines.push(format!("\n|w{}|n {way}: {}", text::timestamp(page.at), page.message));
    }
    if lines.is_empty() {
        return Err(say("There are no pages, neither from you nor to you."));
    }
    lines.reverse();
    cx.msg(format!("Your latest pages:{}", lines.concat()));
    Ok(())
}

fn named(cx: &Cx<'_>, account: AccountId) -> String {
    text::escape(&cx.world.subscriber_name(account.into())).into_owned()
}
