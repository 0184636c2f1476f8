//! `run`: the game in the foreground. This process is the Portal, which starts the Server.

use std::{fmt::Write as _, process::ExitCode};

use anyhow::Context as _;
use meadow_portal::{Portal, ServiceState};

use super::{Launcher, portal::Ground, say, services};
use crate::{config::Config, logging::LogTarget};

impl Launcher {
    pub(super) fn run_here(&self) -> anyhow::Result<ExitCode> {
        self.must_be_stopped()?;
        let config = self.prepare()?;
        self.start_log("portal", &config, &LogTarget::Terminal)?;
        self.run_portal(&config, Ground::Foreground, |portal| {
            let on = portal.services().into_iter().filter(|service| service.state == ServiceState::On);
            let services: Vec<_> = on.map(|service| (service.name, service.address)).collect();
            say(self.welcome(&config.game.name, &services));
            say("Ctrl-C stops it.\n");
        })
    }

    /// Runs a Portal in this process until it is told to stop, and calls `ready` as soon as players can
    /// connect.
    pub(super) fn run_portal(
        &self,
        config: &Config,
        ground: Ground,
        ready: impl FnOnce(&Portal),
    ) -> anyhow::Result<ExitCode> {
        let portal_config = self.portal_config(config, ground)?;
        let services = services::of_portal(&self.game, config);
        // One thread: a line of a player passes through without waking another one.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start the runtime")?;
        runtime.block_on(async {
            let portal = Portal::start(portal_config, services).await?;
            ready(&portal);
            portal.run().await?;
            Ok(ExitCode::SUCCESS)
        })
    }

    /// What a person is told when the game has started: services with their real addresses, how to
    /// connect, where everything lies.
    pub(super) fn welcome(&self, game: &str, services: &[(String, String)]) -> String {
        let width = |part: fn(&(String, String)) -> &String| {
            services.iter().map(|service| part(service).chars().count()).max().unwrap_or(0)
        };
        let (names, addresses) = (width(|service| &service.0), width(|service| &service.1));
        let mut text = format!("{game} is running.\n\n");
        for (name, address) in services {
            let line = format!("  {name:<names$}   {address:<addresses$}   {}", way_in(name, address));
            let _ = writeln!(text, "{}", line.trim_end());
        }
        let _ = write!(text, "\nIts folder is {}.", self.folder.root().display());
        let _ = write!(text, "\nMake yourself a superuser with `{}`.", self.hint("superuser NAME"));
        text
    }
}

/// How a person on this machine gets in by a service.
fn way_in(name: &str, address: &str) -> String {
    let Ok(address) = address.parse::<std::net::SocketAddr>() else { return String::new() };
    let ip = address.ip();
    let host = if ip.is_loopback() || ip.is_unspecified() {
        "localhost".to_owned()
    } else if ip.is_ipv6() {
        format!("[{ip}]")
    } else {
        ip.to_string()
    };
    match name.split(['-', ' ', ':']).next() {
        Some("telnet") => format!("telnet {} {}", host.trim_matches(['[', ']']), address.port()),
        Some("ssh") => format!("ssh -p {} NAME@{}", address.port(), host.trim_matches(['[', ']'])),
        _ if name.starts_with("web-tls") => format!("https://{host}:{}/", address.port()),
        Some("web") => format!("http://{host}:{}/", address.port()),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_in() {
        for (name, address, want) in [
            ("telnet", "127.0.0.1:4000", "telnet localhost 4000"),
            ("telnet", "0.0.0.0:4000", "telnet localhost 4000"),
            ("telnet", "[2001:db8::1]:4000", "telnet 2001:db8::1 4000"),
            ("web", "127.0.0.1:4001", "http://localhost:4001/"),
            ("web", "[2001:db8::1]:4001", "http://[2001:db8::1]:4001/"),
            ("web-tls", "127.0.0.1:4443", "https://localhost:4443/"),
            ("web-tls-2", "[::1]:4443", "https://localhost:4443/"),
            ("tls", "127.0.0.1:4003", ""),
            ("ssh", "127.0.0.1:4004", "ssh -p 4004 NAME@localhost"),
            ("ssh-2", "[2001:db8::1]:4004", "ssh -p 4004 NAME@2001:db8::1"),
            ("link", "/games/a-meadow/run/link.sock", ""),
            ("json-lines", "127.0.0.1:4010", ""),
        ] {
            assert_eq!(way_in(name, address), want);
        }
    }
}
