//! Units of measure: what the exports write, and the exact factor to the canonical unit of the dimension.
//!
//! Facts are whole numbers of canonical units, chosen small enough that every figure a bureau publishes is exact.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::text;

mod grammar;
mod heading;
mod near;

pub use grammar::{power_named, power_of, power_word};
pub use heading::{Own, is_amount, names_amount, sign_at_end, split_name, without_brackets};

/// What a unit measures. Values are only comparable within one dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Renminbi, in fen.
    Money,
    /// US dollars, in cents.
    Dollar,
    /// Energy as standard coal, in grams.
    Energy,
    /// Electricity, in watt-hours.
    Electricity,
    /// Land and floor area, in millionths of a mu.
    Area,
    /// Persons.
    Persons,
    /// Work of a person in a year: full-time equivalents.
    PersonYears,
    /// Things counted: enterprises, households, items.
    Count,
    /// Mass, in grams.
    Mass,
    /// Volume, in litres.
    Volume,
    /// Length, in millimetres.
    Length,
    /// A share, in millionths of one: 1 % is 10 000.
    Ratio,
    /// An index, in millionths of its base: 105.2 (上年同期=100) is 1 052 000.
    Index,
    /// Price or yield per floor area, in millionths of a yuan per square metre.
    MoneyPerFloor,
    /// Yield per land, in millionths of a yuan per mu.
    MoneyPerLand,
    /// Output or pay per person, in millionths of a yuan.
    MoneyPerPerson,
    /// Energy per value, in millionths of a ton of standard coal per 10 000 yuan.
    EnergyPerMoney,
    /// Power, in watts.
    Power,
    /// Heat and fuels by their heat, in joules.
    Heat,
    /// Goods carried, in kilogram-kilometres.
    Freight,
    /// Passengers carried, in person-kilometres.
    Travel,
    /// Length of time, in seconds.
    Time,
    /// Whole years, below a line.
    Years,
    /// Whole months, below a line.
    Months,
    /// Temperature, in thousandths of a degree Celsius.
    Temperature,
    /// Apparent power of transformers, in volt-amperes.
    Capacity,
    /// One quantity for each of another, in millionths: what is above the line and what is below.
    Per(&'static Dimension, &'static Dimension),
}

impl Dimension {
    /// The name of the canonical unit, as column names end in it.
    pub fn canonical(self) -> &'static str {
        match self {
            Dimension::Money => "fen",
            Dimension::Dollar => "cent",
            Dimension::Energy => "gce",
            Dimension::Electricity => "wh",
            Dimension::Area => "micromu",
            Dimension::Persons => "persons",
            Dimension::PersonYears => "person_years",
            Dimension::Count => "units",
            Dimension::Mass => "g",
            Dimension::Volume => "l",
            Dimension::Length => "mm",
            Dimension::Ratio | Dimension::Index => "micro",
            Dimension::MoneyPerFloor => "microyuan_per_m2",
            Dimension::MoneyPerLand => "microyuan_per_mu",
            Dimension::MoneyPerPerson => "microyuan_per_person",
            Dimension::EnergyPerMoney => "microtce_per_wanyuan",
            Dimension::Power => "w",
            Dimension::Heat => "j",
            Dimension::Freight => "kgkm",
            Dimension::Travel => "personkm",
            Dimension::Time => "s",
            Dimension::Years => "years",
            Dimension::Months => "months",
            Dimension::Temperature => "millidegrees",
            Dimension::Capacity => "va",
            Dimension::Per(..) => grammar::canonical_of_quotient(self),
        }
    }

    /// Whether its values are quotients, which hold no exact decimals: they are rounded to the canonical unit.
    pub fn is_quotient(self) -> bool {
        use Dimension as D;
        let per = matches!(self, D::MoneyPerFloor | D::MoneyPerLand | D::MoneyPerPerson | D::EnergyPerMoney);
        per || matches!(self, D::Ratio | D::Index | D::Per(..))
    }

    /// The dimension of a column or unit whose name ends in a canonical unit; of two that share it, the first.
    pub fn of_name(name: &str) -> Option<Dimension> {
        let ends = |unit: &&Unit| {
            let before = name.strip_suffix(unit.dimension.canonical());
            before.is_some_and(|before| before.is_empty() || before.ends_with('_'))
        };
        ALL.iter().find(ends).map(|unit| unit.dimension).or_else(|| grammar::quotient_of_name(name))
    }
}

