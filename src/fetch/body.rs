//! A body that may arrive in several attempts.

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED};

use super::failure::Failure;
use super::request::Conditional;

/// What has arrived so far. It outlives the attempt, so that the next one can go on where this one broke off.
pub(super) struct Partial {
    limit: u64,
    bytes: Vec<u8>,
    /// Length of the whole body, if the server said.
    expected: Option<u64>,
    /// The version these bytes are from.
    version: Conditional,
}

impl Partial {
    pub(super) fn new(limit: u64) -> Self {
        Partial { limit, bytes: Vec::new(), expected: None, version: Conditional::default() }
    }

    /// Where to go on, and what `If-Range` is to say: a strong entity tag, or else the date. Without either nothing can
    /// be added safely.
    pub(super) fn resume_at(&self) -> Option<(u64, &str)> {
        let strong = self.version.etag.as_deref().filter(|etag| !etag.starts_with("W/"));
        let validator = strong.or(self.version.last_modified.as_deref())?;
        (!self.bytes.is_empty()).then_some((self.received(), validator))
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Partial::new(self.limit);
    }

    /// A whole body begins.
    pub(super) fn begin(&mut self, headers: &HeaderMap) -> Result<(), Failure> {
        self.clear();
        self.expected = text(headers, CONTENT_LENGTH).and_then(|length| length.parse().ok());
        self.version = version(headers);
        self.check_length(self.expected.unwrap_or(0))
    }

    /// The rest of a body begins. It must be the rest of this one.
    pub(super) fn go_on(&mut self, headers: &HeaderMap) -> Result<(), Failure> {
        let range = text(headers, CONTENT_RANGE).and_then(content_range);
        let same_version = agree(version(headers).etag.as_ref(), self.version.etag.as_ref());
        match range {
            Some((start, total)) if same_version && start == self.received() && agree(total, self.expected) => {
                self.expected = self.expected.or(total);
                self.check_length(self.expected.unwrap_or(0))
            }
            _ => {
                let broken = self.broken();
                self.clear();
                Err(broken)
            }
        }
    }

    /// More bytes came.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.check_length(self.received().saturating_add(bytes.len() as u64))?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// The body ended. Gives it out, with its version, if it is as long as promised.
    pub(super) fn finish(&mut self) -> Result<(Vec<u8>, Conditional), Failure> {
        if !agree(self.expected, Some(self.received())) {
            return Err(self.broken());
        }
        Ok((std::mem::take(&mut self.bytes), std::mem::take(&mut self.version)))
    }

    pub(super) fn broken(&self) -> Failure {
        Failure::Broken { received: self.received(), expected: self.expected }
    }

    fn received(&self) -> u64 {
        self.bytes.len() as u64
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
