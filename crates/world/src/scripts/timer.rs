//! A script's timer: started, paused, stopped, and what is done when it is due.

use std::time::Duration;

use meadow_link::Time;

use super::{ScriptId, ScriptState, ScriptTypeclass};
use crate::{
    Result, World, bug, logged,
    timing::{FAILURES_LIMIT, SHORTEST_INTERVAL, Timer, next_time},
};

/// All of these do nothing for a script that is no more.
impl World {
    /// Starts a script's timer from the beginning, whatever it did before (Evennia's `restart`, and `start` of a
    /// script that is stopped).
    pub fn restart_script(&mut self, id: ScriptId) {
        let now = self.now;
        let Some(script) = self.script_mut(id) else { return };
        script.done = 0;
        let delay = if script.start_delay { script.interval.max(SHORTEST_INTERVAL) } else { Duration::ZERO };
        let due = (!script.interval.is_zero()).then(|| now + delay);
        self.timing.script_failures.remove(&id);
        self.run_script(id, due);
    }

    /// Pauses a script's timer; what is left until its next repetition is kept. One that does not run stays as it is.
    pub fn pause_script(&mut self, id: ScriptId) {
        let now = self.now;
        let Some(script) = self.script(id).filter(|script| script.state == ScriptState::Running) else {
            return;
        };
        let left = script.time_until_next_repeat(now);
        self.set_timer(id, ScriptState::Paused, None);
        if let Some(script) = self.script_mut(id) {
            script.left = left.map(|left| u64::try_from(left.as_micros()).unwrap_or(u64::MAX));
        }
        self.script_hook(id, "at_pause", |kind, world| kind.at_pause(world, id));
    }

    /// Lets a paused script go on with what was left. One that is not paused stays as it is.
    pub fn unpause_script(&mut self, id: ScriptId) {
        let now = self.now;
        let Some(script) = self.script(id).filter(|script| script.state == ScriptState::Paused) else {
            return;
        };
        let due = script.left.map(|left| now + Duration::from_micros(left));
        self.run_script(id, due);
    }

    /// Stops a script's timer; the script stays, and can be started again. One that is stopped stays as it is.
    pub fn stop_script(&mut self, id: ScriptId) {
        if self.script(id).is_none_or(|script| script.state == ScriptState::Stopped) {
            return;
        }
        self.set_timer(id, ScriptState::Stopped, None);
        self.script_hook(id, "at_stop", |kind, world| kind.at_stop(world, id));
    }

    /// Has a script repeat now; the next repetition comes one interval later. It counts as one of its repetitions.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use meadow_world::{NewScript, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// let interval = Some(Duration::from_secs(3600));
    /// let new = NewScript { key: "tide", interval, start_delay: Some(true), ..NewScript::default() };
    /// let tide = world.start_script(new)?;
    /// world.force_repeat(tide)?;
    /// assert_eq!(world.script(tide).map(|script| script.repeated()), Some(1));
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    ///
    /// # Errors
    /// It does not run, has no interval, or its typeclass is unknown: a bug of whoever asked.
    pub fn force_repeat(&mut self, id: ScriptId) -> Result {
        let running = self.script(id).is_some_and(|script| script.due.is_some());
        if !running || self.script_kind(id).is_none() {
            return Err(bug(format!("the script {} has no timer that runs", self.script_name(id))));
        }
        self.repeat_script(id, self.now);
        Ok(())
    }

    /// A script's time has come.
    pub(crate) fn script_due(&mut self, id: ScriptId, at: Time) {
        if self.script(id).is_some_and(|script| script.due == Some(at)) {
            self.repeat_script(id, at);
        }
    }

    /// Does one repetition; `at` is when it was due.
    fn repeat_script(&mut self, id: ScriptId, at: Time) {
        if !self.script_is_valid(id) {
            return self.stop_script(id);
        }
        let now = self.now;
        let Some(script) = self.script_mut(id) else { return };
        script.done = script.done.saturating_add(1);
        let ends = script.repeats > 0 && script.done >= script.repeats;
        let next = (!ends && !script.interval.is_zero()).then(|| next_time(at, script.interval, now));
        // Before the hook, which may pause, stop or restart it.
        self.set_timer(id, ScriptState::Running, next);
        let worked = self.call_at_repeat(id);
        let is_last = self.script(id).is_some_and(|script| {
            script.state == ScriptState::Running
                && script.due.is_none()
                && script.remaining_repeats() == Some(0)
        });
        if is_last {
            self.stop_script(id);
        } else if !worked {
            self.count_failure(id);
        } else {
            self.timing.script_failures.remove(&id);
        }
    }

    fn call_at_repeat(&mut self, id: ScriptId) -> bool {
        let Some(kind) = self.script_kind(id) else { return true };
        let what = format!("at_repeat of the script {}", self.script_name(id));
        let ended = self.guarded(&what, |world| kind.at_repeat(world, id));
        let worked = ended.is_some_and(|ended| logged(&what, ended).is_some());
        self.last_command = what;
        worked
    }

    fn count_failure(&mut self, id: ScriptId) {
        let failures = self.timing.script_failures.entry(id).or_default();
        *failures += 1;
        if *failures >= FAILURES_LIMIT {
            tracing::error!(
                "the script {} has failed {FAILURES_LIMIT} times in a row: it is stopped",
                self.script_name(id)
            );
            self.timing.script_failures.remove(&id);
            self.stop_script(id);
        }
    }

    fn run_script(&mut self, id: ScriptId, due: Option<Time>) {
        self.set_timer(id, ScriptState::Running, due);
        if !self.script_is_valid(id) {
            return self.stop_script(id);
        }
        self.script_hook(id, "at_start", |kind, world| kind.at_start(world, id));
    }

    /// A hook that breaks says nothing, and that is no reason to stop.
    fn script_is_valid(&mut self, id: ScriptId) -> bool {
        let Some(kind) = self.script_kind(id) else { return true };
        self.guarded("is_valid of a script", |world| kind.is_valid(world, id)).unwrap_or(true)
    }

    fn set_timer(&mut self, id: ScriptId, state: ScriptState, due: Option<Time>) {
        let known = self.script_kind(id).is_some();
        let Some(script) = self.script_mut(id) else { return };
        script.state = state;
        script.left = None;
        let before = std::mem::replace(&mut script.due, due);
        if let Some(before) = before {
            self.timing.remove(before, Timer::Script(id));
        }
        if let Some(due) = due.filter(|_| known) {
            self.timing.add(due, Timer::Script(id));
        }
    }

    fn script_hook(
        &mut self,
        id: ScriptId,
        hook: &str,
        call: impl FnOnce(&'static dyn ScriptTypeclass, &mut World),
    ) {
        let Some(kind) = self.script_kind(id) else { return };
        let what = format!("{hook} of the script {}", self.script_name(id));
        self.guarded(&what, |world| call(kind, world));
    }
}
