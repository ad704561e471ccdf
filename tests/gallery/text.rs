//! The text half: delimited text, pages, XML, JSON, web archives.

use read::Limits;

use super::{Case, case, check, limits};
use crate::support::exports::gb18030;

#[test]
fn the_text_half_gives_what_it_says() {
    check("text", CASES);
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

fn page(body: &str) -> Vec<u8> {
    format!("<html><body>{body}</body></html>").into_bytes()
}

/// A page with a table, so that it is worth reading, and with something else.
fn beside_a_table(rest: &str) -> Vec<u8> {
    page(&format!("<table><tr><td>1</td></tr></table>{rest}"))
}

fn table(rows: &str) -> Vec<u8> {
    page(&format!("<table>{rows}</table>"))
}

fn spreadsheet_ml(inside: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\"?>\n{inside}<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
         xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet ss:Name=\"表\"><Table>"
    )
    .into_bytes()
}

fn sheet(rows: &str) -> Vec<u8> {
    [spreadsheet_ml(""), rows.as_bytes().to_vec(), b"</Table></Worksheet></Workbook>".to_vec()].concat()
}

/// A billion laughs: every entity is ten of the one before.
fn entities() -> String {
    let entity = |i: usize| format!("<!ENTITY e{} \"{}\">", i + 1, format!("&e{i};").repeat(10));
    let entities: String = (0..9).map(entity).collect();
    format!("<!DOCTYPE Workbook [<!ENTITY e0 \"哈\">{entities}]>")
}

fn reply(nodes: &str) -> Vec<u8> {
    format!(
        "{{\"returncode\":200,\"returndata\":{{\"datanodes\":[{nodes}],\"wdnodes\":[{{\"wdcode\":\"zb\",\"wdname\":\"指标\",\
         \"nodes\":[{{\"code\":\"A01\",\"name\":\"生产总值\",\"unit\":\"亿元\"}}]}}]}}}}"
    )
    .into_bytes()
}

fn node(data: &str) -> String {
    format!("{{\"code\":\"zb.A01\",\"data\":{data},\"wds\":[{{\"wdcode\":\"zb\",\"valuecode\":\"A01\"}}]}}")
}

fn mht(parts: &str) -> Vec<u8> {
    format!("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n{parts}").into_bytes()
}

fn narrow() -> Limits {
    Limits { columns: 64, rows: 100, cell_bytes: 200, ..limits() }
}

fn few_elements() -> Limits {
    Limits { elements: 200_000, ..limits() }
}

fn short() -> Limits {
    Limits { bytes: 10, ..limits() }
}

