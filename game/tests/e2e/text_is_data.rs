//! What a player types reaches others as text: never as colour, control, link or HTML.

use serde_json::json;

use crate::harness::{Game, PASSWORD, Telnet, Websocket};

/// Markup, links, HTML, escape sequences of seven and eight bits, controls, and what turns writing about.
const NASTY: &str = "|rred|n |#ff0000x |[bback |/anna says |lclook|ltclick|le <b>bold</b> <a href=x>y</a> &lt; \
                     \x1b[31mred \x1b]0;title\x07 \u{9b}32mgreen \u{9d}0;t\u{9c} \x08\x0e\x7f \u{202e}trap\u{202c} \
                     \u{2066}iso\u{2069} end";

/// What of it must come through as it was typed; of the link, the label.
const PLAIN: [&str; 6] =
    ["|rred|n |#ff0000x |[bback |/anna says", "click", "<b>bold</b>", "<a href=x>y</a>", "&lt;", "iso end"];

#[test]
fn what_is_said_posed_and_described_comes_through_as_plain_text() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let mut carl = game.browser();
    carl.register_and_log_in("carl");
    let mut bert = game.player("bert");
    carl.expect("bert has entered the game.");
    for line in ["say", "pose", "'", ":", "whisper anna =", "setdesc"].map(|word| format!("{word} {NASTY}")) {
        bert.send(&line);
        bert.rest();
        if line.starts_with("setdesc") {
            anna.send("look bert");
            carl.send("look bert");
        }
        hears_plain_text(&mut anna);
        if !line.starts_with("whisper") {
            sees_plain_html(&mut carl);
        }
    }
}

#[test]
fn what_a_browser_sends_comes_through_as_plain_text() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let mut carl = game.browser();
    carl.register_and_log_in("carl");
    let mut dora = game.browser();
    dora.register_and_log_in("dora");
    for word in ["say", "pose"] {
        carl.send(&format!("{word} {NASTY}"));
        hears_plain_text(&mut anna);
        sees_plain_html(&mut dora);
    }
    carl.send("say one\r\nsay two\nthree");
    anna.rest();
    carl.send_tuple(&json!(["echo", [NASTY], {"key": NASTY}]));
    sees_plain_html(&mut carl);
}

#[test]
fn what_comes_back_to_the_one_who_typed_it_is_plain_text() {
    let game = Game::started();
    let mut anna = game.player("anna");
    for line in [NASTY.to_owned(), format!("look {NASTY}"), format!("help {NASTY}"), format!("get {NASTY}")] {
        let before = anna.controls().len();
        let told = anna.ask(&line);
        assert!(told.contains("|rred"), "{told}");
        is_clean(&told);
        only_resets(&anna, before);
    }
    let mut browser = game.browser();
    browser.send(NASTY);
    sees_plain_html(&mut browser);
}

#[test]
fn no_name_holds_markup_or_controls() {
    let game = Game::started();
    let mut browser = game.browser();
    for name in ["|rred", "<b>bold</b>", "|lclook|ltwords", "xyz\u{9b}31m!", "bi\u{202e}di!"] {
        browser.send(&format!("create \"{name}\" {PASSWORD}"));
        let html = browser.expect("A name begins with a letter");
        assert!(!html.contains(name), "{html}");
    }
    // What is taken out of all input is not in the name.
    browser.send(&format!("create bi\u{202e}\x1b[31m\u{8}di {PASSWORD}"));
    browser.expect("You want to create an account 'bidi' with this password.");
    let done = game.meadow_with(&["superuser", "|rboss", "--password-stdin"], &[], &format!("{PASSWORD}\n"));
    assert!(done.code == 1 && !done.err.contains('\x1b'), "{done:?}");
    let done =
        game.meadow_with(&["superuser", "x\x1b[31m", "--password-stdin"], &[], &format!("{PASSWORD}\n"));
    assert!(done.code == 1 && !done.err.contains('\x1b'), "{done:?}");
}

#[test]
fn nobody_writes_lines_or_controls_of_their_own_into_the_log() {
    let game = Game::started_with(&["log.level=debug"]);
    let forged = "eve\n\x1b[2Jserver 2026-01-01T00:00:00Z ERROR forged";
    let mut browser = game.browser();
    browser.send_tuple(&json!(["login", [], {"name": forged, "password": "wrong-password"}]));
    browser.expect("incorrect");
    browser.send_tuple(&json!([forged, [], {}]));
    browser.send_tuple(&json!(["client_options", [], {"client": forged, "version": forged}]));
    browser.send_tuple(&json!(["get_value", [], {"name": forged}]));
    browser.send(&format!("connect \"{forged}\" wrong-password"));
    browser.expect("incorrect");
    let log = game.scene().tails();
    assert!(log.contains("failed login"), "{log}");
    assert!(!log.contains('\x1b') && !log.contains("\nserver 2026-01-01"), "{log}");
}

/// The next line of a telnet player is the nasty one, without its sting.
fn hears_plain_text(player: &mut Telnet) {
    let before = player.controls().len();
    let told = player.expect("|rred") + &player.line();
    for part in PLAIN {
        assert!(told.contains(part), "{part:?} is missing: {told}");
    }
    is_clean(&told);
    only_resets(player, before);
}

/// The next message of a browser that is the nasty one has lost its sting.
fn sees_plain_html(player: &mut Websocket) {
    let html = player.expect("|rred|n");
    let text = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    for part in PLAIN {
        assert!(text.contains(part), "{part:?} is missing: {html}");
    }
    is_clean(&html);
    for live in ["<b>", "<a", "href=x>y</a", "onclick", "mxplink", "class=\"color-009\"", "background"] {
        assert!(!html.contains(live), "{live}: {html}");
    }
}

fn is_clean(text: &str) {
    let bad = |c: &char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let found: Vec<char> = text.chars().filter(bad).collect();
    assert!(found.is_empty(), "{found:?} in {text:?}");
}

/// Nothing but the colours that the game itself sets and takes away.
fn only_resets(player: &Telnet, before: usize) {
    for control in &player.controls()[before..] {
        let colour = control.strip_prefix("\x1b[").and_then(|rest| rest.strip_suffix('m'));
        assert!(colour.is_some_and(|codes| matches!(codes, "0" | "1" | "36" | "37")), "{control:?}");
    }
}
