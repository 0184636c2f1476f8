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
//!
//! # Adding one
//!
//! A function, and one `world.api(..)` line in the game's setup: see [`WorldBuilder::api`].

mod param;
mod request;
mod sign_in;
mod sign_up;

use meadow_link::{ApiMethod, ApiQuestion, ToPortal};
use serde_json::{Value, json};

pub use param::{ApiKind, ApiParam};
pub use request::{ApiError, ApiLater, ApiRequest};

use crate::{AccountId, World, WorldBuilder, locks::Accessor, text};

/// What an API function is.
pub type ApiFunc = fn(&mut World, &mut ApiRequest) -> Result<Value, ApiError>;

/// What is known of an API function before it is called.
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
}

impl World {
    /// Answers a page or a program, now or when what it asked for is done.
    pub(crate) fn answer_question(&mut self, question: ApiQuestion) {
        let id = question.id;
        let what = format!("the API function {}", text::escape(&question.name));
        let answered = self.guarded(&what, |world| world.call_api(question));
        match answered.unwrap_or_else(|| Err(ApiError::broken())) {
            Ok(Some(answer)) => self.tell_answer(id, Ok(answer)),
            Ok(None) => {}
            Err(error) => self.tell_answer(id, Err(error)),
        }
    }

    /// What a function answers; none, if it does so later.
    fn call_api(&mut self, question: ApiQuestion) -> Result<Option<Value>, ApiError> {
        let game = self.game.clone();
        let Some(function) = game.api.get(&*question.name) else {
            return Err(ApiError::not_found("There is no such API function: /api/openapi.json lists them."));
        };
        let meta = &function.meta;
        if question.method == ApiMethod::Get && meta.effect == ApiEffect::Changes {
            return Err(ApiError::new(405, "This changes something, and has to be asked for by POST."));
        }
        let account = question.login.as_deref().and_then(|key| self.web_login(key));
        self.may_call(meta, account, &question.address)?;
        let args = param::check(meta.params, question.args, question.method)?;
        let mut request = ApiRequest::new(account, args, question.id);
        (request.address, request.browser, request.login) =
            (question.address, question.browser, question.login);
        let answer = (function.func)(self, &mut request)?;
        Ok((!request.is_later()).then_some(answer))
    }

    fn may_call(&self, meta: &ApiMeta, account: Option<AccountId>, address: &str) -> Result<(), ApiError> {
        if let Some(account) = account.and_then(|account| self.account(account)) {
            let name = if account.is_superuser { None } else { self.name_ban(account.name()) };
            if let Some(told) = name.or_else(|| self.address_ban(address)) {
                return Err(ApiError::new(403, text::plain(&told)));
            }
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
                self.passes(&format!("cmd:pperm({permission})"), "cmd", accessing, None, false)
            }
        };
        if may { Ok(()) } else { Err(ApiError::new(403, "That is not for you.")) }
    }

    /// Tells the Portal what came of a question.
    pub(crate) fn tell_answer(&mut self, id: u64, answer: Result<Value, ApiError>) {
        let (status, body) = match answer {
            Ok(body) => (200, body),
            Err(error) => (error.status, json!({ "error": error.told })),
        };
        self.out.push(ToPortal::ApiAnswer { id, status, body });
    }
}
