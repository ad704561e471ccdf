//! What is known by its first bytes and not read: each under the rule that has its way out.

use memchr::memmem;

use super::archive;
use vocab::rules::{DOCUMENT, FOREIGN_DATA, PACKED_OTHERWISE, Rule, UNKNOWN_FORMAT};

/// The first bytes of a file, the rule, and what the file is.
type Known = (&'static [u8], &'static Rule, &'static str);

const KNOWN: &[Known] = &[
    (b"%PDF-", &DOCUMENT, "a PDF document"),
    (b"{\\rtf", &DOCUMENT, "an RTF document"),
    (b"\x89PNG", &DOCUMENT, "a PNG image"),
    (b"\xFF\xD8\xFF", &DOCUMENT, "a JPEG image"),
    (b"GIF8", &DOCUMENT, "a GIF image"),
    (b"II*\0", &DOCUMENT, "a TIFF image"),
    (b"MM\0*", &DOCUMENT, "a TIFF image"),
    (b"Rar!\x1A\x07", &PACKED_OTHERWISE, "a RAR archive"),
    (b"7z\xBC\xAF\x27\x1C", &PACKED_OTHERWISE, "a 7z archive"),
    (b"\xFD7zXZ\0", &PACKED_OTHERWISE, "an xz file"),
    (b"\x28\xB5\x2F\xFD", &PACKED_OTHERWISE, "a zstd file"),
    (b"MSCF\0\0\0\0", &PACKED_OTHERWISE, "a CAB archive"),
    (b"\x1F\x9D", &PACKED_OTHERWISE, "a file of compress (.Z)"),
    (b"$FL2", &FOREIGN_DATA, "an SPSS data file"),
    (b"$FL3", &FOREIGN_DATA, "an SPSS data file"),
    (b"<stata_dta>", &FOREIGN_DATA, "a Stata data file"),
    (SAS, &FOREIGN_DATA, "a SAS data file"),
    (b"HEADER RECORD*******LIB", &FOREIGN_DATA, "a SAS transport file"),
    (b"RDX2\n", &FOREIGN_DATA, "an R data file"),
    (b"RDX3\n", &FOREIGN_DATA, "an R data file"),
    (b"X\n\0\0\0", &FOREIGN_DATA, "an R data file"),
    (b"\0\x01\0\0Standard Jet DB", &FOREIGN_DATA, "an Access database"),
    (b"\0\x01\0\0Standard ACE DB", &FOREIGN_DATA, "an Access database"),
    (b"SQLite format 3\0", &FOREIGN_DATA, "an SQLite database"),
    (b"ARROW1\0", &FOREIGN_DATA, "an Arrow file"),
    (b"Obj\x01", &FOREIGN_DATA, "an Avro file"),
    (b"\x09\x00\x04\x00", &UNKNOWN_FORMAT, "an Excel 2 worksheet"),
    (b"\x09\x02\x06\x00", &UNKNOWN_FORMAT, "an Excel 3 worksheet"),
    (b"\x09\x04\x06\x00", &UNKNOWN_FORMAT, "an Excel 4 worksheet"),
];

/// Where a data file of SAS begins, apart from what differs between versions.
const SAS: &[u8] = b"\0\0\0\0\0\0\0\0\0\0\0\0\xC2\xEA\x81\x60\xB3\x14\x11\xCF\xBD\x92\x08\x00";

/// What a file is, if it is known and not read, and the rule that says so.
pub(super) fn named(bytes: &[u8]) -> Option<(&'static Rule, &'static str)> {
    if let Some((_, rule, what)) = KNOWN.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return Some((rule, what));
    }
    match bytes {
        [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => Some((&PACKED_OTHERWISE, "a bzip2 file")),
        [_, _, b'-', b'l', b'h' | b'z', _, b'-', ..] => Some((&PACKED_OTHERWISE, "an LZH archive")),
        // The version, the order of bytes, and a mark that is always the same.
        [0x66..=0x73, 1 | 2, 1, 0, ..] => Some((&FOREIGN_DATA, "a Stata data file")),
        _ if is_portable(bytes) => Some((&FOREIGN_DATA, "a portable SPSS file")),
        _ if archive::is_tar(bytes) => Some((&PACKED_OTHERWISE, "a tar archive")),
        _ => None,
    }
}

/// Whether a portable file of SPSS says so, in the first lines, in the one of several alphabets that is ASCII.
fn is_portable(bytes: &[u8]) -> bool {
    const HEAD: usize = 400;
    memmem::find(bytes.get(..HEAD).unwrap_or(bytes), b"ASCII SPSS PORT FILE").is_some()
}
