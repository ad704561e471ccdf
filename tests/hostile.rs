//! Names, headers and cells that would do something to a terminal: every command shows them, and none of them acts.

use std::fs;
use std::process::Command;

use crate::cli::{bare, json};
use crate::quarantine::Site;
use crate::support::{finish, tree};

/// What must never reach a terminal as it is. A line feed ends lines of the program's own.
fn active(text: &str) -> Vec<char> {
    let turns = |c: char| {
        "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}".contains(c)
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    text.chars().filter(|c| c.is_control() && *c != '\n' || turns(*c)).collect()
}

/// Clears the screen, turns the direction, rings, and closes what a title begins.
const HOSTILE: &str = "\u{1b}[2J\u{202e}\u{7}\u{9b}31m\u{7f}\u{2066}";

/// What turns the direction only: a name with control characters is not received at all (F045).
const TURNING: &str = "\u{202e}\u{2066}";

/// A site with hostile exports: one that is claimed, with hostile headers and cells, and one that nobody claims.
fn site() -> Site {
    let site = Site::new();
    let inbox = site.path("inbox");
    let name = tree(&inbox).into_keys().find(|name| name.contains("税收_2018年1-3月")).unwrap();
    let text = fs::read_to_string(inbox.join(&name)).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[3] = format!("{}\t附加{HOSTILE}栏", lines[3]);
    let last = lines.len() - 1;
    let cells: Vec<&str> = text.lines().last().unwrap().split('\t').collect();
    lines[last] = [cells[0], &format!("甲{HOSTILE}"), &format!("未缴{HOSTILE}"), cells[3], "1"].join("\t");
    let hostile = name.replace("税收_2018年1-3月_20180420", &format!("税收_2018年1-3月{TURNING}_20180421"));
    fs::write(inbox.join(hostile), lines.join("\n") + "\n").unwrap();
    fs::write(inbox.join(format!("无人{HOSTILE}认领.csv")), format!("名{HOSTILE}称,数\n甲,1\n")).unwrap();
    site
}

fn shown(command: &mut Command) -> String {
    let (_, stdout, stderr) = finish(command);
    stdout + &stderr
}

#[test]
fn text_from_outside_is_shown_by_every_command_and_acts_on_no_terminal() {
    let site = site();
    let hostile = |part: &str| tree(&site.path("inbox")).into_keys().find(|name| name.contains(part)).unwrap();
    let claimed = site.path("inbox").join(hostile("1-3月\u{202e}"));
    let unclaimed = site.path("inbox").join(hostile("无人"));
    let inspect = |path: &std::path::Path, more: &[&str]| {
        [&["inspect", path.to_str().unwrap()], more]
            .concat()
            .iter()
            .map(|arg| (*arg).to_owned())
            .collect::<Vec<String>>()
    };
    let plain = |args: &[&str]| args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<String>>();
    let commands = [
        plain(&["plan"]),
        plain(&["run"]),
        plain(&["quarantine"]),
        plain(&["replay"]),
        plain(&["check"]),
        inspect(&claimed, &[]),
        inspect(&claimed, &["--cells"]),
        inspect(&unclaimed, &[]),
        inspect(&unclaimed, &["--draft"]),
    ];
    let mut told = 0;
    for command in &commands {
        let args: Vec<&str> = command.iter().map(String::as_str).collect();
        for more in [&["--lang", "zh"], &["--lang", "en"], &["--format", "json"]] {
            let text = shown(&mut site.command(&[&args, more.as_slice()].concat()));
            assert!(active(&text).is_empty(), "{args:?} {more:?}: {:?}", active(&text));
            told += usize::from(text.contains("\\u202e"));
        }
    }
    assert!(told > 9, "hostile text is shown by {told} commands only: the test tests nothing");
}

#[test]
fn progress_and_failures_show_hostile_names_as_well() {
    let site = site();
    let store = site.path("store2");
    let mut command = bare(&["run", "--format", "json", "--config"]);
    command.arg(site.path("config")).arg("--inbox").arg(site.path("inbox")).arg("--store").arg(&store);
    let (code, stdout, stderr) = finish(&mut command);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("\\u202e") && active(&stderr).is_empty(), "{:?}", active(&stderr));
    // JSON stays JSON, with the same names in it.
    let names: Vec<String> = stderr.lines().filter_map(|line| json(line)["item"].as_str().map(str::to_owned)).collect();
    assert!(names.iter().any(|name| name.contains(TURNING)), "{names:?}");
    json(&stdout);
    let text = shown(&mut bare(&["inspect", &format!("no{HOSTILE}file.csv")]));
    assert!(text.contains("\\u001b") && active(&text).is_empty(), "{text:?}");
}

#[test]
fn rows_that_are_sent_back_run_no_formula_in_a_spreadsheet() {
    let site = Site::new();
    let inbox = site.path("inbox");
    let name = tree(&inbox).into_keys().find(|name| name.contains("税收_2018年1-3月")).unwrap();
    let text = fs::read_to_string(inbox.join(&name)).unwrap();
    let cells: Vec<&str> = text.lines().last().unwrap().split('\t').collect();
    let row = [cells[0], "=HYPERLINK(\"http://x\")", "@SUM(1)", cells[3]].join("\t");
    fs::write(inbox.join(&name), text.replace(text.lines().last().unwrap(), &row)).unwrap();
    site.run();
    let csv = site.path("back.csv");
    let (code, _, stderr) = finish(&mut site.command(&["quarantine", "--csv", csv.to_str().unwrap()]));
    assert_eq!(code, 0, "{stderr}");
    let written = fs::read_to_string(csv).unwrap();
    let line = written.lines().find(|line| line.contains("HYPERLINK")).unwrap();
    let begins = |cell: &str| cell.trim_matches('"').starts_with(['=', '@', '+']);
    assert!(!crate::support::cells(line).iter().any(|cell| begins(cell)), "{line}");
}
