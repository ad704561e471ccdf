//! A library that stops the program over what it reads, held to a finding.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether a panic of this thread is caught, and so not printed.
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// What `read` gives; nothing where it panics. What it would change is dropped then, so that nothing half made is seen.
pub(super) fn panics<T>(read: impl FnOnce() -> T) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_CAUGHT.get() {
                usual(panic);
            }
        }));
    });
    IS_CAUGHT.set(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    IS_CAUGHT.set(false);
    read.ok()
}
