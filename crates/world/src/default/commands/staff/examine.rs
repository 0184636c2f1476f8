//! `@examine`: everything that there is to know of an object, an account or a record.

use std::{borrow::Cow, fmt::Write as _};

use meadow_link::SessionId;
use serde_json::Value;

use super::{access, cut, date, find, is_admin, named, named_list};
use crate::{
    AccountId, Attributes, Channel, Cmd, Command, Cx, Meta, Monitor, Mux, ObjectId, Record, Result, Script,
    ScriptOwner, Ticker, Typeclass, World,
    cmdhandler::available,
    cmdset::CmdKey,
    default::commands::scripts,
    locks::{self, Accessor},
    say,
    text::escape,
    timing::seconds,
};

/// Most characters of a value in a list of attributes.
const CUT: usize = 100;
/// How many of the things inside an object are told apart.
const LOOKED_INTO: usize = 10_000;
/// Most characters of one value that was asked for by name.
const LONGEST: usize = 4_000;
/// Who may look into records that are private.
const PRIVATE: &str = "examine:perm(Developer)";
const RULE: &str = "------------------------------------------------------------------------------";

/// `@examine[/account|/object|/script|/channel|/record] [THING[/ATTRIBUTE]]`
pub(in crate::default::commands) struct CmdExamine;

