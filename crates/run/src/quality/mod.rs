//! What is said of the quality of figures before they are published, and whether it is good enough to publish them.

mod revisions;

use std::collections::BTreeMap;

pub use revisions::Revised;
pub(super) use revisions::{MADE_FROM, name_inputs, revisions};

use super::failure::Failure;
use super::setup::Setup;
use model::indicators::Value;
use model::quality::{benchmarks, coverage, forms, outliers};
use protect::Profile;
use vocab::frame::Frame;
use vocab::level::Level;
use vocab::period::Span;
use vocab::{Problem, Said, said};

/// Tables of models that are looked at here.
pub(super) const LOOKED_AT: [&str; 2] = [forms::TALLY, forms::BROKEN];

/// Tables of quality, and what was found.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) tables: Vec<(&'static str, Frame)>,
    pub(super) problems: Vec<Problem>,
}

/// Looks at the figures that are about to be published; `made` are the tables of the models, `found` says what was found
/// in the exports.
pub(super) fn check(
    setup: &Setup,
    made: &BTreeMap<String, Frame>,
    values: &[Value],
    found: &dyn Fn() -> Said,
) -> Result<Checked, Failure> {
    let (quality, site) = (&setup.config.quality, &setup.config.site);
    let span = setup.options.span.unwrap_or_default();
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
    check_gates(&covered, &site.min_coverage, found)?;
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
    compared.retain(|one| !is_public || quality.benchmarks[one.benchmark].level == Level::Province);
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
    found: &dyn Fn() -> Said,
) -> Result<(), Failure> {
    let low = coverage::too_low(covered, gates);
    let Some((first, ..)) = low.first() else { return Ok(()) };
    let told = low.iter().map(|(one, share, least)| {
        let (item, quarter, share, least) = (&one.item, one.quarter, share * 100.0, least * 100.0);
        said!(
            "{item} {quarter}：{share:.1} %（最低要求 {least:.1} %）",
            "{item} {quarter}: {share:.1} % (the gate asks for {least:.1} %)"
        )
    });
    let told = Said::join(&told.collect::<Vec<_>>(), "，", ", ");
    let quarters = match low.len() {
        1 => said!("一个季度", "a quarter"),
        several => said!(" {several} 个季度", "{several} quarters"),
    };
    let (item, found) = (&first.item, found());
    Err(Failure::Gate(said!(
        "有{quarters}报送过少：{told}{found}；请催报缺少的部分（已报送的情况见上一批次的 quality/coverage 和 \
         `mujun plan`），或以 --to 只发布更早的季度，或在 site.toml 中调低 gates.min_coverage.{item}",
        "too little was reported of {quarters}: {told}{found}; have what is missing sent (quality/coverage of the last \
         release and `mujun plan` show what came), publish earlier quarters with --to, or lower gates.min_coverage.{item} \
         in site.toml";
        quarters, told, found
    )))
}
