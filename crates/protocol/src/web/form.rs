//! Fields of an HTML form as browsers send them (`application/x-www-form-urlencoded`, WHATWG URL standard,
//! section 5.1). The AJAX requests and the query of an address are read with it.

use std::borrow::Cow;

/// Most fields that are read; further ones are ignored.
pub const MAX_FIELDS: usize = 64;

/// The fields, decoded. What is not UTF-8 becomes U+FFFD.
pub fn fields(form: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    form.split(|byte| *byte == b'&').filter(|field| !field.is_empty()).take(MAX_FIELDS).map(|field| {
        let equals = field.iter().position(|byte| *byte == b'=').unwrap_or(field.len());
        (decode(&field[..equals]), decode(field.get(equals + 1..).unwrap_or_default()))
    })
}

/// The value of the first field of this name.
pub fn field<'a>(form: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    fields(form).find(|(known, _)| known == name).map(|(_, value)| value)
}

fn decode(part: &[u8]) -> Cow<'_, str> {
    if !part.contains(&b'+') && !part.contains(&b'%') {
        return String::from_utf8_lossy(part);
    }
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', &[high, low, ..]) if let (Some(high), Some(low)) = (digit(high), digit(low)) => {
                bytes.push(high << 4 | low);
                rest = &after[2..];
            }
            _ => bytes.push(byte),
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(form: &str) -> Vec<(String, String)> {
        fields(form.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    }

    #[test]
    fn fields_are_decoded() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(all(""), []);
        assert_eq!(all("a=1&b=&c&&=d"), [pair("a", "1"), pair("b", ""), pair("c", ""), pair("", "d")]);
        assert_eq!(all("d%61ta=x+y%2Bz%C3%A9=%26"), [pair("data", "x y+zé=&")]);
        assert_eq!(all("a=%&b=%4&c=%zz%ff"), [pair("a", "%"), pair("b", "%4"), pair("c", "%zz\u{fffd}")]);
        assert_eq!(field(b"a=1&a=2", "a").as_deref(), Some("1"));
        assert_eq!(field(b"a=1", "b"), None);
    }

    #[test]
    fn fields_are_not_without_number() {
        let many = |count: usize| "a=1&".repeat(count);
        assert_eq!(all(&many(MAX_FIELDS)).len(), MAX_FIELDS);
        assert_eq!(all(&many(MAX_FIELDS + 1)).len(), MAX_FIELDS);
    }
}
