//! Layout: which rows and columns of an export are what.

use std::path::PathBuf;

use config::source::{Across, Column, Kind, Layout};
use layout::{Bound, Discovery, Guess, Meaning, Table, layout};
use proptest::prelude::*;
use read::grid::{Grid, Merge};
use vocab::{Place, Problem, Said};

/// A grid from lines of cells parted by `|`. Blanks around cells are dropped.
fn grid(text: &str) -> Grid {
    let mut grid = Grid::new("");
    for (index, line) in text.trim_end().lines().skip_while(|line| line.trim().is_empty()).enumerate() {
        let line = line.trim();
        if !line.is_empty() {
            line.split('|').for_each(|cell| grid.push_cell(&cell.trim_matches(' ').replace("\\u3000", "\u{3000}")));
        }
        grid.end_row(index as u32 + 1);
    }
    grid
}

/// The one table that is found in a grid.
fn discover(grid: &Grid) -> Discovery {
    let mut found = layout::discover(grid, &Place::file("f"));
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

/// The row of the grid in which data begins, and how many rows of data there are.
fn body(found: &Discovery) -> (Option<usize>, usize) {
    (found.rows.first().map(|row| row.row), found.rows.len())
}

/// Notes merged cells: row, column, rows, columns, counted from zero.
fn merge(grid: &mut Grid, merges: &[[usize; 4]]) {
    for &[row, column, rows, columns] in merges {
        grid.push_merge(Merge { row, column, rows, columns });
    }
}

/// Columns from lines `name = header / alias ; code 301 ; under 1-本月 / 本月 ; preamble 地区 ; unit 千元 ; optional`. A name that
/// ends with `#` is a number.
fn columns(text: &str) -> Vec<Column> {
    let list = |text: &str| text.split(" / ").map(|part| part.trim().to_owned()).collect::<Vec<_>>();
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (name, rest) = line.split_once(" = ").expect("name = header");
            let mut parts = rest.split(" ; ").map(str::trim);
            let mut column = Column {
                name: name.trim_end_matches('#').to_owned(),
                headers: parts.next().filter(|headers| *headers != "-").map(list).unwrap_or_default(),
                code: None,
                under: Vec::new(),
                preamble: None,
                required: true,
                kind: if name.ends_with('#') { Kind::Number } else { Kind::Text },
                unit: None,
                value_required: false,
            };
            for part in parts {
                match part.split_once(' ') {
                    Some(("code", code)) => column.code = Some(code.to_owned()),
                    Some(("under", under)) => column.under = list(under),
                    Some(("preamble", key)) => column.preamble = Some(key.to_owned()),
                    Some(("unit", unit)) => column.unit = Some(unit.to_owned()),
                    _ => column.required = part != "optional",
                }
            }
            column
        })
        .collect()
}

fn plain(across: Across) -> Layout {
    Layout { across, header_rows: None, ignore: Vec::new(), latest: Vec::new() }
}

/// A table and its problems as text.
fn shown(columns: &[Column], (table, problems): &(Option<Table>, Vec<Problem>)) -> String {
    let mut lines = Vec::new();
    match table {
        None => lines.push("no table".to_owned()),
        Some(table) => show_table(columns, table, &mut lines),
    }
    lines.extend(problems.iter().map(|problem| {
        let value = problem.value.as_ref().map(Said::en).map(|value| format!(" {value:?}")).unwrap_or_default();
        let expected = if problem.expected.is_empty() {
            String::new()
        } else {
            format!(" expected {}", problem.expected.join(", "))
        };
        format!("{} {}{value}{expected}", problem.rule.code, problem.place)
    }));
    lines.join("\n")
}

