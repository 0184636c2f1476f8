//! Several things at one time, for `get`, `drop` and `give`: `2 roses`, `all`. Each is asked for itself, with all its
//! hooks, and what came of it is one sentence.

use crate::{Act, Cx, ObjectId, Result, Stop, World, bug, say, search::Scope};

/// Things that can be moved by one command.
const AT_ONCE: usize = 100;

/// What a player wants to move.
pub(super) struct Things {
    ids: Vec<ObjectId>,
    wish: Wish,
    /// How many more there are than one command moves.
    left: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    One,
    Number,
    All,
}

impl Things {
    /// Reads `box`, `2 boxes` or `all`.
    ///
    /// # Errors
    /// A sentence for the player: nothing follows the command, or nothing is called so.
    pub(super) fn parse(cx: &mut Cx<'_>, scope: Scope) -> Result<Things> {
        if cx.args.is_empty() {
            return <String as crate::Args>::parse(cx).map(|_| Things::new(Vec::new(), Wish::One));
        }
        let caller = cx.caller()?;
        if ["all", "everything"].iter().any(|all| cx.raw.eq_ignore_ascii_case(all)) {
            return Ok(Things::new(cx.world.all_things(caller, scope), Wish::All));
        }
        let found = cx.world.search(caller, &cx.raw, scope);
        match (found, numbered(&cx.raw)) {
            (Err(Stop::Say(_)), Some((number, name))) => {
                let ids = cx.world.search_several(caller, name, scope, number)?;
                Ok(Things::new(ids, Wish::Number))
            }
            (found, _) => Ok(Things::new(vec![found?], Wish::One)),
        }
    }

    fn new(mut ids: Vec<ObjectId>, wish: Wish) -> Things {
        let left = ids.len().saturating_sub(AT_ONCE);
        ids.truncate(AT_ONCE);
        Things { ids, wish, left }
    }

    /// Whether this is the one thing that is wanted.
    pub(super) fn is(&self, id: ObjectId) -> bool {
        self.ids == [id]
    }

    /// Whether all was wanted, and there is nothing.
    pub(super) fn nothing_of_all(&self) -> bool {
        self.ids.is_empty()
    }
}

/// `2 roses`: how many of what.
fn numbered(typed: &str) -> Option<(usize, &str)> {
    let (number, name) = typed.trim().split_once(char::is_whitespace)?;
    let number = number.parse().ok().filter(|number| *number > 0)?;
    Some((number, name.trim()))
}

/// What came of it.
pub(super) struct Moved {
    wish: Wish,
    left: usize,
    items: Vec<ObjectId>,
    /// What has not, and why.
    refused: Vec<(String, String)>,
    broken: Option<Stop>,
}

/// Moves each for itself; what one says against it stops no other.
pub(super) fn each(
    cx: &mut Cx<'_>,
    things: &Things,
    mut moves: impl FnMut(&mut Cx<'_>, ObjectId) -> Result,
) -> Moved {
    let mut moved =
        Moved { wish: things.wish, left: things.left, items: Vec::new(), refused: Vec::new(), broken: None };
    let Ok(caller) = cx.caller() else { return moved };
    let name = |world: &World, id| world.display_name(id, caller);
    let places: Vec<_> = things.ids.iter().map(|id| cx.world[*id].location()).collect();
    for (id, place) in things.ids.iter().zip(places) {
        // A hook of the one before may have done anything to this one.
        if cx.world.object(*id).is_none_or(|object| object.location() != place) {
            continue;
        }
        let ended = moves(cx, *id);
        let exists = cx.world.exists(*id);
        match ended {
            Ok(()) if exists => moved.items.push(*id),
            Err(Stop::Say(why)) => {
                let name = if exists { name(cx.world, *id) } else { String::new() };
                moved.refused.push((name, why));
            }
            Ok(()) => {}
            Err(broken) => {
                moved.broken = Some(broken);
                break;
            }
        }
    }
    moved
}

impl Moved {
    /// Whether anything has been moved.
    pub(super) fn is_any(&self) -> bool {
        !self.items.is_empty()
    }

    /// A sentence about all of it, in which `{items}` stands for what the reader calls it.
    pub(super) fn act<'a>(&self, world: &'a mut World, caller: ObjectId, sentence: &'a str) -> Act<'a> {
        world.act(caller, sentence).with("items", &*self.items)
    }

    /// Has done what follows each move, and tells the player what was said against the others.
    ///
    /// # Errors
    /// It was one thing, and it was refused; or something broke.
    pub(super) fn after(self, cx: &mut Cx<'_>, mut follows: impl FnMut(&mut World, ObjectId)) -> Result {
        for id in &self.items {
            if cx.world.exists(*id) {
                follows(cx.world, *id);
            }
        }
        let mut refused = self.refused;
        refused.dedup();
        let is_all_told = self.broken.is_none() && self.left == 0;
        match (self.wish, self.items.is_empty(), refused.as_slice()) {
            (_, _, []) => {}
            (Wish::One, ..) | (_, true, [_]) if is_all_told => return Err(say(refused.swap_remove(0).1)),
            (..) => {
                let line = |(name, why): &(String, String)| match name.as_str() {
                    "" => why.clone(),
                    name => format!("{name}|n: {why}"),
                };
                cx.msg(refused.iter().map(line).collect::<Vec<_>>().join("\n"));
            }
        }
        match self.broken {
            Some(Stop::Bug(broken)) => return Err(Stop::Bug(broken)),
            Some(Stop::Say(why)) => return Err(bug(why)),
            None => {}
        }
        match (self.left, self.items.is_empty()) {
            (0, _) => {}
            (left, true) => {
                cx.msg(format!("{AT_ONCE} at one time are the most; {left} more were not tried."))
            }
            (left, false) => {
                cx.msg(format!("{AT_ONCE} at one time are the most. Do it again for the rest ({left})."))
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn a_number_stands_before_a_name() {
        assert_eq!(numbered("2 red roses"), Some((2, "red roses")));
        for none in ["rose", "0 roses", "-1 roses", "2", "two roses"] {
            assert_eq!(numbered(none), None, "{none}");
        }
    }
}
