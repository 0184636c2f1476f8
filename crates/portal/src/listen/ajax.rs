//! Browsers without websockets: answers their requests, and drives the session behind them. The web listener
//! hands over requests to `/webclientdata`; streams of events are next door, in [`super::sse`].
//!
//! A session has a task of its own, as any connection has. What it says goes to a [`Mailbox`], from which
//! requests are answered; what requests bring goes to its inbox.

use std::{
    collections::HashMap,
    future::poll_fn,
    net::IpAddr,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Extension, Request as HttpRequest, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures_util::task::AtomicWaker;
use meadow_protocol::{
    Transport,
    web::{Ajax, Batch, Mailbox, Post, Reader, Request, SessionToken, Taken, WebsocketSettings},
};
use serde_json::json;
use tokio::{
    sync::{Notify, mpsc},
    time::timeout,
};

use super::{
    Entered, bodies,
    places::{self, Places},
    sse,
    web::{Client, MESSAGE_SIZE, Web, refused, web_login},
};
use crate::{
    connection::{State as ConnectionState, Wire, tell},
    out::Message,
    timer::Timer,
};

/// Sessions of such browsers at one time. Each holds one HTTP connection open.
pub(crate) const BROWSERS: usize = 512;
/// Those of one address.
const BROWSERS_PER_ADDRESS: usize = 128;
/// Longest body of a request, in bytes: a message with every byte of it escaped, and the other fields.
const BODY_SIZE: usize = 3 * MESSAGE_SIZE + 1024;
/// Messages that may wait until a session has room for them; further requests are held.
const INBOX: usize = 16;
/// How long a request is held whose message finds no room (Evennia's client waits as long).
const INPUT_TIME: Duration = Duration::from_secs(30);

/// The requests, for the web listener's router.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/webclientdata", post(webclientdata))
        .route("/webclientdata/events", get(sse::events))
}

async fn webclientdata(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    request: HttpRequest,
) -> Response {
    if !web.settings.allows(client, request.headers()) {
        return error(StatusCode::FORBIDDEN, "This page may not connect to the game.");
    }
    let (head, body) = request.into_parts();
    let body = match bodies::gather(&web, client, body, BODY_SIZE).await {
        Ok(body) => body,
        Err(refused) => return error(refused.status(), refused.told()),
    };
    let query = head.uri.query().unwrap_or_default();
    let request = match Request::parse(&body, query, &WebsocketSettings::default()) {
        Ok(request) => request,
        Err(bad) => return error(StatusCode::BAD_REQUEST, &bad.to_string()),
    };
    let place = body.into_place();
    match request {
        Request::Init => init(&web, client, &head),
        Request::Receive(token, batch) => {
            // Nothing of the body is left, and this may wait for long: every browser has one such request open.
            drop(place);
            match web.settings.browsers.find(token) {
                Some(browser) => receive(&browser, batch).await,
                None => gone(),
            }
        }
        // The message keeps the place until the session has taken it.
        Request::Input { token, number, message } => match web.settings.browsers.find(token) {
            Some(browser) => input(&browser, number, message).await,
            None => gone(),
        },
        Request::Keepalive(token) => match web.settings.browsers.find(token) {
            Some(browser) => browser.change(|desk| desk.alive = true),
            None => gone(),
        },
        Request::Close(token) => match web.settings.browsers.find(token) {
            Some(browser) => browser.change(|desk| desk.leaves = true),
            None => gone(),
        },
        Request::Other => nothing(),
    }
}

