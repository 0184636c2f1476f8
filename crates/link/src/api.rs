//! What a page or a program asks the game without being a session of it: a function of the world by its name, as
//! `POST /api/NAME` brings it.

use std::fmt;

use crate::Kwargs;

/// How a question came, and so whether it may change anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiMethod {
    /// `GET`: it must not change anything. Its arguments are texts, whatever they mean.
    Get,
    /// `POST`: its arguments are JSON.
    Post,
}

/// One question of [`ToServer::Api`](crate::ToServer::Api).
#[derive(Clone, PartialEq)]
pub struct ApiQuestion {
    /// Comes back with the answer.
    pub id: u64,
    /// Which function.
    pub name: Box<str>,
    /// How it came.
    pub method: ApiMethod,
    /// Address of whoever asks, as text.
    pub address: Box<str>,
    /// The web login that it came with: SHA-256 of its token, in hex. The token itself stays in the Portal.
    pub login: Option<Box<str>>,
    /// What the browser or program calls itself.
    pub browser: Box<str>,
    /// The arguments, by name.
    pub args: Kwargs,
}

/// Without the arguments, of which one may be a password, and without what proves who asks.
impl fmt::Debug for ApiQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiQuestion")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("method", &self.method)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
