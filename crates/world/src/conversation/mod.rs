//! Conversations: what takes the lines of a session instead of the command handler. Questions, menus, the pager and the
//! line editor are all conversations; the command handler asks them first.
//!
//! They stand on a stack: the newest is asked first, and when it ends, the one below goes on. One of a registered kind
//! is its serde state. It is stored with what the same line changed (`session_state.rs`), so a step is taken once, whatever
//! dies meanwhile. A question that is answered by a closure survives neither a reload nor a crash, and the player is told
//! so instead of having the answer run as a command.
//!
//! # Adding one
//!
//! A type that implements [`Conversation`], one `world.conversation::<Survey>()` line in the game's setup, and
//! `cx.begin(Survey::default())?` where it begins.

mod kind;
mod question;
mod run;
pub(crate) mod secret;
mod stack;

pub(crate) use kind::Kind;
pub(crate) use run::offer;
pub(crate) use stack::{Conversations, StoredConversation};

use serde::{Serialize, de::DeserializeOwned};

use crate::{Cx, Result};

/// How many conversations a session may have, one begun within the other.
pub const CONVERSATIONS_LIMIT: usize = 8;
/// What a conversation may hold and still survive a reload: bytes of its state as JSON.
pub const CONVERSATION_BYTES: usize = 512 * 1024;

/// What takes the lines of a session. The type is its state: it is written after each line, so it may not hold what
/// serde can't read back.
///
/// ```
/// use meadow_world::{Conversation, Cx, Next, Result, WorldBuilder};
/// use serde::{Deserialize, Serialize};
///
/// /// Asks for three words, and then says them.
/// #[derive(Default, Serialize, Deserialize)]
/// struct ThreeWords(Vec<String>);
///
/// impl Conversation for ThreeWords {
///     const NAME: &'static str = "three words";
///
///     fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
///         cx.msg("Three words, please. The first?");
///         Ok(Next::Stay)
///     }
///
///     fn line(&mut self, cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
///         self.0.push(cx.args.clone());
///         if self.0.len() < 3 {
///             cx.msg("And the next?");
///             return Ok(Next::Stay);
///         }
///         cx.msg(format!("You said: {}.", self.0.join(", ")));
///         Ok(Next::End)
///     }
/// }
///
/// // In the game's setup:
/// let mut world = WorldBuilder::new("A game");
/// world.conversation::<ThreeWords>();
///
/// // In a command:
/// fn func(cx: &mut Cx<'_>) -> Result {
///     cx.begin(ThreeWords::default())
/// }
/// ```
pub trait Conversation: Serialize + DeserializeOwned + 'static {
    /// The name of the kind. Two may not have the same.
    const NAME: &'static str;

    /// With what it ends, at the latest.
    const BELONGS: Belongs = Belongs::Body;

    /// It begins: tells the player what this is about.
    ///
    /// # Errors
    /// It does not begin, and whoever began it gets the error.
    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next>;

    /// The player has typed a line. In `cx.args` and `cx.raw` it stands without space around it, and as one line;
    /// `typed` is what came, unescaped: a browser may send several lines at once.
    ///
    /// The line `idle` never comes: clients send it to keep a connection awake.
    ///
    /// # Errors
    /// [`say`](crate::say) tells the player, and the conversation goes on; any other error, and a panic, end it.
    fn line(&mut self, cx: &mut Cx<'_>, typed: &str) -> Result<Next>;

    /// What had begun within it is over, or the Server has been started again: it goes on, and may show again where it
    /// stands, so that the player knows that it waits.
    ///
    /// # Errors
    /// As for [`Conversation::line`].
    fn resume(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        let _ = cx;
        Ok(Next::Stay)
    }

    /// It is over.
    ///
    /// # Errors
    /// What [`say`](crate::say) makes is told to the player.
    fn end(self, cx: &mut Cx<'_>, why: Ended) -> Result {
        let _ = (cx, why);
        Ok(())
    }

    /// Whether the next line is a secret: it never goes into a log, and clients are told not to show what is typed, as
    /// for [`Cx::ask_secret`]. What has heard one is not written to the database any more: it survives a reload, but if
    /// the Server dies before the Portal has heard of a step, it is lost.
    fn is_secret(&self) -> bool {
        false
    }
}

/// What becomes of a conversation after a line.
///
/// ```
/// # use meadow_world::{Cx, Next, Result};
/// /// Waits for a yes; whoever types something else goes on with that.
/// fn line(cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
///     match cx.args.as_str() {
///         "yes" => {
///             cx.msg("So be it.");
///             Ok(Next::End)
///         }
///         _ => Ok(Next::Leave),
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It goes on.
    Stay,
    /// It is over.
    End,
    /// It goes on, and the line is none for it: what is below it gets the line, or else the command handler.
    Pass,
    /// It is over, and the line is none for it, as with [`Next::Pass`].
    Leave,
}

/// With what a conversation ends, at the latest.
///
/// ```
/// # use meadow_world::{Belongs, Conversation, Cx, Next, Result};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct Survey;
/// impl Conversation for Survey {
///     const NAME: &'static str = "survey";
///     // It asks the player, not the character.
///     const BELONGS: Belongs = Belongs::Session;
/// #     fn start(&mut self, _: &mut Cx<'_>) -> Result<Next> { Ok(Next::Stay) }
/// #     fn line(&mut self, _: &mut Cx<'_>, _: &str) -> Result<Next> { Ok(Next::End) }
///     // start, line
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belongs {
    /// When the session has another body than the one in which it began; if there was none then, with the session.
    Body,
    /// When the session ends.
    Session,
}

/// Why a conversation is over.
///
/// ```
/// # use meadow_world::{Cx, Ended, Result};
/// fn end(cx: &mut Cx<'_>, why: Ended) -> Result {
///     if why == Ended::Body {
///         cx.msg("You lose the thread.");
///     }
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It said so itself.
    Itself,
    /// The player has left the body that it belongs to.
    Body,
    /// The session has ended: nobody hears what is said.
    Session,
    /// It broke, as the log says; this is its state before that line.
    Broke,
}
