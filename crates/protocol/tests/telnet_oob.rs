//! Clients that speak GMCP, MSDP or both over telnet, as they behave.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of these tests for code of the program")]

use meadow_link::{CommandTuple, Flag, Kwargs, Time, oob, text, tuple};
use meadow_protocol::{
    Outbox, Protocol, Render,
    limits::MAX_CHAR_LIMIT_WARNING,
    oob::{OobSettings, Preference, TextCommands, gmcp::Names},
    telnet::{Telnet, TelnetSettings},
};
use proptest::prelude::*;

const START: Time = Time::from_micros(1_000_000_000);
const DO_GMCP: &[u8] = b"\xff\xfd\xc9";
const DONT_GMCP: &[u8] = b"\xff\xfe\xc9";
const DO_MSDP: &[u8] = b"\xff\xfd\x45";
const DONT_MSDP: &[u8] = b"\xff\xfe\x45";

struct Story {
    telnet: Telnet,
    out: Outbox,
}

impl Story {
    fn new(oob: OobSettings) -> Story {
        let settings = TelnetSettings { oob, ..TelnetSettings::default() };
        let mut story = Story { telnet: Telnet::new(settings), out: Outbox::new() };
        story.telnet.connect(START, &mut story.out);
        story.answer();
        story
    }

    fn with(agreed: &[&[u8]]) -> Story {
        let mut story = Story::new(OobSettings::default());
        for agreed in agreed {
            assert_eq!(story.hears(agreed), b"");
        }
        story
    }

    fn answer(&mut self) -> Vec<u8> {
        let bytes = self.out.bytes().to_vec();
        self.out.clear_bytes();
        bytes
    }

    fn hears(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.telnet.receive(START, bytes, &mut self.out);
        self.answer()
    }

    fn says(&mut self, tuple: impl Into<CommandTuple>) -> Vec<u8> {
        self.telnet.send(&tuple.into(), &mut Render::new(""), &mut self.out);
        self.answer()
    }

    fn inputs(&mut self) -> Vec<CommandTuple> {
        self.out.take_inputs()
    }
}

fn gmcp(message: &str) -> Vec<u8> {
    [b"\xff\xfa\xc9", message.as_bytes(), b"\xff\xf0"].concat()
}

fn msdp(message: &str) -> Vec<u8> {
    [b"\xff\xfa\x45", message.as_bytes(), b"\xff\xf0"].concat()
}

fn vitals() -> CommandTuple {
    oob::char_vitals(&serde_json::json!({ "hp": 11 }))
}

#[test]
fn both_are_offered_after_the_prompt_marks_and_before_compression() {
    let (mut telnet, mut out) = (Telnet::new(TelnetSettings::default()), Outbox::new());
    telnet.connect(START, &mut out);
    let at = |offer: &[u8]| out.bytes().windows(3).position(|seen| seen == offer).unwrap();
    assert!(at(b"\xff\xfb\x19") < at(b"\xff\xfb\xc9") && at(b"\xff\xfb\xc9") < at(b"\xff\xfb\x45"));
    assert!(at(b"\xff\xfb\x45") < at(b"\xff\xfb\x56"));
}

#[test]
fn mudlet() {
    let mut story = Story::new(OobSettings::default());
    let supports = "Core.Supports.Set [ \"Char 1\", \"Char.Skills 1\", \"Char.Items 1\", \"Room 1\", \"IRE.Rift 1\", \
                    \"IRE.Composer 1\", \"External.Discord 1\", \"Client.Media 1\", \"Char.Login 1\"]";
    let greeting =
        [DO_GMCP, &gmcp("Core.Hello { \"client\": \"Mudlet\", \"version\": \"4.17.2\" }"), &gmcp(supports)];
    let answer = story.hears(&greeting.concat());
    assert_eq!(answer, gmcp("Char.Login.Default {\"type\": [\"password-credentials\"]}"));
    assert!(story.out.take_flags_changed() && story.telnet.flags().has(Flag::Oob));
    assert_eq!(&*story.telnet.flags().clientname, "MUDLET 4.17.2");
    assert_eq!(story.inputs(), []);

    assert_eq!(story.hears(&gmcp("External.Discord.Hello {\"private\": true}")), b"");
    assert_eq!(story.inputs(), [tuple("external_discord_hello").kw("private", true)]);
    let credentials = gmcp("Char.Login.Credentials {\"account\": \"Ann\", \"password\": \"secret\"}");
    assert_eq!(story.hears(&credentials), b"");
    assert_eq!(story.inputs(), [tuple("login").kw("name", "Ann").kw("password", "secret")]);
    let wrong = oob::CharLoginResult { success: false, message: Some("No.".into()) };
    assert_eq!(story.says(wrong), gmcp("Char.Login.Result {\"success\": false, \"message\": \"No.\"}"));
    story.hears(&credentials);
    story.telnet.at_login(&mut story.out);
    assert_eq!(story.answer(), gmcp("Char.Login.Result {\"success\": true}"));

    assert_eq!(story.says(vitals()), gmcp("Char.Vitals {\"hp\": 11}"));
    assert_eq!(story.says(tuple("logged_in")), b"", "not supported");
    assert_eq!(story.hears(&gmcp("Core.Ping 35")), gmcp("Core.Ping"));
    story.telnet.disconnect("|rBye.|n", &mut story.out);
    let last = story.answer();
    assert!(last.starts_with(&gmcp("Core.Goodbye \"Bye.\"")) && last.ends_with(b"\r\n"), "{last:?}");
}

