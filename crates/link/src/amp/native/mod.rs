//! The native codec: tags and varints. What the link's messages are made of is here; the messages
//! themselves are in `message`, the parts that several of them have in `fields`.
//!
//! A number is a varint (7 bits a byte, lowest first), a text its length and its UTF-8. A value is a tag
//! and what belongs to it. Nothing is aligned or padded; a message ends where its last field ends.

use bytes::{BufMut, BytesMut};
use serde_json::{Number, Value};

use crate::{Args, CommandTuple, Kwargs, SessionId, Time};

use super::CodecError;

mod fields;
mod message;

/// How deep values may be nested, lists and maps counted together.
pub const MAX_DEPTH: usize = 64;
/// Most elements for which room is made before they have been read.
const MAX_RESERVE: usize = 256;

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const UNSIGNED: u8 = 3;
const NEGATIVE: u8 = 4;
const FLOAT: u8 = 5;
const TEXT: u8 = 6;
const LIST: u8 = 7;
const MAP: u8 = 8;

/// Appends the native form of things to a buffer.
#[derive(Debug)]
pub struct Encoder<'a> {
    out: &'a mut BytesMut,
}

impl<'a> Encoder<'a> {
    /// An encoder that appends to `out`.
    pub fn new(out: &'a mut BytesMut) -> Encoder<'a> {
        Encoder { out }
    }

    /// A tag.
    pub fn tag(&mut self, tag: u8) {
        self.out.put_u8(tag);
    }

    /// A yes or no.
    pub fn flag(&mut self, on: bool) {
        self.out.put_u8(u8::from(on));
    }

    /// A number.
    pub fn number(&mut self, mut number: u64) {
        if number < 0x80 {
            return self.out.put_u8(number as u8);
        }
        let mut bytes = [0; 10];
        let mut length = 0;
        while number >= 0x80 {
            bytes[length] = number as u8 | 0x80;
            number >>= 7;
            length += 1;
        }
        bytes[length] = number as u8;
        self.out.put_slice(&bytes[..=length]);
    }

    /// How many elements follow.
    pub fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    /// A number that may be missing.
    pub fn optional_number(&mut self, number: Option<u64>) {
        self.flag(number.is_some());
        if let Some(number) = number {
            self.number(number);
        }
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.count(text.len());
        self.out.put_slice(text.as_bytes());
    }

    /// A text that may be missing.
    pub fn optional_text(&mut self, text: Option<&str>) {
        self.flag(text.is_some());
        if let Some(text) = text {
            self.text(text);
        }
    }

    /// Bytes of any kind.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.out.put_slice(bytes);
    }

    /// A session's id.
    pub fn session(&mut self, id: SessionId) {
        self.number(id.0);
    }

    /// A time.
    pub fn time(&mut self, time: Time) {
        self.number(time.micros());
    }

    /// A commandtuple.
    ///
    /// # Errors
    /// Values nested deeper than [`MAX_DEPTH`].
    pub fn tuple(&mut self, tuple: &CommandTuple) -> Result<(), CodecError> {
        self.text(&tuple.name);
        self.list(&tuple.args, 0)?;
        self.map(&tuple.kwargs)
    }

    /// Keyword arguments.
    ///
    /// # Errors
    /// Values nested deeper than [`MAX_DEPTH`].
    pub fn map(&mut self, map: &Kwargs) -> Result<(), CodecError> {
        self.nested_map(map, 0)
    }

    fn list(&mut self, list: &[Value], depth: usize) -> Result<(), CodecError> {
        self.count(list.len());
        list.iter().try_for_each(|value| self.value(value, depth))
    }

    fn nested_map(&mut self, map: &Kwargs, depth: usize) -> Result<(), CodecError> {
        self.count(map.len());
        map.iter().try_for_each(|(key, value)| {
            self.text(key);
            self.value(value, depth)
        })
    }

    /// A value that is inside `depth` lists and maps.
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), CodecError> {
        match value {
            Value::Null => self.tag(NULL),
            Value::Bool(on) => self.tag(if *on { TRUE } else { FALSE }),
            Value::Number(number) => self.json_number(number),
            Value::String(text) => {
                self.tag(TEXT);
                self.text(text);
            }
            Value::Array(_) | Value::Object(_) if depth == MAX_DEPTH => return Err(CodecError::TooDeep),
            Value::Array(list) => {
                self.tag(LIST);
                self.list(list, depth + 1)?;
            }
            Value::Object(map) => {
                self.tag(MAP);
                self.nested_map(map, depth + 1)?;
            }
        }
        Ok(())
    }

    fn json_number(&mut self, number: &Number) {
        if let Some(number) = number.as_u64() {
            self.tag(UNSIGNED);
            self.number(number);
        } else if let Some(number) = number.as_i64() {
            self.tag(NEGATIVE);
            // -1 is 0, -2 is 1 ...: no bit is lost to a sign that is always there.
            self.number(!number as u64);
        } else {
            self.tag(FLOAT);
            self.out.put_f64_le(number.as_f64().unwrap_or_default());
        }
    }
}

/// Reads the native form of things from the front of some bytes.
#[derive(Debug)]
pub struct Decoder<'a> {
    bytes: &'a [u8],
}

impl<'a> Decoder<'a> {
    /// A decoder of these bytes.
    pub fn new(bytes: &'a [u8]) -> Decoder<'a> {
        Decoder { bytes }
    }

    /// How many bytes have not been read.
    pub fn remaining(&self) -> usize {
        self.bytes.len()
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], CodecError> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or(CodecError::Truncated)?;
        self.bytes = rest;
        Ok(taken)
    }

