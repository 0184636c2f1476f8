//! Settings of the services that a game brings along: a section `[services.NAME]` for each, beside the settings
//! that every game has. The launcher asks the game which services there are.

use std::{borrow::Cow, net::SocketAddr};

use meadow_portal::OwnService;
use serde::Deserialize;

use super::{
    Config, Listen, SECTIONS, SETTINGS,
    setting::{Section, Setting},
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigError, Settings, Sources, default_file};

    fn services() -> Vec<OwnService> {
        let listen = Some(SocketAddr::from(([127, 0, 0, 1], 4010)));
        let own = |name: &str, listen| OwnService { name: name.to_owned(), listen };
        vec![own("json-lines", listen), own("clock", None)]
    }

    fn load(file: &str, environment: &[(&str, &str)], overrides: &[&str]) -> Result<Settings, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("meadow.toml");
        std::fs::write(&path, file).unwrap();
        Settings::load(&Sources {
            game_name: "A Meadow".into(),
            services: services(),
            file: path,
            environment: environment
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
            overrides: overrides.iter().map(|text| text.to_string()).collect(),
        })
    }

    fn addresses(settings: &Settings) -> Vec<String> {
        let listeners = settings.config().unwrap().service_listeners("json-lines").unwrap();
        listeners.iter().map(SocketAddr::to_string).collect()
    }

    #[test]
    fn a_service_runs_where_the_game_has_it_run_unless_a_layer_says_otherwise() {
        let settings = load("", &[], &[]).unwrap();
        let config = settings.config().unwrap();
        assert!(config.runs("json-lines") && config.runs("clock"));
        assert_eq!(
            (addresses(&settings), config.service_listeners("clock")),
            (vec!["127.0.0.1:4010".into()], None)
        );

        let file = "[services.json-lines]\nlisten = [\"127.0.0.1:1\", \"[::1]:1\"]\n[services.clock]\nenabled = false\n";
        let settings = load(file, &[], &[]).unwrap();
        assert_eq!(addresses(&settings), ["127.0.0.1:1", "[::1]:1"]);
        assert!(!settings.config().unwrap().runs("clock"));
        assert_eq!(settings.origin("services.clock.enabled").unwrap().1.to_string(), "meadow.toml, line 4");
        // What is shown is a file that means the same.
        let shown = load(&settings.render(), &[], &[]).unwrap();
        assert_eq!(shown.config().unwrap(), settings.config().unwrap());

        let variable = [("MEADOW_SERVICES_JSON_LINES_LISTEN", "127.0.0.1:2")];
        assert_eq!(addresses(&load(file, &variable, &[]).unwrap()), ["127.0.0.1:2"]);
        let set = ["services.json-lines.listen=127.0.0.1:3", "network.public=true"];
        assert_eq!(addresses(&load(file, &variable, &set).unwrap()), ["0.0.0.0:3"]);
    }

    #[test]
    fn the_default_file_has_a_section_for_each() {
        let file = default_file("A Meadow", &services());
        assert!(file.contains("[services.json-lines]\n# Whether it runs.\n#enabled = true\n"), "{file}");
        let untouched = load(&file, &[], &[]).unwrap().config().unwrap();
        assert_eq!(untouched, load("", &[], &[]).unwrap().config().unwrap());
    }

    #[test]
    fn what_no_service_has_is_told_with_what_was_meant() {
        for (file, set, parts) in [
            ("[services.json-line]\nenabled = true\n", None, ["line 1", "`services.json-lines`?"]),
            ("[services.json-lines]\nlisen = \"x\"\n", None, ["line 2", "`services.json-lines.listen`?"]),
            ("[services.clock]\nlisten = \"x\"\n", None, ["line 2", "`services.clock` has enabled"]),
            ("[services]\nclock = true\n", None, ["line 2", "`services.clock` has enabled"]),
            ("services = 1\n", None, ["line 1", "the sections are game, network"]),
            ("[service.clock]\nenabled = true\n", None, ["line 1", "the sections are game, network"]),
            ("", Some("services.clok.enabled=false"), ["--set", "`services.clock.enabled`?"]),
            (
                "[services.clock]\nenabled = 1\n",
                None,
                ["line 2", "`services.clock.enabled` must be true or false"],
            ),
        ] {
            let message = load(file, &[], set.as_slice()).unwrap_err().to_string();
            for part in parts {
                assert!(message.contains(part), "{part:?} is not in {message:?}");
            }
        }
        let misspelt = [("MEADOW_SERVICES_JSON_LINES_LISTN", "x")];
        let message = load("", &misspelt, &[]).unwrap_err().to_string();
        assert!(message.contains("MEADOW_SERVICES_JSON_LINES_LISTEN?"), "{message}");
    }
}
