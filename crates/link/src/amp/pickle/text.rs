//! The parts of protocols 0 and 1 that are written as lines of text. Used by the stack machine.

use super::{
    PickleError,
    machine::{MAX_INTEGER, Node, integer_node},
};

/// The bytes up to the next line end, which is taken too.
pub(super) fn raw_line<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], PickleError> {
    let end = rest.iter().position(|byte| *byte == b'\n').ok_or(PickleError::Truncated)?;
    let line = &rest[..end];
    *rest = &rest[end + 1..];
    Ok(line)
}

/// A line that is UTF-8.
pub(super) fn line<'a>(rest: &mut &'a [u8]) -> Result<&'a str, PickleError> {
    let line = std::str::from_utf8(raw_line(rest)?).map_err(|_| PickleError::Text)?;
    Ok(line.strip_suffix('\r').unwrap_or(line))
}

/// The argument of INT or LONG. Protocol 0 writes truth as the numbers 00 and 01.
pub(super) fn integer<'a>(text: &str) -> Result<Node<'a>, PickleError> {
    match text {
        "00" => return Ok(Node::Bool(false)),
        "01" => return Ok(Node::Bool(true)),
        _ if text.len() > MAX_INTEGER => return Err(PickleError::Number),
        _ => {}
    }
    let text = text.strip_suffix('L').unwrap_or(text);
    let number: i128 = text.parse().map_err(|_| PickleError::Number)?;
    Ok(integer_node(&number.to_le_bytes()))
}

/// The argument of STRING: a literal of Python 2, quotes and escapes included.
pub(super) fn quoted<'a>(literal: &str) -> Result<Node<'a>, PickleError> {
    let inner = ['"', '\''].iter().find_map(|quote| literal.strip_prefix(*quote)?.strip_suffix(*quote));
    let mut bytes = Vec::new();
    let mut rest = inner.ok_or(PickleError::Text)?.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'\\' {
            bytes.push(first);
            continue;
        }
        let (&escape, after) = rest.split_first().ok_or(PickleError::Text)?;
        rest = after;
        bytes.push(match escape {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'x' => hex(&mut rest, 2)? as u8,
            b'\\' | b'\'' | b'"' => escape,
            _ => return Err(PickleError::Text),
        });
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Node::Text(text.into()),
        Err(error) => Node::Bytes(error.into_bytes().into()),
    })
}

/// The argument of UNICODE: Latin-1 with `\uXXXX` and `\UXXXXXXXX`.
pub(super) fn raw_unicode_escape(mut rest: &[u8]) -> Result<String, PickleError> {
    let mut text = String::new();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let digits = match (first, rest.first()) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            _ => {
                text.push(char::from(first));
                continue;
            }
        };
        rest = &rest[1..];
        text.push(char::from_u32(hex(&mut rest, digits)?).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    Ok(text)
}

fn hex(rest: &mut &[u8], digits: usize) -> Result<u32, PickleError> {
    let (taken, after) = rest.split_at_checked(digits).ok_or(PickleError::Text)?;
    *rest = after;
    let digit = |value: u32, byte: &u8| Some(value << 4 | char::from(*byte).to_digit(16)?);
    taken.iter().try_fold(0, digit).ok_or(PickleError::Text)
}
