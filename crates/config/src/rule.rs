//! Validation rules of a row: a comparison of sums, written as one writes it.
//!
//! `sales_ytd_fen <= 3 * output_ytd_fen` or `revenue_ytd_fen >= 0`. Whole numbers and columns only: a rule is exact.

use super::document::{Table, did_you_mean};
use vocab::{Said, said};

/// How two sides compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `=`
    Equal,
}

/// A sum of columns with whole coefficients, and a constant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sum {
    /// Coefficient and position of each column among the declared ones.
    pub terms: Vec<(i64, usize)>,
    /// What is added.
    pub constant: i64,
}

/// What becomes of a row that breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is set aside.
    QuarantineRow,
    /// The values that the rule compares are set aside: one of them is wrong, and nothing says which.
    QuarantineValue,
    /// It is kept, and told.
    Doubt,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowRule {
    /// The rule as it was written.
    pub text: String,
    /// Left side.
    pub left: Sum,
    /// How the sides compare.
    pub comparison: Comparison,
    /// Right side.
    pub right: Sum,
    /// What becomes of a row that breaks it.
    pub action: Action,
}

impl RowRule {
    pub(super) fn resolve(table: &Table<'_, '_>, columns: &[&str]) -> Option<RowRule> {
        let text = table.text("rule");
        const ACTIONS: [(&str, Action); 3] = [
            ("quarantine_row", Action::QuarantineRow),
            ("quarantine_value", Action::QuarantineValue),
            ("doubt", Action::Doubt),
        ];
        let action = table.choice("action", &ACTIONS).unwrap_or(Action::QuarantineRow);
        match RowRule::parse(&text, columns) {
            Ok((left, comparison, right)) => Some(RowRule { text, left, comparison, right, action }),
            Err(message) => {
                table.error("rule", message);
                None
            }
        }
    }

    fn parse(text: &str, columns: &[&str]) -> Result<(Sum, Comparison, Sum), Said> {
        const SIGNS: [(&str, Comparison); 5] = [
            ("<=", Comparison::AtMost),
            (">=", Comparison::AtLeast),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
            ("=", Comparison::Equal),
        ];
        let (sign, comparison) = SIGNS.into_iter().find(|(sign, _)| text.contains(sign)).ok_or_else(|| {
            said!(
                "`{text}` 没有作任何比较：写法如 `revenue_ytd_fen >= 0`",
                "`{text}` compares nothing: write for example `revenue_ytd_fen >= 0`"
            )
        })?;
        let (left, right) = text.split_once(sign).unwrap_or((text, ""));
        Ok((Sum::parse(left, columns)?, comparison, Sum::parse(right, columns)?))
    }

    /// Positions of the columns it compares.
    pub fn columns(&self) -> impl Iterator<Item = usize> {
        self.left.terms.iter().chain(&self.right.terms).map(|(_, column)| *column)
    }

    /// Whether a row keeps the rule; none when a value it needs is missing.
    pub fn holds(&self, value: impl Fn(usize) -> Option<i64>) -> Option<bool> {
        let (left, right) = (self.left.of(&value)?, self.right.of(&value)?);
        Some(match self.comparison {
            Comparison::AtMost => left <= right,
            Comparison::AtLeast => left >= right,
            Comparison::Less => left < right,
            Comparison::Greater => left > right,
            Comparison::Equal => left == right,
        })
    }
}

impl Sum {
    /// Reads a sum over the declared columns, or says what is wrong with it.
    pub(super) fn parse(text: &str, columns: &[&str]) -> Result<Sum, Said> {
        let mut sum = Sum::default();
        // `a - b` is `a + -b`; a term is a number, a column, or number * column.
        let spaced = text.replace('-', "+ -");
        for term in spaced.split('+').map(str::trim).filter(|term| !term.is_empty()) {
            let (sign, term) = term.strip_prefix('-').map_or((1, term), |rest| (-1, rest.trim()));
            let (factor, name) = match term.split_once('*') {
                Some((factor, name)) => (whole(factor)?, name.trim()),
                None => (1, term),
            };
            if name.starts_with(|c: char| c.is_ascii_digit()) {
                let constant = factor.checked_mul(whole(name)?).and_then(|number| number.checked_mul(sign));
                sum.constant =
                    constant.and_then(|number| number.checked_add(sum.constant)).ok_or_else(|| too_large(term))?;
            } else if let Some(column) = columns.iter().position(|column| *column == name) {
                sum.terms.push((factor.checked_mul(sign).ok_or_else(|| too_large(term))?, column));
            } else {
                return Err(not_declared(name, columns));
            }
        }
        Ok(sum)
    }

    fn of(&self, value: impl Fn(usize) -> Option<i64>) -> Option<i128> {
        self.terms.iter().try_fold(i128::from(self.constant), |sum, (factor, column)| {
            Some(sum + i128::from(*factor) * i128::from(value(*column)?))
        })
    }
}

/// That a name is none of the declared columns.
pub(super) fn not_declared(name: &str, columns: &[&str]) -> Said {
    let hint = did_you_mean(name, columns);
    said!("`{name}` 不是已声明的列{hint}", "`{name}` is not a declared column{hint}"; hint)
}

fn too_large(term: &str) -> Said {
    said!("`{term}` 超出 64 位整数的范围", "`{term}` does not fit into 64 bits")
}

fn whole(text: &str) -> Result<i64, Said> {
    let text = text.trim();
    text.replace('_', "").parse().map_err(|_| said!("`{text}` 不是整数", "`{text}` is not a whole number"))
}
