//! Bans: who is not let in, by the name of the account or by the address. `sessionhandler` asks when somebody connects,
//! `bodies` when they log in, `accounts` when they make an account, `authenticate` before SSH lets them in.

use std::net::{IpAddr, Ipv6Addr};

use meadow_link::{SessionId, Time};
use serde::{Deserialize, Serialize};

use crate::{Account, Record, Result, ServerSession, World, say, text};

/// Bans that a game can have: each is looked at when somebody connects.
const BANS_LIMIT: usize = 1000;

/// Number of a ban.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BanId(pub u64);

impl From<u64> for BanId {
    fn from(id: u64) -> BanId {
        BanId(id)
    }
}

impl From<BanId> for u64 {
    fn from(id: BanId) -> u64 {
        id.0
    }
}

/// Who a ban is for.
///
/// ```
/// use meadow_world::Banned;
///
/// assert_eq!(Banned::new("192.0.2.0/24"), Banned::Address("192.0.2.0/24".into()));
/// assert!(Banned::new("192.0.2.0/24").is_address("192.0.2.99"));
/// assert!(Banned::new("troll*").is_name("Troll7"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Banned {
    /// Accounts of this name; `*` stands for any letters.
    Account(String),
    /// An address, a network such as `192.0.2.0/24`, or a pattern such as `192.0.2.*`.
    Address(String),
}

/// One ban.
///
/// ```
/// # use meadow_world::{Ban, Banned, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let ban = Ban {
///     who: Banned::new("192.0.2.*"),
///     reason: "spam".into(),
///     by: "Cleo".into(),
///     since: world.now(),
///     until: None,
/// };
/// assert!(ban.who.is_address("192.0.2.7") && !ban.who.is_name("Bob"));
/// world.ban(ban)?;
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ban {
    /// Who it is for.
    pub who: Banned,
    /// Why, for those who are banned and for the staff; may be empty. As it was typed: no markup.
    pub reason: String,
    /// The account that set it.
    pub by: String,
    /// When it was set.
    pub since: Time,
    /// When it ends; none for never.
    pub until: Option<Time>,
}

impl Record for Ban {
    type Id = BanId;
    const KIND: &'static str = "ban";
    const PRIVATE: bool = true;

    fn key(&self) -> &str {
        self.who.mask()
    }
}

impl Banned {
    /// What a mask means: an address if it looks like one.
    pub fn new(mask: &str) -> Banned {
        if is_address(mask) { Banned::Address(mask.to_owned()) } else { Banned::Account(mask.to_owned()) }
    }

    /// The name, address or pattern.
    pub fn mask(&self) -> &str {
        match self {
            Banned::Account(mask) | Banned::Address(mask) => mask,
        }
    }

    /// Which of the two it is, as staff are shown it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Banned::Account(_) => "Name",
            Banned::Address(_) => "IP",
        }
    }

    /// Whether it is meant for an account of this name.
    pub fn is_name(&self, name: &str) -> bool {
        matches!(self, Banned::Account(mask) if fits(&mask.to_lowercase(), &name.to_lowercase()))
    }

    /// Whether it is meant for this address.
    pub fn is_address(&self, address: &str) -> bool {
        self.is_from(&Address::new(address))
    }

    fn is_from(&self, address: &Address) -> bool {
        let Banned::Address(mask) = self else { return false };
        let Some(ip) = address.ip else { return fits(mask, &address.text) };
        match network(mask) {
            Some((network, length)) => is_within(ip, network, length),
            None => fits(&mask.to_lowercase(), &address.text),
        }
    }
}

/// From where somebody comes, read once for all bans.
struct Address {
    /// None if it is none of the Internet's, as that of a socket in a folder.
    ip: Option<IpAddr>,
    /// As patterns have it.
    text: String,
}

impl Address {
    fn new(address: &str) -> Address {
        let ip = address.parse::<IpAddr>().ok().map(|ip| ip.to_canonical());
        Address { ip, text: ip.map_or_else(|| address.to_owned(), |ip| ip.to_string()) }
    }
}

/// Bans.
impl World {
    /// Bans somebody, and disconnects those that are meant.
    ///
    /// # Errors
    /// There are too many bans.
    pub fn ban(&mut self, ban: Ban) -> Result<BanId> {
        self.drop_ended_bans();
        if self.records::<Ban>().count() >= BANS_LIMIT {
            return Err(say(format!("There are {BANS_LIMIT} bans, and more are not kept.")));
        }
        let told = told(&ban, self.now);
        let meant = |session: &&ServerSession| {
            ban.who.is_address(session.address())
                || session
                    .account()
                    .and_then(|id| self.account(id))
                    .is_some_and(|account| !account.is_superuser && ban.who.is_name(account.name()))
        };
        let mut sessions: Vec<SessionId> =
            self.sessions().iter().filter(meant).map(ServerSession::id).collect();
        sessions.sort_unstable();
        let id = self.add_record(ban);
        for session in sessions {
            self.disconnect(session, &told);
        }
        Ok(id)
    }

