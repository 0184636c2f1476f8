//! What lists of games are told of this one (MSSP). Telnet asks for the table when a crawler does; the
//! `PortalSessionHandler` keeps the figures in it that change.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use meadow_link::{Kwargs, Time};
use meadow_protocol::telnet::{Mccp, MsspSource, TelnetSettings};

use crate::{PortalConfig, admission::Players};

/// Variables of the specification that count what is in the world. The Server counts some of them.
const WORLD: [&str; 9] =
    ["AREAS", "HELPFILES", "MOBILES", "OBJECTS", "ROOMS", "CLASSES", "LEVELS", "RACES", "SKILLS"];

/// What is to say "yes" or "no" of protocols that are not spoken here: those of the specification's older versions.
const NOT_SPOKEN: [&str; 6] = ["VT100", "ATCP", "MCP", "MSP", "PUEBLO", "ZMP"];

/// What is sent where the operator has not said otherwise: the crawler's own pace, and no known family.
const UNLESS_TOLD: [(&str, &str); 2] = [("CRAWL DELAY", "-1"), ("FAMILY", "Custom")];

/// Figures that change while the game runs.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    players: Players,
    census: Mutex<Kwargs>,
}

impl Figures {
    pub(crate) fn new(players: Players) -> Figures {
        Figures { players, census: Mutex::default() }
    }

    /// The Server has counted what is in the world.
    pub(crate) fn counted(&self, census: Kwargs) {
        *self.census.lock().unwrap_or_else(PoisonError::into_inner) = census;
    }
}

/// Where telnet and telnet inside TLS listen, the primary port first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ports {
    pub(crate) telnet: Vec<u16>,
    pub(crate) tls: Vec<u16>,
}

/// The table.
#[derive(Debug)]
pub(crate) struct MsspTable {
    name: String,
    started: Time,
    /// What the settings in force make true.
    settled: Vec<(String, Vec<String>)>,
    /// What the operator says; it takes the place of what would be said otherwise.
    operator: Vec<(String, Vec<String>)>,
    figures: Arc<Figures>,
    ports: OnceLock<Ports>,
}

impl MsspTable {
    /// Makes the table, if there is to be one, and has telnet answer with it. Its ports are not known yet.
    pub(crate) fn install(
        config: &mut PortalConfig,
        started: Time,
        figures: &Arc<Figures>,
    ) -> Option<Arc<MsspTable>> {
        let operator = config.mssp.as_deref()?;
        let table = Arc::new(MsspTable::new(config, operator, started, Arc::clone(figures)));
        config.telnet_settings.mssp = Some(Arc::clone(&table) as Arc<dyn MsspSource>);
        Some(table)
    }

    fn new(
        config: &PortalConfig,
        operator: &[(String, Vec<String>)],
        started: Time,
        figures: Arc<Figures>,
    ) -> MsspTable {
        MsspTable {
            name: config.game_name.clone(),
            started,
            settled: settled(&config.telnet_settings),
            operator: operator.to_vec(),
            figures,
            ports: OnceLock::new(),
        }
    }

    /// The listeners have their ports.
    pub(crate) fn listens(&self, ports: Ports) {
        // They are told once.
        let _ = self.ports.set(ports);
    }

    /// The last of several is the one that a client should take.
    fn ports(&self, of: impl FnOnce(&Ports) -> &Vec<u16>) -> Vec<String> {
        let mut last = Vec::new();
        for port in self.ports.get().map(of).into_iter().flatten() {
            let port = port.to_string();
            if !last.contains(&port) {
                last.insert(0, port);
            }
        }
        last
    }

    fn census(&self) -> Vec<(String, Vec<String>)> {
        let census = self.figures.census.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = |name: &&str| {
            let count = census.get(&name.to_ascii_lowercase())?.as_u64()?;
            Some(((*name).to_owned(), vec![count.to_string()]))
        };
        WORLD.iter().filter_map(counted).collect()
    }
}

impl MsspSource for MsspTable {
    fn table(&self) -> Vec<(String, Vec<String>)> {
        let one = |name: &str, value: String| (name.to_owned(), vec![value]);
        let mut ssl = self.ports(|ports| &ports.tls);
        if ssl.is_empty() {
            ssl.push("0".to_owned());
        }
        let mut table = vec![
            one("NAME", self.name.clone()),
            one("PLAYERS", self.figures.players.count().to_string()),
            one("UPTIME", (self.started.micros() / 1_000_000).to_string()),
            ("PORT".to_owned(), self.ports(|ports| &ports.telnet)),
            ("SSL".to_owned(), ssl),
            one("CODEBASE", format!("Meadow {}", env!("CARGO_PKG_VERSION"))),
        ];
        table.extend(UNLESS_TOLD.map(|(name, value)| one(name, value.to_owned())));
        table.extend(self.census());
        table.extend(self.settled.iter().cloned());
        for (name, values) in &self.operator {
            match table.iter_mut().find(|(known, _)| known == name) {
                Some((_, told)) => told.clone_from(values),
                None => table.push((name.clone(), values.clone())),
            }
        }
        table.retain(|(_, values)| !values.is_empty());
        table
    }
}

