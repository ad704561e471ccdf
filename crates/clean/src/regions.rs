//! Administrative divisions of GB/T 2260 with their history: a row is matched by its own period.
//!
//! A code that was given up has one meaning still, and stands for its successor; a name may have several meanings, and
//! then stands for none.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::FixedState;

use super::findings::Findings;
use super::stay;
use read::grid::Grid;
use vocab::period::{Quarter, Span};
use vocab::rules::Rule;
use vocab::{Place, Problem, codes, rules, text};

/// One code.
#[derive(Debug, Clone)]
struct Region {
    name: String,
    valid: Span,
    successor: Option<u32>,
}

/// All codes, and the names they are known under.
#[derive(Debug, Default)]
pub struct Regions {
    codes: HashMap<u32, Region, FixedState>,
    /// Codes by normalised name: alone, and behind the names of what it lies in.
    names: BTreeMap<String, Vec<u32>>,
}

/// The code that a cell stands for, and what is to be said about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The code, valid in the row's period where that is known.
    pub code: u32,
    /// The rule of a note, and the code that was written, where they differ in time.
    pub note: Option<(&'static Rule, u32)>,
}

impl Regions {
    /// Reads the register, reporting every mistake.
    pub(super) fn read(file: &str, grid: &Grid, problems: &mut Findings) -> Regions {
        let header: Vec<&str> = if grid.is_empty() { Vec::new() } else { grid.row(0).cells().collect() };
        let column = |name: &str| header.iter().position(|label| *label == name);
        let mut regions = Regions::default();
        for row in (1..grid.len()).filter(|&row| !grid.row(row).is_blank()) {
            let cell = |name: &str| column(name).map_or("", |column| grid.cell(row, column));
            let place = |name: &str| {
                let place = Place::file(file).at_row(grid.row(row).number);
                column(name).map_or(place.clone(), |column| place.at_column(column as u32 + 1))
            };
            let Ok(code) = codes::region(cell("region_code")) else {
                problems.push(Problem::new(&rules::CODE_MALFORMED, place("region_code")).value(cell("region_code")));
                continue;
            };
            let mut day = |name: &str| match (cell(name), stay::limit(cell(name))) {
                (_, Some(quarter)) => quarter,
                (written, None) => {
                    problems.push(Problem::new(&rules::DATE_UNREADABLE, place(name)).value(written));
                    None
                }
            };
            let valid = Span { from: day("valid_from"), to: day("valid_to") };
            let successor = codes::region(cell("successor")).ok();
            let known = regions.codes.insert(code, Region { name: cell("region_name").to_owned(), valid, successor });
            if known.is_some() {
                problems.push(Problem::new(&rules::DUPLICATE_KEY, place("region_code")).value(cell("region_code")));
            }
        }
        regions.index_names();
        regions
    }

    /// How many codes were given up for each code that was taken instead.
    pub(super) fn given_up_for(&self) -> BTreeMap<u32, i64> {
        let mut counts = BTreeMap::new();
        for successor in self.codes.values().filter_map(|region| region.successor) {
            *counts.entry(successor).or_default() += 1;
        }
        counts
    }

    /// The code that was taken instead of this one.
    pub(super) fn successor(&self, code: u32) -> Option<u32> {
        self.codes.get(&code)?.successor
    }

    fn index_names(&mut self) {
        let mut names: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for code in self.codes() {
            let mut within = vec![String::new()];
            for parent in self.parents(code) {
                let longer: Vec<String> = writings(parent, self.name(parent))
                    .iter()
                    .flat_map(|name| within.iter().map(move |rest| format!("{name}{rest}")))
                    .collect();
                within.extend(longer);
            }
            let unique: BTreeSet<String> = writings(code, self.name(code))
                .iter()
                .flat_map(|name| within.iter().map(move |prefix| format!("{prefix}{name}")))
                .collect();
            unique.into_iter().for_each(|name| names.entry(name).or_default().push(code));
        }
        self.names = names;
    }

    /// Prefecture and province of a code, the nearer first, as far as they are on the register.
    fn parents(&self, code: u32) -> impl Iterator<Item = u32> {
        let all = [code / 100 * 100, code / 10_000 * 10_000];
        let known = all.map(|parent| (parent != code && self.codes.contains_key(&parent)).then_some(parent));
        known.into_iter().flatten()
    }

