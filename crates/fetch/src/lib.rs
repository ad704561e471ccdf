//! Sources to bytes: the only room that speaks HTTP.
//!
//! A source is asked politely (only for what is new, a few at a time, again after a growing pause), a body that breaks
//! off is resumed where it broke, and nothing is accepted that is not as long as the server said. Drop folders need none
//! of this: the store lists them. The runtime only moves bytes; whoever wants to parse them does so elsewhere.

mod address;
mod attempt;
mod body;
mod failure;
mod pause;
mod request;
mod retry_after;
mod settings;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use reqwest::{Certificate, Client};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

pub use failure::{Failure, FetchError, Untrusted};
pub use pause::{Sleeper, TokioSleeper};
pub use request::{Body, Carrier, Conditional, Credential, Fetched, Query, Request, Sink};
pub use settings::Settings;

use attempt::{Attempt, Ended};
use body::Partial;
use vocab::said;

/// What came of a request.
pub type Outcome<S> = Result<Fetched<S>, FetchError>;

/// Fetches all requests, those of one source one after the other, and of at most `settings.concurrency` sources at a time; each
/// body goes into the sink beside its request. What befalls one request is in its outcome and harms no other, unless it is of the
/// same server. The outcomes are in the order of the requests.
pub async fn fetch_all<S: Sink>(requests: Vec<(Request, S)>, settings: Settings) -> Vec<Outcome<S>> {
    fetch_all_with(requests, settings, Arc::new(TokioSleeper)).await
}

/// Like [`fetch_all`], with the pauses between attempts left to `sleeper`: tests pass one that does not wait.
pub async fn fetch_all_with<S: Sink>(
    requests: Vec<(Request, S)>,
    settings: Settings,
    sleeper: Arc<dyn Sleeper>,
) -> Vec<Outcome<S>> {
    if requests.is_empty() {
        // Building a client reads the system's certificates: not for nothing.
        return Vec::new();
    }
    let client = match client(&settings) {
        Ok(client) => client,
        Err(failure) => {
            return requests.iter().map(|(request, _)| Err(failed(request, 0, failure.clone()))).collect();
        }
    };
    let turns = Arc::new(Semaphore::new(settings.concurrency.max(1)));
    let fetcher = Arc::new(Fetcher { client, end: Instant::now() + settings.all, settings, sleeper });
    let mut tasks = JoinSet::new();
    for chain in by_source(requests) {
        let (fetcher, turns) = (Arc::clone(&fetcher), Arc::clone(&turns));
        tasks.spawn(async move {
            // None is ever closed; without a turn in time, each request ends at its own limit.
            let _turn = tokio::time::timeout_at(fetcher.end, turns.acquire()).await;
            fetcher.fetch_in_order(chain).await
        });
    }
    let mut outcomes = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok(of_source) => outcomes.extend(of_source),
            // No task is ever aborted: it panicked, and that is not for this function to hide.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    outcomes.sort_unstable_by_key(|(place, _)| *place);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

/// Requests with their places, those of each source together.
fn by_source<S>(requests: Vec<(Request, S)>) -> Vec<Vec<(usize, Request, S)>> {
    let mut chains: BTreeMap<String, Vec<(usize, Request, S)>> = BTreeMap::new();
    for (place, (request, sink)) in requests.into_iter().enumerate() {
        chains.entry(request.source.clone()).or_default().push((place, request, sink));
    }
    chains.into_values().collect()
}

/// [`fetch_all`] for callers without a runtime: builds one on this thread for as long as it takes.
///
/// # Errors
/// When no runtime can be built: the machine has no threads or files left.
pub fn fetch_blocking<S: Sink>(requests: Vec<(Request, S)>, settings: Settings) -> io::Result<Vec<Outcome<S>>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcomes = runtime.block_on(fetch_all(requests, settings));
    // A look-up of a host's name that hangs in the system is not waited for.
    runtime.shutdown_background();
    Ok(outcomes)
}

fn failed(request: &Request, attempts: u32, failure: Failure) -> FetchError {
    FetchError { source_id: request.source.clone(), address: vocab::address::shown(&request.url), attempts, failure }
}

