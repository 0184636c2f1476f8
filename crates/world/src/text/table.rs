//! Tables: rows under headers that fit into whoever's window. Commands draw them (Evennia's EvTable).

use super::layout::{Align, MAX_WIDTH, MIN_WRAP, crop, pad_line, width, wrap};
use crate::Screen;

/// Rows under headers, drawn for one window.
///
/// ```
/// use meadow_world::{Screen, text::{Border, Column, Table}};
///
/// let mut table = Table::new([Column::new("Name"), Column::right("Idle")]);
/// table.add_row(["|cAnna|n", "3s"]).add_row(["Bob", "12m"]);
/// assert_eq!(
///     table.draw(Screen::wide(78)),
///     "|wName|n  |wIdle|n\n----  ----\n|cAnna|n    3s\nBob    12m",
/// );
///
/// // What is wide is wrapped, widest columns first.
/// let mut table = Table::new(["Thing", "Text"]).border(Border::None);
/// table.add_row(["Rose", "red, and it smells sweet"]);
/// assert_eq!(table.draw(Screen::wide(20)), "|wThing|n  |wText|n\nRose   red, and it\n       smells sweet");
///
/// // Aloud, a row is a line of its own.
/// let aloud = Screen { reader: true, ..Screen::default() };
/// assert_eq!(table.draw(aloud), "Thing: Rose; Text: red, and it smells sweet");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
    border: Border,
    indent: usize,
}

/// What stands around the cells of a table. No line of any begins with a `+`.
///
/// ```
/// use meadow_world::{Screen, text::{Border, Table}};
///
/// let mut table = Table::new(["", "Rose"]).border(Border::None);
/// table.add_row(["Colour", "red"]);
/// assert_eq!(table.draw(Screen::default()), "        |wRose|n\nColour  red");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Border {
    /// Two spaces between the columns.
    None,
    /// The same, and a line under each header.
    #[default]
    Header,
    /// A box.
    Full,
}

/// A column of a table: its header, and how its cells are put.
///
/// ```
/// use meadow_world::{Screen, text::{Border, Column, Table}};
///
/// // One narrow and to the right, one that is cut rather than wrapped.
/// let columns = [Column::right("No.").at_least(4), Column::new("Title").crop().at_most(8)];
/// let mut table = Table::new(columns).border(Border::None);
/// table.add_row(["7", "The Hobbit"]);
/// assert_eq!(table.draw(Screen::default()), " |wNo.|n  |wTitle|n\n   7  The H...");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Column {
    header: String,
    /// What stands for the header where it is read aloud.
    aloud: String,
    align: Align,
    cut: Cut,
    least: usize,
    most: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Cut {
    #[default]
    Wrap,
    Crop,
}

impl Column {
    /// A column under a header (markup; empty for none) whose cells are put to the left, and wrapped if they are too wide.
    pub fn new(header: impl Into<String>) -> Column {
        Column { header: header.into(), ..Column::default() }
    }

    /// As [`Column::new`], with cells to the right: numbers.
    pub fn right(header: impl Into<String>) -> Column {
        Column::new(header).align(Align::Right)
    }

    /// Names a column without a header where the table is read aloud: a cell that is told apart by its place alone says
    /// nothing there.
    ///
    /// ```
    /// use meadow_world::{Screen, text::{Border, Column, Table}};
    ///
    /// let columns = [Column::default().aloud("Service"), Column::default().aloud("State")];
    /// let mut table = Table::new(columns).border(Border::None);
    /// table.add_row(["telnet", "on"]);
    /// assert_eq!(table.draw(Screen::default()), "telnet  on");
    /// assert_eq!(table.draw(Screen { reader: true, ..Screen::default() }), "Service: telnet; State: on");
    /// ```
    pub fn aloud(mut self, name: impl Into<String>) -> Column {
        self.aloud = name.into();
        self
    }

    /// Puts its cells to a side. [`Align::Full`] is as `Left` here.
    pub fn align(mut self, align: Align) -> Column {
        self.align = align;
        self
    }

