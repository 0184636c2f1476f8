//! What a player's failing wait shows: the game's logs.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// How much of the end of each log is shown, in bytes.
const TAIL: usize = 3000;

/// Where the logs of a game lie.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    logs: Arc<Path>,
}

impl Scene {
    pub(super) fn new(folder: &Path) -> Scene {
        Scene { logs: folder.join("logs").into() }
    }

    /// The name and the end of each log.
    pub(crate) fn tails(&self) -> String {
        let mut shown = String::new();
        for (name, content) in self.files() {
            let end = String::from_utf8_lossy(&content[content.len().saturating_sub(TAIL)..]).into_owned();
            shown.push_str(&format!("\n--- {} ---\n{end}", name.display()));
        }
        shown
    }

    /// All log files, with what is in them.
    pub(super) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        files_in(&self.logs)
    }
}

/// The files of a folder that can be read, by name, with what is in them.
pub(super) fn files_in(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter().filter_map(|path| fs::read(&path).ok().map(|content| (path, content))).collect()
}
