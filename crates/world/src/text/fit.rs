//! Prose that has to fit into a window. Commands that tell something long use it; `help` does with all it shows.

use super::layout::{lines, width, wrap};
use crate::Screen;

/// How much deeper a line goes on than it began, in cells.
const DEEPER: usize = 2;

/// Breaks the lines of a text (markup) that are wider than the window, between words. What began with an indent goes on
/// a little deeper, so that lists stay lists. A text that fits is left as it is, and so is one that is read aloud.
///
/// ```
/// use meadow_world::{Screen, text::fit};
/// assert_eq!(fit("roses are red\n  drop - put it down", Screen::wide(12)), "roses are\nred\n  drop -\n    put it\n    down");
/// assert_eq!(fit("roses are red", Screen { reader: true, width: 12 }), "roses are red");
/// ```
pub fn fit(text: &str, screen: Screen) -> String {
    let fits = |line: &str| width(line) <= screen.width;
    if screen.reader || text.split('\n').all(fits) {
        return text.to_owned();
    }
    let fitted =
        lines(text).into_iter().map(|line| if fits(&line) { line } else { broken(&line, screen.width) });
    fitted.collect::<Vec<_>>().join("\n")
}

fn broken(line: &str, width: usize) -> String {
    let begun = line.trim_start_matches(' ');
    let indent = line.len() - begun.len();
    let hang = if indent == 0 { 0 } else { (indent + DEEPER).min(width / 2) };
    let parts = wrap(begun, width.saturating_sub(hang)).into_iter().enumerate().map(|(at, part)| {
        let before = if at == 0 { indent.min(hang) } else { hang };
        format!("{}{part}", " ".repeat(before))
    });
    parts.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_the_window() {
        let text = "|wA long|n line with |ra colour that goes\non in the next|n line\n      deep in the page stands this";
        for width in 8..60 {
            let fitted = fit(text, Screen::wide(width));
            assert!(fitted.split('\n').all(|line| super::width(line) <= width), "{width}: {fitted}");
        }
        assert!(fit(text, Screen::wide(12)).contains("|rgoes|n\n|ron"), "{}", fit(text, Screen::wide(12)));
    }
}
