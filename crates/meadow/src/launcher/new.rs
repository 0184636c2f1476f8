//! `new`: makes the crate of a new game. It is a copy of `templates/new/`, a small game that is real
//! Rust as it lies there; only its three names (`my-game`, `my_game`, "My Game") and where it takes Meadow from are
//! put in their places. The launcher hands it what was typed.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};

use super::say;

/// The files of a new game.
const TEMPLATE: [(&str, &str); 14] = [
    ("Cargo.toml", include_str!("../../templates/new/Cargo.toml")),
    (".gitignore", include_str!("../../templates/new/.gitignore")),
    ("rustfmt.toml", include_str!("../../templates/new/rustfmt.toml")),
    ("README.md", include_str!("../../templates/new/README.md")),
    ("src/main.rs", include_str!("../../templates/new/src/main.rs")),
    ("src/lib.rs", include_str!("../../templates/new/src/lib.rs")),
    ("src/world.rs", include_str!("../../templates/new/src/world.rs")),
    ("src/commands/mod.rs", include_str!("../../templates/new/src/commands/mod.rs")),
    ("src/commands/ring.rs", include_str!("../../templates/new/src/commands/ring.rs")),
    ("src/typeclasses/mod.rs", include_str!("../../templates/new/src/typeclasses/mod.rs")),
    ("src/typeclasses/bell.rs", include_str!("../../templates/new/src/typeclasses/bell.rs")),
    ("tests/transcripts.rs", include_str!("../../templates/new/tests/transcripts.rs")),
    ("tests/transcripts/look.txt", include_str!("../../templates/new/tests/transcripts/look.txt")),
    ("tests/transcripts/ring.txt", include_str!("../../templates/new/tests/transcripts/ring.txt")),
];

/// How the template's manifest takes Meadow.
const TEMPLATE_SOURCE: &str = "{ path = \"../..\" }";

/// Names that a crate cannot have: Rust's keywords, what Rust brings along, what this crate depends on itself, and
/// folders that cargo has beside its programs.
const TAKEN: &str = "abstract as async await become box break const continue crate do dyn else enum extern false \
                     final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self \
                     static struct super trait true try type typeof unsafe unsized use virtual where while yield \
                     alloc core proc_macro proc-macro std test meadow serde build deps examples incremental";

/// Longest name of a game's crate, in bytes: a socket's path has to fit behind it.
const MAX_NAME: usize = 40;

/// The folder that the program of this Meadow was built from.
const OWN_CRATE: &str = env!("CARGO_MANIFEST_DIR");

/// What `new` was told.
pub(super) struct NewGame<'a> {
    /// Name of the crate.
    pub(super) name: &'a str,
    /// The folder to make; by default one of that name, here.
    pub(super) at: Option<&'a Path>,
    /// A checkout of Meadow to depend on.
    pub(super) meadow: Option<&'a Path>,
}

/// Makes the crate, and says what to do with it.
pub(super) fn new(asked: &NewGame<'_>) -> anyhow::Result<ExitCode> {
    check_name(asked.name)?;
    let folder = asked.at.unwrap_or(Path::new(asked.name));
    let meadow = Meadow::find(asked.meadow)?;
    make(folder, asked.name, &meadow)?;
    say(format_args!(
        "Made {} in {}.\n\n  cd {}\n  cargo test     plays what its transcripts say\n  cargo run      runs it\n",
        title(asked.name),
        std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()).display(),
        folder.display(),
    ));
    say(format_args!("It depends on Meadow {}.", meadow.described()));
    Ok(ExitCode::SUCCESS)
}

/// Where a new game takes Meadow from.
enum Meadow {
    /// The crate `meadow` of a checkout on this machine.
    Checkout(PathBuf),
    /// The repository.
    Repository(&'static str),
}

impl Meadow {
    fn find(asked: Option<&Path>) -> anyhow::Result<Meadow> {
        if let Some(asked) = asked {
            let both = [asked.join("crates/meadow"), asked.to_owned()];
            let found = both.iter().find(|folder| is_meadow(folder));
            let found = found.with_context(|| {
                format!("there is no Meadow in {}; --meadow takes the folder of a checkout", asked.display())
            })?;
            return Ok(Meadow::Checkout(fs::canonicalize(found)?));
        }
        let own = Path::new(OWN_CRATE);
        match is_meadow(own) && !is_cargos(own) {
            true => Ok(Meadow::Checkout(own.to_owned())),
            false => Ok(Meadow::Repository(env!("CARGO_PKG_REPOSITORY"))),
        }
    }

    /// The right side of the dependency.
    fn source(&self) -> anyhow::Result<String> {
        let (key, value) = match self {
            Meadow::Checkout(folder) => {
                ("path", folder.to_str().context("the path of Meadow's checkout is no UTF-8")?)
            }
            Meadow::Repository(url) => ("git", *url),
        };
        // What JSON escapes, TOML's basic strings do in the same way.
        Ok(format!("{{ {key} = {} }}", serde_json::Value::from(value)))
    }

    fn described(&self) -> String {
        match self {
            Meadow::Checkout(folder) => format!("in {}", folder.display()),
            Meadow::Repository(url) => format!("from {url}"),
        }
    }

