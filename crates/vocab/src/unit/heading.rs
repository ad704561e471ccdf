//! What a heading measures by its words, where it states no unit: a table in 万元 has columns of counts and of growth beside those of
//! money, and its unit is not theirs.

use super::dimension::Dimension;
use super::grammar::power_of;
use super::name::{is_statement, known};
use super::table::Unit;
use crate::{period, text};

/// What the words of a heading say of its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Own {
    /// A growth, a share, an index: of what, does not matter.
    Rate,
    /// So many things.
    Things,
    /// So many persons.
    Persons,
    /// So much for each of something: an average, a price, an intensity.
    Each,
    /// So much money.
    Money,
    /// So much land or floor.
    Area,
    /// So much of something that is no money: a mass, a time, points.
    Physical,
    /// A difference to another time: an amount or a growth, nobody knows which.
    Change,
    /// A number that counts or names the rows: it measures nothing.
    Number,
}

/// Beginnings and ends of headings of what is counted for each of something.
const EACH: [&str; 30] = [
    "人均",
    "亩均",
    "户均",
    "地均",
    "企均",
    "每亩",
    "每人",
    "每户",
    "每平方",
    "每公顷",
    "单位面积",
    "单位土地",
    "单位产品",
    "单位产值",
    "单位gdp",
    "单位增加值",
    "单位工业",
    "平均每",
    "每百",
    "每千",
    "每万",
    "万元产值",
    "万元增加值",
    "万元gdp",
    "亿元产值",
    "百元",
    "亩产",
    "劳均",
    "单位营业收入",
    "单位销售收入",
];
const EACH_ENDS: [&str; 16] = [
    "单产",
    "亩产",
    "密度",
    "电价",
    "生产率",
    "投资强度",
    "产出强度",
    "税收强度",
    "能耗强度",
    "均价",
    "单价",
    "单位成本",
    "平均工资",
    "平均价格",
    "平均单价",
    "强度",
];

/// Ends of headings of rates. 增长额 and 增加值 are amounts.
const RATES: [&str; 55] = [
    "权重",
    "存贷比",
    "研发强度",
    "增长",
    "增速",
    "增幅",
    "增减",
    "同比",
    "环比",
    "占比",
    "比重",
    "率",
    "指数",
    "系数",
    "倍数",
    "速度",
    "幅度",
    "份额",
    "升降",
    "增长±",
    "同比±",
    "±",
    "增长情况",
    "百分比",
    "内部构成",
    "占全部",
    "增长倍",
    "倍",
    "涨幅",
    "降幅",
    "涨跌",
    "涨跌幅",
    "亏损面",
    "拉动",
    "贡献度",
    "进度",
    "收入比",
    "产出比",
    "产销比",
    "之比",
    "税负",
    "提高",
    "回落",
    "变动",
    "变化",
    "抚养比",
    "性别比",
    "师生比",
    "程度",
    "计划完成",
    "目标完成",
    "任务完成",
    "比例",
    "依存度",
    "城乡比",
];

/// Headings of rates that mean something else as the end of a longer one.
const WHOLE_RATES: [&str; 1] = ["构成"];

/// Ends of headings of rates that are none.
const NO_RATES: [&str; 5] = ["效率", "汇率", "功率", "生产率", "存货变动"];

/// Ends of headings of counts: 预算数, 决算数 and 期末数 are amounts.
const THINGS: [&str; 58] = [
    "乡镇数",
    "入驻企业",
    "上市公司",
    "个体工商户",
    "企业数",
    "单位数",
    "法人数",
    "机构数",
    "项目数",
    "个数",
    "户数",
    "家数",
    "件数",
    "台数",
    "套数",
    "辆数",
    "座数",
    "幢数",
    "栋数",
    "所数",
    "次数",
    "床位数",
    "学校数",
    "村数",
    "合同数",
    "专利数",
    "网点数",
    "申请数",
    "授权数",
    "宗数",
    "宗地数",
    "起数",
    "病床",
    "病床数",
    "授权量",
    "申请量",
    "亏损企业",
    "规上企业",
    "限上企业",
    "高新技术企业",
    "施工项目",
    "新开工项目",
    "签约项目",
    "开工项目",
    "投产项目",
    "入库项目",
    "亿元以上项目",
    "在建项目",
    "重点项目",
    "发明专利",
    "市场主体",
    "拥有量",
    "在孵企业",
    "保有量",
    "企业数量",
    "项目数量",
    "单位数量",
    "户数量",
];

