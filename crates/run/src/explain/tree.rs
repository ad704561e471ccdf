//! What a figure is the sum of, as the measures declare it: areas, divisions, parts, other measures, last year.

use std::collections::BTreeMap;

use super::explained::{self, Part, Rest, Side, Standing, Sum};
use super::places::Places;
use super::release::Release;
use super::trace::Tracer;
use crate::failure::Failure;
use crate::setup::Setup;
use config::indicator::{Formula, Indicator};
use config::measure::{Made, Measure, Summed};
use model::relations::{Figure, Kind, Relation, relations};
use vocab::level::{AreaKey, Level};
use vocab::period::Quarter;

/// What a figure is known to be: whether it is there, and its value.
type Known = (Standing, Option<i64>);

/// How far figures are taken apart, and how many parts of each are told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) depth: usize,
    pub(super) most: usize,
}

/// Takes figures apart.
pub(super) struct Tree<'a, 't> {
    pub(super) setup: &'a Setup,
    pub(super) release: &'a Release<'a>,
    pub(super) places: &'a Places,
    pub(super) indicator: &'a Indicator,
    pub(super) extent: Extent,
    /// Finds the rows of exports; none where nothing of an enterprise may be told.
    pub(super) tracer: Option<&'a Tracer<'t>>,
}

impl<'a> Tree<'a, '_> {
    /// What the indicator is computed from in an area and quarter: its two sides, and the measures in its expression
    /// and condition.
    pub(super) fn sides(&self, area: AreaKey<'_>, quarter: Quarter, depth: usize) -> Result<Vec<Side>, Failure> {
        let indicator = self.indicator;
        let expression = match &indicator.formula {
            Formula::Expression(expression) => Some(expression),
            _ => None,
        };
        let written = [
            ("numerator", indicator.numerator.as_ref()),
            ("denominator", indicator.denominator.as_ref()),
            ("part", expression),
            ("condition", indicator.requires.as_ref()),
        ];
        let mut sides: Vec<Side> = Vec::new();
        for (role, text) in written {
            let Some(text) = text else { continue };
            for measure in self.measures_in(text) {
                let is_told = sides.iter().any(|side| side.figure.measure == measure.name);
                if is_told && role != "denominator" {
                    continue;
                }
                let figure = Figure { column: &measure.name, area, quarter, division: None };
                // What only decides whether there is a value is not taken apart.
                let depth = if role == "condition" { 0 } else { depth };
                let expression = (*text != measure.name).then(|| text.trim().to_owned());
                sides.push(Side { role, expression, figure: self.figure(&figure, depth)? });
            }
        }
        Ok(sides)
    }

    /// The measures that a text of SQL names, in their order.
    fn measures_in(&self, text: &str) -> Vec<&'a Measure> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut found: Vec<&Measure> = Vec::new();
        for word in text.split(|c| !is_part(c)) {
            let measure = self.measure(word);
            found.extend(measure.filter(|one| !found.iter().any(|known| known.name == one.name)));
        }
        found
    }

    fn measure(&self, name: &str) -> Option<&'a Measure> {
        self.setup.config.measures.iter().find(|measure| measure.name == name)
    }

    fn known(&self, figure: &Figure<'_>) -> Result<Known, Failure> {
        self.release.figure(figure, self.indicator)
    }

    /// A figure, taken apart as deep as `depth` says.
    pub(super) fn figure(&self, figure: &Figure<'_>, depth: usize) -> Result<explained::Figure, Failure> {
        let (standing, value) = self.known(figure)?;
        let measure = self.measure(figure.column).filter(|_| figure.division.is_none());
        let doc = self.setup.dictionary.column(figure.column);
        let (zh, en) = measure.map_or((doc.zh, doc.en), |measure| (measure.zh.clone(), measure.en.clone()));
        let mut told = explained::Figure {
            measure: figure.column.to_owned(),
            zh,
            en,
            area: self.places.area(figure.area),
            quarter: figure.quarter.to_string(),
            division: figure.division,
            value,
            standing,
            made: measure.map(made),
            sums: Vec::new(),
            rows: None,
        };
        if let (Some(measure), true) = (measure, depth > 0) {
            told.sums = self.sums(measure, figure, depth)?;
            let is_of_rows =
                figure.area.level == Level::Park && matches!(measure.made, Made::Rows(_) | Made::Taken { .. });
            if let (Some(tracer), Some(value), true) = (self.tracer, value, is_of_rows) {
                told.rows = tracer.trace(measure, figure.area.code, figure.quarter, value, depth)?;
            }
        }
        Ok(told)
    }

    /// What a figure is the sum of. Where it is so of two kinds of areas, the larger areas are told: they have the
    /// others beneath.
    fn sums(&self, measure: &'a Measure, figure: &Figure<'_>, depth: usize) -> Result<Vec<Sum>, Failure> {
        let territory = &self.places.territory;
        let all = relations(std::slice::from_ref(measure), territory, figure.quarter);
        let mine: Vec<&Relation<'_>> = all.iter().filter(|relation| relation.whole == *figure).collect();
        let part_level = if figure.area.level == Level::Province { Level::City } else { Level::Park };
        let is_of =
            |relation: &&&Relation<'_>| relation.parts.first().is_some_and(|(_, part)| part.area.level == part_level);
        let is_of_areas = |relation: &&&Relation<'_>| relation.kind == Kind::Areas;
        let of_areas = mine.iter().filter(is_of_areas).find(is_of).or_else(|| mine.iter().find(is_of_areas));
        let others = mine.iter().filter(|relation| relation.kind != Kind::Areas);
        let mut sums = Vec::new();
        for relation in of_areas.into_iter().chain(others) {
            sums.extend(self.sum(relation, depth)?);
        }
        if let (Made::Of(of), true) = (&measure.made, figure.area.level == Level::Park) {
            let part = Figure { column: of, ..*figure };
            let relation = Relation { kind: Kind::Copy, whole: *figure, parts: vec![(1, part)], given: None };
            // One step in words, and none in figures: it is the same.
            let sum = self.sum(&relation, depth + 1)?;
            sums.extend(sum.filter(|sum| sum.holds == Some(true)).map(|sum| Sum { kind: "condition", ..sum }));
        }
        Ok(sums)
    }

    /// One sum with its largest parts; none where it is not stated, or none of its parts is there.
    fn sum(&self, relation: &Relation<'_>, depth: usize) -> Result<Option<Sum>, Failure> {
        let mut known: BTreeMap<Figure<'_>, Known> = BTreeMap::new();
        let of_parts = relation.parts.iter().map(|(_, part)| *part);
        for figure in of_parts.chain([relation.whole]).chain(relation.given.into_iter().flatten()) {
            known.insert(figure, self.known(&figure)?);
        }
        let value = |figure: &Figure<'_>| known.get(figure).and_then(|(_, value)| *value);
        let is_given = relation.given.is_none_or(|[one, other]| value(&one).is_some() && value(&one) == value(&other));
        let mut parts: Vec<(i64, Figure<'_>, i64)> = relation
            .parts
            .iter()
            .filter_map(|(factor, part)| Some((*factor, *part, value(part)?.checked_mul(*factor)?)))
            .collect();
        let is_hidden = |(standing, _): &&Known| matches!(standing, Standing::Withheld | Standing::Unpublished);
        let hidden = known.values().filter(is_hidden).count();
        if !is_given || parts.is_empty() && hidden == 0 {
            return Ok(None);
        }
        parts.sort_by(|a, b| b.2.unsigned_abs().cmp(&a.2.unsigned_abs()).then_with(|| order(&a.1).cmp(&order(&b.1))));
        let whole = value(&relation.whole);
        let share = |value: i64| Some(value as f64 / whole.filter(|whole| *whole != 0)? as f64);
        let shown = if self.extent.most == 0 { parts.len() } else { parts.len().min(self.extent.most) };
        // One more is as short as a line for the rest.
        let shown = if parts.len() == shown + 1 { parts.len() } else { shown };
        let mut told = Vec::new();
        for (factor, part, value) in &parts[..shown] {
            told.push(Part { factor: *factor, share: share(*value), figure: self.figure(part, depth - 1)? });
        }
        // What is withheld could be told by a whole and the sum of all others.
        for (factor, part) in
            relation.parts.iter().filter(|(_, part)| known.get(part).is_some_and(|known| is_hidden(&known)))
        {
            told.push(Part { factor: *factor, share: None, figure: self.figure(part, 0)? });
        }
        let left: i64 = parts[shown..].iter().fold(0, |sum, (.., value)| sum.saturating_add(*value));
        let rest = Rest { count: parts.len() - shown, value: left, share: share(left) };
        let without = relation.parts.len() - parts.len() - (told.len() - shown);
        Ok(Some(Sum {
            kind: kind(relation.kind),
            level: relation.parts.first().map(|(_, part)| part.area.level),
            holds: (hidden == 0).then(|| relation.holds(&value)),
            parts: told,
            rest: Some(rest).filter(|rest| rest.count > 0 && hidden == 0),
            without,
        }))
    }
}

