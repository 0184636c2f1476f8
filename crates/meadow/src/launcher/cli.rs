//! The command line: what a person may type after the name of the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// The whole command line. Name, version and description come from the game.
#[derive(Debug, Parser)]
#[command(disable_help_subcommand = true, after_help = AFTER_HELP)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

const AFTER_HELP: &str = "\
Settings come from meadow.toml in the game's folder, from the environment (MEADOW_SECTION_KEY=value) and
from --set; the later one wins. `config` shows them all, with where each came from.";

/// What may stand before or after the name of a command.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Common {
    /// Folder of the game: settings, database and logs [default: one named after the game, here]
    #[arg(long, value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
    /// Overrides a setting; may be given several times
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE")]
    pub(super) overrides: Vec<String>,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run the game here, with its log on the terminal; Ctrl-C stops it (this is the default)
    Run(Common),
    /// Start the game in the background; returns when players can connect
    Start(Common),
    /// Stop the game
    Stop {
        #[command(flatten)]
        common: Common,
        /// Hold the sessions of browsers for a start that follows at once
        #[arg(long)]
        keep_sessions: bool,
    },
    /// Build the game if this is its crate, and exchange all of it, Portal included; browsers stay, others come back
    #[command(visible_alias = "reboot")]
    Restart {
        #[command(flatten)]
        common: Common,
        /// Do not build the game's crate first
        #[arg(long)]
        no_build: bool,
    },
    /// Build the game if this is its crate, and restart the Server while players stay connected
    Reload {
        #[command(flatten)]
        common: Common,
        /// Do not build the game's crate first
        #[arg(long)]
        no_build: bool,
    },
    /// Show what runs, where it listens and how many are connected
    Status {
        #[command(flatten)]
        common: Common,
        /// For programs
        #[arg(long)]
        json: bool,
        /// Show every connection, too: who, whence, and what its client can do
        #[arg(long)]
        sessions: bool,
    },
    /// Make a superuser, whether or not the game runs
    Superuser {
        #[command(flatten)]
        common: Common,
        /// Name of the account
        name: String,
        /// Read the password as one line from standard input instead of asking for it
        #[arg(long)]
        password_stdin: bool,
    },
    /// Show every setting, with where it came from
    Config(Common),
    /// Make N accounts with characters for load tests, while the game is stopped
    Populate {
        #[command(flatten)]
        common: Common,
        /// How many
        count: u32,
        /// Put all of them in one room
        #[arg(long)]
        together: bool,
    },
    /// Look into the game's database
    #[command(subcommand)]
    Db(Database),
    /// Copy the database to a file, whether or not the game runs
    Backup {
        #[command(flatten)]
        common: Common,
        /// The file [default: backups/NAME-DATE.db in the game's folder]
        file: Option<PathBuf>,
        /// Replace a file that is there already
        #[arg(long)]
        force: bool,
    },
    /// Put a backup in the place of the database, while the game is stopped; the old one is kept beside it
    Restore {
        #[command(flatten)]
        common: Common,
        /// The backup
        file: PathBuf,
    },
    /// Write the world as lines of JSON, one row a line, whether or not the game runs
    Export {
        #[command(flatten)]
        common: Common,
        /// The file; - for standard output
        #[arg(default_value = "-")]
        file: PathBuf,
        /// Replace a file that is there already
        #[arg(long)]
        force: bool,
    },
    /// Make the world of lines of JSON, in a game that is stopped and has none yet
    Import {
        #[command(flatten)]
        common: Common,
        /// The file
        file: PathBuf,
        /// Do so in a game that has a world; its database is kept beside
        #[arg(long)]
        replace: bool,
    },
    /// Make the crate of a new game
    New {
        /// Name of the crate, such as night-watch
        name: String,
        /// The folder to make [default: one of that name, here]
        #[arg(long, value_name = "DIR")]
        at: Option<PathBuf>,
        /// The checkout of Meadow that it depends on [default: the one that this program was built from]
        #[arg(long, value_name = "DIR")]
        meadow: Option<PathBuf>,
    },
    /// The Server process; the Portal starts it
    #[command(hide = true)]
    Server(Process),
    /// The Portal process in the background; `start` starts it
    #[command(hide = true)]
    Portal(Common),
}

/// What is done with the database.
#[derive(Debug, Subcommand)]
pub(super) enum Database {
    /// Look for what is not as it should be; the exit code is 1 if there is anything
    Check {
        #[command(flatten)]
        common: Common,
        /// Mend what can be mended safely, after a backup, while the game is stopped
        #[arg(long)]
        fix: bool,
        /// For programs
        #[arg(long)]
        json: bool,
    },
}

/// What a process is told by the one that starts it.
#[derive(Debug, Args)]
pub(super) struct Process {
    #[command(flatten)]
    pub(super) common: Common,
    /// Log to a file instead of standard error
    #[arg(long)]
    pub(super) background: bool,
    /// Colour the log: it reaches a terminal through the Portal, so this process cannot tell
    #[arg(long)]
    pub(super) colored: bool,
}

