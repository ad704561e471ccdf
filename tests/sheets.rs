//! Sheets that a generator lays out as bureaus do, and whose every figure it knows, against what `inspect` reads off them.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde::Deserialize;

use crate::reading_cases::{apart, drafted, finished, inspected, made};
use crate::support::{finish, folder, is_slow, not_run, plain_python, root};

/// What the generator knows of one sheet.
#[derive(Deserialize)]
struct Truth {
    kind: String,
    is_doubtful: bool,
    figures: Vec<(u32, u32, String)>,
}

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

/// The draft as it is, without a look at it: it may ask, and a run may set aside, but no fact is another than the truth.
#[test]
fn of_generated_sheets_a_run_with_their_draft_makes_the_true_facts_or_says_why_not() {
    let Some(python) = plain_python() else { return not_run("generated sheets", "no Python draws them") };
    let work = folder();
    let mut command = Command::new(&python);
    command.arg(root().join("tests/sheets/sheets.py")).arg("--write").arg(work.path());
    let seed = std::env::var("MUJUN_SEED").unwrap_or_else(|_| "1".to_owned());
    let (code, stdout, stderr) =
        finish(command.args(["--seed", &seed, "--count", if is_slow() { "2000" } else { "400" }]));
    assert_eq!(code, 0, "{stdout}{stderr}");
    let known = fs::read_to_string(work.path().join("truth.json")).expect("the generator writes it");
    let known: BTreeMap<String, Truth> = serde_json::from_str(&known).expect("it is JSON");
    let (mut wrong, mut told, mut clean) = (Vec::new(), Vec::new(), 0);
    for (name, truth) in &known {
        let path = work.path().join(name);
        let found = inspected(&path);
        let mut made = made(&finished(drafted(&found)), name, &fs::read(&path).expect("a sheet"));
        // A column of an earlier time than the table is another measure, and its draft names it so.
        made.facts.retain(|_, fact| !fact.unit.starts_with("earlier_"));
        let figures = truth.figures.iter().map(|(row, column, figure)| ((*row, *column), figure.clone())).collect();
        let apart = apart(&figures, &made.facts);
        // A definition is of one table: what stands in the others is told. Codes are looked up in registers that are not those of the sheets.
        let is_plain = !truth.is_doubtful && !["stacked", "coded"].contains(&truth.kind.as_str());
        clean += usize::from(is_plain);
        if is_plain && !made.codes.is_empty() {
            told.push(format!("{name} {}: {:?}", truth.kind, made.codes));
        }
        let is_other = |line: &&String| !line.ends_with(": no fact") || made.codes.is_empty();
        wrong.extend(apart.iter().find(is_other).map(|line| format!("{name} {}: {line}", truth.kind)));
    }
    println!(
        "{} sheets, {clean} of one table without doubt; a run with the draft tells something of {} of them",
        known.len(),
        told.len()
    );
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(told.len() * 20 <= clean, "{}", told.join("\n"));
}
