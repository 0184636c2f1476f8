//! Services that listen nowhere, one on either side. The launcher starts each in the process that it is registered
//! for, lists it with the others, and stops it with the process.

use std::{net::SocketAddr, time::Duration};

use meadow::{
    PortalContext, ServiceEnd, SessionId, WorldHandle,
    tokio::{self, net::TcpStream, time},
    tuple,
};

use crate::protocol::JsonLines;

/// The variable that says whom to call: an address and port.
pub const PEER: &str = "JSON_LINES_PEER";

/// How long nobody is called after a call that failed or ended.
const PAUSE: Duration = Duration::from_secs(5);

/// How often clients are told the time.
const TICK: Duration = Duration::from_secs(1);

/// In the Portal: keeps a connection open to a program elsewhere, which then is a client like any other.
pub async fn caller(portal: PortalContext) -> ServiceEnd {
    let Ok(peer) = std::env::var(PEER) else { return Ok(()) };
    let peer: SocketAddr = peer.parse()?;
    loop {
        tokio::select! {
            () = portal.stopping() => return Ok(()),
            () = call(&portal, peer) => {}
        }
        tokio::select! {
            () = portal.stopping() => return Ok(()),
            () = time::sleep(PAUSE) => {}
        }
    }
}

/// One call, until its end.
async fn call(portal: &PortalContext, peer: SocketAddr) {
    // Nobody may be there just now, or there may be no room.
    let Ok(stream) = TcpStream::connect(peer).await else { return };
    if let Ok(session) = portal.open(stream, peer.ip(), JsonLines::default()) {
        session.ended().await;
    }
}

/// In the Server: tells the time to every client of the language.
pub async fn clock(world: WorldHandle) -> ServiceEnd {
    let mut ticks = time::interval(TICK);
    loop {
        tokio::select! {
            () = world.stopping() => return Ok(()),
            _ = ticks.tick() => {}
        }
        // Called on the world's thread, as one step; what it says and changes is told and stored like a command's.
        world
            .run(|world| {
                let now = world.now().unix_seconds() as u64;
                let ours = world.sessions().iter().filter(|session| session.protocol_key() == "json-lines");
                let ours: Vec<SessionId> = ours.map(|session| session.id()).collect();
                for session in ours {
                    world.msg(session, tuple("time").kw("seconds", now));
                }
            })
            .await?;
    }
}
