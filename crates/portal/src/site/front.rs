//! What the pages of a game say, found out at each visit. The web listener asks for pages here.

use std::sync::Arc;

use meadow_protocol::telnet::MsspSource;
use minijinja::{Value, value::Serde};
use serde::Serialize;

use super::{
    Host, Rendered,
    facts::{self, Described, Fact, Links},
    players::{Lookout, Players},
    templates::Templates,
    ways::{self, Ways},
};
use crate::{
    Guests, PortalConfig, Registration, SiteSettings, listen::files::Files, service::ServiceRegistry,
    sessionhandler::PortalSessionHandler,
};

/// The site of one game.
pub(crate) struct Site {
    game: Game,
    settings: SiteSettings,
    ssh_guests: bool,
    registry: Arc<ServiceRegistry>,
    lookout: Lookout,
    mssp: Option<Arc<dyn MsspSource>>,
    templates: Templates,
}

/// Who reads a page, and where.
#[derive(Debug, Clone, Default)]
pub(crate) struct Visit {
    /// The host that the browser asked for.
    pub(crate) host: Option<Host>,
    /// Whether the browser came inside TLS.
    pub(crate) encrypted: bool,
    /// The page's own path: `/signin`.
    pub(crate) path: String,
    /// Who has signed in, if anybody has.
    pub(crate) visitor: Option<Visitor>,
}

/// Somebody who has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Visitor {
    /// The account's name.
    pub(crate) name: String,
    pub(crate) superuser: bool,
    /// Names of the characters that it has.
    pub(crate) characters: Vec<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Game {
    name: String,
    description: String,
    version: String,
}

/// All that a template finds, besides what its own page adds. `docs/site.md` describes it.
#[derive(Serialize)]
struct Values<'a, E> {
    game: &'a Game,
    meadow: &'static str,
    players: Players,
    ways: Ways,
    ssh_keys: Vec<String>,
    ssh_guests: bool,
    registration: bool,
    facts: Vec<Fact>,
    links: Links,
    account: &'a Option<Visitor>,
    path: &'a str,
    base: &'a str,
    structured: serde_json::Value,
    page: E,
}

impl Site {
    pub(crate) fn new(
        config: &PortalConfig,
        files: Arc<Files>,
        registry: Arc<ServiceRegistry>,
        handler: Arc<PortalSessionHandler>,
    ) -> Site {
        Site {
            game: Game {
                name: config.game_name.clone(),
                description: config.site.description.clone(),
                version: config.version.clone(),
            },
            ssh_guests: config.ssh.as_ref().is_some_and(|ssh| ssh.guests == Guests::Welcome),
            registry,
            lookout: Lookout::new(handler, config.site.players),
            mssp: config.telnet_settings.mssp.clone(),
            templates: Templates::new(files),
            settings: config.site.clone(),
        }
    }

    /// A page, with what it shows besides what all pages do. Files are read.
    pub(crate) fn page(&self, name: &str, visit: &Visit, page: impl Serialize) -> Rendered {
        let host = ways::host_of(&self.settings, visit.host.as_ref());
        let mut ways = ways::ways(&self.settings, &self.registry.statuses(), host.as_ref());
        if visit.encrypted {
            ways.https.clear();
        }
        let scheme = if visit.encrypted { "https" } else { "http" };
        let base = visit.host.as_ref().map_or_else(|| "/".to_owned(), |host| format!("{scheme}://{host}/"));
        let players = self.lookout.players();
        let described =
            Described { name: &self.game.name, settings: &self.settings, players: &players, base: &base };
        let values = Values {
            game: &self.game,
            meadow: env!("CARGO_PKG_VERSION"),
            ssh_keys: if ways.ssh.is_empty() { Vec::new() } else { self.registry.host_keys() },
            ssh_guests: self.ssh_guests,
            registration: self.registers(),
            facts: facts::facts(&self.settings),
            links: facts::links(&self.settings),
            account: &visit.visitor,
            path: &visit.path,
            base: &base,
            structured: facts::structured(&described),
            players,
            ways,
            page,
        };
        self.templates.render(name, &Value::from(Serde(&values)))
    }

    /// Whether visitors can make accounts.
    pub(crate) fn registers(&self) -> bool {
        self.settings.registration == Registration::Open
    }

    /// What lists of games are told; nothing where they are to be told nothing.
    pub(crate) fn mssp(&self) -> Option<serde_json::Value> {
        self.mssp.as_ref().map(|table| facts::mssp(table.table()))
    }
}
