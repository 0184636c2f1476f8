//! `@scripts`: what scripts there are, and starting, pausing, stopping and deleting them.

use super::listing::{columns, seconds};
use crate::{
    Command, Cx, Meta, Mux, NewScript, ObjectId, Result, Script, ScriptId, ScriptOwner, World, say,
    search::Scope, staff::ScriptAction, text,
};

/// Scripts that an object can be given by this command.
const SCRIPTS_LIMIT: usize = 100;

/// `@scripts[/SWITCH] [SCRIPT]`, `@scripts[/SWITCH] OBJECT = [SCRIPT]`
pub(super) struct CmdScripts;

impl Command for CmdScripts {
    const META: Meta = Meta {
        key: "@scripts",
        aliases: &["@script"],
        locks: "cmd:perm(Builder)",
        help: "see and manage scripts\n\nUsage:\n  @scripts\n  @scripts[/<switch>] <script> or <object>\n  \
               @scripts[/<switch>] <object> = [<script>]\n\nA script is named by its key, its number (|w#3|n, or \
               |w#3-#7|n for several) or its typeclass. Without a switch, what is named is shown. The name of a \
               typeclass of which there is no script makes a global one; after |w<object> =|n it gives the \
               object one.\n\n|w/start|n starts a script, or lets one go on that was paused; |w/pause|n lets its \
               time stand still; |w/stop|n stops it; |w/delete|n deletes it. With |w<object> =|n and nothing \
               more, they do it to all scripts of the object.\n\nExamples:\n  @scripts\n  @scripts \
               scripts.Weather\n  @scripts/pause weather\n  @scripts frog = scripts.Poison\n  @scripts/delete \
               frog =\n  @scripts/stop #3-#7",
        help_category: "System",
        switches: &["start", "stop", "pause", "delete"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let switch = match cx.switches.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ => return Err(say("Only one of /start, /stop, /pause and /delete at a time.")),
        };
        match (args.rhs.as_deref(), args.lhs.as_str(), switch) {
            (Some(_), "", _) => Err(say("Which object? @scripts <object> = [<script>]")),
            (Some(name), object, switch) => of_object(cx, object, name, switch),
            (None, "", None) => {
                let all: Vec<ScriptId> = cx.world.scripts().map(|(id, _)| id).collect();
                list(cx, &all)
            }
            (None, "", Some(_)) => Err(say("Which script? Give its key, #number or typeclass.")),
            (None, name, None) => show_or_create(cx, name),
            (None, name, Some(switch)) => {
                let found = named(cx.world, cx.world.scripts().map(|(id, _)| id), name);
                manage(cx, found, switch)
            }
        }
    }
}

fn of_object(cx: &mut Cx<'_>, object: &str, name: &str, switch: Option<&'static str>) -> Result {
    let caller = cx.caller()?;
    let object = cx.world.search(caller, object, Scope::Anywhere)?;
    let all = cx.world.scripts_of(object).to_vec();
    if !name.is_empty() || switch.is_some() {
        may_change(cx, object.into())?;
    }
    match (name, switch) {
        ("", None) => list(cx, &all),
        ("", Some(switch)) => manage(cx, all, switch),
        (name, None) => add(cx, object, name),
        (name, Some("start")) if named(cx.world, all.iter().copied(), name).is_empty() => {
            add(cx, object, name)
        }
        (name, Some(switch)) => {
            let found = named(cx.world, all.into_iter(), name);
            manage(cx, found, switch)
        }
    }
}

fn add(cx: &mut Cx<'_>, object: ObjectId, name: &str) -> Result {
    let path = typeclass(cx.world, name)?;
    if cx.world.scripts_of(object).len() >= SCRIPTS_LIMIT {
        return Err(say(format!("{SCRIPTS_LIMIT} scripts are enough for one object.")));
    }
    let owner = ScriptOwner::Object(object);
    let id = cx.world.start_script(NewScript { typeclass: path, owner, ..NewScript::default() })?;
    let caller = cx.caller()?;
    let to = cx.world.display_name(object, caller);
    let told = format!("Script {} was added to {to}.", shown(cx.world, id));
    cx.msg(told);
    Ok(())
}

fn show_or_create(cx: &mut Cx<'_>, name: &str) -> Result {
    let found = named(cx.world, cx.world.scripts().map(|(id, _)| id), name);
    if !found.is_empty() {
        return show(cx, &found);
    }
    if let Ok(path) = typeclass(cx.world, name) {
        let id = cx.world.start_script(NewScript { typeclass: path, ..NewScript::default() })?;
        let told = format!("Global script {} was created.", shown(cx.world, id));
        cx.msg(told);
        return Ok(());
    }
    let caller = cx.caller()?;
    match cx.world.search(caller, name, Scope::Anywhere) {
        Ok(object) => {
            let of = cx.world.scripts_of(object).to_vec();
            list(cx, &of)
        }
        Err(_) => Err(say(format!(
            "There is no script, typeclass of scripts or object called '{}'.",
            text::escape(name)
        ))),
    }
}

/// Shows one in full, several as a list.
fn show(cx: &mut Cx<'_>, ids: &[ScriptId]) -> Result {
    let [one] = ids else { return list(cx, ids) };
    let told = cx.world.script(*one).map(|script| detail(cx.world, *one, script)).unwrap_or_default();
    cx.msg(told);
    Ok(())
}

