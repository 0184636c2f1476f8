//! The browser client and the site: their types, their units, the whole in Chromium, and an evening in Firefox and in
//! WebKit. What is tried lies in `webclient/tests/`; this is what calls it, so that all tests are one command.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::harness::installed;

/// What JavaScript is checked and tested with, if it is installed. In CI it must be.
#[expect(clippy::print_stderr, reason = "what is not tested is to be seen")]
fn tools() -> Option<(PathBuf, PathBuf)> {
    let node = installed("node")?;
    let webclient = Path::new(env!("CARGO_MANIFEST_DIR")).join("../webclient");
    let there = webclient.join("node_modules/@playwright/test").is_dir();
    assert!(there || std::env::var_os("CI").is_none(), "`npm ci` has not been run in webclient/");
    if !there {
        eprintln!("NOT TESTED: the browser client; `npm ci` in webclient/ installs what its tests need");
        return None;
    }
    Some((node, webclient))
}

fn run(args: &[&str]) {
    let Some((node, webclient)) = tools() else { return };
    let mut command = Command::new(node);
    command.args(args).current_dir(webclient).env("MEADOW", env!("CARGO_BIN_EXE_meadow"));
    let output = command.output().expect("node runs");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // What failed comes first, then what led there: whoever keeps only the beginning keeps the reasons.
    let (before, failures) = out.split_at(out.find("\n  1) ").unwrap_or(0));
    assert!(output.status.success(), "node {args:?}: {}\n{failures}\n{before}\n{err}", output.status);
}

#[test]
fn types_are_right() {
    run(&["node_modules/typescript/lib/tsc.js", "--project", "."]);
}

#[test]
fn units_do_what_they_say() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../webclient/tests");
    let files = tests.read_dir().expect("the folder is there").map(|file| file.expect("a file").path());
    let units: Vec<_> = files.filter_map(|path| path.to_str().map(str::to_owned)).collect();
    let units = units.iter().map(String::as_str).filter(|path| path.ends_with(".test.js"));
    run(&["--test"].into_iter().chain(units).collect::<Vec<_>>());
}

#[test]
fn the_client_and_the_site_in_chromium() {
    if installed("chromium").is_some() {
        run(&[
            "node_modules/@playwright/test/cli.js",
            "test",
            "--config",
            "tests/browser/playwright.config.js",
        ]);
    }
}

#[test]
fn an_evening_in_firefox() {
    if installed("firefox-esr").is_some() {
        run(&["--test", "tests/engines/firefox.test.js"]);
    }
}

#[test]
fn an_evening_in_webkit() {
    if installed("WebKitWebDriver").is_some() && installed("Xvfb").is_some() {
        run(&["--test", "tests/engines/webkit.test.js"]);
    }
}
