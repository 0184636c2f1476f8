//! The services that a game brings along: which there are, and what the settings make of them.

use anyhow::bail;
use meadow_portal::{OwnService, PortalServices};
use meadow_server::ServerServices;

use crate::{Game, config::Config};

/// Names of services that every game has, or may have.
const TAKEN: [&str; 6] = ["telnet", "tls", "ssh", "web", "web-tls", "link"];

/// Longest name, in bytes: it is part of settings and stands in a column.
const MAX_NAME: usize = 32;

/// All of them, those of the Portal first.
pub(super) fn of(game: &Game) -> anyhow::Result<Vec<OwnService>> {
    let mut all = (game.portal_setup)(PortalServices::new()).list();
    let server = (game.server_setup)(ServerServices::new());
    all.extend(server.names().map(|name| OwnService { name: name.to_owned(), listen: None }));
    for (at, OwnService { name, .. }) in all.iter().enumerate() {
        if !is_name(name) {
            bail!(
                "{:?} has a service called {name:?}; such a name is made of a-z, 0-9 and dashes, and begins with a letter",
                game.name
            );
        }
        if TAKEN.contains(&name.as_str()) || all[..at].iter().any(|other| other.name == *name) {
            bail!(
                "{:?} has a service called {name:?}, and so is another; each needs a name of its own",
                game.name
            );
        }
    }
    Ok(all)
}

/// The Portal's, as the settings want them.
pub(super) fn of_portal(game: &Game, config: &Config) -> PortalServices {
    let mut services = (game.portal_setup)(PortalServices::new());
    for OwnService { name, .. } in services.list() {
        if !config.runs(&name) {
            services.switch_off(&name);
        }
        if let Some(addresses) = config.service_listeners(&name) {
            services.listen(&name, &addresses);
        }
    }
    services
}

/// The Server's, as the settings want them.
pub(super) fn of_server(game: &Game, config: &Config) -> ServerServices {
    let mut services = (game.server_setup)(ServerServices::new());
    let off: Vec<String> = services.names().filter(|name| !config.runs(name)).map(str::to_owned).collect();
    off.iter().for_each(|name| services.switch_off(name));
    services
}

/// Whether this can be the name of a section of the settings, and of variables.
fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_at_the_limit_and_others() {
        assert!(is_name("json-lines") && is_name("x2") && is_name(&"x".repeat(MAX_NAME)));
        for bad in ["", "JSON", "2x", "-x", "a.b", "a_b", "a b", "ä", &"x".repeat(MAX_NAME + 1)] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn a_name_is_given_once() {
        let waits =
            |game: Game| game.server(|services| services.service("clock", |_| std::future::pending()));
        let all = of(&waits(Game::new("A"))).unwrap();
        assert_eq!(all, [OwnService { name: "clock".into(), listen: None }]);
        let twice =
            waits(Game::new("A")).portal(|services| services.service("clock", |_| std::future::pending()));
        assert!(of(&twice).unwrap_err().to_string().contains("\"clock\""));
        let telnet = Game::new("A").portal(|services| services.service("telnet", |_| std::future::pending()));
        assert!(of(&telnet).is_err());
        let odd = Game::new("A").portal(|services| services.service("A clock", |_| std::future::pending()));
        assert!(of(&odd).unwrap_err().to_string().contains("a-z"));
    }
}
