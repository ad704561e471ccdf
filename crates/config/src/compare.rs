//! How exports are held against one another: `[scale]` and `[repeat]` of `quality.toml`.

use super::document::Table;
use super::range::above_zero;

/// What is done with what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is not used, and told.
    SetAside,
    /// It is told, and nothing is published.
    Stop,
    /// It is told and used.
    Tell,
}

impl Action {
    fn resolve(table: &Table<'_, '_>) -> Action {
        let words = [("set_aside", Action::SetAside), ("stop", Action::Stop), ("tell", Action::Tell)];
        table.choice("action", &words).unwrap_or(Action::SetAside)
    }
}

/// Units that were mistaken: in a column, in a part of its rows, by one city.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Rows of an export that are looked at, at least; of a smaller one all.
    pub sample: u64,
    /// Fewest rows at one ratio that say anything.
    pub least_rows: usize,
    /// The same in a published series, where every figure is a sum of many.
    pub least_published: usize,
    /// Least share of an export's rows at one ratio.
    pub share: f64,
    /// Least share of the rows of one city or park.
    pub sender_share: f64,
    /// From this share on it is the whole column.
    pub whole_share: f64,
    /// How far a row may be from a ratio, as a factor.
    pub near: f64,
    /// What is in the names of figures that add up from January.
    pub since_january: String,
    /// What is in the name of a figure of the year before, which is otherwise called like that of this year.
    pub prior: String,
    /// What is done.
    pub action: Action,
}

impl Default for Scale {
    fn default() -> Self {
        Scale {
            sample: 1024,
            least_rows: 5,
            least_published: 1,
            share: 0.05,
            sender_share: 0.5,
            whole_share: 0.8,
            near: 1.5,
            since_january: "_ytd".to_owned(),
            prior: "prior_".to_owned(),
            action: Action::SetAside,
        }
    }
}

impl Scale {
    /// Reads `[scale]`; what it does not say is as usual.
    pub(super) fn resolve(table: &Table<'_, '_>) -> Scale {
        let usual = Scale::default();
        // From 2 on, what doubled would be near to ratios of units.
        let near = table.number_within("near", 1.0..=2.0).unwrap_or(usual.near);
        Scale {
            sample: count(table, "sample", 64, usual.sample),
            least_rows: count(table, "least_rows", 3, usual.least_rows as u64) as usize,
            least_published: count(table, "least_published", 1, usual.least_published as u64) as usize,
            share: share(table, "share", usual.share),
            sender_share: share(table, "sender_share", usual.sender_share),
            whole_share: share(table, "whole_share", usual.whole_share),
            near,
            since_january: table.opt_text("since_january").unwrap_or(usual.since_january),
            prior: table.opt_text("prior").unwrap_or(usual.prior),
            action: Action::resolve(table),
        }
    }

    /// Whether a figure adds up from January.
    pub fn is_since_january(&self, column: &str) -> bool {
        !self.since_january.is_empty() && column.contains(&self.since_january)
    }

    /// The column that holds this year's figure of one that holds the year before's.
    pub fn current_of(&self, column: &str) -> Option<String> {
        let is_prior = !self.prior.is_empty() && column.contains(&self.prior);
        is_prior.then(|| column.replacen(&self.prior, "", 1))
    }
}

/// A report that holds the figures of another period.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeat {
    /// Share of a column's figures that must be those of the other period.
    pub share: f64,
    /// Fewest rows with figures in both that say anything.
    pub least_rows: usize,
    /// The same in a published series: no two sums are equal by chance.
    pub least_published: usize,
    /// What is done.
    pub action: Action,
}

impl Default for Repeat {
    fn default() -> Self {
        Repeat { share: 0.8, least_rows: 10, least_published: 3, action: Action::SetAside }
    }
}

impl Repeat {
    /// Reads `[repeat]`; what it does not say is as usual.
    pub(super) fn resolve(table: &Table<'_, '_>) -> Repeat {
        let usual = Repeat::default();
        Repeat {
            share: share(table, "share", usual.share),
            least_rows: count(table, "least_rows", 2, usual.least_rows as u64) as usize,
            least_published: count(table, "least_published", 2, usual.least_published as u64) as usize,
            action: Action::resolve(table),
        }
    }
}

fn share(table: &Table<'_, '_>, key: &str, usual: f64) -> f64 {
    table.number_within(key, above_zero(1.0)).unwrap_or(usual)
}

fn count(table: &Table<'_, '_>, key: &str, least: i64, usual: u64) -> u64 {
    table.int_within(key, least..=1_000_000_000).and_then(|count| u64::try_from(count).ok()).unwrap_or(usual)
}
