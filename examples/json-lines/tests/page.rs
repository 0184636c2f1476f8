//! The page that builds this example, `docs/adding-a-protocol.md`, quotes it: what the page shows is compiled and
//! tested, because it stands in a file that is.

use std::{fs, path::Path};

const FILES: [&str; 6] = [
    "Cargo.toml",
    "src/main.rs",
    "src/protocol.rs",
    "src/services.rs",
    "src/world.rs",
    "tests/end_to_end.rs",
];

#[test]
fn every_block_of_code_on_the_page_stands_in_a_file_of_this_crate() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(here.join("../../docs/adding-a-protocol.md")).expect("the page is there");
    let sources = FILES.map(|file| fs::read_to_string(here.join(file)).expect("the file is there"));
    let mut count = 0;
    for (block, language) in blocks(&page) {
        if language == "rust" || language == "toml" {
            count += 1;
            let quoted = sources.iter().any(|source| stands_in(&block, source));
            assert!(quoted, "this is on the page and in no file of the example:\n{block}");
        }
    }
    assert!(count >= 8, "only {count} blocks were found");
}

/// The blocks of a page that are fenced, each with its language.
fn blocks(page: &str) -> Vec<(String, &str)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, &str)> = None;
    for line in page.lines() {
        open = match (open, line.strip_prefix("```")) {
            (None, Some(language)) => Some((String::new(), language)),
            (None, None) => None,
            (Some(block), Some(_)) => {
                blocks.push(block);
                None
            }
            (Some((text, language)), None) => Some((text + line + "\n", language)),
        };
    }
    blocks
}

/// Whether a text holds these lines, one after the other; how far they are indented does not matter.
fn stands_in(block: &str, source: &str) -> bool {
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    let (block, source) = (lines(block), lines(source));
    !block.is_empty() && source.windows(block.len()).any(|window| window == block)
}
