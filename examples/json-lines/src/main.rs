//! Starts the game: `cargo run -p json-lines`.

use std::process::ExitCode;

use json_lines::{protocol::JsonLines, services, world};
use meadow::Game;

fn main() -> ExitCode {
    let game = Game::new("Telegraph")
        .world(world::setup)
        .portal(|portal| {
            portal.protocol("json-lines", 4010, JsonLines::default).service("caller", services::caller)
        })
        .server(|server| server.service("clock", services::clock));
    meadow::launch(game)
}
