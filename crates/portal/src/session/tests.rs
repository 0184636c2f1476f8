//! Stories of one session, told by a protocol that speaks in plain lines.

use meadow_link::{
    Flag, Flags,
    amp::{Codec, Incoming, LinkReader, LinkWriter},
    prompt, tuple,
};

use meadow_protocol::{
    Outbox,
    telnet::{Telnet, TelnetSettings},
};

use super::*;

const NOW: Time = Time::from_micros(1_000_000_000);
const SECOND: Duration = Duration::from_secs(1);

/// A line is an input; `!word` is a wish.
struct Plain {
    flags: Flags,
    deadline: Option<Time>,
}

impl Protocol for Plain {
    fn key(&self) -> &'static str {
        "plain"
    }

    fn flags(&self) -> &Flags {
        &self.flags
    }

    fn set_flags(&mut self, flags: Flags) {
        self.flags = flags;
    }

    fn connect(&mut self, _now: Time, out: &mut Outbox) {
        out.transmit(b"hello\n");
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox) {
        for line in std::str::from_utf8(bytes).expect("text").lines() {
            match line {
                "!ready" => out.ready(),
                "!wide" => {
                    self.flags.screenwidth += 100;
                    out.flags_changed();
                }
                "!close" => out.close("wished"),
                "!late" => self.deadline = Some(now + SECOND),
                "!panic" => panic!("a protocol's own fault"),
                line => out.input(text(line)),
            }
        }
    }

    fn send_text(&mut self, tuple: &CommandTuple, _render: &mut Render<'_>, out: &mut Outbox) {
        assert_ne!(tuple.first_str(), Some("panic"), "a protocol's own fault");
        out.transmit(format!("<{}>", tuple.first_str().unwrap_or_default()).as_bytes());
    }

    fn send_prompt(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        self.send_text(tuple, render, out);
    }

    fn send_default(&mut self, _tuple: &CommandTuple, _out: &mut Outbox) {}

    fn disconnect(&mut self, reason: &str, out: &mut Outbox) {
        out.transmit(format!("bye: {reason}").as_bytes());
    }

    fn deadline(&self) -> Option<Time> {
        self.deadline
    }

    /// Forgets to move its deadline on.
    fn timeout(&mut self, _now: Time, out: &mut Outbox) {
        out.transmit(b"tick");
    }
}

struct Story {
    session: PortalSession,
    server: ServerEnd,
    reader: LinkReader<ToServer>,
    limits: Limits,
}

impl Story {
    /// A session, and a Server that is ready.
    fn new(limits: Limits) -> Story {
        let mut server = ServerEnd::new(usize::MAX);
        server.install(1, LinkWriter::new(Codec::Native));
        server.set_gate(Gate::Open);
        let mut reader = LinkReader::new();
        reader.settle(Codec::Native);
        let protocol = Box::new(Plain { flags: Flags::default(), deadline: None });
        let mut session = PortalSession::new(SessionId(9), protocol, Transport::Stream, "::1", NOW, &limits);
        session.connect(NOW);
        Story { session, server, reader, limits }
    }

    fn types(&mut self, lines: &str) -> Vec<String> {
        self.session.receive(NOW, lines.as_bytes());
        self.told()
    }

    /// What the Server hears, in short.
    fn told(&mut self) -> Vec<String> {
        self.session.tell(&mut self.server, NOW, &self.limits);
        while let Some(taken) = self.server.take() {
            self.reader.feed(&taken.bytes);
        }
        let mut told = Vec::new();
        while let Some(incoming) = self.reader.next().expect("a message") {
            let Incoming::Message(message) = incoming else { panic!("{incoming:?}") };
            told.push(match message {
                ToServer::Connect(sync) => format!("connect {}", sync.flags.screenwidth),
                ToServer::Update(sync) => format!("update {}", sync.flags.screenwidth),
                ToServer::Disconnect(id) => format!("disconnect {id}"),
                ToServer::Input { seq, tuple, .. } => format!("{seq} {}", tuple.first_str().unwrap_or("?")),
                other => panic!("{other:?}"),
            });
        }
        told
    }

    fn says(&mut self, line: &str) {
        let tuple = text(line);
        self.session.send(NOW, &tuple, &mut Render::new(line));
    }

    /// What the client reads.
    fn seen(&mut self) -> String {
        let bytes = self.session.packed(NOW).expect("a stream");
        String::from_utf8(bytes.split().to_vec()).expect("text")
    }
}