/// Ends of headings of persons.
const PERSONS: [&str; 19] = [
    "人次",
    "在校学生",
    "人数",
    "人员",
    "人口",
    "职工",
    "人员数",
    "人口数",
    "职工数",
    "学生数",
    "教师数",
    "员工数",
    "在校生",
    "用工",
    "就业",
    "医生",
    "游客",
    "员工",
    "工人",
];

/// Ends of headings of quantities that are no money.
const PHYSICAL: [&str; 45] = [
    "发电量",
    "装机容量",
    "降水量",
    "能耗",
    "能源消费",
    "用电量",
    "用水量",
    "用气量",
    "产量",
    "销量",
    "货运量",
    "客运量",
    "周转量",
    "吞吐量",
    "排放量",
    "消费量",
    "里程",
    "天数",
    "小时",
    "小时数",
    "年龄",
    "得分",
    "分值",
    "库存量",
    "用电",
    "用水",
    "用气",
    "取水量",
    "节能量",
    "排放",
    "水耗",
    "电耗",
    "单耗",
    "载货量",
    "回收期",
    "考核分",
    "总分",
    "评分",
    "扣分",
    "出栏",
    "存栏",
    "气温",
    "机械总动力",
    "最大负荷",
    "集装箱",
];

/// Ends of headings of amounts of money, and of nothing else: `值` and `额` alone end many other things.
const MONEY: [&str; 24] = [
    "产值",
    "增加值",
    "生产总值",
    "货值",
    "市值",
    "总额",
    "余额",
    "金额",
    "税额",
    "投资额",
    "销售额",
    "零售额",
    "贸易额",
    "出口额",
    "进口额",
    "营业额",
    "收入",
    "支出",
    "费用",
    "利润",
    "税金",
    "税收",
    "工资",
    "薪酬",
];

/// Headings of numbers that name or count the rows.
const NUMBERS: [&str; 21] = [
    "序号",
    "行次",
    "行号",
    "编号",
    "代码",
    "编码",
    "排名",
    "名次",
    "位次",
    "位序",
    "排序",
    "顺序号",
    "邮编",
    "邮政编码",
    "电话",
    "年份",
    "排位",
    "成立年份",
    "投产年份",
    "成立时间",
    "建成年份",
];

/// Ends of headings of ranks.
const RANKS: [&str; 5] = ["排名", "名次", "位次", "位序", "排位"];

/// Ends of headings of amounts: under 工资总额, 在岗职工 is a column of money.
const AMOUNTS: [&str; 16] = [
    "额", "值", "工资", "薪酬", "报酬", "收入", "支出", "费", "费用", "款", "资金", "投资", "利润", "税金", "成本",
    "产值",
];

/// What an amount is called under a heading of growth: 比上年增长 / 绝对额.
const ABSOLUTE: [&str; 6] = ["绝对额", "绝对数", "绝对值", "绝对量", "增加额", "增减额"];

