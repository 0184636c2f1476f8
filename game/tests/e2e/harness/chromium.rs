//! A player with a real browser: Chromium without a window, driven by its DevTools protocol.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Instant,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{LIMIT, LOOK_AGAIN, Scene, Websocket, installed};

/// What DevTools answers when the page goes while it looks at it.
const NO_PAGE: i64 = -32000;

/// Without a window, without a sandbox (which root cannot have), and without calling home.
const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--remote-debugging-port=0",
];

/// A browser that shows one page. It ends with the value.
pub(crate) struct Chromium {
    _browser: Browser,
    devtools: Websocket,
    /// The name of the page there.
    page: Value,
    asked: u64,
    /// What went wrong in the page: exceptions, and what its policy kept from it.
    errors: Vec<String>,
    scene: Scene,
    _profile: TempDir,
}

impl Chromium {
    /// Opens a page, if Chromium is installed.
    pub(crate) fn open(url: &str, scene: Scene) -> Option<Chromium> {
        let program = installed("chromium")?;
        let profile = tempfile::tempdir().expect("a folder can be made");
        let mut command = Command::new(program);
        command.args(FLAGS).arg(format!("--user-data-dir={}", profile.path().display())).arg("about:blank");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let browser = Browser(command.spawn().expect("Chromium starts"));
        let (address, path) = devtools(profile.path());
        let devtools = Websocket::connect_bare(address, scene.clone(), &path);
        let (page, errors) = (Value::Null, Vec::new());
        let mut chromium =
            Chromium { _browser: browser, devtools, page, asked: 0, errors, scene, _profile: profile };
        let mut target = chromium.ask("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"].take(), "flatten": true });
        chromium.page = chromium.ask("Target.attachToTarget", attach)["sessionId"].take();
        for domain in ["Page", "Runtime", "Log"] {
            chromium.ask(&format!("{domain}.enable"), json!({}));
        }
        chromium.ask("Page.navigate", json!({ "url": url }));
        Some(chromium)
    }

    /// Types a line into the field that has the focus, and Enter.
    pub(crate) fn send(&mut self, line: &str) {
        self.ask("Input.insertText", json!({ "text": line }));
        let enter = json!({
            "type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r",
        });
        self.ask("Input.dispatchKeyEvent", enter);
        self.ask("Input.dispatchKeyEvent", json!({ "type": "keyUp", "key": "Enter", "code": "Enter" }));
    }

    /// Waits until the page shows this; gives back all that the game said on it.
    pub(crate) fn expect(&mut self, want: &str) -> String {
        let deadline = Instant::now() + LIMIT;
        loop {
            // What screen readers are told besides stands on the page already.
            let shown = self.evaluate(
                "[...document.body.children].filter((part) => !part.id.startsWith('announce'))\
                 .map((part) => part.innerText).join('\\n')",
            );
            let shown = shown.as_str().unwrap_or_default();
            if shown.contains(want) {
                return shown.to_owned();
            }
            assert!(
                Instant::now() < deadline,
                "{want:?} is not shown within {LIMIT:?}\n--- page ---\n{shown}\n--- errors ---\n{}\n{}",
                self.errors.join("\n"),
                self.scene.tails()
            );
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// What an expression is worth in the page; nothing while another page comes.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let asked =
            self.try_ask("Runtime.evaluate", json!({ "expression": expression, "returnByValue": true }));
        match asked {
            Ok(mut answer) => answer["result"]["value"].take(),
            Err(error) if error["code"] == NO_PAGE => Value::Null,
            Err(error) => panic!("{expression}: {error}"),
        }
    }

    /// Waits until an expression is worth this text.
    pub(crate) fn expect_value(&mut self, expression: &str, want: &str) {
        let deadline = Instant::now() + LIMIT;
        loop {
            let value = self.evaluate(expression);
            if value == want {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{expression} is {value} and not {want:?}\n{}",
                self.scene.tails()
            );
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// What went wrong in the page so far.
    pub(crate) fn errors(&self) -> &[String] {
        &self.errors
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.try_ask(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn try_ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.asked += 1;
        let mut question = json!({ "id": self.asked, "method": method, "params": params });
        if !self.page.is_null() {
            question["sessionId"] = self.page.clone();
        }
        self.devtools.send_tuple(&question);
        loop {
            let mut message = self.devtools.tuple();
            if message["id"] == self.asked {
                let error = message["error"].take();
                return if error.is_null() { Ok(message["result"].take()) } else { Err(error) };
            }
            let params = &message["params"];
            match message["method"].as_str() {
                Some("Runtime.exceptionThrown") => self.errors.push(params["exceptionDetails"].to_string()),
                Some("Log.entryAdded") if params["entry"]["level"] == "error" => {
                    self.errors.push(params["entry"].to_string());
                }
                _ => {}
            }
        }
    }
}

/// The process, which must not outlive a test that fails before it has come to the page.
struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where the browser listens for whoever drives it: it writes port and path into its profile, a line each.
fn devtools(profile: &Path) -> (SocketAddr, String) {
    let deadline = Instant::now() + LIMIT;
    loop {
        let written = fs::read_to_string(profile.join("DevToolsActivePort")).unwrap_or_default();
        if let Some((port, path)) = written.split_once('\n')
            && let Ok(port) = port.parse()
            && path.len() > "/devtools/browser/".len()
        {
            return (SocketAddr::from(([127, 0, 0, 1], port)), path.trim().to_owned());
        }
        assert!(Instant::now() < deadline, "Chromium has not started within {LIMIT:?}");
        thread::sleep(LOOK_AGAIN);
    }
}
