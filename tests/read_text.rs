//! Reading the formats that are text: SpreadsheetML, replies in JSON, web archives; and the encodings of text.

use mujun::read::{Book, Encoding, Expect, Format, Grid, Limits, Merge, read};
use mujun::vocab::Problem;

fn with(name: &str, bytes: impl AsRef<[u8]>, limits: &Limits) -> (Option<Book>, Vec<Problem>) {
    read(name, bytes.as_ref(), &Expect::default(), limits)
}

/// The book of a file in which nothing is wrong.
fn book(name: &str, bytes: impl AsRef<[u8]>) -> Book {
    let (book, problems) = with(name, bytes, &Limits::default());
    assert_eq!(told(&problems), Vec::<String>::new());
    book.expect("a book")
}

/// The one problem of a file that cannot be used.
fn refusal(name: &str, bytes: impl AsRef<[u8]>) -> String {
    let (book, problems) = with(name, bytes, &Limits::default());
    assert_eq!(book, None);
    assert_eq!(problems.len(), 1, "{problems:?}");
    told(&problems).remove(0)
}

/// Problems in short: code, row, what was found.
fn told(problems: &[Problem]) -> Vec<String> {
    let one = |problem: &Problem| {
        let row = problem.place.row.map_or(String::new(), |row| format!(" R{row}"));
        format!("{}{row} {}", problem.rule.code, problem.value.as_deref().unwrap_or_default())
    };
    problems.iter().map(one).collect()
}

fn rows(grid: &Grid) -> Vec<Vec<&str>> {
    grid.rows().map(|row| row.cells().collect()).collect()
}

// ---- SpreadsheetML 2003 ----

/// A workbook of worksheets, each with its name and the content of its table.
fn spreadsheet_ml(sheets: &[(&str, &str)]) -> String {
    let sheet = |(name, table): &(&str, &str)| {
        format!(
            " <Worksheet ss:Name=\"{name}\">\n  <Table>{table}</Table>\n  <WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>\n </Worksheet>\n"
        )
    };
    let sheets: String = sheets.iter().map(sheet).collect();
    format!(
        "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n\
         <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\n\
         <Styles><Style ss:ID=\"Default\"/></Styles>\n{sheets}</Workbook>"
    )
}

#[test]
fn spreadsheet_ml_is_read_with_its_gaps_and_its_merged_areas() {
    let table = "<Column ss:Index=\"2\"/>\
        <Row><Cell ss:MergeAcross=\"1\" ss:MergeDown=\"1\"><Data ss:Type=\"String\">指标</Data></Cell><Cell><Data ss:Type=\"String\">2018年</Data></Cell></Row>\
        <Row ss:Span=\"1\"><Cell ss:Index=\"3\"><Data ss:Type=\"String\">1季度</Data></Cell></Row>\
        <Row><Cell><Data ss:Type=\"String\">在跨行之后</Data></Cell></Row>\
        <Row ss:Index=\"6\"><Cell ss:Index=\"4\"><Data ss:Type=\"String\">丁</Data></Cell></Row>";
    let book = book("a.xml", spreadsheet_ml(&[("表一", table)]));
    assert_eq!((book.format, book.encoding), (Format::Xml, Encoding::Utf8));
    let grid = &book.sheets[0];
    assert_eq!(grid.sheet, "表一");
    assert_eq!(
        rows(grid),
        [vec!["指标", "", "2018年"], vec!["", "", "1季度"], vec![], vec!["在跨行之后"], vec![], vec!["", "", "", "丁"]]
    );
    assert_eq!(grid.merges(), [Merge { row: 0, column: 0, rows: 2, columns: 2 }]);
    assert_eq!(grid.seen(1, 1), "指标");
}

#[test]
fn values_of_spreadsheet_ml_are_written_as_a_person_sees_them() {
    let cells = [
        ("<Data ss:Type=\"Number\">1.2300000000000001E2</Data>", "123"),
        ("<Data ss:Type=\"Number\">0.1</Data>", "0.1"),
        ("<Data ss:Type=\"DateTime\">2018-06-30T00:00:00.000</Data>", "2018-06-30"),
        ("<Data ss:Type=\"DateTime\">2018-06-30T08:30:00.000</Data>", "2018-06-30T08:30:00"),
        ("<Data ss:Type=\"DateTime\">1899-12-31T08:30:00.000</Data>", "08:30:00"),
        ("<Data ss:Type=\"Boolean\">1</Data>", "TRUE"),
        ("<Data ss:Type=\"Boolean\">0</Data>", "FALSE"),
        ("<Data ss:Type=\"Error\">#DIV/0!</Data>", "#DIV/0!"),
        ("<Data ss:Type=\"String\">甲&amp;乙&#10;丙 &lt;20人</Data>", "甲&乙\n丙 <20人"),
        ("<ss:Data ss:Type=\"String\"><B>规模</B><Font html:Size=\"9\">以上</Font></ss:Data>", "规模以上"),
        ("<Comment ss:Author=\"x\"><ss:Data><B>批注</B></ss:Data></Comment>", ""),
        (
            "<Data ss:Type=\"String\">01</Data><Comment><ss:Data>批注</ss:Data></Comment><NamedCell ss:Name=\"n\"/>",
            "01",
        ),
    ];
    let table: String = cells
        .iter()
        .map(|(cell, _)| format!("<Row><Cell>{cell}</Cell><Cell><Data ss:Type=\"String\">|</Data></Cell></Row>"))
        .collect();
    let book = book("a.xml", spreadsheet_ml(&[("S", &table)]));
    let shown: Vec<&str> = (0..cells.len()).map(|row| book.sheets[0].cell(row, 0)).collect();
    assert_eq!(shown, cells.map(|(_, text)| text));
}

