//! Source definitions that are not shown to be right, in words: what came out of their tests otherwise than written.

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
    /// In English.
    pub fn en(&self) -> String {
        match &self.failed {
            None => format!(
                "{}: the definition has no [[test]]: write a small input and the facts it gives, see docs/sources.md",
                self.file
            ),
            Some((test, differences)) => {
                let differences: Vec<String> = differences.iter().map(Difference::en).collect();
                let of_registers = if self.is_of_registers { "; it may be that the registers are others" } else { "" };
                format!("{}: test `{test}`: {}{of_registers}", self.file, differences.join("; "))
            }
        }
    }

    /// In Chinese.
    pub fn zh(&self) -> String {
        match &self.failed {
            None => format!(
                "{}：来源定义没有测试（[[test]]）。请写入一小段样例及其应得的数据，写法见 docs/sources.zh-CN.md",
                self.file
            ),
            Some((test, differences)) => {
                let differences: Vec<String> = differences.iter().map(Difference::zh).collect();
                let of_registers = if self.is_of_registers { "；也可能是登记库不同所致" } else { "" };
                format!("{}：测试“{test}”：{}{of_registers}", self.file, differences.join("；"))
            }
        }
    }
}

impl Difference {
    fn en(&self) -> String {
        match self {
            Difference::Rows { expected, got } => {
                let rows = if got.is_empty() { String::new() } else { format!(": {}", quoted(got, ", ")) };
                format!("expected {expected} row(s) of facts, got {}{rows}", got.len())
            }
            Difference::Values { row, expected, got } => {
                format!("row {row} of facts: expected {}, got {}", quoted(expected, ", "), quoted(got, ", "))
            }
            Difference::Problems { expected, got } => {
                let [expected, got] = [expected, got].map(|codes| or(codes.join(", "), "none"));
                format!("expected problems {expected}, got {got}")
            }
        }
    }

    fn zh(&self) -> String {
        match self {
            Difference::Rows { expected, got } => {
                let rows = if got.is_empty() { String::new() } else { format!("：{}", quoted(got, "、")) };
                format!("应得数据 {expected} 行，实得 {} 行{rows}", got.len())
            }
            Difference::Values { row, expected, got } => {
                format!("数据第 {row} 行：应为 {}，实为 {}", quoted(expected, "、"), quoted(got, "、"))
            }
            Difference::Problems { expected, got } => {
                let [expected, got] = [expected, got].map(|codes| or(codes.join("、"), "无"));
                format!("应有问题 {expected}，实有 {got}")
            }
        }
    }
}

fn quoted(texts: &[String], between: &str) -> String {
    texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(between)
}

fn or(text: String, none: &str) -> String {
    if text.is_empty() { none.to_owned() } else { text }
}
