//! Addresses to listen on, as settings give them: `"127.0.0.1:4000"`, `"localhost:4000"`, `"[::1]:4000"`,
//! or a list of such.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

use serde::Deserialize;
use serde_json::Value;

/// Most addresses that one service listens on.
const MAX_ADDRESSES: usize = 16;

/// One or more addresses, resolved. Port 0 is any free one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub struct Listen(Vec<SocketAddr>);

impl Listen {
    /// The addresses to bind. When the game is `public`, what stands at a loopback address stands at
    /// the address of the same kind that means "all".
    pub fn addresses(&self, public: bool) -> Vec<SocketAddr> {
        let mut open = Vec::with_capacity(self.0.len());
        for address in &self.0 {
            let mut address = *address;
            if public && address.ip().is_loopback() {
                address.set_ip(match address.ip() {
                    IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
                    IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
                });
            }
            if !open.contains(&address) {
                open.push(address);
            }
        }
        if public {
            // A listener on [::] takes IPv4 too, so the two would fight over the port.
            let all_v6: Vec<u16> =
                open.iter().filter(|a| a.ip() == Ipv6Addr::UNSPECIFIED).map(SocketAddr::port).collect();
            open.retain(|a| a.ip() != Ipv4Addr::UNSPECIFIED || a.port() == 0 || !all_v6.contains(&a.port()));
        }
        open
    }
}

impl TryFrom<Value> for Listen {
    type Error = String;

    /// Reads a text or a list of texts; the error is what is wrong, as a clause.
    fn try_from(value: Value) -> Result<Listen, String> {
        let texts = match value {
            Value::String(text) => vec![text],
            Value::Array(items) => items
                .into_iter()
                .map(|item| {
                    item.as_str().map(str::to_owned).ok_or("an address is a text in quotes".to_owned())
                })
                .collect::<Result<Vec<_>, _>>()?,
            _ => return Err("an address is a text in quotes".to_owned()),
        };
        if texts.is_empty() || texts.len() > MAX_ADDRESSES {
            return Err(format!("there must be 1 to {MAX_ADDRESSES} addresses"));
        }
        texts.iter().map(|text| resolve(text.trim())).collect::<Result<Vec<_>, _>>().map(Listen)
    }
}

/// One address. A name stands for one address only, the IPv4 one if there is one: a service that was
/// given port 0 must not end up with two ports.
fn resolve(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Ok(address);
    }
    let Some((host, port)) = text.rsplit_once(':').filter(|(host, _)| !host.is_empty()) else {
        return Err(format!("{text:?} has no port"));
    };
    let Ok(port) = port.parse::<u16>() else {
        return Err(format!("{port:?} is no port, which is a number from 0 to 65535"));
    };
    if host.eq_ignore_ascii_case("localhost") {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    // A number that is no address must not be looked up as the name of a host.
    let is_name = host.chars().any(|c| c.is_ascii_alphabetic())
        && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    if !is_name {
        return Err(format!("{host:?} is no address"));
    }
    let found: Vec<SocketAddr> =
        (host, port).to_socket_addrs().map_err(|_| format!("no host {host:?} was found"))?.collect();
    let first = found.iter().find(|address| address.is_ipv4()).or(found.first());
    first.copied().ok_or_else(|| format!("no host {host:?} was found"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listen(value: Value, public: bool) -> Vec<String> {
        Listen::try_from(value).unwrap().addresses(public).iter().map(SocketAddr::to_string).collect()
    }

    #[test]
    fn addresses_names_and_lists() {
        assert_eq!(listen(json!("127.0.0.1:4000"), false), ["127.0.0.1:4000"]);
        assert_eq!(listen(json!("LocalHost:0"), false), ["127.0.0.1:0"]);
        assert_eq!(listen(json!(["[::1]:4000", "127.0.0.1:4001"]), false), ["[::1]:4000", "127.0.0.1:4001"]);
    }

    #[test]
    fn public_opens_loopback_and_nothing_else() {
        assert_eq!(listen(json!("localhost:4000"), true), ["0.0.0.0:4000"]);
        assert_eq!(listen(json!(["127.0.0.1:1", "192.0.2.7:1"]), true), ["0.0.0.0:1", "192.0.2.7:1"]);
        assert_eq!(listen(json!(["127.0.0.1:1", "127.0.0.2:1"]), true), ["0.0.0.0:1"]);
    }

    #[test]
    fn both_kinds_of_loopback_do_not_fight_over_one_port() {
        assert_eq!(listen(json!(["127.0.0.1:4000", "[::1]:4000"]), true), ["[::]:4000"]);
        assert_eq!(listen(json!(["127.0.0.1:4000", "[::1]:4001"]), true), ["0.0.0.0:4000", "[::]:4001"]);
        assert_eq!(listen(json!(["127.0.0.1:0", "[::1]:0"]), true), ["0.0.0.0:0", "[::]:0"]);
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        for (value, part) in [
            (json!("127.0.0.1"), "has no port"),
            (json!(":4000"), "has no port"),
            (json!("127.0.0.1:70000"), "\"70000\" is no port"),
            (json!("127.0.0:4000"), "\"127.0.0\" is no address"),
            (json!("300.0.0.1:4000"), "\"300.0.0.1\" is no address"),
            (json!("no host:4000"), "is no address"),
            (json!([]), "1 to 16"),
            (json!([4000]), "in quotes"),
        ] {
            let why = Listen::try_from(value).unwrap_err();
            assert!(why.contains(part), "{why}");
        }
        let at_limit: Vec<String> = (0..MAX_ADDRESSES).map(|n| format!("127.0.0.1:{n}")).collect();
        assert!(Listen::try_from(json!(at_limit)).is_ok());
        assert!(Listen::try_from(json!(vec!["127.0.0.1:0"; MAX_ADDRESSES + 1])).is_err());
    }
}
