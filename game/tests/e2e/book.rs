//! The tutorial of the book (`docs/book/`), followed word for word: every block of code goes where it says, and after
//! each chapter the game is tested, and reloaded while somebody plays it.

use std::{fs, path::Path};

use crate::harness::{Game, NewGame};

/// What a reader has to write into files. Other blocks are for the eye.
const CODE: [&str; 4] = ["rust", "diff", "transcript", "toml"];

#[test]
fn the_tutorial_can_be_followed() {
    let tide = NewGame::make("tide");
    tide.cargo(&["build"]);
    let game = Game::of(&tide);
    game.start();
    let mut anna = game.player("anna");
    for (name, text) in chapters() {
        for block in blocks(&text) {
            block.apply(&tide, &name);
        }
        let tested = tide.cargo(&["test"]);
        assert!(tested.contains("test no_transcript_is_forgotten ... ok"), "{name}: {tested}");
        let reloaded = game.meadow(&["reload"]);
        assert_eq!(reloaded.code, 0, "{name}: {reloaded:?}");
        anna.expect("The game has been reloaded.\n");
    }
    tide.cargo(&["fmt", "--check"]);
    // Who stayed has the new commands in the old world; who begins anew has the new world, too.
    assert_eq!(anna.ask("smell").trim_end(), "You smell nothing special.");
    let anew = Game::of(&tide);
    anew.start();
    let mut bert = anew.player("bert");
    assert!(bert.ask("east").contains("You see: a sapling"));
    assert!(bert.ask("water sapling").starts_with("You water the sapling."));
}

/// The chapters of the tutorial in their order, by name.
fn chapters() -> Vec<(String, String)> {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/book/src");
    let read =
        |name: &str| fs::read_to_string(book.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let summary = read("SUMMARY.md");
    let links = summary.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
    let chapters: Vec<_> = links
        .filter(|link| link.starts_with("tutorial/"))
        .map(|link| (link.to_owned(), read(link)))
        .collect();
    assert!(chapters.len() > 3, "{summary}");
    chapters
}

/// A block of code that belongs into a file.
struct Block<'t> {
    language: &'t str,
    file: Option<&'t str>,
    text: String,
}

fn blocks(chapter: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = chapter.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let (language, file) =
            info.split_once(",file=").map_or((info, None), |(lang, file)| (lang, Some(file)));
        let text: String =
            lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        if CODE.contains(&language) {
            blocks.push(Block { language, file, text });
        }
    }
    blocks
}

impl Block<'_> {
    /// Writes it: a whole file, or in `diff` a change of one.
    fn apply(&self, game: &NewGame, chapter: &str) {
        let file = self.file.unwrap_or_else(|| panic!("{chapter}: this belongs to no file:\n{}", self.text));
        if self.language != "diff" {
            return game.write(file, &self.text);
        }
        let side = |other: char| -> String {
            let kept = self.text.lines().filter(|line| !line.starts_with(other));
            kept.map(|line| format!("{}\n", line.get(1..).unwrap_or_default())).collect()
        };
        let (before, after) = (side('+'), side('-'));
        let found = game.read(file).matches(&before).count();
        assert_eq!(found, 1, "{chapter}: {file} has {found} times:\n{before}");
        game.change(file, &before, &after);
    }
}
