//! The settings of a game: where they come from and what they are in the end.
//!
//! The launcher loads [`Settings`] once per process and hands the typed [`Config`] to whatever it
//! starts. A setting is one row of [`SETTINGS`] and one field below; a test holds the two together.

mod error;
pub use error::ConfigError;

mod listen;
pub use listen::Listen;

mod own;
pub use own::ServiceSection;

mod setting;
pub use setting::{Section, Setting, default_file};

mod settings;
pub use settings::{Origin, Settings, Sources};

mod suggest;

mod table;
pub use table::{SECTIONS, SETTINGS};

mod texts;
pub use texts::Texts;

mod value;
pub use value::Kind;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

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
    pub gmcp: GmcpSection,
    pub tls: TlsSection,
    pub ssh: SshSection,
    pub web: WebSection,
    pub mssp: MsspSection,
    pub discord: DiscordSection,
    pub limits: LimitsSection,
    pub accounts: AccountsSection,
    pub client: ClientSection,
    pub store: StoreSection,
    pub log: LogSection,
    pub services: BTreeMap<String, ServiceSection>,
}

/// `[game]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct GameSection {
    pub name: String,
    pub description: String,
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
    pub charsets: Vec<String>,
    pub ascii_fallback: bool,
    pub mxp: bool,
    pub linemode: bool,
    pub start_tls: bool,
    pub mccp: Compression,
    pub oob: OobLanguage,
    pub gmcp_text_commands: bool,
}

/// Whether clients of telnet are offered compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// Not at all.
    Never,
    /// Outside TLS.
    Unencrypted,
    /// Everywhere.
    Always,
}

/// What clients hear that speak GMCP and MSDP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OobLanguage {
    /// GMCP.
    Gmcp,
    /// MSDP.
    Msdp,
    /// That which they used last.
    Recent,
}

/// `[gmcp]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct GmcpSection {
    pub aliases: BTreeMap<String, String>,
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

/// `[ssh]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct SshSection {
    pub enabled: bool,
    pub listen: Listen,
    pub guest: bool,
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
    pub resume_seconds: u32,
    pub keepalive_seconds: u32,
    pub compression: bool,
    pub hsts_seconds: u32,
    pub websocket_negotiation: WebsocketNegotiation,
    pub ajax: bool,
    pub show_players: bool,
}

/// What becomes of websocket clients that offer languages that are not spoken here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WebsocketNegotiation {
    /// They are refused.
    Strict,
    /// They are spoken to in `v1.evennia.com`.
    Legacy,
}

/// `[mssp]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct MsspSection {
    /// Whether anything is told.
    pub enabled: bool,
    /// The other rows of the section, by their keys.
    #[serde(flatten)]
    pub variables: BTreeMap<String, Texts>,
}

/// `[discord]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the rows of SETTINGS are the documentation, kept once")]
pub struct DiscordSection {
    pub invite_url: String,
    pub application_id: String,
    pub state: String,
    pub details: String,
    pub small_image: Texts,
    pub small_image_text: String,
    pub large_image: Texts,
    pub large_image_text: String,
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
    pub multisession: u8,
    pub max_characters: u32,
    pub max_simultaneous_puppets: u32,
    pub auto_create_character: bool,
    pub auto_puppet: bool,
    pub linkdead_seconds: u32,
    pub guests: u32,
    pub idle_seconds: u32,
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

    /// Where SSH listens; `None` when it is off.
    pub fn ssh_listeners(&self) -> Option<Vec<SocketAddr>> {
        self.ssh.enabled.then(|| self.ssh.listen.addresses(self.network.public))
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
