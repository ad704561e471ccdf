//! Permission bits of what is made, whatever the umask says.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;

use config::access::Readers;

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
    pub(super) folder: u32,
    pub(super) file: u32,
    pub(super) group: Option<u32>,
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

    pub(super) fn of(self, group: Option<u32>) -> Modes {
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
