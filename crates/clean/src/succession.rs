//! Parks through time. A park that was only given another code goes on as one line with one number; where several became one, or
//! one became several, each is a line of its own.
//!
//! What a register or a ledger says under the code of one time is thereby placed in any other: forwards along the one successor, and
//! backwards where no other park had a part in it. Land that cannot be placed stays out, and is missed by coverage; a stay that cannot is
//! refused.

use std::collections::BTreeMap;

use super::parks::Parks;
use vocab::frame::{Frame, TextColumn, Values};

/// A park under all of its codes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// Its codes, in the order of their time.
    codes: Vec<String>,
    from: i64,
    to: i64,
    /// The line it became, if it became one.
    next: Option<usize>,
    /// The quarter in which others became it, or it came from one that was split: since then its territory is what it is.
    territory_from: Option<i64>,
}

/// All lines of a register of parks.
#[derive(Debug, Default)]
pub(super) struct Lines {
    lines: Vec<Line>,
    of_code: BTreeMap<String, usize>,
}

impl Lines {
    /// The lines of a register: they are numbered in the order of their first codes.
    pub(super) fn of(parks: &Parks) -> Lines {
        let renamed: BTreeMap<&str, &str> =
            parks.codes().filter_map(|code| Some((parks.renamed_to(code)?, code))).collect();
        let mut lines = Lines::default();
        for code in parks.codes().filter(|code| !renamed.contains_key(code)) {
            let codes: Vec<&str> = std::iter::successors(Some(code), |code| parks.renamed_to(code)).collect();
            let spans = || codes.iter().filter_map(|code| parks.span(code));
            let into_it = parks.successions().filter(|(from, to)| codes.contains(to) && !codes.contains(from));
            // Which was there before and took another one over, changed then; which came from others, when it began.
            let changed = into_it.filter_map(|(from, to)| Some((parks.span(from)?.1 + 1).max(parks.span(to)?.0)));
            lines.lines.push(Line {
                from: spans().map(|(from, _)| from).min().unwrap_or_default(),
                to: spans().map(|(_, to)| to).max().unwrap_or_default(),
                next: None,
                territory_from: changed.max(),
                codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            });
        }
        for (number, line) in lines.lines.iter().enumerate() {
            lines.of_code.extend(line.codes.iter().map(|code| (code.clone(), number)));
        }
        for number in 0..lines.lines.len() {
            let last = lines.lines[number].codes.last().and_then(|last| parks.successor(last));
            lines.lines[number].next =
                last.and_then(|next| lines.of_code.get(next)).copied().filter(|next| *next != number);
        }
        lines
    }

    /// The number of each code: one for all codes of a line.
    pub(super) fn numbers(&self) -> Frame {
        let (mut codes, mut numbers) = (TextColumn::default(), Vec::new());
        for (code, number) in &self.of_code {
            codes.push(Some(code));
            numbers.push(*number as i64 + 1);
        }
        Frame::new().with("park_code", Values::Text(codes)).with("park_number", Values::Int(numbers.into()))
    }

    /// What is said under a code, and whose it is in which quarters.
    pub(super) fn placed(&self) -> Frame {
        let mut codes = TextColumn::default();
        let lines = self.of_code.iter().map(|(code, number)| (code, *number));
        let followed = self.followed(lines, |code| codes.push(Some(code)));
        followed.with("park_code", Values::Text(codes))
    }

    /// Whose what a park did is in which quarters: its own, and that of the one it became.
    pub(super) fn heirs(&self) -> Frame {
        let mut was = Vec::new();
        let lines = (0..self.lines.len()).map(|number| (number as i64 + 1, number));
        let followed = self.followed(lines, |number| was.push(number));
        followed.with("was_number", Values::Int(was.into()))
    }

    /// Lines and those they became, each with its quarters; `put` takes the key of the line for each row.
    fn followed<K: Copy>(&self, lines: impl Iterator<Item = (K, usize)>, mut put: impl FnMut(K)) -> Frame {
        let (mut numbers, mut froms, mut tos) = (Vec::new(), Vec::new(), Vec::new());
        for (key, number) in lines {
            for (line, from, to) in self.onwards(number) {
                put(key);
                numbers.push(line as i64 + 1);
                froms.push(from);
                tos.push(to);
            }
        }
        Frame::new()
            .with("park_number", Values::Int(numbers.into()))
            .with("from_quarter", Values::Int(froms.into()))
            .with("to_quarter", Values::Int(tos.into()))
    }

