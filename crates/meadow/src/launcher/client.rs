//! The launcher's end of the link: a blocking socket on which one thing is asked at a time.

use std::{
    io::{self, Read, Write},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use anyhow::{Context as _, bail};
use meadow_link::{
    Kwargs,
    amp::{Hello, LauncherClient, LauncherEvent, LauncherMessage, LauncherReply, Operation, Role},
};
use serde_json::Value;

use super::status::GameStatus;

/// How long the Portal may take for an answer that it has at hand.
const SHORT_WAIT: Duration = Duration::from_secs(10);

/// How long the Server may take for an answer: the Portal itself gives up after 30 s.
pub(super) const SERVER_WAIT: Duration = Duration::from_secs(40);

/// How long a reload may take: the Portal gives a new Server and an old one 30 s each.
pub(super) const RELOAD_WAIT: Duration = Duration::from_secs(90);

/// A connection to the Portal of a running game.
pub(super) struct Client {
    stream: UnixStream,
    link: LauncherClient,
}

impl Client {
    /// Connects; `None` if nobody listens there, whatever a killed game may have left behind.
    pub(super) fn connect(socket: &Path) -> anyhow::Result<Option<Client>> {
        use io::ErrorKind::{ConnectionRefused, InvalidInput, NotADirectory, NotFound};
        let stream = match UnixStream::connect(socket) {
            Ok(stream) => stream,
            Err(error)
                if matches!(error.kind(), ConnectionRefused | InvalidInput | NotADirectory | NotFound) =>
            {
                return Ok(None);
            }
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("cannot talk to the game at {}", socket.display()));
            }
        };
        let name = concat!("meadow launcher ", env!("CARGO_PKG_VERSION"));
        let mut client = Client { stream, link: LauncherClient::new(Hello::new(Role::Launcher, None, name)) };
        let hello = client.link.hello()?;
        match client.stream.write_all(&hello) {
            Ok(()) => Ok(Some(client)),
            // The game stopped between the two.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// How the game is.
    pub(super) fn status(&mut self) -> anyhow::Result<GameStatus> {
        match self.ask(&LauncherMessage::Status, SHORT_WAIT)? {
            LauncherReply::Status(status) => Ok(GameStatus(status.portal_info)),
            LauncherReply::Control(status) => Ok(GameStatus(status)),
            LauncherReply::Refused(error) => bail!("{}", error.description),
            LauncherReply::Done => bail!("the Portal did not tell its status"),
        }
    }

    /// Has the Portal do something, and waits at most so long until it has.
    pub(super) fn operate(
        &mut self,
        operation: Operation,
        arguments: Kwargs,
        wait: Duration,
    ) -> anyhow::Result<Kwargs> {
        match self.ask(&LauncherMessage::Operation { operation, arguments }, wait)? {
            LauncherReply::Done => Ok(Kwargs::new()),
            LauncherReply::Status(status) => Ok(status.portal_info),
            LauncherReply::Refused(error) => bail!("{}", error.description),
            LauncherReply::Control(reply) if reply.get("ok") == Some(&Value::Bool(false)) => {
                bail!("{}", reply.get("error").and_then(Value::as_str).unwrap_or("the game refused"))
            }
            LauncherReply::Control(reply) => Ok(reply),
        }
    }

    fn ask(&mut self, message: &LauncherMessage, wait: Duration) -> anyhow::Result<LauncherReply> {
        let (tag, request) = self.link.request(message)?;
        self.stream.set_read_timeout(Some(wait))?;
        self.stream.write_all(&request).context("the game has stopped")?;
        let mut buffer = [0; 4096];
        loop {
            match self.link.next()? {
                Some(LauncherEvent::Reply(ask, reply)) if ask == tag => return Ok(reply),
                Some(_) => continue,
                None => {}
            }
            match self.stream.read(&mut buffer) {
                Ok(0) => bail!("the game stopped before it answered"),
                Ok(count) => self.link.feed(&buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    bail!("the game did not answer within {} s; its log may say why", wait.as_secs())
                }
                Err(error) => return Err(error).context("the connection to the game broke"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{os::unix::net::UnixListener, thread};

    use meadow_link::{
        ToPortal, ToServer,
        amp::{Codec, ErrorCode, Incoming, LinkReader, LinkWriter, RemoteError, check},
    };
    use serde_json::json;

    use super::*;

    /// A Portal that gives these answers to one launcher, one after the other, and then hangs up.
    fn portal(socket: &Path, answers: Vec<LauncherReply>) -> thread::JoinHandle<Vec<LauncherMessage>> {
        let listener = UnixListener::bind(socket).unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut reader, mut writer) =
                (LinkReader::<ToPortal>::new(), LinkWriter::<ToServer>::new(Codec::Native));
            let ours = Hello::new(Role::Portal, None, "test");
            let mut asked = Vec::new();
            let mut answers = answers.into_iter();
            let mut buffer = [0; 512];
            loop {
                while let Some(incoming) = reader.next().unwrap() {
                    match incoming {
                        Incoming::Hello(theirs) => {
                            reader.settle(check(&theirs, &ours).unwrap().codec);
                            writer.write_box(&ours.to_box()).unwrap();
                        }
                        Incoming::Launcher(request) => {
                            asked.push(request.message.clone());
                            let Some(answer) = answers.next() else { return asked };
                            writer.write_box(&request.reply(&answer).unwrap().unwrap()).unwrap();
                        }
                        _ => {}
                    }
                }
                while let Some(bytes) = writer.take() {
                    stream.write_all(&bytes).unwrap();
                }
                match stream.read(&mut buffer).unwrap() {
                    0 => return asked,
                    count => reader.feed(&buffer[..count]),
                }
            }
        })
    }

    fn map(value: Value) -> Kwargs {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_a_killed_game_leaves_behind_is_no_game() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("link.sock");
        assert!(Client::connect(&socket).unwrap().is_none());
        drop(UnixListener::bind(&socket).unwrap());
        assert!(socket.exists());
        assert!(Client::connect(&socket).unwrap().is_none());
        assert!(Client::connect(&socket.join("x")).unwrap().is_none());
    }

    #[test]
    fn answers_come_back_and_refusals_say_why() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("link.sock");
        let refused = RemoteError { code: ErrorCode::Exception, description: "not now".into() };
        let portal = portal(
            &socket,
            vec![
                LauncherReply::Control(map(json!({"ok": true, "waited_ms": 48}))),
                LauncherReply::Control(map(json!({"ok": false, "error": "a reload is under way"}))),
                LauncherReply::Refused(refused),
                LauncherReply::Done,
            ],
        );
        let mut client = Client::connect(&socket).unwrap().unwrap();
        let mut reload = || client.operate(Operation::Reload, Kwargs::new(), SHORT_WAIT);
        assert_eq!(reload().unwrap()["waited_ms"], json!(48));
        assert_eq!(reload().unwrap_err().to_string(), "a reload is under way");
        assert_eq!(reload().unwrap_err().to_string(), "not now");
        assert!(reload().unwrap().is_empty());
        assert_eq!(reload().unwrap_err().to_string(), "the game stopped before it answered");
        let reload = LauncherMessage::Operation { operation: Operation::Reload, arguments: Kwargs::new() };
        assert_eq!(portal.join().unwrap(), vec![reload; 5]);
    }

    #[test]
    fn a_portal_that_says_nothing_is_not_waited_for_for_ever() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("link.sock");
        let _silent = UnixListener::bind(&socket).unwrap();
        let mut client = Client::connect(&socket).unwrap().unwrap();
        let error =
            client.operate(Operation::Shutdown, Kwargs::new(), Duration::from_millis(20)).unwrap_err();
        assert!(error.to_string().contains("did not answer"), "{error}");
    }
}
