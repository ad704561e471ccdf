//! Which releases are kept, and what goes with those that are not: `[retention]` in `site.toml`.

use std::collections::{BTreeMap, BTreeSet};

use super::failure::Failure;
use super::setup::Setup;
use config::retention::Retention;
use store::{Digest, Freed, Needed, Published, Store};
use vocab::period::Quarter;

/// What `gc` removed, or would remove.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Cleared {
    /// Whether nothing was removed.
    pub dry_run: bool,
    /// The releases that are kept, the one published last at the end.
    pub kept: Vec<String>,
    /// What was freed, by kind.
    pub freed: Vec<Freed>,
}

/// Removes what no kept release needs; `dry_run` only says what that is.
///
/// # Errors
/// When there is no store, another process writes to it, or the disk refuses.
pub fn gc(setup: &Setup, started: &str, dry_run: bool) -> Result<Cleared, Failure> {
    // One that is not there is not made.
    let reader = Store::open_existing(&setup.store_dir)?;
    let retention = &setup.config.site.retention;
    let (store, needed) = if dry_run {
        let needed = needed(&reader, retention)?;
        (reader, needed)
    } else {
        let store = Store::open(&setup.store_dir, started)?;
        let needed = needed(&store, retention)?;
        // What a damaged row names may be needed.
        store.all_rows_are_whole()?;
        (store, needed)
    };
    let kept = store.published()?.into_iter().map(|release| release.id);
    let kept = kept.filter(|id| needed.releases.contains(id)).collect();
    let freed = if dry_run { store.waste(&needed)? } else { store.remove_waste(&needed)? };
    Ok(Cleared { dry_run, kept, freed })
}

/// What a run does once it has published.
pub(super) fn after_run(setup: &Setup, store: &Store) -> Result<(), Failure> {
    let needed = needed(store, &setup.config.site.retention)?;
    // What a damaged row names may be needed: it is told, and until it is mended nothing goes.
    if store.has_damaged_rows() {
        return Ok(());
    }
    store.remove_waste(&needed)?;
    Ok(())
}

fn needed(store: &Store, retention: &Retention) -> Result<Needed, Failure> {
    let releases = kept(&store.published()?, retention);
    let releases: BTreeSet<String> = releases.into_iter().chain(store.in_sight()?).collect();
    let catalog = store.catalog();
    let in_use = catalog.in_use()?;
    let mut ingests: BTreeSet<Digest> = in_use.iter().map(|(_, ingest)| ingest.key).collect();
    for release in &releases {
        ingests.extend(catalog.ingests_of(release)?);
    }
    let raw = if retention.drop_raw { raw(&catalog, &ingests)? } else { None };
    Ok(Needed { releases, ingests, raw })
}

/// The releases that are kept beside those in sight of readers: the last ones of each kind, and the last whole one of each of the
/// last calendar quarters.
pub fn kept(published: &[Published], retention: &Retention) -> BTreeSet<String> {
    let mut kinds: BTreeMap<(&str, bool), Vec<&Published>> = BTreeMap::new();
    for release in published {
        kinds.entry((&release.readers, release.part)).or_default().push(release);
    }
    let mut kept = BTreeSet::new();
    for ((_, is_part), releases) in kinds {
        kept.extend(releases.iter().rev().take(retention.releases).map(|release| release.id.clone()));
        let quarters = releases.iter().filter_map(|release| Some((quarter(&release.published)?, release.id.clone())));
        let ends: BTreeMap<Quarter, String> = quarters.filter(|_| !is_part).collect();
        kept.extend(ends.into_values().rev().take(retention.quarter_ends));
    }
    kept
}

/// The quarter of a time such as `2019-01-21T02:00:00Z`.
fn quarter(time: &str) -> Option<Quarter> {
    let month: u8 = time.get(5..7)?.parse().ok()?;
    Quarter::new(time.get(..4)?.parse().ok()?, month.div_ceil(3))
}

/// Raw exports that the needed ingests were made from, or that are in the inbox: what was seen last, and the members of archives. None
/// where the catalogue does not say what an archive holds: then all are kept.
fn raw(catalog: &store::Catalog, ingests: &BTreeSet<Digest>) -> Result<Option<BTreeSet<Digest>>, Failure> {
    let all = catalog.ingests()?;
    let mut raw: BTreeSet<Digest> =
        all.iter().filter(|ingest| ingests.contains(&ingest.key)).map(|ingest| ingest.digest).collect();
    raw.extend(catalog.seen()?.into_iter().map(|seen| seen.digest));
    raw.extend(catalog.replied()?);
    for archive in catalog.archives()?.into_iter().filter(|archive| raw.contains(&archive.digest)).collect::<Vec<_>>() {
        let Some(members) = super::archives::members(&archive) else { return Ok(None) };
        raw.extend(members);
    }
    Ok(Some(raw))
}
