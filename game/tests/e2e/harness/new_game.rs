//! The crate of a new game, as `meadow new` makes it: changed, tested and built by cargo, with Meadow from this
//! checkout.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::Done;

/// Such a crate. Its folder is the same each time, so that what was built for it is overwritten and does not pile up;
/// no two tests may use one name.
#[derive(Clone)]
pub(crate) struct NewGame {
    name: &'static str,
    folder: PathBuf,
}

impl NewGame {
    /// `meadow new NAME`, which must succeed.
    pub(crate) fn make(name: &'static str) -> NewGame {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("what an earlier run left can be removed");
        }
        let mut meadow = Command::new(env!("CARGO_BIN_EXE_meadow"));
        let done = run(meadow.args(["new", name, "--at"]).arg(&folder));
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:?}");
        NewGame { name, folder }
    }

    /// `cargo` in its folder, which must succeed. Gives back what it printed.
    pub(crate) fn cargo(&self, args: &[&str]) -> String {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let done = run(self.set_up(Command::new(cargo).args(args)));
        assert!(done.code == 0, "cargo {args:?} in {}:\n{}\n{}", self.folder.display(), done.out, done.err);
        done.out
    }

    /// Its program, to be called in its folder.
    pub(super) fn program(&self) -> Command {
        let mut program = Command::new(target().join("debug").join(self.name));
        self.set_up(&mut program);
        program
    }

    /// What stands in one of its files.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes one of its files.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().expect("it is a file")).expect("a folder can be made");
        fs::write(path, text).expect("it can be written");
    }

    /// Changes a piece of one of its files, which must be there.
    pub(crate) fn change(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}:\n{text}");
        self.write(path, &text.replacen(from, to, 1));
    }

    /// In its folder, with the workspace's target folder, where nearly everything it needs is built already; what
    /// `cargo test` has told this process of its own crate is not passed on.
    fn set_up<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&*name);
            }
        }
        command.current_dir(&self.folder).env("CARGO_TARGET_DIR", target()).env("CARGO_NET_OFFLINE", "true")
    }
}

fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it lies in the target folder")
}

fn run(command: &mut Command) -> Done {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    Done::new(&output)
}
