//! The options by which [`Telnet`] and its client tell each other more: recorded conversations of clients,
//! whole and cut at every byte, and each option at its limits.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of these tests for code of the program")]

mod talk;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use meadow_link::{Flag, Flags};
use meadow_protocol::{
    Outbox, Protocol,
    telnet::{
        CHARSET_REQUEST_LIMIT, MSSP_REPLY_LIMIT, MsspSource, TIMING_MARK_LIMIT, TIMING_MARK_WAIT, Telnet,
        TelnetSettings,
    },
};
use talk::{START, Talk, contains, cut_everywhere};

const CHARSET_REQUEST: &[u8] = b"\xff\xfa\x2a\x01;UTF-8;ISO-8859-1;US-ASCII\xff\xf0";
const MXP_START: &[u8] = b"\xff\xfa\x5b\xff\xf0\x1b[7z\x1b[4z<VERSION>\x1b[4z<SUPPORT>";

/// A game whose players come and go.
#[derive(Debug, Default)]
struct Game {
    players: AtomicU32,
}

impl MsspSource for Game {
    fn table(&self) -> Vec<(String, Vec<String>)> {
        let players = self.players.load(Ordering::Relaxed).to_string();
        let row = |name: &str, values: &[&str]| {
            (name.to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
        };
        vec![
            row("NAME", &["A\x01 Mead\u{f6}w\x02"]),
            row("PLAYERS", &[&players]),
            row("PORT", &["4001", "4000"]),
            row("UNKNOWN", &[]),
        ]
    }
}

fn with_mssp() -> (TelnetSettings, Arc<Game>) {
    let game = Arc::new(Game::default());
    (TelnetSettings { mssp: Some(game.clone()), ..TelnetSettings::default() }, game)
}

#[test]
fn the_greeting() {
    let (mut telnet, mut out) = (Telnet::new(with_mssp().0), Outbox::new());
    telnet.connect(START, &mut out);
    let greeting = [
        &b"\xff\xfd\x18\xff\xfd\x1f\xff\xfd\x27"[..], // DO TTYPE, NAWS, NEW-ENVIRON
        b"\xff\xfb\x2a\xff\xfb\x03\xff\xfb\x19\xff\xfb\x46", // WILL CHARSET, SGA, EOR, MSSP
        b"\xff\xfb\xc9\xff\xfb\x45\xff\xfb\x5b\xff\xfb\x56\xff\xfb\x57", // GMCP, MSDP, MXP, MCCP2, MCCP3
    ];
    assert_eq!(out.bytes(), greeting.concat());
}

#[test]
fn mudlet_without_mnes() {
    let stream = [
        &b"\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x64\x00\x28\xff\xf0\xff\xfb\x27\xff\xfd\x2a\xff\xfe\x03"[..],
        b"\xff\xfd\x19\xff\xfd\x46\xff\xfd\x5b\xff\xfe\x57",
        b"\xff\xfa\x18\x00MUDLET\xff\xf0",
        // It has no variables of the well-known kind, and all of the user's.
        b"\xff\xfa\x27\x00\x00CLIENT_NAME\x00CLIENT_VERSION\x00TERMINAL_TYPE\x00MTTS\x00CHARSET\x00IPADDRESS\xff\xf0",
        b"\xff\xfa\x2a\x02UTF-8\xff\xf0",
        b"\x1b[1z<VERSION MXP=1.0 CLIENT=Mudlet VERSION=4.17.2>\n",
        b"\xff\xfa\x18\x00ANSI-TRUECOLOR\xff\xf0\xff\xfa\x18\x00MTTS 2349\xff\xf0",
        b"\xff\xfa\x27\x00\x03CLIENT_NAME\x01MUDLET\x03CLIENT_VERSION\x014.17.2\x03TERMINAL_TYPE\x01ANSI-TRUECOLOR",
        b"\x03MTTS\x012349\x03CHARSET\x01UTF-8\x03IPADDRESS\xff\xf0",
        b"\x1b[1z<SUPPORTS +send +send.href +a>\n",
        "say \u{e9}\r\n".as_bytes(),
    ]
    .concat();
    let (answers, inputs, flags) = cut_everywhere(&with_mssp().0, &stream);
    assert_eq!(inputs, ["say \u{e9}"], "what the client answers is no command");
    assert_eq!((&*flags.clientname, &*flags.term), ("MUDLET 4.17.2", "ANSI-TRUECOLOR"));
    assert_eq!(&*flags.encoding, "utf-8");
    assert!(flags.has(Flag::Mxp) && flags.has(Flag::Truecolor) && flags.has(Flag::Utf8));
    for part in
        [CHARSET_REQUEST, MXP_START, b"\xff\xfa\x27\x01\x03CLIENT_NAME\x03CLIENT_VERSION\x03TERMINAL_TYPE"]
    {
        assert!(contains(&answers, part), "{part:?}");
    }
}

#[test]
fn tintin_in_russian() {
    let mut settings = with_mssp().0;
    settings.charsets.push("KOI8-R".into());
    let stream = [
        &b"\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0\xff\xfb\x27\xff\xfd\x2a\xff\xfd\x03"
            [..],
        b"\xff\xfd\x19\xff\xfe\x5b",
        b"\xff\xfa\x18\x00TINTIN++\xff\xf0",
        // One message for each variable.
        b"\xff\xfa\x27\x00\x00CLIENT_NAME\x01TINTIN++\xff\xf0",
        b"\xff\xfa\x27\x00\x00CLIENT_VERSION\x012.02.62\xff\xf0",
        b"\xff\xfa\x27\x00\x00TERMINAL_TYPE\x01xterm-256color\xff\xf0",
        b"\xff\xfa\x27\x00\x00MTTS\x01779\xff\xf0",
        b"\xff\xfa\x27\x00\x00CHARSET\x01KOI8-R\xff\xf0",
        b"\xff\xfa\x2a\x02KOI8-R\xff\xf0",
        b"\xff\xfa\x18\x00xterm-256color\xff\xf0\xff\xfa\x18\x00MTTS 779\xff\xf0",
        b"\xd0\xd2\xc9\xd7\xc5\xd4 \xff\xff\r\n",
    ]
    .concat();
    let (answers, inputs, flags) = cut_everywhere(&settings, &stream);
    assert_eq!(inputs, ["\u{43f}\u{440}\u{438}\u{432}\u{435}\u{442} \u{42a}"]);
    assert_eq!((&*flags.clientname, &*flags.encoding), ("TINTIN++ 2.02.62", "koi8-r"));
    assert!(flags.has(Flag::Mnes) && flags.has(Flag::Truecolor) && !flags.has(Flag::Utf8));
    assert!(contains(&answers, b"\xff\xfa\x2a\x01;UTF-8;ISO-8859-1;US-ASCII;KOI8-R\xff\xf0"));
    assert!(!contains(&answers, b"\x01\x03CLIENT_NAME"), "all was answered the first time");
}

mod charset {
    use super::*;