#[test]
fn only_the_wanted_sheet_of_spreadsheet_ml_is_read() {
    let cell = |text: &str| format!("<Row><Cell><Data ss:Type=\"String\">{text}</Data></Cell></Row>");
    let text = spreadsheet_ml(&[("一", &cell("甲")), ("二", &cell("乙")), ("三", "")]);
    let all = book("a.xml", &text);
    let names: Vec<_> = all.sheets.iter().map(|grid| (grid.sheet.as_str(), grid.len())).collect();
    assert_eq!(names, [("一", 1), ("二", 1), ("三", 0)]);
    let expect = Expect { sheet: Some("二"), ..Expect::default() };
    let (book, _) = read("a.xml", text.as_bytes(), &expect, &Limits::default());
    assert_eq!(rows(&book.expect("a book").sheets[0]), [["乙"]]);
    let expect = Expect { sheet: Some("四"), ..Expect::default() };
    let (_, problems) = read("a.xml", text.as_bytes(), &expect, &Limits::default());
    assert_eq!((problems[0].rule.code, problems[0].expected.join(" ")), ("R011", "一 二 三".to_owned()));
}

#[test]
fn spreadsheet_ml_that_is_cut_off_or_declares_another_charset_is_refused() {
    let text = spreadsheet_ml(&[("S", "<Row><Cell><Data ss:Type=\"String\">郑州</Data></Cell></Row>")]);
    assert_eq!(
        refusal("a.xml", &text[..text.len() - "</Workbook>".len()]),
        "R004 the workbook: it ends inside an element"
    );
    let declared = text.replace("version=\"1.0\"", "version=\"1.0\" encoding=\"GB2312\"");
    assert_eq!(refusal("a.xml", &declared), "R003 the text declares GB2312, its bytes are utf-8");
    let gbk = encoding_rs::GB18030.encode(&declared).0;
    assert_eq!(rows(&book("a.xml", gbk).sheets[0]), [["郑州"]]);
    assert_eq!(refusal("a.xml", spreadsheet_ml(&[])), "R001 no cell holds anything");
}

// ---- replies of easyquery ----

const DIMENSIONS: &str = r#"[
    {"wdcode":"zb","wdname":"指标","nodes":[
        {"code":"A01","name":"生产总值","cname":"生产总值","unit":"亿元","memo":"初步核算数","dotcount":1},
        {"code":"A02","name":"指数","unit":"","memo":""}]},
    {"wdcode":"reg","wdname":"地区","nodes":[{"code":"410000","name":"河南省","unit":"","memo":""}]},
    {"wdcode":"xy","nodes":[{"code":"1","name":"新"}]},
    {"wdcode":"sj","wdname":"时间","nodes":[{"code":"2018A","name":"2018年第一季度"},{"code":"2018B","name":"2018年第二季度"}]}]"#;

fn node(zb: &str, sj: &str, data: &str) -> String {
    let wd = |wdcode: &str, valuecode: &str| format!("{{\"wdcode\":\"{wdcode}\",\"valuecode\":\"{valuecode}\"}}");
    let wds = [wd("zb", zb), wd("reg", "410000"), wd("xy", "1"), wd("sj", sj)].join(",");
    format!("{{\"code\":\"zb.{zb}_reg.410000_xy.1_sj.{sj}\",\"data\":{data},\"wds\":[{wds}]}}")
}

fn reply(nodes: &[String]) -> String {
    let nodes = nodes.join(",");
    format!(
        "{{\"returncode\":200,\"returndata\":{{\"datanodes\":[{nodes}],\"wdnodes\":{DIMENSIONS},\"hasdatacount\":1}}}}"
    )
}

