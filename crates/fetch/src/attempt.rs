//! One attempt: ask, follow redirects, take the body.

use std::future::Future;
use std::time::Duration;

use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_RANGE, LOCATION, RANGE, RETRY_AFTER,
};
use reqwest::{Client, RequestBuilder, Response, Url};
use tokio::time::Instant;

use super::address::redirected;
use super::body::{Partial, text};
use super::failure::Failure;
use super::request::{Carrier, Credential, Request, Sink};
use super::retry_after;
use super::settings::Settings;
use vocab::{address, said};

/// All that one attempt needs.
pub(super) struct Attempt<'a> {
    pub(super) client: &'a Client,
    pub(super) settings: &'a Settings,
    pub(super) request: &'a Request,
}

/// How an attempt ended.
pub(super) enum Ended {
    /// What is known is still right.
    NotModified,
    /// The body is there, found at this address.
    Whole(String),
}

impl Attempt<'_> {
    /// Asks for the body, or for the rest of `partial`, which keeps what arrives.
    pub(super) async fn run<S: Sink>(&self, url: &Url, partial: &mut Partial<S>) -> Result<Ended, Failure> {
        if self.request.query.is_some() {
            // An answer to a query is no file, of which a part could be asked for.
            partial.clear()?;
        }
        let resuming = partial.resume_at().is_some();
        let reply = self.follow(url, &self.headers(partial)?).await?;
        match reply.status().as_u16() {
            200 => partial.begin(reply.headers())?,
            206 if resuming => partial.go_on(reply.headers())?,
            304 if !resuming && !self.request.conditional.is_empty() => return Ok(Ended::NotModified),
            416 if resuming => {
                // It has become shorter than what arrived of it: from the beginning, then.
                let broken = partial.broken();
                partial.clear()?;
                return Err(broken);
            }
            status @ 200..400 => return Err(Failure::Reply(said!("状态为 {status}", "status {status}"))),
            status => return Err(Failure::Status { status, retry_after: wait_asked_for(reply.headers()) }),
        }
        if let Some(encoding) = text(reply.headers(), CONTENT_ENCODING).filter(|encoding| *encoding != "identity") {
            let reason =
                said!("以 {encoding} 编码，而并未请求该编码", "encoded as {encoding}, which was not asked for");
            return Err(Failure::Reply(reason));
        }
        self.take_body(reply, partial).await
    }

    async fn take_body<S: Sink>(&self, mut reply: Response, partial: &mut Partial<S>) -> Result<Ended, Failure> {
        let (window, least) = (self.timeout(), self.settings.least_rate);
        let (mut since, mut came) = (Instant::now(), 0_u64);
        loop {
            match self.in_time(reply.chunk()).await? {
                Ok(Some(bytes)) => {
                    partial.add(&bytes)?;
                    came = came.saturating_add(bytes.len() as u64);
                }
                Ok(None) => break,
                Err(_) => return Err(partial.broken()),
            }
            // A byte now and then is no silence, and would hold the run for as long as it liked.
            let passed = since.elapsed();
            if passed >= window {
                if (came as f64) < least as f64 * passed.as_secs_f64() {
                    return Err(Failure::TooSlow(least));
                }
                (since, came) = (Instant::now(), 0);
            }
        }
        partial.check_end()?;
        Ok(Ended::Whole(address::shown_url(reply.url())))
    }

    /// Sends the request where the redirects lead.
    async fn follow(&self, url: &Url, headers: &HeaderMap) -> Result<Response, Failure> {
        let mut at = url.clone();
        for _ in 0..=self.settings.max_redirects {
            let credential = self.request.credential.as_ref().filter(|_| at.origin() == url.origin());
            let reply =
                self.in_time(self.asking(&at, headers, credential)?.send()).await?.map_err(Failure::of_sending)?;
            let status = reply.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return Ok(reply);
            }
            // The others turn a query into a request without one: the answer would be another.
            if self.request.query.is_some() && !matches!(status, 307 | 308) {
                return Err(Failure::Redirect(said!("查询后状态为 {status}", "status {status} after a query")));
            }
            let nowhere = || Failure::Redirect(said!("未指明去处", "to nowhere"));
            let location = text(reply.headers(), LOCATION).ok_or_else(nowhere)?;
            at = redirected(&at, location)?;
        }
        Err(Failure::TooManyRedirects(self.settings.max_redirects))
    }

    fn asking(
        &self,
        at: &Url,
        headers: &HeaderMap,
        credential: Option<&Credential>,
    ) -> Result<RequestBuilder, Failure> {
        let mut at = at.clone();
        let mut secret = None;
        match credential {
            Some(Credential { carrier: Carrier::Query, name, value }) => {
                at.query_pairs_mut().append_pair(name, value);
            }
            Some(credential) => secret = Some(header(credential)?),
            None => {}
        }
        let asking = match &self.request.query {
            Some(query) => self.client.post(at).header(CONTENT_TYPE, query.media_type).body(query.text.clone()),
            None => self.client.get(at),
        };
        let asking = asking.headers(headers.clone());
        Ok(secret.into_iter().fold(asking, |asking, (name, value)| asking.header(name, value)))
    }

    fn headers<S: Sink>(&self, partial: &Partial<S>) -> Result<HeaderMap, Failure> {
        let mut headers = HeaderMap::new();
        // Lengths and ranges are those of the file only if nobody compresses it on the way.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let mut set = |name: HeaderName, value: &str| {
            let value = HeaderValue::from_str(value).map_err(|_| Failure::Header(name.to_string()))?;
            headers.insert(name, value);
            Ok(())
        };
        for (name, value) in &self.request.headers {
            set(HeaderName::from_bytes(name.as_bytes()).map_err(|_| Failure::Header(name.clone()))?, value)?;
        }
        if let Some((start, validator)) = partial.resume_at() {
            set(RANGE, &format!("bytes={start}-"))?;
            set(IF_RANGE, validator)?;
            return Ok(headers);
        }
        if let Some(etag) = &self.request.conditional.etag {
            set(IF_NONE_MATCH, etag)?;
        }
        if let Some(date) = &self.request.conditional.last_modified {
            set(IF_MODIFIED_SINCE, date)?;
        }
        Ok(headers)
    }

    /// The longest silence.
    fn timeout(&self) -> Duration {
        self.request.timeout.unwrap_or(self.settings.timeout)
    }

    /// Waits for something the server has to do, but not for ever.
    async fn in_time<T>(&self, server: impl Future<Output = T>) -> Result<T, Failure> {
        let limit = self.timeout();
        tokio::time::timeout(limit, server).await.map_err(|_| Failure::Timeout(limit))
    }
}

fn wait_asked_for(headers: &HeaderMap) -> Option<Duration> {
    retry_after::parse(text(headers, RETRY_AFTER)?, text(headers, DATE))
}

fn header(credential: &Credential) -> Result<(HeaderName, HeaderValue), Failure> {
    let wrong = || Failure::Header(credential.name.clone());
    let name = HeaderName::from_bytes(credential.name.as_bytes()).map_err(|_| wrong())?;
    let mut value = HeaderValue::from_str(&credential.value).map_err(|_| wrong())?;
    value.set_sensitive(true);
    Ok((name, value))
}
