//! How long a server asks to be left alone.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// Reads `Retry-After`: a number of seconds, or a date. A date is measured against the answer's own `Date`, because the
/// server's clock is the one it means (and none is read here).
pub(super) fn parse(retry_after: &str, date: Option<&str>) -> Option<Duration> {
    let retry_after = retry_after.trim();
    if let Ok(seconds) = retry_after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let seconds = time(retry_after)?.as_second().saturating_sub(time(date?)?.as_second());
    // A date that has passed means at once.
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// The time of a date like `Sun, 06 Nov 1994 08:49:37 GMT`, the one form servers may send.
fn time(date: &str) -> Option<Timestamp> {
    rfc2822::parse(date.trim()).ok().map(|time| time.timestamp())
}
