//! Pauses between attempts.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::settings::Settings;

/// Lets time pass.
pub trait Sleeper: Send + Sync {
    /// Completes after `pause`.
    fn sleep(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// Really waits.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioSleeper;

impl Sleeper for TokioSleeper {
    fn sleep(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(pause))
    }
}

/// The pause after the given number of failed attempts: doubled each time, limited, and then between half and all of
/// it, so that requests that failed together do not come back together.
pub(super) fn before_next(settings: &Settings, url: &str, failed: u32) -> Duration {
    let doubled = settings.backoff.saturating_mul(1_u32.checked_shl(failed.saturating_sub(1)).unwrap_or(u32::MAX));
    let half = doubled.min(settings.max_pause) / 2;
    half + half.mul_f64(fraction(settings.seed, url, failed))
}

/// A number from 0 to below 1 that depends on nothing but the arguments.
fn fraction(seed: u64, url: &str, failed: u32) -> f64 {
    // FNV-1a over the address tells requests apart; the rest is one step of SplitMix64.
    let of_url = url
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mut mixed = seed.wrapping_add(of_url).wrapping_add(u64::from(failed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    // The upper 32 bits are exact in a double.
    f64::from(u32::try_from(mixed >> 32).unwrap_or(0)) / 4_294_967_296.0
}
