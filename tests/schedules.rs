//! The files for schedulers: `examples/orchestrators/` is what the program writes, and the shell in them does with each exit code what is
//! promised. `just schedules` tries them in the schedulers themselves.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use config::pipeline::cron::Cron;

use crate::cli::bare;
use crate::support::{finish, folder, root, tree};

const SCHEDULERS: [&str; 6] = ["cron", "systemd", "kubernetes", "airflow", "dagster", "dolphinscheduler"];

/// What is written for a scheduler, by name, where these things are elsewhere.
fn written(scheduler: &str, elsewhere: &[(&str, &str)]) -> BTreeMap<String, String> {
    let out = folder();
    let mut command = bare(&["schedule", "--for", scheduler, "--quiet", "--out"]);
    command.arg(out.path());
    let usual =
        [("--program", "/usr/bin/mujun"), ("--site", "/srv/mujun/config"), ("--scripts", "/srv/mujun/schedules")];
    for (option, usual) in usual.into_iter().chain([("--logs", "/var/log/mujun")]) {
        let given = elsewhere.iter().find(|(name, _)| *name == option).map_or(usual, |(_, value)| value);
        command.args([option, given]);
    }
    let (code, _, stderr) = finish(&mut command);
    assert_eq!(code, 0, "{stderr}");
    tree(out.path()).into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect()
}

#[test]
fn the_examples_for_orchestrators_are_what_is_written() {
    for scheduler in SCHEDULERS {
        let example = root().join("examples/orchestrators").join(scheduler);
        let made = written(scheduler, &[]);
        if std::env::var_os("UPDATE_CASES").is_some() {
            let _ = fs::remove_dir_all(&example);
            fs::create_dir_all(&example).unwrap();
            for (name, text) in &made {
                fs::write(example.join(name), text).unwrap();
            }
        }
        let there = tree(&example).into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()));
        let there: BTreeMap<String, String> = there.collect();
        assert!(
            there == made,
            "examples/orchestrators/{scheduler} is not what is written: UPDATE_CASES=1 writes it anew"
        );
    }
}

#[test]
fn nothing_is_left_open_in_the_files_of_schedulers() {
    for scheduler in SCHEDULERS {
        for (name, text) in written(scheduler, &[]) {
            let is_blank = |word: &str| word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_');
            let left: Vec<&str> = text.split('@').skip(1).filter(|word| is_blank(word)).collect();
            assert!(left.is_empty(), "{name}: {left:?}");
        }
    }
}

/// A program that ends with the code in a file and counts how often it was started.
fn stub(at: &Path, code: i32) -> String {
    let path = at.join("mujun");
    fs::write(&path, format!("#!/bin/sh\necho x >>{0}/starts\necho \"said $*\"\nexit {code}\n", at.display())).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.to_string_lossy().into_owned()
}

fn starts(at: &Path) -> usize {
    fs::read_to_string(at.join("starts")).map_or(0, |text| text.lines().count())
}

/// Runs a script by the shell; gives its exit code and what it printed.
fn shell(script: &str) -> (i32, String) {
    let (code, stdout, stderr) = finish(Command::new("/bin/sh").arg("-c").arg(script).env("MUJUN_PAUSE", "0"));
    assert_eq!(stderr.replace("mujun: warnings, see above\n", ""), "");
    (code, stdout)
}

