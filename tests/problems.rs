//! Every problem code as its reader sees it, in both languages, with a finding that really occurs.

use std::fmt::Write as _;

use mujun::cli::{Lang, problem_text};
use vocab::{Place, Problem, Said, rules, said};

use crate::{cases, gallery};

const RAW: &str = "raw/ab/ab2f";
const FACTS: &str = "facts/tax/cd3e.parquet";

/// Findings that no single file brings about, as the rooms tell them.
fn beyond_files() -> Vec<Problem> {
    let sheet = |file: &str, name: &str| Place { sheet: name.to_owned(), ..Place::file(file) };
    let (archive, tax) = ("报送.zip", "税务/规上工业企业税收_2018年1-3月_20180420.txt");
    vec![
        Problem::new(&rules::SOURCE_UNREACHABLE, Place::file("config/sources/province-value-added.toml"))
            .said(said!("https://data.example.cn/export：服务器应答 503", "https://data.example.cn/export: the server answered 503")),
        Problem::new(&rules::EXPORT_LATE, Place::file("pipelines/quarterly.toml"))
            .value("emission 2019Q4 (省生态环境厅): 2020-02-03, +12"),
        Problem::new(&rules::SOURCE_REFUSES, Place::file("config/sources/tax.toml"))
            .said(said!("https://data.example.cn/export：服务器应答 401", "https://data.example.cn/export: the server answered 401")),
        Problem::new(&rules::SOURCE_MOVED, Place::file("config/sources/tax.toml"))
            .said(said!("https://data.example.cn/export：转向超过 5 次", "https://data.example.cn/export: more than 5 redirects")),
        Problem::new(&rules::SOURCE_UNTRUSTED, Place::file("config/sources/tax.toml")).said(said!("https://data.example.cn/export：证书属于其他主机；请将 `url` 中的主机名写成证书所列名称", "https://data.example.cn/export: the certificate is for another host; write the host in `url` as the certificate names it")),
        Problem::new(&rules::SOURCE_MISCONFIGURED, Place::file("config/sources/tax.toml"))
            .said(said!("未设置环境变量 TAX_TOKEN", "the environment variable TAX_TOKEN is not set")),
        Problem::new(&rules::ANSWER_NOT_DATA, Place::file("config/sources/tax.toml"))
            .said(said!("https://data.example.cn/export：R008", "https://data.example.cn/export: R008")),
        Problem::new(&rules::ANSWER_OF_OTHER_FORMAT, Place::file("config/sources/tax.toml"))
            .said(said!("https://data.example.cn/export：html，上一次为 csv", "https://data.example.cn/export: html, csv before")),
        Problem::new(&rules::ANSWER_SHRUNK, Place::file("config/sources/tax.toml"))
            .said(said!("https://data.example.cn/export：60 行，上一次 121 行", "https://data.example.cn/export: 60 rows, 121 before")),
        Problem::new(&rules::ANSWER_CUT, Place::file("config/sources/tax.toml"))
            .said(said!("https://data.example.cn/export：结尾处没有换行", "https://data.example.cn/export: it ends without the end of a line")),
        Problem::new(&rules::ANSWER_TOO_LARGE, Place::file("config/sources/tax.toml"))
            .said(said!("https://data.example.cn/export：超过允许的 536870912 字节", "https://data.example.cn/export: larger than the 536870912 bytes allowed")),
        Problem::new(&rules::ANSWER_OF_OTHER_PERIOD, Place::file("config/sources/tax.toml"))
            .said(said!("https://data.example.cn/export：2018Q1，而不是 2017Q4", "https://data.example.cn/export: 2018Q1, not 2017Q4")),
        Problem::new(&rules::EXPORT_STALE, Place::file(tax)).value("2018-04-20"),
        Problem::new(&rules::EXPORT_TOO_OLD, Place::file(tax)).value("2018-04-20"),
        Problem::new(&rules::NAME_TAKEN, Place::file(tax)),
        Problem::new(&rules::NO_SOURCE_CLAIMS, Place::file("杂项/通讯录.xlsx")),
        Problem::new(&rules::SEVERAL_SOURCES_CLAIM, Place::file(tax)).value("tax, tax_old"),
        Problem::new(&rules::EXPECTED_FILE_MISSING, Place::file("land")).expected(["**/*工业用地台账*.csv"]),
        Problem::new(&rules::NO_HEADER, sheet("年鉴.xls", "附表").at_row(3)),
        Problem::new(&rules::PERIOD_OFF_FREQUENCY, sheet("年鉴.xls", "附表").at_row(3).at_column(2)).value("产值 ×1"),
        Problem::new(&rules::MEMBER_PASSED_OVER, Place::file("报送.zip/__MACOSX/._税收.csv")),
        Problem::new(&rules::MEMBER_NAME, Place::file(archive)).said(said!("绝对路径", "an absolute path")),
        Problem::new(&rules::MEMBER_TWICE, Place::file("报送.zip/税收.csv")),
        Problem::new(&rules::ARCHIVE_TOO_DEEP, Place::file("报送.zip/各市.zip/郑州.zip")),
        Problem::new(&rules::VINTAGES_TIE, Place::file(tax))
            .said(said!("3 行", "3 rows"))
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
            .said(said!("tax_ytd_fen ×10（万元→千元），共 240 行中的 26 行（第 12、15、19、23、40、… 行；410100）", "tax_ytd_fen ×10 (万元→千元): 26 of 240 rows (12, 15, 19, 23, 40, …; 410100)"))
            .expected(["税务/规上工业企业税收_2017年1-3月_20170420.txt"]),
        Problem::new(&rules::CONTENT_REPEATED, Place::file("税务/规上工业企业税收_2018年1-12月_20190120.txt"))
            .said(said!("2018Q3：226 个数值中有 226 个相同", "2018Q3: 226 of 226 figures"))
            .expected(["税务/规上工业企业税收_2018年1-9月_20181020.txt"]),
        Problem::new(&rules::ISSUE_SHRUNK, Place::file("工信/规上工业企业智能化改造项目名单_20200318.xlsx"))
            .said(said!("60 行，上一版 121 行", "60 rows, 121 before"))
            .expected(["工信/规上工业企业智能化改造项目名单_20200118.xlsx"]),
        Problem::new(&rules::EXPORT_GONE, Place::file(tax)),
        Problem::new(&rules::STILL_ARRIVING, Place::file(tax)).said(said!("沿用此前以该名称收到的内容", "what was received under this name before stands")),
        Problem::new(
            &rules::TRANSFER_UNFINISHED,
            Place::file("税务/规上工业企业税收_2018年1-3月_20180420.txt.filepart"),
        ),
        Problem::new(&rules::NOT_READABLE, Place::file("税务"))
            .said(said!("没有权限；此前没有以该名称收到过内容", "permission denied; nothing was received under this name before")),
        Problem::new(&rules::LINK_TO_NOWHERE, Place::file("税务/本月.txt"))
            .said(said!("此前没有以该名称收到过内容", "nothing was received under this name before")),
        Problem::new(&rules::NO_PLAIN_FILE, Place::file("税务/管道")).said(said!("管道", "a pipe")),
        Problem::new(&rules::NAME_WITH_CONTROL, Place::file("税务/税收\u{FFFD}.txt")),
        Problem::new(&rules::ISSUE_UNDATED, Place::file("税务/规上工业企业税收_2018年1-3月.txt"))
            .said(said!("20 行", "20 rows"))
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
        Problem::new(&rules::RAW_DAMAGED, Place::file(RAW)).said(said!("已从收件目录重新留存", "taken from the inbox again")),
        Problem::new(&rules::RAW_MISSING, Place::file(RAW)).expected([tax]),
        Problem::new(&rules::FACTS_DAMAGED, Place::file(FACTS)).said(said!("已重做", "made again")),
        Problem::new(&rules::FACTS_MISSING, Place::file(FACTS)),
        Problem::new(&rules::QUARANTINE_DAMAGED, Place::file(FACTS)).said(said!("已重做", "made again")),
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
        Problem::new(&rules::HOLD_VOID, Place::file("pinned")).said(said!("0123456789abcdef：缺少该文件夹", "0123456789abcdef: the folder is missing")),
        Problem::new(&rules::POINTER_TAKEN, Place::file("current")).value("current.aside-1"),
        Problem::new(&rules::RELEASE_DAMAGED, Place::file("releases/0123456789abcdef"))
            .said(said!("缺少 quality/ledger/part-0.parquet", "quality/ledger/part-0.parquet is missing")),
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
    // Names, numbers and terms that Chinese readers know in no other writing, and answers of a server in its own words.
    const TERMS: &[&str] = &[".xls", "NUL", "U+FFFD"];
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let english: Vec<(&str, Said)> = gallery::all_values()
        .into_iter()
        .filter(|(code, value)| *code != "R017" && !TERMS.contains(&value.en()) && !is_chinese(value.zh()))
        .collect();
    assert!(english.is_empty(), "only in English: {english:#?}");
}
