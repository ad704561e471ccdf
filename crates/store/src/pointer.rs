//! Pointers: the release that readers see, and whether an operator holds it there.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::leftovers::Scratch;
use super::manifest::Manifest;
use super::names::is_plain_name;
use super::operation::Op;
use super::store::Store;
use vocab::{Said, said};

/// Readers of each kind follow a link of their own: neither ever leads to a release that was made for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pointer {
    /// Of the administration.
    Internal,
    /// Of everyone.
    Public,
}

/// What an operator decided: readers see this release until it is lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The release.
    pub release: String,
    /// Why, if the operator said so.
    pub reason: Option<String>,
    /// When; empty where an older program wrote it.
    pub since: String,
}

/// Whether a pointer is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// It moves with every release.
    Free,
    /// It stays.
    At(Hold),
    /// There is a hold that cannot be kept: what is wrong with it. It holds nothing.
    Void(Said),
}

impl Pointer {
    /// All there are.
    pub const ALL: [Pointer; 2] = [Pointer::Internal, Pointer::Public];

    /// The profile of the releases that it names.
    pub fn profile(self) -> &'static str {
        match self {
            Pointer::Internal => "internal",
            Pointer::Public => "public",
        }
    }

    /// The pointer's name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Pointer::Internal => "current",
            Pointer::Public => "current-public",
        }
    }

    /// The file that is there while the pointer is held.
    pub fn hold_name(self) -> &'static str {
        match self {
            Pointer::Internal => "pinned",
            Pointer::Public => "pinned-public",
        }
    }

    /// The pointer of those a release was made for.
    pub fn of(manifest: &Manifest) -> Self {
        match manifest.about.get("profile").map(String::as_str) {
            Some("public") => Pointer::Public,
            _ => Pointer::Internal,
        }
    }
}

impl Hold {
    /// A hold without a reason.
    pub fn at(release: &str) -> Self {
        Hold { release: release.to_owned(), reason: None, since: String::new() }
    }

    /// Older programs wrote the name alone.
    fn parse(text: &str) -> Option<Hold> {
        let name = text.trim();
        serde_json::from_str(text).ok().or_else(|| is_plain_name(name).then(|| Hold::at(name)))
    }
}

impl Store {
    /// The release that internal readers see, if there is one.
    ///
    /// # Errors
    /// [`Error::Io`] when the pointer cannot be read.
    pub fn current(&self) -> Result<Option<String>> {
        self.pointed(Pointer::Internal)
    }

    /// The release that a pointer names, whether or not it is there. None too where something else is in the pointer's place.
    ///
    /// # Errors
    /// [`Error::Io`] when the pointer cannot be read.
    pub fn pointed(&self, pointer: Pointer) -> Result<Option<String>> {
        let path = self.dir.join(pointer.name());
        if self.disk.is_link(&path)? != Some(true) {
            return Ok(None);
        }
        let target = self.disk.read_link(&path)?;
        let id = target.as_deref().and_then(|target| target.strip_prefix("releases").ok()?.to_str());
        Ok(id.filter(|id| is_plain_name(id)).map(str::to_owned))
    }

    /// Makes readers see the release `id`, older or newer: those that it was made for.
    ///
    /// # Errors
    /// [`Error::NoRelease`]; [`Error::Corrupt`] when its manifest cannot be read; [`Error::Io`], and the pointer is as it was.
    pub fn point_to(&self, id: &str) -> Result<()> {
        let pointer = Pointer::of(&self.manifest(id)?);
        self.clear_way(pointer)?;
        let path = self.dir.join(pointer.name());
        let fresh = self.scratch(Scratch::Pointer);
        // Relative, so that the store can be moved or mounted elsewhere.
        self.disk.symlink(&Path::new("releases").join(id), &fresh)?;
        self.disk.rename(&fresh, &path).inspect_err(|_| {
            // Nothing depends on it: the next opening of the store removes what stays.
            let _ = self.disk.remove(&fresh);
        })?;
        self.disk.sync_folder(&self.dir)
    }

    /// Moves a real folder or file that has a pointer's name aside, and gives its new place: a copy of a store has folders where
    /// there were links, and nothing in them is ours to delete.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn clear_way(&self, pointer: Pointer) -> Result<Option<PathBuf>> {
        let path = self.dir.join(pointer.name());
        if self.disk.is_link(&path)? != Some(false) {
            return Ok(None);
        }
        let mut number = 1_u32;
        let aside = loop {
            let aside = self.dir.join(format!("{}.aside-{number}", pointer.name()));
            if self.disk.is_link(&aside)?.is_none() {
                break aside;
            }
            number += 1;
        };
        self.disk.rename(&path, &aside)?;
        self.disk.sync_folder(&self.dir)?;
        Ok(Some(aside))
    }

    /// Points readers to a release and keeps later ones from moving the pointer.
    ///
    /// # Errors
    /// As [`Store::point_to`]; [`Error::Corrupt`] too when the release is not whole as far as can be seen without reading it.
    pub fn pin(&self, hold: &Hold) -> Result<()> {
        let manifest = self.manifest(&hold.release)?;
        if let Some(defect) = self.defect(&hold.release)? {
            return Err(defect.into_error(&self.release_folder(&hold.release)));
        }
        let path = self.dir.join(Pointer::of(&manifest).hold_name());
        let json = serde_json::to_string(hold).map_err(|error| Error::Io {
            op: Op::Write,
            path: path.clone(),
            source: error.into(),
        })?;
        // The hold first: should the second step fail, at least nothing newer gets published meanwhile.
        self.saving().save(&path, |file| writeln!(file, "{json}"))?;
        self.point_to(&hold.release)
    }

    /// Lets the next release move a pointer again. The pointer stays where it is.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn unpin(&self, pointer: Pointer) -> Result<()> {
        self.disk.remove(&self.dir.join(pointer.hold_name()))?;
        self.disk.sync_folder(&self.dir)
    }

    /// Whether an operator holds a pointer.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn held(&self, pointer: Pointer) -> Result<Held> {
        let path = self.dir.join(pointer.hold_name());
        let Some(link) = self.disk.is_link(&path)? else { return Ok(Held::Free) };
        let text = match self.disk.file_len(&path)? {
            Some(length) if !link && length <= LONGEST_HOLD => self.disk.read(&path)?,
            _ => return Ok(Held::Void(said!("不是只有几行的文件", "no file of a few lines"))),
        };
        let text = String::from_utf8_lossy(&text);
        let Some(hold) = Hold::parse(&text) else {
            let start: String = text.chars().take(40).collect();
            return Ok(Held::Void(Said::words(start.escape_debug().to_string())));
        };
        Ok(match self.defect(&hold.release)? {
            None => Held::At(hold),
            Some(defect) => {
                let (release, defect) = (hold.release, defect.said());
                Held::Void(said!("{release}：{defect}", "{release}: {defect}"; defect))
            }
        })
    }
}

/// No operator gives a longer reason, in bytes.
const LONGEST_HOLD: u64 = 16 << 10;
