//! A body that may arrive in several attempts.

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, TRANSFER_ENCODING};

use super::failure::Failure;
use super::request::{Body, Conditional, Sink};

/// What has arrived so far. It outlives the attempt, so that the next one can go on where this one broke off.
pub(super) struct Partial<S> {
    limit: u64,
    sink: S,
    received: u64,
    /// Length of the whole body, if the server said.
    expected: Option<u64>,
    /// Whether the server says where the body ends: by its length, or by its last piece.
    is_measured: bool,
    /// The version these bytes are from.
    version: Conditional,
}

impl<S: Sink> Partial<S> {
    pub(super) fn new(limit: u64, sink: S) -> Self {
        Partial { limit, sink, received: 0, expected: None, is_measured: false, version: Conditional::default() }
    }

    /// Where to go on, and what `If-Range` is to say: a strong entity tag, or else the date. Without either nothing can
    /// be added safely.
    pub(super) fn resume_at(&self) -> Option<(u64, &str)> {
        let strong = self.version.etag.as_deref().filter(|etag| !etag.starts_with("W/"));
        let validator = strong.or(self.version.last_modified.as_deref())?;
        (self.received > 0).then_some((self.received, validator))
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) -> Result<(), Failure> {
        self.sink.restart().map_err(Failure::Disk)?;
        (self.received, self.expected, self.is_measured, self.version) = (0, None, false, Conditional::default());
        Ok(())
    }

    /// A whole body begins.
    pub(super) fn begin(&mut self, headers: &HeaderMap) -> Result<(), Failure> {
        self.clear()?;
        self.expected = text(headers, CONTENT_LENGTH).and_then(|length| length.parse().ok());
        self.is_measured = self.expected.is_some() || headers.contains_key(TRANSFER_ENCODING);
        self.version = version(headers);
        self.check_length(self.expected.unwrap_or(0))
    }

    /// The rest of a body begins. It must be the rest of this one.
    pub(super) fn go_on(&mut self, headers: &HeaderMap) -> Result<(), Failure> {
        let range = text(headers, CONTENT_RANGE).and_then(content_range);
        let now = version(headers);
        let same_version = agree(now.etag.as_ref(), self.version.etag.as_ref())
            && agree(now.last_modified.as_ref(), self.version.last_modified.as_ref());
        match range {
            Some((start, total)) if same_version && start == self.received && agree(total, self.expected) => {
                self.expected = self.expected.or(total);
                self.is_measured = self.expected.is_some();
                self.check_length(self.expected.unwrap_or(0))
            }
            _ => {
                let broken = self.broken();
                self.clear()?;
                Err(broken)
            }
        }
    }

    /// More bytes came.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let received = self.received.saturating_add(bytes.len() as u64);
        self.check_length(received)?;
        self.sink.add(bytes).map_err(Failure::Disk)?;
        self.received = received;
        Ok(())
    }

    /// The body ended. It must be as long as promised.
    pub(super) fn check_end(&self) -> Result<(), Failure> {
        if agree(self.expected, Some(self.received)) { Ok(()) } else { Err(self.broken()) }
    }

    /// What arrived, with its version.
    pub(super) fn into_body(self, final_url: String) -> Body<S> {
        Body {
            content: self.sink,
            bytes: self.received,
            is_measured: self.is_measured,
            etag: self.version.etag,
            last_modified: self.version.last_modified,
            final_url,
        }
    }

    pub(super) fn broken(&self) -> Failure {
        Failure::Broken { received: self.received, expected: self.expected }
    }

    fn check_length(&self, length: u64) -> Result<(), Failure> {
        if length > self.limit { Err(Failure::TooLarge { limit: self.limit }) } else { Ok(()) }
    }
}

/// Whether two statements are the same, as far as both were made.
fn agree<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    a.is_none() || b.is_none() || a == b
}

fn version(headers: &HeaderMap) -> Conditional {
    let owned = |name| text(headers, name).map(str::to_owned);
    Conditional { etag: owned(ETAG), last_modified: owned(LAST_MODIFIED) }
}

/// Start and total of `bytes 5-9/10`, where the total may be `*`.
fn content_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    Some((range.split_once('-')?.0.parse().ok()?, total.parse().ok()))
}

/// A header that is readable text.
pub(super) fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
