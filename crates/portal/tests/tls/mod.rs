//! TLS with real sockets: our own client, which checks the certificate, and OpenSSL's where it is installed.

mod http2;

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use meadow_portal::{Certificate, IfTaken, PortalError, TlsListen};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore, SupportedProtocolVersion,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
        version::{TLS12, TLS13},
    },
};

use crate::common::{Client, Game, Running, eventually};

pub(crate) const BOTH: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];

fn encrypted_game() -> Game {
    let mut game = Game::new();
    let listen =
        || Some(TlsListen { addresses: vec!["127.0.0.1:0".parse().unwrap()], if_taken: IfTaken::Fail });
    (game.config.tls, game.config.web_tls) = (listen(), listen());
    game
}

pub(crate) fn self_signed(game: &Game) -> std::path::PathBuf {
    game.dir.path().join("data/tls/self-signed.crt")
}

/// Shakes hands as a client that trusts this certificate and no other, and knows the server by `name`.
pub(crate) async fn shake<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    certificate: &Path,
    name: &str,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<TlsStream<S>> {
    shake_as(stream, certificate, name, versions, &[]).await
}

/// The same, and offers protocols to speak inside TLS.
async fn shake_as<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    certificate: &Path,
    name: &str,
    versions: &[&'static SupportedProtocolVersion],
    protocols: &[&[u8]],
) -> std::io::Result<TlsStream<S>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(certificate).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

async fn connect(address: SocketAddr, certificate: &Path) -> Client<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await.unwrap();
    Client::over(shake(stream, certificate, "localhost", &BOTH).await.unwrap())
}

#[tokio::test]
async fn telnet_inside_tls_is_the_same_and_is_known_for_it() {
    let game = encrypted_game();
    let portal = game.start().await.unwrap();
    let mut client = connect(portal.address("tls"), &self_signed(&game)).await;
    client.until("Welcome").await;
    client.send("look\r\n").await;
    client.until("done look\r\n").await;
    assert_eq!(game.events(), ["sync Shutdown ", "+1 telnet/ssl"]);
    let sessions = portal.sessions().await;
    assert_eq!((&sessions[0]["service"], &sessions[0]["protocol"]), (&"tls".into(), &"telnet/ssl".into()));
    assert!(sessions[0]["flags"].as_array().unwrap().contains(&"SSL".into()), "{sessions:?}");
    // What is said last comes before the end, and the end is an alert.
    client.send("quit\r\n").await;
    assert!(client.until_closed().await.contains("Goodbye."));
    eventually("told", || game.events().contains(&"-1".to_owned())).await;
    portal.stop().await;
}

#[tokio::test]
async fn the_certificate_names_this_machine_and_both_versions_of_tls_are_spoken() {
    let game = encrypted_game();
    let portal = game.start().await.unwrap();
    let address = portal.address("tls");
    for name in ["localhost", "127.0.0.1", "::1"] {
        for version in BOTH {
            let stream = TcpStream::connect(address).await.unwrap();
            let shaken = shake(stream, &self_signed(&game), name, &[version]).await.unwrap();
            Client::over(shaken).until("Welcome").await;
        }
    }
    let stream = TcpStream::connect(address).await.unwrap();
    shake(stream, &self_signed(&game), "example.org", &BOTH).await.expect_err("it is not");
    portal.stop().await;
}

