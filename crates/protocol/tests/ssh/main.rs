//! SSH terminals: what is typed, what the screen shows of it, and what never reaches it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod screen;

use meadow_link::{CommandTuple, Flag, Flags, Time, prompt, text};
use meadow_protocol::{
    Outbox, Protocol, Render,
    limits::MAX_CHAR_LIMIT_WARNING,
    ssh::{Pty, Terminal, TerminalClient, TerminalSettings},
};
use proptest::prelude::*;
use screen::ScreenModel;
use serde_json::Value;

const WIDTH: usize = 40;

/// A player at a terminal.
struct Player {
    terminal: Terminal,
    screen: ScreenModel,
    bytes: Vec<u8>,
    inputs: Vec<String>,
    out: Outbox,
    closed: Option<String>,
}

fn client(term: &str) -> TerminalClient {
    let pty = Pty { term: term.to_owned(), columns: WIDTH as u32, lines: 24 };
    TerminalClient { name: "OpenSSH_9.2p1".to_owned(), pty: Some(pty), command: None }
}

impl Player {
    fn new() -> Player {
        Player::of(client("xterm-256color"), TerminalSettings::default())
    }

    fn of(client: TerminalClient, settings: TerminalSettings) -> Player {
        let mut player = Player {
            terminal: Terminal::new(client, settings),
            screen: ScreenModel::new(WIDTH),
            bytes: Vec::new(),
            inputs: Vec::new(),
            out: Outbox::new(),
            closed: None,
        };
        player.terminal.connect(Time::from_micros(0), &mut player.out);
        assert!(player.out.take_ready());
        player.settle();
        player
    }

    fn settle(&mut self) {
        self.bytes.extend_from_slice(self.out.bytes());
        if self.terminal.flags().has(Flag::Ansi) {
            self.screen.feed(self.out.bytes());
        }
        self.out.clear_bytes();
        self.inputs.extend(self.out.take_inputs().into_iter().map(|tuple| match tuple.args.first() {
            Some(Value::String(line)) => line.clone(),
            other => format!("{other:?}"),
        }));
        self.closed = self.closed.take().or(self.out.take_close().map(|close| close.reason));
    }

    fn types(&mut self, bytes: impl AsRef<[u8]>) {
        self.terminal.receive(Time::from_micros(1), bytes.as_ref(), &mut self.out);
        self.settle();
    }

    fn hears(&mut self, tuple: impl Into<CommandTuple>) {
        let tuple = tuple.into();
        let shown = tuple.shown().into_owned();
        self.terminal.send(&tuple, &mut Render::new(&shown), &mut self.out);
        self.settle();
    }

    fn row(&self) -> String {
        self.screen.last_row()
    }
}

#[test]
fn a_line_is_shown_and_sent() {
    let mut player = Player::new();
    player.types("say h\u{e9}\u{65e5}");
    assert_eq!(player.row(), "say h\u{e9}\u{65e5}^");
    player.types("\r");
    assert_eq!(player.inputs, ["say h\u{e9}\u{65e5}"]);
    assert_eq!(player.screen.rows(), ["say h\u{e9}\u{65e5}", ""]);
    player.types("\r\n");
    assert_eq!(player.inputs.len(), 2, "an empty line is a line");
}

#[test]
fn what_others_say_does_not_disturb_what_is_being_typed() {
    let mut player = Player::new();
    player.hears("A |rrose|n.");
    player.types("get ros\x1b[D\x1b[D");
    player.hears("Anna says,\n\"Hello.\"");
    player.hears("A bee.");
    assert_eq!(
        player.screen.rows(),
        ["A rose.", "Anna says,", "\"Hello.\"", "A bee.", "get ros"],
        "{:?}",
        String::from_utf8_lossy(&player.bytes)
    );
    assert_eq!(player.row(), "get r^os");
    player.types("\x05e\r");
    assert_eq!(player.inputs, ["get rose"]);
}

#[test]
fn text_that_nobody_types_under_is_sent_as_it_is() {
    let mut player = Player::new();
    player.hears("one\ntwo");
    assert_eq!(player.bytes, b"one\r\ntwo\x1b[0m\r\n");
}

#[test]
fn a_prompt_stands_before_the_line_until_it_is_answered() {
    let mut player = Player::new();
    player.hears(prompt("Level 3\n|gHP 11|n> "));
    player.types("lo");
    player.hears("A bee.");
    assert_eq!(player.screen.rows(), ["Level 3", "A bee.", "HP 11> lo"]);
    player.hears(prompt("HP 10> "));
    assert_eq!(player.row(), "HP 10> lo^");
    player.types("ok\r");
    player.hears("You see nothing.");
    assert_eq!(player.screen.rows(), ["Level 3", "A bee.", "HP 10> look", "You see nothing.", ""]);
    player.hears(text("Name: ").with_option("send_prompt", true));
    assert_eq!(player.row(), "Name: ^");
}