    /// Rows of the register of stays that hold a time in which neither the park nor the one it became is there: the enterprise would
    /// count nowhere. A stay without a beginning begins with its park.
    pub(super) fn outside(&self, stays: &Frame) -> Vec<usize> {
        let (Some(codes), Some(froms), Some(tos)) =
            (stays.texts("park_code"), stays.ints("from_quarter"), stays.ints("to_quarter"))
        else {
            return Vec::new();
        };
        let is_outside = |row: &usize| {
            let (Some(line), Some(from), Some(to)) =
                (codes.get(*row).and_then(|code| self.of_code.get(code)), froms.get(*row), tos.get(*row))
            else {
                return false;
            };
            let onwards = self.onwards(*line);
            let ends = onwards.last().map_or(i64::MIN, |(_, _, to)| *to);
            let begins = onwards.first().map_or(i64::MAX, |(_, from, _)| *from);
            // Before a park that came from others, somebody must say in which of them it was.
            let is_before = self.lines[*line].territory_from == Some(begins) && from > 0 && from < begins;
            let has_gap =
                onwards.windows(2).any(|pair| pair[1].1 > pair[0].2 + 1 && from <= pair[0].2 && to > pair[0].2);
            is_before || has_gap || to > ends
        };
        (0..stays.rows()).filter(is_outside).collect()
    }

    /// The register of parks, with the quarter since which the territory of a park is what it is, where it came from others.
    pub(super) fn with_territories(&self, parks: Frame) -> Frame {
        let codes = parks.texts("park_code");
        let since = (0..parks.rows()).map(|row| self.lines[*self.of_code.get(codes?.get(row)?)?].territory_from);
        let since = Values::Int(since.collect());
        parks.with("territory_from", since)
    }

    /// Stays cut where their park became another one: an enterprise that the register still has in a park that was given up is in its
    /// successor.
    pub(super) fn cut(&self, stays: Frame) -> Frame {
        let (units, codes) = (stays.texts("unit_code"), stays.texts("park_code"));
        let (froms, tos) = (stays.ints("from_quarter"), stays.ints("to_quarter"));
        let (mut cut_units, mut cut_codes) = (TextColumn::default(), TextColumn::default());
        let (mut cut_froms, mut cut_tos) = (Vec::new(), Vec::new());
        for row in 0..stays.rows() {
            let (Some(from), Some(to)) = (froms.and_then(|f| f.get(row)), tos.and_then(|t| t.get(row))) else {
                continue;
            };
            let code = codes.and_then(|codes| codes.get(row));
            let mut put = |code: Option<&str>, from: i64, to: i64| {
                cut_units.push(units.and_then(|units| units.get(row)));
                cut_codes.push(code);
                cut_froms.push(from);
                cut_tos.push(to);
            };
            let onwards =
                code.and_then(|code| self.of_code.get(code)).map(|line| self.onwards(*line)).unwrap_or_default();
            let ends = onwards.first().map_or(to, |(_, _, end)| *end);
            put(code, from, if onwards.len() > 1 { to.min(ends) } else { to });
            for (line, begin, end) in onwards.into_iter().skip(1).filter(|(_, begin, _)| *begin <= to) {
                put(self.lines[line].codes.first().map(String::as_str), from.max(begin), to.min(end));
            }
        }
        Frame::new()
            .with("unit_code", Values::Text(cut_units))
            .with("park_code", Values::Text(cut_codes))
            .with("from_quarter", Values::Int(cut_froms.into()))
            .with("to_quarter", Values::Int(cut_tos.into()))
    }

    /// A line and those it became, each with its quarters.
    fn onwards(&self, number: usize) -> Vec<(usize, i64, i64)> {
        let mut found: Vec<(usize, i64, i64)> = Vec::new();
        let mut now = Some(number);
        while let Some(number) = now.filter(|number| found.iter().all(|(seen, ..)| seen != number)) {
            let line = &self.lines[number];
            let from = found.last().map_or(line.from, |(_, _, to)| line.from.max(to + 1));
            found.push((number, from, line.to));
            now = line.next;
        }
        found
    }
}
