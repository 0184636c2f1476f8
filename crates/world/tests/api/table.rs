//! The table of functions: who may call them, what they may be given, and answers that come later.

use meadow_link::ApiMethod;
use meadow_world::{
    ApiAccess, ApiEffect, ApiError, ApiMeta, ApiParam, ApiRequest, Job, JobResult, Secret, World,
    WorldBuilder, bug, say,
};
use serde_json::{Value, json};

use crate::game::{Game, error};

fn told(_: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    Ok(json!(request.args()))
}

fn later(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let waits = request.later();
    let job = Job::VerifyPassword { hash: "hash of x".into(), password: Secret("x".to_owned()) };
    world.job(job, |world, result| {
        waits.answer(world, Ok(json!({ "fits": result == JobResult::Verified(true) })));
    });
    Ok(json!("not this"))
}

fn refuse(_: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    match request.text("how") {
        "say" => Err(say("You |rcan't|n do a||b."))?,
        "bug" => Err(bug("the door leads nowhere"))?,
        "panic" => panic!("on purpose"),
        _ => Err(ApiError::conflict("It was changed.")),
    }
}

fn setup(world: &mut WorldBuilder) {
    const TOLD: ApiMeta = ApiMeta {
        name: "told",
        params: &[
            ApiParam::text("name", "A name.").required(),
            ApiParam::integer("page", "A page."),
            ApiParam::flag("all", "All."),
            ApiParam::any("value", "Anything."),
            ApiParam::choice("order", &["up", "down"], "An order."),
        ],
        ..ApiMeta::DEFAULT
    };
    const HOW: &[ApiParam] = &[ApiParam::text("how", "How.")];
    let named = |name, access| ApiMeta { name, access, ..ApiMeta::DEFAULT };
    world
        .api(TOLD, told)
        .api(ApiMeta { effect: ApiEffect::Changes, ..named("later", ApiAccess::Anyone) }, later)
        .api(ApiMeta { params: HOW, ..named("refuse", ApiAccess::Anyone) }, refuse)
        .api(named("players", ApiAccess::Account), told)
        .api(named("builders", ApiAccess::Permission("Builder")), told)
        .api(named("superusers", ApiAccess::Superuser), told);
}

#[test]
fn what_is_declared_is_checked() {
    let mut game = Game::with(setup);
    let good = json!({ "name": "x", "page": 3, "all": true, "value": [1], "order": "up" });
    assert_eq!(game.ask("", "told", good.clone()), (200, good));
    assert_eq!(game.ask("", "told", json!({ "name": "x", "page": null })), (200, json!({ "name": "x" })));
    for (args, wrong) in [
        (json!({}), "\"name\" is missing: A name."),
        (json!({ "name": 5 }), "\"name\" has to be a text."),
        (json!({ "name": "x", "page": -1 }), "\"page\" has to be a whole number, 0 or more."),
        (json!({ "name": "x", "page": "3" }), "\"page\" has to be a whole number, 0 or more."),
        (json!({ "name": "x", "all": 1 }), "\"all\" has to be true or false."),
        (json!({ "name": "x", "order": "left" }), "\"order\" has to be one of up, down."),
        (json!({ "name": "x", "y": 1 }), "\"y\" can't be given here."),
    ] {
        assert_eq!(error(&game.ask("", "told", args)), (400, wrong));
    }
    let asked = json!({ "name": "5", "page": "3", "all": "", "value": "{\"a\": 1}", "order": "down" });
    let read = json!({ "name": "5", "page": 3, "all": true, "value": { "a": 1 }, "order": "down" });
    assert_eq!(game.ask_as(None, ApiMethod::Get, "told", asked), (200, read), "texts mean what is declared");
    assert_eq!(game.ask_as(None, ApiMethod::Get, "told", json!({ "name": "x", "page": "x" })).0, 400);
    assert_eq!(game.ask("", "nothing", json!({})).0, 404);
}

#[test]
fn an_answer_may_come_later() {
    let mut game = Game::with(setup);
    assert_eq!(game.ask("", "later", json!({})), (200, json!({ "fits": true })));
    assert_eq!(game.ask_as(None, ApiMethod::Get, "later", json!({})).0, 405, "it changes something");
}

#[test]
fn errors_are_told_and_bugs_are_not() {
    let mut game = Game::with(setup);
    let ask = |game: &mut Game, how: &str| game.ask("", "refuse", json!({ "how": how }));
    assert_eq!(error(&ask(&mut game, "say")), (400, "You can't do a|b."));
    assert_eq!(error(&ask(&mut game, "conflict")), (409, "It was changed."));
    for broken in ["bug", "panic"] {
        let answer = ask(&mut game, broken);
        assert_eq!(error(&answer), (500, "Something broke. The staff can read about it in the log."));
    }
}

#[test]
fn who_may_call_what() {
    let mut game = Game::with(setup);
    game.sign_in("anna", "Anna", "rose garden");
    game.sign_in("root", "Root", "oak alley");
    let statuses = |game: &mut Game, key: &str| {
        ["players", "builders", "superusers"].map(|name| game.ask(key, name, json!({})).0)
    };
    assert_eq!(statuses(&mut game, "nobody"), [401, 401, 401]);
    assert_eq!(statuses(&mut game, "anna"), [200, 403, 403]);
    assert_eq!(statuses(&mut game, "root"), [200, 200, 200]);
    let anna = game.account("Anna");
    game.world[anna].permissions = vec!["Admin".into()];
    assert_eq!(statuses(&mut game, "anna"), [200, 200, 403]);
}
