//! Starts the game: `cargo run`.

use std::process::ExitCode;

use meadow::Game;

fn main() -> ExitCode {
    meadow::launch(Game::new("A Meadow").world(a_meadow::setup).version(env!("CARGO_PKG_VERSION")))
}
