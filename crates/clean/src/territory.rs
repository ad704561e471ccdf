//! Whose figures an export says it holds: the region must be the one that the definition expects.
//!
//! A region is named by a line of its own (`地区：山东省`), in the title, in the name of the file or the sheet, in the label
//! of a series. 河南, 河南省 and 410000 are the same. What says nothing is believed; what says another region never is.

use super::regions::Regions;
use super::register::Registers;
use super::statements::{Part, Statement};
use config::source::{Across, Kind, Source};
use layout::Table;
use vocab::{Place, Problem, rules, text};

/// Keys of lines that say the region and nothing else.
const KEYS: [&str; 9] =
    ["地区", "地区名称", "地区代码", "地区编码", "行政区划", "行政区划代码", "省份", "统计地区", "填报地区"];

/// The whole country, which is on no list of regions.
const COUNTRY: &str = "全国";

/// Characters that a region's name is looked for in: the longest, 新疆维吾尔自治区 with a prefecture and a county, has fewer.
const LONGEST_NAME: usize = 28;

/// What may stand right before a name, beside what is no Chinese character.
const BEFORE_NAMES: [char; 6] = ['年', '月', '度', '于', '在', '为'];

/// What an office ends in: `郑州市统计局` says who sent the figures, not whose they are.
const OFFICES: [&str; 7] = ["局", "厅", "队", "委", "政府", "中心", "研究院"];

/// The region that a definition expects, by the register.
#[derive(Debug, Clone, Copy)]
pub struct Territory<'a> {
    regions: &'a Regions,
    code: u32,
    /// Whether what lies in it will do too.
    parts: bool,
}

/// What the name of a company ends in.
const COMPANIES: [&str; 3] = ["公司", "集团", "厂"];

/// A region that a text names, and the codes it may stand for.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    name: String,
    codes: Vec<u32>,
}

impl<'a> Territory<'a> {
    /// The region that `source` expects; none where it expects none. That the register has it was checked with the definition.
    pub(super) fn expected(source: &Source, registers: &'a Registers) -> Option<Self> {
        let region = source.expected.region.as_ref()?;
        let regions = registers.regions();
        let found = regions.find(&region.name, None).ok()?;
        Some(Territory { regions, code: found.code, parts: region.parts })
    }

    /// Code and name, for messages.
    pub(super) fn name(&self) -> String {
        format!("{:06} {}", self.code, self.regions.name(self.code))
    }

    /// Whether figures of this region are expected. A region is the same under the codes it had at different times.
    pub(super) fn holds(&self, code: u32) -> bool {
        let fits = |mine: u32, theirs: u32| {
            let within = |part: u32| mine.is_multiple_of(part) && theirs / part == mine / part;
            mine == theirs || (self.parts && (within(10_000) || within(100)))
        };
        let now = |code: u32| self.regions.current(code).unwrap_or(code);
        // Nearly every code is settled by its digits.
        fits(self.code, code) || fits(now(self.code), now(code))
    }

    /// The first region in a text that is not expected; none where the text names none.
    pub(super) fn foreign_in(&self, said: &str) -> Option<String> {
        let mut named = self.named_in(&text::key(said)).into_iter();
        named.find(|named| !named.codes.iter().any(|&code| self.holds(code))).map(|named| named.name)
    }

    /// Every statement around a table that names another region.
    pub(super) fn contradictions(
        &self,
        source: &Source,
        table: &Table,
        statements: &[Statement<'_>],
        place: &Place,
    ) -> Vec<Problem> {
        let problem = |place: &Place, said: String| {
            Problem::new(&rules::REGION_DIFFERS, place.clone()).value(said).expected([self.name()])
        };
        let told = statements.iter().filter(|one| matches!(one.part, Part::Name | Part::Preamble));
        let mut problems: Vec<Problem> =
            told.filter_map(|one| Some(problem(&one.place, self.foreign_in(one.text)?))).collect();
        if source.layout.across == Across::Indicator {
            let foreign = table.across.iter().filter_map(|across| Some((across, self.foreign_in(&across.label)?)));
            problems.extend(foreign.map(|(across, said)| {
                let place = place.at_column(table.column_number(across.column));
                problem(&place, said)
            }));
        }
        // A line that is there to say the region is not left unread because its words are not known.
        let keys = source.columns.iter().filter(|column| column.kind == Kind::Region);
        let declared: Vec<String> = keys.filter_map(|column| column.preamble.as_deref()).map(text::key).collect();
        for entry in table.preamble.iter().filter(|entry| !entry.value.is_empty()) {
            let key = text::key(&entry.key);
            let of_region = KEYS.contains(&key.as_str()) || declared.contains(&key);
            if of_region && problems.is_empty() && !self.is_meant_by(&entry.value) {
                problems.push(problem(place, entry.value.clone()));
            }
        }
        problems
    }

    /// Whether a cell that says a region and nothing else says one that is expected.
    fn is_meant_by(&self, cell: &str) -> bool {
        if let Ok(found) = self.regions.find(cell, None) {
            return self.holds(found.code);
        }
        let folded = text::key(cell);
        let named = self.named_in(&folded);
        let ambiguous = self.regions.named(&folded).iter().any(|&code| self.holds(code));
        ambiguous || !named.is_empty() && named.iter().all(|one| one.codes.iter().any(|&code| self.holds(code)))
    }

    /// The regions that a folded text names, from left to right, each by its longest name.
    fn named_in(&self, folded: &str) -> Vec<Named> {
        let starts: Vec<usize> = folded.char_indices().map(|(at, _)| at).chain([folded.len()]).collect();
        let mut named = Vec::new();
        let mut at = 0;
        while at + 1 < starts.len() {
            let longest = (at + 2..starts.len().min(at + LONGEST_NAME + 1)).rev();
            let found = longest.into_iter().find_map(|end| {
                let (before, name, after) =
                    (&folded[..starts[at]], &folded[starts[at]..starts[end]], &folded[starts[end]..]);
                Some((end, self.region(before, name)?, after))
            });
            let Some((end, codes, after)) = found else {
                at += 1;
                continue;
            };
            if !is_institution(after) {
                named.push(Named { name: folded[starts[at]..starts[end]].to_owned(), codes });
            }
            at = end;
        }
        named
    }

    /// The codes of a name where it is written like one. Whole names of provinces and cities are names wherever they stand;
    /// short ones (山东, 郑州) and those of counties only where a name may begin, since the characters have other meanings too.
    fn region(&self, before: &str, name: &str) -> Option<Vec<u32>> {
        let begins = before.chars().next_back().is_none_or(|c| !is_chinese(c) || BEFORE_NAMES.contains(&c));
        if name == COUNTRY && begins && !self.parts {
            return Some(Vec::new());
        }
        let codes = self.regions.named(name);
        let is_large = codes.iter().any(|code| code.is_multiple_of(100));
        let is_whole = name.chars().count() > 2;
        ((is_large && is_whole) || (begins && (is_large || is_whole)) && !codes.is_empty()).then(|| codes.to_vec())
    }
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Whether what follows a region's name makes it a part of the name of an office or a company.
fn is_institution(after: &str) -> bool {
    const LONGEST_OFFICE: usize = 8;
    let words = after.split(|c: char| !is_chinese(c)).next().unwrap_or("");
    let end = words.char_indices().nth(LONGEST_OFFICE).map_or(words.len(), |(at, _)| at);
    OFFICES.iter().any(|word| words[..end].contains(word)) || COMPANIES.iter().any(|word| words.ends_with(word))
}
