//! Telnet: the language of MUD clients and terminals. A listener of the Portal makes one [`Telnet`] for each
//! connection.
//!
//! | file | what it does |
//! |---|---|
//! | `parse` | bytes to data, commands and subnegotiations |
//! | `lines`, `encoding` | data to lines of text, text to bytes |
//! | `negotiate` | which options are agreed (RFC 1143) |
//! | `option` | what an option is; the table of them |
//! | `send` | the outputfuncs |
//! | `oob` | out-of-band data in either of its languages |
//! | `http` | browsers that took the wrong port |
//! | the others | one option each |
//!
//! # Adding an option
//!
//! One file with a unit struct that implements `TelnetOption`, and one row in the table of `option`, at the
//! place in the greeting where it should be offered. What it has to remember of a client is a type in
//! that file and a field of `States`. It gets its subnegotiations through `subnegotiation` and never sees
//! one that was not agreed; what it sends goes to the [`Outbox`] in one piece, since clients exist that lose
//! a sequence which comes in two (libmudtelnet).

mod charset;
mod describe;
mod echo;
mod encoding;
mod eor;
mod gmcp;
mod http;
mod linemode;
mod lines;
mod mccp2;
mod mccp3;
mod msdp;
mod mssp;
mod mxp;
mod naws;
mod negotiate;
mod new_environ;
mod oob;
mod option;
mod parse;
mod send;
mod sga;
mod start_tls;
mod timing_mark;
mod ttype;

use std::{sync::Arc, time::Duration};

use bytes::BytesMut;
use meadow_link::{CommandTuple, Flag, Flags, Time, text};

pub(crate) use self::send::rendering as terminal_rendering;
pub use self::{
    charset::{CHARSET_REQUEST_LIMIT, is_charset},
    linemode::SLC_FUNCTIONS,
    mccp2::{MCCP_STARTS, Mccp},
    mccp3::BACKLOG_LIMIT,
    mssp::{MSSP_REPLY_LIMIT, MsspSource},
    naws::NAWS_PERIOD,
    new_environ::{ENVIRON_LENGTH, ENVIRON_VARIABLES},
    parse::SUBNEGOTIATION_LIMIT,
    timing_mark::{TIMING_MARK_LIMIT, TIMING_MARK_WAIT},
    ttype::TTYPE_LIMIT,
};
use self::{
    describe::Latency,
    encoding::{Encoding, LONGEST_CHARACTER},
    lines::{Line, Lines},
    negotiate::{Agreement, Side, Wish},
    option::{COUNT, OPTIONS, States},
    parse::{AYT, EC, EL, Event, IAC, NOP, Parser},
    send::Ending,
    timing_mark::TIMING_MARK,
};
use crate::{
    Flow, Outbox, Protocol, Render,
    limits::{MAX_CHAR_LIMIT, MAX_CHAR_LIMIT_WARNING},
    markup::clean_input,
    oob::OobSettings,
};

/// What all telnet connections of a listener have in common.
#[derive(Debug, Clone)]
pub struct TelnetSettings {
    /// Longest line that a player may type, in characters (Evennia's `MAX_CHAR_LIMIT`).
    pub line_limit: usize,
    /// What is said to a player whose line was longer; markup.
    pub line_limit_warning: Box<str>,
    /// How long the login screen waits at most for the client to say what it is.
    pub hold: Duration,
    /// The client gets a NOP when nothing was sent to it for so long, or at most twice as long; this keeps
    /// routers on the way from forgetting the connection. Zero switches it off, as the flag
    /// `NOPKEEPALIVE` does when it is false (the name is Evennia's).
    pub keepalive: Duration,
    /// What is taken for granted of a client until it says otherwise: its character set, its window.
    pub flags: Flags,
    /// The character sets that a client is asked to choose from, best first (CHARSET).
    pub charsets: Vec<Box<str>>,
    /// A client that says that it does not read UTF-8, and settles on no other character set, gets ASCII.
    pub ascii_fallback: bool,
    /// What lists of games are told of this one (MSSP). Without it, nothing is.
    pub mssp: Option<Arc<dyn MsspSource>>,
    /// Out-of-band data: GMCP and MSDP.
    pub oob: OobSettings,
    /// Clients are offered links that can be clicked (MXP).
    pub mxp: bool,
    /// Clients are asked to edit their lines themselves (LINEMODE).
    pub linemode: bool,
    /// A connection may become encrypted if the client asks (START_TLS). Only for a Portal that does what
    /// [`Outbox::start_tls`] says.
    pub start_tls: bool,
    /// Whether what is sent and received may be compressed (MCCP2 and MCCP3). Only for a transport that calls
    /// [`Protocol::pack`]: streams do, messages do not.
    pub mccp: Mccp,
    /// The connections are encrypted: this is telnet inside TLS.
    pub encrypted: bool,
}