fn show_table(columns: &[Column], table: &Table, lines: &mut Vec<String>) {
    let unit_text = |unit: &Option<String>| unit.as_deref().map(|unit| format!(" [{unit}]")).unwrap_or_default();
    if let Some(caption) = &table.caption {
        lines.push(format!("caption {caption}"));
    }
    for entry in &table.preamble {
        lines.push(format!("preamble {}={} row {}", entry.key, entry.value, entry.row));
    }
    for (what, stated) in [("unit", &table.stated_unit), ("period", &table.stated_period)] {
        if let Some((text, place)) = stated {
            lines.push(format!("{what} {text} at {place}"));
        }
    }
    if let Some(problem) = &table.units_differ {
        let value = problem.value.as_ref().map(Said::en).unwrap_or_default();
        lines.push(format!("units differ {} {} {value:?}", problem.rule.code, problem.place));
    }
    for (column, bound) in columns.iter().zip(&table.bound) {
        lines.push(match bound {
            Bound::Column { index, unit } => format!("{} {index}{}", column.name, unit_text(unit)),
            Bound::Preamble(value) => format!("{} = {value}", column.name),
            Bound::Absent => format!("{} absent", column.name),
        });
    }
    for across in &table.across {
        lines.push(match &across.meaning {
            Meaning::Period(period) => format!("across {} {period}", across.column),
            Meaning::PartOfYear(part) => format!("across {} {part}", across.column),
            Meaning::Indicator { name } => format!("across {} {name}{}", across.column, unit_text(&across.unit)),
        });
    }
    let rows = table.rows;
    lines.push(format!(
        "rows preamble {} header {}..{} ({}) body {:?} notes {} blank {}",
        rows.preamble, table.header.start, table.header.end, rows.header, table.body, rows.notes, rows.blank
    ));
}

#[track_caller]
fn check(grid: &Grid, declared: &str, how: &Layout, expected: &str) {
    let columns = columns(declared);
    let result = layout(grid, &columns, how, &Place::file("f"));
    if let (Some(table), _) = &result {
        assert_eq!(table.rows.total(), grid.len(), "the row counts add up");
    }
    let got = shown(&columns, &result);
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(got, expected.join("\n"), "\n--- got\n{got}\n---");
}

const B203: &str = "
    财务状况（B203表）
    synthetic sample data / 合成示例数据
    报告期：2018年1-3月|||单位：千元
    统一社会信用代码|单位详细名称|行业代码|营业收入|营业收入|税金及附加|税金及附加|平均用工人数
    |||301|301|309|309|
    |||1-本月|上年同期|1-本月|上年同期|本月
    91410000170001401D|甲公司|1310|120|110|3|2|45
    9144030071526726XG|乙公司|610|80|70|1|1|…
";

const B203_COLUMNS: &str = "
    unit_code = 统一社会信用代码 / 社会信用代码
    industry = 行业代码
    revenue# = 营业收入 ; code 301 ; under 1-本月 / 1—本月
    revenue_prior# = 营业收入 ; code 301 ; under 上年同期
    tax# = 税金及附加 / 营业税金及附加 ; code 309 ; under 1-本月
    employees# = 平均用工人数 ; unit 人
    rd# = 研发费用 ; code 331 ; under 1-本月 ; optional
";

#[test]
fn a_survey_form_binds_by_item_code_and_measure() {
    check(
        &grid(B203),
        B203_COLUMNS,
        &Layout { ignore: vec!["单位详细名称".into()], ..plain(Across::None) },
        "
        caption 财务状况（B203表）
        preamble 报告期=2018年1-3月 row 2
        preamble 单位=千元 row 2
        unit 千元 at f:R3C4
        period 2018年1-3月 at f:R3C1
        unit_code 0
        industry 2
        revenue 3
        revenue_prior 4
        tax 5
        employees 7
        rd absent
        rows preamble 3 header 3..6 (3) body [6, 7] notes 0 blank 0
        L003 f:R4C7 \"税金及附加 / 309 / 上年同期\"
    ",
    );
}

