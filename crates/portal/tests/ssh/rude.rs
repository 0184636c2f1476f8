//! A client that does what OpenSSH's does not: it asks twice, floods, reads nothing, or says nothing at all.

use std::{sync::Arc, time::Duration};

use meadow_portal::Guests;
use russh::{ChannelMsg, client};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{Ssh, eventually};

const PATIENCE: Duration = Duration::from_secs(20);

struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        _key: &russh::keys::PublicKeyOrCertificate,
    ) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

type Handle = client::Handle<Trusting>;
type Channel = russh::Channel<client::Msg>;

async fn guest(ssh: &Ssh) -> Handle {
    let mut handle = connect(ssh, client::Config::default()).await;
    assert!(handle.authenticate_none("guest").await.unwrap().success());
    handle
}

async fn connect(ssh: &Ssh, config: client::Config) -> Handle {
    client::connect(Arc::new(config), ssh.portal.address("ssh"), Trusting).await.unwrap()
}

async fn shell(handle: &Handle) -> Channel {
    let mut channel = handle.channel_open_session().await.unwrap();
    channel.request_pty(true, "xterm", 80, 24, 0, 0, &[]).await.unwrap();
    channel.request_shell(true).await.unwrap();
    until(&mut channel, "Welcome").await;
    channel
}

