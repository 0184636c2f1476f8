//! The command handler: gathers the cmdsets that are in force for a session, finds what a line means among them,
//! and runs it.

use std::{
    borrow::Cow,
    fmt::{Arguments, Write as _},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use meadow_link::SessionId;

use crate::{
    AccountId, Cmd, Commands, Cx, Object, ObjectId, Result, Stop, World,
    bugs::log_bug,
    cmdparser::{self, Match},
    cmdset::{CMD_NOINPUT, CMD_NOMATCH, CmdKey, CmdSet, MergeCache, MergedSet},
    conversation,
    default::commands::{ExitCommand, comms},
    locks::Accessor,
    nicks::NickKind,
    say, text,
};

/// Merges that were made before.
pub(crate) type Merged = MergeCache<Cmd>;

/// What a player is told of a bug.
pub(crate) const BROKEN: &str = "Something broke. The staff of this game can read about it in the log.";
/// Priority of the commands that exits are (as in Evennia).
const EXIT_PRIORITY: i32 = 101;
/// How many commands may bring each other about, one within the other (as in Evennia). Without it `force me = force me ..`
/// or a nick that leads to itself would end the Server.
const NESTING_LIMIT: usize = 10;

/// Does what a line says, in the name of a session.
pub(crate) fn execute(world: &mut World, session: SessionId, typed: &str) -> Result {
    let raw = one_line(typed);
    let line = cmdparser::strip(&raw);
    let now = world.now();
    // A panic may have kept it from being counted down.
    world.nesting = 0;
    let Some(from) = world.session_mut(session) else { return Ok(()) };
    if line == "idle" {
        // Only keeps the connection awake (Evennia's IDLE_COMMAND).
        return Ok(());
    }
    from.cmd_last_visible = now;
    from.cmd_total += 1;
    if conversation::offer(world, session, typed) {
        return Ok(());
    }
    let Some(from) = world.session(session) else { return Ok(()) };
    let (account, puppet) = (from.account, from.puppet);

    let merged = merged_set(world, account.is_some(), puppet);
    let who = Accessor { account, object: puppet };
    let line = nicked(world, who, line);
    perform(world, &merged, Actor { session: Some(session), account, puppet }, cmdparser::strip(&line))
}

/// Whether a line is something that its session can do, or a name that several have.
pub(crate) fn is_command(world: &mut World, session: SessionId, line: &str) -> bool {
    let Some(from) = world.session(session) else { return false };
    let (account, puppet) = (from.account, from.puppet);
    let who = Accessor { account, object: puppet };
    let merged = merged_set(world, account.is_some(), puppet);
    let line = nicked(world, who, line).into_owned();
    let line = cmdparser::strip(&line);
    !cmdparser::parse(&merged, line, |cmd| world.may_use(cmd, account, puppet)).is_empty()
        || comms::channel_of_line(world, who, line).is_some()
}

/// What a line stands for. The command that takes nicks away again can't be hidden by one.
fn nicked<'l>(world: &World, who: Accessor, line: &'l str) -> Cow<'l, str> {
    let command = line.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
    if ["nick", "nicks", "nickname"].iter().any(|name| command.eq_ignore_ascii_case(name)) {
        return Cow::Borrowed(line);
    }
    world.nick_replace(who, &[NickKind::Inputline], line)
}

/// In whose name a line is done.
#[derive(Clone, Copy)]
struct Actor {
    session: Option<SessionId>,
    account: Option<AccountId>,
    puppet: Option<ObjectId>,
}

