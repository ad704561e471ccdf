//! `inspect --why`: every decision of a reading has its reason, taken where it is made.

use std::collections::BTreeSet;
use std::fs;

use config::Config;
use layout::{Because, Reason};
use read::{Expect, Limits};
use vocab::Place;

use crate::cli::{bare, json};
use crate::reading_cases::{finished, made};
use crate::support::{finish, folder, root};

/// Why the tables of a text are read as they are.
fn why(text: &str) -> Vec<Because> {
    let (book, problems) = read::read("t.csv", text.as_bytes(), &Expect::default(), &Limits::default());
    let book = book.unwrap_or_else(|| panic!("{text}: {problems:?}"));
    let place = Place::file("t.csv");
    book.sheets.iter().flat_map(|grid| layout::discover(grid, &place)).flat_map(|found| found.why(&place)).collect()
}

/// A sheet, and the reasons that it brings about.
const SHEETS: &[(&str, &[Reason])] = &[
    (
        "各市产值\n报告期：2018年1-3月,,单位：亿元\n地区,产值,增长(%)\n甲市,812.5,7.4\n乙市,403.25,8.1\n注：按可比价格计算。\n",
        &[
            Reason::OneStrip,
            Reason::SheetEnds,
            Reason::OverFigures,
            Reason::FirstTitle,
            Reason::KeyLine,
            Reason::FirstColumn,
            Reason::PeriodOverTable,
            Reason::NoteWord,
            Reason::MostCells,
            Reason::OverTable,
            Reason::InHeading,
        ],
    ),
    ("地区,产值,利润\n甲县,甲乡,乙乡\n乙县,1.5,2.5\n丙县,3.5,4.5\n", &[Reason::FullRow, Reason::NoPeriod]),
    ("城市,City,产值,利润\n山东省,Shandong,,\n济南,Jinan,1.5,2.5\n青岛,Qingdao,3.5,4.5\n", &[Reason::GroupBelow]),
    ("地区,产值,利润\n甲县,停产,停产\n乙县,1.5,2.5\n丙县,3.5,4.5\n", &[Reason::DataBelow]),
    ("地区,产值,利润\n全省,2018,2019\n甲市,1312.5,1503.25\n乙市,705.5,515.75\n", &[Reason::HeadingOrData]),
    ("地区,产值,利润\n合计,2018,2019\n甲市,1312.5,1503.25\n乙市,705.5,515.75\n", &[Reason::TotalBelow]),
    ("地区,产值\n甲县\n乙县,5.5\n丙县,6.5\n", &[Reason::FirstTexts, Reason::Nowhere]),
    ("名称,地址\n甲,乙\n丙,丁\n", &[Reason::OnlyTexts]),
    ("1.5,2.5\n3.5,4.5\n", &[Reason::NoTexts]),
    ("地区,产值,利润\n甲,1.5,2.5\n乙,3.5,4.5\n地区,税收,人数\n甲,5.5,6.5\n乙,7.5,8.5\n", &[Reason::HeadingsAgain]),
    ("地区,产值,利润\n甲,1.5,2.5\n注：一\n名称,税收,人数\n甲,5.5,6.5\n乙,7.5,8.5\n", &[Reason::HeadingsAfterNote]),
    ("地区,产值,利润\n甲,1.5,2.5\n注：一\n乙,7.5,8.5\n丙,7.5,8.5\n", &[Reason::FiguresAfterNote]),
    ("地区,产值,利润\n甲,1.5,2.5\n乙,1.5,2.5\n丙,1.5,2.5\n,,\n2018年,7.5,8.5\n2019年,7.5,8.5\n", &[Reason::OtherNames]),
    ("地区,产值\n甲,1.5\n乙,1.5\n,\n丙,7.5,8.5\n丁,7.5,8.5\n", &[Reason::FiguresBeyond]),
    ("地区,产值,名称,利润\n甲,1.5,甲,2.5\n乙,1.5,乙,2.5\n丙,1.5,丙,2.5\n丁,1.5,丁,2.5\n", &[Reason::LabelsAgain]),
    (
        "地区,产值,,季度,指数\n甲,1.5,,2018年1季度,2.5\n乙,1.5,,2018年2季度,2.5\n丙,1.5,,2018年3季度,2.5\n丁,1.5,,2018年4季度,2.5\n",
        &[Reason::PeriodsApart],
    ),
    ("地区,产值,地区,产值\n甲,1.5,丁,2.5\n乙,1.5,戊,2.5\n丙,1.5,己,2.5\n", &[Reason::HeadingAgain]),
    ("序号,地区,产值\n1,甲,5.5\n2,乙,6.5\n", &[Reason::BehindNumbers]),
    ("产值(亿元),地区\n5.5,甲\n6.5,乙\n", &[Reason::FirstNames]),
    ("2018年,2019年\n1.5,2.5\n3.5,4.5\n", &[Reason::NoNames]),
    ("地区,2018年,2019年\n甲,1.5,2.5\n乙,3.5,4.5\n", &[Reason::PeriodsAcross]),
    ("年份,产值\n2018年,1.5\n2019年,2.5\n", &[Reason::PeriodsNameRows]),
    ("地区,年份,产值\n甲,2018,1.5\n乙,2018,2.5\n", &[Reason::HeadedTime, Reason::TimesByHeading]),
    ("地区,期数,产值\n甲,2018年,1.5\n乙,2018年,2.5\n", &[Reason::NoEvent]),
    ("地区,产值,空列\n甲,1.5,\n乙,2.5,\n按可比价格计算\n", &[Reason::LoneText, Reason::NothingStands]),
    ("行政区划代码,产值\n410100,1.5\n410200,2.5\n", &[Reason::CodesByHeading]),
    ("地区,产值\n甲,1.5\n乙,停产\n丙,2.5\n", &[Reason::FiguresAndExcuses]),
    ("地区,产值\n甲,1.5\n乙,约二\n丙,2.5\n丁,见下\n", &[Reason::FiguresAndTexts]),
    ("地区,产值,备注\n甲,1.5,1.5\n乙,2.5,好\n丙,2.5,坏\n丁,2.5,3.5\n", &[Reason::Mixed]),
    ("地区,比上年增长%\n甲,1.5\n乙,2.5\n", &[Reason::WordsOfHeading]),
    ("地区,专利(件),#发明\n甲,15,2\n乙,25,3\n", &[Reason::OfWhole]),
    ("地区,比重甲\n甲,1.5%\n乙,2.5%\n", &[Reason::InCells]),
    ("指标,单位,数值\n产值,亿元,5.5\n人口,万人,6.5\n", &[Reason::InRows]),
    ("单位：亿元\n地区,产值,增速\n甲,5.5,1.5\n乙,6.5,1.5\n", &[Reason::HeadingDiffers]),
    ("单位：亿元、%\n地区,产值,增速\n甲,5.5,1.5\n乙,6.5,1.5\n", &[Reason::BesideOverTable]),
    ("单位：亿元\n地区,产值（某某）\n甲,5.5\n乙,6.5\n", &[Reason::UnknownBrackets]),
    ("地区,2016.09,2016.1,2016.11\n甲,5.5,1.5,2.5\n乙,6.5,1.5,2.5\n", &[Reason::FromNeighbours]),
    ("2018年1-3月各市产值\n地区,产值\n甲,5.5\n乙,6.5\n", &[Reason::RunningText]),
    ("各县生产总值（亿元）\n地区,产值\n甲,5.5\n乙,6.5\n", &[Reason::TitleEnd]),
    ("指标：年末人口(万人)\n地区,数值\n甲,5.5\n乙,6.5\n", &[Reason::IndicatorLine]),
    ("地区,产值\n甲,5.5\n乙,6.5\n单位：亿元\n", &[Reason::NoteBelow]),
    ("地区 单位：亿元,产值\n甲,5.5\n乙,6.5\n", &[Reason::InCorner]),
    (
        "各市产值（2018年）\n地区,产值,利润\n甲,5.5,1.5\n乙,6.5,1.5\n续表\n地区,税收,人数\n甲,5.5,1.5\n乙,6.5,1.5\n",
        &[Reason::TableBefore],
    ),
];

