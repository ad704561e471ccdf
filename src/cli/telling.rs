//! After a run: the files that `observe.toml` names, and the command of the site. Whatever goes wrong with them is said, and changes
//! neither what was published nor the exit code.

use std::io::Write as _;
use std::process::{Child, Command, ExitStatus as Ended, Stdio};
use std::time::Duration;

use serde_json::json;

use super::clock;
use super::exit::ExitStatus;
use super::progress::Progress;
use super::show::Printer;
use config::observe::Hook;
use run::observed::{self, Ran};
use run::{Failure, Outcome, Setup};
use vocab::{Said, said};

/// How often it is looked whether the command has ended.
const GLANCE: Duration = Duration::from_millis(20);

/// Tells of the runs of a command: each with its pipeline, if it was one, and what came of it.
pub fn tell(
    setup: &Setup,
    started: &str,
    status: ExitStatus,
    progress: Progress,
    came: &[(Option<&str>, &Result<Outcome, Failure>)],
    printer: &Printer,
) {
    let results = came.iter().map(|(_, came)| *came).collect();
    let ran = Ran { started, exit_code: status as u8, stages: progress.into_stages(), came: results };
    for untold in observed::tell(setup, &ran) {
        printer.untold(untold.key, &untold.why.said());
    }
    let Some(hook) = &setup.config.observe.hook else { return };
    let runs = came.iter().map(|(pipeline, came)| json!({ "pipeline": pipeline, "result": printer.result_json(came) }));
    let told = json!({
        "started": started,
        "finished": clock::written(clock::now()),
        "exit_code": status as u8,
        "runs": runs.collect::<Vec<_>>(),
    });
    if let Err(why) = call(setup, hook, status, told.to_string()) {
        printer.untold("hook", &why);
    }
}

/// Calls the command in the configuration folder, with what there is to say on its standard input; what it prints is for whoever reads
/// the log.
fn call(setup: &Setup, hook: &Hook, status: ExitStatus, told: String) -> Result<(), Said> {
    let no_command = || said!("没有 `command`", "it has no `command`");
    let (program, arguments) = hook.command.split_first().ok_or_else(no_command)?;
    let failed = |error: std::io::Error| Said::words(format!("{program}: {error}"));
    let started = Command::new(program)
        .args(arguments)
        .current_dir(&setup.options.config)
        .env("MUJUN_EXIT_CODE", (status as u8).to_string())
        .stdin(Stdio::piped())
        .stdout(std::io::stderr())
        .spawn();
    let mut child = started.map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        // Beside it: a command that does not read would never end otherwise, nor would one that prints much before it reads.
        std::thread::spawn(move || input.write_all(told.as_bytes()));
    }
    let seconds = hook.seconds;
    match wait(&mut child, Duration::from_secs(seconds)).map_err(failed)? {
        Some(ended) if ended.success() => Ok(()),
        Some(ended) => Err(Said::words(format!("{program}: {ended}"))),
        None => Err(said!(
            "{program}：运行满 {seconds} 秒（`seconds`）仍未结束，已停止",
            "{program}: it was stopped after {seconds} s (`seconds`)"
        )),
    }
}

/// How a child ended; none if it had not by then, and was stopped.
fn wait(child: &mut Child, patience: Duration) -> std::io::Result<Option<Ended>> {
    let begun = clock::instant();
    while begun.elapsed() < patience {
        if let Some(ended) = child.try_wait()? {
            return Ok(Some(ended));
        }
        std::thread::park_timeout(GLANCE);
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}