#[test]
fn cron_mails_warnings_and_alarms_and_nothing_else() {
    for (code, ends, says) in
        [(0, 0, ""), (75, 0, ""), (3, 3, "warning (exit 3)"), (4, 4, "ALARM (exit 4)"), (2, 2, "ALARM (exit 2)")]
    {
        let at = folder();
        let program = stub(at.path(), code);
        let logs = at.path().to_string_lossy().into_owned();
        let files = written("cron", &[("--program", &program), ("--logs", &logs)]);
        let script = at.path().join("mujun-due");
        fs::write(&script, &files["mujun-due"]).unwrap();
        let (ended, said) = shell(&format!("/bin/sh {}", script.display()));
        assert_eq!(ended, ends, "{said}");
        assert!(said.contains(says) && said.is_empty() == says.is_empty(), "{code}: {said}");
        let log: Vec<String> = tree(at.path())
            .into_iter()
            .filter(|(name, _)| name.ends_with(".log"))
            .map(|(_, text)| String::from_utf8(text).unwrap())
            .collect();
        assert!(
            log[0].contains(&format!("exit {code}\nsaid --config /srv/mujun/config --quiet run --due --strict")),
            "{log:?}"
        );
        assert_eq!(at.path().join("mujun-later").exists(), code == 75);
    }
}

#[test]
fn cron_tells_the_same_alarm_once_a_day() {
    let at = folder();
    let program = stub(at.path(), 2);
    let files = written("cron", &[("--program", &program), ("--logs", &at.path().to_string_lossy())]);
    let script = at.path().join("mujun-due");
    fs::write(&script, &files["mujun-due"]).unwrap();
    let run = || shell(&format!("/bin/sh {}", script.display()));
    let is_told = |(code, said): (i32, String)| {
        assert_eq!(code, 2);
        said.contains("ALARM (exit 2)")
    };
    assert!(is_told(run()));
    assert!(!is_told(run()));
    assert_eq!(shell(&format!("touch -d '25 hours ago' {}/mujun-alarm", at.path().display())).0, 0);
    assert!(is_told(run()));
    // It came right meanwhile, and then not again.
    stub(at.path(), 0);
    assert_eq!(run(), (0, String::new()));
    stub(at.path(), 2);
    assert!(is_told(run()));
}

#[test]
fn cron_tells_what_has_been_put_off_for_two_hours() {
    let at = folder();
    let program = stub(at.path(), 75);
    let files = written("cron", &[("--program", &program), ("--logs", &at.path().to_string_lossy())]);
    let script = at.path().join("mujun-due");
    fs::write(&script, &files["mujun-due"]).unwrap();
    let run = || shell(&format!("/bin/sh {}", script.display()));
    assert_eq!(run(), (0, String::new()));
    let (code, _) = shell(&format!("touch -d '3 hours ago' {}/mujun-later", at.path().display()));
    assert_eq!(code, 0);
    let (code, said) = run();
    assert!(code == 0 && said.contains("not done for two hours"), "{said}");
    // And once more only after two hours more.
    assert_eq!(run(), (0, String::new()));
    assert_eq!(starts(at.path()), 3);
}

#[test]
fn the_script_of_dolphinscheduler_tries_again_what_may_come_right_and_nothing_else() {
    for (code, ends, tries) in [(0, 0, 1), (3, 0, 1), (4, 4, 1), (2, 2, 1), (75, 75, 8)] {
        let at = folder();
        let program = stub(at.path(), code);
        let files = written("dolphinscheduler", &[("--program", &program)]);
        let all: serde_json::Value = serde_json::from_str(&files["mujun-quarterly.json"]).unwrap();
        let (ended, said) = shell(all[0]["taskDefinitionList"][0]["taskParams"]["rawScript"].as_str().unwrap());
        assert_eq!((ended, starts(at.path())), (ends, tries), "{code}: {said}");
    }
}

#[test]
fn the_command_of_the_container_makes_warnings_a_success_and_nothing_else() {
    for (code, ends) in [(0, 0), (3, 0), (4, 4), (2, 2), (75, 75)] {
        let at = folder();
        let program = stub(at.path(), code);
        let yaml = &written("kubernetes", &[("--program", &program)])["mujun-quarterly.yaml"];
        let (_, rest) = yaml.split_once("                - |\n").unwrap();
        let block = rest.lines().take_while(|line| line.starts_with("                  "));
        let (ended, _) = shell(&block.map(str::trim).collect::<Vec<_>>().join("\n"));
        assert_eq!((ended, starts(at.path())), (ends, 1), "{code}");
    }
}