#[test]
fn what_is_not_agreed_is_not_sent() {
    let mut story = Story::new(OobSettings::default());
    assert_eq!(story.says(vitals()), b"");
    assert!(!story.telnet.flags().has(Flag::Oob));
    story.telnet.disconnect("", &mut story.out);
    assert_eq!(story.answer(), b"", "no Core.Goodbye");

    assert_eq!(story.hears(DONT_GMCP), b"");
    assert_eq!(story.hears(&gmcp("Core.Ping")), b"", "refused, and so not heard");
    assert_eq!(story.hears(DONT_MSDP), b"");
    assert_eq!(story.hears(&msdp("\x01LIST\x02COMMANDS")), b"");
    assert_eq!(story.inputs(), []);
}

#[test]
fn a_client_that_stops_gets_nothing_and_begins_anew() {
    let mut story = Story::with(&[DO_GMCP]);
    story.hears(&gmcp("Core.Supports.Set []"));
    assert_eq!(story.says(vitals()), b"");
    assert_eq!(story.hears(DONT_GMCP), b"\xff\xfc\xc9");
    assert!(!story.telnet.flags().has(Flag::Oob) && story.out.take_flags_changed());
    assert_eq!(story.hears(DO_GMCP), b"\xff\xfb\xc9");
    assert_eq!(story.says(vitals()), gmcp("Char.Vitals {\"hp\": 11}"), "it said nothing of what it supports");
}

#[test]
fn a_game_that_switches_the_flag_off_sends_nothing() {
    let mut story = Story::with(&[DO_GMCP]);
    let mut flags = story.telnet.flags().clone();
    flags.set(Flag::Oob, false);
    story.telnet.set_flags(flags);
    assert_eq!(story.says(vitals()), b"");
}

#[test]
fn who_speaks_both_hears_one() {
    for (preference, first, then) in [
        (Preference::Gmcp, gmcp("Char.Vitals {\"hp\": 11}"), gmcp("Char.Vitals {\"hp\": 11}")),
        (
            Preference::Msdp,
            msdp("\x01char_vitals\x02\x03\x01hp\x0211\x04"),
            msdp("\x01char_vitals\x02\x03\x01hp\x0211\x04"),
        ),
        (
            Preference::Recent,
            gmcp("Char.Vitals {\"hp\": 11}"),
            msdp("\x01char_vitals\x02\x03\x01hp\x0211\x04"),
        ),
    ] {
        let mut story = Story::new(OobSettings { preference, ..OobSettings::default() });
        story.hears(&[DO_MSDP, DO_GMCP].concat());
        assert_eq!(story.says(vitals()), first, "{preference:?}");
        story.hears(&msdp("\x01REPORT\x02HEALTH"));
        assert_eq!(story.says(vitals()), then, "{preference:?}");
        assert_eq!(story.hears(DONT_GMCP), b"\xff\xfc\xc9");
        assert!(story.telnet.flags().has(Flag::Oob), "MSDP is left");
        assert_eq!(story.says(vitals()), msdp("\x01char_vitals\x02\x03\x01hp\x0211\x04"), "{preference:?}");
    }
}

#[test]
fn variables_go_back_the_way_they_were_asked_for() {
    let mut story = Story::with(&[DO_MSDP, DO_GMCP]);
    let health = oob::msdp(Kwargs::from_iter([("HEALTH".to_owned(), 100.into())]));
    story.hears(&msdp("\x01REPORT\x02HEALTH"));
    assert_eq!(story.inputs(), [tuple("msdp_report").arg("HEALTH")]);
    assert_eq!(story.says(health.clone()), msdp("\x01HEALTH\x02100"));
    story.hears(&gmcp("MSDP {\"REPORT\": [\"HEALTH\", \"MANA\"]}"));
    assert_eq!(story.inputs(), [tuple("msdp_report").arg("HEALTH").arg("MANA")]);
    assert_eq!(story.says(health), gmcp("MSDP {\"HEALTH\": 100}"));
}

