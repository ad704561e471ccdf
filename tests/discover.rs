//! What is seen in a sheet without a declaration: which tables there are, and what each cell is.

use read::grid::{Grid, Merge};
use vocab::Place;

use crate::support::{is_slow, not_run};

/// A grid from lines of cells parted by `|`; `_` is a blank that counts.
fn grid(text: &str) -> Grid {
    let mut grid = Grid::new("s");
    for (index, line) in text.trim_matches('\n').lines().enumerate() {
        let line = line.trim();
        if !line.is_empty() {
            line.split('|').for_each(|cell| grid.push_cell(&cell.trim_matches(' ').replace('_', " ")));
        }
        grid.end_row(index as u32 + 1);
    }
    grid
}

/// Every data cell: `table R4C2 row label ‹ parent [group] / column = value unit @ period`, and every problem.
fn seen(grid: &Grid) -> String {
    let mut lines = Vec::new();
    for (table, found) in layout::discover(grid, &Place::file("f")).iter().enumerate() {
        for cell in found.cells() {
            let parent = cell.of_row.parent.as_ref().map(|parent| format!(" ‹ {parent}")).unwrap_or_default();
            let group = cell.of_row.group.as_ref().map(|group| format!(" [{group}]")).unwrap_or_default();
            let value = if cell.missing { "missing" } else { cell.value.as_deref().unwrap_or(cell.text) };
            let unit = cell.unit.map(|unit| format!(" {unit}")).unwrap_or_default();
            let period = cell.period.map(|period| format!(" @ {period}")).unwrap_or_default();
            lines.push(format!(
                "{} R{}C{} {}{parent}{group} / {} = {value}{unit}{period}",
                table + 1,
                cell.row,
                cell.column,
                cell.of_row.label,
                cell.of_column.title
            ));
        }
        lines.extend(found.problems.iter().map(|problem| {
            let value = problem.value.as_ref().map(|value| format!(" `{value}`")).unwrap_or_default();
            let expected = if problem.expected.is_empty() {
                String::new()
            } else {
                format!(" → {}", problem.expected.join(", "))
            };
            format!("{} {}{value}{expected}", problem.rule.code, problem.place)
        }));
    }
    lines.join("\n")
}

fn check(sheet: &str, expected: &str) {
    check_grid(&grid(sheet), expected);
}

fn check_grid(grid: &Grid, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(seen(grid), expected.join("\n"), "\n{}", seen(grid));
}

#[test]
fn pages_stacked_under_each_other_are_tables_of_their_own() {
    check(
        "
        7-5 分地区收入
        单位：亿元
        地区 | 增值税 | 所得税
        甲市 | 30.5 | 7
        乙市 | 20 | …

        7-5 续表
        单位：万元
        地区 | 印花税
        甲市 | 3
        ",
        "
        1 R4C2 甲市 / 增值税 = 30.5 亿元
        1 R4C3 甲市 / 所得税 = 7 亿元
        1 R5C2 乙市 / 增值税 = 20 亿元
        1 R5C3 乙市 / 所得税 = missing 亿元
        2 R10C2 甲市 / 印花税 = 3 万元
        ",
    );
}

#[test]
fn a_continuation_to_the_right_may_be_out_of_step() {
    check(
        "
        5-4 研发活动 | | | | 5-4 续表
        | | | | 地区 | 新产品
        地区 | 人员(人) | 经费(万元) | | 全省 | 43.5
        全省 | 9 | 4 | | 甲市 | 20
        甲市 | 5 | 3 | | 乙市 | 11
        乙市 | 4 | 1 | | 丙市 | 12
        丙市 | 3 | 2
        ",
        "
        1 R4C2 全省 / 人员(人) = 9 人
        1 R4C3 全省 / 经费(万元) = 4 万元
        1 R5C2 甲市 / 人员(人) = 5 人
        1 R5C3 甲市 / 经费(万元) = 3 万元
        1 R6C2 乙市 / 人员(人) = 4 人
        1 R6C3 乙市 / 经费(万元) = 1 万元
        1 R7C2 丙市 / 人员(人) = 3 人
        1 R7C3 丙市 / 经费(万元) = 2 万元
        2 R3C6 全省 / 新产品 = 43.5
        2 R4C6 甲市 / 新产品 = 20
        2 R5C6 乙市 / 新产品 = 11
        2 R6C6 丙市 / 新产品 = 12
        ",
    );
}

