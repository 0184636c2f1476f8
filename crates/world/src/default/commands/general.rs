//! Seeing: where one is, what one carries, what one looks like.

use crate::{Command, Cx, Meta, Result, Target, text};

/// `look [THING]`
pub(super) struct CmdLook;

impl Command for CmdLook {
    const META: Meta = Meta {
        key: "look",
        aliases: &["l", "ls"],
        help: "look around, or at something\n\nUsage:\n  look\n  look <thing>\n  look here\n  look me",
        ..Meta::DEFAULT
    };
    type Args = Option<AtTarget>;

    fn func(&self, cx: &mut Cx<'_>, target: Option<AtTarget>) -> Result {
        let caller = cx.caller()?;
        let seen = match target {
            Some(AtTarget(seen)) => seen,
            None => cx.location()?,
        };
        let kind = cx.world[seen].typeclass();
        let view = kind.return_appearance(cx.world, seen, caller);
        cx.msg(meadow_link::text(view).kw("type", "look"));
        kind.at_desc(cx.world, seen, caller);
        Ok(())
    }
}

/// A target that may follow the word "at".
pub(super) struct AtTarget(crate::ObjectId);

impl crate::Args for AtTarget {
    fn parse(cx: &mut Cx<'_>) -> Result<AtTarget> {
        if let Some(rest) = cx.raw.strip_prefix("at ") {
            cx.set_args(rest.trim().to_owned());
        }
        Target::parse(cx).map(|Target(id)| AtTarget(id))
    }
}

/// `inventory`
pub(super) struct CmdInventory;

impl Command for CmdInventory {
    const META: Meta =
        Meta { key: "inventory", aliases: &["inv", "i"], help: "see what you carry", ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let caller = cx.caller()?;
        let mut counted: Vec<(String, usize)> = Vec::new();
        for id in cx.world[caller].contents() {
            let name = cx.world.display_name(*id, caller);
            match counted.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => counted.push((name, 1)),
            }
        }
        if counted.is_empty() {
            cx.msg("You are not carrying anything.");
            return Ok(());
        }
        let mut told = String::from("|wYou are carrying:|n");
        for (name, count) in counted {
            told.push_str(&format!("\n  {}", text::numbered(&name, count)));
        }
        cx.msg(told);
        Ok(())
    }
}

/// `setdesc TEXT`
pub(super) struct CmdSetdesc;

impl Command for CmdSetdesc {
    const META: Meta = Meta {
        key: "setdesc",
        help: "say what others see when they look at you\n\nUsage:\n  setdesc <description>",
        ..Meta::DEFAULT
    };
    type Args = String;

    fn func(&self, cx: &mut Cx<'_>, desc: String) -> Result {
        let caller = cx.caller()?;
        // Who builds may use markup, as in Evennia.
        let desc = if cx.world.has_permission(caller, "Builder") { cx.raw.clone() } else { desc };
        cx.world[caller].db.set("desc", desc)?;
        cx.msg("You set your description.");
        Ok(())
    }
}
