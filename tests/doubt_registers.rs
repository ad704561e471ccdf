//! What is taken for granted and must not be: that registers agree with one another, that a monthly form is of a quarter's end, and
//! that the last quarter came.

use std::fs;
use std::path::{Path, PathBuf};

use encoding_rs::GB18030;
use tempfile::TempDir;

use crate::support::{finish, folder, run_sample, sample, tree};

/// A small sample of two years, and a store that goes away with it.
struct Sample {
    folder: TempDir,
    store: TempDir,
}

impl Sample {
    fn new() -> Sample {
        let (folder, store) = (folder(), folder());
        sample(folder.path(), 4451, 60, 4, 8);
        Sample { folder, store }
    }

    fn run(&self, more: &[&str]) -> (i32, String, String) {
        finish(run_sample(self.folder.path(), self.store.path()).args(["--lang", "en"]).args(more))
    }

    fn plan(&self) -> String {
        let mut command = crate::support::mujun(self.store.path());
        command.args(["plan", "--lang", "en", "--inbox"]).arg(self.folder.path().join("exports"));
        finish(command.arg("--registers").arg(self.folder.path().join("config/registers"))).1
    }

    /// The indicators that readers see, by file.
    fn indicators(&self) -> std::collections::BTreeMap<String, Vec<u8>> {
        let mut files = tree(&fs::canonicalize(self.store.path().join("current")).unwrap().join("indicators"));
        files.retain(|name, _| name.ends_with(".parquet"));
        files
    }

    fn exports(&self, part: &str) -> Vec<PathBuf> {
        let inbox = self.folder.path().join("exports");
        let names = tree(&inbox).into_keys().filter(|name| name.contains(part));
        names.map(|name| inbox.join(name)).collect()
    }

    fn register(&self, name: &str) -> PathBuf {
        self.folder.path().join("config/registers").join(name)
    }

    /// Changes the lines of a register below its header.
    fn change(&self, name: &str, change: impl Fn(usize, &str) -> String) {
        let text = fs::read_to_string(self.register(name)).unwrap();
        let lines = text.lines().enumerate();
        let lines: Vec<String> =
            lines.map(|(at, line)| if at == 0 { line.to_owned() } else { change(at + 1, line) }).collect();
        fs::write(self.register(name), lines.join("\n") + "\n").unwrap();
    }
}

fn in_gb18030(path: &Path, change: impl Fn(String) -> String) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    let (text, _, _) = GB18030.decode(&bytes);
    GB18030.encode(&change(text.into_owned())).0.into_owned()
}

#[test]
fn monthly_forms_of_other_months_change_no_figure_and_are_counted() {
    let sample = Sample::new();
    assert_eq!(sample.run(&[]).0, 0);
    let before = sample.indicators();
    let form = sample.exports("B203财务状况_2018年1-3月").remove(0);
    let name = form.file_name().unwrap().to_string_lossy().into_owned();
    let mut months = 0;
    for year in [2017, 2018] {
        for month in (1..=12).filter(|month| month % 3 != 0) {
            // January alone, the two months that are surveyed together, a month by itself, and since January.
            for label in [format!("{year}年1-{month}月"), format!("{year}年{month}月")] {
                if month == 1 && label.contains('-') {
                    continue;
                }
                let bytes = in_gb18030(&form, |text| text.replace("2018年1-3月", &label));
                fs::write(form.with_file_name(name.replace("2018年1-3月", &label)), bytes).unwrap();
                months += 1;
            }
        }
    }
    // A name without a period: only its title tells, once it is read.
    let bytes = in_gb18030(&form, |text| text.replace("2018年1-3月", "2019年1-2月"));
    fs::write(form.with_file_name("B203财务状况_补_20181120.csv"), bytes).unwrap();
    let told = |months: u32| format!("forms of months that end no quarter, not used (C040): {months}\n");
    assert!(sample.plan().contains(&told(months)), "{}", sample.plan());
    let (code, stdout, stderr) = sample.run(&[]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains(&told(months + 1)), "{stdout}");
    assert!(sample.plan().contains(&told(months + 1)), "{}", sample.plan());
    assert!(sample.indicators() == before, "a figure, a vintage or a release of a quarter has changed");
}

