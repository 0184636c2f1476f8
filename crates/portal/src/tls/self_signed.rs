//! The certificate of a game that has none: made at its first start and kept, so that clients which
//! remember it (Mudlet, browsers) ask their players only once.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    SanType, date_time_ymd,
};
use tracing::info;

use super::{
    TlsError,
    certificates::{Files, Origin},
};

/// Nobody checks the date of a certificate that nobody vouches for, except clients that would then refuse
/// it altogether.
const VALIDITY: Duration = Duration::from_secs(20 * 365 * 24 * 60 * 60);
/// Longest common name of a certificate, in characters (RFC 5280, appendix A.1: ub-common-name).
const NAME_LIMIT: usize = 64;

/// The files of the pair in `folder`. It is made unless both are there.
///
/// # Errors
/// It cannot be made or written.
pub(super) fn files(game_name: &str, folder: &Path) -> Result<Files, TlsError> {
    let files = Files {
        certificate: folder.join("self-signed.crt"),
        key: folder.join("self-signed.key"),
        origin: Origin::SelfSigned,
    };
    if !(files.certificate.exists() && files.key.exists()) {
        let (certificate, key) = make(game_name).map_err(|error| TlsError::Make(error.to_string()))?;
        let write_error = |reason| TlsError::Write { path: files.certificate.clone(), reason };
        crate::link::private_folder(folder).map_err(write_error)?;
        // The certificate last: it is there only if its key is.
        write(&files.key, &key, 0o600)
            .and_then(|()| write(&files.certificate, &certificate, 0o644))
            .map_err(write_error)?;
        info!(path = %files.certificate.display(), "made a self-signed certificate");
    }
    Ok(files)
}

/// A certificate and its key, in PEM. ECDSA P-256: small, and every client that speaks TLS 1.2 knows it.
fn make(game_name: &str) -> Result<(String, String), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(host_names())?;
    let addresses = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    params.subject_alt_names.extend(addresses.map(SanType::IpAddress));
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name(game_name));
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // A day early, for clients whose clock is slow.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    params.not_before = date_time_ymd(1970, 1, 1) + now.saturating_sub(Duration::from_secs(24 * 60 * 60));
    params.not_after = date_time_ymd(1970, 1, 1) + now + VALIDITY;
    Ok((params.self_signed(&key)?.pem(), key.serialize_pem()))
}

/// What this machine is called, as far as it can be told.
fn host_names() -> Vec<String> {
    let mut names = vec!["localhost".to_owned()];
    let uname = rustix::system::uname();
    let name = uname.nodename().to_str().unwrap_or_default().to_ascii_lowercase();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    if is_name && name.parse::<IpAddr>().is_err() && !names.contains(&name) {
        names.push(name);
    }
    names
}

fn common_name(game_name: &str) -> String {
    let name: String = game_name.chars().filter(|c| !c.is_control()).take(NAME_LIMIT).collect();
    if name.trim().is_empty() { "localhost".to_owned() } else { name }
}

/// Writes a file that is there either whole or not at all.
fn write(path: &Path, content: &str, mode: u32) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    let _ = fs::remove_file(&unfinished);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&unfinished)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{super::provider, *};

    #[test]
    fn a_pair_is_made_once_and_again_when_half_of_it_is_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let tls = folder.path().join("data/tls");
        let made = files("A Meadow", &tls).expect("made");
        made.load(&provider()).expect("a pair");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&made.key), mode(&tls)), (0o600, 0o700));
        let first = fs::read(&made.certificate).expect("read");
        files("A Meadow", &tls).expect("kept");
        assert_eq!(fs::read(&made.certificate).expect("read"), first);
        fs::remove_file(&made.key).expect("removed");
        files("A Meadow", &tls).expect("made again").load(&provider()).expect("a pair");
        assert_ne!(fs::read(&made.certificate).expect("read"), first);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("tls"), "").expect("written");
        let error = files("A Meadow", &folder.path().join("tls")).expect_err("no folder").to_string();
        assert!(error.contains("tls/self-signed.crt cannot be written"), "{error}");
    }

    #[test]
    fn a_name_at_its_limit_and_names_that_are_none() {
        assert_eq!(common_name(&"ä".repeat(NAME_LIMIT)), "ä".repeat(NAME_LIMIT));
        assert_eq!(common_name(&"ä".repeat(NAME_LIMIT + 1)), "ä".repeat(NAME_LIMIT));
        assert_eq!(common_name(" \n"), "localhost");
        make("The \"Last\"\nMeadow, O=x").expect("any name will do");
        make(&"ä".repeat(NAME_LIMIT + 1)).expect("a long one too");
    }
}