impl Default for TelnetSettings {
    fn default() -> TelnetSettings {
        TelnetSettings {
            line_limit: MAX_CHAR_LIMIT,
            line_limit_warning: MAX_CHAR_LIMIT_WARNING.into(),
            hold: Duration::from_millis(300),
            keepalive: Duration::from_secs(30),
            flags: Flags::default(),
            charsets: ["UTF-8", "ISO-8859-1", "US-ASCII"].map(Box::from).into(),
            ascii_fallback: false,
            mssp: None,
            oob: OobSettings::default(),
            mxp: true,
            linemode: false,
            start_tls: false,
            mccp: Mccp::default(),
            encrypted: false,
        }
    }
}

/// One telnet connection (RFC 854).
#[derive(Debug)]
pub struct Telnet {
    settings: Arc<TelnetSettings>,
    flags: Flags,
    parser: Parser,
    lines: Lines,
    agreements: [Agreement; COUNT],
    states: States,
    /// That of the flag `ENCODING`.
    encoding: Encoding,
    logged_in: bool,
    /// Something was typed of which the game may not be done.
    typed: bool,
    stage: Stage,
    http: Http,
    latency: Latency,
    /// When a keep-alive may be due.
    keepalive: Time,
    /// Nothing was sent in the period that ends then.
    quiet: bool,
}

/// How far a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Not greeted yet.
    New,
    /// The login screen waits for the options, at most until then.
    Holding(Time),
    /// The game knows of the client.
    Ready,
    /// What comes is for TLS, until the next `connect`.
    Securing,
    /// Refused; what else it sends is not read.
    Closed,
}

/// Whether a client may be a browser.
#[derive(Debug)]
enum Http {
    /// No line has come yet.
    Unknown,
    /// The first line opens a request. It is one if another line follows at once, as in every version that
    /// browsers speak; if none has come by then, it was typed.
    Request(Box<(String, Time)>),
    /// It is none.
    No,
}

/// How soon the second line of an HTTP request must follow the first.
const HTTP_WAIT: Duration = Duration::from_millis(300);

/// What [`Telnet`] answers to "are you there" (RFC 854 asks for some visible evidence).
const HERE: &[u8] = b"[yes]\r\n";

impl Telnet {
    /// A connection with these settings, which any number of them can share.
    pub fn new(settings: impl Into<Arc<TelnetSettings>>) -> Telnet {
        let settings = settings.into();
        Telnet {
            flags: settings.flags.clone(),
            parser: Parser::default(),
            lines: Lines::default(),
            agreements: Default::default(),
            states: States::default(),
            encoding: Encoding::of_flag(&settings.flags.encoding),
            logged_in: false,
            typed: false,
            stage: Stage::New,
            http: Http::Unknown,
            latency: Latency::default(),
            keepalive: Time::default(),
            quiet: true,
            settings,
        }
    }

    /// Reads what came and what waits, at most `room` bytes as they are unpacked.
    fn read(&mut self, now: Time, bytes: &[u8], room: usize, out: &mut Outbox) {
        let before = out.bytes().len();
        self.unpack(now, bytes, room, out);
        if out.bytes().len() > before {
            self.keepalive = now + self.settings.keepalive;
            self.quiet = true;
        }
    }

    /// Parses bytes up to where the client begins to compress.
    fn parse(&mut self, now: Time, rest: &mut &[u8], out: &mut Outbox) {
        let packed = self.states.mccp3.is_on();
        while !matches!(self.stage, Stage::Closed | Stage::Securing)
            && self.states.mccp3.is_on() == packed
            && let Some(event) = self.parser.next(rest)
        {
            self.event(now, event, out);
            self.settle(out);
        }
        if self.stage == Stage::Securing {
            out.tls_bytes(std::mem::take(rest));
        }
    }

