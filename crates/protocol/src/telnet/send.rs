//! What the game says to bytes: the outputfuncs of telnet. `Telnet` hands them the tuples.

use meadow_link::{CommandTuple, Flag, Flags};
use serde_json::Value;

use super::{
    Telnet,
    echo::ECHO,
    eor::END_OF_RECORD,
    mxp,
    negotiate::{Side, Wish},
    parse::{EOR, GA, IAC},
};
use crate::{Depth, Outbox, Render, Rendering};

/// How a text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// With a line end.
    Line,
    /// With a mark that says that the client is waited for, if it wants one.
    Prompt,
}

impl Telnet {
    /// Sends a text with everything that its options ask for.
    pub(super) fn say(
        &mut self,
        tuple: &CommandTuple,
        render: &mut Render<'_>,
        ending: Ending,
        out: &mut Outbox,
    ) {
        self.quiet = false;
        // True is for "the client echoes what is typed", so that the server says that it does not.
        match option(tuple, "echo") {
            Some(true) => self.request(ECHO, Side::Us, Wish::Off, out),
            Some(false) => self.request(ECHO, Side::Us, Wish::On, out),
            None => {}
        }
        if tuple.args.first() == Some(&Value::Null) {
            return;
        }
        let ending = if tuple.has_option("send_prompt") { Ending::Prompt } else { ending };
        let rendering = match rendering(&self.flags, tuple) {
            Rendering::Ansi { depth, screenreader: false } if self.has_links(tuple) => {
                Rendering::Mxp { depth }
            }
            other => other,
        };
        self.write(render.text(rendering), ending, out);
    }

    /// Sends text that no tuple came with.
    pub(super) fn say_plainly(&mut self, markup: &str, out: &mut Outbox) {
        let text = CommandTuple::default();
        self.say(&text, &mut Render::new(markup), Ending::Line, out);
    }

    /// Whether links can be clicked: the client agreed to MXP, and neither the player nor the message is
    /// against it.
    fn has_links(&self, tuple: &CommandTuple) -> bool {
        mxp::is_agreed(self) && option(tuple, "mxp").unwrap_or(self.flags.has(Flag::Mxp))
    }

    fn write(&self, text: &str, ending: Ending, out: &mut Outbox) {
        self.encoding.write(text, out);
        match ending {
            Ending::Line => {
                let ended = text.ends_with('\n') || text.ends_with("\n\r");
                if !ended && self.flags.has(Flag::Forcedendline) {
                    out.transmit(b"\r\n");
                }
            }
            Ending::Prompt => {
                if let Some(mark) = self.prompt_mark() {
                    out.transmit(&[IAC, mark]);
                }
            }
        }
    }

    /// Clients take EOR and GA for the same. Who never said anything about either gets none, since that may
    /// be a terminal that would show it; unlike in Evennia, text lines never get one.
    fn prompt_mark(&self) -> Option<u8> {
        let goahead = !self.flags.has(Flag::Nogoahead) || !self.flags.has(Flag::Nopromptgoahead);
        if self.agreement(END_OF_RECORD).is_on(Side::Us) { Some(EOR) } else { goahead.then_some(GA) }
    }
}

/// What a text is rendered to, by its options and the client's flags.
pub(crate) fn rendering(flags: &Flags, tuple: &CommandTuple) -> Rendering {
    let asks = |key, flag| option(tuple, key).unwrap_or(flags.has(flag));
    if asks("raw", Flag::Raw) {
        return Rendering::Raw;
    }
    let depth = if asks("nocolor", Flag::Nocolor) { Depth::None } else { depth(flags, tuple) };
    Rendering::Ansi { depth, screenreader: asks("screenreader", Flag::Screenreader) }
}

/// A message may ask for more colours than the client is known to have, or for fewer.
fn depth(flags: &Flags, tuple: &CommandTuple) -> Depth {
    let steps = [
        ("ansi", Depth::None, Depth::Ansi16),
        ("xterm256", Depth::Ansi16, Depth::Xterm256),
        ("truecolor", Depth::Xterm256, Depth::Truecolor),
    ];
    let mut depth = Depth::of(flags);
    for (key, _, with) in steps {
        if option(tuple, key) == Some(true) {
            depth = depth.max(with);
        }
    }
    for (key, without, _) in steps {
        if option(tuple, key) == Some(false) {
            depth = depth.min(without);
        }
    }
    if tuple.has_option("noxterm256") { depth.min(Depth::Ansi16) } else { depth }
}

fn option(tuple: &CommandTuple, key: &str) -> Option<bool> {
    tuple.option(key).and_then(Value::as_bool)
}

impl Depth {
    /// What these flags allow.
    pub(super) fn of(flags: &Flags) -> Depth {
        if flags.has(Flag::Truecolor) {
            Depth::Truecolor
        } else if flags.has(Flag::Xterm256) {
            Depth::Xterm256
        } else if flags.has(Flag::Ansi) {
            Depth::Ansi16
        } else {
            Depth::None
        }
    }
}

#[cfg(test)]
mod tests {
    use meadow_link::text;

    use super::*;

    #[test]
    fn a_message_may_ask_for_more_colours_or_fewer() {
        let depth_with = |own: Depth, options: &[(&str, bool)]| {
            let mut flags = Flags::default();
            flags.set(Flag::Xterm256, own >= Depth::Xterm256);
            flags.set(Flag::Truecolor, own >= Depth::Truecolor);
            let tuple = options.iter().fold(text(""), |tuple, (key, on)| tuple.with_option(key, *on));
            match rendering(&flags, &tuple) {
                Rendering::Ansi { depth, .. } => depth,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(depth_with(Depth::Ansi16, &[]), Depth::Ansi16);
        assert_eq!(depth_with(Depth::Ansi16, &[("truecolor", true)]), Depth::Truecolor);
        assert_eq!(depth_with(Depth::Truecolor, &[("xterm256", true)]), Depth::Truecolor);
        assert_eq!(depth_with(Depth::Truecolor, &[("truecolor", false)]), Depth::Xterm256);
        assert_eq!(depth_with(Depth::Truecolor, &[("xterm256", false)]), Depth::Ansi16);
        assert_eq!(depth_with(Depth::Truecolor, &[("noxterm256", true)]), Depth::Ansi16);
        assert_eq!(depth_with(Depth::Truecolor, &[("ansi", false)]), Depth::None);
        assert_eq!(depth_with(Depth::Truecolor, &[("nocolor", true)]), Depth::None);
    }

    #[test]
    fn options_go_before_flags() {
        let mut flags = Flags::default();
        for flag in [Flag::Raw, Flag::Nocolor, Flag::Screenreader] {
            flags.set(flag, true);
        }
        assert_eq!(rendering(&flags, &text("")), Rendering::Raw);
        let cooked = text("").with_option("raw", false);
        assert_eq!(rendering(&flags, &cooked), Rendering::Ansi { depth: Depth::None, screenreader: true });
        let plain = cooked.with_option("nocolor", false).with_option("screenreader", false);
        assert_eq!(rendering(&flags, &plain), Rendering::Ansi { depth: Depth::Ansi16, screenreader: false });
    }
}
