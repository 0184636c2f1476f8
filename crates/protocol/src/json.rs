//! JSON as Evennia's clients have always seen it: Python's `json.dumps` with its default separators and
//! ASCII only. The out-of-band languages and the web formats write their messages with it.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// The JSON of a value, all ASCII, with `", "` and `": "` between its parts.
///
/// Only values whose keys are text and whose `Serialize` does not fail by itself may be given, which
/// holds for everything made of [`serde_json::Value`].
pub(crate) fn dumps(value: &impl Serialize) -> String {
    let mut bytes = Vec::with_capacity(128);
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, PythonFormatter))
        .expect("JSON values with text keys always serialise into memory");
    String::from_utf8(bytes).expect("the formatter writes ASCII")
}

/// A number with a fraction, as Python's `repr` writes it. It is finite: JSON knows no other.
pub(crate) fn float(number: f64) -> String {
    let written = format!("{number:?}");
    match written.split_once('e') {
        None => written,
        Some((digits, exponent)) => {
            let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
            format!("{digits}e{sign}{exponent:0>2}")
        }
    }
}

/// Python's default layout.
struct PythonFormatter;

impl Formatter for PythonFormatter {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(float(value).as_bytes())
    }

    /// Escapes what lies outside of printable ASCII; quotes, backslashes and C0 controls never come here.
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let printable = |ch: char| matches!(ch, ' '..='~');
        let mut rest = fragment;
        while let Some(at) = rest.find(|ch| !printable(ch)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let end = rest[at..].find(printable).map_or(rest.len(), |length| at + length);
            for unit in rest[at..end].encode_utf16() {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[end..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn looks_like_python() {
        let value = json!(["a\"\\\n\u{7f}", {"k": 1, "é": [null, true]}, "日😀x"]);
        let expected = r#"["a\"\\\n\u007f", {"k": 1, "\u00e9": [null, true]}, "\u65e5\ud83d\ude00x"]"#;
        assert_eq!(dumps(&value), expected);
    }

    #[test]
    fn numbers_look_like_python() {
        let value = json!([1e16, 1e15, 1e-7, 0.0001, 3.0, -1.5e-10, 1e100, 0.1, -0.0]);
        assert_eq!(
            dumps(&value),
            "[1e+16, 1000000000000000.0, 1e-07, 0.0001, 3.0, -1.5e-10, 1e+100, 0.1, -0.0]"
        );
    }

    proptest! {
        #[test]
        fn any_text_survives(text in any::<String>()) {
            let written = dumps(&[&text]);
            prop_assert!(written.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            prop_assert_eq!(serde_json::from_str::<Value>(&written).expect("valid JSON"), json!([text]));
        }
    }
}
