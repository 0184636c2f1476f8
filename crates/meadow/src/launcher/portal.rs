//! From settings to what the Portal takes.

use std::{
    io::{self, IsTerminal},
    path::PathBuf,
    time::Duration,
};

use anyhow::Context as _;
use meadow_link::Flags;
use meadow_portal::{Limits, PortalConfig, ServerCommand, ServerOutput};
use meadow_protocol::telnet::TelnetSettings;

use super::Launcher;
use crate::{
    config::{Config, LimitsSection},
    logging::use_color,
};

/// Where the Server's output goes, and so in which way the game runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// In the foreground: everything to the terminal.
    Foreground,
    /// In the background: everything to files.
    Background,
}

impl Launcher {
    pub(super) fn portal_config(&self, config: &Config, ground: Ground) -> anyhow::Result<PortalConfig> {
        let mut portal = PortalConfig::new(
            config.game.name.clone(),
            self.folder.root(),
            self.server_command(config, ground)?,
        );
        portal.version = self.game.version.clone();
        portal.telnet = config.telnet_listeners();
        portal.telnet_settings = telnet_settings(config);
        portal.web = config.web_listeners();
        portal.allowed_origins = config.web.allowed_origins.clone();
        portal.link_socket = self.folder.link_socket();
        portal.data_dir = self.folder.data();
        portal.run_dir = self.folder.run();
        portal.limits = limits(&config.limits);
        Ok(portal)
    }

    /// The same program as this one, looked up by its path each time, so that a reload takes the new one.
    fn server_command(&self, config: &Config, ground: Ground) -> anyhow::Result<ServerCommand> {
        let mut args = self.process_args("server");
        let output = match ground {
            Ground::Foreground => {
                if use_color(config.log.color, io::stderr().is_terminal()) {
                    args.push("--colored".into());
                }
                ServerOutput::Inherit
            }
            Ground::Background => {
                args.push("--background".into());
                ServerOutput::File(self.folder.log("server.log"))
            }
        };
        Ok(ServerCommand { program: this_program()?, args, env: Vec::new(), output })
    }
}

/// The file that this process runs.
pub(super) fn this_program() -> anyhow::Result<PathBuf> {
    std::env::current_exe().context("cannot tell which program this is")
}

fn telnet_settings(config: &Config) -> TelnetSettings {
    let mut flags = Flags::default();
    (flags.screenwidth, flags.screenheight) = (config.client.width, config.client.height);
    TelnetSettings {
        flags,
        hold: Duration::from_millis(config.telnet.hold_ms.into()),
        keepalive: Duration::from_secs(config.telnet.keepalive_seconds.into()),
        line_limit: config.limits.line_length as usize,
        ..TelnetSettings::default()
    }
}

fn limits(section: &LimitsSection) -> Limits {
    Limits {
        connections: section.connections as usize,
        connections_per_address: section.connections_per_address as usize,
        not_logged_in: section.not_logged_in as usize,
        login_time: Duration::from_secs(section.login_seconds.into()),
        input_queue_lines: section.input_queue_lines as usize,
        input_queue_bytes: section.input_queue_bytes as usize,
        in_flight: section.in_flight as usize,
        output_queue_bytes: section.output_queue_bytes as usize,
        commands_per_second: section.commands_per_second,
        ..Limits::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Settings, Sources};

    #[test]
    fn the_defaults_of_the_settings_are_those_of_the_portal() {
        let sources = Sources { file: "/nonexistent".into(), ..Sources::default() };
        let config = Settings::load(&sources).unwrap().config().unwrap();
        assert_eq!(limits(&config.limits), Limits::default());
    }
}