impl Command for CmdExamine {
    const META: Meta = Meta {
        key: "@examine",
        aliases: &["@ex", "@exam"],
        locks: "cmd:perm(Builder) or perm(examine)",
        help: "see everything there is to know of something\n\nUsage:\n  @examine [<object>[/<attribute>]]\n  @examine \
               [*<account>[/<attribute>]]\n  @examine/record <kind> [= <name or #number>]\n\nSwitches:\n  account - \
               an account, also without the *\n  object - an object, also if an account is called so\n  script, \
               channel - a script or a channel\n  record - any kind of record\n\nWithout a name: where you are; out \
               of character: your account. With an attribute, its whole value is shown; several are separated by \
               commas.\n\nExamples:\n  @examine box\n  @examine #12/desc\n  @examine *anna",
        help_category: "Building",
        switches: &["account", "object", "script", "channel", "record"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        for kind in ["script", "channel"] {
            if cx.switch(kind) {
                return record(cx, kind, &args.lhs);
            }
        }
        if cx.switch("record") {
            return record(cx, &args.lhs, args.rhs.as_deref().unwrap_or_default());
        }
        if args.lhs_list.is_empty() {
            return match (cx.switch("account"), cx.puppet) {
                (false, Some(caller)) => {
                    let here = cx.world[caller].location().unwrap_or(caller);
                    object(cx, here, None)
                }
                _ => account(cx, cx.account()?, None),
            };
        }
        for named in &args.lhs_list {
            let (name, attribute) = match named.split_once('/') {
                Some((name, attribute)) => (name.trim(), Some(attribute.trim())),
                None => (named.as_str(), None),
            };
            match account_meant(cx, name)? {
                Some(id) => account(cx, id, attribute)?,
                None => {
                    let id = find(cx, name)?;
                    object(cx, id, attribute)?;
                }
            }
        }
        Ok(())
    }
}

/// The account that a name means: of a name with a `*`, of any with `/account`, and of `me` out of character.
fn account_meant(cx: &Cx<'_>, name: &str) -> Result<Option<AccountId>> {
    if cx.switch("object") {
        return Ok(None);
    }
    let bare = name.strip_prefix('*');
    let mine = ["me", "self"].contains(&name.to_lowercase().as_str());
    if mine && (cx.puppet.is_none() || cx.switch("account")) {
        return cx.account().map(Some);
    }
    let Some(bare) = bare.or(cx.switch("account").then_some(name)) else { return Ok(None) };
    let found = cx.world.account_named(bare);
    found.map(Some).ok_or_else(|| say(format!("There is no account '{}'.", escape(bare))))
}

/// Whoever may not look into an object sees what all see of it.
fn object(cx: &mut Cx<'_>, id: ObjectId, attribute: Option<&str>) -> Result {
    if !access(cx, id, "examine", true) {
        let caller = cx.caller()?;
        let view = cx.world.appearance(id, caller);
        cx.msg(meadow_link::text(view).kw("type", "look"));
        return Ok(());
    }
    let told = match attribute {
        Some(name) => one_attribute(&named(cx.world, id), &cx.world[id].db, name)?,
        None => framed(&object_sheet(cx.world, id)),
    };
    cx.page(meadow_link::text(told).kw("type", "examine"));
    Ok(())
}

/// One's own account, or that of another for admins (Evennia's lock `examine:perm(Admin)`).
fn account(cx: &mut Cx<'_>, id: AccountId, attribute: Option<&str>) -> Result {
    if cx.account != Some(id) && !is_admin(cx) {
        let name = escape(cx.world[id].name());
        return Err(say(format!("You are not allowed to examine the account {name}.")));
    }
    let told = match attribute {
        Some(name) => one_attribute(&escape(cx.world[id].name()), &cx.world[id].db, name)?,
        None => framed(&account_sheet(cx.world, id)),
    };
    cx.page(meadow_link::text(told).kw("type", "examine"));
    Ok(())
}

/// A record, or the names of all of a kind.
fn record(cx: &mut Cx<'_>, kind: &str, name: &str) -> Result {
    let kind = kind.trim().to_lowercase();
    let Some(known) = cx.world.record_kinds().find(|known| *known == kind) else {
        let kinds: Vec<&str> = cx.world.record_kinds().collect();
        let kinds = if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") };
        return Err(say(format!("This game keeps no records '{}'; it keeps: {kinds}.", escape(&kind))));
    };
    let accessing = Accessor { account: cx.account, object: cx.puppet };
    if cx.world.is_private_record(known) && !cx.world.passes(PRIVATE, accessing, "examine", None, false) {
        return Err(say(format!("You are not allowed to examine records of the kind {known}.")));
    }
    let all = cx.world.record_names(known);
    if name.is_empty() {
        let mut told = format!("|wRecords of the kind {known}|n ({}):", all.len());
        for (id, key) in all.iter().take(super::LISTED) {
            let _ = write!(told, "\n  #{id} {}", escape(key));
        }
        if all.len() > super::LISTED {
            let _ = write!(told, "\n  ... and {} more", all.len() - super::LISTED);
        }
        cx.msg(told);
        return Ok(());
    }
    let found = records_meant(cx.world, known, &all, name);
    if found.is_empty() {
        return Err(say(format!("There is no {known} '{}'.", escape(name))));
    }
    for id in found.into_iter().take(super::LISTED) {
        let mut sheet = format!("|wKind|n: {known} (#{id})");
        for (label, value) in cx.world.examine_record(known, id).unwrap_or_default() {
            let _ = write!(sheet, "\n|w{}|n: {value}", escape(&label));
        }
        cx.page(meadow_link::text(framed(&sheet)).kw("type", "examine"));
    }
    Ok(())
}

/// The records that a name means: `#3` or a key; for scripts also a typeclass, for channels an alias.
fn records_meant(world: &World, kind: &str, all: &[(u64, String)], name: &str) -> Vec<u64> {
    if kind == Script::KIND {
        let scripts = scripts::named(world, world.scripts().map(|(id, _)| id), name);
        return scripts.into_iter().map(|id| id.0).collect();
    }
    let number = name.strip_prefix('#').and_then(|number| number.parse::<u64>().ok());
    let lower = name.to_lowercase();
    let is = |(id, key): &&(u64, String)| Some(*id) == number || key.to_lowercase() == lower;
    let mut found: Vec<u64> = all.iter().filter(is).map(|(id, _)| *id).collect();
    if found.is_empty() && kind == Channel::KIND {
        found.extend(world.channel_named(name).map(|id| id.0));
    }
    found
}

fn framed(sheet: &str) -> String {
    format!("{RULE}\n{sheet}\n{RULE}")
}

fn object_sheet(world: &mut World, id: ObjectId) -> String {
    let commands = commands_of(world, id);
    let object = &world[id];
    let mut sheet = Sheet::new("Name/key", &named(world, id));
    let aliases: Vec<Cow<'_, str>> = object.aliases().iter().map(|alias| escape(alias)).collect();
    sheet.line("Aliases", &aliases.join(", "));
    sheet.line("Typeclass", &typeclass_line(object.typeclass_path(), object.typeclass()));
    sheet.line("Created", &date(object.created));
    sheet.line("Sessions", &sessions_line(world, object.sessions()));
    let place = |id: Option<ObjectId>| id.map(|id| named(world, id)).unwrap_or_default();
    sheet.always("Location", &place(object.location()));
    sheet.always("Home", &place(object.home));
    sheet.line("Destination", &place(object.destination()));
    let owner = object.account.and_then(|account| world.account(account));
    if let Some(owner) = owner {
        sheet.line("Account", &format!("{} (account #{})", escape(owner.name()), owner.id().0));
        sheet.line("Account permissions", &permissions(&owner.permissions, owner.is_superuser));
    }
    sheet.line("Permissions", &permissions(&object.permissions, false));
    sheet.always("Locks", &locks_line(&object.locks));
    let tags: Vec<String> = object.tags().iter().map(tag).collect();
    sheet.line("Tags", &tags.join(", "));
    sheet.line("Commands", &commands);
    sheet.line("Scripts", &scripts_line(world, id.into()));
    sheet.line("Tickers", &tickers_line(world, id));
    sheet.line("Monitors", &monitors_line(world, id));
    sheet.attributes(&object.db);
    let inside = object.contents();
    let (exits, others): (Vec<ObjectId>, Vec<ObjectId>) =
        inside.iter().take(LOOKED_INTO).partition(|id| world[**id].is_exit());
    let (characters, things): (Vec<ObjectId>, Vec<ObjectId>) =
        others.into_iter().partition(|id| world.is_character(*id));
    for (label, ids) in [("Exits", exits), ("Characters", characters), ("Contents", things)] {
        sheet.line(label, &named_list(world, &ids));
    }
    if inside.len() > LOOKED_INTO {
        sheet.line(
            "In it",
            &format!("{} objects, of which the first {LOOKED_INTO} are told here", inside.len()),
        );
    }
    sheet.0
}

fn account_sheet(world: &mut World, id: AccountId) -> String {
    let commands = command_names(available(world, Some(id), None));
    let account = &world[id];
    let mut sheet =
        Sheet::new("Account", &format!("{} (account #{})", escape(account.name()), account.id().0));
    sheet.line("Created", &date(account.created));
    sheet.always("Last login", &account.last_login.map(date).unwrap_or_default());
    sheet.line("Sessions", &sessions_line(world, account.sessions()));
    sheet.always("Permissions", &permissions(&account.permissions, account.is_superuser));
    sheet.line("Characters", &named_list(world, &account.characters));
    sheet.line("Last puppet", &account.last_puppet.map(|id| named(world, id)).unwrap_or_default());
    sheet.line("Commands", &commands);
    sheet.line("Scripts", &scripts_line(world, id.into()));
    sheet.attributes(&account.db);
    sheet.0
}

/// Labels and values, one a line.
struct Sheet(String);

impl Sheet {
    fn new(label: &str, value: &str) -> Sheet {
        Sheet(format!("|w{label}|n: |c{value}|n"))
    }

