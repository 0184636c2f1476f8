//! The settings of a game: where they come from and what they are in the end.
//!
//! The launcher loads [`Settings`] once per process and hands the typed [`Config`] to whatever it
//! starts. A setting is one row of [`SETTINGS`] and one field below; a test holds the two together.

mod error;
pub use error::ConfigError;

mod listen;
pub use listen::Listen;

mod settings;
pub use settings::{Origin, Settings, Sources};

mod suggest;

mod table;
pub use table::{SECTIONS, SETTINGS, Section, Setting, default_file};

mod value;
pub use value::Kind;

use std::{net::SocketAddr, path::PathBuf};

use serde::Deserialize;

/// Every setting, as a type. Each field is documented at its row of [`SETTINGS`], which is also what
/// the comments of `meadow.toml` are made from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct Config {
    pub game: GameSection,
    pub network: NetworkSection,
    pub telnet: TelnetSection,
    pub tls: TlsSection,
    pub web: WebSection,
    pub limits: LimitsSection,
    pub accounts: AccountsSection,
    pub client: ClientSection,
    pub store: StoreSection,
    pub log: LogSection,
}

/// `[game]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct GameSection {
    pub name: String,
}

/// `[network]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct NetworkSection {
    pub public: bool,
    pub trusted_proxies: Vec<String>,
}

/// `[telnet]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct TelnetSection {
    pub enabled: bool,
    pub listen: Listen,
    pub hold_ms: u32,
    pub keepalive_seconds: u32,
}

/// `[tls]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct TlsSection {
    pub enabled: bool,
    pub listen: Listen,
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// `[web]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct WebSection {
    pub enabled: bool,
    pub listen: Listen,
    pub tls: bool,
    pub tls_listen: Listen,
    pub allowed_origins: Vec<String>,
}

/// `[limits]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct LimitsSection {
    pub connections: u32,
    pub connections_per_address: u32,
    pub not_logged_in: u32,
    pub login_seconds: u32,
    pub line_length: u32,
    pub input_queue_lines: u32,
    pub input_queue_bytes: u32,
    pub in_flight: u32,
    pub output_queue_bytes: u32,
    pub commands_per_second: u32,
}

/// `[accounts]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct AccountsSection {
    pub registration: bool,
    pub logins_per_address: u32,
    pub creations_per_address: u32,
    pub min_password_length: u32,
}

/// `[client]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct ClientSection {
    pub width: u16,
    pub height: u16,
}

/// `[store]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct StoreSection {
    pub file: PathBuf,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct LogSection {
    pub level: String,
    pub color: Color,
}

/// Whether log lines on a terminal are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Config {
    /// Where telnet listens, with `network.public` taken into account; `None` when it is off.
    pub fn telnet_listeners(&self) -> Option<Vec<SocketAddr>> {
        self.telnet.enabled.then(|| self.telnet.listen.addresses(self.network.public))
    }

    /// Where telnet inside TLS listens, with `network.public` taken into account; `None` when it is off.
    pub fn tls_listeners(&self) -> Option<Vec<SocketAddr>> {
        self.tls.enabled.then(|| self.tls.listen.addresses(self.network.public))
    }

    /// Where the web server listens inside TLS, with `network.public` taken into account; `None` when it is off.
    pub fn web_tls_listeners(&self) -> Option<Vec<SocketAddr>> {
        (self.web.enabled && self.web.tls).then(|| self.web.tls_listen.addresses(self.network.public))
    }

    /// Where the web server listens, with `network.public` taken into account; `None` when it is off.
    pub fn web_listeners(&self) -> Option<Vec<SocketAddr>> {
        self.web.enabled.then(|| self.web.listen.addresses(self.network.public))
    }
}

#[cfg(test)]
mod tests;
