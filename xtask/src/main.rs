//! The project's own chores, called as `cargo xtask CHORE`. People and `.ci/run` hand it work.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore's product is what it prints")]

mod ci;
mod deps;
mod fuzz;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask CHORE

  ci      everything that a change must pass: formatting, lints, documentation, tidy, deps, tests
  tidy    the house rules that no lint knows: sizes, openings, import walls, words, paths in documents
  deps    licences, bans and sources of the dependencies, by deny.toml
  fuzz    [--seconds N] [TARGET..]: every fuzz target, or those, for a minute each or as long as is said
";

fn main() -> ExitCode {
    let chore = std::env::args().nth(1);
    let ended = match chore.as_deref() {
        Some("ci") => ci::run(&root()),
        Some("tidy") => tidy::check(&root()).and_then(|found| report("tidy", &found)),
        Some("deps") => deps::check(&root()).and_then(|found| report("deps", &found)),
        Some("fuzz") => fuzz::run(&root(), &std::env::args().skip(2).collect::<Vec<_>>()),
        Some("help" | "--help" | "-h") | None => {
            print!("{USAGE}");
            Ok(())
        }
        Some(other) => Err(anyhow::anyhow!("there is no chore {other:?}\n\n{USAGE}")),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Prints what a chore found; finding something is an error.
fn report(chore: &str, found: &[String]) -> anyhow::Result<()> {
    for problem in found {
        println!("{problem}");
    }
    match found.len() {
        0 => {
            println!("{chore}: nothing to complain about");
            Ok(())
        }
        1 => anyhow::bail!("{chore}: one problem"),
        several => anyhow::bail!("{chore}: {several} problems"),
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("xtask lies in the workspace").to_path_buf()
}