/// The order in which parts that add the same are told: areas by the words of their levels.
fn order<'f>(part: &Figure<'f>) -> (&'f str, &'static str, Figure<'f>) {
    (part.column, part.area.level.as_str(), *part)
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Areas => "areas",
        Kind::Divisions => "divisions",
        Kind::Parts => "parts",
        Kind::Terms => "terms",
        Kind::Copy => "copy",
        Kind::BothYears => "both_years",
        Kind::YearEnd => "year_end",
    }
}

/// How a measure is made, as its definition says it.
fn made(measure: &Measure) -> explained::Made {
    let (way, from, what, only) = match &measure.made {
        Made::Rows(rows) => {
            let (way, what) = match &rows.what {
                Summed::Sum(expression) => ("sum", Some(expression.clone())),
                Summed::Count(expression) => ("count", Some(expression.clone())),
                Summed::SumAt(levels) => {
                    let columns: Vec<String> =
                        levels.iter().map(|(level, column)| format!("{level}: {column}")).collect();
                    ("sum", Some(columns.join(", ")))
                }
            };
            (way, rows.from.clone(), what, rows.only.clone())
        }
        Made::Of(name) => ("of", vec![name.clone()], None, None),
        Made::Taken { from, column } => ("taken", vec![from.clone()], Some(column.clone()), None),
        Made::YearAgo(name) => ("year_ago", vec![name.clone()], None, None),
        Made::BothYears(name) => ("both_years", vec![name.clone()], None, None),
        Made::Province(name) => ("province", vec![name.clone()], None, None),
        Made::Terms(terms) => ("terms", terms.iter().map(|(name, _)| name.clone()).collect(), None, None),
    };
    explained::Made { way, from, what, only, parks: measure.parks.clone(), datasets: measure.datasets.clone() }
}
