//! Units that were mistaken, by the sender or by the definition: figures that are off, against what is known of the same rows,
//! by the ratio of two units. They are not used until somebody says which of the two is right.
//!
//! A figure is held against the vintage before it, or else against the same quarter of the year before (or, where it is itself
//! said to be that of the year before, against what was reported then), or else against the figure of the year before that its
//! own row has, or else against the quarter before. Figures that were right lie around 1; a unit that was mistaken in a part of
//! the rows makes a second heap of them around the ratio. Whose rows these are does not matter for a tenth of an export; of a
//! city or a park half of its rows must be in the heap.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::sample::{Batch, Compared, Known};
use config::compare::Scale;
use config::document::list;
use vocab::period::Quarter;
use vocab::unit::{self, Dimension, Factor, Unit};
use vocab::{Place, Problem, Said, rules, said};

/// Quarters in a year.
const YEAR: i32 = 4;
/// Figures that differ by no more than this factor are of one kind.
const USUAL: f64 = 2.5;
/// How many of the rows at a ratio there may be between it and 1, or as far on the other side: a wide spread is no second heap.
const BETWEEN: f64 = 1.5;
/// Least share of the rows that must lie around 1 or the ratio: figures that move without rule, like profits, tell nothing.
const EXPLAINED: f64 = 0.7;
/// Ratios that are looked for in one column.
const MOST_RATIOS: usize = 4;
/// Pairs of units, at most, that explain anything.
const MOST_PAIRS: usize = 4;
/// Addresses of rows that are told; their number is told whole.
const SHOWN: usize = 5;

/// How much of an export is in the wrong unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extent {
    /// The column.
    Whole,
    /// Rows wherever they stand.
    Rows,
    /// Rows of these cities or parks.
    Senders(Vec<u32>),
}

/// Figures of an export that are off by the ratio of two units.
#[derive(Debug, Clone)]
pub(crate) struct Mistaken {
    /// Which export.
    pub(crate) at: usize,
    /// What it was held against; itself, where its rows have the figure of the year before beside.
    other: usize,
    /// The column; and the one beside it that may be wrong instead.
    pub(crate) measures: Vec<String>,
    /// The series, where the table holds several.
    label: String,
    dimension: Option<Dimension>,
    factor: Factor,
    extent: Extent,
    /// Rows of the facts that are off: all of them, if the sample was the whole.
    off: Vec<usize>,
    /// Rows that may be, since they are held against nothing.
    doubtful: Vec<usize>,
    /// Rows that were held against something.
    of: usize,
}

/// What is known of the columns before any figure.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    names: &'a [&'a str],
    factors: Vec<Vec<(Factor, f64)>>,
    dimensions: Vec<Option<Dimension>>,
    /// The column of this year of one that holds the year before.
    current: Vec<Option<usize>>,
    /// The other way round.
    prior: Vec<Option<usize>>,
    /// Fewest rows that say anything.
    least: usize,
    /// Whether every figure is a published sum.
    pub(super) is_published: bool,
    rules: &'a Scale,
}

impl<'a> Columns<'a> {
    pub(super) fn of(compared: &'a Compared<'_>, rules: &'a Scale) -> Columns<'a> {
        let names = &compared.measures;
        let place = |name: &str| names.iter().position(|other| *other == name);
        let current: Vec<Option<usize>> =
            names.iter().map(|name| rules.current_of(name).and_then(|name| place(&name))).collect();
        let dimensions: Vec<_> = names.iter().map(|name| Dimension::of_name(name)).collect();
        Columns {
            names,
            factors: dimensions.iter().map(|dimension| factors(*dimension)).collect(),
            dimensions,
            prior: (0..names.len()).map(|of| current.iter().position(|current| *current == Some(of))).collect(),
            current,
            least: if compared.is_published { rules.least_published } else { rules.least_rows },
            is_published: compared.is_published,
            rules,
        }
    }

    /// Whether figures add up from January: those of the year before too, but they are no evidence of this year.
    pub(super) fn is_since_january(&self, measure: usize, batch: &Batch<'_>) -> bool {
        self.rules.is_since_january(self.names[measure]) || self.rules.is_since_january(batch.label)
    }

    /// Whether a column holds the year before.
    pub(super) fn is_prior(&self, measure: usize) -> bool {
        self.current[measure].is_some()
    }

    /// Columns of the year before first: those of this year may be held against them.
    fn in_order(&self) -> impl Iterator<Item = usize> {
        let all = 0..self.names.len();
        all.clone().filter(|at| self.is_prior(*at)).chain(all.filter(|at| !self.is_prior(*at)))
    }

    fn factors(&self, measure: usize, dimension: Option<Dimension>) -> Cow<'_, [(Factor, f64)]> {
        if dimension == self.dimensions[measure] {
            Cow::Borrowed(&self.factors[measure])
        } else {
            Cow::Owned(factors(dimension))
        }
    }
}

