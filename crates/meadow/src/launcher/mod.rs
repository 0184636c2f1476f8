//! The launcher: what a game's program does on the command line. `main` hands the [`Game`] to
//! [`launch`]; everything else is started from here, the two processes of the game included.
//!
//! A command that fails prints one sentence that says what is wrong and what to do.

mod background;
mod build;
mod cli;
mod client;
mod folder;
mod foreground;
mod new;
mod password;
mod portal;
mod restart;
mod server;
mod services;
mod sessions;
mod status;
mod telnet;
mod upkeep;

use std::{
    ffi::OsString,
    fmt::Display,
    io::{self, Write},
    path::Path,
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use clap::{CommandFactory, FromArgMatches};
use meadow_link::amp::Operation;
use meadow_portal::OwnService;

use crate::{
    Game,
    config::{Config, Settings, Sources},
    logging::{self, LogTarget},
};

use background::Parting;
use build::{Build, Built, Recipe};
use cli::{Cli, Command, Common, Database};
use client::{Client, RELOAD_WAIT};
use folder::Folder;
use new::NewGame;
use portal::this_program;

/// How long a game that was killed may take to be gone.
const DYING_WAIT: Duration = Duration::from_secs(2);

/// How often it is looked whether something has come true.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Exit code of `status` when the game does not run, as with `systemctl status`.
const EXIT_STOPPED: u8 = 3;

/// Does what the command line says. `main` returns what this returns.
pub fn launch(game: Game) -> ExitCode {
    let program = program_name();
    let cli = match parse(&game, &program) {
        Ok(cli) => cli,
        Err(usage) => {
            // Help and --version come this way too, with exit code 0.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    let prefix = match &cli.command {
        // The one who started the process quotes its last line; the Portal does not show it as well.
        Some(Command::Server(process)) if !process.background => meadow_portal::FAREWELL.to_string(),
        Some(Command::Server(_) | Command::Portal(_)) => String::new(),
        _ => format!("{program}: "),
    };
    let done = Launcher::new(game, program, cli.all_common()).and_then(|launcher| launcher.run(cli.command));
    done.unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "{prefix}{}", sentence(&error));
        ExitCode::FAILURE
    })
}

/// What every command needs: which game, in which folder, with which settings.
struct Launcher {
    game: Game,
    /// What the program is called here, for hints.
    program: String,
    folder: Folder,
    /// What the game runs besides what every game does.
    own_services: Vec<OwnService>,
    common: Common,
}

impl Launcher {
    fn new(game: Game, program: String, common: Common) -> anyhow::Result<Launcher> {
        let folder =
            Folder::new(common.dir.as_deref(), &game.name).context("cannot tell the game's folder")?;
        let own_services = services::of(&game)?;
        Ok(Launcher { game, program, folder, own_services, common })
    }

    fn run(&self, command: Option<Command>) -> anyhow::Result<ExitCode> {
        match command {
            None | Some(Command::Run(_)) => self.run_here(),
            Some(Command::Start(_)) => self.start(),
            Some(Command::Stop { keep_sessions: false, .. }) => self.stop(Parting::Goodbye),
            Some(Command::Stop { keep_sessions: true, .. }) => self.stop(Parting::Return),
            Some(Command::Reload { no_build, .. }) => self.reload(Build::unless(no_build)),
            Some(Command::Restart { no_build, .. }) => self.restart(Build::unless(no_build)),
            Some(Command::Status { json, sessions, .. }) => self.status(json, sessions),
            Some(Command::Superuser { name, password_stdin, .. }) => self.superuser(&name, password_stdin),
            Some(Command::Config(_)) => self.show_settings(),
            Some(Command::Populate { count, together, .. }) => self.populate(count, together),
            Some(Command::Db(Database::Check { fix, json, .. })) => self.check(fix, json),
            Some(Command::Backup { file, force, .. }) => self.backup(file.as_deref(), force),
            Some(Command::Restore { file, .. }) => self.restore(&file),
            Some(Command::Export { file, force, .. }) => self.export(&file, force),
            Some(Command::Import { file, replace, .. }) => self.import(&file, replace),
            Some(Command::Server(process)) => self.server(&process),
            Some(Command::New { name, at, meadow }) => {
                new::new(&NewGame { name: &name, at: at.as_deref(), meadow: meadow.as_deref() })
            }
            Some(Command::Portal(_)) => self.portal_in_background(),
        }
    }

