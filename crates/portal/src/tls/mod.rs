//! TLS: the certificate that this Portal shows, and what rustls has to know. The listeners that encrypt ask
//! it for their configuration when they start, and never again: a new certificate comes to them by itself.

use std::{path::Path, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, ring},
    server::NoServerSessionStorage,
    version::{TLS12, TLS13},
};
use tokio_rustls::TlsAcceptor;

use crate::{Certificate, listen::http2};

mod certificates;
use certificates::{Certificates, Files};

mod error;
pub use error::TlsError;

mod self_signed;
mod watch;

/// What all listeners with TLS share.
pub(crate) struct Tls {
    files: Files,
    certificates: Arc<Certificates>,
}

impl Tls {
    /// Loads the certificate. A self-signed one is made where none is wanted and none is there.
    ///
    /// # Errors
    /// Which file cannot be used, why, and the way out.
    pub(crate) fn open(certificate: &Certificate, game_name: &str, data_dir: &Path) -> Result<Tls, TlsError> {
        let files = match certificate {
            Certificate::SelfSigned => self_signed::files(game_name, &data_dir.join("tls"))?,
            Certificate::Files { certificate, key } => Files {
                certificate: certificate.clone(),
                key: key.clone(),
                origin: certificates::Origin::Settings,
            },
        };
        let certificates = Arc::new(Certificates::new(files.load(&provider())?));
        Ok(Tls { files, certificates })
    }

    /// For streams. Their sessions are long, so nothing is kept to resume them.
    pub(crate) fn streams(&self) -> TlsAcceptor {
        let mut config = self.config();
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Arc::new(config).into()
    }

    /// For HTTP. Clients that say nothing of versions speak HTTP/1.1.
    pub(crate) fn web(&self) -> TlsAcceptor {
        let mut config = self.config();
        config.alpn_protocols = vec![http2::ALPN.to_vec(), b"http/1.1".to_vec()];
        Arc::new(config).into()
    }

    /// Takes new certificates over as their files change, for ever.
    pub(crate) async fn watch(self) {
        watch::watch(self.files, &self.certificates).await;
    }

    fn config(&self) -> ServerConfig {
        ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&TLS13, &TLS12])
            .expect("the provider has ciphers for both versions")
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&self.certificates) as _)
    }
}

/// The one place that names the library that does the cryptography.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
