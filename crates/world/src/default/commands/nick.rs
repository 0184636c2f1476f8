//! `nick`: what a player would rather type, be it for a line, an object or an account.

use super::listing::table;
use crate::{
    Command, Cx, Meta, Result, Subscriber,
    nicks::{self, NICKS, NICKS_LENGTH, Nick, NickKind},
    say,
    text::{self, Column},
};

/// `nick[/SWITCH] [NICK [= REPLACEMENT]]`
pub(super) struct CmdNick;

impl Command for CmdNick {
    const META: Meta = Meta {
        key: "nick",
        aliases: &["nickname", "nicks"],
        help: "define something shorter to type\n\nUsage:\n  nick[/inputline] <template> = <replacement>\n  nick/object \
               <template> = <replacement>\n  nick/account <template> = <replacement>\n  nick <template>   (show \
               it)\n  nick/list, nicks\n  nick/delete <template or number>\n  nick/clearall\n\nA nick stands for a whole \
               line (|w/inputline|n, what is meant without a switch), for an object where the name of one is expected \
               (|w/object|n), or for an account (|w/account|n). |w$1|n to |w$99|n in it stand for what you type there, \
               |w*|n for anything, |w?|n for one character, |w[abc]|n for one of these. A = in the template is written \
               as \\=.\n\nExamples:\n  nick hi = say Hello, I'm Sarah!\n  nick/object tom = the tall man\n  nick tell $1 \
               $2 = page $1 = $2",
        switches: &["inputline", "object", "account", "list", "delete", "clearall"],
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let (template, replacement) = sides(&cx.raw);
        let one_of = [cx.switch("list"), cx.switch("delete"), cx.switch("clearall")];
        match (one_of, template.as_str(), replacement) {
            ([true, ..], ..) => list(cx),
            ([_, _, true], ..) => clear_all(cx),
            ([_, true, _], "", _) => {
                Err(say("Usage: nick/delete <template or number> (|wnicks|n lists them)"))
            }
            ([_, true, _], template, _) => delete(cx, template),
            (_, "", _) if cx.cmdstring.eq_ignore_ascii_case("nicks") || cx.raw.is_empty() => list(cx),
            (_, "", _) => Err(say("Usage: nick[/switches] <template> = <replacement>")),
            (_, template, None) => show(cx, template),
            (_, _, Some(replacement)) if replacement.is_empty() => {
                Err(say("What shall it stand for? |wnick/delete|n takes a nick away."))
            }
            (_, template, Some(replacement)) => add(cx, template, &replacement),
        }
    }
}

/// Both sides of the first `=` that has no backslash before it.
fn sides(raw: &str) -> (String, Option<String>) {
    let at = raw.match_indices('=').map(|(at, _)| at).find(|at| !raw[..*at].ends_with('\\'));
    let (template, replacement) = match at {
        Some(at) => (&raw[..at], Some(raw[at + 1..].trim().to_owned())),
        None => (raw, None),
    };
    (template.trim().replace("\\=", "="), replacement)
}

/// The kinds that the switches name.
fn kinds(cx: &Cx<'_>) -> Vec<NickKind> {
    let named =
        [("inputline", NickKind::Inputline), ("object", NickKind::Object), ("account", NickKind::Account)];
    named.into_iter().filter(|(switch, _)| cx.switch(switch)).map(|(_, kind)| kind).collect()
}

/// Where nicks of a kind are kept: those of accounts with the account, the others with the body, if there is one.
fn owner(cx: &Cx<'_>, kind: NickKind) -> Result<Subscriber> {
    match (cx.puppet, cx.account) {
        (Some(body), _) if kind != NickKind::Account => Ok(body.into()),
        (_, Some(account)) => Ok(account.into()),
        (Some(body), None) => Ok(body.into()),
        (None, None) => cx.account().map(Subscriber::from),
    }
}

