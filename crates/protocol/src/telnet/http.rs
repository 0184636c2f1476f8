//! Recognises a browser that was pointed at the telnet port. `Telnet` hands it the first line of a client.

/// What a browser is told.
pub(super) const ANSWER: &[u8] = b"HTTP/1.0 400 Bad Request\r\n\
    Content-Type: text/plain; charset=us-ascii\r\n\
    Content-Length: 81\r\n\
    Connection: close\r\n\
    \r\n\
    This port is for telnet and MUD clients. The game's web pages are at another one.";

/// Whether a line opens an HTTP request (RFC 9112, section 3).
pub(super) fn is_request(line: &str) -> bool {
    const METHODS: [&str; 9] =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return false;
    };
    METHODS.contains(&method)
        && !target.is_empty()
        && matches!(version.as_bytes(), [b'H', b'T', b'T', b'P', b'/', b'0'..=b'9', b'.', b'0'..=b'9'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_commands() {
        assert!(is_request("GET / HTTP/1.1"));
        assert!(is_request("POST /a?b=c%20d HTTP/1.0"));
        for line in [
            "get / HTTP/1.1",
            "GET rose",
            "GET  HTTP/1.1",
            "GET / HTTP/1",
            "GET / HTTP/1.1 ",
            "GET a b HTTP/1.1",
        ] {
            assert!(!is_request(line), "{line}");
        }
    }

    #[test]
    fn the_answer_is_as_long_as_it_says() {
        let answer = std::str::from_utf8(ANSWER).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())));
    }
}
