//! Who is told of runs: metrics, events of lineage, and the command of a site.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{SMALL, copy_config, replace};
use crate::support::{finish, folder, root, run_sample, tree};

/// A configuration with this `observe.toml`, where `TOLD` is a folder of its own.
fn site(observe: &str) -> (TempDir, TempDir) {
    let (config, told) = (folder(), folder());
    copy_config(config.path());
    let text = observe.replace("TOLD", &told.path().display().to_string());
    fs::write(config.path().join("config/observe.toml"), text).unwrap();
    (config, told)
}

const BOTH: &str = "metrics = \"TOLD/mujun.prom\"\nlineage = \"TOLD/lineage.jsonl\"\nnamespace = \"henan\"\n";

/// A run whose result is JSON.
fn run(config: &Path, store: &Path) -> Command {
    let mut command = for_people(config, store, "en");
    command.args(["--format", "json"]);
    command
}

/// A run whose result is for people.
fn for_people(config: &Path, store: &Path, lang: &str) -> Command {
    let mut command = run_sample(&SMALL, store);
    command.args(["--lang", lang, "--config"]).arg(config.join("config"));
    command
}

/// The series of a page, held against what the textfile collector takes.
fn series(told: &Path) -> BTreeMap<String, f64> {
    let text = fs::read_to_string(told.join("mujun.prom")).unwrap();
    assert!(text.ends_with('\n') && !text.contains('\r') && !text.contains("\n\n"), "{text}");
    let (mut families, mut series) = (Vec::new(), BTreeMap::new());
    for line in text.lines() {
        if let Some(told) = line.strip_prefix("# HELP ") {
            families.push(told.split_once(' ').unwrap().0.to_owned());
        } else if let Some(told) = line.strip_prefix("# TYPE ") {
            assert_eq!(told, format!("{} gauge", families.last().unwrap()));
        } else {
            // A third word would be a time: the collector refuses the whole file then.
            let (name, value) = line.rsplit_once(' ').unwrap();
            let family = families.last().unwrap();
            // Of two sites on one machine the collector would drop one, if they had the same series.
            assert!(name.starts_with(&format!("{family}{{site=\"henan\"")), "{line} under {family}");
            assert_eq!(series.insert(name.to_owned(), value.parse().unwrap()), None, "{name} stands twice");
        }
    }
    let all = families.len();
    families.sort();
    families.dedup();
    assert_eq!(families.len(), all, "a family stands twice");
    series
}

