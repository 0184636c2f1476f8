//! Questions to the Server that somebody waits for: whether an account may come in, what a page wants to know. A Server
//! that is being exchanged is waited for.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use meadow_link::{ToServer, amp::CodecError};
use serde_json::Value;
use tokio::{
    sync::oneshot,
    time::{Instant, sleep, timeout},
};

use crate::{server_end::Gate, sessionhandler::PortalSessionHandler};

/// How long somebody waits for a Server that is being exchanged, or for its answer. A check of a password takes a small
/// part of a second, but many may want one.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a Server is looked for.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// What a Portal asks its Server.
#[derive(Debug, Default)]
pub(crate) struct AllQuestions {
    /// Who somebody is: number and name of the account, or nobody.
    pub(crate) authentications: Questions<Option<(u64, Box<str>)>>,
    /// What pages want: a status and a body.
    pub(crate) api: Questions<(u16, Value)>,
}

impl AllQuestions {
    /// The Server that was asked is gone, and everything that it has said was heard.
    pub(crate) fn forget(&self) {
        self.authentications.forget();
        self.api.forget();
    }
}

/// Questions of one kind that have not been answered.
#[derive(Debug)]
pub(crate) struct Questions<A>(Mutex<Waiting<A>>);

#[derive(Debug)]
struct Waiting<A> {
    asked: u64,
    askers: HashMap<u64, oneshot::Sender<A>>,
}

/// What is done with a question when the Server is gone that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// The next one is asked.
    Ask,
    /// Nothing: it may have done something, which is not to be done twice.
    Never,
}

/// Why there is no answer. Displays as what whoever asked is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unanswered {
    #[error("The game is being started again. Please try again in a moment.")]
    NoServer,
    #[error("The Server was exchanged before it had answered: look whether it was done.")]
    Exchanged,
    #[error("The game does not answer in time: look whether it was done.")]
    Late,
    #[error("That cannot be asked: {0}.")]
    Unsayable(CodecError),
}

impl<A> Default for Questions<A> {
    fn default() -> Questions<A> {
        Questions(Mutex::new(Waiting { asked: 0, askers: HashMap::new() }))
    }
}

impl<A> Questions<A> {
    /// The Server has answered.
    pub(crate) fn answer(&self, id: u64, answer: A) {
        if let Some(asker) = self.waiting().askers.remove(&id) {
            // Whoever asked may have gone.
            let _ = asker.send(answer);
        }
    }

    fn forget(&self) {
        self.waiting().askers.clear();
    }

    fn begin(&self) -> (Asked<'_, A>, oneshot::Receiver<A>) {
        let (asker, answer) = oneshot::channel();
        let mut waiting = self.waiting();
        waiting.asked += 1;
        let id = waiting.asked;
        waiting.askers.insert(id, asker);
        (Asked { questions: self, id }, answer)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<A>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One question. Whoever asked it may go away at any time.
struct Asked<'a, A> {
    questions: &'a Questions<A>,
    id: u64,
}

impl<A> Drop for Asked<'_, A> {
    fn drop(&mut self) {
        self.questions.waiting().askers.remove(&self.id);
    }
}

impl PortalSessionHandler {
    /// Asks the Server, when there is one that takes questions, and waits for the answer. `question` makes the message
    /// with the number of the question.
    pub(crate) async fn ask<A>(
        &self,
        questions: &Questions<A>,
        again: Again,
        question: impl Fn(u64) -> ToServer,
    ) -> Result<A, Unanswered> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let (asked, answer) = questions.begin();
            if !self.send_question(&question(asked.id))? {
                drop(asked);
                sleep(LOOK_AGAIN).await;
                continue;
            }
            match timeout(end - Instant::now(), answer).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(_)) if again == Again::Never => return Err(Unanswered::Exchanged),
                Ok(Err(_)) => {}
                Err(_) => return Err(Unanswered::Late),
            }
        }
        Err(Unanswered::NoServer)
    }

    /// Says whether there is a Server that was sent it.
    fn send_question(&self, question: &ToServer) -> Result<bool, Unanswered> {
        let mut server = self.server().lock().unwrap_or_else(PoisonError::into_inner);
        if server.gate() != Gate::Open {
            return Ok(false);
        }
        server.send(question).map(|()| true).map_err(Unanswered::Unsayable)
    }
}
