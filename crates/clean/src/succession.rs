//! Parks through time. A park that was only given another code goes on as one line with one number; where several became one, or
//! one became several, each is a line of its own.
//!
//! What a register or a ledger says under the code of one time is thereby placed in any other: forwards along the one successor, and
//! backwards where no other park had a part in it. Land that cannot be placed stays out, and is missed by coverage; a stay that cannot is
//! refused.

use std::collections::BTreeMap;

use super::parks::Parks;
use vocab::frame::{Frame, TextColumn, Values};
use vocab::period::{Quarter, Span};

/// A park under all of its codes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// Its codes, in the order of their time.
    codes: Vec<String>,
    span: Span,
    /// The line it became, if it became one.
    next: Option<usize>,
    /// The quarter in which others became it, or it came from one that was split: since then its territory is what it is.
    territory_from: Option<Quarter>,
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
            let spans = codes.iter().filter_map(|code| parks.span(code));
            let into_it = parks.successions().filter(|(from, to)| codes.contains(to) && !codes.contains(from));
            // Which was there before and took another one over, changed then; which came from others, when it began.
            let changed = into_it.filter_map(|(from, to)| Some(parks.after(from)?).max(parks.span(to)?.from));
            lines.lines.push(Line {
                span: spans.reduce(Span::with).unwrap_or_default(),
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
            for (line, span) in self.onwards(number) {
                let (from, to) = span.columns();
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
            let stay = Span::of_columns(from, to);
            let ends = self.way(*line).last().and_then(|last| self.lines[*last].span.to);
            let Line { span: Span { from: begins, .. }, territory_from, .. } = self.lines[*line];
            // Before a park that came from others, somebody must say in which of them it was.
            let is_before = territory_from == begins && stay.from.is_some() && stay.from < begins;
            let has_gap = self.onwards(*line).windows(2).any(|pair| {
                let end = pair[0].1.to;
                pair[1].1.from > end.and_then(|end| end.plus(1)) && stay.from <= end && stay.ends_after(end)
            });
            is_before || has_gap || stay.ends_after(ends)
        };
        (0..stays.rows()).filter(is_outside).collect()
    }

    /// The register of parks, with the quarter since which the territory of a park is what it is, where it came from others.
    pub(super) fn with_territories(&self, parks: Frame) -> Frame {
        let codes = parks.texts("park_code");
        let since = (0..parks.rows()).map(|row| self.lines[*self.of_code.get(codes?.get(row)?)?].territory_from);
        let since = Values::Int(since.map(|since| since.map(Quarter::column)).collect());
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
            let stay = Span::of_columns(from, to);
            let mut put = |code: Option<&str>, span: Span| {
                let (from, to) = span.columns();
                cut_units.push(units.and_then(|units| units.get(row)));
                cut_codes.push(code);
                cut_froms.push(from);
                cut_tos.push(to);
            };
            let onwards =
                code.and_then(|code| self.of_code.get(code)).map(|line| self.onwards(*line)).unwrap_or_default();
            let ends = onwards.first().filter(|_| onwards.len() > 1).and_then(|(_, span)| span.to);
            put(code, stay.within(Span { from: None, to: ends }));
            for (line, span) in onwards.into_iter().skip(1).filter(|(_, span)| !stay.ends_before(span.from)) {
                put(self.lines[line].codes.first().map(String::as_str), stay.within(span));
            }
        }
        Frame::new()
            .with("unit_code", Values::Text(cut_units))
            .with("park_code", Values::Text(cut_codes))
            .with("from_quarter", Values::Int(cut_froms.into()))
            .with("to_quarter", Values::Int(cut_tos.into()))
    }

    /// A line and those it became, one after the other.
    fn way(&self, number: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut now = Some(number);
        while let Some(number) = now.filter(|number| !found.contains(number)) {
            found.push(number);
            now = self.lines[number].next;
        }
        found
    }

    /// A line and those it became, each with its quarters: none after one that has no end.
    fn onwards(&self, number: usize) -> Vec<(usize, Span)> {
        let mut found: Vec<(usize, Span)> = Vec::new();
        for number in self.way(number) {
            let Span { from, to } = self.lines[number].span;
            let after = match found.last() {
                None => None,
                Some((_, before)) => match before.to.and_then(|to| to.plus(1)) {
                    None => break,
                    after => after,
                },
            };
            found.push((number, Span { from: from.max(after), to }));
        }
        found
    }
}