impl Own {
    /// What the headings of a column, from the top to the nearest, say of its figures without stating a unit; none for most.
    pub fn of_column<'h>(headings: impl DoubleEndedIterator<Item = &'h str>) -> Option<Own> {
        let mut below = true;
        let mut found = None;
        for heading in headings.rev() {
            if below && ABSOLUTE.contains(&text::key(heading).as_str()) {
                return None;
            }
            match (found, Own::of(heading)) {
                (_, Some(Own::Rate)) => return Some(Own::Rate),
                (None, own) if below => found = own,
                (Some(_), _) if AMOUNTS.iter().any(|word| text::key(heading).ends_with(word)) => return None,
                _ => {}
            }
            // 用电量 over 工业 is electricity, and 从业人员 over 工资总额 is money.
            below &= !is_amount(heading);
        }
        found
    }

    /// What a heading says of its figures without stating a unit; none for most.
    pub fn of(heading: &str) -> Option<Own> {
        /// Longer headings are sentences.
        const LONGEST: usize = 96;
        if heading.len() > LONGEST {
            return None;
        }
        let key = text::key(heading);
        let said = key.split('(').next().unwrap_or_default().trim_end_matches([':', '.', '、']);
        let ends = |words: &[&str]| words.iter().any(|word| said.ends_with(word));
        let behind = key.rsplit_once(')').map(|(_, behind)| behind).filter(|behind| !behind.is_empty());
        if behind.is_some_and(|behind| RATES.iter().any(|word| behind.ends_with(word))) {
            return Some(Own::Rate);
        }
        if NUMBERS.contains(&said) || ends(&RANKS) || said == "no" || said == "no." {
            Some(Own::Number)
        } else if said.contains("年初") && said.ends_with("增减") {
            // 比年初增减 is an amount beside a balance.
            None
        } else if WHOLE_RATES.contains(&said) || ends(&RATES) && !ends(&NO_RATES) || is_share(said) {
            Some(Own::Rate)
        } else if is_change(said) {
            Some(Own::Change)
        } else if EACH.iter().any(|word| said.starts_with(word)) || ends(&EACH_ENDS) {
            Some(Own::Each)
        } else if ends(&THINGS) {
            Some(Own::Things)
        } else if ends(&PERSONS) {
            Some(Own::Persons)
        } else if said.ends_with("面积") {
            Some(Own::Area)
        } else if ends(&PHYSICAL) {
            Some(Own::Physical)
        } else if ends(&MONEY) {
            Some(Own::Money)
        } else {
            None
        }
    }

    /// What the label of a row says: as a heading, but persons only where they are counted, since under 工资总额 在岗职工 is a row of
    /// money, and no label counts the rows.
    ///
    /// Where `is_measure`, neither a heading nor the title says what is measured, and the label alone does.
    pub fn of_row(label: &str, is_measure: bool) -> Option<Own> {
        let own = Own::of(label.trim_start_matches(['#', '＃']))?;
        if is_measure && own != Own::Money {
            return Some(own);
        }
        let counted = || text::key(label).split('(').next().is_some_and(|said| said.ends_with('数'));
        match own {
            Own::Rate | Own::Things | Own::Each | Own::Change => Some(own),
            // Under a heading of money, 农用地面积 may be a row of it, and under one of persons 有营业收入 one of those.
            Own::Physical | Own::Area | Own::Money => None,
            Own::Persons => counted().then_some(own),
            Own::Number => RANKS.iter().any(|rank| label.ends_with(rank)).then_some(own),
        }
    }

    /// Whether the words of a heading say that its figures are in another unit than the heading over it states.
    pub fn rules_out(heading: &str, unit: &str) -> bool {
        let Some(unit) = known(unit) else { return false };
        let key = text::key(heading);
        let is_counted = matches!(unit.dimension, Dimension::Count | Dimension::Persons);
        let is_amount = || is_counted && AMOUNTS.iter().any(|word| key.ends_with(word));
        without_brackets(heading).is_some_and(|said| said != unit.name)
            || Own::of(heading).is_some_and(|own| !own.may_be_in(unit))
            || is_amount()
    }

    /// Whether figures are rates by their words or by their unit.
    pub fn is_rate(own: Option<Own>, unit: Option<&str>) -> bool {
        own == Some(Own::Rate) || unit.and_then(known).is_some_and(Unit::is_rate)
    }

    /// Whether figures are rates by what their column and their row say, neither of which says otherwise.
    pub fn are_rates(of_column: Option<Own>, of_row: Option<Own>) -> bool {
        let mut said = of_column.into_iter().chain(of_row).peekable();
        said.peek().is_some() && said.all(|own| own == Own::Rate)
    }

    /// Whether figures of this kind may be in a unit that is stated for others as well.
    pub fn may_be_in(self, unit: &Unit) -> bool {
        match self {
            Own::Rate => unit.is_rate(),
            Own::Things => unit.dimension == Dimension::Count,
            // In a table of growth everything is in %.
            Own::Physical => !matches!(unit.dimension, Dimension::Money | Dimension::Dollar),
            Own::Area => unit.dimension == Dimension::Area || unit.is_rate(),
            Own::Money => matches!(unit.dimension, Dimension::Money | Dimension::Dollar) || unit.is_rate(),
            Own::Persons => matches!(unit.dimension, Dimension::Persons | Dimension::PersonYears | Dimension::Count),
            // In a table of 亿元, the tax of a mu is in another unit than the tax; in one of 元 it may be in 元. What is used for each
            // ten thousand yuan is no energy, and what a mu brings no area.
            Own::Each => {
                let is_counted = matches!(unit.dimension, Dimension::Count | Dimension::Persons);
                let is_used = matches!(unit.dimension, Dimension::Area | Dimension::Energy | Dimension::Electricity);
                unit.dimension.is_quotient() || power_of(unit) == 1 && !is_counted && !is_used
            }
            Own::Number | Own::Change => false,
        }
    }
}