#[test]
fn tintin_with_msdp_only() {
    let mut story = Story::with(&[DO_MSDP]);
    assert!(story.telnet.flags().has(Flag::Oob));
    let asked = "\x01CLIENT_NAME\x02TinTin++\x01CLIENT_VERSION\x022.02\x01XTERM_256_COLORS\x021\x01PLUGIN_ID\x027\
                 \x01LIST\x02COMMANDS";
    assert_eq!(story.hears(&msdp(asked)), b"");
    assert_eq!(story.inputs(), [tuple("PLUGIN_ID").arg("7"), tuple("msdp_list").arg("COMMANDS")]);
    assert_eq!(&*story.telnet.flags().clientname, "TINTIN++ 2.02");
    assert!(story.telnet.flags().has(Flag::Xterm256) && story.out.take_flags_changed());
    let room =
        oob::RoomInfo { num: 6008.into(), name: "Clearing\x01\x02".into(), ..oob::RoomInfo::default() };
    assert_eq!(
        story.says(room),
        msdp("\x01room_info\x02\x03\x01num\x026008\x01name\x02Clearing\x01exits\x02\x03\x04\x04")
    );
}

#[test]
fn a_line_is_a_line_however_it_comes() {
    for (way, agreed) in
        [(gmcp("Text \"  look\x7f |x\""), DO_GMCP), (msdp("\x01 TEXT \x02  look\x1b |x"), DO_MSDP)]
    {
        let mut story = Story::with(&[agreed]);
        assert_eq!(story.hears(&way), b"");
        assert!(story.out.take_ready(), "who types has seen the login screen");
        assert_eq!(story.inputs(), [text("  look |x")]);
    }
    let mut story = Story::with(&[DO_GMCP, DO_MSDP]);
    for (length, heard) in [(6000, 1), (6001, 0)] {
        let line = "x".repeat(length);
        for way in [gmcp(&format!("core.text {line}")), msdp(&format!("\x01text\x02{line}"))] {
            let answer = story.hears(&way);
            assert_eq!(story.inputs().len(), heard);
            assert_eq!(answer.starts_with(MAX_CHAR_LIMIT_WARNING.as_bytes()), heard == 0);
        }
    }
    let quiet = OobSettings { text_commands: TextCommands::Ignored, ..OobSettings::default() };
    let mut story = Story::new(quiet);
    assert_eq!(story.hears(&[DO_GMCP, &gmcp("Text look")].concat()), b"");
    assert_eq!(story.inputs(), []);
}

#[test]
fn a_game_has_names_of_its_own() {
    let names = Names::default().alias("weather", "MyMUD.Weather");
    let mut story = Story::new(OobSettings { names, ..OobSettings::default() });
    story.hears(DO_GMCP);
    assert_eq!(story.says(tuple("weather").arg("rain")), gmcp("MyMUD.Weather \"rain\""));
    story.hears(&gmcp("mymud.weather"));
    assert_eq!(story.inputs(), [tuple("weather")]);
}

#[test]
fn names_that_break_evennia_are_names() {
    let mut story = Story::with(&[DO_GMCP, DO_MSDP]);
    for name in ["session", "self", "command", "sessid", "options", "kwargs", "__class__"] {
        story.hears(&gmcp(&format!("{name} 1")));
        story.hears(&msdp(&format!("\x01{name}\x021")));
        assert_eq!(story.inputs(), [tuple(name).arg(1), tuple(name).arg("1")]);
    }
    assert_eq!(story.hears(b"look\r\n"), b"");
    assert_eq!(story.inputs(), [text("look")]);
}

proptest! {
    #[test]
    fn any_message_cut_anywhere_is_the_same(
        option in prop_oneof![Just(201u8), Just(69u8)],
        payload in prop::collection::vec(prop_oneof![0u8..7, b'a'..b'f', Just(b'"'), Just(b'{'), any::<u8>()], 0..60),
        cut in 0usize..70,
    ) {
        let payload: Vec<u8> = payload.iter().flat_map(|byte| if *byte == 255 { vec![255; 2] } else { vec![*byte] }).collect();
        let message = [&[255, 250, option], &payload[..], &[255, 240], b"look\r\n"].concat();
        let cut = cut.min(message.len());
        let (mut whole, mut pieces) = (Story::with(&[DO_GMCP, DO_MSDP]), Story::with(&[DO_GMCP, DO_MSDP]));
        let answer = whole.hears(&message);
        let answers = [pieces.hears(&message[..cut]), pieces.hears(&message[cut..])].concat();
        prop_assert_eq!(answer, answers);
        let inputs = whole.inputs();
        prop_assert_eq!(inputs.last(), Some(&text("look")));
        prop_assert_eq!(inputs, pieces.inputs());
        prop_assert_eq!(whole.telnet.flags(), pieces.telnet.flags());
    }
}
