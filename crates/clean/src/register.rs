//! Registers: what parks, enterprises, regions and industries there are, and when. A row is matched by its own period.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;

use super::counties;
use super::findings::Findings;
use super::industries::Industries;
use super::parks::Parks;
use super::references;
use super::regions::Regions;
use super::stay;
use super::succession::Lines;
use read::grid::Grid;
use vocab::codes::{self, OrganisationCode};
use vocab::frame::{Frame, Values};
use vocab::period::{Quarter, Span};
use vocab::{Place, Problem, rules};

/// Mistakes in registers that are told whole; the others are counted.
const MOST_TOLD: usize = 1_000;

/// An enterprise and its stays. Nearly all have one, which stands here itself.
#[derive(Debug)]
struct Unit {
    code: OrganisationCode,
    first: Span,
    others: Vec<Span>,
}

impl Unit {
    fn stays(&self) -> impl Iterator<Item = &Span> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

/// Where the enterprise of the last row stands in the register: exports mostly keep its order, and then the next one is
/// found without a search.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nearby(usize);

/// All registers of an installation.
#[derive(Debug, Default)]
pub struct Registers {
    parks: Parks,
    /// In the order of the register.
    units: Vec<Unit>,
    unit_at: HashMap<OrganisationCode, usize, FixedState>,
    regions: Regions,
    industries: Industries,
    tables: BTreeMap<String, Frame>,
}

/// How the columns of the registers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    Text,
    /// A quarter; empty means that there is no such limit.
    From,
    To,
    /// A decimal with four places, in ten-thousandths.
    TenThousandths,
    /// A year, as the index of its first quarter.
    YearStart,
}

