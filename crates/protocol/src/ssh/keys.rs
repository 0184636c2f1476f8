//! Bytes of a terminal to keys. [`super::Terminal`] hands it what the client sends.

/// Longest escape sequence that is looked at, in bytes; the keys of terminals have up to 8. What is longer is
/// no key, and passed over.
const SEQUENCE_LIMIT: usize = 16;
/// Longest control string (OSC, DCS ...) that is passed over, in bytes. Terminals send some as answers, which nobody here
/// asks for; what is longer is a lost end.
const STRING_LIMIT: usize = 256;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;

/// What a person pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// A character that shows.
    Char(char),
    /// The line is done.
    Enter,
    /// Take back the character before the cursor.
    Backspace,
    /// Take away the character under the cursor.
    Delete,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    /// The line before this one in the history.
    Up,
    Down,
    /// Take away what is before the cursor (Ctrl-U).
    KillLeft,
    /// Take away what is after the cursor (Ctrl-K).
    KillRight,
    /// Take away the word before the cursor (Ctrl-W).
    KillWordLeft,
    /// Take away the word after the cursor (Alt-D).
    KillWordRight,
    /// Put back what was taken away last (Ctrl-Y).
    Yank,
    /// Forget the line (Ctrl-C).
    Cancel,
    /// Ctrl-D: the end if there is nothing on the line, else as [`Key::Delete`].
    EndOfInput,
    /// Show the line anew (Ctrl-L).
    Redraw,
}

/// Takes keys out of a stream that comes in pieces of any size.
#[derive(Debug, Default)]
pub(super) struct Keys {
    state: State,
    /// The last byte was a CR, so that a LF belongs to it.
    after_cr: bool,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Ground,
    /// Within a character of UTF-8.
    Utf8 {
        bytes: [u8; 4],
        have: usize,
        need: usize,
    },
    Escape,
    /// After ESC O, as some terminals send cursor keys.
    Ss3,
    /// After ESC [.
    Csi {
        bytes: [u8; SEQUENCE_LIMIT],
        have: usize,
    },
    /// In a control string that had so many bytes.
    String {
        length: usize,
        escape: bool,
    },
}

impl Keys {
    /// What this byte completes, if it completes a key.
    pub(super) fn next(&mut self, byte: u8) -> Option<Key> {
        let after_cr = std::mem::take(&mut self.after_cr);
        match std::mem::take(&mut self.state) {
            State::Ground => self.ground(byte, after_cr),
            State::Utf8 { bytes, have, need } => self.utf8(byte, bytes, have, need),
            State::Escape => self.escape(byte),
            State::Ss3 => match byte {
                0x40..=0x7e => last_byte(byte, b""),
                _ => self.ground(byte, false),
            },
            State::Csi { bytes, have } => self.csi(byte, bytes, have),
            State::String { length, escape } => {
                let ends = byte == BEL || (escape && byte == b'\\');
                if !ends && length < STRING_LIMIT {
                    self.state = State::String { length: length + 1, escape: byte == ESC };
                }
                None
            }
        }
    }

    fn ground(&mut self, byte: u8, after_cr: bool) -> Option<Key> {
        Some(match byte {
            b'\r' => {
                self.after_cr = true;
                Key::Enter
            }
            b'\n' if after_cr => return None,
            b'\n' => Key::Enter,
            ESC => {
                self.state = State::Escape;
                return None;
            }
            0x01 => Key::Home,
            0x02 => Key::Left,
            0x03 => Key::Cancel,
            0x04 => Key::EndOfInput,
            0x05 => Key::End,
            0x06 => Key::Right,
            0x08 | 0x7f => Key::Backspace,
            b'\t' => Key::Char(' '),
            0x0b => Key::KillRight,
            0x0c => Key::Redraw,
            0x0e => Key::Down,
            0x10 => Key::Up,
            0x15 => Key::KillLeft,
            0x17 => Key::KillWordLeft,
            0x19 => Key::Yank,
            b' '..=b'~' => Key::Char(char::from(byte)),
            0xc2..=0xf4 => {
                let need = match byte {
                    0xc2..=0xdf => 2,
                    0xe0..=0xef => 3,
                    _ => 4,
                };
                self.state = State::Utf8 { bytes: [byte, 0, 0, 0], have: 1, need };
                return None;
            }
            // Other control characters are no keys, other bytes no UTF-8.
            _ => return None,
        })
    }

    fn utf8(&mut self, byte: u8, mut bytes: [u8; 4], have: usize, need: usize) -> Option<Key> {
        if byte & 0xc0 != 0x80 {
            // The character was cut off; this byte is the begin of something else.
            return self.ground(byte, false);
        }
        bytes[have] = byte;
        if have + 1 < need {
            self.state = State::Utf8 { bytes, have: have + 1, need };
            return None;
        }
        let text = std::str::from_utf8(&bytes[..need]).ok()?;
        text.chars().next().filter(|char| !char.is_control()).map(Key::Char)
    }

    fn escape(&mut self, byte: u8) -> Option<Key> {
        match byte {
            b'[' => self.state = State::Csi { bytes: [0; SEQUENCE_LIMIT], have: 0 },
            b'O' => self.state = State::Ss3,
            b']' | b'P' | b'X' | b'^' | b'_' => self.state = State::String { length: 0, escape: false },
            b'b' => return Some(Key::WordLeft),
            b'f' => return Some(Key::WordRight),
            b'd' => return Some(Key::KillWordRight),
            0x08 | 0x7f => return Some(Key::KillWordLeft),
            // Somebody pressed Escape, and then something else.
            _ => return self.ground(byte, false),
        }
        None
    }