#[test]
fn references_between_registers_that_lead_nowhere_are_told_all_at_once_and_stop_the_run() {
    let sample = Sample::new();
    let parks = fs::read_to_string(sample.register("parks.csv")).unwrap();
    let park: Vec<String> = parks.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect();
    let units = fs::read_to_string(sample.register("enterprise_park.csv")).unwrap();
    let codes = |line: usize| -> Vec<String> {
        units.lines().nth(line - 1).unwrap().split(',').take(2).map(str::to_owned).collect()
    };
    let (one, other) = (codes(2), codes(6));
    assert_ne!(one[0], other[0]);
    let in_park = |line: &str, code: &str, from: &str| {
        let mut cells: Vec<&str> = line.split(',').collect();
        (cells[2], cells[3]) = (code, from);
        cells.join(",")
    };
    sample.change("enterprise_park.csv", |at, line| match at {
        // A typing error; twice, told once.
        3 | 5 => in_park(line, "4199001", "2010Q1"),
        // The credit code of another enterprise.
        6 => line.replace(&other[1], &one[1]),
        8 => in_park(line, &park[1], "2018Q3"),
        _ => line.to_owned(),
    });
    sample.change("parks.csv", |at, line| {
        let mut cells: Vec<&str> = line.split(',').collect();
        match at {
            2 => cells[2] = "419999",
            // Closed for good; then two in a circle, and one whose successor is not there.
            3 => cells[7] = "2018Q1",
            4 => (cells[7], cells[8]) = ("2018Q1", &park[3]),
            5 => (cells[7], cells[8]) = ("2018Q1", &park[2]),
            _ => {}
        }
        cells.join(",")
    });
    let parks = fs::read_to_string(sample.register("parks.csv")).unwrap();
    fs::write(sample.register("parks.csv"), parks + "4199009,一个集聚区,410100,郑州市,,,2009Q1,2017Q4,4199008\n")
        .unwrap();
    let add = |name: &str, line: &str| {
        let text = fs::read_to_string(sample.register(name)).unwrap();
        fs::write(sample.register(name), text + line + "\n").unwrap();
    };
    add("clusters.csv", &format!("CL99,某集群,{},9A", park[0]));
    add("clusters.csv", "CL99,某集群,4199001,38");
    add("leading_industries.csv", &format!("{},99,,", park[0]));
    add("value_added_rate.csv", "3,2018,0.2500");
    let (code, stdout, stderr) = sample.run(&[]);
    assert_eq!(code, 2, "{stdout}{stderr}");
    let circle = format!(
        "C043 error registers/parks.csv:R4C9: Successors lead back to where they began. Found `{0} → {1} → {0}`",
        park[2], park[3]
    );
    let late = format!(
        "C041 error registers/enterprise_park.csv:R8C3: The register has something begin in a park that had been closed without a successor. Found `{}`",
        park[1]
    );
    let last = |name: &str| fs::read_to_string(sample.register(name)).unwrap().lines().count();
    for told in [
        "C007 error registers/enterprise_park.csv:R3C3: The park is not on the register in that period. Found `4199001 ×2`",
        &late,
        &format!(
            "C042 error registers/enterprise_park.csv:R6C2: Characters 9 to 17 of the credit code are not the organisation code beside it. Found `{}`, the organisation code is {}",
            one[1], other[0]
        ),
        "C010 error registers/parks.csv:R2C3: The region is not in the list of regions. Found `419999`",
        &circle,
        "C007 error registers/parks.csv:R6C9: The park is not on the register in that period. Found `4199008`",
        &format!(
            "C009 error registers/clusters.csv:R{}C4: The industry is not in the classification of that period. Found `9A`",
            last("clusters.csv") - 1
        ),
        &format!(
            "C007 error registers/clusters.csv:R{}C3: The park is not on the register in that period. Found `4199001`",
            last("clusters.csv")
        ),
        &format!(
            "C009 error registers/leading_industries.csv:R{}C2: The industry is not in the classification of that period. Found `99`",
            last("leading_industries.csv")
        ),
        &format!(
            "C009 error registers/value_added_rate.csv:R{}C1: The industry is not in the classification of that period. Found `3`",
            last("value_added_rate.csv")
        ),
        "error: the registers have 10 mistake(s)",
    ] {
        assert!(stderr.contains(told), "{told}\n{stderr}");
    }
    assert!(stderr.contains("`4199001 ×2`, the register has 4199009"), "what may be meant is told: {stderr}");
}

