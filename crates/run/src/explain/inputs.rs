//! The facts that a release was made from, of the quarters in question, as models read them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::places;
use super::release::Release;
use crate::failure::Failure;
use crate::ingested::{AllIngested, Ingested};
use crate::inputs::{calendar_since, has_quarters, list_quarters, numbered, set_aside_table};
use crate::load;
use crate::prepared::Carried;
use crate::problems::KeptProblems;
use crate::received::Received;
use crate::setup::Setup;
use config::source::Source;
use model::Models;
use model::indicators::{Collected, Held};
use store::Store;
use vocab::codes::UnitNumber;
use vocab::frame::Frame;
use vocab::period::{Quarter, Span};
use vocab::rules;

/// Exports of a release with what was made of them.
pub(super) struct Exports {
    pub(super) all: Vec<Ingested>,
    /// Datasets of which something is set aside because exports contradict one another: that shows only among all of
    /// them.
    doubted: BTreeSet<String>,
    /// Whether all are there: the facts of an old release may be gone.
    pub(super) are_there: bool,
}

impl Exports {
    pub(super) fn of(setup: &Setup, store: &Store, release: &Release<'_>) -> Result<Exports, Failure> {
        let ledger = release.quality("ledger")?;
        let text = |name: &str, row: usize| ledger.column(name).and_then(|column| column.text(row)).unwrap_or_default();
        let mut names: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for row in (0..ledger.rows()).rev() {
            names.entry((text("sha256", row), text("source", row))).or_default().push(text("file", row));
        }
        let used: BTreeSet<_> = store.catalog().ingests_of(&release.manifest.release)?.into_iter().collect();
        let mut all = Vec::new();
        for ingest in store.catalog().ingests()?.into_iter().filter(|ingest| used.contains(&ingest.key)) {
            let named = names.get_mut(&(ingest.digest.to_string(), ingest.source.clone())).and_then(Vec::pop);
            let source = setup.config.sources.iter().position(|source| source.id == ingest.source);
            let (Some(name), Some(at), Some(kept)) = (named, source, KeptProblems::of(&ingest)) else { continue };
            let (problem, received, same_as, reissued) = (None, None, None, None);
            let export =
                Received { name, digest: ingest.digest, bytes: 0, source, problem, received, same_as, reissued };
            all.push(Ingested { export, at, ingest, kept });
        }
        all.sort_by(|a, b| a.export.name.cmp(&b.export.name));
        let are_there = all.len() == ledger.rows();
        let datasets: BTreeMap<&str, &str> =
            all.iter().map(|one| (one.export.name.as_str(), one.ingest.dataset.as_str())).collect();
        let problems = release.quality("problems")?;
        let between = [&rules::UNIT_JUMP, &rules::UNIT_JUMP_IN_ROWS, &rules::CONTENT_REPEATED].map(|rule| rule.code);
        let told =
            |name: &str, row: usize| problems.column(name).and_then(|column| column.text(row)).unwrap_or_default();
        let is_between = |row: &usize| between.contains(&told("code", *row).as_str());
        let doubted = (0..problems.rows())
            .filter(is_between)
            .filter_map(|row| datasets.get(told("file", row).as_str()).map(|dataset| (*dataset).to_owned()));
        let doubted = doubted.collect();
        Ok(Exports { all, doubted, are_there })
    }

    /// The exports of a dataset that hold one of these quarters, or rows without a quarter.
    pub(super) fn holding(&self, dataset: &str, span: Span) -> impl Iterator<Item = &Ingested> {
        let [from, to] = [span.from, span.to].map(|quarter| quarter.map(|quarter| quarter.to_string()));
        let dataset = dataset.to_owned();
        self.all.iter().filter(move |one| {
            let starts = one.ingest.period_from.as_ref().is_none_or(|first| to.as_ref().is_none_or(|to| first <= to));
            let ends = one.ingest.period_to.as_ref().is_none_or(|last| Some(last) >= from.as_ref());
            one.ingest.dataset == dataset && one.ingest.facts.is_some() && starts && ends
        })
    }

    /// Their names.
    pub(super) fn named(&self, dataset: &str, quarter: Quarter) -> Vec<String> {
        self.holding(dataset, Span::only(quarter)).map(|one| one.export.name.clone()).collect()
    }

    /// An export by its name.
    pub(super) fn find(&self, name: &str) -> Option<&Ingested> {
        self.all.iter().find(|one| one.export.name == name)
    }
}

/// Quarters that a figure may rest on: models look back to the year before, and those who left then to the year
/// before that.
const LOOK_BACK: i32 = 8;

/// The tables that models read, of the quarters up to one.
pub(super) struct Inputs<'a> {
    setup: &'a Setup,
    store: &'a Store,
    exports: &'a Exports,
    pub(super) quarter: Quarter,
    facts: RefCell<BTreeMap<String, Rc<Frame>>>,
    /// The enterprises that are asked of; all, where it is none.
    units: Option<BTreeSet<String>>,
    pub(super) registers: Vec<(String, Frame)>,
}

impl<'a> Inputs<'a> {
    pub(super) fn new(
        setup: &'a Setup,
        store: &'a Store,
        exports: &'a Exports,
        quarter: Quarter,
    ) -> Result<Self, Failure> {
        let registers = places::registers(setup)?;
        Ok(Inputs { setup, store, exports, quarter, facts: RefCell::default(), units: None, registers })
    }

