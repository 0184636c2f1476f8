//! A kind of conversation without its type: what the registry holds, and the stack calls with a state.

use std::any::TypeId;

use crate::{Cx, Result, setup::WorldBuilder};

use super::{Belongs, Conversation, Ended, Next};

/// What happens to a conversation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event<'a> {
    Start,
    Line(&'a str),
    Resume,
}

/// What came of an event.
pub(super) struct Stepped {
    pub(super) ended: Result<Next>,
    pub(super) state: serde_json::Result<String>,
    pub(super) secret: bool,
}

/// A [`Conversation`] without its type.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(super) type_id: TypeId,
    pub(super) belongs: Belongs,
    /// Fails if the state can't be read.
    pub(super) step: fn(&str, &mut Cx<'_>, Event<'_>) -> serde_json::Result<Stepped>,
    pub(super) end: fn(&str, &mut Cx<'_>, Ended) -> Result,
}

impl Kind {
    fn new<T: Conversation>() -> Kind {
        Kind { type_id: TypeId::of::<T>(), belongs: T::BELONGS, step: step::<T>, end: end::<T> }
    }
}

fn step<T: Conversation>(state: &str, cx: &mut Cx<'_>, event: Event<'_>) -> serde_json::Result<Stepped> {
    let mut conversation: T = serde_json::from_str(state)?;
    let ended = match event {
        Event::Start => conversation.start(cx),
        Event::Line(typed) => conversation.line(cx, typed),
        Event::Resume => conversation.resume(cx),
    };
    let secret = conversation.is_secret();
    Ok(Stepped { ended, state: serde_json::to_string(&conversation), secret })
}

fn end<T: Conversation>(state: &str, cx: &mut Cx<'_>, why: Ended) -> Result {
    serde_json::from_str::<T>(state)?.end(cx, why)
}

impl WorldBuilder {
    /// Registers a kind of conversation, so that one survives a reload.
    ///
    /// # Panics
    /// Another kind has its name: a mistake that shows at the first start.
    pub fn conversation<T: Conversation>(&mut self) -> &mut Self {
        let kind = Kind::new::<T>();
        let before = self.game.conversations.insert(T::NAME, kind);
        let same = before.is_none_or(|before| before.type_id == kind.type_id);
        assert!(same, "two kinds of conversation are called {}", T::NAME);
        self
    }
}
