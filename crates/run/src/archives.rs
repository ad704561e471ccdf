//! Archives among the exports: each member is an export of its own, and what an archive holds is looked up once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::failure::Failure;
use super::problems::KeptProblem;
use super::setup::{READING, Setup};
use read::archive;
use store::{Archive, Digest, Store, content_key};
use vocab::Problem;

/// A file as it came: what it is named by, and what it holds, if it is an archive.
pub(super) struct Content {
    pub(super) digest: Digest,
    pub(super) bytes: u64,
    pub(super) archive: Option<Contents>,
}

/// A file by its name, with its content.
pub(super) type Found = (String, Content);

/// What an archive holds. Names are relative to it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Contents {
    pub(super) members: Vec<Member>,
    problems: Vec<KeptProblem>,
}

/// A member of an archive, kept as an export.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Member {
    pub(super) name: String,
    digest: String,
    pub(super) bytes: u64,
}

impl Member {
    pub(super) fn digest(&self) -> Option<Digest> {
        self.digest.parse().ok()
    }
}

impl Contents {
    /// What is wrong with the archive called `name` and its members.
    pub(super) fn problems(&self, name: &str) -> impl Iterator<Item = Problem> {
        self.problems.iter().filter_map(KeptProblem::restore).map(move |mut problem| {
            problem.place.file.insert_str(0, name);
            problem
        })
    }
}

/// What the members of an archive are kept under; none where the catalogue does not give it back, which is not the same as nothing.
pub(super) fn members(archive: &Archive) -> Option<Vec<Digest>> {
    let contents: Contents = serde_json::from_str(&archive.contents).ok()?;
    contents.members.iter().map(Member::digest).collect()
}

/// The member of an archive that has this content, if the bytes are an archive and one has it.
pub(super) fn member(setup: &Setup, bytes: &[u8], digest: &Digest) -> Option<Vec<u8>> {
    if !archive::is_archive(bytes) {
        return None;
    }
    let mut found = None;
    let _told_when_it_was_received = archive::each_member("", bytes, &setup.limits(), &mut |member| {
        if found.is_none() && Digest::of(&member.bytes) == *digest {
            found = Some(member.bytes);
        }
    });
    found
}

/// The archives that were opened before.
pub(super) struct Known {
    /// What opens them now: another version or other limits may find something else in them.
    opened_by: Digest,
    archives: BTreeMap<Digest, Archive>,
}

impl Known {
    pub(super) fn load(setup: &Setup, store: Option<&Store>) -> Result<Known, Failure> {
        let opened_by = content_key([READING.as_bytes(), json!(setup.limits()).to_string().as_bytes()]);
        let archives = match store {
            Some(store) => store.catalog().archives()?,
            None => Vec::new(),
        };
        Ok(Known { opened_by, archives: archives.into_iter().map(|archive| (archive.digest, archive)).collect() })
    }

    /// An export that was received before. None if it is an archive that has to be opened again.
    pub(super) fn recall(&self, digest: Digest, bytes: u64) -> Option<Content> {
        let archive = match self.archives.get(&digest) {
            Some(archive) if archive.opened_by == self.opened_by => serde_json::from_str(&archive.contents).ok(),
            Some(_) => return None,
            None => return Some(Content { digest, bytes, archive: None }),
        };
        archive.map(|contents| Content { digest, bytes, archive: Some(contents) })
    }

    /// Looks into an export; `keep` takes its bytes, and those of each member, and says what they are named by.
    pub(super) fn open(
        &self,
        setup: &Setup,
        bytes: &[u8],
        keep: impl Fn(&[u8]) -> Result<Digest, Failure>,
    ) -> Result<Content, Failure> {
        let digest = keep(bytes)?;
        let mut content = Content { digest, bytes: bytes.len() as u64, archive: None };
        if !archive::is_archive(bytes) {
            return Ok(content);
        }
        if let Some(known) = self.recall(digest, content.bytes).filter(|known| known.archive.is_some()) {
            return Ok(known);
        }
        let mut contents = Contents::default();
        let mut failure = None;
        let problems = archive::each_member("", bytes, &setup.limits(), &mut |member| match keep(&member.bytes) {
            Ok(digest) => contents.members.push(Member {
                name: member.name,
                digest: digest.to_string(),
                bytes: member.bytes.len() as u64,
            }),
            Err(error) => failure = Some(error),
        });
        contents.problems = problems.iter().map(KeptProblem::from).collect();
        content.archive = Some(contents);
        failure.map_or(Ok(content), Err)
    }

    /// The archives of `contents` that were not known, for the catalogue.
    pub(super) fn fresh<'c>(&self, contents: impl Iterator<Item = &'c Content>) -> Vec<Archive> {
        let is_known = |digest: &Digest| self.archives.get(digest).is_some_and(|old| old.opened_by == self.opened_by);
        let fresh = contents.filter(|content| !is_known(&content.digest)).filter_map(|content| {
            let contents = serde_json::to_string(content.archive.as_ref()?).ok()?;
            Some(Archive { digest: content.digest, opened_by: self.opened_by, contents })
        });
        fresh.collect()
    }
}
