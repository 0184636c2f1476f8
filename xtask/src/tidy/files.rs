//! The texts that the rules look at. `tidy::check` asks for them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// A text file of the project.
pub(crate) struct File {
    /// Path from the workspace's folder, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// Whether the file's name ends with this extension.
    pub(crate) fn is(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, own)| own == extension)
    }

    /// Whether the file holds nothing but tests.
    pub(crate) fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }
}

/// Folders with a leading dot that belong to the project; others are somebody's tools.
const DOTTED: &[&str] = &[".ci", ".cargo", ".github"];

/// All texts of the project, sorted by path. What `.gitignore` names is left out.
pub(crate) fn all(root: &Path) -> Result<Vec<File>> {
    let ignored = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    let ignored: Vec<&str> = ignored.lines().map(|line| line.trim().trim_matches('/')).collect();
    let mut files = Vec::new();
    walk(root, "", &ignored, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, ignored: &[&str], files: &mut Vec<File>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type()?;
        let hidden = name.starts_with('.') && !DOTTED.contains(&name.as_str());
        if hidden || ignored.contains(&name.as_str()) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if kind.is_dir() {
            walk(&entry.path(), &format!("{path}/"), ignored, files)?;
        } else if kind.is_file()
            // What is not UTF-8 is a picture or a database, and none of our business.
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            files.push(File { path, text });
        }
    }
    Ok(())
}
