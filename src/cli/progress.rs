//! Progress: a bar on a terminal, JSON lines elsewhere.

use std::io::{IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use super::args::Format;
use super::clock;
use super::escape::{escaped, inline};
use run::observed::Watched;
use run::{Event, Observer};

/// Shows events as they happen, on standard error: standard output is for results. How long stages took is kept for those who ask.
pub struct Progress {
    mode: Mode,
    bar: Mutex<ProgressBar>,
    /// The stages that are over, and when the one that is not began.
    stages: Mutex<(Vec<Watched>, Option<Instant>)>,
}

enum Mode {
    Bar,
    Lines,
    Silent,
}

impl Progress {
    /// A bar for people at a terminal, lines of JSON for machines, nothing when told to be quiet.
    pub fn new(format: Format, wanted: bool) -> Self {
        let mode = match (wanted, format, std::io::stderr().is_terminal()) {
            (false, ..) => Mode::Silent,
            (true, Format::Text, true) => Mode::Bar,
            (true, ..) => Mode::Lines,
        };
        Progress { mode, bar: Mutex::new(ProgressBar::hidden()), stages: Mutex::default() }
    }

    /// The stages that are over.
    pub fn into_stages(self) -> Vec<Watched> {
        self.stages.into_inner().unwrap_or_else(PoisonError::into_inner).0
    }

    fn watch(&self, event: &Event) {
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::StageStarted { .. } => stages.1 = Some(clock::instant()),
            Event::StepDone { .. } => {}
            Event::StageDone { stage, rows } => {
                let seconds = stages.1.take().map_or(0.0, |since| since.elapsed().as_secs_f64());
                // One command may run several pipelines: a stage is told once.
                match stages.0.iter_mut().find(|one| one.stage == *stage) {
                    Some(one) => (one.seconds, one.rows) = (one.seconds + seconds, one.rows + rows),
                    None => stages.0.push(Watched { stage, seconds, rows: *rows }),
                }
            }
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.with_bar(|bar| bar.finish_and_clear());
    }

    fn with_bar(&self, act: impl FnOnce(&mut ProgressBar)) {
        let mut bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut bar);
    }
}

impl Observer for Progress {
    fn event(&self, event: Event) {
        self.watch(&event);
        match self.mode {
            Mode::Silent => {}
            Mode::Lines => {
                // A closed pipe ends the telling, not the work.
                let line = serde_json::to_string(&event).unwrap_or_default();
                let _ = writeln!(std::io::stderr().lock(), "{}", escaped(&line));
            }
            Mode::Bar => self.with_bar(|bar| match event {
                Event::StageStarted { stage, steps } => {
                    bar.finish_and_clear();
                    let style = ProgressStyle::with_template("{prefix:>8} {bar:30} {pos}/{len} {wide_msg}");
                    *bar = ProgressBar::new(steps);
                    if let Ok(style) = style {
                        bar.set_style(style);
                    }
                    bar.set_prefix(stage);
                }
                Event::StepDone { item, .. } => {
                    bar.set_message(inline(&item).into_owned());
                    bar.inc(1);
                }
                Event::StageDone { .. } => bar.finish_and_clear(),
            }),
        }
    }

    fn now(&self) -> Option<String> {
        Some(clock::written(clock::now()))
    }
}
