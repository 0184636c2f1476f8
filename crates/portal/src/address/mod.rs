//! Whence a client comes: one rule for every transport.
//!
//! The address of a connection is that of its peer. Where the peer is a proxy that the operator trusts,
//! a PROXY protocol header at the very beginning names another ([`proxy_header`]); and where that one is
//! trusted too, `X-Forwarded-For` names the next (`forwarded`), on HTTP. What anybody else says about
//! addresses is not believed: it is ordinary bytes.

pub(crate) mod forwarded;
pub mod proxy_header;

mod network;
pub(crate) use network::Networks;
pub use network::{Network, NetworkError};
