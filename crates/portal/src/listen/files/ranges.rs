//! Parts of a file (RFC 9110, section 14): players of sounds and videos ask for them, and Safari plays nothing without.

use std::ops::Range;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

/// What of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// All of it; also if that is not clear, or in several parts at once.
    Whole,
    /// These bytes.
    Part(Range<usize>),
    /// A part that it does not have.
    Beyond,
}

/// The file or a part of it; it is loaded only if something of it is sent.
pub(super) fn answer(
    request: &HeaderMap,
    etag: &str,
    kind: &str,
    length: usize,
    load: impl FnOnce() -> Option<Bytes>,
) -> Response {
    let part = asked(request, etag, length);
    if part == Asked::Beyond {
        let told = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
        return (StatusCode::RANGE_NOT_SATISFIABLE, told).into_response();
    }
    let Some(content) = load() else { return busy() };
    let headers = [
        (header::ETAG, etag),
        (header::CACHE_CONTROL, "no-cache"),
        (header::ACCEPT_RANGES, "bytes"),
        (header::CONTENT_TYPE, kind),
    ];
    match part {
        Asked::Part(part) => {
            let told = [(header::CONTENT_RANGE, format!("bytes {}-{}/{length}", part.start, part.end - 1))];
            let body = Body::from(content.slice(part));
            (StatusCode::PARTIAL_CONTENT, headers, told, body).into_response()
        }
        _ => (headers, Body::from(content)).into_response(),
    }
}

fn busy() -> Response {
    let told = "This can't be sent just now. Please try again in a moment.\n";
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], told).into_response()
}

/// What a request asks for, of a file with this tag that is so many bytes long.
fn asked(request: &HeaderMap, etag: &str, length: usize) -> Asked {
    let value = |name| request.get(name).map(|value| value.to_str().unwrap_or_default());
    // A part of another version would not fit to what the client has (RFC 9110, section 13.1.5).
    if value(header::IF_RANGE).is_some_and(|known| known != etag) {
        return Asked::Whole;
    }
    let range = value(header::RANGE).and_then(|range| range.trim().split_once('='));
    let Some((_, range)) = range.filter(|(unit, _)| unit.eq_ignore_ascii_case("bytes")) else {
        return Asked::Whole;
    };
    let part = match range.split_once('-') {
        Some(("", last)) => number(last).map(|last| (length.saturating_sub(last), length)),
        Some((first, "")) => number(first).map(|first| (first, length)),
        Some((first, last)) => number(first)
            .zip(number(last))
            .filter(|(first, last)| first <= last)
            .map(|(first, last)| (first, last.saturating_add(1).min(length))),
        None => None,
    };
    match part {
        Some((first, end)) if first < end => Asked::Part(first..end),
        Some(_) => Asked::Beyond,
        None => Asked::Whole,
    }
}

/// Digits alone; more than there can be of bytes is the most that there can be.
fn number(digits: &str) -> Option<usize> {
    let all_digits = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    all_digits.then(|| digits.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of_ten(range: &str) -> Asked {
        let headers =
            HeaderMap::from_iter([(header::RANGE, HeaderValue::from_str(range).expect("a header"))]);
        asked(&headers, "\"1\"", 10)
    }

    #[test]
    fn a_part_is_given_as_far_as_it_is_there() {
        assert_eq!(of_ten("bytes=0-1"), Asked::Part(0..2));
        assert_eq!(of_ten("Bytes=0-1"), Asked::Part(0..2));
        assert_eq!(of_ten("bytes=4-"), Asked::Part(4..10));
        assert_eq!(of_ten("bytes=-3"), Asked::Part(7..10));
        assert_eq!(of_ten("bytes=-30"), Asked::Part(0..10));
        assert_eq!(of_ten("bytes=9-99999999999999999999999"), Asked::Part(9..10));
    }

    #[test]
    fn what_is_not_there_is_beyond() {
        for range in ["bytes=10-", "bytes=10-11", "bytes=-0", "bytes=99999999999999999999999-"] {
            assert_eq!(of_ten(range), Asked::Beyond, "{range}");
        }
        assert_eq!(asked(&HeaderMap::new(), "\"1\"", 0), Asked::Whole);
    }

    #[test]
    fn what_is_not_clear_is_the_whole() {
        for range in
            ["", "bytes=", "bytes=-", "bytes=5-4", "bytes=0-1,4-5", "lines=0-1", "bytes=+1-2", "bytes=a-"]
        {
            assert_eq!(of_ten(range), Asked::Whole, "{range}");
        }
    }

    #[test]
    fn a_part_of_another_version_is_not_given() {
        let ask = |known: &'static str| {
            let headers = [(header::RANGE, "bytes=0-1"), (header::IF_RANGE, known)];
            let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
            asked(&HeaderMap::from_iter(headers), "\"1\"", 10)
        };
        assert_eq!(ask("\"1\""), Asked::Part(0..2));
        assert_eq!(ask("\"2\""), Asked::Whole);
        assert_eq!(ask("Sat, 21 Nov 2026 10:00:00 GMT"), Asked::Whole);
    }
}
