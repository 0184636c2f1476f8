//! Changing an object: `object_set`, and `undo` for whoever did it last. What is given is checked before anything is
//! changed: names and locks as the commands of builders check them, attributes by their types.

use meadow_link::Time;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    ApiAccess, ApiEffect, ApiError, ApiMeta, ApiParam, ApiRequest,
    list::{object_ref, unix},
    things::{object_of, sheet},
};
use crate::{
    ObjectId, Tag, World, WorldBuilder,
    staff::{DEPTH_LIMIT, NAME_LIMIT, check_locks, depth, read_tag, tag_text},
};

/// How many tags an object can be given here.
const TAGS: usize = 100;

/// The attribute of an account that holds its last edit.
const LAST_EDIT: &str = "_api_edit";

const SET: ApiMeta = ApiMeta {
    name: "object_set",
    doc: "Changes one thing of an object; the answer is that of `object`. An attribute keeps its type (null, boolean, number, \
          string, array, object), unless `retype` says otherwise; those that the game itself reads have types of their \
          own.",
    access: ApiAccess::Superuser,
    effect: ApiEffect::Changes,
    params: &[
        ApiParam::integer("id", "Number of the object.").required(),
        ApiParam::choice("field", &["key", "desc", "locks", "tags", "attribute"], "What is changed.")
            .required(),
        ApiParam::text("attribute", "Name of the attribute."),
        ApiParam::text("category", "Its category, if it is in one."),
        ApiParam::any(
            "value",
            "The new value; of tags all of them, as a list of `key` or `key:category`. Without one, an attribute or \
             description is taken away.",
        ),
        ApiParam::flag("retype", "The attribute may become something of another type."),
    ],
};

const UNDO: ApiMeta = ApiMeta {
    name: "undo",
    doc: "Takes back the last change that whoever asks has made by `object_set`, if nobody has changed the same since; the \
          answer is that of `object`.",
    access: ApiAccess::Superuser,
    effect: ApiEffect::Changes,
    params: &[],
};

const LAST_EDIT_OF: ApiMeta = ApiMeta {
    name: "last_edit",
    doc: "What `undo` would take back: `{edit: {object: {id, key}, field, attribute, category, before, after, at}}`, or an \
          `edit` that is null.",
    access: ApiAccess::Superuser,
    ..ApiMeta::DEFAULT
};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.api(SET, set).api(UNDO, undo).api(LAST_EDIT_OF, last_edit);
}

/// What of an object is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Field {
    Key,
    Locks,
    Tags,
    Attribute { name: String, category: String },
}

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Edit {
    object: ObjectId,
    field: Field,
    before: Option<Value>,
    after: Option<Value>,
    at: Time,
}

fn set(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let (by, id) = (request.player()?, object_of(world, request)?);
    let field = field_of(request)?;
    let value = request.value("value").cloned();
    let before = field.value(world, id);
    if let Field::Attribute { name, .. } = &field {
        check_attribute(name, before.as_ref(), value.as_ref(), request.flag("retype"))?;
    }
    field.put(world, id, value)?;
    let after = field.value(world, id);
    if before != after {
        let edit = Edit { object: id, field, before, after, at: world.now };
        world[by].db.set(LAST_EDIT, edit).map_err(crate::Stop::from)?;
    }
    Ok(sheet(world, &world[id]))
}

fn undo(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let by = request.player()?;
    let Some(Edit { object, field, before, after, .. }) = world[by].db.get::<Edit>(LAST_EDIT) else {
        return Err(ApiError::not_found("There is nothing to undo."));
    };
    if !world.exists(object) {
        return Err(ApiError::not_found("The object that you changed is no more."));
    }
    if field.value(world, object) != after {
        return Err(ApiError::conflict("It has been changed since, and stays as it is."));
    }
    field.put(world, object, before)?;
    world[by].db.remove(LAST_EDIT);
    Ok(sheet(world, &world[object]))
}

fn last_edit(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let edit = world[request.player()?].db.get::<Edit>(LAST_EDIT).filter(|edit| world.exists(edit.object));
    let Some(Edit { object, field, before, after, at }) = edit else { return Ok(json!({ "edit": null })) };
    let (field, attribute, category) = match &field {
        Field::Key => ("key", "", ""),
        Field::Locks => ("locks", "", ""),
        Field::Tags => ("tags", "", ""),
        Field::Attribute { name, category } => ("attribute", name.as_str(), category.as_str()),
    };
    let edit = json!({
        "object": object_ref(world, Some(object)),
        "field": field,
        "attribute": attribute,
        "category": category,
        "before": before,
        "after": after,
        "at": unix(at),
    });
    Ok(json!({ "edit": edit }))
}

