//! Settings of the services that a game brings along: a section `[services.NAME]` for each, beside the settings
//! that every game has. The launcher asks the game which services there are.

use std::{borrow::Cow, net::SocketAddr};

use meadow_portal::OwnService;
use serde::Deserialize;

use super::{
    Config, Listen, SECTIONS, SETTINGS,
    table::{Section, Setting},
    value::Kind,
};

/// What the sections of a game's own services begin with, as a table of TOML.
pub(super) const SERVICES: &str = "services";

/// `[services.NAME]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceSection {
    /// Whether it runs.
    pub enabled: bool,
    /// Where it listens; `None` for a service that does not.
    pub listen: Option<Listen>,
}

/// The settings of one game, and their sections, in the order of the file.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) sections: Vec<Section>,
    pub(super) settings: Vec<Setting>,
}

impl Table {
    /// What every game has, and then the game's own.
    pub(super) fn new(services: &[OwnService]) -> Table {
        let (mut sections, mut settings) = (SECTIONS.to_vec(), SETTINGS.to_vec());
        for OwnService { name, listen } in services {
            let section = format!("{SERVICES}.{name}");
            let doc = match listen {
                Some(_) => format!("The game's own listener {name:?}."),
                None => format!("The game's own service {name:?}."),
            };
            sections.push(Section { name: section.clone().into(), doc: doc.into() });
            settings.push(setting(&section, "enabled", Kind::Flag, "true".into(), "Whether it runs."));
            if let Some(address) = listen {
                let doc = "Address and port, or a list of them. Port 0 is any free one.";
                settings.push(setting(&section, "listen", Kind::Listen, address.to_string().into(), doc));
            }
        }
        Table { sections, settings }
    }

    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.settings.iter().position(|setting| setting.name() == name)
    }

    pub(super) fn has_section(&self, name: &str) -> bool {
        self.sections.iter().any(|section| section.name == name)
    }
}

fn setting(
    section: &str,
    key: &'static str,
    kind: Kind,
    default: Cow<'static, str>,
    doc: &'static str,
) -> Setting {
    Setting { section: section.to_owned().into(), key, kind, default, doc }
}

impl Config {
    /// Whether a service of the game's own runs.
    pub fn runs(&self, service: &str) -> bool {
        self.services.get(service).is_none_or(|section| section.enabled)
    }

    /// Where a service of the game's own listens, with `network.public` taken into account; `None` for one that
    /// does not.
    pub fn service_listeners(&self, service: &str) -> Option<Vec<SocketAddr>> {
        let listen = self.services.get(service)?.listen.as_ref()?;
        Some(listen.addresses(self.network.public))
    }
}
