//! The action plan against what is released: no task without an indicator, no indicator without a figure.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use config::Config;
use store::parquet;

use crate::support::{finish, folder, mujun, root, tree};

/// Tasks that no indicator shows yet. A task that one shows must leave this list.
const NOT_YET: &[&str] = &[];

/// Indicators of targets that are not there yet. One that is there must leave this list.
const NOT_YET_SHOWN: &[&str] = &[];

fn config() -> Config {
    let files = tree(&root().join("config"))
        .into_iter()
        .filter(|(name, _)| name.ends_with(".toml"))
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
        .collect();
    Config::resolve(&files).unwrap()
}

/// How many figures each indicator has at each level in the release of the sample.
fn released() -> BTreeMap<(String, String), usize> {
    let store = folder();
    let (code, _, stderr) = finish(mujun(store.path()).arg("run"));
    assert_eq!(code, 0, "{stderr}");
    let mut figures = BTreeMap::new();
    for (name, bytes) in tree(&fs::canonicalize(store.path().join("current")).unwrap().join("indicators")) {
        let level = name.split(['=', '/']).nth(1).unwrap().to_owned();
        let frame = parquet::read(bytes, |column| matches!(column, "indicator" | "value")).unwrap().frame;
        let (names, values) = (frame.texts("indicator").unwrap(), frame.floats("value").unwrap());
        for (name, value) in names.iter().zip(values.iter()) {
            *figures.entry((name.unwrap().to_owned(), level.to_string())).or_default() += usize::from(value.is_some());
        }
    }
    figures
}

#[test]
fn every_task_of_the_plan_has_figures_at_every_level_where_they_make_sense() {
    let (config, figures) = (config(), released());
    let mut wrong = Vec::new();
    for task in config.plan.tasks() {
        let shown: Vec<_> = config.indicators.iter().filter(|indicator| indicator.task == task.id).collect();
        let names: Vec<&str> = shown.iter().map(|indicator| indicator.id.as_str()).collect();
        println!("{} {}: {}", task.id, task.name_zh, names.join(", "));
        match (shown.is_empty(), NOT_YET.contains(&task.id.as_str())) {
            (true, false) => wrong.push(format!("task {} has no indicator", task.id)),
            (false, true) => wrong.push(format!("task {} has indicators: take it from the list", task.id)),
            _ => {}
        }
        for (indicator, level) in shown.iter().flat_map(|i| i.levels.iter().map(move |level| (i, level))) {
            if figures.get(&(indicator.id.clone(), level.to_string())).is_none_or(|&figures| figures == 0) {
                wrong.push(format!("{} has no figure at the level {level}, where it says to be", indicator.id));
            }
        }
    }
    let tasks: BTreeSet<&str> = config.plan.tasks().map(|task| task.id.as_str()).collect();
    wrong.extend(NOT_YET.iter().filter(|task| !tasks.contains(*task)).map(|task| format!("{task} is no task")));
    assert_eq!(tasks.len(), 18, "sixteen tasks, the safeguards and the context");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_target_of_the_plan_is_the_target_of_its_indicator_and_no_other_is() {
    let config = config();
    let mut wrong = Vec::new();
    for target in &config.plan.targets {
        let indicator = config.indicators.iter().find(|indicator| indicator.id == target.indicator);
        let is_missing = NOT_YET_SHOWN.contains(&target.indicator.as_str());
        let shown = indicator.is_some_and(|indicator| {
            let same = |shown: &&config::indicator::Target| {
                (shown.value, shown.by, &shown.document) == (target.value, target.by, &target.document)
            };
            indicator.targets.iter().any(|shown| same(&shown))
        });
        match (indicator.is_some(), is_missing) {
            (true, true) => wrong.push(format!("{} is there: take it from the list", target.indicator)),
            (_, false) if !shown => {
                wrong.push(format!("{} does not show {} of {}", target.indicator, target.value, target.document));
            }
            _ => {}
        }
    }
    for (indicator, shown) in config.indicators.iter().flat_map(|i| i.targets.iter().map(move |target| (i, target))) {
        let is_set = config.plan.targets.iter().any(|target| {
            (&target.indicator, target.value, target.by, &target.document)
                == (&indicator.id, shown.value, shown.by, &shown.document)
        });
        if !is_set {
            wrong.push(format!("{}: the plan has no target {} of {}", indicator.id, shown.value, shown.document));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
