//! How wide markup is on the screen, and text that has to fit: cropped, padded, wrapped, justified. Tables, columns and
//! the inline functions are built on it; so are the commands of games.

use std::borrow::Cow;

use super::markup::{self, Atom, Kind, Sort, TAB};

/// The widest that text is padded or justified to, in cells: a number that came from somewhere shall not fill the memory.
pub const MAX_WIDTH: usize = 1000;

/// What cropped text ends with.
const ELLIPSIS: &str = "...";

/// To which side text is put that is narrower than its room.
///
/// ```
/// use meadow_world::text::{Align, justify};
/// assert_eq!(justify("one two", 9, Align::Center), " one two ");
/// assert_eq!(justify("one two three", 8, Align::Full), "one  two\nthree   ");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// To the left.
    #[default]
    Left,
    /// To the right.
    Right,
    /// In the middle; a space that is left over stands to the right.
    Center,
    /// To both sides: gaps between words are widened, but in the last line of a paragraph.
    Full,
}

/// How many cells of a terminal markup takes: its widest line, if it has several.
///
/// Codes take none, `||` takes one, a link that sends a command takes its label, and a link to a page its address (as
/// clients without links show it, and as Evennia counts). Wide characters take two, combining ones none; a tabulator
/// goes to the next column that is divided by eight.
///
/// ```
/// use meadow_world::text::width;
/// assert_eq!(width("|rred|n || |lclook|ltsee|le"), 9);
/// assert_eq!(width("日本語"), 6);
/// assert_eq!(width("e\u{301}"), 1);
/// ```
pub fn width(text: &str) -> usize {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'|') {
        return text.len();
    }
    let (mut widest, mut column) = (0, 0);
    markup::atoms(text, &mut |atom| match atom.kind {
        Kind::LineEnd => column = 0,
        _ => {
            column += cells_at(&atom, column);
            widest = widest.max(column);
        }
    });
    widest
}

/// The text without any markup: no colours, and links as their label or address. Evennia's `strip_ansi`.
///
/// ```
/// assert_eq!(meadow_world::text::plain("|rred|n || |lclook|ltsee|le"), "red | see");
/// ```
pub fn plain(text: &str) -> String {
    markup::plain(text)
}

/// The text, if it has one line of no more than `width` cells; or else as much of the first line as fits, and `...`.
/// What is open where it is cut is closed. Less than four cells have no room for the dots.
///
/// ```
/// use meadow_world::text::crop;
/// assert_eq!(crop("|ra red rose|n", 6), "|ra r|n...");
/// assert_eq!(crop("|ra red rose|n", 10), "|ra red rose|n");
/// ```
pub fn crop(text: &str, width: usize) -> Cow<'_, str> {
    crop_with(text, width, ELLIPSIS)
}

/// As [`crop`], with another ending (plain text).
pub(super) fn crop_with<'a>(text: &'a str, width: usize, ending: &str) -> Cow<'a, str> {
    let mut one_line = true;
    markup::atoms(text, &mut |atom| one_line &= atom.kind != Kind::LineEnd);
    if one_line && self::width(text) <= width {
        return Cow::Borrowed(text);
    }
    let dots = markup::plain_width(ending);
    let (room, ending) = if width > dots { (width - dots, ending) } else { (width, "") };
    let mut pen = Pen::default();
    let mut full = false;
    markup::atoms(text, &mut |atom| {
        full |= atom.kind == Kind::LineEnd || pen.column + cells_at(&atom, pen.column) > room;
        if !full {
            pen.put(&atom);
        }
    });
    let mut line = pen.end_line();
    line.push_str(&super::escape(ending));
    Cow::Owned(line)
}

/// The text with as many spaces as are missing to `width` cells (at most [`MAX_WIDTH`]), each of its lines. Wider lines
/// are left as they are. Colours that a line leaves open end before the spaces, and go on in the next line.
///
/// ```
/// use meadow_world::text::{Align, pad};
/// assert_eq!(pad("|rred", 6, Align::Left), "|rred|n   ");
/// assert_eq!(pad("red", 6, Align::Right), "   red");
/// assert_eq!(pad("red", 6, Align::Center), " red  ");
/// ```
pub fn pad(text: &str, width: usize, align: Align) -> String {
    pad_with(text, width, align, " ")
}

/// As [`pad`], with something else than spaces: markup, one cell wide.
pub(super) fn pad_with(text: &str, width: usize, align: Align, fill: &str) -> String {
    let lines = lines(text);
    let padded: Vec<String> = lines.iter().map(|line| pad_line(line, width, align, fill)).collect();
    padded.join("\n")
}

/// Pads one line that leaves nothing open.
pub(super) fn pad_line(line: &str, width: usize, align: Align, fill: &str) -> String {
    let missing = width.min(MAX_WIDTH).saturating_sub(self::width(line));
    let before = match align {
        Align::Left | Align::Full => 0,
        Align::Right => missing,
        Align::Center => missing / 2,
    };
    [&fill.repeat(before), line, &fill.repeat(missing - before)].concat()
}