    #[test]
    fn in_force_from_the_next_byte() {
        let mut talk = Talk::after(b"\xff\xfd\x2a");
        assert_eq!(talk.says_raw("\u{e9}"), "\u{e9}\r\n".as_bytes());
        let stream = "caf\u{e9} ".as_bytes();
        let stream = [stream, b"\xff\xfa\x2a\x02iso-8859-1\xff\xf0\xe9t\xe9\r\n"].concat();
        assert_eq!(talk.hears(&stream), b"");
        assert_eq!(talk.inputs(), ["caf\u{e9} \u{e9}t\u{e9}"]);
        assert_eq!(talk.says_raw("\u{e9}\u{ff}\u{65e5}"), b"\xe9\xff\xff?\r\n");
        assert_eq!(&*talk.flags().encoding, "iso-8859-1");
        assert!(talk.out.take_flags_changed());
    }

    #[test]
    fn rejected_or_never_offered() {
        for answer in [&b"\x03"[..], b"\x02KOI8-R", b"\x02", b"\x02no such thing"] {
            let mut talk = Talk::after(b"\xff\xfb\x18\xff\xfc\x1f\xff\xfd\x2a");
            talk.hears(b"\xff\xfa\x18\x00X\xff\xf0\xff\xfa\x18\x00X\xff\xf0");
            assert!(!talk.out.take_ready(), "the login screen waits for the character set");
            assert_eq!(talk.hears(&[b"\xff\xfa\x2a", answer, b"\xff\xf0"].concat()), b"");
            assert!(talk.out.take_ready());
            assert_eq!(&*talk.flags().encoding, "utf-8", "{answer:?}");
            // Too late: nothing has been asked.
            talk.hears(b"\xff\xfa\x2a\x02ISO-8859-1\xff\xf0");
            assert_eq!(&*talk.flags().encoding, "utf-8");
        }
    }