fn list(cx: &mut Cx<'_>, ids: &[ScriptId]) -> Result {
    if ids.is_empty() {
        return Err(say("No scripts found."));
    }
    let world = &*cx.world;
    let heads = ["Id", "Owner", "Key", "Interval", "Next", "Left", "Typeclass", "Description"];
    let scripts = ids.iter().filter_map(|id| Some((*id, world.script(*id)?)));
    let told = columns(heads, scripts.map(|(id, script)| row(world, id, script)), cx.screen());
    cx.page(told);
    Ok(())
}

fn row(world: &World, id: ScriptId, script: &Script) -> [String; 8] {
    let interval = if script.interval.is_zero() { "-".to_owned() } else { seconds(script.interval) };
    [
        id.to_string(),
        world.script_owner_shown(script.owner()),
        script.key().to_owned(),
        interval,
        world.next_repeat_shown(script),
        script.remaining_repeats().map_or("-".to_owned(), |left| left.to_string()),
        world.script_typeclass_shown(script),
        script.desc.to_string(),
    ]
}

fn detail(world: &World, id: ScriptId, script: &Script) -> String {
    let mut told = format!("Script |w{}|n ({id})", text::escape(script.key()));
    for (label, value) in world.script_sheet(script) {
        told.push_str(&format!("\n  {}: {value}", text::escape(&label)));
    }
    told
}

/// Those of these scripts that a name means: `#3`, `#3-#7`, a key, or a typeclass or the last part of one.
pub(super) fn named(world: &World, among: impl Iterator<Item = ScriptId>, name: &str) -> Vec<ScriptId> {
    if let Some((first, last)) = range(name) {
        return among.filter(|id| (first..=last).contains(&id.0)).collect();
    }
    let name = name.to_lowercase();
    let is = |script: &Script| {
        let path = script.typeclass_path().to_lowercase();
        script.key().to_lowercase() == name || path == name || path.rsplit('.').next() == Some(&*name)
    };
    among.filter(|id| world.script(*id).is_some_and(is)).collect()
}

/// `#3` and `#3-#7` (or `#3-7`) as the first and the last.
fn range(name: &str) -> Option<(u64, u64)> {
    let numbers = name.strip_prefix('#')?;
    match numbers.split_once('-') {
        Some((first, last)) => {
            Some((first.trim().parse().ok()?, last.trim().trim_start_matches('#').parse().ok()?))
        }
        None => numbers.parse().ok().map(|number| (number, number)),
    }
}

/// The registered typeclass of this name, or whose last part it is.
fn typeclass(world: &World, name: &str) -> Result<&'static str> {
    let paths = || world.game().timing.scripts.keys().copied();
    if let Some(exact) = paths().find(|path| path.eq_ignore_ascii_case(name)) {
        return Ok(exact);
    }
    let ends = |path: &str| path.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(name));
    let mut found = paths().filter(|path| ends(path));
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        _ => {
            let mut known: Vec<&str> = paths().collect();
            known.sort_unstable();
            Err(say(format!(
                "There is no typeclass of scripts '{}'. There are: {}.",
                text::escape(name),
                text::escape(&known.join(", "))
            )))
        }
    }
}

/// Does what a switch says to scripts; to several only after a question, if they would be gone.
fn manage(cx: &mut Cx<'_>, ids: Vec<ScriptId>, switch: &'static str) -> Result {
    match (ids.len(), switch) {
        (0, _) => Err(say("No scripts found.")),
        (2.., "delete") => {
            let question = format!("Delete {} scripts?", ids.len());
            cx.ask_yes_no(question, move |cx, yes| {
                if !yes {
                    return Err(say("Nothing was deleted."));
                }
                ids.iter().for_each(|id| apply(cx, *id, switch));
                Ok(())
            })
        }
        _ => {
            ids.iter().for_each(|id| apply(cx, *id, switch));
            Ok(())
        }
    }
}

/// Scripts of an object are changed by those who may change the object, those of an account by its player and by admins;
/// the global ones by all who build.
fn may_change(cx: &Cx<'_>, owner: ScriptOwner) -> Result {
    let caller = cx.caller()?;
    let may = match owner {
        ScriptOwner::Global => true,
        ScriptOwner::Object(id) => cx.world.may(caller, "control", id) || cx.world.may(caller, "edit", id),
        ScriptOwner::Account(id) => cx.account == Some(id) || cx.world.has_permission(caller, "Admin"),
    };
    if may { Ok(()) } else { Err(say("You may not change that.")) }
}

fn apply(cx: &mut Cx<'_>, id: ScriptId, switch: &str) {
    let Some(script) = cx.world.script(id) else { return };
    if let Err(why) = may_change(cx, script.owner()) {
        return cx.msg(why.to_string());
    }
    let Some(action) = ScriptAction::named(switch) else { return };
    let name = shown(cx.world, id);
    let told = match cx.world.manage_script(id, action, &name) {
        Ok(told) => told,
        Err(why) => why.to_string(),
    };
    cx.msg(told);
}

fn shown(world: &World, id: ScriptId) -> String {
    match world.script(id) {
        Some(script) => {
            format!("|w{}|n ({id}, {})", text::escape(script.key()), text::escape(script.typeclass_path()))
        }
        None => format!("({id}, which has ended already)"),
    }
}