    /// Cells that are too wide are cropped, so that a row is one line.
    pub fn crop(mut self) -> Column {
        self.cut = Cut::Crop;
        self
    }

    /// It is never narrower than this, in cells of the screen, as long as the window has room for that.
    pub fn at_least(mut self, width: usize) -> Column {
        self.least = width.min(MAX_WIDTH);
        self
    }

    /// It is never wider than this, in cells of the screen.
    pub fn at_most(mut self, width: usize) -> Column {
        self.most = Some(width.max(1));
        self
    }
}

impl From<&str> for Column {
    fn from(header: &str) -> Column {
        Column::new(header)
    }
}

impl From<String> for Column {
    fn from(header: String) -> Column {
        Column::new(header)
    }
}

/// Between columns without lines.
const GAP: usize = 2;
/// Columns that would be narrower than this on the average are not drawn; rows are told as for a screen reader.
const LEAST_COLUMN: usize = 3;

impl Table {
    /// A table with these columns. If all headers are empty, there is no line of headers.
    pub fn new(columns: impl IntoIterator<Item = impl Into<Column>>) -> Table {
        Table { columns: columns.into_iter().map(Into::into).collect(), ..Table::default() }
    }

    /// Draws it with this border.
    pub fn border(mut self, border: Border) -> Table {
        self.border = border;
        self
    }

    /// Draws it so many cells of the screen to the right; what is read aloud has no such thing.
    pub fn indent(mut self, cells: usize) -> Table {
        self.indent = cells;
        self
    }

