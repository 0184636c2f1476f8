//! What `reload` and `restart` do first: they build the program anew, where that is known how.
//!
//! The program must be what `cargo build` makes of the crate in (or above) the current folder: cargo itself is asked
//! where it puts what. Anywhere else, such as on the machine of an operator who was given a program, nothing is built.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// Whether `reload` or `restart` builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Build {
    /// Yes, if this is the game's crate.
    First,
    /// No.
    Skip,
}

impl Build {
    /// What `--no-build` means, given or not.
    pub(super) fn unless(no_build: bool) -> Build {
        if no_build { Build::Skip } else { Build::First }
    }
}

/// How a program is built.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Recipe {
    program: PathBuf,
    package: String,
    args: Vec<OsString>,
}

/// What came of building.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Built {
    /// There is a new program.
    New(Duration),
    /// The program was that of the sources already.
    Same,
}

impl Recipe {
    /// How to build `program` in the current folder; `None` if it is not made here.
    ///
    /// # Errors
    /// There is a crate, and cargo cannot make sense of it.
    pub(super) fn find(program: &Path) -> anyhow::Result<Option<Recipe>> {
        let here = env::current_dir().context("cannot tell the current folder")?;
        if !here.ancestors().any(|folder| folder.join("Cargo.toml").is_file()) {
            return Ok(None);
        }
        let asked = cargo().args(["metadata", "--no-deps", "--format-version", "1"]).output();
        // Whoever has no cargo has not built it here.
        let Ok(answer) = asked else { return Ok(None) };
        if !answer.status.success() {
            let said = String::from_utf8_lossy(&answer.stderr).into_owned();
            let why = said.lines().next().unwrap_or_default().trim_start_matches("error: ");
            bail!("nothing was built or reloaded ({why}); `--no-build` reloads what was built before");
        }
        let metadata: Metadata = serde_json::from_slice(&answer.stdout).context("cannot understand cargo")?;
        Ok(metadata.recipe(program))
    }

    /// Builds, with cargo's progress on the terminal.
    ///
    /// # Errors
    /// It does not compile; cargo has said why.
    pub(super) fn build(&self) -> anyhow::Result<Built> {
        let before = made_at(&self.program);
        let began = Instant::now();
        let status = cargo().arg("build").args(&self.args).stdin(Stdio::null()).status();
        if !status.context("cannot run cargo")?.success() {
            bail!(
                "{} does not compile (see above), so nothing was reloaded and the game plays on as it was",
                self.package
            );
        }
        let is_same = before.is_some() && made_at(&self.program) == before;
        Ok(if is_same { Built::Same } else { Built::New(began.elapsed()) })
    }
}

/// What `cargo metadata` says, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Metadata {
    target_directory: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

impl Metadata {
    /// A program lies in `target/PROFILE/`, or in `target/TRIPLE/PROFILE/` where it was built for another machine.
    fn recipe(&self, program: &Path) -> Option<Recipe> {
        let target = fs::canonicalize(&self.target_directory).ok()?;
        let name = program.file_stem()?.to_str()?;
        let inside: Vec<&OsStr> = program.parent()?.strip_prefix(target).ok()?.iter().collect();
        let (triple, profile) = match inside.as_slice() {
            [profile] => (None, *profile),
            [triple, profile] => (Some(*triple), *profile),
            _ => return None,
        };
        let is_it = |target: &Target| target.name == name && target.kind.iter().any(|kind| kind == "bin");
        let package = self.packages.iter().find(|package| package.targets.iter().any(is_it))?;
        let mut args: Vec<OsString> = ["--package", &package.name, "--bin", name].map(Into::into).into();
        if profile != "debug" {
            args.extend(["--profile".into(), profile.to_owned()]);
        }
        if let Some(triple) = triple {
            args.extend(["--target".into(), triple.to_owned()]);
        }
        Some(Recipe { program: program.to_owned(), package: package.name.clone(), args })
    }
}

/// The cargo that runs this program, if one does, as it is when a person calls it: what `cargo run` tells the program
/// of its crate would look like a change to build scripts that ask for it, and half of everything be built again.
fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let of_crate = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_BIN_NAME"
        });
        if of_crate {
            cargo.env_remove(name);
        }
    }
    cargo
}

fn made_at(program: &Path) -> Option<SystemTime> {
    fs::metadata(program).and_then(|file| file.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(target: &Path) -> Metadata {
        let json = serde_json::json!({
            "target_directory": target,
            "packages": [
                { "name": "other", "targets": [{ "kind": ["lib"], "name": "tide" }] },
                { "name": "tide-game", "targets": [
                    { "kind": ["lib"], "name": "tide_game" },
                    { "kind": ["bin"], "name": "tide" },
                ] },
            ],
        });
        serde_json::from_value(json).unwrap()
    }

    fn args(program: &str) -> Option<String> {
        let dir = tempfile::tempdir().unwrap();
        let target = fs::canonicalize(dir.path()).unwrap();
        let recipe = metadata(&target).recipe(&target.join(program))?;
        assert_eq!(recipe.package, "tide-game");
        Some(recipe.args.join(OsStr::new(" ")).into_string().unwrap())
    }

    #[test]
    fn the_profile_is_that_of_the_program() {
        assert_eq!(args("debug/tide").as_deref(), Some("--package tide-game --bin tide"));
        assert_eq!(args("release/tide").as_deref(), Some("--package tide-game --bin tide --profile release"));
        assert_eq!(args("dist/tide").as_deref(), Some("--package tide-game --bin tide --profile dist"));
        assert_eq!(
            args("x86_64-unknown-linux-musl/release/tide").as_deref(),
            Some("--package tide-game --bin tide --profile release --target x86_64-unknown-linux-musl")
        );
    }

    #[test]
    fn what_cargo_does_not_make_here_is_not_built() {
        for elsewhere in ["debug/moon", "tide", "debug/deps/a/tide", "/usr/bin/tide"] {
            assert_eq!(args(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn a_test_is_not_what_cargo_build_makes() {
        // It runs in the folder of this crate, and lies among the dependencies.
        assert_eq!(Recipe::find(&env::current_exe().unwrap()).unwrap(), None);
    }
}
