//! Why a source could not be fetched.

use std::error::Error;
use std::io;
use std::time::Duration;

use crate::vocab::rules::SOURCE_UNREACHABLE;
use crate::vocab::{Place, Problem};

/// A request that failed for good, after all attempts it was worth.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("source `{source_id}`: {address}: {failure} (attempts: {attempts})")]
pub struct FetchError {
    /// The source definition's id.
    pub source_id: String,
    /// The address, without anything secret.
    pub address: String,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong the last time.
    pub failure: Failure,
}

impl FetchError {
    /// Whether the same request may succeed later without anyone changing anything (exit code 75).
    pub fn try_again_later(&self) -> bool {
        self.failure.is_temporary()
    }

    /// The finding `F001`, at the file that did not come.
    pub fn problem(&self, file_name: &str) -> Problem {
        Problem::new(&SOURCE_UNREACHABLE, Place::file(file_name)).value(format!("{}: {}", self.address, self.failure))
    }
}

/// What can go wrong with one attempt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The address cannot be used.
    #[error("not a usable address: {0}")]
    Address(String),
    /// The credential cannot be sent as a header.
    #[error("`{0}` and its value cannot be sent as a header")]
    Header(String),
    /// The server answered with an error.
    #[error("the server answered {status}")]
    Status {
        /// The status code.
        status: u16,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// The server answered with something that makes no sense here.
    #[error("the server's answer cannot be used: {0}")]
    Reply(String),
    /// The server was silent too long.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// All attempts together took too long.
    #[error("not finished within {0:?}")]
    Deadline(Duration),
    /// No connection, or one that broke before an answer came.
    #[error("connection failed: {0}")]
    Connection(String),
    /// The server's certificate is not trusted.
    #[error("certificate refused: {0}; have the authority added to the system's certificates")]
    Certificate(String),
    /// The body is not as long as the server said.
    #[error(
        "the body ended after {received} bytes{}",
        expected.map(|length| format!(" of {length}")).unwrap_or_default()
    )]
    Broken {
        /// Bytes that came.
        received: u64,
        /// Bytes that were promised, if any number was.
        expected: Option<u64>,
    },
    /// The body is longer than allowed.
    #[error("larger than the {limit} bytes allowed; raise the limit if the file is right")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// A redirect that is not followed.
    #[error("redirect not followed: {0}")]
    Redirect(String),
    /// Too many redirects.
    #[error("more than {0} redirects")]
    TooManyRedirects(u32),
}

impl Failure {
    /// Whether another attempt may end differently.
    pub fn is_temporary(&self) -> bool {
        match self {
            Failure::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
            Failure::Timeout(_) | Failure::Deadline(_) | Failure::Connection(_) | Failure::Broken { .. } => true,
            _ => false,
        }
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Failure::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// What a request that got no answer died of.
    pub(super) fn of_sending(error: reqwest::Error) -> Self {
        match certificate_error(&error) {
            Some(reason) => Failure::Certificate(reason),
            None => Failure::Connection(in_full(error)),
        }
    }
}

/// Nothing at all can be fetched.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The proxy's address cannot be used. It may hold a password, so it is not shown.
    #[error("the proxy in site.toml is not a usable address")]
    Proxy,
    /// The HTTP client cannot be built.
    #[error("no HTTP client: {0}; check the system's certificates")]
    Client(String),
    /// The runtime cannot be built.
    #[error("no runtime for fetching: {0}; check the limits on open files and threads")]
    Runtime(io::Error),
}

/// An error with its causes and without the address, which may hold a password.
pub(super) fn in_full(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

/// Finds a refused certificate among the causes: to wait does not make it trusted.
fn certificate_error(error: &reqwest::Error) -> Option<String> {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        // An I/O error does not name what it wraps as its cause, but skips to that one's cause.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let tls = inner.map_or_else(|| error.downcast_ref(), |inner| inner.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::InvalidCertificate(reason)) = tls {
            return Some(reason.to_string());
        }
        cause = error.source();
    }
    None
}