fn events(told: &Path) -> Vec<Value> {
    let text = fs::read_to_string(told.join("lineage.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The sum of the series of a family.
fn sum(series: &BTreeMap<String, f64>, family: &str) -> f64 {
    let of_family = |name: &&String| name.split('{').next() == Some(family);
    series.keys().filter(of_family).map(|name| series[name]).sum()
}

#[test]
fn log_result_metrics_and_lineage_of_a_run_tell_the_same_counts() {
    let (config, told) = site(BOTH);
    let store = folder();
    // With its log, which the other tests do without.
    let quiet = run(config.path(), store.path());
    let mut loud = Command::new(quiet.get_program());
    loud.current_dir(root()).args(quiet.get_args().filter(|argument| *argument != "--quiet"));
    let (code, stdout, stderr) = finish(&mut loud);
    assert_eq!(code, 0, "{stderr}");
    let result: Value = serde_json::from_str(&stdout).unwrap();
    let summary = &result["summary"];
    let series = series(told.path());
    assert_eq!(sum(&series, "mujun_exports"), summary["exports"].as_f64().unwrap());
    assert_eq!(sum(&series, "mujun_facts_rows"), summary["facts"].as_f64().unwrap());
    assert_eq!(sum(&series, "mujun_quarantined_rows"), summary["quarantined"].as_f64().unwrap());
    assert_eq!(series["mujun_warnings{site=\"henan\"}"], summary["warnings"].as_f64().unwrap());
    assert_eq!(series["mujun_exit_code{site=\"henan\"}"], 0.0);
    assert_eq!(series["mujun_run_outcome{site=\"henan\",pipeline=\"\",outcome=\"published\"}"], 1.0);
    assert_eq!(sum(&series, "mujun_run_outcome"), 1.0);
    let release = summary["release"].as_str().unwrap();
    assert_eq!(series[&format!("mujun_release_info{{site=\"henan\",pointer=\"current\",release=\"{release}\"}}")], 1.0);
    // Every stage in the log has its rows in the metrics, and a duration.
    let log: Vec<Value> = stderr.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let done: Vec<&Value> = log.iter().filter(|line| line["event"] == "stage_done").collect();
    assert_eq!(done.len(), 3, "{stderr}");
    for stage in done {
        let name = stage["stage"].as_str().unwrap();
        let rows = series[&format!("mujun_stage_rows{{site=\"henan\",stage=\"{name}\"}}")];
        assert_eq!(rows, stage["rows"].as_f64().unwrap(), "{name}");
        assert!(series[&format!("mujun_stage_duration_seconds{{site=\"henan\",stage=\"{name}\"}}")] > 0.0, "{name}");
    }
    // Everybody may read the metrics: node_exporter is another user.
    let mode = fs::metadata(told.path().join("mujun.prom")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);

    let [start, complete] = <[Value; 2]>::try_from(events(told.path())).unwrap();
    assert_eq!((start["eventType"].as_str(), complete["eventType"].as_str()), (Some("START"), Some("COMPLETE")));
    assert_eq!(start["run"]["runId"], complete["run"]["runId"]);
    assert_eq!((&complete["job"]["namespace"], &complete["job"]["name"]), (&"henan".into(), &"run".into()));
    let ledger = fs::read(store.path().join("current/quality/ledger/part-0.parquet")).unwrap();
    let ledger = store::parquet::read(ledger, |_| true).unwrap().frame;
    let inputs = complete["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), ledger.rows());
    let (files, contents) = (ledger.texts("file").unwrap(), ledger.texts("sha256").unwrap());
    for row in 0..ledger.rows() {
        let file = files.get(row).unwrap();
        let input = inputs.iter().find(|input| input["name"].as_str().unwrap().ends_with(file)).expect(file);
        assert!(input["name"].as_str().unwrap().starts_with('/'), "{input}");
        assert_eq!(input["facets"]["version"]["datasetVersion"].as_str(), contents.get(row), "{file}");
        let rows = input["inputFacets"]["inputStatistics"]["rowCount"].as_i64();
        assert_eq!(rows, ledger.ints("rows").unwrap().get(row), "{file}");
    }
    // Every Parquet file of the release is in one output, and sums name the columns of facts that they are made of.
    let outputs = complete["outputs"].as_array().unwrap();
    let files = |output: &Value| output["outputFacets"]["outputStatistics"]["fileCount"].as_u64().unwrap();
    let all = tree(&store.path().join("current/")).into_keys();
    let parquet = all.filter(|name| name.ends_with(".parquet")).count() as u64;
    assert_eq!(outputs.iter().map(files).sum::<u64>(), parquet);
    let named = |name: &str| outputs.iter().find(|output| output["name"].as_str().unwrap().ends_with(name)).unwrap();
    let fields = &named("tables/park_quarter")["facets"]["columnLineage"]["fields"];
    let made_of = &fields["revenue_pair_ytd_fen"]["inputFields"][0];
    assert_eq!(made_of["field"], "revenue_ytd_fen");
    assert!(made_of["name"].as_str().unwrap().ends_with("/facts/finance"), "{made_of}");
    let value = named("/indicators")["facets"]["columnLineage"]["fields"]["value"]["inputFields"].as_array().unwrap();
    let is_of_tax = |field: &&Value| {
        field["field"] == "tax_ytd_on_land_fen" && field["name"].as_str().unwrap().ends_with("park_quarter")
    };
    assert!(value.iter().any(|field| is_of_tax(&field)));
}

#[test]
fn a_run_that_is_refused_is_told_as_failed_and_one_with_nothing_to_do_makes_nothing() {
    let (config, told) = site(BOTH);
    let store = folder();
    assert_eq!(finish(&mut run(config.path(), store.path())).0, 0);
    assert_eq!(finish(&mut run(config.path(), store.path())).0, 0);
    let after = series(told.path());
    assert_eq!(
        after["mujun_run_outcome{site=\"henan\",pipeline=\"\",outcome=\"published\"}"], 1.0,
        "a run that changes nothing leaves no row"
    );
    replace(&config.path().join("config/site.toml"), "max_quarantine_share = 0.05", "max_quarantine_share = 0");
    assert_eq!(finish(&mut run(config.path(), store.path())).0, 4);
    let refused = series(told.path());
    assert_eq!(refused["mujun_exit_code{site=\"henan\"}"], 4.0);
    assert_eq!(refused["mujun_run_outcome{site=\"henan\",pipeline=\"\",outcome=\"refused\"}"], 1.0);
    let success = "mujun_success_timestamp_seconds{site=\"henan\",pipeline=\"\"}";
    assert_eq!(refused[success], after[success], "the last success is the one before");
    let events = events(told.path());
    let kinds: Vec<&str> = events.iter().map(|event| event["eventType"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["START", "COMPLETE", "START", "FAIL"]);
    let failed = &events[3];
    assert!(failed["run"]["facets"]["errorMessage"]["message"].as_str().unwrap().contains("rows are in quarantine"));
    assert_eq!(failed["outputs"], Value::Array(Vec::new()));
    assert_ne!(failed["run"]["runId"], events[0]["run"]["runId"]);
}

#[test]
fn each_pipeline_that_was_due_is_told_by_its_name_and_what_was_not_due_changes_nothing() {
    let (config, told) = site(BOTH);
    let store = folder();
    let due = |store: &Path| {
        let mut command = run(config.path(), store);
        command.arg("--due");
        finish(&mut command)
    };
    let (code, _, stderr) = due(store.path());
    assert_eq!(code, 0, "{stderr}");
    let page = series(told.path());
    let ended = |page: &BTreeMap<String, f64>| sum(page, "mujun_run_outcome");
    assert_eq!(ended(&page), 1.0, "{page:?}");
    assert!(page.contains_key("mujun_run_end_timestamp_seconds{site=\"henan\",pipeline=\"quarterly\"}"), "{page:?}");
    assert_eq!(events(told.path())[1]["job"]["name"], "quarterly");
    let mut named = run(config.path(), store.path());
    let (code, stdout, _) = finish(named.args(["--pipeline", "quarterly"]));
    assert_eq!((code, serde_json::from_str::<Value>(&stdout).unwrap()["outcome"].as_str()), (0, Some("nothing_to_do")));
    let outcome = "mujun_run_outcome{site=\"henan\",pipeline=\"quarterly\",outcome=\"nothing_to_do\"}";
    assert_eq!(series(told.path())[outcome], 1.0);
    assert_eq!(events(told.path()).len(), 4);
    fs::remove_file(told.path().join("mujun.prom")).unwrap();
    assert_eq!(due(store.path()).0, 0);
    assert!(!told.path().join("mujun.prom").exists(), "nothing was due");
    assert_eq!(events(told.path()).len(), 4);
    // A second pipeline has series of its own, and the stages of both are told together.
    let pipelines = config.path().join("pipelines");
    fs::copy(pipelines.join("quarterly.toml"), pipelines.join("again.toml")).unwrap();
    let other = folder();
    assert_eq!(due(other.path()).0, 0);
    let page = series(told.path());
    assert_eq!(ended(&page), 2.0, "{page:?}");
    let jobs: Vec<Value> = events(told.path()).iter().skip(4).map(|event| event["job"]["name"].clone()).collect();
    assert_eq!(jobs, ["again", "again", "quarterly", "quarterly"]);
}

#[test]
fn the_command_of_a_site_gets_the_result_and_its_failure_changes_nothing() {
    let hook = |command: &str| format!("[hook]\nseconds = 1\ncommand = {command}\n");
    let (config, told) = site(&hook("[\"sh\", \"-c\", \"cat > TOLD/got.json; echo told $MUJUN_EXIT_CODE\"]"));
    let store = folder();
    let (code, stdout, stderr) = finish(&mut run(config.path(), store.path()));
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("told 0"), "{stderr}");
    let got: Value = serde_json::from_slice(&fs::read(told.path().join("got.json")).unwrap()).unwrap();
    let result: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(got["runs"][0]["result"], result, "what the program prints is what the command gets");
    assert_eq!((&got["exit_code"], &got["runs"][0]["pipeline"]), (&0.into(), &Value::Null));

    let failing = [
        ("[\"sh\", \"-c\", \"exit 3\"]", "exit status: 3"),
        ("[\"no-such-program-here\"]", "no-such-program-here"),
        ("[\"sh\", \"-c\", \"exec tail -f /dev/null\"]", "stopped after 1 s"),
    ];
    for (command, said) in failing {
        let (config, _told) = site(&hook(command));
        let (code, _, stderr) = finish(&mut for_people(config.path(), folder().path(), "en"));
        assert_eq!(code, 0, "{command}: {stderr}");
        assert!(stderr.contains("`hook` of observe.toml failed") && stderr.contains(said), "{command}: {stderr}");
    }
}

#[test]
fn what_cannot_be_written_is_said_and_the_release_is_published() {
    let (config, told) = site("metrics = \"TOLD/file/mujun.prom\"\n");
    fs::write(told.path().join("file"), "no folder").unwrap();
    let store = folder();
    let (code, _, stderr) = finish(&mut for_people(config.path(), store.path(), "zh"));
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("observe.toml 的 metrics 未成功") && stderr.contains("发布结果不受影响"), "{stderr}");
    assert!(store.path().join("current").exists());
}

#[test]
fn who_is_told_of_runs_is_no_part_of_a_release() {
    let store = folder();
    let (plain, _) = site("");
    assert_eq!(finish(&mut run(plain.path(), store.path())).0, 0);
    let (config, told) = site(BOTH);
    let (code, stdout, _) = finish(&mut run(config.path(), store.path()));
    let result: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, result["outcome"].as_str()), (0, Some("nothing_to_do")), "{stdout}");
    assert!(told.path().join("mujun.prom").exists());
}

#[test]
fn mistakes_in_observe_toml_are_told_with_the_way_out() {
    for (text, said) in [
        ("metrics = \"TOLD/mujun.txt\"\n", "must end in .prom"),
        ("metric = \"TOLD/mujun.prom\"\n", "metrics"),
        ("[hook]\nseconds = 5\n", "`command` is a program and its arguments"),
        ("[hook]\ncommand = [\"true\"]\nseconds = 0\n", "must be from 1 to 600"),
    ] {
        let (config, _told) = site(text);
        let (code, _, stderr) = finish(&mut for_people(config.path(), folder().path(), "en"));
        assert_eq!(code, 2, "{text}: {stderr}");
        assert!(stderr.contains("observe.toml") && stderr.contains(said), "{text}: {stderr}");
    }
}
