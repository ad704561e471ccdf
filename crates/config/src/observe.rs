//! Who is told of runs: `observe.toml`. Nothing that is published rests on it.

use super::document::Table;
use vocab::said;

/// The file.
pub const FILE: &str = "observe.toml";

/// Seconds that the command of a site may take, where the settings do not say it.
const USUAL_SECONDS: u64 = 30;
/// The longest: a run that hangs on a message helps nobody.
const MOST_SECONDS: u64 = 600;

/// Where runs are told of. Paths are relative to the configuration folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observe {
    /// A file of metrics for Prometheus, as the textfile collector of node_exporter reads it.
    pub metrics: Option<String>,
    /// A file of OpenLineage events, one a line.
    pub lineage: Option<String>,
    /// The installation among others: the namespace of jobs in OpenLineage, the label `site` of metrics.
    pub namespace: String,
    /// The command of the site that gets the result.
    pub hook: Option<Hook>,
}

/// A command that is called at the end of every run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// How long it may take.
    pub seconds: u64,
}

/// Reads the file.
pub(super) fn resolve(table: &Table<'_, '_>) -> Observe {
    let metrics = table.opt_text("metrics");
    if metrics.as_ref().is_some_and(|path| !path.ends_with(".prom")) {
        let message = said!(
            "`metrics` 须以 .prom 结尾：node_exporter 不读取其他文件",
            "`metrics` must end in .prom: node_exporter reads no other files"
        );
        table.error("metrics", message);
    }
    Observe {
        metrics,
        lineage: table.opt_text("lineage"),
        namespace: table.opt_text("namespace").unwrap_or_else(|| "mujun".to_owned()),
        hook: table.table("hook", |hook| {
            let command = hook.texts("command");
            if command.first().is_none_or(String::is_empty) {
                let message = said!(
                    "`command` 为程序及其参数：[\"sh\", \"notify.sh\"]",
                    "`command` is a program and its arguments: [\"sh\", \"notify.sh\"]"
                );
                hook.error("command", message);
            }
            let seconds = super::limits::between(hook, "seconds", USUAL_SECONDS, 1, MOST_SECONDS);
            Hook { command, seconds }
        }),
    }
}