    #[test]
    fn ascii_for_who_reads_nothing_better() {
        let settings = TelnetSettings { ascii_fallback: true, ..TelnetSettings::default() };
        let no_utf8 = b"\xff\xfa\x18\x00X\xff\xf0\xff\xfa\x18\x00ANSI\xff\xf0\xff\xfa\x18\x00MTTS 9\xff\xf0";
        for refusal in [&b"\xff\xfe\x2a"[..], b"\xff\xfd\x2a\xff\xfa\x2a\x03\xff\xf0"] {
            for stream in [
                [b"\xff\xfb\x18", &no_utf8[..], refusal].concat(),
                [refusal, b"\xff\xfb\x18", &no_utf8[..]].concat(),
            ] {
                let (_, _, flags) = cut_everywhere(&settings, &stream);
                assert_eq!(&*flags.encoding, "us-ascii");
                let (_, _, flags) = cut_everywhere(&TelnetSettings::default(), &stream);
                assert_eq!(&*flags.encoding, "utf-8", "only if that is wished");
            }
        }
    }

    #[test]
    fn a_client_that_asks() {
        let ask = |list: &[u8]| {
            let mut talk = Talk::after(b"\xff\xfe\x2a");
            assert_eq!(talk.hears(b"\xff\xfb\x2a"), b"\xff\xfd\x2a");
            let answer = talk.hears(&[b"\xff\xfa\x2a\x01", list, b"\xff\xf0"].concat());
            (answer, talk.flags().encoding.to_string())
        };
        let accepted = |name: &str| [b"\xff\xfa\x2a\x02", name.as_bytes(), b"\xff\xf0"].concat();
        assert_eq!(ask(b" big5 utf-8"), (accepted("utf-8"), "utf-8".to_owned()), "the best");
        assert_eq!(
            ask(b";EBCDIC;Big5;KOI8-R"),
            (accepted("Big5"), "big5".to_owned()),
            "its first that is known"
        );
        assert_eq!(ask(b"[TTABLE]\x01;CP1251"), (accepted("CP1251"), "windows-1251".to_owned()));
        for list in [&b""[..], b";", b";EBCDIC", b"UTF-8", b";UTF-16", b"[TTABLE]"] {
            assert_eq!(ask(list), (b"\xff\xfa\x2a\x03\xff\xf0".to_vec(), "utf-8".to_owned()), "{list:?}");
        }
        let long = |length: usize| [b";KOI8-R;", vec![b'x'; length - 8].as_slice()].concat();
        assert_eq!(ask(&long(CHARSET_REQUEST_LIMIT)).1, "koi8-r");
        assert_eq!(ask(&long(CHARSET_REQUEST_LIMIT + 1)).1, "utf-8");
    }

    #[test]
    fn requests_that_cross() {
        let mut talk = Talk::after(b"");
        assert_eq!(talk.hears(b"\xff\xfd\x2a\xff\xfb\x2a"), [CHARSET_REQUEST, b"\xff\xfd\x2a"].concat());
        assert_eq!(
            talk.hears(b"\xff\xfa\x2a\x01;KOI8-R\xff\xf0"),
            b"\xff\xfa\x2a\x03\xff\xf0",
            "ours stands"
        );
        assert_eq!(talk.hears(b"\xff\xfa\x2a\x02US-ASCII\xff\xf0"), b"");
        assert_eq!(&*talk.flags().encoding, "us-ascii");
        assert_eq!(talk.hears(b"\xff\xfa\x2a\x04\x01x\xff\xf0"), b"\xff\xfa\x2a\x05\xff\xf0", "no tables");
        assert_eq!(
            talk.hears(b"\xff\xfa\x2a\x01;KOI8-R\xff\xf0"),
            b"\xff\xfa\x2a\x02KOI8-R\xff\xf0",
            "a new one"
        );
        assert_eq!(&*talk.flags().encoding, "koi8-r");
    }