#[test]
fn a_row_of_codes_that_nobody_declared_is_part_of_the_header() {
    let columns = "unit_code = 统一社会信用代码\nrevenue# = 营业收入 ; under 1-本月";
    let how = Layout {
        ignore: ["单位详细名称", "行业代码", "营业收入", "税金及附加", "平均用工人数"].map(String::from).into(),
        ..plain(Across::None)
    };
    check(
        &grid(B203),
        columns,
        &how,
        "
        caption 财务状况（B203表）
        preamble 报告期=2018年1-3月 row 2
        preamble 单位=千元 row 2
        unit 千元 at f:R3C4
        period 2018年1-3月 at f:R3C1
        unit_code 0
        revenue 3
        rows preamble 3 header 3..6 (3) body [6, 7] notes 0 blank 0
    ",
    );
}

#[test]
fn a_declared_number_of_header_rows_is_kept_to() {
    let text = B203.replace("    |||301|301|309|309|\n", "");
    let columns = "
        unit_code = 统一社会信用代码
        revenue# = 营业收入 ; under 1-本月
    ";
    let how = Layout {
        header_rows: Some(2),
        ignore: ["单位详细名称", "行业代码", "营业收入", "税金及附加", "平均用工人数"].map(String::from).into(),
        ..plain(Across::None)
    };
    check(
        &grid(&text),
        columns,
        &how,
        "
        caption 财务状况（B203表）
        preamble 报告期=2018年1-3月 row 2
        preamble 单位=千元 row 2
        unit 千元 at f:R3C4
        period 2018年1-3月 at f:R3C1
        unit_code 0
        revenue 3
        rows preamble 3 header 3..5 (2) body [5, 6] notes 0 blank 0
    ",
    );
}

const ENERGY: &str = "
    205-1 能源购进消费与库存
    synthetic sample data / 合成示例数据
    报告期：2018年1-3月
    统一社会信用代码|单位详细名称|综合能源消费量(吨标准煤)(当量值)||电力消费量（万千瓦时）|
    ||本年累计|上年同期累计|本年累计|上年同期累计
    91410000170001401D|甲公司|12.5|12.25|3|2.75
";

const ENERGY_COLUMNS: &str = "
    unit_code = 统一社会信用代码
    energy# = 综合能源消费量（当量值） ; under 本年累计
    energy_prior# = 综合能源消费量(吨标准煤)(当量值) ; under 上年同期累计
    electricity# = 电力消费量 ; under 本年累计
";

const ENERGY_TABLE: &str = r#"
    caption 205-1 能源购进消费与库存
    preamble 报告期=2018年1-3月 row 2
    period 2018年1-3月 at f:R3C1
    unit_code 0
    energy 2 [吨标准煤]
    energy_prior 3 [吨标准煤]
    electricity 4 [万千瓦时]
    rows preamble 3 header 3..5 (2) body [5] notes 0 blank 0
    L003 f:R4C2 "单位详细名称"
    L003 f:R4C6 "电力消费量（万千瓦时） / 上年同期累计"
"#;

#[test]
fn merged_headings_hold_for_every_column_they_cover() {
    let mut grid = grid(ENERGY);
    merge(&mut grid, &[[0, 0, 1, 6], [3, 0, 2, 1], [3, 1, 2, 1], [3, 2, 1, 2], [3, 4, 1, 2]]);
    check(&grid, ENERGY_COLUMNS, &plain(Across::None), ENERGY_TABLE);
}

#[test]
fn without_merges_a_heading_reaches_over_the_blanks_beside_it() {
    check(&grid(ENERGY), ENERGY_COLUMNS, &plain(Across::None), ENERGY_TABLE);
}

const PARKS: &str = "
    产业集聚区发展监测（2018年1-3月）
    synthetic sample data / 合成示例数据
    报告期：2018年1-3月
    集聚区代码|集聚区名称|面积(平方公里)||标准厂房面积(万平方米)|道路长度(公里)|期末从业人员(人)
    ||规划面积|建成区面积|||
    4101001|郑州高新技术产业集聚区|12.50|8.25|30|12.4|15000
    4101002|郑州经济技术产业集聚区|20.00|18.75|41|22.1|23000
";

