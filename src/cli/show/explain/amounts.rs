//! Figures in units that people use, with all their digits.

use crate::cli::args::Lang;
use report::write;

/// Canonical units at the end of names: the digits behind the point in the unit that is shown, and its names.
const SHOWN: &[(&str, usize, &str, &str)] = &[
    ("_microyuan", 6, "元", "yuan"),
    ("_fen", 2, "元", "yuan"),
    ("_gce", 6, "吨标准煤", "tce"),
    ("_g", 6, "吨", "t"),
    ("_micromu", 6, "亩", "mu"),
    ("_persons", 0, "人", "persons"),
    ("_units", 0, "个", "units"),
    ("_micro", 6, "", ""),
];

/// A figure of a measure: `1,234.56 元`. Zeros at the end say nothing where the unit is so fine.
pub(in crate::cli) fn amount(measure: &str, value: i64, lang: Lang) -> String {
    let shown = SHOWN.iter().find(|(end, ..)| measure.ends_with(end));
    let (digits, zh, en) = shown.map_or((0, "", ""), |(_, digits, zh, en)| (*digits, *zh, *en));
    let unit = if lang == Lang::Zh { zh } else { en };
    format!("{} {unit}", decimal(value, digits)).trim_end().to_owned()
}

/// A whole number of units so many digits finer, with commas.
fn decimal(value: i64, digits: usize) -> String {
    let text = format!("{:0>width$}", value.unsigned_abs(), width = digits + 1);
    let (whole, rest) = text.split_at(text.len() - digits);
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    // Money keeps its two digits.
    let rest = if digits > 2 { rest.trim_end_matches('0') } else { rest };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{}{grouped}{point}{rest}", if value < 0 { "-" } else { "" })
}

/// A share in percent.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", write(share * 100.0, 1))
}
