//! What a Portal is told before it starts. The launcher fills it from `meadow.toml`.

use std::{
    ffi::OsString,
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use meadow_protocol::{ssh::TerminalSettings, telnet::TelnetSettings, web::Negotiation};

use crate::address::Network;

/// Everything a Portal needs to know. [`PortalConfig::new`] gives one without listeners.
#[derive(Debug, Clone)]
pub struct PortalConfig {
    /// Name of the game, as the web page shows it.
    pub game_name: String,
    /// Version of the program, as `status` shows it.
    pub version: String,
    /// Where telnet listens; `None` switches it off. Port 0 takes any free one.
    pub telnet: Option<Vec<SocketAddr>>,
    /// Settings that every telnet session shares.
    pub telnet_settings: TelnetSettings,
    /// Whether clients of telnet may ask for TLS (START_TLS), where there is a service inside TLS.
    pub start_tls: bool,
    /// What the operator tells lists of games of this one (MSSP), by the variables' official names; it takes the
    /// place of what the Portal would say itself. `None`: nothing is told at all.
    pub mssp: Option<Vec<(String, Vec<String>)>>,
    /// Where the web page and its websocket are served; `None` switches them off.
    pub web: Option<Vec<SocketAddr>>,
    /// Where telnet inside TLS listens.
    pub tls: Option<TlsListen>,
    /// Where the web page and its websocket are served inside TLS.
    pub web_tls: Option<TlsListen>,
    /// Where SSH listens. A program that is built without it does without.
    pub ssh: Option<SshListen>,
    /// What clients of TLS are shown.
    pub certificate: Certificate,
    /// Networks of proxies that are believed when they say for whom they connect or ask.
    pub trusted_proxies: Vec<Network>,
    /// Origins besides the page's own from which a browser may open the websocket.
    pub allowed_origins: Vec<String>,
    /// What becomes of websocket clients that speak no language of ours.
    pub websocket_negotiation: Negotiation,
    /// Whether browsers without websockets may play, by requests to `/webclientdata`.
    pub ajax: bool,
    /// What the site says of the game.
    pub site: SiteSettings,
    /// How often clients of websockets are pinged. Zero: never.
    pub websocket_keepalive: Duration,
    /// Whether messages of websockets may be compressed (RFC 7692).
    pub websocket_compression: bool,
    /// For how long browsers that came inside TLS are to come by no other way (RFC 6797). Zero: nothing is said of it.
    pub strict_transport: Duration,
    /// The unix socket of the link.
    pub link_socket: PathBuf,
    /// Folder of what must survive: the reserved session ids.
    pub data_dir: PathBuf,
    /// Folder of a game's own files for browsers, which come before ours. It need not be there.
    pub web_dir: PathBuf,
    /// Folder of the log files, for staff who read them on a page; `None` where the log goes to a terminal.
    pub logs: Option<PathBuf>,
    /// The settings in force, for staff who look at them on a page; secrets are masked.
    pub settings: Vec<ShownSetting>,
    /// How the database is copied, for staff who ask for it on a page.
    pub backup: Option<Backup>,
    /// Folder of what lives as long as the Portal: lock and pid file. Made with mode 0700.
    pub run_dir: PathBuf,
    /// How the Server is started.
    pub server: ServerCommand,
    /// How much of everything.
    pub limits: Limits,
}

impl PortalConfig {
    /// A Portal for the game in `dir`, without listeners and with the default limits.
    pub fn new(game_name: impl Into<String>, dir: &Path, server: ServerCommand) -> PortalConfig {
        PortalConfig {
            game_name: game_name.into(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            telnet: None,
            telnet_settings: TelnetSettings::default(),
            start_tls: true,
            mssp: Some(Vec::new()),
            web: None,
            tls: None,
            web_tls: None,
            ssh: None,
            certificate: Certificate::SelfSigned,
            trusted_proxies: Vec::new(),
            allowed_origins: Vec::new(),
            websocket_negotiation: Negotiation::default(),
            ajax: true,
            site: SiteSettings::default(),
            websocket_keepalive: Duration::from_secs(30),
            websocket_compression: true,
            strict_transport: Duration::ZERO,
            link_socket: dir.join("run/link.sock"),
            data_dir: dir.join("data"),
            web_dir: dir.join("web"),
            logs: None,
            settings: Vec::new(),
            backup: None,
            run_dir: dir.join("run"),
            server,
            limits: Limits::default(),
        }
    }

    /// A Portal of a game that is nowhere.
    #[cfg(test)]
    pub(crate) fn for_tests() -> PortalConfig {
        let (args, env) = (Vec::new(), Vec::new());
        let server = ServerCommand { program: "true".into(), args, env, output: ServerOutput::Inherit };
        PortalConfig::new("A Meadow", Path::new("/nowhere"), server)
    }
}

/// What the site says of the game, besides what the Portal knows by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SiteSettings {
    /// The game in a sentence or two; empty if nobody has said any.
    pub description: String,
    /// Whether visitors read the names of those who are playing, or only how many they are.
    pub players: ShownPlayers,
    /// Whether visitors can make accounts.
    pub registration: Registration,
    /// What the operator says of the game by MSSP's names, whether or not lists of games are told.
    pub facts: Vec<(String, Vec<String>)>,
}

/// What visitors of the site are told of those who are playing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShownPlayers {
    /// Their accounts' names.
    #[default]
    Names,
    /// How many they are.
    Count,
}

/// Whether people can make accounts by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Registration {
    /// They can.
    #[default]
    Open,
    /// Only staff makes accounts.
    Closed,
}

