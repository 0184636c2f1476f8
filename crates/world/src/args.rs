//! What follows a command's name, as types: parsing and searching happen before the command runs.

use crate::{Cx, ObjectId, Result, say, search::Scope, text};

/// Something that can be read from what follows a command's name.
///
/// `()` takes nothing, `String` the whole rest, [`Target`] an object that can be seen; an `Option` of these
/// takes an empty rest as `None`; a type of the game's own can implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a command line",
    note = "what can: (), String, Words, Equals, Mux, Target, Here, Held, an Option of these, or a type that implements `Args`"
)]
pub trait Args: Sized {
    /// Reads it from `cx.args`.
    ///
    /// # Errors
    /// A sentence for the player: what is missing or not to be found.
    fn parse(cx: &mut Cx<'_>) -> Result<Self>;
}

/// The command takes nothing; whatever follows is passed over.
impl Args for () {
    fn parse(_cx: &mut Cx<'_>) -> Result<()> {
        Ok(())
    }
}

/// The whole rest; an empty one is asked for by name: "Say what?".
impl Args for String {
    fn parse(cx: &mut Cx<'_>) -> Result<String> {
        if cx.args.is_empty() { Err(missing(cx)) } else { Ok(cx.args.clone()) }
    }
}

/// `None` when nothing follows.
impl<T: Args> Args for Option<T> {
    fn parse(cx: &mut Cx<'_>) -> Result<Option<T>> {
        if cx.args.is_empty() { Ok(None) } else { T::parse(cx).map(Some) }
    }
}

/// Words, unescaped; `"two words"` in quotes are one.
pub struct Words(pub Vec<String>);

impl Args for Words {
    fn parse(cx: &mut Cx<'_>) -> Result<Words> {
        Ok(Words(text::words(&cx.raw)))
    }
}

/// `left = right`, escaped and trimmed; the right is `None` without a `=`.
pub struct Equals {
    /// What stands before the first `=`.
    pub lhs: String,
    /// What stands after it.
    pub rhs: Option<String>,
}

impl Args for Equals {
    fn parse(cx: &mut Cx<'_>) -> Result<Equals> {
        if cx.args.is_empty() {
            return Err(missing(cx));
        }
        let (lhs, rhs) = match cx.args.split_once('=') {
            Some((lhs, rhs)) => (lhs.trim(), Some(rhs.trim().to_owned())),
            None => (cx.args.trim(), None),
        };
        Ok(Equals { lhs: lhs.to_owned(), rhs })
    }
}

/// `left, left = right, right`, as it was typed and trimmed: what most commands of builders take (Evennia's
/// MuxCommand). What is shown of it has to be escaped.
pub struct Mux {
    /// What stands before the first `=`; all, where there is none.
    pub lhs: String,
    /// What stands after it.
    pub rhs: Option<String>,
    /// The left side at its commas.
    pub lhs_list: Vec<String>,
    /// The right side at its commas.
    pub rhs_list: Vec<String>,
}

impl Args for Mux {
    fn parse(cx: &mut Cx<'_>) -> Result<Mux> {
        let list = |side: &str| -> Vec<String> {
            side.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
        };
        let (lhs, rhs) = match cx.raw.split_once('=') {
            Some((lhs, rhs)) => (lhs.trim(), Some(rhs.trim())),
            None => (cx.raw.trim(), None),
        };
        Ok(Mux {
            lhs_list: list(lhs),
            rhs_list: rhs.map(list).unwrap_or_default(),
            lhs: lhs.to_owned(),
            rhs: rhs.map(str::to_owned),
        })
    }
}

/// An object that the caller carries or that is where the caller is, `me` and `here` among them.
pub struct Target(pub ObjectId);

impl Args for Target {
    fn parse(cx: &mut Cx<'_>) -> Result<Target> {
        found(cx, Scope::Around).map(Target)
    }
}

/// An object that is where the caller is, but not carried.
pub struct Here(pub ObjectId);

impl Args for Here {
    fn parse(cx: &mut Cx<'_>) -> Result<Here> {
        found(cx, Scope::Location).map(Here)
    }
}

/// An object that the caller carries.
pub struct Held(pub ObjectId);

impl Args for Held {
    fn parse(cx: &mut Cx<'_>) -> Result<Held> {
        found(cx, Scope::Carried).map(Held)
    }
}

fn found(cx: &mut Cx<'_>, scope: Scope) -> Result<ObjectId> {
    if cx.args.is_empty() {
        return Err(missing(cx));
    }
    let caller = cx.caller()?;
    cx.world.search(caller, &cx.raw, scope)
}

fn missing(cx: &Cx<'_>) -> crate::Stop {
    let name = text::escape(cx.cmdstring.trim_start_matches('@'));
    let mut letters = name.chars();
    let name: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    say(format!("{name} what?"))
}
