//! Every problem code as its reader sees it, in both languages, with a finding that really occurs.

use std::fmt::Write as _;

use mujun::cli::{Lang, problem_text};
use vocab::{Place, Problem, rules, wording};

use crate::{cases, gallery};

const RAW: &str = "raw/ab/ab2f";
const FACTS: &str = "facts/tax/cd3e.parquet";

/// Findings that no single file brings about, as the rooms tell them.
fn beyond_files() -> Vec<Problem> {
    let sheet = |file: &str, name: &str| Place { sheet: name.to_owned(), ..Place::file(file) };
    let (archive, tax) = ("报送.zip", "税务/规上工业企业税收_2018年1-3月_20180420.txt");
    vec![
        Problem::new(&rules::SOURCE_UNREACHABLE, Place::file("config/sources/province-value-added.toml"))
            .value("https://data.example.cn/export: the server answered 503"),
        Problem::new(&rules::EXPORT_LATE, Place::file("pipelines/quarterly.toml"))
            .value("emission 2019Q4 (省生态环境厅): 2020-02-03, +12"),
        Problem::new(&rules::SOURCE_REFUSES, Place::file("config/sources/tax.toml"))
            .value("https://data.example.cn/export: the server answered 401"),
        Problem::new(&rules::SOURCE_MOVED, Place::file("config/sources/tax.toml"))
            .value("https://data.example.cn/export: more than 5 redirects"),
        Problem::new(&rules::SOURCE_UNTRUSTED, Place::file("config/sources/tax.toml")).value(
            "https://data.example.cn/export: the certificate is for another host; write the host in `url` as the certificate names it",
        ),
        Problem::new(&rules::SOURCE_MISCONFIGURED, Place::file("config/sources/tax.toml"))
            .value("the environment variable TAX_TOKEN is not set"),
        Problem::new(&rules::ANSWER_NOT_DATA, Place::file("config/sources/tax.toml"))
            .value("https://data.example.cn/export: R008"),
        Problem::new(&rules::ANSWER_OF_OTHER_FORMAT, Place::file("config/sources/tax.toml"))
            .value("https://data.example.cn/export: html, csv before"),
        Problem::new(&rules::ANSWER_SHRUNK, Place::file("config/sources/tax.toml"))
            .value("https://data.example.cn/export: 60 rows, 121 before"),
        Problem::new(&rules::ANSWER_CUT, Place::file("config/sources/tax.toml"))
            .value("https://data.example.cn/export: it ends without the end of a line"),
        Problem::new(&rules::ANSWER_TOO_LARGE, Place::file("config/sources/tax.toml"))
            .value("https://data.example.cn/export: larger than the 536870912 bytes allowed"),
        Problem::new(&rules::ANSWER_OF_OTHER_PERIOD, Place::file("config/sources/tax.toml"))
            .value("https://data.example.cn/export: 2018Q1, not 2017Q4"),
        Problem::new(&rules::EXPORT_STALE, Place::file(tax)).value("2018-04-20"),
        Problem::new(&rules::EXPORT_TOO_OLD, Place::file(tax)).value("2018-04-20"),
        Problem::new(&rules::NAME_TAKEN, Place::file(tax)),
        Problem::new(&rules::NO_SOURCE_CLAIMS, Place::file("杂项/通讯录.xlsx")),
        Problem::new(&rules::SEVERAL_SOURCES_CLAIM, Place::file(tax)).value("tax, tax_old"),
        Problem::new(&rules::EXPECTED_FILE_MISSING, Place::file("land")).expected(["**/*工业用地台账*.csv"]),
        Problem::new(&rules::NO_HEADER, sheet("年鉴.xls", "附表").at_row(3)),
        Problem::new(&rules::PERIOD_OFF_FREQUENCY, sheet("年鉴.xls", "附表").at_row(3).at_column(2)).value("产值 ×1"),
        Problem::new(&rules::MEMBER_PASSED_OVER, Place::file("报送.zip/__MACOSX/._税收.csv")),
        Problem::new(&rules::MEMBER_NAME, Place::file(archive)).value("an absolute path"),
        Problem::new(&rules::MEMBER_TWICE, Place::file("报送.zip/税收.csv")),
        Problem::new(&rules::ARCHIVE_TOO_DEEP, Place::file("报送.zip/各市.zip/郑州.zip")),
        Problem::new(&rules::VINTAGES_TIE, Place::file(tax))
            .value("3 rows")
            .expected(["税务/规上工业企业税收补_2018年1-3月_20180420.txt"]),
        Problem::new(&rules::UNIT_JUMP, Place::file(tax))
            .value("tax_ytd_fen ×1000")
            .expected(["税务/规上工业企业税收_2017年1-3月_20170420.txt"]),
        Problem::new(&rules::STAY_AFTER_PARK, Place::file("registers/enterprise_park.csv").at_row(12).at_column(3))
            .value("4101002 ×3")
            .expected(["2009Q1–2017Q4"]),
        Problem::new(&rules::CREDIT_CODE_DIFFERS, Place::file("registers/enterprise_park.csv").at_row(2).at_column(2))
            .value("914101813284249154")
            .expected(["327942200"]),
        Problem::new(&rules::STAY_OUTSIDE_PARK, Place::file("registers/enterprise_park.csv").at_row(12))
            .value("4101002 ×3")
            .expected(["4101002 2009Q1–2017Q4"]),
        Problem::new(&rules::SUCCESSORS_IN_A_CIRCLE, Place::file("registers/parks.csv").at_row(3).at_column(9))
            .value("4101002 → 4101003 → 4101002"),
        Problem::new(&rules::CALENDAR_ENDS_EARLY, Place::file("统计局/B203财务状况_2018年1-12月_20190123.csv"))
            .value("finance 2018Q3, 2018Q4")
            .expected(["energy 2018Q4", "output 2018Q4", "tax 2018Q4", "release 0123456789abcdef 2018Q4"]),
        Problem::new(&rules::UNIT_JUMP_IN_ROWS, Place::file(tax))
            .value("tax_ytd_fen ×10 (万元→千元): 26 of 240 rows (12, 15, 19, 23, 40, …; 410100)")
            .expected(["税务/规上工业企业税收_2017年1-3月_20170420.txt"]),
        Problem::new(&rules::CONTENT_REPEATED, Place::file("税务/规上工业企业税收_2018年1-12月_20190120.txt"))
            .value("2018Q3: 226 of 226 figures")
            .expected(["税务/规上工业企业税收_2018年1-9月_20181020.txt"]),
        Problem::new(&rules::ISSUE_SHRUNK, Place::file("工信/规上工业企业智能化改造项目名单_20200318.xlsx"))
            .value("60 rows, 121 before")
            .expected(["工信/规上工业企业智能化改造项目名单_20200118.xlsx"]),
        Problem::new(&rules::EXPORT_GONE, Place::file(tax)),
        Problem::new(&rules::STILL_ARRIVING, Place::file(tax)).value("what was received under this name before stands"),
        Problem::new(
            &rules::TRANSFER_UNFINISHED,
            Place::file("税务/规上工业企业税收_2018年1-3月_20180420.txt.filepart"),
        ),
        Problem::new(&rules::NOT_READABLE, Place::file("税务"))
            .value("permission denied; nothing was received under this name before"),
        Problem::new(&rules::LINK_TO_NOWHERE, Place::file("税务/本月.txt"))
            .value("nothing was received under this name before"),
        Problem::new(&rules::NO_PLAIN_FILE, Place::file("税务/管道")).value("a pipe"),
        Problem::new(&rules::NAME_WITH_CONTROL, Place::file("税务/税收\u{FFFD}.txt")),
        Problem::new(&rules::ISSUE_UNDATED, Place::file("税务/规上工业企业税收_2018年1-3月.txt"))
            .value("20 rows")
            .expected([tax]),
        Problem::new(&rules::ISSUED_IN_FUTURE, Place::file("税务/规上工业企业税收_2018年1-3月_20990420.txt"))
            .value("2099-04-20")
            .expected(["≤ 2019-01-23"]),
        Problem::new(&rules::PERIOD_CANNOT_BE, Place::file("税务/规上工业企业税收_2098年1-3月_20180420.txt"))
            .value("2098Q1")
            .expected(["1990Q1–2019Q1"]),
        Problem::new(&rules::SUM_TOO_LARGE, Place::file(tax).at_row(5)).value("area_sum: tax_ytd_fen").expected([
            "tax.tax_ytd_fen (config/sources/tax.toml)".to_owned(),
            format!("{tax}:R5"),
            format!("{tax}:R6"),
        ]),
        Problem::new(&rules::NOT_A_STORE, Place::file("/home/stat")).value("`报表.xlsx`, `照片`, … (14)"),
        Problem::new(&rules::MARKER_DAMAGED, Place::file("STORE")),
        Problem::new(&rules::STORE_NEWER, Place::file("STORE")).value("2").expected(["1"]),
        Problem::new(&rules::LINK_IN_STORE, Place::file("tmp")),
        Problem::new(&rules::MARKER_WRITTEN, Place::file("STORE")),
        Problem::new(&rules::RAW_DAMAGED, Place::file(RAW)).value("taken from the inbox again"),
        Problem::new(&rules::RAW_MISSING, Place::file(RAW)).expected([tax]),
        Problem::new(&rules::FACTS_DAMAGED, Place::file(FACTS)).value("made again"),
        Problem::new(&rules::FACTS_MISSING, Place::file(FACTS)),
        Problem::new(&rules::QUARANTINE_DAMAGED, Place::file(FACTS)).value("made again"),
        Problem::new(&rules::QUARANTINE_MISSING, Place::file(FACTS)),
        Problem::new(&rules::CATALOGUE_DAMAGED, Place::file("catalog.db")).value("database disk image is malformed"),
        Problem::new(&rules::CATALOGUE_ROW_DAMAGED, Place::file("catalog.db")).value("ingests"),
        Problem::new(&rules::FILE_UNLISTED, Place::file(FACTS)),
        Problem::new(&rules::FILE_FOREIGN, Place::file("facts/说明.txt")),
        Problem::new(&rules::RELEASE_FILE_CHANGED, Place::file("releases/0123456789abcdef/dictionary.csv")),
        Problem::new(&rules::RELEASE_FILE_MISSING, Place::file("releases/0123456789abcdef/dictionary.csv")),
        Problem::new(&rules::RELEASE_FILE_EXTRA, Place::file("releases/0123456789abcdef/说明.txt")),
        Problem::new(&rules::MANIFEST_DAMAGED, Place::file("releases/0123456789abcdef/manifest.json")),
        Problem::new(&rules::POINTER_LOST, Place::file("current")).value("releases/0123456789abcdef"),
        Problem::new(&rules::OPEN_TO_OTHERS, Place::file("raw")).value("0755").expected(["0750"]),
        Problem::new(&rules::RATIO_UNDEFINED, Place::file("indicators/tax_per_mu_ttm")),
        Problem::new(&rules::HOLD_VOID, Place::file("pinned")).value("0123456789abcdef: the folder is missing"),
        Problem::new(&rules::POINTER_TAKEN, Place::file("current")).value("current.aside-1"),
        Problem::new(&rules::RELEASE_DAMAGED, Place::file("releases/0123456789abcdef"))
            .value("quality/ledger/part-0.parquet is missing"),
        Problem::new(&rules::FINDINGS_UNREADABLE, Place::file(tax)),
        Problem::new(
            &rules::REVISIONS_DAMAGED,
            Place::file("revisions/0123456789abcdef-fedcba9876543210/revisions.parquet"),
        ),
        Problem::new(&rules::TOO_FEW_UNITS, Place::file("indicators")).value("4101002 tax_per_mu_ttm"),
    ]
}