    #[test]
    fn every_one_both_ways() {
        for (name, wire, line) in [
            ("Big5", &b"\xa4\xe9\xa5\xbb"[..], "\u{65e5}\u{672c}"),
            ("GBK", b"\xc8\xd5\xb1\xbe", "\u{65e5}\u{672c}"),
            ("GB18030", b"\x81\x30\x84\x36", "\u{a5}"),
            ("EUC-KR", b"\xb0\xa1", "\u{ac00}"),
            ("Shift_JIS", b"\x93\xfa", "\u{65e5}"),
            ("ISO-2022-JP", b"\x1b$BF|\x1b(B", "\u{65e5}"),
            ("ISO-8859-2", b"\xbe", "\u{17e}"),
            ("CP1251", b"\xff\xff", "\u{44f}"),
            ("macintosh", b"\xd8", "\u{ff}"),
        ] {
            let mut talk = Talk::after(b"\xff\xfe\x2a\xff\xfb\x2a");
            talk.hears(&[b"\xff\xfa\x2a\x01;", name.as_bytes(), b"\xff\xf0"].concat());
            talk.hears(&[wire, b"\r\n"].concat());
            assert_eq!(talk.inputs(), [line], "{name}");
            assert_eq!(talk.says_raw(line), [wire, b"\r\n"].concat(), "{name}");
        }
    }
}

mod new_environ {
    use super::*;

    #[test]
    fn a_client_that_has_no_other_way() {
        let mut talk = Talk::after(b"\xff\xfc\x18\xff\xfb\x27");
        let answer = talk.hears(
            b"\xff\xfa\x27\x00\x00CLIENT_NAME\x01Tiny\x00CLIENT_VERSION\x011.0\x00TERMINAL_TYPE\x01XTERM\x00MTTS\x01265\
            \x00CHARSET\x01ISO-8859-1\xff\xf0",
        );
        assert_eq!(answer, b"");
        let flags = talk.flags();
        assert_eq!((&*flags.clientname, &*flags.term, &*flags.encoding), ("TINY 1.0", "XTERM", "iso-8859-1"));
        assert!(flags.has(Flag::Truecolor) && !flags.has(Flag::Utf8));
        assert!(talk.out.take_flags_changed());

        talk.hears(b"\xff\xfa\x27\x02\x00MTTS\x0165\xff\xf0");
        assert!(talk.flags().has(Flag::Screenreader) && !talk.flags().has(Flag::Xterm256));
        assert!(talk.out.take_flags_changed(), "said again when it changes");
        talk.hears(b"\xff\xfa\x27\x02\x00MTTS\x0165\xff\xf0\xff\xfa\x27\x02\x00USER\x01root\xff\xf0");
        assert!(!talk.out.take_flags_changed(), "nothing new");
    }

    #[test]
    fn the_user_s_variables_are_asked_for_once() {
        let none = b"\xff\xfa\x27\x00\x00CLIENT_NAME\x00MTTS\xff\xf0";
        let mut talk = Talk::after(b"\xff\xfb\x27");
        assert!(talk.hears(none).starts_with(b"\xff\xfa\x27\x01\x03CLIENT_NAME\x03"));
        assert_eq!(talk.hears(none), b"");
        assert_eq!(talk.hears(b"\xff\xfa\x27\x00\x03CLIENT_NAME\xff\xf0"), b"");
    }

    #[test]
    fn what_charset_has_settled_stands() {
        let mut talk = Talk::after(b"\xff\xfb\x27\xff\xfd\x2a\xff\xfa\x2a\x02UTF-8\xff\xf0");
        talk.hears(b"\xff\xfa\x27\x00\x00CHARSET\x01US-ASCII\xff\xf0");
        assert_eq!(&*talk.flags().encoding, "utf-8");
    }

