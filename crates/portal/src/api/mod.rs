//! The server API, for whoever speaks HTTP: asks the world, and keeps the tokens by which browsers are signed in. The
//! web listener hands over requests (`listen/api.rs`), and so do pages of the site that sign somebody in.

mod house;
mod log_tail;
mod machine;
mod token;

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use meadow_link::{ApiMethod, ApiQuestion, CommandTuple, Kwargs, ToServer, tuple};
use serde_json::{Value, json};

use crate::{
    admission::origin,
    questions::{Again, Unanswered},
    sessionhandler::PortalSessionHandler,
};

pub(crate) use house::House;
pub(crate) use token::LoginToken;

/// Questions of pages and programs at one time, in all and of one address.
pub(crate) const QUESTIONS: usize = 256;
pub(crate) const QUESTIONS_PER_ADDRESS: usize = 64;
/// How long a browser keeps its cookie: as long as the world knows it.
const COOKIE_TIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Longest name of a character that a browser may ask to play, in bytes.
const CHARACTER_LIMIT: usize = 255;
/// Longest name of a function that is asked for, in bytes.
const NAME_LIMIT: usize = 64;

/// The way from HTTP to the world's API.
pub(crate) struct Api {
    handler: Arc<PortalSessionHandler>,
    house: House,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// Whoever asks.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) address: IpAddr,
    /// By what it is signed in, if it is.
    pub(crate) login: Option<LoginToken>,
    /// What the browser or program calls itself.
    pub(crate) browser: String,
    /// Nobody on the way can read what is said.
    pub(crate) is_secure: bool,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    /// A status of HTTP.
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// A `Set-Cookie` header.
    pub(crate) cookie: Option<String>,
}

impl Reply {
    pub(crate) fn ok(body: Value) -> Reply {
        Reply { status: 200, body, cookie: None }
    }

    pub(crate) fn error(status: u16, told: impl Into<String>) -> Reply {
        Reply { status, body: json!({ "error": told.into() }), cookie: None }
    }

    pub(crate) fn is_ok(&self) -> bool {
        self.status == 200
    }
}

impl Api {
    pub(crate) fn new(handler: Arc<PortalSessionHandler>, house: House) -> Api {
        Api { handler, house, waiting: Mutex::default() }
    }

    /// An API that has no Server.
    #[cfg(test)]
    pub(crate) fn for_tests() -> Api {
        let dir = tempfile::tempdir().expect("a folder");
        let ids = crate::ids::SessionIds::open(dir.path()).expect("ids");
        let clock = crate::clock::Clock::start();
        let handler = Arc::new(PortalSessionHandler::new(crate::Limits::default(), clock, ids));
        let desk = Arc::new(crate::launcher::Desk::for_tests(Arc::clone(&handler)));
        let house = House::new(&crate::PortalConfig::for_tests(), Arc::clone(&handler), desk);
        Api::new(handler, house)
    }

    /// Calls a function. `signin`, `signup` and `signout` come back with a cookie.
    ///
    /// A Server that is being exchanged is waited for. A `POST` that a Server was sent, and that it has not answered
    /// when it died, is not sent again: it may have been done.
    pub(crate) async fn ask(&self, caller: &Caller, name: &str, method: ApiMethod, args: Kwargs) -> Reply {
        let Some(_place) = self.place(caller.address) else {
            return Reply::error(503, "Too much is being asked at once. Please try again in a moment.");
        };
        match name {
            "signin" | "signup" => self.sign_in(caller, name, method, args).await,
            "signout" => {
                let mut reply = self.ask_world(caller, name, method, args).await;
                if reply.is_ok() {
                    reply.cookie = Some(token::no_cookie(caller.is_secure));
                }
                reply
            }
            "sessions" => self.sessions(caller, method, args).await,
            _ => {
                let reply = self.ask_world(caller, name, method, args).await;
                if reply.is_ok() { self.house.go_on(name, reply.body).await } else { reply }
            }
        }
    }

    /// Whoever signs in gets a new token; what they had before is good no more.
    async fn sign_in(&self, caller: &Caller, name: &str, method: ApiMethod, args: Kwargs) -> Reply {
        let token = LoginToken::random();
        let newcomer = Caller { login: Some(token.clone()), ..caller.clone() };
        let mut reply = self.ask_world(&newcomer, name, method, args).await;
        if reply.is_ok() {
            reply.cookie = Some(token.cookie(COOKIE_TIME, caller.is_secure));
            if caller.login.is_some() {
                self.ask_world(caller, "signout", ApiMethod::Post, Kwargs::new()).await;
            }
        }
        reply
    }

