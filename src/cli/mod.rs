//! The door: what was typed becomes what it means, and results become text, JSON and an exit code.
//!
//! Only this room prints.

mod args;
mod escape;
mod exit;
mod inspect;
mod interrupt;
mod progress;
mod show;
mod synth;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;

use crate::run::{self, Failure, Options, Setup};
use crate::store::Store;
pub use args::Lang;
use args::{Args, Command, ReleaseAction};
use exit::ExitStatus;
use show::Printer;
pub use show::problem_text;

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
        Command::Run(run) => {
            let started = written(now());
            let setup = Setup::load(options(args, run.span()?, run.as_of()?, run.profile()))?.at(&started)?;
            let progress = progress::Progress::new(args.global.format, !args.global.quiet);
            let outcome = run::execute(&setup, &started, &progress);
            progress.finish();
            let outcome = outcome?;
            printer.outcome(&outcome);
            Ok(ExitStatus::of_run(&outcome, run.strict))
        }
        Command::Plan(run) => {
            let setup = Setup::load(options(args, run.span()?, run.as_of()?, run.profile()))?.at(&written(now()))?;
            printer.plan(&run::plan(&setup)?);
            Ok(ExitStatus::Success)
        }
        Command::Check => {
            let setup = Setup::load(options(args, None, None, crate::protect::Profile::Internal))?;
            let report = run::check(&setup)?;
            printer.check(&report);
            Ok(if report.failures.is_empty() { ExitStatus::Success } else { ExitStatus::Usage })
        }
        Command::Inspect { file, draft, cells } => {
            let inspection = run::inspect(file, &run::limits_in(&args.global.config)?)?;
            match (cells, draft) {
                (true, _) => printer.cells(&inspection),
                (_, true) if !inspection.draft.is_empty() => printer.draft(&inspection),
                _ => printer.inspection(&inspection),
            }
            Ok(if inspection.is_read() { ExitStatus::Success } else { ExitStatus::Usage })
        }
        Command::Releases { action } => releases(args, action.as_ref(), printer),
        Command::Verify { release } => {
            let store = Store::open_existing(&store_dir(args)?)?;
            let release = match release {
                Some(release) => release.clone(),
                None => store.current()?.ok_or_else(|| Failure::Usage("nothing is published yet".to_owned()))?,
            };
            let differences = store.verify_release(&release)?;
            printer.verification(&release, &differences);
            Ok(if differences.is_empty() { ExitStatus::Success } else { ExitStatus::Internal })
        }
        Command::Quarantine { which, csv } => {
            let setup = Setup::load(options(args, None, None, crate::protect::Profile::Internal))?;
            match csv {
                Some(path) => printer.quarantine_csv(path, run::write_csv(&setup, &which.filter(), path)?),
                None => printer.quarantine(&run::quarantine(&setup, &which.filter())?),
            }
            Ok(ExitStatus::Success)
        }
        Command::Replay(which) => {
            let setup = Setup::load(options(args, None, None, crate::protect::Profile::Internal))?;
            let progress = progress::Progress::new(args.global.format, !args.global.quiet);
            let replay = run::replay(&setup, &which.filter(), &progress);
            progress.finish();
            printer.replay(&replay?);
            Ok(ExitStatus::Success)
        }
        Command::Synth(wanted) => synth::synth(wanted, printer, args.global.quiet),
    }
}

fn releases(args: &Args, action: Option<&ReleaseAction>, printer: &Printer) -> Result<ExitStatus, Failure> {
    let dir = store_dir(args)?;
    let now = written(now());
    match action {
        None | Some(ReleaseAction::List) => {}
        Some(ReleaseAction::Pin { release }) => Store::open(&dir, &now)?.pin(release)?,
        Some(ReleaseAction::Unpin) => Store::open(&dir, &now)?.unpin()?,
        Some(ReleaseAction::Rollback { release }) => Store::open(&dir, &now)?.point_to(release)?,
    }
    let store = Store::open_existing(&dir)?;
    printer.releases(&store.list_releases()?, store.current()?.as_deref(), store.pinned()?.as_deref());
    Ok(ExitStatus::Success)
}

fn store_dir(args: &Args) -> Result<PathBuf, Failure> {
    match &args.global.store {
        Some(dir) => Ok(dir.clone()),
        None => Ok(Setup::load(options(args, None, None, crate::protect::Profile::Internal))?.store_dir),
    }
}

fn options(
    args: &Args,
    span: Option<crate::publish::Span>,
    as_of: Option<i64>,
    profile: crate::protect::Profile,
) -> Options {
    Options {
        config: args.global.config.clone(),
        store: args.global.store.clone(),
        inbox: args.global.inbox.clone(),
        registers: args.global.registers.clone(),
        span,
        as_of,
        profile,
        now: now().as_second(),
    }
}

/// The time, for the lock, the catalogue, and the age of files in the inbox. It is in no release.
#[allow(clippy::disallowed_methods, reason = "the door of the program is where the time comes in")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// The time as the lock and the catalogue write it.
fn written(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
