//! The host that a browser believes it speaks with. A visitor's browser sends it, so anything may be in it; pages show
//! it to say where clients are to connect.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

/// Longest name of a host (RFC 1035, section 2.3.4).
const LONGEST: usize = 253;

/// A name or an address, and the port if one was named. There is nothing in it but letters, digits, `.`, `-`, `_`, and
/// in addresses `:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host {
    name: String,
    port: Option<u16>,
}

impl Host {
    /// Reads the value of the header `Host` (RFC 9110, section 7.2). `None` if it is none.
    pub(crate) fn parse(text: &str) -> Option<Host> {
        let (name, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (address, after) = rest.split_once(']')?;
                let address: Ipv6Addr = address.parse().ok()?;
                (address.to_string(), after.strip_prefix(':').or(after.is_empty().then_some("")))
            }
            None => match text.split_once(':') {
                Some((name, port)) => (name.to_owned(), Some(port)),
                None => (text.to_owned(), Some("")),
            },
        };
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        let is_address = name.parse::<Ipv6Addr>().is_ok();
        if name.is_empty() || name.len() > LONGEST || !(is_address || name.bytes().all(is_plain)) {
            return None;
        }
        let port = match port? {
            "" => None,
            port if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(port.parse().ok()?),
            _ => return None,
        };
        Some(Host { name: name.to_ascii_lowercase(), port })
    }

    /// The name or the address, as one types it into a client.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The same in an address of the web, with another port or none.
    pub(crate) fn with_port(&self, port: Option<u16>) -> Host {
        Host { name: self.name.clone(), port }
    }

    /// Whether it is the visitor's own machine.
    pub(crate) fn is_local(&self) -> bool {
        let is_loopback = self.name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        is_loopback || self.name == "localhost" || self.name.ends_with(".localhost")
    }
}

/// As it stands in the address of a page.
impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.contains(':') {
            true => write!(f, "[{}]", self.name)?,
            false => f.write_str(&self.name)?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses() {
        for (text, name, shown) in [
            ("Play.Example.ORG", "play.example.org", "play.example.org"),
            ("localhost:4001", "localhost", "localhost:4001"),
            ("my_box:", "my_box", "my_box"),
            ("192.0.2.7:80", "192.0.2.7", "192.0.2.7:80"),
            ("[2001:db8::1]:4001", "2001:db8::1", "[2001:db8::1]:4001"),
            ("[::1]", "::1", "[::1]"),
        ] {
            let host = Host::parse(text).expect(text);
            assert_eq!((host.name(), host.to_string().as_str()), (name, shown));
        }
        let longest = "a".repeat(LONGEST);
        assert!(Host::parse(&longest).is_some() && Host::parse(&format!("{longest}a")).is_none());
    }

    #[test]
    fn what_is_no_host_is_not_shown() {
        for text in [
            "",
            ":80",
            "a b",
            "<script>",
            "evil\"onload=",
            "x:80:80",
            "x:99999",
            "x:+1",
            "[::1",
            "[::1]x",
            "[x]",
            "ex\u{e4}mple",
            "a/b",
            "user@host",
        ] {
            assert_eq!(Host::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ones_own_machine() {
        let local = |text: &str| Host::parse(text).expect("a host").is_local();
        assert!(local("localhost:1") && local("127.0.0.2") && local("[::1]") && local("meadow.localhost"));
        assert!(!local("192.0.2.1") && !local("localhost.example") && !local("[2001:db8::1]"));
    }
}