    /// All codes, in order.
    pub(super) fn codes(&self) -> Vec<u32> {
        let mut codes: Vec<u32> = self.codes.keys().copied().collect();
        codes.sort_unstable();
        codes
    }

    /// Whether a code is on the list.
    pub(super) fn has(&self, code: u32) -> bool {
        self.codes.contains_key(&code)
    }

    /// Codes that differ from a mistyped one in one character, with their names.
    pub(super) fn nearest(&self, cell: &str) -> Vec<String> {
        let is_near = |code: &u32| strsim::damerau_levenshtein(&format!("{code:06}"), cell) <= 1;
        let near = self.codes().into_iter().filter(is_near).take(5);
        near.map(|code| format!("{code:06} {}", self.name(code))).collect()
    }

    /// The code that stands now for a code on the list, given up or not.
    pub(super) fn current(&self, code: u32) -> Option<u32> {
        self.codes.get(&code).and_then(|_| self.last(code))
    }

    /// The name of a code; empty for one that is on no list.
    pub(super) fn name(&self, code: u32) -> &str {
        self.codes.get(&code).map_or("", |region| region.name.as_str())
    }

    /// The codes that have this name, given as names are compared.
    pub(super) fn named(&self, folded: &str) -> &[u32] {
        self.names.get(folded).map(Vec::as_slice).unwrap_or_default()
    }

    /// The region that a code or a name stands for in a quarter.
    ///
    /// # Errors
    /// The rule that the cell breaks: it is on no list, or a name has several meanings.
    pub fn find(&self, cell: &str, quarter: Option<Quarter>) -> Result<Found, &'static Rule> {
        match codes::region(cell) {
            Ok(code) => self.by_code(code, quarter),
            Err(_) => self.by_name(cell, quarter),
        }
    }

    fn by_code(&self, code: u32, quarter: Option<Quarter>) -> Result<Found, &'static Rule> {
        let region = self.codes.get(&code).ok_or(&rules::UNKNOWN_REGION)?;
        let Some(at) = quarter else { return Ok(Found { code, note: None }) };
        let has_ended = |code: &u32| self.codes[code].valid.to.is_some_and(|to| to < at);
        if has_ended(&code) {
            let now = self.chain(code).skip(1).find(|next| !has_ended(next));
            return now
                .map(|now| Found { code: now, note: Some((&rules::REGION_RECODED, code)) })
                .ok_or(&rules::UNKNOWN_REGION);
        }
        let early = region.valid.from > Some(at);
        Ok(Found { code, note: early.then_some((&rules::REGION_EARLY, code)) })
    }

    fn by_name(&self, cell: &str, quarter: Option<Quarter>) -> Result<Found, &'static Rule> {
        let named = self.names.get(&key(cell)).map(Vec::as_slice).unwrap_or_default();
        let is_valid = |code: &u32| quarter.is_none_or(|quarter| self.codes[code].valid.holds(quarter));
        let valid: Vec<u32> = named.iter().copied().filter(|code| is_valid(code)).collect();
        // A name of another time is one that was given up: its code says for what.
        let candidates = if valid.is_empty() { named } else { &valid };
        match candidates {
            [] => Err(&rules::UNKNOWN_REGION),
            [code] => self.by_code(*code, quarter),
            several => {
                let last: BTreeSet<Option<u32>> = several.iter().map(|&code| self.last(code)).collect();
                match last.into_iter().collect::<Vec<_>>().as_slice() {
                    [Some(code)] => self.by_code(*code, quarter),
                    _ => Err(&rules::NAME_AMBIGUOUS),
                }
            }
        }
    }

    /// The code and those that came after it. A chain is no longer than the list.
    fn chain(&self, code: u32) -> impl Iterator<Item = u32> {
        let next = |code: &u32| self.codes.get(code)?.successor.filter(|next| self.codes.contains_key(next));
        std::iter::successors(Some(code), next).take(self.codes.len() + 1)
    }

    /// The last code of a chain; none if it goes round.
    fn last(&self, code: u32) -> Option<u32> {
        let chain: Vec<u32> = self.chain(code).collect();
        chain.last().copied().filter(|_| chain.len() <= self.codes.len())
    }

    /// What a cell may have meant, for messages: the meanings of a name that has several, when a code was valid, or the
    /// nearest names.
    pub fn meant(&self, cell: &str) -> Vec<String> {
        /// So many are shown.
        const MOST: usize = 5;
        if let Ok(code) = codes::region(cell) {
            let valid = self.codes.get(&code).map(|region| region.valid.to_string());
            return valid.map_or_else(|| self.codes_near(code, MOST), |valid| vec![valid]);
        }
        let key = key(cell);
        let named = self.names.get(&key).cloned().unwrap_or_default();
        let mut near: Vec<(usize, u32)> = named.into_iter().map(|code| (0, code)).collect();
        if near.is_empty() {
            let distance = |name: &str| strsim::damerau_levenshtein(&key, name);
            let close = |name: &String| (distance(name), name.chars().count());
            let scored = self.names.iter().map(|(name, codes)| (close(name), codes));
            let kept = scored.filter(|((distance, length), _)| *distance <= 2 && distance * 2 <= *length);
            near = kept.flat_map(|((distance, _), codes)| codes.iter().map(move |&code| (distance, code))).collect();
            near.sort_unstable();
        }
        if near.is_empty() {
            near = self.names_within(&key);
        }
        let mut shown = Vec::new();
        for (_, code) in near {
            let place: Vec<&str> = self.parents(code).map(|parent| self.name(parent)).collect();
            let valid = self.codes.get(&code).map(|region| region.valid).filter(|valid| valid.to.is_some());
            let valid = valid.map(|valid| format!(" ({valid})")).unwrap_or_default();
            let text = format!("{code:06} {}{}{valid}", place.first().unwrap_or(&""), self.name(code));
            if !shown.contains(&text) {
                shown.push(text);
            }
        }
        shown.truncate(MOST);
        shown
    }
}

