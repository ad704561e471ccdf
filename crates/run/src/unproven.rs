//! Source definitions that are not shown to be right, in words: what came out of their tests otherwise than written.

use config::document::list;
use vocab::{Said, said};

/// A source definition that is not shown to be right: a test of its own fails, or it has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    /// The definition's file.
    pub(super) file: String,
    /// The test's name, and what came out otherwise than written; none where there is no test.
    pub(super) failed: Option<(String, Vec<Difference>)>,
    /// Whether what differs is known to the registers alone.
    pub(super) is_of_registers: bool,
}

/// What came out of a test otherwise than written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Difference {
    /// Not so many rows; those that came out.
    Rows { expected: usize, got: Vec<String> },
    /// Values of a row, counted from one.
    Values { row: usize, expected: Vec<String>, got: Vec<String> },
    /// Codes of problems.
    Problems { expected: Vec<String>, got: Vec<String> },
}

impl Unproven {
    /// What is not shown, and what came out instead.
    pub fn said(&self) -> Said {
        let file = &self.file;
        let Some((test, differences)) = &self.failed else {
            return said!(
                "{file}：来源定义没有测试（[[test]]）。请写入一小段样例及其应得的数据，写法见 docs/sources.zh-CN.md",
                "{file}: the definition has no [[test]]: write a small input and the facts it gives, see \
                 docs/sources.md"
            );
        };
        let differences: Vec<Said> = differences.iter().map(Difference::said).collect();
        let differences = Said::join(&differences, "；", "; ");
        let of_registers = if self.is_of_registers {
            said!("；也可能是登记库不同所致", "; it may be that the registers are others")
        } else {
            Said::default()
        };
        said!(
            "{file}：测试“{test}”：{differences}{of_registers}",
            "{file}: test `{test}`: {differences}{of_registers}";
            differences, of_registers
        )
    }
}

impl Difference {
    fn said(&self) -> Said {
        match self {
            Difference::Rows { expected, got } => {
                let (count, got) = (got.len(), quoted(got));
                let rows = if count == 0 { Said::default() } else { said!("：{got}", ": {got}"; got) };
                said!(
                    "应得数据 {expected} 行，实得 {count} 行{rows}",
                    "expected {expected} row(s) of facts, got {count}{rows}";
                    rows
                )
            }
            Difference::Values { row, expected, got } => {
                let [expected, got] = [expected, got].map(|pairs| quoted(pairs));
                said!(
                    "数据第 {row} 行：应为 {expected}，实为 {got}",
                    "row {row} of facts: expected {expected}, got {got}";
                    expected, got
                )
            }
            Difference::Problems { expected, got } => {
                let [expected, got] = [expected, got].map(|codes| listed(codes));
                said!("应有问题 {expected}，实有 {got}", "expected problems {expected}, got {got}"; expected, got)
            }
        }
    }
}

fn quoted(texts: &[String]) -> Said {
    list(&texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>())
}

fn listed(codes: &[String]) -> Said {
    if codes.is_empty() { said!("无", "none") } else { list(codes) }
}