const PARK_COLUMNS: &str = "
    park = 集聚区代码
    planned# = 规划面积 ; under 面积
    built# = 建成区面积
    employees# = 期末从业人员
";

const PARK_TABLE: &str = r#"
    caption 产业集聚区发展监测（2018年1-3月）
    preamble 报告期=2018年1-3月 row 2
    period 2018年1-3月 at f:R3C1
    park 0
    planned 2 [平方公里]
    built 3 [平方公里]
    employees 6 [人]
    rows preamble 3 header 3..5 (2) body [5, 6] notes 0 blank 0
    L003 f:R4C2 "集聚区名称"
    L003 f:R4C5 "标准厂房面积(万平方米)"
    L003 f:R4C6 "道路长度(公里)"
"#;

#[test]
fn a_unit_over_a_group_holds_for_its_columns() {
    check(&grid(PARKS), PARK_COLUMNS, &plain(Across::None), PARK_TABLE);
    let mut merged = grid(PARKS);
    merge(&mut merged, &[[3, 0, 2, 1], [3, 1, 2, 1], [3, 2, 1, 2], [3, 4, 2, 1], [3, 5, 2, 1], [3, 6, 2, 1]]);
    check(&merged, PARK_COLUMNS, &plain(Across::None), PARK_TABLE);
}

#[test]
fn a_classic_export_has_periods_across_and_notes_below() {
    check(
        &grid(
            "
            数据库：分省季度数据
            地区：河南省
            时间：最近3季度
            指标|2019年第四季度|2019年第三季度|2018年前三季度|
            规模以上工业增加值累计值(亿元)|15000.25|11000.50|10000
            规模以上工业增加值累计增长(%)|7.8|7.9|
            注：1.按当年价格计算, 与上年不同|另见说明
            \\u3000\\u3000\\u30002.synthetic sample data / 合成示例数据

            数据来源：国家统计局
            ",
        ),
        "
        indicator = 指标
        area = 地区 ; preamble 地区
        ",
        &plain(Across::Period),
        "
        preamble 数据库=分省季度数据 row 0
        preamble 地区=河南省 row 1
        preamble 时间=最近3季度 row 2
        indicator 0
        area = 河南省
        across 1 2019Q4
        across 2 2019Q3
        across 3 2018-01/09
        rows preamble 3 header 3..4 (1) body [4, 5] notes 3 blank 1
        ",
    );
}

#[test]
fn time_may_run_down_with_indicators_across() {
    check(
        &grid(
            "
            数据库：月度数据
            时间：2016-
            时间|居民消费价格指数(上年同月=100)|人口数(人口抽样调查)(人)|出口总值当期值(千美元)
            2020年2月|105.2|12|
            2020年1月|105.4|13|3
            数据来源：国家统计局
            ",
        ),
        "time = 时间",
        &plain(Across::Indicator),
        "
        preamble 数据库=月度数据 row 0
        preamble 时间=2016- row 1
        time 0
        across 1 居民消费价格指数 [上年同月=100]
        across 2 人口数(人口抽样调查) [人]
        across 3 出口总值当期值 [千美元]
        rows preamble 2 header 2..3 (1) body [3, 4] notes 1 blank 0
        ",
    );
}

#[test]
fn a_year_over_quarters_makes_periods() {
    check(
        &grid(
            "
            地区|2018年||2019年|
            |一季度|二季度|一季度|1-2季度
            河南省|1|2|3|4
            ",
        ),
        "area = 地区",
        &plain(Across::Period),
        "
        area 0
        across 1 2018Q1
        across 2 2018Q2
        across 3 2019Q1
        across 4 2019-01/06
        rows preamble 0 header 0..2 (2) body [2] notes 0 blank 0
        ",
    );
}

#[test]
fn units_and_column_numbers_may_be_header_rows() {
    check(
        &grid(
            "
            指标名称|代码|本年|上年同期
            ||千元|千元
            甲|乙|1|2
            资产总计|213|10|9
            ",
        ),
        "
        item = 指标名称
        code = 代码
        value# = 本年
        prior# = 上年同期
        ",
        &plain(Across::None),
        "
        item 0
        code 1
        value 2 [千元]
        prior 3 [千元]
        rows preamble 0 header 0..3 (3) body [3] notes 0 blank 0
        ",
    );
}

