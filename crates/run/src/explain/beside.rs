//! What is missing from a sum because its rows are set aside, and published series beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::explained::{Area, Beside, SetAside};
use super::inputs::Exports;
use super::places::Places;
use super::release::Release;
use crate::failure::Failure;
use crate::load;
use crate::mended::organisation;
use crate::setup::Setup;
use clean::RawCells;
use config::indicator::Indicator;
use store::{Shelf, Store};
use vocab::period::{Quarter, Span};
use vocab::rules;

/// Rows of the quarter that are set aside in the exports of these datasets: those of enterprises and parks of the
/// area, and those of which nobody can say whose they are.
pub(super) fn set_aside(
    setup: &Setup,
    store: &Store,
    places: &Places,
    exports: &Exports,
    datasets: &[String],
    area: &Area,
    quarter: Quarter,
) -> Result<Vec<SetAside>, Failure> {
    let (inside, known) = codes(setup, places, area, quarter)?;
    let label = quarter.to_string();
    let mut found: BTreeMap<(String, String, String), (usize, usize)> = BTreeMap::new();
    for one in exports.all.iter().filter(|one| datasets.contains(&one.ingest.dataset)) {
        let (from, to) = (&one.ingest.period_from, &one.ingest.period_to);
        // Of an export of which nothing could be used, the name says the quarter if anything does.
        let named = clean::claimed_by_name(&one.export.name).map(|named| named.to_string());
        let is_of_quarter = match (from, to) {
            (Some(from), Some(to)) => *from <= label && label <= *to,
            _ => named.is_none_or(|named| named == label),
        };
        if one.ingest.quarantine.is_none() || !is_of_quarter {
            continue;
        }
        let rows =
            load::read_table(store, &one.ingest, Shelf::Quarantine, |name| ["cells", "problem_codes"].contains(&name))?;
        let (Some(cells), Some(codes)) = (rows.texts("cells"), rows.texts("problem_codes")) else { continue };
        for (cells, codes) in cells.iter().zip(codes.iter()) {
            let whose = whose(cells.unwrap_or("[]"), &inside, &known);
            for code in codes.unwrap_or_default().split_whitespace().filter(|_| whose != Whose::Others) {
                let key = (one.export.name.clone(), one.ingest.dataset.clone(), code.to_owned());
                let count = found.entry(key).or_default();
                match whose {
                    Whose::Nobody => count.1 += 1,
                    _ => count.0 += 1,
                }
            }
        }
    }
    let told = found.into_iter().map(|((file, dataset, code), (rows, of_nobody_known))| {
        let rule = rules::by_code(&code);
        let (zh, en) = rule.map_or(("", ""), |rule| (rule.zh, rule.en));
        SetAside { file, dataset, code, zh, en, rows, of_nobody_known }
    });
    Ok(told.collect())
}

/// Whose a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Somebody's in the area.
    Area,
    /// Somebody else's.
    Others,
    /// Nobody can say.
    Nobody,
}

fn whose(cells: &str, inside: &BTreeSet<String>, known: &BTreeSet<String>) -> Whose {
    let mut whose = Whose::Nobody;
    for (_, cell) in RawCells::parse(cells).filled {
        let code = organisation(&cell).unwrap_or_else(|| cell.trim().to_owned());
        if inside.contains(&code) {
            return Whose::Area;
        }
        if known.contains(&code) {
            whose = Whose::Others;
        }
    }
    whose
}

/// The codes of the enterprises and parks of an area in a quarter, and of all that are known.
fn codes(
    setup: &Setup,
    places: &Places,
    area: &Area,
    quarter: Quarter,
) -> Result<(BTreeSet<String>, BTreeSet<String>), Failure> {
    let members = places.territory.members.iter();
    let parks: BTreeSet<&str> = members
        .filter(|member| member.area() == area.key() && member.quarters.holds(quarter))
        .map(|member| member.park.as_str())
        .collect();
    let mut inside: BTreeSet<String> = parks.iter().map(|park| (*park).to_owned()).collect();
    let mut known: BTreeSet<String> = places.territory.members.iter().map(|member| member.park.clone()).collect();
    if let Some(stays) = setup.registers()?.tables().get("stay") {
        for row in 0..stays.rows() {
            let text = |column: &str| stays.texts(column).and_then(|texts| texts.get(row));
            let int = |column: &str| stays.ints(column).and_then(|numbers| numbers.get(row));
            let (Some(unit), Some(park)) = (text("unit_code"), text("park_code")) else { continue };
            let span = int("from_quarter").zip(int("to_quarter"));
            if parks.contains(park) && span.is_some_and(|(from, to)| Span::of_columns(from, to).holds(quarter)) {
                inside.insert(unit.to_owned());
            }
            known.insert(unit.to_owned());
        }
    }
    Ok((inside, known))
}

/// Published series beside the sides of the indicator.
pub(super) fn benchmarks(
    setup: &Setup,
    release: &Release<'_>,
    indicator: &Indicator,
    area: &Area,
    quarter: Quarter,
) -> Result<Vec<Beside>, Failure> {
    let sides = [indicator.numerator.as_deref(), indicator.denominator.as_deref()];
    let is_side = |measure: &String| sides.contains(&Some(measure.as_str()));
    let of_sides =
        setup.config.quality.benchmarks.iter().filter(|one| is_side(&one.measure) || is_side(&one.published));
    let ids: BTreeMap<&str, &str> = of_sides.map(|one| (one.id.as_str(), one.measure.as_str())).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let table = release.quality("benchmarks")?;
    let text = |column: &str, row: usize| table.column(column).and_then(|values| values.text(row)).unwrap_or_default();
    let int = |column: &str, row: usize| table.ints(column).and_then(|values| values.get(row));
    let period = quarter.sdmx();
    let is_asked = |row: &usize| {
        text("level", *row) == area.level.as_str()
            && text("ref_area", *row) == area.ref_area
            && text("time_period", *row) == period
    };
    let beside = (0..table.rows()).filter(is_asked).filter_map(|row| {
        let id = text("benchmark", row);
        let measure = (*ids.get(id.as_str())?).to_owned();
        Some(Beside {
            id,
            measure,
            sum: int("sum_ytd", row),
            published: int("published_ytd", row),
            difference: int("difference", row),
            holds: match text("holds", row).as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
        })
    });
    Ok(beside.collect())
}