/// By how much a figure is off if its unit was taken for another one: `numerator` / `denominator`, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Factor {
    /// Above the line.
    pub numerator: i64,
    /// Below it.
    pub denominator: i64,
}

impl Factor {
    fn new(numerator: i64, denominator: i64) -> Factor {
        let (mut a, mut b) = (numerator, denominator);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Factor { numerator: numerator / a, denominator: denominator / a }
    }

    /// Its decimal logarithm.
    pub fn log10(self) -> f64 {
        (self.numerator as f64).log10() - (self.denominator as f64).log10()
    }

    /// Whether what was read as `read` is off by this factor if it is in `meant`.
    fn is_of(self, read: &Unit, meant: &Unit) -> bool {
        read.dimension == meant.dimension
            && i128::from(meant.numerator) * i128::from(self.numerator)
                == i128::from(read.numerator) * i128::from(self.denominator)
    }

    /// The units that explain it: the one that was read, and the one in which the figures would be right. `read` is the one that
    /// was read, where it is known.
    pub fn explained(self, dimension: Option<Dimension>, read: Option<&'static Unit>) -> Vec<[&'static Unit; 2]> {
        let is_read = |unit: &&Unit| Some(unit.dimension) == dimension && read.is_none_or(|read| read == *unit);
        let meant =
            |read: &'static Unit| ALL.iter().filter(move |meant| self.is_of(read, meant)).map(move |m| [read, m]);
        ALL.iter().filter(is_read).flat_map(meant).collect()
    }
}

impl std::fmt::Display for Factor {
    /// `×15`, `÷1000`, `÷666.67`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let is_above = self.numerator >= self.denominator;
        let (sign, large, small) =
            if is_above { ('×', self.numerator, self.denominator) } else { ('÷', self.denominator, self.numerator) };
        match large % small {
            0 => write!(f, "{sign}{}", large / small),
            _ => write!(f, "{sign}{:.2}", large as f64 / small as f64),
        }
    }
}

/// The largest power of ten by which a figure is thought to be off without a unit that explains it.
const MOST_DECIMALS: u32 = 9;

/// Every factor by which figures of a dimension are off if a unit was mistaken: the ratios of its units, and powers of ten, since
/// a decimal point slips in any unit.
pub fn factors(dimension: Option<Dimension>) -> Vec<Factor> {
    let units = || ALL.iter().filter(|unit| Some(unit.dimension) == dimension).map(|unit| unit.numerator);
    let ratios = units().flat_map(|read| units().map(move |meant| Factor::new(read, meant)));
    let powers = (1..=MOST_DECIMALS).map(|power| 10_i64.pow(power));
    let powers = powers.flat_map(|power| [Factor::new(power, 1), Factor::new(1, power)]);
    let mut factors: Vec<Factor> =
        ratios.chain(powers).filter(|factor| factor.numerator != factor.denominator).collect();
    factors.sort_by(|a, b| a.log10().total_cmp(&b.log10()).then(a.cmp(b)));
    factors.dedup();
    factors
}

/// One unit: `numerator` / `denominator` canonical units.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// The usual name.
    pub name: &'static str,
    /// Other writings, already folded as labels are compared.
    pub aliases: &'static [&'static str],
    /// What it measures.
    pub dimension: Dimension,
    /// Canonical units in `denominator` of this unit.
    pub numerator: i64,
    /// Usually one.
    pub denominator: i64,
    /// Canonical units in the last of so many decimals, as far as that is a whole number; zero where it is none.
    pub decimals: [i64; 8],
}

impl Unit {
    /// Whether growth, shares and indices are in it, and no amounts.
    pub fn is_rate(&self) -> bool {
        matches!(self.dimension, Dimension::Ratio | Dimension::Index)
    }

    /// Whether one of it is as much as one of the other.
    pub fn is_worth(&self, other: &Unit) -> bool {
        let times = |numerator: i64, denominator: i64| i128::from(numerator) * i128::from(denominator);
        self.dimension == other.dimension
            && times(self.numerator, other.denominator) == times(other.numerator, self.denominator)
    }
}

/// What is in `numerator` of the last of so many decimals.
const fn decimals(numerator: i64) -> [i64; 8] {
    let mut decimals = [0; 8];
    let (mut scale, mut power) = (0, 1);
    while scale < decimals.len() {
        if numerator % power == 0 {
            decimals[scale] = numerator / power;
        }
        (scale, power) = (scale + 1, power * 10);
    }
    decimals
}