#[test]
fn every_problem_reads_well_in_chinese_and_in_english() {
    let mut found = cases::first_findings();
    found.extend(beyond_files().into_iter().map(|problem| (problem.rule.code, problem)));
    for lang in [Lang::Zh, Lang::En] {
        let mut text = String::new();
        for rule in rules::ALL {
            let bare = Problem::new(rule, Place::file("文件.csv"));
            let problem = found.get(rule.code).unwrap_or(&bare);
            let _ = writeln!(text, "{}\n", problem_text(problem, lang));
        }
        let name = if lang == Lang::Zh { "problems_in_chinese" } else { "problems_in_english" };
        insta::assert_snapshot!(name, text);
    }
    // Codes of models and of publication, which other tests bring about, may have no finding here; all others do.
    let missing = rules::ALL.iter().filter(|rule| !found.contains_key(rule.code));
    let missing: Vec<&str> = missing.map(|rule| rule.code).filter(|code| !code.starts_with(['M', 'P'])).collect();
    assert!(missing.is_empty(), "no finding is shown for {missing:?}");
}

#[test]
fn what_is_said_of_hostile_files_is_said_in_chinese_too() {
    // Names, numbers and terms that Chinese readers know in no other writing.
    const TERMS: &[&str] = &[".xls", "NUL", "U+FFFD"];
    let english: Vec<(&str, String)> = gallery::all_values()
        .into_iter()
        .filter(|(code, value)| *code != "R017" && !TERMS.contains(&value.as_str()))
        .filter(|(_, value)| {
            let chinese = wording::in_chinese(value);
            !chinese.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
        })
        .collect();
    assert!(english.is_empty(), "only in English: {english:#?}");
}

#[test]
fn phrases_lie_in_one_another_and_words_of_files_are_left_alone() {
    for (english, chinese) in [
        ("more than 64 columns (max_columns)", "超过 64 列（max_columns）"),
        ("more than 98304 bytes in a cell (max_cell_bytes)", "单元格超过 98304 字节（max_cell_bytes）"),
        ("byte 21, line 3: B0 is not gb18030", "第 21 字节（第 3 行）：B0 不是 gb18030"),
        (
            "utf-8 from byte 0, line 1; gb18030 from byte 55, line 3",
            "utf-8 始于第 0 字节（第 1 行）；gb18030 始于第 55 字节（第 3 行）",
        ),
        ("a zip archive with a password: not known here", "带密码的 zip 压缩包：本程序不支持"),
        ("xl/sheet1.xml: no cell is called A0", "xl/sheet1.xml：没有名为 A0 的单元格"),
        ("JSON: EOF while parsing a list at line 1 column 9", "JSON：第 1 行第 9 列有误（EOF while parsing a list）"),
        ("营业收入", "营业收入"),
        ("", ""),
    ] {
        assert_eq!(wording::in_chinese(english), chinese);
    }
}
