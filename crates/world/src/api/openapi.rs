//! `/api/openapi.json`: what the server API is, in OpenAPI 3.1. It is made from the table of functions by which calls are
//! checked, so it can't say anything else than what holds.

use serde_json::{Map, Value, json};

use super::{ApiAccess, ApiEffect, ApiError, ApiKind, ApiMeta, ApiParam, ApiRequest};
use crate::{World, WorldBuilder};

const OPENAPI: ApiMeta = ApiMeta {
    name: "openapi",
    doc: "This description, which is at `/api/openapi.json`, too.",
    ..ApiMeta::DEFAULT
};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.api(OPENAPI, openapi);
}

fn openapi(world: &mut World, _: &mut ApiRequest) -> Result<Value, ApiError> {
    let game = world.game.clone();
    let paths =
        game.api.values().map(|function| (format!("/api/{}", function.meta.name), path(&function.meta)));
    Ok(json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("The server API of {}", game.name()),
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Functions are called by POST with a JSON object; those that change nothing also by GET. \
                            `signin` sets the cookie by which others know who calls. A POST with a cookie has to come \
                            with an Origin header that is that of the game. A Server that is being exchanged is waited \
                            for. 503 says that it was exchanged after it had been asked and before it had answered: \
                            what changes something is never done twice, and whoever asked has to look whether it was \
                            done once. Times are in seconds since 1970.",
        },
        "paths": Value::Object(paths.collect::<Map<_, _>>()),
        "components": {
            "securitySchemes": { "cookie": { "type": "apiKey", "in": "cookie", "name": "meadow" } },
            "schemas": {
                "Error": {
                    "type": "object",
                    "properties": { "error": { "type": "string" } },
                    "required": ["error"],
                },
            },
        },
    }))
}

fn path(meta: &ApiMeta) -> Value {
    let mut post = operation(meta);
    post["operationId"] = format!("post_{}", meta.name).into();
    post["requestBody"] = json!({
        "required": true,
        "content": { "application/json": { "schema": schema(meta.params) } },
    });
    if meta.effect == ApiEffect::Changes {
        return json!({ "post": post });
    }
    let mut get = operation(meta);
    get["operationId"] = format!("get_{}", meta.name).into();
    get["parameters"] = meta.params.iter().map(query).collect();
    json!({ "get": get, "post": post })
}

fn operation(meta: &ApiMeta) -> Value {
    let mut responses = Map::new();
    let done = json!({
        "description": "It is done, and stored.",
        "content": { "application/json": { "schema": { "type": "object" } } },
    });
    responses.insert("200".to_owned(), done);
    let mut errors = vec![
        ("400", "It can't be done as it was asked for."),
        ("500", "Something broke; the log tells more."),
        ("503", "The Server was exchanged or does not answer, or too much is asked at once."),
    ];
    if meta.access != ApiAccess::Anyone {
        errors.push(("401", "Nobody is signed in."));
    }
    errors.push(("403", "It may not be called, or not from that page."));
    let error = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } });
    errors.sort_unstable();
    for (status, description) in errors {
        responses.insert(status.to_owned(), json!({ "description": description, "content": error }));
    }
    let access = match meta.access {
        ApiAccess::Anyone => "For everybody.".to_owned(),
        ApiAccess::Account => "For whoever is signed in.".to_owned(),
        ApiAccess::Permission(permission) => format!("For whoever has the permission {permission}."),
        ApiAccess::Superuser => "For superusers.".to_owned(),
    };
    let mut told = json!({ "description": format!("{}\n\n{access}", meta.doc), "responses": responses });
    if meta.access != ApiAccess::Anyone {
        told["security"] = json!([{ "cookie": [] }]);
    }
    told
}

fn schema(params: &[ApiParam]) -> Value {
    let property = |param: &ApiParam| {
        let mut schema = param.kind.schema();
        schema["description"] = param.doc.into();
        if param.is_secret {
            schema["format"] = "password".into();
        }
        (param.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = params.iter().map(property).collect();
    let required: Vec<&str> =
        params.iter().filter(|param| param.is_required).map(|param| param.name).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}

fn query(param: &ApiParam) -> Value {
    let mut told = json!({
        "name": param.name,
        "in": "query",
        "required": param.is_required,
        "description": param.doc,
    });
    match param.kind {
        ApiKind::Any => told["content"] = json!({ "application/json": { "schema": {} } }),
        kind => told["schema"] = kind.schema(),
    }
    told
}
