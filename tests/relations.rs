//! What measures say adds up does, in what is released.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use model::relations::{Figure, Kind, Member, Relation, Territory, relations};
use store::parquet;
use vocab::level::Level;
use vocab::period::{Quarter, Span};

use crate::support::{CONFIG, cells, finish, folder, root, run_sample, sample, tree};

/// Level, area, quarter, column and division of a published figure.
type Key = (Level, String, Quarter, String, Option<i64>);

/// Every whole number of the tables beneath the indicators.
type Figures = BTreeMap<Key, i64>;

/// `2018Q4`, or an empty cell for what has no end.
fn quarter(label: &str) -> Option<Quarter> {
    let (year, quarter) = label.split_once('Q')?;
    Quarter::new(year.parse().unwrap(), quarter.parse().unwrap())
}

/// The rows of a register by the names in its first line.
fn register(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(cells);
    let head = lines.next().unwrap();
    lines.map(|cells| head.iter().cloned().zip(cells).collect()).collect()
}

/// Which parks make up each area, from the registers of a sample: a city without what is directly administered, and with it.
fn members(registers: &Path) -> Vec<Member> {
    // A sample brings only the registers that are its own.
    let apart = register(&root().join("config/registers/directly_administered.csv"));
    let apart: BTreeSet<String> = apart.iter().map(|row| row["region_code"].clone()).collect();
    let regions = register(&root().join("config/registers/regions.csv"));
    // A county is published under the code that holds now.
    let now = |code: &str| {
        let next = |code: &String| {
            let row = regions.iter().find(|row| row["region_code"] == *code)?;
            Some(row["successor"].clone()).filter(|successor| !successor.is_empty())
        };
        std::iter::successors(Some(code.to_owned()), next).last().unwrap()
    };
    let mut members = Vec::new();
    for row in register(&registers.join("parks.csv")) {
        let (park, county, city) = (&row["park_code"], &now(&row["county_code"]), &row["city_code"]);
        let quarters = Span { from: quarter(&row["valid_from"]), to: quarter(&row["valid_to"]) };
        let mut put = |level: Level, area: &str| {
            let ref_area = area.to_owned();
            // No park of these samples is given another code.
            let line = ref_area.clone();
            members.push(Member { level, ref_area, line, park: park.clone(), quarters });
        };
        put(Level::Park, park);
        put(Level::City, city);
        put(Level::Province, "410000");
        if !county.is_empty() {
            put(Level::County, county);
        }
        if !apart.contains(county) {
            put(Level::CityNet, city);
        }
    }
    members
}

/// The figures of a sample's release, and the areas of its own registers.
fn released(seed: u64) -> (Figures, Territory) {
    let (out, store) = (folder(), folder());
    sample(out.path(), seed, 160, 12, 9);
    let (code, _, stderr) = finish(&mut run_sample(out.path(), store.path()));
    assert_eq!(code, 0, "{stderr}");
    let mut figures = Figures::new();
    let mut territory =
        Territory { members: members(&out.path().join("config/registers")), divisions: BTreeMap::new() };
    for (name, bytes) in tree(&fs::canonicalize(store.path().join("current")).unwrap().join("tables")) {
        let (table, rest) = name.split_once("_quarter/").unwrap_or_default();
        let Some(level) = Level::parse(if table == "park_industry" { "park" } else { table }) else { continue };
        let quarter = quarter(rest.split(['=', '/']).nth(1).unwrap()).unwrap();
        let frame = parquet::read(bytes, |_| true).unwrap().frame;
        let (areas, divisions) = (frame.texts("ref_area").unwrap(), frame.ints("division"));
        for row in 0..frame.rows() {
            let area = areas.get(row).unwrap().to_owned();
            let division = divisions.map(|divisions| divisions.get(row).unwrap());
            territory.divisions.entry((area.clone(), quarter)).or_default().extend(division);
            for (column, value) in
                frame.columns().iter().filter_map(|(name, _)| Some((name, frame.ints(name)?.get(row)?)))
            {
                let key = (level, area.clone(), quarter, column.clone(), division);
                assert_eq!(figures.insert(key.clone(), value), None, "{key:?} stands twice");
            }
        }
    }
    (figures, territory)
}

fn key(figure: &Figure<'_>) -> Key {
    (figure.area.level, figure.area.code.to_owned(), figure.quarter, figure.column.to_owned(), figure.division)
}

/// Relations that do not hold.
fn broken<'r>(stated: &'r [Relation<'r>], figures: &Figures) -> Vec<&'r Relation<'r>> {
    stated.iter().filter(|relation| !relation.holds(&|figure| figures.get(&key(figure)).copied())).collect()
}

/// Whether a relation says something of figures that are there.
fn says_something(relation: &Relation<'_>, figures: &Figures) -> bool {
    let is_stated = relation.given.is_none_or(|given| {
        let [one, other] = given.map(|figure| figures.get(&key(&figure)));
        one.is_some() && one == other
    });
    let is_there = |(_, part): &(i64, Figure<'_>)| figures.contains_key(&key(part));
    is_stated && figures.contains_key(&key(&relation.whole)) && relation.parts.iter().any(is_there)
}

#[test]
fn what_is_said_to_add_up_does_to_the_last_digit_and_a_figure_that_is_off_by_one_is_found() {
    for seed in [41, 42, 43] {
        let (mut figures, territory) = released(seed);
        let quarters: BTreeSet<Quarter> = figures.keys().map(|(_, _, quarter, ..)| *quarter).collect();
        let stated: Vec<Relation<'_>> =
            quarters.iter().flat_map(|quarter| relations(&CONFIG.measures, &territory, *quarter)).collect();
        let wrong = broken(&stated, &figures);
        assert!(wrong.is_empty(), "seed {seed}: {} of {}, as {:#?}", wrong.len(), stated.len(), wrong[0]);

        let mut said: BTreeMap<Kind, Vec<&Relation<'_>>> = BTreeMap::new();
        for relation in stated.iter().filter(|relation| says_something(relation, &figures)) {
            said.entry(relation.kind).or_default().push(relation);
        }
        let counts: BTreeMap<Kind, usize> = said.iter().map(|(kind, relations)| (*kind, relations.len())).collect();
        println!("seed {seed}: {counts:?}");
        assert!(counts.len() == 7 && counts[&Kind::Areas] > 10_000, "every kind says something: {counts:?}");

        for relation in said.values().map(|relations| relations[relations.len() / 2]) {
            *figures.get_mut(&key(&relation.whole)).unwrap() += 1;
            let found = broken(&stated, &figures);
            assert!(found.contains(&relation), "{relation:?}");
            let names = |one: &Relation<'_>| {
                let others = one.parts.iter().map(|(_, part)| *part).chain(one.given.into_iter().flatten());
                others.chain([one.whole]).any(|figure| figure == relation.whole)
            };
            assert!(found.into_iter().all(names), "what does not name the figure still holds");
            *figures.get_mut(&key(&relation.whole)).unwrap() -= 1;
        }
    }
}