#[test]
fn figures_beside_and_below_a_table_are_not_read_as_part_of_it() {
    check(
        "
        指标 | 2018年 | 2017年
        产值(亿元) | 12.5 | 11
        利润(亿元) | 1.5 | 1.1
        税金(亿元) | 0.5 | 0.4
        注：初步数。

        2018Q1 | 3.1
        2018Q2 | 3.2
        ",
        "
        1 R2C2 产值(亿元) / 2018年 = 12.5 亿元 @ 2018
        1 R2C3 产值(亿元) / 2017年 = 11 亿元 @ 2017
        1 R3C2 利润(亿元) / 2018年 = 1.5 亿元 @ 2018
        1 R3C3 利润(亿元) / 2017年 = 1.1 亿元 @ 2017
        1 R4C2 税金(亿元) / 2018年 = 0.5 亿元 @ 2018
        1 R4C3 税金(亿元) / 2017年 = 0.4 亿元 @ 2017
        2 R7C2 2018Q1 /  = 3.1 @ 2018Q1
        2 R8C2 2018Q2 /  = 3.2 @ 2018Q2
        L014 f:R7
        ",
    );
}

#[test]
fn attributes_of_series_stand_in_header_rows() {
    check(
        "
        指标 | GDP累计 | 增速当期 | 指数
        地区 | 全国 | 全国 | 全国
        频度 | 季 | 月 | 月
        单位 | 亿元 | % | -
        2018-05 | | 6.8 | 101
        2018-06 | 425997.9 | 6.0 | 102
        ",
        "
        1 R5C2 2018-05 / GDP累计 = missing 亿元 @ 2018-01/05
        1 R5C3 2018-05 / 增速当期 = 6.8 % @ 2018-05
        1 R5C4 2018-05 / 指数 = 101 @ 2018-05
        1 R6C2 2018-06 / GDP累计 = 425997.9 亿元 @ 2018-01/06
        1 R6C3 2018-06 / 增速当期 = 6.0 % @ 2018-06
        1 R6C4 2018-06 / 指数 = 102 @ 2018-06
        ",
    );
}

#[test]
fn headings_broken_over_rows_are_put_together_and_the_chinese_names_the_column() {
    check(
        "
        地区 | Region | 企业数 | 主营业
        | | (个) | 务收入
        | | Number of | Revenue
        | | Enterprises | from
        甲市 | Jia | 728 | 1185.6
        乙市 | Yi | 30 | 77.5
        ",
        "
        1 R5C2 甲市 / Region = Jia
        1 R5C3 甲市 / 企业数(个) = 728 个
        1 R5C4 甲市 / 主营业务收入 = 1185.6
        1 R6C2 乙市 / Region = Yi
        1 R6C3 乙市 / 企业数(个) = 30 个
        1 R6C4 乙市 / 主营业务收入 = 77.5
        ",
    );
}

#[test]
fn parts_know_the_row_they_are_a_part_of() {
    check(
        "
        指标 | 2018年
        总计(万元) | 10
        其中：国有(万元) | 4
        #私营(万元) | 3
        __中部(万元) | 2
        ",
        "
        1 R2C2 总计(万元) / 2018年 = 10 万元 @ 2018
        1 R3C2 其中：国有(万元) ‹ 总计(万元) / 2018年 = 4 万元 @ 2018
        1 R4C2 #私营(万元) ‹ 总计(万元) / 2018年 = 3 万元 @ 2018
        1 R5C2 中部(万元) ‹ 总计(万元) / 2018年 = 2 万元 @ 2018
        ",
    );
}