#[test]
fn a_database_export_has_its_units_in_a_row() {
    let how = Layout { header_rows: Some(3), ..plain(Across::Indicator) };
    check(
        &grid(
            "
            指标|GDP_累计|增速
            地区|全国|全国
            单位|亿元|%
            2018-03|200|6.8
            ",
        ),
        "time = 指标",
        &how,
        "
        time 0
        across 1 GDP_累计 [亿元]
        across 2 增速 [%]
        rows preamble 0 header 0..3 (3) body [3] notes 0 blank 0
        ",
    );
}

#[test]
fn the_unit_may_stand_in_the_title_or_alone() {
    let ledger = |title: &str| format!("{title}\n地块编号|面积\nA1|2\n");
    let stated = |title: &str| {
        let (table, _) = layout(
            &grid(&ledger(title)),
            &columns("plot = 地块编号\narea# = 面积"),
            &plain(Across::None),
            &Place::default(),
        );
        table.expect("a table").stated_unit.map(|(unit, _)| unit)
    };
    assert_eq!(stated("工业用地台账（单位：公顷）").as_deref(), Some("公顷"));
    assert_eq!(stated("计量单位: 公顷").as_deref(), Some("公顷"));
    assert_eq!(stated("单位|公顷").as_deref(), Some("公顷"));
    assert_eq!(stated("单位：|公顷").as_deref(), Some("公顷"));
    assert_eq!(stated("（公顷）").as_deref(), Some("公顷"));
    assert_eq!(stated("上年同期=100").as_deref(), Some("上年同期=100"));
    assert_eq!(stated("填报单位：郑州市自然资源局"), None);
    assert_eq!(stated("台账（填报单位：公顷村）"), None);
}

#[test]
fn no_declared_header_at_all_is_l001_with_the_nearest_row() {
    check(
        &grid(B203),
        "park = 集聚区代码",
        &plain(Across::None),
        "
        no table
        L001 f expected 集聚区代码
    ",
    );
    check(
        &grid(B203),
        "code = 统一社会信用编码\nrevenue# = 主营业务收入",
        &plain(Across::None),
        r#"
        no table
        L001 f:R4 "统一社会信用代码, 营业收入, 营业收入" expected 统一社会信用编码, 主营业务收入
    "#,
    );
}

#[test]
fn a_missing_column_names_the_nearest_headers() {
    check(
        &grid(PARKS),
        "park = 集聚区代码\nemployees# = 期末就业人员",
        &Layout {
            ignore: ["集聚区名称", "面积", "道路长度", "标准厂房面积"].map(String::from).into(),
            ..plain(Across::None)
        },
        r#"
        no table
        L002 f:R4 "期末就业人员" expected 期末从业人员(人)
        L003 f:R4C7 "期末从业人员(人)"
    "#,
    );
}

#[test]
fn a_basis_in_brackets_is_part_of_the_name() {
    let (table, problems) = layout(
        &grid(ENERGY),
        &columns("energy# = 综合能源消费量(等价值) ; under 本年累计\nunit_code = 统一社会信用代码"),
        &plain(Across::None),
        &Place::file("f"),
    );
    assert_eq!(table, None);
    let missing = problems.iter().find(|problem| problem.rule.code == "L002").expect("L002");
    assert_eq!(missing.value.as_ref().map(vocab::Said::en), Some("综合能源消费量(等价值) / 本年累计"));
    assert_eq!(missing.expected.first().map(String::as_str), Some("综合能源消费量(吨标准煤)(当量值) / 本年累计"));
}

