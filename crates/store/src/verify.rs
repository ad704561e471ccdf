//! Everything in the store held against what was written: catalogue, exports, tables, releases, pointer; and what is there besides.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::catalog::Kept;
use super::digest::Digest;
use super::error::{Error, Result};
use super::leftovers::is_scratch;
use super::manifest::{DifferenceKind, MANIFEST, Manifest};
use super::marker;
use super::names::{CATALOG, FOLDERS, LOCK, RELEASES, REVISIONS, draft_of, is_plain_name, readable};
use super::pointer::{Held, Pointer};
use super::store::Store;
use super::tables::Shelf;
use vocab::rules::Rule;
use vocab::{Place, Problem, Said, rules, said};

impl Store {
    /// Reads the whole store and says what is wrong with it, by place. Beside a run it may find files that nothing names yet.
    ///
    /// # Errors
    /// [`Error::Io`] when the disk does not let it look; damage is no error.
    pub fn verify(&self) -> Result<Vec<Problem>> {
        // Rows before files: a run that goes on meanwhile writes files first.
        let mut found = self.catalog().damage();
        if !found.iter().any(|problem| problem.rule == &rules::CATALOGUE_DAMAGED) {
            let mut named = Named::default();
            named.read(self)?;
            found.extend(self.verify_raw(&named.raw)?);
            for (shelf, tables) in [(Shelf::Facts, &named.facts), (Shelf::Quarantine, &named.quarantine)] {
                found.extend(self.verify_tables(shelf, tables)?);
            }
        }
        for path in self.entries(&self.dir.join(RELEASES))? {
            found.extend(self.verify_entry_of_releases(&path)?);
        }
        for path in self.entries(&self.dir.join(REVISIONS))? {
            found.extend(self.verify_revisions(&path)?);
        }
        found.extend(self.verify_pointers()?);
        found.extend(self.verify_top()?);
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn found(&self, rule: &'static Rule, path: &Path) -> Problem {
        let path = path.strip_prefix(&self.dir).unwrap_or(path);
        Problem::new(rule, Place::file(&readable(path.as_os_str())))
    }

    /// The entries of a folder; none where it is gone.
    fn entries(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        if self.disk.entry(folder)?.is_some_and(|entry| entry.is_dir()) {
            self.disk.list(folder)
        } else {
            Ok(Vec::new())
        }
    }

    /// Files of a folder of folders by what names them; and what has no such name.
    fn shelved<K: Ord>(
        &self,
        folder: &str,
        named_by: impl Fn(&Path) -> Option<K>,
    ) -> Result<(BTreeMap<K, PathBuf>, Vec<Problem>)> {
        let (mut there, mut foreign) = (BTreeMap::new(), Vec::new());
        for shelf in self.entries(&self.dir.join(folder))? {
            if !self.disk.entry(&shelf)?.is_some_and(|entry| entry.is_dir()) {
                foreign.push(self.found(&rules::FILE_FOREIGN, &shelf));
            }
            for path in self.entries(&shelf)? {
                let is_file = self.disk.entry(&path)?.is_some_and(|entry| entry.is_file());
                match named_by(&path).filter(|_| is_file) {
                    Some(name) => drop(there.insert(name, path)),
                    None => foreign.push(self.found(&rules::FILE_FOREIGN, &path)),
                }
            }
        }
        Ok((there, foreign))
    }

    /// Kept exports, by the digests they are named by.
    fn verify_raw(&self, named: &BTreeMap<Digest, BTreeSet<String>>) -> Result<Vec<Problem>> {
        let by_digest = |path: &Path| {
            let digest: Digest = path.file_name()?.to_str()?.parse().ok()?;
            (self.raw_path(&digest) == path).then_some(digest)
        };
        let (there, mut found) = self.shelved("raw", by_digest)?;
        let told = |rule, digest: &Digest| {
            let names = named.get(digest).into_iter().flatten().cloned();
            self.found(rule, &self.raw_path(digest)).expected(names)
        };
        let gone = named.keys().filter(|digest| !there.contains_key(digest));
        found.extend(gone.map(|digest| told(&rules::RAW_MISSING, digest)));
        found.extend(look_at_all(&there, |digest, path| {
            let rule = match (self.disk.digest(path)?.0 == *digest, named.contains_key(digest)) {
                (true, true) => return Ok(None),
                (true, false) => &rules::FILE_UNLISTED,
                (false, _) => &rules::RAW_DAMAGED,
            };
            Ok(Some(told(rule, digest)))
        })?);
        Ok(found)
    }

    /// Facts or quarantine.
    fn verify_tables(&self, shelf: Shelf, named: &BTreeMap<String, Kept>) -> Result<Vec<Problem>> {
        let [damaged, missing] = shelf.rules();
        let by_file = |path: &Path| {
            let dataset = path.parent()?.file_name()?.to_str()?;
            let key = path.file_name()?.to_str()?.strip_suffix(".parquet")?.parse().ok()?;
            shelf.file(dataset, &key).ok()
        };
        let (there, mut found) = self.shelved(shelf.folder(), by_file)?;
        let gone = named.keys().filter(|file| !there.contains_key(*file));
        found.extend(gone.map(|file| Problem::new(missing, Place::file(file))));
        found.extend(look_at_all(&there, |file, path| {
            let rule = match named.get(file) {
                None => &rules::FILE_UNLISTED,
                Some(kept) if self.disk.digest(path)?.0 != kept.digest => damaged,
                Some(_) => return Ok(None),
            };
            Ok(Some(Problem::new(rule, Place::file(file))))
        })?);
        Ok(found)
    }

    fn verify_entry_of_releases(&self, path: &Path) -> Result<Vec<Problem>> {
        let is_folder = self.disk.entry(path)?.is_some_and(|entry| entry.is_dir());
        let id = path.file_name().map(readable).unwrap_or_default();
        if is_folder && draft_of(path).is_some() {
            return Ok(Vec::new());
        }
        if !is_folder || !is_plain_name(&id) {
            return Ok(vec![self.found(&rules::FILE_FOREIGN, path)]);
        }
        self.release_damage(&id)
    }

    /// What is wrong with a release: with its manifest, or else with its files.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn release_damage(&self, id: &str) -> Result<Vec<Problem>> {
        let folder = self.release_folder(id);
        let lost = || self.found(&rules::MANIFEST_DAMAGED, &folder.join(MANIFEST));
        let manifest = match self.manifest(id) {
            Ok(manifest) if manifest.release == id => manifest,
            Ok(_) | Err(Error::Damaged(_) | Error::NoRelease { .. }) => return Ok(vec![lost()]),
            Err(error) => return Err(error),
        };
        let told = |kind: DifferenceKind| match kind {
            DifferenceKind::Missing => &rules::RELEASE_FILE_MISSING,
            DifferenceKind::Extra => &rules::RELEASE_FILE_EXTRA,
            DifferenceKind::Changed => &rules::RELEASE_FILE_CHANGED,
        };
        let differences = manifest.compare(&self.disk, &folder)?;
        Ok(differences.iter().map(|one| self.found(told(one.kind), &folder.join(&one.path))).collect())
    }

