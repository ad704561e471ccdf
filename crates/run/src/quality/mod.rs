//! What is said of the quality of figures before they are published, and whether it is good enough to publish them.

mod revisions;

use std::collections::BTreeMap;

pub use revisions::Revised;
pub(super) use revisions::{MADE_FROM, name_inputs, revisions};

use super::failure::Failure;
use super::setup::Setup;
use model::indicators::Value;
use model::quality::{Span, benchmarks, coverage, forms, outliers};
use protect::Profile;
use vocab::Problem;
use vocab::frame::Frame;

/// Tables of models that are looked at here.
pub(super) const LOOKED_AT: [&str; 2] = [forms::TALLY, forms::BROKEN];

/// Tables of quality, and what was found.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) tables: Vec<(&'static str, Frame)>,
    pub(super) problems: Vec<Problem>,
}

/// Looks at the figures that are about to be published; `made` are the tables of the models, `reasons` tells what was found in
/// the exports.
pub(super) fn check(
    setup: &Setup,
    made: &BTreeMap<String, Frame>,
    values: &[Value],
    reasons: &dyn Fn() -> String,
) -> Result<Checked, Failure> {
    let (quality, site) = (&setup.config.quality, &setup.config.site);
    let span = Span(setup.options.span.map(|span| (span.from, span.to)));
    let empty = Frame::new();
    let table = |name: &str| made.get(name).unwrap_or(&empty);
    let coverage = || {
        let mut filed = coverage::filed(&setup.config.sources, table("area_quarter"), span);
        let by_forms = forms::filed(quality, table(forms::TALLY), span);
        let is_counted =
            |dataset: &str| setup.config.sources.iter().any(|s| s.dataset == dataset && s.coverage.is_some());
        filed.extend(by_forms.into_iter().filter(|one| !is_counted(&one.dataset)));
        let short = coverage::problems(&filed);
        let covered = coverage::coverage(&filed, values, &setup.config.indicators);
        let table = coverage::table(&covered);
        (covered, table, short)
    };
    let ((covered, coverage, short), (forms, areas)) = rayon::join(coverage, || {
        rayon::join(
            || of_forms(setup, table(forms::TALLY), table(forms::BROKEN), span),
            || of_areas(setup, table("area_quarter"), span),
        )
    });
    check_gates(&covered, &site.min_coverage, reasons)?;
    let tables = [("coverage", coverage)].into_iter().chain(forms.tables).chain(areas.tables).collect();
    Ok(Checked { tables, problems: short.into_iter().chain(forms.problems).chain(areas.problems).collect() })
}

/// What enterprises report, form against form.
fn of_forms(setup: &Setup, tally: &Frame, broken: &Frame, span: Span) -> Checked {
    let quality = &setup.config.quality;
    let is_public = setup.options.profile == Profile::Public;
    let counts = forms::count(quality, tally, span);
    let least = if is_public { setup.config.site.minimum_units } else { 1 };
    let mut tables = vec![("form_rules", forms::table(quality, &counts, least))];
    if !is_public {
        tables.push(("form_failures", forms::failures(quality, broken, span)));
    }
    Checked { tables, problems: forms::problems(quality, &counts) }
}

/// Sums of areas, against what is published elsewhere and against one another.
fn of_areas(setup: &Setup, areas: &Frame, span: Span) -> Checked {
    let quality = &setup.config.quality;
    let is_public = setup.options.profile == Profile::Public;
    let mut compared = benchmarks::compare(&quality.benchmarks, areas, span);
    // Sums of smaller areas may rest on few enterprises.
    compared.retain(|one| !is_public || quality.benchmarks[one.benchmark].level == "province");
    let mut problems = benchmarks::problems(&quality.benchmarks, &compared);
    let mut tables = vec![("benchmarks", benchmarks::table(&quality.benchmarks, &compared))];
    if let Some(with) = quality.outliers.as_ref().filter(|_| !is_public) {
        let found = outliers::find(with, areas, span);
        problems.extend(outliers::problems(&found));
        tables.push(("outliers", outliers::table(with, &found)));
    }
    Checked { tables, problems }
}

/// With too little reported, the last release stands.
fn check_gates(
    covered: &[coverage::Covered],
    gates: &[(String, f64)],
    reasons: &dyn Fn() -> String,
) -> Result<(), Failure> {
    let low = coverage::too_low(covered, gates);
    let Some((first, ..)) = low.first() else { return Ok(()) };
    let told: Vec<String> = low
        .iter()
        .map(|(one, share, least)| {
            let quarter = publish::label(one.quarter);
            format!("{} {quarter}: {:.1} % (the gate asks for {:.1} %)", one.item, share * 100.0, least * 100.0)
        })
        .collect();
    let found = reasons();
    let found = if found.is_empty() { found } else { format!(" (found in the exports: {found})") };
    Err(Failure::Gate(format!(
        "too little was reported of {}: {}{found}; have what is missing sent (quality/coverage of the last release and `mujun plan` \
         show what came), publish earlier quarters with --to, or lower gates.min_coverage.{} in site.toml",
        if low.len() == 1 { "a quarter".to_owned() } else { format!("{} quarters", low.len()) },
        told.join(", "),
        first.item,
    )))
}
