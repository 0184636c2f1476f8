//! A game, as its `main` describes it: a name, what fills its world, what it adds to the Portal.
//! The launcher takes it from here.

use meadow_portal::PortalServices;
use meadow_server::ServerServices;
use meadow_world::WorldBuilder;

/// What fills the world of a game: registers its commands, typeclasses and inputfuncs, and says what a
/// new world begins with. Run in the Server process.
pub type Setup = fn(&mut WorldBuilder);

/// What a game adds to the Portal: protocols and services of its own. Called in every process, to know the names;
/// what it adds runs in the Portal.
pub type PortalSetup = fn(PortalServices) -> PortalServices;

/// What a game adds to the Server: services beside the world. Called in every process, to know the names; what it
/// adds runs in the Server.
pub type ServerSetup = fn(ServerServices) -> ServerServices;

/// A game. Its `main` is one line:
///
/// ```no_run
/// # fn setup(_: &mut meadow_world::WorldBuilder) {}
/// fn main() -> std::process::ExitCode {
///     meadow::launch(meadow::Game::new("A Meadow").world(setup))
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Game {
    /// What players call it. `game.name` in `meadow.toml` may say otherwise.
    pub name: String,
    /// Version of the game, as `status` and `--version` show it.
    pub version: String,
    /// What fills its world.
    pub setup: Setup,
    /// What it adds to the Portal.
    pub portal_setup: PortalSetup,
    /// What it adds to the Server.
    pub server_setup: ServerSetup,
}

impl Game {
    /// A game of this name, with an empty world.
    pub fn new(name: impl Into<String>) -> Game {
        Game {
            name: name.into(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            setup: |_| (),
            portal_setup: |services| services,
            server_setup: |services| services,
        }
    }

    /// What fills the world.
    pub fn world(mut self, setup: Setup) -> Game {
        self.setup = setup;
        self
    }

    /// What the game adds to the Portal: `|portal| portal.protocol("json-lines", 4010, JsonLines::new)`.
    pub fn portal(mut self, setup: PortalSetup) -> Game {
        self.portal_setup = setup;
        self
    }

    /// What the game adds to the Server: `|server| server.service("chimes", chimes)`.
    pub fn server(mut self, setup: ServerSetup) -> Game {
        self.server_setup = setup;
        self
    }

    /// The game's own version, usually `env!("CARGO_PKG_VERSION")`.
    pub fn version(mut self, version: impl Into<String>) -> Game {
        self.version = version.into();
        self
    }
}
