//! 工业用地台账: one ledger per city, each in its own unit and encoding.

use crate::dice::{Dice, Topic};
use crate::error::Error;
use crate::land::{LandUnit, Plot, plots};
use crate::mess::{self, Habit};
use crate::quarter::Day;
use crate::register::World;
use crate::spoil::{DUPLICATE_ROW, UNKNOWN_PARK};
use crate::write::{Cell, Charset, Delimited, File, SYNTHETIC, Sink, Spoiled};

/// The ledger of a city.
pub(crate) fn file(world: &World, city: usize) -> Result<File, Error> {
    let fact = world.cities[city];
    let unit = LandUnit::of_city(city);
    let mut table = if city.is_multiple_of(2) {
        Delimited::new(Charset::Utf8Bom, "\n", ',')
    } else {
        Delimited::new(Charset::Gb18030, "\r\n", ',')
    };
    table.line(&format!("{}工业用地台账", fact.name));
    table.line(SYNTHETIC);
    table.line(&format!("单位：{}", unit.name()));
    table.texts(&["地块编号", "集聚区代码", "集聚区名称", "土地用途", "面积", "供地日期", "收回日期"]);
    let ledger: Vec<(usize, Plot)> = (0..world.parks.len())
        .filter(|&park| world.parks[park].city == city)
        .flat_map(|park| plots(world, park).into_iter().map(move |plot| (park, plot)))
        .collect();
    let mut dice = world.seed.at(Topic::Mess, 1 << 41, city as u64);
    let mut spoiled = Vec::new();
    let mut rows = 0;
    let chosen = dice.below(ledger.len());
    for (place, (park, plot)) in ledger.iter().enumerate() {
        let cells = cells(world, &mut dice, *park, plot, unit);
        table.row(&cells)?;
        rows += 1;
        if place != chosen {
            continue;
        }
        let extra = match city % 3 {
            0 => Some((UNKNOWN_PARK, strange(world, city, cells))),
            1 => Some((DUPLICATE_ROW, cells)),
            _ => None,
        };
        if let Some((kind, cells)) = extra {
            spoiled.push(Spoiled { row: table.row(&cells)?, kind });
            rows += 1;
        }
    }
    let name = format!("exports/自然资源/{}工业用地台账_{}.csv", fact.name, world.last().sent(1, 15).compact());
    Ok(File { name, bytes: table.finish(), rows, spoiled })
}

fn cells(world: &World, dice: &mut Dice, park: usize, plot: &Plot, unit: LandUnit) -> Vec<Cell> {
    let place = &world.parks[park];
    vec![
        plot.id.as_str().into(),
        mess::text(dice, Habit::Csv, place.code_at(world.last()).to_owned()),
        place.fact.name.into(),
        plot.land_use.into(),
        mess::number(dice, Habit::Csv, plot.area, unit.places()),
        date(dice, plot.supplied).into(),
        plot.reclaimed.map_or_else(String::new, |day| date(dice, day)).into(),
    ]
}

fn date(dice: &mut Dice, day: Day) -> String {
    match dice.below(5) {
        0 => day.slashed(),
        1 => day.compact(),
        _ => day.iso(),
    }
}

/// A plot of a park that is in no register.
fn strange(world: &World, city: usize, mut cells: Vec<Cell>) -> Vec<Cell> {
    let (code, name) = world.strange_park(city);
    if let [id, park, park_name, ..] = cells.as_mut_slice() {
        *id = format!("{code}-0001").into();
        *park = code.into();
        *park_name = name.into();
    }
    cells
}
