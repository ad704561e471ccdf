//! Units that are put together as people put them together: `百万` + `吨公里`, `亿元/平方公里`, `2015年=100`, `比上年增长%`.
//!
//! The table holds the units that stand alone. What the rules here make of them is kept as long as the program runs, so that a unit is
//! the same one wherever it is met; there are no more than the rules can make.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use super::dimension::{Dimension, part_of};
use super::table::{ALL, BY_NAME, Unit, decimals};

/// Longer names are sentences.
const LONGEST: usize = 64;

/// Powers of ten that stand before a unit, the longest first.
const PREFIXES: &[(&str, i64)] = &[
    ("万亿", 1_000_000_000_000),
    ("千亿", 100_000_000_000),
    ("百亿", 10_000_000_000),
    ("十亿", 1_000_000_000),
    ("千万", 10_000_000),
    ("百万", 1_000_000),
    ("十万", 100_000),
    ("亿", 100_000_000),
    ("万", 10_000),
    ("萬", 10_000),
    ("千", 1_000),
    ("百", 100),
    ("十", 10),
];

/// The same in English, as bilingual tables write it.
const ENGLISH: &[(&str, i64)] = &[("hundredmillion", 100_000_000), ("million", 1_000_000), ("billion", 1_000_000_000)];

/// Units whose first character is a power of ten of the metric system and no counting word.
const METRIC: [&str; 11] =
    ["千瓦时", "千瓦", "千克", "千克标准煤", "千焦", "千伏安", "千瓦特", "千焦耳", "千瓦小时", "千瓦·时", "千升"];

/// What stands below a line and is no unit elsewhere: in a heading, 年 names a column of years.
static PERIODS: [Unit; 5] = [
    period("年", &["a", "yr"], Dimension::Years, 1),
    period("月", &[], Dimension::Months, 1),
    period("季", &["季度"], Dimension::Months, 3),
    period("日", &["d"], Dimension::Time, 86_400),
    period("秒", &["s"], Dimension::Time, 1),
];

/// What stands above a line only: a gram cannot be cut in facts that are whole numbers of them.
static SMALL: [Unit; 2] = [small("毫克", &["mg"], 1_000), small("微克", &["μg", "ug"], 1_000_000)];

const fn small(name: &'static str, aliases: &'static [&'static str], denominator: i64) -> Unit {
    Unit { name, aliases, dimension: Dimension::Mass, numerator: 1, denominator, decimals: [0; 8] }
}

const fn period(name: &'static str, aliases: &'static [&'static str], dimension: Dimension, numerator: i64) -> Unit {
    Unit { name, aliases, dimension, numerator, denominator: 1, decimals: decimals(numerator) }
}

/// Millionths: the canonical unit of every quotient.
const MILLION: i128 = 1_000_000;

/// The unit that the rules make of a folded name.
pub(super) fn put_together(folded: &str) -> Option<&'static Unit> {
    if folded.len() > LONGEST || folded.is_empty() {
        return None;
    }
    multiple(folded).or_else(|| quotient(folded)).or_else(|| index(folded)).or_else(|| rate(folded))
}

/// A unit of the table that may stand behind a power of ten.
fn base(folded: &str) -> Option<&'static Unit> {
    let unit = *BY_NAME.get(folded)?;
    let prefixed = PREFIXES.iter().any(|(word, _)| folded.starts_with(word)) && !METRIC.contains(&folded);
    (!prefixed && !unit.dimension.is_quotient()).then_some(unit)
}

/// `百亿` + `千焦`, `10000` + `t`.
fn multiple(folded: &str) -> Option<&'static Unit> {
    let digits = folded.bytes().take_while(u8::is_ascii_digit).count();
    let power = |digits: &str| {
        let is_power = digits.len() > 1 && digits.starts_with('1') && digits[1..].bytes().all(|byte| byte == b'0');
        is_power.then(|| digits.parse::<i64>().ok()).flatten()
    };
    let (number, rest) = folded.split_at(digits);
    let named = |(word, factor): &(&str, i64), text: &str| Some((*factor, base(text.strip_prefix(word)?)?));
    let (factor, base) = match number {
        "" => PREFIXES.iter().chain(ENGLISH).find_map(|prefix| named(prefix, rest))?,
        _ => match ENGLISH.iter().find_map(|prefix| named(prefix, rest)) {
            Some((factor, base)) => (factor.checked_mul(power(number)?)?, base),
            None => (power(number)?, base(rest)?),
        },
    };
    let (word, _) = PREFIXES.iter().find(|(_, of)| *of == factor)?;
    let numerator = base.numerator.checked_mul(factor)?;
    Some(kept(format!("{word}{}", base.name), base.dimension, numerator, 1))
}

