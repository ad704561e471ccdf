//! Which releases are meant.

use serde::Serialize;

use super::figures;
use crate::failure::Failure;
use crate::reason::Reason;
use crate::setup::Setup;
use crate::standing;
use store::{Manifest, Pointer, Published, Store};
use vocab::{Said, said};

/// One of the two releases.
#[derive(Debug, Serialize)]
pub struct Release {
    /// Its id.
    pub release: String,
    /// When it was published last.
    pub published: Option<String>,
    /// For whom it was made: `internal` or `public`.
    pub profile: String,
    /// Its first and its last quarter.
    pub quarters: Option<(String, String)>,
}

/// A release that is compared.
pub(super) struct Side {
    pub(super) manifest: Manifest,
    published: Option<String>,
}

impl Side {
    /// What is said of it.
    pub(super) fn said(&self) -> Release {
        let quarters = || self.manifest.files.iter().filter_map(|file| Some(figures::place(&file.path)?.2));
        let ends = quarters().min().zip(quarters().max());
        Release {
            release: self.manifest.release.clone(),
            published: self.published.clone(),
            profile: Pointer::of(&self.manifest).profile().to_owned(),
            quarters: ends.map(|(first, last)| (first.to_string(), last.to_string())),
        }
    }
}

/// Both releases, the earlier one first.
pub(super) fn sides(setup: &Setup, store: &Store, asked: [&str; 2]) -> Result<[Side; 2], Failure> {
    let all = store.published()?;
    let side = |typed: &str| -> Result<Side, Failure> {
        let id = id(setup, store, &all, typed)?;
        let manifest = store.manifest(&id)?;
        let published = all.iter().find(|one| one.id == id).map(|one| one.published.clone());
        Ok(Side { manifest, published })
    };
    let [a, b] = asked;
    let both = [side(a)?, side(b)?];
    let [before, after] = [&both[0], &both[1]].map(|side| Pointer::of(&side.manifest));
    if before != after {
        let [before, after] = [before, after].map(readers);
        return Err(Failure::Usage(said!(
            "`{a}` 是{before}批次，`{b}` 是{after}批次：请比较同类的两个批次",
            "`{a}` is a release for {before} readers and `{b}` for {after} ones: compare two of a kind";
            before, after
        )));
    }
    Ok(both)
}

/// For whom a release is.
fn readers(pointer: Pointer) -> Said {
    match pointer {
        Pointer::Internal => said!("内部", "internal"),
        Pointer::Public => said!("公开", "public"),
    }
}

/// The release that somebody means: `current`, one published so many before it, the one that stood on a day, or an id that begins so.
fn id(setup: &Setup, store: &Store, all: &[Published], typed: &str) -> Result<String, Failure> {
    let readers = standing::pointer(setup).profile();
    let whole: Vec<&Published> = all.iter().filter(|one| one.readers == readers && !one.part).collect();
    let none = |what: Said| {
        let named = |Published { id, published, .. }: &Published| said!("{id}（{published}）", "{id} ({published})");
        let held = match all {
            [] => Reason::Nothing.said(),
            all => Said::join(&all.iter().map(named).collect::<Vec<_>>(), "、", ", "),
        };
        Failure::Usage(said!("{what}；现有批次：{held}", "{what}; there are: {held}"; what, held))
    };
    if let Some(rest) = typed.strip_prefix("current") {
        let steps = match rest.strip_prefix('~') {
            None if rest.is_empty() => Some(0),
            None => None,
            Some(steps) => steps.parse::<usize>().ok(),
        };
        let steps = steps.ok_or_else(|| {
            none(said!(
                "`{typed}` 不是批次：请写 `current` 或 `current~1`",
                "`{typed}` is no release: write `current` or `current~1`"
            ))
        })?;
        let current = store.pointed(standing::pointer(setup))?;
        let current = current.ok_or_else(|| none(said!("读者看不到任何批次", "readers see no release")))?;
        let at = whole.iter().position(|one| one.id == current);
        return match (steps, at) {
            (0, _) => Ok(current),
            (steps, Some(at)) if steps <= at => Ok(whole[at - steps].id.clone()),
            _ => Err(none(said!(
                "`current` 之前没有保留 `{typed}` 所指的完整批次",
                "no whole release was kept so many before `current` as `{typed}` says"
            ))),
        };
    }
    if typed.parse::<jiff::civil::Date>().is_ok() {
        // Times are written in one way, so that days are their beginnings.
        let until = |one: &&&Published| one.published.get(..typed.len()).is_some_and(|day| day <= typed);
        let last = whole.iter().rfind(until);
        return last.map(|one| one.id.clone()).ok_or_else(|| {
            none(said!("到 {typed} 为止没有发布过完整批次", "no whole release was published by {typed}"))
        });
    }
    let matching: Vec<&Published> = all.iter().filter(|one| one.id.starts_with(typed)).collect();
    match matching.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => Err(none(said!("没有批次 `{typed}`", "there is no release `{typed}`"))),
        _ => Err(none(said!("有多个批次以 `{typed}` 开头", "several releases begin with `{typed}`"))),
    }
}
