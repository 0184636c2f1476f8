//! The book (`docs/book/`): every chapter is in its summary, and every link leads to a file. `tidy::check` hands it the
//! Markdown files; whether mdBook can make pages of them is seen where that is installed (`cargo xtask ci`).

use std::path::{Component, Path, PathBuf};

use super::files::File;

const CHAPTERS: &str = "docs/book/src/";
const SUMMARY: &str = "docs/book/src/SUMMARY.md";

pub(crate) fn check(root: &Path, files: &[File], found: &mut Vec<String>) {
    let chapters = || files.iter().filter(|file| file.path.starts_with(CHAPTERS) && file.is("md"));
    let Some(summary) = chapters().find(|file| file.path == SUMMARY) else {
        found.push(format!("{SUMMARY}:1: the book has no summary"));
        return;
    };
    let listed: Vec<PathBuf> = links(summary).map(|(_, path)| path).collect();
    for chapter in chapters() {
        if chapter.path != SUMMARY && !listed.iter().any(|path| path == Path::new(&chapter.path)) {
            found.push(format!("{}:1: is not in {SUMMARY}", chapter.path));
        }
        for (line, path) in links(chapter) {
            if !root.join(&path).is_file() {
                found.push(format!("{}:{line}: there is no {}", chapter.path, path.display()));
            }
        }
    }
}

/// The files that a chapter links to or includes, each with the number of the line.
fn links(chapter: &File) -> impl Iterator<Item = (usize, PathBuf)> {
    let folder = Path::new(&chapter.path).parent().unwrap_or(Path::new(""));
    let mut in_code = false;
    let prose = chapter.text.lines().enumerate().filter(move |(_, line)| {
        in_code ^= line.starts_with("```");
        !in_code
    });
    prose.flat_map(move |(index, line)| {
        let links = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        let included = line.strip_prefix("{{#include ").and_then(|rest| rest.split_once("}}"));
        let targets = links.chain(included).map(|(target, _)| target);
        let files = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
        files.map(|target| (index + 1, plain(&folder.join(target)))).collect::<Vec<_>>()
    })
}

/// A path without `..` in it.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(chapter: &str) -> Vec<String> {
        let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let files = [
            file(SUMMARY, "- [One](introduction.md)\n"),
            file("docs/book/src/introduction.md", chapter),
            file("docs/elsewhere.md", "[x](nowhere.md)"),
        ];
        let mut found = Vec::new();
        check(&crate::root(), &files, &mut found);
        found
    }

    #[test]
    fn links_lead_somewhere() {
        assert!(complaints("[a](players.md) [b](https://example.org/x.md) [c](#here)\n").is_empty());
        assert!(complaints("```rust\n//! See [a](crate::a).\n```\n").is_empty());
        assert!(complaints("{{#include ../../operating.md}}\n").is_empty());
        assert_eq!(complaints("[a](nobody.md)\n").len(), 1);
        assert_eq!(complaints("{{#include ../operating.md}}\n").len(), 1);
    }

    #[test]
    fn no_chapter_is_forgotten() {
        let file = |path: &str| File { path: path.to_owned(), text: String::new() };
        let mut found = Vec::new();
        check(&crate::root(), &[file(SUMMARY), file("docs/book/src/lost.md")], &mut found);
        assert_eq!(found, ["docs/book/src/lost.md:1: is not in docs/book/src/SUMMARY.md"]);
    }
}
