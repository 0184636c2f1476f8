//! Bodies of requests: they are gathered whole before anybody looks at them, and one connection may send a hundred at once
//! (HTTP/2), so they have places of their own. Whatever handles a request with a body asks [`gather`] for it.

use std::{ops::Deref, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::StatusCode,
};
use tokio::time::timeout;

use super::{
    places::{Place, Places},
    web::{Client, Web},
};

/// Requests with a body at one time, of all web listeners.
const BODIES: usize = 256;
/// Those of one address.
const BODIES_PER_ADDRESS: usize = 64;
/// How long a client may take to send one.
const BODY_TIME: Duration = Duration::from_secs(10);

/// A body, and its place; it is kept for as long as what came in it is.
#[derive(Debug)]
pub(super) struct Gathered {
    bytes: Bytes,
    place: Place,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// Too many are on their way.
    Busy,
    TooLong,
    TooSlow,
}

/// The places for all bodies.
pub(super) fn places() -> Arc<Places> {
    Places::new(BODIES, BODIES_PER_ADDRESS)
}

/// The whole body of a request, which may have so many bytes.
pub(super) async fn gather(
    web: &Web,
    client: Client,
    body: Body,
    longest: usize,
) -> Result<Gathered, Refused> {
    // A proxy that does not say for whom is not one visitor.
    let visitor = Some(client.address).filter(|address| !web.trusts(*address));
    let place = Places::take(&web.settings.bodies, visitor).ok_or(Refused::Busy)?;
    match timeout(BODY_TIME, to_bytes(body, longest)).await {
        Ok(Ok(bytes)) => Ok(Gathered { bytes, place }),
        Ok(Err(_)) => Err(Refused::TooLong),
        Err(_) => Err(Refused::TooSlow),
    }
}

impl Gathered {
    /// For whoever has read the body, and holds what it has found there.
    pub(super) fn into_place(self) -> Place {
        self.place
    }
}

impl Deref for Gathered {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Refused {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Refused::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Refused::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Refused::TooSlow => StatusCode::REQUEST_TIMEOUT,
        }
    }

    /// What the client is told.
    pub(super) fn told(self) -> &'static str {
        match self {
            Refused::Busy => "Too many requests at once. Please try again in a moment.",
            Refused::TooLong => "The request is too long.",
            Refused::TooSlow => "The request takes too long.",
        }
    }
}
