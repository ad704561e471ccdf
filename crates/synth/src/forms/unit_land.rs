//! 规上工业企业用地: the parcels that enterprises hold, one list per city in its own unit of area.

use crate::dice::Topic;
use crate::error::Error;
use crate::holding::{Holding, holdings};
use crate::land::LandUnit;
use crate::mess::{self, Habit};
use crate::register::World;
use crate::spoil::UNKNOWN_UNIT;
use crate::write::{Charset, Delimited, File, SYNTHETIC, Sink, Spoiled};

/// The list of a city: its own enterprises, wherever they are now.
pub(crate) fn file(world: &World, city: usize) -> Result<File, Error> {
    let fact = world.cities[city];
    let unit = LandUnit::of_city(city);
    let mut table = Delimited::new(Charset::Utf8Bom, "\n", ',');
    table.line(&format!("{}规上工业企业用地", fact.name));
    table.line(SYNTHETIC);
    table.line(&format!("单位：{}", unit.name()));
    table.texts(&["宗地编号", "统一社会信用代码", "土地使用权人", "面积", "取得日期", "终止日期"]);
    let parcels: Vec<(usize, Holding)> = (0..world.enterprises.len())
        .filter(|&index| world.enterprises[index].city == city)
        .flat_map(|index| holdings(world, index).into_iter().map(move |holding| (index, holding)))
        .collect();
    let mut dice = world.seed.at(Topic::Mess, 1 << 46, city as u64);
    let mut spoiled = Vec::new();
    let mut rows = 0;
    let chosen = dice.below(parcels.len());
    for (place, (index, holding)) in parcels.iter().enumerate() {
        let mut cells = vec![
            holding.id.as_str().into(),
            mess::key(&mut dice, Habit::Csv, world.enterprises[*index].code, i32::MAX, 0.0),
            mess::text(&mut dice, Habit::Csv, world.name(*index)),
            mess::number(&mut dice, Habit::Csv, holding.area, unit.places()),
            holding.from.iso().into(),
            holding.to.map_or_else(String::new, |day| day.slashed()).into(),
        ];
        table.row(&cells)?;
        rows += 1;
        // One holder in each city is on no register.
        if place == chosen {
            let (code, stranger) = world.stranger(city as u64);
            if let [id, key, name, ..] = cells.as_mut_slice() {
                *id = format!("{}Q99999-1", fact.prefix).into();
                (*key, *name) = (code.into(), stranger.into());
            }
            spoiled.push(Spoiled { row: table.row(&cells)?, kind: UNKNOWN_UNIT });
            rows += 1;
        }
    }
    let name = format!("exports/自然资源/{}规上工业企业用地_{}.csv", fact.name, world.last().sent(1, 16).compact());
    Ok(File { name, bytes: table.finish(), rows, spoiled })
}
