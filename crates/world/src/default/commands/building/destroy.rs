//! Unmaking things.

use std::collections::BTreeSet;

use super::{BUILDER, CATEGORY, find, shown, usage};
use crate::{Command, Cx, Meta, ObjectId, Result, say, text::escape};

/// Most objects that one command destroys.
const AT_ONCE: usize = 1_000;

/// `@destroy[/override][/force] THING, #FROM-#TO, ..`
pub(in super::super) struct CmdDestroy;

impl Command for CmdDestroy {
    const META: Meta = Meta {
        key: "@destroy",
        aliases: &["@delete", "@del"],
        locks: BUILDER,
        help: "unmake things for good\n\nUsage:\n  @destroy[/override][/force] <object>, <object>, \
               #<from>-#<to>...\n\nWhat is in a room that is destroyed goes home, and exits in it and to it go with \
               it. |w/override|n destroys an account's character, too; |w/force|n does not ask before.\n\nExamples:\n  \
               @destroy box, red ball\n  @destroy/force #34, #78-#90",
        help_category: CATEGORY,
        switches: &["override", "force"],
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let given: Vec<String> =
            cx.raw.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect();
        if given.is_empty() {
            return Err(usage("@destroy[/override][/force] <object>, <object>, #<from>-#<to>..."));
        }
        let mut all: Vec<ObjectId> = Vec::new();
        let mut seen = BTreeSet::new();
        for item in given {
            let (ids, told) = named(cx, &item);
            all.extend(ids.into_iter().filter(|id| seen.insert(*id)));
            told.into_iter().for_each(|told| cx.msg(told));
        }
        // What can't be destroyed is said before anything is asked.
        let over = if cx.switch("override") { Bodies::Too } else { Bodies::Spared };
        let mut doomed = Vec::new();
        for id in all {
            match may_destroy(cx, id, over) {
                Ok(()) => doomed.push(id),
                Err(why) => cx.msg(why.to_string()),
            }
        }
        if doomed.is_empty() {
            return Err(say("Nothing was destroyed."));
        }
        // Without a session (in a batch) there is nobody to be asked.
        if cx.switch("force") || cx.session.is_none() {
            return destroy(cx, &doomed, over);
        }
        let names: Vec<String> = doomed.iter().map(|id| shown(cx.world, *id)).collect();
        cx.ask_yes_no(format!("Are you sure you want to destroy {}?", list(&names)), move |cx, sure| {
            if sure {
                return destroy(cx, &doomed, over);
            }
            cx.msg("Nothing was destroyed.");
            Ok(())
        })
    }
}

/// Whether characters of accounts are destroyed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bodies {
    Too,
    Spared,
}

/// What a builder means: a name, or `#3-#9`; and what speaks against it.
fn named(cx: &Cx<'_>, item: &str) -> (Vec<ObjectId>, Option<String>) {
    let number = |text: &str| text.trim().trim_start_matches('#').parse::<u64>().ok();
    let range = item.starts_with('#').then(|| item.split_once('-')).flatten();
    let Some((from, to)) = range.and_then(|(from, to)| Some((number(from)?, number(to)?))) else {
        return match find(cx, item) {
            Ok(id) => (vec![id], None),
            Err(why) => (Vec::new(), Some(why.to_string())),
        };
    };
    let among = |id: ObjectId| (from..=to).contains(&id.0);
    let ids: Vec<ObjectId> = cx.world.objects().map(|object| object.id()).filter(|id| among(*id)).collect();
    match ids.len() {
        0 => (ids, Some(format!("There is nothing from #{from} to #{to}."))),
        1..=AT_ONCE => (ids, None),
        many => {
            (Vec::new(), Some(format!("#{from}-#{to} are {many} objects: {AT_ONCE} are the most at once.")))
        }
    }
}

fn may_destroy(cx: &Cx<'_>, id: ObjectId, bodies: Bodies) -> Result {
    let caller = cx.caller()?;
    let name = shown(cx.world, id);
    if id == caller {
        return Err(say("You can't destroy yourself."));
    }
    if cx.world.start_location() == Some(id) {
        return Err(say(format!("{name} is where new characters begin, and can't be destroyed.")));
    }
    if !(cx.world.may(caller, "control", id) || cx.world.may(caller, "delete", id)) {
        return Err(say(format!("You don't have permission to destroy {name}.")));
    }
    let object = &cx.world[id];
    if bodies == Bodies::Spared && (object.account.is_some() || !object.sessions().is_empty()) {
        return Err(say(format!("{name} belongs to an account: |w/override|n destroys it all the same.")));
    }
    Ok(())
}

fn destroy(cx: &mut Cx<'_>, doomed: &[ObjectId], bodies: Bodies) -> Result {
    for id in doomed {
        // Time may have passed since it was asked, and what was destroyed before may have taken this with it.
        let Some(object) = cx.world.object(*id) else { continue };
        let name = escape(object.key()).into_owned();
        let exits = object.contents().iter().any(|inside| cx.world[*inside].is_exit());
        let exits = exits || !object.entrances.is_empty();
        let things = object.contents().iter().any(|inside| !cx.world[*inside].is_exit());
        let ended = match may_destroy(cx, *id, bodies) {
            Ok(()) => cx.world.destroy(*id),
            refused => refused,
        };
        match ended {
            Ok(()) => {
                let mut told = format!("{name} was destroyed.");
                if exits {
                    told.push_str(&format!(" Exits to and from {name} were destroyed as well."));
                }
                if things {
                    told.push_str(&format!(" What was in {name} went home."));
                }
                cx.msg(told);
            }
            Err(crate::Stop::Say(why)) => cx.msg(why),
            Err(broken) => return Err(broken),
        }
    }
    Ok(())
}

/// The first few names, and how many more there are.
fn list(names: &[String]) -> String {
    const SHOWN: usize = 20;
    match names.len() {
        0..=SHOWN => names.join(", "),
        many => format!("{} and {} more", names[..SHOWN].join(", "), many - SHOWN),
    }
}
