//! Why a source could not be fetched.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use rustls::CertificateError;

use vocab::rules::{self, Rule};
use vocab::{Said, said};

/// A request that failed for good, after all attempts it was worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchError {
    /// The source definition's id.
    pub source_id: String,
    /// The address, without anything secret.
    pub address: Said,
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

    /// What went wrong, where, and how often it was tried.
    pub fn said(&self) -> Said {
        let FetchError { address, attempts, .. } = self;
        let failure = self.failure.said();
        said!(
            "{address}：{failure}（尝试 {attempts} 次）",
            "{address}: {failure} (attempts: {attempts})";
            address, failure
        )
    }

    /// What is said in a release: the same for as long as the same is wrong, so without counts.
    pub fn found(&self) -> Said {
        let (address, gist) = (&self.address, self.failure.gist());
        said!("{address}：{gist}", "{address}: {gist}"; address, gist)
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said().en())
    }
}

impl Error for FetchError {}

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
    fn said(self) -> Said {
        match self {
            Untrusted::Issuer => said!(
                "证书颁发机构未知；请将该机构的证书存入文件，并在 site.toml 的 [fetch] 中用 `ca_file` 指明",
                "the certificate's authority is not known; put the authority's certificate into a file and name it in \
                 `ca_file` under [fetch] of site.toml"
            ),
            Untrusted::Expired => said!(
                "证书已过期；请对方更新证书，或检查本机时钟",
                "the certificate has expired; have it renewed by whoever runs the server, or check this machine's clock"
            ),
            Untrusted::NotYet => {
                said!("证书尚未生效；请检查本机时钟", "the certificate is not valid yet; check this machine's clock")
            }
            Untrusted::Name => said!(
                "证书属于其他主机；请将 `url` 中的主机名写成证书所列名称",
                "the certificate is for another host; write the host in `url` as the certificate names it"
            ),
            Untrusted::Other => said!(
                "证书不被接受；请对方检查证书",
                "the certificate is refused; have it looked at by whoever runs the server"
            ),
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The address cannot be used: why not.
    Address(Said),
    /// The credential cannot be sent as a header: its name.
    Header(String),
    /// No client can be built for any request: why not.
    Client(Said),
    /// The server answered with an error.
    Status {
        /// The status code.
        status: u16,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// The server answered with something that makes no sense here: with what.
    Reply(Said),
    /// The server was silent too long.
    Timeout(Duration),
    /// All attempts together took too long.
    Deadline(Duration),
    /// The body came, but hardly: more slowly than so many bytes per second.
    TooSlow(u64),
    /// No connection, or one that broke before an answer came: what the system says.
    Connection(String),
    /// The server's certificate is not trusted.
    Certificate(Untrusted),
    /// No encrypted connection could be agreed on: what the library says.
    Tls(String),
    /// The body is not as long as the server said.
    Broken {
        /// Bytes that came.
        received: u64,
        /// Bytes that were promised, if any number was.
        expected: Option<u64>,
    },
    /// The body is longer than allowed.
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// A redirect that is not followed: why not.
    Redirect(Said),
    /// More redirects than so many.
    TooManyRedirects(u32),
    /// What arrived could not be kept: the machine's fault, not the server's.
    Disk(Said),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said().en())
    }
}

impl Error for Failure {}

impl Failure {
    /// What went wrong, and the way out where there is one.
    pub fn said(&self) -> Said {
        match self {
            Failure::Address(reason) => said!("网址无法使用（{reason}）", "not a usable address: {reason}"; reason),
            Failure::Header(name) => said!(
                "`{name}` 的内容无法用请求头发送：不得有换行或非 ASCII 字符",
                "what `{name}` is to say cannot be sent in a header: no line breaks, and nothing beyond ASCII"
            ),
            Failure::Client(reason) => said!("没有 HTTP 客户端（{reason}）", "no HTTP client: {reason}"; reason),
            Failure::Status { status, .. } => said!("服务器应答 {status}", "the server answered {status}"),
            Failure::Reply(reason) => {
                said!("服务器的应答无法使用（{reason}）", "the server's answer cannot be used: {reason}"; reason)
            }
            Failure::Timeout(limit) => said!("{limit:?} 内没有应答", "no answer within {limit:?}"),
            Failure::Deadline(limit) => said!("{limit:?} 内未能完成", "not finished within {limit:?}"),
            Failure::TooSlow(least) => {
                said!("传输慢于每秒 {least} 字节", "the body came more slowly than {least} bytes per second")
            }
            Failure::Connection(error) => said!("连接失败（{error}）", "connection failed: {error}"),
            Failure::Certificate(untrusted) => untrusted.said(),
            Failure::Tls(error) => said!(
                "未能建立加密连接（{error}）；请核对 `url` 的协议和端口",
                "no encrypted connection: {error}; check whether scheme and port in `url` are those of the server"
            ),
            Failure::Broken { received, expected: Some(expected) } => said!(
                "传输在 {received} 字节（共 {expected} 字节）处中断",
                "the body ended after {received} bytes of {expected}"
            ),
            Failure::Broken { received, expected: None } => {
                said!("传输在 {received} 字节处中断", "the body ended after {received} bytes")
            }
            Failure::TooLarge { limit } => said!("超过允许的 {limit} 字节", "larger than the {limit} bytes allowed"),
            Failure::Redirect(reason) => said!("未跟随转向（{reason}）", "redirect not followed: {reason}"; reason),
            Failure::TooManyRedirects(most) => said!("转向超过 {most} 次", "more than {most} redirects"),
            Failure::Disk(reason) => reason.clone(),
        }
    }

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
    fn gist(&self) -> Said {
        match self {
            Failure::Broken { .. } => said!("传输中断", "the body broke off"),
            Failure::Connection(_) => said!("无法连接", "no connection"),
            failure => failure.said(),
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
