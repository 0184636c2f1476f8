//! Requests of the AJAX format: the body of a form, and the query of an address behind a zero byte.

use meadow_protocol::web::{BadRequest, Request, WebsocketSettings, form};

/// The target.
pub fn run(data: &[u8]) {
    let (body, query) = match data.iter().position(|byte| *byte == 0) {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &[][..]),
    };
    assert!(form::fields(body).count() <= form::MAX_FIELDS);
    let settings = WebsocketSettings::default();
    match Request::parse(body, &String::from_utf8_lossy(query), &settings) {
        Ok(Request::Input { message, .. }) => {
            meadow_protocol::web::decode(message.as_bytes(), settings.message_limit).expect("it was checked");
        }
        Ok(_) | Err(BadRequest::Token | BadRequest::NoData | BadRequest::Data(_)) => {}
    }
}