#[test]
fn a_prompt_that_leaves_no_room_gets_a_row_of_its_own() {
    let mut player = Player::new();
    let long = "p".repeat(WIDTH - 9);
    player.hears(prompt(long.clone()));
    player.types("x");
    assert_eq!(player.screen.rows(), [long.as_str(), "x"]);
    let fits = "p".repeat(WIDTH - 10);
    player.hears(prompt(fits.clone()));
    assert_eq!(player.row(), format!("{fits}x^"));
}

#[test]
fn a_long_line_moves_sideways_and_is_shown_in_full_when_it_is_done() {
    let mut player = Player::new();
    let line: String = ('a'..='z').chain('A'..='Z').collect();
    player.types(&line);
    assert_eq!(player.screen.rows().len(), 1, "it never wraps while it is typed");
    assert_eq!(player.row(), format!("{}^", &line[52 - 39..]));
    player.types("\x01");
    assert_eq!(player.row(), format!("^{}", &line[..39]));
    player.types("\x05\x1b[D");
    assert_eq!(player.row(), format!("{}^Z", &line[52 - 39..51]));
    player.types("\r");
    assert_eq!(player.screen.rows(), [&line[..WIDTH], &line[WIDTH..], ""]);
    assert_eq!(player.inputs, [line]);
}

#[test]
fn passwords_are_never_shown_nor_remembered() {
    let mut player = Player::new();
    player.types("connect \"Anna Lee\" s3cret\x1b[Dx");
    assert_eq!(player.row(), "connect \"Anna Lee\" ******^*");
    player.hears("Welcome");
    player.types("\r");
    assert_eq!(player.inputs, ["connect \"Anna Lee\" s3crext"]);
    player.terminal.at_login(&mut player.out);

    player.hears(text("Password:").with_option("echo", false));
    player.types("hunter2\x17\x19\r");
    player.hears(text("Thanks.").with_option("echo", true));
    player.types("\x19\x1b[Ax\r");
    assert_eq!(player.inputs[1..], ["hunter2", "x"], "neither history nor yank has it");
    let seen = String::from_utf8_lossy(&player.bytes);
    for secret in ["s3c", "hunter"] {
        assert!(!seen.contains(secret), "{seen:?}");
    }
}

#[test]
fn control_keys() {
    let mut player = Player::new();
    player.hears(prompt("> "));
    player.types("lookk\x03");
    assert_eq!(player.screen.rows(), ["> lookk^C", ">"]);
    player.types("inventory\x0c");
    assert_eq!(player.row(), "> inventory^");
    player.types("\x15look\x04");
    assert_eq!((player.screen.bells, player.closed.clone()), (1, None), "nothing to delete, and no end");
    player.types("\r\x1b[A\x1b[A\r");
    assert_eq!(player.inputs, ["look", "look"]);
    player.types("\x04say too late\r");
    assert!(player.out.take_mark());
    assert_eq!(
        (player.inputs.len(), player.closed.clone()),
        (2, None),
        "what was typed before is still done"
    );
    player.terminal.at_mark(&mut player.out);
    player.settle();
    assert_eq!(player.closed.as_deref(), Some("the player left (Ctrl-D)"));
}

#[test]
fn somebody_who_leaves_does_not_wait_for_ever() {
    let mut player = Player::new();
    player.types("\x04");
    let deadline = player.terminal.deadline().unwrap();
    player.terminal.timeout(deadline, &mut player.out);
    player.settle();
    assert!(player.closed.is_some() && player.terminal.deadline().is_none());
}

#[test]
fn nothing_that_is_typed_reaches_others_as_control() {
    let mut player = Player::new();
    player.types("say \x1b]0;x\x07a\u{202e}b|lclook|ltx|le\u{85}\x1b[31m\x1bc\r");
    assert_eq!(player.inputs, ["say abxc"]);
}

#[test]
fn a_line_at_its_limit_and_past_it() {
    let settings = TerminalSettings { line_limit: 20, ..TerminalSettings::default() };
    let mut player = Player::of(client("xterm"), settings);
    player.types("x".repeat(20) + "\r");
    assert_eq!(player.inputs, ["x".repeat(20)]);
    player.types("y".repeat(25));
    assert_eq!(player.screen.bells, 1);
    player.types("\r");
    assert_eq!(player.inputs.len(), 1, "a part of a line is no command");
    assert!(player.screen.rows().concat().contains(&MAX_CHAR_LIMIT_WARNING[..WIDTH - 1]));
    player.types("\u{e9}".repeat(20) + "\r");
    assert_eq!(player.inputs[1], "\u{e9}".repeat(20), "characters, not bytes");
}