#[test]
fn a_row_of_one_key_and_value_is_the_group_of_those_below() {
    check(
        "
        指标 | 2018年1月 | 2018年2月
        地区：甲市
        发电量(亿千瓦时) | 1 | 2
        地区：乙市
        发电量(亿千瓦时) | 3 | 4
        ",
        "
        1 R3C2 发电量(亿千瓦时) [甲市] / 2018年1月 = 1 亿千瓦时 @ 2018-01
        1 R3C3 发电量(亿千瓦时) [甲市] / 2018年2月 = 2 亿千瓦时 @ 2018-02
        1 R5C2 发电量(亿千瓦时) [乙市] / 2018年1月 = 3 亿千瓦时 @ 2018-01
        1 R5C3 发电量(亿千瓦时) [乙市] / 2018年2月 = 4 亿千瓦时 @ 2018-02
        ",
    );
}

#[test]
fn a_month_whose_zero_was_lost_is_inferred_or_left_open() {
    check(
        "
        地区 | 2016.09 | 2016.1 | 2016.11 | 2017.1
        甲市 | 1.5 | 2.5 | 3.5 | 4.5
        ",
        "
        1 R2C2 甲市 / 2016.09 = 1.5 @ 2016-09
        1 R2C3 甲市 / 2016.1 = 2.5 @ 2016-10
        1 R2C4 甲市 / 2016.11 = 3.5 @ 2016-11
        1 R2C5 甲市 / 2017.1 = 4.5
        L015 f:R1C3 `2016.1` → 2016-10
        L008 f:R1C5 `2017.1` → 2017-01, 2017-10
        ",
    );
}

#[test]
fn units_of_rows_stand_in_their_own_column() {
    check(
        "
        指标 | 单位 | 2018年
        产值 | 亿元 | 12.5
        用地 | 公顷 | 3
        ",
        "
        1 R2C2 产值 / 单位 = 亿元
        1 R2C3 产值 / 2018年 = 12.5 亿元 @ 2018
        1 R3C2 用地 / 单位 = 公顷
        1 R3C3 用地 / 2018年 = 3 公顷 @ 2018
        ",
    );
}

#[test]
fn units_that_contradict_one_another_are_told_with_the_ratio() {
    check(
        "
        项目 | 本年(亿元)
        厂房(万元) | 12.5
        道路 | 3.5
        ",
        "
        1 R2C2 厂房(万元) / 本年(亿元) = 12.5
        1 R3C2 道路 / 本年(亿元) = 3.5 亿元
        L016 f:R2C2 `亿元 = 10000 × 万元` → 亿元
        ",
    );
}

#[test]
fn of_several_units_over_a_table_none_is_chosen() {
    check(
        "
        单位：个，亿元
        地区 | 企业数 | 收入
        甲市 | 7 | 3.5
        乙市 | 8 | 4.5
        ",
        "
        1 R3C2 甲市 / 企业数 = 7
        1 R3C3 甲市 / 收入 = 3.5
        1 R4C2 乙市 / 企业数 = 8
        1 R4C3 乙市 / 收入 = 4.5
        L013 f:R1 `个，亿元`
        ",
    );
}

#[test]
fn years_down_and_quarters_across_make_quarters() {
    check(
        "
        年份 | 一季度 | 二季度
        2017年 | 1.5 | 2.5
        2018年 | 3.5 | 4.5
        ",
        "
        1 R2C2 2017年 / 一季度 = 1.5 @ 2017Q1
        1 R2C3 2017年 / 二季度 = 2.5 @ 2017Q2
        1 R3C2 2018年 / 一季度 = 3.5 @ 2018Q1
        1 R3C3 2018年 / 二季度 = 4.5 @ 2018Q2
        ",
    );
}

#[test]
fn figures_without_a_header_are_told() {
    check(
        "
        甲市 | 1.5 | 2.5
        乙市 | 3.5 | 4.5
        ",
        "
        1 R1C2 甲市 /  = 1.5
        1 R1C3 甲市 /  = 2.5
        1 R2C2 乙市 /  = 3.5
        1 R2C3 乙市 /  = 4.5
        L014 f:R1
        ",
    );
}

