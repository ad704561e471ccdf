//! `synth`: sample exports into a folder.

use std::io;
use std::path::{Path, PathBuf};

use super::args::SynthArgs;
use super::exit::ExitStatus;
use super::show::Printer;
use run::Failure;
use store::SampleFile;
use synth::{DoubtKind, Options, Output, Quarter, Truth};
use vocab::period;

struct Folder(PathBuf);

impl Output for Folder {
    fn create(&mut self, name: &str) -> io::Result<Box<dyn io::Write + '_>> {
        let file: SampleFile = store::create_sample(&self.0.join(Path::new(name))).map_err(io::Error::other)?;
        Ok(Box::new(file))
    }
}

/// Writes sample exports.
pub fn synth(wanted: &SynthArgs, printer: &Printer, quiet: bool) -> Result<ExitStatus, Failure> {
    let usage = |message: String| Failure::Usage(message);
    let from = period::Quarter::parse(&wanted.from)
        .ok_or_else(|| usage(format!("--from {}: not a quarter; write it like 2017Q1", wanted.from)))?;
    let options = Options {
        seed: wanted.seed,
        enterprises: wanted.enterprises,
        parks: wanted.parks,
        from: Quarter::new(i32::from(from.year()), from.number())
            .ok_or_else(|| usage(format!("--from {}: no such quarter", wanted.from)))?,
        quarters: wanted.quarters,
        anchors: wanted.anchors,
        doubt: doubt(&wanted.doubt)?,
        truth: if wanted.no_discrete { Truth::Indicators } else { Truth::Full },
    };
    let mut told = |name: &str, rows: u64| {
        if !quiet {
            printer.sample_file(name, rows);
        }
    };
    let summary =
        synth::write(&options, &mut Folder(wanted.out.clone()), &mut told).map_err(|e| usage(e.to_string()))?;
    printer.sample(&wanted.out, &summary);
    Ok(ExitStatus::Success)
}

/// The kinds of doubt that were named; `all` is all that let a run go on.
fn doubt(names: &[String]) -> Result<Vec<DoubtKind>, Failure> {
    if names.iter().any(|name| name == "all") {
        return Ok(DoubtKind::ALL.into_iter().filter(|kind| kind.lets_run()).collect());
    }
    let kind = |name: &String| {
        DoubtKind::named(name).ok_or_else(|| {
            let known: Vec<&str> = DoubtKind::ALL.into_iter().map(DoubtKind::name).collect();
            Failure::Usage(format!("--doubt {name}: no such kind; there are all, {}", known.join(", ")))
        })
    };
    names.iter().map(kind).collect()
}
