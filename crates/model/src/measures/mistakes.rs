//! Mistakes of measures that only show beside the tables they are made from.

use std::collections::BTreeSet;

use super::grain::{Grain, Tables};
use crate::mistakes::{no_column, no_expression, parsed, words};
use crate::sql::subset::{outside, refused};
use config::ConfigError;
use config::document::{did_you_mean, did_you_mean_or, list};
use config::measure::{Made, Measure, Rows, Summed, did_you_mean_near};
use config::spot::Spot;
use vocab::level::Level;
use vocab::{Said, said};

/// Every mistake that measures make with regard to the models and datasets they are made from, and to one another.
pub(crate) fn mistakes(measures: &[Measure], tables: &Tables) -> Vec<ConfigError> {
    let all = All { measures, tables };
    measures.iter().flat_map(|measure| all.of_one(measure)).collect()
}

struct All<'m> {
    measures: &'m [Measure],
    tables: &'m Tables,
}

impl All<'_> {
    fn find(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.name == name)
    }

    fn of_one(&self, measure: &Measure) -> Vec<ConfigError> {
        let mut errors = match &measure.made {
            Made::Rows(rows) => self.of_rows(measure, rows),
            Made::Taken { from, column } => self.of_taken(measure, from, column),
            _ => self.of_others(measure),
        };
        if let Some(condition) = &measure.parks {
            errors.extend(self.of_parks(measure, condition));
        }
        if let Some(circle) = self.circle(measure) {
            let circle = list(&circle);
            let message = said!(
                "这些度量循环引用：{circle}",
                "these measures are made from each other in a circle: {circle}";
                circle
            );
            errors.push(measure.spots.of("of").error(message));
        }
        // What is wrong with its tables says more than what follows from it.
        if errors.is_empty() {
            errors.extend(self.of_datasets(measure));
        }
        errors
    }

    fn unknown_table(&self, spot: &Spot, table: &str) -> ConfigError {
        let near = did_you_mean_or(table, &self.tables.names(), Said::default);
        let message = said!(
            "`{table}` 既不是模型，也不是数据集{near}",
            "`{table}` is neither a model nor a dataset{near}";
            near
        );
        spot.error_at(table, message)
    }

    fn of_rows(&self, measure: &Measure, rows: &Rows) -> Vec<ConfigError> {
        let spot = measure.spots.of("from");
        let mut errors = Vec::new();
        for table in &rows.from {
            let error = match self.tables.grain(table) {
                _ if !self.tables.names().contains(&table.as_str()) => self.unknown_table(spot, table),
                Some(Grain::Finer) if !measure.is_unit_level => {
                    let message = said!(
                        "`{table}` 的各行为单个企业：`unit_level` 须为 true",
                        "`{table}` has rows of single enterprises: `unit_level` must be true"
                    );
                    measure.spots.of("unit_level").error(message)
                }
                Some(Grain::Finer) => continue,
                Some(Grain::Park | Grain::ParkCode | Grain::Register) if rows.from.len() == 1 => continue,
                Some(Grain::Park | Grain::ParkCode | Grain::Register) => {
                    let message = said!(
                        "`{table}` 每个集聚区一行，只能单独使用",
                        "rows of `{table}`, one for each park, are taken alone"
                    );
                    spot.error_at(table, message)
                }
                Some(Grain::Area | Grain::Whole) => {
                    let message = said!(
                        "`{table}` 没有集聚区的行：取用其数值请写 `takes`",
                        "`{table}` has no rows of parks: write `takes` for a figure that it has"
                    );
                    spot.error_at(table, message)
                }
                None => {
                    let message = said!(
                        "`{table}` 没有可据以汇总的列 park_number 和 quarter",
                        "`{table}` has no columns park_number and quarter that rows could be summed by"
                    );
                    spot.error_at(table, message)
                }
            };
            errors.push(error);
        }
        if errors.is_empty() {
            errors.extend(self.of_expressions(measure, rows));
        }
        errors
    }

    /// What is wrong with the expressions over columns.
    fn of_expressions(&self, measure: &Measure, rows: &Rows) -> Vec<ConfigError> {
        let mut errors = Vec::new();
        let mut texts: Vec<(&str, &str)> = rows.only.iter().map(|text| ("where", text.as_str())).collect();
        match &rows.what {
            Summed::Sum(text) => texts.push(("sums", text)),
            Summed::Count(text) => texts.push(("counts", text)),
            Summed::SumAt(levels) => {
                texts.extend(levels.iter().map(|(_, column)| ("sums_at", column.as_str())));
                for level in Level::ALL.into_iter().filter(|level| levels.iter().all(|(of, _)| of != level)) {
                    let message = said!("缺少层级 {level}", "the level {level} is missing");
                    errors.push(measure.spots.of("sums_at").error(message));
                }
            }
        }
        for (key, text) in texts {
            let spot = measure.spots.of(key);
            errors.extend(expression(spot, text));
            for word in words(text).into_iter().filter(|word| refused(word).is_none()) {
                errors.extend(rows.from.iter().find_map(|table| self.of_column(spot, table, &word)));
            }
        }
        errors
    }

    fn of_column(&self, spot: &Spot, table: &str, word: &str) -> Option<ConfigError> {
        let columns: Vec<&str> = self.tables.columns(table)?.iter().map(String::as_str).collect();
        if columns.contains(&word) {
            return None;
        }
        Some(spot.error_at(word, no_column(word, table, &did_you_mean(word, &columns))))
    }

    fn of_taken(&self, measure: &Measure, from: &str, column: &str) -> Vec<ConfigError> {
        let spot = measure.spots.of("from");
        match self.tables.grain(from) {
            _ if !self.tables.names().contains(&from) => vec![self.unknown_table(spot, from)],
            Some(Grain::Area | Grain::Whole) => {
                self.of_column(measure.spots.of("takes"), from, column).into_iter().collect()
            }
            _ => {
                let message = said!(
                    "`{from}` 不是每个地区每个季度一行，也不是每个季度一行",
                    "`{from}` does not have one row for each area and quarter, or each quarter"
                );
                vec![spot.error_at(from, message)]
            }
        }
    }

    /// What is made from other measures needs such as are sums.
    fn of_others(&self, measure: &Measure) -> Vec<ConfigError> {
        let is_sum = |other: &Measure| {
            let is_by_level = matches!(&other.made, Made::Rows(Rows { what: Summed::SumAt(_), .. }));
            other.is_summed() && !is_by_level
        };
        let fits = |key: &str, other: &Measure| match key {
            "of" | "terms" => is_sum(other),
            _ => is_sum(other) || matches!(other.made, Made::Terms(_)),
        };
        let mut errors = Vec::new();
        for (key, name) in measure.named() {
            // One that is not there is told already.
            let Some(other) = self.find(name) else { continue };
            if !fits(key, other) {
                let message = said!(
                    "`{name}` 不是各集聚区之和，而 `{key}` 须为各集聚区之和",
                    "`{name}` is no sum over parks, which `{key}` needs"
                );
                errors.push(measure.spots.of(key).error_at(name, message));
            } else if other.is_unit_level && !measure.is_unit_level {
                let message = said!(
                    "`{name}` 依据单个企业的数据，由其算出的度量也如此",
                    "`{name}` rests on single enterprises, and so does what is made from it"
                );
                errors.push(measure.spots.of("unit_level").error(message));
            }
        }
        errors
    }

    fn of_parks(&self, measure: &Measure, condition: &str) -> Vec<ConfigError> {
        let spot = measure.spots.of("parks");
        if !measure.is_summed() {
            return vec![spot.error(said!("`parks` 只用于各集聚区之和", "`parks` is only for sums over parks"))];
        }
        let summed = self.measures.iter().filter(|measure| measure.is_summed());
        let names: Vec<&str> = summed.map(|measure| measure.name.as_str()).collect();
        let unknown = words(condition).into_iter().filter(|word| !names.contains(&word.as_str()));
        let told = |word: String| {
            let hint = did_you_mean_near(&word, &names);
            let message = said!(
                "`{word}` 不是按集聚区相加的度量{hint}",
                "`{word}` is no measure that is summed over parks{hint}";
                hint
            );
            spot.error_at(&word, message)
        };
        expression(spot, condition).into_iter().chain(unknown.map(told)).collect()
    }

    /// The measures from one back to itself, by what they are parts of and by the conditions on their parks.
    fn circle(&self, measure: &Measure) -> Option<Vec<String>> {
        let mut ways = vec![vec![measure.name.clone()]];
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop() {
            let Some(last) = way.last().and_then(|name| self.find(name)) else { continue };
            for next in needed(last) {
                if next == measure.name {
                    return Some(way);
                }
                if seen.insert(next.clone()) {
                    ways.push(way.iter().cloned().chain([next]).collect());
                }
            }
        }
        None
    }

    /// A dataset that it is said to need, and that none of its tables reads.
    fn of_datasets(&self, measure: &Measure) -> Vec<ConfigError> {
        let mut own = BTreeSet::new();
        let mut wanted = vec![measure.name.clone()];
        let mut seen = BTreeSet::new();
        while let Some(measure) = wanted.pop().and_then(|name| self.find(&name)) {
            if !seen.insert(measure.name.as_str()) {
                continue;
            }
            match &measure.made {
                Made::Rows(rows) => own.extend(rows.from.iter().map(String::as_str)),
                Made::Taken { from, .. } => _ = own.insert(from.as_str()),
                _ => {}
            }
            wanted.extend(needed(measure));
            wanted.extend(measure.named().into_iter().map(|(_, name)| name.to_owned()));
        }
        // A table that is not there is told where it is named.
        if own.iter().any(|table| self.tables.columns(table).is_none()) {
            return Vec::new();
        }
        let under = self.tables.under(own.iter().copied());
        // A model that reads sums of measures may rest on all that these rest on.
        let is_sum = |table: &str| {
            ["sum_", "ttm_"].iter().any(|start| table.starts_with(start))
                || ["park_quarter", "area_sum"].contains(&table)
        };
        // One that is not there is told when the models are tried.
        if under.iter().any(|table| is_sum(table) || !self.tables.is_there(table)) {
            return Vec::new();
        }
        let strange = measure.datasets.iter().filter(|dataset| !under.contains(dataset.as_str()));
        let told = |dataset: &String| {
            let tables: Vec<&str> = own.iter().copied().collect();
            let tables = list(&tables);
            let message = said!(
                "该度量不依据数据集 `{dataset}`：{tables} 均不读取该数据集",
                "it does not rest on the dataset `{dataset}`: {tables} reads none of it";
                tables
            );
            measure.spots.of("datasets").error_at(dataset, message)
        };
        strange.map(told).collect()
    }
}

/// The measures that the figure of one park is made from.
fn needed(measure: &Measure) -> Vec<String> {
    let of = match &measure.made {
        Made::Of(name) => Some(name.clone()),
        _ => None,
    };
    let parks = measure.parks.as_deref().map(words).unwrap_or_default();
    of.into_iter().chain(parks).collect()
}

/// What is wrong with an expression by itself.
fn expression(spot: &Spot, text: &str) -> Vec<ConfigError> {
    let refused = words(text).into_iter().filter_map(|word| Some((refused(&word)?, word)));
    let told = |(instead, word): (Said, String)| spot.error_at(&word, outside(&word, &instead));
    match parsed(text) {
        Ok(_) => refused.map(told).collect(),
        Err(reason) => vec![spot.error(no_expression(&reason))],
    }
}
