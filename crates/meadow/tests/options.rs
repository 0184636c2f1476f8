//! The commands `option` and `@session`.

use std::time::Duration;

use meadow::{Kwargs, NewObject, TestGame, WorldBuilder, transcript};
use meadow_link::{Time, ToPortal, ToServer};
use serde_json::json;

fn setup(world: &mut WorldBuilder) {
    world.at_initial_setup(|world| {
        let room =
            world.create(NewObject { key: "Hall", typeclass: "default.Room", ..NewObject::default() })?;
        world.set_start_location(room);
        Ok(())
    });
}

#[test]
fn options_are_shown_set_saved_and_cleared() {
    transcript(
        setup,
        "
> option
Client settings (telnet):
  Name             Value
  ANSI             off
  AUTORESIZE       on
...
  SCREENWIDTH      78
...
> option screenwidth = 100
Option SCREENWIDTH was changed from '78' to '100'.
That is until you log out. option/save SCREENWIDTH keeps it.
> option screenwidth=100
Option SCREENWIDTH is '100' already.
That is until you log out. option/save SCREENWIDTH keeps it.
> option/save screenreader = on
Option SCREENREADER was changed from 'off' to 'on'.
Saved option SCREENREADER.
> option screenreader = on
Option SCREENREADER is 'on' already.
> option screenreader = off
Option SCREENREADER was changed from 'on' to 'off'.
That is until you log out; 'on' is saved. option/save SCREENREADER saves the new value.
> option screenreader = on
Option SCREENREADER was changed from 'off' to 'on'.
> option
Client settings (telnet):
Name: ANSI; Value: off
...
Name: SCREENREADER; Value: on; Saved: on
...
> option/clear screenreader
Cleared saved option SCREENREADER.
> option/clear screenreader
Option SCREENREADER is not saved.
> option/save
Saved all options. Use option/clear to remove.
> option/clear
Cleared all saved options.
> option screenwidth = 9
Option SCREENWIDTH is a number from 10 to 1000.
> option ansi = maybe
Option ANSI is on or off.
> option password = x
There is no option PASSWORD. option lists them.
> option ansi
Usage: option[/save or /clear] [<name> = <value>]
> option/erase ansi
There is no switch /erase: there are /save and /clear.
",
    );
}

/// Flags of the session that is logged in to an account, by their names.
fn flags(game: &mut TestGame, name: &str) -> Kwargs {
    let world = game.world();
    let account = world.account_named(name).expect("somebody of the name has an account");
    let session = world[account].sessions()[0];
    world.session(session).expect("it is connected").flags.to_map()
}

#[test]
fn what_is_saved_is_set_at_the_next_login() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    for line in ["option/save screenwidth = 100", "option mxp = on", "option localecho = on", "option/save"] {
        game.line("Anna", line);
    }
    game.crash();
    assert_eq!(flags(&mut game, "Anna")["MXP"], true, "the session goes on as it was");
    game.login("Anna");
    let again = flags(&mut game, "Anna");
    assert_eq!((&again["SCREENWIDTH"], &again["LOCALECHO"]), (&json!({"0": 100}), &json!(true)));
    assert_eq!(again["MXP"], false, "whether a client can do it, this client says itself");
    game.line("Anna", "option/clear");
    game.login("Anna");
    assert_eq!(flags(&mut game, "Anna")["LOCALECHO"], false);
}

#[test]
fn the_portal_hears_of_options() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.login("Bob");
    let refused = game.line("Anna", "option encoding = no-such");
    assert!(refused.contains("Option ENCODING is one of: utf-8, us-ascii, iso-8859-1, "), "{refused}");
    game.line("Anna", "option encoding = ISO-8859-2");
    game.read("Bob");
    game.bytes("Anna", b"say \xb1\r\n");
    assert_eq!(game.read("Bob"), "Anna says, \"\u{105}\"");
    // After it, the world knows only what the Portal knew.
    game.crash();
    assert_eq!(flags(&mut game, "Anna")["ENCODING"], "iso-8859-2");
}

#[test]
fn developers_ask_the_portal_about_sessions() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.login("Bob");
    let refused = game.line("Bob", "@session Anna");
    assert!(refused.starts_with("Command '@session Anna' is not available."), "{refused}");
    let [anna, bob] = ["Anna", "Bob"].map(|name| game.world().account_named(name).unwrap());
    let [annas, bobs] = [anna, bob].map(|account| game.world()[account].sessions()[0]);
    game.world()[bob].permissions.push("Developer".into());
    for (line, asked) in [
        ("@session anna".to_owned(), annas),
        (format!("@session {annas}"), annas),
        (format!("@session #{annas}"), annas),
        ("@session".to_owned(), bobs),
    ] {
        assert_eq!(game.line("Bob", &line), "");
        assert_eq!(
            game.take_requests(),
            [ToPortal::Inspect { asker: bobs, sessions: vec![asked] }],
            "{line}"
        );
    }
    assert_eq!(game.line("Bob", "@session N|robody"), "Nobody called N|robody is connected.");
    assert_eq!(game.line("Bob", "@session 999"), "Nobody called 999 is connected.");
    let known = Kwargs::from_iter([("client".to_owned(), json!("|rMUD"))]);
    game.world().handle(Time::default(), ToServer::Inspected { asker: bobs, sessions: vec![known] });
    game.advance(Duration::ZERO);
    let told = game.read("Bob");
    assert!(told.contains("|rMUD"), "{told}");
}
