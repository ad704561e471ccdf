//! Why a source could not be fetched.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;

use vocab::rules::{self, Rule};

/// A request that failed for good, after all attempts it was worth.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{address}: {failure} (attempts: {attempts})")]
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

    /// What is said in a release: the same for as long as the same is wrong, so without counts.
    pub fn found(&self) -> String {
        format!("{}: {}", self.address, self.failure.gist())
    }
}

/// What is wrong with a server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untrusted {
    /// Nobody known has signed it.
    Issuer,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYet,
    /// It is for another host.
    Name,
    /// Anything else.
    Other,
}

impl Untrusted {
    /// What it is, and what to do about it.
    fn told(self) -> &'static str {
        match self {
            Untrusted::Issuer => {
                "the certificate's authority is not known; put the authority's certificate into a file and name it in \
                 `ca_file` under [fetch] of site.toml"
            }
            Untrusted::Expired => {
                "the certificate has expired; have it renewed by whoever runs the server, or check this machine's clock"
            }
            Untrusted::NotYet => "the certificate is not valid yet; check this machine's clock",
            Untrusted::Name => {
                "the certificate is for another host; write the host in `url` as the certificate names it"
            }
            Untrusted::Other => "the certificate is refused; have it looked at by whoever runs the server",
        }
    }

    fn of(error: &CertificateError) -> Self {
        match error {
            // Another authority of the same name is another authority.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Untrusted::Issuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Untrusted::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Untrusted::NotYet,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Untrusted::Name,
            _ => Untrusted::Other,
        }
    }
}

/// What can go wrong with one attempt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The address cannot be used.
    #[error("not a usable address: {0}")]
    Address(String),
    /// The credential cannot be sent as a header.
    #[error("what `{0}` is to say cannot be sent in a header: no line breaks, and nothing beyond ASCII")]
    Header(String),
    /// No client can be built for any request.
    #[error("no HTTP client: {0}")]
    Client(String),
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
    /// The body came, but hardly.
    #[error("the body came more slowly than {0} bytes per second")]
    TooSlow(u64),
    /// No connection, or one that broke before an answer came.
    #[error("connection failed: {0}")]
    Connection(String),
    /// The server's certificate is not trusted.
    #[error("{}", .0.told())]
    Certificate(Untrusted),
    /// No encrypted connection could be agreed on.
    #[error("no encrypted connection: {0}; check whether scheme and port in `url` are those of the server")]
    Tls(String),
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
    #[error("larger than the {limit} bytes allowed")]
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
    /// What arrived could not be kept: the machine's fault, not the server's.
    #[error("{0}")]
    Disk(String),
}

impl Failure {
    /// Whether another attempt may end differently.
    pub fn is_temporary(&self) -> bool {
        match self {
            Failure::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
            Failure::Timeout(_)
            | Failure::Deadline(_)
            | Failure::TooSlow(_)
            | Failure::Connection(_)
            | Failure::Broken { .. } => true,
            _ => false,
        }
    }

    /// Whether it is worth another attempt in this run: what comes too slowly will not come faster in a second.
    pub(super) fn is_worth_another_attempt(&self) -> bool {
        self.is_temporary() && !matches!(self, Failure::TooSlow(_) | Failure::Deadline(_))
    }

    /// Whether it is the configuration that is wrong, and not the server.
    pub fn is_of_configuration(&self) -> bool {
        matches!(self, Failure::Address(_) | Failure::Header(_))
    }

    /// Whether the server knows of no such thing, or of none any more.
    pub fn is_not_there(&self) -> bool {
        matches!(self, Failure::Status { status: 404 | 410, .. })
    }

    /// Whether any other request to the same server would most likely end like this.
    pub(super) fn is_of_server(&self) -> bool {
        let is_refused = matches!(self, Failure::Status { status: 401 | 403 | 407, .. });
        let is_untrusted = matches!(self, Failure::Certificate(_) | Failure::Tls(_) | Failure::Client(_));
        let is_ours = self.is_of_configuration() || matches!(self, Failure::Disk(_));
        self.is_temporary() || is_refused || is_untrusted || is_ours
    }

    /// The rule of problems that it is.
    pub fn rule(&self) -> &'static Rule {
        match self {
            Failure::Status { status: 401 | 403 | 407, .. } => &rules::SOURCE_REFUSES,
            Failure::Certificate(_) | Failure::Tls(_) | Failure::Client(_) => &rules::SOURCE_UNTRUSTED,
            Failure::Address(_) | Failure::Header(_) => &rules::SOURCE_MISCONFIGURED,
            Failure::TooLarge { .. } => &rules::ANSWER_TOO_LARGE,
            failure if failure.is_temporary() => &rules::SOURCE_UNREACHABLE,
            _ => &rules::SOURCE_MOVED,
        }
    }

    /// What went wrong, without what differs from one attempt to the next.
    fn gist(&self) -> String {
        match self {
            Failure::Broken { .. } => "the body broke off".to_owned(),
            Failure::Connection(_) => "no connection".to_owned(),
            failure => failure.to_string(),
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
        match tls_error(&error) {
            Some(rustls::Error::InvalidCertificate(reason)) => Failure::Certificate(Untrusted::of(reason)),
            Some(other) => Failure::Tls(other.to_string()),
            None => Failure::Connection(in_full(error)),
        }
    }
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

/// Finds what TLS says among the causes: to wait does not make a certificate trusted, nor a server speak TLS.
fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(tls) = wrapped(error) {
            return Some(tls);
        }
        cause = error.source();
    }
    None
}

/// An I/O error does not name what it wraps as its cause, but skips to that one's cause; and they lie in one another.
fn wrapped<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    match error.downcast_ref::<io::Error>() {
        Some(outer) => wrapped(outer.get_ref()?),
        None => error.downcast_ref(),
    }
}
