//! Units and number formats: which unit a figure is in, whoever says it.

use read::{Expect, Limits, grid::Grid};
use rust_xlsxwriter::{Format, Workbook};
use vocab::number::{self, Cell, Symbols};
use vocab::unit::{self, Own};
use vocab::{Place, computed};

use crate::cli::bare;
use crate::quarantine::{Site, published};
use crate::support::exports::{at, gb18030, record, unicode, xls, xlsx, zipped};
use crate::support::{finish, finished};

/// `row / column = value unit` of every figure in the sheets of a file.
fn figures(name: &str, bytes: &[u8]) -> Vec<String> {
    let (book, problems) = read::read(name, bytes, &Expect::default(), &Limits::default());
    let book = book.unwrap_or_else(|| panic!("{name}: {problems:?}"));
    book.sheets.iter().flat_map(of_grid).collect()
}

fn of_grid(grid: &Grid) -> Vec<String> {
    let tables = layout::discover(grid, &Place::file("f"));
    let shown = |table: &layout::Discovery| -> Vec<String> {
        let figures = table.cells().filter(|cell| cell.value.is_some() && cell.of_column.title != "序号");
        let line = |cell: layout::DataCell<'_>| {
            let unit = cell.unit.unwrap_or_else(|| "?".to_owned());
            format!("{} / {} = {} {unit}", cell.of_row.label, cell.of_column.title, cell.value.unwrap_or_default())
        };
        figures.map(line).collect()
    };
    tables.iter().flat_map(shown).collect()
}

/// Of a CSV with this text.
fn of_csv(text: &str) -> Vec<String> {
    figures("t.csv", text.as_bytes())
}

/// A sheet of a workbook: a heading over each column, and one row of numbers with their formats.
fn workbook(above: &[&str], columns: &[(&str, f64, &str)]) -> Vec<u8> {
    xlsx(|workbook: &mut Workbook| {
        let sheet = workbook.add_worksheet();
        for (row, line) in (0..).zip(above) {
            sheet.write(row, 0, *line).expect("a line");
        }
        let header = u32::try_from(above.len()).expect("few lines");
        sheet.write(header, 0, "地区").expect("a heading");
        for (row, region) in [(1, "甲县"), (2, "乙县")] {
            sheet.write(header + row, 0, region).expect("a region");
            for (column, (heading, value, format)) in (1..).zip(columns) {
                sheet.write(header, column, *heading).expect("a heading");
                let format = Format::new().set_num_format(*format);
                sheet.write_with_format(header + row, column, *value, &format).expect("a figure");
            }
        }
    })
}

fn of_workbook(above: &[&str], columns: &[(&str, f64, &str)]) -> Vec<String> {
    let figures = figures("t.xlsx", &workbook(above, columns));
    figures.into_iter().filter(|line| line.starts_with("甲县")).collect()
}

// ---- units by grammar ----