#[test]
fn the_window_and_the_terminal_are_known() {
    let mut player = Player::new();
    let flags = player.terminal.flags();
    assert_eq!((flags.screenwidth, flags.screenheight, &*flags.term), (40, 24, "xterm-256color"));
    assert_eq!(&*flags.clientname, "OPENSSH_9.2P1");
    assert!(flags.has(Flag::Truecolor) && flags.has(Flag::Xterm256) && flags.has(Flag::Ssl));
    player.types("look");
    player.terminal.resize(0, 50, &mut player.out);
    assert!(player.out.take_flags_changed());
    assert_eq!((player.terminal.flags().screenwidth, player.terminal.flags().screenheight), (40, 50));
    player.terminal.resize(0, 0, &mut player.out);
    assert!(!player.out.take_flags_changed(), "the same as before");
    player.terminal.resize(u32::MAX, 1, &mut player.out);
    let flags = player.terminal.flags();
    assert_eq!((flags.screenwidth, flags.screenheight), (*Flags::WIDTHS.end(), *Flags::HEIGHTS.start()));

    let strange = TerminalClient {
        name: "\x1b[31mx".repeat(100),
        pty: Some(Pty { term: "\x1b]0;evil\x07".to_owned(), ..Pty::default() }),
        command: None,
    };
    let terminal = Terminal::new(strange, TerminalSettings::default());
    assert_eq!(&*terminal.flags().term, "]0;evil");
    assert_eq!((terminal.flags().clientname.len(), terminal.flags().screenwidth), (64, 78));
}

#[test]
fn a_dumb_terminal_gets_no_control_sequences() {
    let mut player = Player::of(client("dumb"), TerminalSettings::default());
    player.hears("|rred|n");
    player.types("loook\x1b[D\x7f");
    player.hears("A bee.");
    player.types("\r");
    assert!(!player.bytes.contains(&0x1b));
    player.screen.feed(&player.bytes);
    assert_eq!(player.screen.rows(), ["red", "A bee.", "look", ""]);
}

#[test]
fn a_program_gets_plain_text_and_no_echo() {
    let mut player = Player::of(TerminalClient::default(), TerminalSettings::default());
    player.types("look\ninventory\r\nx\x03\x04");
    player.hears("A |rrose|n.\nA bee.");
    player.hears(prompt("> "));
    assert_eq!(player.inputs, ["look", "inventory"]);
    assert_eq!(String::from_utf8_lossy(&player.bytes), "A rose.\nA bee.\n> \n");
}

#[test]
fn one_command_is_done_and_nothing_else_is_heard() {
    let command = TerminalClient { command: Some("look".to_owned()), ..TerminalClient::default() };
    let mut player = Player::of(command, TerminalSettings::default());
    assert_eq!(player.inputs, ["Some(Null)"], "an input that does nothing");
    assert!(player.out.take_mark());
    player.hears("You are now logged in.");
    player.terminal.at_mark(&mut player.out);
    player.settle();
    assert!(player.out.take_mark());
    assert_eq!(player.inputs[1..], ["look"]);
    player.hears("A meadow.");
    assert_eq!(player.closed, None);
    player.terminal.at_mark(&mut player.out);
    player.settle();
    assert_eq!(player.closed.as_deref(), Some("its command is done"));
    assert_eq!(player.bytes, b"A meadow.\n");
}

#[test]
fn the_end_is_told_below_what_was_being_typed() {
    let mut player = Player::new();
    player.types("loo");
    player.terminal.disconnect("Good bye!", &mut player.out);
    player.settle();
    assert_eq!(player.screen.rows(), ["Good bye!", ""]);
    assert!(player.closed.is_some());
}

/// Everything that a player may press, and noise.
fn pressed() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "a",
        "b ",
        "\u{65e5}",
        "\u{e9}",
        "connect a ",
        "\r",
        "\r\n",
        "\n",
        "\x01",
        "\x02",
        "\x03",
        "\x05",
        "\x06",
        "\x08",
        "\x7f",
        "\x0b",
        "\x0c",
        "\x15",
        "\x17",
        "\x19",
        "\x1b[A",
        "\x1b[B",
        "\x1b[C",
        "\x1b[D",
        "\x1b[1;5D",
        "\x1b[3~",
        "\x1bOH",
        "\x1bd",
        "\t",
        "0123456789 0123456789 0123456789",
    ])
    .prop_map(|key| key.as_bytes().to_vec());
    let noise = prop::collection::vec(any::<u8>().prop_filter("no end", |byte| *byte != 4), 0..4);
    prop::collection::vec(prop_oneof![9 => known, 1 => noise], 0..60).prop_map(|keys| keys.concat())
}

proptest! {
    #[test]
    fn any_split_is_the_same(bytes in pressed()) {
        let mut whole = Player::new();
        whole.types(&bytes);
        for cut in 0..=bytes.len() {
            let mut parts = Player::new();
            parts.types(&bytes[..cut]);
            parts.types(&bytes[cut..]);
            prop_assert_eq!(&parts.inputs, &whole.inputs);
            prop_assert_eq!(&parts.bytes, &whole.bytes);
        }
    }

    /// What was drawn step by step is what is drawn at once; and no row but the last is ever touched.
    #[test]
    fn the_screen_shows_the_line(bytes in pressed()) {
        let mut player = Player::new();
        player.hears(prompt("> "));
        player.types(&bytes);
        let before = player.row();
        let above = player.screen.rows().len();
        player.types("\x0c");
        prop_assert_eq!(player.row(), before);
        player.hears("A bee.");
        let rows = player.screen.rows();
        prop_assert_eq!(rows.len(), above + 1);
        prop_assert_eq!(&rows[above - 1], "A bee.");
    }
}
