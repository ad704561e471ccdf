//! Faults of published series: of the province, of prices, of counties.

use super::exports::Passed;
use super::planted::{Planted, told};
use super::text::{Text, number};
use crate::dice::Dice;
use crate::register::World;
use crate::write::{File, decimal};

/// The series says that it is of another region; or such a one is issued a day later, with other figures.
pub(super) fn foreign(world: &World, file: File, dice: &mut Dice) -> Passed {
    let region = ["山东省", "郑州市"][dice.below(2)];
    let is_beside = dice.chance(0.5);
    let mut text = Text::of(file.clone(), ',');
    text.replace("地区：河南省", &format!("地区：{region}"));
    if !is_beside {
        return (vec![text.file()], told(&format!("of {region}")));
    }
    text.replace("累计值(亿元),", "累计值(亿元),1");
    let day = |day| world.last().sent(1, day).compact();
    text.rename(&day(20), &day(21));
    let beside = text.file();
    let name = beside.name.clone();
    (vec![file, beside], Planted { file: name, ..told(&format!("of {region}, a day later")) })
}

/// Growth rates or hundredths in place of indices, in the whole table or in one column; or another base.
pub(super) fn price_index(file: File, dice: &mut Dice) -> Passed {
    let mut text = Text::of(file, ',');
    let rows = text.rows();
    let columns = rows.first().map_or(2, |line| text.cells(*line).len());
    let which = if dice.chance(0.7) {
        let column = 2 + dice.below(columns - 2);
        column..column + 1
    } else {
        2..columns
    };
    let as_growth = dice.chance(0.5);
    if dice.chance(0.25) {
        text.replace("上年同期=100", "2015年=100");
        return (vec![text.file()], told("indices to the base of 2015"));
    }
    for line in rows {
        for column in which.clone() {
            if let Some((units, places)) = number(&text.cells(line)[column]) {
                let hundred = 100 * 10_i64.pow(u32::from(places));
                let new = if as_growth { decimal(units - hundred, places) } else { decimal(units, places + 2) };
                text.set(line, column, &new);
            }
        }
    }
    let what = if as_growth { "growth rates" } else { "hundredths" };
    let columns = if which.len() == 1 { "one period" } else { "all periods" };
    (vec![text.file()], told(&format!("{what} in {columns}")))
}

/// Every second county, or all but one, has no row.
pub(super) fn county_missing(file: File, dice: &mut Dice) -> Passed {
    let mut text = Text::of(file, ',');
    let rows = text.rows();
    let kept = dice.below(2);
    let lines: Vec<usize> =
        rows.into_iter().enumerate().filter(|(row, _)| row % 2 != kept).map(|(_, line)| line).collect();
    let codes: Vec<String> = lines.iter().map(|line| text.cells(*line).swap_remove(0)).collect();
    text.remove(&lines);
    (vec![text.file()], Planted { unit: codes.join(" "), ..told("no row") })
}
