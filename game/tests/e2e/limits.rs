//! What one player does beyond all measure costs the others nothing.

use std::{io::Write, net::TcpStream, os::unix::net::UnixStream};

use crate::harness::{Game, Websocket, wait_until};

#[test]
fn a_line_that_is_too_long_gets_one_error_and_the_session_lives() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let mut bert = game.player("bert");
    anna.rest();
    let longest = format!("say {}", "x".repeat(6000 - "say ".len()));
    anna.send(&longest);
    anna.expect(&format!("You say, \"{}\"\n", &longest[4..]));
    bert.expect(&format!("anna says, \"{}\"\n", &longest[4..]));
    let told = anna.ask(&format!("{longest}x"));
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains("too long"), "{told}");
    assert!(anna.ask("look").starts_with("A Meadow\n"));
    assert_eq!(bert.rest(), "", "nobody else hears of it");

    // One without an end is no trouble either.
    anna.send_bytes("y".repeat(1_000_000).as_bytes());
    let told = anna.ask("");
    assert!(told.lines().count() <= 1, "{told}");
    assert!(anna.ask("look").starts_with("A Meadow\n"));

    let mut browser = game.browser();
    browser.register_and_log_in("carl");
    browser.send(&format!("{longest}x"));
    browser.expect("too long");
    browser.send("look");
    browser.expect("A Meadow");
}

#[test]
fn a_flood_of_lines_in_one_write_is_answered_in_order() {
    const LINES: usize = 2000;
    let game = Game::started_with(&["limits.commands_per_second=0"]);
    let mut anna = game.player("anna");
    anna.rest();
    let flood: String = (1..=LINES).map(|n| format!("say {n}\r\n")).collect();
    anna.send_bytes(flood.as_bytes());
    for n in 1..=LINES {
        assert_eq!(anna.line(), format!("You say, \"{n}\""));
    }
    assert!(anna.ask("look").starts_with("A Meadow\n"));
}

#[test]
fn lines_beyond_the_rate_are_delayed_and_none_is_lost() {
    const LINES: usize = 120;
    let game = Game::started();
    let mut anna = game.player("anna");
    let mut bert = game.player("bert");
    anna.rest();
    let flood: String = (1..=LINES).map(|n| format!("say {n}\r\n")).collect();
    anna.send_bytes(flood.as_bytes());
    assert!(bert.ask("look").contains("A Meadow\n"), "others are not held up");
    for n in 1..=LINES {
        assert_eq!(anna.line(), format!("You say, \"{n}\""));
    }
}

#[test]
fn a_client_that_does_not_read_is_cut_and_the_others_go_on() {
    let game = Game::started_with(&["limits.output_queue_bytes=65536", "limits.commands_per_second=0"]);
    let mut deaf = game.player("deaf");
    let mut anna = game.player("anna");
    deaf.rest();
    deaf.send(&format!("setdesc {}", "x".repeat(5900)));
    deaf.expect("You set your description.\n");
    // More than the system's buffers on both sides hold.
    deaf.send_bytes("look me\r\n".repeat(3000).as_bytes());
    wait_until("the deaf one is cut", || {
        let told = anna.ask("say Are you well?");
        assert!(told.contains("You say, "), "{told}");
        told.contains("deaf has lost their link.\n")
    });
    assert_eq!(game.status()["sessions"], 1);
    assert!(game.scene().tails().contains("does not read"), "{}", game.scene().tails());
}

#[test]
fn noise_on_every_port_hurts_nobody() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let (telnet, web) = (game.address("telnet"), game.address("web"));
    for seed in 1..=8 {
        for address in [telnet, web] {
            make_noise(&TcpStream::connect(address).expect("it can be connected"), seed);
        }
        let link = UnixStream::connect(game.folder().join("run/link.sock"));
        make_noise(&link.expect("it can be connected"), seed);
        let (_, websocket) = Websocket::shake_hands(web, &[]);
        make_noise(&websocket, seed);
        assert!(anna.ask("look").starts_with("A Meadow\n"));
    }
    wait_until("the noisy ones are gone", || game.status()["sessions"] == 1);
    assert_eq!(game.status()["server"]["restarts"], 0);
    assert_eq!(game.meadow(&["reload"]).code, 0);
    anna.expect("The game has been reloaded.\n");
}

/// Sends bytes of no meaning and hangs up; the other side may do so first.
fn make_noise(mut stream: impl Write, seed: u32) {
    let mut state = seed;
    // The middle bits of a linear congruential generator, and now and then what telnet makes a start of.
    let noise = (0..20_000u32).map(|at| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if at % 7 == seed % 7 { 0xff } else { state.to_be_bytes()[1] }
    });
    let _ = stream.write_all(&noise.collect::<Vec<u8>>());
}
