//! What is asked for and what is given back.

use std::fmt;
use std::time::Duration;

use vocab::{Said, address};

/// One export to fetch.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The source definition it is for.
    pub source: String,
    /// Where it is, `http` or `https`.
    pub url: String,
    /// What is sent there, if the server answers to a query.
    pub query: Option<Query>,
    /// Headers that the server wants, by their names.
    pub headers: Vec<(String, String)>,
    /// What the server wants to see before it answers.
    pub credential: Option<Credential>,
    /// What is known of the last answer: the server may then say that nothing changed.
    pub conditional: Conditional,
    /// A limit below that of the settings.
    pub max_bytes: Option<u64>,
    /// The longest silence of this server, if not that of the settings.
    pub timeout: Option<Duration>,
    /// The longest time for all attempts, if not that of the settings.
    pub deadline: Option<Duration>,
    /// The pause before it where another request for its source was made before: these are made one after the other.
    pub pause: Duration,
}

/// What a `POST` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Its media type.
    pub media_type: &'static str,
    /// Its text.
    pub text: String,
}

impl fmt::Debug for Request {
    /// Without anything secret in the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("source", &self.source)
            .field("url", &address::shown(&self.url))
            .field("query", &self.query)
            .field("headers", &self.headers)
            .field("credential", &self.credential)
            .field("conditional", &self.conditional)
            .field("max_bytes", &self.max_bytes)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("pause", &self.pause)
            .finish()
    }
}

/// How a credential is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// As a header, for example `Authorization` or `X-Api-Key`.
    Header,
    /// As a parameter of the address.
    Query,
}

/// What proves who asks. The caller has read its value from where secrets are kept; it is sent to the origin that is
/// named in the request and to no other, and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// How it is sent.
    pub carrier: Carrier,
    /// The name of the header or parameter.
    pub name: String,
    /// Its whole value, for example `Bearer …`.
    pub value: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("carrier", &self.carrier).field("name", &self.name).finish_non_exhaustive()
    }
}

/// What an earlier answer said about its version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditional {
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
}

impl Conditional {
    pub(super) fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// Where a body goes while it arrives: this room keeps none of it in memory and touches no file.
pub trait Sink: Send + 'static {
    /// Forgets what has arrived: the body begins anew.
    ///
    /// # Errors
    /// Why it cannot be forgotten.
    fn restart(&mut self) -> Result<(), Said>;

    /// Takes the next bytes.
    ///
    /// # Errors
    /// Why they cannot be kept.
    fn add(&mut self, bytes: &[u8]) -> Result<(), Said>;
}

impl Sink for Vec<u8> {
    fn restart(&mut self) -> Result<(), Said> {
        self.clear();
        Ok(())
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), Said> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

/// What a server gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched<S> {
    /// What is known is still right.
    NotModified,
    /// Nothing: the one before it, for the same source, failed in a way that this one would have failed in too.
    NotAsked,
    /// The export.
    Body(Body<S>),
}

/// An export as it came, and what the server said about it.
#[derive(Clone, PartialEq, Eq)]
pub struct Body<S> {
    /// The content.
    pub content: S,
    /// Its length.
    pub bytes: u64,
    /// Whether the server said where it ends: otherwise it may be a part.
    pub is_measured: bool,
    /// For the next request's [`Conditional`].
    pub etag: Option<String>,
    /// For the next request's [`Conditional`].
    pub last_modified: Option<String>,
    /// Where it was found after redirects, without anything secret.
    pub final_url: String,
}

impl<S> fmt::Debug for Body<S> {
    /// With the length in place of the content, which is nobody's business in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("bytes", &self.bytes)
            .field("is_measured", &self.is_measured)
            .field("etag", &self.etag)
            .field("last_modified", &self.last_modified)
            .field("final_url", &self.final_url)
            .finish_non_exhaustive()
    }
}
