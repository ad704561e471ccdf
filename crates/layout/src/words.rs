//! What the words of one cell say: that it heads names of rows, times, texts or an attribute, or why a figure is missing.

use super::normalise::name_key;
use vocab::text;

/// What the first cell of a header row says when the row holds an attribute of every series, as in database exports.
const ATTRIBUTES: &[&str] = &[
    "地区",
    "地区名称",
    "地区编码",
    "频度",
    "频率",
    "单位",
    "来源",
    "数据来源",
    "更新时间",
    "开始时间",
    "结束时间",
    "注释",
];

/// Whether a row that begins with this cell holds an attribute of every series under the row of their names.
pub(super) fn is_attribute(cell: &str) -> bool {
    ATTRIBUTES.contains(&text::key(cell).trim_end_matches(':'))
}

/// What stands over the names of rows. Most of these words also end names of rows (`经济开发区`, `合资企业`).
const KEYS: &[&str] = &[
    "地区",
    "地市",
    "市县",
    "县区",
    "区县",
    "县市",
    "市州",
    "城市",
    "省份",
    "省市",
    "区域",
    "国家",
    "指标",
    "项目",
    "名称",
    "年份",
    "年度",
    "年月",
    "月份",
    "季度",
    "时间",
    "时期",
    "日期",
    "报告期",
    "行业",
    "产业",
    "园区",
    "开发区",
    "集聚区",
    "企业",
    "单位",
    "类别",
    "类型",
    "分类",
    "分组",
    "产品",
    "品种",
    "品名",
    "序号",
    "编号",
    "代码",
    "部门",
    "机构",
    "学校",
    "region",
    "regions",
    "district",
    "sector",
    "area",
    "city",
    "province",
    "county",
    "country",
    "item",
    "items",
    "indicator",
    "indicators",
    "year",
    "month",
    "quarter",
    "date",
    "time",
    "period",
    "name",
    "industry",
];

/// Ends of such headings that no name of a row has.
const KEY_ENDS: &[&str] =
    &["名称", "代码", "编号", "类别", "类型", "分类", "分组", "指标名", "年份", "月份", "日期", ")别"];

/// Whether a cell is a heading over the names of rows.
pub(super) fn is_key(cell: &str) -> bool {
    /// Longer texts end in such a word by chance.
    const LONGEST: usize = 12;
    let cell = text::trim(cell);
    if cell.is_empty() || cell.len() > 64 {
        return false;
    }
    let key = name_key(cell);
    let ends = || key.chars().count() <= LONGEST && KEY_ENDS.iter().any(|end| key.ends_with(end));
    KEYS.contains(&key.as_str()) || ends()
}

/// Headings of the column that names what a row measures, where its label names whose it is.
pub(super) const INDICATORS: &[&str] = &["指标", "指标名称", "统计指标", "项目", "项目名称"];

/// What stands over texts in which numbers occur.
pub(super) const TEXTS: &[&str] =
    &["备注", "说明", "规格", "型号", "联系", "电话", "地址", "名称", "代码", "编号", "证号", "文号"];

/// What stands over periods: a whole heading, or its end.
const TIMES: &[&str] = &["年", "月", "季", "季度", "期", "期间", "期别", "周期"];
const TIME_ENDS: &[&str] =
    &["年份", "年度", "年月", "月份", "日期", "时间", "时期", "报告期", "统计期", "数据期", "所属期"];
const TIME_WORDS: &[&str] = &["year", "month", "quarter", "date", "time", "period"];

/// Whether a heading says that periods stand under it.
pub(super) fn is_time(label: &str) -> bool {
    let key = text::key(label);
    // A corner that names both ways: `年份/地区`.
    let parts = key.split(['/', '\\', '、', '|']).collect::<Vec<_>>();
    TIMES.contains(&key.as_str())
        || parts.len() == 2 && parts.iter().any(|part| TIME_ENDS.contains(part) || TIMES.contains(part))
        || TIME_ENDS.iter().any(|end| key.ends_with(end))
        || key.split(|c: char| !c.is_ascii_alphabetic()).any(|word| TIME_WORDS.contains(&word))
}

/// Whether a heading says that periods stand under it, and nothing else.
pub(super) fn is_plain_time(label: &str) -> bool {
    let key = text::key(label);
    let words = [
        "日期",
        "时间",
        "年月",
        "年份",
        "年度",
        "月份",
        "报告期",
        "统计期",
        "统计日期",
        "统计时间",
        "数据日期",
        "数据时间",
        "所属期",
    ];
    words.contains(&key.as_str()) || TIME_WORDS.contains(&key.as_str())
}

/// What happens at a time of which the figures of a row are not: `开始时间`, `成立年份`, `更新日期`.
const EVENTS: &[&str] = &[
    "开始", "结束", "起始", "终止", "截止", "成立", "开业", "注册", "登记", "更新", "建成", "投产", "竣工", "开工",
    "批准", "批复", "核准", "设立", "获批", "认定", "有效", "发布", "入园", "入驻", "入库", "入规", "出生", "签订",
    "签约", "发证", "备案", "供地", "出让", "验收", "完工", "创建", "填报", "上报",
];

/// Whether a heading says when something happened, and not which period figures are of.
pub(super) fn is_event(label: &str) -> bool {
    EVENTS.iter().any(|event| label.contains(event))
}

/// Whether a cell says why there is no figure: what says so is no heading.
pub(super) fn is_excuse(cell: &str) -> bool {
    /// Longer texts begin with such a word by chance.
    const LONGEST: usize = 6;
    const WORDS: &[&str] = &[
        "停产",
        "停业",
        "停工",
        "关停",
        "关闭",
        "破产",
        "注销",
        "搬迁",
        "在建",
        "筹建",
        "未建成",
        "未投产",
        "未开工",
        "未报",
        "未统计",
        "缺报",
        "免报",
        "保密",
        "不详",
        "待定",
        "待补",
        "待核",
    ];
    let key = text::key(text::trim(cell));
    let word = key.trim_start_matches('已');
    key == "无" || key.chars().count() <= LONGEST && WORDS.iter().any(|excuse| word.starts_with(excuse))
}

/// Whether a text holds a Chinese character.
pub(super) fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}