pub const CASES: &[Case] = &[
    // Bytes and encodings.
    case("nothing at all", "a.csv", Vec::new),
    case("a byte order mark and blanks", "a.csv", || b"\xEF\xBB\xBF \r\n\t\r\n".to_vec()),
    case("half a character of GB18030 at the end", "a.csv", || {
        [gb18030("地区,产值\n郑州,1\n开封"), vec![0xB0]].concat()
    }),
    case("UTF-8 and one line of GB18030", "a.csv", || {
        ["地区,名称\n郑州市,郑州机械制造有限公司\n".as_bytes(), &gb18030("开封市,空分设备厂\n")].concat()
    }),
    case("GB18030 and one cell of UTF-8", "a.csv", || {
        [gb18030(&"地区,郑州机械制造\n".repeat(50)), "地区,空分集团\n".as_bytes().to_vec()].concat()
    }),
    case("UTF-8 by its mark, GB18030 by its bytes", "a.csv", || {
        [b"\xEF\xBB\xBF".to_vec(), gb18030("地区,产值\n")].concat()
    }),
    case("UTF-8 in more bytes than it needs", "a.csv", || b"a,b\n1,\xF0\x80\x80\xAF\n".to_vec()),
    case("UTF-16 with a lone surrogate", "a.csv", || {
        [utf16("\u{feff}地区,产值\n", u16::to_le_bytes), vec![0x00, 0xD8, 0x2C, 0x00]].concat()
    }),
    case("UTF-16 cut inside a unit", "a.csv", || [utf16("\u{feff}地区,产值\n", u16::to_be_bytes), vec![0x4E]].concat()),
    case("UTF-16 without a mark", "a.csv", || utf16("地区,产值\n郑州,1\n", u16::to_le_bytes)),
    case("UTF-16 without a mark, and one unit that is no character", "a.csv", || {
        utf16("地区,产值\n郑州,\u{1}\n", u16::to_le_bytes)
    }),
    case("NUL bytes in a cell", "a.csv", || {
        ["code,value\n", &"0001,12\n".repeat(30), "0001\0,12\n"].concat().into_bytes()
    }),
    case("text that someone decoded wrongly and saved", "a.csv", || "地区,产值\n锟斤拷锟,1\n".into()),
    case("characters of four bytes", "a.csv", || gb18030("地区,姓名\n郑州,㐀𠮷\n")),
    // Delimited text.
    case("a quote that is never closed", "a.csv", || "地区,产值\n\"郑州,1\n开封,2\n".into()),
    case("quotes inside cells, and text behind a closing quote", "a.csv", || "地区,注\n\"郑\"\"州\" ,5\"x\"\n".into()),
    case("notes of several lines, quoted", "a.csv", || "地区,产值\n郑州,1\n\"注：一\r\n二\",\n".into()),
    case("rows of different lengths", "a.csv", || "a,b,c\n1\n1,2,3,4,5\n\n,,\n".into()),
    case("duplicate headers", "a.csv", || "地区,产值,产值\n郑州,1,2\n".into()),
    case("a header and nothing else", "a.csv", || "地区,产值\n".into()),
    case("notes and nothing else", "a.csv", || "注：本表为快报数。\n数据来源：国家统计局\n".into()),
    case("line ends of an old Mac", "a.csv", || "地区,产值\r郑州,1\r".into()),
    case("tabs that pad cells", "a.csv", || "2024年\t,2023年\t\n1\t,2\t\n".into()),
    case("semicolons, and commas in the numbers", "a.csv", || "地区;产值\n郑州;1,5\n开封;2,5\n".into()),
    case("a delimiter declared for Excel", "a.csv", || "sep=|\r\n地区|产值,亿元\r\n郑州|1\r\n".into()),
    case("tabs under the name of a workbook", "a.xls", || gb18030("地区\t产值\n郑州\t1\n")),
    case("a line of sixteen megabytes", "a.csv", || vec![b'x'; 16 << 20]),
    case("a cell of twelve megabytes", "a.csv", || [b"a,b\n1,".to_vec(), vec![b'x'; 12 << 20]].concat()),
    case("a million columns", "a.csv", || ",".repeat(1_000_000).into_bytes()),
    case("a million columns, and two rows", "a.csv", || {
        [",".repeat(1_000_000), ",".repeat(1_000_000)].join("\n").into_bytes()
    }),
    case("more rows than allowed", "a.csv", || "1,2\n".repeat((1 << 20) + 1).into_bytes()),
    Case {
        limits: narrow,
        ..case("more columns than allowed, in the third row", "a.csv", || {
            ["a,b\n1,2\n".to_owned(), ",".repeat(64)].concat().into_bytes()
        })
    },
    Case { limits: short, ..case("a file beyond the limit", "a.csv", || "地区,产值\n郑州,1\n".into()) },
    // What is no data.
    case("the body of an error", "a.csv", || b"404 Not Found\nnginx/1.24.0\n".to_vec()),
    case("an error page", "a.xls", || page("<h1>502 Bad Gateway</h1>")),
    case("a login page with a table", "a.csv", || table("<tr><td>密码</td><td><input type=password name=p></td></tr>")),
    case("a letter", "a.txt", || "尊敬的用户：\n您的请求已超时; 请稍后。\n".into()),
    case("a script of SQL", "a.csv", || b"INSERT INTO t VALUES (1,'a');\nINSERT INTO t VALUES (2,'b');\n".to_vec()),
    case("a program", "a.csv", || b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0>\0\x01\0\0\0".to_vec()),
    // Pages.
    case("a page whose tables hold nothing", "a.html", || table("<tr><td> </td></tr>")),
    case("tags that are never closed", "a.html", || page("<table><tr><td>郑州<td>1<tr><td>开封<td>2")),
    case("ten thousand tables in one another", "a.html", || page(&"<table><tr><td>".repeat(10_000))),
    case("a hundred thousand blocks in one another", "a.html", || beside_a_table(&"<div>".repeat(100_000))),
    case("styles that are never closed, each of its own", "a.html", || {
        beside_a_table(&(0..20_000).map(|i| format!("<p><b id={i}></p>")).collect::<String>())
    }),
    case("end tags that close nothing", "a.html", || beside_a_table(&"<span><div></span>".repeat(10_000))),
    case("tags hidden behind a quote that is none", "a.html", || {
        beside_a_table(&format!("<p =\">{}\">", "<div>".repeat(10_000)))
    }),
    case("tags behind a comment that ends at once", "a.html", || {
        beside_a_table(&format!("<!-->{}-->", "<div>".repeat(10_000)))
    }),
    case("a hundred thousand attributes", "a.html", || {
        let attributes: String = (0..100_000).map(|i| format!(" a{i}")).collect();
        table(&format!("<tr><td{attributes}>1</td></tr>"))
    }),
    Case {
        limits: few_elements,
        ..case("more elements than allowed", "a.html", || table(&"<tr><td>1".repeat(150_000)))
    },
    case("a cell over a thousand million columns", "a.html", || {
        table("<tr><td colspan=1000000000>甲</td><td>乙</td></tr>")
    }),
    case("a cell over more columns than a number holds", "a.html", || {
        table("<tr><td colspan=99999999999999999999999>甲</td><td colspan=-3>乙</td></tr>")
    }),
    case("cells over all rows to come", "a.html", || {
        table(&format!("<tr>{}</tr>{}", "<td rowspan=65534 colspan=1000>甲".repeat(16), "<tr><td>乙".repeat(1_000)))
    }),
    case("rows that cover each other", "a.html", || {
        table("<tr><td rowspan=2>甲</td><td rowspan=3>乙</td></tr><tr><td>丙</td></tr><tr><td colspan=2>丁</td></tr>")
    }),
    case("another charset than the bytes", "a.html", || {
        b"<html><meta charset=gbk><table><tr><td>\xE9\x83\x91\xE5\xB7\x9E</td></tr></table></html>".to_vec()
    }),
    case("a table in a table in a cell", "a.html", || {
        table("<tr><td>外<table><tr><td>内</td></tr></table></td><td>1</td></tr>")
    }),
    case("a script that writes tables", "a.html", || {
        page("<script>document.write('<table><tr><td>假</td></tr></table>')</script><p>无</p>")
    }),
    // XML.
    case("SpreadsheetML under the name of a workbook", "a.xls", || {
        sheet("<Row><Cell><Data ss:Type=\"String\">郑州</Data></Cell><Cell ss:Formula=\"=1/0\"/></Row>")
    }),
    case("an entity bomb", "a.xml", || {
        [spreadsheet_ml(&entities()), b"<Row><Cell><Data>&e9;</Data></Cell></Row>".to_vec()].concat()
    }),
    case("an entity that reads a file", "a.xml", || {
        spreadsheet_ml("<!DOCTYPE Workbook [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>")
            .into_iter()
            .chain(*b"<Row><Cell><Data>&x;</Data></Cell></Row></Table></Worksheet></Workbook>")
            .collect()
    }),
    case("SpreadsheetML that is cut off", "a.xml", || [spreadsheet_ml(""), b"<Row><Cell><Data>1".to_vec()].concat()),
    case("a cell in the last column there can be", "a.xml", || {
        sheet("<Row><Cell ss:Index=\"4294967295\"><Data ss:Type=\"Number\">1</Data></Cell></Row>")
    }),
    case("a row after four thousand million others", "a.xml", || {
        sheet(
            "<Row ss:Index=\"4294967295\" ss:Span=\"4294967295\"><Cell><Data ss:Type=\"Number\">1</Data></Cell></Row><Row><Cell><Data>2</Data></Cell></Row>",
        )
    }),
    case("a merged area larger than any sheet", "a.xml", || {
        sheet(
            "<Row><Cell ss:MergeAcross=\"4294967295\" ss:MergeDown=\"4294967295\"><Data ss:Type=\"String\">甲</Data></Cell><Cell><Data>乙</Data></Cell></Row>",
        )
    }),
    case("two cells in one place", "a.xml", || {
        sheet(
            "<Row><Cell><Data ss:Type=\"String\">甲</Data></Cell><Cell ss:Index=\"1\"><Data ss:Type=\"String\">乙</Data></Cell></Row>",
        )
    }),
    case("a hundred thousand elements in one another", "a.xml", || {
        sheet(&format!("<Row><Cell><Data>{}深{}</Data></Cell></Row>", "<B>".repeat(100_000), "</B>".repeat(100_000)))
    }),
    case("numbers that are none", "a.xml", || {
        sheet(
            "<Row><Cell><Data ss:Type=\"Number\">1e999</Data></Cell><Cell><Data ss:Type=\"Number\">十</Data></Cell><Cell><Data ss:Type=\"Number\">nan</Data></Cell></Row>",
        )
    }),
    case("other XML", "a.xls", || b"<?xml version=\"1.0\"?><rss><channel/></rss>".to_vec()),
    // JSON.
    case("an error reply", "a.json", || "{\"returncode\":501,\"returndata\":\"对不起，未能找到。\"}".into()),
    case("an error of another interface", "a.json", || "{\"code\":500,\"msg\":\"系统繁忙\"}".into()),
    case("a list of lists", "a.json", || "[".repeat(100_000).into_bytes()),
    case("a reply with deep nonsense in it", "a.json", || {
        reply(&node(&format!("{{\"hasdata\":true,\"data\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000))))
    }),
    case("a reply that is cut off", "a.json", || {
        let mut bytes = reply(&node("{\"data\":1,\"hasdata\":true,\"strdata\":\"1\"}"));
        bytes.truncate(bytes.len() / 2);
        bytes
    }),
    case("a zero that is no data", "a.json", || reply(&node("{\"data\":0,\"hasdata\":false,\"strdata\":\"0\"}"))),
    case("a value that contradicts itself", "a.json", || {
        reply(&node("{\"data\":10,\"hasdata\":true,\"strdata\":\"1\"}"))
    }),
    case("the same node twice", "a.json", || {
        let node = node("{\"data\":1,\"hasdata\":true,\"strdata\":\"1\"}");
        reply(&format!("{node},{node}"))
    }),
    case("a note that grows with every node", "a.json", || {
        let memo = "长".repeat(30_000);
        let nodes = vec![node("{\"hasdata\":false}"); 2_000].join(",");
        let text = String::from_utf8(reply(&nodes)).unwrap();
        text.replace("\"unit\":\"亿元\"", &format!("\"memo\":\"{memo}\"")).into_bytes()
    }),
    // Web archives.
    case("a web archive without its last boundary", "a.mht", || {
        mht("--b\r\nContent-Type: text/html\r\n\r\n<table><tr><td>1</td></tr></table>\r\n")
    }),
    case("a web archive without a boundary", "a.mht", || {
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<table>".to_vec()
    }),
    case("parts in parts in parts", "a.mht", || {
        mht(&"--b\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n".repeat(2_000))
    }),
    case("base64 that is none", "a.mht", || {
        mht("--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!\r\n--b--\r\n")
    }),
    case("a web archive of pictures", "a.mht", || mht("--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n")),
    case("a web archive whose page says one charset and holds another", "a.mht", || {
        [
            mht("--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"),
            gb18030("<table><tr><td>郑州机械制造有限公司</td></tr></table>\r\n--b--\r\n"),
        ]
        .concat()
    }),
];
