//! Why there is no certificate. Each is one sentence that names the file and the way out.

use std::{io, path::PathBuf};

/// What is wrong with a certificate or its key.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("the {what} {path} cannot be read: {reason}; {way_out}")]
    Read {
        /// `certificate` or `key`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
        /// What to do.
        way_out: &'static str,
    },
    /// A file is there, but what it holds is of no use.
    #[error("the {what} {path} {wrong}; {way_out}")]
    Content {
        /// `certificate` or `key`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong with it, as a predicate.
        wrong: String,
        /// What to do.
        way_out: &'static str,
    },
    /// Each is good, but they are not a pair.
    #[error("the key {key} does not belong to the certificate {certificate}; {way_out}")]
    Pair {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What to do.
        way_out: &'static str,
    },
    /// A self-signed certificate cannot be kept.
    #[error("the self-signed certificate {path} cannot be written: {reason}; make that folder writable")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// A self-signed certificate cannot be made.
    #[error("a self-signed certificate cannot be made: {0}; set `tls.certificate` and `tls.key` to your own")]
    Make(String),
}