    /// A line, if there is anything to tell.
    fn line(&mut self, label: &str, value: &str) {
        if !value.is_empty() {
            self.always(label, value);
        }
    }

    fn always(&mut self, label: &str, value: &str) {
        let value = if value.is_empty() { "-" } else { value };
        let _ = write!(self.0, "\n|w{label}|n: {value}");
    }

    fn attributes(&mut self, db: &Attributes) {
        self.attributes_of("", db);
        for (category, db) in db.categories().take(super::LISTED) {
            self.attributes_of(&format!(" (category {})", escape(category)), db);
        }
    }

    fn attributes_of(&mut self, of: &str, db: &Attributes) {
        let mut names = db.iter().take(super::LISTED).peekable();
        if names.peek().is_none() {
            return;
        }
        let _ = write!(self.0, "\n|wAttributes|n{of}:");
        for (name, value) in names {
            let shown = cut(&shown(value), CUT).replace('\n', " ");
            let _ = write!(self.0, "\n  {} {} = {}", escape(name), kind(value), escape(&shown));
        }
        let more = db.iter().count().saturating_sub(super::LISTED);
        if more > 0 {
            let _ = write!(self.0, "\n  ... and {more} more");
        }
    }
}

fn one_attribute(owner: &str, db: &Attributes, name: &str) -> Result<String> {
    // `strength:mods` is one of a category, unless that is a name of its own.
    let in_category = name.rsplit_once(':').filter(|_| !db.has(name));
    let (set, key) = in_category.map_or((db, name), |(key, category)| (db.category(category), key.trim()));
    if !set.has(key) {
        return Err(say(format!("{owner} has no attribute '{}'.", escape(name))));
    }
    let value = &set[key];
    let shown = cut(&shown(value), LONGEST);
    Ok(format!("|wAttribute|n {owner}/{} {} =\n{}", escape(name), kind(value), escape(&shown)))
}

/// A text as it is, everything else as JSON.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "[nothing]",
        Value::Bool(_) => "[bool]",
        Value::Number(number) if number.is_f64() => "[float]",
        Value::Number(_) => "[int]",
        Value::String(_) => "[text]",
        Value::Array(_) => "[list]",
        Value::Object(_) => "[map]",
    }
}

