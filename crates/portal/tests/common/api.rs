//! What the Server of the tests answers to pages: `signin` as anna, `signup` as Anna, `whoami`, `echo`; `die` ends it.

use std::fs;

use meadow_link::{ApiQuestion, CommandTuple, ToPortal};
use serde_json::{Value, json};

use super::Server;

impl Server {
    pub(super) fn answer(&mut self, question: ApiQuestion) {
        let ApiQuestion { id, name, address, login, browser, args, .. } = question;
        self.record("events", &format!("{name} {address} {browser}"));
        let login = login.as_deref().unwrap_or("none");
        let (status, body) = match &*name {
            "whoami" if self.who(login) == "Anna" && self.dir.join("superuser").exists() => {
                (200, json!({ "account": 1, "name": "Anna", "superuser": true }))
            }
            "signin" if args["password"] == "rose garden" => {
                self.record("logins", login);
                (200, json!({ "name": "Anna" }))
            }
            "signup" if args["name"] == "Anna" && args["password"] == "rose garden" => {
                self.record("logins", login);
                (200, json!({ "name": "Anna" }))
            }
            "signup" => (400, json!({ "error": "The name <b> is taken." })),
            "signin" => (401, json!({ "error": "Username and/or password is incorrect." })),
            "signout" => {
                let others: Vec<String> = self.logins().into_iter().filter(|known| known != login).collect();
                fs::write(self.dir.join("logins"), others.join("\n") + "\n").unwrap();
                (200, json!({}))
            }
            "whoami" if self.who(login) == "Anna" => {
                let characters = fs::read_to_string(self.dir.join("characters")).unwrap_or_default();
                let named = characters.lines().map(|name| json!({ "id": 1, "name": name }));
                let characters = named.collect::<Vec<_>>();
                (200, json!({ "account": 1, "name": "Anna", "superuser": false, "characters": characters }))
            }
            "whoami" => (200, json!({ "account": null })),
            "sessions" => {
                let anna = json!({ "id": 1, "idle": 7, "account": { "name": "Anna" } });
                (200, json!({ "sessions": [anna], "connected": 1 }))
            }
            "log" => (200, json!({ "process": args["process"], "lines": 2, "level": "info" })),
            "status" | "services" | "throttles" | "settings" | "reload" | "backup" => {
                (200, json!({ "known": 1 }))
            }
            "openapi" => (200, json!({ "openapi": "3.1.0" })),
            "forbidden" => (403, json!({ "error": "That is not for you." })),
            "browsers" | "password" | "forget_browser" if self.who(login) != "Anna" => {
                (401, json!({ "error": "You are not signed in." }))
            }
            "browsers" => {
                let browser = |id: u64, here| json!({ "id": id, "browser": "<b>Firefox", "address": "192.0.2.7", "made": 0, "used": 0, "here": here });
                (200, json!({ "browsers": [browser(3, true), browser(4, false)] }))
            }
            "password" if args["old"] == "rose garden" => (200, json!({})),
            "password" => (403, json!({ "error": "The old password isn't right." })),
            "forget_browser" if args["id"] == 4 => (200, json!({})),
            "forget_browser" => (404, json!({ "error": "That browser is not signed in any more." })),
            "echo" => (200, json!({ "args": Value::Object(args) })),
            "die" => std::process::exit(70),
            // With the first that asks.
            "die_once" if fs::create_dir(self.dir.join("died")).is_ok() => std::process::exit(70),
            "die_once" => (200, json!({})),
            "never" => return,
            _ => (404, json!({ "error": "There is no such API function." })),
        };
        self.tell(ToPortal::ApiAnswer { id, status, body });
    }

    /// What the Portal says of a browser that has just connected, as the journal has it.
    pub(super) fn web_login(&self, tuple: &CommandTuple) -> String {
        let who = self.who(tuple.first_str().unwrap());
        let character = tuple.kwargs.get("character").and_then(Value::as_str).unwrap_or("nobody");
        format!("web_login {who} as {character}")
    }

    fn who(&self, login: &str) -> &'static str {
        if self.logins().iter().any(|known| known == login) { "Anna" } else { "nobody" }
    }

    fn logins(&self) -> Vec<String> {
        let logins = fs::read_to_string(self.dir.join("logins")).unwrap_or_default();
        logins.lines().map(str::to_owned).collect()
    }
}