    /// ECMA-48, section 5.4: bytes up to 3F, then one from 40 on that ends the sequence.
    fn csi(&mut self, byte: u8, mut bytes: [u8; SEQUENCE_LIMIT], have: usize) -> Option<Key> {
        match byte {
            0x20..=0x3f => {
                if let Some(slot) = bytes.get_mut(have) {
                    *slot = byte;
                }
                self.state = State::Csi { bytes, have: have.saturating_add(1).min(SEQUENCE_LIMIT + 1) };
                None
            }
            0x40..=0x7e => last_byte(byte, bytes.get(..have)?),
            // Broken off.
            _ => self.ground(byte, false),
        }
    }
}

/// The key that a sequence with these parameters stands for (those of xterm, rxvt and the Linux console).
fn last_byte(last: u8, parameters: &[u8]) -> Option<Key> {
    // 5 is Ctrl, 3 Alt.
    let by_words = parameters.ends_with(b";5") || parameters.ends_with(b";3") || parameters == b"5";
    Some(match (last, parameters) {
        (b'A', _) => Key::Up,
        (b'B', _) => Key::Down,
        (b'C', _) if by_words => Key::WordRight,
        (b'D', _) if by_words => Key::WordLeft,
        (b'C', _) => Key::Right,
        (b'D', _) => Key::Left,
        // rxvt's with Ctrl.
        (b'c', b"") => Key::WordRight,
        (b'd', b"") => Key::WordLeft,
        (b'H', _) | (b'~', b"1" | b"7") => Key::Home,
        (b'F', _) | (b'~', b"4" | b"8") => Key::End,
        (b'~', b"3") => Key::Delete,
        // Enter of the number pad.
        (b'M', b"") => Key::Enter,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let mut keys = Keys::default();
        bytes.iter().filter_map(|byte| keys.next(*byte)).collect()
    }

    fn typed(bytes: &[u8]) -> String {
        let char = |key| match key {
            Key::Char(char) => char,
            Key::Enter => '\n',
            other => panic!("{other:?}"),
        };
        keys(bytes).into_iter().map(char).collect()
    }

    #[test]
    fn cursor_keys_of_every_terminal() {
        for (bytes, key) in [
            (&b"\x1b[A"[..], Key::Up),
            (b"\x1bOA", Key::Up),
            (b"\x1b[B", Key::Down),
            (b"\x1b[D", Key::Left),
            (b"\x1b[C", Key::Right),
            (b"\x1b[1;5C", Key::WordRight),
            (b"\x1b[1;3D", Key::WordLeft),
            (b"\x1b[5D", Key::WordLeft),
            (b"\x1bOd", Key::WordLeft),
            (b"\x1bb", Key::WordLeft),
            (b"\x1b[H", Key::Home),
            (b"\x1bOH", Key::Home),
            (b"\x1b[1~", Key::Home),
            (b"\x1b[7~", Key::Home),
            (b"\x1b[F", Key::End),
            (b"\x1b[4~", Key::End),
            (b"\x1b[8~", Key::End),
            (b"\x1b[3~", Key::Delete),
            (b"\x1bOM", Key::Enter),
            (b"\x1b\x7f", Key::KillWordLeft),
        ] {
            assert_eq!(keys(bytes), [key], "{bytes:?}");
        }
    }

    #[test]
    fn every_line_end_is_one_enter() {
        assert_eq!(typed(b"a\rb\nc\r\nd\r\r\n\ne\r\0f"), "a\nb\nc\nd\n\n\ne\nf");
    }

    #[test]
    fn what_is_no_key_leaves_nothing_behind() {
        for noise in [
            &b"\x1b[200~"[..],
            b"\x1b[?1;2c",
            b"\x1b]11;rgb:ffff/ffff/ffff\x07",
            b"\x1bP1$r0m\x1b\\",
            b"\x1bOP",
            b"\x1b[99999999999999999999999999999999A",
            b"\x00\x07\x1a\x1c\xff\x80\xc0",
            b"\xc3",
            b"\xed\xa0\x80",
            b"\xc2\x85",
            b"\x1b",
        ] {
            assert_eq!(typed(&[noise, b"x"].concat()), "x", "{noise:?}");
        }
    }

    #[test]
    fn a_sequence_and_a_string_at_their_limits_and_past_them() {
        let csi = |parameters: usize| [b"\x1b[", "1".repeat(parameters).as_bytes(), b"A"].concat();
        assert_eq!(keys(&csi(SEQUENCE_LIMIT)), [Key::Up]);
        assert_eq!(keys(&csi(SEQUENCE_LIMIT + 1)), []);
        assert_eq!(typed(&[csi(100_000), b"x".to_vec()].concat()), "x");
        let string = |length: usize| [b"\x1b]", "y".repeat(length).as_bytes(), b"\x07x"].concat();
        assert_eq!(typed(&string(STRING_LIMIT)), "x");
        assert_eq!(typed(&string(STRING_LIMIT + 2)), "yx", "its end was lost");
    }

    #[test]
    fn characters_of_utf8() {
        assert_eq!(typed("a\u{e9}\u{65e5}\u{1f33b}".as_bytes()), "a\u{e9}\u{65e5}\u{1f33b}");
        assert_eq!(typed(b"\xe6\x97\xc3\xa9"), "\u{e9}", "one that was cut off");
    }
}
