//! Faults of the exports of enterprises and of lists, one function for each.

use super::places::{Export, Place};
use super::planted::{Planted, told};
use super::text::Text;
use crate::dice::Dice;
use crate::land::LandUnit;
use crate::quarter::Quarter;
use crate::register::World;
use crate::spoil::NOT_A_NUMBER;
use crate::write::File;

/// What goes out instead of the file, and what is told of it.
pub(super) type Passed = (Vec<File>, Planted);

/// Ratios of units of money. Those of areas are planted into ledgers.
const FACTORS: [i64; 4] = [10, 100, 1_000, 10_000];
/// A part of the rows that is off.
const PARTS: [f64; 4] = [0.1, 0.34, 0.5, 0.67];

/// It is never sent.
pub(super) fn missing(_: File) -> Passed {
    (Vec::new(), told("not sent"))
}

/// It was sent once, and is not there any more.
pub(super) fn gone(file: File) -> Passed {
    let name = file.name.replacen("exports/", "gone/", 1);
    (vec![File { name, ..file }], told("taken away after the first run"))
}

/// The largest payer of a park has text in its amount.
pub(super) fn bad_cell(world: &World, place: &Place, file: File, dice: &mut Dice) -> Passed {
    let mut text = Text::of(file, place.delimiter);
    let Some(quarter) = place.target.quarter else { return (vec![text.file()], Planted::default()) };
    let largest = largest(world, quarter, dice.below(world.parks.len()), 1);
    let line = text.rows().into_iter().find(|line| largest.contains(&text.unit(*line)));
    if let Some(line) = line {
        let amount = text.cells(line)[place.amount].clone();
        text.set(line, place.amount, &format!("约{amount}"));
        text.spoil(line, NOT_A_NUMBER);
    }
    (vec![text.file()], Planted { unit: largest.concat(), ..told("text in the amount") })
}

/// The largest enterprises of a park have no row, or one in so many of all.
pub(super) fn missing_row(world: &World, place: &Place, file: File, dice: &mut Dice) -> Passed {
    let mut text = Text::of(file, place.delimiter);
    let Some(quarter) = place.target.quarter else { return (vec![text.file()], Planted::default()) };
    let largest = largest(world, quarter, dice.below(world.parks.len()), 1 + dice.below(3));
    let one_in = 2 + dice.below(11);
    let is_part = dice.chance(0.5);
    let is_missing = |(row, line): &(usize, usize)| match is_part {
        true => row % one_in == 0,
        false => largest.contains(&text.unit(*line)),
    };
    let lines: Vec<usize> = text.rows().into_iter().enumerate().filter(is_missing).map(|(_, line)| line).collect();
    text.remove(&lines);
    let planted = match is_part {
        true => told(&format!("one row in {one_in} is missing")),
        false => Planted { unit: largest.join(" "), ..told("no row") },
    };
    (vec![text.file()], planted)
}

/// The largest enterprises of a park at a quarter, from this park on the first that has any.
fn largest(world: &World, quarter: Quarter, park: usize, count: usize) -> Vec<String> {
    for offset in 0..world.parks.len() {
        let park = (park + offset) % world.parks.len();
        let mut here: Vec<_> =
            world.enterprises.iter().filter(|enterprise| enterprise.park_at(quarter) == Some(park)).collect();
        here.sort_by(|a, b| (b.annual * b.tax_rate).total_cmp(&(a.annual * a.tax_rate)));
        if !here.is_empty() {
            return here.iter().take(count).map(|enterprise| enterprise.code.unit()).collect();
        }
    }
    Vec::new()
}

