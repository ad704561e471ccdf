//! Zip archives of workbooks from the text of their parts: behind checksums and compression a fuzzer finds little.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The parts of a workbook that are fuzzed, in the order of the input; NUL stands between them.
const XLSX: [&str; 4] = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"];
/// The same of an OpenDocument spreadsheet.
const ODS: [&str; 2] = ["content.xml", "META-INF/manifest.xml"];

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A new workbook from its fuzzed parts.
pub fn xlsx(bytes: &[u8]) -> Vec<u8> {
    let relation = |kind: &str, target: &str| {
        format!("<Relationship Id=\"{kind}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
    };
    let root = format!("<Relationships>{}</Relationships>", relation("officeDocument", "xl/workbook.xml"));
    let list =
        [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")];
    let list: String = list.iter().map(|(kind, target)| relation(kind, target)).collect();
    let list = format!("<Relationships>{list}</Relationships>");
    let default = "<workbook xmlns:r=\"r\"><sheets><sheet name=\"s\" r:id=\"worksheet\"/></sheets></workbook>";
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", root.as_bytes()),
        ("xl/_rels/workbook.xml.rels", list.as_bytes()),
    ];
    parts.extend(XLSX.into_iter().zip(bytes.splitn(XLSX.len(), |byte| *byte == 0)));
    if parts.iter().all(|(name, _)| *name != "xl/workbook.xml") {
        parts.push(("xl/workbook.xml", default.as_bytes()));
    }
    stored(&parts)
}

/// An OpenDocument spreadsheet from its fuzzed parts.
pub fn ods(bytes: &[u8]) -> Vec<u8> {
    let mut parts: Vec<(&str, &[u8])> = vec![("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")];
    parts.extend(ODS.into_iter().zip(bytes.splitn(ODS.len(), |byte| *byte == 0)));
    stored(&parts)
}

fn stored(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        let written = archive.start_file(*name, options).and_then(|()| archive.write_all(content).map_err(Into::into));
        written.expect("an archive in memory can be written");
    }
    archive.finish().expect("an archive in memory can be closed").into_inner()
}
