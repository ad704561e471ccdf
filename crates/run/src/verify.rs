//! `verify`: whether the store is as the program wrote it; and what can be mended of it.

use std::path::Path;

use super::exports;
use super::facts;
use super::failure::Failure;
use super::mend;
use super::setup::Setup;
use store::{Digest, Store};
use vocab::{Problem, Severity, rules};

/// What a look at a store found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verified {
    /// What is wrong, by place.
    pub found: Vec<Problem>,
    /// What was wrong and was mended.
    pub mended: Vec<Problem>,
}

impl Verified {
    /// Whether nothing is wrong; notes are no damage.
    pub fn is_whole(&self) -> bool {
        self.found.iter().all(|problem| problem.rule.severity == Severity::Note)
    }
}

/// Reads a whole store, or one release of it, and changes nothing.
///
/// # Errors
/// When there is no store, or no such release, or the disk does not let it look.
pub fn verify(dir: &Path, release: Option<&str>) -> Result<Verified, Failure> {
    let store = match Store::open_existing(dir) {
        Err(store::Error::Damaged(problem)) => return Ok(Verified { found: vec![*problem], ..Verified::default() }),
        store => store?,
    };
    let found = match release {
        None => store.verify()?,
        Some(id) if store.release_folder(id).is_dir() => store.release_damage(id)?,
        Some(id) => store.manifest(id).map(|_| Vec::new())?,
    };
    Ok(Verified { found, ..Verified::default() })
}

/// Mends what can be mended: from the inbox, from kept exports, from other releases. What was wrong and is not any more is told.
///
/// # Errors
/// As [`verify`]; and when the store is locked, or the disk refuses.
pub fn repair(setup: &Setup, started: &str) -> Result<Verified, Failure> {
    let dir = &setup.store_dir;
    let before = match verify(dir, None) {
        Err(Failure::Store(store::Error::MarkerDamaged { .. })) => {
            vec![Problem::new(&rules::MARKER_DAMAGED, vocab::Place::file("STORE"))]
        }
        before => before?.found,
    };
    Store::make_usable(&setup.config.site.access, dir, started)?;
    let store = Store::open_for(&setup.config.site.access, dir, started)?;
    for problem in store.verify()? {
        mend_one(setup, &store, &problem)?;
    }
    store.settle()?;
    let found = store.verify()?;
    let mended = before.into_iter().filter(|problem| !found.contains(problem)).collect();
    Ok(Verified { found, mended })
}

fn mend_one(setup: &Setup, store: &Store, problem: &Problem) -> Result<(), Failure> {
    let rule = problem.rule;
    let file = problem.place.file.as_str();
    if [&rules::RAW_DAMAGED, &rules::RAW_MISSING].contains(&rule) {
        let digest = file.rsplit('/').next().and_then(|name| name.parse::<Digest>().ok());
        for name in &problem.expected {
            if let Some(bytes) = digest.map(|digest| mend::from_inbox(setup, name, &digest)).transpose()?.flatten() {
                return Ok(store.restore_raw(&bytes, problem.clone())?);
            }
        }
    } else if rule == &rules::CATALOGUE_ROW_DAMAGED {
        store.remove_damaged_rows()?;
    } else if [&rules::RELEASE_FILE_CHANGED, &rules::RELEASE_FILE_MISSING].contains(&rule) {
        let in_release = file.split_once('/').and_then(|(_, rest)| rest.split_once('/'));
        if let Some((id, path)) = in_release {
            store.restore_release_file(id, path)?;
        }
    } else if let Some(key) = store.key_of(problem)? {
        return table(setup, store, key);
    }
    Ok(())
}

/// Makes the tables of an export again if it is one of those that are looked at now; of others nothing needs them.
fn table(setup: &Setup, store: &Store, key: Digest) -> Result<(), Failure> {
    let exports = exports::look(setup, Some(store))?;
    match exports.used(setup).filter_map(|export| export.claimed(setup)).find(|claimed| claimed.key == key) {
        Some(claimed) => facts::again(setup, store, claimed).map(drop),
        None => Ok(store.forget_tables(key)?),
    }
}