#[test]
fn a_code_and_a_name_that_do_not_belong_together_are_l010() {
    let declared = "unit_code = 统一社会信用代码\nrevenue# = 营业收入 ; code 301 ; under 1-本月";
    let how = Layout {
        ignore: ["单位详细名称", "行业代码", "营业收入", "税金及附加", "平均用工人数", "营业成本"]
            .map(String::from)
            .into(),
        ..plain(Across::None)
    };
    let other_name = B203.replace("营业收入|营业收入", "营业成本|营业成本");
    check(
        &grid(&other_name),
        declared,
        &how,
        r#"
        no table
        L010 f:R4C4 "营业成本 / 301 / 1-本月" expected 301, 营业收入
    "#,
    );
    let other_code = B203.replace("301|301", "302|302");
    let declared = format!("{declared}\ntax# = 税金及附加 ; code 309 ; under 1-本月");
    check(
        &grid(&other_code),
        &declared,
        &how,
        r#"
        no table
        L010 f:R4C4 "营业收入 / 302 / 1-本月" expected 301, 营业收入
    "#,
    );
}

#[test]
fn two_columns_for_one_declaration_are_l011() {
    check(
        &grid(B203),
        "unit_code = 统一社会信用代码\nrevenue# = 营业收入 ; code 301",
        &Layout {
            ignore: ["单位详细名称", "行业代码", "营业收入", "税金及附加", "平均用工人数"].map(String::from).into(),
            ..plain(Across::None)
        },
        r#"
        no table
        L011 f:R4C5 "营业收入 / 301 / 上年同期" expected 营业收入
    "#,
    );
    check(
        &grid("指标|2018年|2018\n产量|1|2"),
        "item = 指标",
        &plain(Across::Period),
        r#"
        no table
        L011 f:R1C3 "2018"
    "#,
    );
}

#[test]
fn a_period_label_that_could_mean_two_things_is_l008() {
    check(
        &grid("指标|2016.1|16年12月|备注\n产量|1|2|3"),
        "item = 指标",
        &plain(Across::Period),
        r#"
        no table
        L008 f:R1C2 "2016.1" expected 2016-01, 2016-10
        L008 f:R1C3 "16年12月"
        L003 f:R1C4 "备注"
    "#,
    );
}

#[test]
fn a_header_without_rows_is_l012() {
    check(
        &grid("指标|2018年\n数据来源：国家统计局"),
        "item = 指标",
        &plain(Across::Period),
        "
        no table
        L012 f:R1
    ",
    );
}

#[test]
fn of_two_units_over_one_table_none_is_stated() {
    for declared in ["area# = 面积", "area# = 面积 ; unit 亩"] {
        check(
            &grid("单位：亩|单位：公顷\n地块|面积\nA1|2"),
            &format!("plot = 地块\n{declared}"),
            &plain(Across::None),
            r#"
            preamble 单位=亩 row 0
            preamble 单位=公顷 row 0
            units differ L013 f:R1C2 "亩, 公顷"
            plot 0
            area 1
            rows preamble 1 header 1..2 (1) body [2] notes 0 blank 0
        "#,
        );
    }
}

#[test]
fn a_title_that_says_what_a_column_says_is_no_header() {
    check(
        &grid("面积||\n地块|面积|编号\nA1|2|3"),
        "area# = 面积",
        &Layout { ignore: vec!["地块".into(), "编号".into()], ..plain(Across::None) },
        "
        caption 面积
        area 1
        rows preamble 1 header 1..2 (1) body [2] notes 0 blank 0
        ",
    );
}

#[test]
fn a_figure_that_equals_an_item_code_is_data() {
    check(
        &grid("代码|营业收入\n|301\nA1|301\nA2|5"),
        "unit_code = 代码\nrevenue# = 营业收入 ; code 301",
        &plain(Across::None),
        "
        unit_code 0
        revenue 1
        rows preamble 0 header 0..2 (2) body [2, 3] notes 0 blank 0
        ",
    );
}

