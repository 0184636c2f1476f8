//! The description of the API says what holds, of a game's own functions, too.

use meadow_link::ApiMethod;
use meadow_world::{ApiAccess, ApiEffect, ApiMeta, ApiParam};
use serde_json::{Value, json};

use crate::game::Game;

/// One that a game has of its own.
const PLANT: ApiMeta = ApiMeta {
    name: "plant",
    doc: "Plants something.",
    access: ApiAccess::Permission("Builder"),
    effect: ApiEffect::Changes,
    params: &[
        ApiParam::text("what", "A flower.").required(),
        ApiParam::integer("count", "How many."),
        ApiParam::choice("where", &["garden", "hill"], "A place."),
        ApiParam::any("notes", "Anything."),
        ApiParam::text("spell", "A word.").secret(),
    ],
};

fn described() -> (Game, Value) {
    let mut game = Game::with(|world| {
        world.api(PLANT, |_, _| Ok(json!({})));
    });
    let (status, told) = game.ask_as(None, ApiMethod::Get, "openapi", json!({}));
    assert_eq!(status, 200);
    (game, told)
}

#[test]
fn a_function_is_described_by_what_is_declared() {
    let (_, told) = described();
    assert_eq!(
        (&told["openapi"], &told["info"]["title"]),
        (&json!("3.1.0"), &json!("The server API of Test"))
    );
    let path = &told["paths"]["/api/plant"];
    assert_eq!(path.get("get"), None, "it changes something");
    let schema = &path["post"]["requestBody"]["content"]["application/json"]["schema"];
    let expected = json!({
        "type": "object",
        "properties": {
            "what": { "type": "string", "description": "A flower." },
            "count": { "type": "integer", "minimum": 0, "description": "How many." },
            "where": { "type": "string", "enum": ["garden", "hill"], "description": "A place." },
            "notes": { "description": "Anything." },
            "spell": { "type": "string", "format": "password", "description": "A word." },
        },
        "additionalProperties": false,
        "required": ["what"],
    });
    assert_eq!(*schema, expected);
    assert_eq!(path["post"]["description"], "Plants something.\n\nFor whoever has the permission Builder.");
    assert_eq!(path["post"]["security"], json!([{ "cookie": [] }]));
    let whoami = &told["paths"]["/api/whoami"]["get"];
    assert_eq!((&whoami["operationId"], &whoami["parameters"]), (&json!("get_whoami"), &json!([])));
    let told = whoami["description"].as_str().unwrap();
    assert!(told.contains("`{account: null}`") && told.ends_with("For everybody."), "{told}");
    assert_eq!((&whoami["responses"]["401"], &whoami["security"]), (&Value::Null, &Value::Null));
}

#[test]
fn operations_have_names_of_their_own_and_references_lead_somewhere() {
    let (_, told) = described();
    let mut ids = Vec::new();
    for (path, methods) in told["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            ids.push(operation["operationId"].as_str().unwrap().to_owned());
            assert!(["get", "post"].contains(&method.as_str()));
            assert!(!operation["description"].as_str().unwrap().starts_with('\n'), "{path} has no doc");
            for response in operation["responses"].as_object().unwrap().values() {
                let schema = &response["content"]["application/json"]["schema"];
                if let Some(reference) = schema["$ref"].as_str() {
                    assert!(told.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
                }
            }
        }
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn what_is_described_as_required_is_and_what_is_not_described_is_refused() {
    let (mut game, told) = described();
    game.sign_in("root", "Root", "oak alley");
    for (path, methods) in told["paths"].as_object().unwrap() {
        let name = path.strip_prefix("/api/").unwrap();
        let schema = &methods["post"]["requestBody"]["content"]["application/json"]["schema"];
        let answer = game.ask("root", name, json!({ "no such thing": 1 }));
        assert_eq!(
            (answer.0, answer.1["error"].as_str().unwrap()),
            (400, "\"no such thing\" can't be given here.")
        );
        if schema.get("required").is_some() {
            let (status, told) = game.ask("root", name, json!({}));
            assert!(
                status == 400 && told["error"].as_str().unwrap().contains("is missing"),
                "{name}: {told}"
            );
        }
        let by_get = game.ask_as(Some("root"), ApiMethod::Get, name, json!({ "no such thing": "1" })).0;
        assert_eq!(by_get == 405, methods.get("get").is_none(), "{name}");
    }
}
