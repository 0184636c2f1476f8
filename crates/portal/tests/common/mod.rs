//! A game for the Portal's tests: a Server process that does little, a Portal in front of it, and
//! clients. The Server is this very test program, started again with [`SERVER_SOCKET`] set.

mod api;
mod stranger;
pub(crate) use stranger::introduce_stranger;

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{Read, Write},
    net::SocketAddr,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::Duration,
};

use meadow_link::{
    CommandTuple, Credentials, Kwargs, RestartMode, ServiceState, ServiceStatus, ServiceWish, SessionId,
    ToPortal, ToServer,
    amp::{
        Codec, Hello, Incoming, LauncherClient, LauncherEvent, LauncherMessage, LauncherReply, LinkReader,
        LinkWriter, Operation, Role, check,
    },
    text,
};
use meadow_portal::{Limits, Portal, PortalConfig, PortalError, PortalServices, ServerCommand, ServerOutput};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
};

const SERVER_SOCKET: &str = "MEADOW_TEST_SOCKET";
const SERVER_DIR: &str = "MEADOW_TEST_DIR";
const PATIENCE: Duration = Duration::from_secs(20);

// --- the game ---------------------------------------------------------------------------------------

/// A folder with a game in it, and how its Portal is started.
pub(crate) struct Game {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) config: PortalConfig,
}

/// A Portal that runs in the background of a test.
pub(crate) struct Running {
    pub(crate) services: Vec<ServiceStatus>,
    pub(crate) telnet: SocketAddr,
    pub(crate) web: SocketAddr,
    pub(crate) task: JoinHandle<Result<(), PortalError>>,
    pub(crate) socket: PathBuf,
}

impl Game {
    pub(crate) fn new() -> Game {
        let dir = tempfile::tempdir().unwrap();
        let server = ServerCommand {
            program: std::env::current_exe().unwrap(),
            args: ["server_process", "--exact", "--nocapture"].map(Into::into).to_vec(),
            env: vec![
                (SERVER_SOCKET.into(), dir.path().join("run/link.sock").into()),
                (SERVER_DIR.into(), dir.path().into()),
            ],
            output: ServerOutput::File(dir.path().join("server.log")),
        };
        let mut config = PortalConfig::new("Test & Meadow", dir.path(), server);
        let loopback: SocketAddr = "127.0.0.1:0".parse().unwrap();
        config.telnet = Some(vec![loopback]);
        config.web = Some(vec![loopback]);
        config.telnet_settings.hold = Duration::from_millis(50);
        Game { dir, config }
    }

    pub(crate) fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Game {
        change(&mut self.config.limits);
        self
    }

    pub(crate) async fn start(&self) -> Result<Running, PortalError> {
        self.start_with(PortalServices::new()).await
    }

    pub(crate) async fn start_with(&self, services: PortalServices) -> Result<Running, PortalError> {
        let portal = Portal::start(self.config.clone(), services).await?;
        let services = portal.services();
        let (telnet, web, socket) =
            (address(&services, "telnet"), address(&services, "web"), self.config.link_socket.clone());
        Ok(Running { services, telnet, web, socket, task: tokio::spawn(portal.run()) })
    }

    /// From now on a Server that starts fails.
    pub(crate) fn break_server(&self, broken: bool) {
        let path = self.dir.path().join("broken");
        if broken { fs::write(path, "").unwrap() } else { fs::remove_file(path).unwrap() }
    }

    /// From now on a Server that starts takes its time until it introduces itself.
    pub(crate) fn slow_server(&self) {
        fs::write(self.dir.path().join("slow"), "").unwrap();
    }

    /// What the Servers have done, in order: `session seq text`.
    pub(crate) fn journal(&self) -> Vec<String> {
        let journal = fs::read_to_string(self.dir.path().join("journal")).unwrap_or_default();
        journal.lines().map(str::to_owned).collect()
    }

    /// What happened to sessions: `pid +id`, `pid -id`, `pid sync mode ids`.
    pub(crate) fn events(&self) -> Vec<String> {
        let events = fs::read_to_string(self.dir.path().join("events")).unwrap_or_default();
        events.lines().map(str::to_owned).collect()
    }
}

fn address(services: &[ServiceStatus], name: &str) -> SocketAddr {
    let service = services.iter().find(|service| service.name == name);
    service.unwrap_or_else(|| panic!("no {name}")).address.parse().unwrap()
}

impl Running {
    /// Where a service listens.
    pub(crate) fn address(&self, name: &str) -> SocketAddr {
        address(&self.services, name)
    }

    pub(crate) async fn client(&self) -> Client {
        let mut client = Client::connect(self.telnet).await;
        client.until("Welcome").await;
        client
    }

