//! Changing an object: `object_set`. What is given is checked before anything is changed: names and locks as the
//! commands of builders check them, attributes by their types. `undo` takes it back.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    ApiAccess, ApiEffect, ApiError, ApiMeta, ApiParam, ApiRequest,
    things::{object_of, sheet},
    undo::{Field, Thing, change},
};
use crate::{
    ObjectId, World, WorldBuilder,
    staff::{DEPTH_LIMIT, NAME_LIMIT, depth},
};

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

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.api(SET, set);
}

fn set(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let (by, id) = (request.player()?, object_of(world, request)?);
    let field = field_of(request)?;
    let value = request.value("value").cloned();
    if let Field::Attribute { name, .. } = &field {
        let before = field.value(world, Thing::Object(id));
        check_attribute(name, before.as_ref(), value.as_ref(), request.flag("retype"))?;
    }
    change(world, by, Thing::Object(id), field, value)?;
    Ok(sheet(world, &world[id]))
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
