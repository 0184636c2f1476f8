//! Changes that can be taken back: `undo` and `last_edit`, for whoever made the last one. `edit` changes objects and
//! `channels` channels, both by [`change`].

use meadow_link::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    ApiAccess, ApiEffect, ApiError, ApiMeta, ApiRequest, channels,
    list::{object_ref, unix},
    things,
};
use crate::{
    AccountId, ChannelId, ObjectId, Tag, World, WorldBuilder,
    locks::Accessor,
    staff::{check_locks, read_tag, tag_text},
};

/// How many tags an object can be given here.
const TAGS: usize = 100;

/// The attribute of an account that holds its last edit.
const LAST_EDIT: &str = "_api_edit";

const UNDO: ApiMeta = ApiMeta {
    name: "undo",
    doc: "Takes back the last change that whoever asks has made by `object_set` or `channel_set`, if nobody has changed the \
          same since; the answer is that of `object` or `channel`.",
    access: ApiAccess::Superuser,
    effect: ApiEffect::Changes,
    params: &[],
};

const LAST_EDIT_OF: ApiMeta = ApiMeta {
    name: "last_edit",
    doc: "What `undo` would take back: `{edit: {object: {id, key}, channel: {id, key}, field, attribute, category, before, \
          after, at}}`, where either `object` or `channel` is null; or an `edit` that is null.",
    access: ApiAccess::Superuser,
    ..ApiMeta::DEFAULT
};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.api(UNDO, undo).api(LAST_EDIT_OF, last_edit);
}

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Thing {
    Object(ObjectId),
    Channel(ChannelId),
}

/// What of it is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Field {
    /// Of an object.
    Key,
    /// Of either.
    Locks,
    /// Of an object.
    Tags,
    /// Of a channel. That of an object is an attribute.
    Desc,
    /// Of an object.
    Attribute { name: String, category: String },
}

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Edit {
    #[serde(flatten)]
    thing: Thing,
    field: Field,
    before: Option<Value>,
    after: Option<Value>,
    at: Time,
}

/// Changes something in somebody's name, and remembers what it was.
pub(super) fn change(
    world: &mut World,
    by: AccountId,
    thing: Thing,
    field: Field,
    value: Option<Value>,
) -> Result<(), ApiError> {
    let before = field.value(world, thing);
    field.put(world, by, thing, value)?;
    let after = field.value(world, thing);
    if before != after {
        let edit = Edit { thing, field, before, after, at: world.now };
        world[by].db.set(LAST_EDIT, edit).map_err(crate::Stop::from)?;
    }
    Ok(())
}

fn undo(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let by = request.player()?;
    let Some(Edit { thing, field, before, after, .. }) = world[by].db.get::<Edit>(LAST_EDIT) else {
        return Err(ApiError::not_found("There is nothing to undo."));
    };
    if !thing.is_there(world) {
        return Err(ApiError::not_found("What you changed is no more."));
    }
    if field.value(world, thing) != after {
        return Err(ApiError::conflict("It has been changed since, and stays as it is."));
    }
    field.put(world, by, thing, before)?;
    world[by].db.remove(LAST_EDIT);
    Ok(match thing {
        Thing::Object(id) => things::sheet(world, &world[id]),
        Thing::Channel(id) => channels::sheet(world, by, id),
    })
}

fn last_edit(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let edit = world[request.player()?].db.get::<Edit>(LAST_EDIT).filter(|edit| edit.thing.is_there(world));
    let Some(Edit { thing, field, before, after, at }) = edit else { return Ok(json!({ "edit": null })) };
    let (field, attribute, category) = match &field {
        Field::Key => ("key", "", ""),
        Field::Locks => ("locks", "", ""),
        Field::Tags => ("tags", "", ""),
        Field::Desc => ("desc", "", ""),
        Field::Attribute { name, category } => ("attribute", name.as_str(), category.as_str()),
    };
    let (object, channel) = match thing {
        Thing::Object(id) => (object_ref(world, Some(id)), Value::Null),
        Thing::Channel(id) => (Value::Null, channels::channel_ref(world, id)),
    };
    let edit = json!({
        "object": object,
        "channel": channel,
        "field": field,
        "attribute": attribute,
        "category": category,
        "before": before,
        "after": after,
        "at": unix(at),
    });
    Ok(json!({ "edit": edit }))
}

impl Thing {
    fn is_there(self, world: &World) -> bool {
        match self {
            Thing::Object(id) => world.exists(id),
            Thing::Channel(id) => world.channel(id).is_some(),
        }
    }
}

impl Field {
    /// What it is now.
    pub(super) fn value(&self, world: &World, thing: Thing) -> Option<Value> {
        let id = match thing {
            Thing::Object(id) => id,
            Thing::Channel(id) => {
                let channel = world.channel(id)?;
                return match self {
                    Field::Desc => Some(channel.desc.as_str().into()),
                    Field::Locks => Some(channel.locks.as_str().into()),
                    _ => None,
                };
            }
        };
        let object = world.object(id)?;
        match self {
            Field::Key => Some(object.key().into()),
            Field::Locks => Some((&*object.locks).into()),
            Field::Tags => Some(object.tags().iter().map(tag_text).collect()),
            Field::Desc => None,
            Field::Attribute { name, category } => {
                let db = object.db.category(category);
                db.has(name).then(|| db[name.as_str()].clone())
            }
        }
    }

    /// Makes it something else, if it may be that.
    fn put(
        &self,
        world: &mut World,
        by: AccountId,
        thing: Thing,
        value: Option<Value>,
    ) -> Result<(), ApiError> {
        match thing {
            Thing::Object(id) => self.put_into_object(world, id, value),
            Thing::Channel(id) => self.put_into_channel(world, by, id, &value),
        }
    }

    fn put_into_channel(
        &self,
        world: &mut World,
        by: AccountId,
        id: ChannelId,
        value: &Option<Value>,
    ) -> Result<(), ApiError> {
        let given = text(value)?;
        let accessing = Accessor { account: Some(by), object: None };
        let is_desc = *self == Field::Desc;
        let given = if is_desc {
            world.channel_desc(accessing, &given)?
        } else {
            check_locks(&given)?;
            given.trim().to_owned()
        };
        let Some(channel) = world.channel_mut(id) else { return Ok(()) };
        match self {
            Field::Desc => channel.desc = given,
            Field::Locks => channel.locks = given,
            _ => return Err(ApiError::bad("A channel has no such thing.")),
        }
        Ok(())
    }

    fn put_into_object(&self, world: &mut World, id: ObjectId, value: Option<Value>) -> Result<(), ApiError> {
        match self {
            Field::Key => world.staff_rename(id, &text(&value)?)?,
            Field::Locks => {
                let locks = text(&value)?;
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
            Field::Desc => return Err(ApiError::bad("The description of an object is an attribute.")),
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

fn text(value: &Option<Value>) -> Result<String, ApiError> {
    let text = value.as_ref().and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| ApiError::bad("\"value\" has to be a text."))
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