/// The lines of a text, each of which is whole: what is open at the end of one is closed, and opened again in the next.
/// Tabulators have become spaces.
///
/// ```
/// assert_eq!(meadow_world::text::lines("|rred\nrose|n"), ["|rred|n", "|rrose|n"]);
/// ```
pub fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut pen = Pen::default();
    markup::atoms(text, &mut |atom| match atom.kind {
        Kind::LineEnd => lines.push(pen.end_line()),
        _ => pen.put(&atom),
    });
    lines.push(pen.end_line());
    lines
}

/// Breaks text into lines of no more than `width` cells (two at least), between words where it can be done. Spaces at a
/// break go, and so do those at the end of a line; an indent at the beginning of a line stays. Each line is whole, as
/// those of [`lines`] are; a link that is broken works in both. The address of a page is not broken, nor is a character
/// of Indian scripts that is wider than the line.
///
/// ```
/// use meadow_world::text::wrap;
/// assert_eq!(wrap("a |rred rose|n", 6), ["a |rred|n", "|rrose|n"]);
/// assert_eq!(wrap("日本語", 4), ["日本", "語"]);
/// ```
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    wrapped(text, width).into_iter().map(|line| line.text).collect()
}

/// Breaks text into lines as [`wrap`] does and puts them to one side, or to both. The lines are joined.
///
/// ```
/// use meadow_world::text::{Align, justify};
/// assert_eq!(justify("one two three", 8, Align::Full), "one  two\nthree   ");
/// ```
pub fn justify(text: &str, width: usize, align: Align) -> String {
    let width = width.clamp(MIN_WRAP, MAX_WIDTH);
    let put = |line: Line| match align {
        Align::Full if !line.ends_paragraph => pad_line(&spread(&line.text, width), width, align, " "),
        _ => pad_line(&line.text, width, align, " "),
    };
    wrapped(text, width).into_iter().map(put).collect::<Vec<_>>().join("\n")
}

/// A wide character has to fit into a line.
pub(super) const MIN_WRAP: usize = 2;

/// A line of wrapped text.
struct Line {
    text: String,
    ends_paragraph: bool,
}

fn wrapped(text: &str, width: usize) -> Vec<Line> {
    let mut wrapper = Wrapper { width: width.max(MIN_WRAP), ..Wrapper::default() };
    markup::atoms(text, &mut |atom| wrapper.take(atom));
    wrapper.end_paragraph();
    wrapper.lines
}

/// Puts words into lines.
#[derive(Default)]
struct Wrapper<'a> {
    width: usize,
    lines: Vec<Line>,
    pen: Pen<'a>,
    /// What stands before the word: spaces, and codes among them.
    gap: Vec<Atom<'a>>,
    /// The word that is being read: from its first character on.
    word: Vec<Atom<'a>>,
}

impl<'a> Wrapper<'a> {
    fn take(&mut self, atom: Atom<'a>) {
        match atom.kind {
            Kind::LineEnd => self.end_paragraph(),
            Kind::Space | Kind::Tab => {
                self.end_word();
                self.gap.push(atom);
            }
            Kind::Glyph | Kind::Ideograph | Kind::Closing => {
                let wide = |kind| matches!(kind, Kind::Ideograph | Kind::Closing);
                let last = self.word.iter().rev().map(|atom| atom.kind).find(Kind::is_shown);
                let breaks = last.is_some_and(|last| wide(last) || wide(atom.kind));
                if breaks && atom.kind != Kind::Closing {
                    self.end_word();
                }
                self.word.push(atom);
            }
            // A code belongs to the characters that it stands before.
            _ if self.word.is_empty() => self.gap.push(atom),
            _ => self.word.push(atom),
        }
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let mut column = self.pen.column;
        for atom in self.gap.iter().chain(&self.word) {
            column += cells_at(atom, column);
        }
        let word: usize = self.word.iter().map(|atom| atom.cells).sum();
        // An indent stays with as much of a long word as there is room for.
        let first = self.word.first().map_or(0, |atom| atom.cells);
        let indent = self.pen.column == 0 && column - word + first <= self.width;
        let fits = column <= self.width || indent && word > self.width;
        if !fits && self.pen.column > 0 {
            self.end_line(false);
        }
        for atom in std::mem::take(&mut self.gap) {
            if fits || !matches!(atom.kind, Kind::Space | Kind::Tab) {
                self.pen.put(&atom);
            }
        }
        for atom in std::mem::take(&mut self.word) {
            if self.pen.column > 0 && self.pen.column + atom.cells > self.width {
                self.end_line(false);
            }
            self.pen.put(&atom);
        }
    }

