//! 分县（市）规模以上工业增加值: a table like a yearbook's, one per quarter: names with blanks in them, cities over their counties.

use crate::county_series::{County, counties, value};
use crate::quarter::Quarter;
use crate::register::World;
use crate::write::{Charset, Delimited, File, SYNTHETIC, decimal};

const TITLE: &str = "分县（市）规模以上工业增加值";

/// The table of a quarter; `parks_fen` is the value added of each park since January.
pub(crate) fn file(world: &World, quarter: Quarter, parks_fen: &[i128]) -> File {
    let mut table = Delimited::new(Charset::Gb18030, "\r\n", ',');
    table.line(TITLE);
    table.line("Value-added of Industrial Enterprises above Designated Size by County");
    table.line(&format!("报告期：{},,单位：亿元", quarter.cumulative()));
    table.texts(&["行政区划代码", "县(市)", "增加值本年累计"]);
    let counties = counties(world, quarter);
    for county in &counties {
        let own = county.parks.iter().map(|&park| parks_fen[park]).sum();
        let value = value(world, county, quarter, own).map_or_else(|| "…".to_owned(), |value| decimal(value, 2));
        table.texts(&[county.code_at(quarter), &spaced(county, quarter), &value]);
    }
    table.line("注：1.增加值按现价计算；不含市辖区。");
    table.line(&format!("　　2.{SYNTHETIC}。"));
    let name = format!("exports/统计局/{TITLE}_{}_{}.csv", quarter.cumulative(), quarter.sent(1, 29).compact());
    File { name, bytes: table.finish(), rows: counties.len() as u64, spoiled: Vec::new() }
}

/// The county's name of the time, with blanks between the characters of short ones, as yearbooks set them.
fn spaced(county: &County, quarter: Quarter) -> String {
    let recoded = county.code_at(quarter) != county.fact_code;
    let name = if recoded { county.name.replace('县', "市") } else { county.name.to_owned() };
    match name.chars().count() {
        2 | 3 => name.chars().map(String::from).collect::<Vec<_>>().join(" "),
        _ => name,
    }
}
