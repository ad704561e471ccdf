//! Pipelines as files for schedulers, to be used as they are. What each makes of an exit code stands in the templates beside this.

mod notations;

use std::path::Path;

use serde_json::json;

use super::failure::Failure;
use super::setup::Setup;
use config::pipeline::Pipeline;
use notations::{on_calendar, quartz};
use vocab::said;

/// The longest that a run may take in DolphinScheduler, in minutes: what the others allow too.
const LONGEST_MINUTES: u32 = 360;

/// A scheduler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduler {
    /// Debian's cron.
    Cron,
    /// Timers of systemd.
    Systemd,
    /// A CronJob.
    Kubernetes,
    /// Airflow 3.
    Airflow,
    /// Dagster.
    Dagster,
    /// DolphinScheduler.
    Dolphin,
}

/// Where things lie on the machine that runs the schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The program.
    pub program: String,
    /// The configuration folder.
    pub config: String,
    /// The files that are written.
    pub scripts: String,
    /// Logs.
    pub logs: String,
    /// The user that runs it.
    pub user: String,
    /// The image of a container.
    pub image: String,
}

/// A file: its name and its text.
pub type File = (String, String);

/// The files for a scheduler.
///
/// # Errors
/// When there is no pipeline, or a path has characters that some scheduler would take for its own.
pub fn schedule(setup: &Setup, scheduler: Scheduler, installed: &Installed) -> Result<Vec<File>, Failure> {
    installed.check()?;
    let pipelines = &setup.config.pipelines;
    if pipelines.is_empty() {
        return Err(Failure::Usage(said!("没有可供调度的流水线", "there are no pipelines to be scheduled")));
    }
    if scheduler == Scheduler::Cron {
        return Ok(crontab(pipelines, installed));
    }
    let mut files: Vec<File> = pipelines.iter().flat_map(|pipeline| files_of(pipeline, scheduler, installed)).collect();
    if scheduler == Scheduler::Systemd {
        files.push(("mujun-alarm@.service".to_owned(), installed.fill(include_str!("alarm.in"), &[])));
    }
    Ok(files)
}

impl Installed {
    /// What is a path or a name to everyone: in a shell, in a unit, in YAML and in Python.
    fn check(&self) -> Result<(), Failure> {
        let is_plain = |text: &str| {
            !text.is_empty()
                && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+' | ':' | '@'))
        };
        let all = [&self.program, &self.config, &self.scripts, &self.logs, &self.user, &self.image];
        match all.into_iter().find(|text| !is_plain(text)) {
            None => Ok(()),
            Some(text) => Err(Failure::Usage(said!(
                "`{text}` 不能写入调度器的文件：路径和名称只能含字母、数字和 / . _ - + : @",
                "`{text}` cannot stand in the files of schedulers: paths and names of letters, digits and / . _ - + : @ can"
            ))),
        }
    }

    fn fill(&self, template: &str, more: &[(&str, String)]) -> String {
        let site = Path::new(&self.config).parent().unwrap_or(Path::new("/")).to_string_lossy().into_owned();
        let own = [
            ("PROGRAM", &self.program),
            ("CONFIG", &self.config),
            ("SCRIPTS", &self.scripts),
            ("LOGS", &self.logs),
            ("USER", &self.user),
            ("IMAGE", &self.image),
            ("SITE", &site),
        ];
        let own = own.into_iter().map(|(name, value)| (name, value.clone()));
        let mut text = template.to_owned();
        for (name, value) in own.chain(more.iter().map(|(name, value)| (*name, value.clone()))) {
            text = text.replace(&format!("@{name}@"), &value);
        }
        text
    }
}

fn crontab(pipelines: &[Pipeline], installed: &Installed) -> Vec<File> {
    let time = |pipeline: &Pipeline| {
        format!("# {} {}: {} ({})", pipeline.id, on_one_line(&pipeline.title), pipeline.schedule, pipeline.zone_name)
    };
    let times: Vec<String> = pipelines.iter().map(time).collect();
    vec![
        ("mujun.crontab".to_owned(), installed.fill(include_str!("crontab.in"), &[("TIMES", times.join("\n"))])),
        ("mujun-due".to_owned(), installed.fill(include_str!("mujun-due.in"), &[])),
    ]
}

