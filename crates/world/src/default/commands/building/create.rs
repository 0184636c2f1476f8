//! Making things, and making more of them.

use super::{BUILDER, CATEGORY, Named, Places, find, may_examine, shown, usage};
use crate::{Command, Cx, Meta, Mux, ObjectId, Result, say, text::escape};

/// `@create[/drop] NAME[;ALIAS..][:TYPECLASS], ..`
pub(in super::super) struct CmdCreate;

impl Command for CmdCreate {
    const META: Meta = Meta {
        key: "@create",
        locks: BUILDER,
        help: "make something new\n\nUsage:\n  @create[/drop] <name>[;alias;alias...][:typeclass], <name>...\n\nYou \
               will carry it; |w/drop|n puts it down where you are. You control what you have made, and so do \
               admins.\n\nExample:\n  @create/drop big box;crate:Object, lid",
        help_category: CATEGORY,
        switches: &["drop"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let caller = cx.caller()?;
        if args.lhs_list.is_empty() {
            return Err(usage("@create[/drop] <name>[;alias;alias...][:typeclass], <name>..."));
        }
        let all: Vec<Named> = args.lhs_list.iter().map(|given| Named::parse(given)).collect::<Result<_>>()?;
        for named in all {
            let places = Places { location: Some(caller), home: Some(caller), ..Places::default() };
            let id = named.make(cx, "default.Object", places)?;
            let Some(made) = cx.world.object(id) else {
                return Err(say(format!("{} was gone at once.", escape(&named.key))));
            };
            let kind = made.typeclass().path().rsplit('.').next().unwrap_or_default();
            cx.msg(format!(
                "You create a new {}: {}{}.",
                escape(kind),
                shown(cx.world, id),
                named.shown_aliases()
            ));
            if cx.switch("drop") {
                put_down(cx, id)?;
            }
        }
        Ok(())
    }
}

fn put_down(cx: &mut Cx<'_>, id: ObjectId) -> Result {
    let room = cx.location()?;
    cx.world[id].home = Some(room);
    cx.world.move_quietly(id, room)
}

/// `@copy THING [= NAME[;ALIAS..][:PLACE], ..]`
pub(in super::super) struct CmdCopy;

impl Command for CmdCopy {
    const META: Meta = Meta {
        key: "@copy",
        locks: BUILDER,
        help: "make another of something\n\nUsage:\n  @copy <object> [= <name>[;alias;alias...][:place], <name>...]\n\n\
               The copy has the same typeclass, attributes, tags and locks, and you control it. Without a name it is \
               called as the first, with _copy behind it; without a place it stands where the first does.",
        help_category: CATEGORY,
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        if args.lhs.is_empty() {
            return Err(usage("@copy <object> [= <name>[;alias;alias...][:place], <name>...]"));
        }
        let original = find(cx, &args.lhs)?;
        // Whoever has a copy may look into that.
        may_examine(cx, original)?;
        if args.rhs_list.is_empty() {
            let from = &cx.world[original];
            let aliases = from.aliases().iter().map(|alias| format!("{alias}_copy")).collect();
            let named = Named { key: format!("{}_copy", from.key()), aliases, typeclass: None };
            return copy(cx, original, &named);
        }
        // What stands where a typeclass does is a place here.
        let all: Vec<Named> = args.rhs_list.iter().map(|given| Named::parse(given)).collect::<Result<_>>()?;
        all.iter().try_for_each(|named| copy(cx, original, named))
    }
}

fn copy(cx: &mut Cx<'_>, original: ObjectId, named: &Named) -> Result {
    let caller = cx.caller()?;
    let place = named.typeclass.as_deref().map(|place| find(cx, place)).transpose()?;
    let id = cx.world.copy(original, &named.key)?;
    let aliases: Vec<&str> = named.aliases.iter().map(String::as_str).collect();
    cx.world.set_aliases(id, &aliases);
    super::give_to_creator(cx.world, id, caller);
    // Nobody shall come by the rights of a body that they do not control.
    if !cx.world.may(caller, "control", original) {
        cx.world[id].permissions.clear();
    }
    if let Some(place) = place {
        cx.world.place(id, Some(place));
    }
    cx.msg(format!(
        "Copied {} to {}{}.",
        shown(cx.world, original),
        shown(cx.world, id),
        named.shown_aliases()
    ));
    Ok(())
}
