//! The ways into the game, as a visitor of the site can take them: only listeners that run, by the host that the
//! visitor knows, unless the operator says that a proxy has another host or other ports.

use std::net::SocketAddr;

use meadow_link::{ServiceState, ServiceStatus};
use serde::Serialize;

use super::Host;
use crate::SiteSettings;

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Ways {
    /// Telnet in the clear.
    pub(crate) telnet: Vec<Way>,
    /// Telnet inside TLS.
    pub(crate) tls: Vec<Way>,
    pub(crate) ssh: Vec<Way>,
    /// The site inside TLS: `https://play.example.org:4443/`. Empty if there is none, or if the visitor is there.
    pub(crate) https: String,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Way {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// For programs that open such addresses: `telnet://play.example.org:4000`.
    pub(crate) url: String,
}

/// The value of a variable that counts: the last, as MSSP has it.
pub(super) fn main_value<'a>(settings: &'a SiteSettings, name: &str) -> Option<&'a str> {
    let (_, values) = settings.facts.iter().find(|(known, _)| known == name)?;
    values.last().map(String::as_str)
}

/// The host that players are to connect to: the operator's word before the visitor's.
pub(super) fn host_of(settings: &SiteSettings, asked: Option<&Host>) -> Option<Host> {
    let told = main_value(settings, "HOSTNAME").and_then(Host::parse).map(|host| host.with_port(None));
    told.or_else(|| asked.map(|host| host.with_port(None)))
}

/// The ways to `host`.
pub(super) fn ways(settings: &SiteSettings, services: &[ServiceStatus], host: Option<&Host>) -> Ways {
    let Some(host) = host else { return Ways::default() };
    let listening = |service: &str| {
        let on = services.iter().filter(move |status| {
            let rest = status.name.strip_prefix(service);
            let is_it = rest.is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix('-').is_some_and(|number| number.parse::<u8>().is_ok())
            });
            is_it && status.state == ServiceState::On
        });
        on.filter_map(|status| status.address.parse::<SocketAddr>().ok()).collect::<Vec<_>>()
    };
    let way = |scheme: &str, port: u16| Way {
        host: host.name().to_owned(),
        port,
        url: format!("{scheme}://{}", host.with_port(Some(port))),
    };
    let all = |service: &str, scheme: &str, told: &str| {
        let listening = listening(service);
        let ports = match told_ports(settings, told) {
            told if listening.is_empty() || told.is_empty() => reachable(&listening, host),
            told => told,
        };
        ports.into_iter().map(|port| way(scheme, port)).collect::<Vec<_>>()
    };
    let https = reachable(&listening("web-tls"), host).first().map(|port| {
        let port = Some(*port).filter(|port| *port != 443);
        format!("https://{}/", host.with_port(port))
    });
    Ways {
        telnet: all("telnet", "telnet", "PORT"),
        tls: all("tls", "telnets", "SSL"),
        ssh: all("ssh", "ssh", ""),
        https: https.unwrap_or_default(),
    }
}

/// The ports that the operator names, the main one first.
fn told_ports(settings: &SiteSettings, name: &str) -> Vec<u16> {
    let values = settings.facts.iter().find(|(known, _)| known == name).map(|(_, values)| values.as_slice());
    let ports = values.unwrap_or_default().iter().rev().filter_map(|port| port.parse().ok());
    ports.filter(|port| *port != 0).collect()
}

/// Ports that can be reached from where the host has that name: what listens on a machine for itself is not for
/// visitors from elsewhere.
fn reachable(listening: &[SocketAddr], host: &Host) -> Vec<u16> {
    let mut ports = Vec::new();
    for address in listening.iter().filter(|address| host.is_local() || !address.ip().is_loopback()) {
        if !ports.contains(&address.port()) {
            ports.push(address.port());
        }
    }
    ports
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(name: &str, address: &str, state: ServiceState) -> ServiceStatus {
        ServiceStatus { name: name.to_owned(), kind: "stream".to_owned(), address: address.to_owned(), state }
    }

    fn services() -> Vec<ServiceStatus> {
        use ServiceState::{Off, On, Stopped};
        vec![
            service("telnet", "0.0.0.0:4000", On),
            service("telnet-2", "[::]:4000", On),
            service("telnet-3", "127.0.0.1:4100", On),
            service("telnet-bridge", "0.0.0.0:9999", On),
            service("tls", "0.0.0.0:4003", Stopped),
            service("ssh", "0.0.0.0:4004", On),
            service("web", "0.0.0.0:4001", On),
            service("web-tls", "0.0.0.0:4443", On),
            service("link", "/games/run/link.sock", On),
            service("json-lines", "0.0.0.0:4010", Off),
        ]
    }

    fn told(facts: &[(&str, &[&str])]) -> SiteSettings {
        let own = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let facts = facts.iter().map(|(name, values)| ((*name).to_owned(), own(values))).collect();
        SiteSettings { facts, ..SiteSettings::default() }
    }

    fn ports(ways: &[Way]) -> Vec<u16> {
        ways.iter().map(|way| way.port).collect()
    }

    #[test]
    fn what_runs_and_can_be_reached() {
        let visitor = Host::parse("play.example.org:4001");
        let settings = told(&[]);
        let host = host_of(&settings, visitor.as_ref());
        let here = ways(&settings, &services(), host.as_ref());
        assert_eq!(ports(&here.telnet), [4000], "not what listens on that machine alone");
        assert_eq!(here.telnet[0].host, "play.example.org");
        assert_eq!(here.telnet[0].url, "telnet://play.example.org:4000");
        assert_eq!((here.tls.len(), ports(&here.ssh)), (0, vec![4004]));
        assert_eq!(here.https, "https://play.example.org:4443/");
        let local = ways(&settings, &services(), Host::parse("localhost").as_ref());
        assert_eq!(ports(&local.telnet), [4000, 4100]);
        assert_eq!(ways(&settings, &services(), None), Ways::default());
    }

    #[test]
    fn the_operators_word_counts() {
        let settings = told(&[
            ("HOSTNAME", &["old.example", "mud.example"]),
            ("PORT", &["2323", "23"]),
            ("SSL", &["992"]),
        ]);
        let host = host_of(&settings, Host::parse("localhost:4001").as_ref());
        let here = ways(&settings, &services(), host.as_ref());
        assert_eq!((here.telnet[0].host.as_str(), ports(&here.telnet)), ("mud.example", vec![23, 2323]));
        assert_eq!(ports(&here.tls), [0; 0], "nothing listens there");
    }

    #[test]
    fn addresses_of_six() {
        let settings = told(&[]);
        let here = ways(&settings, &services(), Host::parse("[2001:db8::1]").as_ref());
        assert_eq!(here.telnet[0].host, "2001:db8::1");
        assert_eq!(here.telnet[0].url, "telnet://[2001:db8::1]:4000");
    }
}
