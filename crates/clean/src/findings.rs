//! Problems found so far: the first ones whole, all of them counted.

use std::collections::BTreeMap;

use vocab::rules::Rule;
use vocab::{Place, Problem, Severity};

/// A list of problems with a limit on how many are kept, and the true count of each.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    kept: Vec<Problem>,
    limit: usize,
    counts: BTreeMap<&'static str, u64>,
    total: usize,
    errors: usize,
}

impl Findings {
    /// Keeps at most `limit` problems whole.
    pub fn new(limit: usize) -> Self {
        Findings { limit, ..Findings::default() }
    }

    /// Adds a problem.
    pub fn push(&mut self, problem: Problem) {
        *self.counts.entry(problem.rule.code).or_default() += 1;
        self.total += 1;
        self.errors += usize::from(problem.rule.severity == Severity::Error);
        if self.kept.len() < self.limit {
            self.kept.push(problem);
        }
    }

    /// Adds a problem of `rule`, which is only made if it is kept: what would have been valid costs time to find.
    pub fn push_with(&mut self, rule: &'static Rule, make: impl FnOnce() -> Problem) {
        if self.kept.len() < self.limit {
            self.push(make());
        } else {
            self.push(Problem::new(rule, Place::default()));
        }
    }

    /// An empty list that keeps as many problems whole.
    pub(super) fn alike(&self) -> Self {
        Findings::new(self.limit)
    }

    /// Adds the problems of another list, those that it only counted too.
    pub(super) fn absorb(&mut self, other: Findings) {
        self.total += other.total;
        self.errors += other.errors;
        other.counts.into_iter().for_each(|(code, count)| *self.counts.entry(code).or_default() += count);
        let room = self.limit.saturating_sub(self.kept.len());
        self.kept.extend(other.kept.into_iter().take(room));
    }

    /// Adds several problems.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }

    /// How many there are, kept or not.
    pub fn len(&self) -> usize {
        self.total
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// How many of them are errors.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// The ones kept, in the order in which they were found.
    pub fn kept(&self) -> &[Problem] {
        &self.kept
    }

    /// How often each code was found.
    pub fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }
}