/// Whether a heading compares with another time and names nothing else: `比上年`, `较年初`.
fn is_change(said: &str) -> bool {
    const TIMES: [&str; 9] = ["上年", "去年", "上月", "上季", "同期", "年初", "同月", "前年", "上期"];
    let time = ["比", "较", "与"].iter().find_map(|word| said.strip_prefix(word));
    let time = time.map(|time| time.trim_end_matches('比').trim_end_matches("相").trim_end_matches("末"));
    time.is_some_and(|time| TIMES.iter().any(|word| time.ends_with(word)) || is_year(time.trim_end_matches('年')))
}

/// Whether a heading holds against a whole: `占营业收入`, `完成年度目标`. What is 占地 is an area.
fn is_share(said: &str) -> bool {
    let of_whole = said.strip_prefix('占').filter(|whole| !whole.is_empty());
    let is_use = |whole: &str| ["地", "用", "有", "压", "线", "道"].iter().any(|word| whole.starts_with(word));
    let is_goal = ["目标", "计划", "任务", "预算"].iter().any(|goal| said.ends_with(goal));
    let attains = ["完成", "达到", "占", "为"].iter().any(|word| said.starts_with(word));
    of_whole.is_some_and(|whole| !is_use(whole))
        || is_goal && attains
        || said.strip_suffix('占').is_some_and(|before| before.chars().count() > 1)
}

/// Whether a heading names an amount, or says that its figures are amounts: under it, whose they are says nothing of their unit.
pub fn is_amount(heading: &str) -> bool {
    let key = text::key(heading);
    let said = key.split('(').next().unwrap_or_default();
    ABSOLUTE.contains(&said) || AMOUNTS.iter().chain(&MONEY).any(|word| said.ends_with(word))
}

/// Whether a title names amounts of money, which are then those of all rows: `各行业从业人员工资总额`.
pub fn names_amount(title: &str) -> bool {
    const MORE: [&str; 5] = ["投资", "成本", "资金", "收支", "经费"];
    MONEY.iter().chain(&MORE).any(|word| title.contains(word))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && period::parse(text).is_ok()
}

/// The sign that a label of a row ends in: `比上年增长%`.
pub fn sign_at_end(label: &str) -> Option<&'static str> {
    let ends = text::trim(label).ends_with(['%', '％', '‰']);
    ends.then(|| without_brackets(label)).flatten()
}

/// The unit that a heading states without brackets: a sign at its end (`同比±%`), nothing but a unit (`幢`), or one behind a colon or
/// a stroke (`面积：公顷`, `增加值/亿元`).
pub fn without_brackets(heading: &str) -> Option<&'static str> {
    let key = text::key(heading);
    // `Unit` heads a column of units; in a cell it is the unit of what is counted.
    if is_statement(&key) {
        return None;
    }
    for sign in ["%", "‰"] {
        // A figure before the sign is one of the name: 含税17%. A year is not: 2018为2017%.
        if let Some(before) = key.strip_suffix(sign) {
            let is_compared = ["为", "比", "占", "较"]
                .iter()
                .any(|word| before.rsplit_once(word).is_some_and(|(_, base)| is_year(base)));
            return (is_compared || !before.ends_with(|c: char| c.is_ascii_digit())).then_some(sign);
        }
    }
    // An index that is named by its base alone.
    if key.ends_with("=100") || key.ends_with("为100") {
        return known(&key).map(|unit| unit.name);
    }
    if key.ends_with("百分点") {
        return Some("%");
    }
    let is_number = key.bytes().all(|byte| byte.is_ascii_digit());
    // 指数 and 系数 name what is measured.
    let whole = known(&key).filter(|unit| !is_number && !key.starts_with('(') && !unit.is_rate());
    whole.or_else(|| behind_mark(&key)).map(|unit| unit.name)
}

/// The unit behind a colon or a stroke. `税收/亩` is the tax of a mu, and `产值/万元` the output in 万元: behind a stroke counts what no
/// quotient is divided by, or what the words before it are counted in.
fn behind_mark(key: &str) -> Option<&'static Unit> {
    if let Some((name, unit)) = key.split_once(':') {
        return known(unit).filter(|_| !name.is_empty() && !name.ends_with("其中"));
    }
    let (name, written) = key.split_once('/').filter(|(name, _)| !name.is_empty())?;
    let unit = known(written)?;
    let counted = || Own::of(name).is_some_and(|own| own != Own::Each && own.may_be_in(unit));
    let divided = ["能耗", "电耗", "水耗", "消耗", "强度", "排放"].iter().any(|word| name.ends_with(word));
    let plain = unit.dimension == Dimension::Money || power_of(unit) >= 10_000;
    ((plain && !divided) || counted()).then_some(unit)
}
