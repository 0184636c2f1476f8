//! The accept loop of every listener: takes a connection, finds out whom it is for, and hands it on.

use std::{net::IpAddr, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{Instant, timeout_at},
};
use tracing::{debug, warn};

use super::Gatekeeper;
use crate::address::proxy_header::{self, ProxyHeader, V2_LIMIT};

/// How long a listener pauses after an error, so that a lack of files does not make it spin.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a trusted proxy may take to begin its header. It begins at once (PROXY protocol, section 2);
/// whoever does not is taken for a client of its own. Clients that wait for a greeting wait this long.
const FIRST_BYTE_TIME: Duration = Duration::from_secs(1);
/// How long the whole header may take.
const HEADER_TIME: Duration = Duration::from_secs(5);
/// How soon a header that has come in part is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// Connections of trusted proxies at one time that have not told for whom they are.
const UNANNOUNCED_LIMIT: usize = 1024;

/// Accepts connections for ever. `arrived` gets each with the address of its client.
pub(crate) async fn accept(
    listener: TcpListener,
    gatekeeper: &Gatekeeper,
    arrived: impl Fn(TcpStream, IpAddr) + Clone + Send + 'static,
) {
    let service = gatekeeper.service();
    let places = Arc::new(Semaphore::new(UNANNOUNCED_LIMIT));
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok((stream, peer)) => (stream, peer.ip().to_canonical()),
            Err(error) => {
                warn!(%error, service, "a connection cannot be accepted");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, service, "a connection cannot be set up");
            continue;
        }
        if !gatekeeper.trusted().contain(peer) {
            arrived(stream, peer);
            continue;
        }
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            warn!(%peer, service, "a proxy opens connections and does not say for whom; one is closed");
            continue;
        };
        let (service, arrived) = (service.to_owned(), arrived.clone());
        tokio::spawn(async move {
            match announced(&stream).await {
                Ok(source) => {
                    drop(place);
                    arrived(stream, source.unwrap_or(peer));
                }
                Err(reason) => {
                    warn!(%peer, service, reason, "a proxy sent a bad header; its connection is closed")
                }
            }
        });
    }
}

/// Takes the PROXY header off a stream, if it begins with one; gives back the address in it. The error
/// is for the log.
async fn announced(stream: &TcpStream) -> Result<Option<IpAddr>, String> {
    let start = Instant::now();
    let mut buffer = vec![0; V2_LIMIT];
    let Ok(peeked) = timeout_at(start + FIRST_BYTE_TIME, stream.peek(&mut buffer)).await else {
        return Ok(None);
    };
    let mut have = peeked.map_err(|error| error.to_string())?;
    loop {
        match proxy_header::parse(&buffer[..have]).map_err(|error| error.to_string())? {
            ProxyHeader::None => return Ok(None),
            ProxyHeader::Whole { length, source } => {
                // All of it is there, so this takes exactly the header and leaves the rest.
                let taken = stream.try_read(&mut buffer[..length]).map_err(|error| error.to_string())?;
                return if taken == length { Ok(source) } else { Err("it cannot be read".to_owned()) };
            }
            ProxyHeader::Incomplete => {}
        }
        if have == 0 {
            // Closed without a word; whoever drives the connection sees that, too.
            return Ok(None);
        }
        if start.elapsed() >= HEADER_TIME {
            return Err(format!("only {have} bytes of it came in time"));
        }
        // What has come in part makes the stream readable, so waiting for that would spin.
        tokio::time::sleep(LOOK_AGAIN).await;
        have = stream.peek(&mut buffer).await.map_err(|error| error.to_string())?;
    }
}
