//! What one export says of itself is believed only if it is what the definition expects: region, base, basis, range.

use std::collections::BTreeMap;
use std::fs;

use config::{Config, ConfigError};
use store::parquet;

use crate::cases::ingest;
use crate::quarantine::Site;
use crate::support::{finish, folder, root, run_sample, sample, tree};

const PROVINCE: &str = "规模以上工业增加值_季度_20180720.csv";
const PRICES: &str = "分行业工业生产者出厂价格指数_20180716.csv";

/// The province's series with these lines over it and these labels of its two rows.
fn series(over: &str, value: &str, growth: &str) -> String {
    format!(
        "数据库：分省季度数据\n{over}时间：最近2季度\n指标,2018年第二季度,2018年第一季度\n\
         {value}(亿元),380.34,179.26\n{growth},6.7,6.6\n数据来源：国家统计局\n"
    )
}

const VALUE: &str = "规模以上工业增加值累计值";
const GROWTH: &str = "规模以上工业增加值累计增长(%)";

/// Price indices with this line in the place of the base, three divisions with these cells, and this last line.
fn prices(base: &str, cells: &[&str], last: &str) -> String {
    let divisions = ["06", "38", "44"].iter().zip(cells).map(|(code, cells)| format!("{code},示例,{cells}\n"));
    format!(
        "分行业工业生产者出厂价格指数\n{base}\n行业大类代码,行业大类名称,2018年1-6月,2018年1-3月\n{}{last}\n",
        divisions.collect::<String>()
    )
}

const USUAL: [&str; 3] = ["103.2,103.0", "99.6,99.7", "100.2,100.1"];

