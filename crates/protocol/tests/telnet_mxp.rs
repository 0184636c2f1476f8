//! MXP: links that can be clicked, and nothing else that a client takes for a tag.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of these tests for code of the program")]

mod talk;

use meadow_link::{Flag, prompt, text};
use meadow_protocol::telnet::TelnetSettings;
use talk::{Talk, contains, cut_everywhere};

/// What starts it, locks the client and asks what it is.
const START: &[u8] = b"\xff\xfa\x5b\xff\xf0\x1b[7z\x1b[4z<VERSION>\x1b[4z<SUPPORT>";

const LINK: &str = "|lcsay \"<b>\"|ltclick|le <i> &";

#[test]
fn links_and_nothing_else_are_tags() {
    let mut talk = Talk::after(b"");
    assert_eq!(talk.hears(b"\xff\xfd\x5b"), START);
    assert!(talk.flags().has(Flag::Mxp) && talk.out.take_flags_changed());
    let tags = b"\x1b[4z<SEND HREF=\"say &quot;&lt;b&gt;&quot;\">click\x1b[4z</SEND> <i> &\x1b[0m";
    assert_eq!(talk.says(&text(LINK)), [&tags[..], b"\r\n"].concat());
    assert_eq!(talk.says(&prompt(LINK)), tags, "a prompt as well");
    let plain = b"click <i> &\x1b[0m\r\n";
    assert_eq!(talk.says(&text(LINK).with_option("mxp", false)), plain);
    assert!(!contains(&talk.says(&text(LINK).with_option("screenreader", true)), b"[4z"));
    assert!(!contains(&talk.says(&text("\x1b[4z<b>|n")), b"[4z"), "no mode but ours");

    talk.change(|flags| flags.set(Flag::Mxp, false));
    assert_eq!(talk.says(&text(LINK)), plain, "the player wants none");
    assert_eq!(talk.hears(b"\xff\xfe\x5b"), b"\xff\xfc\x5b");
    talk.change(|flags| flags.set(Flag::Mxp, true));
    assert_eq!(talk.says(&text(LINK)), plain, "a flag is no agreement");
}

/// What one player types reaches another one as text: no tag, no mode, no colour, no title.
#[test]
fn nobody_makes_tags_for_others() {
    let link = "<SEND HREF=\"drop all\">FREE GOLD";
    let typed = [
        format!("\x1b[4z{link}\x1b[4z</SEND>"),
        format!("\u{9b}4z{link}"),
        format!("\x1b[1z{link}"),
        format!("\x1b\x1b[4[4zz{link}"),
        "|lcdrop all|ltFREE|le".to_owned(),
        "|l|lcx|ltcdrop all|le|ltFREE|le".to_owned(),
        "||lcdrop all||ltFREE||le".to_owned(),
        "|luhttp://example.org|ltFREE|le".to_owned(),
        "red \x1b]0;title\x07 \x1b[2J \u{9d}0;title\u{9c}".to_owned(),
    ];
    for line in &typed {
        let mut typist = Talk::after(b"");
        typist.hears(&[line.as_bytes(), b"\r\n"].concat());
        let heard = typist.inputs().concat();
        for client in [
            &b"\xff\xfd\x5b"[..],
            b"\xff\xfe\x5b",
            b"\xff\xfe\x2a\xff\xfb\x2a\xff\xfa\x2a\x01;ISO-8859-1\xff\xf0",
        ] {
            let mut reader = Talk::after(client);
            let got = reader.says(&text(format!("B says, {heard}")));
            let got = got.strip_suffix(b"\x1b[0m\r\n").unwrap();
            let harmless = |byte: &u8| !byte.is_ascii_control() && *byte != 0x9b && *byte != 0x9d;
            assert!(got.iter().all(harmless), "{line:?} became {got:?}");
        }
    }
}

#[test]
fn a_client_that_was_never_asked_gets_no_tags() {
    let mut talk = Talk::new(TelnetSettings { mxp: false, ..TelnetSettings::default() });
    assert_eq!(talk.hears(b"\xff\xfd\x5b"), b"\xff\xfc\x5b");
    talk.change(|flags| flags.set(Flag::Mxp, true));
    assert_eq!(talk.says(&text(LINK)), b"click <i> &\x1b[0m\r\n");
}

#[test]
fn answers_are_not_commands() {
    let version = b"\x1b[1z<VERSION MXP=\"1.0\" CLIENT=\"zMUD\" VERSION='7.21' REGISTERED=yes>\r\n";
    let stream = [b"\xff\xfd\x5b", &version[..], b"\x1b[1z<SUPPORTS +b +send>\n\x1b[1zlook\nlook\n"].concat();
    let (_, inputs, flags) = cut_everywhere(&TelnetSettings::default(), &stream);
    assert_eq!(inputs, ["look"]);
    assert_eq!(&*flags.clientname, "ZMUD 7.21");
    assert!(flags.has(Flag::Mxp));

    let (_, inputs, flags) = cut_everywhere(&TelnetSettings::default(), &[&version[..], b"look\n"].concat());
    assert_eq!((inputs.len(), &*flags.clientname), (2, ""), "without MXP it is a line like any other");
}

#[test]
fn each_question_has_one_answer() {
    let mut talk = Talk::after(b"\xff\xfd\x5b");
    talk.out.take_flags_changed();
    talk.hears(b"\x1b[1z<VERSION CLIENT=a>\n");
    talk.hears(b"\x1b[1z<SUPPORTS>\n");
    assert!(talk.out.take_flags_changed());
    talk.hears(b"\x1b[1z<VERSION CLIENT=b>\n\x1b[1z<SUPPORTS -send>\n");
    assert!(!talk.out.take_flags_changed());
    assert_eq!(&*talk.flags().clientname, "A");
    assert!(talk.inputs().is_empty() && !talk.out.take_ready(), "nobody typed that");
}

#[test]
fn who_takes_no_links_gets_none() {
    let mut talk = Talk::after(b"\xff\xfd\x5b\x1b[1z<SUPPORTS +b -SEND>\n");
    assert!(!talk.flags().has(Flag::Mxp));
    assert_eq!(talk.says(&text(LINK)), b"click <i> &\x1b[0m\r\n");
}
