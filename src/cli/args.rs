//! What can be typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::clock;
use protect::Profile;
use run::diff;
use run::explain::Asked;
use run::{Failure, Filter, Scheduler};
use store::Pointer;
use synth::Options;
use vocab::period::{self, Date, Period, Quarter, Span};
use vocab::{Said, said};

/// Turns the exports of statistics bureaus into trustworthy quarterly indicator tables for industrial parks.
#[derive(Debug, Parser)]
#[command(name = "mujun", version, propagate_version = true, arg_required_else_help = true)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// What was typed before the command: a whole release for internal readers is meant where nothing else is said.
    pub fn options(&self) -> run::Options {
        run::Options {
            config: self.global.config.clone(),
            store: self.global.store.clone(),
            inbox: self.global.inbox.clone(),
            registers: self.global.registers.clone(),
            span: None,
            as_of: None,
            profile: Profile::Internal,
            make_current: false,
            now: clock::now().as_second(),
        }
    }
}

#[derive(Debug, ClapArgs)]
pub struct Global {
    /// Configuration folder.
    #[arg(long, global = true, value_name = "DIR", default_value = "config")]
    pub config: PathBuf,
    /// Store, instead of the configured one.
    #[arg(long, global = true, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// Folder of exports, instead of the configured one.
    #[arg(long, global = true, value_name = "DIR")]
    pub inbox: Option<PathBuf>,
    /// Folder of registers, over the configured one.
    #[arg(long, global = true, value_name = "DIR")]
    pub registers: Option<PathBuf>,
    /// How results are printed.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Language of results and problems: that of the locale, and Chinese where it names neither.
    #[arg(long, global = true, value_enum, default_value_t = Lang::of_locale())]
    pub lang: Lang,
    /// No progress.
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON document for results, JSON lines for progress.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
/// The language of messages.
pub enum Lang {
    /// 中文.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// What is said, in this language.
    pub fn of(self, said: &Said) -> &str {
        match self {
            Lang::Zh => said.zh(),
            Lang::En => said.en(),
        }
    }

