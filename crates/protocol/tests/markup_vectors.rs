//! Golden vectors of markup: what Evennia's own code makes of a text. Where a vector has a `standard`,
//! that is the bytes we hold to be right; otherwise `out`, Evennia's.

#![allow(clippy::unwrap_used, reason = "a test stops where a vector is not as it expects")]

use meadow_protocol::{Depth, markup};
use serde_json::Value;

const DEPTHS: [(&str, Depth); 4] = [
    ("strip", Depth::None),
    ("ansi16", Depth::Ansi16),
    ("xterm256", Depth::Xterm256),
    ("truecolor", Depth::Truecolor),
];

fn vectors(json: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(json).unwrap();
    let vectors = file["vectors"].as_array().unwrap().clone();
    assert!(!vectors.is_empty());
    vectors
}

fn unhex(hex: &Value) -> String {
    let hex = hex.as_str().unwrap();
    let bytes = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
    String::from_utf8(bytes.collect()).unwrap()
}

fn rendered(render: impl Fn(&mut String)) -> String {
    let mut out = String::from("before ");
    render(&mut out);
    out.strip_prefix("before ").expect("renderers append").to_owned()
}

fn ansi(source: &str, depth: Depth) -> String {
    rendered(|out| markup::to_ansi(source, depth, out))
}

fn mxp(source: &str) -> String {
    rendered(|out| markup::to_mxp(source, Depth::Truecolor, out))
}

fn html(source: &str, nocolor: bool) -> String {
    rendered(|out| markup::to_html(source, nocolor, out))
}

/// Collects what differs, so that one run shows everything.
#[derive(Default)]
struct Report {
    cases: usize,
    failed: Vec<String>,
}

impl Report {
    fn check(&mut self, case: &str, got: &str, expected: &str) {
        self.cases += 1;
        if got != expected {
            self.failed.push(format!("{case}\n       got {got:?}\n  expected {expected:?}"));
        }
    }

    fn finish(self) {
        assert!(
            self.failed.is_empty(),
            "{} of {}:\n{}",
            self.failed.len(),
            self.cases,
            self.failed.join("\n")
        );
    }
}

#[test]
fn ansi_markup() {
    let mut report = Report::default();
    for vector in vectors(include_str!("vectors/ansi_markup.json")) {
        let source = unhex(&vector["in"]);
        let expected = vector.get("standard").unwrap_or(&vector["out"]);
        for (name, depth) in DEPTHS {
            report.check(&format!("{source:?} {name}"), &ansi(&source, depth), &unhex(&expected[name]));
        }
    }
    report.finish();
}

/// This file has no `standard`s and begins dark fallback colours with `ESC[0m`; `ansi_markup` has them
/// for the same codes, with `ESC[22m`, because a reset would also end underline, blink and background.
#[test]
fn ansi_color_tables() {
    let mut report = Report::default();
    for vector in vectors(include_str!("vectors/ansi_color_tables.json")) {
        let source = vector["in"].as_str().unwrap();
        for (name, depth) in DEPTHS {
            let Some(expected) = vector["out"].get(name) else { continue };
            let expected = unhex(expected).replace("\x1b[0m", "\x1b[22m");
            report.check(&format!("{source} {name}"), &ansi(source, depth), &expected);
        }
    }
    report.finish();
}

/// `ansi_markup` calls it a bug that `{{` loses a brace, the escape of a markup long gone; `html` has
/// the same loss without saying so. There is one tokenizer, so there is one rule: both braces stay.
fn expected_html(source: &str, expected: &str) -> String {
    if source.contains("{{") { expected.replace('{', "{{") } else { expected.to_owned() }
}

#[test]
fn html_markup() {
    let mut report = Report::default();
    let mut free = 0;
    for vector in vectors(include_str!("vectors/html.json")) {
        let source = unhex(&vector["in"]);
        let case = format!("{source:?}");
        let out_nocolor = vector["out_nocolor"].as_str();
        match vector.get("standard") {
            Some(Value::Null) => {
                free += 1;
                check_free(&mut report, &case, &source, out_nocolor);
                continue;
            }
            Some(standard) => report.check(&case, &html(&source, false), standard.as_str().unwrap()),
            None => {
                let expected = expected_html(&source, vector["out"].as_str().unwrap());
                report.check(&case, &html(&source, false), &expected);
            }
        }
        // A `standard` is about the coloured text; without codes the other is the same.
        let standard_nocolor =
            vector.get("standard").and_then(Value::as_str).filter(|html| !html.contains("<span"));
        let nocolor = standard_nocolor.or(out_nocolor).unwrap();
        report.check(&format!("{case} nocolor"), &html(&source, true), &expected_html(&source, nocolor));
    }
    assert!(free > 0);
    report.finish();
}

/// A `standard` of null leaves the bytes to us: no control characters, no script but a handler whose
/// string nothing ends, and the text that is shown without colours.
fn check_free(report: &mut Report, case: &str, source: &str, out_nocolor: Option<&str>) {
    let out = html(source, false);
    assert!(!out.chars().any(char::is_control), "{case}: {out:?}");
    assert!(!out.to_ascii_lowercase().contains("javascript:"), "{case}: {out:?}");
    if out.contains("onclick") {
        let json =
            out.split("[&quot;").nth(1).and_then(|rest| rest.split("],{});return false;").next()).unwrap();
        let json = format!("\"{}", json.replace("&quot;", "\""));
        let command: String = serde_json::from_str(&json).unwrap();
        assert!(source.contains(&command), "{case}: {command}");
    } else if !source.contains("|l") {
        report.check(&format!("{case} nocolor"), &html(source, true), out_nocolor.unwrap());
    }
}

#[test]
fn mxp_links() {
    let mut report = Report::default();
    for vector in vectors(include_str!("vectors/mxp.json")) {
        let source = unhex(&vector["in"]);
        let case = format!("{source:?}");
        match vector.get("standard") {
            // The bytes are left to us: nothing but the command stands in the tag.
            Some(Value::Null) => {
                let out = mxp(&source);
                let href = out.split("HREF=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
                assert!(!href.is_empty() && !href.chars().any(char::is_control), "{case}: {out:?}");
            }
            Some(standard) => report.check(&case, &mxp(&source), &unhex(standard)),
            None => report.check(&case, &mxp(&source), &unhex(&vector["out"])),
        }
        // Input is compared as it is shown: what is left of links is escaped instead of kept, and what one
        // pass makes a new link is taken out instead of shown as one.
        let cleaned = markup::clean_input(&source).into_owned();
        let shown = markup::strip(&unhex(&vector["strip_mxp"]));
        let shown: String = shown.chars().filter(|char| !char.is_control()).collect();
        report.check(&format!("{case} as input"), &markup::strip(&cleaned), &shown);
        assert!(!mxp(&cleaned).contains("\x1b[4z"), "{case}: {cleaned:?}");
    }
    report.finish();
}

#[test]
fn mxp_incoming() {
    let mut report = Report::default();
    for vector in vectors(include_str!("vectors/mxp_incoming.json")) {
        let source = unhex(&vector["in"]);
        let cleaned = markup::clean_input(&source);
        match vector.get("standard") {
            Some(Value::Null) => {
                assert!(!cleaned.contains('\x1b') && !cleaned.contains("|l"), "{source:?}: {cleaned:?}");
                assert!(!mxp(&cleaned).contains("\x1b[4z"), "{source:?}: {cleaned:?}");
            }
            Some(standard) => report.check(&source, &cleaned, &unhex(standard)),
            None => report.check(&source, &cleaned, &unhex(&vector["out"])),
        }
    }
    report.finish();
}
