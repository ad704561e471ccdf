//! Sheets that a generator lays out as bureaus do, and whose every figure it knows, against what `inspect` reads off them.

use std::process::Command;

use crate::support::{finish, is_slow, not_run, plain_python, root};

#[test]
fn of_generated_sheets_no_figure_is_lost_or_read_otherwise_in_silence_and_nearly_all_are_read_fully_right() {
    let Some(python) = plain_python() else { return not_run("generated sheets", "no Python draws them") };
    let seeds = if is_slow() { 1..=5 } else { 1..=1 };
    for seed in seeds {
        let mut command = Command::new(&python);
        command.arg(root().join("tests/sheets/sheets.py")).args(["--mujun", env!("CARGO_BIN_EXE_mujun")]);
        let (code, stdout, stderr) = finish(command.args(["--count", "2000", "--seed"]).arg(seed.to_string()));
        println!("seed {seed}: {}", stdout.trim());
        assert_eq!(code, 0, "seed {seed}: {stdout}{stderr}");
    }
}