    /// What one release changed in another.
    fn verify_revisions(&self, folder: &Path) -> Result<Vec<Problem>> {
        let name = folder.file_name().map(readable).unwrap_or_default();
        if !self.disk.entry(folder)?.is_some_and(|entry| entry.is_dir()) || !is_plain_name(&name) {
            return Ok(vec![self.found(&rules::FILE_FOREIGN, folder)]);
        }
        let path = folder.join(MANIFEST);
        // An older program wrote none.
        if self.disk.entry(&path)?.is_none() {
            return Ok(vec![self.found(&rules::FILE_UNLISTED, folder)]);
        }
        let manifest = match Manifest::read(&self.disk, folder, None) {
            Ok(manifest) if manifest.release == name => manifest,
            Ok(_) | Err(Error::Damaged(_)) => return Ok(vec![self.found(&rules::REVISIONS_DAMAGED, &path)]),
            Err(error) => return Err(error),
        };
        let differences = manifest.compare(&self.disk, folder)?;
        Ok(differences.iter().map(|one| self.found(&rules::REVISIONS_DAMAGED, &folder.join(&one.path))).collect())
    }

    /// The pointers that readers follow, and what holds them.
    fn verify_pointers(&self) -> Result<Vec<Problem>> {
        let mut found = Vec::new();
        for pointer in Pointer::ALL {
            let path = self.dir.join(pointer.name());
            let lost = |found: Said| self.found(&rules::POINTER_LOST, &path).said(found);
            match (self.disk.entry(&path)?, self.pointed(pointer)?) {
                // Nothing may have been published for these readers.
                (None, _) if pointer == Pointer::Public || self.list_releases()?.is_empty() => {}
                (None, _) => found.push(lost(said!("已有批次，但没有指向", "no pointer, though there are releases"))),
                (Some(_), None) => found.push(lost(said!("不是指向批次的链接", "not a link to a release"))),
                (Some(_), Some(id)) if !self.list_releases()?.contains(&id) => found.push(lost(Said::words(id))),
                (Some(_), Some(_)) => {}
            }
            if let Held::Void(wrong) = self.held(pointer)? {
                found.push(self.found(&rules::HOLD_VOID, &self.dir.join(pointer.hold_name())).said(wrong));
            }
        }
        Ok(found)
    }