fn factors(dimension: Option<Dimension>) -> Vec<(Factor, f64)> {
    unit::factors(dimension).into_iter().map(|factor| (factor, factor.log10())).collect()
}

/// A row with what it was held against.
#[derive(Debug, Clone, Copy)]
struct Pair {
    row: usize,
    /// Decimal logarithm of its ratio to what was expected.
    log: f64,
    /// The other export.
    other: usize,
    /// Whether it was held against its own row.
    is_within: bool,
}

/// What the rows of a batch can be held against.
struct References<'k> {
    same: Option<(&'k Known, Vec<Option<usize>>)>,
    year: Option<(&'k Known, Vec<Option<usize>>)>,
    before: Option<(&'k Known, Vec<Option<usize>>)>,
    /// What a figure since January is expected to be, as a multiple of that of the quarter before.
    step: f64,
}

impl<'k> References<'k> {
    fn of<'s: 'k>(batch: &Batch<'s>, known: &'k BTreeMap<(&'s str, Option<Quarter>), Known>) -> References<'k> {
        let look = |quarter: Option<Quarter>| {
            let known = known.get(&(batch.label, quarter))?;
            Some((known, known.places(batch)))
        };
        let step = match batch.quarter.map_or(1, Quarter::number) {
            1 => 0.25,
            number => f64::from(number) / f64::from(number - 1),
        };
        let ago = |back: i32| look(Some(batch.quarter?.plus(-back)?));
        References { same: look(batch.quarter), year: ago(YEAR), before: ago(1), step }
    }
}

fn figure(known: &Option<(&Known, Vec<Option<usize>>)>, measure: usize, row: usize) -> Option<(i64, usize)> {
    let (known, places) = known.as_ref()?;
    known.figure(measure, places[row]?)
}

/// The figures of a batch that are off, and which of its figures are set aside, by measure and row.
pub(super) fn find<'s>(
    batch: &Batch<'s>,
    known: &BTreeMap<(&'s str, Option<Quarter>), Known>,
    columns: &Columns<'_>,
    rules: &Scale,
) -> (Vec<Mistaken>, Vec<Vec<bool>>) {
    let references = References::of(batch, known);
    let mut set_aside: Vec<Vec<bool>> = vec![Vec::new(); batch.figures.len()];
    let mut found = Vec::new();
    for measure in columns.in_order() {
        let dimension = batch.unit.map_or(columns.dimensions[measure], Dimension::of_name);
        let pairs = pairs(batch, &references, columns, measure, dimension, &set_aside);
        for heap in heaps(batch, &pairs, &columns.factors(measure, dimension), columns.least, rules) {
            let mistaken = heap.told(batch, &pairs, measure, dimension, columns);
            let out: Vec<usize> = heap.off.iter().chain(&heap.doubtful(batch, &pairs, measure)).copied().collect();
            for name in &mistaken.measures {
                let Some(measure) = columns.names.iter().position(|other| other == name) else { continue };
                set_aside[measure].resize(batch.rows.len(), false);
                out.iter().for_each(|row| set_aside[measure][*row] = true);
            }
            found.push(mistaken);
        }
    }
    (found, set_aside)
}

fn is_usual(ratio: f64) -> bool {
    (1.0 / USUAL..=USUAL).contains(&ratio)
}

/// The rows of a column that can be held against something.
fn pairs(
    batch: &Batch<'_>,
    references: &References<'_>,
    columns: &Columns<'_>,
    measure: usize,
    dimension: Option<Dimension>,
    set_aside: &[Vec<bool>],
) -> Vec<Pair> {
    let (current, prior) = (columns.current[measure], columns.prior[measure]);
    // Rates may fall to a tenth from year to year.
    let is_rate = dimension == Some(Dimension::Ratio);
    let step = if columns.is_since_january(measure, batch) { references.step } else { 1.0 };
    let pair = |row: usize| {
        let value = batch.figures[measure][row];
        if value == 0 {
            return None;
        }
        let moved = |known| if is_rate { None } else { figure(known, measure, row) };
        let beside = || {
            let prior = prior.filter(|prior| set_aside[*prior].get(row) != Some(&true))?;
            Some((batch.figures[prior][row], batch.at)).filter(|(figure, _)| *figure != 0)
        };
        let plain = figure(&references.same, measure, row)
            .or_else(|| figure(&references.year, current?, row))
            .or_else(|| moved(&references.year));
        let (other, export, expected, is_within) = plain
            .map(|(other, export)| (other, export, 1.0, false))
            .or_else(|| beside().map(|(other, export)| (other, export, 1.0, true)))
            .or_else(|| moved(&references.before).map(|(other, export)| (other, export, step, false)))?;
        let ratio = value as f64 / (other as f64 * expected);
        // Of two vintages that differ, the one that goes with last year is right, and that may be the later one.
        let agrees = |(other, _): (i64, usize)| is_usual(value as f64 / other as f64);
        let witness = || moved(&references.year).or_else(beside);
        let log = if is_usual(ratio) || witness().is_some_and(agrees) { 0.0 } else { ratio.log10() };
        (ratio > 0.0).then_some(Pair { row, log, other: export, is_within })
    };
    (0..batch.rows.len()).filter_map(pair).collect()
}

/// Rows of a batch that lie around one ratio.
struct Heap {
    factor: Factor,
    extent: Extent,
    /// Positions in the batch.
    off: Vec<usize>,
}

/// The heaps of a column beside that around 1.
fn heaps(batch: &Batch<'_>, pairs: &[Pair], factors: &[(Factor, f64)], least: usize, rules: &Scale) -> Vec<Heap> {
    let mut rest: Vec<Pair> = pairs.to_vec();
    let mut found = Vec::new();
    while found.len() < MOST_RATIOS
        && let Some(heap) = heap(batch, &rest, pairs.len(), factors, least, rules)
    {
        rest.retain(|pair| !heap.off.contains(&pair.row));
        let is_whole = heap.extent == Extent::Whole;
        found.push(heap);
        if is_whole {
            break;
        }
    }
    found
}

fn heap(
    batch: &Batch<'_>,
    pairs: &[Pair],
    of: usize,
    factors: &[(Factor, f64)],
    least: usize,
    rules: &Scale,
) -> Option<Heap> {
    let mut outside: Vec<Pair> = pairs.iter().filter(|pair| pair.log != 0.0).copied().collect();
    if outside.len() < least.min(rules.least_rows) {
        return None;
    }
    outside.sort_by(|a, b| a.log.total_cmp(&b.log));
    let reach = rules.near.log10();
    let mut counted: Vec<(usize, f64)> = factors
        .iter()
        .map(|(_, log)| (within(&outside, *log, reach).len(), *log))
        .filter(|(count, _)| *count > 0)
        .collect();
    counted.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.abs().total_cmp(&b.1.abs())).then(a.1.total_cmp(&b.1)));
    for (count, log) in counted {
        let members = within(&outside, log, reach);
        // Of ratios that are near to each other (10 and 15), the one in whose middle the rows lie.
        let middle = members[members.len() / 2].log;
        let nearest = factors.iter().min_by(|a, b| (a.1 - middle).abs().total_cmp(&(b.1 - middle).abs()));
        let (factor, log) = *nearest?;
        // Nearer to the ratio than to 1, or beyond it: what is off may have grown as well.
        let is_off = |pair: &&Pair| pair.log / log >= 0.5;
        let rows = |of: &dyn Fn(usize) -> bool| -> Vec<usize> {
            outside.iter().filter(is_off).map(|pair| pair.row).filter(|row| of(*row)).collect()
        };
        let share = count as f64 / of as f64;
        if share >= rules.whole_share && count >= least {
            return Some(Heap { factor, extent: Extent::Whole, off: (0..batch.rows.len()).collect() });
        }
        if count >= least && share >= rules.share && is_second_heap(&outside, pairs.len(), count, log, reach) {
            return Some(Heap { factor, extent: Extent::Rows, off: rows(&|_| true) });
        }
        if count >= rules.least_rows
            && let Some(senders) = senders(batch, pairs, within(&outside, log, reach), rules)
        {
            let is_theirs = |row: usize| is_of(batch, row, &senders);
            return Some(Heap { factor, off: rows(&is_theirs), extent: Extent::Senders(senders) });
        }
    }
    None
}

/// The pairs, in order, that lie around a ratio.
fn within(outside: &[Pair], log: f64, reach: f64) -> &[Pair] {
    let start = outside.partition_point(|pair| pair.log < log - reach);
    let end = outside.partition_point(|pair| pair.log <= log + reach);
    &outside[start..end.max(start)]
}

/// Whether so many rows around a ratio are more than a wide spread around 1 brings there.
fn is_second_heap(outside: &[Pair], of: usize, count: usize, log: f64, reach: f64) -> bool {
    let usual = USUAL.log10();
    let inner = log.abs() - reach;
    let between = outside.iter().filter(|pair| pair.log * log > 0.0 && pair.log.abs() < inner).count();
    let expected = between as f64 * 2.0 * reach / (inner - usual).max(reach);
    let mirrored = within(outside, -log, reach).len() as f64;
    let explained = (of - outside.len() + count) as f64 / of as f64;
    count as f64 >= BETWEEN * (expected + mirrored) && explained >= EXPLAINED
}

/// The cities and parks most of whose rows are among the members.
fn senders(batch: &Batch<'_>, pairs: &[Pair], members: &[Pair], rules: &Scale) -> Option<Vec<u32>> {
    let of = |pair: &Pair| {
        let sender = batch.rows[pair.row].sender;
        [sender.city, sender.park].into_iter().filter(|code| *code != 0)
    };
    let mut counts: BTreeMap<u32, [usize; 2]> = BTreeMap::new();
    members.iter().flat_map(of).for_each(|code| counts.entry(code).or_default()[0] += 1);
    for code in pairs.iter().flat_map(of) {
        if let Some(counts) = counts.get_mut(&code) {
            counts[1] += 1;
        }
    }
    let is_most = |[off, of]: [usize; 2]| off >= rules.least_rows && off as f64 >= rules.sender_share * of as f64;
    let found: Vec<u32> = counts.into_iter().filter(|(_, counts)| is_most(*counts)).map(|(code, _)| code).collect();
    (!found.is_empty()).then_some(found)
}

fn is_of(batch: &Batch<'_>, row: usize, senders: &[u32]) -> bool {
    let sender = batch.rows[row].sender;
    senders.contains(&sender.city) || senders.contains(&sender.park)
}

impl Heap {
    /// Rows that are held against nothing, and may be in the wrong unit like those beside them. Of a column that is off as a whole
    /// all are.
    fn doubtful(&self, batch: &Batch<'_>, pairs: &[Pair], measure: usize) -> Vec<usize> {
        if self.extent == Extent::Whole {
            return Vec::new();
        }
        let mut is_held = vec![false; batch.rows.len()];
        pairs.iter().for_each(|pair| is_held[pair.row] = true);
        let is_near = |row: &usize| match &self.extent {
            Extent::Senders(senders) => is_of(batch, *row, senders),
            _ => true,
        };
        (0..batch.rows.len())
            .filter(|row| !is_held[*row] && batch.figures[measure][*row] != 0)
            .filter(is_near)
            .collect()
    }

    fn told(
        &self,
        batch: &Batch<'_>,
        pairs: &[Pair],
        measure: usize,
        dimension: Option<Dimension>,
        columns: &Columns<'_>,
    ) -> Mistaken {
        let mut is_off = vec![false; batch.rows.len()];
        self.off.iter().for_each(|row| is_off[*row] = true);
        let mut others: BTreeMap<usize, usize> = BTreeMap::new();
        let held = pairs.iter().filter(|pair| is_off[pair.row]);
        held.clone().for_each(|pair| *others.entry(pair.other).or_default() += 1);
        let is_within = held.clone().filter(|pair| pair.is_within).count() * 2 > held.count();
        let beside = columns.prior[measure].filter(|_| is_within);
        let facts_row = |rows: &[usize]| rows.iter().map(|row| batch.rows[*row].row).collect();
        Mistaken {
            at: batch.at,
            other: others.into_iter().max_by_key(|(_, count)| *count).map_or(batch.at, |(other, _)| other),
            measures: [Some(measure), beside].into_iter().flatten().map(|at| columns.names[at].to_owned()).collect(),
            label: batch.label.to_owned(),
            dimension,
            factor: self.factor,
            extent: self.extent.clone(),
            off: facts_row(&self.off),
            doubtful: facts_row(&self.doubtful(batch, pairs, measure)),
            of: pairs.len(),
        }
    }
}

/// Findings of one export, column and ratio as one, whatever quarters they are of.
pub(super) fn together(found: Vec<Mistaken>) -> Vec<Mistaken> {
    let mut all: Vec<Mistaken> = Vec::new();
    for one in found {
        let same = |other: &&mut Mistaken| {
            (other.at, &other.measures, &other.label, other.factor) == (one.at, &one.measures, &one.label, one.factor)
        };
        match all.iter_mut().find(same) {
            Some(other) => {
                other.off.extend(one.off);
                other.doubtful.extend(one.doubtful);
                other.of += one.of;
            }
            None => all.push(one),
        }
    }
    all
}

impl Mistaken {
    /// Rows of the facts whose figures are set aside.
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> {
        self.off.iter().chain(&self.doubtful).copied()
    }

    /// Only names, addresses and a ratio: no figure of anybody. `declared` is the unit in which the column was read, where a
    /// definition says it; `line` gives the row of the sheet of a row of the facts, `name` the name of an export.
    pub(crate) fn told<'n>(
        &self,
        declared: Option<&'static Unit>,
        line: impl Fn(usize) -> Option<i64>,
        name: impl Fn(usize) -> &'n str,
    ) -> Problem {
        let column = if self.label.is_empty() { &self.measures[0] } else { &self.label };
        let explained = self.factor.explained(self.dimension, declared);
        let pairs: Vec<Said> =
            explained.iter().map(|[read, right]| Said::words(format!("{}→{}", read.name, right.name))).collect();
        let units = match (pairs.len(), Said::join(&pairs, "；", "; ")) {
            (1..=MOST_PAIRS, pairs) => said!("（{pairs}）", " ({pairs})"; pairs),
            // A power of ten is the ratio of many units, or of none.
            _ => Said::default(),
        };
        let factor = self.factor;
        let what = said!("{column} {factor}{units}", "{column} {factor}{units}"; units);
        let place = Place::file(name(self.at));
        let against = match self.other == self.at && self.measures.len() > 1 {
            true => self.measures[1].as_str(),
            false => name(self.other),
        };
        let problem = match &self.extent {
            Extent::Whole => Problem::new(&rules::UNIT_JUMP, place).said(what),
            Extent::Rows => Problem::new(&rules::UNIT_JUMP_IN_ROWS, place).said(self.in_rows(&what, &[], line)),
            Extent::Senders(senders) => {
                Problem::new(&rules::UNIT_JUMP_IN_ROWS, place).said(self.in_rows(&what, senders, line))
            }
        };
        problem.expected([against])
    }

    /// In how many rows it is so, where the first ones stand, and whose they are.
    fn in_rows(&self, what: &Said, senders: &[u32], line: impl Fn(usize) -> Option<i64>) -> Said {
        let mut lines: Vec<i64> = self.off.iter().filter_map(|row| line(*row)).collect();
        lines.sort_unstable();
        let more = if lines.len() > SHOWN { said!("、…", ", …") } else { Said::default() };
        let shown: Vec<String> = lines.iter().take(SHOWN).map(ToString::to_string).collect();
        let codes: Vec<String> = senders.iter().map(ToString::to_string).collect();
        let senders = match list(&codes) {
            none if codes.is_empty() => none,
            codes => said!("；{codes}", "; {codes}"; codes),
        };
        let (off, of, shown) = (self.off.len(), self.of, list(&shown));
        said!(
            "{what}，共 {of} 行中的 {off} 行（第 {shown}{more} 行{senders}）",
            "{what}: {off} of {of} rows ({shown}{more}{senders})";
            what, shown, more, senders
        )
    }
}
