//! Archives: what is taken out of them, and what is said of the rest.

use std::fmt::Write as _;
use std::io::Write as _;

use read::Limits;
use read::archive::members;

use super::{compare, limits, render_problems};
use crate::support::exports::gb18030;
use crate::support::zips::{Entry, archive, entry};

/// One archive, and what it may cost.
type Case = (&'static str, fn() -> Vec<u8>, fn() -> Limits);

#[test]
fn the_archives_give_what_they_say() {
    let mut text = String::new();
    for (name, bytes, limits) in CASES {
        let (members, problems) = members("a.zip", &bytes(), &limits());
        assert!(!(members.is_empty() && problems.is_empty()), "{name}: nothing was taken, and nothing was said");
        let _ = writeln!(text, "## {name}\n");
        render_problems(&mut text, &problems);
        for member in members {
            let _ = writeln!(text, "  {}: {} bytes", member.name, member.bytes.len());
        }
        text.push('\n');
    }
    compare("archives", &text);
}

/// Zeros, packed: a thousandth of their length.
fn zeros(len: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("zeros.csv", zip::write::SimpleFileOptions::default()).expect("a part");
    zip.write_all(&vec![0; len]).expect("its content");
    zip.finish().expect("an archive").into_inner()
}

fn wide() -> Limits {
    Limits { bytes: 512 << 20, inflated_bytes: 2 << 30, ..limits() }
}

const CASES: &[Case] = &[
    ("names in GBK", || archive(&[entry(gb18030("数据/财务状况.csv"), "a,b\n")]), limits),
    (
        "names that lead elsewhere",
        || {
            let names = [
                "../../etc/passwd",
                "/etc/passwd",
                "C:\\a.csv",
                "D:a.csv",
                "a\\..\\b.csv",
                "./a.csv",
                "a/../b.csv",
                "\u{1}a.csv",
                "a.csv\0.xls",
            ];
            let entries: Vec<Entry> = names.iter().map(|name| entry(name, "a,b\n")).collect();
            archive(&entries)
        },
        limits,
    ),
    ("one name twice", || archive(&[entry("a.csv", "1"), entry("a.csv", "2")]), limits),
    (
        "an archive in an archive in an archive",
        || {
            let inner = archive(&[entry("a.csv", "1")]);
            archive(&[entry("b.zip", archive(&[entry("c.zip", inner), entry("d.csv", "2")]))])
        },
        limits,
    ),
    ("a bomb, beyond the bytes allowed", || zeros(9 << 20), limits),
    ("a bomb, out of proportion", || zeros(80 << 20), wide),
    ("a bomb in an archive", || archive(&[entry("b.zip", zeros(80 << 20)), entry("a.csv", "1")]), wide),
    ("a length that lies", || archive(&[Entry { size: 4_000_000_000, ..entry("a.csv", "1,2\n") }]), limits),
    (
        "more members than allowed",
        || archive(&(0..10_001).map(|i| entry(format!("{i}.csv"), "1")).collect::<Vec<_>>()),
        limits,
    ),
    (
        "a member with a password",
        || archive(&[Entry { flags: 1, ..entry("a.csv", "0123456789abcdef") }, entry("b.csv", "1")]),
        limits,
    ),
    (
        "a member whose checksum is wrong",
        || archive(&[Entry { crc: 1, ..entry("a.csv", "1") }, entry("b.csv", "1")]),
        limits,
    ),
    (
        "a member packed in a rare way",
        || archive(&[Entry { method: 9, ..entry("a.csv", "1") }, entry("b.csv", "1")]),
        limits,
    ),
    ("a link", || archive(&[Entry { mode: 0o120_777, ..entry("a.csv", "/etc/passwd") }]), limits),
    (
        "what programs leave behind",
        || {
            archive(&[
                entry("__MACOSX/._a.csv", "x"),
                entry("~$a.xls", "x"),
                entry("Thumbs.db", "x"),
                entry(".DS_Store", "x"),
            ])
        },
        limits,
    ),
    (
        "an archive that is cut off",
        || {
            let mut bytes = archive(&[entry("a.csv", "1")]);
            bytes.truncate(bytes.len() - 30);
            bytes
        },
        limits,
    ),
    (
        "a list of contents that points outside",
        || {
            let mut bytes = archive(&[entry("a.csv", "1"), entry("b.csv", "2")]);
            let at = bytes.windows(4).position(|part| part == b"PK\x01\x02").expect("a list");
            bytes[at + 42..at + 46].copy_from_slice(&0x7FFF_FFFFu32.to_le_bytes());
            bytes
        },
        limits,
    ),
];
