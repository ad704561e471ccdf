//! Keys of several numbers are packed into one for the engine: that changes no result, whatever the numbers are.

use std::collections::BTreeMap;

use model::Models;
use model::engine::{self, Table};
use proptest::prelude::*;
use vocab::frame::{Frame, Values};

/// A row of numbers, of which some are not there.
type Row = Vec<Option<i64>>;

fn table(columns: &[&str], rows: &[Row]) -> Table {
    let column = |at: usize| Values::Int(rows.iter().map(|row| row[at]).collect());
    let frame = columns.iter().enumerate().fold(Frame::new(), |frame, (at, name)| frame.with(*name, column(at)));
    Table::of("t", frame).unwrap()
}

/// The rows that a statement makes of tables, in their order by value.
fn made(sql: &str, tables: &[(&str, &[&str], &[Row])]) -> Vec<Row> {
    let models = Models::resolve(&BTreeMap::from([("made.sql".to_owned(), sql.to_owned())])).unwrap();
    let tables = tables.iter().map(|(name, columns, rows)| ((*name).to_owned(), table(columns, rows))).collect();
    let made = engine::run(&models, tables, |_| true).unwrap();
    let frame = &made["made"];
    let row = |row: usize| frame.columns().iter().map(|(name, _)| frame.ints(name).unwrap().get(row)).collect();
    let mut rows: Vec<Row> = (0..frame.rows()).map(row).collect();
    rows.sort();
    rows
}

fn sorted(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort();
    rows
}

/// Numbers that meet often: small, below zero, and so large that several of them have no room in 64 bits.
fn number() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![
        3 => (-2_i64..3).prop_map(Some),
        1 => (65_534_i64..65_538).prop_map(Some),
        1 => (0_i64..2).prop_map(|number| Some((1 << 40) + number)),
        1 => Just(None),
    ]
}

fn rows(width: usize) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(prop::collection::vec(number(), width), 0..24)
}

proptest! {
    #[test]
    fn groups_are_those_of_their_columns(rows in rows(4)) {
        let mut groups: BTreeMap<Row, (i64, Option<i64>)> = BTreeMap::new();
        for row in &rows {
            let (count, sum) = groups.entry(row[..3].to_vec()).or_default();
            *count += 1;
            *sum = row[3].map_or(*sum, |value| Some(sum.unwrap_or(0) + value));
        }
        let of = |(key, (count, sum)): (Row, (i64, Option<i64>))| key.into_iter().chain([Some(count), sum]).collect::<Row>();
        let sql = "SELECT a, t.b, c AS k, COUNT(*) AS n, SUM(v) AS s FROM t GROUP BY a, t.b, c";
        prop_assert_eq!(made(sql, &[("t", &["a", "b", "c", "v"], &rows)]), groups.into_iter().map(of).collect::<Vec<_>>());
    }

    #[test]
    fn windows_are_over_what_has_the_same_columns(rows in rows(3)) {
        let of = |row: &Row| {
            let least = rows.iter().filter(|other| other[..2] == row[..2]).filter_map(|other| other[2]).min();
            row.iter().copied().chain([least]).collect()
        };
        let sql = "SELECT *, MIN(v) OVER (PARTITION BY a, b) AS least FROM t";
        prop_assert_eq!(made(sql, &[("t", &["a", "b", "v"], &rows)]), sorted(rows.iter().map(of).collect()));
    }

    #[test]
    fn rows_of_enterprises_meet_as_their_numbers_and_quarters_say(one in rows(3), other in rows(3), by in -5_i64..6) {
        let meets = |a: &Row, b: &Row| {
            let is_then = |quarter: i64, earlier: i64| earlier.checked_add(by) == Some(quarter - quarter.rem_euclid(4));
            a[0].is_some() && a[0] == b[0] && a[1].zip(b[1]).is_some_and(|(quarter, earlier)| is_then(quarter, earlier))
        };
        let mut expected: Vec<Row> = Vec::new();
        for a in &one {
            let met: Vec<&Row> = other.iter().filter(|b| meets(a, b)).collect();
            let pair = |b: Option<&&Row>| a.iter().copied().chain([b.and_then(|b| b[2]), b.and_then(|b| b[1])]).collect();
            expected.extend(met.iter().map(|b| pair(Some(b))));
            if met.is_empty() {
                expected.push(pair(None));
            }
        }
        let columns: &[&str] = &["unit_number", "quarter", "v"];
        let sql = format!(
            "SELECT a.unit_number, a.quarter, a.v, b.v AS w, b.quarter AS earlier FROM a LEFT JOIN b \
             ON b.unit_number = a.unit_number AND b.quarter = a.quarter - MOD(a.quarter, 4) - {by}"
        ).replace("- -", "+ ");
        prop_assert_eq!(made(&sql, &[("a", columns, &one), ("b", columns, &other)]), sorted(expected));
    }

    #[test]
    fn rows_meet_by_all_columns_of_several(one in rows(3), other in rows(3)) {
        let meets = |a: &Row, b: &Row| a[..2] == b[..2] && a[..2].iter().all(Option::is_some);
        let pairs = one.iter().flat_map(|a| other.iter().filter(move |b| meets(a, b)).map(move |b| vec![a[0], a[1], a[2], b[2]]));
        let sql = "SELECT a.x, a.y, a.v, b.v AS w FROM a INNER JOIN b ON b.x = a.x AND a.y = b.y";
        let columns: &[&str] = &["x", "y", "v"];
        prop_assert_eq!(made(sql, &[("a", columns, &one), ("b", columns, &other)]), sorted(pairs.collect()));
    }
}