    /// A tag.
    ///
    /// # Errors
    /// The bytes have ended.
    pub fn tag(&mut self) -> Result<u8, CodecError> {
        let (&first, rest) = self.bytes.split_first().ok_or(CodecError::Truncated)?;
        self.bytes = rest;
        Ok(first)
    }

    /// A yes or no.
    ///
    /// # Errors
    /// The bytes have ended, or the byte is neither.
    pub fn flag(&mut self) -> Result<bool, CodecError> {
        match self.tag()? {
            0 => Ok(false),
            1 => Ok(true),
            tag => Err(CodecError::UnknownTag { what: "a yes or no", tag }),
        }
    }

    /// A number.
    ///
    /// # Errors
    /// The bytes have ended, or the number needs more than 64 bits.
    pub fn number(&mut self) -> Result<u64, CodecError> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.tag()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(CodecError::OutOfRange("a varint"));
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(CodecError::OutOfRange("a varint"))
    }

    /// How many elements follow. Each takes a byte at least, so a count beyond the bytes that are left is
    /// refused before anything is made of it.
    ///
    /// # Errors
    /// The bytes have ended or cannot hold so many.
    pub fn count(&mut self) -> Result<usize, CodecError> {
        let count = usize::try_from(self.number()?).map_err(|_| CodecError::Truncated)?;
        if count > self.bytes.len() { Err(CodecError::Truncated) } else { Ok(count) }
    }

    /// A number that may be missing.
    ///
    /// # Errors
    /// As [`Decoder::number`].
    pub fn optional_number(&mut self) -> Result<Option<u64>, CodecError> {
        Ok(if self.flag()? { Some(self.number()?) } else { None })
    }

    /// A text.
    ///
    /// # Errors
    /// The bytes have ended, or are not UTF-8.
    pub fn text(&mut self) -> Result<&'a str, CodecError> {
        let length = self.count()?;
        std::str::from_utf8(self.take(length)?).map_err(|_| CodecError::Utf8)
    }

    /// A text that may be missing.
    ///
    /// # Errors
    /// As [`Decoder::text`].
    pub fn optional_text(&mut self) -> Result<Option<&'a str>, CodecError> {
        Ok(if self.flag()? { Some(self.text()?) } else { None })
    }

    /// Bytes of any kind.
    ///
    /// # Errors
    /// The bytes have ended.
    pub fn bytes(&mut self) -> Result<&'a [u8], CodecError> {
        let length = self.count()?;
        self.take(length)
    }

    /// A session's id.
    ///
    /// # Errors
    /// As [`Decoder::number`].
    pub fn session(&mut self) -> Result<SessionId, CodecError> {
        self.number().map(SessionId)
    }

    /// A time.
    ///
    /// # Errors
    /// As [`Decoder::number`].
    pub fn time(&mut self) -> Result<Time, CodecError> {
        self.number().map(Time::from_micros)
    }

    /// Several of one kind.
    ///
    /// # Errors
    /// Those of the kind.
    pub fn several<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Vec<T>, CodecError> {
        let count = self.count()?;
        let mut all = Vec::with_capacity(count.min(MAX_RESERVE));
        for _ in 0..count {
            all.push(one(self)?);
        }
        Ok(all)
    }

    /// A commandtuple.
    ///
    /// # Errors
    /// Bytes that are none.
    pub fn tuple(&mut self) -> Result<CommandTuple, CodecError> {
        Ok(CommandTuple { name: self.text()?.to_owned(), args: self.list(0)?, kwargs: self.nested_map(0)? })
    }

    /// Keyword arguments.
    ///
    /// # Errors
    /// Bytes that are none.
    pub fn map(&mut self) -> Result<Kwargs, CodecError> {
        self.nested_map(0)
    }

    fn list(&mut self, depth: usize) -> Result<Args, CodecError> {
        self.several(|from| from.value(depth))
    }

    fn nested_map(&mut self, depth: usize) -> Result<Kwargs, CodecError> {
        let mut map = Kwargs::new();
        for _ in 0..self.count()? {
            let key = self.text()?.to_owned();
            map.insert(key, self.value(depth)?);
        }
        Ok(map)
    }

    /// A value that is inside `depth` lists and maps.
    fn value(&mut self, depth: usize) -> Result<Value, CodecError> {
        Ok(match self.tag()? {
            NULL => Value::Null,
            FALSE => Value::Bool(false),
            TRUE => Value::Bool(true),
            UNSIGNED => Value::from(self.number()?),
            NEGATIVE => match i64::try_from(self.number()?) {
                Ok(number) => Value::from(!number),
                Err(_) => return Err(CodecError::OutOfRange("a negative number")),
            },
            FLOAT => {
                let bytes = self.take(8)?.try_into().map_err(|_| CodecError::Truncated)?;
                Value::from(f64::from_le_bytes(bytes))
            }
            TEXT => Value::String(self.text()?.to_owned()),
            LIST | MAP if depth == MAX_DEPTH => return Err(CodecError::TooDeep),
            LIST => Value::Array(self.list(depth + 1)?),
            MAP => Value::Object(self.nested_map(depth + 1)?),
            tag => return Err(CodecError::UnknownTag { what: "a value", tag }),
        })
    }
}
