//! Batches: parts of the world, written as commands in a text (Evennia's batch-command processor, files `.ev`).
//!
//! A line that begins with `#` is a comment, and ends the command before it. A command may be several lines long.
//! `#INSERT name` stands for another batch. The texts are registered by the game, or read by a job from the folder
//! `batch`; the command handler runs what stands in them, a few commands a step.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use meadow_link::SessionId;

use crate::{
    Job, JobId, JobResult, NewObject, Result, ServerSession, Stop, World, WorldBuilder, bug, bugs::log_bug,
    cmdhandler, say, text::escape,
};

/// Most commands of a batch, with all that it inserts.
const COMMAND_LIMIT: usize = 10_000;
/// Most texts that one batch is put together of.
const INSERT_LIMIT: usize = 100;
/// Most commands that are run in one step: everybody waits meanwhile.
const COMMANDS_A_STEP: usize = 3;
/// Most characters of the name of a batch.
const NAME_LIMIT: usize = 64;

/// One command of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BatchCommand {
    /// Where it stands: `meadow.ev:12`.
    pub(crate) place: String,
    /// What it is, in one line or several.
    pub(crate) text: String,
}

/// How far a session has come with a batch.
#[derive(Debug, Clone)]
pub(crate) struct BatchRun {
    pub(crate) name: String,
    pub(crate) commands: Arc<[BatchCommand]>,
    /// The command that is next.
    pub(crate) at: usize,
    /// What it is doing by itself; nothing while it waits for its player.
    pub(crate) running: Option<Running>,
}

/// Commands that are run one after the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Running {
    /// Tells this from what was begun, and ended, before.
    token: JobId,
    until: usize,
    then: Then,
}

/// What is done when the last of them has been run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Leave,
    Wait,
    Look,
}

/// Whether this can be the name of a batch: letters, digits, `-` and `_`, and so no path.
pub(crate) fn is_name(name: &str) -> bool {
    let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    letters && (1..=NAME_LIMIT).contains(&name.len())
}

impl WorldBuilder {
    /// Registers a batch: commands that build a part of the world, for `@batchcommands` and
    /// [`World::run_batch`]. It goes before a file of the same name in the folder `batch`.
    ///
    /// ```
    /// # use meadow_world::{Snapshot, WorldBuilder};
    /// # fn main() -> Result<(), String> {
    /// let mut world = WorldBuilder::new("A Game");
    /// // A game would say include_str!("meadow.ev").
    /// world.batch("meadow", "# The first room.\n@dig/teleport Meadow\n#\n@desc Grass, as far\nas one sees.");
    /// world.at_initial_setup(|world| {
    ///     world.run_batch("meadow")?;
    ///     let room = world.objects_named("Meadow")[0];
    ///     world.set_start_location(room);
    ///     Ok(())
    /// });
    /// let world = world.load(Snapshot::default(), Default::default())?;
    /// let room = world.start_location().expect("the batch made it");
    /// assert_eq!(world[room].desc(), Some("Grass, as far\nas one sees."));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// The name is not made of letters, digits, `-` and `_`: a mistake that shows at the first start.
    pub fn batch(&mut self, name: &'static str, text: &'static str) -> &mut Self {
        assert!(is_name(name), "{name:?} can't be the name of a batch");
        self.game.batches.insert(name, text);
        self
    }
}

/// Batches.
impl World {
    /// Builds by a batch that the game has registered, as a superuser and all at once: for `at_initial_setup`. Whoever
    /// does the work has a body for the time, which begins where new characters do, if there is such a place.
    ///
    /// # Errors
    /// There is no batch of this name, it is badly written, or one of its commands failed; says where.
    pub fn run_batch(&mut self, name: &str) -> Result {
        let commands = match put_together(self, &BTreeMap::new(), name) {
            Ok(commands) => commands,
            Err(Problem::Wrong(why)) => return Err(bug(why)),
            Err(Problem::Missing(missing)) => return Err(bug(format!("there is no batch {missing}"))),
        };
        let location = self.start_location();
        let body = self.create(NewObject { key: "the builder", location, ..NewObject::default() })?;
        let before = self.superuser_body.replace(body);
        let mut ended = Ok(());
        for command in commands {
            if !self.exists(body) {
                ended = Err(bug(format!("{name}: a command destroyed the body that runs them")));
                break;
            }
            if let Err(why) = cmdhandler::execute_for(self, None, body, &command.text) {
                ended = Err(bug(format!("{}: {}: {why}", command.place, first_line(&command.text))));
                break;
            }
        }
        self.superuser_body = before;
        if self.exists(body) {
            self.destroy(body)?;
        }
        ended
    }
}