#[test]
fn values_under_a_blank_header_are_noted() {
    check(
        &grid("地块|面积||\nA1|2|x|\nA2|3||"),
        "plot = 地块\narea# = 面积",
        &plain(Across::None),
        "
        plot 0
        area 1
        rows preamble 0 header 0..1 (1) body [1, 2] notes 0 blank 0
        L003 f:R1C3
    ",
    );
}

#[test]
fn rows_in_doubt_are_data() {
    check(
        &grid(
            "
            地块|面积
            A1|2
            注：分期供地
            A2|3
            地块|面积
            A3|
            其中|工业用地
            A4
            ",
        ),
        "plot = 地块\narea# = 面积",
        &plain(Across::None),
        "
        plot 0
        area 1
        rows preamble 0 header 0..1 (2) body [1, 2, 3, 5, 6, 7] notes 0 blank 0
        ",
    );
}

#[test]
fn a_list_without_figures_keeps_all_its_rows() {
    check(
        &grid(
            "
            规上工业企业智能化改造项目名单
            synthetic sample data / 合成示例数据
            序号|统一社会信用代码|企业名称|项目名称|完成时间
            一|91410000170001401D|甲公司|智能工厂|2018年6月
            二|9144030071526726XG|乙公司|数字车间|2018.06
            说明：以文件为准
            ",
        ),
        "unit_code = 统一社会信用代码\ndone = 完成时间",
        &Layout { ignore: ["序号", "企业名称", "项目名称"].map(String::from).into(), ..plain(Across::None) },
        "
        caption 规上工业企业智能化改造项目名单
        unit_code 1
        done 4
        rows preamble 2 header 2..3 (1) body [3, 4] notes 1 blank 0
        ",
    );
}

#[test]
fn an_export_is_understood_without_a_declaration() {
    let found = discover(&grid(B203));
    assert_eq!(found.caption.as_deref(), Some("财务状况（B203表）"));
    assert_eq!((found.unit(), found.period.as_deref()), (Some("千元"), Some("2018年1-3月")));
    assert_eq!((&found.header, body(&found), found.notes), (&(3..6), (Some(6), 2), 0));
    assert_eq!(found.columns[3].labels, ["营业收入", "301", "1-本月"]);
    let guesses: Vec<Guess> = found.columns.iter().map(|column| column.guess).collect();
    assert_eq!(guesses[..4], [Guess::UnitCode, Guess::Text, Guess::Text, Guess::Number]);
    assert_eq!(found.across, None);

    let found = discover(&grid(PARKS));
    assert_eq!((&found.header, body(&found).0), (&(3..5), Some(5)));
    assert_eq!(found.columns[3].labels, ["面积(平方公里)", "建成区面积"]);
    assert_eq!(found.columns[3].unit.as_deref(), Some("平方公里"));
}

