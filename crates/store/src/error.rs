//! What can go wrong with the machine. Bad data never ends up here.

use std::io;
use std::path::PathBuf;

use super::operation::Op;
use vocab::Problem;

/// The result of a store operation.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure of the disk, the lock or the catalogue. Each message names the path and the way out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused an operation.
    #[error("cannot {op} {}: {source}; {}", path.display(), way_out(source))]
    Io {
        /// What was attempted.
        op: Op,
        /// On which file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Another process is writing to the store.
    #[error("{} is held by {by}; wait for it to finish, or stop it, and run again", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// Process and start of the holder, as it wrote them.
        by: String,
    },
    /// There is no store in the folder.
    #[error("{} holds no store; name another folder, or create one with `mujun run`", path.display())]
    NoStore {
        /// The folder that was named.
        path: PathBuf,
    },
    /// The folder is not empty, and no store.
    #[error(
        "S001 {} is no store: it holds {found} and no file `STORE`, so nothing is written to it or removed from it; \
         name another folder with --store or `paths.store` in site.toml, or an empty one for a new store",
        path.display()
    )]
    NotAStore {
        /// The folder that was named.
        path: PathBuf,
        /// What is in it.
        found: String,
    },
    /// The marker does not hold what the program writes.
    #[error(
        "S002 {} is damaged: what is around it is not touched; if the folder is a store, `mujun verify --repair` writes it anew",
        path.display()
    )]
    MarkerDamaged {
        /// The marker.
        path: PathBuf,
    },
    /// The store was made by a newer version of the program.
    #[error("S003 {} is a store of format {found}, this program knows {known}: use the newer program", path.display())]
    StoreFormat {
        /// The store.
        path: PathBuf,
        /// What its marker says.
        found: u32,
        /// What this program makes.
        known: u32,
    },
    /// A link stands where the store has a file or folder of its own.
    #[error(
        "S004 {} is a link: a store is in one place, and nothing is written or removed through links in it; \
         put what it leads to in its place, or link or mount the store as a whole",
        path.display()
    )]
    LinkInStore {
        /// The link.
        path: PathBuf,
    },
    /// The group that the site declares is not there.
    #[error(
        "there is no group `{name}` in /etc/group; correct `group` under [store] in site.toml, or give the group's number"
    )]
    NoGroup {
        /// Its name.
        name: String,
    },
    /// SQLite refused an operation.
    #[error(
        "catalogue {}: {source}; run again",
        path.display()
    )]
    Catalog {
        /// The catalogue's file.
        path: PathBuf,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
    /// The catalogue was made by another version of the program.
    #[error(
        "S003 catalogue {} has layout {found}, this program uses {known}; if it is older, `mujun run` brings it up to date, \
         else use the newer program",
        path.display()
    )]
    CatalogVersion {
        /// The catalogue's file.
        path: PathBuf,
        /// Its `user_version`.
        found: i64,
        /// The one this program uses.
        known: i64,
    },
    /// Something of the store is not what the program wrote.
    #[error("{}", told(.0))]
    Damaged(Box<Problem>),
    /// A file does not hold what it must.
    #[error(
        "{} is damaged: expected {expected}, found {found}; restore it from a copy, or remove it and run again",
        path.display()
    )]
    Corrupt {
        /// The damaged file.
        path: PathBuf,
        /// What it must hold: a length or a digest.
        expected: String,
        /// What it holds.
        found: String,
    },
    /// A file is larger than the caller allows: the reader's problem `R006`.
    #[error("{} is larger than the {limit} bytes allowed; raise the limit if the file is right", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit, in bytes.
        limit: u64,
    },
    /// A file changed while it was read: its sender is still writing it.
    #[error("{} changed while it was read; run again when the transfer has finished", path.display())]
    StillChanging {
        /// The file.
        path: PathBuf,
    },
    /// Something that is no file was to be read.
    #[error("{} is {what}, not a file; write its content into a file first", path.display())]
    NoFile {
        /// What was to be read.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// A name that cannot be a file, dataset or release in the store.
    #[error("`{name}` cannot be a name in the store: use plain names without `..`, and without a leading dot or slash")]
    BadName {
        /// The name, as it was given.
        name: String,
    },
    /// A file was written twice into one release.
    #[error("`{path}` is in release draft {release} already; give the second file another name")]
    Twice {
        /// The draft's release.
        release: String,
        /// The file, relative to the release.
        path: String,
    },
    /// There is no such release.
    #[error("there is no release `{id}` in {}; `mujun releases` lists them", path.display())]
    NoRelease {
        /// What was asked for.
        id: String,
        /// The folder of releases.
        path: PathBuf,
    },
    /// The release exists and holds something else: releases never change.
    #[error(
        "{} is whole and holds other files than release `{id}` now has: another build of the program made it; move that folder out of the \
         store and run again",
        path.display()
    )]
    ReleaseDiffers {
        /// The release.
        id: String,
        /// Its folder.
        path: PathBuf,
    },
}

impl Error {
    /// Whether the same command may succeed later without anyone changing anything (exit code 75).
    pub fn try_again_later(&self) -> bool {
        matches!(self, Error::Locked { .. } | Error::StillChanging { .. })
    }

    /// Whether the operating system says that this is not allowed.
    pub(super) fn is_denied(&self) -> bool {
        matches!(self, Error::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied)
    }

    /// Whether something else was named than there is, or must be (exit code 2).
    pub fn is_usage(&self) -> bool {
        match self {
            Error::NoStore { .. }
            | Error::NoRelease { .. }
            | Error::NotAStore { .. }
            | Error::MarkerDamaged { .. }
            | Error::StoreFormat { .. }
            | Error::LinkInStore { .. }
            | Error::NoGroup { .. } => true,
            Error::Io { source, .. } => source.kind() == io::ErrorKind::NotFound,
            _ => false,
        }
    }
}

/// A problem of the store, on one line.
fn told(problem: &Problem) -> String {
    let Problem { place, rule, value, .. } = problem;
    let value = value.as_ref().map(|value| format!(" ({value})")).unwrap_or_default();
    format!("{} {place}: {}{value} {}", rule.code, rule.en, rule.hint_en)
}

fn way_out(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space and run again",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "check the owner and mode of the folder",
        io::ErrorKind::NotFound => "check the path",
        _ => "run again; nothing was left half written",
    }
}