/// A setting, as staff are shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownSetting {
    /// `section.key`.
    pub name: String,
    /// Its value, as the file of settings has it.
    pub value: String,
    /// Where the value comes from.
    pub origin: String,
}

/// Copies the database of a game that may run; see [`PortalConfig::backup`].
#[derive(Clone)]
pub struct Backup {
    make: Arc<dyn Fn() -> Result<PathBuf, String> + Send + Sync>,
    folder: Option<PathBuf>,
}

impl Backup {
    /// `make` copies it and says where the copy is, or why there is none. It may take its time.
    pub fn new(make: impl Fn() -> Result<PathBuf, String> + Send + Sync + 'static) -> Backup {
        Backup { make: Arc::new(make), folder: None }
    }

    /// Says where the copies are, so that staff can be told how old the newest is.
    #[must_use]
    pub fn kept_in(self, folder: PathBuf) -> Backup {
        Backup { folder: Some(folder), ..self }
    }

    pub(crate) fn make(&self) -> Result<PathBuf, String> {
        (self.make)()
    }

    /// The copy that was made last, whoever made it, with when and its size in bytes. It reads a folder.
    pub(crate) fn newest(&self) -> Option<(PathBuf, SystemTime, u64)> {
        let files = std::fs::read_dir(self.folder.as_ref()?).ok()?.flatten().map(|entry| entry.path());
        let copies = files.filter(|path| path.extension().is_some_and(|ending| ending == "db"));
        let dated = copies.filter_map(|path| {
            let meta = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
            Some((path, meta.modified().ok()?, meta.len()))
        });
        dated.max_by_key(|(_, made, _)| *made)
    }
}

impl fmt::Debug for Backup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Backup(..)")
    }
}

/// Where a service inside TLS listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsListen {
    /// Where. Port 0 takes any free one.
    pub addresses: Vec<SocketAddr>,
    /// What to do if an address is taken.
    pub if_taken: IfTaken,
}

/// Where SSH listens, and how.
#[derive(Debug, Clone)]
pub struct SshListen {
    /// Where. Port 0 takes any free one.
    pub addresses: Vec<SocketAddr>,
    /// What to do if an address is taken.
    pub if_taken: IfTaken,
    /// Whether strangers come to the login screen.
    pub guests: Guests,
    /// Settings that every session shares.
    pub terminal: TerminalSettings,
}

/// Whether `ssh guest@...` leads to the login screen, where accounts are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guests {
    /// It does, without a password.
    Welcome,
    /// Only who has an account comes in.
    None,
}

/// What to do if an address is taken by another program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfTaken {
    /// Not to start: the operator has chosen it.
    Fail,
    /// To do without it, and say so in the log: nobody has chosen it, it is a default.
    GoWithout,
}

/// What clients of TLS are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificate {
    /// A certificate that nobody vouches for. It is made at the first start and kept in `tls` in the
    /// data folder.
    SelfSigned,
    /// These files, both PEM; they are read again when they change.
    Files {
        /// The certificate, followed by those that vouch for it.
        certificate: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
}

/// The command that starts a Server process. It is run in a process group of its own, so that a
/// Ctrl-C at the terminal reaches the Portal alone, which then stops the Server in order.
#[derive(Debug, Clone)]
pub struct ServerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Variables added to its environment.
    pub env: Vec<(OsString, OsString)>,
    /// Where its output goes.
    pub output: ServerOutput,
}

/// Where the Server's standard output and error go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerOutput {
    /// To the Portal's own.
    Inherit,
    /// Appended to this file.
    File(PathBuf),
}

/// How much of everything a Portal takes. A limit is the largest value that is still allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections at one time. The open-file limit of the process may lower it.
    pub connections: usize,
    /// Connections at one time from one address. Generous, because a proxy is one address.
    pub connections_per_address: usize,
    /// Connections at one time that have not logged in.
    pub not_logged_in: usize,
    /// How long a connection may take to log in.
    pub login_time: Duration,
    /// Inputs that one session may have waiting; past it the client is not read.
    pub input_queue_lines: usize,
    /// Bytes of text that one session may have waiting; past it the client is not read.
    pub input_queue_bytes: usize,
    /// Inputs of one session that the Server may have without having answered.
    pub in_flight: usize,
    /// Bytes that may wait for a client that does not read; past it the client is cut.
    pub output_queue_bytes: usize,
    /// Inputs a second that one session may send ahead of the answers, and as many at once. 0: no limit.
    pub commands_per_second: u32,
    /// HTTP connections at one time, those of all web listeners together, not counting websockets. The open-file limit
    /// of the process may lower it.
    pub http_connections: usize,
    /// How long a session whose connection broke waits for its client, if that has a ticket. Zero: not at all, and
    /// nobody is given a ticket.
    pub resume_time: Duration,
    /// Sessions at one time that wait for their clients. They count as connections, too.
    pub detached: usize,
    /// Those of one address.
    pub detached_per_address: usize,
    /// Bytes that may wait for the Server; past it clients are not read.
    pub link_buffer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 20_000,
            connections_per_address: 2_000,
            not_logged_in: 4_000,
            login_time: Duration::from_secs(600),
            input_queue_lines: 500,
            input_queue_bytes: 64 * 1024,
            in_flight: 16,
            output_queue_bytes: 1024 * 1024,
            commands_per_second: 80,
            http_connections: 1024,
            resume_time: Duration::from_secs(120),
            detached: 4_000,
            detached_per_address: 500,
            link_buffer_bytes: 8 * 1024 * 1024,
        }
    }
}
