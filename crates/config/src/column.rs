//! The columns of a source: those that are declared, how their cells are understood, and what all others mean.

use super::document::{Table, did_you_mean, list};
use vocab::said;

/// How the cells of a declared column are understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A number with a unit; becomes an integer in the unit's canonical unit.
    Number,
    /// Free text, trimmed.
    Text,
    /// The name of what the row is about, with the unit of its values in brackets where it has one: `工业增加值(亿元)`. The name
    /// goes into the facts; the unit holds for the values of the row. A text column called `indicator` is one.
    Label,
    /// The unit of the row's values (`计量单位`), as the row states it.
    Unit,
    /// A unified social credit code (18 characters) or organisation code (9); becomes the organisation code.
    UnitCode,
    /// An industry class of GB/T 4754, leading zeros restored; becomes four digits, or two for a division.
    Industry,
    /// An administrative division code or name; becomes the six-digit code.
    Region,
    /// A park code that must be on the register in the row's period.
    Park,
    /// A day, month, quarter or year; becomes the index of the quarter it lies in.
    Date,
    /// A period label in a row; becomes the period. Where it names a year, a column headed 季度 or 月份 says which part of it.
    Period,
    /// One of a list of words.
    Choice(Vec<String>),
}

/// One declared column of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name in the facts, with its unit where it has one (`revenue_fen`).
    pub name: String,
    /// Names under which the header is known, the usual one first. Compared after normalisation.
    pub headers: Vec<String>,
    /// Item code of the form (for example 301), where the form prints codes. It decides; the name is then a check.
    pub code: Option<String>,
    /// What must stand in another header row over or under the name (for example 1-本月), any one of these.
    pub under: Vec<String>,
    /// Key of a preamble line (`地区：河南省` has the key 地区) that gives the value instead of a column.
    pub preamble: Option<String>,
    /// Whether a file without this column is refused.
    pub required: bool,
    /// How its cells are understood.
    pub kind: Kind,
    /// The unit its numbers are in, as the source writes it; none where the file says it.
    pub unit: Option<String>,
    /// Whether a row without a value goes into quarantine.
    pub value_required: bool,
}

impl Column {
    pub(super) fn resolve(table: &Table<'_, '_>) -> Column {
        let kind = table.opt_text("kind").unwrap_or_else(|| "number".to_owned());
        let choices = table.texts("choices");
        let kinds: &[(&str, Kind)] = &[
            ("number", Kind::Number),
            ("text", Kind::Text),
            ("label", Kind::Label),
            ("unit", Kind::Unit),
            ("unit_code", Kind::UnitCode),
            ("industry", Kind::Industry),
            ("region", Kind::Region),
            ("park", Kind::Park),
            ("date", Kind::Date),
            ("period", Kind::Period),
            ("choice", Kind::Choice(choices)),
        ];
        let resolved = kinds.iter().find(|(word, _)| *word == kind).map(|(_, kind)| kind.clone());
        if resolved.is_none() {
            let words: Vec<&str> = kinds.iter().map(|(word, _)| *word).collect();
            let hint = did_you_mean(&kind, &words);
            let message = said!("`{kind}` 不是列的种类{hint}", "`{kind}` is not a kind of column{hint}"; hint);
            table.error("kind", message);
        }
        let name = table.text("name");
        let headers = table.texts("header");
        let preamble = table.opt_text("preamble");
        if headers.is_empty() && preamble.is_none() {
            let message = said!(
                "列 `{name}` 须有 `header`（表头的各种写法）或 `preamble`",
                "column `{name}` needs `header`, the names it is known under, or `preamble`"
            );
            table.error("header", message);
        }
        let kind = match resolved.unwrap_or(Kind::Text) {
            Kind::Text if name == "indicator" => Kind::Label,
            kind => kind,
        };
        let unit = unit(table, "unit");
        let known = unit.as_deref().filter(|_| kind == Kind::Number).and_then(|unit| vocab::unit::parse(unit).ok());
        if let Some(canonical) = known.map(|unit| unit.dimension.canonical())
            && !name.ends_with(&format!("_{canonical}"))
        {
            let message = said!(
                "`{name}` 须以其数据的单位结尾：`{name}_{canonical}`",
                "`{name}` must end in the unit its facts are in: `{name}_{canonical}`"
            );
            table.error("name", message);
        }
        Column {
            name,
            headers,
            code: table.opt_text("code"),
            under: table.texts("under"),
            preamble,
            required: table.flag("required", true),
            kind,
            unit,
            value_required: table.flag("value_required", false),
        }
    }

    /// Whether it is the first column of a table that leaves its corner blank: `header = [""]`.
    pub fn is_corner(&self) -> bool {
        matches!(self.headers.as_slice(), [header] if header.is_empty())
    }
}

/// What the columns that are not declared mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Across {
    /// Nothing: a list with one record per row. Undeclared columns are left out, with a note.
    None,
    /// Every column whose header is a period label holds that period's values.
    Period,
    /// Every other column is an indicator, its unit in brackets at the end of the label.
    Indicator,
}

/// The unit at a key, as it is written; reported where it is not known.
pub(super) fn unit(table: &Table<'_, '_>, key: &str) -> Option<String> {
    let label = table.opt_text(key)?;
    if let Err(nearest) = vocab::unit::parse(&label) {
        let nearest: Vec<&str> = nearest.iter().map(|unit| unit.name).collect();
        let nearest = list(&nearest);
        let message = said!(
            "`{label}` 不是已知的单位；相近的有：{nearest}",
            "`{label}` is not a known unit; nearest: {nearest}";
            nearest
        );
        table.error(key, message);
    }
    Some(label)
}
