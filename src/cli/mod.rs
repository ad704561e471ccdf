//! The door: what was typed becomes what it means, and results become text, JSON and an exit code.
//!
//! Only this room prints.

mod args;
mod clock;
mod escape;
mod exit;
mod init;
mod inspect;
mod interrupt;
mod manual;
mod progress;
mod schedule;
mod show;
mod synth;
mod telling;
mod why;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;

pub use args::Lang;
use args::{Args, Command, DiffArgs, ExplainArgs, ReleaseAction, RunArgs};
use clock::{now, written};
use exit::ExitStatus;
use run::{Failure, Options, Outcome, Setup};
use show::Printer;
pub use show::{problem_text, status_text};
use store::{Hold, Pointer, Store};
use vocab::said;

/// Runs the command line and gives the exit code of the contract.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are answers, not mistakes.
            let _ = error.print();
            let status = if error.use_stderr() { ExitStatus::Usage } else { ExitStatus::Success };
            return status.into();
        }
    };
    interrupt::listen(args.global.format, args.global.lang);
    let printer = Printer::new(args.global.format, args.global.lang);
    match dispatch(&args, &printer) {
        Ok(status) => status.into(),
        Err(failure) => {
            printer.failure(&failure);
            ExitStatus::of(&failure).into()
        }
    }
}

fn dispatch(args: &Args, printer: &Printer) -> Result<ExitStatus, Failure> {
    match &args.command {
        Command::Run(run) if run.due => run_due(args, run, printer),
        Command::Run(run) => run_now(args, run, printer),
        Command::Plan(run) => plan(args, run, printer),
        Command::Status => {
            let setup = Setup::load(args.options())?.at(&written(now()))?;
            printer.status_report(&run::status(&setup)?);
            Ok(ExitStatus::Success)
        }
        Command::Check => {
            let setup = Setup::load(args.options())?;
            let report = run::check(&setup)?;
            printer.check(&report);
            Ok(if report.is_passed() { ExitStatus::Success } else { ExitStatus::Usage })
        }
        Command::Inspect { file, draft, cells, why } => {
            let inspection = run::inspect(file, &run::limits_in(&args.global.config)?, *draft)?;
            let is_of_use = if *draft { inspection.draft.is_some() } else { inspection.is_read() };
            match (cells, draft, why) {
                (true, ..) => printer.cells(&inspection),
                (_, true, _) => printer.draft(&inspection),
                (.., true) => printer.why(&inspection),
                _ => printer.inspection(&inspection),
            }
            Ok(if is_of_use { ExitStatus::Success } else { ExitStatus::Usage })
        }
        Command::Releases { action } => releases(args, action.as_ref(), printer),
        Command::Current { profile } => current(args, profile.pointer(), printer),
        Command::Gc { dry_run } => {
            let setup = Setup::load(args.options())?;
            printer.cleared(&run::gc(&setup, &written(now()), *dry_run)?);
            Ok(ExitStatus::Success)
        }
        Command::Verify { release, repair } => {
            let verified = if *repair {
                let setup = Setup::load(args.options())?;
                run::repair(&setup, &written(now()))?
            } else {
                run::verify(&store_dir(args)?, release.as_deref())?
            };
            printer.verification(&verified, release.as_deref());
            Ok(if verified.is_whole() { ExitStatus::Success } else { ExitStatus::Internal })
        }
        Command::Quarantine { which, csv, mended } => {
            let setup = Setup::load(args.options())?;
            match csv {
                Some(path) => printer.quarantine_csv(path, run::write_csv(&setup, &which.filter(), path)?),
                None => printer.quarantine(&run::quarantine(&setup, &which.filter(), *mended)?),
            }
            Ok(ExitStatus::Success)
        }
        Command::Explain(wanted) => explain(args, wanted, printer),
        Command::Diff(wanted) => diff(args, wanted, printer),
        Command::Replay(which) => {
            let setup = Setup::load(args.options())?;
            let progress = progress::Progress::new(args.global.format, !args.global.quiet);
            let replay = run::replay(&setup, &which.filter(), &progress);
            progress.finish();
            printer.replay(&replay?);
            Ok(ExitStatus::Success)
        }
        Command::Schedule(wanted) => schedule::schedule(args, wanted, printer),
        Command::Init(wanted) => init::init(wanted, printer),
        Command::Synth(wanted) => synth::synth(wanted, printer, args.global.quiet),
        Command::Completions { shell } => Ok(manual::completions(*shell, printer)),
        Command::Man { dir } => manual::man(dir, printer),
    }
}

fn explain(args: &Args, wanted: &ExplainArgs, printer: &Printer) -> Result<ExitStatus, Failure> {
    let setup = Setup::load(Options { profile: wanted.profile(), ..args.options() })?;
    printer.explained(&run::explain::explain(&setup, &wanted.asked())?);
    Ok(ExitStatus::Success)
}