#[test]
fn every_reason_is_brought_about_by_a_sheet_and_told_in_both_languages() {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for (text, reasons) in SHEETS {
        let because = why(text);
        for reason in *reasons {
            assert!(because.iter().any(|one| one.reason == *reason), "{reason:?} of\n{text}\n{because:#?}");
        }
        told.extend(because.iter().map(|one| one.reason.words()[0]));
    }
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for reason in Reason::ALL {
        let [word, en, zh] = reason.words();
        assert!(told.contains(word), "{word}: no sheet brings it about");
        assert!(!chinese(en) && en.ends_with('.') && chinese(zh) && zh.ends_with('。'), "{word}: {en} {zh}");
    }
}

/// The example of the chapter on reading, in a file.
fn example(work: &std::path::Path) -> std::path::PathBuf {
    let document = fs::read_to_string(root().join("docs/reading.md")).unwrap();
    let (_, after) = document.split_once("```csv\n").unwrap();
    let path = work.join("各市工业增加值_2018年1-3月_20180425.csv");
    fs::write(&path, after.split_once("```").unwrap().0).unwrap();
    path
}

#[test]
fn each_decision_is_told_with_its_reason_and_the_cell_that_speaks_for_it() {
    let work = folder();
    let path = example(work.path());
    let (code, stdout, stderr) = finish(bare(&["inspect", "--why", "--format", "json"]).arg(&path));
    assert_eq!((code, stderr.as_str()), (0, ""));
    let told = json(&stdout);
    let line = |one: &serde_json::Value| {
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| one[key].as_u64().unwrap_or(0);
        format!(
            "{} {} {} R{}C{} {}",
            text("decision"),
            text("decided"),
            text("reason"),
            number("row"),
            number("column"),
            text("text")
        )
    };
    let lines: Vec<String> = told["tables"][0]["why"].as_array().unwrap().iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "columns C1–C3 one_strip R3C1 地区",
            "rows R1–R7 sheet_ends R0C0 ",
            "header R3–R3 over_figures R4C1 ",
            "caption 各市工业增加值 first_title R1C1 各市工业增加值",
            "unit 亿元 key_line R2C3 单位：亿元",
            "period 2018年1-3月 key_line R2C1 报告期：2018年1-3月",
            "labels 地区 first_column R3C1 地区",
            "notes R7 note_word R7C1 注：增长按可比价格计算。",
            "time over period_over_table R0C0 ",
            "kind text most_cells R3C1 地区",
            "kind number most_cells R3C2 工业增加值",
            "unit 亿元 over_table R3C2 工业增加值",
            "kind number most_cells R3C3 增长(%)",
            "unit % in_heading R3C3 增长(%)",
        ]
    );
    let (_, english, _) = finish(bare(&["inspect", "--why", "--lang", "en"]).arg(&path));
    let (_, chinese, _) = finish(bare(&["inspect", "--why", "--lang", "zh"]).arg(&path));
    assert!(
        english.contains(
            "unit  亿元  A line over the table says it, and the heading speaks of nothing else. (R3C2 `工业增加值`)"
        ),
        "{english}"
    );
    assert!(chinese.contains("单位  亿元  表上方写明，且表头所指与之相符。（R3C2 `工业增加值`）"), "{chinese}");
}

