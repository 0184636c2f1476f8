//! The certificate in use, and how one is loaded from its files. rustls asks for it in every handshake.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use rustls::{
    Error, InconsistentKeys,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use super::TlsError;

/// Most bytes of a certificate or key file that are read; real ones have a few thousand.
const FILE_LIMIT: u64 = 1024 * 1024;

/// The certificate that clients are shown. Changing it changes nothing for those who are connected.
#[derive(Debug)]
pub(super) struct Certificates(RwLock<Arc<CertifiedKey>>);

/// Where a certificate and its key lie, both in PEM.
#[derive(Debug, Clone)]
pub(super) struct Files {
    /// The certificate, followed by those that vouch for it.
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
    pub(super) origin: Origin,
}

/// Who put the files there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The operator.
    Settings,
    /// We.
    SelfSigned,
}

impl Certificates {
    pub(super) fn new(first: CertifiedKey) -> Certificates {
        Certificates(RwLock::new(Arc::new(first)))
    }

    /// Shows this one from the next handshake on.
    pub(super) fn swap(&self, next: CertifiedKey) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Files {
    /// Loads both.
    ///
    /// # Errors
    /// Which of them is of no use, why, and the way out.
    pub(super) fn load(&self, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        let chain = CertificateDer::pem_slice_iter(&self.read("certificate", &self.certificate)?)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| self.content("certificate", &self.certificate, not_pem(&error)))?;
        if chain.is_empty() {
            let wrong = "holds no certificate (BEGIN CERTIFICATE)".to_owned();
            return Err(self.content("certificate", &self.certificate, wrong));
        }
        let key = self.load_key()?;
        CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => TlsError::Pair {
                certificate: self.certificate.clone(),
                key: self.key.clone(),
                way_out: self.way_out(),
            },
            Error::InvalidCertificate(reason) => {
                let wrong = format!("holds a certificate that cannot be read ({reason})");
                self.content("certificate", &self.certificate, wrong)
            }
            other => self.content("key", &self.key, format!("holds a key that cannot be used ({other})")),
        })
    }

    fn load_key(&self) -> Result<PrivateKeyDer<'static>, TlsError> {
        let file = self.read("key", &self.key)?;
        PrivateKeyDer::from_pem_slice(&file).map_err(|error| {
            let encrypted = file.windows(9).any(|window| window == b"ENCRYPTED");
            let wrong = match error {
                pem::Error::NoItemsFound if encrypted => {
                    "is locked with a passphrase, which nobody could type at a restart".to_owned()
                }
                pem::Error::NoItemsFound => "holds no private key (BEGIN PRIVATE KEY)".to_owned(),
                other => not_pem(&other),
            };
            self.content("key", &self.key, wrong)
        })
    }

    fn read(&self, what: &'static str, path: &Path) -> Result<Vec<u8>, TlsError> {
        let read = || {
            let size = fs::metadata(path)?.len();
            if size > FILE_LIMIT {
                return Err(io::Error::other(format!("it has {size} bytes")));
            }
            fs::read(path)
        };
        let path = path.to_owned();
        read().map_err(|reason| TlsError::Read { what, path, reason, way_out: self.way_out() })
    }

    fn content(&self, what: &'static str, path: &Path, wrong: String) -> TlsError {
        TlsError::Content { what, path: path.to_owned(), wrong, way_out: self.way_out() }
    }

    fn way_out(&self) -> &'static str {
        match self.origin {
            Origin::Settings => {
                "set `tls.certificate` and `tls.key` to a pair of PEM files, or leave both empty for a \
                 self-signed certificate"
            }
            Origin::SelfSigned => "remove both files, and a new pair is made at the next start",
        }
    }
}

fn not_pem(error: &pem::Error) -> String {
    format!("is no PEM file ({error:?})")
}

#[cfg(test)]
mod tests {
    use super::{super::provider, *};

    /// A folder with a good pair `a`, the key of another pair `b`, and what else is written into it.
    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Folder {
            let folder = Folder(tempfile::tempdir().expect("a folder"));
            for name in ["a", "b"] {
                let pair =
                    rcgen::generate_simple_self_signed(vec!["example.org".to_owned()]).expect("a pair");
                folder.write(&format!("{name}.crt"), pair.cert.pem().as_bytes());
                folder.write(&format!("{name}.key"), pair.signing_key.serialize_pem().as_bytes());
            }
            folder
        }

        fn write(&self, name: &str, content: &[u8]) {
            fs::write(self.0.path().join(name), content).expect("written");
        }

        fn load(&self, certificate: &str, key: &str) -> Result<CertifiedKey, String> {
            let path = |name| self.0.path().join(name);
            let files = Files { certificate: path(certificate), key: path(key), origin: Origin::Settings };
            let folder = format!("{}/", self.0.path().display());
            files.load(&provider()).map_err(|error| error.to_string().replace(&folder, ""))
        }

        /// What is said, without the way out, which must be there.
        fn error(&self, certificate: &str, key: &str) -> String {
            let error = self.load(certificate, key).expect_err("an error");
            let (wrong, way_out) = error.split_once("; ").expect("a way out");
            assert!(way_out.contains("`tls.certificate` and `tls.key`"), "{error}");
            wrong.to_owned()
        }
    }

    #[test]
    fn a_pair_is_loaded_and_a_chain_is_kept_in_order() {
        let folder = Folder::new();
        assert_eq!(folder.load("a.crt", "a.key").expect("a pair").cert.len(), 1);
        let read = |name| fs::read(folder.0.path().join(name)).expect("read");
        folder.write("chain.crt", &[read("a.crt"), read("b.crt")].concat());
        assert_eq!(folder.load("chain.crt", "a.key").expect("a chain").cert.len(), 2);
        // One file may hold everything.
        folder.write("all.pem", &[read("a.key"), read("a.crt")].concat());
        folder.load("all.pem", "all.pem").expect("both in one file");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_file() {
        let folder = Folder::new();
        folder.write("empty", b"");
        folder.write("cut", b"-----BEGIN CERTIFICATE-----\nMIIB\n");
        folder.write("noise", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        folder.write("bad.key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        folder.write(
            "locked",
            b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
        );
        assert_eq!(folder.error("a.crt", "b.key"), "the key b.key does not belong to the certificate a.crt");
        for (certificate, key, start) in [
            ("none", "a.key", "the certificate none cannot be read: No such file"),
            ("a.crt", "none", "the key none cannot be read: No such file"),
            ("empty", "a.key", "the certificate empty holds no certificate"),
            ("a.key", "a.key", "the certificate a.key holds no certificate"),
            ("a.crt", "a.crt", "the key a.crt holds no private key"),
            ("cut", "a.key", "the certificate cut is no PEM file"),
            ("noise", "a.key", "the certificate noise holds a certificate that cannot be read"),
            ("a.crt", "bad.key", "the key bad.key holds a key that cannot be used"),
            ("a.crt", "locked", "the key locked is locked with a passphrase"),
        ] {
            let error = folder.error(certificate, key);
            assert!(error.starts_with(start), "{error}");
        }
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = Folder::new();
        let padded = |length: u64| {
            let mut file = fs::read(folder.0.path().join("a.crt")).expect("read");
            file.resize(usize::try_from(length).expect("small"), b'\n');
            file
        };
        folder.write("full", &padded(FILE_LIMIT));
        folder.load("full", "a.key").expect("at the limit");
        folder.write("over", &padded(FILE_LIMIT + 1));
        assert!(folder.error("over", "a.key").contains("it has 1048577 bytes"));
    }
}
