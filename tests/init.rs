//! A new installation: what `init` writes, and that it can be checked and run as it lies there.

use std::fs;
use std::path::Path;

use crate::cli::{bare, json};
use crate::support::{finish, folder, root, tree};

/// A command in a new installation.
fn at(site: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = bare(args);
    command.arg("--config").arg(site.join("config"));
    finish(&mut command)
}

#[test]
fn a_new_installation_passes_its_check_and_has_nothing_of_the_sample() {
    let work = folder();
    let site = work.path().join("站点");
    let (code, stdout, stderr) = finish(bare(&["init"]).arg(&site));
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("README.md") && stdout.contains("mujun check"), "{stdout}");
    let (code, stdout, stderr) = at(&site, &["check"]);
    assert_eq!(code, 0, "{stdout}{stderr}");

    let ours = tree(&root().join("config"));
    for (name, bytes) in tree(&site.join("config")) {
        let text = String::from_utf8(bytes.clone()).unwrap();
        match name.as_str() {
            "site.toml" => {
                let said = |line: &str| text.lines().any(|own| own.starts_with(line));
                assert!(said("inbox = \"../inbox\"") && !said("quiet_seconds") && !said("notice"), "{text}");
                assert!(text.contains("[gates]") && text.contains("code = \"410000\""), "{text}");
            }
            "registers/parks.csv" | "registers/enterprise_park.csv" | "registers/clusters.csv" => {
                assert_eq!(text.lines().count(), 1, "{name} has its headings alone");
            }
            "registers/leading_industries.csv" | "registers/value_added_rate.csv" => {
                assert_eq!(text.lines().count(), 1)
            }
            _ => assert_eq!(ours.get(&name), Some(&bytes), "{name}"),
        }
    }
    assert_eq!(tree(&site.join("pipelines")), tree(&root().join("pipelines")));
    assert!(site.join("inbox").is_dir() && tree(&site.join("inbox")).is_empty());
}

#[test]
fn an_inbox_without_exports_is_named_by_plan_and_by_run() {
    let work = folder();
    let site = work.path().join("site");
    assert_eq!(finish(bare(&["init"]).arg(&site)).0, 0);
    fs::write(site.join("inbox/记录.txt"), "没有表格").unwrap();
    let inbox = site.join("inbox");
    let (code, stdout, _) = at(&site, &["plan", "--lang", "en"]);
    assert!(
        code == 0 && stdout.contains(&format!("nothing to publish: no file in the inbox {}", inbox.display())),
        "{stdout}"
    );
    let (code, stdout, _) = at(&site, &["plan", "--format", "json"]);
    assert!(code == 0 && json(&stdout)["without_exports"] == inbox.to_str().unwrap(), "{stdout}");
    let (code, _, stderr) = at(&site, &["run", "--quiet", "--lang", "en"]);
    assert!(code == 4 && stderr.contains(&format!("no file in the inbox {}", inbox.display())), "{stderr}");
}

#[test]
fn the_tests_of_definitions_hold_whatever_parks_and_enterprises_a_site_has() {
    let work = folder();
    let site = work.path().join("site");
    assert_eq!(finish(bare(&["init"]).arg(&site)).0, 0);
    let register = |name: &str, row: &str| {
        let path = site.join("config/registers").join(name);
        fs::write(&path, format!("{}{row}\n", fs::read_to_string(&path).unwrap())).unwrap();
    };
    register("parks.csv", "4115099,信阳示例产业集聚区,411500,信阳市,,,2009Q1,,");
    register("enterprise_park.csv", "328424915,914101813284249154,4115099,2013Q2,");
    let (code, stdout, stderr) = at(&site, &["check"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    // A test that is wrong is still found, and nothing is put on the registers.
    let path = site.join("config/sources/registers/enterprise_park.csv");
    let kept: String = fs::read_to_string(&path).unwrap().lines().take(1).map(|line| format!("{line}\n")).collect();
    fs::write(&path, kept).unwrap();
    let (code, stdout, _) = at(&site, &["check", "--lang", "en"]);
    assert!(
        code == 2 && stdout.contains("failed sources/b203.toml") && !stdout.contains("registers are others"),
        "{stdout}"
    );
}

#[test]
fn the_example_is_published_as_it_lies_there_and_a_folder_that_holds_something_is_left_alone() {
    let work = folder();
    let site = work.path().join("site");
    assert_eq!(finish(bare(&["init", "--example"]).arg(&site)).0, 0);
    let (code, stdout, stderr) = at(&site, &["run", "--quiet", "--format", "json"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert_eq!(json(&stdout)["summary"]["areas"]["park"], 24, "{stdout}");
    assert!(site.join("store/current/reports").is_dir());
    let before = tree(&site);
    let (code, _, stderr) = finish(bare(&["init", "--lang", "en"]).arg(&site));
    assert!(code == 2 && stderr.contains("is not empty (README.md)"), "{stderr}");
    assert_eq!(tree(&site), before);
}