/// File, table, and columns with the names they get.
type RegisterTable = (&'static str, &'static str, &'static [(&'static str, &'static str, As)]);

/// The registers that models read as tables: file, table, and columns with the names they get.
const TABLES: &[RegisterTable] = &[
    (
        "parks",
        "park",
        &[
            ("park_code", "park_code", As::Text),
            ("park_name", "park_name", As::Text),
            ("city_code", "city_code", As::Text),
            ("city_name", "city_name", As::Text),
            ("county_code", "county_code", As::Text),
            ("valid_from", "from_quarter", As::From),
            ("valid_to", "to_quarter", As::To),
        ],
    ),
    ("directly_administered", "directly_administered", &[("region_code", "county_code", As::Text)]),
    (
        "enterprise_park",
        "stay",
        &[
            ("unit_code", "unit_code", As::Text),
            ("park_code", "park_code", As::Text),
            ("valid_from", "from_quarter", As::From),
            ("valid_to", "to_quarter", As::To),
        ],
    ),
    (
        "clusters",
        "cluster_member",
        &[
            ("cluster_code", "cluster_code", As::Text),
            ("cluster_name", "cluster_name", As::Text),
            ("park_code", "park_code", As::Text),
            ("industry_division", "industry_division", As::Text),
        ],
    ),
    (
        "leading_industries",
        "leading_industry",
        &[
            ("park_code", "park_code", As::Text),
            ("industry_division", "industry_division", As::Text),
            ("valid_from", "from_quarter", As::From),
            ("valid_to", "to_quarter", As::To),
        ],
    ),
    (
        "value_added_rate",
        "value_added_rate",
        &[
            ("industry_division", "industry_division", As::Text),
            ("year", "year_start", As::YearStart),
            ("rate", "rate_e4", As::TenThousandths),
        ],
    ),
];

impl Registers {
    /// The registers whose rows figures rest on: file, and table of the models.
    pub const TOLD: [(&str, &str); 5] = [
        ("parks", "park"),
        ("enterprise_park", "stay"),
        ("clusters", "cluster_member"),
        ("leading_industries", "leading_industry"),
        ("value_added_rate", "value_added_rate"),
    ];

    /// Reads the registers from their grids by name (`parks`, `enterprise_park`, …); the first row of each is its header.
    ///
    /// A register decides which rows are believed, so one that has a mistake is not used at all: the mistakes are given
    /// back, the first ones whole and all of them counted, and the caller stops.
    pub fn resolve(grids: &BTreeMap<String, (String, Grid)>) -> (Registers, Findings) {
        let mut registers = Registers::default();
        let mut problems = Findings::new(MOST_TOLD);
        for (name, table, columns) in TABLES {
            match grids.get(*name) {
                Some((file, grid)) => {
                    let frame = read_table(file, grid, columns, &mut problems);
                    registers.tables.insert((*table).to_owned(), frame);
                }
                None => problems
                    .push(Problem::new(&rules::EXPECTED_FILE_MISSING, Place::file(&format!("registers/{name}.csv")))),
            }
        }
        if let Some((_, grid)) = grids.get("parks") {
            registers.parks = Parks::read(grid);
        }
        registers.index_units(grids, &mut problems);
        if let Some((file, grid)) = grids.get("regions") {
            registers.regions = Regions::read(file, grid, &mut problems);
        }
        if let Some((file, grid)) = grids.get("industries") {
            registers.industries = Industries::read(file, grid, &mut problems);
        }
        registers.tables.insert("region".to_owned(), counties::table(&registers.regions));
        counties::resolve(&mut registers.tables, &registers.regions);
        references::check(grids, &registers.parks, &registers.regions, &mut problems);
        registers.follow_parks(grids, &mut problems);
        (registers, problems)
    }

    /// Tells models which codes are one park, and whose what stands under a code of another time is.
    fn follow_parks(&mut self, grids: &BTreeMap<String, (String, Grid)>, problems: &mut Findings) {
        let lines = Lines::of(&self.parks);
        let file = grids.get("enterprise_park").map_or("", |(file, _)| file.as_str());
        // Where a reference leads nowhere, everything that follows from it would be told again.
        if let Some(stays) = self.tables.get("stay").filter(|_| problems.is_empty()) {
            let code = |row: usize| stays.texts("park_code").and_then(|codes| codes.get(row)).unwrap_or_default();
            // One problem for a park, at the first row, with how many there are.
            let mut told: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
            for row in lines.outside(stays) {
                told.entry(code(row)).or_insert((row, 0)).1 += 1;
            }
            problems.extend(told.into_iter().map(|(code, (row, count))| {
                let problem = Problem::new(&rules::STAY_OUTSIDE_PARK, Place::file(file).at_row(row as u32 + 2));
                problem.value(format!("{code} ×{count}")).expected(self.parks.meant(code))
            }));
        }
        if let Some(parks) = self.tables.remove("park") {
            self.tables.insert("park".to_owned(), lines.with_territories(parks));
        }
        if let Some(stays) = self.tables.remove("stay") {
            self.tables.insert("stay".to_owned(), lines.cut(stays));
        }
        self.tables.insert("park_number".to_owned(), lines.numbers());
        self.tables.insert("park_succession".to_owned(), lines.placed());
        self.tables.insert("park_heir".to_owned(), lines.heirs());
    }

    fn index_units(&mut self, grids: &BTreeMap<String, (String, Grid)>, problems: &mut Findings) {
        let Some(table) = self.tables.get("stay") else { return };
        let (Some(codes), Some(from), Some(to)) =
            (table.texts("unit_code"), table.ints("from_quarter"), table.ints("to_quarter"))
        else {
            return;
        };
        let file = grids.get("enterprise_park").map_or("", |(file, _)| file.as_str());
        for row in 0..table.rows() {
            let written = codes.get(row).unwrap_or_default();
            let code = match codes::unit_code(written) {
                Ok(code) => code,
                Err(wrong) => {
                    problems.push(
                        Problem::new(references::rule_of(wrong), Place::file(file).at_row(row as u32 + 2))
                            .value(written),
                    );
                    continue;
                }
            };
            if let (Some(from), Some(to)) = (from.get(row), to.get(row)) {
                let stay = Span::of_columns(from, to);
                match self.unit_at.entry(code) {
                    Entry::Vacant(place) => {
                        place.insert(self.units.len());
                        self.units.push(Unit { code, first: stay, others: Vec::new() });
                    }
                    Entry::Occupied(place) => {
                        let unit = &mut self.units[*place.get()];
                        // Two stays at one time would count the enterprise twice. Those that do not overlap are few: there are
                        // only so many quarters.
                        if unit.stays().any(|other| other.meets(stay)) {
                            let place = Place::file(file).at_row(row as u32 + 2);
                            problems.push(Problem::new(&rules::DUPLICATE_KEY, place).value(written));
                        } else {
                            unit.others.push(stay);
                        }
                    }
                }
            }
        }
    }

    /// Whether the enterprise is on the register, in that quarter if one is given. `nearby` is where the search begins.
    pub fn has_unit(&self, code: &OrganisationCode, quarter: Option<Quarter>, nearby: &mut Nearby) -> bool {
        /// Enterprises that an export may leave out in a row before it costs a search.
        const STEPS: usize = 4;
        let mut next = self.units.iter().skip(nearby.0).take(STEPS);
        let found = match next.position(|unit| unit.code == *code) {
            Some(steps) => nearby.0 + steps,
            None => match self.unit_at.get(code) {
                Some(&at) => at,
                None => return false,
            },
        };
        *nearby = Nearby(found);
        quarter.is_none_or(|quarter| self.units[found].stays().any(|stay| stay.holds(quarter)))
    }

    /// The parks.
    pub fn parks(&self) -> &Parks {
        &self.parks
    }

    /// The regions.
    pub fn regions(&self) -> &Regions {
        &self.regions
    }

    /// The industries.
    pub fn industries(&self) -> &Industries {
        &self.industries
    }

    /// The registers as tables for the models.
    pub fn tables(&self) -> &BTreeMap<String, Frame> {
        &self.tables
    }
}

fn read_table(file: &str, grid: &Grid, columns: &[(&str, &str, As)], problems: &mut Findings) -> Frame {
    let mut frame = Frame::new();
    let header: Vec<&str> = if grid.is_empty() { Vec::new() } else { grid.row(0).cells().collect() };
    for (name, renamed, how) in columns {
        let Some(column) = header.iter().position(|label| label == name) else {
            let place = Place::file(file).at_row(1);
            problems.push(Problem::new(&rules::COLUMN_MISSING, place).value(*name).expected(header.iter().copied()));
            continue;
        };
        let rows = (1..grid.len()).filter(|&row| !grid.row(row).is_blank());
        if *how == As::Text {
            let texts = rows.map(|row| Some(grid.cell(row, column)).filter(|cell| !cell.is_empty()));
            frame = frame.with(*renamed, Values::Text(texts.collect()));
            continue;
        }
        let numbers = rows.map(|row| {
            let cell = grid.cell(row, column);
            let value = register_number(cell, *how);
            if value.is_none() {
                let place = Place::file(file).at_row(grid.row(row).number).at_column(column as u32 + 1);
                let rule = if *how == As::TenThousandths { &rules::NOT_A_NUMBER } else { &rules::DATE_UNREADABLE };
                problems.push(Problem::new(rule, place).value(cell));
            }
            value
        });
        frame = frame.with(*renamed, Values::Int(numbers.collect()));
    }
    frame
}

fn register_number(cell: &str, how: As) -> Option<i64> {
    match how {
        As::Text => None,
        As::From => stay::limit(cell).map(|from| Span { from, to: None }.columns().0),
        As::To => stay::limit(cell).map(|to| Span { from: None, to }.columns().1),
        As::YearStart => cell.parse::<i64>().ok().map(|year| year * 4),
        As::TenThousandths => {
            let (whole, decimals) = cell.split_once('.').unwrap_or((cell, ""));
            let decimals = format!("{decimals:0<4}");
            let digits = decimals.len() == 4 && !whole.is_empty();
            digits.then(|| format!("{whole}{decimals}").parse().ok()).flatten()
        }
    }
}