/// Two readings of a row of numbers that look like years: nothing is chosen until somebody says it.
#[test]
fn a_row_that_may_be_heading_or_data_is_shown_as_both_and_decided_by_one_key() {
    let work = folder();
    let path = work.path().join("各市产值.csv");
    let text = "单位：亿元,,\n地区,产值,利润\n全省,2018,2019\n甲市,1312.5,1503.25\n乙市,705.5,515.75\n";
    fs::write(&path, text).unwrap();
    let (_, shown, _) = finish(bare(&["inspect", "--lang", "en"]).arg(&path));
    assert!(shown.contains("L107") && shown.contains("header_rows = 1, header_rows = 2"), "{shown}");
    let (_, draft, _) = finish(bare(&["inspect", "--lang", "en", "--draft"]).arg(&path));
    assert!(
        draft.contains("header_rows = 1                    # TODO row 3 is data; or a heading: then 2\n"),
        "{draft}"
    );
    let definition =
        "title = \"表\"\ndataset = \"series\"\ncollection = \"published\"\nmatch = \"**/*\"\nacross = \"indicator\"\n";
    let column = "[[column]]\nname = \"place\"\nheader = [\"地区\"]\nkind = \"text\"\n";
    let rows = |key: &str| {
        let source = Config::source("d", &format!("{definition}{key}{column}")).unwrap();
        let (book, _) = read::read("t.csv", text.as_bytes(), &Expect::default(), &Limits::default());
        let book = book.unwrap();
        let parts = layout::lay_out(&book.sheets, &source, "t.csv");
        parts.first().and_then(|part| part.table.as_ref()).map(|table| table.body.len())
    };
    assert_eq!([rows(""), rows("header_rows = 1\n"), rows("header_rows = 2\n")], [None, Some(3), Some(2)]);
}

