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

use std::sync::Arc;

use reqwest::Client;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

pub use failure::{Failure, FetchError, SetupError};
pub use pause::{Sleeper, TokioSleeper};
pub use request::{Body, Conditional, Credential, Fetched, Request};
pub use settings::Settings;

use attempt::Attempt;
use body::Partial;

/// A request and what came of it.
pub type Outcome = (Request, Result<Fetched, FetchError>);

/// Fetches all requests, at most `settings.concurrency` at a time. The outcomes are in the order of the requests.
///
/// # Errors
/// [`SetupError`] when no client can be built at all. What befalls a single request is in its outcome.
pub async fn fetch_all(requests: Vec<Request>, settings: Settings) -> Result<Vec<Outcome>, SetupError> {
    fetch_all_with(requests, settings, Arc::new(TokioSleeper)).await
}

/// Like [`fetch_all`], with the pauses between attempts left to `sleeper`: tests pass one that does not wait.
///
/// # Errors
/// As [`fetch_all`].
pub async fn fetch_all_with(
    requests: Vec<Request>,
    settings: Settings,
    sleeper: Arc<dyn Sleeper>,
) -> Result<Vec<Outcome>, SetupError> {
    if requests.is_empty() {
        // Building a client reads the system's certificates: not for nothing.
        return Ok(Vec::new());
    }
    let fetcher = Arc::new(Fetcher { client: client(&settings)?, settings, sleeper });
    let turns = Arc::new(Semaphore::new(fetcher.settings.concurrency.max(1)));
    let mut tasks = JoinSet::new();
    for (place, request) in requests.into_iter().enumerate() {
        let (fetcher, turns) = (Arc::clone(&fetcher), Arc::clone(&turns));
        tasks.spawn(async move {
            // The semaphore is never closed, so this only waits.
            let _turn = turns.acquire().await;
            let result = fetcher.fetch(&request).await;
            (place, (request, result))
        });
    }
    let mut outcomes = Vec::with_capacity(tasks.len());
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok(outcome) => outcomes.push(outcome),
            // No task is ever aborted: it panicked, and that is not for this function to hide.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    outcomes.sort_unstable_by_key(|(place, _)| *place);
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

/// [`fetch_all`] for callers without a runtime: builds one on this thread for as long as it takes.
///
/// # Errors
/// As [`fetch_all`]; also when no runtime can be built.
pub fn fetch_blocking(requests: Vec<Request>, settings: Settings) -> Result<Vec<Outcome>, SetupError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(SetupError::Runtime)?;
    let outcomes = runtime.block_on(fetch_all(requests, settings));
    // A look-up of a host's name that hangs in the system is not waited for.
    runtime.shutdown_background();
    outcomes
}

fn client(settings: &Settings) -> Result<Client, SetupError> {
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
        // Only the proxy that is configured, never one from the environment.
        .no_proxy();
    if let Some(proxy) = &settings.proxy {
        builder = builder.proxy(reqwest::Proxy::all(proxy).map_err(|_| SetupError::Proxy)?);
    }
    builder.build().map_err(|error| SetupError::Client(failure::in_full(error)))
}

/// What all requests share.
struct Fetcher {
    client: Client,
    settings: Settings,
    sleeper: Arc<dyn Sleeper>,
}

impl Fetcher {
    async fn fetch(&self, request: &Request) -> Result<Fetched, FetchError> {
        let mut attempts = 0;
        let result = match tokio::time::timeout(self.settings.deadline, self.persist(request, &mut attempts)).await {
            Ok(result) => result,
            Err(_) => Err(Failure::Deadline(self.settings.deadline)),
        };
        result.map_err(|failure| FetchError {
            source_id: request.source.clone(),
            address: address::shown(&request.url),
            attempts,
            failure,
        })
    }

    /// Tries until it works, it cannot work, or it was tried often enough.
    async fn persist(&self, request: &Request, attempts: &mut u32) -> Result<Fetched, Failure> {
        let url = address::parse(&request.url)?;
        let limit = request.max_bytes.map_or(self.settings.max_bytes, |limit| limit.min(self.settings.max_bytes));
        let mut partial = Partial::new(limit);
        loop {
            *attempts += 1;
            let attempt = Attempt { client: &self.client, settings: &self.settings, request };
            let failure = match attempt.run(&url, &mut partial).await {
                Ok(fetched) => return Ok(fetched),
                Err(failure) => failure,
            };
            if !failure.is_temporary() || *attempts >= self.settings.attempts {
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
