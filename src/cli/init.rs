//! `init`: a new installation in a folder, with everything that a site needs and nothing that is only the sample's.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::args::InitArgs;
use super::exit::ExitStatus;
use super::show::Printer;
use super::synth::unmade;
use run::Failure;
use synth::{Options, Output};
use vocab::{Said, said};

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
        let shown = dir.display();
        return Err(Failure::Usage(said!(
            "{shown} 不是空文件夹（{first}）：请指定新的或空的文件夹",
            "{shown} is not empty ({first}): name a new folder, or an empty one"
        )));
    }
    for (name, bytes) in definitions("config")? {
        write(&dir.join("config").join(&name), &content(&name, bytes, wanted.example))?;
    }
    for (name, bytes) in definitions("pipelines")? {
        write(&dir.join("pipelines").join(&name), &bytes)?;
    }
    write(&dir.join("README.md"), README.as_bytes())?;
    store::create_folder(&dir.join("inbox"))?;
    if wanted.example {
        let made = synth::write(&Options::default(), &mut Sample(dir.clone()), &mut |_, _| {});
        made.map_err(|error| Failure::Usage(unmade(&error)))?;
    }
    printer.initialised(dir, wanted.example);
    Ok(ExitStatus::Success)
}

/// The files of a folder of the project by their names: of an optimised build, those that it was built with.
#[cfg(not(debug_assertions))]
fn definitions(folder: &str) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    use include_dir::{Dir, include_dir};

    static CONFIG: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/config");
    static PIPELINES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/pipelines");

    fn files(dir: &Dir<'_>) -> Vec<(String, Vec<u8>)> {
        let own = dir.files().map(|file| (file.path().to_string_lossy().into_owned(), file.contents().to_vec()));
        own.chain(dir.dirs().flat_map(files)).collect()
    }
    Ok(files(if folder == "config" { &CONFIG } else { &PIPELINES }))
}

/// The same in a build of whoever works on the definitions: it is not built again for each change of one.
#[cfg(debug_assertions)]
fn definitions(folder: &str) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    const LARGEST: u64 = 64 << 20;
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let read = |file: store::InboxFile| Ok((file.name, store::read_file(&file.path, LARGEST)?));
    store::list_files(&dir)?.into_iter().map(read).collect()
}

/// A file of the configuration as a site has it.
fn content(name: &str, bytes: Vec<u8>, is_example: bool) -> Vec<u8> {
    let is_of_the_sample = !is_example && OF_THE_SAMPLE.contains(&name);
    if name == "site.toml" {
        let changes = if is_example { &SETTINGS[1..2] } else { &SETTINGS[..] };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        changes.iter().fold(text, |text, (from, to)| text.replace(from, to)).into_bytes()
    } else if is_of_the_sample {
        // The headings alone.
        bytes.split_inclusive(|byte| *byte == b'\n').take(1).flatten().copied().collect()
    } else {
        bytes
    }
}

/// Writes one file of a folder that was asked for.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Usage(Said::words(format!("{}: {error}", path.display())));
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