proptest! {
    #[test]
    fn no_grid_makes_layout_fail_and_every_row_is_counted(
        rows in prop::collection::vec(
            prop::collection::vec(prop::sample::select(vec![
                "", "", "指标", "地区", "2018年", "2018年1-3月", "12.5", "…", "注：一", "单位：亿元", "数据来源：某局", "301", "1-本月",
                "\u{3000}续行", "甲", "1", "面积(公顷)", "（亿元）",
            ]), 0..5),
            0..12,
        ),
        merges in prop::collection::vec((0_usize..12, 0_usize..5, 1_usize..3, 1_usize..4), 0..3),
        across in prop::sample::select(vec![Across::None, Across::Period, Across::Indicator]),
        header_rows in prop::option::of(0_usize..4),
    ) {
        let mut grid = Grid::new("s");
        for (index, row) in rows.iter().enumerate() {
            row.iter().for_each(|cell| grid.push_cell(cell));
            grid.end_row(index as u32 + 1);
        }
        for (row, column, rows, columns) in merges {
            grid.push_merge(Merge { row, column, rows, columns });
        }
        let declared = columns("item = 指标 / 地区\nvalue# = 面积 ; code 301 ; under 1-本月 ; optional\nplace = - ; preamble 单位 ; optional");
        let how = Layout { header_rows, ..plain(across) };
        let (table, problems) = layout(&grid, &declared, &how, &Place::file("f"));
        if let Some(table) = table {
            prop_assert_eq!(table.rows.total(), grid.len());
            prop_assert_eq!(table.rows.body, table.body.len());
            prop_assert_eq!(table.bound.len(), declared.len());
            prop_assert!(table.body.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(table.body.iter().all(|&row| row >= table.header.end && row < grid.len()));
        } else {
            prop_assert!(!problems.is_empty());
        }
        let found = layout::discover(&grid, &Place::file("f"));
        let cells: usize = found.iter().map(|table| table.cells().count()).sum();
        prop_assert!(cells <= grid.len() * 10);
    }
}

/// A real export of the corpus, decoded and cut by other code than the one under test; none where there is no corpus.
fn corpus(file: &str) -> Option<Grid> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../shared/corpus", file].iter().collect();
    let Ok(bytes) = std::fs::read(path) else {
        crate::support::not_run("the real exports, in layout", "../shared/corpus is missing");
        return None;
    };
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes)?.into_owned(),
    };
    let mut grid = Grid::new("");
    let (mut quoted, mut line, mut from, mut cell) = (false, 1, 1, String::new());
    let last_line_end = if text.ends_with('\n') { "" } else { "\n" };
    for c in text.chars().chain(last_line_end.chars()) {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => grid.push_cell(&std::mem::take(&mut cell)),
            '\n' if !quoted => {
                grid.push_cell(std::mem::take(&mut cell).trim_end_matches('\r'));
                grid.end_row(from);
                from = line + 1;
            }
            _ => cell.push(c),
        }
        line += u32::from(c == '\n');
    }
    Some(grid)
}

/// `(file, first data row, data rows, periods across, notes)`, counted by hand.
#[test]
fn the_classic_exports_of_the_corpus_are_cut_right() {
    let cases = [
        ("o001_分省月度数据 (1).csv", 4, 31, 3, 2),
        ("o003_分省年度数据.csv", 4, 31, 19, 2),
        ("o004_分省年度数据 (2).csv", 4, 31, 20, 2),
        ("o005_季度数据.csv", 3, 11, 6, 5),
        ("o006_主要城市年度数据.csv", 4, 13, 20, 1),
        ("o009_分省年度数据.csv", 3, 21, 9, 2),
        ("o010_分省年度数据_6.csv", 3, 31, 15, 2),
        ("o022_河南.csv", 4, 4, 36, 1),
    ];
    for (file, first, rows, periods, notes) in cases {
        let Some(grid) = corpus(file) else { return };
        let (table, problems) =
            layout(&grid, &columns("item = 指标 / 地区"), &plain(Across::Period), &Place::file(file));
        assert_eq!(problems, [], "{file}");
        let table = table.expect(file);
        assert_eq!(
            (table.body.first().copied(), table.body.len(), table.across.len(), table.rows.notes),
            (Some(first), rows, periods, notes),
            "{file}"
        );
        assert_eq!(table.rows.total(), grid.len(), "{file}");
        let found = discover(&grid);
        assert_eq!((body(&found), found.across), ((Some(first), rows), Some(Across::Period)), "{file}");
    }
}

#[test]
fn the_corpus_export_with_time_in_rows_is_cut_right() {
    let Some(grid) = corpus("o002_月度数据.csv") else { return };
    let (table, problems) = layout(&grid, &columns("time = 时间"), &plain(Across::Indicator), &Place::file("o002"));
    assert_eq!(problems, []);
    let table = table.expect("a table");
    assert_eq!((table.body.first(), table.body.len(), table.across.len()), (Some(&3), 50, 11));
    let last = &table.across[10];
    assert_eq!(last.meaning, Meaning::Indicator { name: "进口总值当期值".into() });
    assert_eq!(last.unit.as_deref(), Some("千美元"));
    let found = discover(&grid);
    assert_eq!((found.across, found.periods_down, found.rows.len()), (Some(Across::Indicator), Some(0), 50));
}
