//! Counties of the registers, under the codes that hold now. A county that was given another code is one area through time,
//! so whichever of its codes a register names, models see the last one.

use std::collections::BTreeMap;

use super::regions::Regions;
use vocab::codes;
use vocab::frame::{Frame, TextColumn, Values};

/// Registers with a column `county_code`.
const WITH_COUNTIES: [&str; 2] = ["park", "directly_administered"];

/// Every code of the list with the code that stands for it now, and how many were given up for the same one, as a table for the
/// models.
pub(super) fn table(regions: &Regions) -> Frame {
    let (mut codes, mut now, mut siblings) = (TextColumn::default(), TextColumn::default(), Vec::new());
    let given_up = regions.given_up_for();
    for code in regions.codes() {
        codes.push(Some(&format!("{code:06}")));
        // One, unless several became one.
        siblings.push(regions.successor(code).and_then(|successor| given_up.get(&successor)).copied().or(Some(1)));
        now.push(regions.current(code).map(|code| format!("{code:06}")).as_deref());
    }
    Frame::new()
        .with("region_code", Values::Text(codes))
        .with("current_code", Values::Text(now))
        .with("siblings", Values::Int(siblings.into_iter().collect()))
}

/// Brings the column `county_code` of every register to the codes that hold now, and adds `county_name`.
pub(super) fn resolve(tables: &mut BTreeMap<String, Frame>, regions: &Regions) {
    for table in WITH_COUNTIES {
        let Some(frame) = tables.remove(table) else { continue };
        let (mut now, mut names) = (TextColumn::default(), TextColumn::default());
        let written = frame.texts("county_code");
        for row in 0..frame.rows() {
            let cell = written.and_then(|codes| codes.get(row));
            let county = cell.and_then(|cell| codes::region(cell).ok()).and_then(|code| regions.current(code));
            now.push(county.map(|code| format!("{code:06}")).as_deref());
            names.push(county.map(|code| regions.name(code)));
        }
        let frame = frame.without(&["county_code"]).with("county_code", Values::Text(now));
        tables.insert(table.to_owned(), frame.with("county_name", Values::Text(names)));
    }
}