    fn event(&mut self, now: Time, event: Event<'_>, out: &mut Outbox) {
        match event {
            Event::Data(data) => self.data(now, data, out),
            Event::Command(AYT) => out.transmit(HERE),
            Event::Command(EC) => self.lines.backspace(self.encoding, self.line_bytes()),
            Event::Command(EL) => self.lines.erase_line(),
            // The others ask for nothing that a game could do.
            Event::Command(_) => {}
            // Within a line this is a client that does not double the character 255 of Latin-1, and what
            // follows is its text; otherwise it is a command of a kind that does not exist.
            Event::Stray(byte) => {
                if !self.lines.is_empty() {
                    self.data(now, &[byte], out);
                }
            }
            Event::Negotiation(verb, TIMING_MARK) => timing_mark::negotiate(self, now, verb, out),
            Event::Negotiation(verb, code) => {
                self.latency.answered(now);
                self.negotiate(verb, code, out);
            }
            Event::Subnegotiation(whole) => {
                if let Some((&code, payload)) = whole.split_first()
                    && let Some(row) = option::row(code)
                    && self.hears(row)
                {
                    OPTIONS[row].subnegotiation(self, now, payload, out);
                }
            }
        }
    }

    fn data(&mut self, now: Time, mut data: &[u8], out: &mut Outbox) {
        let limit = self.line_bytes();
        while self.stage != Stage::Closed
            && let Some(line) = self.lines.next(&mut data, limit, self.encoding)
        {
            let line = match line {
                Line::Text(bytes) => Some(self.encoding.decode(bytes)),
                Line::TooLong => None,
            };
            match (&self.http, line) {
                (Http::Request(_), _) => self.refuse_browser(out),
                (Http::Unknown, Some(line)) if http::is_request(&line) => {
                    self.http = Http::Request(Box::new((line, now + HTTP_WAIT)));
                }
                (_, line) => {
                    self.http = Http::No;
                    self.line(line.as_deref(), out);
                }
            }
        }
    }

    /// A line for the game, unless it was too long. An empty one is a command too.
    fn line(&mut self, line: Option<&str>, out: &mut Outbox) {
        let limit = self.settings.line_limit;
        // Fewer bytes than the limit are fewer characters, too.
        match line.filter(|line| line.len() <= limit || line.chars().count() <= limit) {
            Some(line) => {
                if mxp::take_answer(self, line, out) || mssp::answer_line(self, line, out) {
                    return;
                }
                self.ready(out);
                self.typed = true;
                echo::end_line(self, out);
                out.input(text(clean_input(line)));
            }
            None => {
                let settings = Arc::clone(&self.settings);
                self.say_plainly(&settings.line_limit_warning, out);
            }
        }
    }

    fn refuse_browser(&mut self, out: &mut Outbox) {
        self.stage = Stage::Closed;
        out.transmit(http::ANSWER);
        out.close("an HTTP request came to the telnet port");
    }

    /// Asked after each event and not after each read, so that it does not matter how the stream was cut.
    fn settle(&mut self, out: &mut Outbox) {
        if matches!(self.stage, Stage::Holding(_)) && !OPTIONS.iter().any(|option| option.holds(self)) {
            self.ready(out);
        }
    }

    fn ready(&mut self, out: &mut Outbox) {
        if let Stage::Holding(_) = self.stage {
            self.stage = Stage::Ready;
            out.ready();
        }
    }

    /// Whether subnegotiations of a row of the table count.
    fn hears(&self, row: usize) -> bool {
        let agreement = self.agreements[row];
        agreement.is_on_anywhere() || OPTIONS[row].may_come_early() && agreement.is_offered(Side::Us)
    }

    /// Longest line that is typed, in bytes: any character of it may be a long one.
    fn line_bytes(&self) -> usize {
        self.settings.line_limit * LONGEST_CHARACTER
    }

    /// Another character set is in force from the next byte, in both directions.
    fn set_encoding(&mut self, encoding: Encoding) {
        self.lines.recode(self.encoding, encoding, self.line_bytes());
        self.encoding = encoding;
        self.flags.encoding = encoding.name();
    }

