//! 规上工业企业污染物排放: the environment department's list of those that emit, tonnes, year to date.

use crate::admin::POLLUTANTS;
use crate::dice::Topic;
use crate::error::Error;
use crate::latent::Return;
use crate::mess::{self, Habit};
use crate::quarter::Quarter;
use crate::register::World;
use crate::spoil::{self, Form, Rows};
use crate::write::{Charset, Delimited, File, SYNTHETIC};

const NAMES: [&str; POLLUTANTS] = ["化学需氧量", "氨氮", "二氧化硫", "氮氧化物"];

/// The file of a quarter.
pub(crate) fn file(world: &World, quarter: Quarter, returns: &[Return]) -> Result<File, Error> {
    let emitters = || returns.iter().filter_map(|entry| Some((entry.enterprise, entry.admin.emission.as_ref()?)));
    let plan = spoil::plan(world, Form::Emission, quarter, emitters().count());
    let mut table = Delimited::new(Charset::Gb18030, "\r\n", ',');
    table.line("规上工业企业主要污染物排放量");
    table.line(SYNTHETIC);
    table.line(&format!("时间：{},,,单位：吨", quarter.cumulative()));
    let mut names = vec!["统一社会信用代码", "企业名称"];
    let mut spans = vec!["", ""];
    for name in NAMES {
        names.extend([name, name]);
        spans.extend(["本年累计", "上年同期累计"]);
    }
    table.texts(&names);
    table.texts(&spans);
    let mut rows = Rows::new(&mut table, plan.extra);
    for (enterprise, emission) in emitters() {
        let mut dice = world.seed.at(Topic::Mess, enterprise as u64, (1 << 43) + quarter.key());
        let mut cells = vec![
            mess::key(&mut dice, Habit::Csv, world.enterprises[enterprise].code, quarter.year(), 0.02),
            mess::text(&mut dice, Habit::Csv, world.name(enterprise)),
        ];
        for one in emission {
            cells.push(mess::optional(&mut dice, Habit::Csv, one.now, 3));
            cells.push(mess::number(&mut dice, Habit::Csv, one.before, 3));
        }
        rows.write(world, enterprise, &cells, None)?;
    }
    let (rows, spoiled) = (rows.rows, rows.spoiled);
    let name =
        format!("exports/生态环境/规上工业企业排放_{}_{}.csv", quarter.cumulative(), quarter.sent(1, 26).compact());
    Ok(File { name, bytes: table.finish(), rows, spoiled })
}
