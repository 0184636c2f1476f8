//! What follows a command's name, as types: parsing and searching happen before the command runs.

use crate::{Cx, ObjectId, Result, say, search::Scope, text};

/// Something that can be read from what follows a command's name.
///
/// `()` takes nothing, `String` the whole rest, [`Words`] its words; [`Equals`] what stands on both sides of a `=`, [`Mux`]
/// lists there; [`Target`] an object that can be seen, [`Here`] and [`Held`] one that is in a place. An `Option` of these
/// takes an empty rest as `None`; a type of the game's own can implement it.
///
/// ```
/// use meadow_world::{Args, Cx, Here, ObjectId, Result, say};
///
/// /// `3 roses`: how many of what.
/// struct Several(u32, ObjectId);
///
/// impl Args for Several {
///     fn parse(cx: &mut Cx<'_>) -> Result<Several> {
///         let typed = cx.raw.clone();
///         let (count, rest) = typed.split_once(' ').ok_or_else(|| say("How many of what?"))?;
///         let count = count.parse().map_err(|_| say("How many?"))?;
///         // The rest is for somebody else.
///         cx.set_args(rest);
///         let Here(thing) = Here::parse(cx)?;
///         Ok(Several(count, thing))
///     }
/// }
/// ```
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
///
/// ```
/// # use meadow_world::*;
/// # struct CmdChant;
/// # impl Command for CmdChant {
/// #     const META: Meta = Meta { key: "chant", ..Meta::DEFAULT };
/// type Args = Words;
///
/// fn func(&self, cx: &mut Cx<'_>, Words(words): Words) -> Result {
///     let caller = cx.caller()?;
///     cx.world[caller].db.set("chanted", words)?;
///     Ok(())
/// }
/// # }
/// # let mut world = WorldBuilder::new("A Game");
/// # world.command(For::Character, CmdChant);
/// # let mut world = world.load(Default::default(), Default::default()).expect("it loads");
/// # let anna = world.create(NewObject { key: "Anna", typeclass: "default.Character", ..NewObject::default() })?;
///
/// world.execute_cmd(anna, "chant \"open sesame\" now")?;
/// assert_eq!(world[anna].db.get("chanted"), Some(vec!["open sesame".to_owned(), "now".to_owned()]));
/// # Ok::<(), meadow_world::Stop>(())
/// ```
pub struct Words(pub Vec<String>);

impl Args for Words {
    fn parse(cx: &mut Cx<'_>) -> Result<Words> {
        Ok(Words(text::words(&cx.raw)))
    }
}

/// `left = right`, escaped and trimmed; the right is `None` without a `=`.
///
/// ```
/// # use meadow_world::*;
/// # struct CmdPaint;
/// # impl Command for CmdPaint {
/// #     const META: Meta = Meta { key: "paint", ..Meta::DEFAULT };
/// type Args = Equals;
///
/// fn func(&self, cx: &mut Cx<'_>, Equals { lhs, rhs }: Equals) -> Result {
///     let colour = rhs.ok_or_else(|| say("In which colour?"))?;
///     let caller = cx.caller()?;
///     cx.world[caller].db.set("painted", format!("{lhs} in {colour}"))?;
///     Ok(())
/// }
/// # }
/// # let mut world = WorldBuilder::new("A Game");
/// # world.command(For::Character, CmdPaint);
/// # let mut world = world.load(Default::default(), Default::default()).expect("it loads");
/// # let anna = world.create(NewObject { key: "Anna", typeclass: "default.Character", ..NewObject::default() })?;
///
/// world.execute_cmd(anna, "paint the door = |red")?;
/// assert_eq!(world[anna].db.str("painted"), Some("the door in ||red"));
/// # Ok::<(), meadow_world::Stop>(())
/// ```
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
///
/// ```
/// # use meadow_world::*;
/// # struct CmdPaint;
/// # impl Command for CmdPaint {
/// #     const META: Meta = Meta { key: "@paint", ..Meta::DEFAULT };
/// type Args = Mux;
///
/// fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
///     let caller = cx.caller()?;
///     for name in &args.lhs_list {
///         let thing = cx.world.search(caller, name, Scope::Around)?;
///         cx.world[thing].db.set("colours", &args.rhs_list)?;
///     }
///     Ok(())
/// }
/// # }
/// # let mut world = WorldBuilder::new("A Game");
/// # world.command(For::Character, CmdPaint);
/// # let mut world = world.load(Default::default(), Default::default()).expect("it loads");
/// # let anna = world.create(NewObject { key: "Anna", typeclass: "default.Character", ..NewObject::default() })?;
/// # let door = world.create(NewObject { key: "door", location: Some(anna), ..NewObject::default() })?;
///
/// world.execute_cmd(anna, "@paint me, door = red, green")?;
/// assert_eq!(world[door].db["colours"][1], "green");
/// # Ok::<(), meadow_world::Stop>(())
/// ```
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
///
/// ```
/// # use meadow_world::{Cx, Result, Target};
/// /// Has `type Args = Option<Target>`: with nothing behind it, the place is meant.
/// fn func(cx: &mut Cx<'_>, target: Option<Target>) -> Result {
///     let (caller, place) = (cx.caller()?, cx.location()?);
///     let thing = target.map_or(place, |Target(thing)| thing);
///     let seen = cx.world.appearance(thing, caller);
///     cx.msg(seen);
///     Ok(())
/// }
/// ```
pub struct Target(pub ObjectId);

impl Args for Target {
    fn parse(cx: &mut Cx<'_>) -> Result<Target> {
        found(cx, Scope::Around).map(Target)
    }
}

/// An object that is where the caller is, but not carried.
///
/// ```
/// # use meadow_world::{Cx, Here, Result};
/// /// Has `type Args = Here`.
/// fn func(cx: &mut Cx<'_>, Here(thing): Here) -> Result {
///     let caller = cx.caller()?;
///     cx.world.act(caller, "$You() $conj(kick) $obj(thing).").with("thing", thing).to_room();
///     Ok(())
/// }
/// ```
pub struct Here(pub ObjectId);

impl Args for Here {
    fn parse(cx: &mut Cx<'_>) -> Result<Here> {
        found(cx, Scope::Location).map(Here)
    }
}

/// An object that the caller carries.
///
/// ```
/// # use meadow_world::{Cx, Held, Result};
/// /// Has `type Args = Held`.
/// fn func(cx: &mut Cx<'_>, Held(thing): Held) -> Result {
///     let caller = cx.caller()?;
///     cx.world.act(caller, "$You() $conj(eat) $obj(thing).").with("thing", thing).to_room();
///     cx.world.destroy(thing)
/// }
/// ```
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