    #[test]
    fn whom_a_proxy_speaks_for_is_passed_on() {
        let mut talk = Talk::after(b"\xff\xfb\x27");
        talk.hears(b"\xff\xfa\x27\x00\x00IPADDRESS\x012001:db8::1\xff\xf0");
        assert_eq!(talk.out.take_speaks_for(), Some("2001:db8::1".parse().unwrap()));
        talk.hears(b"\xff\xfa\x27\x00\x00IPADDRESS\x01localhost\xff\xf0");
        assert_eq!(talk.out.take_speaks_for(), None);
    }
}

mod mssp {
    use super::*;

    fn table(players: u32) -> Vec<u8> {
        let name = "\x01NAME\x02A Mead\u{f6}w";
        format!("{name}\x01PLAYERS\x02{players}\x01PORT\x024001\x024000").into_bytes()
    }

    #[test]
    fn what_is_true_now() {
        let (settings, game) = with_mssp();
        let mut talk = Talk::new(settings);
        for (asked, players) in [(&b"\xff\xfd\x46"[..], 3), (b"\xff\xfe\x46\xff\xfd\x46", 4)] {
            game.players.store(players, Ordering::Relaxed);
            let answer = talk.hears(asked);
            let expected = [b"\xff\xfa\x46", &table(players)[..], b"\xff\xf0"].concat();
            assert!(answer.ends_with(&expected), "{answer:?}");
        }
        assert_eq!(talk.hears(b"\xff\xfd\x46"), b"", "once for each agreement");
    }

    #[test]
    fn in_plain_text_until_somebody_logs_in() {
        let (settings, game) = with_mssp();
        game.players.store(7, Ordering::Relaxed);
        let (answer, inputs, _) = cut_everywhere(&settings, b"MSSP-REQUEST\r\nlook\r\n");
        let expected = "\r\nMSSP-REPLY-START\r\nNAME\tA Mead\u{f6}w\r\nPLAYERS\t7\r\nPORT\t4001\t4000\r\nMSSP-REPLY-END\r\n";
        assert_eq!(answer, expected.as_bytes());
        assert_eq!(inputs, ["look"]);

        let mut talk = Talk::new(settings);
        talk.telnet.at_login(&mut talk.out);
        assert_eq!(talk.hears(b"MSSP-REQUEST\r\n"), b"");
        assert_eq!(talk.inputs(), ["MSSP-REQUEST"]);
    }

    #[test]
    fn as_often_as_the_limit_and_not_once_more() {
        let mut talk = Talk::new(with_mssp().0);
        assert!(!talk.hears(b"\xff\xfd\x46").is_empty());
        for _ in 1..MSSP_REPLY_LIMIT {
            assert!(!talk.hears(b"MSSP-REQUEST\r\n").is_empty());
        }
        assert!(talk.inputs().is_empty());
        assert_eq!(talk.hears(b"MSSP-REQUEST\r\n"), b"");
        assert_eq!(talk.inputs(), ["MSSP-REQUEST"]);
        assert_eq!(talk.hears(b"\xff\xfe\x46\xff\xfd\x46"), b"\xff\xfc\x46\xff\xfb\x46");
    }

    #[test]
    fn nothing_is_offered_where_there_is_no_table() {
        assert_eq!(Talk::after(b"").hears(b"\xff\xfd\x46"), b"\xff\xfc\x46");
    }
}

mod timing_mark {
    use super::*;

    #[test]
    fn behind_what_was_typed() {
        let mut talk = Talk::after(b"");
        assert_eq!(talk.hears(b"\xff\xfd\x06"), b"\xff\xfb\x06", "nothing was typed");
        assert_eq!(talk.hears(b"look\r\n\xff\xfd\x06\xff\xfd\x06"), b"");
        assert!(talk.out.take_mark());
        assert_eq!(talk.says_raw("A meadow."), b"A meadow.\r\n");
        talk.telnet.at_mark(&mut talk.out);
        assert_eq!(talk.answer(), b"\xff\xfb\x06\xff\xfb\x06", "one for each");
        assert_eq!(talk.hears(b"\xff\xfd\x06"), b"\xff\xfb\x06");
        assert_eq!(
            talk.hears(b"\xff\xfb\x06\xff\xfc\x06\xff\xfe\x06"),
            b"\xff\xfe\x06",
            "none is asked of it"
        );
    }

