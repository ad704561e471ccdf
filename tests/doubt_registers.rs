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
    let told = format!("forms of months that end no quarter, not used (C040): {months}\n");
    assert!(sample.plan().contains(&told), "{}", sample.plan());
    let (code, stdout, stderr) = sample.run(&[]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains(&told), "{stdout}");
    assert!(sample.indicators() == before, "a figure, a vintage or a release of a quarter has changed");
}
