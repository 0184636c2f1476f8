//! SSH: OpenSSH's own client, and one that does what no client should.

mod rude;

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use meadow_portal::{Guests, IfTaken, Limits, SshListen};
use meadow_protocol::ssh::TerminalSettings;

use super::common::{Game, Running, eventually};

/// A game with SSH, and a folder for a client's files.
struct Ssh {
    game: Game,
    portal: Running,
}

impl Ssh {
    async fn start() -> Ssh {
        Ssh::start_with(Guests::Welcome, |_| ()).await
    }

    async fn start_with(guests: Guests, limits: impl FnOnce(&mut Limits)) -> Ssh {
        let mut game = Game::new().limits(limits);
        game.config.ssh = Some(SshListen {
            addresses: vec!["127.0.0.1:0".parse().unwrap()],
            if_taken: IfTaken::Fail,
            guests,
            terminal: TerminalSettings::default(),
        });
        let portal = game.start().await.unwrap();
        Ssh { game, portal }
    }

    /// OpenSSH's client with these arguments, without anything of whoever runs the test. `password` is what it gets when it asks
    /// for one, which it may once.
    fn command(&self, user: &str, password: &str, arguments: &[&str]) -> Command {
        let dir = self.game.dir.path();
        let askpass = dir.join("askpass");
        fs::write(&askpass, format!("#!/bin/sh\necho '{password}'\n")).unwrap();
        fs::set_permissions(&askpass, fs::Permissions::from_mode(0o700)).unwrap();
        let known = format!("UserKnownHostsFile={}", dir.join("known_hosts").display());
        let mut command = Command::new("ssh");
        command.args(["-F", "/dev/null", "-p", &self.portal.address("ssh").port().to_string()]);
        for option in [
            &known,
            "GlobalKnownHostsFile=/dev/null",
            "StrictHostKeyChecking=accept-new",
            "IdentitiesOnly=yes",
            "NumberOfPasswordPrompts=1",
            "LogLevel=ERROR",
            "ConnectTimeout=20",
        ] {
            command.args(["-o", option]);
        }
        command.args(["-l", user]).args(arguments);
        command.env("SSH_ASKPASS", askpass).env("SSH_ASKPASS_REQUIRE", "force").env_remove("SSH_AUTH_SOCK");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it with this input to its end.
    async fn run(&self, user: &str, password: &str, arguments: &[&str], input: &str) -> Output {
        run(self.command(user, password, arguments), input).await
    }

    /// A key that Anna logs in with.
    fn key(&self, kind: &[&str]) -> PathBuf {
        let path = self.game.dir.path().join("id");
        let made = Command::new("ssh-keygen").args(["-q", "-N", "", "-f"]).arg(&path).args(kind).status();
        assert!(made.unwrap().success());
        fs::copy(path.with_extension("pub"), self.game.dir.path().join("anna.pub")).unwrap();
        path
    }

    /// What the Portal knows of the one session.
    async fn session(&self) -> meadow_link::Kwargs {
        let sessions = self.portal.sessions().await;
        assert_eq!(sessions.len(), 1, "{sessions:?}");
        sessions.into_iter().next().unwrap()
    }
}

async fn run(mut command: Command, input: &str) -> Output {
    let input = input.to_owned();
    let run = move || {
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // One that is refused does not read.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether a program is here. In CI it must be.
#[expect(clippy::print_stderr, reason = "what is not tested is to be seen")]
fn has(program: &str, test: &str) -> bool {
    let is_there =
        Command::new(program).arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    assert!(is_there || std::env::var_os("CI").is_none(), "{program} is not installed");
    if !is_there {
        eprintln!("NOT TESTED: {test}: {program} is not installed");
    }
    is_there
}

macro_rules! needs {
    ($program:literal, $test:literal) => {
        if !has($program, $test) {
            return;
        }
    };
}

#[tokio::test]
async fn a_password_lets_in_and_a_command_is_done() {
    needs!("ssh", "a_password_lets_in_and_a_command_is_done");
    let ssh = Ssh::start().await;
    let done = ssh.run("anna", "rose garden", &["127.0.0.1", "look", "around"], "").await;
    assert_eq!(text(&done.stdout), "done look around\n", "{}", text(&done.stderr));
    assert_eq!(done.status.code(), Some(0));
    // An input that does nothing came first, so that what is said at the login is not taken for the answer.
    assert_eq!(ssh.game.journal(), ["1 1 ", "1 2 look around"]);
    let events = ssh.game.events();
    assert!(events.iter().any(|event| event.contains("127.0.0.1 anna Password(***)")), "{events:?}");
    assert!(events.contains(&"+1 ssh 7".to_owned()), "logged in from the start: {events:?}");
    ssh.portal.stop().await;
}

#[tokio::test]
async fn a_wrong_password_keeps_out() {
    needs!("ssh", "a_wrong_password_keeps_out");
    let ssh = Ssh::start().await;
    for (name, password) in [("anna", "tulip"), ("bert", "rose garden")] {
        let done = ssh.run(name, password, &["127.0.0.1", "look"], "").await;
        assert_eq!(done.status.code(), Some(255));
        assert!(
            text(&done.stderr).contains("Permission denied (publickey,password)"),
            "{}",
            text(&done.stderr)
        );
    }
    assert!(ssh.game.events().iter().all(|event| !event.starts_with('+')), "{:?}", ssh.game.events());
    eventually("their places are free", || ssh.game.events().len() >= 3).await;
    ssh.portal.stop().await;
}

#[tokio::test]
async fn keys_of_every_kind_let_in() {
    needs!("ssh", "keys_of_every_kind_let_in");
    let ssh = Ssh::start().await;
    for kind in [&["-t", "ed25519"][..], &["-t", "rsa", "-b", "2048"], &["-t", "ecdsa"]] {
        let key = ssh.key(kind);
        let batch = ["-o", "BatchMode=yes", "-i", key.to_str().unwrap(), "127.0.0.1", "look"];
        let done = ssh.run("anna", "", &batch, "").await;
        assert_eq!(text(&done.stdout), "done look\n", "{kind:?}: {}", text(&done.stderr));
        // Somebody else's.
        let done = ssh.run("bert", "", &batch, "").await;
        assert_eq!(done.status.code(), Some(255));
        for file in ["id", "id.pub"] {
            fs::remove_file(ssh.game.dir.path().join(file)).unwrap();
        }
    }
    ssh.portal.stop().await;
}

#[tokio::test]
async fn a_guest_comes_to_the_login_screen_if_guests_are_welcome() {
    needs!("ssh", "a_guest_comes_to_the_login_screen_if_guests_are_welcome");
    let ssh = Ssh::start().await;
    let done = ssh.run("guest", "", &["-o", "BatchMode=yes", "127.0.0.1"], "connect anna x\nquit\n").await;
    assert_eq!(text(&done.stdout), "Welcome\ndone connect anna x\nGoodbye.\n", "{}", text(&done.stderr));
    assert_eq!(done.status.code(), Some(0));
    assert!(ssh.game.events().contains(&"+1 ssh".to_owned()), "not logged in: {:?}", ssh.game.events());
    ssh.portal.stop().await;

    let ssh = Ssh::start_with(Guests::None, |_| ()).await;
    let done = ssh.run("guest", "", &["-o", "BatchMode=yes", "127.0.0.1"], "").await;
    assert_eq!(done.status.code(), Some(255));
    ssh.portal.stop().await;
}

#[tokio::test]
async fn a_player_types_at_a_terminal() {
    needs!("ssh", "a_player_types_at_a_terminal");
    let ssh = Ssh::start().await;
    let done =
        ssh.run("anna", "rose garden", &["-tt", "127.0.0.1"], "lokk\x7f\x7fok\rpassword a b\rquit\r").await;
    let seen = text(&done.stdout);
    assert!(
        seen.contains("okk\rlok\x1b[K\rlo\x1b[Kok\r\n") && seen.contains("done look\x1b[0m\r\n"),
        "{seen:?}"
    );
    assert!(seen.contains("assword ***") && !seen.contains("password a b\r"), "{seen:?}");
    assert!(seen.contains("Goodbye."), "{seen:?}");
    assert_eq!(ssh.game.journal(), ["1 1 look", "1 2 password a b", "1 3 quit"]);
    ssh.portal.stop().await;
}

#[tokio::test]
async fn the_end_of_input_ends_the_session_when_all_is_done() {
    needs!("ssh", "the_end_of_input_ends_the_session_when_all_is_done");
    let ssh = Ssh::start_with(Guests::Welcome, |limits| limits.commands_per_second = 0).await;
    let lines: String = (0..600).map(|number| format!("line {number}\n")).collect();
    let done = ssh.run("anna", "rose garden", &["-T", "127.0.0.1"], &lines).await;
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(text(&done.stdout).ends_with("done line 599\n"), "more lines than may wait, and all are done");
    assert_eq!(ssh.game.journal().len(), 600);
    ssh.portal.stop().await;
}

#[tokio::test]
async fn both_host_keys_are_shown_and_told() {
    needs!("ssh", "both_host_keys_are_shown_and_told");
    let ssh = Ssh::start().await;
    let told = ssh.portal.status().await["ssh_host_keys"].clone();
    for (algorithm, at) in [("ssh-ed25519", 0), ("rsa-sha2-512", 1), ("rsa-sha2-256", 1)] {
        let known = ssh.game.dir.path().join("known_hosts");
        let option = format!("HostKeyAlgorithms={algorithm}");
        let done = ssh.run("anna", "rose garden", &["-o", &option, "127.0.0.1", "look"], "").await;
        assert_eq!(done.status.code(), Some(0), "{algorithm}: {}", text(&done.stderr));
        let shown = Command::new("ssh-keygen").arg("-lf").arg(&known).output().unwrap();
        let shown = text(&shown.stdout);
        let fingerprint = told[at].as_str().unwrap().split(' ').next().unwrap().to_owned();
        assert!(shown.contains(&fingerprint), "{shown} is not {fingerprint}");
        fs::remove_file(known).unwrap();
    }
    // SHA-1 is not to be had.
    let done =
        ssh.run("anna", "rose garden", &["-o", "HostKeyAlgorithms=ssh-rsa", "127.0.0.1", "look"], "").await;
    assert_eq!(done.status.code(), Some(255));
    ssh.portal.stop().await;
}

#[tokio::test]
async fn a_window_that_changes_is_known() {
    needs!("ssh", "a_window_that_changes_is_known");
    needs!("script", "a_window_that_changes_is_known");
    let ssh = Ssh::start().await;
    let inner = ssh.command("anna", "rose garden", &["-t", "127.0.0.1"]);
    let quoted = |word: &std::ffi::OsStr| format!("'{}'", word.to_str().unwrap().replace('\'', "'\\''"));
    let line: Vec<String> =
        std::iter::once(inner.get_program()).chain(inner.get_args()).map(quoted).collect();
    // A shell beside the client changes the window of the terminal that both have.
    let flag = ssh.game.dir.path().join("resize");
    let shell = format!(
        "stty cols 100 rows 33; (while ! [ -e {flag} ]; do sleep 0.05; done; stty cols 131 rows 50 < /dev/tty) & {line}",
        flag = flag.display(),
        line = line.join(" ")
    );
    let mut command = Command::new("script");
    command.args(["-qec", &shell, "/dev/null"]).env("TERM", "xterm-256color");
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let has_size = async |width: u64, height: u64| {
        for _ in 0..1000 {
            let sessions = ssh.portal.sessions().await;
            if sessions.iter().any(|session| session["width"] == width && session["height"] == height) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("never {width} by {height}: {:?}", ssh.portal.sessions().await);
    };
    has_size(100, 33).await;
    let session = ssh.session().await;
    assert_eq!((&session["terminal"], &session["account"]), (&"xterm-256color".into(), &"Anna".into()));
    assert_eq!(session["negotiated"]["terminal"], "line editor");
    assert!(session["client"].as_str().unwrap().starts_with("OPENSSH_"), "{session:?}");
    let flags = session["flags"].to_string();
    for flag in ["TRUECOLOR", "XTERM256", "SSL"] {
        assert!(flags.contains(flag), "{flags}");
    }
    fs::write(&flag, "").unwrap();
    has_size(131, 50).await;
    // Ctrl-D at the begin of a line is the end.
    child.stdin.take().unwrap().write_all(b"\x04").unwrap();
    let ended = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    assert_eq!(ended.code(), Some(0));
    ssh.portal.stop().await;
}

#[tokio::test]
async fn a_session_lives_through_a_reload() {
    needs!("ssh", "a_session_lives_through_a_reload");
    let ssh = Ssh::start().await;
    let mut child = ssh.command("anna", "rose garden", &["-T", "127.0.0.1"]).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"before\n").unwrap();
    eventually("it is done", || ssh.game.journal() == ["1 1 before"]).await;
    ssh.portal.operate(meadow_link::amp::Operation::Reload).await;
    stdin.write_all(b"after\nquit\n").unwrap();
    let done = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    assert!(text(&done.stdout).contains("done after\n"), "{}", text(&done.stdout));
    let synced = ssh.game.events().into_iter().find(|event| event.starts_with("sync Reload"));
    assert_eq!(synced.as_deref(), Some("sync Reload 1:Anna"));
    ssh.portal.stop().await;
}

/// The folder of the keys that the Portal has made.
fn host_keys(game: &Game) -> PathBuf {
    let folder: &Path = &game.config.data_dir;
    folder.join("ssh")
}

#[tokio::test]
async fn a_damaged_host_key_is_told_and_not_replaced() {
    let ssh = Ssh::start().await;
    let path = host_keys(&ssh.game).join("host_rsa");
    let Ssh { game, portal } = ssh;
    portal.stop().await;
    fs::write(&path, "nonsense").unwrap();
    let error = game.start().await.err().expect("an error").to_string();
    assert!(error.contains("host_rsa holds no SSH host key"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "nonsense");
}
