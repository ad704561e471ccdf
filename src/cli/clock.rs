//! The time, which comes in here and nowhere else.

/// The time, for the lock, the catalogue, and the age of files in the inbox. It is in no release.
#[allow(clippy::disallowed_methods, reason = "the door of the program is where the time comes in")]
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// When something began, to say how long it took.
#[allow(clippy::disallowed_methods, reason = "the door of the program is where the time comes in")]
pub fn instant() -> std::time::Instant {
    std::time::Instant::now()
}

/// The time as the lock and the catalogue write it.
pub fn written(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
