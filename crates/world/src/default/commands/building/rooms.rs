//! Making places and the ways between them.

use super::{BUILDER, CATEGORY, Named, Places, find, may_change, shown, shown_place, usage};
use crate::{Command, Cx, Meta, Mux, ObjectId, Result, Stop, say, text::escape};

const ROOM: &str = "default.Room";
const EXIT: &str = "default.Exit";

/// `@dig[/teleport] ROOM[= EXIT [, EXIT BACK]]`
pub(in super::super) struct CmdDig;

impl Command for CmdDig {
    const META: Meta = Meta {
        key: "@dig",
        locks: BUILDER,
        help: "make a room, and ways to it\n\nUsage:\n  @dig[/teleport] <room>[;alias...][:typeclass] [= <exit \
               there>[;alias...][:typeclass] [, <exit back>[;alias...][:typeclass]]]\n\n|w/teleport|n takes you \
               there.\n\nExamples:\n  @dig kitchen = north;n, south;s\n  @dig sheer cliff;cliff = climb up",
        help_category: CATEGORY,
        switches: &["teleport", "tel"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        if args.lhs.is_empty() {
            return Err(usage("@dig[/teleport] <room>[;alias...][:typeclass] [= <exit there>, <exit back>]"));
        }
        if args.rhs_list.len() > 2 {
            return Err(say("A room is dug with one exit there and one back at most."));
        }
        let room = Named::parse(&args.lhs)?;
        let mut exits = args.rhs_list.iter().map(|given| Named::parse(given));
        let (there, back) = (exits.next().transpose()?, exits.next().transpose()?);
        let then = if cx.switch("teleport") || cx.switch("tel") { Then::GoThere } else { Then::Stay };
        dig(cx, &room, there.as_ref(), back.as_ref(), then)
    }
}

/// What the digger does when there is a room.
enum Then {
    GoThere,
    Stay,
}

fn dig(cx: &mut Cx<'_>, room: &Named, there: Option<&Named>, back: Option<&Named>, then: Then) -> Result {
    let caller = cx.caller()?;
    let here = cx.world[caller].location();
    if here.is_none() && there.is_some() {
        return Err(say("You are nowhere: there is no place for an exit to begin."));
    }
    let new = room.make(cx, ROOM, Places::default())?;
    let kind = cx.world[new].typeclass_path().to_owned();
    cx.msg(format!(
        "Created room {}{} of type {}.",
        shown(cx.world, new),
        room.shown_aliases(),
        escape(&kind)
    ));
    if let (Some(here), Some(there)) = (here, there) {
        exit(cx, there, here, new)?;
    }
    if let (Some(here), Some(back)) = (here, back) {
        exit(cx, back, new, here)?;
    }
    match then {
        Then::GoThere => cx.world.move_to(caller, new),
        Then::Stay => Ok(()),
    }
}

fn exit(cx: &mut Cx<'_>, named: &Named, from: ObjectId, to: ObjectId) -> Result {
    let places = Places { location: Some(from), home: Some(from), destination: Some(to) };
    let id = named.make(cx, EXIT, places)?;
    cx.msg(format!(
        "Created exit {}{} from {} to {}.",
        shown(cx.world, id),
        named.shown_aliases(),
        shown(cx.world, from),
        shown(cx.world, to)
    ));
    Ok(())
}

/// Names of ways: what is typed for short, the whole name, and the one that leads back.
const DIRECTIONS: [(&str, &str, &str); 12] = [
    ("n", "north", "s"),
    ("ne", "northeast", "sw"),
    ("e", "east", "w"),
    ("se", "southeast", "nw"),
    ("s", "south", "n"),
    ("sw", "southwest", "ne"),
    ("w", "west", "e"),
    ("nw", "northwest", "se"),
    ("u", "up", "d"),
    ("d", "down", "u"),
    ("i", "in", "o"),
    ("o", "out", "i"),
];

/// `@tunnel[/oneway][/tel] DIRECTION[:TYPECLASS] [= ROOM]`
pub(in super::super) struct CmdTunnel;

impl Command for CmdTunnel {
    const META: Meta = Meta {
        key: "@tunnel",
        aliases: &["@tun"],
        locks: BUILDER,
        help: "make a room in a direction, and the ways there and back\n\nUsage:\n  @tunnel[/oneway][/tel] \
               <direction>[:typeclass] [= <room>[;alias...][:typeclass]]\n\nDirections are n, ne, e, se, s, sw, w, \
               nw, u, d, i (in) and o (out). |w/oneway|n makes no way back, |w/tel|n takes you there.\n\nExamples:\n  \
               @tunnel n\n  @tunnel/tel in = a small cave;cave",
        help_category: CATEGORY,
        switches: &["oneway", "tel"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        if args.lhs.is_empty() {
            return Err(usage(
                "@tunnel[/oneway][/tel] <direction>[:typeclass] [= <room>[;alias...][:typeclass]]",
            ));
        }
        let (wanted, typeclass) = match args.lhs.split_once(':') {
            Some((wanted, typeclass)) => (wanted.trim(), Some(typeclass.trim().to_owned())),
            None => (args.lhs.as_str(), None),
        };
        let (there, opposite) = direction(wanted, typeclass.clone())?;
        let (back, _) = direction(opposite, typeclass)?;
        let room = Named::parse(args.rhs.as_deref().filter(|rhs| !rhs.is_empty()).unwrap_or("Some place"))?;
        let back = (!cx.switch("oneway")).then_some(&back);
        let then = if cx.switch("tel") { Then::GoThere } else { Then::Stay };
        dig(cx, &room, Some(&there), back, then)
    }
}

/// The exit in a direction, and the direction that is its opposite.
fn direction(wanted: &str, typeclass: Option<String>) -> Result<(Named, &'static str)> {
    let wanted = wanted.to_lowercase();
    let known = DIRECTIONS.iter().find(|(short, name, _)| *short == wanted || *name == wanted);
    let Some((short, name, opposite)) = known else {
        let all: Vec<&str> = DIRECTIONS.iter().map(|(short, ..)| *short).collect();
        return Err(say(format!("A tunnel leads in one of these directions: {}.", all.join(", "))));
    };
    let named = Named { key: (*name).to_owned(), aliases: vec![(*short).to_owned()], typeclass };
    Ok((named, opposite))
}

/// `@open EXIT [, EXIT BACK] = PLACE`
pub(in super::super) struct CmdOpen;

impl Command for CmdOpen {
    const META: Meta = Meta {
        key: "@open",
        locks: BUILDER,
        help: "make an exit from where you are to a place\n\nUsage:\n  @open <exit>[;alias...][:typeclass] [, <exit \
               back>[;alias...][:typeclass]] = <place>\n\nAn exit of that name that is here already is made to lead \
               there.",
        help_category: CATEGORY,
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let (Some(place), 1..=2) = (args.rhs.filter(|rhs| !rhs.is_empty()), args.lhs_list.len()) else {
            return Err(usage(
                "@open <exit>[;alias...][:typeclass] [, <exit back>[;alias...][:typeclass]] = <place>",
            ));
        };
        let here = cx.location()?;
        let to = match find(cx, &place) {
            Err(Stop::Say(why)) if place.contains(',') => {
                return Err(say(format!(
                    "{why}\nThe way back stands before the =: @open <exit>, <exit back> = <place>"
                )));
            }
            found => found?,
        };
        if cx.world[to].is_exit() {
            return Err(say("An exit leads to a place, not to an exit."));
        }
        let exits: Vec<Named> =
            args.lhs_list.iter().map(|given| Named::parse(given)).collect::<Result<_>>()?;
        for (named, (from, to)) in exits.iter().zip([(here, to), (to, here)]) {
            open(cx, named, from, to)?;
        }
        Ok(())
    }
}

fn open(cx: &mut Cx<'_>, named: &Named, from: ObjectId, to: ObjectId) -> Result {
    let key = named.key.to_lowercase();
    let mut inside = cx.world[from].contents().iter().copied();
    let Some(old) = inside.find(|id| cx.world[*id].key().to_lowercase() == key) else {
        return exit(cx, named, from, to);
    };
    let name = shown(cx.world, old);
    if !cx.world[old].is_exit() {
        return Err(say(format!("{name} is here already, and is no exit.")));
    }
    let before = cx.world[old].destination();
    if before == Some(to) {
        return Err(say(format!("The exit {name} leads there already.")));
    }
    may_change(cx, old)?;
    cx.world.set_destination(old, Some(to));
    if !named.aliases.is_empty() {
        let aliases: Vec<&str> = named.aliases.iter().map(String::as_str).collect();
        cx.world.set_aliases(old, &aliases);
    }
    let (before, after) = (shown_place(cx.world, before), shown(cx.world, to));
    cx.msg(format!("The exit {name} was there already, and leads to {after} now, no longer to {before}."));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_direction_leads_back() {
        for (short, name, opposite) in DIRECTIONS {
            let (named, back) = direction(name, None).expect("it is one of them");
            assert_eq!((named.key.as_str(), back), (name, opposite));
            assert_eq!(direction(back, None).expect("it is one, too").1, short);
        }
    }
}