#[test]
fn the_server_hears_of_a_session_when_its_protocol_is_ready_and_of_its_end_once() {
    let mut story = Story::new(Limits::default());
    assert!(story.types("!wide").is_empty(), "negotiating");
    assert_eq!(story.types("!ready\nlook"), ["connect 178", "1 look"]);
    assert!(story.types("!ready").is_empty(), "saying so twice is harmless");
    assert_eq!(story.types("!wide"), ["update 278"]);
    assert_eq!(story.types("!close"), ["disconnect 9"]);
    assert!(story.told().is_empty());
    assert!(story.types("look").is_empty(), "nothing is heard after the end");
    assert_eq!(story.session.closing().map(|closing| closing.reason.as_str()), Some("wished"));
}

#[test]
fn a_session_that_was_never_ready_is_never_spoken_of() {
    let mut story = Story::new(Limits::default());
    assert!(story.types("!close").is_empty());
}

#[test]
fn input_waits_until_the_server_is_ready() {
    let mut story = Story::new(Limits::default());
    story.server.set_gate(Gate::Closed);
    assert!(story.types("!ready\nlook").is_empty());
    story.server.set_gate(Gate::Synced);
    assert_eq!(story.told(), ["connect 78"]);
    story.server.set_gate(Gate::Open);
    assert_eq!(story.told(), ["1 look"]);
}

#[test]
fn a_snapshot_takes_the_place_of_the_announcement() {
    let mut story = Story::new(Limits::default());
    assert!(story.session.snapshot(2).is_none(), "not ready");
    story.types("!ready");
    story.server.set_gate(Gate::Closed);
    story.types("!wide");
    let sync = story.session.snapshot(2).expect("it is connected");
    assert_eq!(sync.flags.screenwidth, 178);
    story.server.install(2, LinkWriter::new(Codec::Native));
    story.server.set_gate(Gate::Synced);
    assert!(story.told().is_empty());
    story.session.close(NOW, "gone");
    assert_eq!(story.told(), ["disconnect 9"]);
    assert!(story.session.snapshot(3).is_none(), "a session that ends is in no list");
}

#[test]
fn what_was_said_before_the_end_comes_before_it_and_nothing_after() {
    let mut story = Story::new(Limits::default());
    story.types("!ready");
    story.says("one");
    story.session.disconnect(NOW, "Goodbye.");
    story.says("two");
    assert_eq!(story.seen(), "hello\n<one>bye: Goodbye.");
    assert_eq!(story.session.deadline(), Some(NOW + FLUSH_TIME));
}

#[test]
fn a_client_that_does_not_read_is_cut_one_byte_past_the_limit() {
    let mut story = Story::new(Limits { output_queue_bytes: 100, ..Limits::default() });
    story.says(&"x".repeat(100 - "hello\n<>".len()));
    story.session.cut_if_slow(NOW, &story.limits);
    assert!(story.session.closing().is_none(), "at the limit");
    story.says("");
    story.session.cut_if_slow(NOW, &story.limits);
    assert!(story.session.closing().is_some_and(|closing| closing.reason.contains("does not read")));
    assert!(story.session.out().is_empty(), "nothing is kept for it");
    assert_eq!(story.session.deadline(), Some(NOW));
}

#[test]
fn a_full_queue_stops_the_reading() {
    let limits = Limits { input_queue_lines: 2, in_flight: 1, ..Limits::default() };
    let mut story = Story::new(limits);
    story.types("!ready\none\ntwo");
    assert_eq!(story.session.room(&story.limits), 0);
    story.session.ack(NOW, 1);
    assert_eq!(story.session.room(&story.limits), 1);
    assert_eq!(story.told(), ["2 two"]);
}

#[test]
fn the_throttle_has_a_deadline_and_lets_go_at_it() {
    let mut story = Story::new(Limits { commands_per_second: 1, ..Limits::default() });
    assert_eq!(story.types("!ready\n1\n2\n3"), ["connect 78", "1 1", "2 2"]);
    assert_eq!(story.session.deadline(), Some(NOW + SECOND));
    story.session.timeout(NOW + SECOND);
    story.session.tell(&mut story.server, NOW + SECOND, &story.limits);
    assert_eq!(story.told(), ["3 3"]);
}

#[test]
fn who_does_not_log_in_is_sent_away_at_the_limit() {
    let mut story = Story::new(Limits { login_time: SECOND, ..Limits::default() });
    assert_eq!(story.session.deadline(), Some(NOW + SECOND));
    story.session.timeout(NOW + (SECOND - Duration::from_micros(1)));
    assert!(story.session.closing().is_none());
    story.session.timeout(NOW + SECOND);
    assert!(story.session.closing().is_some());
    assert!(story.seen().contains("without logging in"));
    let mut other = Story::new(Limits { login_time: SECOND, ..Limits::default() });
    other.session.login(NOW, 7, "Anna".into());
    other.session.timeout(NOW + SECOND);
    assert!(other.session.closing().is_none(), "logged in");
    assert_eq!(other.session.deadline(), None);
}

