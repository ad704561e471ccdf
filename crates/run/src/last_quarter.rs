//! Whether the quarters that are published end too early: the dataset that sets them (`calendar` in `site.toml`) came without its last
//! quarter, empty or not at all, and the release would end a quarter earlier as if nothing were missing.

use std::collections::BTreeSet;

use super::failure::Failure;
use super::ingested::AllIngested;
use super::setup::Setup;
use super::standing;
use model::indicators::{Collected, Held};
use store::Store;
use vocab::period::Quarter;
use vocab::{Place, Problem, Said, rules, said};

/// What is missing at the end, as a problem: a later quarter is in the release that stands, or is due, since more than half of the
/// datasets that have the calendar's last quarter have a later one. Datasets come one after the other, so fewer say nothing.
///
/// # Errors
/// Where that was not asked for: `--to` says up to which quarter is to be published, `--as-of` looks back. `found` says what
/// was found in the exports.
pub(super) fn check(
    setup: &Setup,
    store: &Store,
    all: &AllIngested,
    collected: &Collected,
    found: &dyn Fn() -> Said,
) -> Result<Option<Problem>, Failure> {
    let calendar = &setup.config.site.calendar;
    let quarters = collected.get(calendar).and_then(Held::quarters);
    let Some(&last) = quarters.and_then(BTreeSet::last).filter(|_| setup.options.as_of.is_none()) else {
        return Ok(None);
    };
    let (later, mut who) = due_after(calendar, last, collected);
    let stands = stands_until(setup, store)?.filter(|(_, until)| *until > last);
    let missing = later.into_iter().chain(stands.iter().map(|(_, until)| *until)).max();
    let Some(missing) = missing else { return Ok(None) };
    who.extend(stands.map(|(release, until)| said!("批次 {release} {until}", "release {release} {until}")));
    let is_asked_for = setup.options.span.is_some_and(|span| !span.ends_after(Some(last)));
    let file = empty_export(all, calendar).unwrap_or(calendar);
    if is_asked_for {
        let found = said!("{calendar} {last}，{missing}", "{calendar} {last}, {missing}");
        let problem = Problem::new(&rules::CALENDAR_ENDS_EARLY, Place::file(file)).said(found);
        return Ok(Some(problem.expected(who.iter().map(Said::en))));
    }
    let (code, who, found) = (rules::CALENDAR_ENDS_EARLY.code, Said::join(&who, "、", ", "), found());
    Err(Failure::Gate(said!(
        "{code}：`{calendar}` 决定发布哪些季度，其数据止于 {last}，而 {missing} 已在 {who} 中出现{found}；\
         请查看 {file}，或以 --to {last} 运行，不发布该季度",
        "{code}: `{calendar}`, which says which quarters there are, ends with {last}, and {missing} is there in \
         {who}{found}; look at {file}, or run with --to {last} to publish without it";
        who, found
    )))
}

/// The latest quarter that is due after the calendar's last one, if one is, and the datasets that have come for it.
fn due_after(calendar: &str, last: Quarter, collected: &Collected) -> (Option<Quarter>, Vec<Said>) {
    let others = collected.iter().filter(|(dataset, _)| *dataset != calendar);
    let others = others.filter_map(|(dataset, held)| Some((dataset, held.quarters()?)));
    let regular: Vec<_> = others.filter(|(_, quarters)| quarters.contains(&last)).collect();
    let latest = |quarters: &BTreeSet<Quarter>| quarters.last().copied().filter(|latest| *latest > last);
    let ahead: Vec<(String, Quarter)> =
        regular.iter().filter_map(|(dataset, quarters)| Some(((*dataset).clone(), latest(quarters)?))).collect();
    if ahead.len() * 2 <= regular.len() {
        return (None, Vec::new());
    }
    let told = ahead.iter().map(|(dataset, latest)| Said::words(format!("{dataset} {latest}")));
    (ahead.iter().map(|(_, latest)| *latest).max(), told.collect())
}

/// The release that stands and its last quarter.
fn stands_until(setup: &Setup, store: &Store) -> Result<Option<(String, Quarter)>, Failure> {
    let Some(release) = store.pointed(standing::pointer(setup))? else { return Ok(None) };
    let Ok(manifest) = store.manifest(&release) else { return Ok(None) };
    let quarter = |path: &str| {
        let label = path.strip_prefix("indicators/")?.split('/').find_map(|part| part.strip_prefix("quarter="))?;
        label.parse::<Quarter>().ok()
    };
    Ok(manifest.files.iter().filter_map(|file| quarter(&file.path)).max().map(|last| (release, last)))
}

/// The last export of a dataset, by name, of which nothing could be used.
fn empty_export<'a>(all: &'a AllIngested, dataset: &str) -> Option<&'a str> {
    let mut of_dataset = all.exports.iter().rev().filter(|one| one.ingest.dataset == dataset);
    let empty = of_dataset.find(|one| one.ingest.rows_facts == 0 && !one.is_between_quarters());
    empty.map(|one| one.export.name.as_str())
}