    fn reload(&self, build: Build) -> anyhow::Result<ExitCode> {
        let mut client = self.running()?;
        if build_program(build, &this_program()?)? {
            // The game may have stopped meanwhile.
            client = self.running()?;
        }
        let reply = client.operate(Operation::Reload, Default::default(), RELOAD_WAIT)?;
        match reply.get("waited_ms").and_then(serde_json::Value::as_u64) {
            Some(waited) => say(format_args!("Reloaded: players waited {waited} ms.")),
            None => say("Reloaded."),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn show_settings(&self) -> anyhow::Result<ExitCode> {
        let settings = self.settings()?;
        // So that `config` never shows what `run` would refuse.
        settings.config()?;
        say(format_args!("# {}\n\n{}", self.folder.settings().display(), settings.render().trim_end()));
        Ok(ExitCode::SUCCESS)
    }

    fn settings(&self) -> anyhow::Result<Settings> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Ok(Settings::load(&Sources {
            game_name: self.game.name.clone(),
            services: self.own_services.clone(),
            file: self.folder.settings(),
            environment,
            overrides: self.common.overrides.clone(),
        })?)
    }

    /// The settings as types, and a folder in which the game can run.
    fn prepare(&self) -> anyhow::Result<Config> {
        let config = self.settings()?.config()?;
        self.folder.prepare(&self.game.name, &self.own_services)?;
        Ok(config)
    }

    fn start_log(&self, process: &'static str, config: &Config, target: &LogTarget) -> anyhow::Result<()> {
        logging::start(process, &config.log, target)
            .with_context(|| format!("cannot open the log in {}", self.folder.log("").display()))
    }

    /// The Portal of the running game, or the sentence that there is none.
    fn running(&self) -> anyhow::Result<Client> {
        match Client::connect(&self.folder.link_socket())? {
            Some(client) => Ok(client),
            None if self.folder.is_locked() => {
                Err(folder::FolderError::Busy { pid: self.folder.portal_pid() }.into())
            }
            None => anyhow::bail!("{}; start it with `{}`", self.stopped_sentence(), self.hint("start")),
        }
    }

    /// Fails if the game runs. One that was killed a moment ago still has its socket and its lock open while
    /// the system clears it away, so what does not answer gets a little time to be gone.
    fn must_be_stopped(&self) -> anyhow::Result<()> {
        let mut pid = None;
        let gone = wait_until(DYING_WAIT, || {
            let client = Client::connect(&self.folder.link_socket()).ok().flatten();
            pid = client.and_then(|mut client| client.status().ok()).and_then(|status| status.portal_pid());
            pid.is_some() || !self.folder.is_locked()
        });
        if gone && pid.is_none() {
            return Ok(());
        }
        let pid = pid.or(self.folder.portal_pid()).map(|pid| format!(" (pid {pid})")).unwrap_or_default();
        anyhow::bail!("{} already runs{pid}; see `{}`", self.game.name, self.hint("status"))
    }

    fn stopped_sentence(&self) -> String {
        format!("{} does not run in {}", self.game.name, self.folder.root().display())
    }

    /// A command line that does something with this game.
    fn hint(&self, command: &str) -> String {
        match &self.common.dir {
            Some(dir) => format!("{} {command} --dir {}", self.program, dir.display()),
            None => format!("{} {command}", self.program),
        }
    }

    /// The arguments of a process of this game: the same folder and the same overrides.
    fn process_args(&self, process: &str) -> Vec<OsString> {
        let mut args: Vec<OsString> = vec![process.into(), "--dir".into(), self.folder.root().into()];
        for text in &self.common.overrides {
            args.extend(["--set".into(), text.into()]);
        }
        args
    }
}

/// Builds the program, if it is to be built, and that is known how; says whether it did.
fn build_program(build: Build, program: &Path) -> anyhow::Result<bool> {
    let recipe = match build {
        Build::First => Recipe::find(program)?,
        Build::Skip => None,
    };
    let Some(recipe) = recipe else { return Ok(false) };
    match recipe.build()? {
        Built::New(took) => say(format_args!("Built in {:.1} s.", took.as_secs_f32())),
        Built::Same => say("Nothing has changed since it was built."),
    }
    Ok(true)
}

/// An error and its causes in one line. Many an error quotes its cause in its own words.
fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(|cause| cause.to_string().replace('\n', " ")) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// Whether something comes true within a time.
fn wait_until(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    loop {
        if done() {
            return true;
        }
        if start.elapsed() > limit {
            return false;
        }
        thread::sleep(LOOK_AGAIN);
    }
}

/// Prints a line for the person at the terminal. Somebody who closed it does not want to hear more.
fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

fn parse(game: &Game, program: &str) -> Result<Cli, clap::Error> {
    // clap keeps names for ever; the command line is parsed once.
    let keep = |text: &str| -> &'static str { text.to_owned().leak() };
    let command = Cli::command()
        .name(keep(program))
        .bin_name(program)
        .version(keep(&game.version))
        .about(format!("{}, a game for many players", game.name));
    Cli::from_arg_matches(&command.try_get_matches()?)
}

fn program_name() -> String {
    let called = std::env::args_os().next().unwrap_or_default();
    let name = Path::new(&called).file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "meadow".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launcher(dir: Option<&Path>) -> Launcher {
        let common =
            Common { dir: dir.map(Path::to_owned), overrides: vec!["a.b=1".into(), "c.d=e f".into()] };
        Launcher::new(Game::new("A Meadow"), "meadow".into(), common).unwrap()
    }

    #[test]
    fn a_process_gets_the_same_folder_and_overrides() {
        let args = launcher(Some(Path::new("/games/mine"))).process_args("server");
        assert_eq!(args, ["server", "--dir", "/games/mine", "--set", "a.b=1", "--set", "c.d=e f"]);
    }

    #[test]
    fn without_dir_the_folder_is_named_after_the_game_and_lies_here() {
        let launcher = launcher(None);
        assert_eq!(launcher.folder.root(), std::env::current_dir().unwrap().join("a-meadow"));
        assert_eq!(launcher.hint("stop"), "meadow stop");
    }

    #[test]
    fn an_error_is_one_sentence_that_says_nothing_twice() {
        let cause = anyhow::anyhow!("port\ntaken");
        assert_eq!(sentence(&cause.context("cannot listen")), "cannot listen: port taken");
        let cause = anyhow::anyhow!("port taken");
        assert_eq!(sentence(&cause.context("cannot listen (port taken)")), "cannot listen (port taken)");
    }

    #[test]
    fn hints_can_be_typed_as_they_are() {
        assert_eq!(launcher(Some(Path::new("x"))).hint("stop"), "meadow stop --dir x");
    }

    #[test]
    fn a_command_that_needs_the_game_says_how_to_start_it() {
        let dir = tempfile::tempdir().unwrap();
        let launcher = launcher(Some(dir.path()));
        let error = launcher.running().err().unwrap().to_string();
        assert!(error.contains("does not run in") && error.contains("`meadow start --dir"), "{error}");
        launcher.must_be_stopped().unwrap();
        launcher.folder.prepare("A Meadow", &[]).unwrap();
        let _lock = launcher.folder.lock().unwrap();
        let error = launcher.running().err().unwrap().to_string();
        assert!(error.contains("started or stopped"), "{error}");
    }

    #[test]
    fn waiting_ends_either_way() {
        assert!(wait_until(Duration::from_secs(9), || true));
        assert!(!wait_until(Duration::ZERO, || false));
    }
}
