//! The server API: functions of the world that pages and programs call by name, as `POST /api/NAME` with a JSON object.
//! The Portal hands over what comes by HTTP ([`ToServer::Api`](meadow_link::ToServer::Api)); what is declared of a
//! function is checked before it runs, and is what `/api/openapi.json` tells of it.
//!
//! | file | what |
//! |---|---|
//! | `param` | what a function can be given, and the check of it |
//! | `request` | what a function is handed, and its errors |
//! | `sign_in` | `signin`, `signout`, `whoami` |
//! | `sign_up` | `signup` |
//! | `own` | one's own account: `browsers`, `forget_browser`, `password` |
//! | `people`, `sessions` | for superusers: accounts and bans; who is connected |
//! | `things`, `edit`, `undo` | ... objects, changing them, and taking that back |
//! | `channels` | ... channels, and who hears them |
//! | `clockwork` | ... scripts and tickers |
//! | `house`, `services` | ... how the game does, its log and settings, reload, backup; what it listens to |
//! | `audit` | who has changed what |
//! | `openapi` | what all of this is, for programs |
//! | `list` | pages of long lists |
//!
//! # Adding one
//!
//! A function, and one `world.api(..)` line in the game's setup: see [`WorldBuilder::api`].

mod audit;
mod channels;
mod clockwork;
mod edit;
mod house;
mod list;
mod openapi;
mod own;
mod param;
mod people;
mod request;
mod services;
mod sessions;
mod sign_in;
mod sign_up;
mod things;
mod undo;

use meadow_link::{ApiMethod, ApiQuestion, ToPortal, amp::native::MAX_DEPTH};
use serde_json::{Value, json};

use audit::Note;
pub(crate) use audit::{REFUSALS, REFUSALS_SPAN};
use request::Debt;

pub use audit::{AUDIT_LIMIT, ApiAudit, ApiAuditId};
pub use param::{ApiKind, ApiParam};
pub use request::{ApiError, ApiLater, ApiRequest};
pub(crate) use services::{Switches, switched};

use crate::{AccountId, World, WorldBuilder, locks::Accessor, staff::depth, text};

/// What an API function is.
pub type ApiFunc = fn(&mut World, &mut ApiRequest) -> Result<Value, ApiError>;

/// What is known of an API function before it is called.
///
/// ```
/// use meadow_world::{ApiAccess, ApiEffect, ApiMeta, ApiParam};
///
/// const OPEN_GATE: ApiMeta = ApiMeta {
///     name: "open_gate",
///     doc: "Opens the gate of the town, or shuts it: `{\"open\": true or false}`.",
///     access: ApiAccess::Permission("Builder"),
///     effect: ApiEffect::Changes,
///     params: &[ApiParam::flag("open", "Whether it is to be open.").required()],
/// };
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ApiMeta {
    /// Its name, as it stands in the address.
    pub name: &'static str,
    /// What it does, and what it answers: a sentence or two.
    pub doc: &'static str,
    /// Who may call it.
    pub access: ApiAccess,
    /// Whether it changes anything.
    pub effect: ApiEffect,
    /// What it can be given. Anything else is refused.
    pub params: &'static [ApiParam],
}

impl ApiMeta {
    /// A function that anybody may call and that changes nothing.
    pub const DEFAULT: ApiMeta =
        ApiMeta { name: "", doc: "", access: ApiAccess::Anyone, effect: ApiEffect::Reads, params: &[] };
}

/// Who may call a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiAccess {
    /// Everybody, signed in or not.
    Anyone,
    /// Whoever is signed in.
    Account,
    /// Whose account has this permission, as in a lock `pperm(..)`.
    Permission(&'static str),
    /// Superusers.
    Superuser,
}

/// Whether a function changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiEffect {
    /// It does not, and may be called by `GET`, too.
    Reads,
    /// It does.
    Changes,
}

/// One registered function.
pub(crate) struct ApiFunction {
    pub(crate) meta: ApiMeta,
    func: ApiFunc,
}

impl WorldBuilder {
    /// Registers a function of the server API, in place of one of the same name.
    ///
    /// ```
    /// use meadow_world::{ApiAccess, ApiError, ApiMeta, ApiParam, ApiRequest, World, WorldBuilder};
    /// use serde_json::{Value, json};
    ///
    /// const WHERE: ApiMeta = ApiMeta {
    ///     name: "where",
    ///     doc: "The room that a character of yours is in: `{\"room\": name}`.",
    ///     access: ApiAccess::Account,
    ///     params: &[ApiParam::text("character", "Its name.").required()],
    ///     ..ApiMeta::DEFAULT
    /// };
    ///
    /// fn whereabouts(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    ///     let account = request.player()?;
    ///     let mut own = world[account].characters.iter().filter_map(|id| world.object(*id));
    ///     let character = own
    ///         .find(|body| body.key() == request.text("character"))
    ///         .ok_or_else(|| ApiError::not_found("You have no such character."))?;
    ///     let room = character.location().map(|room| world[room].key());
    ///     Ok(json!({ "room": room }))
    /// }
    ///
    /// WorldBuilder::new("A Game").api(WHERE, whereabouts);
    /// ```
    ///
    /// # Panics
    /// The name is not made of small letters, digits and `_`: a mistake that shows at the first start.
    pub fn api(&mut self, meta: ApiMeta, func: ApiFunc) -> &mut Self {
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let name = meta.name;
        assert!(!name.is_empty() && name.chars().all(good), "{name:?} can't be the name of an API function");
        self.game.api.insert(name, ApiFunction { meta, func });
        self
    }
}