    /// English where the locale of messages says so; the users' language in any other, as under a scheduler that sets none.
    fn of_locale() -> Lang {
        let said =
            ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(std::env::var_os).find(|said| !said.is_empty());
        match said {
            Some(locale) if locale.to_string_lossy().starts_with("en") => Lang::En,
            _ => Lang::Zh,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProfileArg {
    /// Everything; what is confidential is marked.
    Internal,
    /// What is confidential is absent.
    Public,
}

const EXIT_CODES: &str = "\
Exit codes:
    0  published, or nothing to do
    1  an error of the machine or of this program
    2  usage or configuration
    3  published with warnings, with --strict
    4  a gate refused to publish; the last release stands
   75  try again later
  130  stopped by INT, and 143 by TERM: within two seconds at any stage, and the store is clean";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Fetch, ingest and publish what is new; says so when there is nothing to do.
    #[command(after_help = EXIT_CODES)]
    Run(RunArgs),
    /// Say what `run` would do, and why; change nothing.
    Plan(RunArgs),
    /// Say how things stand: what ran last, what is late and who owes it, what is set aside, what comes next, and what the store takes.
    Status,
    /// Check configuration, registers and models, and run the tests written in them.
    Check,
    /// Show format, encoding, layout, periods and units of a file.
    Inspect {
        /// The file.
        file: PathBuf,
        /// Write a source definition to begin with.
        #[arg(long, conflicts_with = "cells")]
        draft: bool,
        /// Print one JSON object for each data cell.
        #[arg(long)]
        cells: bool,
        /// Say why each table is read as it is: every decision with its reason and the cells that speak for it.
        #[arg(long, conflicts_with_all = ["cells", "draft"])]
        why: bool,
    },
    /// List releases; pin one, or go back to one and stay there.
    Releases {
        #[command(subcommand)]
        action: Option<ReleaseAction>,
    },
    /// Print the folder of the release that readers see, for programs that read several of its files.
    Current {
        /// For whom the release is made.
        #[arg(long, value_enum, default_value_t = ProfileArg::Internal)]
        profile: ProfileArg,
    },
    /// Remove what no kept release needs, as `[retention]` in site.toml says; every run that publishes does it too.
    Gc {
        /// Only say what would be removed, with bytes and files.
        #[arg(long)]
        dry_run: bool,
    },
    /// Hold everything in the store, or one release, against what was written; exit with 1 where it differs.
    Verify {
        /// The release; the whole store if not given.
        #[arg(conflicts_with = "repair")]
        release: Option<String>,
        /// Mend what can be mended: from the inbox, from kept exports, from other releases.
        #[arg(long)]
        repair: bool,
    },
    /// List the rows that are set aside, and why; write them as CSV to send back.
    Quarantine {
        #[command(flatten)]
        which: Which,
        /// Write the rows with their raw cells to this file, in Chinese, for whoever sent the exports.
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
        /// List the rows too that a later export has mended.
        #[arg(long, conflicts_with = "csv")]
        mended: bool,
    },
    /// Say where a published value comes from: its definition, what it is the sum of, and the cells of the exports beneath.
    Explain(ExplainArgs),
    /// Say which published values differ between two releases, by how much, and what stands behind it.
    Diff(DiffArgs),
    /// Say what changed definitions, aliases and registers do to the rows that were set aside; change nothing.
    Replay(Which),
    /// Write the files with which a scheduler runs the pipelines, to be used as they are.
    Schedule(ScheduleArgs),
    /// Write a new installation into a folder: settings, definitions, registers to fill, pipelines and an inbox.
    Init(InitArgs),
    /// Write sample exports of any size, with the true answers beside them.
    Synth(SynthArgs),
    /// Print what a shell needs to complete commands and options.
    Completions {
        /// The shell.
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Write a manual page for the program and for each command.
    Man {
        /// The folder they are written to, for example /usr/local/share/man/man1.
        dir: PathBuf,
    },
}

#[derive(Debug, ClapArgs)]
pub struct ExplainArgs {
    /// The indicator, by its identifier (docs/indicators.md) or its name.
    indicator: String,
    /// The area, by its code or its name.
    #[arg(long, value_name = "CODE|NAME")]
    area: String,
    /// Level of the area, where one code is that of several: park, county, city_net, city or province.
    #[arg(long, value_name = "LEVEL")]
    level: Option<String>,
    /// The quarter, for example 2018Q4 or 2018-Q4.
    #[arg(long, value_name = "QUARTER")]
    quarter: String,
    /// The release; that which readers see if not given.
    #[arg(long, value_name = "ID")]
    release: Option<String>,
    /// Whose release, where none is given.
    #[arg(long, value_enum, default_value_t = ProfileArg::Internal, conflicts_with = "release")]
    profile: ProfileArg,
    /// How many sums are followed down: 0 for the value alone; a province is cities, parks, enterprises and cells.
    #[arg(long, value_name = "N", default_value_t = 2)]
    depth: usize,
    /// How many parts of each sum are told one by one, the largest first; 0 for all.
    #[arg(long, value_name = "N", default_value_t = 8)]
    most: usize,
}

impl ExplainArgs {
    pub fn asked(&self) -> Asked {
        Asked {
            indicator: self.indicator.clone(),
            area: self.area.clone(),
            level: self.level.clone(),
            quarter: self.quarter.clone(),
            release: self.release.clone(),
            depth: self.depth,
            most: self.most,
        }
    }

    pub fn profile(&self) -> Profile {
        self.profile.profile()
    }
}

#[derive(Debug, ClapArgs)]
pub struct DiffArgs {
    /// The earlier release: its id or how that begins, `current~1` for the one published before the current, or a day
    /// (2019-01-31) for the one that stood then.
    #[arg(default_value = "current~1")]
    before: String,
    /// The later release.
    #[arg(default_value = "current")]
    after: String,
    /// Changes of this indicator only, by its identifier (docs/indicators.md) or its name.
    #[arg(long, value_name = "NAME")]
    indicator: Option<String>,
    /// Changes of this area only, by its code or its name.
    #[arg(long, value_name = "CODE|NAME")]
    area: Option<String>,
    /// Changes in this quarter only, for example 2018Q4 or 2018-Q4.
    #[arg(long, value_name = "QUARTER")]
    quarter: Option<String>,
    /// Whose releases `current` and days are of.
    #[arg(long, value_enum, default_value_t = ProfileArg::Internal)]
    profile: ProfileArg,
    /// How many changes are told one by one, the largest first; 0 for all.
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: usize,
}

impl DiffArgs {
    pub fn asked(&self) -> diff::Asked {
        diff::Asked {
            before: self.before.clone(),
            after: self.after.clone(),
            indicator: self.indicator.clone(),
            area: self.area.clone(),
            quarter: self.quarter.clone(),
            most: self.most,
        }
    }

    pub fn profile(&self) -> Profile {
        self.profile.profile()
    }
}

/// Which exports are looked at.
#[derive(Debug, ClapArgs)]
pub struct Which {
    /// Exports of this source only.
    #[arg(long, value_name = "ID")]
    source: Option<String>,
    /// Exports of this dataset only.
    #[arg(long, value_name = "NAME")]
    dataset: Option<String>,
}

impl Which {
    pub fn filter(&self) -> Filter {
        Filter { source: self.source.clone(), dataset: self.dataset.clone() }
    }
}

#[derive(Debug, Subcommand)]
pub enum ReleaseAction {
    /// List all releases.
    List,
    /// Show readers this release, older or newer, until it is unpinned, whatever is published.
    #[command(visible_alias = "rollback")]
    Pin {
        /// The release.
        release: String,
        /// Why; `releases` and `run` show it.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Let the next run move on again.
    Unpin {
        /// Of whose pointer.
        #[arg(long, value_enum, default_value_t = ProfileArg::Internal)]
        profile: ProfileArg,
    },
}

#[derive(Debug, ClapArgs)]
pub struct RunArgs {
    /// Publish this quarter only, for example 2018Q4.
    #[arg(long, value_name = "QUARTER", conflicts_with_all = ["from", "to"])]
    quarter: Option<String>,
    /// First quarter to publish.
    #[arg(long, value_name = "QUARTER")]
    from: Option<String>,
    /// Last quarter to publish.
    #[arg(long, value_name = "QUARTER")]
    to: Option<String>,
    /// Leave out what was sent after this day, for example 2019-04-30.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// For whom the release is made.
    #[arg(long, value_enum, default_value_t = ProfileArg::Internal)]
    profile: ProfileArg,
    /// Show readers the release even if only a part was asked for, by quarter or day.
    #[arg(long)]
    pub make_current: bool,
    /// Exit with 3 as long as anything is set aside, in doubt or late.
    #[arg(long)]
    pub strict: bool,
    /// Do what this pipeline says: its stages, its readers, and what it waits for.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["quarter", "from", "to", "as_of", "profile", "make_current"])]
    pub pipeline: Option<String>,
    /// Only what is due: pipelines whose time has come since they were run, all of them or the one that is named.
    #[arg(long, conflicts_with_all = ["quarter", "from", "to", "as_of", "profile", "make_current"])]
    pub due: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchedulerArg {
    /// A crontab and its script, for Debian's cron.
    Cron,
    /// Services and timers.
    Systemd,
    /// CronJobs.
    Kubernetes,
    /// DAGs of Airflow 3.
    Airflow,
    /// Assets of Dagster, with their schedules.
    Dagster,
    /// Workflows of DolphinScheduler, to be imported.
    Dolphinscheduler,
}

impl SchedulerArg {
    pub fn scheduler(self) -> Scheduler {
        match self {
            SchedulerArg::Cron => Scheduler::Cron,
            SchedulerArg::Systemd => Scheduler::Systemd,
            SchedulerArg::Kubernetes => Scheduler::Kubernetes,
            SchedulerArg::Airflow => Scheduler::Airflow,
            SchedulerArg::Dagster => Scheduler::Dagster,
            SchedulerArg::Dolphinscheduler => Scheduler::Dolphin,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub struct ScheduleArgs {
    /// The scheduler.
    #[arg(long = "for", value_enum, value_name = "SCHEDULER")]
    pub scheduler: SchedulerArg,
    /// Folder to write to.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The program on the machine that runs it; this one if not given.
    #[arg(long, value_name = "FILE")]
    pub program: Option<String>,
    /// The configuration folder there; that of --config if not given.
    #[arg(long, value_name = "DIR")]
    pub site: Option<String>,
    /// Where the written files lie there; --out if not given.
    #[arg(long, value_name = "DIR")]
    pub scripts: Option<String>,
    /// Folder of logs there; it belongs to the user.
    #[arg(long, value_name = "DIR", default_value = "/var/log/mujun")]
    pub logs: String,
    /// The user that runs it.
    #[arg(long, value_name = "NAME", default_value = "mujun")]
    pub user: String,
    /// The image of the container.
    #[arg(long, value_name = "IMAGE", default_value = concat!("mujun:", env!("CARGO_PKG_VERSION")))]
    pub image: String,
}

impl ProfileArg {
    pub fn profile(self) -> Profile {
        match self {
            ProfileArg::Internal => Profile::Internal,
            ProfileArg::Public => Profile::Public,
        }
    }

    pub fn pointer(self) -> Pointer {
        match self {
            ProfileArg::Internal => Pointer::Internal,
            ProfileArg::Public => Pointer::Public,
        }
    }
}

impl RunArgs {
    pub fn span(&self) -> Result<Option<Span>, Failure> {
        let quarter = |name: &str, text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => match Quarter::parse(text) {
                Some(quarter) => Ok(Some(quarter)),
                None => Err(Failure::Usage(said!(
                    "--{name} {text}：不是季度，应写成 2018Q4",
                    "--{name} {text}: not a quarter; write it like 2018Q4"
                ))),
            },
        };
        let one = quarter("quarter", &self.quarter)?;
        let from = one.or(quarter("from", &self.from)?);
        let to = one.or(quarter("to", &self.to)?);
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            return Err(Failure::Usage(said!("--from 晚于 --to", "--from is later than --to")));
        }
        Ok((from.is_some() || to.is_some()).then_some(Span { from, to }))
    }

    pub fn as_of(&self) -> Result<Option<Date>, Failure> {
        let Some(text) = &self.as_of else { return Ok(None) };
        match period::parse(text) {
            Ok(Period::Day(day)) => Ok(Some(day)),
            _ => Err(Failure::Usage(said!(
                "--as-of {text}：不是日期，应写成 2019-04-30",
                "--as-of {text}: not a day; write it like 2019-04-30"
            ))),
        }
    }

    pub fn profile(&self) -> Profile {
        self.profile.profile()
    }
}

#[derive(Debug, ClapArgs)]
pub struct InitArgs {
    /// The folder: a new one, or an empty one.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// With the sample's parks, enterprises and exports, so that it can be run at once.
    #[arg(long)]
    pub example: bool,
}

#[derive(Debug, ClapArgs)]
pub struct SynthArgs {
    /// Folder to write to: exports/, config/registers/ and truth/.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Decides every value; the same seed gives the same files.
    #[arg(long, default_value_t = Options::default().seed)]
    pub seed: u64,
    /// Above-scale enterprises.
    #[arg(long, default_value_t = Options::default().enterprises)]
    pub enterprises: usize,
    /// Parks.
    #[arg(long, default_value_t = Options::default().parks)]
    pub parks: usize,
    /// Quarters.
    #[arg(long, default_value_t = Options::default().quarters)]
    pub quarters: usize,
    /// First quarter.
    #[arg(long, default_value = "2017Q1")]
    pub from: String,
    /// Calibrate the sample to the totals that are published of the parks for the end of this year (2018): 180 parks, 7 890
    /// enterprises in them, areas, employees, share and contribution within 0.5 %. The sample stays synthetic.
    #[arg(long, value_name = "YEAR", conflicts_with_all = ["enterprises", "parks"])]
    pub anchors: Option<i32>,
    /// Plant kinds of doubt: `all`, or names from truth/planted.csv separated by commas. What was planted stands in truth/planted.csv;
    /// the truth stays what the figures would be if all had been sent rightly.
    #[arg(long, value_name = "all|KIND,…", value_delimiter = ',')]
    pub doubt: Vec<String>,
    /// Leave out the single-quarter values of every enterprise (truth/discrete.csv).
    #[arg(long)]
    pub no_discrete: bool,
}
