//! `schedule`: the files of a scheduler into a folder.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::args::{Args, ScheduleArgs};
use super::exit::ExitStatus;
use super::show::Printer;
use run::{Failure, Installed, Setup};
use vocab::Said;

/// Writes them.
pub fn schedule(args: &Args, wanted: &ScheduleArgs, printer: &Printer) -> Result<ExitStatus, Failure> {
    let setup = Setup::load(args.options())?;
    let or = |given: &Option<String>, otherwise: String| given.clone().unwrap_or(otherwise);
    let installed = Installed {
        program: match &wanted.program {
            Some(program) => program.clone(),
            None => text(&std::env::current_exe().map_err(|error| refused("--program", &error))?),
        },
        config: or(&wanted.site, text(&absolute(&args.global.config)?)),
        scripts: or(&wanted.scripts, text(&absolute(&wanted.out)?)),
        logs: wanted.logs.clone(),
        user: wanted.user.clone(),
        image: wanted.image.clone(),
    };
    let files = run::schedule(&setup, wanted.scheduler.scheduler(), &installed)?;
    for (name, content) in &files {
        let path = wanted.out.join(name);
        let mut file = store::create_sample(&path)?;
        let written = file.write_all(content.as_bytes()).and_then(|()| file.flush());
        written.map_err(|error| refused(&format!("--out {}", path.display()), &error))?;
    }
    let names: Vec<String> = files.into_iter().map(|(name, _)| name).collect();
    printer.written(&wanted.out, &names);
    Ok(ExitStatus::Success)
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|error| refused(&path.display().to_string(), &error))
}

/// What the system said of something that was typed.
fn refused(typed: &str, error: &std::io::Error) -> Failure {
    Failure::Usage(Said::words(format!("{typed}: {error}")))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
