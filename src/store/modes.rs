//! Permission bits of what is made, whatever the umask says.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::disk::Disk;
use super::error::{Error, Result};
use crate::config::access::{Access, Group, Readers};

/// Group and permission bits of one file or folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mode {
    pub(super) bits: u32,
    pub(super) group: Option<u32>,
}

impl Mode {
    /// Whether a file or folder has this mode.
    pub(super) fn is_of(self, metadata: &Metadata) -> bool {
        metadata.mode() & 0o777 == self.bits && self.group.is_none_or(|group| group == metadata.gid())
    }
}

/// Group and permission bits of the files and folders of one part of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Modes {
    folder: u32,
    file: u32,
    group: Option<u32>,
}

impl Modes {
    /// Exports, facts, quarantine, catalogue.
    pub(super) const PRIVATE: Modes = Modes { folder: 0o750, file: 0o640, group: None };
    /// What is written for the user alone: it may hold single enterprises.
    pub(super) const USER: Modes = Modes { folder: 0o700, file: 0o600, group: None };

    pub(super) fn published(readers: Readers) -> Modes {
        match readers {
            Readers::Owner => Modes::USER,
            Readers::Group => Modes::PRIVATE,
            Readers::All => Modes { folder: 0o755, file: 0o644, group: None },
        }
    }

    fn of(self, group: Option<u32>) -> Modes {
        Modes { group, ..self }
    }

    pub(super) fn folder(self) -> Mode {
        Mode { bits: self.folder, group: self.group }
    }

    /// Of a file that changes.
    pub(super) fn file(self) -> Mode {
        Mode { bits: self.file, group: self.group }
    }

    /// Of a file that will never change again.
    pub(super) fn kept(self) -> Mode {
        Mode { bits: self.file & !0o222, group: self.group }
    }
}

/// The modes of a store.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoreModes {
    pub(super) private: Modes,
    pub(super) published: Modes,
    /// Of the store's own folder: whoever may read releases must get through it.
    pub(super) own: Modes,
}

impl StoreModes {
    /// What the site declares.
    pub(super) fn of(disk: &Disk, access: &Access) -> Result<StoreModes> {
        let group = access.group.as_ref().map(|group| number(disk, group)).transpose()?;
        let folder = if access.published == Readers::All { 0o751 } else { 0o750 };
        Ok(StoreModes {
            private: Modes::PRIVATE.of(group),
            published: Modes::published(access.published).of(group),
            own: Modes { folder, ..Modes::PRIVATE }.of(group),
        })
    }
}

impl Default for StoreModes {
    fn default() -> Self {
        StoreModes { private: Modes::PRIVATE, published: Modes::PRIVATE, own: Modes::PRIVATE }
    }
}

const GROUPS: &str = "/etc/group";

fn number(disk: &Disk, group: &Group) -> Result<u32> {
    let name = match group {
        Group::Numbered(number) => return Ok(*number),
        Group::Named(name) => name,
    };
    let groups = disk.read(Path::new(GROUPS))?;
    let groups = String::from_utf8_lossy(&groups);
    let of_line = |line: &str| {
        let mut fields = line.split(':');
        (fields.next() == Some(name)).then(|| fields.nth(1)?.parse().ok())?
    };
    groups.lines().find_map(of_line).ok_or_else(|| Error::NoGroup { name: name.clone() })
}
