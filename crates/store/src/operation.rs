//! What is done on the disk, by operations that can fail.

use std::fmt;

/// An operation that can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// Make a folder.
    CreateDir,
    /// Make a file.
    CreateFile,
    /// Write bytes.
    Write,
    /// Read bytes or metadata.
    Read,
    /// Force a file to the disk.
    SyncFile,
    /// Force a folder's entries to the disk.
    SyncFolder,
    /// Set group and permission bits.
    SetMode,
    /// Rename, replacing what is there.
    Rename,
    /// Make a hard link.
    Link,
    /// Make a symbolic link.
    Symlink,
    /// Remove a file or a folder with all in it.
    Remove,
    /// List a folder.
    List,
    /// Take the lock.
    Lock,
    /// Begin or commit a transaction of the catalogue.
    Catalog,
}

impl Op {
    /// Whether it changes anything on the disk.
    pub(super) fn changes(self) -> bool {
        !matches!(self, Op::Read | Op::List)
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Op::CreateDir => "create the folder",
            Op::CreateFile => "create",
            Op::Write => "write",
            Op::Read => "read",
            Op::SyncFile | Op::SyncFolder => "force to disk",
            Op::SetMode => "set the mode of",
            Op::Rename => "rename to",
            Op::Link => "link",
            Op::Symlink => "point",
            Op::Remove => "remove",
            Op::List => "list",
            Op::Lock => "lock",
            Op::Catalog => "change",
        })
    }
}
