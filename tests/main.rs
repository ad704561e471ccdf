//! The one test binary. Each module holds the tests of one room or of one promise.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::octal_escapes,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed; tests make and look at files themselves"
)]

mod support;

mod anchors;
mod archives;
mod bounds;
mod cases;
mod catalogue;
mod classes;
mod cli;
mod converge;
mod corpus;
mod corpus_binary;
mod corpus_facts;
mod corpus_text;
mod crash;
mod damage;
mod dbf;
mod definitions;
mod determinism;
mod diff;
mod differential;
mod discover;
mod doubt_between;
mod doubt_ingest;
mod doubt_planted;
mod doubt_registers;
mod doubt_windows;
mod due;
mod expected;
mod explain;
mod faults;
mod fetch;
mod fetching;
mod gallery;
mod handbook;
mod hostile;
mod huge;
mod imports;
mod init;
mod keys;
mod layout;
mod limits;
mod measures;
mod metamorphic;
mod methods;
mod observed;
mod own_store;
mod packed;
mod parquet_source;
mod plan;
mod problems;
mod quality;
mod quarantine;
mod read;
mod read_text;
mod readers;
mod reading_cases;
mod reading_kinds;
mod receiving;
mod relations;
mod replies;
mod report;
mod resources;
mod retention;
mod said;
mod schedules;
mod series;
mod sheets;
mod shortcuts;
mod signals;
mod store;
mod synth;
mod tables;
mod tidy;
mod truth;
mod units;
mod vintages;
mod vocab;
mod why;
mod workbook;
mod year;
