//! `X-Forwarded-For`: for whom an HTTP proxy asks. The web listener reads it from every request.

use std::net::{IpAddr, SocketAddr};

use super::Networks;

/// Most addresses that are looked at, from the last.
pub(crate) const HOPS_LIMIT: usize = 32;

/// The client's address, by the values of the request's `X-Forwarded-For` headers in order.
///
/// Each proxy appends the address that it was asked from, so the list is true from its end up to the
/// first address that is not of a trusted proxy; what stands before that one, anybody may have written.
pub(crate) fn client<'a>(
    peer: IpAddr,
    values: impl DoubleEndedIterator<Item = &'a str>,
    trusted: &Networks,
) -> IpAddr {
    let mut client = peer;
    let hops = values.rev().flat_map(|value| value.rsplit(','));
    for hop in hops.take(HOPS_LIMIT) {
        if !trusted.contain(client) {
            break;
        }
        match address(hop.trim()) {
            Some(address) => client = address.to_canonical(),
            // `unknown`, or rubbish: the proxy before it is all that is known.
            None => break,
        }
    }
    client
}

/// An address, with or without a port and brackets: proxies write all of these.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, values: &[&str]) -> String {
        let trusted = ["10.0.0.0/8", "::1"].map(|network| network.parse().expect("a network"));
        let peer = peer.parse().expect("an address");
        client(peer, values.iter().copied(), &Networks::new(&trusted)).to_string()
    }

    #[test]
    fn a_trusted_proxy_is_believed_and_nobody_else() {
        assert_eq!(seen("10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen("203.0.113.1", &["203.0.113.9"]), "203.0.113.1");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_last_address_that_is_no_proxy_of_ours_counts() {
        let forged = "1.1.1.1, 10.9.9.9, 203.0.113.9, 10.0.0.2";
        assert_eq!(seen("10.0.0.1", &[forged]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1", "203.0.113.9,10.0.0.3", "10.0.0.2"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3", "all of them are ours");
    }

    #[test]
    fn ports_brackets_and_rubbish() {
        for (value, want) in [
            ("203.0.113.9:4711", "203.0.113.9"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("2001:db8::7", "2001:db8::7"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("203.0.113.9, unknown", "10.0.0.1"),
            ("203.0.113.9,", "10.0.0.1"),
            ("203.0.113.9, rubbish, 10.0.0.2", "10.0.0.2"),
        ] {
            assert_eq!(seen("10.0.0.1", &[value]), want, "{value}");
        }
    }

    #[test]
    fn a_list_is_followed_up_to_the_limit() {
        let list = |hops: usize| format!("203.0.113.9{}", ",10.0.0.2".repeat(hops - 1));
        assert_eq!(seen("10.0.0.1", &[&list(HOPS_LIMIT)]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &[&list(HOPS_LIMIT + 1)]), "10.0.0.2");
    }
}