    /// The connection is encrypted now: nothing counts that was said before.
    fn begin_anew(&mut self) {
        let settings = TelnetSettings { encrypted: true, ..(*self.settings).clone() };
        *self = Telnet::new(settings);
    }

    fn keepalive_deadline(&self) -> Option<Time> {
        let on = !self.settings.keepalive.is_zero() && self.flags.has(Flag::Nopkeepalive);
        on.then_some(self.keepalive)
    }
}

impl Protocol for Telnet {
    fn key(&self) -> &'static str {
        "telnet"
    }

    fn flags(&self) -> &Flags {
        &self.flags
    }

    fn set_flags(&mut self, flags: Flags) {
        if flags.encoding != self.flags.encoding {
            self.set_encoding(Encoding::of_flag(&flags.encoding));
        }
        self.flags = flags;
    }

    fn connect(&mut self, now: Time, out: &mut Outbox) {
        if self.stage == Stage::Securing {
            self.begin_anew();
            out.flags_changed();
        }
        self.stage = Stage::Holding(now + self.settings.hold);
        self.keepalive = now + self.settings.keepalive;
        self.latency.greet(now);
        self.offer(out);
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox) {
        self.read(now, bytes, bytes.len(), out);
    }

    fn has_backlog(&self) -> bool {
        // Who is being told off, or gone, is not read any more.
        self.stage != Stage::Closed && self.states.mccp3.has_backlog()
    }

    fn read_on(&mut self, now: Time, room: usize, out: &mut Outbox) {
        self.read(now, &[], room, out);
    }

    fn pack(&mut self, bytes: &mut BytesMut, fresh: usize, flow: Flow) {
        mccp2::pack(&mut self.states.mccp2, bytes, fresh, flow);
    }

    fn send_text(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        self.say(tuple, render, Ending::Line, out);
    }

    fn send_prompt(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        self.say(tuple, render, Ending::Prompt, out);
    }

    /// Telnet itself has no words for anything but text; GMCP and MSDP have.
    fn send_default(&mut self, tuple: &CommandTuple, out: &mut Outbox) {
        oob::send(self, tuple, out);
    }

    fn at_login(&mut self, out: &mut Outbox) {
        self.logged_in = true;
        gmcp::at_login(self, out);
    }

    fn at_mark(&mut self, out: &mut Outbox) {
        timing_mark::reached(self, out);
    }

    fn disconnect(&mut self, reason: &str, out: &mut Outbox) {
        self.request(echo::ECHO, Side::Us, Wish::Off, out);
        gmcp::goodbye(self, reason, out);
        if !reason.is_empty() {
            self.say_plainly(reason, out);
        }
    }

    fn describe(&self) -> Vec<(String, String)> {
        describe::describe(self)
    }

    fn deadline(&self) -> Option<Time> {
        let hold = match self.stage {
            Stage::New | Stage::Securing | Stage::Closed => return None,
            Stage::Holding(until) => Some(until),
            Stage::Ready => None,
        };
        let http = match &self.http {
            Http::Request(request) => Some(request.1),
            Http::Unknown | Http::No => None,
        };
        let options = OPTIONS.iter().filter_map(|option| option.deadline(self));
        let mark = self.states.timing_mark.deadline();
        options.chain(mark).chain(hold).chain(http).chain(self.keepalive_deadline()).min()
    }

    fn timeout(&mut self, now: Time, out: &mut Outbox) {
        if let Stage::Holding(until) = self.stage
            && now >= until
        {
            self.ready(out);
        }
        if let Http::Request(request) = &mut self.http
            && now >= request.1
        {
            let line = std::mem::take(&mut request.0);
            self.http = Http::No;
            self.line(Some(&line), out);
        }
        for option in OPTIONS {
            option.timeout(self, now, out);
        }
        timing_mark::timeout(self, now, out);
        if self.keepalive_deadline().is_some_and(|due| now >= due) {
            if self.latency.is_known() {
                timing_mark::ask(self, now, out);
            } else if self.quiet {
                out.transmit(&[IAC, NOP]);
            }
            self.quiet = true;
            self.keepalive = now + self.settings.keepalive;
        }
    }
}
