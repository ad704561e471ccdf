//! Bytes on disk: the only room that touches files.
//!
//! ```text
//! store/STORE                     what makes the folder a store: see [`marker`]
//! store/raw/ab/abcd…              every export ever received, by SHA-256, read-only
//! store/facts/<dataset>/<key>     clean facts; the key names what they were made from
//! store/quarantine/<dataset>/…    rows set aside
//! store/catalog.db                what is known about them
//! store/releases/<id>/            complete, immutable releases
//! store/current                   symlink to a release; changes by rename only
//! store/pinned                    present while an operator holds the pointer: the release, why, since when
//! store/current-public            the same of releases for the public, with pinned-public
//! store/lock, store/tmp/          one writer at a time, and its unfinished files
//! ```
//!
//! Everything is written in one way ([`save`]): temporary file, check, sync, rename, and the folder's sync, which
//! [`Store::settle`] does for many files at a time. Files come first and the catalogue row after them, so that a kill
//! at any moment leaves at worst a file that nothing names yet; the next run writes the same bytes to the same place.

mod access;
mod catalog;
mod changed;
mod digest;
mod disk;
mod draft;
mod error;
mod gc;
mod inbox;
mod incoming;
mod leftovers;
mod lock;
mod manifest;
mod marker;
mod modes;
mod names;
mod open;
mod operation;
pub mod parquet;
mod pointer;
mod raw;
mod releases;
mod repair;
mod save;
mod store;
mod tables;
mod usage;
mod verify;

pub use catalog::{Answer, Archive, Catalog, Export, InUse, Ingest, Kept, Published, Run, Seen};
pub use digest::{Digest, content_key};
pub use disk::{Disk, Hook, Watch};
pub use draft::{Committed, ReleaseDraft};
pub use error::{Error, Result, Special};
pub use gc::{Freed, Needed, Waste};
pub use inbox::{InboxFile, Listing, NotTaken, Stamp, Why, list_files, list_inbox, read_file, read_listed};
pub use incoming::Incoming;
pub use manifest::{Difference, DifferenceKind, FileEntry, Manifest};
pub use operation::Op;
pub use pointer::{Held, Hold, Pointer};
pub use releases::resolve;
pub use save::{SampleFile, SaveWriter, Saved, append, create_folder, create_sample, write_file, write_shared};
pub use store::Store;
pub use tables::Shelf;
pub use usage::Usage;
