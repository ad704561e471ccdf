//! What several rooms' tests need: the sample, a store to throw away, the command.

pub mod exports;
pub mod packs;
pub mod tls;
pub mod zips;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use config::Config;
use model::Models;
use model::classification;
use tempfile::TempDir;

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program in the project's folder, in the language that it speaks where the locale names none.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mujun"));
    command.current_dir(root()).env("LC_ALL", "C.UTF-8");
    command
}

/// The `mujun` command with the sample configuration and this store, quiet, from the project's folder.
pub fn mujun(store: &Path) -> Command {
    let mut command = program();
    command.arg("--store").arg(store).arg("--quiet");
    command
}

/// Runs a command and gives its exit code and what it printed.
pub fn finish(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

/// Whether the slow checks were asked for: `MUJUN_SLOW=1`.
pub fn is_slow() -> bool {
    std::env::var_os("MUJUN_SLOW").is_some_and(|value| value == "1")
}

/// Texts of the project below a folder, by their names in it.
fn texts(folder: &str, end: &str) -> BTreeMap<String, String> {
    let files = tree(&root().join(folder)).into_iter().filter(|(name, _)| name.ends_with(end));
    files.map(|(name, bytes)| (name, String::from_utf8(bytes).expect("UTF-8"))).collect()
}

/// The configuration of the project.
pub static CONFIG: LazyLock<Config> =
    LazyLock::new(|| Config::resolve(&texts("config", ".toml")).expect("the configuration"));

/// The models of the project, with those that its measures are compiled to.
pub static MODELS: LazyLock<Models> = LazyLock::new(|| {
    let method = CONFIG.method().map(classification::models).unwrap_or_default();
    let models = texts("pipelines/models", ".sql").into_iter().chain(method).collect();
    Models::with_measures(&models, &CONFIG.measures, &CONFIG.sources).expect("the models")
});

/// A folder that goes away with the test.
pub fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Sample exports of a seed and a size, written by the command itself: exports/, config/registers/ and truth/.
pub fn sample(out: &Path, seed: u64, enterprises: usize, parks: usize, quarters: usize) {
    let (code, _, stderr) = finish(mujun(out).arg("synth").arg("--out").arg(out).args([
        "--seed",
        &seed.to_string(),
        "--enterprises",
        &enterprises.to_string(),
        "--parks",
        &parks.to_string(),
        "--quarters",
        &quarters.to_string(),
    ]));
    assert_eq!(code, 0, "{stderr}");
}

/// `run` on sample exports, with the registers that came with them.
pub fn run_sample(sample: &Path, store: &Path) -> Command {
    let mut command = mujun(store);
    command
        .arg("run")
        .arg("--inbox")
        .arg(sample.join("exports"))
        .arg("--registers")
        .arg(sample.join("config/registers"));
    command
}

/// All files below a folder with their bytes, by relative name; links are not followed.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = std::collections::BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder can be listed") {
            let path = entry.expect("an entry can be read").path();
            if path.is_symlink() {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below the folder").to_string_lossy().into_owned();
                files.insert(name, std::fs::read(&path).expect("a file can be read"));
            }
        }
    }
    files
}

/// `../shared`, or none with a line that says what was not run.
pub fn shared(what: &str) -> Option<PathBuf> {
    let path = root().join("../shared");
    if path.is_dir() {
        return Some(path);
    }
    not_run(what, "../shared is missing");
    None
}

/// Says that something was not run. Written past the capture of the test runner: a passing test would swallow it.
pub fn not_run(what: &str, why: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "not run: {what}: {why}");
}

/// A Python with its standard library: the one that is named, or the usual one.
pub fn plain_python() -> Option<PathBuf> {
    let named = std::env::var_os("MUJUN_PYTHON").map(PathBuf::from);
    let usual = ["/usr/bin/python3", "/usr/local/bin/python3"].map(PathBuf::from);
    named.into_iter().chain(usual).find(|path| path.exists())
}

/// The cells of one line of CSV: the tests' own reading, so that the pipeline is not held against itself.
pub fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}

/// A draft whose blanks are filled: the table of facts, a unit wherever the export says none, and what is marked was looked at.
pub fn finished(draft: &str) -> String {
    let (definition, test) = draft
        .split_once("\n[[test]]")
        .map_or((draft, String::new()), |(before, after)| (before, format!("\n[[test]]{after}")));
    // A name ends in the unit, and stands in the key too.
    let mut finished = definition.replace("dataset_name", "draft_facts");
    for block in definition.split("\n[[column]]").filter(|block| block.contains("# unit = \"…\"")) {
        let name = block.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        finished =
            name.map_or(finished.clone(), |name| finished.replace(&format!("\"{name}\""), &format!("\"{name}_g\"")));
    }
    let filled = |line: &str| {
        let line = line.split("# TODO").next().unwrap_or_default();
        let blank = line.strip_prefix("# ").filter(|line| line.contains("= \"…\""));
        blank.unwrap_or(line).replace("= \"…\"", "= \"吨\"").replace('…', "g") + "\n"
    };
    finished.lines().map(filled).collect::<String>() + &test
}