#[test]
fn a_stay_in_a_park_with_a_successor_is_no_mistake() {
    let sample = Sample::new();
    let parks = fs::read_to_string(sample.register("parks.csv")).unwrap();
    // One that was there all the time.
    let is_old = |line: &&str| line.split(',').nth(6).unwrap() < "2017";
    let next = parks.lines().skip(2).find(is_old).unwrap().split(',').next().unwrap().to_owned();
    sample.change("parks.csv", |at, line| {
        let mut cells: Vec<&str> = line.split(',').collect();
        if at == 2 {
            (cells[7], cells[8]) = ("2017Q2", &next);
        }
        cells.join(",")
    });
    let (code, _, stderr) = sample.run(&[]);
    assert!(code != 2, "{stderr}");
}

#[test]
fn a_last_quarter_whose_forms_are_empty_or_gone_is_not_left_out_in_silence() {
    let sample = Sample::new();
    assert_eq!(sample.run(&[]).0, 0);
    let before = sample.indicators();
    let form = sample.exports("B203财务状况_2018年1-12月").remove(0);
    let whole = fs::read(&form).unwrap();
    let header = in_gb18030(&form, |text| text.lines().take(6).map(|line| format!("{line}\r\n")).collect());
    for empty in [Some(header), None] {
        match &empty {
            Some(bytes) => fs::write(&form, bytes).unwrap(),
            None => fs::remove_file(&form).unwrap(),
        }
        let (code, stdout, stderr) = sample.run(&[]);
        assert_eq!(code, 4, "{stdout}{stderr}");
        for told in ["M016: `finance`", "ends with 2018Q3, and 2018Q4 is there in", "tax 2018Q4", "--to 2018Q3"] {
            assert!(stderr.contains(told), "{told}: {stderr}");
        }
        let name = form.file_name().unwrap().to_string_lossy();
        assert!(stderr.contains(&*name), "empty or gone, it is named: {stderr}");
        assert!(sample.indicators() == before, "the last release stands");
    }
    // On a store without a release, the other datasets tell it.
    let fresh = Sample { folder: sample.folder, store: folder() };
    assert_eq!(fresh.run(&[]).0, 4);
    let (code, stdout, stderr) = fresh.run(&["--to", "2018Q3", "--make-current"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("M016 ×1"), "{stdout}");
    assert!(!fresh.indicators().keys().any(|name| name.contains("2018Q4")));
    fs::write(&form, whole).unwrap();
    assert_eq!(fresh.run(&[]).0, 0);
    assert!(fresh.indicators().keys().any(|name| name.contains("2018Q4")));
}

#[test]
fn datasets_that_come_early_are_no_reason_to_publish_nothing() {
    let sample = Sample::new();
    let forms = tree(&sample.folder.path().join("exports")).into_keys().filter(|name| name.contains("2018年1-12月"));
    for name in forms.filter(|name| !name.contains("税收")) {
        fs::remove_file(sample.folder.path().join("exports").join(name)).unwrap();
    }
    let (code, stdout, stderr) = sample.run(&[]);
    assert_eq!(code, 0, "{stderr}");
    assert!(!stdout.contains("M016"), "{stdout}");
}
