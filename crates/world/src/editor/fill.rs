//! Paragraphs that are filled and justified to a width.

use unicode_width::UnicodeWidthStr;

/// How wide they become.
pub(super) const WIDTH: usize = 78;

/// Where the words of a line stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
    Center,
    /// At both sides, but for the last line of a paragraph.
    Full,
}

impl Align {
    pub(super) fn from_word(word: &str) -> Option<Align> {
        match word.to_lowercase().as_str() {
            "" | "f" | "full" => Some(Align::Full),
            "l" | "left" => Some(Align::Left),
            "r" | "right" => Some(Align::Right),
            "c" | "center" => Some(Align::Center),
            _ => None,
        }
    }
}

/// Fills each paragraph, which are what stands between empty lines.
pub(super) fn fill(lines: &[String], align: Align) -> Vec<String> {
    let mut filled = Vec::new();
    for paragraph in lines.chunk_by(|a, b| a.trim().is_empty() == b.trim().is_empty()) {
        if paragraph.iter().all(|line| line.trim().is_empty()) {
            filled.extend(paragraph.iter().map(|_| String::new()));
            continue;
        }
        let wrapped = wrap(paragraph);
        let last = wrapped.len().saturating_sub(1);
        for (at, words) in wrapped.iter().enumerate() {
            let align = if align == Align::Full && at == last { Align::Left } else { align };
            filled.push(aligned(words, align));
        }
    }
    filled
}

/// The words of a paragraph, line by line. A word that is too long has a line to itself.
fn wrap(paragraph: &[String]) -> Vec<Vec<&str>> {
    let mut lines: Vec<Vec<&str>> = Vec::new();
    let mut width = 0;
    for word in paragraph.iter().flat_map(|line| line.split_whitespace()) {
        match lines.last_mut() {
            Some(line) if width + 1 + word.width() <= WIDTH => {
                line.push(word);
                width += 1 + word.width();
            }
            _ => {
                lines.push(vec![word]);
                width = word.width();
            }
        }
    }
    lines
}

fn aligned(words: &[&str], align: Align) -> String {
    let line = words.join(" ");
    let room = WIDTH.saturating_sub(line.width());
    match align {
        Align::Left => line,
        Align::Right => format!("{}{line}", " ".repeat(room)),
        Align::Center => format!("{}{line}", " ".repeat(room / 2)),
        Align::Full => {
            let gaps = words.len().saturating_sub(1);
            let mut full = String::new();
            for (at, word) in words.iter().enumerate() {
                full.push_str(word);
                if at < gaps {
                    full.push_str(&" ".repeat(1 + room / gaps + usize::from(at < room % gaps)));
                }
            }
            full
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_stay_apart_and_words_in_order() {
        let text: Vec<String> = [&*"word ".repeat(20), "more", "", "end"].map(str::to_owned).to_vec();
        let filled = fill(&text, Align::Full);
        assert_eq!(filled.len(), 4, "{filled:?}");
        assert_eq!((filled[0].width(), filled[1].as_str()), (WIDTH, "word word word word word more"));
        assert_eq!(filled[2..], ["".to_owned(), "end".to_owned()]);
        assert_eq!(fill(&["x".to_owned()], Align::Right)[0].width(), WIDTH);
        assert_eq!(fill(&["xx".to_owned()], Align::Center)[0].width(), WIDTH / 2 + 1);
        assert_eq!(fill(&["y".repeat(100), "z".to_owned()], Align::Full).len(), 2);
    }
}