#[tokio::test]
async fn much_output_and_much_input_pass() {
    let game = encrypted_game();
    let portal = game.start().await.unwrap();
    let mut client = connect(portal.address("tls"), &self_signed(&game)).await;
    client.send("flood 10\r\n").await;
    assert!(client.until("done flood 10\r\n").await.len() > 600_000);
    let lines: String = (0..300).map(|number| format!("say {number}\r\n")).collect();
    client.send(&lines).await;
    client.until("done say 299\r\n").await;
    portal.stop().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_inside_tls_too() {
    let mut game = encrypted_game().limits(|limits| limits.output_queue_bytes = 256 * 1024);
    game.config.web = Some(vec!["127.0.0.1:0".parse().unwrap()]);
    let portal = game.start().await.unwrap();
    let mut slow = connect(portal.address("tls"), &self_signed(&game)).await;
    slow.until("Welcome").await;
    slow.send("flood 400\r\n").await;
    let mut other = portal.client().await;
    other.send("look\r\n").await;
    other.until("done look").await;
    eventually("cut", || game.events().contains(&"-1".to_owned())).await;
    portal.stop().await;
}

#[tokio::test]
async fn who_does_not_shake_hands_is_no_session_but_counts() {
    let game = encrypted_game().limits(|limits| limits.connections_per_address = 2);
    let portal = game.start().await.unwrap();
    let address = portal.address("tls");
    let mut plain = Client::connect(address).await;
    let _silent = TcpStream::connect(address).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(portal.status().await["sessions"], 0);
    assert_eq!(Client::connect(address).await.until_closed().await, "", "past the limit");
    // Telnet in the clear is no handshake, and gives its place back.
    plain.send("look\r\n").await;
    plain.until_closed().await;
    let mut client = connect(address, &self_signed(&game)).await;
    client.until("Welcome").await;
    assert_eq!(game.events(), ["sync Shutdown ", "+3 telnet/ssl"]);
    portal.stop().await;
}

#[tokio::test]
async fn a_telnet_client_may_ask_for_tls() {
    const WILL: &[u8] = &[255, 251, 46];
    const DO: &[u8] = &[255, 253, 46];
    const FOLLOWS: &[u8] = &[255, 250, 46, 1, 255, 240];
    let game = encrypted_game();
    let portal = game.start().await.unwrap();
    let mut clear = TcpStream::connect(portal.telnet).await.unwrap();
    async fn until(stream: &mut TcpStream, wanted: &[u8]) {
        let mut seen = Vec::new();
        while !seen.windows(wanted.len()).any(|window| window == wanted) {
            seen.push(stream.read_u8().await.unwrap());
        }
    }
    clear.write_all(WILL).await.unwrap();
    until(&mut clear, DO).await;
    clear.write_all(FOLLOWS).await.unwrap();
    until(&mut clear, FOLLOWS).await;
    let shaken = shake(clear, &self_signed(&game), "localhost", &BOTH).await.unwrap();
    let mut client = Client::over(shaken);
    client.send("look\r\n").await;
    client.until("done look\r\n").await;
    assert_eq!(portal.sessions().await[0]["protocol"], "telnet/ssl");
    eventually("told", || game.events().iter().any(|event| event.contains("1 telnet/ssl"))).await;
    // The link's task writes inside TLS too.
    let mut other = portal.client().await;
    other.send("shout Hey!\r\n").await;
    client.until("Hey!\r\n").await;
    client.send("quit\r\n").await;
    assert!(client.until_closed().await.contains("Goodbye."));
    portal.stop().await;
}

#[tokio::test]
async fn the_page_and_its_websocket_are_served_inside_tls() {
    let game = encrypted_game();
    let portal = game.start().await.unwrap();
    let address = portal.address("web-tls");
    let mut page = connect(address, &self_signed(&game)).await;
    page.send(&format!("GET /webclient/ HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")).await;
    let page = page.until_closed().await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    let mut socket = connect(address, &self_signed(&game)).await;
    socket
        .send(&format!(
            "GET /ws HTTP/1.1\r\nHost: {address}\r\nOrigin: https://{address}\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ))
        .await;
    socket.until("HTTP/1.1 101").await;
    socket.until("Welcome").await;
    let sessions = portal.sessions().await;
    assert_eq!((&sessions[0]["protocol"], &sessions[0]["service"]), (&"websocket".into(), &"web-tls".into()));
    assert!(sessions[0]["flags"].as_array().unwrap().contains(&"SSL".into()), "{sessions:?}");
    portal.stop().await;
}

#[tokio::test]
async fn a_browser_inside_tls_sends_its_cookie_nowhere_else() {
    let mut game = encrypted_game();
    game.config.strict_transport = std::time::Duration::from_secs(31_536_000);
    let portal = game.start().await.unwrap();
    let address = portal.address("web-tls");
    let mut page = connect(address, &self_signed(&game)).await;
    let body = "{\"name\": \"anna\", \"password\": \"rose garden\"}";
    let length = body.len();
    page.send(&format!(
        "POST /api/signin HTTP/1.1\r\nHost: {address}\r\nOrigin: https://{address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    ))
    .await;
    let answer = page.until_closed().await;
    assert!(answer.contains("HttpOnly; SameSite=Lax; Secure\r\n"), "{answer}");
    assert!(answer.contains("set-cookie: __Host-meadow="), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000\r\n"), "{answer}");
    let mut clear = Client::connect(portal.web).await;
    clear.send("GET /webclient/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    let answer = clear.until_closed().await;
    assert!(!answer.contains("strict-transport-security"), "RFC 6797, section 7.2: {answer}");
    portal.stop().await;
}

/// A pair of its own in the game's folder.
fn write_pair(folder: &Path) {
    let pair = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(folder.join("own.key"), pair.signing_key.serialize_pem()).unwrap();
    fs::write(folder.join("own.crt"), pair.cert.pem()).unwrap();
}

async fn shown(portal: &Running, service: &str, certificate: &Path) -> bool {
    let stream = TcpStream::connect(portal.address(service)).await.unwrap();
    shake(stream, certificate, "localhost", &BOTH).await.is_ok()
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart() {
    let mut game = encrypted_game();
    let folder = game.dir.path().to_owned();
    let own = folder.join("own.crt");
    game.config.certificate = Certificate::Files { certificate: own.clone(), key: folder.join("own.key") };
    write_pair(&folder);
    let portal = game.start().await.unwrap();
    assert!(!self_signed(&game).exists(), "not needed");
    let mut old = connect(portal.address("tls"), &own).await;
    old.until("Welcome").await;

    fs::copy(&own, folder.join("old.crt")).unwrap();
    // Half of it is of no use, and the old one stays.
    fs::write(folder.join("own.key"), "rubbish").unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(shown(&portal, "tls", &folder.join("old.crt")).await);

    write_pair(&folder);
    let mut renewed = false;
    for _ in 0..100 {
        renewed = shown(&portal, "tls", &own).await && shown(&portal, "web-tls", &own).await;
        if renewed {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(renewed);
    assert!(!shown(&portal, "tls", &folder.join("old.crt")).await);
    old.send("look\r\n").await;
    old.until("done look").await;
    portal.stop().await;
}

#[tokio::test]
async fn a_certificate_that_is_not_there_is_told_at_the_start() {
    let mut game = encrypted_game();
    let missing = |name| game.dir.path().join(name);
    game.config.certificate = Certificate::Files { certificate: missing("a.crt"), key: missing("a.key") };
    let Err(error) = game.start().await else { panic!("it started") };
    let told = error.to_string();
    assert!(told.contains("a.crt") && told.contains("`tls.certificate`"), "{told}");
    assert!(matches!(error, PortalError::Tls(_)));
}

#[tokio::test]
async fn a_taken_port_is_an_error_only_if_somebody_chose_it() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let mut game = Game::new();
    game.config.tls = Some(TlsListen { addresses: vec![address], if_taken: IfTaken::Fail });
    let Err(error) = game.start().await else { panic!("it started") };
    assert!(error.to_string().contains("`tls.listen`"), "{error}");
    game.config.tls = Some(TlsListen { addresses: vec![address], if_taken: IfTaken::GoWithout });
    let portal = game.start().await.unwrap();
    let status = portal.status().await;
    let tls = status["services"].as_array().unwrap().iter().find(|service| service["name"] == "tls").unwrap();
    assert_eq!((&tls["state"], &tls["address"]), (&"off".into(), &address.to_string().into()));
    portal.client().await;
    portal.stop().await;
}

/// Whether OpenSSL's program is here. In CI it must be.
#[expect(clippy::print_stderr, reason = "what is not tested is to be seen")]
fn has_openssl(test: &str) -> bool {
    let is_there = Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_ok();
    assert!(is_there || std::env::var_os("CI").is_none(), "openssl is not installed");
    if !is_there {
        eprintln!("NOT TESTED: {test}: openssl is not installed");
    }
    is_there
}

#[tokio::test]
async fn openssl_finds_the_certificate_sound_and_plays() {
    if !has_openssl("openssl_finds_the_certificate_sound_and_plays") {
        return;
    }
    let game = encrypted_game();
    let portal = game.start().await.unwrap();
    let (address, certificate) = (portal.address("tls"), self_signed(&game));
    let played = tokio::task::spawn_blocking(move || {
        let shown =
            Command::new("openssl").args(["x509", "-noout", "-text", "-in"]).arg(&certificate).output();
        let shown = String::from_utf8(shown.unwrap().stdout).unwrap();
        for part in
            ["Version: 3", "DNS:localhost", "IP Address:127.0.0.1", "CN = Test & Meadow", "ecdsa-with-SHA256"]
        {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        let mut client = Command::new("openssl")
            .args(["s_client", "-quiet", "-verify_return_error", "-verify_hostname", "localhost", "-connect"])
            .arg(address.to_string())
            .arg("-CAfile")
            .arg(&certificate)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // A client that closes as soon as it has typed is heard to the end.
        client.stdin.take().unwrap().write_all(b"look\nquit\n").unwrap();
        let lines = BufReader::new(client.stdout.take().unwrap()).split(b'\n');
        let lines: Vec<String> =
            lines.map(|line| String::from_utf8_lossy(&line.unwrap()).into_owned()).collect();
        client.wait().unwrap();
        lines.join("\n")
    });
    let played = tokio::time::timeout(Duration::from_secs(20), played).await.unwrap().unwrap();
    assert!(
        played.contains("Welcome") && played.contains("done look") && played.contains("Goodbye."),
        "{played}"
    );
    portal.stop().await;
}

#[tokio::test]
async fn versions_before_1_2_are_refused() {
    if !has_openssl("versions_before_1_2_are_refused") {
        return;
    }
    let game = encrypted_game();
    let portal = game.start().await.unwrap();
    let address = portal.address("tls");
    for (version, ok) in [("-tls1", false), ("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)] {
        let shaken = tokio::task::spawn_blocking(move || {
            Command::new("openssl")
                .args(["s_client", version, "-cipher", "ALL:@SECLEVEL=0", "-connect"])
                .arg(address.to_string())
                .stdin(Stdio::null())
                .output()
                .unwrap()
        });
        let shaken = tokio::time::timeout(Duration::from_secs(20), shaken).await.unwrap().unwrap();
        assert_eq!(shaken.status.success(), ok, "{version}: {}", String::from_utf8_lossy(&shaken.stderr));
    }
    portal.stop().await;
}
