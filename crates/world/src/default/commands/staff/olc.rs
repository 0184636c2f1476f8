//! `@olc`: a menu in which a prototype is seen, changed, saved and tried out (Evennia's OLC).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::spawn;
use crate::{
    Cx, Goto, Menu, Node, Nodes, Prototype, Result, World,
    default::commands::building,
    say,
    text::{command_link, escape},
};

/// Most characters of a value in the menu.
const CUT: usize = 60;
/// What can be said of a prototype, apart from its attributes: the name that stands in its map, what it is for, and how
/// it is typed.
const FIELDS: [(&str, &str, Form); 14] = [
    ("prototype_key", "what the prototype is called", Form::Text),
    ("prototype_parent", "the prototypes that it builds on", Form::List),
    ("prototype_desc", "what it is for", Form::Text),
    ("prototype_tags", "labels by which @spawn/list finds it", Form::List),
    ("prototype_locks", "who may use (spawn) and change it (edit)", Form::Text),
    ("key", "the name of the object", Form::Text),
    ("typeclass", "its typeclass", Form::Typeclass),
    ("aliases", "its other names", Form::List),
    ("tags", "its labels, as label:category", Form::Tags),
    ("locks", "its locks", Form::Text),
    ("permissions", "its permissions", Form::List),
    ("location", "where it begins: a #number or a name", Form::Text),
    ("home", "where it belongs: a #number or a name", Form::Text),
    ("destination", "where it leads, if it is an exit: a #number or a name", Form::Text),
];

/// How a value is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    /// With commas.
    List,
    /// With commas and categories.
    Tags,
    /// The name of one that there is.
    Typeclass,
}

/// Somebody who works on a prototype.
#[derive(Serialize, Deserialize)]
pub(crate) struct Olc {
    prototype: Prototype,
    /// Whether it differs from what is saved.
    unsaved: bool,
}

/// Opens the menu: on the prototype of a key, or for one that is new.
///
/// # Errors
/// The caller may not use that one, or is in the middle of too many things.
pub(super) fn open(cx: &mut Cx<'_>, key: &str) -> Result {
    let prototype = match cx.world.prototype(key) {
        Some(known) => {
            spawn::may(cx, known, "spawn")?;
            known.clone()
        }
        None => Prototype::new(key),
    };
    let unsaved = cx.world.prototype(key).is_none() && !key.is_empty();
    cx.menu(Olc { prototype, unsaved })
}

impl Menu for Olc {
    const NAME: &'static str = "prototype menu";
    // What is typed may be any word.
    const QUIT: &'static [&'static str] = &[];

    fn nodes(menu: &mut Nodes<Olc>) {
        let start = menu.node_with("start", |_, olc| olc.title());
        for (name, _, _) in FIELDS {
            start.choice("", name).desc(move |cx, olc| format!("{name}: {}", olc.shown(cx.world, name)));
        }
        start.choice("", "attrs").desc(|_, olc| match olc.prototype.attrs.len() {
            0 => "attributes: -".to_owned(),
            count => format!("attributes: {count}"),
        });
        start.choice_by("save it", |cx, olc| olc.save(cx)).key("s");
        start.choice_by("make an object of it", |cx, olc| olc.spawn(cx)).key("o");
        start.choice_by("quit", |_, olc| Ok(if olc.unsaved { "leave".into() } else { Goto::End })).key("q");
        for (name, what, form) in FIELDS {
            let node = menu.node_with(name, move |cx, olc| {
                let how = if matches!(form, Form::List | Form::Tags) {
                    ", with commas between several"
                } else {
                    ""
                };
                let now = olc.shown(cx.world, name);
                format!("|w{name}|n: {what}.\nNow: {now}\nType a new value{how}.")
            });
            back(node).choice_by("take it out", move |_, olc| olc.set(name, Value::Null)).key("d");
            node.input(move |cx, olc| {
                let value = form.read(cx)?;
                olc.set(name, value)
            });
        }
        let attributes = menu.node_with("attrs", |_, olc| olc.attributes());
        back(attributes).input(|cx, olc| olc.set_attribute(cx));
        menu.node("leave", "What was changed is not saved. Leave all the same?")
            .choice("yes, forget it", Goto::End)
            .key("y")
            .choice("no", "start")
            .key("n");
    }
}

fn back(node: &mut Node<Olc>) -> &mut Node<Olc> {
    node.choice("back", "start").key("b")
}

