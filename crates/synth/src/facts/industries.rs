//! Divisions and classes of GB/T 4754-2017 with rough economic characters, and the themes of the clusters.
//!
//! Codes and names are facts; the numbers beside them are plausible orders of magnitude, not statistics.

/// A division (two digits) and the typical enterprise in it.
pub(crate) struct DivisionFact {
    /// Two-digit code.
    pub code: &'static str,
    /// Name in the standard.
    pub name: &'static str,
    /// Value added over gross output, in units of 10^-4.
    pub va_rate_e4: i64,
    /// Energy over value added, in tonnes of standard coal per 100 wanyuan.
    pub energy_per_100_wanyuan: u32,
    /// Yearly revenue per worker in qianyuan.
    pub revenue_per_worker: u32,
    /// Tax paid over revenue, per mille.
    pub tax_per_mille: u32,
    /// How common it is.
    pub weight: u32,
}

/// A class (four digits) and the trade word its enterprises carry in their names.
pub(crate) struct ClassFact {
    /// Four-digit code.
    pub code: &'static str,
    /// Trade word of a company name.
    pub trade: &'static str,
    /// How common it is within its division.
    pub weight: u32,
}

/// What a cluster is made of: a name and its divisions.
pub(crate) struct Theme {
    /// Name of the cluster.
    pub name: &'static str,
    /// Two-digit divisions that belong to it.
    pub divisions: &'static [&'static str],
}

/// Position in [`DIVISIONS`] of the division a two- or four-digit code belongs to.
pub(crate) fn division_index(code: &str) -> Option<usize> {
    let head = code.get(..2)?;
    DIVISIONS.iter().position(|division| division.code == head)
}

const fn division(
    code: &'static str,
    name: &'static str,
    va_rate_e4: i64,
    energy_per_100_wanyuan: u32,
    revenue_per_worker: u32,
    tax_per_mille: u32,
    weight: u32,
) -> DivisionFact {
    DivisionFact { code, name, va_rate_e4, energy_per_100_wanyuan, revenue_per_worker, tax_per_mille, weight }
}

const fn class(code: &'static str, trade: &'static str, weight: u32) -> ClassFact {
    ClassFact { code, trade, weight }
}

/// The divisions in use, in order of code.
#[rustfmt::skip]
pub(crate) const DIVISIONS: [DivisionFact; 34] = [
    division("06", "煤炭开采和洗选业", 3600, 160, 700, 60, 4),
    division("08", "黑色金属矿采选业", 3300, 90, 900, 55, 1),
    division("09", "有色金属矿采选业", 3400, 70, 1100, 50, 2),
    division("10", "非金属矿采选业", 3100, 80, 1000, 50, 1),
    division("13", "农副食品加工业", 2200, 25, 1500, 31, 8),
    division("14", "食品制造业", 2600, 30, 1100, 38, 7),
    division("15", "酒、饮料和精制茶制造业", 3200, 35, 1100, 58, 3),
    division("17", "纺织业", 2400, 55, 900, 32, 5),
    division("18", "纺织服装、服饰业", 2600, 15, 600, 34, 4),
    division("19", "皮革、毛皮、羽毛及其制品和制鞋业", 2500, 15, 600, 33, 2),
    division("20", "木材加工和木、竹、藤、棕、草制品业", 2400, 40, 900, 31, 2),
    division("21", "家具制造业", 2500, 15, 800, 35, 2),
    division("22", "造纸和纸制品业", 2300, 130, 1200, 36, 2),
    division("23", "印刷和记录媒介复制业", 2700, 25, 900, 38, 1),
    division("25", "石油、煤炭及其他燃料加工业", 2000, 240, 3500, 58, 2),
    division("26", "化学原料和化学制品制造业", 2200, 260, 1500, 38, 8),
    division("27", "医药制造业", 3500, 30, 1100, 55, 4),
    division("28", "化学纤维制造业", 2100, 110, 1500, 35, 1),
    division("29", "橡胶和塑料制品业", 2400, 45, 1100, 36, 3),
    division("30", "非金属矿物制品业", 2800, 220, 1200, 42, 10),
    division("31", "黑色金属冶炼和压延加工业", 2100, 400, 2500, 36, 3),
    division("32", "有色金属冶炼和压延加工业", 1900, 230, 3000, 32, 6),
    division("33", "金属制品业", 2300, 45, 1200, 37, 4),
    division("34", "通用设备制造业", 2600, 22, 1100, 42, 6),
    division("35", "专用设备制造业", 2700, 18, 1100, 44, 7),
    division("36", "汽车制造业", 2200, 20, 1500, 46, 4),
    division("37", "铁路、船舶、航空航天和其他运输设备制造业", 2400, 20, 1100, 40, 1),
    division("38", "电气机械和器材制造业", 2300, 20, 1400, 40, 6),
    division("39", "计算机、通信和其他电子设备制造业", 1900, 8, 1200, 31, 5),
    division("40", "仪器仪表制造业", 2900, 10, 900, 45, 1),
    division("42", "废弃资源综合利用业", 2000, 40, 3000, 33, 1),
    division("44", "电力、热力生产和供应业", 3000, 450, 3000, 45, 3),
    division("45", "燃气生产和供应业", 2500, 30, 4000, 36, 1),
    division("46", "水的生产和供应业", 3800, 60, 600, 50, 1),
];

