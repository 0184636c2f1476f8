//! The Portal's end of the AMP link: the unix socket, the handshake, and the tasks that read from and
//! write to the active Server. Servers that introduce themselves go to the supervisor, launchers to
//! their own task.

use std::{
    fs,
    future::poll_fn,
    io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use meadow_link::{
    Kwargs, ToPortal, ToServer,
    amp::{Codec, Hello, Incoming, LinkReader, LinkWriter, Role, check},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
};
use tracing::{debug, warn};

use crate::{
    launcher::{self, Desk},
    sessionhandler::{FromServer, PortalSessionHandler},
    supervisor::{Event, Parting, Request},
};

/// Size of one read from the link, in bytes.
const READ_SIZE: usize = 64 * 1024;
/// How long a peer may take to introduce itself.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// How long the link pauses after a connection could not be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// One peer of the link.
pub(crate) struct Peer {
    read: OwnedReadHalf,
    write: OwnedWriteHalf,
    reader: LinkReader<ToPortal>,
    writer: LinkWriter<ToServer>,
    buffer: Vec<u8>,
}

/// A Server that has introduced itself and waits for the sessions.
pub(crate) struct ServerPeer {
    pub(crate) pid: u32,
    pub(crate) info: Kwargs,
    peer: Peer,
}

/// Makes a folder that only this user may look into.
///
/// # Errors
/// What the system says.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

/// Listens on the link's socket. A socket file that an earlier Portal left behind is removed, so the
/// caller must hold the lock that proves there is no Portal.
///
/// # Errors
/// What the system says.
pub(crate) fn bind(path: &Path) -> io::Result<UnixListener> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    // The folder is private, so nobody could connect before this either.
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Accepts peers for ever.
pub(crate) async fn serve(listener: UnixListener, desk: Arc<Desk>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve_peer(stream, Arc::clone(&desk)));
            }
            Err(error) => {
                warn!(%error, "the link cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve_peer(stream: UnixStream, desk: Arc<Desk>) {
    let mut peer = Peer::new(stream);
    match tokio::time::timeout(HANDSHAKE_TIME, introduce(&mut peer, &desk)).await {
        Ok(Ok(Introduced::Server { pid, info })) => {
            debug!(pid, "a Server has introduced itself");
            desk.tell(Event::Arrived(Box::new(ServerPeer { pid, info, peer })));
        }
        Ok(Ok(Introduced::Launcher)) => launcher::serve(peer, &desk).await,
        Ok(Err(reason)) => warn!(reason, "a peer of the link was turned away"),
        Err(_) => warn!("a peer of the link did not introduce itself in time"),
    }
}

enum Introduced {
    Server { pid: u32, info: Kwargs },
    Launcher,
}

/// Finds out who has connected. The error is for the log.
async fn introduce(peer: &mut Peer, desk: &Desk) -> Result<Introduced, String> {
    let ours = Hello::new(Role::Portal, None, desk.version());
    loop {
        match peer.next().await? {
            None => return Err("it closed the connection".to_owned()),
            Some(Incoming::Hello(theirs)) => match check(&theirs, &ours) {
                Ok(settled) => {
                    peer.reader.settle(settled.codec);
                    peer.write_box(&ours.to_box()).await?;
                    if settled.role == Role::Launcher {
                        return Ok(Introduced::Launcher);
                    }
                }
                Err(error) => {
                    peer.write_box(&Hello::refusal(&error)).await?;
                    return Err(error.to_string());
                }
            },
            Some(Incoming::Message(ToPortal::Sync { pid, info })) => {
                return Ok(Introduced::Server { pid, info });
            }
            Some(_) => return Err("it did not begin with a Hello".to_owned()),
        }
    }
}

impl ServerPeer {
    /// Makes this the active Server: `activate` is given the writer and tells the generation. From then on
    /// two tasks serve the link, and `events` hears of what is not about sessions, and of the end.
    pub(crate) fn activate(
        self,
        handler: &Arc<PortalSessionHandler>,
        desk: &Arc<Desk>,
        activate: impl FnOnce(LinkWriter<ToServer>) -> u64,
    ) -> u64 {
        let Peer { read, write, reader, writer, buffer } = self.peer;
        let generation = activate(writer);
        tokio::spawn(write_to_server(Arc::clone(handler), write, generation));
        let link = ServerLink { handler: Arc::clone(handler), desk: Arc::clone(desk), generation };
        tokio::spawn(async move {
            let reason = link.read_from_server(read, reader, buffer).await;
            link.desk.tell(Event::Lost { generation, reason });
        });
        generation
    }
}

/// Writes what waits for the Server, all of it in one write, until another Server takes over.
async fn write_to_server(handler: Arc<PortalSessionHandler>, mut write: OwnedWriteHalf, generation: u64) {
    loop {
        let taken = poll_fn(|cx| match handler.take_for_server(generation, cx) {
            Ok(Some(taken)) => Poll::Ready(Some(taken)),
            Ok(None) => Poll::Pending,
            Err(_superseded) => Poll::Ready(None),
        });
        let Some(taken) = taken.await else { return };
        if let Err(error) = write.write_all(&taken.bytes).await {
            // The reader sees the end too, and tells the supervisor.
            debug!(%error, "the link to the Server broke");
            return;
        }
        if taken.stalled {
            handler.resume();
        }
    }
}

/// The reading side of the active Server's link.
struct ServerLink {
    handler: Arc<PortalSessionHandler>,
    desk: Arc<Desk>,
    generation: u64,
}

impl ServerLink {
    /// Reads until the end; gives back why it ended.
    async fn read_from_server(
        &self,
        mut read: OwnedReadHalf,
        mut reader: LinkReader<ToPortal>,
        mut buffer: Vec<u8>,
    ) -> String {
        let mut touched = Vec::new();
        loop {
            let now = self.handler.clock().now();
            let outcome = loop {
                match reader.next() {
                    Ok(Some(Incoming::Message(message))) => {
                        if let Some(said) = self.handler.hear(message, &mut touched, now) {
                            self.dispatch(said);
                        }
                    }
                    Ok(Some(other)) => debug!(?other, "the Server sent what is not for a Portal"),
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            self.handler.end_batch(&mut touched);
            if let Err(error) = outcome {
                return format!("it does not speak the link's language: {error}");
            }
            match read.read(&mut buffer).await {
                Ok(0) => return "it closed the link".to_owned(),
                Ok(length) => reader.feed(&buffer[..length]),
                Err(error) => return format!("the link broke: {error}"),
            }
        }
    }

    fn dispatch(&self, said: FromServer) {
        let generation = self.generation;
        match said {
            FromServer::Ready(applied) => self.desk.tell(Event::Ready { generation, applied }),
            FromServer::Restart(mode) => self.desk.tell(Event::Request(Request::Restart(mode, None))),
            FromServer::StopServer => self.desk.tell(Event::Request(Request::StopServer(None))),
            FromServer::StopAll => self.desk.tell(Event::Request(Request::StopAll(Parting::Goodbye))),
            FromServer::ControlReply(id, reply) => self.desk.control_reply(id, reply),
            FromServer::Services(services) => self.desk.servers_services(services),
            FromServer::ListServices(asker) => self.desk.tell_services(asker),
            FromServer::SwitchService(asker, name, wish) => {
                Desk::switch_service(&self.desk, asker, name, wish);
            }
        }
    }
}

impl Peer {
    fn new(stream: UnixStream) -> Peer {
        let (read, write) = stream.into_split();
        Peer {
            read,
            write,
            reader: LinkReader::new(),
            writer: LinkWriter::new(Codec::Native),
            buffer: vec![0; READ_SIZE],
        }
    }

    /// The next thing that the peer says; `None` when it has closed. The error is for the log.
    pub(crate) async fn next(&mut self) -> Result<Option<Incoming<ToPortal>>, String> {
        loop {
            if let Some(incoming) = self.reader.next().map_err(|error| error.to_string())? {
                return Ok(Some(incoming));
            }
            match self.read.read(&mut self.buffer).await {
                Ok(0) => return Ok(None),
                Ok(length) => self.reader.feed(&self.buffer[..length]),
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    /// Sends one box. The error is for the log.
    pub(crate) async fn write_box(&mut self, amp_box: &meadow_link::amp::AmpBox) -> Result<(), String> {
        self.writer.write_box(amp_box).map_err(|error| error.to_string())?;
        while let Some(bytes) = self.writer.take() {
            self.write.write_all(&bytes).await.map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}
