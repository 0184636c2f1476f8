//! What happens on the Server's side: the Server process itself, `superuser`, and `populate`.

use std::{process::ExitCode, time::Duration};

use anyhow::bail;
use meadow_link::{Kwargs, amp::Operation};
use meadow_server::{
    ServerConfig,
    offline::{self, Together},
};
use meadow_world::{MultisessionMode, Rules};

use super::{
    Launcher,
    cli::Process,
    client::{Client, SERVER_WAIT},
    password, say, services,
};
use crate::{
    config::{AccountsSection, Color, Config},
    logging::LogTarget,
};

impl Launcher {
    /// The Server process, which the Portal has started.
    pub(super) fn server(&self, process: &Process) -> anyhow::Result<ExitCode> {
        let mut config = self.settings()?.config()?;
        let target = if process.background {
            LogTarget::File(self.folder.log("server.log"))
        } else {
            LogTarget::Terminal
        };
        if process.colored {
            config.log.color = Color::Always;
        }
        self.start_log("server", &config, &target)?;
        let own = services::of_server(&self.game, &config);
        meadow_server::run(&self.server_config(&config), self.game.setup, own)?;
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn superuser(&self, name: &str, password_stdin: bool) -> anyhow::Result<ExitCode> {
        let password = if password_stdin { password::read()? } else { password::ask(name)? };
        match Client::connect(&self.folder.link_socket())? {
            Some(mut client) => {
                let mut request = Kwargs::new();
                request.insert("op".into(), "superuser".into());
                request.insert("name".into(), name.into());
                request.insert("password".into(), password.into());
                client.operate(Operation::Control, request, SERVER_WAIT)?;
            }
            None => {
                let config = self.prepare()?;
                let _lock = self.folder.lock()?;
                offline::superuser(&self.server_config(&config), self.game.setup, name, &password)?;
            }
        }
        say(format_args!("{name} is a superuser now, with the password that you gave."));
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn populate(&self, count: u32, together: bool) -> anyhow::Result<ExitCode> {
        if Client::connect(&self.folder.link_socket())?.is_some() {
            bail!("{} must be stopped for this; stop it with `{}`", self.game.name, self.hint("stop"));
        }
        let config = self.prepare()?;
        let _lock = self.folder.lock()?;
        let together = if together { Together::Yes } else { Together::No };
        let made =
            offline::populate(&self.server_config(&config), self.game.setup, count as usize, together)?;
        say(format_args!(
            "Made {made} accounts with characters; {} were there already.",
            count as usize - made
        ));
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn server_config(&self, config: &Config) -> ServerConfig {
        ServerConfig {
            link_socket: self.folder.link_socket(),
            token: None,
            database: self.folder.root().join(&config.store.file),
            batches: self.folder.root().join("batch"),
            game_name: config.game.name.clone(),
            rules: rules(&config.accounts),
            version: self.game.version.clone(),
        }
    }
}

fn rules(section: &AccountsSection) -> Rules {
    Rules {
        registration: section.registration,
        logins_per_address: section.logins_per_address as usize,
        creations_per_address: section.creations_per_address as usize,
        min_password_length: section.min_password_length as usize,
        multisession: MultisessionMode::from_number(section.multisession.into()).unwrap_or_default(),
        max_characters: section.max_characters as usize,
        max_simultaneous_puppets: section.max_simultaneous_puppets as usize,
        auto_create_character: section.auto_create_character,
        auto_puppet: section.auto_puppet,
        linkdead: Duration::from_secs(section.linkdead_seconds.into()),
        guests: section.guests as usize,
        idle: Duration::from_secs(section.idle_seconds.into()),
        ..Rules::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Settings, Sources};

    #[test]
    fn the_defaults_of_the_settings_are_those_of_the_world() {
        let sources = Sources { file: "/nonexistent".into(), ..Sources::default() };
        let config = Settings::load(&sources).unwrap().config().unwrap();
        assert_eq!(rules(&config.accounts), Rules::default());
    }
}
