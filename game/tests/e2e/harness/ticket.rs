//! A player with a browser whose session outlives its connection: it counts as `docs/websocket.md` says.

use std::net::SocketAddr;

use serde_json::Value;

use super::{Game, PASSWORD, Websocket};

/// A browser with a ticket.
pub(crate) struct TicketHolder {
    socket: Websocket,
    seat: Seat,
}

/// What a browser needs to come back.
pub(crate) struct Seat {
    ticket: String,
    heard: u64,
    /// Every line that was typed in this session.
    typed: Vec<String>,
}

impl TicketHolder {
    /// Connects; a ticket with its count is in the query, or none (`resume=`). Gives back what the game says of it, too.
    pub(crate) fn open(game: &Game, web: SocketAddr, query: &str) -> (TicketHolder, Value) {
        let mut socket = Websocket::connect_to(web, game.scene(), &format!("/ws?{query}"), "v1.evennia.com");
        let first = socket.tuple();
        assert_eq!(first[0], "ticket", "{first}");
        let heard = first[2]["after"].as_u64().expect("a number");
        let ticket = first[1][0].as_str().expect("a ticket").to_owned();
        (TicketHolder { socket, seat: Seat { ticket, heard, typed: Vec::new() } }, first[2].clone())
    }

    /// What it would show to come back.
    pub(crate) fn ticket(&self) -> &str {
        &self.seat.ticket
    }

    /// Cuts the connection; gives back how it comes back.
    pub(crate) fn cut(self) -> impl FnOnce(&Game, SocketAddr) -> (TicketHolder, Value) {
        let seat = self.leave();
        move |game, web| seat.come_back(game, web)
    }

    /// Cuts the connection, if it is still there.
    pub(crate) fn leave(self) -> Seat {
        self.socket.cut();
        self.seat
    }

    /// Types a line.
    pub(crate) fn types(&mut self, line: &str) {
        self.seat.typed.push(line.to_owned());
        self.socket.send(line);
    }

    /// Reads up to a text that holds this; gives back all texts, each once.
    pub(crate) fn until(&mut self, want: &str) -> Vec<String> {
        let mut texts = Vec::new();
        loop {
            let tuple = self.socket.tuple();
            if tuple[0] == "heard" {
                continue;
            }
            self.seat.heard += 1;
            if tuple[0] == "text" || tuple[0] == "prompt" {
                let text = tuple[1][0].as_str().unwrap_or_default().to_owned();
                let found = text.contains(want);
                texts.push(text);
                if found {
                    return texts;
                }
            }
        }
    }

    /// Makes an account, logs in, and waits until it sees where it is.
    pub(crate) fn register_and_log_in(&mut self, name: &str) {
        for (line, answer) in [
            (format!("create {name} {PASSWORD}"), "Is this what you intended?"),
            ("y".to_owned(), "You can now log in"),
            (format!("connect {name} {PASSWORD}"), "Exits:"),
        ] {
            self.types(&line);
            self.until(answer);
        }
    }
}

impl Seat {
    /// Types a line while there is no connection.
    pub(crate) fn types(&mut self, line: &str) {
        self.typed.push(line.to_owned());
    }

    /// Comes back, and sends again what was not taken.
    pub(crate) fn come_back(self, game: &Game, web: SocketAddr) -> (TicketHolder, Value) {
        let Seat { ticket, heard, mut typed } = self;
        let (mut back, terms) = TicketHolder::open(game, web, &format!("resume={ticket}&heard={heard}"));
        if terms["resumed"] == true {
            let taken = usize::try_from(terms["heard"].as_u64().expect("a number")).expect("it is small");
            for line in typed.split_off(taken) {
                back.socket.send(&line);
                typed.push(line);
            }
            back.seat.typed = typed;
        }
        (back, terms)
    }
}
