//! What a terminal makes of the bytes that it is sent: the rows of its screen.

use unicode_width::UnicodeWidthChar as _;

/// A terminal that knows what a line editor needs, and fails over everything else.
pub(crate) struct ScreenModel {
    width: usize,
    rows: Vec<Vec<char>>,
    column: usize,
    pub(crate) bells: usize,
}

/// The right half of a wide character.
const HALF: char = '\0';

impl ScreenModel {
    pub(crate) fn new(width: usize) -> ScreenModel {
        ScreenModel { width, rows: vec![Vec::new()], column: 0, bells: 0 }
    }

    /// The rows, without blanks at their ends; the last one is where the cursor is.
    pub(crate) fn rows(&self) -> Vec<String> {
        self.rows
            .iter()
            .map(|row| row.iter().filter(|char| **char != HALF).collect::<String>().trim_end().to_owned())
            .collect()
    }

    /// The last row, with `^` where the cursor is.
    pub(crate) fn last_row(&self) -> String {
        let row = self.rows.last().expect("there is one");
        let cell = |at: usize| row.get(at).copied().unwrap_or(' ');
        let left: String = (0..self.column).map(cell).filter(|char| *char != HALF).collect();
        let right: String = (self.column..row.len()).map(cell).filter(|char| *char != HALF).collect();
        format!("{left}^{}", right.trim_end())
    }

    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        let text = std::str::from_utf8(bytes).expect("UTF-8");
        let mut chars = text.chars();
        while let Some(char) = chars.next() {
            match char {
                '\r' => self.column = 0,
                '\n' => {
                    assert_eq!(self.column, 0, "a line feed alone makes stairs on a raw terminal");
                    self.rows.push(Vec::new());
                }
                '\x08' => self.column = self.column.checked_sub(1).expect("a backspace at the border"),
                '\x07' => self.bells += 1,
                '\x1b' => self.sequence(&mut chars),
                char => self.put(char),
            }
        }
    }

    fn sequence(&mut self, chars: &mut std::str::Chars<'_>) {
        assert_eq!(chars.next(), Some('['));
        let mut number = String::new();
        let last = loop {
            match chars.next().expect("the end of a sequence") {
                digit @ ('0'..='9' | ';') => number.push(digit),
                last => break last,
            }
        };
        let row = self.rows.last_mut().expect("there is one");
        match last {
            'm' => {}
            'K' => row.truncate(self.column),
            'D' => self.column = self.column.checked_sub(number.parse().unwrap()).expect("room to the left"),
            other => panic!("CSI {number}{other}"),
        }
    }

    fn put(&mut self, char: char) {
        let width = char.width().expect("no control character");
        if self.column + width > self.width {
            self.rows.push(Vec::new());
            self.column = 0;
        }
        let row = self.rows.last_mut().expect("there is one");
        row.resize(row.len().max(self.column + width), ' ');
        match width {
            // Accents are of no interest.
            0 => {}
            1 => row[self.column] = char,
            _ => (row[self.column], row[self.column + 1]) = (char, HALF),
        }
        self.column += width;
    }
}
