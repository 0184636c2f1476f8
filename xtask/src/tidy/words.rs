//! What must not stand in any text of the project. `tidy::check` hands it each file.

use super::files::File;

/// Folders of one machine. (Taken apart, or this file would complain of itself.)
const PATHS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/fa", "rm"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
/// Marks of unfinished work: what is left to do is not kept in the source.
const MARKS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];
/// A number behind one of these is a reference to a tracker, which a reader may not have.
const TRACKERS: &[&str] = &["issue", "issues", "pull request", "ticket"];

pub(crate) fn check(file: &File, found: &mut Vec<String>) {
    // Vectors and corpora are other people's data, and so are lock files.
    if file.path.contains("/vectors/")
        || file.path.contains("/corpus/")
        || file.is("lock")
        || file.path.starts_with("LICENSE")
    {
        return;
    }
    // Between two lines of ``` stands code, or what somebody types and sees.
    let mut fenced = false;
    for (index, line) in file.text.lines().enumerate() {
        fenced ^= line.trim_start().starts_with("```");
        let mut complain = |what: &str| found.push(format!("{}:{}: {what}", file.path, index + 1));
        for path in PATHS.iter().filter(|path| line.contains(**path)) {
            complain(&format!("names a folder of one machine (`{path}`)"));
        }
        for mark in MARKS.iter().filter(|mark| has_word(line, mark)) {
            complain(&format!("`{mark}`: do it, or leave it out"));
        }
        if refers_to_a_tracker(line) || (file.is("md") && !fenced && has_bare_number_sign(line)) {
            complain("refers to a tracker: say what matters of it instead");
        }
    }
}

fn has_word(line: &str, word: &str) -> bool {
    let is_name = |c: char| c == '_' || c.is_alphanumeric();
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(is_name) && !line[at + word.len()..].starts_with(is_name))
}

fn refers_to_a_tracker(line: &str) -> bool {
    let line = line.to_lowercase();
    TRACKERS.iter().any(|tracker| {
        line.match_indices(tracker).any(|(at, _)| {
            let rest = &line[at + tracker.len()..];
            let number = rest.trim_start_matches([' ', '/', '#']);
            rest.len() > number.len() && number.starts_with(|c: char| c.is_ascii_digit())
        })
    })
}

/// `#12` outside of code, unless a name follows that it is the number of, as in "#1 Anna": so the game shows objects and
/// accounts.
fn has_bare_number_sign(line: &str) -> bool {
    line.split('`').step_by(2).any(|prose| {
        prose.match_indices('#').any(|(at, _)| {
            let number = &prose[at + 1..];
            let behind = number.trim_start_matches(|c: char| c.is_ascii_digit());
            let names = behind.strip_prefix(' ').is_some_and(|name| name.starts_with(char::is_uppercase));
            let begins = at == 0 || prose[..at].ends_with([' ', '(', ',']);
            behind.len() < number.len() && begins && !names
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> usize {
        let mut found = Vec::new();
        check(&File { path: path.to_owned(), text: text.to_owned() }, &mut found);
        found.len()
    }

    #[test]
    fn words_that_belong_to_a_workshop_are_found() {
        for bad in [
            concat!("see /wo", "rk/main"),
            concat!("// TO", "DO: soon"),
            concat!("(FIX", "ME)"),
            concat!("an iss", "ue #12"),
            concat!("iss", "ues/12"),
        ] {
            assert_eq!(complaints("a.rs", bad), 1, "{bad}");
        }
        for good in ["an issue of 3 pages", "METODO", "a colour |#123456"] {
            assert_eq!(complaints("a.rs", good), 0, "{good}");
        }
        for bad in ["as in #12", "#12 is done", "see #12, #13", "fixed (#12)", "```\nlook\n```\nsee #12"] {
            assert_eq!(complaints("a.md", bad), 1, "{bad}");
        }
        for good in ["the colour `#12`", "# 1. A title", "#1 Anna", "  #12 Ötzi (a body)", "&#124; and |#123"]
        {
            assert_eq!(complaints("a.md", good), 0, "{good}");
        }
    }
}