/// Periods in the rows and other ones in the headings: nothing is chosen until somebody says it.
#[test]
fn periods_that_stand_twice_are_shown_and_decided_by_the_definition() {
    let work = folder();
    let path = work.path().join("各期产值.csv");
    let text = "单位：亿元,,\n公布年份,2016年,2017年\n2017年,10.5,\n2018年,11.5,12.5\n";
    fs::write(&path, text).unwrap();
    let (_, cells, _) = finish(bare(&["inspect", "--cells"]).arg(&path));
    assert!(cells.contains("\"value\":10.5") && !cells.contains("\"period\":\"2016\""), "{cells}");
    let (_, shown, _) = finish(bare(&["inspect", "--lang", "en"]).arg(&path));
    assert!(shown.contains("L108") && shown.contains("across = \"indicator\", kind = \"text\""), "{shown}");
    let (_, draft, _) = finish(bare(&["inspect", "--lang", "en", "--draft"]).arg(&path));
    assert!(draft.contains("across = \"period\"             # TODO row 3 names a period too"), "{draft}");
    let facts = |draft: &str| {
        let made = made(&finished(draft), "各期产值.csv", text.as_bytes());
        (made.codes, made.facts.len())
    };
    assert_eq!(facts(&draft), (vec!["L108"], 0));
    assert_eq!(facts(&draft.replace("across = \"period\"", "across = \"indicator\"")), (vec![], 3));
    assert_eq!(facts(&draft.replace("kind = \"period\"", "kind = \"text\"")), (vec![], 3));
}

#[test]
fn no_reason_shows_a_cell_of_an_enterprise() {
    let form = root().join("examples/exports/统计局/B203财务状况_2018年1-3月_20180423.csv");
    let bytes = fs::read(&form).unwrap();
    let (text, _, _) = encoding_rs::GB18030.decode(&bytes);
    let (code, told, _) = finish(bare(&["inspect", "--why"]).arg(&form));
    assert_eq!(code, 0);
    for cell in text.lines().skip(6).flat_map(|line| line.split(',').take(2)).filter(|cell| cell.len() > 4) {
        assert!(!told.contains(cell), "{cell}: {told}");
    }
}
