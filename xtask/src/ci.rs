//! `cargo xtask ci`: every check that a change must pass, in the order of what they cost. `.ci/run` and people
//! hand it work.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// Runs all checks and stops at the first that fails. The tests come last, so that their result is what one reads.
pub(crate) fn run(root: &Path) -> Result<()> {
    let begun = Instant::now();
    cargo(root, &["fmt", "--all", "--check"], &[])?;
    cargo(root, &["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"], &[])?;
    say("cargo xtask tidy");
    crate::report("tidy", &crate::tidy::check(root)?)?;
    cargo(root, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])?;
    cargo(root, &["doc", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")])?;
    say("cargo xtask deps");
    crate::report("deps", &crate::deps::check(root)?)?;
    deny(root)?;
    book(root)?;
    say("the fuzz targets, on their corpus");
    crate::fuzz::replay(root)?;
    say(&format!("all but the tests passed in {} s; the tests:", begun.elapsed().as_secs()));
    cargo(root, &["test", "--workspace"], &[])
}

/// Runs cargo-deny where it is installed. It is not required: `cargo xtask deps` checks the same file's licences,
/// bans and sources; what only cargo-deny can do is the advisories, for which it must reach the advisory database.
fn deny(root: &Path) -> Result<()> {
    let installed = Command::new("cargo").args(["deny", "--version"]).output();
    if !installed.is_ok_and(|output| output.status.success()) {
        say(
            "cargo-deny is NOT installed: security advisories are NOT checked (cargo install cargo-deny --locked)",
        );
        return Ok(());
    }
    cargo(root, &["deny", "--workspace", "check", "licenses", "bans", "sources"], &[])
}

/// Makes the pages of the book where mdBook is installed, by `.ci/run` or by a person. That its code compiles and its
/// transcripts play is one of the tests.
fn book(root: &Path) -> Result<()> {
    let own = root.join("target/tools/bin/mdbook");
    let mdbook = if own.is_file() { own } else { "mdbook".into() };
    let Ok(made) = Command::new(mdbook).args(["build", "docs/book"]).current_dir(root).status() else {
        say("mdBook is NOT installed: the book's pages are NOT made (cargo install mdbook --locked)");
        return Ok(());
    };
    if !made.success() {
        bail!("the book cannot be made (docs/book)");
    }
    Ok(())
}

fn cargo(root: &Path, args: &[&str], env: &[(&str, &str)]) -> Result<()> {
    let line = format!("cargo {}", args.join(" "));
    say(&line);
    let status = Command::new("cargo")
        .args(args)
        .envs(env.iter().copied())
        .current_dir(root)
        .status()
        .with_context(|| format!("`{line}` could not be started"))?;
    if !status.success() {
        bail!("`{line}` failed");
    }
    Ok(())
}

fn say(what: &str) {
    println!("\n== {what}");
}
