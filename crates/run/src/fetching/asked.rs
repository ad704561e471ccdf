//! What is asked for: exports at addresses, each with what was answered before.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::failure::Failure;
use crate::setup::Setup;
use config::fetching::Remote;
use config::series::fill;
use config::source::Source;
use fetch::{Conditional, Query};
use store::{Answer, Digest, Store};
use vocab::period::Period;

/// An export at an address, and what is known of it.
pub(super) struct Asked<'a> {
    pub(super) source: &'a Source,
    pub(super) remote: &'a Remote,
    /// The period that it is of, where each has one of its own.
    pub(super) period: Option<Period>,
    pub(super) before: Answer,
}

impl Asked<'_> {
    /// A text of the definition, with the period in its place.
    fn filled(&self, text: &str) -> String {
        self.period.map_or_else(|| text.to_owned(), |period| fill(text, period))
    }

    pub(super) fn url(&self) -> String {
        self.filled(&self.remote.url)
    }

    pub(super) fn file_name(&self) -> String {
        self.filled(&self.remote.file_name)
    }

    fn query(&self) -> Option<Query> {
        let text = self.filled(self.remote.body.as_deref()?);
        let is_json = text.trim_start().starts_with(['{', '[']);
        let media_type = if is_json { "application/json" } else { "application/x-www-form-urlencoded" };
        Some(Query { media_type, text })
    }

    /// Stands for what is asked: the address itself may hold what nobody should read.
    pub(super) fn address(&self) -> Digest {
        match self.query() {
            Some(Query { text, .. }) => Digest::of(format!("{}\n{text}", self.url()).as_bytes()),
            None => Digest::of(self.url().as_bytes()),
        }
    }

    pub(super) fn request(&self, credential: Option<fetch::Credential>, conditional: Conditional) -> fetch::Request {
        fetch::Request {
            source: self.source.id.clone(),
            url: self.url(),
            query: self.query(),
            headers: self.remote.headers.clone(),
            credential,
            conditional,
            max_bytes: self.remote.max_bytes,
            timeout: self.remote.timeout,
            deadline: self.remote.total,
            pause: self.remote.between,
        }
    }

    /// Whether the export that it answered is still there, for the same question.
    fn is_kept(&self, store: &Store) -> bool {
        self.before.address == Some(self.address())
            && self.before.digest.is_some_and(|digest| store.read_raw(&digest).is_ok())
    }

    /// What the server may compare with, if the export that it speaks of is still there.
    pub(super) fn conditional(&self, store: &Store) -> Conditional {
        if self.remote.body.is_some() || !self.is_kept(store) {
            return Conditional::default();
        }
        Conditional { etag: self.before.etag.clone(), last_modified: self.before.last_modified.clone() }
    }

    /// Whether its period ended so lately that it need not be there yet.
    pub(super) fn may_be_missing(&self, today: Date) -> bool {
        let since = |period: Period| Some(i64::from(today.since(period.last_day()).ok()?.get_days()));
        let waited = self.period.and_then(since);
        let wait = self.remote.series.map(|series| series.wait_days);
        self.before.digest.is_none() && waited.zip(wait).is_some_and(|(waited, wait)| waited <= wait)
    }
}

/// The day on which the command began.
pub(super) fn today(setup: &Setup) -> Date {
    let now = Timestamp::from_second(setup.options.now).unwrap_or_default();
    now.to_zoned(TimeZone::UTC).date()
}

/// The exports at addresses, with what was answered before.
pub(super) fn asked<'a>(setup: &'a Setup, store: &Store) -> Result<Vec<Asked<'a>>, Failure> {
    let today = today(setup);
    let mut known: BTreeMap<String, Answer> =
        store.catalog().answers()?.into_iter().map(|answer| (answer.source.clone(), answer)).collect();
    let mut all = Vec::new();
    for source in &setup.config.sources {
        let Some(remote) = &source.remote else { continue };
        let periods = match &remote.series {
            Some(series) => series.ended(today).into_iter().map(Some).collect(),
            None => vec![None],
        };
        for period in periods {
            let name = period.map_or_else(|| source.id.clone(), |period| format!("{} {period}", source.id));
            let before = known.remove(&name).unwrap_or_else(|| Answer { source: name, ..Answer::default() });
            all.push(Asked { source, remote, period, before });
        }
    }
    Ok(all)
}

/// Those that are asked for now: of a series, the last ones, and what is not there.
pub(super) fn due<'a>(asked: Vec<Asked<'a>>, store: &Store) -> Vec<Asked<'a>> {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &asked {
        *left.entry(&one.source.id).or_default() += 1;
    }
    let is_due = |one: &Asked<'a>| {
        let Some(later) = left.get_mut(one.source.id.as_str()) else { return true };
        *later -= 1;
        let is_old = one.remote.series.is_some_and(|series| *later >= series.again);
        !is_old || one.before.code.is_some() || !one.is_kept(store)
    };
    asked.into_iter().filter(is_due).collect()
}
