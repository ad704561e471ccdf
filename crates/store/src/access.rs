//! The modes of a store's parts, for those who may read it as the site declares.

use std::path::Path;

use super::disk::Disk;
use super::error::{Error, Result};
use super::modes::Modes;
use config::access::{Access, Group, Readers};

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
