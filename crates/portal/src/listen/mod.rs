//! Where clients come from: listeners, and the tasks that drive their connections.
//!
//! # Adding one
//!
//! A transport is one file here. It accepts, asks [`Gatekeeper::admit`], makes a connection with
//! `Admitted::enter`, and drives it: bytes to `receive`, what waits in `out` to the client, time to
//! `timeout`, until `closing` is set and all is written.

pub(crate) mod tcp;
pub(crate) mod web;

mod files;
mod websocket;

mod gatekeeper;
pub(crate) use gatekeeper::{Entered, Gatekeeper};

use std::{io, net::SocketAddr, time::Duration};

use tokio::net::{TcpListener, TcpSocket};

/// Connections that the kernel keeps until they are accepted.
const BACKLOG: u32 = 4096;
/// How long a listener pauses after an error, so that a lack of files does not make it spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Listens on an address; a port that a Portal has just left is taken at once.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
