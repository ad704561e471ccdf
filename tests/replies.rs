//! Replies of the national data site as it is since 2026: values by period, and what else it answers.

use std::fs;

use clean::{Export, Findings};
use config::Config;
use read::{Book, Expect, Format, Limits, read};

use crate::archives::told;
use crate::support::{finish, folder, mujun, shared};

fn opened(text: &str) -> (Option<Book>, Vec<String>) {
    let (book, problems) = read("应答.json", text.as_bytes(), &Expect::default(), &Limits::default());
    (book, told(&problems))
}

fn rows(book: &Book) -> Vec<String> {
    book.sheets[0].rows().map(|row| row.cells().collect::<Vec<_>>().join("|")).collect()
}

/// A value: indicator as it is shown, unit, area with its name, value as JSON.
fn value(shown: &str, unit: &str, area: (&str, &str), value: &str) -> String {
    let (da, da_name) = area;
    format!(
        r#"{{"_id":"ab12","i_showname":"{shown}","i_mark":null,"du_name":"{unit}","da":"{da}","da_name":"{da_name}","value":{value}}}"#
    )
}

fn reply(periods: &[(&str, &str, &[String])]) -> String {
    let period = |(code, name, values): &(&str, &str, &[String])| {
        format!(r#"{{"code":"{code}","name":"{name}","values":[{}]}}"#, values.join(","))
    };
    let periods: Vec<String> = periods.iter().map(period).collect();
    format!(r#"{{"success":true,"state":20000,"data":[{}]}}"#, periods.join(","))
}

const PROVINCE: (&str, &str) = ("410000000000", "河南省");

#[test]
fn a_reply_is_a_row_for_each_value_with_its_period_and_unit() {
    let text = reply(&[
        (
            "202607MM",
            "2026年7月",
            &[
                value(" 发电量 (亿千瓦时) ", "亿千瓦时", PROVINCE, "\"301.5\""),
                value("人均收入（元/人）", "元/人", PROVINCE, "12.50"),
            ],
        ),
        ("202602SS", "", &[value("价格指数(上年同期=100)", "无", ("000000000000", "全国"), "\"\"")]),
        ("2024YY", "2024年", &[value("用地", "亩", ("410105001000", "某街道"), "null")]),
    ]);
    let (book, said) = opened(&text);
    assert_eq!(said, Vec::<String>::new());
    let book = book.unwrap();
    assert_eq!(book.format, Format::Json);
    assert_eq!(
        rows(&book),
        [
            "指标代码|指标|地区代码|地区|时间代码|时间|单位|strdata",
            "ab12|发电量|410000|河南省|202607MM|2026年7月|亿千瓦时|301.5",
            "ab12|人均收入|410000|河南省|202607MM|2026年7月|元/人|12.50",
            "ab12|价格指数(上年同期=100)|000000|全国|202602SS|2026年二季度|无|",
            "ab12|用地|410105001000|某街道|2024YY|2024年|亩|"
        ]
    );
    let text = text.replacen("\"i_mark\":null", "\"i_mark\": \"现价\"", 1);
    assert_eq!(rows(&opened(&text).0.unwrap())[1], "ab12|发电量|410000|河南省|202607MM|2026年7月|亿千瓦时|301.5|现价");
}

#[test]
fn a_period_whose_code_and_name_differ_is_told_and_neither_stands_there() {
    let text = reply(&[("202602SS", "2026年一季度", &[value("产量", "吨", PROVINCE, "\"1\"")])]);
    let (book, said) = opened(&text);
    assert_eq!(said, ["R018 应答.json:R2 `2026年一季度 ≠ 202602SS`"]);
    assert_eq!(book.unwrap().sheets[0].cell(1, 5), "2026年一季度 ≠ 202602SS");
}

#[test]
fn what_the_site_answers_beside_values_is_named_with_the_way_to_the_values() {
    let all = [
        (
            r#"{"success":true,"state":20000,"data":[{"_id":"a","name":"工业","isLeaf":false,"children":[]}]}"#,
            "R058 应答.json `a tree of indicators`",
        ),
        (
            r#"{"success":true,"data":{"list":[{"_id":"a","i_showname":"增加值","du":"亿元"}],"total":1}}"#,
            "R058 应答.json `the indicators of a data set`",
        ),
        (
            r#"{"success":true,"data":[{"name_value":"410000000000","show_name":"河南省"}]}"#,
            "R058 应答.json `a list of areas`",
        ),
        (
            r#"{"success":true,"data":{"data":[{"indic_id":"a","show_name":"增加值","value":"1"}],"count":1}}"#,
            "R058 应答.json `a search for indicators`",
        ),
        (r#"{"success":true,"state":20000,"data":[]}"#, "R059 应答.json"),
        (r#"{"success":true,"data":[{"code":"2024YY","name":"2024年","values":[]}]}"#, "R059 应答.json"),
        (
            r#"{"success":false,"state":50000,"message":"访问过于频繁","data":null}"#,
            "R017 应答.json `50000: 访问过于频繁`",
        ),
        // A page that stands in the way is no reply, and neither is the data of something else.
        (
            "<html><head><title>403</title></head><body>访问被拦截</body></html>",
            "R008 应答.json `a web page without a table`",
        ),
        (r#"{"success":true,"data":[1]}"#, "R002 应答.json `JSON: an object with the members success, data`"),
    ];
    for (text, wanted) in all {
        let (book, said) = opened(text);
        assert!(book.is_none(), "{text}");
        assert_eq!(said, [wanted], "{text}");
    }
}

#[test]
fn a_reply_that_is_cut_off_or_of_another_shape_within_is_refused() {
    let good = reply(&[("2024YY", "2024年", &[value("产量", "吨", PROVINCE, "\"1\"")])]);
    assert!(opened(&good[..good.len() - 9]).1[0].starts_with("R040 "));
    let odd = r#"{"success":true,"data":[{"code":"2024YY","values":[{"value":"1"}]},{"code":"2023YY","values":7}]}"#;
    assert!(opened(odd).1[0].starts_with("R004 应答.json `JSON: "), "{:?}", opened(odd).1);
    let many = Limits { rows: 2, ..Limits::default() };
    let long = reply(&[("2024YY", "2024年", &vec![value("产量", "吨", PROVINCE, "\"1\""); 5])]);
    let (_, problems) = read("a.json", long.as_bytes(), &Expect::default(), &many);
    assert_eq!(told(&problems), ["R006 a.json `more than 2 rows (max_rows)`"]);
}

#[test]
fn the_reply_of_the_shared_cases_has_its_four_values() {
    let Some(shared) = shared("a reply of the national site of 2026") else { return };
    let Ok(text) = fs::read_to_string(shared.join("cases/reading/17_new_query_reply.json")) else { return };
    let (book, said) = opened(&text);
    assert_eq!(said, Vec::<String>::new());
    let book = book.unwrap();
    let values: Vec<[&str; 5]> =
        (1..5).map(|row| [1, 2, 5, 6, 7].map(|column| book.sheets[0].cell(row, column))).collect();
    assert_eq!(
        values,
        [
            ["工业增加值累计值", "410000", "2026年二季度", "亿元", "316.8"],
            ["工业增加值累计增长", "410000", "2026年二季度", "%", ""],
            ["工业增加值累计值", "410000", "2026年一季度", "亿元", "154.8"],
            ["工业增加值累计增长", "410000", "2026年一季度", "%", "5.4"]
        ]
    );
}

/// How many facts a definition makes of an export, if nothing is wrong with it.
fn facts(definition: &str, file: &str, text: &str) -> usize {
    let site = "calendar = \"finance\"\n[province]\ncode = \"410000\"\nname = \"河南省\"\n";
    let files = [("site.toml", site), ("sources/case.toml", definition)];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let config = Config::resolve(&files).unwrap_or_else(|errors| panic!("{errors:?}\n{definition}"));
    let source = &config.sources[0];
    assert!(source.claims(file));
    let (book, mut said) = opened(text);
    let mut findings = Findings::new(100);
    let mut rows = 0;
    let registers = crate::cases::registers();
    for part in layout::lay_out(&book.unwrap().sheets, source, file) {
        said.extend(told(&part.problems));
        let export = Export { name: file, delimited: false, received: None };
        let table = part.table.expect("a table");
        rows += clean::clean(&part.grid, &table, source, &registers, export, &mut findings).facts.rows();
    }
    said.extend(told(findings.kept()));
    assert_eq!(said, Vec::<String>::new(), "{definition}");
    rows
}

#[test]
fn a_draft_of_a_reply_is_a_definition_and_of_a_catalogue_none() {
    let work = folder();
    let draft = |name: &str, text: &str| {
        let path = work.path().join(name);
        fs::write(&path, text).unwrap();
        finish(mujun(work.path()).arg("inspect").arg(&path).arg("--draft"))
    };
    let values = [value("增加值", "亿元", PROVINCE, "\"316.8\""), value("增长", "%", PROVINCE, "\"5.4\"")];
    let text = reply(&[("202602SS", "2026年二季度", &values), ("202601SS", "2026年一季度", &values)]);
    let (code, printed, stderr) = draft("应答.json", &text);
    assert_eq!(code, 0, "{stderr}");
    let definition: toml::Table = toml::from_str(&printed).unwrap_or_else(|error| panic!("{error}\n{printed}"));
    assert_eq!(definition["format"].as_str(), Some("json"), "{printed}");
    assert_eq!(facts(&printed, "应答.json", &text), 4, "{printed}");
    let (code, printed, stderr) =
        draft("目录.json", r#"{"success":true,"data":[{"_id":"a","name":"工业","isLeaf":true}]}"#);
    assert_eq!((code, printed.as_str()), (2, ""));
    assert!(stderr.contains("R058"), "{stderr}");
}
