//! What things are called, and what one sees of them.

use std::collections::BTreeMap;

use super::{BUILDER, CATEGORY, add_alias, checked_name, edit, find, may_change, shown, usage};
use crate::{Command, Cx, Meta, Mux, ObjectId, Result, World, locks::Accessor, say, text::escape};

/// Attribute with the categories of an object's aliases, by alias.
const ALIAS_CATEGORIES: &str = "_alias_categories";

/// `@name THING = NAME[;ALIAS..]`
pub(in super::super) struct CmdName;

impl Command for CmdName {
    const META: Meta = Meta {
        key: "@name",
        aliases: &["@rename"],
        locks: BUILDER,
        help: "give something another name\n\nUsage:\n  @name <object> = <name>;alias;alias...\n  @name *<account> = \
               <name>\n\nAn account can be renamed by admins; its characters keep their names.",
        help_category: CATEGORY,
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let (false, Some(new)) = (args.lhs.is_empty(), args.rhs.filter(|rhs| !rhs.is_empty())) else {
            return Err(usage("@name <object> = <name>;alias;alias..."));
        };
        if let Some(account) = args.lhs.strip_prefix('*') {
            return rename_account(cx, account.trim(), &new);
        }
        let id = find(cx, &args.lhs)?;
        may_change(cx, id)?;
        let before = shown(cx.world, id);
        // A name may hold a colon: there is no typeclass here.
        let mut names = new.split(';');
        let key = names.next().map(str::trim).filter(|key| !key.is_empty()).map(checked_name).transpose()?;
        if let Some(key) = &key {
            cx.world.staff_rename(id, key)?;
        }
        let mut aliases = Vec::new();
        for alias in names.filter(|alias| !alias.trim().is_empty()) {
            add_alias(&mut aliases, &checked_name(alias)?)?;
        }
        let mut told = match key {
            Some(_) => format!("{before} is called {} now.", escape(cx.world[id].key())),
            None => format!("{before} keeps its name."),
        };
        if !aliases.is_empty() {
            set_aliases(cx.world, id, &aliases);
            told.push_str(&format!(" Its aliases are: {}.", escape(&aliases.join(", "))));
        }
        cx.msg(told);
        Ok(())
    }
}

fn rename_account(cx: &mut Cx<'_>, name: &str, new: &str) -> Result {
    let caller = cx.caller()?;
    if !cx.world.has_permission(caller, "Admin") {
        return Err(say("Only admins may rename accounts."));
    }
    let account = cx.world.account_named(name);
    let account = account.ok_or_else(|| say(format!("There is no account '{}'.", escape(name))))?;
    outranks(cx, account)?;
    let before = escape(cx.world[account].name()).into_owned();
    cx.world.rename_account(account, new)?;
    let after = escape(cx.world[account].name()).into_owned();
    tracing::info!(account = account.0, "the account {before} was renamed to {after}");
    if cx.account != Some(account) {
        cx.world.msg(account, format!("Your account is called |c{after}|n now: log in by that name."));
    }
    cx.msg(format!("The account {before} is called {after} now."));
    Ok(())
}

/// Nobody changes the account of somebody who stands above them.
pub(super) fn outranks(cx: &Cx<'_>, account: crate::AccountId) -> Result {
    let caller = cx.caller()?;
    let whose = &cx.world[account];
    let of_account = Accessor { account: Some(account), object: None };
    let developer = whose.is_superuser || cx.world.passes("x:perm(Developer)", of_account, "x", None, false);
    let may = match (whose.is_superuser, developer) {
        (true, _) => cx.world.is_superuser(caller),
        (false, true) => cx.world.has_permission(caller, "Developer"),
        (false, false) => true,
    };
    if may { Ok(()) } else { Err(say("You don't have permission to change that account.")) }
}

/// `@desc [THING =] DESCRIPTION`, `@desc/edit [THING]`
pub(in super::super) struct CmdDesc;

