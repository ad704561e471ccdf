//! `completions` and `man`: what shells and readers of manuals are told of what can be typed, made from it.

use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;

use super::args::Args;
use super::exit::ExitStatus;
use super::init;
use super::show::Printer;
use run::Failure;
use vocab::Said;

/// Prints a script of completions.
pub fn completions(shell: Shell, printer: &Printer) -> ExitStatus {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "mujun", &mut script);
    printer.completions(&shell.to_string(), &String::from_utf8_lossy(&script));
    ExitStatus::Success
}

/// Writes a page for the program and for each of its commands.
///
/// # Errors
/// When the folder cannot be written.
pub fn man(dir: &Path, printer: &Printer) -> Result<ExitStatus, Failure> {
    let mut program = Args::command().disable_help_subcommand(true);
    program.build();
    let mut files = Vec::new();
    pages(program, dir, &mut files)?;
    printer.written(dir, &files);
    Ok(ExitStatus::Success)
}

fn pages(command: Command, dir: &Path, files: &mut Vec<String>) -> Result<(), Failure> {
    let commands: Vec<Command> = command.get_subcommands().filter(|command| !command.is_hide_set()).cloned().collect();
    let page = Man::new(command);
    let name = page.get_filename();
    let mut text = Vec::new();
    page.render(&mut text).map_err(|error| Failure::Usage(Said::words(format!("{name}: {error}"))))?;
    init::write(&dir.join(&name), &text)?;
    files.push(name);
    commands.into_iter().try_for_each(|command| pages(command, dir, files))
}