/// Finds what a line means, and does it: a command; else the name of a channel, and what is said there.
fn perform(world: &mut World, merged: &MergedSet<Cmd>, actor: Actor, line: &str) -> Result {
    let Actor { account, puppet, .. } = actor;
    let matches = cmdparser::parse(merged, line, |cmd| world.may_use(cmd, account, puppet));
    let (cmd, cmdstring, rest) = match matches.as_slice() {
        _ if line.is_empty() => match merged.find(CMD_NOINPUT) {
            Some(cmd) => (cmd.clone(), String::new(), String::new()),
            None => return Ok(()),
        },
        [one] => (one.command.clone(), one.cmdname.to_owned(), one.args.trim().to_owned()),
        [] => {
            let accessor = Accessor { account, object: puppet };
            if let Some((who, channel, said)) = comms::channel_of_line(world, accessor, line) {
                let mut cx = context(world, actor, None, String::new(), line.to_owned());
                return run(&mut cx, format_args!("a channel"), false, |cx| {
                    comms::by_name(cx, who, channel, said)
                });
            }
            match merged.find(CMD_NOMATCH) {
                Some(cmd) => (cmd.clone(), String::new(), line.to_owned()),
                None => {
                    let told = no_way(world, puppet, line);
                    return Err(say(told.unwrap_or_else(|| {
                        unknown(merged, line, |cmd| world.may_use(cmd, account, puppet))
                    })));
                }
            }
        }
        several => match meant(world, several) {
            Some(one) => (one.command.clone(), one.cmdname.to_owned(), one.args.trim().to_owned()),
            None => return Err(say(ambiguous(world, line, several))),
        },
    };
    let mut cx = context(world, actor, cmd.obj(), cmdstring, rest);
    run(&mut cx, format_args!("the command {}", cmd.key()), cmd.meta().secret, |cx| cmd.run(cx))
}

fn context(world: &mut World, actor: Actor, obj: Option<ObjectId>, cmdstring: String, raw: String) -> Cx<'_> {
    let Actor { session, account, puppet } = actor;
    let args = text::escape(&raw).into_owned();
    Cx { world, session, account, puppet, obj, cmdstring, switches: Vec::new(), args, raw }
}

/// Browsers may send several lines at once. A line end in what somebody says would let them forge what the game and
/// others say.
fn one_line(typed: &str) -> Cow<'_, str> {
    if typed.contains('\n') { Cow::Owned(typed.replace('\n', " ")) } else { Cow::Borrowed(typed) }
}

/// What somebody is given who takes a line that is no command.
pub(crate) fn cx_of<'w>(world: &'w mut World, session: SessionId, typed: &str) -> Cx<'w> {
    let line = one_line(typed);
    let line = cmdparser::strip(&line).to_owned();
    let from = world.session(session);
    let (account, puppet) = (from.and_then(|from| from.account), from.and_then(|from| from.puppet));
    context(world, Actor { session: Some(session), account, puppet }, None, String::new(), line)
}