impl Command for CmdDesc {
    const META: Meta = Meta {
        key: "@desc",
        locks: BUILDER,
        help: "say what one sees of something\n\nUsage:\n  @desc [<object> =] <description>\n  @desc/edit \
               [<object>]\n\nWithout an object it is the place where you are. Markup may be used.\n\nSwitches:\n  edit: \
               write it in the line editor",
        help_category: CATEGORY,
        switches: &["edit"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        if cx.switch("edit") {
            let id = if args.lhs.is_empty() { cx.location()? } else { find(cx, &args.lhs)? };
            may_change(cx, id)?;
            return edit::open_desc(cx, id);
        }
        if cx.raw.is_empty() {
            return Err(usage("@desc [<object> =] <description>"));
        }
        let (id, desc) = match args.rhs {
            Some(desc) => (find(cx, &args.lhs)?, desc),
            None => (cx.location()?, args.lhs),
        };
        may_change(cx, id)?;
        cx.world[id].db.set("desc", desc)?;
        cx.world.notice(id);
        cx.msg(format!("The description was set on {}.", shown(cx.world, id)));
        Ok(())
    }
}

/// `@alias[/category|/delete] THING [= [ALIAS, ..]]`
pub(in super::super) struct CmdAlias;

impl Command for CmdAlias {
    const META: Meta = Meta {
        key: "@alias",
        aliases: &["setobjalias"],
        locks: BUILDER,
        help: "give something more names\n\nUsage:\n  @alias <object> [= [<alias>, <alias>...]]\n  @alias/category \
               <object> = <alias>, <alias>...:<category>\n  @alias/delete <object> = <alias>\n\nAliases are added to \
               those that it has; with nothing behind the = all are taken away; without a = you see them. A category \
               is a note for the game: an object is found by all its aliases.",
        help_category: CATEGORY,
        switches: &["category", "delete"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        if args.lhs.is_empty() {
            return Err(usage("@alias[/category or /delete] <object> [= [<alias>, <alias>...]]"));
        }
        let id = find(cx, &args.lhs)?;
        let Some(given) = args.rhs else { return show(cx, id) };
        may_change(cx, id)?;
        let name = shown(cx.world, id);
        let mut aliases: Vec<String> = cx.world[id].aliases().iter().map(|alias| alias.to_string()).collect();
        if cx.switch("delete") {
            let before = aliases.len();
            aliases.retain(|alias| alias.to_lowercase() != given.to_lowercase());
            if aliases.len() == before {
                return Err(say(format!("{name} has no alias '{}'.", escape(&given))));
            }
            set_aliases(cx.world, id, &aliases);
            cx.msg(format!("The alias '{}' of {name} was removed.", escape(&given)));
            return Ok(());
        }
        if given.is_empty() {
            let told = if aliases.is_empty() {
                format!("{name} has no aliases.")
            } else {
                set_aliases(cx.world, id, &[]);
                format!("All aliases of {name} were removed: {}.", escape(&aliases.join(", ")))
            };
            cx.msg(told);
            return Ok(());
        }
        let (given, category) = match given.rsplit_once(':').filter(|_| cx.switch("category")) {
            Some((given, category)) => (given.to_owned(), category.trim().to_lowercase()),
            None if cx.switch("category") => {
                return Err(usage("@alias/category <object> = <alias>, <alias>...:<category>"));
            }
            None => (given, String::new()),
        };
        let mut kept = categories(cx.world, id);
        for alias in given.split(',').map(str::trim).filter(|alias| !alias.is_empty()) {
            let alias = checked_name(alias)?;
            add_alias(&mut aliases, &alias)?;
            kept.remove(&alias.to_lowercase());
            if !category.is_empty() {
                kept.insert(alias.to_lowercase(), category.clone());
            }
        }
        cx.world[id].db.set(ALIAS_CATEGORIES, kept)?;
        set_aliases(cx.world, id, &aliases);
        show(cx, id)
    }
}

fn show(cx: &mut Cx<'_>, id: ObjectId) -> Result {
    let name = shown(cx.world, id);
    let categories = categories(cx.world, id);
    let aliases: Vec<String> = cx.world[id]
        .aliases()
        .iter()
        .map(|alias| match categories.get(&alias.to_lowercase()) {
            Some(category) => format!("{} (category {})", escape(alias), escape(category)),
            None => escape(alias).into_owned(),
        })
        .collect();
    cx.msg(match aliases.as_slice() {
        [] => format!("{name} has no aliases."),
        aliases => format!("Aliases of {name}: {}.", aliases.join(", ")),
    });
    Ok(())
}

/// Gives an object other aliases; what is known of the categories of those that it loses is forgotten.
fn set_aliases(world: &mut World, id: ObjectId, aliases: &[String]) {
    let mut kept = categories(world, id);
    kept.retain(|known, _| aliases.iter().any(|alias| alias.to_lowercase() == *known));
    if kept.is_empty() {
        world[id].db.remove(ALIAS_CATEGORIES);
    } else {
        crate::logged("keeping the categories of aliases", world[id].db.set(ALIAS_CATEGORIES, kept));
    }
    let aliases: Vec<&str> = aliases.iter().map(String::as_str).collect();
    world.set_aliases(id, &aliases);
}

fn categories(world: &World, id: ObjectId) -> BTreeMap<String, String> {
    world[id].db.get(ALIAS_CATEGORIES).unwrap_or_default()
}
