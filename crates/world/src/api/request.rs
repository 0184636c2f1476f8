//! What an API function is handed, how it answers later, and what it says when it can't.

use meadow_link::Kwargs;
use serde_json::Value;

use super::audit::Note;
use crate::{AccountId, Stop, World, bugs::log_bug, text};

/// One call of an API function. What was declared of its arguments has been checked.
///
/// ```
/// use meadow_world::{ApiError, ApiRequest, World};
/// use serde_json::{Value, json};
///
/// /// `POST /api/mail {"to": "Bert", "text": "Hello!", "urgent": true}`
/// fn mail(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
///     let from = request.player()?;
///     let to = world.account_named(request.text("to"));
///     let to = to.ok_or_else(|| ApiError::not_found("There is no such player."))?;
///     let sign = if request.flag("urgent") { "!" } else { "" };
///     let said = format!("{}{sign} {}", world[from].name(), request.text("text"));
///     world.msg(to, meadow_world::text::escape(&said).into_owned());
///     Ok(json!({ "online": !world[to].sessions().is_empty() }))
/// }
/// ```
pub struct ApiRequest {
    account: Option<AccountId>,
    args: Kwargs,
    /// None when the answer comes later.
    debt: Option<Debt>,
    pub(crate) address: Box<str>,
    pub(crate) browser: Box<str>,
    pub(crate) login: Option<Box<str>>,
}

impl ApiRequest {
    pub(super) fn new(account: Option<AccountId>, args: Kwargs, debt: Debt) -> ApiRequest {
        let (address, browser) = ("".into(), "".into());
        ApiRequest { account, args, debt: Some(debt), address, browser, login: None }
    }

    /// Who is signed in.
    pub fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// Who is signed in, for functions that are not for everybody.
    ///
    /// # Errors
    /// Nobody is.
    pub fn player(&self) -> Result<AccountId, ApiError> {
        self.account.ok_or_else(|| ApiError::new(401, "You are not signed in."))
    }

    /// From where it comes.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The arguments that it was given.
    pub fn args(&self) -> &Kwargs {
        &self.args
    }

    /// An argument, if it was given.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.args.get(name)
    }

    /// An argument that is a text; empty if it was not given.
    pub fn text(&self, name: &str) -> &str {
        self.value(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// An argument that is a number, if it was given.
    pub fn integer(&self, name: &str) -> Option<u64> {
        self.value(name).and_then(Value::as_u64)
    }

    /// Whether an argument was given and is true.
    pub fn flag(&self, name: &str) -> bool {
        self.value(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// The answer comes later, as when a job has to be done for it; what the function returns now is not told.
    /// Whoever asked waits for 20 seconds.
    ///
    /// # Panics
    /// It was asked for before: a mistake of the function.
    pub fn later(&mut self) -> ApiLater {
        ApiLater(self.debt.take().expect("an answer is owed once"))
    }

    /// The answer that is owed, unless it comes later.
    pub(super) fn into_debt(self) -> Option<Debt> {
        self.debt
    }
}

/// That somebody waits for an answer, and what is to be written about it.
#[derive(Debug)]
pub(super) struct Debt {
    pub(super) id: u64,
    pub(super) note: Option<Box<Note>>,
}

/// Whom an answer is still owed to.
///
/// ```
/// use meadow_world::{ApiError, ApiRequest, Job, JobResult, Secret, World};
/// use serde_json::{Value, json};
///
/// fn rename(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
///     let password = Secret(request.text("password").to_owned());
///     let later = request.later();
///     world.job(Job::HashPassword { password }, move |world, result| {
///         let is_done = matches!(result, JobResult::Hashed(_));
///         later.answer(world, Ok(json!({ "done": is_done })));
///     });
///     // Nobody is told this.
///     Ok(Value::Null)
/// }
/// ```
#[derive(Debug)]
#[must_use = "somebody waits for the answer"]
pub struct ApiLater(Debt);

impl ApiLater {
    /// Answers.
    pub fn answer(self, world: &mut World, answer: Result<Value, ApiError>) {
        world.settle_debt(self.0, answer);
    }
}

/// Why an API function did not do what it was asked to do.
///
/// ```
/// use meadow_world::{ApiError, say};
///
/// let gone = ApiError::not_found("There is no such room.");
/// assert_eq!((gone.status, gone.to_string().as_str()), (404, "There is no such room."));
/// // What a command would tell a player is told as it is.
/// assert_eq!(ApiError::from(say("It is locked.")).status, 400);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{told}")]
pub struct ApiError {
    /// A status of HTTP: 400 and more.
    pub status: u16,
    /// A sentence for whoever asked; plain text.
    pub told: String,
}

impl ApiError {
    /// An error of this status.
    pub fn new(status: u16, told: impl Into<String>) -> ApiError {
        ApiError { status, told: told.into() }
    }

    /// 400: it can't be done as it was asked for.
    pub fn bad(told: impl Into<String>) -> ApiError {
        ApiError::new(400, told)
    }

    /// 404: there is no such thing.
    pub fn not_found(told: impl Into<String>) -> ApiError {
        ApiError::new(404, told)
    }

    /// 409: it is not as whoever asked believes.
    pub fn conflict(told: impl Into<String>) -> ApiError {
        ApiError::new(409, told)
    }

    /// 500: a bug, which is in the log.
    pub(crate) fn broken() -> ApiError {
        ApiError::new(500, "Something broke. The staff can read about it in the log.")
    }
}

/// What a player would be told is told; a bug is logged.
impl From<Stop> for ApiError {
    fn from(stop: Stop) -> ApiError {
        match stop {
            Stop::Say(told) => ApiError::bad(text::plain(&told)),
            Stop::Bug(bug) => {
                log_bug("an API function", (None, None), &bug);
                ApiError::broken()
            }
        }
    }
}