    /// The same of these enterprises alone: rows of others are left out where they are read.
    pub(super) fn of_units(self, units: Vec<UnitNumber>) -> Inputs<'a> {
        let units = units.into_iter().map(UnitNumber::code).collect();
        Inputs { units: Some(units), ..self }
    }

    /// The quarters in question.
    pub(super) fn span(&self) -> Span {
        Span { from: self.quarter.plus(-LOOK_BACK), to: Some(self.quarter) }
    }

    /// The definition of a dataset: where several give it, the first one says what it is.
    pub(super) fn source(&self, dataset: &str) -> Option<&'a Source> {
        self.setup.config.sources.iter().find(|source| source.dataset == dataset)
    }

    /// The datasets among the tables that models read.
    pub(super) fn datasets(&self, models: &Models) -> Vec<&'a Source> {
        models.inputs().into_iter().filter_map(|table| self.source(table)).collect()
    }

    /// The datasets of which models read what is set aside.
    pub(super) fn sources_set_aside(&self, models: &Models) -> Vec<&'a Source> {
        let names = models.inputs();
        let is_read = |source: &&Source| names.contains(set_aside_table(source).as_str());
        self.setup.config.sources.iter().filter(is_read).collect()
    }

    /// The rows of a dataset that hold, with where they come from.
    pub(super) fn facts(&self, source: &Source) -> Result<Rc<Frame>, Failure> {
        if let Some(read) = self.facts.borrow().get(&source.dataset) {
            return Ok(read.clone());
        }
        let is_doubted = self.exports.doubted.contains(&source.dataset);
        let (units, store, setup) = (&self.units, self.store, self.setup);
        let keep = |facts: &Frame| kept(units.as_ref()?, facts);
        let carried = if is_doubted { Carried::AddressesCompared } else { Carried::Addresses(&keep) };
        let exports = if is_doubted {
            self.exports.all.iter().filter(|one| one.ingest.dataset == source.dataset).collect()
        } else {
            self.exports.holding(&source.dataset, self.span()).collect()
        };
        let whole = load::with_addresses(setup, store, source, exports, carried)?;
        let frame = Rc::new(self.of_quarters(whole));
        self.facts.borrow_mut().insert(source.dataset.clone(), frame.clone());
        Ok(frame)
    }

    /// The rows of the quarters in question; those of lists have none.
    fn of_quarters(&self, frame: Frame) -> Frame {
        let Some(quarters) = frame.ints("quarter") else { return frame };
        let (from, to) = self.span().columns();
        let span = from..=to;
        let rows: Vec<usize> =
            (0..frame.rows()).filter(|&row| quarters.get(row).is_some_and(|quarter| span.contains(&quarter))).collect();
        frame.take(&rows)
    }

    /// The rows of a dataset that are set aside, by enterprise and quarter.
    pub(super) fn set_aside(&self, source: &Source) -> Result<Frame, Failure> {
        let mine = self.exports.all.iter().filter(|one| {
            one.ingest.dataset == source.dataset && (one.ingest.facts.is_none() || self.is_in_question(one))
        });
        let all = AllIngested { exports: mine.cloned().collect(), ..AllIngested::default() };
        Ok(numbered(load::keys_set_aside(self.setup, self.store, &all, source)?))
    }

    fn is_in_question(&self, one: &Ingested) -> bool {
        let mut holding = self.exports.holding(&one.ingest.dataset, self.span());
        holding.any(|other| other.ingest.key == one.ingest.key)
    }

    /// What the program says of the quarters: the calendar, and which lists speak of which.
    pub(super) fn of_quarter_tables(&self) -> Vec<(String, Frame)> {
        let setup = self.setup;
        let spans = self.exports.all.iter().filter(|one| one.ingest.dataset == setup.config.site.calendar);
        let first = spans.flat_map(load::quarters_of).min().unwrap_or(self.quarter);
        let begins = Some(first).max(self.span().from);
        let quarters: Vec<Quarter> = begins.into_iter().flat_map(|begins| begins.to(self.quarter)).collect();
        let calendar = calendar_since(Some(first), &quarters);
        let all = AllIngested { exports: self.exports.all.clone(), ..AllIngested::default() };
        let mut collected = Collected::new();
        for source in setup.config.sources.iter().filter(|source| !has_quarters(source)) {
            let has_facts = |one: &&Ingested| one.ingest.dataset == source.dataset && one.ingest.rows_facts > 0;
            if self.exports.all.iter().any(|one| has_facts(&one)) {
                let last = load::last_of_list(setup, &all, &source.dataset);
                collected.insert(source.dataset.clone(), Held::Until(last));
            }
        }
        let lists = list_quarters(&collected, calendar.ints("quarter").unwrap_or_default());
        vec![("calendar".to_owned(), calendar), ("list_quarter".to_owned(), lists)]
    }
}

/// The rows of an export that are kept: those of the enterprises that are asked of, and one of each quarter, since models
/// ask in which quarters there is anything.
fn kept(units: &BTreeSet<String>, facts: &Frame) -> Option<Vec<usize>> {
    let codes = facts.texts("unit_code")?;
    let mut quarters = BTreeSet::new();
    let mut rows = Vec::new();
    for row in 0..facts.rows() {
        let is_first = facts.ints("quarter").is_some_and(|of| quarters.insert(of.get(row)));
        if is_first || codes.get(row).is_some_and(|code| units.contains(code)) {
            rows.push(row);
        }
    }
    Some(rows)
}