fn diff(args: &Args, wanted: &DiffArgs, printer: &Printer) -> Result<ExitStatus, Failure> {
    let setup = Setup::load(Options { profile: wanted.profile(), ..args.options() })?;
    printer.differences(&run::diff::diff(&setup, &wanted.asked())?);
    Ok(ExitStatus::Success)
}

fn plan(args: &Args, run: &RunArgs, printer: &Printer) -> Result<ExitStatus, Failure> {
    let setup = setup_of(args, run, &written(now()))?;
    match run.due {
        true => printer.plan_due(&run::plan_due(&setup, run.pipeline.as_deref())?),
        false => printer.plan(&run::plan(&setup)?),
    }
    Ok(ExitStatus::Success)
}

fn run_now(args: &Args, run: &RunArgs, printer: &Printer) -> Result<ExitStatus, Failure> {
    let started = written(now());
    let setup = setup_of(args, run, &started)?;
    let progress = progress::Progress::new(args.global.format, !args.global.quiet);
    let came = run::execute(&setup, &started, &progress);
    progress.finish();
    if let Ok(outcome) = &came {
        printer.outcome(outcome);
    }
    let status = status_of(&came, run, printer);
    telling::tell(&setup, &started, status, progress, &[(run.pipeline.as_deref(), &came)], printer);
    Ok(status)
}

fn run_due(args: &Args, run: &RunArgs, printer: &Printer) -> Result<ExitStatus, Failure> {
    let started = written(now());
    let mut setup = Setup::load(options_of(args, run)?)?.at(&started)?;
    let progress = progress::Progress::new(args.global.format, !args.global.quiet);
    let done = run::execute_due(&mut setup, run.pipeline.as_deref(), &started, &progress);
    progress.finish();
    let done = done?;
    let came: Vec<_> =
        done.iter().filter_map(|done| Some((Some(done.turn.pipeline.as_str()), done.came.as_ref()?))).collect();
    let status = came.iter().map(|(_, came)| status_of(came, run, printer));
    let status = status.fold(ExitStatus::Success, ExitStatus::graver);
    printer.due(&done);
    if !came.is_empty() {
        telling::tell(&setup, &started, status, progress, &came, printer);
    }
    Ok(status)
}

/// What a run ends with; a failure is told.
fn status_of(came: &Result<Outcome, Failure>, run: &RunArgs, printer: &Printer) -> ExitStatus {
    match came {
        Ok(outcome) => ExitStatus::of_run(outcome, run.strict),
        Err(failure) => {
            printer.failure(failure);
            ExitStatus::of(failure)
        }
    }
}

fn setup_of(args: &Args, run: &RunArgs, started: &str) -> Result<Setup, Failure> {
    let setup = Setup::load(options_of(args, run)?)?.at(started)?;
    match &run.pipeline {
        Some(pipeline) => setup.for_pipeline(pipeline),
        None => Ok(setup),
    }
}

fn current(args: &Args, pointer: Pointer, printer: &Printer) -> Result<ExitStatus, Failure> {
    let store = Store::open_existing(&store_dir(args)?)?;
    let release = store.pointed(pointer)?.ok_or_else(nothing_published)?;
    let folder = store.manifest(&release).map(|_| store.release_folder(&release))?;
    printer.current(&release, &store::resolve(&folder)?);
    Ok(ExitStatus::Success)
}

fn releases(args: &Args, action: Option<&ReleaseAction>, printer: &Printer) -> Result<ExitStatus, Failure> {
    let dir = store_dir(args)?;
    let now = written(now());
    // Where there is no store none is made.
    Store::open_existing(&dir)?;
    match action {
        None | Some(ReleaseAction::List) => {}
        Some(ReleaseAction::Pin { release, reason }) => {
            let hold = Hold { release: release.clone(), reason: reason.clone(), since: now.clone() };
            Store::open(&dir, &now)?.pin(&hold)?;
        }
        Some(ReleaseAction::Unpin { profile }) => Store::open(&dir, &now)?.unpin(profile.pointer())?,
    }
    let store = Store::open_existing(&dir)?;
    let pointers = Pointer::ALL.map(|pointer| Ok((pointer, store.pointed(pointer)?, store.held(pointer)?)));
    let pointers = pointers.into_iter().collect::<Result<Vec<_>, store::Error>>()?;
    printer.releases(&store.published()?, &pointers);
    Ok(ExitStatus::Success)
}

fn store_dir(args: &Args) -> Result<PathBuf, Failure> {
    match &args.global.store {
        Some(dir) => Ok(dir.clone()),
        None => Ok(Setup::load(args.options())?.store_dir),
    }
}

fn nothing_published() -> Failure {
    Failure::Usage(said!("尚未发布过：请运行 `mujun run`", "nothing is published yet: `mujun run`"))
}

fn options_of(args: &Args, run: &RunArgs) -> Result<Options, Failure> {
    let (span, as_of, profile, make_current) = (run.span()?, run.as_of()?, run.profile(), run.make_current);
    Ok(Options { span, as_of, profile, make_current, ..args.options() })
}