/// Codes of problems, each once.
fn codes(problems: &[String]) -> Vec<&str> {
    let mut codes: Vec<&str> = problems.iter().filter_map(|line| line.split(' ').next()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// What an export that is not believed gives: no facts, and a problem with what it says and where.
fn refused(id: &str, file: &str, text: &str, problem: &str) {
    let (facts, problems) = ingest(id, file, text);
    assert_eq!(facts.rows(), 0, "{text}\n{problems:?}");
    assert!(problems.iter().any(|line| line.contains(problem)), "`{problem}` for\n{text}\n{problems:?}");
}

#[test]
fn a_series_of_another_region_is_refused_wherever_it_says_so() {
    for (over, file, problem) in [
        ("地区：山东省\n", PROVINCE, ":R2C1 `山东省` → 410000 河南省"),
        ("地区：,山东\n", PROVINCE, ":R2C2 `山东` → 410000 河南省"),
        ("地区：郑州市\n", PROVINCE, ":R2C1 `郑州市` → 410000 河南省"),
        ("地区：郑州\n", PROVINCE, ":R2C1 `郑州` → 410000 河南省"),
        ("地区：河南省郑州市\n", PROVINCE, ":R2C1 `河南省郑州市` → 410000 河南省"),
        ("地区：370000\n", PROVINCE, " `370000` → 410000 河南省"),
        ("地区：全国\n", PROVINCE, " `全国` → 410000 河南省"),
        ("地区：甲省\n", PROVINCE, " `甲省` → 410000 河南省"),
        ("地区：河南省\n2018年山东省规模以上工业增加值\n", PROVINCE, ":R3C1 `山东省` → 410000 河南省"),
        ("地区：河南省\n全国规模以上工业增加值\n", PROVINCE, ":R3C1 `全国` → 410000 河南省"),
        ("地区：河南省\n指标：山东省规模以上工业增加值\n", PROVINCE, ":R3C1 `山东省` → 410000 河南省"),
        ("地区：河南省\n", "规模以上工业增加值_山东省_季度_20180720.csv", "20180720.csv `山东省` → 410000 河南省"),
        ("地区：河南省\n", "规模以上工业增加值_郑州_季度_20180720.csv", "20180720.csv `郑州` → 410000 河南省"),
    ] {
        refused("province-value-added", file, &series(over, VALUE, GROWTH), &format!("L019 error {file}"));
        refused("province-value-added", file, &series(over, VALUE, GROWTH), problem);
    }
}

#[test]
fn a_row_of_another_region_is_set_aside_and_the_others_stay() {
    let text = series("地区：河南省\n", VALUE, &format!("山东省{GROWTH}"));
    let (facts, problems) = ingest("province-value-added", PROVINCE, &text);
    assert_eq!((facts.rows(), codes(&problems)), (2, vec!["C030"]), "{problems:?}");
    let county = "报告期：2018年1-3月,,单位：亿元\n行政区划代码,县(市),增加值本年累计\n410122,中牟县,41.06\n370000,山东省,9.00\n";
    let (facts, problems) =
        ingest("county-value-added", "分县（市）规模以上工业增加值_2018年1-3月_20180429.csv", county);
    assert_eq!((facts.rows(), codes(&problems)), (1, vec!["C030"]), "{problems:?}");
}

#[test]
fn a_region_is_the_same_in_all_its_writings_and_an_institution_is_none() {
    for over in [
        "地区：河南省\n",
        "地区：河南\n",
        "地区：410000\n",
        "地区：河 南 省\n",
        "地区：河南省\n填报单位：郑州市统计局\n",
        "地区：河南省\n山东省统计局转发\n",
        "地区：河南省\n编制单位：山东某某数据技术股份有限公司\n",
    ] {
        let (facts, problems) = ingest("province-value-added", PROVINCE, &series(over, VALUE, GROWTH));
        assert!(facts.rows() == 4 && problems.is_empty(), "{over}: {problems:?}");
    }
    // A table of counties may be of any part of the province, and of no part of another one.
    let county = |over: &str| {
        format!("{over}报告期：2018年1-3月,,单位：亿元\n行政区划代码,县(市),增加值本年累计\n410122,中牟县,41.06\n")
    };
    let file = "分县（市）规模以上工业增加值_2018年1-3月_20180429.csv";
    for over in ["郑州市分县（市）规模以上工业增加值\n", "地区：河南省\n", "地区：郑州市\n"]
    {
        let (facts, problems) = ingest("county-value-added", file, &county(over));
        assert!(facts.rows() == 1 && problems.is_empty(), "{over}: {problems:?}");
    }
    refused("county-value-added", file, &county("南京市分县（市）规模以上工业增加值\n"), "`南京市` → 410000 河南省");
}

#[test]
fn an_index_is_on_the_expected_base_or_refused() {
    for base in ["上年同期=100", "（以上年同期为100）", "上年同期＝100", "去年同期=100", "synthetic sample data"]
    {
        let (facts, problems) = ingest("producer-price", PRICES, &prices(base, &USUAL, "注：环比指数另见月报。"));
        assert!(facts.rows() == 6 && problems.is_empty(), "{base}: {problems:?}");
    }
    for (base, last, problem) in [
        ("2015年=100", "", ":R2C1 `2015年=100` → 上年同期=100"),
        ("（2015＝100）", "", ":R2C1 `2015=100` → 上年同期=100"),
        ("以2015年价格为100", "", ":R2C1 `2015年=100` → 上年同期=100"),
        ("上年=100", "", "上年=100"),
        ("上月=100", "", "上月=100"),
        ("河南省环比指数", "", ":R2C1 `环比` → 上年同期=100"),
        ("同比涨跌幅", "", ":R2C1 `涨跌幅` → 上年同期=100"),
        ("上年同期=100", "注：本表以2015年为100。", ":R7C1 `2015年=100` → 上年同期=100"),
    ] {
        refused("producer-price", PRICES, &prices(base, &USUAL, last), problem);
    }
    let named = "分行业工业生产者出厂价格指数（2015年=100）_20180716.csv";
    refused("producer-price", named, &prices("", &USUAL, ""), "`2015年=100` → 上年同期=100");
    let heading = prices("上年同期=100", &USUAL, "").replace("2018年1-3月", "2018年1-3月(上年=100)");
    refused("producer-price", PRICES, &heading, "`上年=100` → 上年同期=100");
    refused("producer-price", PRICES, &prices("单位：%", &USUAL, ""), "L006 error");
}

/// The indices of a text, null where they were set aside.
fn indices(text: &str) -> (Vec<Option<i64>>, Vec<String>) {
    let (facts, problems) = ingest("producer-price", PRICES, text);
    (facts.ints("index_micro").unwrap().iter().collect(), problems)
}

#[test]
fn one_index_that_cannot_be_one_is_set_aside_with_what_it_may_be() {
    for (cell, meant) in [
        (
            "10.34",
            "C031 warning 分行业工业生产者出厂价格指数_20180716.csv:R4C3 `10.34` → 50–200 上年同期=100, 110.34 (100+x), 103.4 (×10)",
        ),
        ("1.067", "`1.067` → 50–200 上年同期=100, 101.067 (100+x), 106.7 (×100)"),
        ("0", "`0` → 50–200 上年同期=100"),
        ("1034", "`1034` → 50–200 上年同期=100, 103.4 (÷10)"),
        ("-3.2", "`-3.2` → 50–200 上年同期=100, 96.8 (100+x)"),
    ] {
        let first = format!("{cell},103.0");
        let (indices, problems) = indices(&prices("上年同期=100", &[&first, USUAL[1], USUAL[2]], ""));
        let rest = [1_030_000, 996_000, 997_000, 1_002_000, 1_001_000].map(Some);
        assert_eq!(indices, [&[None], &rest[..]].concat(), "{cell}");
        assert!(problems.len() == 1 && problems[0].ends_with(meant), "{problems:?}");
    }
}

#[test]
fn a_column_of_anything_but_indices_is_set_aside_with_what_it_would_be_right_as() {
    for (cells, meant) in [
        (["3.2,3.0", "-0.4,-0.3", "0.2,0.1"], "6 of 6 values outside 50–200 上年同期=100` → 100+x"),
        (["1.032,1.030", "0.996,0.997", "1.002,1.001"], "6 of 6 values outside 50–200 上年同期=100` → 100+x, ×100"),
        (["0.99,0.99", "0.99,0.99", "99.1,100.1"], "4 of 6 values outside 50–200 上年同期=100` → 100+x, ×100"),
    ] {
        let (indices, problems) = indices(&prices("上年同期=100", &cells, ""));
        assert_eq!(indices, [None; 6], "{cells:?}");
        assert!(problems.len() == 1 && problems[0].starts_with("C032 error"), "{problems:?}");
        assert!(problems[0].ends_with(meant), "{problems:?}");
    }
}

#[test]
fn an_index_is_no_growth_rate_whatever_stands_over_it() {
    let of = |label: &str, cells: &str| {
        let text = series("地区：河南省\n", VALUE, label).replace("6.7,6.6", cells);
        let (facts, problems) = ingest("province-value-added", PROVINCE, &text);
        let values = facts.ints("value").unwrap();
        let growth = (0..facts.rows()).filter(|&row| {
            facts.column("indicator").unwrap().text(row).as_deref() == Some("industrial_value_added_growth_ytd")
        });
        (growth.map(|row| values.get(row)).collect::<Vec<_>>(), problems)
    };
    assert_eq!(of(GROWTH, "6.7,6.6"), (vec![Some(67_000), Some(66_000)], vec![]));
    let (growth, problems) = of(GROWTH, "106.7,6.6");
    assert_eq!(growth, [None, Some(66_000)]);
    assert!(
        problems.len() == 1 && problems[0].ends_with("`106.7` → -50–50 %, 6.7 (x−100), 10.67 (÷10)"),
        "{problems:?}"
    );
    // Under the heading of an index no growth rate is taken, whatever it looks like.
    for cells in ["106.7,106.6", "6.7,6.6"] {
        let (growth, problems) = of("规模以上工业增加值累计增长(上年同期=100)", cells);
        assert!(growth.is_empty() && codes(&problems) == ["C034"], "{growth:?} {problems:?}");
        assert!(problems[0].ends_with("`上年同期=100` → %"), "{problems:?}");
    }
}

#[test]
fn energy_by_another_basis_is_refused_wherever_it_is_said() {
    let meter = |over: &str, heading: &str, last: &str| {
        format!(
            "规上工业企业用能计量{over}\n统计期：2018年1-3月,,单位：吨标准煤\n\
             统一社会信用代码,用户名称,{heading}\n91410184327942200Y,示例甲,120.55\n{last}\n"
        )
    };
    let file = "规上工业企业用能计量_2018年1-3月_20180412.csv";
    for (over, heading, last, problem) in [
        ("", "用能量", "注：电力按等价值折算。", ":R5C1 `等价值` → 当量值"),
        ("（等价值）", "用能量", "", ":R1C1 `等价值` → 当量值"),
        ("", "用能量(等价值)", "", "等价值"),
        ("", "用能量(当量值)", "注：能源消费量按等价值计算。", ":R5C1 `等价值` → 当量值"),
    ] {
        refused("meter", file, &meter(over, heading, last), problem);
    }
    refused(
        "meter",
        "规上工业企业用能计量_等价值_2018年1-3月_20180412.csv",
        &meter("", "用能量", ""),
        "`等价值` → 当量值",
    );
    for (heading, last) in [
        ("用能量", "注：按当量值折算。"),
        ("用能量", "注：按当量值折算，不按等价值折算。"),
        ("用能量(当量值)", "注：当量值与等价值的折标系数见附表。"),
    ] {
        let (facts, problems) = ingest("meter", file, &meter("", heading, last));
        assert!(facts.rows() == 1 && problems.is_empty(), "{heading} {last}: {problems:?}");
    }
}

#[test]
fn an_implausible_figure_of_an_enterprise_is_set_aside_and_never_shown() {
    let file = "规上工业企业税收_2018年1-3月_20180420.txt";
    let text = "规上工业企业税收\n所属期：2018年1-3月\t单位：万元\n社会信用代码\t纳税人名称\t实缴税收累计\t上年同期实缴税收累计\n\
                32794220-0\t示例甲\t98765432.10\t132.59\n914101813284249154\t示例乙\t7.00\t6.00\n";
    let (facts, problems) = ingest("tax", file, text);
    let tax: Vec<Option<i64>> = facts.ints("tax_ytd_fen").unwrap().iter().collect();
    assert_eq!(tax, [None, Some(7_000_000)]);
    assert_eq!(problems, [format!("C031 warning {file}:R4C3 → -1000–1000 亿元")]);
    // Cells that stand under other headings than their own are the fault of the separator.
    let (facts, problems) = ingest("tax", file, &text.replace("示例甲\t98765432.10", "示\t98765432.10\t1.00"));
    assert_eq!((facts.rows(), codes(&problems)), (1, vec!["C016"]), "{problems:?}");
}

/// The columns of the province in a quarter of the release.
fn province(site: &Site, quarter: &str) -> BTreeMap<String, Option<i64>> {
    let tables = tree(&site.path("store/current").canonicalize().unwrap().join("tables"));
    let name = tables.keys().find(|name| name.starts_with("province_quarter") && name.contains(quarter)).unwrap();
    let frame = parquet::read(tables[name].clone(), |_| true).unwrap().frame;
    let columns = frame.columns().iter().map(|(name, _)| name.clone());
    columns.filter_map(|name| Some((name.clone(), frame.ints(&name)?.get(0)))).collect()
}

/// Changes the one export whose name holds `part`; the new text gets the name as `rename` makes it.
fn change(site: &Site, part: &str, rename: impl Fn(&str) -> String, edit: impl Fn(&str) -> String) {
    let (name, bytes) = tree(&site.path("inbox")).into_iter().find(|(name, _)| name.contains(part)).unwrap();
    let bytes = match String::from_utf8(bytes.clone()) {
        Ok(text) => edit(&text).into_bytes(),
        Err(_) => encoding_rs::GB18030.encode(&edit(&encoding_rs::GB18030.decode(&bytes).0)).0.into_owned(),
    };
    fs::write(site.path("inbox").join(rename(&name)), bytes).unwrap();
}

#[test]
fn of_two_exports_the_one_of_the_right_region_stands_though_the_other_is_newer() {
    let site = Site::new();
    site.run();
    let before = province(&site, "2018Q1");
    assert!(before["province_va_ytd_fen"].is_some());
    let newer = |name: &str| {
        let day = name.rsplit('_').next().unwrap().trim_end_matches(".csv");
        name.replace(day, &format!("{}", day.parse::<u32>().unwrap() + 1)).replace("河南省", "分省")
    };
    let other = |text: &str| text.replace("地区：河南省", "地区：山东省").replacen(",1", ",9", 3);
    change(&site, "规模以上工业增加值_河南省", newer, other);
    site.run();
    assert_eq!(province(&site, "2018Q1"), before);
}

#[test]
fn a_division_whose_index_is_set_aside_leaves_both_sides_of_growth() {
    let spoilt = |cell: &str| {
        let site = Site::new();
        // The first index of the first division that has any: the newest quarter's.
        let edit = |text: &str| {
            let lines: Vec<&str> = text.lines().collect();
            let row = lines.iter().position(|line| line.starts_with(|c: char| c.is_ascii_digit())).unwrap();
            let changed = |line: &str| {
                let mut cells: Vec<&str> = line.split(',').collect();
                cells[2] = cell;
                cells.join(",")
            };
            let all = lines.iter().enumerate().map(|(at, line)| match (at >= row, at % 6 == row % 6) {
                (true, true) => changed(line),
                _ => (*line).to_owned(),
            });
            all.collect::<Vec<_>>().join("\n")
        };
        change(&site, "出厂价格指数", str::to_owned, edit);
        site.run();
        province(&site, "2018Q1")
    };
    let missing = spoilt("…");
    let whole = {
        let site = Site::new();
        site.run();
        province(&site, "2018Q1")
    };
    for column in ["growth_units", "va_growth_prior_fen", "va_growth_const_microyuan"] {
        assert!(missing[column] < whole[column], "{column}: {:?} of {:?}", missing[column], whole[column]);
    }
    assert_eq!(spoilt("0"), missing, "an index of zero ends no run and counts in no growth");
    assert_eq!(spoilt("-100"), missing);
}

/// Every mistake of a definition that expects what cannot be.
fn mistakes(definition: &str) -> Vec<ConfigError> {
    let site = "calendar = \"finance\"\n[province]\ncode = \"410000\"\nname = \"河南省\"\n";
    let head = "title = \"t\"\ndataset = \"d\"\ncollection = \"published\"\nmatch = \"*.csv\"\nacross = \"period\"\nvalue_name = \"index_micro\"\nvalue_unit = \"上年同期=100\"\n";
    let column =
        "[[column]]\nname = \"area_micromu\"\nheader = [\"面积\"]\nunit = \"亩\"\n[series]\n\"增长\" = \"growth\"\n";
    let files = BTreeMap::from([
        ("site.toml".to_owned(), site.to_owned()),
        ("sources/d.toml".to_owned(), format!("{head}{definition}\n{column}")),
    ]);
    Config::read(&files).1
}

#[test]
fn what_a_definition_expects_is_checked_with_line_and_hint() {
    for (definition, line, message) in [
        (
            "[[plausible]]\nof = \"growht\"\nunit = \"%\"\nto = 5",
            9,
            "`growht` is no column of numbers and no series; did you mean `growth`?",
        ),
        ("[[plausible]]\nof = \"growth\"\nunit = \"%\"", 9, "the range is empty of bounds: give `from`, `to` or both"),
        (
            "[[plausible]]\nof = \"growth\"\nunit = \"%\"\nfrom = 5\nto = -5",
            11,
            "`from` (5) is above `to` (-5): nothing would lie in the range",
        ),
        (
            "[[plausible]]\nof = \"area_micromu\"\nunit = \"万元\"\nto = 5",
            10,
            "`area_micromu` is not measured in `万元`",
        ),
        ("[[plausible]]\nof = \"index_micro\"\nunit = \"%\"\nto = 5", 10, "`index_micro` is not measured in `%`"),
        ("[[plausible]]\nof = \"growth\"\nunit = \"％％\"\nto = 5", 10, "`％％` is not a known unit"),
        ("[[plausible]]\nof = \"growth\"\nunit = \"%\"\nto = 5\nmost = 20", 12, "`most` must be from 0 to 1, not 20"),
        ("[[plausible]]\nof = \"growth\"\nunit = \"%\"\nuntil = 5\nto = 5", 11, "unknown key `until`"),
        ("[basis]\nis = \"当量值\"", 8, "`not` is missing"),
        ("[basis]\nis = \"当量值\"\nnot = [\"当量值\"]", 10, "`当量值` cannot be the basis and another one"),
        ("region = \"province\"\nregion_within = \"province\"", 9, "say one of them"),
    ] {
        let found = mistakes(definition);
        assert!(
            found.iter().any(|error| error.line == line && error.message.en().contains(message)),
            "line {line}, {message}: {found:#?}"
        );
    }
    assert_eq!(mistakes("region = \"河南省\""), [], "which regions there are is for the registers to say");
}

#[test]
fn a_region_that_no_register_has_stops_check_and_run_with_line_and_hint() {
    let site = Site::new();
    let path = site.path("config/sources/province-value-added.toml");
    let definition = fs::read_to_string(&path).unwrap();
    for (region, hint) in [
        ("provinc", "did you mean `province`?"),
        ("河男省", "did you mean 130000 河北省, 410000 河南省?"),
        ("990000", ""),
    ] {
        fs::write(&path, definition.replacen("region = \"province\"", &format!("region = \"{region}\""), 1)).unwrap();
        for command in ["check", "run"] {
            let (code, _, stderr) = finish(&mut site.command(&[command, "--lang", "en"]));
            let message = format!("`{region}` is neither \"province\" nor");
            assert!(code == 2 && stderr.contains(&message) && stderr.contains(hint), "{code} {stderr}");
            assert!(stderr.contains("sources/province-value-added.toml:5:10"), "{stderr}");
        }
    }
}

/// Codes that tell of what is not believed.
const DOUBTS: [&str; 7] = ["L019", "L020", "C030", "C031", "C032", "C033", "C034"];

#[test]
fn nothing_is_doubted_in_clean_samples() {
    let exports = |folder: &std::path::Path| tree(&folder.join("exports")).len();
    let mut looked_at = 0;
    for seed in [11, 12, 13] {
        let (out, store) = (folder(), folder());
        sample(out.path(), seed, 60, 4, 6);
        looked_at += exports(out.path());
        let (code, _, stderr) = finish(&mut run_sample(out.path(), store.path()));
        assert!(code == 0 || code == 4, "{code} {stderr}");
        let problems = fs::read(store.path().join("current/quality/problems/part-0.parquet"));
        let frame = parquet::read(problems.unwrap(), |_| true).unwrap().frame;
        let told = |row: &usize| DOUBTS.contains(&frame.column("code").unwrap().text(*row).unwrap().as_str());
        let doubts: Vec<usize> = (0..frame.rows()).filter(told).collect();
        assert!(doubts.is_empty(), "seed {seed}: {doubts:?}");
    }
    assert!(looked_at > 200, "{looked_at} exports");
}

#[test]
fn every_definition_of_the_sample_says_what_it_expects() {
    let files = tree(&root().join("config"))
        .into_iter()
        .filter(|(name, _)| name.ends_with(".toml"))
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
        .collect();
    for source in Config::resolve(&files).unwrap().sources {
        let expected = &source.expected;
        assert!(expected.region.is_some(), "{}: region", source.id);
        let unbounded: Vec<&str> = source
            .columns
            .iter()
            .filter(|column| column.kind == config::source::Kind::Number)
            .map(|column| column.name.as_str())
            .filter(|name| expected.range(name).is_none())
            .collect();
        assert!(unbounded.is_empty(), "{}: no range for {unbounded:?}", source.id);
    }
}
