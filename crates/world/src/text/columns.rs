//! Short things in as many columns as fit. Commands that list names use it (Evennia's `format_columns`).

use super::layout::{Align, crop, pad_line, width};
use crate::Screen;

/// Between two columns.
const GAP: usize = 2;

/// Short things (markup) in as many columns as the window has room for, one below the other, as `ls` does. What is wider
/// than the window is cropped. A screen reader is told them in one line, with commas.
///
/// ```
/// use meadow_world::{Screen, text::columns};
/// let fruit = ["apple", "fig", "pear", "|rcherry|n", "plum"];
/// assert_eq!(columns(fruit, Screen::wide(16)), "apple  |rcherry|n\nfig    plum\npear");
/// assert_eq!(columns(fruit, Screen { reader: true, width: 20 }), "apple, fig, pear, |rcherry|n, plum");
/// ```
pub fn columns(items: impl IntoIterator<Item = impl Into<String>>, screen: Screen) -> String {
    let items: Vec<String> = items.into_iter().map(Into::into).collect();
    if screen.reader {
        return items.join(", ");
    }
    let items: Vec<String> =
        items.iter().flat_map(|item| super::lines(&crop(item, screen.width.max(1)))).collect();
    let sizes: Vec<usize> = items.iter().map(|item| width(item)).collect();
    let height = height(&sizes, screen.width);
    let widths = widths(&sizes, height);
    let mut lines = Vec::with_capacity(height);
    for row in 0..height.min(items.len()) {
        let mut line = String::new();
        for (column, width) in widths.iter().enumerate() {
            let Some(item) = items.get(column * height + row) else { break };
            let is_last = column * height + row + height >= items.len();
            let padded = if is_last { item.clone() } else { pad_line(item, width + GAP, Align::Left, " ") };
            line.push_str(&padded);
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// The least number of lines with which everything fits.
fn height(sizes: &[usize], room: usize) -> usize {
    let fits = |height: usize| {
        let widths = widths(sizes, height);
        widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1) <= room
    };
    // Not less than if nothing were wasted.
    let least = sizes.iter().map(|size| size + GAP).sum::<usize>() / room.saturating_add(GAP);
    (least.max(1)..sizes.len()).find(|height| fits(*height)).unwrap_or(sizes.len().max(1))
}

fn widths(sizes: &[usize], height: usize) -> Vec<usize> {
    sizes.chunks(height).map(|column| column.iter().copied().max().unwrap_or(0)).collect()
}