    /// The world finds those that are meant, in its order; where they are sorted by what only the Portal knows, it tells
    /// all their numbers, and is asked once more for those of one page.
    async fn sessions(&self, caller: &Caller, method: ApiMethod, args: Kwargs) -> Reply {
        let mut reply = self.ask_world(caller, "sessions", method, args).await;
        if reply.is_ok()
            && let Some(page) = self.house.page_of_sessions(&reply.body)
        {
            let mut found = Reply::ok(json!({ "sessions": [] }));
            if !page.ids.is_empty() {
                let ids = Kwargs::from_iter([("ids".to_owned(), page.ids.into())]);
                found = self.ask_world(caller, "sessions", ApiMethod::Post, ids).await;
            }
            if !found.is_ok() {
                return found;
            }
            for (name, value) in
                [("page", &reply.body["page"]), ("pages", &json!(page.pages)), ("total", &json!(page.total))]
            {
                found.body[name] = value.clone();
            }
            found.body["connected"] = reply.body["connected"].take();
            reply = found;
        }
        if reply.is_ok() { self.house.go_on("sessions", reply.body).await } else { reply }
    }

    async fn ask_world(&self, caller: &Caller, name: &str, method: ApiMethod, args: Kwargs) -> Reply {
        if name.len() > NAME_LIMIT {
            return Reply::error(404, "There is no such API function: /api/openapi.json lists them.");
        }
        let again = match (method, name) {
            // Doing these twice is doing them once.
            (ApiMethod::Get, _) | (_, "signin" | "signout") => Again::Ask,
            _ => Again::Never,
        };
        let question = |id| {
            ToServer::Api(ApiQuestion {
                id,
                name: name.into(),
                method,
                address: caller.address.to_string().into(),
                login: caller.login.as_ref().map(|token| token.digest().into()),
                browser: caller.browser.as_str().into(),
                args: args.clone(),
            })
        };
        match self.handler.ask(&self.handler.questions().api, again, question).await {
            Ok((status, body)) => Reply { status, body, cookie: None },
            Err(error @ Unanswered::Unsayable(_)) => Reply::error(400, error.to_string()),
            Err(error) => Reply::error(503, error.to_string()),
        }
    }

    /// A place among those who ask, until it is dropped.
    fn place(&self, address: IpAddr) -> Option<Place<'_>> {
        let address = origin(address);
        let mut waiting = self.waiting();
        let from_there = waiting.by_address.get(&address).copied().unwrap_or(0);
        if waiting.all >= QUESTIONS || from_there >= QUESTIONS_PER_ADDRESS {
            return None;
        }
        waiting.all += 1;
        waiting.by_address.insert(address, from_there + 1);
        Some(Place { api: self, address })
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Place<'a> {
    api: &'a Api,
    address: IpAddr,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = self.api.waiting();
        waiting.all -= 1;
        if let Some(count) = waiting.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                waiting.by_address.remove(&self.address);
            }
        }
    }
}

/// Name of the input by which the Portal says as whom a browser is signed in. No client can send it.
pub(crate) const WEB_LOGIN: &str = "web_login";

impl Caller {
    /// The first input of a session of a browser that is signed in, which may want to play this character.
    pub(crate) fn web_login(&self, character: Option<&str>) -> Option<CommandTuple> {
        let input = tuple(WEB_LOGIN).arg(self.login.as_ref()?.digest());
        Some(match character.filter(|name| name.len() <= CHARACTER_LIMIT) {
            Some(name) => input.kw("character", name),
            None => input,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_by_address_and_in_all_and_given_back() {
        let api = Api::for_tests();
        let from = |last: usize| IpAddr::from([192, 0, 2, u8::try_from(last).expect("small")]);
        let mut places: Vec<_> =
            (0..QUESTIONS_PER_ADDRESS).map(|_| api.place(from(1)).expect("up to the limit")).collect();
        assert!(api.place(from(1)).is_none());
        for other in 2..QUESTIONS / QUESTIONS_PER_ADDRESS + 1 {
            places.extend((0..QUESTIONS_PER_ADDRESS).map(|_| api.place(from(other)).expect("another one")));
        }
        assert_eq!(places.len(), QUESTIONS);
        assert!(api.place(from(9)).is_none());
        places.remove(0);
        assert!(api.place(from(1)).is_some());
        places.clear();
        assert!(api.waiting().by_address.is_empty());
    }
}
