//! What is told of sources that gave nothing, in a release, at the end of a run, and by its exit code.

use jiff::civil::Date;
use serde::{Serialize as _, Serializer};

use super::asked::{Asked, asked};
use super::judge::Rejected;
use crate::failure::Failure;
use crate::received::Received;
use crate::setup::Setup;
use config::fetching::{Remote, TooOld};
use fetch::FetchError;
use store::{Answer, Store};
use vocab::{Place, Problem, Said, address, rules, said};

/// A source that gave no good answer, and what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Trouble {
    /// The source definition.
    pub source: String,
    /// The problem code of what came instead.
    pub code: String,
    /// What was found, with the address as it may be shown.
    #[serde(flatten, serialize_with = "in_both")]
    pub found: Said,
    /// The name of its export.
    pub file: String,
    /// The day on which the last good answer was last confirmed, if there is one.
    pub since: Option<String>,
    /// Days since then.
    pub days: Option<i64>,
    /// Whether that is longer than the site allows.
    pub is_too_old: bool,
    /// Whether the same request may succeed later without anyone changing anything.
    pub is_temporary: bool,
    /// Whether it is the configuration that is wrong, and not the server.
    pub is_of_configuration: bool,
    /// Whether the release holds an export of the source all the same.
    pub has_export: bool,
    /// What was found, without what differs from run to run: the same fault makes the same release.
    #[serde(skip)]
    pub(super) lasting: Said,
}

/// What was found, as two members of the JSON.
fn in_both<S: Serializer>(found: &Said, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(serde::Serialize)]
    struct Found<'f> {
        found: &'f str,
        found_zh: &'f str,
    }
    Found { found: found.en(), found_zh: found.zh() }.serialize(serializer)
}

impl Trouble {
    fn new(asked: &Asked<'_>, code: &str, found: Said, lasting: Said) -> Trouble {
        Trouble {
            source: asked.source.id.clone(),
            code: code.to_owned(),
            found,
            file: asked.file_name(),
            since: None,
            days: None,
            is_too_old: false,
            is_temporary: false,
            is_of_configuration: false,
            has_export: false,
            lasting,
        }
    }

    /// What was to be sent is missing.
    pub(super) fn of_configuration(asked: &Asked<'_>, found: Said) -> Trouble {
        let code = rules::SOURCE_MISCONFIGURED.code;
        Trouble { is_of_configuration: true, ..Trouble::new(asked, code, found.clone(), found) }
    }

    /// No answer, or an error.
    pub(super) fn of_fetching(asked: &Asked<'_>, error: &FetchError) -> Trouble {
        Trouble {
            is_temporary: error.try_again_later(),
            is_of_configuration: error.failure.is_of_configuration(),
            ..Trouble::new(asked, error.failure.rule().code, error.said(), error.found())
        }
    }

    /// An answer that is no export.
    pub(super) fn of_answer(asked: &Asked<'_>, found_at: &str, rejected: Rejected) -> Trouble {
        let Rejected { rule, lasting, found, .. } = rejected;
        let address = address::shown(&asked.url());
        let lasting = said!("{address}：{lasting}", "{address}: {lasting}"; lasting);
        let found = said!("{found_at}：{found}", "{found_at}: {found}"; found);
        Trouble::new(asked, rule.code, found, lasting)
    }

    /// With what stands in its place, and how old that is.
    pub(super) fn beside(mut self, setup: &Setup, remote: &Remote, before: &Answer, started: &str) -> Trouble {
        self.has_export = before.digest.is_some();
        let confirmed = before.confirmed.as_deref().filter(|_| self.has_export).and_then(day);
        self.since = confirmed.map(|day| day.to_string());
        self.days = confirmed.and_then(|from| Some(i64::from(from.until(day(started)?).ok()?.get_days())));
        let limit = remote.max_stale_days.or(setup.config.site.fetch.max_stale_days);
        self.is_too_old = self.days.zip(limit).is_some_and(|(days, limit)| days > limit);
        self
    }

    /// As one sentence, for messages.
    fn told(&self) -> Said {
        let Trouble { code, source, found, .. } = self;
        said!("{code} {source}：{found}", "{code} {source}: {found}"; found)
    }
}

/// The day of a time as runs write it.
fn day(time: &str) -> Option<Date> {
    time.get(..10)?.parse().ok()
}

/// What the last fetch found wrong, for a release: the cause at its definition, and the flag at the export that stands.
pub(crate) fn problems(setup: &Setup, store: Option<&Store>) -> Result<Vec<Problem>, Failure> {
    let Some(store) = store else { return Ok(Vec::new()) };
    let mut problems = Vec::new();
    for one in asked(setup, store)? {
        let Some(rule) = one.before.code.as_deref().and_then(rules::by_code) else { continue };
        let place = Place::file(&format!("config/sources/{}.toml", one.source.id));
        problems.push(Problem::new(rule, place).said(one.before.found.clone().unwrap_or_default()));
        if one.before.digest.is_some() {
            let rule = if one.before.too_old { &rules::EXPORT_TOO_OLD } else { &rules::EXPORT_STALE };
            let mut stale = Problem::new(rule, Place::file(&one.file_name()));
            stale.value = one.before.confirmed.as_deref().and_then(day).map(|day| Said::words(day.to_string()));
            problems.push(stale);
        }
    }
    Ok(problems)
}

/// Says of each source in trouble whether something of it is there all the same: a file of the inbox will do.
pub(crate) fn note_exports(setup: &Setup, exports: &[Received], troubles: &mut [Trouble]) {
    for trouble in troubles {
        let position = setup.config.sources.iter().position(|source| source.id == trouble.source);
        trouble.has_export |= exports.iter().any(|export| export.source.is_some() && export.source == position);
    }
}

/// What the site says of exports that are too old.
pub(crate) fn check_age(setup: &Setup, troubles: &[Trouble]) -> Result<(), Failure> {
    let old: Vec<Said> = troubles.iter().filter(|trouble| trouble.is_too_old).map(Trouble::told).collect();
    if old.is_empty() || setup.config.site.fetch.stale == TooOld::Warn {
        return Ok(());
    }
    let old = Said::join(&old, "；", "; ");
    Err(Failure::Gate(said!(
        "文件的日期早于 `max_stale_days` 所允许的范围：{old}；请修复这些来源，或将其文件放入收件目录，\
         或在 site.toml 的 [fetch] 中写 `stale = \"warn\"`",
        "exports are older than `max_stale_days` allows: {old}; mend the sources, put their exports into the inbox, or \
         write `stale = \"warn\"` under [fetch] of site.toml";
        old
    )))
}

/// A refusal, with the sources that gave nothing: what is missing is often what a gate misses, and then the source decides
/// whether trying later can help.
pub(crate) fn stop(refused: Said, troubles: &[Trouble]) -> Failure {
    if troubles.is_empty() {
        return Failure::Gate(refused);
    }
    let told = Said::join(&troubles.iter().map(Trouble::told).collect::<Vec<_>>(), "；", "; ");
    let text = said!(
        "{refused}；未给出有效应答的来源：{told}",
        "{refused}; sources that gave nothing: {told}";
        refused, told
    );
    let without = || troubles.iter().filter(|trouble| !trouble.has_export);
    if without().any(|trouble| trouble.is_of_configuration) {
        Failure::Usage(said!("未发布：{text}", "not published: {text}"; text))
    } else if without().any(|trouble| trouble.is_temporary) {
        Failure::Unreachable(text)
    } else {
        Failure::Gate(text)
    }
}
