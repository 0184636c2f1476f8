//! Questions and answers of AMP: the tags that join them, and the boxes that carry an answer or an error.
//! Only Evennia's processes and the launcher ask; our own processes do not wait for one another.

use std::fmt;

use bytes::Bytes;

use super::AmpBox;

/// Longest tag that is taken from a peer, in bytes.
const MAX_TAG: usize = 255;
/// Longest description of an error that is written, in bytes.
const MAX_DESCRIPTION: usize = 4096;

/// The tag of one request; its answer repeats it. Opaque to whoever answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ask(Box<[u8]>);

impl Ask {
    /// The tag of a request box, if it wants an answer.
    pub(super) fn of(request: &AmpBox) -> Option<Ask> {
        tag(request, "_ask")
    }

    /// The bytes of the tag.
    pub fn bytes(&self) -> Bytes {
        Bytes::copy_from_slice(&self.0)
    }

    /// An answer without results.
    pub fn answer(&self) -> AmpBox {
        AmpBox::new().with("_answer", self.bytes())
    }

    /// An answer that says what went wrong; the text is cut to a reasonable length.
    pub fn error(&self, code: ErrorCode, description: &str) -> AmpBox {
        let end = description.floor_char_boundary(MAX_DESCRIPTION);
        AmpBox::new()
            .with("_error", self.bytes())
            .with("_error_code", code.name())
            .with("_error_description", description[..end].to_owned())
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

fn tag(amp_box: &AmpBox, key: &str) -> Option<Ask> {
    let value = amp_box.value(key)?;
    (value.len() <= MAX_TAG).then(|| Ask(value[..].into()))
}

/// Makes the tags of one direction of one connection: 1, 2 ... in lower-case hexadecimal, as Twisted does.
#[derive(Debug, Default)]
pub struct AskCounter(u64);

impl AskCounter {
    /// The next tag.
    pub fn ask(&mut self) -> Ask {
        self.0 += 1;
        Ask(format!("{:x}", self.0).into_bytes().into())
    }
}

/// Why a request failed, in AMP's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// The command is known and went wrong.
    Exception,
    /// No such command.
    Unhandled,
    /// Anything else.
    Unknown,
}

impl ErrorCode {
    /// The code as it is written.
    pub fn name(self) -> &'static str {
        match self {
            ErrorCode::Exception => "EXCEPTION",
            ErrorCode::Unhandled => "UNHANDLED",
            ErrorCode::Unknown => "UNKNOWN",
        }
    }

    fn from_name(name: &str) -> ErrorCode {
        match name {
            "EXCEPTION" => ErrorCode::Exception,
            "UNHANDLED" => ErrorCode::Unhandled,
            _ => ErrorCode::Unknown,
        }
    }
}

/// What the peer says went wrong with a request of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {description}", code.name())]
pub struct RemoteError {
    /// Which kind.
    pub code: ErrorCode,
    /// The peer's own words.
    pub description: String,
}

/// The peer's answer to a request of ours.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Which request.
    pub ask: Ask,
    /// The whole box with its results, or what went wrong.
    pub result: Result<AmpBox, RemoteError>,
}

impl Answer {
    /// Reads an answer; gives the box back if it is none.
    pub fn from_box(amp_box: AmpBox) -> Result<Answer, AmpBox> {
        if let Some(ask) = tag(&amp_box, "_answer") {
            return Ok(Answer { ask, result: Ok(amp_box) });
        }
        let Some(ask) = tag(&amp_box, "_error") else { return Err(amp_box) };
        let code = ErrorCode::from_name(amp_box.text("_error_code").unwrap_or_default());
        let description =
            amp_box.value("_error_description").map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        Ok(Answer { ask, result: Err(RemoteError { code, description: description.unwrap_or_default() }) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_count_in_hexadecimal() {
        let mut counter = AskCounter::default();
        let tags: Vec<String> = (0..17).map(|_| counter.ask().to_string()).collect();
        assert_eq!(
            (tags[0].as_str(), tags[9].as_str(), tags[14].as_str(), tags[15].as_str()),
            ("1", "a", "f", "10")
        );
    }

    #[test]
    fn answers_and_errors_are_read_back() {
        let ask = AskCounter::default().ask();
        assert_eq!(Answer::from_box(ask.answer()).unwrap().ask, ask);
        let error = Answer::from_box(ask.error(ErrorCode::Unhandled, "no such thing")).unwrap();
        let expected = RemoteError { code: ErrorCode::Unhandled, description: "no such thing".into() };
        assert_eq!(error.result, Err(expected));
        let request = AmpBox::new().with("_ask", "1").with("_command", "MsgStatus");
        assert_eq!(Answer::from_box(request.clone()), Err(request));
    }

    #[test]
    fn a_tag_at_the_limit_and_one_past_it() {
        let with_tag = |length| AmpBox::new().with("_ask", vec![b'a'; length]);
        assert!(Ask::of(&with_tag(MAX_TAG)).is_some());
        assert!(Ask::of(&with_tag(MAX_TAG + 1)).is_none());
    }

    #[test]
    fn a_description_is_cut_between_characters() {
        let long = "é".repeat(MAX_DESCRIPTION);
        let error = AskCounter::default().ask().error(ErrorCode::Unknown, &long);
        assert_eq!(error.text("_error_description").map(str::len), Some(MAX_DESCRIPTION));
    }
}