/// What is written for one pipeline with this schedule.
fn with_schedule(scheduler: &str, schedule: &str, title: &str) -> (i32, String, String) {
    let site = folder();
    crate::cli::copy_config(site.path());
    let file = site.path().join("pipelines/quarterly.toml");
    crate::cli::replace(&file, "\"30 7 * * *\"", &format!("\"{schedule}\""));
    crate::cli::replace(&file, "\"产业集聚区季度指标\"", title);
    let out = site.path().join("out");
    let mut command = bare(&[
        "schedule",
        "--for",
        scheduler,
        "--quiet",
        "--program",
        "/usr/bin/mujun",
        "--site",
        "/srv/mujun/config",
        "--out",
    ]);
    let (code, _, stderr) = finish(command.arg(&out).arg("--config").arg(site.path().join("config")));
    let files = if out.exists() { tree(&out) } else { BTreeMap::new() };
    let text = files.into_values().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
    (code, text, stderr)
}

#[test]
fn times_are_the_same_in_every_notation() {
    for (cron, systemd, quartz) in [
        ("30 7 * * *", "*-*-* 07:30:00", "0 30 7 * * ? *"),
        ("0 6 * * 1-5", "Mon..Fri *-*-* 06:00:00", "0 0 6 ? * MON-FRI *"),
        ("0 6 * * 0,6", "Sun,Sat *-*-* 06:00:00", "0 0 6 ? * SUN,SAT *"),
        ("*/20 8-10 * * *", "*-*-* 08..10:00,20,40:00", "0 0,20,40 8-10 * * ? *"),
        ("0 9 15 1,4,7,10 *", "*-01,04,07,10-15 09:00:00", "0 0 9 15 1,4,7,10 ? *"),
    ] {
        let (_, units, _) = with_schedule("systemd", cron, "\"x\"");
        assert!(units.contains(&format!("\nOnCalendar={systemd} Asia/Shanghai\n")), "{cron}: {units}");
        let (_, workflow, _) = with_schedule("dolphinscheduler", cron, "\"x\"");
        assert!(workflow.contains(&format!("\"crontab\": \"{quartz}\"")), "{cron}: {workflow}");
        let plain = Cron::parse(cron).unwrap().to_string();
        for scheduler in ["airflow", "dagster", "kubernetes"] {
            let (_, text, _) = with_schedule(scheduler, cron, "\"x\"");
            assert!(text.contains(&format!("\"{plain}\"")), "{cron}: {text}");
        }
    }
}

#[test]
fn a_title_stays_a_title_in_every_file() {
    for scheduler in SCHEDULERS {
        let (code, text, stderr) =
            with_schedule(scheduler, "30 7 * * *", "\"100 %i \\\"季度\\\"\\nExecStart=/bin/false @LOGS@\"");
        assert_eq!(code, 0, "{stderr}");
        assert!(text.lines().all(|line| !line.trim_start().starts_with("ExecStart=/bin/false")), "{text}");
        if scheduler == "systemd" {
            assert!(
                text.contains("Description=mujun quarterly: 100 %%i \"季度\" ExecStart=/bin/false ＠LOGS＠\n"),
                "{text}"
            );
        }
    }
}

#[test]
fn a_path_that_a_scheduler_would_read_otherwise_is_refused() {
    let out = folder();
    for path in ["/srv/my site/config", "/srv/100%/config", "/srv/$HOME/config", "/srv/a'b/config", "/srv/a;b/config"] {
        let mut command = bare(&["schedule", "--for", "cron", "--lang", "en", "--site", path, "--out"]);
        let (code, _, stderr) = finish(command.arg(out.path()));
        assert!(code == 2 && stderr.contains(path), "{stderr}");
    }
    assert!(tree(out.path()).is_empty());
}
