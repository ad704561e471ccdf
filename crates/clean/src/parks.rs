//! Parks: by code or by name, in the row's own period. A park that was given up is named with its successor, and never taken
//! for it: whose figures the row holds, only the sender knows.

use std::collections::BTreeMap;

use super::stay;
use read::grid::Grid;
use vocab::period::{Quarter, Span};
use vocab::rules::Rule;
use vocab::{rules, text};

#[derive(Debug, Default)]
struct Park {
    name: String,
    stays: Vec<Span>,
    /// The parks that came after it: one, or those that it was split into.
    successors: Vec<String>,
}

impl Park {
    fn is_there(&self, quarter: Option<Quarter>) -> bool {
        quarter.is_none_or(|quarter| self.stays.iter().any(|stay| stay.holds(quarter)))
    }
}

/// All parks, by code.
#[derive(Debug, Default)]
pub struct Parks {
    codes: BTreeMap<String, Park>,
    names: BTreeMap<String, Vec<String>>,
}

impl Parks {
    /// Reads the register. What its columns of time hold was checked before.
    pub(super) fn read(grid: &Grid) -> Parks {
        let header: Vec<&str> = if grid.is_empty() { Vec::new() } else { grid.row(0).cells().collect() };
        let column = |name: &str| header.iter().position(|label| *label == name);
        let mut parks = Parks::default();
        for row in (1..grid.len()).filter(|&row| !grid.row(row).is_blank()) {
            let cell = |name: &str| column(name).map_or("", |column| grid.cell(row, column));
            let (from, to) = (stay::limit(cell("valid_from")), stay::limit(cell("valid_to")));
            let (Some(from), Some(to)) = (from, to) else { continue };
            let park = parks.codes.entry(cell("park_code").to_owned()).or_default();
            park.stays.push(Span { from, to });
            cell("park_name").clone_into(&mut park.name);
            park.successors = successors(cell("successor")).map(str::to_owned).collect();
            let named = parks.names.entry(key(cell("park_name"))).or_default();
            named.push(cell("park_code").to_owned());
            named.dedup();
        }
        parks
    }

    /// All codes, in order.
    pub(super) fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.keys().map(String::as_str)
    }

    /// Every code that was given up, with each that came after it.
    pub(super) fn successions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.codes.iter().flat_map(|(code, park)| {
            let known = park.successors.iter().filter(|successor| self.codes.contains_key(*successor));
            known.map(move |successor| (code.as_str(), successor.as_str()))
        })
    }

    /// The code that came after this one; none where it was split.
    pub(super) fn successor(&self, code: &str) -> Option<&str> {
        let [successor] = self.codes.get(code)?.successors.as_slice() else { return None };
        self.codes.contains_key(successor).then_some(successor)
    }

    /// First and last quarter of a code.
    pub(super) fn span(&self, code: &str) -> Option<Span> {
        self.codes.get(code)?.stays.iter().copied().reduce(Span::with)
    }

    /// The quarter after the last one of a code; none where it has no end.
    pub(super) fn after(&self, code: &str) -> Option<Quarter> {
        self.span(code)?.to?.plus(1)
    }

    /// The code of the park that a code or a name stands for in a quarter. One that was only given another code is known by both.
    ///
    /// # Errors
    /// The rule that the cell breaks.
    pub fn find<'a>(&'a self, cell: &'a str, quarter: Option<Quarter>) -> Result<&'a str, &'static Rule> {
        if let Some(park) = self.codes.get(cell) {
            return if park.is_there(quarter) {
                Ok(cell)
            } else {
                self.renamed(cell, quarter).ok_or(&rules::UNKNOWN_PARK)
            };
        }
        let named = self.names.get(&key(cell)).map(Vec::as_slice).unwrap_or_default();
        let mut valid = named.iter().filter(|code| self.holds(code, quarter));
        match (valid.next(), valid.next()) {
            (Some(code), None) => Ok(code),
            (Some(_), Some(_)) => Err(&rules::NAME_AMBIGUOUS),
            (None, _) => Err(&rules::UNKNOWN_PARK),
        }
    }

    /// The code that a park had before this one, if it is the same park: no other was given up for it, and it had ended when this
    /// one began.
    fn renamed_from(&self, code: &str) -> Option<&str> {
        let mut before = self.successions().filter(|(_, successor)| *successor == code);
        let (only, _) = before.next().filter(|_| before.next().is_none())?;
        let is_next = self.span(code)?.from == Some(self.after(only)?);
        (is_next && self.successor(only).is_some()).then_some(only)
    }

    /// The code that a park was given instead of this one, if it is the same park.
    pub(super) fn renamed_to(&self, code: &str) -> Option<&str> {
        self.successor(code).filter(|successor| self.renamed_from(successor) == Some(code))
    }

    /// The code that a park had in a quarter, before or after it had this one: of those that became one, or of which one became
    /// several, no other code is meant.
    fn renamed(&self, code: &str, quarter: Option<Quarter>) -> Option<&str> {
        self.along(code, quarter, Parks::renamed_from).or_else(|| self.along(code, quarter, Parks::renamed_to))
    }

    /// The first code on a way from one to the next that holds in the quarter.
    fn along<'a>(
        &'a self,
        code: &str,
        quarter: Option<Quarter>,
        step: fn(&'a Parks, &str) -> Option<&'a str>,
    ) -> Option<&'a str> {
        // No longer than the register: a circle of successors ends here.
        let way = std::iter::successors(step(self, code), |code| step(self, code)).take(self.codes.len());
        way.into_iter().find(|code| self.holds(code, quarter))
    }

    fn holds(&self, code: &str, quarter: Option<Quarter>) -> bool {
        self.codes.get(code).is_some_and(|park| park.is_there(quarter))
    }

    /// What a cell may have meant, for messages: the successor of a park that was given up, the meanings of a name, or the
    /// nearest codes and names.
    pub fn meant(&self, cell: &str) -> Vec<String> {
        let shown = |code: &str| format!("{code} {}", self.codes.get(code).map_or("", |park| park.name.as_str()));
        let name = key(cell);
        let given_up = |code: &String| {
            let park = self.codes.get(code)?;
            let stays: Vec<String> = park.stays.iter().map(ToString::to_string).collect();
            let after: Vec<String> = park.successors.iter().map(|code| shown(code)).collect();
            let after = if after.is_empty() { String::new() } else { format!(" → {}", after.join("; ")) };
            Some(format!("{code} {}{after}", stays.join(", ")))
        };
        let named = self.names.get(&name).cloned().unwrap_or_default();
        let known = if self.codes.contains_key(cell) { vec![cell.to_owned()] } else { named };
        if !known.is_empty() {
            return known.iter().filter_map(given_up).collect();
        }
        let is_code = cell.bytes().all(|byte| byte.is_ascii_digit());
        let distance = |code: &str, park: &Park| {
            let by_name = strsim::damerau_levenshtein(&name, &key(&park.name));
            strsim::levenshtein(cell, code).min(by_name)
        };
        let mut near: Vec<(usize, &String)> = self
            .codes
            .iter()
            .map(|(code, park)| (distance(code, park), code))
            .filter(|(distance, _)| *distance <= 2)
            .collect();
        near.sort();
        near.into_iter().take(3).map(|(_, code)| if is_code { code.clone() } else { shown(code) }).collect()
    }
}

/// The codes in a cell of successors: a park that was split has several, with semicolons between.
pub(super) fn successors(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '；']).map(str::trim).filter(|code| !code.is_empty())
}

/// A park's name as it is compared: both words for a park are official.
fn key(name: &str) -> String {
    text::key(name).replace("聚集区", "集聚区")
}
