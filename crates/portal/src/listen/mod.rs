//! Where clients come from: listeners, and the tasks that drive their connections.
//!
//! # Adding one
//!
//! A transport is one file here. It accepts, asks [`Gatekeeper::admit`], makes a connection with
//! `Admitted::enter`, and drives it: bytes to `receive`, what waits in `out` to the client, time to
//! `timeout`, until `closing` is set and all is written.

mod admin;
pub(crate) mod ajax;
mod api;
pub(crate) mod languages;
pub(crate) mod stream;
pub(crate) mod web;
pub(crate) mod whole;

#[cfg(feature = "ssh")]
pub(crate) mod ssh;

pub(crate) mod files;

mod accept;
mod account;
mod bodies;
mod guard;
pub(crate) mod http2;
mod patience;
mod places;
mod signin;
mod site;
mod sse;
mod tls;
pub(crate) mod websocket;

mod gatekeeper;
pub(crate) use gatekeeper::{Entered, Gatekeeper};

use std::{io, net::SocketAddr};

use rustix::net::sockopt::set_ipv6_v6only;
use tokio::net::{TcpListener, TcpSocket};

/// Connections that the kernel keeps until they are accepted.
const BACKLOG: u32 = 4096;

/// What a listener at `[::]` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wildcard {
    /// IPv6 and IPv4, whatever the system's default is.
    Both,
    /// IPv6 only: another listener takes IPv4 at the same port.
    V6Only,
}

/// Listens on an address; a port that a Portal has just left is taken at once.
pub(crate) fn bind(address: SocketAddr, wildcard: Wildcard) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    if address.is_ipv6() {
        set_ipv6_v6only(&socket, wildcard == Wildcard::V6Only || !address.ip().is_unspecified())?;
    }
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
