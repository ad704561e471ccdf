//! The name of a unit as people write it: in brackets, behind the word that announces it, and the unit that it stands for.

use super::table::{BY_NAME, Unit};
use super::{grammar, near};
use crate::text;

/// The unit that `label` names: `亿元`, `（千元）`, `单位：万元`, `上年同期＝100`.
///
/// # Errors
/// If no unit has that name, with the nearest ones, nearest first.
pub fn parse(label: &str) -> Result<&'static Unit, Vec<&'static Unit>> {
    known(label).ok_or_else(|| near::nearest(bare(&text::key(label))))
}

/// The unit that `label` names, if there is one of that name: [`parse`] for those who would not look at the nearest ones.
pub fn known(label: &str) -> Option<&'static Unit> {
    find(bare(&text::key(label)))
}

/// The unit of exactly this folded name: of the table, or put together as units are.
pub(super) fn find(folded: &str) -> Option<&'static Unit> {
    BY_NAME.get(folded).copied().or_else(|| grammar::put_together(folded))
}

/// What stands before the unit where it is stated, longest first.
pub(super) const STATEMENTS: [&str; 7] = ["计量单位:", "金额单位:", "货币单位:", "单位:", "单位", "unit:", "units:"];

/// Whether a folded label announces a unit (`单位`, `计量单位`). 填报单位 and the like name an institution.
pub fn is_statement(folded: &str) -> bool {
    STATEMENTS.iter().any(|word| word.trim_end_matches(':') == folded.trim_end_matches(':'))
}

/// The folded label without brackets around it and without the word 单位 before it.
pub(super) fn bare(folded: &str) -> &str {
    let mut rest = folded;
    loop {
        let inside = match brackets(rest)[..] {
            [(0, end)] if end == rest.len() => rest.get(1..end - 1),
            _ => None,
        };
        let stated = STATEMENTS.iter().find_map(|word| rest.strip_prefix(word)).filter(|unit| !unit.is_empty());
        match inside.or(stated) {
            Some(shorter) => rest = shorter,
            None => return rest,
        }
    }
}

/// The outermost bracketed pieces of a label, brackets included.
pub(super) fn brackets(label: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut open = Vec::new();
    for (at, c) in label.char_indices() {
        match text::fold(c) {
            '(' => open.push(at),
            ')' => {
                if let Some(from) = open.pop()
                    && open.is_empty()
                {
                    found.push((from, at + c.len_utf8()));
                }
            }
            _ => {}
        }
    }
    found
}