/// The classes in use, in order of code.
#[rustfmt::skip]
pub(crate) const CLASSES: [ClassFact; 83] = [
    class("0610", "煤业", 3),
    class("0690", "矿业", 1),
    class("0810", "铁矿", 1),
    class("0911", "铜矿", 1),
    class("0921", "黄金", 2),
    class("0931", "钨钼", 1),
    class("1011", "石灰石", 1),
    class("1012", "石材", 1),
    class("1311", "粮油", 2),
    class("1331", "油脂", 2),
    class("1351", "肉业", 2),
    class("1353", "肉制品", 2),
    class("1411", "糕点", 1),
    class("1431", "面业", 2),
    class("1432", "速冻", 2),
    class("1433", "方便食品", 1),
    class("1512", "酒业", 1),
    class("1523", "果汁", 1),
    class("1711", "棉纺", 2),
    class("1721", "毛纺", 1),
    class("1811", "服装", 2),
    class("1819", "服饰", 1),
    class("1951", "鞋业", 1),
    class("1952", "皮鞋", 1),
    class("2011", "木业", 1),
    class("2021", "板材", 1),
    class("2110", "家具", 1),
    class("2221", "纸业", 1),
    class("2231", "包装", 1),
    class("2319", "印务", 1),
    class("2511", "石化", 1),
    class("2521", "焦化", 1),
    class("2611", "酸业", 1),
    class("2614", "化工", 2),
    class("2621", "化肥", 1),
    class("2631", "农药", 1),
    class("2651", "树脂", 1),
    class("2710", "原料药", 1),
    class("2720", "制药", 2),
    class("2740", "中药", 1),
    class("2812", "人造纤维", 1),
    class("2915", "乳胶", 1),
    class("2921", "塑业", 1),
    class("3011", "水泥", 2),
    class("3021", "管桩", 1),
    class("3031", "砖业", 1),
    class("3041", "玻璃", 1),
    class("3071", "陶瓷", 1),
    class("3089", "耐材", 3),
    class("3110", "炼铁", 1),
    class("3120", "钢铁", 1),
    class("3130", "轧钢", 1),
    class("3212", "铅锌", 1),
    class("3216", "铝业", 2),
    class("3252", "铝材", 2),
    class("3311", "钢构", 2),
    class("3360", "热处理", 1),
    class("3432", "起重", 2),
    class("3451", "轴承", 2),
    class("3511", "矿机", 2),
    class("3515", "建机", 1),
    class("3572", "农机", 1),
    class("3611", "汽车", 1),
    class("3670", "汽配", 3),
    class("3720", "轨道装备", 1),
    class("3752", "摩托", 1),
    class("3821", "变压器", 2),
    class("3831", "电缆", 2),
    class("3841", "锂电", 1),
    class("3871", "照明", 1),
    class("3911", "计算机", 1),
    class("3922", "通信", 1),
    class("3974", "显示", 1),
    class("3981", "电子元件", 1),
    class("4016", "仪表", 1),
    class("4210", "再生金属", 1),
    class("4220", "再生资源", 1),
    class("4411", "发电", 1),
    class("4412", "热电", 1),
    class("4417", "生物质", 1),
    class("4511", "燃气", 1),
    class("4610", "供水", 1),
    class("4620", "净水", 1),
];

/// Themes of the clusters; no division is in two of them.
pub(crate) const THEMES: [Theme; 8] = [
    Theme { name: "电子信息产业集群", divisions: &["39"] },
    Theme { name: "有色金属产业集群", divisions: &["32"] },
    Theme { name: "食品产业集群", divisions: &["13", "14", "15"] },
    Theme { name: "装备制造产业集群", divisions: &["34", "35"] },
    Theme { name: "化工产业集群", divisions: &["25", "26"] },
    Theme { name: "新型建材产业集群", divisions: &["30"] },
    Theme { name: "汽车及零部件产业集群", divisions: &["36"] },
    Theme { name: "纺织服装产业集群", divisions: &["17", "18", "19"] },
];
