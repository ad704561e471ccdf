//! A gallery of small files that are made to cost much, written from a few parameters when the test runs. Each is looked at by
//! the program itself, and held to what it may cost: it is read, or refused by a limit, and either is cheap.
//!
//! Memory is what the system says of the finished process. Time counts only with `MUJUN_SLOW`, on a build that is optimised.

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::cli::copy;
use crate::support::exports::{at, ods, raw_xlsx, record, records, unicode, zipped};
use crate::support::packs::{gzip, stored_seven, tar};
use crate::support::zips::{archive, entry};
use crate::support::{finish, folder, is_slow, not_run, plain_python, root, sample};

const MIB: u64 = 1 << 20;

/// What a file that is read, or refused, may take.
const MOST_READ: u64 = 300 * MIB;
/// What a whole run may take.
const MOST_RUN: u64 = 1536 * MIB;
/// How long a file may take, where time counts.
const PATIENCE: Duration = Duration::from_secs(2);

/// What costs much, the file's name, its content, and the code that refuses it; none where it is read.
type Costly = (&'static str, &'static str, fn() -> Vec<u8>, &'static str);

const GALLERY: &[Costly] = &[
    (
        "two cells in far corners",
        "corners.xlsx",
        || raw_xlsx("", &rows(&[corner(1, 1), corner(1_048_576, 16_384)])),
        "",
    ),
    ("two corners and a label in every thousandth row", "sparse.xlsx", sparse, ""),
    ("two corners of twenty sheets in one part", "named.xlsx", one_part_twenty_times, "R004"),
    ("thirty sheets with two far corners", "sheets.xlsx", thirty_sheets, "R006"),
    ("a long shared string in thousands of cells", "shared.xlsx", || long_strings(8_000), ""),
    ("a long shared string in a hundred thousand cells", "often.xlsx", || long_strings(100_000), "R006"),
    ("long shared strings of an old workbook", "often.xls", long_strings_of_biff, ""),
    ("a cell at both ends of fifty thousand wide rows", "wide.xlsx", wide_rows, ""),
    ("a quarter of a million areas that cover one another", "merged.xlsx", || merged(200_000), ""),
    ("a long heading over sixteen thousand columns", "heading.xlsx", long_heading, ""),
    ("cells that reach over everything below", "spans.html", spans, "R006"),
    ("attributes by the hundred thousand", "attributes.html", || attributes(200_000), "R006"),
    ("attributes of a cell by the hundred thousand", "attributes.xlsx", attributes_of_a_cell, ""),
    ("elements within elements", "deep.html", || page(&"<div>".repeat(200_000)), "R006"),
    ("elements of a sheet within elements", "deep.xlsx", || raw_xlsx("", &"<x>".repeat(400_000)), "R006"),
    ("lists within lists", "deep.json", || "[".repeat(2_000_000).into_bytes(), ""),
    ("rows that stand for a million", "rows.ods", || repeated(1_000_000, 60), "R006"),
    ("cells that stand for sixteen thousand", "cells.ods", || repeated(4_000, 16_384), "R006"),
    (
        "empty shared strings by the million",
        "empty.xlsx",
        || raw_xlsx(&"<si/>".repeat(3_000_000), &rows(&[corner(1, 1)])),
        "",
    ),
    ("empty strings of an old workbook by the million", "empty.xls", empty_strings_of_biff, ""),
    (
        "records that go on and on",
        "on.xls",
        || records(0x0600, &[record(0x00FC, &[0; 8]), record(0x003C, &[]).repeat(1_500_000)], &[], 0),
        "R004",
    ),
    ("one sheet of an old workbook under a thousand names", "named.xls", one_sheet_a_thousand_times, "R004"),
    ("a bomb of zeros", "zeros.xlsx", || bomb(100 << 20), "R006"),
    ("a bomb in an archive of a workbook", "bomb.zip", || archive(&[entry("b.zip", bomb(100 << 20))]), "R006"),
    ("a bomb of zeros in gzip", "bomb.csv.gz", || gzip(&vec![b'0'; 100 << 20]), "R006"),
    (
        "a bomb of zeros in a tar archive in gzip",
        "bomb.tgz",
        || gzip(&tar(&[(b"a.csv", &vec![b'0'; 100 << 20]), (b"b.csv", b"1,2\n")])),
        "R006",
    ),
    (
        "a 7z archive that declares more than there is room for",
        "vast.7z",
        || stored_seven(&[("a.csv", b"1"), ("b.csv", b"2")], &[1, 1 << 40]),
        "R006",
    ),
    ("a table that says it holds four thousand million records", "vast.dbf", vast_table, "R006"),
    (
        "nine thousand small members",
        "members.zip",
        || archive(&(0..9_000).map(|i| entry(format!("{i}.csv"), "a,b\n1,2\n")).collect::<Vec<_>>()),
        "",
    ),
    (
        "labels by the hundred thousand under one figure",
        "labels.csv",
        || format!("名称,值\n甲,1\n{}", "乙,丙\n".repeat(300_000)).into_bytes(),
        "",
    ),
    ("figures with a blank row before each", "blanks.csv", blank_rows, ""),
    ("a title in every row", "titles.csv", || "单位：万元,报告期：2018年1-3月\n".repeat(200_000).into_bytes(), ""),
    (
        "one label in all columns of many rows",
        "same.csv",
        || format!("{}1\n", "x,".repeat(9_000)).repeat(250).into_bytes(),
        "",
    ),
    ("a thousand tables of a page", "tables.html", || page(&"<table><tr><td>a<td>1</table>".repeat(900)), ""),
];

/// A head of a table of one field, and no records behind it.
fn vast_table() -> Vec<u8> {
    let mut bytes = vec![0; 32 + 32 + 1];
    bytes[..12].copy_from_slice(&[3, 118, 12, 31, 255, 255, 255, 255, 65, 0, 2, 0]);
    (bytes[32], bytes[43], bytes[48], bytes[64]) = (b'a', b'C', 1, 0x0D);
    bytes
}

fn corner(row: usize, column: usize) -> (usize, usize, String) {
    (row, column, "<v>1</v>".to_owned())
}

/// A sheet with these cells, by row, column and content.
fn rows(cells: &[(usize, usize, String)]) -> String {
    let mut sheet = String::from("<sheetData>");
    for (row, column, content) in cells {
        let _ = write!(sheet, "<row r=\"{row}\"><c r=\"{}{row}\">{content}</c></row>", letters(*column));
    }
    sheet + "</sheetData>"
}

/// A column as a spreadsheet names it.
fn letters(mut column: usize) -> String {
    let mut name = String::new();
    while column > 0 {
        name.insert(0, char::from(b'A' + u8::try_from((column - 1) % 26).unwrap()));
        column = (column - 1) / 26;
    }
    name
}

fn inline(text: &str) -> String {
    format!("<is><t>{text}</t></is>")
}

fn sparse() -> Vec<u8> {
    let mut sheet = String::from("<sheetData>");
    for row in (1..=1_000_000).step_by(1_000) {
        let _ = write!(
            sheet,
            "<row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\">{}</c><c r=\"XFD{row}\"><v>1</v></c></row>",
            inline("县")
        );
    }
    raw_xlsx("", &(sheet + "</sheetData>"))
}

/// A workbook of so many sheets; `part` names the part of each.
fn workbook(sheets: usize, part: impl Fn(usize) -> usize, content: &str) -> Vec<u8> {
    let (mut listed, mut relations) = (String::new(), String::new());
    let mut parts: Vec<(String, String)> = Vec::new();
    for sheet in 1..=sheets {
        let _ = write!(listed, "<sheet name=\"表{sheet}\" r:id=\"r{sheet}\"/>");
        let name = format!("worksheets/sheet{}.xml", part(sheet));
        let _ = write!(relations, "<Relationship Id=\"r{sheet}\" Type=\"http://x/worksheet\" Target=\"{name}\"/>");
        if !parts.iter().any(|(known, _)| *known == format!("xl/{name}")) {
            parts.push((format!("xl/{name}"), format!("<worksheet>{content}</worksheet>")));
        }
    }
    parts.push(("[Content_Types].xml".to_owned(), "<Types/>".to_owned()));
    let main = "<Relationships><Relationship Id=\"m\" Type=\"http://x/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
    parts.push(("_rels/.rels".to_owned(), main.to_owned()));
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{relations}</Relationships>")));
    parts.push(("xl/workbook.xml".to_owned(), format!("<workbook xmlns:r=\"r\"><sheets>{listed}</sheets></workbook>")));
    zipped(&parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

fn one_part_twenty_times() -> Vec<u8> {
    workbook(20, |_| 1, &rows(&[corner(1, 1), corner(1_048_576, 16_384)]))
}

fn thirty_sheets() -> Vec<u8> {
    workbook(30, |sheet| sheet, &rows(&[corner(1, 1), corner(1_048_576, 16_384)]))
}

fn long_strings(cells: usize) -> Vec<u8> {
    let mut sheet = String::from("<sheetData>");
    for row in 1..=cells {
        let _ =
            write!(sheet, "<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c><c r=\"B{row}\"><v>1</v></c></row>");
    }
    raw_xlsx(&format!("<si><t>{}</t></si>", "长".repeat(10_000)), &(sheet + "</sheetData>"))
}

fn long_strings_of_biff() -> Vec<u8> {
    let text = unicode(&"长".repeat(4_000));
    let strings = record(0x00FC, &[&[1, 0, 0, 0, 1, 0, 0, 0], text.as_slice()].concat());
    let cells: Vec<Vec<u8>> = (0..20_000).map(|row| record(0x00FD, &at(row, 0, 0, &[0; 4]))).collect();
    records(0x0600, &[strings], &cells, 0)
}

fn wide_rows() -> Vec<u8> {
    let mut sheet = String::from("<sheetData>");
    for row in 1..=50_000 {
        let _ = write!(sheet, "<row r=\"{row}\"><c r=\"A{row}\"><v>1</v></c><c r=\"XFD{row}\"><v>1</v></c></row>");
    }
    raw_xlsx("", &(sheet + "</sheetData>"))
}

fn merged(areas: usize) -> Vec<u8> {
    let head: Vec<(usize, usize, String)> = vec![corner(1, 1), corner(2, 2), corner(3, 3), corner(900, 16_000)];
    let areas = "<mergeCell ref=\"A1:XFD1048576\"/>".repeat(areas);
    raw_xlsx("", &format!("{}<mergeCells>{areas}</mergeCells>", rows(&head)))
}

fn long_heading() -> Vec<u8> {
    let cells = [
        (1, 1, inline(&"长".repeat(30_000))),
        (2, 1, inline("名称")),
        (2, 16_384, inline("值")),
        (3, 1, inline("甲")),
        (3, 16_384, "<v>1</v>".to_owned()),
    ];
    let sheet = rows(&cells).replace("\"><is>", "\" t=\"inlineStr\"><is>");
    raw_xlsx("", &format!("{sheet}<mergeCells><mergeCell ref=\"A1:XFD1\"/></mergeCells>"))
}

fn page(body: &str) -> Vec<u8> {
    format!("<html><body><table><tr><td>a</td><td>1</td></tr></table>{body}</body></html>").into_bytes()
}

fn spans() -> Vec<u8> {
    let wide = "<td rowspan=65534 colspan=1000>x".repeat(16);
    page(&format!("<table><tr>{wide}</tr>{}</table>", "<tr><td>1".repeat(60_000)))
}

fn attributes(count: usize) -> Vec<u8> {
    let attributes: String = (0..count).fold(String::new(), |mut all, at| {
        let _ = write!(all, " a{at}=1");
        all
    });
    page(&format!("<p{attributes}>x</p>"))
}

fn attributes_of_a_cell() -> Vec<u8> {
    let attributes: String = (0..200_000).fold(String::new(), |mut all, at| {
        let _ = write!(all, " a{at}=\"1\"");
        all
    });
    raw_xlsx("", &format!("<sheetData><row r=\"1\"><c r=\"A1\"{attributes}><v>1</v></c></row></sheetData>"))
}

fn repeated(rows: usize, columns: usize) -> Vec<u8> {
    ods(&format!(
        "<office:body><office:spreadsheet><table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"{rows}\">\
         <table:table-cell table:number-columns-repeated=\"{columns}\" office:value-type=\"float\" office:value=\"1\"/>\
         </table:table-row></table:table></office:spreadsheet></office:body>"
    ))
}

fn empty_strings_of_biff() -> Vec<u8> {
    let piece = [0u8; 8_223];
    let first = record(0x00FC, &[&[0; 8][..], &piece[..8_214]].concat());
    let more: Vec<u8> = record(0x003C, &piece[..8_223 / 3 * 3]).repeat(1_000);
    records(0x0600, &[first, more], &[record(0x0203, &at(0, 0, 0, &[0; 8]))], 0)
}

/// The list names its one sheet again and again, each time by another name.
fn one_sheet_a_thousand_times() -> Vec<u8> {
    const COPIES: usize = 900;
    let cells: Vec<Vec<u8>> = (0..60_000).map(|row| record(0x0203, &at(row, 255, 0, &[0; 8]))).collect();
    let stream = records(0x0600, &[], &cells, 0);
    let bound = stream.windows(2).position(|pair| pair == [0x85, 0x00]).unwrap();
    let end = bound + 4 + usize::from(u16::from_le_bytes([stream[bound + 2], stream[bound + 3]]));
    let mut entry = stream[bound..end].to_vec();
    let place = u32::from_le_bytes(entry[4..8].try_into().unwrap()) + u32::try_from(entry.len() * COPIES).unwrap();
    entry[4..8].copy_from_slice(&place.to_le_bytes());
    let mut list = Vec::new();
    for copy in 0..=COPIES {
        *entry.last_mut().unwrap() = u8::try_from(copy % 250 + 1).unwrap();
        list.extend_from_slice(&entry);
    }
    [&stream[..bound], &list, &stream[end..]].concat()
}

/// A workbook whose first part is so many blanks.
fn bomb(len: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("[Content_Types].xml", options).unwrap();
    zip.write_all(b"<Types/>").unwrap();
    zip.start_file("_rels/.rels", options).unwrap();
    let block = vec![b' '; 1 << 20];
    (0..len / block.len()).for_each(|_| zip.write_all(&block).unwrap());
    zip.finish().unwrap().into_inner()
}

fn blank_rows() -> Vec<u8> {
    let (timed, named) = ("2018年1月,1\n\n".repeat(60_000), "郑州,1\n\n".repeat(60_000));
    format!("名称,值\n郑州,1\n{timed}{named}").into_bytes()
}

/// A program that runs another one and writes down what it took: its peak of memory in KiB, and its time in milliseconds. No
/// more than 4 GiB of address space, whatever happens.
const WATCHER: &str = "
import os, resource, sys
pid = os.fork()
if pid == 0:
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    os.execv(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], 'w') as out:
    out.write(f'{usage.ru_maxrss} {int((usage.ru_utime + usage.ru_stime) * 1000)}')
sys.exit(os.waitstatus_to_exitcode(status) % 256)
";

/// What a command came to: exit code, what it said, its peak of memory in bytes, its time. Python tells it; the standard library
/// of Rust cannot.
fn watched(python: &Path, work: &Path, args: &[&std::ffi::OsStr]) -> (i32, String, u64, Duration) {
    let told = work.join("took");
    let mut command = Command::new(python);
    command.current_dir(root()).args(["-c", WATCHER]).arg(&told).arg(env!("CARGO_BIN_EXE_mujun")).args(args);
    let (code, stdout, stderr) = finish(&mut command);
    let told = fs::read_to_string(&told).unwrap();
    let numbers: Vec<u64> = told.split(' ').map(|number| number.parse().unwrap()).collect();
    (code, stdout + &stderr, numbers[0] * 1024, Duration::from_millis(numbers[1]))
}

/// The files of the gallery, written below a folder.
fn write(folder: &Path) -> Vec<(&'static Costly, PathBuf)> {
    let write = |costly: &'static Costly| {
        let path = folder.join(costly.1);
        fs::write(&path, (costly.2)()).unwrap();
        (costly, path)
    };
    GALLERY.iter().map(write).collect()
}

#[test]
fn small_files_that_are_made_to_cost_much_cost_little() {
    let Some(python) = plain_python() else { return not_run("what costly files take", "no Python tells it") };
    let work = folder();
    let mut wrong = Vec::new();
    let mut table = String::new();
    for ((what, name, _, code), path) in write(work.path()) {
        let size = fs::metadata(&path).unwrap().len();
        let args = ["inspect".as_ref(), path.as_os_str(), "--lang".as_ref(), "en".as_ref()];
        let (exit, said, memory, took) = watched(&python, work.path(), &args);
        let first = said.lines().find(|line| line.contains("error")).unwrap_or_default();
        let _ = writeln!(
            table,
            "{name:<16} {:>8} KiB {:>6} MiB {:>7} ms  exit {exit}  {first}",
            size / 1024,
            memory / MIB,
            took.as_millis()
        );
        let is_told = code.is_empty() || said.contains(&format!("{code} error"));
        if !(exit == 0 || exit == 2) || !is_told || (exit == 2 && first.is_empty()) {
            wrong.push(format!("{what}: exit {exit}: {}", said.chars().take(400).collect::<String>()));
        }
        if memory > MOST_READ {
            wrong.push(format!("{what}: {} MiB", memory / MIB));
        }
        if is_slow() && took > PATIENCE {
            wrong.push(format!("{what}: {took:?}"));
        }
    }
    if let Some(path) = std::env::var_os("MUJUN_TABLE") {
        fs::write(path, &table).unwrap();
    }
    assert!(wrong.is_empty(), "{}\n{table}", wrong.join("\n"));
}

#[test]
fn a_run_over_nearly_all_of_them_publishes_the_rest_within_its_memory() {
    let Some(python) = plain_python() else {
        return not_run("what a run over costly files takes", "no Python tells it");
    };
    let work = folder();
    sample(work.path(), 4, 30, 2, 5);
    copy(&root().join("config"), &work.path().join("site"));
    let models = format!("\"{}/pipelines", root().display());
    let site = work.path().join("site/site.toml");
    let text = fs::read_to_string(&site).unwrap().replace("\"../pipelines", &models);
    // Nearly all of their rows are set aside.
    let text = text.replace("max_quarantine_share = 0.05", "max_quarantine_share = 1.0");
    fs::write(&site, text).unwrap();
    let source = "title = \"昂贵的文件\"\ndataset = \"costly\"\ncollection = \"administrative\"\nmatch = \"costly/**\"\n\
         confidential = false\nkey = [\"name\"]\ntables = \"several\"\nperiod = \"none\"\nacross = \"indicator\"\n\n[[column]]\nname = \"name\"\n\
         header = [\"名称\"]\nkind = \"label\"\nrequired = true\n";
    fs::write(work.path().join("site/sources/costly.toml"), source).unwrap();
    fs::create_dir_all(work.path().join("exports/costly")).unwrap();
    write(&work.path().join("exports/costly"));
    // Each of its members is an export nobody claims, and is kept: that takes a disk its time.
    fs::remove_file(work.path().join("exports/costly/members.zip")).unwrap();
    let [config, store, inbox, registers] =
        ["site", "store", "exports", "config/registers"].map(|name| work.path().join(name));
    let args =
        ["run".as_ref(), "--quiet".as_ref(), "--lang".as_ref(), "en".as_ref(), "--config".as_ref(), config.as_os_str()];
    let folders =
        ["--store".as_ref(), store.as_os_str(), "--inbox".as_ref(), inbox.as_os_str(), "--registers".as_ref()];
    let args: Vec<&std::ffi::OsStr> = args.into_iter().chain(folders).chain([registers.as_os_str()]).collect();
    let (code, said, memory, took) = watched(&python, work.path(), &args);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("R006") && said.contains("Published"), "{said}");
    if let Some(path) = std::env::var_os("MUJUN_TABLE") {
        fs::write(Path::new(&path).with_extension("run"), format!("{} MiB {took:?}", memory / MIB)).unwrap();
    }
    assert!(memory <= MOST_RUN, "{} MiB", memory / MIB);
    let csv = work.path().join("open.csv");
    let args = ["quarantine".as_ref(), "--csv".as_ref(), csv.as_os_str(), "--config".as_ref(), config.as_os_str()];
    let args: Vec<&std::ffi::OsStr> = args.into_iter().chain(folders).chain([registers.as_os_str()]).collect();
    let (code, said, memory, _) = watched(&python, work.path(), &args);
    assert_eq!(code, 0, "{said}");
    assert!(memory <= MOST_RUN, "{} MiB to list what was set aside", memory / MIB);
    let first = fs::read_to_string(&csv).unwrap().lines().next().unwrap().to_owned();
    assert!(first.contains("第1列") && first.contains("其余各列") && !first.contains("第300列"), "{first}");
}

