//! The right answers, computed from the latent values: what a faultless pipeline must find in the exports.
//!
//! Spoiled rows change nothing here, since they are further rows or are mended by a revised file. Cells that were left
//! out are real gaps: they are null here too. Sums are exact integers; a ratio is one division at the end.

mod amounts;
mod areas;
mod assessment;
mod classes;
mod counties;
mod emissions;
mod figure;
mod flows;
mod growth;
mod indicators;
mod industries;
mod lists;
mod park_figures;
mod revenue;
mod sums;
mod windows;

use std::io;

use super::desk::Desk;
use super::doings::REVENUE;
use super::error::Error;
use super::latent::{self, Return, value_added_fen};
use super::options::Truth;
use super::quarter::Quarter;
use super::register::World;
use super::write::Delimited;
use amounts::{CENT, QIANYUAN, YIYUAN_CENT};
use flows::{Increment, Meter};
use sums::Book;

/// Value added of each park since January, in fen.
pub(super) fn parks_va(world: &World, quarter: Quarter, returns: &[Return]) -> Vec<i128> {
    let mut parks = vec![0; world.parks.len()];
    for entry in returns {
        if let Some(park) = entry.park {
            let division = world.enterprises[entry.enterprise].division;
            parks[park] += value_added_fen(world, quarter.year(), division, entry.output.now);
        }
    }
    parks
}

/// The increments of one enterprise in one quarter, in canonical units.
pub(super) struct Flows {
    revenue: Option<Increment>,
    output: Option<Increment>,
    energy: Option<Increment>,
    tax: Option<Increment>,
}

/// The meters of one enterprise.
#[derive(Clone, Copy, Default)]
struct Meters {
    revenue: Meter,
    output: Meter,
    energy: Meter,
    tax: Meter,
}

impl Meters {
    fn read(&mut self, quarter: Quarter, entry: &Return) -> Flows {
        let mut read = |meter: fn(&mut Self) -> &mut Meter, value: Option<i64>, unit: i128| {
            meter(self).read(quarter, value.map(|value| i128::from(value) * unit))
        };
        Flows {
            revenue: read(|meters| &mut meters.revenue, Some(entry.money[REVENUE].now), QIANYUAN),
            output: read(|meters| &mut meters.output, Some(entry.output.now), QIANYUAN),
            energy: read(|meters| &mut meters.energy, entry.energy, CENT),
            tax: read(|meters| &mut meters.tax, entry.tax, CENT),
        }
    }
}

/// Writes the truth files.
pub(super) fn write(level: Truth, world: &World, published: &[i64], desk: &mut Desk<'_>) -> Result<(), Error> {
    if level == Truth::None {
        return Ok(());
    }
    let mut indicators = Delimited::plain();
    let mut lines =
        indicators.texts(&["level", "ref_area", "quarter", "indicator", "value", "numerator", "denominator"]);
    let mut each_quarter = |discrete: &mut dyn FnMut(&str) -> io::Result<()>| -> io::Result<u64> {
        let mut book = Book::new(world);
        let mut changes = growth::Changes::default();
        let mut meters = vec![Meters::default(); world.enterprises.len()];
        let mut rows = 0;
        for (quarter, &published) in world.periods().zip(published) {
            book.open(world, quarter);
            for entry in latent::returns(world, quarter) {
                let flows = meters[entry.enterprise].read(quarter, &entry);
                discrete(&discrete_row(world, quarter, &entry, &flows))?;
                book.enter(world, quarter, &entry);
                rows += 1;
            }
            book.close(world, quarter);
            let published = i128::from(published) * YIYUAN_CENT;
            lines = indicators::rows(world, &mut book, &mut changes, quarter, published, &mut indicators);
        }
        Ok(rows)
    };
    if level == Truth::Full {
        desk.stream("truth/discrete.csv", &mut |writer| {
            let mut bytes = 0;
            let mut put = |line: &str| {
                bytes += line.len() as u64;
                writer.write_all(line.as_bytes())
            };
            put("unit_code,park_code,quarter,revenue_fen,output_fen,energy_gce,tax_fen,revenue_ytd_fen\n")?;
            let rows = each_quarter(&mut put)?;
            Ok((rows, bytes))
        })?;
    } else {
        let unwritten = |source| Error::Write { file: "truth/indicators.csv".to_owned(), source };
        each_quarter(&mut |_| Ok(())).map_err(unwritten)?;
    }
    desk.send(truth_file("indicators.csv", indicators, lines - 1))?;
    desk.note_spoiled()?;
    desk.note_inputs()
}

fn truth_file(name: &str, table: Delimited, rows: u64) -> super::write::File {
    super::write::File { name: format!("truth/{name}"), bytes: table.finish(), rows, spoiled: Vec::new() }
}

/// A line of discrete.csv: values that belong to exactly this quarter, and revenue since January.
fn discrete_row(world: &World, quarter: Quarter, entry: &Return, flows: &Flows) -> String {
    let unit = world.enterprises[entry.enterprise].code.unit();
    let park = entry.park.map_or("", |park| world.parks[park].code_at(quarter));
    let [revenue, output, energy, tax] = [&flows.revenue, &flows.output, &flows.energy, &flows.tax].map(|increment| {
        increment
            .as_ref()
            .filter(|increment| increment.begin == quarter)
            .map_or_else(String::new, |increment| increment.amount.to_string())
    });
    let since_january = i128::from(entry.money[REVENUE].now) * QIANYUAN;
    format!("{unit},{park},{quarter},{revenue},{output},{energy},{tax},{since_january}\n")
}

impl Desk<'_> {
    fn note_spoiled(&mut self) -> Result<(), Error> {
        let mut table = Delimited::plain();
        let mut lines = table.texts(&["file", "row", "kind"]);
        for (file, row, kind) in &self.spoiled {
            lines = table.texts(&[file, row.to_string().as_str(), kind]);
        }
        self.send(truth_file("spoiled.csv", table, lines - 1))
    }

    fn note_inputs(&mut self) -> Result<(), Error> {
        let mut table = Delimited::plain();
        let mut lines = table.texts(&["file", "rows"]);
        for (file, rows) in &self.inputs {
            lines = table.texts(&[file, rows.to_string().as_str()]);
        }
        self.send(truth_file("inputs.csv", table, lines - 1))
    }
}