macro_rules! units {
    ($($dimension:ident: $($name:literal $numerator:literal [$($alias:literal)*])*;)*) => {
        /// All units, smallest first within each dimension.
        pub static ALL: &[Unit] = &[$($(Unit {
            name: $name,
            aliases: &[$($alias),*],
            dimension: Dimension::$dimension,
            numerator: $numerator,
            denominator: 1,
            decimals: decimals($numerator),
        }),*),*];
    };
}

units! {
    Money:
        "元" 100 ["圆" "人民币元" "yuan" "rmb" "cny"]
        "百元" 10_000 []
        "千元" 100_000 ["仟元" "人民币千元"]
        "万元" 1_000_000 ["萬元" "人民币万元" "10000yuan"]
        "十万元" 10_000_000 []
        "百万元" 100_000_000 ["人民币百万元"]
        "千万元" 1_000_000_000 []
        "亿元" 10_000_000_000 ["億元" "人民币亿元" "100millionyuan"]
        "十亿元" 100_000_000_000 []
        "百亿元" 1_000_000_000_000 []
        "千亿元" 10_000_000_000_000 []
        "万亿元" 100_000_000_000_000 [];
    Dollar:
        "美元" 100 ["usd" "us$"]
        "千美元" 100_000 []
        "万美元" 1_000_000 []
        "百万美元" 100_000_000 []
        "亿美元" 10_000_000_000 [];
    Energy:
        "克标准煤" 1 ["克标煤" "gce"]
        "千克标准煤" 1_000 ["公斤标准煤" "千克标煤" "kgce"]
        "吨标准煤" 1_000_000 ["吨标煤" "tce"]
        "万吨标准煤" 10_000_000_000 ["万吨标煤"]
        "亿吨标准煤" 100_000_000_000_000 [];
    Electricity:
        "千瓦时" 1_000 ["千瓦小时" "千瓦·时" "度" "kwh" "kw·h"]
        "兆瓦时" 1_000_000 ["兆瓦·时" "mwh"]
        "万千瓦时" 10_000_000 ["万千瓦小时" "万千瓦·时" "万度" "万kwh"]
        "吉瓦时" 1_000_000_000 ["吉瓦·时" "gwh"]
        "亿千瓦时" 100_000_000_000 ["亿千瓦小时" "亿千瓦·时" "亿度"];
    Area:
        "平方米" 1_500 ["平米" "㎡" "m2" "m²"]
        "亩" 1_000_000 ["畝"]
        "公顷" 15_000_000 ["ha" "hm2" "hm²" "hectare" "hectares"]
        "万平方米" 15_000_000 ["万平米" "万㎡" "万m2" "万m²"]
        "平方公里" 1_500_000_000 ["平方千米" "km2" "km²" "㎢" "sq.km" "sqkm"]
        "万亩" 10_000_000_000 []
        "千公顷" 15_000_000_000 []
        "万公顷" 150_000_000_000 []
        "万平方公里" 15_000_000_000_000 ["万平方千米"];
    Persons:
        "人" 1 ["名" "人次" "person" "persons"]
        "百人" 100 []
        "千人" 1_000 []
        "万人" 10_000 ["万人次" "10000persons" "10000person"]
        "亿人" 100_000_000 [];
    PersonYears:
        "人年" 1 ["人·年" "man-year" "person-year"]
        "万人年" 10_000 ["万人·年"];
    Count:
        "个" 1 ["個" "unit"]
        "家" 1 []
        "户" 1 ["household" "households"]
        "项" 1 []
        "件" 1 []
        "台" 1 []
        "套" 1 ["台(套)" "台套"]
        "辆" 1 []
        "座" 1 []
        "所" 1 []
        "张" 1 []
        "条" 1 []
        "次" 1 []
        "幢" 1 []
        "栋" 1 []
        "间" 1 []
        "床" 1 ["床位" "张床"]
        "艘" 1 []
        "架" 1 []
        "头" 1 []
        "匹" 1 []
        "只" 1 []
        "羽" 1 []
        "尾" 1 []
        "株" 1 []
        "部" 1 []
        "册" 1 []
        "份" 1 []
        "种" 1 []
        "篇" 1 []
        "处" 1 []
        "块" 1 []
        "片" 1 []
        "根" 1 []
        "支" 1 []
        "枚" 1 []
        "双" 1 []
        "对" 1 []
        "付" 1 ["副"]
        "箱" 1 []
        "瓶" 1 []
        "桶" 1 []
        "盒" 1 []
        "粒" 1 []
        "颗" 1 []
        "宗" 1 []
        "起" 1 []
        "例" 1 []
        "笔" 1 []
        "组" 1 []
        "批" 1 []
        "孔" 1 []
        "锭" 1 []
        "眼" 1 []
        "门" 1 []
        "线" 1 []
        "场" 1 ["场次"]
        "架次" 1 []
        "班次" 1 []
        "车次" 1 []
        "辆次" 1 []
        "台次" 1 []
        "艘次" 1 []
        "标准箱" 1 ["teu" "国际标准箱"]
        "重量箱" 1 []
        "标准台" 1 []
        "标台" 1 []
        "万个" 10_000 []
        "万家" 10_000 []
        "万户" 10_000 []
        "万件" 10_000 []
        "万台" 10_000 []
        "万套" 10_000 []
        "万辆" 10_000 [];
    Mass:
        "克" 1 ["g"]
        "千克" 1_000 ["公斤" "kg"]
        "吨" 1_000_000 ["噸" "t" "ton" "tons" "tonne" "tonnes" "吨二氧化碳" "吨二氧化碳当量" "吨co2" "tco2"]
        "千吨" 1_000_000_000 []
        "万吨" 10_000_000_000 []
        "亿吨" 100_000_000_000_000 [];
    Volume:
        "立方米" 1_000 ["m3" "m³" "标准立方米" "标立方米" "标方"]
        "万立方米" 10_000_000 ["万m3" "万m³"]
        "亿立方米" 100_000_000_000 ["亿m3" "亿m³"]
        "升" 1 ["公升"]
        "千升" 1_000 [];
    Power:
        "瓦" 1 ["瓦特"]
        "千瓦" 1_000 ["千瓦特" "kw"]
        "兆瓦" 1_000_000 ["兆瓦特" "mw"]
        "吉瓦" 1_000_000_000 ["gw"];
    Heat:
        "焦" 1 ["焦耳"]
        "千焦" 1_000 ["千焦耳" "kj"]
        "兆焦" 1_000_000 ["兆焦耳" "mj"]
        "吉焦" 1_000_000_000 ["吉焦耳" "gj"]
        "百万千焦" 1_000_000_000 []
        "百亿千焦" 10_000_000_000_000 [];
    Freight:
        "吨公里" 1_000 ["吨·公里" "吨千米" "换算吨公里" "tkm" "t·km"]
        "吨海里" 1_852 ["吨·海里"];
    Travel:
        "人公里" 1 ["人·公里" "人千米"];
    Time:
        "小时" 3_600 ["工时"]
        "天" 86_400 [];
    Temperature:
        "℃" 1_000 ["摄氏度" "°c"];
    Capacity:
        "千伏安" 1_000 ["kva"]
        "兆伏安" 1_000_000 ["mva"];
    Length:
        "毫米" 1 ["mm"]
        "厘米" 10 ["cm"]
        "米" 1_000 ["m"]
        "公里" 1_000_000 ["千米" "km"]
        "万公里" 10_000_000_000 ["万千米"];
    Ratio:
        "‰" 1_000 ["千分之"]
        "%" 10_000 ["±%" "百分比" "百分之" "百分点" "个百分点"]
        "比率" 1_000_000 ["系数" "小数" "1"]
        "倍" 1_000_000 [];
    Index:
        "上年同期=100" 10_000 ["以上年同期为100" "上年同期为100"]
        "上年同月=100" 10_000 ["以上年同月为100" "上年同月为100"]
        "上年同季=100" 10_000 []
        "上年=100" 10_000 ["以上年为100" "上年为100"]
        "上月=100" 10_000 ["以上月为100" "上月为100"]
        "上季=100" 10_000 []
        "指数" 10_000 [];
    MoneyPerFloor:
        "元/平方米" 1_000_000 ["元/平米" "元/㎡" "元/m2" "元/m²"]
        "万元/平方米" 10_000_000_000 [];
    MoneyPerLand:
        "元/亩" 1_000_000 []
        "万元/亩" 10_000_000_000 [];
    MoneyPerPerson:
        "元/人" 1_000_000 []
        "千元/人" 1_000_000_000 []
        "万元/人" 10_000_000_000 [];
    EnergyPerMoney:
        "千克标准煤/万元" 1_000 []
        "吨标准煤/万元" 1_000_000 ["吨标煤/万元" "tce/万元"];
}