    #[test]
    fn refused_when_the_game_takes_too_long() {
        let mut talk = Talk::after(b"look\r\n\xff\xfd\x06");
        assert_eq!(talk.telnet.deadline(), Some(START + TIMING_MARK_WAIT));
        talk.telnet.timeout(START + (TIMING_MARK_WAIT - Duration::from_micros(1)), &mut talk.out);
        assert_eq!(talk.answer(), b"");
        talk.telnet.timeout(START + TIMING_MARK_WAIT, &mut talk.out);
        assert_eq!(talk.answer(), b"\xff\xfc\x06");
        talk.telnet.at_mark(&mut talk.out);
        assert_eq!(talk.answer(), b"", "answered once");
    }

    #[test]
    fn as_many_as_the_limit_wait_and_one_more_does_not() {
        let mut talk = Talk::after(b"look\r\n");
        for _ in 0..TIMING_MARK_LIMIT {
            assert_eq!(talk.hears(b"\xff\xfd\x06"), b"");
        }
        assert_eq!(talk.hears(b"\xff\xfd\x06"), b"\xff\xfc\x06");
    }
}

mod start_tls {
    use super::*;

    const FOLLOWS: &[u8] = b"\xff\xfa\x2e\x01\xff\xf0";

    fn settings() -> TelnetSettings {
        TelnetSettings { start_tls: true, ..TelnetSettings::default() }
    }

    #[test]
    fn what_follows_is_not_read() {
        let mut talk = Talk::new(settings());
        assert_eq!(talk.hears(b"\xff\xfb\x2e"), b"\xff\xfd\x2e");
        let stream = [b"loo", FOLLOWS, b"k\r\n\xff\xf6\x16\x03\x01"].concat();
        assert_eq!(talk.hears(&stream), FOLLOWS);
        assert_eq!(talk.hears(b"\x02"), b"");
        assert_eq!(talk.out.take_start_tls(), Some(b"k\r\n\xff\xf6\x16\x03\x01\x02".to_vec()));
        assert_eq!((talk.inputs().len(), talk.telnet.deadline()), (0, None));

        // The handshake is done.
        talk.change(|flags| flags.screenwidth = 100);
        talk.telnet.connect(START, &mut talk.out);
        assert!(talk.answer().starts_with(b"\xff\xfd\x18\xff\xfd\x1f"), "the greeting again");
        assert!(talk.out.take_flags_changed());
        assert_eq!(talk.flags(), &Flags::default(), "what was said in the clear is forgotten");
        talk.hears(b"sit\r\n");
        assert_eq!(talk.inputs(), ["sit"], "what was typed, too");
        assert_eq!(talk.hears(b"\xff\xfb\x2e"), b"\xff\xfe\x2e", "once is enough");
    }

    #[test]
    fn wherever_it_is_cut() {
        let stream = [b"\xff\xfb\x2e", FOLLOWS, b"\x16\x03\x01"].concat();
        for cut in 0..stream.len() {
            let mut talk = Talk::new(settings());
            talk.hears(&stream[..cut]);
            talk.hears(&stream[cut..]);
            assert_eq!(talk.out.take_start_tls(), Some(b"\x16\x03\x01".to_vec()), "cut at {cut}");
        }
    }

    #[test]
    fn not_for_everybody() {
        assert_eq!(Talk::after(b"").hears(b"\xff\xfb\x2e"), b"\xff\xfe\x2e", "it must be wished for");
        let mut talk = Talk::new(settings());
        talk.telnet.at_login(&mut talk.out);
        assert_eq!(talk.hears(b"\xff\xfb\x2e"), b"\xff\xfe\x2e", "too late");
        let mut talk = Talk::new(settings());
        assert_eq!(talk.hears(b"\xff\xfb\x2e\xff\xfd\x56"), b"\xff\xfd\x2e\xff\xfa\x56\xff\xf0");
        assert_eq!(talk.hears(FOLLOWS), b"", "compressed");
        assert_eq!(talk.out.take_start_tls(), None);
        let mut talk = Talk::new(settings());
        assert_eq!(talk.hears(FOLLOWS), b"", "not agreed");
        assert_eq!(talk.out.take_start_tls(), None);
    }
}