/// `亿元/平方公里`, `元每千瓦时`: any two units that are known.
fn quotient(folded: &str) -> Option<&'static Unit> {
    let (above, below) = folded.split_once('/').or_else(|| folded.split_once('每'))?;
    let part =
        |name: &str| BY_NAME.get(name).copied().or_else(|| multiple(name)).filter(|unit| !unit.dimension.is_quotient());
    let one_of = |units: &'static [Unit], name: &str| {
        units.iter().find(|unit| unit.name == name || unit.aliases.contains(&name))
    };
    let above = part(above).or_else(|| one_of(&SMALL, above))?;
    let below = part(below).or_else(|| one_of(&PERIODS, below))?;
    let same = above.dimension == below.dimension && above.dimension != Dimension::Count;
    let dimension = if same { Dimension::Ratio } else { dimension_of_quotient(above, below)? };
    let (of_above, of_below) = match dimension {
        Dimension::Ratio => (1, 1),
        // The price of floor is for a square metre.
        Dimension::MoneyPerFloor => (100, 1_500),
        _ => (part_of(above.dimension)?.1.1, part_of(below.dimension)?.2.1),
    };
    let numerator = i128::from(above.numerator) * i128::from(of_below) * MILLION;
    let denominator = i128::from(below.numerator) * i128::from(of_above) * i128::from(above.denominator);
    let (mut a, mut b) = (numerator, denominator);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let whole = |number: i128| i64::try_from(number / a).ok();
    Some(kept(format!("{}/{}", above.name, below.name), dimension, whole(numerator)?, whole(denominator)?))
}

/// What a quotient measures: one of the table's, or the quotient of any two quantities.
fn dimension_of_quotient(above: &'static Unit, below: &'static Unit) -> Option<Dimension> {
    let is_floor = below.name.contains("平方米");
    let pair = (above.dimension, below.dimension);
    part_of(pair.0).and(part_of(pair.1))?;
    Some(match pair {
        (Dimension::Money, Dimension::Area) if is_floor => Dimension::MoneyPerFloor,
        (Dimension::Money, Dimension::Area) => Dimension::MoneyPerLand,
        (Dimension::Money, Dimension::Persons) => Dimension::MoneyPerPerson,
        (Dimension::Energy, Dimension::Money) => Dimension::EnergyPerMoney,
        _ => Dimension::Per(&above.dimension, &below.dimension),
    })
}

/// An index with its base: `2015年=100`, `以1978年为100`, `去年同期=100`.
fn index(folded: &str) -> Option<&'static Unit> {
    const BASES: [&str; 12] = [
        "上年",
        "上年同期",
        "上年同月",
        "上年同季",
        "上年末",
        "上年度",
        "上年平均",
        "上期",
        "上周",
        "上月末",
        "基期",
        "年初",
    ];
    let said = folded.strip_suffix("=100").or_else(|| folded.strip_suffix("为100"))?;
    let said = said.strip_prefix('以').unwrap_or(said).replace("去年", "上年");
    let name = match said.split_at_checked(4) {
        Some((year, rest)) if year.bytes().all(|byte| byte.is_ascii_digit()) => match rest {
            "" | "年" | "年价格" => format!("{year}年=100"),
            "年平均" | "年末" => format!("{year}{rest}=100"),
            _ => return None,
        },
        _ => format!("{}=100", BASES.iter().find(|base| **base == said)?),
    };
    Some(kept(name, Dimension::Index, 10_000, 1))
}

/// A percent sign behind words of growth and share: `±%`, `比上年增长%`, `占比%`.
fn rate(folded: &str) -> Option<&'static Unit> {
    const WORDS: [&str; 26] = [
        "比上年同期",
        "比去年同期",
        "比上年",
        "比去年",
        "比上月",
        "比上季",
        "上年同期",
        "同期",
        "同比",
        "环比",
        "增长",
        "增减",
        "增速",
        "增幅",
        "升降",
        "提高",
        "下降",
        "增",
        "减",
        "占比",
        "比重",
        "占",
        "构成",
        "年均",
        "±",
        "+-",
    ];
    let mut rest = folded.strip_suffix(['%', '‰'])?;
    while let Some(shorter) = WORDS.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = shorter;
    }
    let sign = if folded.ends_with('%') { "%" } else { "‰" };
    (rest.is_empty() || rest == "率").then(|| BY_NAME.get(sign).copied()).flatten()
}

/// The power of ten that a word means: 万.
pub fn power_named(word: &str) -> Option<i64> {
    PREFIXES.iter().find(|(name, _)| *name == word).map(|(_, factor)| *factor)
}

/// The word for a power of ten.
pub fn power_word(factor: i64) -> Option<&'static str> {
    PREFIXES.iter().find(|(_, of)| *of == factor).map(|(name, _)| *name)
}

/// The power of ten in a unit's name: 10 000 for 万元, one for 元 and for 千瓦时.
pub fn power_of(unit: &Unit) -> i64 {
    let is_of = |(word, _): &&(&str, i64)| unit.name.strip_prefix(word).is_some_and(|rest| base(rest).is_some());
    let prefix = PREFIXES.iter().find(is_of).filter(|_| !METRIC.contains(&unit.name));
    prefix.map_or(1, |(_, factor)| *factor)
}

/// Units that were put together, by their names.
static KEPT: LazyLock<RwLock<HashMap<String, &'static Unit>>> = LazyLock::new(RwLock::default);

/// The unit of this name: of the table, or the one that was made before, or a new one.
fn kept(name: String, dimension: Dimension, numerator: i64, denominator: i64) -> &'static Unit {
    if let Some(unit) = ALL.iter().find(|unit| unit.name == name) {
        return unit;
    }
    if let Some(unit) = KEPT.read().unwrap_or_else(PoisonError::into_inner).get(&name) {
        return unit;
    }
    let mut kept = KEPT.write().unwrap_or_else(PoisonError::into_inner);
    kept.entry(name).or_insert_with_key(|name| {
        let decimals = if denominator == 1 { decimals(numerator) } else { [0; 8] };
        let name: &'static str = Box::leak(name.clone().into_boxed_str());
        Box::leak(Box::new(Unit { name, aliases: &[], dimension, numerator, denominator, decimals }))
    })
}