fn field_of(request: &ApiRequest) -> Result<Field, ApiError> {
    let (name, category) = (request.text("attribute").trim(), request.text("category").trim());
    match request.text("field") {
        "key" => Ok(Field::Key),
        "locks" => Ok(Field::Locks),
        "tags" => Ok(Field::Tags),
        "desc" => Ok(Field::Attribute { name: "desc".to_owned(), category: String::new() }),
        _ if name.is_empty()
            || name.chars().count() > NAME_LIMIT
            || category.chars().count() > NAME_LIMIT =>
        {
            Err(ApiError::bad(format!("The name of an attribute has 1 to {NAME_LIMIT} characters.")))
        }
        _ if name.starts_with('_') => {
            Err(ApiError::bad("Attributes whose names begin with _ are the game's own."))
        }
        _ => Ok(Field::Attribute { name: name.to_owned(), category: category.to_lowercase() }),
    }
}

impl Field {
    /// What it is now.
    fn value(&self, world: &World, id: ObjectId) -> Option<Value> {
        let object = world.object(id)?;
        match self {
            Field::Key => Some(object.key().into()),
            Field::Locks => Some((&*object.locks).into()),
            Field::Tags => Some(object.tags().iter().map(tag_text).collect()),
            Field::Attribute { name, category } => {
                let db = object.db.category(category);
                db.has(name).then(|| db[name.as_str()].clone())
            }
        }
    }

    /// Makes it something else, if it may be that.
    fn put(&self, world: &mut World, id: ObjectId, value: Option<Value>) -> Result<(), ApiError> {
        let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
        let no_text = || ApiError::bad("\"value\" has to be a text.");
        match self {
            Field::Key => world.staff_rename(id, &text(&value).ok_or_else(no_text)?)?,
            Field::Locks => {
                let locks = text(&value).ok_or_else(no_text)?;
                check_locks(&locks)?;
                world[id].locks = locks.trim().into();
                world.notice(id);
            }
            Field::Tags => {
                let tags = tags_of(value)?;
                for tag in world[id].tags().to_vec() {
                    world.remove_tag(id, &tag.key, &tag.category);
                }
                for tag in tags {
                    world.add_tag(id, &tag.key, &tag.category);
                }
                world.notice(id);
            }
            Field::Attribute { name, category } => {
                let db = world[id].db.in_category(category);
                match value {
                    Some(value) => db.insert(name, value),
                    None => drop(db.remove(name)),
                }
                world.notice(id);
            }
        }
        Ok(())
    }
}

/// All labels that an object is to have.
fn tags_of(value: Option<Value>) -> Result<Vec<Tag>, ApiError> {
    let list: Option<Vec<String>> = value.and_then(|value| serde_json::from_value(value).ok());
    let list = list.ok_or_else(|| ApiError::bad("\"value\" has to be a list of texts."))?;
    if list.len() > TAGS {
        return Err(ApiError::bad(format!("{TAGS} tags are the most.")));
    }
    list.iter().map(|text| Ok(read_tag(text)?.0)).collect()
}

/// Whether an attribute can become this value.
fn check_attribute(
    name: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    retype: bool,
) -> Result<(), ApiError> {
    let Some(after) = after else { return Ok(()) };
    if depth(after) > DEPTH_LIMIT {
        return Err(ApiError::bad(format!("Values can be nested {DEPTH_LIMIT} deep, and no deeper.")));
    }
    if let Some(known) = KNOWN.iter().find(|known| known.name == name)
        && !(known.fits)(after)
    {
        return Err(ApiError::bad(format!("The game reads {name:?}: it has to be {}.", known.wanted)));
    }
    match before {
        Some(before) if !retype && type_of(before) != type_of(after) => Err(ApiError::bad(format!(
            "{name:?} is {}, and would become {}: if that is meant, say `retype`.",
            type_of(before),
            type_of(after)
        ))),
        _ => Ok(()),
    }
}

/// An attribute that the game itself reads.
struct Known {
    name: &'static str,
    /// What it has to be.
    wanted: &'static str,
    /// Whether a value is that.
    fits: fn(&Value) -> bool,
}

const KNOWN: &[Known] = &[
    Known::text("desc"),
    Known::text("area"),
    Known::text("gender"),
    Known::text("get_err_msg"),
    Known::text("err_traverse"),
    Known { name: "prelogout_location", wanted: "the number of an object", fits: is::<ObjectId> },
];

impl Known {
    const fn text(name: &'static str) -> Known {
        Known { name, wanted: "a text", fits: is::<String> }
    }
}

fn is<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