/// The index that does not say its base.
pub const ANY_BASE: &str = "指数";

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

/// Two units that contradict one another, with what it would cost to take one for the other: `亿元 = 10000 × 万元`.
pub fn contrast(one: &Unit, other: &Unit) -> String {
    let times = |unit: &Unit, other: &Unit| i128::from(unit.numerator) * i128::from(other.denominator);
    let (large, small) = if times(one, other) >= times(other, one) { (one, other) } else { (other, one) };
    let (above, below) = (times(large, small), times(small, large));
    match large.dimension == small.dimension && above != below && above % below == 0 {
        true => format!("{} = {} × {}", large.name, above / below, small.name),
        false => format!("{} ≠ {}", one.name, other.name),
    }
}

/// Two units are stated for one value, and they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction;

/// The unit of a value whose column and whose row may each state one; none if neither does. A column of rates (`增长(%)`) holds
/// rates whatever its rows are measured in.
///
/// # Errors
/// If they contradict one another.
pub fn agree(
    column: Option<&'static Unit>,
    row: Option<&'static Unit>,
) -> Result<Option<&'static Unit>, Contradiction> {
    match (column, row) {
        (Some(column), Some(row)) if column != row => {
            let rate = |unit: &Unit| matches!(unit.dimension, Dimension::Ratio | Dimension::Index);
            if rate(column) && !rate(row) {
                return Ok(Some(column));
            }
            finer(column, row).map(Some).ok_or(Contradiction)
        }
        (column, row) => Ok(column.or(row)),
    }
}