#[test]
fn the_second_half_of_a_list_beside_the_first_is_a_table_of_its_own() {
    check(
        "
        地区 | 产值 | | 地区 | 产值
        甲市 | 1.5 | | 丙市 | 3.5
        乙市 | 2.5 | | 丁市 | 4.5
        ",
        "
        1 R2C2 甲市 / 产值 = 1.5
        1 R3C2 乙市 / 产值 = 2.5
        2 R2C5 丙市 / 产值 = 3.5
        2 R3C5 丁市 / 产值 = 4.5
        ",
    );
}

#[test]
fn parts_of_a_year_take_the_year_over_the_table_or_beside_them() {
    check(
        "
        2018年主要指标
        地区 | 1-2月 | 3月
        甲市 | 1.5 | 2.5
        ",
        "
        1 R3C2 甲市 / 1-2月 = 1.5 @ 2018-01/02
        1 R3C3 甲市 / 3月 = 2.5 @ 2018-03
        ",
    );
    check(
        "
        年份 | 季度 | 产值
        2018 | 1 | 1.5
        2018 | 2 | 2.5
        ",
        "
        1 R2C2 2018 / 季度 = 1 @ 2018Q1
        1 R2C3 2018 / 产值 = 1.5 @ 2018Q1
        1 R3C2 2018 / 季度 = 2 @ 2018Q2
        1 R3C3 2018 / 产值 = 2.5 @ 2018Q2
        ",
    );
}

/// The tables of a sheet: `header rows / rows of data`, each table in its line.
fn extents(sheet: &str) -> String {
    let grid = grid(sheet);
    let tables = layout::discover(&grid, &Place::file("f"));
    let shown = tables.iter().map(|found| {
        let header = found.header.clone().map(|row| format!("R{}", found.grid.row(row).number)).collect::<Vec<_>>();
        let rows = found.rows.iter().map(|row| format!("R{}", found.grid.row(row.row).number)).collect::<Vec<_>>();
        format!("{} / {}", header.join(" "), rows.join(" "))
    });
    shown.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_figure_that_looks_like_a_year_or_a_month_is_a_figure_in_its_row() {
    for body in [
        "2001 | 1873.1 | 12
         2002 | 1910.3 |
         2003 | 1962.2 | -
         2004 | 2279.7 | 15",
        "甲县 | 12 | 300
         乙县 | 2016 |
         丙县 | 2018 | …
         丁县 | 20 | 500",
        "甲县 | 2015.2 | 2042.5
         乙县 | 2016 | 2017
         丙县 | 1200 | 1300
         丁县 | 2018.11 | 2018.12",
    ] {
        assert_eq!(extents(&format!("地区 | 户数 | 人数\n{body}")), "R1 / R2 R3 R4 R5");
    }
}

#[test]
fn rows_under_groups_of_headings_may_begin_with_figures_that_look_like_years() {
    let sheet = "
        地区 | 工业 | | 农业 |
        | 户数 | 人数 | 户数 | 人数
        甲市 | 2016 | 2017 | 2018 | 2019
        乙市 | 3 | 4 | 5 | 6
        ";
    assert_eq!(extents(sheet), "R1 R2 / R3 R4");
}

#[test]
fn a_row_that_says_the_same_of_every_column_is_a_row() {
    for word in ["停产", "保密", "尚未纳入统计"] {
        let sheet = format!(
            "
            企业 | 产值 | 税金
            甲公司 | 12 | 3
            乙公司 | {word} | {word}
            丙公司 | 14 | 5

            丁公司 | {word} | {word}
            戊公司 | 15 | 6
            "
        );
        assert_eq!(extents(&sheet), "R1 / R2 R3 R4 R6 R7");
    }
}

#[test]
fn a_list_may_begin_with_many_rows_without_figures() {
    let idle: String = (0..20).map(|n| format!("第{n}号企业 | 停产 | 停产\n")).collect();
    let found = layout::discover(&grid(&format!("企业 | 产值 | 税金\n{idle}甲公司 | 12 | 3")), &Place::file("f"));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].header.clone(), found[0].rows.len()), (0..1, 21));
}