fn init(web: &Web, client: Client, head: &Parts) -> Response {
    let headers = &head.headers;
    let (sender, inbox) = mpsc::channel(INBOX);
    let browser = Arc::new(Browser::new(sender));
    let Some(place) = Browsers::add(&web.settings.browsers, &browser, client.address) else {
        return error(StatusCode::SERVICE_UNAVAILABLE, "The game is full. Please try again later.");
    };
    let admitted = match web.admit(client) {
        Ok(admitted) => admitted,
        Err(refusal) => return refused(refusal),
    };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let answer = json!({
        "msg": format!("{} ({host})", web.settings.game_name),
        "csessid": place.session.to_string(),
        "events": format!("/webclientdata/events?key={}", place.stream),
    });
    let protocol = Box::new(Ajax::new(WebsocketSettings::default()));
    let entered = admitted.enter(Wire::Task, protocol, Transport::Messages);
    if let Some(login) = web_login(client, &head.uri, headers) {
        entered.lock().session.say_first(login);
    }
    tokio::spawn(drive(entered, browser, inbox, place));
    json_answer(StatusCode::OK, answer.to_string())
}

async fn receive(browser: &Browser, batch: Batch) -> Response {
    match browser.next(browser.begin(Mailbox::poll), batch).await {
        Fetched::Posts(posts) => {
            let messages: Vec<String> = posts.into_iter().map(|post| post.message).collect();
            json_answer(
                StatusCode::OK,
                match batch {
                    Batch::One => messages.concat(),
                    Batch::All => format!("[{}]", messages.join(", ")),
                },
            )
        }
        // Evennia answers with nothing at all.
        Fetched::Superseded => json_answer(StatusCode::OK, ""),
        Fetched::Ended => gone(),
    }
}

async fn input(browser: &Browser, number: Option<u64>, message: String) -> Response {
    let taking = async {
        // Held until the message is in the inbox: the same one may come again meanwhile.
        let mut taken = browser.taken.lock().await;
        if number.is_some_and(|number| number <= *taken) {
            return nothing();
        }
        if browser.inbox.send(message).await.is_err() {
            return gone();
        }
        *taken = number.unwrap_or(*taken);
        nothing()
    };
    let no_room = || error(StatusCode::SERVICE_UNAVAILABLE, "There is no room for more input.");
    timeout(INPUT_TIME, taking).await.unwrap_or_else(|_| no_room())
}

/// What Evennia answers where there is nothing to say.
fn nothing() -> Response {
    json_answer(StatusCode::OK, "\"\"")
}

pub(super) fn gone() -> Response {
    error(StatusCode::NOT_FOUND, "There is no such session.")
}

pub(super) fn error(status: StatusCode, message: &str) -> Response {
    json_answer(status, json!({ "error": message }).to_string())
}

fn json_answer(status: StatusCode, body: impl Into<Bytes>) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body.into()).into_response()
}

/// The sessions of such browsers.
pub(crate) struct Browsers {
    places: Arc<Places>,
    tokens: Mutex<Tokens>,
}

/// Two tokens a session: one to play with, and one that only reads, since it stands in an address, where
/// logs of proxies see it.
#[derive(Default)]
struct Tokens {
    sessions: HashMap<SessionToken, Arc<Browser>>,
    streams: HashMap<SessionToken, Arc<Browser>>,
}

/// A session's place among them, until dropped.
struct Place {
    browsers: Arc<Browsers>,
    session: SessionToken,
    stream: SessionToken,
    _place: places::Place,
}

impl Default for Browsers {
    fn default() -> Browsers {
        Browsers { places: Places::new(BROWSERS, BROWSERS_PER_ADDRESS), tokens: Mutex::default() }
    }
}

impl Browsers {
    fn add(browsers: &Arc<Browsers>, browser: &Arc<Browser>, address: IpAddr) -> Option<Place> {
        let place = Places::take(&browsers.places, Some(address))?;
        let mut tokens = browsers.tokens();
        let [session, stream] = [rand::random(), rand::random()].map(SessionToken::from_random);
        tokens.sessions.insert(session, Arc::clone(browser));
        tokens.streams.insert(stream, Arc::clone(browser));
        Some(Place { browsers: Arc::clone(browsers), session, stream, _place: place })
    }

    fn find(&self, session: SessionToken) -> Option<Arc<Browser>> {
        self.tokens().sessions.get(&session).cloned()
    }

