//! The one test binary. Each module holds the tests of one room or of one promise.

mod support;

mod cases;
mod cli;
mod corpus;
mod crash;
mod determinism;
mod fetch;
mod layout;
mod read;
mod readers;
mod store;
mod synth;
mod tidy;
mod truth;
mod vocab;