#[test]
fn headings_of_years_below_a_table_begin_another_one() {
    let sheet = "
        地区 | 2016 | 2017
        甲市 | 1.5 | 2.5
        乙市 | 3.5 | 4.5
        地区 | 2018 | 2019
        甲市 | 5.5 | 6.5

        市县名 | 增加值 | 利润
        甲市 | 5.5 | 6.5
        ";
    assert_eq!(extents(sheet), "R1 / R2 R3\nR4 / R5\nR7 / R8");
    let titled = sheet.replace("市县名", "7-5 续表\n市县名");
    assert_eq!(extents(&titled), "R1 / R2 R3\nR4 / R5\nR8 / R9");
}

#[test]
fn prices_of_about_two_thousand_are_no_periods() {
    check(
        "
        年份 | 年平均价格(元/吨) | 本年
        2015 | 2001 | 1999
        2016 | 2012 | 2003
        ",
        "
        1 R2C2 2015 / 年平均价格(元/吨) = 2001 元/吨 @ 2015
        1 R2C3 2015 / 本年 = 1999 @ 2015
        1 R3C2 2016 / 年平均价格(元/吨) = 2012 元/吨 @ 2016
        1 R3C3 2016 / 本年 = 2003 @ 2016
        ",
    );
}

#[test]
fn a_column_without_figures_cuts_no_table() {
    let wide = "
        项目 | Item | 原煤 | 型煤 | 焦炭 | 原油 | 汽油
        | | (万吨) | (万吨) | (万吨) | (万吨) | (万吨)
        | | Coal | Briquettes | Coke | Oil | Gasoline
        供给 | Supply | 155.8 | | -6.7 | | 124.8
        生产 | Production | 603.1 | | 1.5
        进口 | Import | 2.1 | | 1.2 | | 3.3
        消费 | Consumption | 150.2 | | 5.5 | | 121.9
        ";
    assert_eq!(extents(wide), "R1 R2 R3 / R4 R5 R6 R7");
    let blank = "
        地区 | 产值 | 税金 | | 利润 | 备注 | 用地
        甲市 | 1 | 2 | | 3 | | 4
        乙市 | 1 | 2 | | 3 | | 4
        丙市 | 1 | 2 | | 3 | | 4
        ";
    assert_eq!(extents(blank), "R1 / R2 R3 R4");
    let repeated = "
        地区 | 产值 | 地区 | 产值 | 用地
        甲市 | 1 | | 3 | 4
        乙市 | 1 | | 3 | 4
        丙市 | 1 | | 3 | 4
        ";
    assert_eq!(extents(repeated), "R1 / R2 R3 R4");
}

#[test]
fn headings_that_are_merged_or_left_blank_are_those_of_the_columns_they_stand_over() {
    let mut sheet = grid(
        "
        地区 | 产值 | | | 税金
        | 2016 | 2017 | 2018 | 2016 | 2017 | 2018
        甲市 | 1 | 2 | 3 | 4 | 5 | 6
        ",
    );
    for (row, column, rows, columns) in [(0, 0, 2, 1), (0, 1, 1, 3), (0, 4, 1, 3)] {
        sheet.push_merge(Merge { row, column, rows, columns });
    }
    check_grid(
        &sheet,
        "
        1 R3C2 甲市 / 产值 = 1 @ 2016
        1 R3C3 甲市 / 产值 = 2 @ 2017
        1 R3C4 甲市 / 产值 = 3 @ 2018
        1 R3C5 甲市 / 税金 = 4 @ 2016
        1 R3C6 甲市 / 税金 = 5 @ 2017
        1 R3C7 甲市 / 税金 = 6 @ 2018
        ",
    );
}

#[test]
fn years_under_a_blank_corner_are_periods() {
    check(
        "
        | 甲市 | 乙市
        2016 | 11.5 | 12.5
        2017 | 1.5 | 2.5
        ",
        "
        1 R2C2 2016 / 甲市 = 11.5 @ 2016
        1 R2C3 2016 / 乙市 = 12.5 @ 2016
        1 R3C2 2017 / 甲市 = 1.5 @ 2017
        1 R3C3 2017 / 乙市 = 2.5 @ 2017
        ",
    );
    check(
        "
        Year | GDP(亿元)
        2016 | 11.5
        2016 | 12.5
        ",
        "
        1 R2C2 2016 / GDP(亿元) = 11.5 亿元 @ 2016
        1 R3C2 2016 / GDP(亿元) = 12.5 亿元 @ 2016
        ",
    );
}

