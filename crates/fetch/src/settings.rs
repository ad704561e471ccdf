//! How patient and how greedy fetching is.

use std::time::Duration;

/// Limits and patience, from `site.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Requests under way at the same time.
    pub concurrency: usize,
    /// Attempts for one request, the first included.
    pub attempts: u32,
    /// The longest silence of a server: until its answer begins, and between two pieces of it.
    pub timeout: Duration,
    /// The longest time one request may take with all its attempts and pauses.
    pub deadline: Duration,
    /// The longest time all requests together may take: what is not there by then is left to the next run.
    pub all: Duration,
    /// The slowest body that is waited for, in bytes per second over the time of a silence.
    pub least_rate: u64,
    /// The pause after the first failure; it doubles with each further one.
    pub backoff: Duration,
    /// The longest pause. A server that asks for a longer one is left to the next run.
    pub max_pause: Duration,
    /// The longest body accepted.
    pub max_bytes: u64,
    /// Redirects followed in one attempt.
    pub max_redirects: u32,
    /// Certificates of authorities beside those of the system, in PEM.
    pub authorities: Option<Vec<u8>>,
    /// Spreads the pauses of many requests; the same seed gives the same pauses.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            concurrency: 4,
            attempts: 5,
            timeout: Duration::from_secs(30),
            deadline: Duration::from_secs(5 * 60),
            all: Duration::from_secs(15 * 60),
            least_rate: 1024,
            backoff: Duration::from_secs(1),
            max_pause: Duration::from_secs(60),
            max_bytes: 512 * 1024 * 1024,
            max_redirects: 5,
            authorities: None,
            seed: 0,
        }
    }
}
