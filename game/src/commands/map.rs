//! `map`: a drawing of where somebody has been, made of the exits themselves. Read aloud, it is a list.

use std::collections::{BTreeMap, HashSet, VecDeque};

use meadow::prelude::*;

use crate::typeclasses::Character;

/// How many places a map has at most.
const PLACES: usize = 400;

/// Names of ways that can be drawn: columns to the east, rows to the south.
const WAYS: [(&str, i32, i32); 8] = [
    ("north", 0, -1),
    ("northeast", 1, -1),
    ("east", 1, 0),
    ("southeast", 1, 1),
    ("south", 0, 1),
    ("southwest", -1, 1),
    ("west", -1, 0),
    ("northwest", -1, -1),
];

/// `map`
pub struct CmdMap;

impl Command for CmdMap {
    const META: Meta = Meta {
        key: "map",
        aliases: &["where"],
        help: "see where you have been\n\nUsage:\n  map\n\n[@] is where you are, [?] where you have not been. From a \
               place with ^ one can climb up, from one with v down, from one with : both: those places have a map of their own.",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let (caller, here) = (cx.caller()?, cx.location()?);
        let seen: HashSet<ObjectId> = Character::places_seen(cx.world, caller).into_iter().collect();
        let chart = Chart::new(cx.world, here, &seen);
        let reader = cx.world.screen_of(caller).reader;
        let map = if reader { chart.told(cx.world, &seen) } else { chart.drawn() };
        let ways = ways(cx.world, here, &seen);
        let name = escape(cx.world[here].key()).into_owned();
        cx.msg(format!("{map}\n\nYou are here: |c{name}|n.\n{ways}"));
        Ok(())
    }
}

/// What is where, seen from a place in the middle.
struct Chart {
    here: ObjectId,
    /// By row and column.
    places: BTreeMap<(i32, i32), Place>,
    /// The lines between them, on a raster that is twice as fine.
    lines: BTreeMap<(i32, i32), char>,
}

struct Place {
    id: ObjectId,
    mark: char,
}

impl Chart {
    /// Goes by the exits from place to place. What has not been seen is marked, and not gone through.
    fn new(world: &World, here: ObjectId, seen: &HashSet<ObjectId>) -> Chart {
        let mut chart = Chart { here, places: BTreeMap::new(), lines: BTreeMap::new() };
        let mut found = HashSet::from([here]);
        let mut next = VecDeque::from([(here, 0, 0)]);
        while let Some((id, row, column)) = next.pop_front() {
            let mark = match () {
                () if id == here => '@',
                () if !seen.contains(&id) => '?',
                () => mark(world, id),
            };
            chart.places.insert((row, column), Place { id, mark });
            if mark == '?' || found.len() >= PLACES {
                continue;
            }
            for (exit, to) in exits(world, id) {
                let Some((_, east, south)) = WAYS.iter().find(|(way, ..)| world[exit].answers_to(way)) else {
                    continue;
                };
                let at = (row + south, column + east);
                let free = !chart.places.contains_key(&at) && next.iter().all(|(_, r, c)| (*r, *c) != at);
                if free && found.insert(to) {
                    next.push_back((to, at.0, at.1));
                }
                let line = match (east * south, *south) {
                    (1, _) => '\\',
                    (-1, _) => '/',
                    (_, 0) => '-',
                    _ => '|',
                };
                chart.lines.insert((row * 2 + south, column * 2 + east), line);
            }
        }
        chart
    }

    fn drawn(&self) -> String {
        let first = self.places.keys().map(|(_, column)| column * 2).min().unwrap_or(0);
        let last = self.places.keys().map(|(_, column)| column * 2).max().unwrap_or(0);
        let top = self.places.keys().map(|(row, _)| row * 2).min().unwrap_or(0);
        let bottom = self.places.keys().map(|(row, _)| row * 2).max().unwrap_or(0);
        let mut drawn = Vec::new();
        for row in top..=bottom {
            let mut text = String::from("  ");
            for column in first..=last {
                // Places are three columns wide, what is between them is one.
                let is_place = column % 2 == 0;
                let place =
                    (is_place && row % 2 == 0).then(|| self.places.get(&(row / 2, column / 2))).flatten();
                match (place, self.lines.get(&(row, column))) {
                    (Some(Place { mark: '@', .. }), _) => text.push_str("[|y@|n]"),
                    (Some(Place { mark, .. }), _) => text.push_str(&format!("[{mark}]")),
                    (None, line) => {
                        let line = line.map_or(" ".to_owned(), |line| escape(&line.to_string()).into_owned());
                        text.push_str(&if is_place { format!(" {line} ") } else { line });
                    }
                }
            }
            drawn.push(text.trim_end().to_owned());
        }
        drawn.join("\n")
    }

    /// A line for each place, from north to south: where from there one can go.
    fn told(&self, world: &World, seen: &HashSet<ObjectId>) -> String {
        let known = self.places.values().filter(|place| place.id != self.here && place.mark != '?');
        let lines =
            known.map(|place| format!("{}. {}", escape(world[place.id].key()), ways(world, place.id, seen)));
        let lines: Vec<String> = lines.collect();
        if lines.is_empty() { "You have not been anywhere else.".to_owned() } else { lines.join("\n") }
    }
}

/// Whether one can climb from a place.
fn mark(world: &World, place: ObjectId) -> char {
    let leads = |way| exits(world, place).any(|(exit, _)| world[exit].answers_to(way));
    match (leads("up"), leads("down")) {
        (true, true) => ':',
        (true, false) => '^',
        (false, true) => 'v',
        (false, false) => ' ',
    }
}

/// Where one can go from a place: "north to The Old Oak, east to somewhere new".
fn ways(world: &World, place: ObjectId, seen: &HashSet<ObjectId>) -> String {
    let ways = exits(world, place).map(|(exit, to)| {
        let name = if seen.contains(&to) { world[to].key() } else { "somewhere new" };
        format!("{} to {}", escape(world[exit].key()), escape(name))
    });
    let ways: Vec<String> = ways.collect();
    if ways.is_empty() { "No way leads on.".to_owned() } else { format!("Ways: {}.", ways.join(", ")) }
}

fn exits(world: &World, place: ObjectId) -> impl Iterator<Item = (ObjectId, ObjectId)> + '_ {
    world[place].contents().iter().filter_map(|exit| Some((*exit, world[*exit].destination()?)))
}
