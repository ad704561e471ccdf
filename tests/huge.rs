//! Lines of a quarter of a gigabyte and of one gigabyte, made on the fly, under the limits that hold if nobody sets any: each costs
//! a problem, and no more memory than a few times the file.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;

use crate::support::{finish, folder, is_slow, not_run, root};

const MIB: usize = 1 << 20;

/// What the line is made of: what stands before it, what is repeated, what stands behind it, and the code that refuses it.
type Line = (&'static str, &'static [u8], &'static [u8], &'static [u8], &'static str);

const LINES: &[Line] = &[
    ("one word", b"", b"x", b"", "R008"),
    ("one cell under a header", b"code,value\n1,", b"x", b"", "R006"),
    ("one cell in quotes", b"code,value\n1,\"", b"x", b"\"", "R006"),
    ("a quote that is never closed", b"code,value\n1,\"", b"x", b"", "R007"),
    ("a row of cells", b"", b"1,", b"", "R006"),
    ("a cell of GB18030", b"\xB5\xD8\xC7\xF8,\xD6\xB5\n\xD6\xA3\xD6\xDD,", b"\xD6\xD0", b"", "R006"),
    ("a cell of a web page", b"<table><tr><td>", b"x", b"</td></tr></table>", "R006"),
    ("elements of a web page", b"<table><tr><td>", b"<b>x</b>", b"</td></tr></table>", "R006"),
    ("a list of JSON", b"[", b"1,", b"1]", "R006"),
    ("nothing but NUL", b"", b"\0", b"", "R002"),
];

/// Writes a line of `size` bytes, or the few less that the repeated piece leaves over.
fn write(path: &Path, size: usize, (_, head, piece, tail, _): &Line) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let block = piece.repeat(MIB / piece.len());
    let mut left = size - head.len() - tail.len();
    file.write_all(head).unwrap();
    while left >= piece.len() {
        let part = &block[..block.len().min(left / piece.len() * piece.len())];
        file.write_all(part).unwrap();
        left -= part.len();
    }
    file.write_all(tail).unwrap();
    file.flush().unwrap();
}

/// Looks at a file with no more than so much address space, and gives what was said.
fn inspect(path: &Path, most: usize, config: &Path) -> String {
    let mut command = Command::new("sh");
    command.current_dir(root()).args(["-c", "ulimit -v \"$0\" && exec \"$@\""]).arg((most / 1024).to_string());
    command.arg(env!("CARGO_BIN_EXE_mujun")).arg("inspect").arg(path).args(["--lang", "en", "--config"]).arg(config);
    let (code, stdout, stderr) = finish(&mut command);
    assert_eq!(code, 2, "{stdout}{stderr}");
    stdout + &stderr
}

/// A configuration without any limit of its own but perhaps for the size of a file.
fn config(folder: &Path, max_file_bytes: Option<usize>) {
    let limits = max_file_bytes.map(|bytes| format!("[limits]\nmax_file_bytes = {bytes}\n")).unwrap_or_default();
    let site = format!("calendar = \"finance\"\n[province]\ncode = \"410000\"\nname = \"河南省\"\n{limits}");
    fs::write(folder.join("site.toml"), site).unwrap();
}

#[test]
fn a_line_of_one_gigabyte_is_refused_by_its_size_before_it_is_read() {
    let work = folder();
    config(work.path(), None);
    let path = work.path().join("a.csv");
    // A file of holes: not one of its bytes is looked at.
    File::create(&path).unwrap().set_len(1024 * MIB as u64).unwrap();
    let said = inspect(&path, 256 * MIB, work.path());
    assert!(said.contains("R006 error a.csv") && said.contains("more than 268435456 bytes (max_file_bytes)"), "{said}");
}

#[test]
fn a_line_just_under_the_largest_file_costs_a_problem_and_little_memory() {
    let work = folder();
    config(work.path(), None);
    let path = work.path().join("a.csv");
    let lines = if is_slow() { LINES } else { &LINES[..2] };
    if !is_slow() {
        not_run("most lines of a quarter of a gigabyte, and those of a gigabyte", "MUJUN_SLOW=1 runs them");
    }
    for line in lines {
        write(&path, 256 * MIB, line);
        let said = inspect(&path, 6 * 256 * MIB, work.path());
        assert!(said.contains(&format!("{} error", line.4)), "{}: {said}", line.0);
    }
}

#[test]
fn a_line_of_one_gigabyte_that_is_allowed_costs_a_problem() {
    if !is_slow() {
        return;
    }
    let work = folder();
    config(work.path(), Some(1024 * MIB));
    let path = work.path().join("a.csv");
    for line in LINES {
        write(&path, 1024 * MIB, line);
        let said = inspect(&path, 6 * 1024 * MIB, work.path());
        assert!(said.contains(&format!("{} error", line.4)), "{}: {said}", line.0);
    }
}