/// An organisation code of eight digits and its check character.
fn code(number: u32) -> String {
    let digits = format!("{number:08}");
    let weighted =
        digits.bytes().zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(digit, weight)| u32::from(digit - b'0') * weight);
    match 11 - weighted.sum::<u32>() % 11 {
        10 => digits + "X",
        11 => digits + "0",
        check => format!("{digits}{check}"),
    }
}

/// What a long register is full of, its rows by number, and the code that refuses them; none where they hold.
type LongRegister = (&'static str, fn(u32) -> String, Option<&'static str>);

#[test]
fn a_register_of_a_million_rows_takes_what_it_holds_and_tells_its_first_mistakes() {
    let Some(python) = plain_python() else { return not_run("what a long register takes", "no Python tells it") };
    let work = folder();
    copy(&root().join("config/registers"), &work.path().join("registers"));
    let register = work.path().join("registers/enterprise_park.csv");
    let known = fs::read_to_string(&register).unwrap();
    let kinds: [LongRegister; 4] = [
        ("as many enterprises", |row| format!("{},,4101001,2010Q3,", code(row + 1)), None),
        ("one enterprise again and again", |_| format!("{},,4101001,2010Q3,", code(7)), Some("C006")),
        ("codes that are none", |row| format!("X{row},,4101001,2010Q3,"), Some("C004")),
        ("as many unknown parks", |row| format!("{},,9{row:06},2010Q3,", code(row + 1)), Some("C007")),
    ];
    let rows = if is_slow() { 1_000_000 } else { 100_000 };
    for (what, line, told) in kinds {
        let lines: Vec<String> = (0..rows).map(line).collect();
        fs::write(&register, format!("{known}{}\n", lines.join("\n"))).unwrap();
        let registers = work.path().join("registers");
        let args = ["check".as_ref(), "--lang".as_ref(), "en".as_ref(), "--registers".as_ref(), registers.as_os_str()];
        let (exit, said, memory, took) = watched(&python, work.path(), &args);
        assert_eq!(exit, if told.is_some() { 2 } else { 0 }, "{what}: {}", said.chars().take(400).collect::<String>());
        assert!(told.is_none_or(|code| said.contains(code) && said.contains("more")), "{what}");
        assert!(said.len() < 500_000, "{what}: {} bytes told", said.len());
        assert!(memory <= 3 * MOST_READ, "{what}: {} MiB", memory / MIB);
        assert!(!is_slow() || took <= 5 * PATIENCE, "{what}: {took:?}");
    }
}
