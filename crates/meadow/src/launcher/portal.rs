//! From settings to what the Portal takes.

use std::{
    io::{self, IsTerminal},
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail};
use meadow_portal::{
    Backup, Certificate, Guests, IfTaken, Limits, PortalConfig, Registration, ServerCommand, ServerOutput,
    ShownPlayers, ShownSetting, SiteSettings, SshListen, TlsListen, address::Network,
};

use meadow_protocol::{ssh::TerminalSettings, web::Negotiation};
use meadow_server::upkeep;

use super::{
    Launcher,
    telnet::{base_flags, mssp, telnet_settings, told},
};
use crate::{
    config::{Config, LimitsSection, Origin, TlsSection, WebsocketNegotiation},
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
        portal.start_tls = config.telnet.start_tls;
        portal.mssp = mssp(&config.mssp);
        portal.web = config.web_listeners();
        portal.tls = self.tls_listen("tls.listen", config.tls_listeners())?;
        portal.web_tls = self.tls_listen("web.tls_listen", config.web_tls_listeners())?;
        portal.ssh = self.ssh_listen(config)?;
        portal.certificate = certificate(&config.tls, self.folder.root())?;
        portal.trusted_proxies = trusted_proxies(config)?;
        portal.allowed_origins = config.web.allowed_origins.clone();
        portal.websocket_compression = config.web.compression;
        portal.strict_transport = Duration::from_secs(config.web.hsts_seconds.into());
        portal.websocket_keepalive = Duration::from_secs(config.web.keepalive_seconds.into());
        portal.websocket_negotiation = match config.web.websocket_negotiation {
            WebsocketNegotiation::Strict => Negotiation::Strict,
            WebsocketNegotiation::Legacy => Negotiation::Legacy,
        };
        portal.ajax = config.web.ajax;
        portal.site = site(config);
        portal.link_socket = self.folder.link_socket();
        portal.data_dir = self.folder.data();
        portal.run_dir = self.folder.run();
        portal.logs = (ground == Ground::Background).then(|| self.folder.logs());
        portal.settings = self.settings()?.shown().into_iter().map(shown).collect();
        portal.backup = Some(self.backup_maker(config));
        portal.limits = limits(&config.limits);
        portal.limits.resume_time = Duration::from_secs(config.web.resume_seconds.into());
        Ok(portal)
    }

    /// None where this program is built without it.
    fn ssh_listen(&self, config: &Config) -> anyhow::Result<Option<SshListen>> {
        let Some(addresses) = config.ssh_listeners().filter(|_| cfg!(feature = "ssh")) else {
            return Ok(None);
        };
        let guests = if config.ssh.guest { Guests::Welcome } else { Guests::None };
        let terminal =
            TerminalSettings { flags: base_flags(config), line_limit: config.limits.line_length as usize };
        let if_taken = self.if_taken("ssh.listen")?;
        Ok(Some(SshListen { addresses, if_taken, guests, terminal }))
    }

    /// A port that nobody has chosen is no reason not to start.
    fn if_taken(&self, setting: &str) -> anyhow::Result<IfTaken> {
        let is_default = matches!(self.settings()?.origin(setting), Some((_, Origin::Default)));
        Ok(if is_default { IfTaken::GoWithout } else { IfTaken::Fail })
    }

    fn tls_listen(
        &self,
        setting: &str,
        addresses: Option<Vec<SocketAddr>>,
    ) -> anyhow::Result<Option<TlsListen>> {
        let if_taken = self.if_taken(setting)?;
        Ok(addresses.map(|addresses| TlsListen { addresses, if_taken }))
    }

    /// As `backup` makes one.
    fn backup_maker(&self, config: &Config) -> Backup {
        let (server, folder) = (self.server_config(config), self.backups());
        let kept = folder.clone();
        let make = move || upkeep::backup_into(&server, &folder).map_err(|error| error.to_string());
        Backup::new(make).kept_in(kept)
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

/// A setting as staff are shown it on a page.
fn shown([name, value, origin]: [String; 3]) -> ShownSetting {
    ShownSetting { name, value, origin }
}

/// The file that this process runs.
pub(super) fn this_program() -> anyhow::Result<PathBuf> {
    std::env::current_exe().context("cannot tell which program this is")
}

fn certificate(section: &TlsSection, folder: &Path) -> anyhow::Result<Certificate> {
    let is_set = |file: &Path| !file.as_os_str().is_empty();
    match (is_set(&section.certificate), is_set(&section.key)) {
        (false, false) => Ok(Certificate::SelfSigned),
        (true, true) => Ok(Certificate::Files {
            certificate: folder.join(&section.certificate),
            key: folder.join(&section.key),
        }),
        (true, false) => bail!(
            "`tls.certificate` is set and `tls.key` is not; set both, or neither for a self-signed certificate"
        ),
        (false, true) => bail!(
            "`tls.key` is set and `tls.certificate` is not; set both, or neither for a self-signed certificate"
        ),
    }
}

fn site(config: &Config) -> SiteSettings {
    SiteSettings {
        description: config.game.description.clone(),
        players: if config.web.show_players { ShownPlayers::Names } else { ShownPlayers::Count },
        registration: if config.accounts.registration { Registration::Open } else { Registration::Closed },
        facts: told(&config.mssp),
    }
}

fn trusted_proxies(config: &Config) -> anyhow::Result<Vec<Network>> {
    let networks = config.network.trusted_proxies.iter().map(|network| network.parse());
    networks.collect::<Result<_, _>>().context("`network.trusted_proxies`")
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

    fn config(overrides: Vec<String>) -> Config {
        let sources = Sources { overrides, ..Sources::default() };
        Settings::load(&sources).unwrap().config().unwrap()
    }

    #[test]
    fn the_site_says_what_is_set_whoever_else_is_told() {
        let open = site(&config(Vec::new()));
        assert_eq!(open.players, ShownPlayers::Names);
        assert_eq!(open.registration, Registration::Open);
        let set = [
            "game.description=Oaks.",
            "web.show_players=false",
            "accounts.registration=false",
            "mssp.enabled=false",
            "mssp.hostname=mud.example",
        ];
        let closed = site(&config(set.map(str::to_owned).into()));
        assert_eq!((closed.players, closed.registration), (ShownPlayers::Count, Registration::Closed));
        assert_eq!(closed.description, "Oaks.");
        assert!(closed.facts.contains(&("HOSTNAME".to_owned(), vec!["mud.example".to_owned()])));
    }

    #[test]
    fn a_certificate_needs_its_key() {
        let section = |certificate: &str, key: &str| {
            config(vec![format!("tls.certificate={certificate}"), format!("tls.key={key}")]).tls
        };
        let folder = Path::new("/game");
        assert_eq!(certificate(&section("", ""), folder).unwrap(), Certificate::SelfSigned);
        assert_eq!(
            certificate(&section("tls/a.crt", "/etc/a.key"), folder).unwrap(),
            Certificate::Files { certificate: "/game/tls/a.crt".into(), key: "/etc/a.key".into() }
        );
        for (crt, key) in [("a.crt", ""), ("", "a.key")] {
            let error = certificate(&section(crt, key), folder).unwrap_err().to_string();
            assert!(error.contains("`tls.certificate`") && error.contains("`tls.key`"), "{error}");
        }
    }

    #[test]
    fn the_defaults_of_the_settings_are_those_of_the_portal() {
        let sources = Sources { file: "/nonexistent".into(), ..Sources::default() };
        let config = Settings::load(&sources).unwrap().config().unwrap();
        assert_eq!(limits(&config.limits), Limits::default());
    }
}