    /// The versions of all other crates that this Meadow is tested with.
    fn lock(&self) -> Option<String> {
        let Meadow::Checkout(folder) = self else { return None };
        fs::read_to_string(folder.join("../../Cargo.lock")).ok()
    }
}

fn is_meadow(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    manifest.lines().any(|line| line.trim() == "name = \"meadow\"")
}

/// Whether cargo has put it there for itself; it may remove it again at any time.
fn is_cargos(folder: &Path) -> bool {
    let parts: Vec<_> = folder.components().map(|part| part.as_os_str()).collect();
    parts.windows(2).any(|pair| pair == ["git", "checkouts"])
}

fn check_name(name: &str) -> anyhow::Result<()> {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let good = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(letters);
    if !good {
        bail!(
            "{name:?} cannot be the name of a crate; it takes small letters, digits and dashes, and begins with a \
             letter, such as night-watch"
        );
    }
    if name.len() > MAX_NAME {
        bail!("{name:?} is {} letters long; the name of a game's crate may have {MAX_NAME}", name.len());
    }
    if TAKEN.split_whitespace().any(|taken| taken == name) {
        bail!("the name {name:?} means something else to Rust; choose another, such as {name}-game");
    }
    Ok(())
}

fn make(folder: &Path, name: &str, meadow: &Meadow) -> anyhow::Result<()> {
    let source = meadow.source()?;
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    match fs::create_dir(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!("{} is there already; choose another place with --at", folder.display())
        }
        Err(error) => return Err(error).with_context(|| format!("cannot make {}", folder.display())),
    }
    for (path, text) in TEMPLATE {
        write(&folder.join(path), &named(&text.replace(TEMPLATE_SOURCE, &source), name))?;
    }
    match meadow.lock() {
        Some(lock) => write(&folder.join("Cargo.lock"), &lock),
        None => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let parent = path.parent().unwrap_or(Path::new(""));
    let written = fs::create_dir_all(parent).and_then(|()| fs::write(path, text));
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// A file of the template for a game of this name.
fn named(text: &str, name: &str) -> String {
    text.replace("my-game", name).replace("my_game", &name.replace('-', "_")).replace("My Game", &title(name))
}

/// What players call it: `night-watch` becomes "Night Watch".
fn title(name: &str) -> String {
    let words = name.split(['-', '_']).filter(|word| !word.is_empty()).map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(name: &str) -> String {
        check_name(name).unwrap_err().to_string()
    }

    #[test]
    fn names_are_those_that_cargo_and_rust_take() {
        for good in ["tide", "night-watch", "night_watch", "mud2", "x"] {
            check_name(good).unwrap();
        }
        for bad in ["", "Night", "night watch", "2mud", "-x", "über", "../x", "a/b"] {
            assert!(refusal(bad).contains("small letters"), "{bad}");
        }
        for taken in ["meadow", "serde", "match", "test", "deps"] {
            assert!(refusal(taken).contains("another"), "{taken}");
        }
        check_name(&"x".repeat(MAX_NAME)).unwrap();
        assert!(refusal(&"x".repeat(MAX_NAME + 1)).contains("letters long"));
    }

    #[test]
    fn titles() {
        for (name, want) in
            [("tide", "Tide"), ("night-watch", "Night Watch"), ("a_b-2", "A B 2"), ("x--y", "X Y")]
        {
            assert_eq!(title(name), want);
        }
    }

    #[test]
    fn every_file_of_the_template_is_in_the_list() {
        fn files(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() { files(&entry, found) } else { found.push(entry) }
            }
        }
        let template = Path::new(OWN_CRATE).join("templates/new");
        let mut found = Vec::new();
        files(&template, &mut found);
        let mut found: Vec<&Path> = found.iter().map(|file| file.strip_prefix(&template).unwrap()).collect();
        let mut listed: Vec<&Path> = TEMPLATE.iter().map(|(path, _)| Path::new(*path)).collect();
        found.sort();
        listed.sort();
        assert_eq!(found, listed);
    }

    #[test]
    fn nothing_of_the_templates_names_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("far/away/watch");
        make(&folder, "night-watch", &Meadow::Repository("https://example.org/a\"b")).unwrap();
        for (path, _) in TEMPLATE {
            let text = fs::read_to_string(folder.join(path)).unwrap();
            for name in ["my-game", "my_game", "My Game", "../.."] {
                assert!(!text.contains(name), "{path} names {name}");
            }
        }
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        assert_eq!(manifest["package"]["name"].as_str(), Some("night-watch"));
        assert_eq!(manifest["dependencies"]["meadow"]["git"].as_str(), Some("https://example.org/a\"b"));
    }

    #[test]
    fn what_is_there_already_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let meadow = Meadow::Repository("x");
        let error = make(dir.path(), "tide", &meadow).unwrap_err().to_string();
        assert!(error.contains("there already") && error.contains("--at"), "{error}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn meadow_is_taken_from_the_checkout_that_it_was_built_from_or_from_one_that_is_named() {
        let own = Path::new(OWN_CRATE);
        let root = own.join("../..");
        for asked in [None, Some(own), Some(&*root)] {
            let Meadow::Checkout(found) = Meadow::find(asked).unwrap() else { panic!("not from here") };
            assert_eq!(fs::canonicalize(found).unwrap(), fs::canonicalize(own).unwrap());
        }
        let error = Meadow::find(Some(Path::new("/tmp"))).err().unwrap().to_string();
        assert!(error.contains("no Meadow in /tmp"), "{error}");
        assert!(is_cargos(Path::new("/u/.cargo/git/checkouts/meadow-1/2/crates/meadow")));
        assert!(!is_cargos(own));
    }
}