/// Reads until this has come.
async fn until(channel: &mut Channel, text: &str) -> String {
    let reading = async {
        let mut seen = String::new();
        while !seen.contains(text) {
            match channel.wait().await {
                Some(ChannelMsg::Data { data }) => seen.push_str(&String::from_utf8_lossy(&data)),
                Some(_) => {}
                None => panic!("closed before {text:?}, after {seen:?}"),
            }
        }
        seen
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("in time")
}

/// Reads until the end.
async fn until_closed(channel: &mut Channel) {
    let reading = async { while channel.wait().await.is_some() {} };
    tokio::time::timeout(PATIENCE, reading).await.expect("closed in time");
}

#[tokio::test]
async fn a_connection_has_one_shell_and_nothing_else() {
    let ssh = Ssh::start().await;
    let handle = guest(&ssh).await;
    let mut channel = shell(&handle).await;
    assert!(handle.channel_open_session().await.is_err(), "a second channel");
    assert!(handle.channel_open_direct_tcpip("127.0.0.1", 22, "127.0.0.1", 1).await.is_err(), "forwarding");
    for refused in 0..4 {
        match refused {
            0 => channel.request_shell(true).await.unwrap(),
            1 => channel.exec(true, "look").await.unwrap(),
            2 => channel.request_subsystem(true, "sftp").await.unwrap(),
            _ => channel.request_pty(true, "xterm", 1, 1, 0, 0, &[]).await.unwrap(),
        }
        let answer = async {
            loop {
                match channel.wait().await.unwrap() {
                    ChannelMsg::Failure => return,
                    ChannelMsg::Success => panic!("{refused} was granted"),
                    _ => {}
                }
            }
        };
        tokio::time::timeout(PATIENCE, answer).await.expect("answered");
    }
    channel.data(&b"look\r"[..]).await.unwrap();
    until(&mut channel, "done look").await;
    ssh.portal.stop().await;
}

#[tokio::test]
async fn the_window_changes_between_any_two_bytes() {
    let ssh = Ssh::start().await;
    let handle = guest(&ssh).await;
    let mut channel = shell(&handle).await;
    for (at, byte) in "h\u{e9}llo\r".as_bytes().iter().enumerate() {
        channel.window_change(100 + u32::try_from(at).unwrap(), 30, 0, 0).await.unwrap();
        channel.data(&[*byte][..]).await.unwrap();
    }
    until(&mut channel, "done h\u{e9}llo").await;
    let session = ssh.session().await;
    assert_eq!((&session["width"], &session["height"]), (&106.into(), &30.into()));
    ssh.portal.stop().await;
}

#[tokio::test]
async fn who_does_not_read_is_cut_and_who_floods_waits() {
    let ssh = Ssh::start_with(Guests::Welcome, |limits| limits.commands_per_second = 0).await;
    let handle = guest(&ssh).await;
    let mut reader = shell(&handle).await;
    let lazy_handle = guest(&ssh).await;
    let lazy = shell(&lazy_handle).await;
    // 3 MB, past the window and past what may wait.
    lazy.data(&b"flood 50\r"[..]).await.unwrap();
    eventually("the one that does not read is cut", || ssh.game.events().contains(&"-2".to_owned())).await;
    // Far more lines than may wait: they are done one after the other, and all are answered.
    let lines: String = (0..2000).map(|number| format!("line {number}\r")).collect();
    let writer = reader.make_writer();
    let writing = tokio::spawn(async move {
        let mut writer = std::pin::pin!(writer);
        writer.write_all(lines.as_bytes()).await.unwrap();
    });
    until(&mut reader, "done line 1999").await;
    writing.await.unwrap();
    drop(lazy);
    ssh.portal.stop().await;
}

#[tokio::test]
async fn who_says_nothing_has_no_place_for_long() {
    let ssh = Ssh::start_with(Guests::Welcome, |limits| {
        limits.login_time = Duration::from_millis(700);
        limits.not_logged_in = 3;
    })
    .await;
    let address = ssh.portal.address("ssh");
    // One that says nothing, one that does not log in, one that opens no shell.
    let mut silent = TcpStream::connect(address).await.unwrap();
    let stranger = connect(&ssh, client::Config::default()).await;
    let idle = guest(&ssh).await;
    // The fourth is told why it cannot come in.
    let mut fourth = TcpStream::connect(address).await.unwrap();
    let mut told = String::new();
    tokio::time::timeout(PATIENCE, fourth.read_to_string(&mut told)).await.expect("in time").unwrap();
    assert!(told.starts_with("Too many people are logging in."), "{told:?}");
    let mut rest = Vec::new();
    tokio::time::timeout(PATIENCE, silent.read_to_end(&mut rest)).await.expect("closed in time").unwrap();
    assert_eq!(rest, b"SSH-2.0-Meadow\r\n");
    let ends = async {
        while !(stranger.is_closed() && idle.is_closed()) {
            tokio::task::yield_now().await
        }
    };
    tokio::time::timeout(PATIENCE, ends).await.expect("closed in time");
    // Their places are free.
    let handle = guest(&ssh).await;
    shell(&handle).await;
    assert_eq!(
        ssh.game.events().iter().filter(|event| event.starts_with('+')).count(),
        1,
        "no other was a session"
    );
    ssh.portal.stop().await;
}

#[tokio::test]
async fn a_connection_may_try_only_so_often() {
    let ssh = Ssh::start().await;
    let mut handle = connect(&ssh, client::Config::default()).await;
    let mut tried = 0;
    while let Ok(answer) = handle.authenticate_password("anna", "tulip").await {
        assert!(!answer.success());
        tried += 1;
        assert!(tried < 20, "no end of it");
    }
    assert_eq!(ssh.game.events().iter().filter(|event| event.contains("Password(***)")).count(), 10);
    ssh.portal.stop().await;
}

#[tokio::test]
async fn a_client_that_vanishes_leaves_no_session() {
    let ssh = Ssh::start().await;
    let handle = guest(&ssh).await;
    let channel = shell(&handle).await;
    drop(channel);
    handle.disconnect(russh::Disconnect::ByApplication, "", "").await.unwrap();
    eventually("the session ends", || ssh.game.events().contains(&"-1".to_owned())).await;
    // By closing the channel alone.
    let handle = guest(&ssh).await;
    let mut channel = shell(&handle).await;
    channel.close().await.unwrap();
    eventually("the session ends", || ssh.game.events().contains(&"-2".to_owned())).await;
    until_closed(&mut channel).await;
    ssh.portal.stop().await;
}

#[tokio::test]
async fn bytes_that_are_no_ssh_end_the_connection_and_nothing_else() {
    let ssh = Ssh::start().await;
    for noise in [
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        b"SSH-1.5-old\r\n".to_vec(),
        [b"SSH-2.0-x\r\n".to_vec(), vec![0xff; 4096]].concat(),
        [b"SSH-2.0-x\r\n".to_vec(), vec![0; 4096]].concat(),
        vec![b'x'; 100_000],
    ] {
        let mut stream = TcpStream::connect(ssh.portal.address("ssh")).await.unwrap();
        // It may be closed before all is written.
        let _ = stream.write_all(&noise).await;
        let mut rest = Vec::new();
        let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("closed in time");
    }
    let handle = guest(&ssh).await;
    shell(&handle).await;
    ssh.portal.stop().await;
}