    /// Forgets the bans whose time is over.
    pub(crate) fn drop_ended_bans(&mut self) {
        let now = self.now;
        let over = |ban: &Ban| ban.until.is_some_and(|until| until <= now);
        let ended: Vec<BanId> =
            self.records::<Ban>().filter(|(_, ban)| over(ban)).map(|(id, _)| id).collect();
        for id in ended {
            self.remove_record::<Ban>(id);
        }
    }

    /// Whether there are any, in force or not.
    pub(crate) fn has_bans(&self) -> bool {
        self.records::<Ban>().next().is_some()
    }

    /// What somebody from a banned address is told; none, if it is not banned.
    pub(crate) fn address_ban(&self, address: &str) -> Option<String> {
        let address = Address::new(address);
        self.ban_where(|ban| ban.who.is_from(&address))
    }

    /// What the player of a banned account is told; none, if it is not banned.
    pub(crate) fn name_ban(&self, name: &str) -> Option<String> {
        self.ban_where(|ban| ban.who.is_name(name))
    }

    /// What somebody is told who is banned, by their name or by where they are; a superuser has no name for that.
    pub(crate) fn ban_of(&self, account: Option<&Account>, address: &str) -> Option<String> {
        let account = account.filter(|account| !account.is_superuser);
        account.and_then(|account| self.name_ban(account.name())).or_else(|| self.address_ban(address))
    }

    fn ban_where(&self, meant: impl Fn(&Ban) -> bool) -> Option<String> {
        let now = self.now;
        let bans = self.records::<Ban>().map(|(_, ban)| ban);
        let mut bans = bans.filter(|ban| ban.until.is_none_or(|until| until > now));
        bans.find(|ban| meant(ban)).map(|ban| told(ban, now))
    }
}

fn told(ban: &Ban, now: Time) -> String {
    let mut told = String::from("|rYou have been banned and cannot continue from here.|n");
    if !ban.reason.is_empty() {
        told.push_str(&format!(" Reason: {}", text::escape(&ban.reason)));
    }
    if let Some(until) = ban.until {
        told.push_str(&format!("\nIt ends in {}.", text::span(until.since(now))));
    }
    told
}

/// Whether a mask is one of an address: an address or network, or digits and dots with a `*`.
fn is_address(mask: &str) -> bool {
    let pattern = mask.contains('*')
        && mask.contains(['.', ':'])
        && mask.chars().all(|c| c.is_ascii_digit() || ".*".contains(c))
        || mask.contains(':') && mask.chars().all(|c| c.is_ascii_hexdigit() || ":.*".contains(c));
    network(mask).is_some() || pattern
}

/// An address as a network of itself alone, or `192.0.2.0/24`.
fn network(mask: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = match mask.split_once('/') {
        Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
        None => (mask, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let length = length.unwrap_or(bits);
    (length <= bits).then_some((address, length))
}

/// Whether an address is in a network; an IPv4 address and one that maps to it (RFC 4291, 2.5.5.2) are the same.
fn is_within(address: IpAddr, network: IpAddr, length: u32) -> bool {
    if address.is_ipv4() && network.is_ipv6() && network.to_canonical().is_ipv6() && length > 0 {
        return false;
    }
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => Ipv6Addr::to_bits(address),
    };
    let length = if network.is_ipv4() { length + 96 } else { length };
    let shift = 128 - length;
    shift == 128 || bits(address) >> shift == bits(network) >> shift
}

/// Whether a text fits a pattern in which `*` stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text, expected) in [
            ("bob", "bob", true),
            ("bob", "bobby", false),
            ("bob*", "bob", true),
            ("*b*b*", "bob", true),
            ("*bb", "bob", false),
            ("b*b", "b", false),
            ("*", "", true),
            ("a*b*c", "axxbxc", true),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn addresses_are_told_from_names_and_held_against_addresses() {
        for (mask, address, expected) in [
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.70", false),
            ("192.0.2.*", "192.0.2.70", true),
            ("192.0.2.0/25", "192.0.2.127", true),
            ("192.0.2.0/25", "192.0.2.128", false),
            ("192.0.2.7", "::ffff:192.0.2.7", true),
            ("0.0.0.0/0", "198.51.100.1", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "192.0.2.1", true),
            ("2001:db8::/32", "2001:db8:1::9", true),
            ("2001:db8::/32", "2001:db9::9", false),
            ("2001:DB8::9", "2001:db8:0::9", true),
            ("2001:db8:*", "2001:db8::9", true),
            ("::/96", "192.0.2.1", false),
        ] {
            let ban = Banned::new(mask);
            assert_eq!(ban, Banned::Address(mask.to_owned()));
            assert_eq!(ban.is_address(address), expected, "{mask} {address}");
            assert!(!ban.is_name(address));
        }
        for name in ["bob", "b*", "10.b", "dead", "*", "192.0.2.0/33"] {
            assert_eq!(Banned::new(name), Banned::Account(name.to_owned()));
        }
        assert!(Banned::new("BO*").is_name("bob"));
    }
}
