//! Which content of an export counts: the same content under two names, and the day it was received.

use std::collections::BTreeMap;

use super::failure::Failure;
use super::received::Received;
use super::setup::Setup;
use config::source::IssuedFrom;
use store::{Digest, Export, Store};
use vocab::period::{Date, Quarter};

/// Gives exports of sources with `issued = "received"` the day they were first received. Asked for an earlier day, a name
/// stands for the content it had then.
pub(super) fn date_by_receipt(
    setup: &Setup,
    store: Option<&Store>,
    exports: &mut [Received],
    started: &str,
) -> Result<(), Failure> {
    let counts = |export: &Received| {
        export.source.is_some_and(|source| setup.config.sources[source].issued == Some(IssuedFrom::Received))
    };
    if !exports.iter().any(counts) {
        return Ok(());
    }
    let mut contents: BTreeMap<String, Vec<Export>> = BTreeMap::new();
    for export in store.map(|store| store.catalog().exports()).transpose()?.unwrap_or_default() {
        contents.entry(export.name.clone()).or_default().push(export);
    }
    for export in exports.iter_mut().filter(|export| counts(export)) {
        let known = contents.get(&export.name).map(Vec::as_slice).unwrap_or_default();
        let this = known.iter().find(|known| known.digest == export.digest);
        export.received = day(this.map_or(started, |known| &known.first_seen_run));
        if !export.is_later(setup) {
            continue;
        }
        let dated = known.iter().filter_map(|known| Some((day(&known.first_seen_run)?, known)));
        let then = dated.filter(|(day, _)| setup.options.as_of.is_some_and(|as_of| *day <= as_of));
        if let Some((day, known)) = then.max_by_key(|(day, known)| (*day, known.digest)) {
            (export.digest, export.bytes, export.received) = (known.digest, known.bytes, Some(day));
        }
    }
    Ok(())
}

/// The day in the time at which a run started.
fn day(started: &str) -> Option<Date> {
    started.get(..10)?.parse().ok()
}

/// What makes two exports of one content the same: their source and the quarter that their names claim. An empty file is
/// a bad file in each quarter anew.
type Content = (usize, Digest, Option<Quarter>);

/// Marks exports whose content an earlier one of the same source has. If another content was issued in between, the
/// earlier one counts as issued again: it holds what the source says now.
pub(super) fn mark_same(setup: &Setup, exports: &mut [Received]) {
    let content = |export: &Received| -> Option<Content> {
        Some((export.source?, export.digest, clean::claimed_by_name(&export.name)))
    };
    let contents: Vec<Option<Content>> = exports.iter().map(content).collect();
    let issued: Vec<Option<Date>> =
        exports.iter().map(|export| export.issued(setup).map(|issued| issued.day)).collect();
    let mut by_content: BTreeMap<Content, Vec<usize>> = BTreeMap::new();
    for (position, content) in contents.iter().enumerate() {
        if let Some(content) = content {
            by_content.entry(*content).or_default().push(position);
        }
    }
    for ((source, digest, quarter), mut same) in by_content.into_iter().filter(|(_, same)| same.len() > 1) {
        same.sort_by(|&a, &b| (issued[a], &exports[a].name).cmp(&(issued[b], &exports[b].name)));
        let first = same[0];
        let until = same.iter().filter(|&&at| !exports[at].is_later(setup)).filter_map(|&at| issued[at]).max();
        let between = contents.iter().zip(&issued).any(|(other, day)| {
            let is_other = other.is_some_and(|(of, with, claims)| of == source && with != digest && claims == quarter);
            is_other && *day >= issued[first] && *day < until
        });
        exports[first].reissued = until.filter(|_| between);
        let name = exports[first].name.clone();
        for &at in &same[1..] {
            exports[at].same_as = Some(name.clone());
        }
    }
}