/// The functions that every game has.
pub(crate) fn register(builder: &mut WorldBuilder) {
    sign_in::register(builder);
    sign_up::register(builder);
    own::register(builder);
    people::register(builder);
    sessions::register(builder);
    things::register(builder);
    edit::register(builder);
    undo::register(builder);
    channels::register(builder);
    clockwork::register(builder);
    house::register(builder);
    services::register(builder);
    audit::register(builder);
    openapi::register(builder);
}

impl World {
    /// Answers a page or a program, now or when what it asked for is done.
    pub(crate) fn answer_question(&mut self, question: ApiQuestion) {
        let id = question.id;
        let game = self.game.clone();
        let Some(function) = game.api.get(&*question.name) else {
            let told = "There is no such API function: /api/openapi.json lists them.";
            return self.tell_answer(id, Err(ApiError::not_found(told)));
        };
        let mut request = match self.may_ask(&function.meta, question) {
            Ok(request) => request,
            Err(error) => return self.tell_answer(id, Err(error)),
        };
        let what = format!("the API function {}", function.meta.name);
        let answered = self.guarded(&what, |world| (function.func)(world, &mut request));
        if let Some(debt) = request.into_debt() {
            self.settle_debt(debt, answered.unwrap_or_else(|| Err(ApiError::broken())));
        }
    }

    /// A call that may be made, of which everything has been checked that was declared.
    fn may_ask(&mut self, meta: &ApiMeta, question: ApiQuestion) -> Result<ApiRequest, ApiError> {
        if question.method == ApiMethod::Get && meta.effect == ApiEffect::Changes {
            return Err(ApiError::new(405, "This changes something, and has to be asked for by POST."));
        }
        let account = question.login.as_deref().and_then(|key| self.web_login(key));
        // What players do on pages is theirs; what staff do is written down.
        let is_staffs = matches!(meta.access, ApiAccess::Permission(_) | ApiAccess::Superuser);
        let noted = account.filter(|_| is_staffs && meta.effect == ApiEffect::Changes);
        let mut note = noted.map(|account| Note::new(meta, account, &question.address, &question.args));
        let may = self.may_call(meta, account, &question.address);
        let is_theirs = may.is_ok();
        let checked = may.and_then(|()| param::check(meta.params, question.args, question.method));
        let args = checked.inspect_err(|error| {
            if let Some(note) = note.take_if(|note| is_theirs || self.may_note_refusal(note)) {
                self.write_audit(note, &Err(error.clone()));
            }
        })?;
        let note = note.map(Box::new);
        let mut request = ApiRequest::new(account, args, Debt { id: question.id, note });
        (request.address, request.browser, request.login) =
            (question.address, question.browser, question.login);
        Ok(request)
    }

    fn may_call(&self, meta: &ApiMeta, account: Option<AccountId>, address: &str) -> Result<(), ApiError> {
        let known = account.and_then(|account| self.account(account));
        // Whoever is banned may still see to it that nobody uses their login.
        if let Some(known) = known.filter(|_| meta.name != sign_in::SIGNOUT.name)
            && let Some(told) = self.ban_of(Some(known), address)
        {
            tracing::info!(
                account = known.id().0,
                address,
                "banned: the API function {} is not for them",
                meta.name
            );
            return Err(ApiError::new(403, text::plain(&told)));
        }
        if meta.access == ApiAccess::Anyone {
            return Ok(());
        }
        let Some(account) = account else { return Err(ApiError::new(401, "You are not signed in.")) };
        let may = match meta.access {
            ApiAccess::Anyone | ApiAccess::Account => true,
            ApiAccess::Superuser => self[account].is_superuser,
            ApiAccess::Permission(permission) => {
                let accessing = Accessor { account: Some(account), object: None };
                self.passes(&format!("cmd:pperm({permission})"), accessing, "cmd", None, false)
            }
        };
        if may {
            return Ok(());
        }
        tracing::info!(account = account.0, address, "the API function {} is not for them", meta.name);
        Err(ApiError::new(403, "That is not for you."))
    }

    /// Gives an answer that is owed, after it was written down.
    fn settle_debt(&mut self, debt: Debt, answer: Result<Value, ApiError>) {
        if let Some(note) = debt.note {
            self.write_audit(*note, &answer);
        }
        self.tell_answer(debt.id, answer);
    }

    /// Tells the Portal what came of a question.
    fn tell_answer(&mut self, id: u64, answer: Result<Value, ApiError>) {
        let (status, body) = match answer {
            // What a game keeps on things may be nested deeper than messages are.
            Ok(body) if depth(&body) > MAX_DEPTH => {
                (500, json!({ "error": "The answer is nested too deep to be told." }))
            }
            Ok(body) => (200, body),
            Err(error) => (error.status, json!({ "error": error.told })),
        };
        self.out.push(ToPortal::ApiAnswer { id, status, body });
    }
}
