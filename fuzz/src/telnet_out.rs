//! What the game says to a telnet client, whatever it says and however the client wants it: each IAC of the
//! text is doubled, each line ends with CR LF.
//!
//! The first byte chooses a character set, the second flags; the rest is the text.

use meadow_link::{Flag, Time, prompt, text};
use meadow_protocol::{
    Outbox, Protocol, Render,
    telnet::{Telnet, TelnetSettings},
};

const CHARSETS: [&str; 8] =
    ["utf-8", "latin-1", "us-ascii", "big5", "gb18030", "iso-2022-jp", "koi8-r", "macintosh"];
const FLAGS: [Flag; 8] = [
    Flag::Mxp,
    Flag::Truecolor,
    Flag::Xterm256,
    Flag::Ansi,
    Flag::Screenreader,
    Flag::Nocolor,
    Flag::Nogoahead,
    Flag::Forcedendline,
];

const IAC: u8 = 0xff;
/// Ends of prompts: GA and EOR.
const ENDS: [u8; 2] = [0xf9, 0xef];

/// The target.
pub fn run(data: &[u8]) {
    let [charset, choice, said @ ..] = data else { return };
    let said = String::from_utf8_lossy(said);
    let (mut telnet, mut out) = (Telnet::new(TelnetSettings::default()), Outbox::new());
    telnet.connect(Time::from_micros(0), &mut out);
    out.clear_bytes();
    let mut flags = telnet.flags().clone();
    flags.encoding = CHARSETS[usize::from(charset & 7)].into();
    for (bit, flag) in FLAGS.into_iter().enumerate() {
        flags.set(flag, choice & 1 << bit != 0);
    }
    telnet.set_flags(flags);
    for tuple in [text(&*said), text(&*said).with_option("raw", true), prompt(&*said)] {
        telnet.send(&tuple, &mut Render::new(&said), &mut out);
        check(out.bytes());
        out.clear_bytes();
    }
    telnet.disconnect(&said, &mut out);
}

fn check(sent: &[u8]) {
    let mut bytes = sent.iter().copied().peekable();
    let mut last = 0;
    while let Some(byte) = bytes.next() {
        if byte == IAC {
            let next = bytes.next();
            let command = next.is_some_and(|next| ENDS.contains(&next)) && bytes.peek().is_none();
            assert!(command || next == Some(IAC), "{sent:02x?}");
        }
        assert!(byte != b'\n' || last == b'\r', "LF alone in {sent:02x?}");
        assert!(byte != b'\r' || matches!(bytes.peek(), Some(b'\n' | b'\0')), "CR alone in {sent:02x?}");
        last = byte;
    }
}
