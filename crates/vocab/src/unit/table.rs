//! The units that stand alone, by what they measure.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;

use super::dimension::{Dimension, quotient_of_name};

/// One unit: `numerator` / `denominator` canonical units.
#[derive(Debug, Eq, PartialOrd, Ord)]
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

impl PartialEq for Unit {
    /// For each cell a unit is held against what is nearly always itself.
    #[inline]
    fn eq(&self, other: &Unit) -> bool {
        let says = |unit: &Unit| (unit.dimension, unit.numerator, unit.denominator);
        std::ptr::eq(self, other) || says(self) == says(other) && self.name == other.name
    }
}

impl Hash for Unit {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
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
pub(super) const fn decimals(numerator: i64) -> [i64; 8] {
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

/// The units of the table by their names and their other writings.
pub(super) static BY_NAME: LazyLock<HashMap<&'static str, &'static Unit>> = LazyLock::new(|| {
    let names = |unit: &'static Unit| [unit.name].into_iter().chain(unit.aliases.iter().copied());
    ALL.iter().flat_map(|unit| names(unit).map(move |name| (name, unit))).collect()
});

impl Dimension {
    /// The dimension of a column or unit whose name ends in a canonical unit; of two that share it, the first.
    pub fn of_name(name: &str) -> Option<Dimension> {
        let ends = |unit: &&Unit| {
            let before = name.strip_suffix(unit.dimension.canonical());
            before.is_some_and(|before| before.is_empty() || before.ends_with('_'))
        };
        ALL.iter().find(ends).map(|unit| unit.dimension).or_else(|| quotient_of_name(name))
    }
}
