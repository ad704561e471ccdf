//! What a run reports while it works.

/// What a run reports while it works. A line on a terminal and a line of JSON come from the same event.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A stage begins, with the number of steps it has.
    StageStarted {
        /// `fetch`, `ingest`, `model`, `publish` or `replay`.
        stage: &'static str,
        /// Steps.
        steps: u64,
    },
    /// One step of a stage is done.
    StepDone {
        /// The stage.
        stage: &'static str,
        /// What was done: a file's or table's name.
        item: String,
    },
    /// A stage ended.
    StageDone {
        /// The stage.
        stage: &'static str,
        /// Rows it handled.
        rows: u64,
    },
}

/// Takes events as they happen; called from several threads.
pub trait Observer: Sync {
    /// Takes one event.
    fn event(&self, event: Event);

    /// The time, which only the door of the program knows; none from an observer without a clock.
    fn now(&self) -> Option<String> {
        None
    }
}
