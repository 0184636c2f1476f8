//! Starts the game: `cargo run`.

use std::process::ExitCode;

use meadow::Game;

fn main() -> ExitCode {
    let game = Game::new("My Game").world(my_game::setup);
    meadow::launch(game.version(env!("CARGO_PKG_VERSION")))
}
