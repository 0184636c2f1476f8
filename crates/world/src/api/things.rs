//! What stands in the world: `objects` to search, `object` to look into. `edit` changes them.

use serde_json::{Value, json};

use super::{
    ApiAccess, ApiError, ApiMeta, ApiParam, ApiRequest,
    list::{PAGE, account_ref, object_ref, page, paged, skipped, unix},
};
use crate::{Attributes, Object, ObjectId, Tag, World, WorldBuilder};

/// How many of the things inside an object are told of.
const CONTENTS: usize = 500;

const OBJECTS: ApiMeta = ApiMeta {
    name: "objects",
    doc: "Objects, by number: `{page, pages, total, objects: [{id, key, kind, typeclass, location: {id, key}}]}`.",
    access: ApiAccess::Superuser,
    params: &[
        ApiParam::text(
            "search",
            "A part of the key or of an alias, `#number`, or `*account` for its characters.",
        ),
        ApiParam::flag("exact", "The whole key or alias, not a part of it."),
        ApiParam::choice("kind", &["room", "exit", "character", "thing"], "Only such."),
        ApiParam::text("typeclass", "Only of this typeclass, or of one that builds on it."),
        ApiParam::text("tag", "Only with this tag: `key`, or `key:category`."),
        ApiParam::integer("location", "Only what is in this object."),
        ApiParam::integer("page", "From 1."),
    ],
    ..ApiMeta::DEFAULT
};

const OBJECT: ApiMeta = ApiMeta {
    name: "object",
    doc: "All of an object: `{id, key, kind, aliases, typeclass, is_typeclass_known, location, home, destination, account, \
          created, locks, permissions, tags: [{key, category}], attributes: {name: value}, categories: {category: \
          {name: value}}, contents: [{id, key, kind}], contents_total, entrances, sessions, scripts: [{id, key}]}`.",
    access: ApiAccess::Superuser,
    params: &[ApiParam::integer("id", "Its number.").required()],
    ..ApiMeta::DEFAULT
};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.api(OBJECTS, objects).api(OBJECT, object);
}

/// What is searched for.
struct Wanted {
    search: String,
    number: Option<ObjectId>,
    /// Characters of an account.
    own: Option<Vec<ObjectId>>,
    is_exact: bool,
    kind: String,
    typeclass: String,
    tag: Option<Tag>,
    location: Option<ObjectId>,
}

fn objects(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let search = request.text("search").trim().to_lowercase();
    let own = search.strip_prefix('*').map(|name| {
        let account = world.account_named(name).and_then(|account| world.account(account));
        account.map(|account| account.characters.clone()).unwrap_or_default()
    });
    let tag = match request.text("tag").trim() {
        "" => None,
        tag => Some(tag.split_once(':').map_or_else(|| Tag::new(tag, ""), |(key, of)| Tag::new(key, of))),
    };
    let typeclass = request.text("typeclass").trim().to_owned();
    let wanted = Wanted {
        number: search.strip_prefix('#').and_then(|number| number.parse().ok()).map(ObjectId),
        search,
        own,
        is_exact: request.flag("exact"),
        kind: request.text("kind").to_owned(),
        typeclass,
        tag,
        location: request.integer("location").map(ObjectId),
    };
    let page = page(request);
    let (first, waits) = (skipped(page), request.later());
    world.scan(
        1..=u64::MAX,
        (0_usize, Vec::new()),
        move |world, object, (total, found)| {
            if wanted.is(world, object) {
                if (first..first.saturating_add(PAGE)).contains(total) {
                    found.push(object.id());
                }
                *total += 1;
            }
        },
        move |world, (total, found)| {
            // Some may have gone since they were looked at.
            let objects = found.into_iter().filter_map(|id| world.object(id));
            let objects = objects.map(|object| line(world, object)).collect();
            waits.answer(world, Ok(paged("objects", page, total, objects)));
        },
    );
    Ok(Value::Null)
}

impl Wanted {
    fn is(&self, world: &World, object: &Object) -> bool {
        let id = object.id();
        (self.kind.is_empty() || kind(world, object) == self.kind)
            && self.location.is_none_or(|location| object.location() == Some(location))
            && self.tag.as_ref().is_none_or(|tag| object.tags().contains(tag))
            && (self.typeclass.is_empty()
                || object.typeclass_path() == self.typeclass
                || world.is_a(id, &self.typeclass))
            && self.is_named(object)
    }

    fn is_named(&self, object: &Object) -> bool {
        if let Some(own) = &self.own {
            return own.contains(&object.id());
        }
        let fits = |name: &str| match self.is_exact {
            true => name.to_lowercase() == self.search,
            false => name.to_lowercase().contains(&self.search),
        };
        self.search.is_empty()
            || self.number == Some(object.id())
            || fits(object.key())
            || object.aliases().iter().any(|alias| fits(alias))
    }
}

fn kind(world: &World, object: &Object) -> &'static str {
    if object.is_exit() {
        "exit"
    } else if world.is_character(object.id()) {
        "character"
    } else if world.is_a(object.id(), "default.Room") {
        "room"
    } else {
        "thing"
    }
}

fn line(world: &World, object: &Object) -> Value {
    json!({
        "id": object.id().0,
        "key": object.key(),
        "kind": kind(world, object),
        "typeclass": object.typeclass_path(),
        "location": object_ref(world, object.location()),
    })
}

/// The object that is meant.
pub(super) fn object_of(world: &World, request: &ApiRequest) -> Result<ObjectId, ApiError> {
    let id = request.integer("id").map(ObjectId).filter(|id| world.exists(*id));
    id.ok_or_else(|| ApiError::not_found("There is no such object."))
}

fn object(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let id = object_of(world, request)?;
    Ok(sheet(world, &world[id]))
}

/// All that there is to know of an object.
pub(super) fn sheet(world: &World, object: &Object) -> Value {
    let mut told = line(world, object);
    let inside = object.contents().iter().take(CONTENTS).filter_map(|id| world.object(*id));
    let inside =
        inside.map(|thing| json!({ "id": thing.id().0, "key": thing.key(), "kind": kind(world, thing) }));
    let scripts = world.scripts_of(object.id()).iter().filter_map(|id| Some((*id, world.script(*id)?)));
    let categories = object.db.categories().map(|(name, db)| (name.to_owned(), attributes(db)));
    told["aliases"] = json!(object.aliases());
    told["is_typeclass_known"] = object.unknown_typeclass.is_none().into();
    told["home"] = object_ref(world, object.home);
    told["destination"] = object_ref(world, object.destination());
    told["account"] = account_ref(world, object.account);
    told["created"] = unix(object.created).into();
    told["locks"] = (&*object.locks).into();
    told["permissions"] = json!(object.permissions);
    told["tags"] =
        object.tags().iter().map(|tag| json!({ "key": tag.key, "category": tag.category })).collect();
    told["attributes"] = attributes(&object.db);
    told["categories"] = Value::Object(categories.collect());
    told["contents"] = inside.collect();
    told["contents_total"] = object.contents().len().into();
    told["entrances"] =
        object.entrances.iter().take(CONTENTS).map(|id| object_ref(world, Some(*id))).collect();
    told["sessions"] = json!(object.sessions());
    told["scripts"] = scripts.map(|(id, script)| json!({ "id": id, "key": script.key() })).collect();
    told
}

/// The attributes that are in no category.
pub(super) fn attributes(db: &Attributes) -> Value {
    Value::Object(db.iter().map(|(name, value)| (name.to_owned(), value.clone())).collect())
}