    /// By the token that only reads.
    pub(super) fn find_stream(&self, stream: SessionToken) -> Option<Arc<Browser>> {
        self.tokens().streams.get(&stream).cloned()
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut tokens = self.browsers.tokens();
        tokens.sessions.remove(&self.session);
        tokens.streams.remove(&self.stream);
    }
}

/// What the requests of one browser and the task of its session share.
pub(super) struct Browser {
    inbox: mpsc::Sender<String>,
    /// Number of the last message that was taken, of those that have one.
    taken: tokio::sync::Mutex<u64>,
    desk: Mutex<Desk>,
    /// Told when something is new for whoever fetches messages.
    news: Notify,
    /// The session's task.
    driver: AtomicWaker,
}

#[derive(Default)]
struct Desk {
    mailbox: Mailbox,
    /// A request came since the task last looked.
    alive: bool,
    /// The browser says that it goes.
    leaves: bool,
    /// The session has ended.
    ended: bool,
}

/// What [`Browser::next`] has fetched.
pub(super) enum Fetched {
    Posts(Vec<Post>),
    /// Somebody else fetches now.
    Superseded,
    /// Nothing more will come.
    Ended,
}

impl Browser {
    fn new(inbox: mpsc::Sender<String>) -> Browser {
        Browser {
            inbox,
            taken: tokio::sync::Mutex::default(),
            desk: Mutex::default(),
            news: Notify::new(),
            driver: AtomicWaker::new(),
        }
    }

    /// Begins to fetch messages; whoever fetched them before gets no more.
    pub(super) fn begin(&self, begin: impl FnOnce(&mut Mailbox) -> Reader) -> Reader {
        let mut desk = self.desk();
        desk.alive = true;
        let reader = begin(&mut desk.mailbox);
        drop(desk);
        self.driver.wake();
        self.news.notify_waiters();
        reader
    }

    /// Waits for messages. To fetch some is a sign of life; a dead connection takes none in the long run.
    pub(super) async fn next(&self, reader: Reader, batch: Batch) -> Fetched {
        loop {
            let mut news = pin!(self.news.notified());
            news.as_mut().enable();
            if let Some(fetched) = self.fetch(reader, batch) {
                return fetched;
            }
            news.await;
        }
    }

