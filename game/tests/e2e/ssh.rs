//! SSH with OpenSSH's client against the whole game: from a stranger to a player with a key of their own.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

use crate::harness::{Game, PASSWORD, Program, installed};

/// A game with SSH. Others do without, because the keys of a first start take a second to make.
pub(crate) fn game_with_ssh() -> Game {
    Game::started_with(&["ssh.enabled=true", "ssh.listen=127.0.0.1:0"])
}

fn home() -> TempDir {
    tempfile::tempdir().expect("a folder can be made")
}

/// The line of shell that connects somebody, without anything of whoever runs the test.
fn line(game: &Game, home: &Path, user: &str) -> String {
    let port = game.address("ssh").port();
    let known = home.join("known_hosts");
    format!(
        "ssh -F /dev/null -p {port} -o UserKnownHostsFile={} -o GlobalKnownHostsFile=/dev/null -o LogLevel=ERROR \
         -o StrictHostKeyChecking=accept-new -o IdentitiesOnly=yes -o IdentityAgent=none -l '{user}'",
        known.display()
    )
}

fn in_terminal(game: &Game, home: &Path, user: &str) -> Program {
    Program::in_terminal(&format!("{} -t 127.0.0.1", line(game, home, user)), home, game.scene())
}

/// Has one command done, with a key and nothing else.
fn run(game: &Game, home: &Path, user: &str, command: &str) -> Output {
    let line = format!(
        "exec {} -o BatchMode=yes -i {} 127.0.0.1 '{command}'",
        line(game, home, user),
        home.join("id").display()
    );
    Command::new("sh").args(["-c", &line]).stdin(Stdio::null()).output().expect("a shell runs")
}

#[test]
fn a_stranger_becomes_a_player_with_a_key() {
    let (Some(_), Some(_)) = (installed("ssh"), installed("script")) else { return };
    let game = game_with_ssh();
    let home = home();

    // The login screen, as guest; passwords are not to be seen.
    let mut guest = in_terminal(&game, home.path(), "guest");
    guest.expect("hangs up.");
    guest.send(&format!("create \"Anna Lee\" {PASSWORD}\r"));
    guest.expect("[Y]/N?");
    guest.send("y\r");
    guest.expect("A new account 'Anna Lee' was created. Welcome!");
    guest.send("\x04");
    assert!(!guest.text().contains(PASSWORD), "{}", guest.text());
    guest.expect_success();

    // Straight into the game, by name and password.
    let mut anna = in_terminal(&game, home.path(), "Anna Lee");
    anna.expect("password:");
    anna.send("not-the-password\r");
    anna.expect("password:");
    anna.send(&format!("{PASSWORD}\r"));
    anna.expect("You are now logged in as Anna Lee.");
    anna.expect("Exits: north, east");
    assert!(!anna.text().contains("connect <name>"), "nobody who has logged in sees the login screen");
    let session = game.session_of("Anna Lee");
    assert_eq!(
        (&session["protocol"], &session["width"], &session["height"]),
        (&"ssh".into(), &100.into(), &40.into())
    );

    // A key, which no other account has.
    let key = home.path().join("id");
    let mut keygen = Command::new("ssh-keygen");
    keygen.args(["-q", "-t", "ed25519", "-N", "", "-C", "laptop", "-f"]).arg(&key);
    assert!(keygen.status().expect("ssh-keygen runs").success());
    let public = fs::read_to_string(key.with_extension("pub")).expect("it was made");
    anna.send(&format!("sshkey add {}\r", public.trim()));
    anna.expect("You can log in with the key ssh-ed25519 ...");
    anna.send("ooc\rquit\r");
    anna.expect("Quitting.");
    anna.expect_success();

    let done = run(&game, home.path(), "anna lee", "look");
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert!(told.starts_with("A Meadow\n") && !told.contains("logged in"), "{told:?}");
    assert!(!told.contains(['\x1b', '\r']), "plain text for programs: {told:?}");
    game.player("bert");
    assert_eq!(run(&game, home.path(), "bert", "look").status.code(), Some(255));
    // What was kept is there after a restart, too.
    game.meadow(&["reload"]);
    assert_eq!(run(&game, home.path(), "Anna Lee", "sshkey remove 1").status.code(), Some(0));
    assert_eq!(run(&game, home.path(), "Anna Lee", "look").status.code(), Some(255));
}

#[test]
fn wrong_passwords_count_whichever_way_they_come() {
    let (Some(_), Some(_)) = (installed("ssh"), installed("script")) else { return };
    let game = game_with_ssh();
    let home = home();
    game.stranger().register("anna");
    for name in ["anna", "nobody"] {
        let mut thief = in_terminal(&game, home.path(), name);
        for _ in 0..3 {
            thief.expect("password:");
            thief.send("not-the-password\r");
        }
        thief.expect("Permission denied (publickey,password).");
    }
    let told = game.stranger().ask(&format!("connect anna {PASSWORD}"));
    assert!(told.starts_with("Too many login failures from your address."), "{told}");
    let mut late = in_terminal(&game, home.path(), "anna");
    late.expect("password:");
    late.send(&format!("{PASSWORD}\r"));
    late.expect("Permission denied");
}

#[test]
fn the_status_shows_what_clients_show_of_the_host_keys() {
    let Some(_) = installed("ssh-keygen") else { return };
    let game = game_with_ssh();
    let status = game.meadow(&["status"]).out;
    for name in ["host_ed25519", "host_rsa"] {
        let path = game.folder().join("data/ssh").join(name);
        let shown = Command::new("ssh-keygen").arg("-lf").arg(&path).output().expect("ssh-keygen runs");
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        let fingerprint = shown.split(' ').nth(1).expect("a fingerprint");
        assert!(
            fingerprint.starts_with("SHA256:") && status.contains(fingerprint),
            "{shown} is not in {status}"
        );
    }
    assert!(game.address("ssh").port() > 0);
}