#[test]
fn a_unit_may_be_put_together_of_power_base_and_what_it_is_divided_by() {
    for (written, name, canonical, numerator, denominator) in [
        ("百亿千焦", "百亿千焦", "j", 10_000_000_000_000, 1),
        ("万千瓦特", "万千瓦", "w", 10_000_000, 1),
        ("床", "床", "units", 1, 1),
        ("万床", "万床", "units", 10_000, 1),
        ("亿吨公里", "亿吨公里", "kgkm", 100_000_000_000, 1),
        ("亿人公里", "亿人公里", "personkm", 100_000_000, 1),
        ("万标准箱", "万标准箱", "units", 10_000, 1),
        ("百户", "百户", "units", 100, 1),
        ("十亿立方米", "十亿立方米", "l", 1_000_000_000_000, 1),
        ("10000 t", "万吨", "g", 10_000_000_000, 1),
        ("100 million yuan", "亿元", "fen", 10_000_000_000, 1),
        ("亿元/平方公里", "亿元/平方公里", "microyuan_per_mu", 200_000_000_000, 3),
        ("万元／公顷", "万元/公顷", "microyuan_per_mu", 2_000_000_000, 3),
        ("元每千瓦时", "元/千瓦时", "microyuan_per_kwh", 1_000_000, 1),
        ("千瓦时/万元", "千瓦时/万元", "microkwh_per_wanyuan", 1_000_000, 1),
        ("公斤/亩", "千克/亩", "microg_per_mu", 1_000_000_000, 1),
        ("人/平方公里", "人/平方公里", "microperson_per_mu", 2_000, 3),
        ("平方米/人", "平方米/人", "micromu_per_person", 1_500, 1),
        ("辆/百户", "辆/百户", "microunit_per_unit", 10_000, 1),
        ("张/千人", "张/千人", "microunit_per_person", 1_000, 1),
        ("万吨/年", "万吨/年", "microg_per_year", 10_000_000_000_000_000, 1),
        ("元/百元", "元/百元", "micro", 10_000, 1),
        ("1978年＝100", "1978年=100", "micro", 10_000, 1),
        ("以2015年为100", "2015年=100", "micro", 10_000, 1),
        ("去年同期=100", "上年同期=100", "micro", 10_000, 1),
        ("同比±%", "%", "micro", 10_000, 1),
        ("(比上年增长％)", "%", "micro", 10_000, 1),
    ] {
        let unit = unit::known(written).unwrap_or_else(|| panic!("{written} is not known"));
        let found = (unit.name, unit.dimension.canonical(), unit.numerator, unit.denominator);
        assert_eq!(found, (name, canonical, numerator, denominator), "{written}");
        assert!(std::ptr::eq(unit, unit::known(unit.name).expect("its own name")), "{written}: one unit, one place");
        let named = unit::Dimension::of_name(&format!("x_{canonical}")).expect("a name that ends in it");
        assert_eq!(named.canonical(), canonical, "{written}");
    }
    for unknown in
        ["万万元", "百货", "元/", "/亩", "元/亩/年", "万", "每人", "1月", "百分", "2018年", "亿%", "年", "户/村委会"]
    {
        assert_eq!(unit::known(unknown), None, "{unknown}");
    }
}

#[test]
fn one_yi_per_square_kilometre_is_a_yi_for_fifteen_hundred_mu() {
    let unit = unit::known("亿元/平方公里").expect("known");
    let Cell::Value(value) = number::parse("12.5", &Symbols::default()) else { panic!("a number") };
    // 12.5 亿元 / 1 500 亩 = 833 333.333333… 元/亩.
    assert_eq!(computed::nearest(value, unit), Some(833_333_333_333));
}

// ---- a column that is not in the unit of the table ----

#[test]
fn counting_words_growth_and_shares_do_not_take_the_unit_over_the_table() {
    assert_eq!(
        of_csv("2018年厂房\n单位：万平方米\n地区,合计,,新建,\n,幢,面积,幢,面积\n甲,10,2.5,3,1.5\n乙,20,3.5,4,1.25\n"),
        [
            "甲 / 合计 / 幢 = 10 幢",
            "甲 / 合计 / 面积 = 2.5 万平方米",
            "甲 / 新建 / 幢 = 3 幢",
            "甲 / 新建 / 面积 = 1.5 万平方米",
            "乙 / 合计 / 幢 = 20 幢",
            "乙 / 合计 / 面积 = 3.5 万平方米",
            "乙 / 新建 / 幢 = 4 幢",
            "乙 / 新建 / 面积 = 1.25 万平方米",
        ]
    );
    assert_eq!(
        of_csv(
            "2018年工业\n单位：亿元\n行业,总产值,比上年增长％,同比增长,占全市比重,企业数,上年同期\n煤炭,50,3.5,3.5,0.4,12,48\n"
        ),
        [
            "煤炭 / 总产值 = 50 亿元",
            "煤炭 / 比上年增长％ = 3.5 %",
            "煤炭 / 同比增长 = 3.5 ?",
            "煤炭 / 占全市比重 = 0.4 ?",
            "煤炭 / 企业数 = 12 ?",
            "煤炭 / 上年同期 = 48 亿元",
        ]
    );
    assert_eq!(
        of_csv(
            "2018年科技\n单位：万元\n地区,研发支出,专利授权数(件),#发明,技术合同成交额,#输出,企业数,#小型\n甲,1,2,3,4,5,6,7\n"
        ),
        [
            "甲 / 研发支出 = 1 万元",
            "甲 / 专利授权数(件) = 2 件",
            "甲 / #发明 = 3 件",
            "甲 / 技术合同成交额 = 4 万元",
            "甲 / #输出 = 5 万元",
            "甲 / 企业数 = 6 ?",
            "甲 / #小型 = 7 ?",
        ]
    );
}

