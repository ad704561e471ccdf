//! The vocabulary: numbers, units, periods and codes as exports write them.

use proptest::prelude::*;
use vocab::codes::{self, CodeError, UnitNumber};
use vocab::level::Level;
use vocab::number::{self, Cell, Decimal, Inexact, Meaning, Missing, Suffix, Symbols};
use vocab::period::{self, Period, Quarter, Refusal, Span};
use vocab::relative::Relative;
use vocab::unit::{self, Dimension, Unit};

/// Runs every line `input => expected` of a golden table. Inputs are quoted where blanks count.
#[track_caller]
fn golden(table: &str, read: impl Fn(&str) -> String) {
    let mut wrong = String::new();
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (input, expected) = line.rsplit_once("=>").expect("a line of a golden table has =>");
        let input = input.trim().trim_matches('"').replace("\\t", "\t").replace("\\u3000", "\u{3000}");
        let input = input.replace("\\u00a0", "\u{a0}").replace("\\ufeff", "\u{feff}");
        let got = read(&input);
        if got != expected.trim() {
            wrong += &format!("{input:?}: expected {}, got {got}\n", expected.trim());
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn cell_text(cell: Cell) -> String {
    match cell {
        Cell::Value(Decimal { mantissa, scale, suffix, starred }) => {
            let suffix = match suffix {
                Suffix::None => "",
                Suffix::Percent => " percent",
                Suffix::PerMille => " per mille",
                other => panic!("{other:?}: only workbooks say it"),
            };
            format!("{mantissa}e-{scale}{suffix}{}", if starred { " starred" } else { "" })
        }
        Cell::Missing(Missing::Blank) => "blank".to_owned(),
        Cell::Missing(Missing::Unavailable) => "unavailable".to_owned(),
        Cell::Missing(Missing::Small) => "small".to_owned(),
        Cell::Inexact(Inexact::TooPrecise) => "too precise".to_owned(),
        Cell::Inexact(Inexact::OutOfRange) => "out of range".to_owned(),
        Cell::NotANumber => "no".to_owned(),
    }
}

#[test]
fn every_writing_of_a_number_is_read_exactly() {
    let symbols = Symbols::default();
    golden(
        r#"
        0 => 0e-0
        -0 => 0e-0
        007 => 7e-0
        1234 => 1234e-0
        -12.50 => -1250e-2
        1143669.7 => 11436697e-1
        999999999999999999 => 999999999999999999e-0
        9223372036854775807 => 9223372036854775807e-0
        9223372036854775808 => out of range
        123456789012345678901234567890123456789012 => out of range
        0.1234567890123456789 => too precise
        0.1000000000000000000000 => 100000000000000000e-18
        １２３４．５ => 12345e-1
        "　1234　" => 1234e-0
        " 1234\t" => 1234e-0
        \u00a01234\u00a0 => 1234e-0
        \ufeff1234 => 1234e-0
        1,234,567 => 1234567e-0
        1，234，567.89 => 123456789e-2
        １，２３４ => 1234e-0
        -1,234 => -1234e-0
        12,34 => no
        1,2345 => no
        1234,567 => no
        0,123 => no
        ,123 => no
        1,234, => no
        1.234,5 => no
        6.4% => 64e-1 percent
        6.4 ％ => 64e-1 percent
        3‰ => 3e-0 per mille
        5%% => no
        12.3* => 123e-1 starred
        12.3％** => 123e-1 percent starred
        12＊ => 12e-0 starred
        * => no
        % => no
        (12.5) => -125e-1
        （1,200） => -1200e-0
        (5%) => -5e-0 percent
        (-5) => no
        () => no
        (5 => no
        －12 => -12e-0
        −12 => -12e-0
        –12 => no
        +12 => 12e-0
        --12 => no
        - 12 => no
        .5 => 5e-1
        -.5 => -5e-1
        5. => no
        . => no
        1.2.3 => no
        1.5E+07 => 15000000e-0
        1.5e7 => 15000000e-0
        1.5E-3 => 15e-4
        1E18 => 1000000000000000000e-0
        1E19 => out of range
        1E-18 => 1e-18
        1E-19 => too precise
        0E500 => 0e-0
        1E => no
        1E+ => no
        E5 => no
        1E5.5 => no
        #123 => no
        12O3 => no
        约500 => no
        500左右 => no
        1 234 => 1234e-0
        1 23 => no
        6.4个百分点 => 64e-1 percent
        1/2 => no
        ¥12 => no
        '12 => no
        0x1F => no
        inf => no
        一百 => no
        ٣ => no
        "#,
        |input| cell_text(number::parse(input, &symbols)),
    );
}

#[test]
fn symbols_that_mean_no_value_are_known() {
    let symbols = Symbols::default();
    golden(
        r#"
        "" => blank
        "　 \t" => blank
        - => unavailable
        － => unavailable
        " — " => unavailable
        —— => unavailable
        -- => unavailable
        … => unavailable
        …… => unavailable
        ... => unavailable
        .. => unavailable
        / => unavailable
        N/A => unavailable
        na => unavailable
        null => unavailable
        #N/A => unavailable
        空 => unavailable
        --- => no
        #REF! => no
        "#,
        |input| cell_text(number::parse(input, &symbols)),
    );
}

#[test]
fn a_profile_says_what_its_symbols_mean() {
    let symbols = Symbols::default()
        .with("—", Meaning::Zero)
        .and_then(|symbols| symbols.with("…", Meaning::Small))
        .and_then(|symbols| symbols.with("保密", Meaning::Unavailable))
        .expect("none of them is a number");
    assert_eq!(number::parse(" — ", &symbols), Cell::Value(Decimal::new(0, 0)));
    assert_eq!(number::parse("…", &symbols), Cell::Missing(Missing::Small));
    assert_eq!(number::parse("保密", &symbols), Cell::Missing(Missing::Unavailable));
    assert_eq!(number::parse("-", &symbols), Cell::Missing(Missing::Unavailable));
    assert_eq!(number::parse("-1", &symbols), Cell::Value(Decimal::new(-1, 0)));
}

#[test]
fn a_number_cannot_be_declared_a_symbol() {
    assert!(Symbols::default().with("９９９９", Meaning::Unavailable).is_err());
    assert!(Symbols::default().with("0", Meaning::Unavailable).is_err());
}

#[test]
fn values_become_whole_canonical_units_or_are_refused() {
    let symbols = Symbols::default();
    golden(
        "
        1234 千元 => 123400000 fen
        12.34567 千元 => 1234567 fen
        12.345678 千元 => too precise
        12.34567800 千元 => too precise
        12.34567000 千元 => 1234567 fen
        1143669.7 亿元 => 11436697000000000 fen
        922337203.7 亿元 => out of range
        0.01 元 => 1 fen
        0.001 元 => too precise
        3758.25 平方公里 => 5637375000000 micromu
        1 公顷 => 15000000 micromu
        12.3456 公顷 => 185184000 micromu
        666.67 平方米 => 1000005 micromu
        1.5 亩 => 1500000 micromu
        60000.12 吨标准煤 => 60000120000 gce
        12.34 万千瓦时 => 123400000 wh
        -6.4 % => -64000 micro
        105.2 上年同期=100 => 1052000 micro
        105.2 上年同月=100 => 1052000 micro
        4.8 百万美元 => 480000000 cent
        480 万人 => 4800000 persons
        2.5 人 => too precise
        12 家 => 12 units
        26890.08 元/平方米 => 26890080000 microyuan_per_m2
        15 万元/亩 => 150000000000 microyuan_per_mu
        0.4321 吨标准煤/万元 => 432100 microtce_per_wanyuan
        ",
        |input| {
            let (value, label) = input.split_once(' ').expect("value and unit");
            let unit = unit::parse(label).expect("a known unit");
            let Cell::Value(value) = number::parse(value, &symbols) else { return "no number".to_owned() };
            match number::to_canonical(value, unit) {
                Ok(value) => format!("{value} {}", unit.dimension.canonical()),
                Err(Inexact::TooPrecise) => "too precise".to_owned(),
                Err(Inexact::OutOfRange) => "out of range".to_owned(),
            }
        },
    );
}

#[test]
fn a_factor_may_be_a_fraction() {
    let third = Unit {
        name: "三分之一",
        aliases: &[],
        dimension: Dimension::Count,
        numerator: 1,
        denominator: 3,
        decimals: [0; 8],
    };
    assert_eq!(number::to_canonical(Decimal::new(12, 0), &third), Ok(4));
    assert_eq!(number::to_canonical(Decimal::new(12, 1), &third), Err(Inexact::TooPrecise));
    assert_eq!(number::to_canonical(Decimal::new(120, 1), &third), Ok(4));
}

#[test]
fn units_are_known_under_their_usual_writings() {
    golden(
        "
        千元 => 千元
        （千元） => 千元
        【万元】 => 万元
        单位：万元 => 万元
        (单位: 亿元) => 亿元
        计量单位：吨标准煤 => 吨标准煤
        金额单位：人民币千元 => 千元
        亿 元 => 亿元
        KM2 => 平方公里
        平方千米 => 平方公里
        万平方米 => 万平方米
        ％ => %
        (％) => %
        上年同期＝100 => 上年同期=100
        (上年同月=100) => 上年同月=100
        以上年为100 => 上年=100
        kgce => 千克标准煤
        台(套) => 套
        (台(套)) => 套
        元／平方米 => 元/平方米
        千美元 => 千美元
        ",
        |input| unit::parse(input).map_or_else(|_| "unknown".to_owned(), |unit| unit.name.to_owned()),
    );
}

#[test]
fn an_unknown_unit_names_the_nearest_ones() {
    let nearest =
        |label| -> Vec<&str> { unit::parse(label).expect_err("unknown").iter().map(|unit| unit.name).collect() };
    assert!(nearest("百亿园").contains(&"百亿元"));
    assert_eq!(nearest("万吨标准媒").first(), Some(&"万吨标准煤"));
    assert_eq!(nearest("英尺"), Vec::<&str>::new());
}

#[test]
fn no_two_units_share_a_name() {
    let mut names: Vec<&str> =
        unit::ALL.iter().flat_map(|unit| [unit.name].into_iter().chain(unit.aliases.iter().copied())).collect();
    for name in &names {
        assert_eq!(unit::parse(name).ok().map(|unit| unit.numerator > 0 && unit.denominator > 0), Some(true), "{name}");
    }
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn a_label_is_split_at_the_bracket_that_holds_its_unit() {
    golden(
        "
        国内生产总值当季值(亿元) => 国内生产总值当季值 | 亿元
        增加值(不变价)当季值(亿元) => 增加值(不变价)当季值 | 亿元
        国内生产总值（现价）（亿元） => 国内生产总值（现价） | 亿元
        65岁及以上人口数(人口抽样调查)(人) => 65岁及以上人口数(人口抽样调查) | 人
        居民消费价格指数(上年同月=100) => 居民消费价格指数 | 上年同月=100
        国内生产总值指数(1978年=100) => 国内生产总值指数 | 1978年=100
        综合能源消费量(吨标准煤)(当量值) => 综合能源消费量(当量值) | 吨标准煤
        面积（平方公里） => 面积 | 平方公里
        地方财政一般公共预算支出 (亿元) => 地方财政一般公共预算支出 | 亿元
        营业收入（单位：千元） => 营业收入 | 千元
        工业增加值累计增长(％) => 工业增加值累计增长 | %
        平板玻璃产量(万重量箱) => 平板玻璃产量 | 万重量箱
        草编产量(万筐) => 草编产量 | 万筐
        石油制品(不含成品油) => 石油制品(不含成品油) | -
        工业总产值 => 工业总产值 | -
        出口总值当期值(千美元) => 出口总值当期值 | 千美元
        注释(1) => 注释(1) | -
        半个(亿元 => 半个(亿元 | -
        ",
        |input| {
            let (name, unit) = unit::split_label(input);
            format!("{name} | {}", unit.unwrap_or_else(|| "-".to_owned()))
        },
    );
}

fn refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotAPeriod => "no period",
        Refusal::TwoDigitYear => "two-digit year",
        Refusal::OneDigitAfterPoint => "one digit after point",
        Refusal::NoYear => "no year",
        Refusal::NoSuchDate => "no such date",
        Refusal::NotFromJanuary => "not from January",
    }
}

#[test]
fn every_period_label_is_read_or_refused_with_the_reason() {
    golden(
        r#"
        2018年第四季度 => 2018Q4
        2018年四季度 => 2018Q4
        2018年4季度 => 2018Q4
        2018年第 4 季度 => 2018Q4
        2018年Ⅳ季度 => 2018Q4
        2018四季度 => 2018Q4
        2018Q4 => 2018Q4
        2018q4 => 2018Q4
        2018-Q4 => 2018Q4
        2018 Q4 => 2018Q4
        2018年Q4 => 2018Q4
        ２０１８年第一季度 => 2018Q1
        2000年A => 2000Q1
        2019D => 2019Q4
        2019E => no period
        2018Q5 => no such date
        2018年第五季度 => no period
        2018年1-12月 => 2018-01/12
        2018年1—12月 => 2018-01/12
        2018年1－12月 => 2018-01/12
        2018年1–12月 => 2018-01/12
        2018年1~12月 => 2018-01/12
        2018年1～12月 => 2018-01/12
        2018年1至12月 => 2018-01/12
        ２０１８年１－１２月 => 2018-01/12
        2018 年 1 - 3 月 => 2018-01/03
        2018年01-03月 => 2018-01/03
        2018年1月-12月 => 2018-01/12
        2018年1月-2018年12月 => 2018-01/12
        2018年1月-2019年12月 => no period
        2018年1-2月份 => 2018-01/02
        2018年1-6月累计 => 2018-01/06
        2018年12月累计 => 2018-01/12
        2018年前11个月 => 2018-01/11
        2018年2-3月 => not from January
        2018年1-13月 => no such date
        2018.01-12 => 2018-01/12
        2018.01-2018.12 => 2018-01/12
        2018年12月 => 2018-12
        2018年6月份 => 2018-06
        2018年6月末 => 2018-06
        2018.12 => 2018-12
        2018.06 => 2018-06
        2018-12 => 2018-12
        2018-6 => 2018-06
        2018/06 => 2018-06
        201812 => 2018-12
        2018年13月 => no such date
        201813 => no such date
        2018-00 => no such date
        2018年 => 2018
        2018年度 => 2018
        2018年末 => 2018
        2018年全年 => 2018
        2018 => 2018
        " 2018年\t" => 2018
        2018年上半年 => 2018-01/06
        2018上半年 => 2018-01/06
        2018年1-3季度 => 2018-01/09
        2018年一至三季度 => 2018-01/09
        2018年前三季度 => 2018-01/09
        2018年前3季度 => 2018-01/09
        2018年前两季度 => 2018-01/06
        2018年第1-4季度 => 2018-01/12
        2018年二至三季度 => not from January
        2018年下半年 => not from January
        2018-06-30 => 2018-06-30
        2018/6/30 => 2018-06-30
        20180630 => 2018-06-30
        2018.6.30 => 2018-06-30
        2018年6月30日 => 2018-06-30
        2018-06-30 00:00:00 => 2018-06-30
        2018-06-30T00:00:00 => 2018-06-30
        2018-06-30 12:30:00 => no period
        2016-02-29 => 2016-02-29
        2018-02-29 => no such date
        20180631 => no such date
        2018-06/30 => no period
        2016.1 => one digit after point
        2016.2 => one digit after point
        2018.1-12 => one digit after point
        18年6月 => two-digit year
        18.12 => two-digit year
        18Q4 => two-digit year
        18-06-30 => two-digit year
        18年 => two-digit year
        一季度 => no year
        第四季度 => no year
        1-3月 => no year
        12月 => no year
        上半年 => no year
        Q3 => no year
        2018 12 => no period
        20181 => no period
        18 => no period
        410100 => no period
        1899年 => no period
        2018年至2019年 => no period
        2018-2019 => no period
        最近36个月 => no period
        2016- => no period
        指标 => no period
        "" => no period
        2018年1-本月 => no period
        河南省2018年国民经济和社会发展统计公报全文以及附表与注释说明 => no period
        "#,
        |input| match period::parse(input) {
            Ok(period) => period.to_string(),
            Err(reason) => refusal(reason).to_owned(),
        },
    );
}

#[test]
fn a_label_without_a_year_takes_the_year_named_elsewhere() {
    golden(
        "
        一季度 => 2018Q1
        第3季度 => 2018Q3
        1-9月 => 2018-01/09
        6月 => 2018-06
        上半年 => 2018-01/06
        前三季度 => 2018-01/09
        首季 => 2018Q1
        今年1-9月 => 2018-01/09
        前两个月 => 2018-01/02
        头十一个月 => 2018-01/11
        2017年6月 => 2017-06
        年报 => no period
        A => no period
        2017B => 2017Q2
        ",
        |input| match period::parse_in_year(input, 2018) {
            Ok(period) => period.to_string(),
            Err(reason) => refusal(reason).to_owned(),
        },
    );
}

#[test]
fn a_heading_may_name_its_time_by_that_of_the_table() {
    golden(
        "
        本月 => 2018-06
        本月产值（万元） => 2018-06
        1—本月 => 2018-01/06
        产值（累计） => 2018-01/06
        本月止累计 => 2018-01/06
        累计增长% => 2018-01/06
        本季 => 2018Q2
        上年同期 => earlier
        上年同期数 => earlier
        产值_上年同期 => earlier
        上年末存款余额 => earlier
        上年 => earlier
        年初余额 => earlier
        产值 => of the table
        比上年同期增长（%） => of the table
        上年同期增长% => of the table
        上年同期=100 => of the table
        上年结转 => of the table
        上年结转收入 => of the table
        去年累计 => earlier
        去年本月止 => earlier
        年初以来 => 2018-01/06
        累计折旧 => of the table
        历年累计 => of the table
        比上月 => of the table
        ",
        |input| match Relative::of(input).map(|said| said.within(Period::YearToDate { year: 2018, month: 6 })) {
            Some(Some(period)) => period.to_string(),
            Some(None) => "earlier".to_owned(),
            None => "of the table".to_owned(),
        },
    );
}

#[test]
fn a_span_holds_its_quarters_and_is_open_without_a_bound() {
    let q = |text: &str| Quarter::parse(text).expect("a quarter");
    let span = |from: &str, to: &str| Span { from: Quarter::parse(from), to: Quarter::parse(to) };
    let one = span("2018Q2", "2018Q4");
    assert!(one.holds(q("2018Q2")) && one.holds(q("2018Q4")) && !one.holds(q("2018Q1")) && !one.holds(q("2019Q1")));
    assert!(Span::default().holds(q("1900Q1")) && span("", "2018Q4").holds(q("1900Q1")));
    assert!(one.meets(span("2018Q4", "")) && !one.meets(span("2019Q1", "")) && !span("2019Q1", "").meets(one));
    assert!(
        one.ends_before(Some(q("2019Q1")))
            && !one.ends_before(None)
            && !span("2018Q2", "").ends_before(Some(q("2019Q1")))
    );
    assert!(
        one.ends_after(Some(q("2018Q3"))) && !one.ends_after(None) && span("2018Q2", "").ends_after(Some(q("2019Q1")))
    );
    assert_eq!(one.with(span("2017Q1", "2018Q3")), span("2017Q1", "2018Q4"));
    assert_eq!(one.with(Span::default()), Span::default());
    assert_eq!(one.within(span("2017Q1", "2018Q3")), span("2018Q2", "2018Q3"));
    assert_eq!(one.within(Span::default()), one);
    for span in [one, span("", "2018Q4"), span("2018Q2", ""), Span::default(), Span::only(q("2018Q2"))] {
        let (from, to) = span.columns();
        assert_eq!(Span::of_columns(from, to), span);
    }
    assert_eq!([one.to_string(), span("", "2018Q4").to_string()], ["2018Q2–2018Q4", "–2018Q4"]);
}

#[test]
fn a_period_knows_its_quarters() {
    let q = |text: &str| Quarter::parse(text).expect("a quarter");
    let read = |label: &str| period::parse(label).expect("a period");
    assert_eq!(read("2018年1-9月").quarter_end(), Some(q("2018Q3")));
    assert_eq!(read("2018年").quarter_end(), Some(q("2018Q4")));
    assert_eq!(read("2018年11月").quarter_end(), None);
    assert_eq!(read("2018年11月").quarter(), q("2018Q4"));
    assert_eq!(read("2018-06-30").quarter_end(), Some(q("2018Q2")));
    assert_eq!(read("2018-06-29").quarter_end(), None);
    assert!(read("2018年1-9月").covers(q("2018Q2")));
    assert!(!read("2018年1-9月").covers(q("2018Q4")));
    assert!(!read("2018年6月").covers(q("2018Q2")));
    assert!(read("2018年上半年").is_cumulative() && read("2018年").is_cumulative());
    assert!(!read("2018年一季度").is_cumulative());
    assert_eq!(q("2018Q1").plus(-1), Some(q("2017Q4")));
    assert_eq!(q("2019Q2").since(q("2018Q4")), 2);
    assert_eq!(q("2018-Q4").sdmx(), "2018-Q4");
    assert_eq!(q("2018Q4").last_day().to_string(), "2018-12-31");
    assert_eq!(
        q("2018Q3").to(q("2019Q1")).map(|quarter| quarter.to_string()).collect::<Vec<_>>(),
        ["2018Q3", "2018Q4", "2019Q1"]
    );
    assert_eq!("2018年第四季度".parse::<Quarter>(), Err(Refusal::NotAPeriod));
    assert_eq!(q("2018Q3").of_year(), q("2018Q1")..=q("2018Q4"));
    assert_eq!(q("2018Q3").each_year_after(2016).collect::<Vec<_>>(), [q("2017Q3"), q("2018Q3")]);
    assert_eq!(q("2018Q3").each_year_after(2018).next(), None);
    assert_eq!(Quarter::of_column(q("2018Q3").column()), Some(q("2018Q3")));
    assert_eq!(Quarter::of_column(i64::MAX), None);
}

#[test]
fn periods_are_found_in_titles_and_file_names() {
    golden(
        "
        2018年1-3月规模以上工业企业财务状况（B203表） => 2018-01/03 (2018年1-3月)
        B203财务状况_2018年1-3月_20180423.csv => 2018-01/03 (2018年1-3月), 2018-04-23 (20180423)
        河南省2018年第四季度国民经济 => 2018Q4 (2018年第四季度)
        2018 年 6 月末集聚区 => 2018-06 (2018 年 6 月末)
        国民经济行业分类（GB/T 4754-2017） =>
        410100郑州市 =>
        2018年河南统计年鉴 => 2018 (2018年)
        ",
        |input| {
            let found = period::find_all(input);
            found.iter().map(|(period, text)| format!("{period} ({text})")).collect::<Vec<_>>().join(", ")
        },
    );
}

#[test]
fn enterprise_codes_are_checked_and_joined_on_the_organisation_code() {
    golden(
        r#"
        91350100M000100Y43 => M000100Y4
        91410000170001401D => 170001401
        9144030071526726XG => 71526726X
        9144030071526726xg => 71526726X
        "　９１４４０３００７１５２６７２６ＸＧ " => 71526726X
        71526726X => 71526726X
        71526726-X => 71526726X
        71526726－x => 71526726X
        71526726-B => 71526726B
        170001401 => 170001401
        17000140-1 => 170001401
        17000140-2 => check
        170001411 => check
        71526726-Y => malformed
        91410000170001401E => check
        91410000170001410D => check
        91410000I70001401D => malformed
        9141000017000140 => malformed
        91410000170001401D0 => malformed
        9141 0000170001401D => malformed
        9.141E+17 => malformed
        000000000000000000 => malformed
        00000000-0 => malformed
        00000000-B => malformed
        "" => malformed
        - => malformed
        郑州某某有限公司 => malformed
        某某某某某某 => malformed
        "#,
        |input| match codes::unit_code(input) {
            Ok(code) => String::from_utf8_lossy(&code).into_owned(),
            Err(CodeError::CheckCharacter) => "check".to_owned(),
            Err(CodeError::Malformed) => "malformed".to_owned(),
        },
    );
}

#[test]
fn an_organisation_code_comes_back_from_its_number() {
    for code in ["00000001X", "MA3X12340", "ZZZZZZZZZ"] {
        assert_eq!(UnitNumber::of(code).map(UnitNumber::code).as_deref(), Some(code));
    }
    assert_eq!(UnitNumber::of("12345678-9"), None);
}

#[test]
fn levels_have_words_and_an_order() {
    assert_eq!(Level::words(&Level::ALL), ["park", "county", "city_net", "city", "province"]);
    assert!(Level::ALL.is_sorted());
    assert!(Level::ALL.into_iter().all(|level| Level::parse(level.as_str()) == Some(level)));
    assert_eq!(Level::parse("parks"), None);
}

#[test]
fn industry_codes_get_their_leading_zero_back_where_only_one_reading_is_possible() {
    golden(
        r#"
        0610 => 0610 / 06
        610 => 0610 / 06 repaired
        ９３２ => 0932 / 09 repaired
        6 => 06 / 06 repaired
        06 => 06 / 06
        13 => 13 / 13
        1310 => 1310 / 13
        "　1310 " => 1310 / 13
        061 => 061 / 06
        131 => malformed
        0 => malformed
        0000 => malformed
        C13 => malformed
        13100 => malformed
        610.0 => malformed
        "" => malformed
        "#,
        |input| match codes::industry(input) {
            Ok(code) => {
                format!("{} / {}{}", code.as_str(), code.division(), if code.repaired { " repaired" } else { "" })
            }
            Err(_) => "malformed".to_owned(),
        },
    );
}

#[test]
fn region_codes_become_six_digits() {
    golden(
        "
        410100 => 410100
        ４１０１００ => 410100
        4101 => 410100
        41 => 410000
        410105001 => 410105
        410105001002 => 410105
        41010 => malformed
        041010 => malformed
        郑州市 => malformed
        ",
        |input| codes::region(input).map_or_else(|_| "malformed".to_owned(), |code| code.to_string()),
    );
}

proptest! {
    #[test]
    fn any_decimal_survives_every_writing(mantissa in -999_999_999_999_i64..=999_999_999_999, scale in 0_u8..6) {
        let symbols = Symbols::default();
        let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = usize::from(scale) + 1);
        let (whole, fraction) = digits.split_at(digits.len() - usize::from(scale));
        let point = if scale > 0 { format!(".{fraction}") } else { String::new() };
        let grouped: String = whole
            .char_indices()
            .flat_map(|(at, c)| [(at > 0 && (whole.len() - at) % 3 == 0).then_some(','), Some(c)])
            .flatten()
            .collect();
        let full_width: String = format!("{whole}{point}")
            .chars()
            .map(|c| char::from_u32(c as u32 + 0xfee0).expect("full width"))
            .collect();
        let minus = if mantissa < 0 { "-" } else { "" };
        let expected = Cell::Value(Decimal::new(mantissa, scale));
        for text in [
            format!("{minus}{whole}{point}"),
            format!("\u{3000}{minus}{whole}{point}\t"),
            format!("{minus}{grouped}{point}"),
            format!("{minus}{full_width}"),
            if mantissa < 0 { format!("（{grouped}{point}）") } else { format!("+{whole}{point}") },
        ] {
            prop_assert_eq!(number::parse(&text, &symbols), expected, "{}", text);
        }
    }

    #[test]
    fn the_short_way_agrees_with_the_long_way(text in "-?[0-9.]{1,20}") {
        let symbols = Symbols::default();
        // A blank before the number keeps it off the short way.
        prop_assert_eq!(number::parse(&text, &symbols), number::parse(&format!(" {text}"), &symbols));
    }

    #[test]
    fn bytes_near_the_digits_are_no_digits(text in "[-./:;0-9A]{1,9}") {
        let symbols = Symbols::default();
        prop_assert_eq!(number::parse(&text, &symbols), number::parse(&format!(" {text}"), &symbols));
    }

    #[test]
    fn whole_numbers_are_what_they_say(value in any::<i64>(), shift in 0_u32..63) {
        let value = value.max(-i64::MAX) >> shift;
        prop_assert_eq!(number::parse(&value.to_string(), &Symbols::default()), Cell::Value(Decimal::new(value, 0)));
    }

    #[test]
    fn no_text_makes_a_parser_fail(text in "\\PC{0,40}") {
        let symbols = Symbols::default();
        let _ = number::parse(&text, &symbols);
        let _ = period::parse(&text);
        let _ = period::parse_in_year(&text, 2018);
        let _ = period::find_all(&text);
        let _ = unit::parse(&text);
        let _ = unit::split_label(&text);
        let _ = codes::unit_code(&text);
        let _ = codes::industry(&text);
        let _ = codes::region(&text);
    }

    #[test]
    fn no_text_like_a_label_makes_a_parser_fail(text in "[0-9０-９年月日季度第一二三四前上半—.\\-()（）Qq/ 　,%*E元亿万=]{0,40}") {
        let symbols = Symbols::default();
        let _ = number::parse(&text, &symbols);
        let _ = period::parse(&text);
        let _ = period::find_all(&text);
        let _ = unit::split_label(&text);
        let _ = codes::unit_code(&text);
    }

    #[test]
    fn scaling_is_exact_or_refused(mantissa in any::<i64>(), scale in 0_u8..=18, at in 0..unit::ALL.len()) {
        let unit = &unit::ALL[at];
        let exact = i128::from(mantissa) * i128::from(unit.numerator);
        let below = 10_i128.pow(u32::from(scale)) * i128::from(unit.denominator);
        match number::to_canonical(Decimal::new(mantissa, scale), unit) {
            Ok(value) => prop_assert_eq!(i128::from(value) * below, exact),
            Err(Inexact::TooPrecise) => prop_assert!(exact % below != 0),
            Err(Inexact::OutOfRange) => prop_assert!(i64::try_from(exact / below).is_err()),
        }
    }

    #[test]
    fn a_quarter_reads_back_what_it_writes(index in 1900 * 4..2199 * 4_i32, step in -400..400_i32) {
        let quarter = Quarter::from_index(index).expect("in range");
        prop_assert_eq!(Quarter::parse(&quarter.to_string()), Some(quarter));
        prop_assert_eq!(Quarter::parse(&quarter.sdmx()), Some(quarter));
        prop_assert_eq!(quarter.index(), index);
        if let Some(later) = quarter.plus(step) {
            prop_assert_eq!(later.since(quarter), step);
            prop_assert_eq!(later.plus(-step), Some(quarter));
            prop_assert_eq!(later > quarter, step > 0);
        }
    }

    #[test]
    fn a_month_ends_on_its_last_day(year in 1901_u16..2199, month in 1_u8..=12) {
        let last = Period::Month { year, month }.last_day();
        prop_assert_eq!((last.month().unsigned_abs(), last.tomorrow().expect("a day").day()), (month, 1));
        prop_assert_eq!(period::day_of_number(period::day_to_number(last)), Some(last));
        prop_assert_eq!(Quarter::of_day(last), Period::Day(last).quarter());
        let quarter_end = Period::Month { year, month }.quarter_end().is_some();
        prop_assert_eq!(quarter_end, month % 3 == 0);
    }

    #[test]
    fn one_mistyped_character_never_passes(at in 0_usize..18, to in 0_usize..31) {
        let alphabet = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
        let mut code = *b"9144030071526726XG";
        prop_assume!(code[at] != alphabet[to]);
        code[at] = alphabet[to];
        let typed = String::from_utf8(code.to_vec()).expect("ASCII");
        prop_assert_eq!(codes::unit_code(&typed), Err(CodeError::CheckCharacter));
    }
}
