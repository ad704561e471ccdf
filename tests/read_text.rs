//! Reading the formats that are text: SpreadsheetML, replies in JSON, web archives; and the encodings of text.

use read::{Book, Encoding, Expect, Format, Grid, Limits, Merge, read};
use vocab::{Problem, Said};

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
        format!("{}{row} {}", problem.rule.code, problem.value.as_ref().map(Said::en).unwrap_or_default())
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
        format!(" <Worksheet ss:Name=\"{name}\">\n  <Table>{table}</Table>\n </Worksheet>\n")
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
fn hidden_sheets_and_formulas_without_values_of_spreadsheet_ml_are_told() {
    let table =
        "<Row><Cell ss:Formula=\"=1+1\"><Data ss:Type=\"Number\">2</Data></Cell><Cell ss:Formula=\"=RC[-1]*2\"/></Row>";
    let text = spreadsheet_ml(&[("S", table)]);
    let hidden = "</Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>";
    let (book, problems) = with("a.xml", text.replace("</Table>", hidden), &Limits::default());
    assert_eq!(told(&problems), ["R014 R1 cells like this in the sheet: 1", "R016 "]);
    assert_eq!(rows(&book.expect("a book").sheets[0]), [["2", "=RC[-1]*2"]]);
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
        "R040 the workbook: it ends inside an element"
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
        (r#"{"returncode":200,"returndata":{"datanodes":[],"wdnodes":[]}}"#, "R059 "),
        (
            r#"{"returncode":200,"returndata":{"datanodes":[]}}"#,
            "R004 JSON: missing field `wdnodes` at line 1 column 16",
        ),
        (
            r#"{"returncode":200,"returndata":{"datanodes":[{"co"#,
            "R040 JSON: EOF while parsing a string at line 1 column 49",
        ),
    ];
    for (text, expected) in files {
        assert_eq!(refusal("a.json", text), expected, "{text}");
    }
}

// ---- web archives ----

