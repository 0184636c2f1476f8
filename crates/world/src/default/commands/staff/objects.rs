//! `@objects`: how many objects there are of each typeclass, and the newest of them.

use std::{collections::HashMap, fmt::Write as _};

use super::{LISTED, asker, date, named};
use crate::{
    Command, Cx, Meta, ObjectId, Result, Screen, World,
    default::commands::listing::page_to,
    say,
    text::{Border, Column, Table, escape},
};

/// How many of the newest are shown, unless the number is given.
const NEWEST: usize = 10;

/// `@objects [NUMBER]`
pub(in crate::default::commands) struct CmdObjects;

impl Command for CmdObjects {
    const META: Meta = Meta {
        key: "@objects",
        locks: "cmd:perm(Builder) or perm(listobjects)",
        help: "count the objects of the game\n\nUsage:\n  @objects [<how many of the newest>]\n\nShows how many there \
               are of each typeclass, and the newest: ten, or as many as you say.",
        help_category: "System",
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, newest: Option<String>) -> Result {
        let newest = match newest {
            Some(number) => number.parse().map_err(|_| say("Usage: @objects [<number>]"))?,
            None => NEWEST,
        };
        let Some(asker) = asker(cx) else { return Ok(()) };
        let counts = Counts { newest: newest.min(LISTED), ..Counts::default() };
        cx.world.scan(
            1..=u64::MAX,
            counts,
            |world, object, counts| counts.count(world, object.id()),
            move |world, counts| {
                let told = counts.told(world, world.screen_of(asker));
                page_to(world, asker, told);
            },
        );
        Ok(())
    }
}

#[derive(Default)]
struct Counts {
    newest: usize,
    rooms: usize,
    exits: usize,
    characters: usize,
    total: usize,
    by_typeclass: HashMap<Box<str>, usize>,
}

impl Counts {
    fn count(&mut self, world: &World, id: ObjectId) {
        let object = &world[id];
        self.total += 1;
        if object.is_exit() {
            self.exits += 1;
        } else if world.is_character(id) {
            self.characters += 1;
        } else if world.is_a(id, "default.Room") {
            self.rooms += 1;
        }
        match self.by_typeclass.get_mut(object.typeclass_path()) {
            Some(count) => *count += 1,
            None => drop(self.by_typeclass.insert(object.typeclass_path().into(), 1)),
        }
    }

    fn told(&self, world: &World, screen: Screen) -> String {
        let others = self.total - self.rooms - self.exits - self.characters;
        let mut told = String::from("|wObjects by what they are:|n");
        let kinds = [
            ("characters", self.characters),
            ("rooms", self.rooms),
            ("exits", self.exits),
            ("others", others),
            ("in all", self.total),
        ];
        let _ = write!(told, "\n{}", self.table(&kinds, screen));
        told.push_str("\n|wObjects by typeclass:|n");
        let mut kinds: Vec<(&str, usize)> = self.by_typeclass.iter().map(|(path, n)| (&**path, *n)).collect();
        kinds.sort_unstable_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        kinds.truncate(LISTED);
        let _ = write!(told, "\n{}", self.table(&kinds, screen));
        // The highest numbers are the newest: none is used twice.
        let newest: Vec<ObjectId> =
            world.objects.iter().rev().flatten().take(self.newest).map(|object| object.id).collect();
        let columns = ["Made", "Object", "Typeclass"].map(|name| Column::default().aloud(name));
        let mut table = Table::new(columns).border(Border::None).indent(2);
        for id in &newest {
            let path = escape(world[*id].typeclass_path()).into_owned();
            table.add_row([date(world[*id].created), named(world, *id), path]);
        }
        let _ = write!(told, "\n|wThe newest {}:|n\n{}", newest.len(), table.draw(screen));
        told
    }

    /// Names with how many there are of each.
    fn table(&self, counts: &[(&str, usize)], screen: Screen) -> String {
        let columns = [
            Column::default().at_least(30).aloud("Kind"),
            Column::right("").at_least(8).aloud("Number"),
            Column::right("").at_least(6).aloud("Share"),
        ];
        let mut table = Table::new(columns).border(Border::None).indent(2);
        for (what, count) in counts {
            table.add_row([escape(what).into_owned(), count.to_string(), self.share(*count)]);
        }
        table.draw(screen)
    }

    fn share(&self, count: usize) -> String {
        match self.total {
            0 => String::new(),
            total => format!("{:.1}%", count as f64 * 100.0 / total as f64),
        }
    }
}