impl Cli {
    /// What stood before and after the name of the command, as one. The later `--dir` wins.
    pub(super) fn all_common(&self) -> Common {
        let mut all = self.common.clone();
        if let Some(after) = self.command.as_ref().and_then(Command::common) {
            all.dir = after.dir.clone().or(all.dir);
            all.overrides.extend(after.overrides.iter().cloned());
        }
        all
    }
}

impl Command {
    /// None for what is not done to a game.
    fn common(&self) -> Option<&Common> {
        match self {
            Command::New { .. } => None,
            Command::Run(common)
            | Command::Start(common)
            | Command::Stop { common, .. }
            | Command::Restart { common, .. }
            | Command::Reload { common, .. }
            | Command::Config(common)
            | Command::Portal(common)
            | Command::Status { common, .. }
            | Command::Superuser { common, .. }
            | Command::Populate { common, .. }
            | Command::Db(Database::Check { common, .. })
            | Command::Backup { common, .. }
            | Command::Restore { common, .. }
            | Command::Export { common, .. }
            | Command::Import { common, .. }
            | Command::Server(Process { common, .. }) => Some(common),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Cli {
        Cli::try_parse_from(line.split_whitespace()).unwrap()
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn nothing_means_run() {
        assert!(parse("meadow").command.is_none());
        assert!(matches!(parse("meadow run").command, Some(Command::Run(_))));
    }

    #[test]
    fn common_arguments_stand_before_and_after() {
        let all = parse("meadow --set a.b=1 --dir x start --set c.d=2 --set e.f=3").all_common();
        assert_eq!(all.overrides, ["a.b=1", "c.d=2", "e.f=3"]);
        assert_eq!(all.dir.as_deref(), Some(Path::new("x")));
        let all = parse("meadow --dir x status --json --dir y").all_common();
        assert_eq!(all.dir.as_deref(), Some(Path::new("y")));
    }

    #[test]
    fn status_has_two_switches() {
        let status = parse("meadow status --sessions --json");
        assert!(matches!(status.command, Some(Command::Status { json: true, sessions: true, .. })));
        let status = parse("meadow status");
        assert!(matches!(status.command, Some(Command::Status { json: false, sessions: false, .. })));
    }

    #[test]
    fn a_new_game_has_a_name_and_perhaps_a_place() {
        let new = parse("meadow new tide --at x/y --meadow ../meadow");
        let Some(Command::New { name, at: Some(at), meadow: Some(meadow) }) = new.command else {
            panic!("{new:?}")
        };
        assert_eq!((name.as_str(), at, meadow), ("tide", "x/y".into(), "../meadow".into()));
        assert!(matches!(
            parse("meadow new tide").command,
            Some(Command::New { at: None, meadow: None, .. })
        ));
    }

    #[test]
    fn a_reload_builds_unless_it_is_told_not_to() {
        assert!(matches!(parse("meadow reload").command, Some(Command::Reload { no_build: false, .. })));
        let all = parse("meadow reload --no-build --dir x");
        assert!(matches!(all.command, Some(Command::Reload { no_build: true, .. })));
        assert_eq!(all.all_common().dir.as_deref(), Some(Path::new("x")));
    }

    #[test]
    fn a_restart_has_evennias_name_too_and_a_stop_may_be_half_of_one() {
        assert!(matches!(parse("meadow reboot").command, Some(Command::Restart { no_build: false, .. })));
        let all = parse("meadow restart --no-build --dir x");
        assert!(matches!(all.command, Some(Command::Restart { no_build: true, .. })));
        assert_eq!(all.all_common().dir.as_deref(), Some(Path::new("x")));
        assert!(matches!(parse("meadow stop").command, Some(Command::Stop { keep_sessions: false, .. })));
        let half = parse("meadow stop --keep-sessions").command;
        assert!(matches!(half, Some(Command::Stop { keep_sessions: true, .. })));
    }

    #[test]
    fn commands_take_what_they_need_and_nothing_else() {
        let superuser = parse("meadow superuser --password-stdin Anna --dir x");
        assert!(
            matches!(superuser.command, Some(Command::Superuser { ref name, password_stdin: true, .. }) if name == "Anna")
        );
        let populate = parse("meadow populate 500 --together");
        assert!(matches!(populate.command, Some(Command::Populate { count: 500, together: true, .. })));
        for bad in [
            "meadow superuser",
            "meadow new",
            "meadow populate",
            "meadow populate -1",
            "meadow fly",
            "meadow run now",
        ] {
            assert!(Cli::try_parse_from(bad.split_whitespace()).is_err(), "{bad}");
        }
    }

    #[test]
    fn processes_are_hidden_from_the_help() {
        let help = Cli::command().render_help().to_string();
        assert!(
            help.contains("  reload") && !help.contains("  server") && !help.contains("  portal"),
            "{help}"
        );
    }
}
