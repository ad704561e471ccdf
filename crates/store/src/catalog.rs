//! What is known about exports, ingests, runs and sources: a SQLite file.
//!
//! Rows are written after the files they name and hold nothing that the inbox, the raw exports and the configuration
//! could not give again. A rollback journal, not a write-ahead log: the catalogue is one file that can be copied, and
//! there is one writer. Each call is one transaction.

mod answers;
mod database;
mod releases;
mod rows;
mod salvage;
mod schema;
mod seal;

pub use answers::Answer;
pub use database::Catalog;
pub(super) use database::damaged_row;
pub use releases::Published;
pub use rows::{Archive, Export, InUse, Ingest, Kept, Run, Seen};
