//! `init`: a new installation in a folder, with everything that a site needs and nothing that is only the sample's.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use include_dir::{Dir, File, include_dir};

use super::args::InitArgs;
use super::exit::ExitStatus;
use super::show::Printer;
use crate::run::Failure;
use crate::store;
use crate::synth::{self, Options, Output};

/// The definitions that this program was built with.
static CONFIG: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/config");
static PIPELINES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/pipelines");
/// What the folder is and what comes first, for whoever opens it.
const README: &str = include_str!("site.md");

/// Registers that name parks and enterprises of the sample: a site has its own.
const OF_THE_SAMPLE: [&str; 5] = [
    "registers/clusters.csv",
    "registers/enterprise_park.csv",
    "registers/leading_industries.csv",
    "registers/parks.csv",
    "registers/value_added_rate.csv",
];

/// What stands otherwise in the settings of a site than in those of the sample.
const SETTINGS: [(&str, &str); 3] = [
    (
        "notice = \"synthetic sample data / 合成示例数据\"\n",
        "# notice = \"…\"                 # said by everything that is published\n",
    ),
    ("inbox = \"../examples/exports\"", "inbox = \"../inbox\""),
    (
        "# out, it is 10. The sample lies still and is taken at once; leave the line out for an inbox that others write into.\nquiet_seconds = 0\n",
        "# out, it is 10.\n# quiet_seconds = 10\n",
    ),
];

/// Writes a new installation.
///
/// # Errors
/// When the folder holds something already, or cannot be written.
pub fn init(wanted: &InitArgs, printer: &Printer) -> Result<ExitStatus, Failure> {
    let dir = &wanted.dir;
    if let Some(first) = store::create_folder(dir)? {
        let message = format!("{} is not empty ({first}): name a new folder, or an empty one", dir.display());
        return Err(Failure::Usage(message));
    }
    for file in files_of(&CONFIG) {
        put(dir, "config", file, &content(file, wanted.example))?;
    }
    for file in files_of(&PIPELINES) {
        put(dir, "pipelines", file, file.contents())?;
    }
    write(&dir.join("README.md"), README.as_bytes())?;
    store::create_folder(&dir.join("inbox"))?;
    if wanted.example {
        let made = synth::write(&Options::default(), &mut Sample(dir.clone()), &mut |_, _| {});
        made.map_err(|error| Failure::Usage(error.to_string()))?;
    }
    printer.initialised(dir, wanted.example);
    Ok(ExitStatus::Success)
}

fn files_of(dir: &'static Dir<'static>) -> Vec<&'static File<'static>> {
    let inner = dir.dirs().flat_map(files_of);
    dir.files().chain(inner).collect()
}

/// A file of the configuration as a site has it.
fn content(file: &File<'static>, is_example: bool) -> Vec<u8> {
    let name = file.path().to_string_lossy();
    let text = || file.contents_utf8().unwrap_or_default().to_owned();
    match name.as_ref() {
        "site.toml" => {
            let changes = if is_example { &SETTINGS[1..2] } else { &SETTINGS[..] };
            changes.iter().fold(text(), |text, (from, to)| text.replace(from, to)).into_bytes()
        }
        name if !is_example && OF_THE_SAMPLE.contains(&name) => {
            text().lines().take(1).map(|heading| format!("{heading}\n")).collect::<String>().into_bytes()
        }
        _ => file.contents().to_vec(),
    }
}

fn put(dir: &Path, folder: &str, file: &File<'static>, bytes: &[u8]) -> Result<(), Failure> {
    write(&dir.join(folder).join(file.path()), bytes)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Usage(format!("{}: {error}", path.display()));
    let mut file = store::create_sample(path)?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(failed)
}

/// Takes the sample into a new installation: exports into its inbox, registers among its own. The truth beside them is for tests.
struct Sample(PathBuf);

impl Output for Sample {
    fn create(&mut self, name: &str) -> std::io::Result<Box<dyn std::io::Write + '_>> {
        let path = match name.strip_prefix("exports/") {
            Some(export) => self.0.join("inbox").join(export),
            None if name.starts_with("config/") => self.0.join(name),
            None => return Ok(Box::new(std::io::sink())),
        };
        Ok(Box::new(store::create_sample(&path).map_err(std::io::Error::other)?))
    }
}
