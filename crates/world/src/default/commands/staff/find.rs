//! `@find`: objects anywhere, by parts of their names.

use std::ops::RangeInclusive;

use super::{LISTED, asker, named, number};
use crate::default::commands::listing::page_to;
use crate::{Command, Cx, Meta, Mux, Object, ObjectId, Result, World, say, text::escape};

/// `@find[/SWITCH] NAME [= FIRST[-LAST]]`
pub(in crate::default::commands) struct CmdFind;

impl Command for CmdFind {
    const META: Meta = Meta {
        key: "@find",
        aliases: &["@search", "@locate"],
        locks: "cmd:perm(Builder) or perm(find)",
        help: "find objects anywhere\n\nUsage:\n  @find[/switches] <name, *account or #number> [= #first[-#last]]\n  \
               @locate - @find with the switch /loc\n\nSwitches:\n  room - rooms only\n  exit - exits only\n  char - \
               characters only\n  exact - the whole name, not a part of it\n  startswith - the beginning of the name\n  \
               loc - tell also where it is\n\nKeys and aliases count, whatever the case. A range of numbers limits \
               the search; without a name, everything in the range is found.\n\nExamples:\n  @find box\n  \
               @find/room/startswith gar\n  @find = #100-#150",
        help_category: "Building",
        switches: &["room", "exit", "char", "exact", "loc", "startswith"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        if args.lhs.is_empty() && args.rhs.is_none() {
            return Err(say("Usage: @find[/switches] <name, *account or #number> [= #first[-#last]]"));
        }
        let numbers = match &args.rhs {
            Some(range) => read_range(range)?,
            None => 1..=u64::MAX,
        };
        let wanted = Wanted {
            name: args.lhs.to_lowercase(),
            how: match () {
                () if cx.switch("exact") => How::Whole,
                () if cx.switch("startswith") => How::Beginning,
                () => How::Part,
            },
            kinds: ["room", "exit", "char"].map(|kind| cx.switch(kind)),
            numbers,
            with_place: cx.switch("loc") || cx.cmdstring.ends_with("locate"),
            seeker: cx.caller()?,
        };
        if let Some(id) = one_meant(cx, &args.lhs)? {
            return found_one(cx, &wanted, id);
        }
        let Some(asker) = asker(cx) else { return Ok(()) };
        cx.world.scan(
            wanted.numbers.clone(),
            (wanted, Vec::new(), 0_usize),
            |world, object, (wanted, shown, count)| {
                if wanted.is(world, object) {
                    *count += 1;
                    if shown.len() < LISTED {
                        shown.push(object.id());
                    }
                }
            },
            move |world, (wanted, shown, count)| {
                let told = wanted.told(world, &shown, count);
                page_to(world, asker, told);
            },
        );
        Ok(())
    }
}

/// How a name is to fit.
enum How {
    Part,
    Beginning,
    Whole,
}

/// What is searched for.
struct Wanted {
    name: String,
    how: How,
    /// Rooms, exits, characters; none of them for anything.
    kinds: [bool; 3],
    numbers: RangeInclusive<u64>,
    with_place: bool,
    seeker: ObjectId,
}

impl Wanted {
    fn is(&self, world: &World, object: &Object) -> bool {
        let names = std::iter::once(object.key()).chain(object.aliases().iter().map(|alias| &**alias));
        let fits = |name: &str| {
            let name = name.to_lowercase();
            match self.how {
                How::Part => name.contains(&self.name),
                How::Beginning => name.starts_with(&self.name),
                How::Whole => name == self.name,
            }
        };
        let named = self.name.is_empty() || names.into_iter().any(fits);
        named && self.may_be(world, object)
    }

    /// Whether it is of a kind that is wanted, and is to be found by the seeker.
    fn may_be(&self, world: &World, object: &Object) -> bool {
        let id = object.id();
        let of_kind = match self.kinds {
            [false, false, false] => true,
            [room, exit, char] => {
                (exit && object.is_exit())
                    || (char && world.is_character(id))
                    || (room && world.is_a(id, "default.Room"))
            }
        };
        of_kind && world.access(id, self.seeker, "search", true)
    }

    fn told(&self, world: &World, shown: &[ObjectId], count: usize) -> String {
        let last = (*self.numbers.end()).min(world.objects.len().saturating_sub(1) as u64);
        let range = format!("#{}-#{last}", self.numbers.start());
        let head = match count {
            0 => format!("|wMatch|n({range}):\n  |rNo matches found for '{}'|n", escape(&self.name)),
            1 => format!("|wOne Match|n({range}):"),
            _ => format!("|w{count} Matches|n({range}):"),
        };
        let lines: String = shown.iter().map(|id| self.line(world, *id)).collect();
        let more = match count - shown.len() {
            0 => String::new(),
            more => format!("\n  ... and {more} more: narrow the search."),
        };
        format!("{head}{lines}{more}")
    }

    fn line(&self, world: &World, id: ObjectId) -> String {
        let Some(object) = world.object(id) else { return String::new() };
        let place = match object.location().filter(|_| self.with_place) {
            Some(place) => format!(" (|wlocation|n: |g{}|n)", named(world, place)),
            None => String::new(),
        };
        format!("\n  |g{}|n - {}{place}", named(world, id), escape(object.typeclass_path()))
    }
}

/// `#12` and `*account` mean one thing.
fn one_meant(cx: &Cx<'_>, name: &str) -> Result<Option<ObjectId>> {
    if name.starts_with('*') {
        return super::find(cx, name).map(Some);
    }
    let Some(id) = number(name) else { return Ok(None) };
    if cx.world.exists(id) { Ok(Some(id)) } else { Err(say(format!("There is no object {id}."))) }
}

fn found_one(cx: &mut Cx<'_>, wanted: &Wanted, id: ObjectId) -> Result {
    if !wanted.numbers.contains(&id.0) || !wanted.may_be(cx.world, &cx.world[id]) {
        return Err(say(format!("No match for '{}' of that kind and in that range.", cx.args)));
    }
    let told = wanted.told(cx.world, &[id], 1);
    cx.msg(told);
    Ok(())
}

/// `#5-#10`, `5-10` or `#5-`: from a number on; `#5` alone is the beginning of the range too.
fn read_range(range: &str) -> Result<RangeInclusive<u64>> {
    let read = |number: &str| number.trim().trim_start_matches('#').parse::<u64>().ok();
    let (first, last) = match range.split_once('-') {
        Some((first, last)) if last.trim().is_empty() => (read(first), Some(u64::MAX)),
        Some((first, last)) => (read(first), read(last)),
        None => (read(range), Some(u64::MAX)),
    };
    match (first, last) {
        (Some(first), Some(last)) if first <= last => Ok(first..=last),
        _ => Err(say(format!("'{}' is no range: write it as #5-#10.", escape(range)))),
    }
}
