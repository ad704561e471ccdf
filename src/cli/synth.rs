//! `synth`: sample exports into a folder.

use std::io;
use std::path::{Path, PathBuf};

use super::args::SynthArgs;
use super::exit::ExitStatus;
use super::show::Printer;
use run::Failure;
use store::SampleFile;
use synth::{DoubtKind, Options, Output, Quarter, Truth};
use vocab::{Said, period, said};

struct Folder(PathBuf);

impl Output for Folder {
    fn create(&mut self, name: &str) -> io::Result<Box<dyn io::Write + '_>> {
        let file: SampleFile = store::create_sample(&self.0.join(Path::new(name))).map_err(io::Error::other)?;
        Ok(Box::new(file))
    }
}

/// Writes sample exports.
pub fn synth(wanted: &SynthArgs, printer: &Printer, quiet: bool) -> Result<ExitStatus, Failure> {
    let typed = &wanted.from;
    let from = period::Quarter::parse(typed).ok_or_else(|| {
        Failure::Usage(said!(
            "--from {typed}：不是季度，应写成 2017Q1",
            "--from {typed}: not a quarter; write it like 2017Q1"
        ))
    })?;
    let options = Options {
        seed: wanted.seed,
        enterprises: wanted.enterprises,
        parks: wanted.parks,
        from: Quarter::new(i32::from(from.year()), from.number())
            .ok_or_else(|| Failure::Usage(said!("--from {typed}：没有这个季度", "--from {typed}: no such quarter")))?,
        quarters: wanted.quarters,
        anchors: wanted.anchors,
        doubt: doubt(&wanted.doubt)?,
        truth: if wanted.no_discrete { Truth::Indicators } else { Truth::Full },
    };
    let mut told = |name: &str, rows: u64| {
        if !quiet {
            printer.sample_file(name, rows);
        }
    };
    let made = synth::write(&options, &mut Folder(wanted.out.clone()), &mut told);
    let summary = made.map_err(|error| Failure::Usage(unmade(&error)))?;
    printer.sample(&wanted.out, &summary);
    Ok(ExitStatus::Success)
}

/// The kinds of doubt that were named; `all` is all that let a run go on.
fn doubt(names: &[String]) -> Result<Vec<DoubtKind>, Failure> {
    if names.iter().any(|name| name == "all") {
        return Ok(DoubtKind::ALL.into_iter().filter(|kind| kind.lets_run()).collect());
    }
    let kind = |name: &String| {
        DoubtKind::named(name).ok_or_else(|| {
            let known: Vec<&str> = DoubtKind::ALL.into_iter().map(DoubtKind::name).collect();
            let known = known.join(", ");
            Failure::Usage(said!(
                "--doubt {name}：没有这一类；可用的有 all, {known}",
                "--doubt {name}: no such kind; there are all, {known}"
            ))
        })
    };
    names.iter().map(kind).collect()
}

/// Why a sample could not be made, in both languages. The maker of samples shares no words with the pipeline that it tests.
pub(super) fn unmade(error: &synth::Error) -> Said {
    match error {
        synth::Error::Parks { given, min, max } => {
            said!("parks：{given} 不在 {min} 至 {max} 之间（有名称的集聚区数）", "{error}")
        }
        synth::Error::Enterprises { given, min, max } => {
            said!("enterprises：{given} 不在 {min} 至 {max} 之间（每个集聚区至少一家）", "{error}")
        }
        synth::Error::Quarters { given, min, max } => said!("quarters：{given} 不在 {min} 至 {max} 之间", "{error}"),
        synth::Error::From { given, min, max } => said!("from：{given} 不在 {min}Q1 至 {max}Q4 之间", "{error}"),
        synth::Error::Anchors { given, known } => {
            said!("anchors：{given} 不可用：只有 {known} 年有公布数，且所选季度须含 {known}Q4", "{error}")
        }
        synth::Error::Doubt { kind } => {
            said!("doubt：样本太小，放不下 {kind}；请增加集聚区、企业或季度，或去掉这一类", "{error}")
        }
        synth::Error::Write { file, source } => said!("无法写入 {file}（{source}）", "{error}"),
        synth::Error::Workbook(source) => said!("无法生成工作簿（{source}）", "{error}"),
    }
}