#[test]
fn a_protocol_that_panics_ends_its_session_and_no_more() {
    let mut story = Story::new(Limits::default());
    story.types("!ready");
    assert_eq!(story.types("!panic"), ["disconnect 9"]);
    story.says("anything");
    assert_eq!(story.seen(), "");
    let mut other = Story::new(Limits::default());
    other.types("!ready");
    other.says("panic");
    assert!(other.session.closing().is_some(), "also when it sends");
}

#[test]
fn a_deadline_that_does_not_move_is_not_asked_without_end() {
    let mut story = Story::new(Limits::default());
    story.types("!late");
    let late = NOW + SECOND;
    assert_eq!(story.session.deadline(), Some(late));
    story.session.timeout(late);
    assert!(story.session.deadline().is_some_and(|deadline| deadline > late));
    assert!(story.seen().ends_with("tick"));
}

#[test]
fn what_the_server_knows_comes_back_with_the_next_snapshot() {
    let mut story = Story::new(Limits::default());
    story.types("!ready");
    let mut theirs = story.session.snapshot(1).expect("a session");
    theirs.uid = Some(7);
    theirs.logged_in = true;
    theirs.puid = Some(12);
    theirs.flags.set(Flag::Nocolor, true);
    theirs.address = "192.0.2.1".into();
    story.session.take_over(NOW, theirs.clone());
    let ours = story.session.snapshot(2).expect("a session");
    assert_eq!(&*ours.address, "::1", "whence it came is the Portal's to say");
    assert_eq!(ours, SessionSync { address: "::1".into(), ..theirs });
    assert!(story.session.protocol.flags().has(Flag::Nocolor));
}

#[test]
fn what_a_client_says_is_not_undone_by_a_server_that_had_not_heard_of_it() {
    let mut story = Story::new(Limits::default());
    story.types("!ready");
    let width =
        |story: &Story| (story.session.sync.flags.screenwidth, story.session.protocol.flags().screenwidth);
    let before = story.session.sync.clone();
    assert_eq!(story.types("!wide"), ["update 178"]);
    let between = story.session.sync.clone();
    assert_eq!(story.types("!wide"), ["update 278"]);
    for late in [before, between] {
        story.session.take_over(NOW, late);
        assert_eq!(width(&story), (278, 278));
    }
    let mut game = story.session.sync.clone();
    game.flags.screenwidth = 90;
    story.session.take_over(NOW, game);
    assert_eq!(width(&story), (90, 90), "what the game sets counts");
}

#[test]
fn who_came_while_there_was_no_server_is_announced_to_the_next() {
    let mut story = Story::new(Limits::default());
    story.server.set_gate(Gate::Closed);
    assert!(story.types("!ready").is_empty());
    for generation in [2, 3] {
        // The first of them dies before it is ready.
        assert!(story.session.snapshot(generation).is_none(), "who is in it is not greeted");
        story.server.install(generation, LinkWriter::new(Codec::Native));
        story.server.set_gate(Gate::Synced);
        assert!(story.session.has_news());
        assert_eq!(story.told(), ["connect 78"]);
    }
    story.session.server_ready(NOW, 0);
    assert!(story.session.snapshot(4).is_some(), "that one greeted it");
}

#[test]
fn local_echo_gives_back_what_is_typed() {
    let mut story = Story::new(Limits::default());
    story.types("!ready");
    story.session.apply_flags(NOW, &Kwargs::from_iter([("LOCALECHO".to_owned(), true.into())]));
    assert_eq!(story.types("look"), ["1 look"]);
    assert_eq!(story.seen(), "hello\n<look>");

    // What nobody is to see is not given back either.
    for (shows, seen) in [(false, "<Password:>"), (true, "<Welcome><look>")] {
        let said = if shows { "Welcome" } else { "Password:" };
        story.session.send(NOW, &text(said).with_option("echo", shows), &mut Render::new(said));
        story.types(if shows { "look" } else { "secret" });
        assert_eq!(story.seen(), seen);
    }
}

#[test]
fn only_those_who_have_seen_the_game_hear_of_its_troubles() {
    let mut story = Story::new(Limits::default());
    story.session.notice(NOW, "The game is back.");
    assert_eq!(story.seen(), "hello\n");
    story.types("!ready");
    story.session.notice(NOW, "The game is back.");
    assert_eq!(story.seen(), "<The game is back.>");
}

