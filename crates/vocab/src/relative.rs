//! Times that a heading names by that of its table: `本月`, `1-本月`, `上年同期`.

use super::period::{self, Period, Refusal};
use super::text;
use super::unit::{self, Own};

/// What a heading says of its time by that of its table, or of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relative {
    /// It is over before: `上年同期`, `上年末`, `上月`.
    Earlier,
    /// January to its end: `累计`.
    ToDate,
    /// January to its last month: `1-本月`, of which there is none in a whole year.
    ToMonth,
    /// Its last month: `本月`.
    Month,
    /// Its last quarter: `本季`.
    Quarter,
}

use Relative::{Earlier, Month, Quarter, ToDate, ToMonth};

/// What such times are called, the longest first.
const WORDS: [(&str, Relative); 57] = [
    ("自年初-本月", ToMonth),
    ("-本月止累计", ToMonth),
    ("1月-本月", ToMonth),
    ("年初-本月", ToMonth),
    ("年初-本季", ToDate),
    ("自年初累计", ToDate),
    ("本月止累计", ToMonth),
    ("上年同月止", Earlier),
    ("上年同期", Earlier),
    ("前年同期", Earlier),
    ("去年同期", Earlier),
    ("上年同月", Earlier),
    ("去年同月", Earlier),
    ("上年同季", Earlier),
    ("去年同季", Earlier),
    ("上年年末", Earlier),
    ("去年年末", Earlier),
    ("上年年底", Earlier),
    ("去年年底", Earlier),
    ("上年本月", Earlier),
    ("去年本月", Earlier),
    ("上季度末", Earlier),
    ("1-本月", ToMonth),
    ("1-当月", ToMonth),
    ("一-本月", ToMonth),
    ("年初以来", ToDate),
    ("当年累计", ToDate),
    ("年初-今", ToDate),
    ("本年累计", ToDate),
    ("本月累计", ToMonth),
    ("今年以来", ToDate),
    ("今年累计", ToDate),
    ("上年末", Earlier),
    ("上年底", Earlier),
    ("去年末", Earlier),
    ("去年底", Earlier),
    ("上季末", Earlier),
    ("上季度", Earlier),
    ("上月末", Earlier),
    ("上期末", Earlier),
    ("本季度", Quarter),
    ("当季度", Quarter),
    ("本月止", ToMonth),
    ("上年", Earlier),
    ("去年", Earlier),
    ("前年", Earlier),
    ("上季", Earlier),
    ("上月", Earlier),
    ("上期", Earlier),
    ("年初", Earlier),
    ("期初", Earlier),
    ("同期", Earlier),
    ("累计", ToDate),
    ("本月", Month),
    ("当月", Month),
    ("本季", Quarter),
    ("当季", Quarter),
];

/// What may stand behind such a word where it is all of a heading: `上年同期数`, `年初余额`.
const ENDS: [&str; 11] = ["累计", "止累计", "止", "完成", "实际", "数", "值", "额", "余额", "实绩", "末"];

/// What goes before such a word where two times are compared, or another beginning is meant: `比上年同期`, `开工以来累计`, `历年累计`.
const BEFORE_OTHERS: [&str; 15] =
    ["比", "较", "与", "同", "为", "以", "占", "至", "到", "自", "距", "按", "以来", "历年", "历史"];

impl Relative {
    /// What a heading says: the word alone (`上年同期数`), in its brackets (`产值（上年同期）`), before a name (`上年末存款余额`), or behind
    /// one (`产值上年同期`). A growth of last year (`上年同期增长`) may as well be one against it, and says nothing here.
    pub fn of(heading: &str) -> Option<Relative> {
        /// Longer headings are sentences.
        const LONGEST: usize = 96;
        if heading.len() > LONGEST {
            return None;
        }
        let name = match unit::split_label(heading) {
            (name, Some(said)) if unit::known(&said).is_some() => text::key(&name),
            _ => text::key(heading),
        };
        let name = name.replace(['至', '到'], "-").trim_start_matches("截-").to_owned();
        let bracketed = name.strip_suffix(')').and_then(|name| name.rsplit_once('('));
        let alone = |said: &str| {
            let (_, means, rest) = leading(said)?;
            is_end(rest).then_some(means)
        };
        alone(&name)
            .or_else(|| bracketed.and_then(|(_, said)| alone(said)))
            .or_else(|| before_name(&name))
            .or_else(|| behind_name(&name))
    }

