//! `restart`: the whole game is exchanged, its Portal included, for the program that was called.

use std::{process::ExitCode, time::Instant};

use anyhow::{Context as _, bail};

use super::{
    Launcher,
    background::{Down, Parting},
    build::Build,
    build_program,
    portal::{Ground, this_program},
    say,
};

impl Launcher {
    pub(super) fn restart(&self, build: Build) -> anyhow::Result<ExitCode> {
        // Asked before it is built: afterwards another file is in its place.
        let program = this_program()?;
        if self.running()?.status()?.is_in_foreground() {
            bail!(
                "{} runs in the foreground, and can be started again only where it was started: stop it with \
                 `{} --keep-sessions`, and start it there",
                self.game.name,
                self.hint("stop")
            );
        }
        if build_program(build, &program)? {
            // It may have stopped meanwhile.
            self.running()?.status()?;
        }
        // What speaks against a start is said while the old game still runs.
        let config = self.prepare()?;
        self.portal_config(&config, Ground::Background)?;
        let began = Instant::now();
        if let Down::Killed(limit) = self.bring_down(Parting::Return)? {
            let seconds = limit.as_secs();
            say(format_args!(
                "The old game did not stop within {seconds} s and was killed; its sessions are lost."
            ));
        }
        self.start_portal(&config, &program).with_context(|| {
            format!(
                "the old game has stopped, and the new one does not start; `{}` tries again, and browsers whose \
                 sessions are held ({} s from the stop) come back to them then",
                self.hint("start"),
                config.web.resume_seconds
            )
        })?;
        say(format_args!("Restarted: nobody could play for {:.1} s.", began.elapsed().as_secs_f32()));
        Ok(ExitCode::SUCCESS)
    }
}