/// The one of two units that says what the other one leaves out: `元/人` beside `人均收入(元)`.
pub fn finer(one: &'static Unit, other: &'static Unit) -> Option<&'static Unit> {
    let says = |whole: &Unit, part: &Unit| whole.name.split_once('/').is_some_and(|(above, _)| above == part.name);
    if says(one, other) { Some(one) } else { says(other, one).then_some(other) }
}

/// Whether a folded unit is an English word, as the second line of a bilingual heading has it: `(unit)` under `(项)` means any unit.
pub fn is_english(folded: &str) -> bool {
    let letters = folded.trim_start_matches(|c: char| c.is_ascii_digit());
    letters.len() >= 4 && letters.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Whether a cell of a column of units says that there is none: the label may say one all the same.
pub fn is_none(cell: &str) -> bool {
    const WORDS: [&str; 6] = ["无", "无单位", "无量纲", "none", "/", "-"];
    WORDS.contains(&bare(&text::key(cell)))
}

/// The units that a statement lists: `个，亿元`, `个.亿元`, `万元 (10 000 yuan)`; empty where one of them is not known.
pub fn parse_list(stated: &str) -> Vec<&'static Unit> {
    if let Some(unit) = known(stated) {
        return vec![unit];
    }
    let folded = text::key(stated);
    let pieces = bare(&folded).split([',', '，', '、', '.', ';', '；', '(', ')']).filter(|piece| !piece.is_empty());
    let units: Vec<Option<&'static Unit>> = pieces.map(known).collect();
    units.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// The one unit that statements over a table make together, by its usual name or as it is written where it is not known: of several the
/// one of amounts, where the others are for growth, shares and indices (`亿元、%`). None where there is none, or where they say several.
pub fn stated_once<'s>(mut statements: impl Iterator<Item = &'s str> + Clone) -> Option<&'s str> {
    let units = distinct(statements.clone());
    let first = statements.next()?;
    let mut amounts = units.iter().filter(|unit| !unit.is_rate());
    match (units.as_slice(), amounts.next(), amounts.next()) {
        ([], ..) => statements.next().is_none().then_some(first),
        ([unit], ..) => Some(if parse_list(first).is_empty() { first } else { unit.name }),
        (_, Some(amount), None) => Some(amount.name),
        _ => None,
    }
}

/// The unit for growth, shares or indices that statements over a table name beside the one of amounts; none where they name two.
pub fn stated_for_rates<'s>(statements: impl Iterator<Item = &'s str> + Clone) -> Option<&'static Unit> {
    let units = distinct(statements);
    let mut rates = units.iter().filter(|unit| unit.is_rate());
    rates.next().filter(|_| units.len() > 1 && rates.next().is_none()).copied()
}