    /// The period that is meant where that of the table, or of the row, is `of_table`; none for an earlier one, of which nobody knows how
    /// much of the year it is, and for the month or the quarter of a whole year.
    pub fn within(self, of_table: Period) -> Option<Period> {
        let (year, month) = (of_table.year(), of_table.last_month());
        match self {
            Earlier => None,
            ToDate if matches!(of_table, Period::Year(_)) => Some(of_table),
            Month | Quarter | ToMonth if matches!(of_table, Period::Year(_)) => None,
            ToDate | ToMonth if month > 1 => Some(Period::YearToDate { year, month }),
            ToDate | ToMonth | Month => Some(Period::Month { year, month }),
            Quarter => Some(Period::Quarter(of_table.quarter())),
        }
    }
}

/// The time that a text begins with, and what stands behind it.
fn leading(said: &str) -> Option<(&'static str, Relative, &str)> {
    WORDS.iter().find_map(|(word, means)| Some((*word, *means, said.strip_prefix(word)?)))
}

/// Whether nothing stands behind a time but how it is counted.
fn is_end(rest: &str) -> bool {
    rest.is_empty() || ENDS.iter().any(|end| rest.strip_prefix(end).is_some_and(is_end))
}

/// Words that hold for a time in a longer heading too: 上年 begins names of other things (上年结转).
fn is_strong(word: &str) -> bool {
    word.chars().count() > 2 || ["本月", "当月", "上月"].contains(&word)
}

fn before_name(name: &str) -> Option<Relative> {
    /// What is carried over from last year into this one.
    const CARRIED: [&str; 4] = ["结转", "结余", "滚存", "欠"];
    /// What is counted from another beginning than that of the year.
    const SINCE_OTHERS: [&str; 6] = ["折旧", "摊销", "专利", "授权", "盈余", "亏损"];
    let (word, means, rest) = leading(name)?;
    let rest = rest.trim_start_matches(['-', '_', ':', '的']);
    let of_rest = Own::of(rest.trim_end_matches(['%', '‰']));
    let is_part_of_year = || period::parse(rest) == Err(Refusal::NoYear);
    let holds = match (means, of_rest) {
        (Earlier, Some(Own::Rate)) => false,
        (Earlier, of_rest) => {
            let is_year =
                ["上年", "去年", "前年"].contains(&word) && !CARRIED.iter().any(|other| rest.starts_with(other));
            is_strong(word) || is_year && (of_rest.is_some() || is_part_of_year() || Relative::of(rest).is_some())
        }
        (ToDate, _) if word == "累计" => !SINCE_OTHERS.iter().any(|other| rest.contains(other)),
        (_, of_rest) => is_strong(word) || of_rest == Some(Own::Rate),
    };
    let is_name = rest.starts_with(char::is_alphanumeric)
        && !["末", "底", "止", "比", "较", "为"].iter().any(|no| rest.starts_with(no));
    (holds && is_name).then_some(means)
}

fn behind_name(name: &str) -> Option<Relative> {
    let (before, means) = WORDS.iter().find_map(|(word, means)| {
        let before = name.strip_suffix(word).filter(|_| is_strong(word) || *word == "累计")?;
        Some((before, *means))
    })?;
    (!before.is_empty() && !BEFORE_OTHERS.iter().any(|word| before.ends_with(word))).then_some(means)
}