#[test]
fn rows_of_growth_and_counts_do_not_take_it_either_and_running_numbers_are_no_figures() {
    assert_eq!(
        of_csv(
            "2018年工业\n单位：亿元\n序号,指标,本年\n1,营业收入,5\n2,比上年增长％,3.5\n3,资产负债率,50\n4,企业单位数,12\n5,从业人员工资,7\n"
        ),
        [
            "营业收入 / 本年 = 5 亿元",
            "比上年增长％ / 本年 = 3.5 %",
            "资产负债率 / 本年 = 50 ?",
            "企业单位数 / 本年 = 12 ?",
            "从业人员工资 / 本年 = 7 亿元",
        ]
    );
}

#[test]
fn words_of_amounts_stay_in_the_unit_of_the_table() {
    let money = unit::known("万元").expect("a unit");
    for amount in ["增加值", "增长额", "预算数", "期末数", "工资总额", "效率工资", "营业收入", "同期", "其他"]
    {
        assert!(Own::of(amount).is_none_or(|own| own.may_be_in(money)), "{amount}");
    }
    for (heading, own) in [
        ("占地面积", Own::Area),
        ("销售额", Own::Money),
        ("完成年度目标", Own::Rate),
        ("完成计划比例", Own::Rate),
        ("比年初", Own::Change),
        ("占全区", Own::Rate),
        ("比上年", Own::Change),
        ("产值（万元）增长", Own::Rate),
        ("万元产值能耗", Own::Each),
        ("工业用电", Own::Physical),
        ("签约项目", Own::Things),
        ("排位", Own::Number),
        ("销售额", Own::Money),
        ("周转天数", Own::Physical),
        ("涨跌幅", Own::Rate),
        ("每百元营业收入中的成本", Own::Each),
        ("增速", Own::Rate),
        ("资产负债率", Own::Rate),
        ("价格指数", Own::Rate),
        ("企业单位数", Own::Things),
        ("从业人员", Own::Persons),
        ("序号", Own::Number),
        ("排名", Own::Number),
    ] {
        assert_eq!(Own::of(heading), Some(own), "{heading}");
    }
    // Under a heading of money, persons are those who got it.
    assert_eq!(Own::of_column(["工资总额", "在岗职工"].into_iter()), None);
    assert_eq!(Own::of_column(["比上年增长", "绝对额"].into_iter()), None);
    assert_eq!(Own::of_column(["单位数", "本年"].into_iter()), Some(Own::Things));
    assert_eq!(Own::of_column(["增长速度", "利润总额"].into_iter()), Some(Own::Rate));
}

#[test]
fn of_a_bilingual_heading_the_chinese_unit_holds() {
    assert_eq!(
        of_csv(
            "2018年科技\n地区,专利申请数,利润\n,(项),(亿元)\n,Patents,Profits\n,(unit),(100 million yuan)\n甲,5,6\n"
        ),
        ["甲 / 专利申请数(项) = 5 项", "甲 / 利润(亿元) = 6 亿元"]
    );
}

#[test]
fn the_unit_is_found_wherever_the_file_states_it() {
    for text in [
        "数据库：分省年度\n指标：年末常住人口(万人)\n地区,2018年,2017年\n甲省,218.5,217.5\n",
        "年末常住人口（万人）\n地区,2018年,2017年\n甲省,218.5,217.5\n",
        "年末常住人口\n地区,2018年,2017年\n甲省,218.5,217.5\n注：单位：万人，按抽样调查推算。\n",
        "年末常住人口\n地区,2018年,2017年\n甲省,218.5,217.5\n计量单位：万人\n",
    ] {
        assert_eq!(of_csv(text), ["甲省 / 2018年 = 218.5 万人", "甲省 / 2017年 = 217.5 万人"], "{text}");
    }
}

#[test]
fn a_column_of_units_that_says_none_leaves_the_unit_to_the_label() {
    assert_eq!(
        of_csv(
            "2018年指标\n指标,单位,数值\n生产总值指数(上年=100),无,106.5\n人均可支配收入(元),元/人,125\n城镇化率(%),/,51.5\n"
        ),
        [
            "生产总值指数(上年=100) / 数值 = 106.5 上年=100",
            "人均可支配收入(元) / 数值 = 125 元/人",
            "城镇化率(%) / 数值 = 51.5 %",
        ]
    );
}

// ---- number formats ----