    pub(crate) async fn request(&self, message: LauncherMessage) -> LauncherReply {
        let socket = self.socket.clone();
        tokio::task::spawn_blocking(move || request(&socket, &message)).await.unwrap()
    }

    pub(crate) async fn operate(&self, operation: Operation) -> Kwargs {
        self.ask(operation, Kwargs::new()).await
    }

    pub(crate) async fn ask(&self, operation: Operation, arguments: Kwargs) -> Kwargs {
        match self.request(LauncherMessage::Operation { operation, arguments }).await {
            LauncherReply::Control(reply) => reply,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn status(&self) -> Kwargs {
        match self.request(LauncherMessage::Status).await {
            LauncherReply::Status(status) => status.portal_info,
            other => panic!("{other:?}"),
        }
    }

    /// What the Portal knows of every session.
    pub(crate) async fn sessions(&self) -> Vec<Kwargs> {
        let request = Kwargs::from_iter([("op".to_owned(), "sessions".into())]);
        let reply = self.ask(Operation::Control, request).await;
        serde_json::from_value(reply["sessions"].clone()).unwrap()
    }

    /// Stops it, and holds its sessions for a Portal that follows.
    pub(crate) async fn leave(self) {
        let keep = Kwargs::from_iter([(meadow_portal::KEEP_SESSIONS.to_owned(), true.into())]);
        self.stop_with(keep).await;
    }

    pub(crate) async fn stop(self) {
        self.stop_with(Kwargs::new()).await;
    }

    async fn stop_with(self, arguments: Kwargs) {
        assert_eq!(self.ask(Operation::Shutdown, arguments).await["ok"], true);
        tokio::time::timeout(PATIENCE, self.task).await.expect("in time").unwrap().unwrap();
    }
}

fn request(socket: &Path, message: &LauncherMessage) -> LauncherReply {
    let mut stream = UnixStream::connect(socket).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut client = LauncherClient::new(Hello::new(Role::Launcher, None, "test"));
    stream.write_all(&client.hello().unwrap()).unwrap();
    let (ask, bytes) = client.request(message).unwrap();
    stream.write_all(&bytes).unwrap();
    let mut buffer = [0; 4096];
    loop {
        match client.next().unwrap() {
            Some(LauncherEvent::Reply(tag, reply)) if tag == ask => return reply,
            Some(_) => {}
            None => {
                let read = stream.read(&mut buffer).unwrap();
                assert_ne!(read, 0, "the Portal hung up");
                client.feed(&buffer[..read]);
            }
        }
    }
}

// --- a client ---------------------------------------------------------------------------------------

/// A telnet client that answers no negotiation.
pub(crate) struct Client<S = TcpStream> {
    pub(crate) stream: S,
    seen: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Client {
        Client::over(TcpStream::connect(address).await.unwrap())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub(crate) fn over(stream: S) -> Client<S> {
        Client { stream, seen: Vec::new() }
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// Reads until this text has come; gives back everything up to it.
    pub(crate) async fn until(&mut self, text: &str) -> String {
        let reading = async {
            loop {
                let at = self.seen.windows(text.len()).position(|window| window == text.as_bytes());
                if let Some(at) = at {
                    let seen = self.seen.drain(..at + text.len()).collect::<Vec<u8>>();
                    return String::from_utf8_lossy(&seen).into_owned();
                }
                let mut buffer = [0; 4096];
                let read = self.stream.read(&mut buffer).await.unwrap();
                assert_ne!(
                    read,
                    0,
                    "closed before {text:?} came, after {:?}",
                    String::from_utf8_lossy(&self.seen)
                );
                self.seen.extend_from_slice(&buffer[..read]);
                self.forget_resets();
            }
        };
        match tokio::time::timeout(PATIENCE, reading).await {
            Ok(seen) => seen,
            Err(_) => panic!("{text:?} did not come, but {:?}", String::from_utf8_lossy(&self.seen)),
        }
    }

    /// Takes out the ends of colour, which every text has and no test is about.
    fn forget_resets(&mut self) {
        const RESET: &[u8] = b"\x1b[0m";
        while let Some(at) = self.seen.windows(RESET.len()).position(|window| window == RESET) {
            self.seen.drain(at..at + RESET.len());
        }
    }

    /// Reads until the Portal closes; gives back what came.
    pub(crate) async fn until_closed(mut self) -> String {
        let reading = async {
            let mut rest = std::mem::take(&mut self.seen);
            // A reset is an end as well.
            let _ = self.stream.read_to_end(&mut rest).await;
            rest
        };
        let rest = tokio::time::timeout(PATIENCE, reading).await.expect("closed in time");
        String::from_utf8_lossy(&rest).into_owned()
    }
}

/// Waits until something is so.
pub(crate) async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..2000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

// --- the Server process -----------------------------------------------------------------------------

/// The body of the test `server_process`: a Server if the Portal has started this program, and
/// otherwise nothing.
pub(crate) fn server_process() {
    let Some(socket) = std::env::var_os(SERVER_SOCKET) else { return };
    let dir = PathBuf::from(std::env::var_os(SERVER_DIR).unwrap());
    if dir.join("broken").exists() {
        std::io::stderr().write_all(b"the world does not load: no such room\n").unwrap();
        std::process::exit(3);
    }
    if dir.join("slow").exists() {
        std::thread::sleep(Duration::from_millis(500));
    }
    let mut server = Server {
        stream: UnixStream::connect(socket).unwrap(),
        reader: LinkReader::new(),
        writer: LinkWriter::new(Codec::Native),
        dir,
        applied: BTreeMap::new(),
        logged_in: BTreeMap::new(),
    };
    server.run();
    // What the test harness would print after this is nobody's business.
    std::process::exit(0);
}

struct Server {
    stream: UnixStream,
    reader: LinkReader<ToServer>,
    writer: LinkWriter<ToPortal>,
    dir: PathBuf,
    applied: BTreeMap<u64, u64>,
    logged_in: BTreeMap<SessionId, meadow_link::SessionSync>,
}

impl Server {
    fn run(&mut self) {
        let ours = Hello::new(Role::Server, None, "test");
        self.writer.write_box(&ours.to_box()).unwrap();
        let mut buffer = [0; 65536];
        loop {
            while let Some(bytes) = self.writer.take() {
                self.stream.write_all(&bytes).unwrap();
            }
            match self.reader.next().unwrap() {
                Some(Incoming::Hello(theirs)) => {
                    self.reader.settle(check(&theirs, &ours).unwrap().codec);
                    let info = Kwargs::from_iter([("servername".to_owned(), "Test".into())]);
                    self.tell(ToPortal::Sync { pid: std::process::id(), info });
                }
                Some(Incoming::Message(message)) => {
                    if self.message(message) {
                        while let Some(bytes) = self.writer.take() {
                            self.stream.write_all(&bytes).unwrap();
                        }
                        return;
                    }
                }
                Some(_) => {}
                None => match self.stream.read(&mut buffer).unwrap() {
                    0 => return,
                    read => self.reader.feed(&buffer[..read]),
                },
            }
        }
    }

    fn tell(&mut self, message: ToPortal) {
        self.writer.write(&message).unwrap();
    }

    fn say(&mut self, session: SessionId, line: impl Into<String>) {
        self.tell(ToPortal::Output { sessions: vec![session], tuple: text(line) });
    }

    fn record(&self, file: &str, line: &str) {
        let mut file = OpenOptions::new().create(true).append(true).open(self.dir.join(file)).unwrap();
        writeln!(file, "{line}").unwrap();
    }

    /// Deals with one message; says whether this is the end.
    fn message(&mut self, message: ToServer) -> bool {
        match message {
            ToServer::Sync { mode, sessions, .. } => self.sync(mode, sessions),
            ToServer::Connect(sync) => {
                let account = sync.uid.map(|uid| format!(" {uid}")).unwrap_or_default();
                self.record("events", &format!("+{} {}{account}", sync.id, sync.protocol_key));
                self.say(sync.id, "Welcome");
                if sync.logged_in {
                    self.logged_in.insert(sync.id, sync);
                }
            }
            ToServer::Authenticate { id, address, name, credentials } => {
                if let Credentials::Session(session) = credentials {
                    self.record("events", &format!("{address} comes back to {session}"));
                    let account = (*address != *"203.0.113.66").then(|| (0, "".into()));
                    self.tell(ToPortal::Authenticated { id, account });
                    return false;
                }
                let is_anna = match &credentials {
                    Credentials::Session(_) => false,
                    Credentials::Password(password) => password.0 == "rose garden",
                    Credentials::PublicKey { algorithm, key } => {
                        let known = fs::read_to_string(self.dir.join("anna.pub")).unwrap_or_default();
                        known.starts_with(&format!("{algorithm} {key}"))
                    }
                };
                self.record("events", &format!("{address} {name} {credentials:?}"));
                let account = (is_anna && *name == *"anna").then(|| (7, "Anna".into()));
                self.tell(ToPortal::Authenticated { id, account });
            }
            ToServer::Api(question) => self.answer(question),
            ToServer::Disconnect(id) => self.record("events", &format!("-{id}")),
            ToServer::Input { session, seq, tuple } => self.input(session, seq, &tuple),
            ToServer::Stop(_) => {
                self.record("events", "stop");
                let sessions = self.logged_in.values().cloned().collect();
                self.tell(ToPortal::SessionSync { sessions, clean: false });
                return true;
            }
            ToServer::Control { id, request } => {
                self.record("events", &format!("control {}", request["op"]));
                let reply =
                    Kwargs::from_iter([("ok".to_owned(), true.into()), ("asked".to_owned(), request.into())]);
                self.tell(ToPortal::ControlReply { id, reply });
            }
            ToServer::Inspected { asker, sessions } => {
                self.say(asker, format!("inspected {}", serde_json::to_string(&sessions).unwrap()));
            }
            ToServer::Update(sync) => {
                self.record("events", &format!("~{} {} {}", sync.id, sync.protocol_key, sync.address));
            }
            ToServer::Services { asker, services } => {
                let services =
                    services.iter().map(|service| format!("{} {}", service.name, service.state.name()));
                self.say(asker, format!("services: {}.", services.collect::<Vec<_>>().join(", ")));
            }
            ToServer::SwitchService { asker, name, .. } => {
                self.say(asker, format!("switched {name}: by the Server."));
            }
            ToServer::Switched { asker, name, refused, .. } => {
                self.say(asker, format!("switched {name}: {}.", refused.as_deref().unwrap_or("done")));
            }
            ToServer::DisconnectAll => {}
        }
        false
    }

    fn sync(&mut self, mode: RestartMode, sessions: Vec<meadow_link::SessionSync>) {
        let journal = fs::read_to_string(self.dir.join("journal")).unwrap_or_default();
        for line in journal.lines() {
            let mut words = line.split(' ').map(|word| word.parse().unwrap_or_default());
            let (session, seq) = (words.next().unwrap(), words.next().unwrap());
            self.applied.insert(session, seq);
        }
        let names: Vec<String> = sessions
            .iter()
            .map(|sync| format!("{}:{}", sync.id, sync.uname.as_deref().unwrap_or("?")))
            .collect();
        self.record("events", &format!("sync {mode:?} {}", names.join(" ")));
        for sync in sessions {
            self.logged_in.insert(sync.id, sync);
        }
        let applied = self.applied.iter().map(|(id, seq)| (SessionId(*id), *seq)).collect();
        let clock = ServiceStatus {
            name: "clock".to_owned(),
            kind: "server".to_owned(),
            address: String::new(),
            state: ServiceState::On,
        };
        self.tell(ToPortal::Services(vec![clock]));
        self.tell(ToPortal::Ready { applied });
    }

    fn input(&mut self, session: SessionId, seq: u64, tuple: &CommandTuple) {
        let line = match tuple.name.as_str() {
            "web_login" => self.web_login(tuple),
            _ => tuple.first_str().unwrap_or_default().to_owned(),
        };
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match verb {
            // Dies before it has done it.
            "die" => std::process::exit(70),
            // Dies when it is done, but nobody has been told.
            "die-after" => {
                self.record("journal", &format!("{session} {seq} {line}"));
                std::process::exit(70);
            }
            _ => {}
        }
        assert_eq!(seq, self.applied.get(&session.0).copied().unwrap_or(0) + 1, "no gap and nothing twice");
        self.applied.insert(session.0, seq);
        self.record("journal", &format!("{session} {seq} {line}"));
        match verb {
            "login" => self.tell(ToPortal::Login { session, uid: 7, uname: rest.into() }),
            "quit" => self.tell(ToPortal::Disconnect { session, reason: "Goodbye.".into() }),
            "reload" => self.tell(ToPortal::Reload),
            "shutdown" => self.tell(ToPortal::Shutdown),
            "sleep" => std::thread::sleep(Duration::from_millis(rest.parse().unwrap())),
            "flood" => {
                for _ in 0..rest.parse().unwrap() {
                    self.say(session, "x".repeat(60_000));
                }
            }
            "inspect" => {
                let sessions = rest.split(' ').map(|id| SessionId(id.parse().unwrap())).collect();
                self.tell(ToPortal::Inspect { asker: session, sessions });
            }
            "services" => self.tell(ToPortal::ListServices { asker: session }),
            "switch" => {
                let (wish, name) = rest.split_once(' ').unwrap();
                let wish = match wish {
                    "start" => ServiceWish::Start,
                    "stop" => ServiceWish::Stop,
                    _ => ServiceWish::Delete,
                };
                self.tell(ToPortal::SwitchService { asker: session, name: name.to_owned(), wish });
            }
            "shout" => {
                let all = self.applied.keys().map(|id| SessionId(*id)).collect();
                self.tell(ToPortal::Output { sessions: all, tuple: text(rest) });
            }
            _ => {}
        }
        self.say(session, format!("done {line}"));
        self.tell(ToPortal::Acks(vec![(session, seq)]));
    }
}