#[test]
fn figures_of_the_first_column_are_no_names_of_rows_where_its_heading_measures_them() {
    check(
        "
        2016年 | 2017年
        11.5 | 12.5
        ",
        "
        1 R2C1  / 2016年 = 11.5 @ 2016
        1 R2C2  / 2017年 = 12.5 @ 2017
        ",
    );
    check(
        "
        产值(亿元) | 税金(亿元) | 地区
        11.5 | 12.5 | 甲市
        ",
        "
        1 R2C1 甲市 / 产值(亿元) = 11.5 亿元
        1 R2C2 甲市 / 税金(亿元) = 12.5 亿元
        ",
    );
}

#[test]
fn names_of_header_rows_are_no_headings() {
    check(
        "
        指标名称 | 小麦 | | 玉米
        频率 | | | 月
        单位 | 元 | | %
        | 本期 | 上期 | 本期
        2018-01 | 206 | 400 | 101
        ",
        "
        1 R5C2 2018-01 / 小麦 / 本期 = 206 元 @ 2018-01
        1 R5C3 2018-01 / 小麦 / 上期 = 400
        1 R5C4 2018-01 / 玉米本期 = 101 % @ 2018-01
        ",
    );
}

#[test]
fn a_name_merged_over_rows_names_each_of_them() {
    let mut sheet = grid(
        "
        地区 | 类别 | 产值
        甲市 | 国有 | 1.5
        | 私营 | 2.5
        乙市 | 国有 | 3.5
        ",
    );
    sheet.push_merge(Merge { row: 1, column: 0, rows: 2, columns: 1 });
    check_grid(
        &sheet,
        "
        1 R2C2 甲市 / 类别 = 国有
        1 R2C3 甲市 / 产值 = 1.5
        1 R3C2 甲市 / 类别 = 私营
        1 R3C3 甲市 / 产值 = 2.5
        1 R4C2 乙市 / 类别 = 国有
        1 R4C3 乙市 / 产值 = 3.5
        ",
    );
}

/// The period and the caption of each table of a sheet.
fn stated(sheet: &str) -> Vec<(Option<String>, Option<String>)> {
    let tables = layout::discover(&grid(sheet), &Place::file("f"));
    tables.into_iter().map(|found| (found.caption, found.period)).collect()
}

#[test]
fn a_title_may_say_its_year_in_brackets_or_behind_a_dash() {
    for (title, period) in [
        ("表13.2 主要指标（2012）", Some("2012")),
        ("主要指标 (2018)", Some("2018")),
        ("6-3 能源平衡表(实物量)-2007", Some("2007")),
        ("能源平衡表——2018", Some("2018")),
        ("主要指标 2016-2018", None),
        ("主要指标2016-2018年", None),
        ("2016—2018年主要指标", None),
        ("2016年至2018年主要指标", None),
        ("2018年下半年主要指标", None),
        ("分行业指标(GB/T 4754-2017)", None),
        ("指标(2017)与指标(2018)", None),
        ("主要指标（1234）", None),
        ("2018年上半年主要指标", Some("2018年上半年")),
    ] {
        let found = stated(&format!("{title}\n地区 | 产值\n甲市 | 1.5"));
        assert_eq!(found, [(Some(title.to_owned()), period.map(str::to_owned))], "{title}");
    }
}

#[test]
fn the_period_of_a_table_is_that_of_its_continuation() {
    let sheet = "
        7-5 收入（2018）
        地区 | 增值税
        甲市 | 30.5
        a) 含转移支付。

        7-5 续表
        地区 | 印花税
        甲市 | 3
        ";
    let both = (Some("7-5 收入（2018）".to_owned()), Some("2018".to_owned()));
    assert_eq!(stated(sheet), [both.clone(), both]);
}

