//! Asks the web server for pages, as plainly as can be (RFC 9112).

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use serde_json::Value;

use super::LIMIT;

/// What a web server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// A header; empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut named = self.headers.iter().filter(|(known, _)| known == name);
        named.next().map_or("", |(_, value)| value)
    }

    /// Takes the head of an answer apart.
    pub(super) fn parse(head: &str) -> Answer {
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let header = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        };
        Answer {
            status: status.unwrap_or_else(|| panic!("this is no answer: {head:?}")),
            headers: lines.filter_map(header).collect(),
            body: String::new(),
        }
    }
}

/// `GET path`, with more headers.
pub(crate) fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Answer {
    ask(address, &request(address, path, &[&[("Connection", "close")], headers].concat()))
}

/// `POST path` with a JSON document, and more headers.
pub(crate) fn post(address: SocketAddr, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let (body, kind) = (body.to_string(), ("Content-Type", "application/json"));
    let length = body.len().to_string();
    let own = [("Connection", "close"), kind, ("Content-Length", length.as_str())];
    let head = request(address, path, &[&own, headers].concat()).replacen("GET", "POST", 1);
    ask(address, &(head + &body))
}

/// Sends a whole request and reads until the other side closes.
fn ask(address: SocketAddr, request: &str) -> Answer {
    let mut stream = TcpStream::connect_timeout(&address, LIMIT).expect("the web server can be connected");
    stream.set_read_timeout(Some(LIMIT)).expect("it is a socket");
    stream.write_all(request.as_bytes()).expect("the web server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the web server answers");
    let answer = String::from_utf8(answer).expect("what it serves is text");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
    Answer { body: body.to_owned(), ..Answer::parse(head) }
}

/// The head of a request.
pub(super) fn request(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> String {
    let named = |name: &str| headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    let mut head = format!("GET {path} HTTP/1.1\r\n");
    if !named("Host") {
        head.push_str(&format!("Host: {address}\r\n"));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head + "\r\n"
}