#[test]
fn a_reply_becomes_one_row_for_each_data_node_and_what_has_no_data_is_empty() {
    let text = reply(&[
        node("A01", "2018A", r#"{"data":9000.5,"dotcount":1,"hasdata":true,"strdata":"9000.5"}"#),
        node("A01", "2018B", r#"{"data":0.0,"dotcount":1,"hasdata":false,"strdata":"0"}"#),
        node("A02", "2018A", r#"{"data":107.25,"hasdata":true,"strdata":"107.3"}"#),
        node("A02", "2018A", r#"{"data":0,"hasdata":true,"strdata":"0"}"#),
    ]);
    let book = book("a.json", &text);
    assert_eq!((book.format, book.encoding), (Format::Json, Encoding::Utf8));
    assert_eq!(
        rows(&book.sheets[0]),
        [
            "code|指标代码|指标|地区代码|地区|xy代码|xy|时间代码|时间|单位|strdata|memo",
            "zb.A01_reg.410000_xy.1_sj.2018A|A01|生产总值|410000|河南省|1|新|2018A|2018年第一季度|亿元|9000.5|初步核算数",
            "zb.A01_reg.410000_xy.1_sj.2018B|A01|生产总值|410000|河南省|1|新|2018B|2018年第二季度|亿元||初步核算数",
            "zb.A02_reg.410000_xy.1_sj.2018A|A02|指数|410000|河南省|1|新|2018A|2018年第一季度||107.3|",
            "zb.A02_reg.410000_xy.1_sj.2018A|A02|指数|410000|河南省|1|新|2018A|2018年第一季度||0|",
        ]
        .map(|line| line.split('|').collect::<Vec<_>>())
    );
    let pretty: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let pretty = serde_json::to_string_pretty(&pretty).expect("JSON");
    let (again, _) = with("a.json", format!("\u{feff}\n{pretty}\n"), &Limits::default());
    assert_eq!(rows(&again.expect("a book").sheets[0]), rows(&book.sheets[0]));
}

#[test]
fn a_node_that_contradicts_itself_is_told_and_holds_neither_value() {
    let text = reply(&[
        node("A01", "2018A", r#"{"data":9000.5,"hasdata":true,"strdata":"900.5"}"#),
        node("A01", "2018B", r#"{"data":7.5,"hasdata":true,"strdata":""}"#),
        node("A02", "2018A", r#"{"data":7.5,"hasdata":true,"strdata":"…"}"#),
        node("A03", "2018A", r#"{"data":7.5,"hasdata":true,"strdata":"7.5"}"#),
        node("A02", "2018A", r#"{"data":0,"hasdata":true,"strdata":"…"}"#),
    ]);
    let (book, problems) = with("a.json", &text, &Limits::default());
    assert_eq!(
        told(&problems),
        [
            "R018 R2 zb.A01_reg.410000_xy.1_sj.2018A: strdata and data",
            "R018 R3 zb.A01_reg.410000_xy.1_sj.2018B: strdata and data",
            "R018 R4 zb.A02_reg.410000_xy.1_sj.2018A: strdata and data",
            "R018 R5 zb.A03_reg.410000_xy.1_sj.2018A: zb.A03 is not among the dimensions",
        ]
    );
    let grid = &book.expect("a book").sheets[0];
    let values: Vec<&str> = (1..6).map(|row| grid.cell(row, 10)).collect();
    assert_eq!(values, ["900.5 ≠ 9000.5", " ≠ 7.5", "… ≠ 7.5", "7.5", "…"]);
    let few = Limits { problems: 2, ..Limits::default() };
    assert_eq!(told(&with("a.json", &text, &few).1)[2..], ["R018 2 more"]);
}

#[test]
fn error_replies_and_other_json_are_refused_by_what_they_say() {
    let files = [
        (r#"{"returncode":501,"returndata":"对不起，未能找到。"}"#, "R017 501: 对不起，未能找到。"),
        (r#"{"returncode":200,"returndata":"系统繁忙"}"#, "R017 200: 系统繁忙"),
        (r#"{"code":404,"msg":"no such table"}"#, "R008 a JSON error reply, msg: no such table"),
        (r#"{"type":"FeatureCollection","features":[]}"#, "R002 JSON: an object with the members type, features"),
        (r#"{"success":true,"message":"","data":[1]}"#, "R002 JSON: an object with the members success, message, data"),
        (r#"[[1,2],[3,4]]"#, "R002 JSON: a list of 2"),
        (r#"{}"#, "R002 JSON: an object with the members "),
        (r#"{"returncode":200,"returndata":{"datanodes":[],"wdnodes":[]}}"#, "R008 a reply without data nodes"),
        (
            r#"{"returncode":200,"returndata":{"datanodes":[]}}"#,
            "R004 JSON: missing field `wdnodes` at line 1 column 16",
        ),
        (
            r#"{"returncode":200,"returndata":{"datanodes":[{"co"#,
            "R004 JSON: EOF while parsing a string at line 1 column 49",
        ),
    ];
    for (text, expected) in files {
        assert_eq!(refusal("a.json", text), expected, "{text}");
    }
}
