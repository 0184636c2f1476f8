//! The Server's end of the AMP link: dials the Portal, shakes hands, and from then on hands messages to the world
//! and back. Reads and writes without waiting; `run.rs` decides when.

use std::{io, path::Path, time::Duration};

use bytes::Bytes;
use meadow_link::{
    ToPortal, ToServer,
    amp::{Hello, Incoming, LinkReader, LinkWriter, Role, check},
};
use tokio::net::UnixStream;

use crate::ServerError;

/// How much may wait to be written before the world takes no more input.
const BACKLOG: usize = 16 * 1024 * 1024;
/// How much is read at once.
const READ: usize = 256 * 1024;
/// How long a Portal that has just been started may take to listen.
const PATIENCE: Duration = Duration::from_secs(5);

/// The link, with what waits to be written.
pub(crate) struct Link {
    stream: UnixStream,
    reader: LinkReader<ToServer>,
    writer: LinkWriter<ToPortal>,
    outgoing: Option<Bytes>,
    buffer: Vec<u8>,
}

impl Link {
    /// Dials the Portal and settles how to speak.
    pub(crate) async fn connect(
        path: &Path,
        token: Option<String>,
        version: &str,
    ) -> Result<Link, ServerError> {
        let stream = dial(path).await?;
        let ours = Hello::new(Role::Server, token, format!("meadow {version}"));
        let mut link = Link {
            stream,
            reader: LinkReader::new(),
            writer: LinkWriter::new(ours.codec),
            outgoing: None,
            buffer: vec![0; READ],
        };
        link.writer.write_box(&ours.to_box())?;
        link.flush_all().await?;
        loop {
            match link.reader.next()? {
                Some(Incoming::Hello(theirs)) => {
                    let settled = check(&theirs, &ours)?;
                    link.reader.settle(settled.codec);
                    return Ok(link);
                }
                Some(_) => return Err(ServerError::Link("the Portal did not introduce itself".into())),
                None => {
                    link.stream.readable().await?;
                    if !link.read()? {
                        return Err(ServerError::Link("the Portal hung up during the handshake".into()));
                    }
                }
            }
        }
    }

    /// Waits for bytes to read (if the world may take input) or room to write (if there is something).
    pub(crate) async fn wait(&self) -> io::Result<()> {
        use tokio::io::Interest;
        let interest = match (self.writer.len() > BACKLOG, self.outgoing.is_some()) {
            (false, false) => Interest::READABLE,
            (false, true) => Interest::READABLE | Interest::WRITABLE,
            (true, _) => Interest::WRITABLE,
        };
        self.stream.ready(interest).await.map(drop)
    }

    /// Takes in what has come. False: the Portal has hung up.
    pub(crate) fn read(&mut self) -> io::Result<bool> {
        match self.stream.try_read(&mut self.buffer) {
            Ok(0) => Ok(false),
            Ok(count) => {
                self.reader.feed(&self.buffer[..count]);
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The next message that has come whole.
    pub(crate) fn next(&mut self) -> Result<Option<ToServer>, ServerError> {
        loop {
            match self.reader.next()? {
                None => return Ok(None),
                Some(Incoming::Message(message)) => return Ok(Some(message)),
                Some(Incoming::Asked(ask)) => self.writer.answer(&ask)?,
                Some(Incoming::Refused(refused)) => {
                    tracing::warn!("the Portal sent something that was refused: {}", refused.reason);
                    if let Some(answer) = refused.answer {
                        self.writer.write_box(&answer)?;
                    }
                }
                Some(Incoming::Answer(_) | Incoming::Hello(_)) => {}
                Some(Incoming::Evennia | Incoming::Launcher(_)) => {
                    return Err(ServerError::Link("what answered is not a Portal".into()));
                }
            }
        }
    }

    /// Puts a message in line. One that can't be written is logged and left out; the rest goes on.
    pub(crate) fn write(&mut self, message: &ToPortal) {
        if let Err(error) = self.writer.write(message) {
            tracing::error!("a message for the Portal can't be written: {error}");
        }
    }

    /// Writes what can be written without waiting.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        loop {
            if self.outgoing.is_none() {
                self.outgoing = self.writer.take();
            }
            let Some(bytes) = &mut self.outgoing else { return Ok(()) };
            match self.stream.try_write(bytes) {
                Ok(count) if count == bytes.len() => self.outgoing = None,
                Ok(count) => drop(bytes.split_to(count)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes everything, however long it takes.
    pub(crate) async fn flush_all(&mut self) -> io::Result<()> {
        loop {
            self.flush()?;
            if self.outgoing.is_none() {
                return Ok(());
            }
            self.stream.writable().await?;
        }
    }
}

async fn dial(path: &Path) -> Result<UnixStream, ServerError> {
    let begun = tokio::time::Instant::now();
    loop {
        match UnixStream::connect(path).await {
            Ok(stream) => return Ok(stream),
            Err(error) if begun.elapsed() > PATIENCE => {
                return Err(ServerError::Link(format!("no Portal listens at {}: {error}", path.display())));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}