impl Form {
    /// What was typed, as it stands in the map of a prototype.
    fn read(self, cx: &Cx<'_>) -> Result<Value> {
        let parts = || cx.raw.split(',').map(str::trim).filter(|part| !part.is_empty());
        Ok(match self {
            _ if cx.raw.is_empty() => return Err(say("Type a value; |wb|n goes back, |wd|n takes it out.")),
            Form::Text => Value::from(cx.raw.clone()),
            Form::Typeclass => Value::from(building::typeclass(cx.world, &cx.raw)?),
            Form::List => parts().collect(),
            Form::Tags => {
                let pair = |part: &str| {
                    let (key, category) = part.split_once(':').unwrap_or((part, ""));
                    Value::from(vec![key.trim(), category.trim()])
                };
                parts().map(pair).collect()
            }
        })
    }
}

impl Olc {
    fn title(&self) -> String {
        let key = match self.prototype.prototype_key() {
            "" => "(without a key yet)".into(),
            key => escape(key),
        };
        let saved = if self.unsaved { ", not saved" } else { "" };
        format!("|wPrototype|n {key}{saved}")
    }

    /// What it says of something, or else has from its parents; escaped.
    fn shown(&self, world: &World, name: &str) -> String {
        if let Some(value) = self.prototype.to_map().get(name).filter(|value| !is_empty(value)) {
            return value_shown(value);
        }
        // A parent may be missing while one works on it.
        let flat = world.flat_prototype(&self.prototype).map(|flat| flat.to_map()).unwrap_or_default();
        match flat.get(name).filter(|value| !is_empty(value)) {
            Some(value) => format!("{} |x(of a parent)|n", value_shown(value)),
            None => "-".to_owned(),
        }
    }

    fn attributes(&self) -> String {
        let mut told = String::from("|wattributes|n of the object:");
        for (name, value) in &self.prototype.attrs {
            let link = command_link(&format!("{name} ="), &escape(name));
            told.push_str(&format!("\n  {link} = {}", escape(&super::cut(&value.to_string(), CUT))));
        }
        if self.prototype.attrs.is_empty() {
            told.push_str(" none.");
        }
        told + "\nType |wname = value|n to set one, |wname =|n to take it out."
    }

    /// Says something else of the prototype; null says nothing of it.
    fn set(&mut self, name: &str, value: Value) -> Result<Goto> {
        let mut map = self.prototype.to_map();
        match value {
            Value::Null => drop(map.remove(name)),
            value => drop(map.insert(name.to_owned(), value)),
        }
        self.change(map)?;
        Ok("start".into())
    }

    fn set_attribute(&mut self, cx: &mut Cx<'_>) -> Result<Goto> {
        let Some((name, value)) = cx.raw.split_once('=') else {
            return Err(say("Type |wname = value|n, or |wb|n to go back."));
        };
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() {
            return Err(say("An attribute needs a name."));
        }
        if value.is_empty() {
            if self.prototype.attrs.remove(name).is_none() {
                return Err(say(format!("There is no attribute '{}'.", escape(name))));
            }
        } else {
            self.prototype.attrs.insert(name.to_owned(), building::read_value(value));
        }
        self.unsaved = true;
        Ok(Goto::Again)
    }

    fn change(&mut self, map: Map<String, Value>) -> Result {
        let made = Prototype::from_map(map);
        self.prototype = made.map_err(|error| say(format!("That can't be: {}.", escape(&error))))?;
        self.unsaved = true;
        Ok(())
    }

    fn save(&mut self, cx: &mut Cx<'_>) -> Result<Goto> {
        spawn::keep(cx, self.prototype.clone())?;
        self.unsaved = false;
        Ok(Goto::Again)
    }

    fn spawn(&mut self, cx: &mut Cx<'_>) -> Result<Goto> {
        let known = cx.world.prototype(self.prototype.prototype_key());
        if known.is_some() && self.unsaved {
            return Err(say("Save it first: there is one of this key already, which is another."));
        }
        spawn::make(cx, self.prototype.clone())?;
        Ok(Goto::Again)
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// A value as it would be typed; escaped.
fn value_shown(value: &Value) -> String {
    let part = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(pair) => {
            let pair: Vec<&str> =
                pair.iter().filter_map(Value::as_str).filter(|part| !part.is_empty()).collect();
            pair.join(":")
        }
        other => other.to_string(),
    };
    let told = match value {
        Value::Array(list) => list.iter().map(part).collect::<Vec<_>>().join(", "),
        value => part(value),
    };
    escape(&super::cut(&told, CUT)).into_owned()
}
