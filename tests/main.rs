//! The one test binary. Each module holds the tests of one room or of one promise.

mod support;

mod fetch;
mod layout;
mod read;
mod store;
mod synth;
mod vocab;