    fn fetch(&self, reader: Reader, batch: Batch) -> Option<Fetched> {
        let mut desk = self.desk();
        match desk.mailbox.take(reader, batch) {
            Taken::Posts(posts) => {
                desk.alive = true;
                drop(desk);
                // A session that is to end waits for its last message to be fetched.
                self.driver.wake();
                Some(Fetched::Posts(posts))
            }
            Taken::Superseded => Some(Fetched::Superseded),
            Taken::Nothing => desk.ended.then_some(Fetched::Ended),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Desk)) -> Response {
        change(&mut self.desk());
        self.driver.wake();
        nothing()
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Drives one session until it ends.
async fn drive(entered: Entered, browser: Arc<Browser>, mut inbox: mpsc::Receiver<String>, place: Place) {
    let mut timer = Timer::new(entered.handler().clock());
    poll_fn(|cx| poll_session(&entered, &browser, &mut inbox, &mut timer, cx)).await;
    drop(place);
    browser.desk().ended = true;
    browser.news.notify_waiters();
}

/// Does what can be done without waiting. Ready when the session has ended.
fn poll_session(
    entered: &Entered,
    browser: &Browser,
    inbox: &mut mpsc::Receiver<String>,
    timer: &mut Timer,
    cx: &mut Context<'_>,
) -> Poll<()> {
    let handler = entered.handler();
    let state = &mut *entered.lock();
    state.set_waker(cx.waker());
    browser.driver.register(cx.waker());
    loop {
        let now = handler.clock().now();
        tell(state, handler.server(), now, handler.limits());
        let waiting = deliver(state, browser);
        let late = state.session.closing().is_some_and(|closing| closing.until <= now);
        if state.session.closing().is_some() && (waiting == 0 || late) {
            tell(state, handler.server(), now, handler.limits());
            return Poll::Ready(());
        }
        if waiting > handler.limits().output_queue_bytes {
            state.session.cut(now, format!("it does not fetch: {waiting} bytes were waiting for it"));
            browser.desk().mailbox.clear();
            continue;
        }
        let (alive, leaves) = {
            let desk = &mut *browser.desk();
            (std::mem::take(&mut desk.alive), std::mem::take(&mut desk.leaves))
        };
        if alive {
            // An empty message is how this protocol is told so.
            state.session.receive(now, b"");
        }
        if leaves {
            browser.desk().mailbox.clear();
            state.session.cut(now, "closed by the client");
            continue;
        }
        state.stalled = state.session.room(handler.limits()) == 0;
        if !state.stalled
            && let Poll::Ready(Some(message)) = inbox.poll_recv(cx)
        {
            state.session.receive(now, message.as_bytes());
            continue;
        }
        if timer.is_due(state.session.deadline(), cx) {
            state.session.timeout(handler.clock().now());
            continue;
        }
        state.armed = timer.armed();
        return Poll::Pending;
    }
}

/// Moves what the session says to the mailbox; says how many bytes wait there.
fn deliver(state: &mut ConnectionState, browser: &Browser) -> usize {
    let mut desk = browser.desk();
    let mut news = false;
    while let Some(message) = state.session.out().next_message() {
        // The protocol says nothing but text.
        if let Message::Text(text) = message {
            desk.mailbox.put(text);
            news = true;
        }
    }
    let waiting = desk.mailbox.waiting_bytes();
    drop(desk);
    if news {
        browser.news.notify_waiters();
    }
    waiting
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_and_given_back() {
        let browsers = Arc::new(Browsers::default());
        let browser = Arc::new(Browser::new(mpsc::channel(1).0));
        let add = |last: u8| Browsers::add(&browsers, &browser, IpAddr::from([192, 0, 2, last]));
        let from_one = |last: u8| (0..BROWSERS_PER_ADDRESS).map(move |_| last);
        let mut places: Vec<Place> = from_one(1).map(|last| add(last).expect("up to the limit")).collect();
        assert!(add(1).is_none(), "one address does not get all");
        places.extend((2..=4).flat_map(from_one).map(|last| add(last).expect("others do")));
        assert!(places.len() == BROWSERS && add(5).is_none());
        let gone = places.pop().expect("one of them");
        let (session, stream) = (gone.session, gone.stream);
        assert!(browsers.find(session).is_some() && browsers.find_stream(stream).is_some());
        assert!(browsers.find(stream).is_none() && browsers.find_stream(session).is_none());
        drop(gone);
        assert!(browsers.find(session).is_none() && browsers.find_stream(stream).is_none());
        assert!(add(5).is_some());
    }
    #[tokio::test(start_paused = true)]
    async fn nobody_waits_longer_because_others_wait_too() {
        use tokio::time::Instant;
        let (sender, mut inbox) = mpsc::channel(1);
        let browser = Browser::new(sender);
        let say = |number| input(&browser, Some(number), format!("{number}"));
        assert_eq!(say(1).await.status(), StatusCode::OK);
        let begun = Instant::now();
        let (one, two, three) = tokio::join!(say(2), say(3), say(4));
        assert_eq!([one, two, three].map(|answer| answer.status()), [StatusCode::SERVICE_UNAVAILABLE; 3]);
        assert!(begun.elapsed() < 2 * INPUT_TIME, "{:?}", begun.elapsed());
        assert_eq!(inbox.recv().await.as_deref(), Some("1"));
        assert_eq!(say(2).await.status(), StatusCode::OK, "it was not taken before");
        assert_eq!(say(2).await.status(), StatusCode::OK);
        assert_eq!(inbox.recv().await.as_deref(), Some("2"));
        assert!(inbox.try_recv().is_err(), "once is enough");
    }
}