/// The units that statements name, each once.
fn distinct<'s>(statements: impl Iterator<Item = &'s str>) -> Vec<&'static Unit> {
    let mut units: Vec<&'static Unit> = Vec::new();
    for unit in statements.flat_map(parse_list) {
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    units
}

/// The units of the table by their names and their other writings.
static BY_NAME: LazyLock<HashMap<&'static str, &'static Unit>> = LazyLock::new(|| {
    let names = |unit: &'static Unit| [unit.name].into_iter().chain(unit.aliases.iter().copied());
    ALL.iter().flat_map(|unit| names(unit).map(move |name| (name, unit))).collect()
});

/// The unit of exactly this folded name: of the table, or put together as units are.
fn find(folded: &str) -> Option<&'static Unit> {
    BY_NAME.get(folded).copied().or_else(|| grammar::put_together(folded))
}

/// Whether a cell is a unit, or a list of them, and nothing else.
pub fn is_stated_alone(cell: &str) -> bool {
    known(cell).is_some() || !parse_list(cell).is_empty()
}

/// What stands before the unit where it is stated, longest first.
const STATEMENTS: [&str; 7] = ["计量单位:", "金额单位:", "货币单位:", "单位:", "单位", "unit:", "units:"];

/// Whether a folded label announces a unit (`单位`, `计量单位`). 填报单位 and the like name an institution.
pub fn is_statement(folded: &str) -> bool {
    STATEMENTS.iter().any(|word| word.trim_end_matches(':') == folded.trim_end_matches(':'))
}

/// The folded label without brackets around it and without the word 单位 before it.
fn bare(folded: &str) -> &str {
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

/// Whether a cell of a column of units says that the one above holds again.
pub fn is_ditto(cell: &str) -> bool {
    ["〃", "″", "\"", "''", "同上", "”", "〞"].contains(&text::trim(cell))
}

/// Splits a label into its name and the unit in its brackets: `国内生产总值当季值(亿元)` into `国内生产总值当季值` and `亿元`.
///
/// The last bracket that holds a unit counts, wherever it stands; brackets that say something else stay in the name
/// (`人口数(人口抽样调查)(人)`, `综合能源消费量(吨标准煤)(当量值)`). A last bracket that only looks like a unit (`(万重量箱)`) is
/// given as one too, so that the caller can report it instead of taking it for a part of the name. The unit comes folded,
/// as [`parse`] reads it.
pub fn split_label(label: &str) -> (String, Option<String>) {
    let brackets = brackets(label);
    let known = brackets.iter().rev().find(|&&(from, to)| is_known(&label[from..to]));
    let chosen = known.or_else(|| brackets.last().filter(|&&(from, to)| looks_like_unit(&label[from..to])));
    let Some(&(from, to)) = chosen else { return (text::trim(label).to_owned(), None) };
    let behind = text::trim(&label[to..]);
    let name = [text::trim(&label[..from]), behind].concat();
    // 产值（万元）增长% is a growth of what is in 万元.
    if let Some(sign) = ["%", "‰"].into_iter().find(|sign| text::key(behind).ends_with(sign)) {
        return (name, Some(sign.to_owned()));
    }
    if Own::of(behind.trim_start_matches(['/', '、'])) == Some(Own::Rate) {
        return (text::trim(label).to_owned(), None);
    }
    (name, Some(bare(&text::key(&label[from..to])).to_owned()))
}

/// The outermost bracketed pieces of a label, brackets included.
fn brackets(label: &str) -> Vec<(usize, usize)> {
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

/// Whether a bracketed piece names a unit of the vocabulary. A bare number in brackets is a note mark, not a ratio.
fn is_known(bracketed: &str) -> bool {
    let folded = text::key(bracketed);
    let bare = bare(&folded);
    find(bare).is_some() && !bare.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a bracketed piece is written like a unit, although none of that name is known.
fn looks_like_unit(bracketed: &str) -> bool {
    let folded = text::key(bracketed);
    let bare = bare(&folded);
    let short = bare.chars().count() <= 8;
    let scaled = ["万", "亿", "千", "百万"].iter().any(|scale| bare.starts_with(scale));
    let stated = STATEMENTS.iter().any(|word| folded.trim_start_matches('(').starts_with(word));
    let index = bare.ends_with("=100");
    stated || index || (short && (scaled || bare.contains('/')))
}