/// Has a batch read for a session, and hands over its commands, or says why not.
pub(crate) fn load(
    world: &mut World,
    session: SessionId,
    name: String,
    then: impl FnOnce(&mut World, std::result::Result<Vec<BatchCommand>, String>) + 'static,
) {
    load_more(world, session, name, BTreeMap::new(), Box::new(then));
}

type Loaded = Box<dyn FnOnce(&mut World, std::result::Result<Vec<BatchCommand>, String>)>;

/// One text that is missing after the other is read.
fn load_more(
    world: &mut World,
    session: SessionId,
    name: String,
    mut read: BTreeMap<String, String>,
    then: Loaded,
) {
    let missing = match put_together(world, &read, &name) {
        Ok(commands) => return then(world, Ok(commands)),
        Err(Problem::Wrong(why)) => return then(world, Err(why)),
        Err(Problem::Missing(missing)) => missing,
    };
    let job = Job::ReadBatch { name: missing.clone() };
    world.job_of(session, job, move |world, result| match result {
        JobResult::Batch(text) => {
            read.insert(missing, text);
            load_more(world, session, name, read, then);
        }
        JobResult::Failed(why) => then(world, Err(why)),
        other => then(world, Err(format!("the batch {missing} could not be read: {other:?}"))),
    });
}

/// Why a batch can't be put together.
enum Problem {
    /// A text has not been read yet.
    Missing(String),
    /// A sentence.
    Wrong(String),
}

/// All commands of a batch, with those that it inserts, of the texts that are registered or read.
fn put_together(
    world: &World,
    read: &BTreeMap<String, String>,
    name: &str,
) -> std::result::Result<Vec<BatchCommand>, Problem> {
    let mut all = Assembly { world, read, commands: Vec::new(), texts: 0, open: Vec::new() };
    all.insert(name)?;
    Ok(all.commands)
}

struct Assembly<'a> {
    world: &'a World,
    read: &'a BTreeMap<String, String>,
    commands: Vec<BatchCommand>,
    texts: usize,
    /// The batches that are being inserted into each other.
    open: Vec<String>,
}

impl Assembly<'_> {
    fn insert(&mut self, name: &str) -> std::result::Result<(), Problem> {
        if !is_name(name) {
            return Err(Problem::Wrong(format!("{name:?} can't be the name of a batch")));
        }
        if self.open.iter().any(|open| open == name) {
            return Err(Problem::Wrong(format!("the batch {name} inserts itself")));
        }
        self.texts += 1;
        if self.texts > INSERT_LIMIT {
            return Err(Problem::Wrong(format!("a batch is made of {INSERT_LIMIT} texts at most")));
        }
        let text = match (self.world.game.batches.get(name), self.read.get(name)) {
            (Some(text), _) => *text,
            (None, Some(text)) => text.as_str(),
            (None, None) => return Err(Problem::Missing(name.to_owned())),
        };
        self.open.push(name.to_owned());
        for piece in pieces(text) {
            match piece {
                Piece::Command { line, text } => {
                    if self.commands.len() == COMMAND_LIMIT {
                        let why = format!("{name}.ev:{line}: a batch has at most {COMMAND_LIMIT} commands");
                        return Err(Problem::Wrong(why));
                    }
                    self.commands.push(BatchCommand { place: format!("{name}.ev:{line}"), text });
                }
                Piece::Insert { line, name: inserted } => {
                    self.insert(&inserted).map_err(|problem| match problem {
                        Problem::Wrong(why) => Problem::Wrong(format!("{name}.ev:{line}: {why}")),
                        missing => missing,
                    })?;
                }
            }
        }
        self.open.pop();
        Ok(())
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Command { line: usize, text: String },
    Insert { line: usize, name: String },
}

/// Reads a text, as Evennia reads it: line ends within a command stay.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut open: Option<(usize, Vec<&str>)> = None;
    let close = |open: &mut Option<(usize, Vec<&str>)>| {
        open.take().map(|(line, lines)| Piece::Command { line, text: lines.join("\n").trim().to_owned() })
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (at, line) in text.lines().enumerate() {
        let number = at + 1;
        if let Some(comment) = line.strip_prefix('#') {
            pieces.extend(close(&mut open));
            if let Some(name) = comment.strip_prefix("INSERT").filter(|name| name.starts_with([' ', '\t'])) {
                let name = name.trim();
                let name = name.strip_suffix(".ev").unwrap_or(name).to_owned();
                pieces.push(Piece::Insert { line: number, name });
            }
            continue;
        }
        match &mut open {
            Some((_, lines)) => lines.push(line),
            None if line.trim().is_empty() => {}
            None => open = Some((number, vec![line])),
        }
    }
    pieces.extend(close(&mut open));
    pieces
}