    /// What is in the store's own folder and in `tmp/`, and who else can read it.
    fn verify_top(&self) -> Result<Vec<Problem>> {
        let mut found = Vec::new();
        let journal = format!("{CATALOG}-journal");
        let links = Pointer::ALL.map(Pointer::name);
        let holds = Pointer::ALL.map(Pointer::hold_name);
        // What `verify --repair` leaves beside a new catalogue is the store's own.
        let damaged = format!("{CATALOG}.damaged");
        let known = [marker::MARKER, marker::RESCUED, CATALOG, &journal, &damaged, LOCK];
        let known: Vec<&str> = known.into_iter().chain(links).chain(holds).chain(FOLDERS).collect();
        for path in self.disk.list(&self.dir)? {
            let name = path.file_name().map(readable).unwrap_or_default();
            if !known.contains(&name.as_str()) {
                found.push(self.found(&rules::FILE_FOREIGN, &path));
            } else if !links.contains(&name.as_str()) && name != marker::RESCUED {
                found.extend(self.open_to_others(&path, &name)?);
            }
        }
        for path in self.entries(&self.dir.join("tmp"))? {
            if self.disk.entry(&path)?.is_some_and(|entry| !is_scratch(&path, &entry)) {
                found.push(self.found(&rules::FILE_FOREIGN, &path));
            }
        }
        Ok(found)
    }

    /// Whether others can read what is only for owner and group, or change what they may read.
    fn open_to_others(&self, path: &Path, name: &str) -> Result<Option<Problem>> {
        let Some(entry) = self.disk.entry(path)? else { return Ok(None) };
        let most = match name {
            RELEASES => 0o775,
            _ if entry.is_dir() => 0o770,
            _ => 0o660,
        };
        let mode = entry.mode() & 0o777;
        let octal = |mode: u32| format!("{mode:04o}");
        let told = || self.found(&rules::OPEN_TO_OTHERS, path).value(octal(mode)).expected([octal(mode & most)]);
        Ok((mode & !most != 0).then(told))
    }
}

/// Looks at all these files, as many at a time as there are processors.
fn look_at_all<K: Ord + Sync>(
    files: &BTreeMap<K, PathBuf>,
    look: impl Fn(&K, &Path) -> Result<Option<Problem>> + Sync,
) -> Result<Vec<Problem>> {
    let found: Vec<Result<Option<Problem>>> = files.par_iter().map(|(name, path)| look(name, path)).collect();
    found.into_iter().filter_map(Result::transpose).collect()
}

/// What the catalogue names.
#[derive(Default)]
struct Named {
    /// Exports, with the names they came under.
    raw: BTreeMap<Digest, BTreeSet<String>>,
    facts: BTreeMap<String, Kept>,
    quarantine: BTreeMap<String, Kept>,
}

impl Named {
    /// Rows that are damaged are told as such, and what they named is told as unlisted.
    fn read(&mut self, store: &Store) -> Result<()> {
        let catalog = store.catalog();
        for export in whole(catalog.exports())? {
            self.raw.entry(export.digest).or_default().insert(export.name);
        }
        for answer in whole(catalog.answers())? {
            self.raw.extend(answer.digest.map(|digest| (digest, BTreeSet::from([answer.source]))));
        }
        for ingest in catalog.ingests()? {
            self.raw.entry(ingest.digest).or_default();
            self.facts.extend(ingest.facts.map(|kept| (kept.file.clone(), kept)));
            self.quarantine.extend(ingest.quarantine.map(|kept| (kept.file.clone(), kept)));
        }
        Ok(())
    }
}

/// No rows where one is damaged.
fn whole<R>(rows: Result<Vec<R>>) -> Result<Vec<R>> {
    match rows {
        Err(Error::Damaged(_)) => Ok(Vec::new()),
        rows => rows,
    }
}
