//! What the statistics calendar calls for and is not there: awaited, due or late; and what that means for a release.

use std::collections::{BTreeMap, BTreeSet};

use crate::dates::day_of_issue;
use crate::inputs::has_quarters;
use crate::problems::KeptProblems;
use config::pipeline::calendar::{Calendar, Delay, Due};
use config::source::Source;
use store::Ingest;
use vocab::period::{self, Date, Period, Quarter, Span};
use vocab::{Place, Problem, rules, said};

/// How something stands that has not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The grace is over.
    Late,
    /// The day on which it is due has come.
    Due,
    /// It is not due yet.
    Awaited,
}

/// A period of a dataset that has not come.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Owed {
    /// The dataset.
    pub dataset: String,
    /// The period: `2020Q1`, `2020-02`, `2020`, or `2020-01/02` where a report covers the months before it.
    pub period: String,
    /// Who owes it.
    pub from: String,
    /// The day on which it is due.
    pub due: String,
    /// How it stands.
    pub state: State,
    /// Days since it was due; below zero until it is.
    pub days: i64,
    /// What its delay means.
    pub delay: Delay,
    /// The quarter that ends with the period.
    #[serde(skip)]
    ends: Option<Quarter>,
    /// Whether releases wait for it before it is late.
    #[serde(skip)]
    is_waited_for: bool,
}

/// What has come of each dataset.
#[derive(Debug, Default)]
pub(crate) struct Come(BTreeMap<String, Came>);

#[derive(Debug, Default)]
struct Came {
    /// First and last quarters of exports.
    spans: Vec<Span>,
    /// Months that end no quarter.
    months: BTreeSet<(u16, u8)>,
    /// The last day of issue of a list.
    issued: Option<Date>,
}

/// What the calendar means for a release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Judged {
    /// What it waits for.
    pub waits: Vec<Owed>,
    /// What it is refused for.
    pub refused: Vec<Owed>,
    /// What is late, and is done without.
    pub without: Vec<Owed>,
}

impl Come {
    /// Takes note of an export that was read.
    pub(crate) fn read(&mut self, source: &Source, ingest: &Ingest) {
        let came = self.0.entry(source.dataset.clone()).or_default();
        if ingest.rows_facts == 0 {
            let kept = KeptProblems::of(ingest).unwrap_or_default();
            let between = kept.problems.iter().filter(|problem| problem.code == rules::BETWEEN_QUARTERS.code);
            let months = between.filter_map(|problem| period::parse(problem.value.as_deref()?).ok());
            came.months.extend(months.map(month_of));
            return;
        }
        let quarter = |text: &Option<String>| text.as_deref()?.parse::<Quarter>().ok();
        let (from, to) = (quarter(&ingest.period_from), quarter(&ingest.period_to));
        came.spans.extend(from.and(to).map(|_| Span { from, to }));
        if !has_quarters(source) {
            came.issued = came.issued.max(day_of_issue(ingest));
        }
    }

    /// Takes note of an export that is still to be read, by what its name says.
    pub(crate) fn received(&mut self, source: &Source, name: &str, issued: Option<Date>) {
        let came = self.0.entry(source.dataset.clone()).or_default();
        match clean::period_by_name(name) {
            Some(period) => match period.quarter_end() {
                Some(quarter) => came.spans.push(Span::only(quarter)),
                None => came.months.extend([month_of(period)]),
            },
            None if !has_quarters(source) => came.issued = came.issued.max(issued),
            None => {}
        }
    }

    fn holds(&self, due: &Due, period: Period) -> bool {
        let Some(came) = self.0.get(&due.dataset) else { return false };
        let of_list = || came.issued > Some(period.last_day());
        match period.quarter_end() {
            Some(quarter) => came.spans.iter().any(|span| span.holds(quarter)) || of_list(),
            None => came.months.contains(&month_of(period)) || of_list(),
        }
    }
}

fn month_of(period: Period) -> (u16, u8) {
    (period.year(), period.last_month())
}

/// Everything that the calendar calls for and that has not come, the longest due first.
pub(crate) fn owed(calendar: &Calendar, come: &Come, today: Date) -> Vec<Owed> {
    let mut owed = Vec::new();
    for due in &calendar.dues {
        for period in calendar.periods(due, today).into_iter().filter(|period| !come.holds(due, *period)) {
            let Some((day, last)) = calendar.due_day(due, period).zip(calendar.last_day(due, period)) else { continue };
            let state = match () {
                () if today > last => State::Late,
                () if today >= day => State::Due,
                () => State::Awaited,
            };
            let days = today.since(day).map_or(0, |span| i64::from(span.get_days()));
            owed.push(Owed {
                dataset: due.dataset.clone(),
                period: shown(due, period),
                from: due.from.clone(),
                due: day.to_string(),
                state,
                days,
                delay: due.delay,
                ends: period.quarter_end(),
                is_waited_for: !matches!(period, Period::Year(_)),
            });
        }
    }
    owed.sort_by(|a, b| (a.state, &a.due, &a.dataset).cmp(&(b.state, &b.due, &b.dataset)));
    owed
}

fn shown(due: &Due, period: Period) -> String {
    match period {
        Period::Month { year, month } if due.first_month(month) < month => {
            format!("{year}-{:02}/{month:02}", due.first_month(month))
        }
        period => period.to_string(),
    }
}

/// What is owed and what has come together say of a release: a quarter of which something has come is waited for as long as the
/// rest of it is not late, and longer for what says so. Lists of a year hold nothing up before they are late.
pub(crate) fn judge(calendar: &Calendar, come: &Come, owed: Vec<Owed>) -> Judged {
    let is_open = |quarter: Quarter| {
        let came = |due: &Due| due.ending_with(quarter).is_some_and(|period| come.holds(due, period));
        calendar.dues.iter().any(came)
    };
    let mut judged = Judged::default();
    for one in owed {
        let Some(quarter) = one.ends else { continue };
        match (one.state, one.delay) {
            (State::Late, Delay::Wait) if is_open(quarter) => judged.waits.push(one),
            (State::Late, Delay::Refuse) => judged.refused.push(one),
            // Without anything of a quarter there is nothing that could wait.
            (State::Late, Delay::Publish | Delay::Wait) => judged.without.push(one),
            (State::Due | State::Awaited, _) if one.is_waited_for && is_open(quarter) => judged.waits.push(one),
            (State::Due | State::Awaited, _) => {}
        }
    }
    judged
}

impl Owed {
    /// What it is: `finance 2020Q1`.
    pub(crate) fn named(&self) -> String {
        format!("{} {}", self.dataset, self.period)
    }

    /// As a problem that keeps a release from being published.
    pub(crate) fn refusal(&self, pipeline: &str) -> Problem {
        let Owed { dataset, period, from, due, days, .. } = self;
        let found =
            said!("{dataset} {period}（{from}）：{due}，+{days}", "{dataset} {period} ({from}): {due}, +{days}");
        Problem::new(&rules::EXPORT_LATE, Place::file(&format!("pipelines/{pipeline}.toml"))).said(found)
    }
}