/// The protocols that are spoken with these settings.
fn settled(settings: &TelnetSettings) -> Vec<(String, Vec<String>)> {
    let utf8 = settings.charsets.iter().any(|name| name.eq_ignore_ascii_case("utf-8"));
    let spoken = [
        ("ANSI", true),
        ("UTF-8", utf8 || settings.flags.encoding.eq_ignore_ascii_case("utf-8")),
        ("XTERM 256 COLORS", true),
        ("XTERM TRUE COLORS", true),
        ("GMCP", true),
        ("MSDP", true),
        ("MCCP", settings.mccp != Mccp::Never),
        ("MXP", settings.mxp),
    ];
    let flag = |(name, is): (&str, bool)| (name.to_owned(), vec![u8::from(is).to_string()]);
    // The best is the last.
    let charsets = settings.charsets.iter().rev().map(ToString::to_string).collect();
    let mut settled = vec![("CHARSET".to_owned(), charsets)];
    settled.extend(spoken.into_iter().chain(NOT_SPOKEN.map(|name| (name, false))).map(flag));
    settled
}

#[cfg(test)]
mod tests {
    use meadow_link::tuple;

    use super::*;

    fn table(config: &PortalConfig, operator: &[(&str, &[&str])], ports: Ports) -> Vec<(String, String)> {
        let figures = Arc::new(Figures::default());
        figures
            .counted(tuple("").kw("rooms", 12).kw("objects", 0).kw("exits", 9).kw("skills", "many").kwargs);
        let own = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let operator: Vec<_> =
            operator.iter().map(|(name, values)| ((*name).to_owned(), own(values))).collect();
        let started = Time::from_unix_seconds(1_795_252_343.627);
        let table = MsspTable::new(config, &operator, started, figures);
        table.listens(ports);
        table.table().into_iter().map(|(name, values)| (name, values.join("|"))).collect()
    }

    fn value<'a>(table: &'a [(String, String)], name: &str) -> Option<&'a str> {
        let mut found = table.iter().filter(|(known, _)| known == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} is told twice");
        value
    }

    #[test]
    fn what_is_known_is_true_and_the_rest_is_left_out() {
        let ports = Ports { telnet: vec![4000, 4001, 4000], tls: vec![4003] };
        let table = table(&PortalConfig::for_tests(), &[], ports);
        for (name, want) in [
            ("NAME", Some("A Meadow")),
            ("PLAYERS", Some("0")),
            ("UPTIME", Some("1795252343")),
            ("PORT", Some("4001|4000")),
            ("SSL", Some("4003")),
            ("CODEBASE", Some(concat!("Meadow ", env!("CARGO_PKG_VERSION")))),
            ("FAMILY", Some("Custom")),
            ("CRAWL DELAY", Some("-1")),
            ("ROOMS", Some("12")),
            ("OBJECTS", Some("0")),
            ("SKILLS", None),
            ("EXITS", None),
            ("MINIMUM AGE", None),
            ("CHARSET", Some("US-ASCII|ISO-8859-1|UTF-8")),
            ("UTF-8", Some("1")),
            ("XTERM TRUE COLORS", Some("1")),
            ("MCCP", Some("1")),
            ("MXP", Some("1")),
            ("VT100", Some("0")),
            ("MSP", Some("0")),
        ] {
            assert_eq!(value(&table, name), want, "{name}");
        }
    }

    #[test]
    fn the_settings_in_force_are_told() {
        let mut config = PortalConfig::for_tests();
        (config.telnet_settings.mccp, config.telnet_settings.mxp) = (Mccp::Never, false);
        let table = table(&config, &[], Ports { telnet: vec![4000], tls: Vec::new() });
        assert_eq!((value(&table, "MCCP"), value(&table, "MXP")), (Some("0"), Some("0")));
        assert_eq!(value(&table, "SSL"), Some("0"));
    }

    #[test]
    fn what_the_operator_says_counts() {
        let operator: [(&str, &[&str]); 4] = [
            ("FAMILY", &["Evennia"]),
            ("PORT", &["23"]),
            ("GAMEPLAY", &["Roleplaying", "Adventure"]),
            ("CONTACT", &[]),
        ];
        let table =
            table(&PortalConfig::for_tests(), &operator, Ports { telnet: vec![4000], tls: Vec::new() });
        assert_eq!((value(&table, "FAMILY"), value(&table, "PORT")), (Some("Evennia"), Some("23")));
        assert_eq!(value(&table, "GAMEPLAY"), Some("Roleplaying|Adventure"));
        assert_eq!(value(&table, "CONTACT"), None);
    }
}
