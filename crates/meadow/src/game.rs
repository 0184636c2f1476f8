//! A game, as its `main` describes it: a name, what fills its world, what it adds to the Portal.
//! The launcher takes it from here.

use meadow_portal::PortalServices;
use meadow_server::ServerServices;
use meadow_world::WorldBuilder;

/// What fills the world of a game: registers its commands, typeclasses and inputfuncs, and says what a
/// new world begins with. Run in the Server process.
///
/// ```
/// use meadow::{Setup, WorldBuilder};
///
/// fn setup(world: &mut WorldBuilder) {
///     world.connection_screen("Welcome!");
/// }
///
/// let setup: Setup = setup;
/// ```
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
    ///
    /// ```
    /// # use meadow::{CommandTuple, Flags, Outbox, Protocol, Render, Time};
    /// # #[derive(Default)]
    /// # struct Lines(Flags);
    /// # impl Protocol for Lines {
    /// #     fn key(&self) -> &'static str { "lines" }
    /// #     fn flags(&self) -> &Flags { &self.0 }
    /// #     fn set_flags(&mut self, flags: Flags) { self.0 = flags; }
    /// #     fn connect(&mut self, _: Time, out: &mut Outbox) { out.ready(); }
    /// #     fn receive(&mut self, _: Time, _: &[u8], _: &mut Outbox) {}
    /// #     fn send_text(&mut self, _: &CommandTuple, _: &mut Render<'_>, _: &mut Outbox) {}
    /// #     fn send_prompt(&mut self, _: &CommandTuple, _: &mut Render<'_>, _: &mut Outbox) {}
    /// #     fn send_default(&mut self, _: &CommandTuple, _: &mut Outbox) {}
    /// #     fn disconnect(&mut self, _: &str, _: &mut Outbox) {}
    /// # }
    /// let game = meadow::Game::new("Telegraph").portal(|portal| portal.protocol("lines", 4010, Lines::default));
    /// ```
    pub fn portal(mut self, setup: PortalSetup) -> Game {
        self.portal_setup = setup;
        self
    }

    /// What the game adds to the Server: `|server| server.service("chimes", chimes)`.
    ///
    /// ```
    /// use meadow::{Game, ServiceEnd, WorldHandle};
    ///
    /// async fn chimes(world: WorldHandle) -> ServiceEnd {
    ///     world.run(|world| world.msg_all("A bell tolls.")).await?;
    ///     Ok(())
    /// }
    ///
    /// let game = Game::new("Bells").server(|server| server.service("chimes", chimes));
    /// ```
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