#[test]
fn a_percent_format_shows_a_hundred_times_the_value() {
    let above = ["2018年各县工业", "单位：亿元"];
    for (heading, value, format, shown) in [
        ("增速(%)", 0.083, "0.0%", "8.3 %"),
        ("增速", 0.083, "0.00%", "8.3 %"),
        ("增速", -0.125, "0%;[Red]-0%", "-12.5 %"),
        ("增速", 8.3, "0.0\"%\"", "8.3 %"),
        ("增速", 8.3, "0.0\\%", "8.3 %"),
        ("比重", 0.3333333333333333, "0.0%", "33.3333333333333 %"),
        ("增加值", 10.5, "#,##0.00", "10.5 亿元"),
    ] {
        let columns = [("增加值", 10.5, "General"), (heading, value, format)];
        let columns = if heading == "增加值" { &columns[1..] } else { &columns[..] };
        let figures = of_workbook(&above, columns);
        assert_eq!(figures.last(), Some(&format!("甲县 / {heading} = {shown}")), "{heading} {format}");
    }
}

#[test]
fn formats_that_show_ten_thousands_are_read_as_they_are_shown() {
    let headed = |heading: &str, stated: &str, value: f64, format: &str| {
        let lines = ["2018年各县工业", stated];
        let lines = if stated.is_empty() { &lines[..1] } else { &lines[..] };
        of_workbook(lines, &[(heading, value, format)]).remove(0)
    };
    let with = |stated: &str, value: f64, format: &str| headed("增加值", stated, value, format);
    for format in ["0!.0,", "0\\.0,", "0\".\"0,", "0!.0000", "0!.0,\"万元\"", "0\".\"0,\"万元\""] {
        assert_eq!(with("单位：万元", 123456.0, format), "甲县 / 增加值 = 12.3456 万元", "{format}");
    }
    assert_eq!(with("单位：百万元", 12345678.0, "0.00,,"), "甲县 / 增加值 = 12.345678 百万元");
    assert_eq!(with("单位：亿元", 1234567890.0, "0!.00,,"), "甲县 / 增加值 = 12.3456789 亿元");
    assert_eq!(with("", 12.5, "0.0\"万元\""), "甲县 / 增加值 = 12.5 万元");
    assert_eq!(with("", 12.5, "G/通用格式\"亿元\""), "甲县 / 增加值 = 12.5 亿元");
    let of_persons = |value: f64| headed("职工", "单位：人", value, "[>=10000]0!.0,\"万\";0");
    assert_eq!(of_persons(123456.0), "甲县 / 职工 = 12.3456 万人");
    assert_eq!(of_persons(3456.0), "甲县 / 职工 = 3456 人");
    assert_eq!(with("单位：万元", 12.5, "0.0_);(0.0)"), "甲县 / 增加值 = 12.5 万元");
    // Shown and stated are two things, or nobody can say what was meant.
    for (stated, format) in [
        ("单位：元", "0!.0,"),
        ("单位：万元", "0.0\"亿元\""),
        ("单位：亿元", "0.0\"元\""),
        ("单位：万元", "0\\!.0,"),
        ("单位：元", "0.0,\"元\""),
        // The third of all is no three persons.
        ("", "\"第\"0\"名\""),
    ] {
        assert_eq!(with(stated, 123456.0, format).rsplit(' ').next(), Some("?"), "{stated} {format}");
    }
}

#[test]
fn a_heading_in_a_format_of_months_is_a_month() {
    let bytes = xlsx(|workbook| {
        let sheet = workbook.add_worksheet();
        sheet.write(0, 0, "各市工业增加值").expect("a title");
        sheet.write(1, 0, "单位：亿元").expect("a unit");
        sheet.write(2, 0, "地区").expect("a heading");
        for (column, format) in [(1, "yyyy\"年\"m\"月\""), (2, "yyyy-mm"), (3, "[$-804]yyyy\"年\"m\"月\";@")] {
            let day = 43_101.0 + 31.0 * f64::from(column - 1);
            let format = Format::new().set_num_format(format);
            sheet.write_with_format(2, column, day, &format).expect("a month");
            sheet.write(3, column, 1.5).expect("a figure");
        }
        sheet.write(3, 0, "甲市").expect("a region");
    });
    let (book, _) = read::read("t.xlsx", &bytes, &Expect::default(), &Limits::default());
    let grid = &book.expect("a book").sheets[0];
    let periods: Vec<String> = layout::discover(grid, &Place::file("f"))[0]
        .cells()
        .map(|cell| cell.period.expect("a period").to_string())
        .collect();
    assert_eq!(periods, ["2018-01", "2018-02", "2018-03"]);
}