/// A way to write a part: its text, and what the way is called.
type Way = fn(&str) -> (String, &'static str);

/// A web archive as Excel writes it: a page that lists the worksheets, and a page for each.
fn workbook_archive(encode: impl Fn(&str) -> (String, &'static str)) -> String {
    let part = |file: &str, html: &str| {
        let (body, encoding) = encode(html);
        format!(
            "------=_Part\r\nContent-Location: file:///C:/1/{file}\r\nContent-Transfer-Encoding: {encoding}\r\nContent-Type: text/html;\r\n\tcharset=\"utf-8\"\r\n\r\n{body}\r\n\r\n"
        )
    };
    let sheet = |name: &str, file: &str| {
        format!(
            "<x:ExcelWorksheet><x:Name>{name}</x:Name><x:WorksheetSource HRef=\"b.files/{file}\"/></x:ExcelWorksheet>"
        )
    };
    let main = format!(
        "<html><head><!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets>{}{}</x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]--></head><frameset></frameset></html>",
        sheet("收入", "sheet001.htm"),
        sheet("支出&amp;结余", "sheet002.htm")
    );
    let table =
        |cell: &str| format!("<html><body><table><tr><td>{cell}</td><td>1,234.5</td></tr></table></body></html>");
    format!(
        "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=\"----=_Part\"\r\n\r\nThis document is a Single File Web Page.\r\n\r\n{}{}------=_Part\r\nContent-Location: b.files/style.css\r\nContent-Type: text/css\r\n\r\ntd {{}}\r\n{}------=_Part--\r\n",
        part("b.htm", &main),
        part("b.files/sheet001.htm", &table("郑州市")),
        part("b.files/sheet002.htm", &table("开封市"))
    )
}

fn quoted(html: &str) -> (String, &'static str) {
    let byte = |byte: u8| match byte {
        b' '..=b'<' | b'>'..=b'~' => char::from(byte).to_string(),
        byte => format!("={byte:02X}"),
    };
    let all: Vec<String> = html.bytes().map(byte).collect();
    (all.chunks(20).map(<[String]>::concat).collect::<Vec<_>>().join("=\r\n"), "quoted-printable")
}

fn base64(html: &str) -> (String, &'static str) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for (index, chunk) in html.as_bytes().chunks(3).enumerate() {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let digit = |at: usize| char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]);
        text.extend((0..4).map(|at| if at <= chunk.len() { digit(at) } else { '=' }));
        if index % 19 == 18 {
            text.push_str("\r\n");
        }
    }
    (text, "base64")
}

#[test]
fn a_web_archive_gives_the_worksheets_it_lists_whatever_way_its_parts_are_written() {
    let ways: [Way; 3] = [quoted, base64, |html| (html.to_owned(), "8bit")];
    for way in ways {
        let book = {
            let (book, problems) = with("a.xls", workbook_archive(way), &Limits::default());
            assert_eq!(told(&problems), ["R005 .xls"]);
            book.expect("a book")
        };
        assert_eq!((book.format, book.encoding), (Format::Mht, Encoding::Utf8));
        let sheets: Vec<_> = book.sheets.iter().map(|grid| (grid.sheet.as_str(), rows(grid))).collect();
        assert_eq!(sheets, [("收入", vec![vec!["郑州市", "1,234.5"]]), ("支出&结余", vec![vec!["开封市", "1,234.5"]])]);
    }
    let whole = workbook_archive(quoted);
    assert_eq!(refusal("a.mht", &whole[..whole.len() - 40]), "R040 the last boundary of the web archive is missing");
    let lies = workbook_archive(quoted).replace("charset=\"utf-8\"", "charset=\"gb2312\"");
    assert_eq!(refusal("a.mht", lies), "R003 the text declares gb2312, its bytes are utf-8");
}

#[test]
fn a_web_archive_of_one_page_is_read_and_one_without_a_table_is_not() {
    let page = |body: &str| {
        let text = format!("MIME-Version: 1.0\nContent-Type: text/html; charset=gb2312\n\n<html>{body}</html>");
        encoding_rs::GB18030.encode(&text).0.into_owned()
    };
    let book = book("a.mht", page("<table><tr><td>郑州</td></tr></table>"));
    assert_eq!((book.encoding, rows(&book.sheets[0])), (Encoding::Gb18030, vec![vec!["郑州"]]));
    assert_eq!(refusal("a.mht", page("<p>没有表</p>")), "R008 a web archive whose pages hold no table");
}

// ---- text and its encodings ----

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn the_encoding_is_told_with_the_reason_for_it() {
    let text = "地区,产值\n郑州市,1\n";
    let marked = format!("\u{feff}{text}");
    let gbk = encoding_rs::GB18030.encode(text).0.into_owned();
    let four_bytes = encoding_rs::GB18030.encode("地区,姓名\n郑州市,㐀𠮷\n").0.into_owned();
    let files = [
        (b"a,b\n1,2\n".to_vec(), Encoding::Utf8, "all bytes are ASCII, which every encoding shares"),
        (text.as_bytes().to_vec(), Encoding::Utf8, "all bytes are valid UTF-8"),
        (marked.as_bytes().to_vec(), Encoding::Utf8Bom, "byte order mark"),
        (gbk, Encoding::Gb18030, "not UTF-8, and all bytes are valid GB18030"),
        (four_bytes, Encoding::Gb18030, "not UTF-8, and all bytes are valid GB18030"),
        (utf16(&marked, u16::to_le_bytes), Encoding::Utf16, "byte order mark"),
        (utf16(&marked, u16::to_be_bytes), Encoding::Utf16, "byte order mark"),
        (
            utf16(text, u16::to_le_bytes),
            Encoding::Utf16,
            "every two bytes are a character of UTF-16, in one byte order only",
        ),
        (
            utf16(text, u16::to_be_bytes),
            Encoding::Utf16,
            "every two bytes are a character of UTF-16, in one byte order only",
        ),
    ];
    for (bytes, encoding, reason) in files {
        let book = book("a.csv", &bytes);
        assert_eq!((book.encoding, book.encoding_reason.en()), (encoding, reason));
        assert_eq!(book.sheets[0].row(1).len(), 2, "{reason}");
        if encoding != Encoding::Utf8 || !bytes.is_ascii() {
            assert_eq!(book.sheets[0].cell(1, 0), "郑州市", "{reason}");
        }
    }
}

#[test]
fn a_file_of_two_encodings_is_refused_with_the_place_of_both() {
    let gbk = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let lines = |first: &[u8], second: &[u8]| [b"a,b\n", first, b",1\n", first, b",2\n", second, b",3\n"].concat();
    assert_eq!(
        refusal("a.csv", lines(&gbk("河南省郑州市"), "开封市".as_bytes())),
        "R003 R4 gb18030 from byte 4, line 2; utf-8 from byte 34, line 4"
    );
    assert_eq!(
        refusal("a.csv", lines("河南省郑州市".as_bytes(), &gbk("开封市"))),
        "R003 R4 utf-8 from byte 4, line 2; gb18030 from byte 46, line 4"
    );
    // One cell alone, among many of the other.
    let many = gbk("郑州市,1\n").repeat(1_000);
    let one = [&many[..], "二七区,1\n".as_bytes(), &many[..]].concat();
    assert_eq!(refusal("a.csv", one), "R003 R1001 gb18030 from byte 0, line 1; utf-8 from byte 9000, line 1001");
}

#[test]
fn semicolons_bars_and_a_declared_delimiter_separate_cells() {
    let files = [
        ("a;b;c\n1,5;2;3\n4;5;6\n", vec![vec!["a", "b", "c"], vec!["1,5", "2", "3"], vec!["4", "5", "6"]]),
        ("a|b\n\"x|y\"|2\n", vec![vec!["a", "b"], vec!["x|y", "2"]]),
        ("sep=;\r\na;b,c\r\n1;2\r\n", vec![vec!["a", "b,c"], vec!["1", "2"]]),
        ("\"sep=|\"\nx|y\n", vec![vec!["x", "y"]]),
        ("a,b\r1,2\r", vec![vec!["a", "b"], vec!["1", "2"]]),
    ];
    for (text, expected) in files {
        let book = book("a.csv", text);
        assert_eq!((book.format, rows(&book.sheets[0])), (Format::Csv, expected), "{text}");
    }
    let declared = book("a.csv", "sep=;\na;b\n");
    assert_eq!(declared.sheets[0].row(0).number, 2);
    assert_eq!(refusal("a.txt", "尊敬的用户; 您好\n请求已超时\n"), "R008 text without a table");
}

#[test]
fn a_login_page_is_no_table_even_if_it_has_one() {
    let page = "<html><form><table><tr><td>用户名</td><td><input></td></tr><tr><td>密码</td><td><input type=\"password\"></td></tr></table></form></html>";
    assert_eq!(refusal("a.csv", page), "R008 a login page");
}
