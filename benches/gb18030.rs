//! Time to read one large GB18030 file, and to decode it and nothing more, as one line of JSON for `peers/race_csv.py`.
//!
//!     cargo bench --bench gb18030 -- FILE.csv

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a bench reads its file and says how long it took")]

use std::time::{Duration, Instant};

use read::{Expect, Limits, read};

/// The bench has the allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 7;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        return Ok(());
    };
    let bytes = std::fs::read(&path)?;
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    let mut rows = 0;
    let read = shortest(|| {
        let (book, _) = read("a.csv", &bytes, &Expect::default(), &limits);
        rows = book.map_or(0, |book| book.sheets.iter().map(read::Grid::len).sum());
    });
    let decode = shortest(|| {
        std::hint::black_box(encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes));
    });
    println!("{{\"rows\": {rows}, \"read\": {:.4}, \"decode\": {:.4}}}", read.as_secs_f64(), decode.as_secs_f64());
    Ok(())
}

/// The shortest of several rounds: whatever disturbs a round only makes it longer.
fn shortest(mut round: impl FnMut()) -> Duration {
    let rounds = (0..ROUNDS).map(|_| {
        let begin = Instant::now();
        round();
        begin.elapsed()
    });
    rounds.min().unwrap_or_default()
}