fn files_of(pipeline: &Pipeline, scheduler: Scheduler, installed: &Installed) -> Vec<File> {
    let id = &pipeline.id;
    // What is a JSON text is one in YAML and in Python, too.
    let title = on_one_line(&pipeline.title);
    let more = [
        ("PIPELINE", id.clone()),
        ("NAME", id.replace('-', "_")),
        ("CRON", pipeline.schedule.to_string()),
        ("ZONE_JSON", json!(pipeline.zone_name).to_string()),
        ("ONCALENDAR", on_calendar(pipeline)),
        ("TITLE_JSON", json!(title).to_string()),
        // Units take % for their own.
        ("TITLE", title.replace('%', "%%")),
    ];
    let fill = |template: &str| installed.fill(template, &more);
    match scheduler {
        Scheduler::Cron => Vec::new(),
        Scheduler::Systemd => vec![
            (format!("mujun-{id}.service"), fill(include_str!("service.in"))),
            (format!("mujun-{id}.timer"), fill(include_str!("timer.in"))),
        ],
        Scheduler::Kubernetes => vec![(format!("mujun-{id}.yaml"), fill(include_str!("kubernetes.in")))],
        Scheduler::Airflow => vec![(format!("mujun_{}.py", id.replace('-', "_")), fill(include_str!("airflow.py.in")))],
        Scheduler::Dagster => vec![(format!("mujun_{}.py", id.replace('-', "_")), fill(include_str!("dagster.py.in")))],
        Scheduler::Dolphin => {
            vec![(format!("mujun-{id}.json"), dolphin(pipeline, &fill(include_str!("dolphin.sh.in"))))]
        }
    }
}

/// A title in a comment stays in it.
fn on_one_line(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ").replace('@', "＠")
}

/// What DolphinScheduler exports and imports: one workflow of one task, and its schedule. Codes are given anew on import.
fn dolphin(pipeline: &Pipeline, script: &str) -> String {
    const WORKFLOW: u32 = 1;
    const TASK: u32 = 2;
    let (name, title) = (format!("mujun-{}", pipeline.id), on_one_line(&pipeline.title));
    let task = json!({
        "code": TASK, "name": "run", "version": 1, "description": title, "delayTime": 0, "taskType": "SHELL",
        "taskParams": {
            "resourceList": [], "localParams": [], "rawScript": script, "dependence": {},
            "conditionResult": { "successNode": [""], "failedNode": [""] }, "waitStartTimeout": {},
        },
        "flag": "YES", "taskPriority": "MEDIUM", "workerGroup": "default", "environmentCode": -1,
        "taskGroupId": 0, "taskGroupPriority": 0, "taskExecuteType": "BATCH", "isCache": "NO", "cpuQuota": -1, "memoryMax": -1,
        // All that fails would be tried again: the script does it for what ends with 75 alone.
        "failRetryTimes": 0, "failRetryInterval": 1,
        "timeoutFlag": "OPEN", "timeoutNotifyStrategy": "WARNFAILED", "timeout": LONGEST_MINUTES,
    });
    let relation = json!({
        "name": "", "preTaskCode": 0, "preTaskVersion": 1, "postTaskCode": TASK, "postTaskVersion": 1,
        "workflowDefinitionCode": WORKFLOW, "workflowDefinitionVersion": 1, "conditionType": 0, "conditionParams": {},
    });
    let all = json!([{
        "workflowDefinition": {
            "code": WORKFLOW, "name": name, "version": 1, "description": title, "releaseState": "OFFLINE",
            "globalParams": "[]", "globalParamList": [], "flag": "YES", "timeout": 0,
            "locations": json!([{ "taskCode": TASK, "x": 200, "y": 200 }]).to_string(),
            // The store has one writer.
            "executionType": "SERIAL_WAIT",
        },
        "workflowTaskRelationList": [relation],
        "taskDefinitionList": [task],
        "schedule": {
            "workflowDefinitionCode": WORKFLOW, "crontab": quartz(&pipeline.schedule), "timezoneId": pipeline.zone_name,
            "startTime": "2020-01-01 00:00:00", "endTime": "2099-12-31 00:00:00", "failureStrategy": "END",
            "warningType": "FAILURE", "workflowInstancePriority": "MEDIUM", "workerGroup": "default",
            "tenantCode": "default", "environmentCode": -1, "releaseState": "OFFLINE",
        },
    }]);
    format!("{all:#}\n")
}