fn client(settings: &Settings) -> Result<Client, Failure> {
    // The cryptography is chosen here, not by whichever crates happen to be linked. An error only means that it was
    // chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    #[allow(clippy::disallowed_methods, reason = "the one place where the HTTP client is made")]
    let mut builder = Client::builder()
        .user_agent(concat!("mujun/", env!("CARGO_PKG_VERSION")))
        // Redirects and retries are done, counted and limited here.
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // The environment is not asked.
        .no_proxy();
    if let Some(pem) = &settings.authorities {
        let authorities = Certificate::from_pem_bundle(pem).ok().filter(|authorities| !authorities.is_empty());
        let unusable =
            || Failure::Client(said!("`ca_file` 中没有 PEM 格式的证书", "`ca_file` holds no certificate in PEM"));
        builder = builder.tls_certs_merge(authorities.ok_or_else(unusable)?);
    }
    builder.build().map_err(|error| {
        let error = failure::in_full(error);
        Failure::Client(said!(
            "{error}；请安装系统证书，或在 site.toml 的 [fetch] 中用 `ca_file` 指明证书文件",
            "{error}; install the system's certificates, or name a file of them in `ca_file` under [fetch] of site.toml"
        ))
    })
}

/// What all requests share.
struct Fetcher {
    client: Client,
    settings: Settings,
    sleeper: Arc<dyn Sleeper>,
    /// When all requests are to be done.
    end: Instant,
}

impl Fetcher {
    /// The requests of one source. Where its server cannot be reached or refuses, the others are not tried on it.
    async fn fetch_in_order<S: Sink>(&self, chain: Vec<(usize, Request, S)>) -> Vec<(usize, Outcome<S>)> {
        let mut outcomes = Vec::with_capacity(chain.len());
        let mut is_over = false;
        for (place, request, sink) in chain {
            if is_over {
                outcomes.push((place, Ok(Fetched::NotAsked)));
                continue;
            }
            if !outcomes.is_empty() {
                self.sleeper.sleep(request.pause).await;
            }
            let outcome = self.fetch(&request, sink).await;
            is_over = outcome.as_ref().is_err_and(|error| error.failure.is_of_server());
            outcomes.push((place, outcome));
        }
        outcomes
    }

    async fn fetch<S: Sink>(&self, request: &Request, sink: S) -> Outcome<S> {
        let mut attempts = 0;
        let own = request.deadline.unwrap_or(self.settings.deadline);
        // Its own limit, and no longer than there is time for all.
        let own_end = Instant::now() + own;
        let (end, limit) = if own_end <= self.end { (own_end, own) } else { (self.end, self.settings.all) };
        let result = match tokio::time::timeout_at(end, self.persist(request, sink, &mut attempts)).await {
            Ok(result) => result,
            Err(_) => Err(Failure::Deadline(limit)),
        };
        result.map_err(|failure| failed(request, attempts, failure))
    }

    /// Tries until it works, it cannot work, or it was tried often enough.
    async fn persist<S: Sink>(&self, request: &Request, sink: S, attempts: &mut u32) -> Result<Fetched<S>, Failure> {
        let url = address::parse(&request.url)?;
        let limit = request.max_bytes.map_or(self.settings.max_bytes, |limit| limit.min(self.settings.max_bytes));
        let mut partial = Partial::new(limit, sink);
        loop {
            *attempts += 1;
            let attempt = Attempt { client: &self.client, settings: &self.settings, request };
            let failure = match attempt.run(&url, &mut partial).await {
                Ok(Ended::NotModified) => return Ok(Fetched::NotModified),
                Ok(Ended::Whole(found_at)) => return Ok(Fetched::Body(partial.into_body(found_at))),
                Err(failure) => failure,
            };
            if !failure.is_worth_another_attempt() || *attempts >= self.settings.attempts {
                return Err(failure);
            }
            let pause = pause::before_next(&self.settings, url.as_str(), *attempts);
            let pause = match failure.retry_after() {
                // To come earlier than asked would be rude, to wait that long pointless: the next run is for that.
                Some(asked) if asked > self.settings.max_pause => return Err(failure),
                Some(asked) => asked.max(pause),
                None => pause,
            };
            self.sleeper.sleep(pause).await;
        }
    }
}