#[test]
fn every_kind_of_workbook_has_the_same_formats() {
    let number = |value: f64| value.to_le_bytes();
    let format = |id: u16, code: &str| record(0x041E, &[&id.to_le_bytes()[..], &unicode(code)].concat());
    let style = |format: u16| record(0x00E0, &[&[0; 2][..], &format.to_le_bytes(), &[0; 16]].concat());
    let text = |row, column, text: &str| record(0x0204, &at(row, column, 0, &unicode(text)));
    let old = xls(
        0x0600,
        &[format(164, "0.0%"), format(165, "0!.0,"), style(0), style(164), style(165)],
        &[
            text(0, 0, "单位：万元"),
            text(1, 0, "地区"),
            text(1, 1, "产值"),
            text(1, 2, "增速"),
            text(2, 0, "甲"),
            record(0x0203, &at(2, 1, 2, &number(123_456.0))),
            record(0x0203, &at(2, 2, 1, &number(0.083))),
        ],
    );
    let open = zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", OPEN)]);
    let expected = ["甲 / 产值 = 12.3456 万元", "甲 / 增速 = 8.3 %"];
    assert_eq!(figures("t.xls", &old), expected);
    assert_eq!(figures("t.ods", &open), expected);
    assert_eq!(figures("t.xml", SPREADSHEET.as_bytes()), expected);
    assert_eq!(figures("t.html", &gb18030(PAGE)), expected);
}

const OPEN: &str = r#"<o:doc xmlns:office="office" xmlns:o="office" xmlns:table="table" xmlns:text="text" xmlns:style="style" xmlns:number="number">
<number:number-style style:name="N1"><number:number number:min-integer-digits="2" number:display-factor="1000"><number:embedded-text number:position="1">.</number:embedded-text></number:number></number:number-style>
<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>
<table:table table:name="S"><table:table-column/><table:table-column table:default-cell-style-name="ce1"/>
<table:table-row><table:table-cell office:value-type="string"><text:p>单位：万元</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>地区</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>产值</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>增速</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>甲</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="123456"><text:p>12.3</text:p></table:table-cell><table:table-cell office:value-type="percentage" office:value="0.083"><text:p>8.3%</text:p></table:table-cell></table:table-row>
</table:table></o:doc>"#;

const SPREADSHEET: &str = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="s1"><NumberFormat ss:Format="0!.0,"/></Style><Style ss:ID="s2"><NumberFormat ss:Format="Percent"/></Style></Styles>
<Worksheet ss:Name="S"><Table>
<Row><Cell><Data ss:Type="String">单位：万元</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">地区</Data></Cell><Cell><Data ss:Type="String">产值</Data></Cell><Cell><Data ss:Type="String">增速</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">甲</Data></Cell><Cell ss:StyleID="s1"><Data ss:Type="Number">123456</Data></Cell><Cell ss:StyleID="s2"><Data ss:Type="Number">0.083</Data></Cell></Row>
</Table></Worksheet></Workbook>"#;

/// As LibreOffice writes a page: what is shown as text, the value beside it.
const PAGE: &str = r#"<html><head><meta charset="gb18030"></head><body><table>
<tr><td>单位：万元</td></tr><tr><td>地区</td><td>产值</td><td>增速</td></tr>
<tr><td>甲</td><td sdval="123456" sdnum="1033;0;0!.0,">12.3</td><td sdval="0.083" sdnum="1033;0;0%">8%</td></tr>
</table></body></html>"#;

#[test]
fn an_indented_label_is_a_part_of_the_one_above() {
    let bytes = xlsx(|workbook| {
        let sheet = workbook.add_worksheet();
        for (row, (label, indent)) in (0..).zip([("指标", 0), ("合计", 0), ("轻工业", 1), ("食品", 2), ("重工业", 1)])
        {
            sheet.write_with_format(row, 0, label, &Format::new().set_indent(indent)).expect("a label");
            sheet.write(row, 1, if row == 0 { "2018年" } else { "1.5" }).expect("a figure");
        }
    });
    let (book, _) = read::read("t.xlsx", &bytes, &Expect::default(), &Limits::default());
    let tables = layout::discover(&book.expect("a book").sheets[0], &Place::file("f"));
    let parents: Vec<(&str, Option<&str>)> =
        tables[0].rows.iter().map(|row| (&*row.label, row.parent.as_deref())).collect();
    let expected = [("合计", None), ("轻工业", Some("合计")), ("食品", Some("轻工业")), ("重工业", Some("合计"))];
    assert_eq!(parents, expected);
}

// ---- computed figures, and how they are written ----