#[test]
fn the_day_on_which_something_happened_is_no_period_of_its_row() {
    let sheet = "
        项目 | 开始时间 | 成立年份 | 投资(万元)
        甲 | 2017-01-05 | 2011 | 5
        乙 | 2018-02-05 | 2012 | 6
        ";
    let found = layout::discover(&grid(sheet), &Place::file("f")).remove(0);
    assert!(found.cells().all(|cell| cell.period.is_none()));
}

#[test]
fn a_quarterly_value_in_a_month_that_ends_no_quarter_has_no_period() {
    check(
        "
        指标 | 产值 | 指数
        频度 | 季 | 月
        2018-05 | 7.5 | 101
        2018-06 | 8.5 | 102
        ",
        "
        1 R3C2 2018-05 / 产值 = 7.5
        1 R3C3 2018-05 / 指数 = 101 @ 2018-05
        1 R4C2 2018-06 / 产值 = 8.5 @ 2018Q2
        1 R4C3 2018-06 / 指数 = 102 @ 2018-06
        L041 f:R3C2 `产值 ×1`
        ",
    );
}

#[test]
fn a_heading_of_time_that_is_not_understood_is_told() {
    check(
        "
        地区 | 2018年三季度末 | 二〇一七年四季度 | 2018年下半年
        甲市 | 1.5 | 2.5 | 3.5
        ",
        "
        1 R2C2 甲市 / 2018年三季度末 = 1.5 @ 2018Q3
        1 R2C3 甲市 / 二〇一七年四季度 = 2.5 @ 2017Q4
        1 R2C4 甲市 / 2018年下半年 = 3.5
        L008 f:R1C4 `2018年下半年`
        ",
    );
}

#[test]
fn quarters_across_years_take_the_year_of_their_row_and_not_that_over_the_table() {
    check(
        "
        2019年编
        年份 | 一季度 | 全年
        2017 | 1.5 | 2.5
        ",
        "
        1 R3C2 2017 / 一季度 = 1.5 @ 2017Q1
        1 R3C3 2017 / 全年 = 2.5 @ 2017
        ",
    );
}

#[test]
fn a_name_that_ends_like_a_heading_is_a_name() {
    let sheet = "
        园区 | 户数 | 人数
        合计 | 12.5 | 3
        经济开发区 | 2016 | 2020
        一、其他

        合资企业 | 停产 | 在建
        城郊园区 | 14 | 5
        ";
    assert_eq!(extents(sheet), "R1 / R2 R3 R4 R6 R7");
    let apart = "
        园区 | 2014 | 2015
        东区 | 12.5 | 3

        市(州)别 | 2016 | 2017
        东区 | 14 | 5
        ";
    assert_eq!(extents(apart), "R1 / R2\nR4 / R5");
}

/// Rows of the kinds whose cutting grew with the square of their number: texts beside blanks, and numbers that look like years.
fn many_rows(rows: usize) -> Grid {
    let row = |n: usize| match n % 5 {
        0 => format!("a{n} | b{n} | | c{n} | | {n} | x"),
        1 => format!("a{} | b{} | | | | | x", n % 97, n % 89),
        2 => format!("a{n} | | | | | {} |", 1900 + n % 200),
        3 => format!("a{n} | | | c{n} | | 停产 |"),
        _ => format!("| b{n} | | | | | {}", n % 3),
    };
    let body: Vec<String> = (0..rows).map(row).collect();
    grid(&format!("甲 | 乙 | | 名称 | | 序 | 备注\n{}", body.join("\n")))
}

#[test]
fn twelve_times_the_rows_take_about_twelve_times_as_long() {
    if !is_slow() {
        return not_run("the growth of cutting a sheet", "MUJUN_SLOW is not set");
    }
    let seconds = |rows: usize| {
        let grid = many_rows(rows);
        let start = std::time::Instant::now();
        assert!(!layout::discover(&grid, &Place::file("f")).is_empty());
        start.elapsed().as_secs_f64()
    };
    let (few, many) = (seconds(16_000), seconds(200_000));
    assert!(many < few * 50.0, "{few} s for 16 000 rows, {many} s for 200 000");
}