    fn end_paragraph(&mut self) {
        self.end_word();
        for atom in std::mem::take(&mut self.gap) {
            if !matches!(atom.kind, Kind::Space | Kind::Tab) {
                self.pen.put(&atom);
            }
        }
        self.end_line(true);
    }

    fn end_line(&mut self, ends_paragraph: bool) {
        self.lines.push(Line { text: self.pen.end_line(), ends_paragraph });
    }
}

/// Widens the gaps between the words of a line.
fn spread(line: &str, width: usize) -> String {
    let mut gaps = 0;
    let mut gap_begins = gap_finder();
    markup::atoms(line, &mut |atom| gaps += usize::from(gap_begins(atom.kind)));
    let mut missing = width.saturating_sub(self::width(line));
    let mut pen = Pen::default();
    let mut gap_begins = gap_finder();
    markup::atoms(line, &mut |atom| {
        if gap_begins(atom.kind) {
            // What does not divide evenly goes to the last gaps.
            let more = missing / gaps;
            (missing, gaps) = (missing - more, gaps - 1);
            (0..more).for_each(|_| pen.put(&Atom { raw: " ", cells: 1, kind: Kind::Space }));
        }
        pen.put(&atom);
    });
    pen.end_line()
}

/// Finds the first space behind each word.
fn gap_finder() -> impl FnMut(Kind) -> bool {
    let mut in_word = false;
    move |kind| {
        let begins = in_word && kind == Kind::Space;
        if kind.is_shown() {
            in_word = kind != Kind::Space;
        }
        begins
    }
}

impl Kind {
    fn is_shown(&self) -> bool {
        matches!(self, Kind::Glyph | Kind::Ideograph | Kind::Closing | Kind::Space | Kind::Tab)
    }
}

fn cells_at(atom: &Atom<'_>, column: usize) -> usize {
    if atom.kind == Kind::Tab { TAB - column % TAB } else { atom.cells }
}

/// Writes lines that are whole. Codes are written when a character needs them, and no sooner.
#[derive(Default)]
struct Pen<'a> {
    out: String,
    column: usize,
    /// The codes in force.
    styles: Vec<(&'a str, Sort)>,
    /// Those that are still to be written.
    pending: Vec<&'a str>,
    /// Whether the line has codes that are to be closed.
    open: bool,
    link: Option<&'a str>,
    link_open: bool,
}

impl<'a> Pen<'a> {
    fn put(&mut self, atom: &Atom<'a>) {
        match atom.kind {
            Kind::Style(sort) => self.style(atom.raw, sort),
            Kind::LinkOpen => self.link = Some(atom.raw),
            Kind::LinkClose => {
                self.close_link();
                self.link = None;
            }
            Kind::Hidden => self.out.push_str(atom.raw),
            Kind::Tab => {
                let cells = cells_at(atom, self.column);
                self.write(&" ".repeat(cells), cells);
            }
            Kind::LineEnd => {}
            Kind::Glyph | Kind::Ideograph | Kind::Closing | Kind::Space => self.write(atom.raw, atom.cells),
        }
    }

    fn style(&mut self, raw: &'a str, sort: Sort) {
        let replaced = |known: Sort| match sort {
            Sort::Reset => true,
            Sort::Letter => matches!(known, Sort::Letter | Sort::Hue | Sort::Indexed | Sort::Weight),
            // Their weight stays, where a client has so few colours that they have one.
            Sort::Indexed => matches!(known, Sort::Hue | Sort::Indexed),
            _ => known == sort,
        };
        self.styles.retain(|(_, known)| !replaced(*known));
        if sort == Sort::Reset {
            self.pending.clear();
        } else {
            self.styles.push((raw, sort));
        }
        self.pending.push(raw);
    }

    fn write(&mut self, raw: &str, cells: usize) {
        for code in self.pending.drain(..) {
            push_code(code, &mut self.out);
            self.open = code != "|n";
        }
        if let Some(link) = self.link
            && !self.link_open
        {
            self.out.push_str(link);
            self.link_open = true;
        }
        self.out.push_str(raw);
        self.column += cells;
    }

    fn close_link(&mut self) {
        if std::mem::take(&mut self.link_open) {
            self.out.push_str("|le");
        }
    }

    /// The line, closed. What was open is going to be opened again.
    fn end_line(&mut self) -> String {
        self.close_link();
        if std::mem::take(&mut self.open) {
            self.out.push_str("|n");
        }
        self.pending = self.styles.iter().map(|(raw, _)| *raw).collect();
        self.column = 0;
        std::mem::take(&mut self.out)
    }
}

/// Writes a code. Colours of three digits are written with six: what follows now may be a digit, too.
fn push_code(code: &str, out: &mut String) {
    match code.split_once('#') {
        Some((head, digits)) if digits.len() == 3 => {
            out.push_str(head);
            out.push('#');
            digits.chars().for_each(|digit| out.extend([digit, digit]));
        }
        _ => out.push_str(code),
    }
}