#[test]
fn a_client_that_has_hung_up_is_heard_to_the_end_but_not_for_ever() {
    let mut story = Story::new(Limits::default());
    story.types("!ready\nlook");
    story.session.end_of_input(NOW);
    assert!(story.session.closing().is_none());
    story.session.ack(NOW, 1);
    assert_eq!(story.told(), ["disconnect 9"]);
    let mut other = Story::new(Limits::default());
    other.types("!ready\nlook");
    other.session.end_of_input(NOW);
    other.session.timeout(NOW + HALF_CLOSED_TIME);
    assert_eq!(other.told(), ["disconnect 9"]);
}

#[test]
fn tuples_that_are_not_text_pass_too() {
    let mut story = Story::new(Limits::default());
    story.types("!ready");
    let tuple = tuple("ping").kw("token", 1);
    story.session.send(NOW, &tuple, &mut Render::new(""));
    story.session.send(NOW, &prompt(">"), &mut Render::new(">"));
    assert_eq!(story.seen(), "hello\n<>>");
}

/// A session that speaks telnet, and has said hello.
fn telnet_session(limits: &Limits) -> PortalSession {
    let protocol = Box::new(Telnet::new(TelnetSettings::default()));
    let mut session = PortalSession::new(SessionId(9), protocol, Transport::Stream, "::1", NOW, limits);
    session.connect(NOW);
    session.packed(NOW).expect("a stream").clear();
    session
}

#[test]
fn a_batch_is_packed_once_whatever_of_the_last_one_still_waits() {
    const DO_MCCP2: &[u8] = b"\xff\xfd\x56";
    const BEGIN: &[u8] = b"\xff\xfa\x56\xff\xf0\x78\x9c";
    const FLUSH: &[u8] = b"\0\0\xff\xff";
    let mut session = telnet_session(&Limits::default());
    let say = |session: &mut PortalSession| {
        session.send(NOW, &text("A rose."), &mut Render::new("A rose."));
    };
    say(&mut session);
    session.receive(NOW, DO_MCCP2);
    say(&mut session);
    say(&mut session);
    let first = session.packed(NOW).expect("a stream").to_vec();
    assert!(first.starts_with(&[b"A rose.\x1b[0m\r\n", BEGIN].concat()), "{first:02x?}");
    assert!(first.ends_with(FLUSH));
    assert_eq!(*session.packed(NOW).expect("a stream"), first, "packed once");

    // The socket takes a part of it.
    let _ = session.packed(NOW).expect("a stream").split_to(5);
    say(&mut session);
    let both = session.packed(NOW).expect("a stream").to_vec();
    assert!(both.starts_with(&first[5..]) && both.len() > first.len() - 5 && both.ends_with(FLUSH));

    session.close(NOW, "done");
    let all = session.packed(NOW).expect("a stream").to_vec();
    assert_eq!(all.len(), both.len() + 6, "the end of a zlib stream: a block and a checksum");
    assert_eq!(*session.packed(NOW).expect("a stream"), all, "ended once");
}

#[test]
fn nothing_is_packed_for_a_connection_that_was_cut() {
    let mut session = telnet_session(&Limits::default());
    session.receive(NOW, b"\xff\xfd\x56");
    session.packed(NOW).expect("a stream").clear();
    session.cut(NOW, "broken");
    assert!(session.packed(NOW).expect("a stream").is_empty());
}

#[test]
fn what_a_client_packed_is_read_as_far_as_there_is_room() {
    // Three thousand line ends, as zlib packs them.
    const PACKED: &[u8] =
        b"\x78\x9c\xed\xc1\x21\x01\0\0\0\xc3\x20\xbf\xfe\x81\x5f\xe3\x02\x28\0\0\xe0\xdd\0\x13\xd1\x75\x31";
    let limits = Limits { input_queue_lines: 5000, input_queue_bytes: usize::MAX, ..Limits::default() };
    let mut session = telnet_session(&limits);
    session.receive(NOW, b"\xff\xfd\x57\xff\xfa\x57\xff\xf0");
    session.receive(NOW, PACKED);
    let mut room = session.room(&limits);
    assert!(5000 - room <= PACKED.len(), "a byte makes one input at most");
    while session.read_on(NOW, 50) {
        let left = session.room(&limits);
        assert!(room - left <= 50, "{} inputs for a room of 50", room - left);
        room = left;
    }
    assert_eq!(room, 2000, "all of them");
}
