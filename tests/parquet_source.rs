//! Tables of data teams as exports.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use read::{Book, Expect, Format, Limits, read};
use serde_json::Value;

use crate::cli::{replace, without_tests};
use crate::quarantine::Site;
use crate::readers::python;
use crate::support::{finish, folder, root, tree};

fn opened(name: &str, bytes: &[u8]) -> (Option<Book>, Vec<String>) {
    let (book, problems) = read(name, bytes, &Expect::default(), &Limits::default());
    let said = |problem: &vocab::Problem| {
        format!("{} `{}`", problem.rule.code, problem.value.as_ref().map(vocab::Said::en).unwrap_or_default())
    };
    (book, problems.iter().map(said).collect())
}

fn rows(book: &Book) -> Vec<Vec<String>> {
    let grid = &book.sheets[0];
    (0..grid.len()).map(|row| (0..grid.width()).map(|column| grid.cell(row, column).to_owned()).collect()).collect()
}

/// A table of codes and amounts, as a file.
fn table(rows: i64) -> Vec<u8> {
    let schema = parse_message_type("message schema { required binary code (STRING); optional int64 tax; }").unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(WriterProperties::default())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let codes: Vec<ByteArray> = (0..rows).map(|row| format!("4101{row:04}").as_str().into()).collect();
    column.typed::<ByteArrayType>().write_batch(&codes, None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let taxes: Vec<i64> = (0..rows).collect();
    column.typed::<Int64Type>().write_batch(&taxes, Some(&vec![1; rows as usize]), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn what_pyarrow_writes_is_read_cell_for_cell() {
    let Some(python) = python("Parquet files that pyarrow writes") else { return };
    let work = folder();
    let script = root().join("tests/readers/write_parquet.py");
    let (code, stdout, stderr) = finish(Command::new(python).arg(script).arg(work.path()));
    assert_eq!(code, 0, "{stderr}");
    let written: Vec<Value> = serde_json::from_str(&stdout).unwrap();
    assert_eq!(written.len(), 9);
    for file in &written {
        let name = file["file"].as_str().unwrap();
        let (book, said) = opened(name, &fs::read(work.path().join(name)).unwrap());
        let book = book.unwrap_or_else(|| panic!("{name}: {said:?}"));
        assert_eq!((book.format, said), (Format::Parquet, Vec::new()), "{name}");
        let wanted: Vec<Vec<String>> = serde_json::from_value(file["rows"].clone()).unwrap();
        assert_eq!(rows(&book), wanted, "{name}");
    }
    let refused = |name: &str| opened(name, &fs::read(work.path().join(name)).unwrap()).1;
    assert_eq!(refused("list.parquet"), ["R002 `a Parquet file whose column 某列.list.element holds several values`"]);
    assert_eq!(refused("struct.parquet"), ["R002 `a Parquet file whose column 某列.a holds several values`"]);
    assert_eq!(refused("binary.parquet"), ["R002 `a Parquet file whose column 某列 holds bytes`"]);
    assert_eq!(refused("gzip.parquet"), ["R050 `a Parquet file packed by gzip`"]);
    assert_eq!(refused("zstd.parquet"), ["R050 `a Parquet file packed by zstd`"]);
}

#[test]
fn a_parquet_file_cut_off_anywhere_is_refused() {
    let whole = table(50);
    assert_eq!(rows(&opened("a.parquet", &whole).0.unwrap())[50], ["41010049", "49"]);
    for len in 12..whole.len() {
        let (book, said) = opened("a.parquet", &whole[..len]);
        assert!(book.is_none() && said[0].starts_with("R040"), "{len}: {said:?}");
    }
}

#[test]
fn a_changed_byte_in_a_parquet_file_neither_stops_the_program_nor_takes_its_memory() {
    let whole = table(50);
    let mut refused = 0;
    for at in 4..whole.len() {
        for change in [0x01, 0x80, 0xFF] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;
            refused += usize::from(opened("a.parquet", &bytes).0.is_none());
        }
    }
    assert!(refused > whole.len() / 4, "{refused} of {}", whole.len() * 3);
}

#[test]
fn a_page_that_says_it_becomes_too_much_is_refused_before_memory_is_set_aside() {
    let whole = table(50);
    // The header of the first page: its type, 0, and the size that it becomes.
    let at = whole.windows(3).position(|bytes| bytes == [0x15, 0x04, 0x15] || bytes == [0x15, 0x00, 0x15]).unwrap() + 3;
    let end = at + whole[at..].iter().position(|byte| *byte < 0x80).unwrap() + 1;
    // Seven bits in each byte, the sign lowest: two thousand million bytes.
    let mut vast = whole[..at].to_vec();
    vast.extend([0xFE, 0xFF, 0xFF, 0xFF, 0x0F]);
    vast.extend(&whole[end..]);
    let limits = Limits { inflated_bytes: 1 << 20, ..Limits::default() };
    let (book, problems) = read("a.parquet", &vast, &Expect::default(), &limits);
    let code = problems[0].rule.code;
    assert!(book.is_none() && ["R004", "R006", "R040"].contains(&code), "{code}");
}

/// A table of texts, as a file.
fn texts(rows: &[Vec<String>]) -> Vec<u8> {
    let (names, rows) = rows.split_first().unwrap();
    let fields: String = names.iter().enumerate().map(|(at, _)| format!("required binary c{at} (STRING);")).collect();
    let renamed = |field: &Arc<parquet::schema::types::Type>, name: &String| {
        let physical = parquet::basic::Type::BYTE_ARRAY;
        let text = Some(parquet::basic::LogicalType::String);
        let builder = parquet::schema::types::Type::primitive_type_builder(name, physical).with_logical_type(text);
        Arc::new(builder.with_repetition(field.get_basic_info().repetition()).build().unwrap())
    };
    let plain = parse_message_type(&format!("message schema {{ {fields} }}")).unwrap();
    let fields = plain.get_fields().iter().zip(names).map(|(field, name)| renamed(field, name)).collect();
    let schema = parquet::schema::types::Type::group_type_builder("schema").with_fields(fields).build().unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(WriterProperties::default())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for at in 0..names.len() {
        let mut column = group.next_column().unwrap().unwrap();
        let values: Vec<ByteArray> = rows.iter().map(|row| row[at].as_str().into()).collect();
        column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

/// The figures of a release by file.
fn figures(site: &Site) -> BTreeMap<String, vocab::frame::Frame> {
    let release = site.path("store/current").canonicalize().unwrap();
    let frame = |bytes: Vec<u8>| store::parquet::read(bytes, |name| name != "release").unwrap().frame;
    let files = tree(&release.join("indicators")).into_iter().filter(|(name, _)| name.ends_with(".parquet"));
    files.map(|(name, bytes)| (name, frame(bytes))).collect()
}

#[test]
fn a_source_that_comes_as_parquet_gives_the_figures_that_it_gives_as_text() {
    let site = Site::new();
    site.run();
    let before = figures(&site);

    // The land ledgers, each in the unit that stands over it.
    let ledgers: Vec<String> =
        tree(&site.path("inbox")).into_keys().filter(|name| name.contains("工业用地台账")).collect();
    assert!(!ledgers.is_empty());
    for name in &ledgers {
        let path = site.path("inbox").join(name);
        let (book, _) = read(name, &fs::read(&path).unwrap(), &Expect::default(), &Limits::default());
        let mut rows = rows(&book.unwrap());
        let header = rows.iter().position(|row| row.contains(&"集聚区代码".to_owned())).unwrap();
        let over = rows[..header].concat().concat();
        let unit = ["平方米", "公顷", "亩"].into_iter().find(|unit| over.contains(unit)).unwrap();
        rows.drain(..header);
        for heading in &mut rows[0] {
            if heading == "面积" {
                *heading = format!("面积({unit})");
            }
        }
        rows.retain(|row| row[1..].iter().any(|cell| !cell.is_empty()));
        fs::write(path.with_extension("parquet"), texts(&rows)).unwrap();
        fs::remove_file(path).unwrap();
    }
    let definition = site.path("config/sources/land.toml");
    replace(&definition, "台账*.csv", "台账*.parquet");
    replace(&definition, "format = \"csv\"", "format = \"parquet\"");
    without_tests(&definition);
    let mut text = fs::read_to_string(&definition).unwrap();
    text.push_str(
        "[[test]]\nname = \"cells as CSV\"\nfile = \"郑州市工业用地台账_20200115.parquet\"\ninput = \"\"\"\n\
         地块编号,集聚区代码,土地用途,面积(亩),供地日期,收回日期\n\
         4101001-0001,4101001,工业用地,30.0000,2014-02-02,\n\"\"\"\n\
         facts = [\"parcel=4101001-0001 area_micromu=30000000 granted_quarter=8056 returned_quarter=\"]\nproblems = []\n",
    );
    fs::write(&definition, text).unwrap();
    site.run();
    let after = figures(&site);
    assert!(before.len() > 20 && before == after, "figures differ");
    let ledger = fs::read(site.path("store/current/quality/ledger/part-0.parquet")).unwrap();
    let ledger = store::parquet::read(ledger, |name| name == "file").unwrap().frame;
    let files = (0..ledger.rows()).filter_map(|row| ledger.column("file")?.text(row));
    assert!(files.filter(|file| file.ends_with(".parquet")).count() >= ledgers.len());
}
