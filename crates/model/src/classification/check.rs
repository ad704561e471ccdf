//! The tests written in the methods of classification.

use std::collections::BTreeMap;

use super::sql::{TABLE, models};
use crate::engine::{self, Table};
use crate::sql::Models;
use crate::tested::{number, of_test};
use config::classification::{COLUMNS, Method, MethodTest};
use vocab::frame::{Frame, Values};
use vocab::scalars::Scalars;
use vocab::{Said, said};

/// Quarters on the register of an enterprise whose test does not say it.
const LONG_AGO: i64 = 1000;

/// Runs the tests of a method; gives what failed, one sentence each.
///
/// # Errors
/// When the engine refuses the models.
pub fn check(method: &Method) -> Result<Vec<Said>, engine::Error> {
    let mut failures = Vec::new();
    let mut fail = |test: &MethodTest, what: Said| failures.push(of_test(&method.id, &test.name, &what));
    for test in &method.tests {
        let known = |name: &String| {
            COLUMNS.contains(&name.as_str()) || ["registered_quarters", "division"].contains(&name.as_str())
        };
        for (name, _) in test.given.iter().filter(|(name, _)| !known(name)) {
            let what =
                said!("`{name}` 不是 enterprise_evaluation 的列", "`{name}` is not a column of enterprise_evaluation");
            fail(test, what);
        }
        let (rows, parks) = if test.parks.is_empty() { alone(method, test) } else { ordered(method, test) };
        let found = classified(method, &rows, parks)?;
        if !test.parks.is_empty() {
            let classes: Vec<Option<&str>> =
                found.texts("class").map(|texts| texts.iter().collect()).unwrap_or_default();
            for (class, expected) in &test.classes {
                let count = classes.iter().filter(|found| **found == Some(class.as_str())).count();
                if count != *expected as usize {
                    let what = said!(
                        "{class} 类应有 {expected} 家，实有 {count} 家",
                        "expected {expected} of class {class}, got {count}"
                    );
                    fail(test, what);
                }
            }
            continue;
        }
        let numbers = found.ints("unit_number").unwrap_or_default();
        let row = numbers.iter().position(|number| number == Some(0));
        if row.is_some() == test.expect.is_empty() {
            let what = match row {
                Some(_) => said!("企业参加了评价", "it was evaluated"),
                None => said!("企业未参加评价", "it was not evaluated"),
            };
            fail(test, what);
        }
        for (part, expected) in &test.expect {
            let value = row.and_then(|row| found.floats(&format!("score_{part}"))?.get(row));
            if value.is_none_or(|value| (value - expected).abs() > test.tolerance) {
                let got = number(value);
                let what = said!(
                    "`{part}` 应得 {expected} 分，实得 {got}",
                    "expected {expected} points of `{part}`, got {got}";
                    got
                );
                fail(test, what);
            }
        }
    }
    Ok(failures)
}

/// A row of `enterprise_evaluation`: its park and its figures.
type Row = (i64, BTreeMap<String, i64>);

/// The enterprise of a test, and one in another park with every figure, so that each was collected in the quarter.
fn alone(method: &Method, test: &MethodTest) -> (Vec<Row>, i64) {
    let given = test.given.iter().map(|(name, value)| (name.clone(), *value as i64)).collect();
    let mut whole: BTreeMap<String, i64> = COLUMNS.iter().map(|name| ((*name).to_owned(), 1)).collect();
    let land = method.exempt.minimum_land_micromu.unwrap_or(1);
    whole.insert("land_micromu".to_owned(), land.max(1));
    (vec![(1, given), (2, whole)], 2)
}

/// Parks of these sizes, in which each enterprise is better than the one before by every measure.
fn ordered(method: &Method, test: &MethodTest) -> (Vec<Row>, i64) {
    let under = |name: &str| method.measures.iter().any(|measure| measure.denominator == name);
    let over = |name: &str| method.measures.iter().any(|measure| measure.numerator == name);
    let figure = |name: &str, place: i64| match (over(name), under(name)) {
        (true, true) => place,
        (true, false) => place * place,
        _ => 1_000_000_000,
    };
    let row = |place: i64| COLUMNS.iter().map(|name| ((*name).to_owned(), figure(name, place))).collect();
    let sizes = (1..).zip(&test.parks);
    let rows = sizes.flat_map(|(park, (_, size))| (1..=*size as i64).map(move |place| (park, place)));
    (rows.map(|(park, place)| (park, row(place))).collect(), test.parks.len() as i64)
}

fn classified(method: &Method, rows: &[Row], parks: i64) -> Result<Frame, engine::Error> {
    let models = Models::resolve(&models(method)).unwrap_or_default();
    let column = |name: &str, usual: Option<i64>| {
        Values::Int(rows.iter().map(|(_, figures)| figures.get(name).copied().or(usual)).collect())
    };
    let mut frame = Frame::new()
        .with("unit_number", Values::Int((0..rows.len() as i64).map(Some).collect()))
        .with("park_number", Values::Int(rows.iter().map(|(park, _)| Some(*park)).collect()))
        .with("quarter", Values::Int(Scalars::repeat(Some(0), rows.len())))
        .with("registered_quarters", column("registered_quarters", Some(LONG_AGO)))
        .with("division", column("division", None));
    for name in COLUMNS {
        frame = frame.with(*name, column(name, None));
    }
    let parks = Scalars::from((1..=parks).collect::<Vec<i64>>());
    let codes = Values::Text(parks.iter().map(|park| park.map(|park| park.to_string())).collect());
    let quarters = Values::Int(Scalars::repeat(Some(0), parks.len()));
    let parks = Frame::new().with("park_code", codes).with("park_number", Values::Int(parks)).with("quarter", quarters);
    let inputs = BTreeMap::from([
        ("enterprise_evaluation".to_owned(), Table::of("enterprise_evaluation", frame)?),
        ("park_code_quarter".to_owned(), Table::of("park_code_quarter", parks)?),
    ]);
    Ok(engine::run(&models, inputs, |table| table == TABLE)?.remove(TABLE).unwrap_or_default())
}