/// A part of the rows, or those of one city, in another unit: this year's amount, or all of the row.
pub(super) fn unit_factor(world: &World, place: &Place, file: File, dice: &mut Dice) -> Passed {
    let mut text = Text::of(file, place.delimiter);
    let factor = FACTORS[dice.below(FACTORS.len())];
    let city = dice.chance(0.4).then(|| dice.below(world.cities.len()));
    let part = PARTS[dice.below(PARTS.len())];
    let columns = if dice.chance(0.7) { place.amount..place.amount + 1 } else { place.amount..place.amount + 2 };
    let here = |unit: &str| world.enterprises.iter().find(|one| one.code.unit() == unit).map(|one| one.city);
    let mut count = 0;
    for line in text.rows() {
        let is_off = match city {
            Some(city) => here(&text.unit(line)) == Some(city),
            None => dice.chance(part),
        };
        count += usize::from(is_off && text.scale(line, columns.clone(), factor));
    }
    let of = city.map_or_else(|| "rows".to_owned(), |city| format!("rows of {}", world.cities[city].code));
    let which = if columns.len() == 1 { "this year" } else { "both years" };
    (vec![text.file()], told(&format!("x{factor} in {count} {of}; {which}")))
}

/// What another period's export said, under this one's name and title.
pub(super) fn repeated(place: &Place, file: File, kept: Option<File>) -> Passed {
    let period = |export: Option<&Export>| export.and_then(|export| export.quarter).map(Quarter::cumulative);
    let (Some(kept), Some(then), Some(now)) = (kept, period(place.source.as_ref()), period(Some(&place.target))) else {
        return (vec![file], Planted::default());
    };
    let mut text = Text::of(File { name: file.name, ..kept }, place.delimiter);
    text.replace(&then, &now);
    (vec![text.file()], told(&format!("the content of {then}")))
}

/// A revision of some rows beside it, with no day in its name.
pub(super) fn undated(place: &Place, file: File, dice: &mut Dice) -> Passed {
    let mut text = Text::of(file.clone(), place.delimiter);
    for line in text.rows() {
        if dice.chance(0.05) {
            text.scale(line, place.amount..place.amount + 1, 2);
        }
    }
    let (head, day) = file.name.rsplit_once('_').unwrap_or((&file.name, ""));
    let undated = day.split_once('.').map_or_else(|| head.to_owned(), |(_, end)| format!("{head}.{end}"));
    text.rename(&file.name, &undated);
    let mut revision = text.file();
    revision.spoiled.clear();
    (vec![file, revision], Planted { file: undated, ..told("a revision without a day") })
}

/// The ledger is issued before with other areas, later with a few rows, or later in another unit.
pub(super) fn reissued(world: &World, file: File, dice: &mut Dice) -> Passed {
    let day = world.last().sent(1, 15).compact();
    let mut text = Text::of(file.clone(), ',');
    let rows = text.rows();
    let (sent, how) = match dice.below(3) {
        0 => {
            rows.iter().step_by(3).for_each(|&line| {
                text.scale(line, 4..5, 3);
            });
            (world.last().sent(0, 28), "issued before with other areas")
        }
        1 => {
            text.remove(
                &rows.into_iter().enumerate().filter(|(row, _)| row % 4 != 0).map(|(_, line)| line).collect::<Vec<_>>(),
            );
            (world.last().sent(2, 15), "issued again with a quarter of its rows")
        }
        _ => {
            let units = [LandUnit::Mu, LandUnit::Hectare, LandUnit::SquareMetre].map(LandUnit::name);
            let city = world.cities.iter().position(|city| file.name.contains(&format!("/{}", city.name)));
            let own = LandUnit::of_city(city.unwrap_or(0)).name();
            let others: Vec<&str> = units.into_iter().filter(|unit| *unit != own).collect();
            text.replace(&format!("单位：{own}"), &format!("单位：{}", others[dice.below(2)]));
            (world.last().sent(2, 15), "issued again with the same figures in another unit")
        }
    };
    text.rename(&day, &sent.compact());
    let again = text.file();
    let name = again.name.clone();
    (vec![file, again], Planted { file: name, ..told(how) })
}

/// An enterprise is in a park that the register of parks does not have.
pub(super) fn broken_reference(world: &World, file: File, dice: &mut Dice) -> Passed {
    let mut text = Text::of(file, ',');
    let rows: Vec<usize> = text.rows().into_iter().filter(|line| !text.cells(*line)[2].is_empty()).collect();
    let line = rows[dice.below(rows.len())];
    let (code, _) = world.strange_park(0);
    text.set(line, 2, &code);
    (vec![text.file()], Planted { unit: code, ..told("in no register of parks") })
}
