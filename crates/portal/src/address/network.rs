//! Networks in the notation of CIDR (RFC 4632, RFC 4291 section 2.3): who is trusted as a proxy.

use std::{fmt, net::IpAddr, str::FromStr, sync::Arc};

/// All addresses that begin with the same bits: `10.0.0.0/8`, `2001:db8::/32`. An address alone is a
/// network of one. IPv4 addresses that are written in IPv6 are IPv4 addresses here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    prefix: u8,
}

/// Why a text is no [`Network`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// What stands before the slash.
    #[error("{0:?} is no address")]
    Address(String),
    /// What stands behind it.
    #[error("{found:?} is no length of a prefix, which is a number from 0 to {longest}")]
    Prefix {
        /// What stands there.
        found: String,
        /// Bits of an address of this kind.
        longest: u8,
    },
    /// `10.1.2.3/8` may mean the address or the network.
    #[error("{0} has bits behind its prefix; the network is called {1}")]
    HostBits(String, Network),
}

impl Network {
    /// Whether an address belongs to it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.first.is_ipv4() && masked(address, self.prefix) == self.first
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Network, NetworkError> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let written: IpAddr = address.parse().map_err(|_| NetworkError::Address(address.to_owned()))?;
        let longest = bits(written);
        let prefix = match prefix {
            None => longest,
            Some(digits) => digits
                .parse()
                .ok()
                .filter(|prefix| *prefix <= longest && digits.bytes().all(|byte| byte.is_ascii_digit()))
                .ok_or_else(|| NetworkError::Prefix { found: digits.to_owned(), longest })?,
        };
        let network = Network { first: masked(written, prefix), prefix };
        if network.first != written {
            return Err(NetworkError::HostBits(text.to_owned(), network));
        }
        // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
        match written.to_canonical() {
            canonical if canonical.is_ipv4() && written.is_ipv6() && prefix >= 96 => {
                Ok(Network { first: canonical, prefix: prefix - 96 })
            }
            _ => Ok(network),
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix)
    }
}

/// The bits of an address.
fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// An address with everything behind its first `prefix` bits set to zero.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    let behind = u32::from(bits(address) - prefix);
    match address {
        IpAddr::V4(v4) => IpAddr::V4((v4.to_bits() & u32::MAX.checked_shl(behind).unwrap_or(0)).into()),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & u128::MAX.checked_shl(behind).unwrap_or(0)).into()),
    }
}

/// Several networks, shared by all listeners.
#[derive(Debug, Clone, Default)]
pub(crate) struct Networks(Arc<[Network]>);

impl Networks {
    pub(crate) fn new(networks: &[Network]) -> Networks {
        Networks(networks.into())
    }

    /// Whether an address belongs to any of them.
    pub(crate) fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, address: &str) -> bool {
        network.parse::<Network>().expect("a network").contains(address.parse().expect("an address"))
    }

    #[test]
    fn a_network_reaches_from_its_first_address_to_its_last() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0"]),
            ("192.0.2.128/25", ["192.0.2.128", "192.0.2.255"], ["192.0.2.127", "192.0.3.0"]),
            ("192.0.2.7", ["192.0.2.7", "::ffff:192.0.2.7"], ["192.0.2.6", "192.0.2.8"]),
            ("2001:db8::/32", ["2001:db8::", "2001:db8:ffff::1"], ["2001:db7:ffff::", "2001:db9::"]),
            ("2001:db8::80/121", ["2001:db8::80", "2001:db8::ff"], ["2001:db8::7f", "2001:db8::100"]),
            ("::1", ["::1", "0:0::1"], ["::2", "0.0.0.1"]),
            ("::ffff:10.0.0.0/104", ["10.1.2.3", "::ffff:10.1.2.3"], ["11.0.0.0", "::a00:1"]),
        ] {
            assert!(inside.iter().all(|address| contains(network, address)), "{network}");
            assert!(!outside.iter().any(|address| contains(network, address)), "{network}");
        }
    }

    #[test]
    fn a_prefix_may_have_all_bits_or_none_but_not_one_more() {
        assert!(contains("0.0.0.0/0", "203.0.113.9") && !contains("0.0.0.0/0", "2001:db8::1"));
        assert!(contains("::/0", "2001:db8::1") && !contains("::/0", "203.0.113.9"));
        assert!(contains("203.0.113.9/32", "203.0.113.9") && contains("::1/128", "::1"));
        for bad in ["203.0.113.9/33", "::1/129", "10.0.0.0/256", "10.0.0.0/+8", "10.0.0.0/-1", "10.0.0.0/"] {
            let error = bad.parse::<Network>().expect_err(bad);
            assert!(matches!(error, NetworkError::Prefix { .. }), "{bad}: {error}");
        }
    }

    #[test]
    fn what_is_no_network_is_told_with_the_way_out() {
        for bad in ["", "/8", "10.0.0/8", "localhost", "10.0.0.1:80", "[::1]", " 10.0.0.1", "010.0.0.1"] {
            assert!(matches!(bad.parse::<Network>(), Err(NetworkError::Address(_))), "{bad}");
        }
        let error = "10.1.2.3/8".parse::<Network>().expect_err("host bits");
        assert_eq!(
            error.to_string(),
            "10.1.2.3/8 has bits behind its prefix; the network is called 10.0.0.0/8"
        );
    }

    #[test]
    fn a_network_is_written_as_it_is_read() {
        for text in ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7/32"] {
            assert_eq!(text.parse::<Network>().expect("a network").to_string(), text);
        }
    }
}