/// Has a session run the next commands of its batch by themselves, up to a place in it.
pub(crate) fn run_until(world: &mut World, session: SessionId, until: usize, then: Then) {
    let token = world.next_job_id();
    if let Some(run) = world.session_mut(session).and_then(|session| session.batch.as_mut()) {
        run.running = Some(Running { token, until: until.min(run.commands.len()), then });
        world.after(Duration::ZERO, move |world| step(world, session, token));
    }
}

/// Runs a few commands. What fails ends it: those that follow might be done in the wrong place.
fn step(world: &mut World, session: SessionId, token: JobId) {
    for _ in 0..COMMANDS_A_STEP {
        let Some(run) = world.session(session).and_then(|session| session.batch.as_ref()) else { return };
        let Some(running) = run.running.filter(|running| running.token == token) else { return };
        if run.at >= running.until {
            return finish(world, session, running.then);
        }
        if let Err(why) = run_one(world, session) {
            world.msg(session, why);
            let Some(run) = world.session_mut(session).and_then(|session| session.batch.as_mut()) else {
                return;
            };
            run.running = None;
            world.msg(
                session,
                "|rThe batch stops here.|n It waits for you now: |whh|n says how to go on, |wabort|n ends it.",
            );
            return;
        }
    }
    world.after(Duration::ZERO, move |world| step(world, session, token));
}

/// Runs the command that is next, and goes on to the one behind it if it did not fail.
///
/// # Errors
/// Where and why it failed, as markup.
pub(crate) fn run_one(world: &mut World, session: SessionId) -> std::result::Result<(), String> {
    let Some((run, account, body)) = world
        .session(session)
        .and_then(|session| Some((session.batch.clone()?, session.account()?, session.puppet())))
    else {
        return Ok(());
    };
    let Some(command) = run.commands.get(run.at) else {
        return Err("That was the last command of the batch.".to_owned());
    };
    world.msg(session, title(&run));
    let Some(body) = body else {
        return Err(format!("|r{}:|n you have no body to do it with.", command.place));
    };
    match cmdhandler::execute_for(world, Some(account), body, &command.text) {
        Ok(()) => {}
        Err(Stop::Say(why)) => return Err(format!("|r{}:|n {why}", command.place)),
        Err(Stop::Bug(bug)) => {
            log_bug(&command.place, world.doer(session), &bug);
            return Err(format!("|r{}:|n {}", command.place, cmdhandler::BROKEN));
        }
    }
    // The command may have ended all this.
    if let Some(run) = world.session_mut(session).and_then(|session| session.batch.as_mut()) {
        run.at += 1;
    }
    Ok(())
}

fn finish(world: &mut World, session: SessionId, then: Then) {
    let Some(from) = world.session_mut(session) else { return };
    let Some(run) = from.batch.as_mut() else { return };
    run.running = None;
    let told = match then {
        Then::Leave => {
            let told = format!("|gThe batch {} is done.|n", run.name);
            from.batch = None;
            told
        }
        Then::Look => look(run),
        Then::Wait => title(run),
    };
    world.msg(session, told);
}

/// Which command is next, in one line: `2/10 meadow.ev:7: @dig Meadow`.
pub(crate) fn title(run: &BatchRun) -> String {
    let all = run.commands.len();
    match run.commands.get(run.at) {
        Some(command) => {
            let first = first_line(&command.text);
            let more = if command.text.contains('\n') { " ..." } else { "" };
            format!("|g{}/{all} {}:|n {}{more}", run.at + 1, command.place, escape(first))
        }
        None => format!("|g{all}/{all}: the batch {} is at its end.|n", run.name),
    }
}

/// The command that is next, whole.
pub(crate) fn look(run: &BatchRun) -> String {
    match run.commands.get(run.at) {
        Some(command) => {
            let all = run.commands.len();
            format!("|g{}/{all} {}:|n\n{}", run.at + 1, command.place, escape(&command.text))
        }
        None => title(run),
    }
}