    /// Adds a row of cells (markup, which may have several lines). More cells than there are columns make further
    /// columns without a header; cells that are missing are empty.
    pub fn add_row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) -> &mut Table {
        let cells: Vec<String> = cells.into_iter().map(Into::into).collect();
        if cells.len() > self.columns.len() {
            self.columns.resize_with(cells.len(), Column::default);
        }
        self.rows.push(cells);
        self
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as markup for a window, without a line end behind it. Columns are as wide as what is in them; if that
    /// is too wide, the widest ones are made narrower first. For a screen reader, and for a window that is too narrow
    /// for the columns, each row is a line: `Header: cell; Header: cell`, without the cells that are empty.
    pub fn draw(&self, screen: Screen) -> String {
        let frame = match self.border {
            Border::None | Border::Header => GAP * self.columns.len().saturating_sub(1),
            Border::Full => 3 * self.columns.len() + 1,
        };
        let room = screen.width.saturating_sub(frame + self.indent);
        if screen.reader || room < LEAST_COLUMN * self.columns.len() {
            return self.linear();
        }
        let widths = self.widths(room);
        let mut lines = Vec::new();
        let rule = |left, middle, right| self.rule(&widths, [left, middle, right]);
        if self.border == Border::Full {
            lines.push(rule(".-", "---", "-."));
        }
        if self.has_headers() {
            let headers: Vec<String> = self.columns.iter().map(Column::shown_header).collect();
            self.row(&headers, &widths, &mut lines);
            match self.border {
                Border::None => {}
                Border::Header => lines.push(rule("", "  ", "")),
                Border::Full => lines.push(rule("||-", "-+-", "-||")),
            }
        }
        self.rows.iter().for_each(|row| self.row(row, &widths, &mut lines));
        if self.border == Border::Full {
            lines.push(rule("'-", "---", "-'"));
        }
        let space = " ".repeat(self.indent);
        let lines: Vec<String> = lines.iter().map(|line| format!("{space}{line}")).collect();
        lines.join("\n")
    }

    fn has_headers(&self) -> bool {
        self.columns.iter().any(|column| !column.header.is_empty())
    }

    /// How wide each column is, so that all of them have room.
    fn widths(&self, room: usize) -> Vec<usize> {
        let ranges: Vec<(usize, usize)> = self.columns.iter().enumerate().map(|at| self.range(at)).collect();
        let wanted: usize = ranges.iter().map(|(_, most)| most).sum();
        // Words stay whole where that can be done.
        let needed: usize = ranges.iter().map(|(least, _)| least).sum();
        let least = |least: usize| if needed <= room { least } else { MIN_WRAP };
        let width = |limit: usize, (low, most): (usize, usize)| limit.clamp(least(low).min(most), most);
        let total = |limit: usize| -> usize { ranges.iter().map(|range| width(limit, *range)).sum() };
        if wanted <= room {
            return ranges.into_iter().map(|(_, most)| most).collect();
        }
        // The greatest limit for which all have room; what is left over goes to the first that can use it.
        let (mut fits, mut too_wide) = (0, room + 1);
        while too_wide - fits > 1 {
            let middle = fits.midpoint(too_wide);
            if total(middle) <= room { fits = middle } else { too_wide = middle }
        }
        let mut left = room.saturating_sub(total(fits));
        let mut widths: Vec<usize> = ranges.iter().map(|range| width(fits, *range)).collect();
        for (width, (_, most)) in widths.iter_mut().zip(&ranges) {
            if left > 0 && *width == fits && *width < *most {
                *width += 1;
                left -= 1;
            }
        }
        widths
    }

    /// How wide a column is to be at least, and at most.
    fn range(&self, (at, column): (usize, &Column)) -> (usize, usize) {
        let cells = self.rows.iter().filter_map(|row| row.get(at)).chain([&column.header]);
        let (mut word, mut cell) = (0, 0);
        for text in cells {
            cell = cell.max(width(text));
            word = word.max(super::plain(text).split_whitespace().map(width_of_word).max().unwrap_or(0));
        }
        if column.cut == Cut::Crop {
            word = width(&column.header);
        }
        let most = column.most.map_or(cell, |most| cell.min(most)).max(column.least).max(1);
        (word.max(column.least).max(MIN_WRAP).min(most), most)
    }

    fn row(&self, cells: &[String], widths: &[usize], lines: &mut Vec<String>) {
        let empty = String::new();
        let cells: Vec<Vec<String>> = widths
            .iter()
            .zip(&self.columns)
            .enumerate()
            .map(|(at, (width, column))| {
                let cell = cells.get(at).unwrap_or(&empty);
                match column.cut {
                    Cut::Wrap => wrap(cell, *width),
                    Cut::Crop => super::lines(&crop(cell, *width)),
                }
            })
            .collect();
        for at in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            let mut line = String::new();
            let mut spaces = 0;
            for ((cell, width), column) in cells.iter().zip(widths).zip(&self.columns) {
                let cell = pad_line(cell.get(at).unwrap_or(&empty), *width, column.align, " ");
                if self.border == Border::Full {
                    line.push_str(if line.is_empty() { "|| " } else { " || " });
                    line.push_str(&cell);
                    continue;
                }
                // No spaces at the end of a line.
                let bare = cell.trim_end_matches(' ');
                if !bare.is_empty() {
                    line.extend(std::iter::repeat_n(' ', spaces));
                    line.push_str(bare);
                    spaces = 0;
                }
                spaces += cell.len() - bare.len() + GAP;
            }
            if self.border == Border::Full {
                line.push_str(" ||");
            }
            lines.push(line);
        }
    }

    fn rule(&self, widths: &[usize], [left, middle, right]: [&str; 3]) -> String {
        let dashes: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        format!("{left}{}{right}", dashes.join(middle))
    }

    fn linear(&self) -> String {
        let cell = |(cell, column): (&String, &Column)| {
            let text = super::lines(cell).join(" ");
            let text = text.trim();
            let header = if column.header.is_empty() { &column.aloud } else { &column.header };
            match header.as_str() {
                _ if super::plain(text).trim().is_empty() => None,
                "" => Some(text.to_owned()),
                header => Some(format!("{header}: {text}")),
            }
        };
        let row =
            |row: &Vec<String>| row.iter().zip(&self.columns).filter_map(cell).collect::<Vec<_>>().join("; ");
        self.rows.iter().map(row).collect::<Vec<_>>().join("\n")
    }
}

impl Column {
    fn shown_header(&self) -> String {
        if self.header.is_empty() { String::new() } else { format!("|w{}|n", self.header) }
    }
}

fn width_of_word(word: &str) -> usize {
    width(&super::escape(word))
}