impl Regions {
    /// The codes that an unknown one may have been meant for: those that lie in it (419000 for the cities that the province
    /// administers itself), or those that differ in one digit.
    fn codes_near(&self, code: u32, most: usize) -> Vec<String> {
        let inside = self.codes().into_iter().filter(|&other| code.is_multiple_of(100) && other / 100 == code / 100);
        let inside: Vec<String> = inside.take(most).map(|other| format!("{other:06} {}", self.name(other))).collect();
        if inside.is_empty() { self.nearest(&format!("{code:06}")) } else { inside }
    }

    /// The codes whose full name holds what a short one says: 航空港区 for 郑州航空港经济综合实验区.
    fn names_within(&self, key: &str) -> Vec<(usize, u32)> {
        let stem = key.strip_suffix(['区', '县', '市']).unwrap_or(key);
        if stem.chars().count() < 2 {
            return Vec::new();
        }
        self.codes()
            .into_iter()
            .filter(|&code| text::key(self.name(code)).contains(stem))
            .map(|code| (0, code))
            .collect()
    }
}

/// A name as it is compared: normalised, and without brackets around it.
fn key(cell: &str) -> String {
    let key = text::key(cell);
    key.strip_prefix('(').and_then(|inside| inside.strip_suffix(')')).map_or(key.clone(), str::to_owned)
}

/// The writings of a region's name: normalised, and without the word for what it is, where what is left is a name still.
/// Counties and districts keep theirs: 安阳 is the city, not 安阳县.
fn writings(code: u32, name: &str) -> Vec<String> {
    let full = text::key(name);
    const AUTONOMOUS: [&str; 5] = ["壮族自治区", "维吾尔自治区", "回族自治区", "自治区", "特别行政区"];
    let suffixes: &[&str] = if code.is_multiple_of(10_000) { &AUTONOMOUS } else { &[] };
    let short = suffixes.iter().chain(&["省", "市"]).find_map(|suffix| full.strip_suffix(suffix));
    let short = short.filter(|short| short.chars().count() >= 2).map(str::to_owned);
    std::iter::once(full.clone()).chain(short).collect()
}