/// Its locks; nobody passes those that can't be read, which is seldom what was meant.
fn locks_line(locks: &str) -> String {
    match locks::check(locks) {
        Err(error) if !locks.is_empty() => {
            format!("{} |r(can't be read: {})|n", escape(locks), escape(&error.to_string()))
        }
        _ => escape(locks).into_owned(),
    }
}

/// `weather(#2, 60s), poison(#4, stopped)`.
fn scripts_line(world: &World, owner: ScriptOwner) -> String {
    let ids = world.scripts_of(owner);
    let told = ids.iter().take(super::LISTED).filter_map(|id| Some((*id, world.script(*id)?)));
    let mut told: Vec<String> = told
        .map(|(id, script)| {
            let unknown = if world.script_kind(id).is_none() { ", |runknown typeclass|n" } else { "" };
            format!("{}({id}, {}{unknown})", escape(script.key()), world.next_repeat_shown(script))
        })
        .collect();
    if ids.len() > super::LISTED {
        told.push(format!("and {} more", ids.len() - super::LISTED));
    }
    told.join(", ")
}

/// `grow every 60s, at_tick every 1.5s (tweet)`.
fn tickers_line(world: &World, id: ObjectId) -> String {
    let ids = world.tickers_of(id);
    let told = ids.iter().take(super::LISTED).filter_map(|id| world.record::<Ticker>(*id));
    let mut told: Vec<String> = told
        .map(|ticker| {
            let known = world.game().timing.tickers.contains_key(ticker.function());
            let unknown = if known { "" } else { ", |runknown function|n" };
            let which = match ticker.idstring() {
                "" => String::new(),
                which => format!(" ({})", escape(which)),
            };
            format!("{} every {}{which}{unknown}", escape(ticker.function()), seconds(ticker.interval()))
        })
        .collect();
    if ids.len() > super::LISTED {
        told.push(format!("and {} more", ids.len() - super::LISTED));
    }
    told.join(", ")
}

/// `db.hp: faint`.
fn monitors_line(world: &World, id: ObjectId) -> String {
    let monitors = world.monitors_of(id).take(super::LISTED).filter_map(|id| world.record::<Monitor>(id));
    let told: Vec<String> = monitors
        .map(|monitor| {
            let known = world.game().monitors.contains_key(monitor.function());
            let unknown = if known { "" } else { " |r(unknown function)|n" };
            format!("{}: {}{unknown}", escape(monitor.field()), escape(monitor.function()))
        })
        .collect();
    told.join(", ")
}

/// `typeclasses.Rose, on default.Object`; a name that this game does not know stands first.
fn typeclass_line(path: &str, kind: &'static dyn Typeclass) -> String {
    let mut told = escape(path).into_owned();
    if path != kind.path() {
        let _ = write!(told, " |r(unknown to this game)|n, stands as {}", kind.path());
    }
    let mut kind = kind;
    while !kind.is_root() {
        kind = kind.base();
        let _ = write!(told, ", on {}", kind.path());
    }
    told
}

fn sessions_line(world: &World, sessions: &[SessionId]) -> String {
    let told: Vec<String> = sessions
        .iter()
        .take(super::LISTED)
        .filter_map(|id| world.session(*id))
        .map(|session| format!("{} ({})", session.id(), escape(session.protocol_key())))
        .collect();
    told.join(", ")
}

fn permissions(held: &[Box<str>], superuser: bool) -> String {
    let held: Vec<Cow<'_, str>> = held.iter().map(|held| escape(held)).collect();
    match (superuser, held.is_empty()) {
        (true, true) => "<Superuser>".to_owned(),
        (true, false) => format!("<Superuser>, {}", held.join(", ")),
        (false, _) => held.join(", "),
    }
}

fn tag(tag: &crate::Tag) -> String {
    match &*tag.category {
        "" => escape(&tag.key).into_owned(),
        category => format!("{} (category: {})", escape(&tag.key), escape(category)),
    }
}

/// What a body that is played can be told to do; else what an object brings along for others.
fn commands_of(world: &mut World, id: ObjectId) -> String {
    if world[id].sessions().is_empty() {
        let brought = world[id].commands.clone();
        return brought.map(|set| command_names(set.commands().cloned().collect())).unwrap_or_default();
    }
    let account = world.accessor(id).account;
    command_names(available(world, account, Some(id)))
}

fn command_names(commands: Vec<Cmd>) -> String {
    let mut names: Vec<String> = commands
        .iter()
        .map(|cmd| cmd.key())
        .filter(|key| !key.starts_with("__"))
        .map(|key| escape(key).into_owned())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}
