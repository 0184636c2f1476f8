//! What is known of something that broke. [`Stop::Bug`](crate::Stop) holds it; whoever catches it (the command handler,
//! [`World::guarded`], whatever calls hooks) hands it to [`log_bug`], which writes one entry of the log: for whom,
//! what was done, what broke, and how it came there.

use std::{any::Any, backtrace::Backtrace, error::Error, fmt, fmt::Write as _};

use meadow_link::SessionId;

use crate::{AccountId, World};

/// Most frames of a backtrace that are logged.
const FRAMES: usize = 24;

/// An error that no player is to read, with the calls that led to it.
///
/// ```
/// use meadow_world::{Stop, bug};
/// let Stop::Bug(broken) = bug("the door leads nowhere") else { panic!("it is one") };
/// assert_eq!(broken.error().to_string(), "the door leads nowhere");
/// ```
pub struct Bug {
    error: Box<dyn Error + Send + Sync>,
    backtrace: Backtrace,
}

impl Bug {
    /// One that broke here.
    pub(crate) fn here(error: Box<dyn Error + Send + Sync>) -> Bug {
        // Bugs are rare, and what is captured is names of frames only when it is written.
        Bug { error, backtrace: Backtrace::force_capture() }
    }

    /// What broke.
    pub fn error(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.error
    }

    /// The calls that led to it.
    pub fn backtrace(&self) -> &Backtrace {
        &self.backtrace
    }
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

impl fmt::Debug for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.error, f)
    }
}

/// What a panic hook saw of a panic. The world catches panics, but only the process's hook is there when they happen.
#[derive(Debug)]
pub struct PanicReport {
    /// File, line and column.
    pub location: String,
    /// The calls that led to it.
    pub backtrace: Backtrace,
}

/// Gives away what was seen of the panic that this thread has caught last, once.
pub type PanicReports = fn() -> Option<PanicReport>;

/// For whom something was done.
pub(crate) type Doer = (Option<SessionId>, Option<AccountId>);

/// Writes a bug to the log. `what` says what was done: "the command get (\"rose\")".
pub(crate) fn log_bug(what: impl fmt::Display, (session, account): Doer, bug: &Bug) {
    let (session, account) = (session.map(|id| id.0), account.map(|id| id.0));
    let trace = own_frames(&bug.backtrace.to_string());
    let backtrace = (!trace.is_empty()).then(|| tracing::field::display(trace));
    tracing::error!(session, account, backtrace, "{what} failed: {bug}");
}

impl World {
    /// Runs a piece of the game; a panic in it is logged and costs nobody else anything.
    pub(crate) fn guarded<R>(&mut self, what: &str, action: impl FnOnce(&mut World) -> R) -> Option<R> {
        let nesting = self.nesting;
        // The world may be left half-changed by a panic; that is the lesser evil against losing everybody.
        match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| action(self))) {
            Ok(result) => Some(result),
            Err(panic) => {
                self.nesting = nesting;
                log_bug(what, (None, None), &self.caught(&*panic));
                None
            }
        }
    }

    /// A panic that was caught, as the bug that it is.
    pub(crate) fn caught(&self, panic: &(dyn Any + Send)) -> Bug {
        let said = panic_text(panic);
        match (self.game.panic_reports)() {
            Some(PanicReport { location, backtrace }) => {
                Bug { error: format!("it panicked at {location}: {said}").into(), backtrace }
            }
            None => Bug { error: format!("it panicked: {said}").into(), backtrace: Backtrace::disabled() },
        }
    }

    /// A session with the account that it is logged in to.
    pub(crate) fn doer(&self, session: SessionId) -> Doer {
        (Some(session), self.session(session).and_then(|session| session.account()))
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(it said nothing)")
}

/// The frames of a backtrace that somebody who looks for the bug wants to see: no frames of Rust's own libraries, none
/// of how a bug is made, and none beyond what catches panics, which is the same for every step.
fn own_frames(trace: &str) -> String {
    let mut frames: Vec<(&str, &str)> = Vec::new();
    for line in trace.lines().map(str::trim) {
        match (line.strip_prefix("at "), line.split_once(": "), frames.last_mut()) {
            (Some(place), _, Some((_, at))) => *at = place,
            (None, Some((_, name)), _) => frames.push((name, "")),
            _ => {}
        }
    }
    // A panic's own frames are among the first; what catches it comes after frames that are shown.
    let own = frames.iter().position(|frame| !is_foreign(frame)).unwrap_or(frames.len());
    let mut shown = String::new();
    let within = frames.iter().skip(own).take_while(|(name, _)| !is_catch(name));
    for (name, at) in within.filter(|frame| !is_foreign(frame)).take(FRAMES) {
        let _ = match *at {
            "" => write!(shown, "\n    in {name}"),
            at => write!(shown, "\n    in {name} ({at})"),
        };
    }
    shown
}

fn is_catch(name: &str) -> bool {
    name.starts_with("std::panicking::") || name.starts_with("std::panic::") || name == "__rust_try"
}

fn is_foreign((name, at): &(&str, &str)) -> bool {
    const LIBRARIES: [&str; 5] = ["std::", "core::", "alloc::", "rust_", "__rust"];
    const MAKERS: [&str; 4] =
        ["meadow_world::bugs::", "meadow_world::stop::", "meadow::logging::", "meadow_server::panics::"];
    const FILES: [&str; 2] = ["world/src/bugs.rs", "world/src/stop.rs"];
    let plain = name.trim_start_matches(['<', '&']);
    LIBRARIES.iter().chain(&MAKERS).any(|prefix| plain.starts_with(prefix))
        // What is inlined has no path, but a place.
        || at.starts_with("/rustc/")
        || FILES.iter().any(|file| at.contains(file))
        // Closures that a library calls.
        || name.contains("core::ops::function::FnOnce")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_frames_that_matter_are_shown() {
        let trace = "\
   0: std::backtrace_rs::backtrace::libunwind::trace
             at /rustc/0/library/std/src/backtrace.rs:1:1
   1: <std::backtrace::Backtrace>::force_capture
   2: meadow_world::bugs::Bug::here
             at ./crates/world/src/bugs.rs:9:9
   3: from<core::num::error::ParseIntError>
             at /src/meadow/crates/world/src/stop.rs:49:19
   4: tide::typeclasses::bell::Bell::ring
             at ./src/typeclasses/bell.rs:31:9
   5: <tide::commands::ring::CmdRing as meadow_world::command::Command>::func
             at ./src/commands/ring.rs:28:21
   6: meadow_world::cmdhandler::watched::{{closure}}
   7: std::panicking::catch_unwind::do_call
   8: __rust_try
   9: meadow_world::cmdhandler::watched
";
        let want = "
    in tide::typeclasses::bell::Bell::ring (./src/typeclasses/bell.rs:31:9)
    in <tide::commands::ring::CmdRing as meadow_world::command::Command>::func (./src/commands/ring.rs:28:21)
    in meadow_world::cmdhandler::watched::{{closure}}";
        assert_eq!(own_frames(trace), want);
        assert_eq!(own_frames("disabled backtrace"), "");
    }

    #[test]
    fn a_trace_at_its_limit_and_one_past() {
        let trace = |frames: usize| (0..frames).map(|n| format!("{n}: a::b\n")).collect::<String>();
        assert_eq!(own_frames(&trace(FRAMES)).lines().count(), FRAMES + 1);
        assert_eq!(own_frames(&trace(FRAMES + 1)).lines().count(), FRAMES + 1);
    }
}