#[test]
fn what_a_formula_left_behind_stands_for_the_nearest_canonical_unit() {
    let canonical = |written: &str, unit: &str| {
        let unit = unit::known(unit).expect("a unit");
        match number::parse(written, &Symbols::default()) {
            Cell::Value(value) => number::to_canonical(value, unit).ok().or_else(|| computed::nearest(value, unit)),
            _ => computed::nearest_of_text(written, unit),
        }
    };
    for (written, unit, value) in [
        ("8.333333333333334", "%", Some(83_333)),
        ("8.33333", "%", Some(83_333)),
        ("105.799999992028", "上年=100", Some(1_058_000)),
        ("-9.09494701772928E-13", "亿元", Some(0)),
        ("5.551115123125783e-17", "亿元", Some(0)),
        ("-9.09E-13", "%", Some(0)),
        ("500.000000000001", "亿元", Some(5_000_000_000_000)),
        ("-5.50999999999994", "亿元", Some(-55_100_000_000)),
        ("3754.32536866178", "万平方米", Some(56_314_880_530)),
        ("8.33333333333333", "万人", Some(83_333)),
        ("500.000000000001", "人", Some(500)),
        // A third of a person, and figures that somebody typed into the wrong unit.
        ("12.3333333333333", "人", None),
        ("1.2345", "元", None),
        ("12.5", "人", None),
        ("0.08333", "%", None),
        ("0.00001", "%", None),
    ] {
        assert_eq!(canonical(written, unit), value, "{written} {unit}");
    }
}

#[test]
fn blanks_between_groups_of_three_digits_are_no_slips() {
    let read = |cell: &str| match number::parse(cell, &Symbols::default()) {
        Cell::Value(value) => value.to_string(),
        other => format!("{other:?}"),
    };
    for (cell, value) in [
        ("51 943", "51943"),
        ("341\u{a0}609", "341609"),
        ("1\u{202f}234\u{202f}567", "1234567"),
        ("-1\u{2009}651", "-1651"),
        ("１　６５１", "1651"),
        ("12 345.5", "12345.5"),
    ] {
        assert_eq!(read(cell), value, "{cell:?}");
    }
    for slip in ["1 7", "21 9745", "1234 567", "1 23", "0 123", "1,234 567", "1  234", "1 234,567", "12 345 67"] {
        assert_eq!(read(slip), "NotANumber", "{slip:?}");
    }
}

// ---- what is told ----

/// A draft is no definition until a person has said what it leaves open.
#[test]
fn check_refuses_a_draft_until_it_is_finished() {
    let site = Site::new();
    let export = site.path("指标.csv");
    std::fs::write(&export, "2018年1-3月指标\n单位：亿元\n指标,数值,占比\n利润,1.5,2.5\n").unwrap();
    let (_, draft, _) = finish(bare(&["inspect", "--lang", "en", "--draft"]).arg(&export));
    assert!(draft.contains("TODO"), "{draft}");
    let path = site.path("config/sources/draft.toml");
    std::fs::write(&path, &draft).unwrap();
    let (code, told, stderr) = finish(&mut site.command(&["check", "--lang", "en"]));
    let told = told + &stderr;
    assert_ne!(code, 0, "{told}");
    let line = 1 + draft.lines().position(|line| line.contains("dataset_name")).expect("a placeholder");
    assert!(told.contains(&format!("sources/draft.toml:{line}: ")), "{told}");
    let finished = finished(&draft);
    assert!(!finished.contains("TODO"), "{finished}");
    std::fs::write(&path, finished).unwrap();
    // The registers of a small sample know few of the enterprises that the definitions' own tests name.
    let (_, told, stderr) = finish(&mut site.command(&["check"]));
    assert!(!(told + &stderr).contains("draft"), "the draft has a test, and passes it");
}

/// What was left out, inferred, restored or recoded is no error, and an auditor asks for it.
#[test]
fn a_run_tells_its_notes_and_publishes_them() {
    let site = Site::new();
    let (code, told, stderr) = finish(&mut site.command(&["run", "--lang", "en"]));
    assert_eq!(code, 0, "{stderr}");
    assert!(told.contains("notes, see quality/problems: C018 ×"), "{told}");
    let problems = published(&site, "quality/problems");
    let notes: Vec<&String> = problems.iter().filter(|row| row.contains("severity=note")).collect();
    assert!(notes.iter().any(|note| note.contains("code=C018") && note.contains(" ×")), "{notes:?}");
}
