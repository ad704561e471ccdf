//! What is asked for and what is given back.

use std::fmt;

use super::address;

/// One export to fetch.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The source definition it is for.
    pub source: String,
    /// Where it is, `http` or `https`.
    pub url: String,
    /// The name the export gets in the inbox of the store.
    pub file_name: String,
    /// What the server wants to see before it answers.
    pub credential: Option<Credential>,
    /// What is known of the last answer: the server may then say that nothing changed.
    pub conditional: Conditional,
    /// A limit below that of the settings.
    pub max_bytes: Option<u64>,
}

impl fmt::Debug for Request {
    /// Without anything secret in the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("source", &self.source)
            .field("url", &address::shown(&self.url))
            .field("file_name", &self.file_name)
            .field("credential", &self.credential)
            .field("conditional", &self.conditional)
            .field("max_bytes", &self.max_bytes)
            .finish()
    }
}

/// A header that proves who asks. The caller has read its value from where secrets are kept; it is sent to the origin
/// that is named in the request and to no other, and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The header, for example `Authorization` or `X-Api-Key`.
    pub header: String,
    /// Its whole value, for example `Bearer …`.
    pub value: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("header", &self.header).finish_non_exhaustive()
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

/// What a server gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// What is known is still right.
    NotModified,
    /// The export.
    Body(Body),
}

/// An export as it came, and what the server said about it.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// The content.
    pub bytes: Vec<u8>,
    /// For the next request's [`Conditional`].
    pub etag: Option<String>,
    /// For the next request's [`Conditional`].
    pub last_modified: Option<String>,
    /// Where it was found after redirects, without anything secret.
    pub final_url: String,
    /// What the server takes it to be; nothing relies on it.
    pub content_type: Option<String>,
}

impl fmt::Debug for Body {
    /// With the length in place of the content, which is nobody's business in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("bytes", &self.bytes.len())
            .field("etag", &self.etag)
            .field("last_modified", &self.last_modified)
            .field("final_url", &self.final_url)
            .field("content_type", &self.content_type)
            .finish()
    }
}