/// All nicks that are in force, with whose each is, in the order of their numbers.
fn all(cx: &Cx<'_>) -> Vec<(Subscriber, Nick<'static>)> {
    let owners = [cx.puppet.map(Subscriber::from), cx.account.map(Subscriber::from)];
    let mut all: Vec<(Subscriber, Nick<'static>)> = Vec::new();
    for owner in owners.into_iter().flatten() {
        let mut nicks = cx.world.nicks(owner);
        nicks.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        all.extend(nicks.into_iter().map(|nick| (owner, nick)));
    }
    all
}

fn list(cx: &mut Cx<'_>) -> Result {
    let kinds = kinds(cx);
    let all = all(cx);
    let mut rows = all
        .iter()
        .enumerate()
        .filter(|(_, (_, nick))| kinds.is_empty() || kinds.contains(&nick.0))
        .peekable();
    if rows.peek().is_none() {
        return Err(say("No nicks defined."));
    }
    let rows = rows.map(|(at, (_, Nick(kind, template, replacement)))| {
        let [template, replacement] = [template, replacement].map(|part| text::escape(part).into_owned());
        [(at + 1).to_string(), kind.to_string(), template, replacement]
    });
    let columns = [Column::right("No"), Column::new("Kind"), Column::new("Nick"), Column::new("Stands for")];
    let told = table(columns, rows, cx.screen());
    cx.page(told);
    Ok(())
}

fn show(cx: &mut Cx<'_>, template: &str) -> Result {
    let kinds = kinds(cx);
    let found: Vec<String> = all(cx)
        .iter()
        .filter(|(_, nick)| nick.1.to_lowercase() == template.to_lowercase())
        .filter(|(_, nick)| kinds.is_empty() || kinds.contains(&nick.0))
        .map(|(_, Nick(kind, template, replacement))| {
            format!("{kind}-nick: '{}' maps to '{}'.", text::escape(template), text::escape(replacement))
        })
        .collect();
    if found.is_empty() {
        return Err(say(format!("No nicks found matching '{}'.", text::escape(template))));
    }
    cx.msg(found.join("\n"));
    Ok(())
}

fn add(cx: &mut Cx<'_>, template: &str, replacement: &str) -> Result {
    if template == replacement {
        return Err(say("There is no point in a nick for what you would type anyway."));
    }
    nicks::check(template, replacement)?;
    let mut kinds = kinds(cx);
    if kinds.is_empty() {
        kinds.push(NickKind::Inputline);
    }
    let (shown, shown_replacement) = (text::escape(template), text::escape(replacement));
    for kind in kinds {
        let owner = owner(cx, kind)?;
        let mut nicks = cx.world.nicks(owner);
        let full = nicks.len() >= NICKS;
        let new = Nick(kind, template.to_owned().into(), replacement.to_owned().into());
        let known =
            nicks.iter_mut().find(|nick| nick.0 == kind && nick.1.to_lowercase() == template.to_lowercase());
        let told = match known {
            Some(known) if *known == new => {
                cx.msg(format!("Identical {kind}-nick already set."));
                continue;
            }
            Some(known) => {
                *known = new;
                format!("{kind}-nick '|w{shown}|n' updated to map to '|w{shown_replacement}|n'.")
            }
            None if full => {
                return Err(say(format!("You have {NICKS} nicks; that is the most.")));
            }
            None => {
                nicks.push(new);
                format!("{kind}-nick '|w{shown}|n' mapped to '|w{shown_replacement}|n'.")
            }
        };
        let length: usize = nicks.iter().map(|nick| nick.1.chars().count() + nick.2.chars().count()).sum();
        if length > NICKS_LENGTH {
            return Err(say(format!(
                "All your nicks can have {NICKS_LENGTH} characters together, and no more."
            )));
        }
        cx.world.set_nicks(owner, &nicks)?;
        cx.msg(told);
    }
    Ok(())
}

fn delete(cx: &mut Cx<'_>, which: &str) -> Result {
    let all = all(cx);
    let kinds = kinds(cx);
    let number = which.trim_start_matches('#').parse::<usize>().ok();
    let gone: Vec<(Subscriber, Nick<'static>)> = match number {
        Some(number) => {
            let one = number.checked_sub(1).and_then(|at| all.get(at).cloned());
            vec![one.ok_or_else(|| say("Not a valid nick number. See |wnicks|n for a list."))?]
        }
        None => all
            .into_iter()
            .filter(|(_, nick)| nick.1.to_lowercase() == which.to_lowercase())
            .filter(|(_, nick)| kinds.is_empty() || kinds.contains(&nick.0))
            .collect(),
    };
    if gone.is_empty() {
        return Err(say(format!("No nicks found matching '{}'.", text::escape(which))));
    }
    for (owner, nick) in gone {
        let mut nicks = cx.world.nicks(owner);
        nicks.retain(|known| *known != nick);
        cx.world.set_nicks(owner, &nicks)?;
        let Nick(kind, template, replacement) = nick;
        cx.msg(format!(
            "{kind}-nick removed: '|w{}|n' -> |w{}|n.",
            text::escape(&template),
            text::escape(&replacement)
        ));
    }
    Ok(())
}

fn clear_all(cx: &mut Cx<'_>) -> Result {
    for owner in [cx.puppet.map(Subscriber::from), cx.account.map(Subscriber::from)].into_iter().flatten() {
        if !cx.world.nicks(owner).is_empty() {
            cx.world.set_nicks(owner, &[])?;
        }
    }
    cx.msg("Cleared all nicks.");
    Ok(())
}