/// The batch of a session.
///
/// # Errors
/// Says that there is none.
pub(crate) fn of_session(world: &mut World, session: SessionId) -> Result<&mut BatchRun> {
    let run = world.session_mut(session).and_then(|session: &mut ServerSession| session.batch.as_mut());
    run.ok_or_else(|| say("You are going through no batch."))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Snapshot, WorldBuilder};

    fn command(line: usize, text: &str) -> Piece {
        Piece::Command { line, text: text.to_owned() }
    }

    fn world(batches: &[(&'static str, &'static str)]) -> World {
        let mut builder = WorldBuilder::new("Test");
        for (name, text) in batches {
            builder.batch(name, text);
        }
        builder.load(Snapshot::default(), Default::default()).expect("it has no setup")
    }

    fn wrong(world: &World, name: &str) -> String {
        match put_together(world, &BTreeMap::new(), name) {
            Err(Problem::Wrong(why)) => why,
            Err(Problem::Missing(name)) => format!("{name} is missing"),
            Ok(commands) => format!("{} commands", commands.len()),
        }
    }

    #[test]
    fn comments_end_commands() {
        let text = "\u{feff}# Title\n\n@dig A\n#\n@desc One\r\n\r\n  two\n# more\n#INSERT other.ev\n#INSERTED\nlook\n\n";
        let insert = Piece::Insert { line: 9, name: "other".into() };
        assert_eq!(
            pieces(text),
            [command(3, "@dig A"), command(5, "@desc One\n\n  two"), insert, command(11, "look")]
        );
    }

    #[test]
    fn inserted_commands_know_where_they_stand() {
        let world = world(&[("a", "one\n#INSERT b\ntwo"), ("b", "#\nthree")]);
        let commands = put_together(&world, &BTreeMap::new(), "a").ok().expect("both are there");
        let places: Vec<(&str, &str)> =
            commands.iter().map(|command| (command.place.as_str(), command.text.as_str())).collect();
        assert_eq!(places, [("a.ev:1", "one"), ("b.ev:2", "three"), ("a.ev:3", "two")]);
    }

    #[test]
    fn what_cannot_be_put_together_is_named_with_its_line() {
        let world =
            world(&[("a", "#\n#INSERT b"), ("b", "#INSERT a"), ("c", "#INSERT ../c"), ("d", "#INSERT e")]);
        assert_eq!(wrong(&world, "a"), "a.ev:2: b.ev:1: the batch a inserts itself");
        assert_eq!(wrong(&world, "c"), "c.ev:1: \"../c\" can't be the name of a batch");
        assert_eq!(wrong(&world, "d"), "e is missing");
    }

    #[test]
    fn texts_at_their_limit_and_one_past() {
        let read = |count: usize| {
            BTreeMap::from([("a".to_owned(), "#INSERT b\n".repeat(count)), ("b".to_owned(), String::new())])
        };
        let world = world(&[]);
        assert!(put_together(&world, &read(INSERT_LIMIT - 1), "a").is_ok());
        assert!(put_together(&world, &read(INSERT_LIMIT), "a").is_err());
    }

    #[test]
    fn commands_at_their_limit_and_one_past() {
        let read = |count: usize| BTreeMap::from([("a".to_owned(), "look\n#\n".repeat(count))]);
        let world = world(&[]);
        assert!(put_together(&world, &read(COMMAND_LIMIT), "a").is_ok());
        assert!(put_together(&world, &read(COMMAND_LIMIT + 1), "a").is_err());
    }

    #[test]
    fn names_are_no_paths() {
        assert!(is_name("meadow-2_b") && is_name(&"x".repeat(NAME_LIMIT)));
        for wrong in ["", "a/b", "..", "a.ev", "a b", "\u{e9}", &"x".repeat(NAME_LIMIT + 1)] {
            assert!(!is_name(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_batch_of_the_game_passes_every_lock_and_leaves_nobody_behind() {
        let mut world = world(&[
            ("a", "@dig/teleport Hall = out\n"),
            ("b", "@dig/teleport Hall\n#\n@create rose\n#\n@set rose/x = 1"),
        ]);
        let why = world.run_batch("a").expect_err("it is nowhere").to_string();
        assert!(why.starts_with("a.ev:1: @dig/teleport Hall = out: You are nowhere"), "{why}");
        world.run_batch("b").expect("all of it can be done");
        let names: Vec<&str> = world.objects().map(|object| object.key()).collect();
        assert_eq!(names, ["Hall", "rose"]);
        assert!(world.run_batch("c").is_err());
    }
}
