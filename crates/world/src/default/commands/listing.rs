//! Lists with columns, for commands that show what there is of something.

use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use crate::text;

/// How many rows a list has; what is past it is only counted.
pub(super) const ROWS_LIMIT: usize = 200;

/// A list under its heads, each column as wide as it needs. The cells are plain text, and escaped here.
pub(super) fn columns<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut shown: Vec<[String; N]> = Vec::new();
    let mut more = 0;
    for row in rows {
        if shown.len() < ROWS_LIMIT { shown.push(row) } else { more += 1 }
    }
    let mut widths = heads.map(UnicodeWidthStr::width);
    for row in &shown {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let line = |cells: [&str; N]| -> String {
        let cells = cells.iter().zip(widths).map(|(cell, width)| {
            let space = " ".repeat(width - cell.width());
            format!("{}{space}", text::escape(cell))
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut told = format!("|w{}|n", line(heads));
    for row in &shown {
        told.push('\n');
        told.push_str(&line(row.each_ref().map(String::as_str)));
    }
    if more > 0 {
        told.push_str(&format!("\n... and {more} more."));
    }
    told
}

/// A span of time as it was set: "90s", "0.5s".
pub(super) fn seconds(span: Duration) -> String {
    format!("{}s", span.as_millis() as f64 / 1000.0)
}
