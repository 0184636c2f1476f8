//! PROXY headers, whole and in pieces, at their limits and one past.

use super::*;

fn whole(length: usize, source: &str) -> Result<ProxyHeader, ProxyHeaderError> {
    Ok(ProxyHeader::Whole { length, source: Some(source.parse().expect("an address")) })
}

fn v2(command: u8, family: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).expect("a short body").to_be_bytes();
    [V2_SIGNATURE, &[command, family][..], &length, body].concat()
}

/// Everything but the last byte is incomplete, and what follows changes nothing.
fn every_split(header: &[u8], want: Result<ProxyHeader, ProxyHeaderError>) {
    for at in 0..header.len() {
        assert_eq!(parse(&header[..at]), Ok(ProxyHeader::Incomplete), "{at} bytes of {header:?}");
    }
    assert_eq!(parse(header), want);
    for rest in [&b"look\r\n"[..], V2_SIGNATURE, b"PROXY UNKNOWN\r\n", &[0xff; 5000]] {
        assert_eq!(parse(&[header, rest].concat()), want);
    }
}

#[test]
fn version_1() {
    // The examples of the specification.
    let shortest = b"PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n";
    every_split(shortest, whole(56, "255.255.255.255"));
    every_split(b"PROXY TCP6 2001:db8::7 ::1 56324 443\r\n", whole(38, "2001:db8::7"));
    every_split(b"PROXY TCP6 ::ffff:192.0.2.1 ::1 1 0\r\n", whole(37, "192.0.2.1"));
    let unknown = |length| Ok(ProxyHeader::Whole { length, source: None });
    every_split(b"PROXY UNKNOWN\r\n", unknown(15));
    every_split(b"PROXY UNKNOWN ffff::1 rubbish \xc3\xa4\r\n", unknown(34));
}

#[test]
fn version_1_at_its_longest_and_one_past() {
    let line = |length: usize| format!("PROXY UNKNOWN {}\r\n", "x".repeat(length - 16)).into_bytes();
    every_split(&line(V1_LIMIT), Ok(ProxyHeader::Whole { length: V1_LIMIT, source: None }));
    assert_eq!(parse(&line(V1_LIMIT + 1)), Err(ProxyHeaderError::LongLine));
    assert_eq!(parse(&line(V1_LIMIT + 1)[..V1_LIMIT - 1]), Ok(ProxyHeader::Incomplete));
}

#[test]
fn lines_that_are_not_of_the_form() {
    for line in [
        "PROXY \r\n",
        "PROXY TCP4\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n",
        "PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 +1 2\r\n",
        "PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n",
        "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
        "PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n",
        "PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n",
        "PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n",
        "PROXY unknown\r\n",
        "PROXY TCP4 192.0.2.1\r 192.0.2.2 1 2\r\n",
    ] {
        assert_eq!(parse(line.as_bytes()), Err(ProxyHeaderError::Line), "{line:?}");
    }
    assert_eq!(parse(b"PROXY UNKNOWN \xff\r\n"), Err(ProxyHeaderError::Line));
}

#[test]
fn version_2() {
    let v4 = [192, 0, 2, 1, 198, 51, 100, 2, 0, 1, 0, 2];
    every_split(&v2(0x21, 0x11, &v4), whole(28, "192.0.2.1"));
    let mut v6 = [0; 36];
    v6[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
    v6[15] = 7;
    every_split(&v2(0x21, 0x21, &v6), whole(52, "2001:db8::7"));
    // Extensions (section 2.2.1) are skipped.
    every_split(&v2(0x21, 0x11, &[&v4[..], &[4, 0, 3, 1, 2, 3]].concat()), whole(34, "192.0.2.1"));
    // The proxy itself, unknown, datagrams, unix sockets.
    for (command, family, body) in
        [(0x20, 0x11, 12), (0x20, 0, 0), (0x20, 0xff, 3), (0x21, 0, 0), (0x21, 0x12, 12), (0x21, 0x31, 216)]
    {
        let header = v2(command, family, &vec![1; body]);
        every_split(&header, Ok(ProxyHeader::Whole { length: 16 + body, source: None }));
    }
}

#[test]
fn version_2_at_its_longest_and_one_past() {
    every_split(&v2(0x21, 0x11, &[1; V2_LIMIT - 16]), whole(V2_LIMIT, "1.1.1.1"));
    // Told before all of it has come.
    let long = v2(0x21, 0x11, &[1; V2_LIMIT - 15]);
    assert_eq!(parse(&long[..16]), Err(ProxyHeaderError::Long(V2_LIMIT + 1)));
}

#[test]
fn headers_of_version_2_that_cannot_be() {
    for (command, family, body, want) in [
        (0x11, 0x11, 12, ProxyHeaderError::Version(1)),
        (0x31, 0x11, 12, ProxyHeaderError::Version(3)),
        (0x22, 0x11, 12, ProxyHeaderError::Command(2)),
        (0x21, 0x13, 12, ProxyHeaderError::Family(0x13)),
        (0x21, 0x41, 12, ProxyHeaderError::Family(0x41)),
        (0x21, 0x01, 12, ProxyHeaderError::Family(0x01)),
        (0x21, 0x11, 11, ProxyHeaderError::Short(11)),
        (0x21, 0x21, 35, ProxyHeaderError::Short(35)),
        (0x21, 0x31, 215, ProxyHeaderError::Short(215)),
    ] {
        assert_eq!(parse(&v2(command, family, &vec![0; body])), Err(want));
    }
}

#[test]
fn what_a_client_says_is_no_header() {
    for bytes in [
        &b"look\r\n"[..],
        b"GET / HTTP/1.1\r\n",
        b"PROPFIND / HTTP/1.1\r\n",
        b"PROXYMAN\r\n",
        b"proxy TCP4",
        b"\r\n\r\nlook\r\n",
        &[0x16, 3, 1],
        &[255, 251, 31],
    ] {
        assert_eq!(parse(bytes), Ok(ProxyHeader::None), "{bytes:?}");
    }
}
