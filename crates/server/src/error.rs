//! Why a Server ends other than by being told to.

use meadow_link::amp::{CodecError, HandshakeError, LinkError};
use meadow_world::StoreError;

/// What went wrong, as a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The database can't be used, or a commit failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The link to the Portal failed.
    #[error("the link to the Portal: {0}")]
    Link(String),
    /// Portal and Server don't understand each other.
    #[error("{0}")]
    Handshake(#[from] HandshakeError),
    /// The game itself failed.
    #[error("{0}")]
    World(String),
    /// The system refused something.
    #[error("the system refused: {0}")]
    Io(#[from] std::io::Error),
}

impl From<LinkError> for ServerError {
    fn from(error: LinkError) -> ServerError {
        ServerError::Link(error.to_string())
    }
}

impl From<CodecError> for ServerError {
    fn from(error: CodecError) -> ServerError {
        ServerError::Link(error.to_string())
    }
}