/// Runs a command, or what stands for one; what it says of itself is told, what breaks is logged with the line that
/// broke it.
pub(crate) fn run(
    cx: &mut Cx<'_>,
    name: Arguments<'_>,
    secret: bool,
    action: impl FnOnce(&mut Cx<'_>) -> Result,
) -> Result {
    match watched(cx, name, secret, action) {
        Ok(()) => Ok(()),
        Err(said) => Err(say(said.unwrap_or_else(|| BROKEN.to_owned()))),
    }
}

/// As [`run`]; what breaks is an error without words.
pub(crate) fn watched<T>(
    cx: &mut Cx<'_>,
    name: Arguments<'_>,
    secret: bool,
    action: impl FnOnce(&mut Cx<'_>) -> Result<T>,
) -> std::result::Result<T, Option<String>> {
    // As it was before the command took it apart, and before it had others done.
    let line = if secret { "***".to_owned() } else { cx.raw.clone() };
    let last = &mut cx.world.last_command;
    last.clear();
    let _ = write!(last, "{name} ({line:?})");
    let ended = catch_unwind(AssertUnwindSafe(|| action(cx)));
    let bug = match ended {
        Ok(Err(Stop::Bug(bug))) => bug,
        Ok(Err(Stop::Say(said))) => return Err(Some(said)),
        Ok(Ok(done)) => return Ok(done),
        Err(panic) => cx.world.caught(&*panic),
    };
    log_bug(format_args!("{name} ({line:?})"), (cx.session, cx.account), &bug);
    Err(None)
}

/// The one set that is in force.
pub(crate) fn merged_set(
    world: &mut World,
    logged_in: bool,
    puppet: Option<ObjectId>,
) -> Arc<MergedSet<Cmd>> {
    let stack = cmdset_stack(world, logged_in, puppet);
    world.merged.merged(&stack)
}

/// The sets that it is merged of.
pub(crate) fn cmdset_stack(
    world: &mut World,
    logged_in: bool,
    puppet: Option<ObjectId>,
) -> Vec<Arc<Commands>> {
    let game = world.game.clone();
    if !logged_in {
        return vec![game.unloggedin.clone()];
    }
    let mut stack: Vec<Arc<Commands>> = vec![game.session.clone(), game.account.clone()];
    if let Some(puppet) = puppet {
        stack.push(game.character.clone());
        gather(world, puppet, &mut stack);
    }
    stack
}

/// Has a body do what a line says, in the name of an account. What is told of it is told to the body; no session typed
/// it, so nobody can be asked anything.
///
/// # Errors
/// As of [`World::execute_cmd`].
pub(crate) fn execute_for(
    world: &mut World,
    account: Option<AccountId>,
    body: ObjectId,
    raw: &str,
) -> Result {
    let depth = world.nesting;
    if depth >= NESTING_LIMIT {
        return Err(say(format!(
            "That leads from command to command: no more than {NESTING_LIMIT} may bring each other about."
        )));
    }
    world.nesting = depth + 1;
    let merged = merged_set(world, true, Some(body));
    let ended =
        perform(world, &merged, Actor { session: None, account, puppet: Some(body) }, cmdparser::strip(raw));
    world.nesting = depth;
    ended
}

/// Every command that somebody may use where they are, for `help`.
pub(crate) fn available(world: &mut World, account: Option<AccountId>, puppet: Option<ObjectId>) -> Vec<Cmd> {
    let merged = merged_set(world, account.is_some(), puppet);
    merged.set().commands().filter(|cmd| world.may_use(cmd, account, puppet)).cloned().collect()
}

/// Adds the commands of what surrounds a body: what it carries, where it is, what is there, the ways out.
fn gather(world: &mut World, puppet: ObjectId, stack: &mut Vec<Arc<Commands>>) {
    let batch = |session: &SessionId| world.session(*session).is_some_and(|session| session.batch.is_some());
    if world[puppet].sessions().iter().any(batch) {
        stack.push(world.game.batch.clone());
    }
    let room = world[puppet].location();
    let around = room.into_iter().chain([puppet]);
    let mut providers: Vec<ObjectId> = Vec::new();
    for place in around {
        providers.extend(world[place].providers.iter().filter(|id| **id != puppet));
    }
    providers.extend(room);
    for id in providers {
        if let Some(commands) = world[id].commands.clone()
            && world.access(id, puppet, "call", true)
        {
            stack.push(commands);
        }
    }
    if let Some(room) = room {
        stack.push(exits(world, room));
    }
}

/// The commands that the exits of a place are.
fn exits(world: &mut World, room: ObjectId) -> Arc<Commands> {
    if let Some(exits) = &world[room].exits {
        return exits.clone();
    }
    let mut set = CmdSet::new("ExitCmdSet").priority(EXIT_PRIORITY);
    for id in world[room].contents().to_vec() {
        let exit = &world[id];
        if exit.is_exit() {
            set.insert_beside(Cmd::named(ExitCommand, exit.key(), exit.aliases(), id));
        }
    }
    let set = Arc::new(set);
    if let Some(room) = world.object_unstored(room) {
        room.exits = Some(set.clone());
    }
    set
}

/// Ways that every player tries, in short and in full.
const WAYS: [(&str, &str); 10] = [
    ("n", "north"),
    ("ne", "northeast"),
    ("e", "east"),
    ("se", "southeast"),
    ("s", "south"),
    ("sw", "southwest"),
    ("w", "west"),
    ("nw", "northwest"),
    ("u", "up"),
    ("d", "down"),
];

/// What is said to somebody who wants to go where no exit leads: that is no unknown command to them.
fn no_way(world: &World, puppet: Option<ObjectId>, line: &str) -> Option<String> {
    let typed = line.trim().to_lowercase();
    let (_, way) = WAYS.iter().find(|(short, full)| typed == *short || typed == *full)?;
    let puppet = puppet?;
    let here = world.object(puppet)?.location()?;
    let exits = world[here].typeclass().display_exits(world, here, puppet);
    Some(format!("There is no way {way} from here.\n{exits}").trim_end().to_owned())
}

fn unknown(merged: &MergedSet<Cmd>, line: &str, may: impl Fn(&Cmd) -> bool) -> String {
    let typed = line.split_whitespace().next().unwrap_or_default().to_lowercase();
    let mut near: Vec<(usize, &str)> = merged
        .names()
        .filter(|(name, cmd)| !name.starts_with("__") && may(cmd))
        .map(|(name, _)| (distance(&typed, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        // What has no letter in common is meant by nobody.
        .filter(|(distance, name)| *distance < name.chars().count().max(typed.chars().count()))
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(3);
    let line = text::escape(line);
    match near.as_slice() {
        [] => format!("Command '{line}' is not available. Type \"help\" for help."),
        near => {
            let near: Vec<String> =
                near.iter().map(|(_, name)| format!("\"{}\"", text::escape(name))).collect();
            format!("Command '{line}' is not available. Maybe you meant {}?", near.join(" or "))
        }
    }
}

/// Whether a command is an exit, called by its name.
pub(crate) fn is_exit(world: &World, command: &Cmd) -> bool {
    command.obj().and_then(|id| world.object(id)).is_some_and(Object::is_exit)
}

/// Of commands that fit equally well, an exit goes before the others, as its priority says; but an exit takes nothing, so
/// what something follows is no exit. None where the player has to be asked, such as which of two exits.
fn meant<'m, 's, 'l>(world: &World, several: &'m [Match<'s, 'l, Cmd>]) -> Option<&'m Match<'s, 'l, Cmd>> {
    let fits = |found: &&Match<'_, '_, Cmd>| is_exit(world, found.command) == found.args.trim().is_empty();
    let mut fits = several.iter().filter(fits);
    fits.next().filter(|_| fits.next().is_none())
}

fn ambiguous(world: &World, line: &str, several: &[Match<'_, '_, Cmd>]) -> String {
    let line = text::escape(line);
    let mut told = format!("More than one match for '{line}' (please narrow target):");
    for (at, found) in several.iter().enumerate() {
        let of = found.command.obj().and_then(|id| world.object(id)).map(Object::key);
        let of = text::escape(of.unwrap_or_else(|| found.command.key()));
        told.push_str(&format!("\n {}-{} ({of})", text::escape(found.cmdname), at + 1));
    }
    told
}

/// How many letters have to be changed, added or left out to make one word of another, up to a limit.
pub(crate) fn distance(from: &str, to: &str) -> usize {
    const LONGEST: usize = 30;
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    if from.len().max(to.len()) > LONGEST {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let here = row[j + 1];
            row[j + 1] = (before + usize::from(a != b)).min(here + 1).min(row[j] + 1);
            before = here;
        }
    }
    row[to.len()]
}

/// Commands that no player typed.
impl World {
    /// Whether somebody may use a command, by its `cmd` lock.
    pub(crate) fn may_use(&self, cmd: &Cmd, account: Option<AccountId>, puppet: Option<ObjectId>) -> bool {
        self.passes(
            cmd.meta().locks,
            crate::locks::Accessor { account, object: puppet },
            "cmd",
            cmd.obj(),
            true,
        )
    }

    /// Has an object do what a line says, as its player would.
    ///
    /// ```
    /// # use meadow_world::{NewObject, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// # let room = world.create(NewObject { key: "Hall", typeclass: "default.Room", ..NewObject::default() })?;
    /// # let new = |key, typeclass| NewObject { key, typeclass, location: Some(room), ..NewObject::default() };
    /// # let (thief, _) = (world.create(new("thief", "default.Character"))?, world.create(new("coin", ""))?);
    /// world.execute_cmd(thief, "get coin")?;
    /// assert_eq!(world[thief].contents().len(), 1);
    /// assert_eq!(world.execute_cmd(thief, "get coin").unwrap_err().to_string(), "Could not find 'coin'.");
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    ///
    /// # Errors
    /// What the command said of itself; that there is no such command, or that several fit; that it is the eleventh
    /// that one within the other brings about.
    pub fn execute_cmd(&mut self, body: ObjectId, raw: &str) -> Result {
        let account = self[body].account;
        let who = Accessor { account, object: Some(body) };
        let line = nicked(self, who, cmdparser::strip(raw));
        let line = line.into_owned();
        execute_for(self, account, body, &line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_near() {
        assert_eq!(distance("lok", "look"), 1);
        assert_eq!(distance("look", "look"), 0);
        assert_eq!(distance("inventroy", "inventory"), 2);
    }
}
