//! How a websocket is opened (RFC 6455, section 4.2): what a request must say, and what is answered. The web listener
//! asks for it when it knows that the client may play.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use hyper::upgrade::OnUpgrade;
use meadow_protocol::websocket::Deflate;
use sha1::{Digest as _, Sha1};
use tracing::debug;

use super::Socket;

/// What is hashed together with a client's key (RFC 6455, section 1.3).
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// The version of the protocol.
const VERSION: &str = "13";

/// A request that asks for a websocket as it should.
pub(crate) struct Handshake {
    upgrade: OnUpgrade,
    accept: HeaderValue,
    protocol: Option<&'static str>,
    deflate: Option<(Deflate, HeaderValue)>,
    /// Longest message of the client, in bytes.
    limit: usize,
}

/// What is wrong with a request that does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadHandshake {
    /// It asks for a page.
    NoUpgrade,
    /// It is of another version of the protocol.
    Version,
    /// Its key is missing, or none.
    Key,
    /// Its connection can't become a websocket.
    Connection,
}

impl IntoResponse for BadHandshake {
    fn into_response(self) -> axum::response::Response {
        let bad = |why: &'static str| (StatusCode::BAD_REQUEST, why).into_response();
        match self {
            BadHandshake::NoUpgrade => bad("This is the address of a websocket.\n"),
            BadHandshake::Version => {
                let version = [(header::SEC_WEBSOCKET_VERSION, VERSION)];
                (StatusCode::UPGRADE_REQUIRED, version, "Another version is spoken here.\n").into_response()
            }
            BadHandshake::Key => bad("The request has no key, or one that is none.\n"),
            BadHandshake::Connection => bad("This connection can't be upgraded.\n"),
        }
    }
}

impl Handshake {
    /// Reads a request. Messages of the client may have `limit` bytes.
    pub(crate) fn read(
        headers: &HeaderMap,
        upgrade: Option<OnUpgrade>,
        limit: usize,
    ) -> Result<Handshake, BadHandshake> {
        if !has_token(headers, &header::CONNECTION, "upgrade")
            || !has_token(headers, &header::UPGRADE, "websocket")
        {
            return Err(BadHandshake::NoUpgrade);
        }
        if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != VERSION) {
            return Err(BadHandshake::Version);
        }
        let mut keys = headers.get_all(header::SEC_WEBSOCKET_KEY).into_iter();
        let (Some(key), None) = (keys.next(), keys.next()) else { return Err(BadHandshake::Key) };
        let accept = accept(key.as_bytes()).ok_or(BadHandshake::Key)?;
        let upgrade = upgrade.ok_or(BadHandshake::Connection)?;
        Ok(Handshake { upgrade, accept, protocol: None, deflate: None, limit })
    }

    /// The subprotocol is chosen.
    pub(crate) fn protocol(mut self, name: &'static str) -> Handshake {
        self.protocol = Some(name);
        self
    }

    /// Agrees to compression, if the client offers it.
    pub(crate) fn compressed(mut self, headers: &HeaderMap) -> Handshake {
        let offers = headers.get_all(header::SEC_WEBSOCKET_EXTENSIONS).into_iter();
        self.deflate = offers.filter_map(|offers| offers.to_str().ok()).find_map(|offers| {
            let (deflate, answer) = Deflate::negotiate(offers)?;
            Some((deflate, HeaderValue::try_from(answer).ok()?))
        });
        self
    }

    /// The answer. When it is sent, `then` is given the socket.
    pub(crate) fn answer<F>(self, then: impl FnOnce(Socket) -> F + Send + 'static) -> axum::response::Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Handshake { upgrade, accept, protocol, deflate, limit } = self;
        let (deflate, extensions) = deflate.unzip();
        tokio::spawn(async move {
            match upgrade.await {
                Ok(upgraded) => then(Socket::new(upgraded, limit, deflate)).await,
                Err(error) => debug!(%error, "a websocket was not opened"),
            }
        });
        let mut answer = Response::new(axum::body::Body::empty());
        *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let said: [(HeaderName, Option<HeaderValue>); 5] = [
            (header::CONNECTION, Some(HeaderValue::from_static("upgrade"))),
            (header::UPGRADE, Some(HeaderValue::from_static("websocket"))),
            (header::SEC_WEBSOCKET_ACCEPT, Some(accept)),
            (header::SEC_WEBSOCKET_PROTOCOL, protocol.map(HeaderValue::from_static)),
            (header::SEC_WEBSOCKET_EXTENSIONS, extensions),
        ];
        for (name, value) in said {
            if let Some(value) = value {
                answer.headers_mut().insert(name, value);
            }
        }
        answer
    }
}

/// Whether a word is in a header that is a list.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case(token))
}

/// The answer to a key of sixteen bytes: that it was read by one who knows websockets.
fn accept(key: &[u8]) -> Option<HeaderValue> {
    // Sixteen bytes in base64 (RFC 6455, section 4.2.1): 22 digits, of which the last one has two bits.
    let (digits, padding) = key.split_at_checked(22)?;
    let is_digit = |digit: &u8| digit.is_ascii_alphanumeric() || matches!(digit, b'+' | b'/');
    if padding != b"==" || !digits.iter().all(is_digit) {
        return None;
    }
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    HeaderValue::try_from(base64(&digest)).ok()
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().chain([&0, &0]).take(3).fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_that_of_the_rfc() {
        let answer = accept(b"dGhlIHNhbXBsZSBub25jZQ==").expect("a key");
        assert_eq!(answer, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!((accept(b""), accept(b"dGhlIHNhbXBsZSBub25jZQ=")), (None, None));
        for bad in [
            "",
            "AAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAAA=",
            "AAAAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAA AAAAAAAAAA==",
            "AAAAAAAAAAA-AAAAAAAAAA==",
            "AAAAAAAAAAAAAAAAAAAAAA==\n",
            "=AAAAAAAAAAAAAAAAAAAAA==",
        ] {
            assert_eq!(accept(bad.as_bytes()), None, "{bad:?}");
        }
        let encoded = ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes()));
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
    }

    #[test]
    fn what_is_no_request_for_a_websocket_is_refused() {
        let good = [
            (header::CONNECTION, "keep-alive, Upgrade"),
            (header::UPGRADE, "WebSocket"),
            (header::SEC_WEBSOCKET_VERSION, "13"),
            (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        let status = |left_out: Option<usize>| {
            let mut headers = HeaderMap::new();
            for (at, (name, value)) in good.iter().enumerate() {
                if left_out != Some(at) {
                    headers.insert(name.clone(), HeaderValue::from_static(value));
                }
            }
            let bad = Handshake::read(&headers, None, 1).err()?;
            Some((bad, bad.into_response().status().as_u16()))
        };
        assert_eq!(status(Some(0)), Some((BadHandshake::NoUpgrade, 400)));
        assert_eq!(status(Some(1)), Some((BadHandshake::NoUpgrade, 400)));
        assert_eq!(status(Some(2)), Some((BadHandshake::Version, 426)));
        assert_eq!(status(Some(3)), Some((BadHandshake::Key, 400)));
        assert_eq!(status(None), Some((BadHandshake::Connection, 400)));
        let mut twice = HeaderMap::new();
        for (name, value) in good.iter().chain(&good[3..]) {
            twice.append(name.clone(), HeaderValue::from_static(value));
        }
        assert_eq!(
            Handshake::read(&twice, None, 1).err(),
            Some(BadHandshake::Key),
            "RFC 6455, section 11.3.1"
        );
    }
}
