//! Small inputs of every kind in which a sheet is read wrongly, those of `../shared` in place: what each figure is by `inspect`, by the
//! draft of its definition followed by a run, and by the definition that lies beside it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::str::FromStr as _;

use clean::{Cleaned, Export, Findings};
use config::Config;
use config::source::{Kind, Source};
use read::{Expect, Format, Limits};
use run::Inspection;
use vocab::frame::Frame;
use vocab::period::Quarter;
use vocab::{Problem, Severity};

use crate::support::{folder, shared};

/// Row and column in the sheet, both counted from one.
pub type Place = (u32, u32);

/// One fact: its value in canonical units, their name, its period or else its quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    value: i64,
    pub unit: String,
    period: Option<String>,
    quarter: Option<String>,
}

/// What a definition makes of a file.
pub struct Made {
    pub facts: BTreeMap<Place, Fact>,
    /// The codes of what is more than a note, sorted.
    pub codes: Vec<&'static str>,
}

pub fn codes(problems: &[Problem]) -> Vec<&'static str> {
    let wrong = problems.iter().filter(|problem| problem.rule.severity != Severity::Note);
    let mut codes: Vec<&str> = wrong.map(|problem| problem.rule.code).collect();
    codes.sort_unstable();
    codes
}

/// What is seen in a file of this name that holds this.
pub fn inspected_as(name: &str, content: impl AsRef<[u8]>) -> Inspection {
    let work = folder();
    let path = work.path().join(name);
    fs::write(&path, content).expect("the file can be written");
    inspected(&path)
}

pub fn inspected(path: &Path) -> Inspection {
    run::inspect(path, &Limits::default(), true).expect("the file can be opened")
}

/// `R4C2 12.5 亿元 2018Q1` for each figure; `-` for what is open.
pub fn figures(found: &Inspection) -> BTreeMap<Place, String> {
    let cells = found.tables.iter().flat_map(|table| table.found.cells());
    // Codes are no figures.
    let cells = cells.filter(|cell| !cell.of_column.title.ends_with("代码"));
    let line = |cell: layout::DataCell<'_>| {
        let period = cell.period.map_or_else(|| "-".to_owned(), |period| period.to_string());
        let unit = cell.unit.unwrap_or_else(|| "-".to_owned());
        Some(((cell.row, cell.column), format!("{} {unit} {period}", cell.value?)))
    };
    cells.filter_map(line).collect()
}

/// The draft of a definition, in English; empty where there is none.
pub fn drafted(found: &Inspection) -> &str {
    found.draft.as_ref().map_or("", vocab::Said::en)
}

/// A draft as it is once a person has looked at it, and has changed nothing.
pub fn finished(draft: &str) -> String {
    let looked_at = |line: &str| line.split("# TODO").next().unwrap_or_default().to_owned() + "\n";
    draft
        .replace("dataset_name", "draft_facts")
        .replace("confidential = true", "confidential = false")
        .lines()
        .map(looked_at)
        .collect()
}

/// The rooms one after the other, as a run conducts them.
pub fn made(definition: &str, name: &str, bytes: &[u8]) -> Made {
    let site = "calendar = \"finance\"\n[province]\ncode = \"410000\"\nname = \"河南省\"\n";
    let files = [("site.toml", site), ("sources/case.toml", definition)];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let config = Config::resolve(&files).unwrap_or_else(|errors| panic!("{name}: {errors:?}\n{definition}"));
    let source = config.sources.into_iter().next().expect("one source");
    assert!(source.claims(name), "{name}: {definition}");
    let expect = Expect {
        format: source.format.as_deref().and_then(|format| Format::from_str(format).ok()),
        encoding: None,
        sheet: source.sheet.as_deref(),
    };
    let (book, problems) = read::read(name, bytes, &expect, &Limits::default());
    let book = book.unwrap_or_else(|| panic!("{name}: {problems:?}"));
    let (registers, mut findings) = (crate::cases::registers(), Findings::new(1000));
    findings.extend(problems);
    let delimited = matches!(book.format, Format::Csv | Format::Tsv);
    let export = Export { name, delimited, received: None };
    let mut facts = BTreeMap::new();
    for part in layout::lay_out(&book.sheets, &source, name) {
        let codes = clean::codes_of(&part.problems);
        findings.extend(part.problems);
        let cleaned = match &part.table {
            _ if part.other => clean::leave_out(&part.grid),
            None => clean::refuse(&part.grid, &part.place, &codes),
            Some(table) => clean::clean(&part.grid, table, &source, &registers, export, &mut findings),
        };
        assert!(cleaned.ledger.closes() && cleaned.figures.close(), "{name}: {:?}", cleaned.figures);
        if let Some(table) = &part.table {
            let columns = source.columns.iter().zip(&table.bound);
            let numbers: Vec<(String, u32)> = columns
                .filter(|(column, _)| column.kind == Kind::Number)
                .filter_map(|(column, bound)| Some((column.name.clone(), table.column_number(bound.column()?))))
                .collect();
            facts.extend(facts_of(&source, &cleaned, &numbers));
        }
    }
    Made { facts, codes: codes(findings.kept()) }
}

/// The facts by their place; `numbers` are the declared columns of numbers and where they stand.
fn facts_of(source: &Source, cleaned: &Cleaned, numbers: &[(String, u32)]) -> Vec<(Place, Fact)> {
    let frame = &cleaned.facts;
    let period = source.columns.iter().find(|column| column.kind == Kind::Period).map(|column| column.name.as_str());
    let text = |row: usize, name: &str| frame.column(name).and_then(|column| column.text(row));
    let int = |row: usize, name: &str| frame.ints(name).and_then(|column| column.get(row));
    let number = |row: usize, name: &str| u32::try_from(int(row, name)?).ok();
    let mut facts = Vec::new();
    for row in 0..frame.rows() {
        let Some(at) = number(row, "source_row") else { continue };
        let period = text(row, "period").or_else(|| text(row, period?));
        let quarter = int(row, "quarter").and_then(|index| Quarter::from_index(i32::try_from(index).ok()?));
        let quarter = quarter.map(|quarter| quarter.to_string());
        let fact = |value: i64, unit: String| Fact { value, unit, period: period.clone(), quarter: quarter.clone() };
        if let (Some(column), Some(value)) = (number(row, "source_column"), int(row, &source.value_name)) {
            facts.push(((at, column), fact(value, text(row, "unit").unwrap_or_default())));
        }
        for (name, column) in numbers.iter().filter(|_| !has_values_across(frame)) {
            // The names of drafts are numbered.
            let unit = name.trim_start_matches("column_").split_once('_').map_or("", |(_, unit)| unit).to_owned();
            facts.extend(int(row, name).map(|value| ((at, *column), fact(value, unit))));
        }
    }
    facts
}

fn has_values_across(frame: &Frame) -> bool {
    frame.column("source_column").is_some()
}

/// What the canonical unit of a unit is, and how many of it there are in so many: worked out by hand.
const WORTH: &[(&str, &str, i128, i128)] = &[
    ("元", "fen", 100, 1),
    ("千元", "fen", 100_000, 1),
    ("万元", "fen", 1_000_000, 1),
    ("亿元", "fen", 10_000_000_000, 1),
    ("%", "micro", 10_000, 1),
    ("上年=100", "micro", 10_000, 1),
    ("人", "persons", 1, 1),
    ("万人", "persons", 10_000, 1),
    ("个", "units", 1, 1),
    ("家", "units", 1, 1),
    ("户", "units", 1, 1),
    ("幢", "units", 1, 1),
    ("件", "units", 1, 1),
    ("床", "units", 1, 1),
    ("亩", "micromu", 1_000_000, 1),
    ("公顷", "micromu", 15_000_000, 1),
    ("万平方米", "micromu", 15_000_000, 1),
    ("吨", "g", 1_000_000, 1),
    ("万吨", "g", 10_000_000_000, 1),
    ("万千瓦时", "wh", 10_000_000, 1),
    ("亿千瓦时", "wh", 100_000_000_000, 1),
    ("百亿千焦", "j", 10_000_000_000_000, 1),
    ("万千瓦", "w", 10_000_000, 1),
    ("亿吨公里", "kgkm", 100_000_000_000, 1),
    ("亿元/平方公里", "microyuan_per_mu", 200_000_000_000, 3),
    ("元/吨", "microyuan_per_t", 1_000_000, 1),
];

/// A decimal in canonical units, to the nearest one; none where the unit is not in the table above.
fn canonical(value: &str, unit: &str) -> Option<(i64, &'static str)> {
    let &(_, name, above, below) = WORTH.iter().find(|(known, ..)| *known == unit)?;
    let (digits, exponent) = value.split_once(['e', 'E']).unwrap_or((value, "0"));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let mantissa: i128 = [whole, part].concat().parse().expect("digits");
    let scale = part.len() as i32 - exponent.parse::<i32>().expect("an exponent");
    // What is finer than this is none of a canonical unit.
    let (above, below) = (mantissa * above, below * 10_i128.pow(scale.clamp(0, 30) as u32));
    let half = if above < 0 { -below / 2 } else { below / 2 };
    Some((((above + half) / below) as i64, name))
}

/// What the facts of a run are other than the figures that `inspect` shows; empty if they are the same.
pub fn apart(figures: &BTreeMap<Place, String>, facts: &BTreeMap<Place, Fact>) -> Vec<String> {
    let mut apart = Vec::new();
    for (place, figure) in figures {
        let [value, unit, period] = figure.splitn(3, ' ').collect::<Vec<_>>().try_into().expect("three parts");
        let shown = format!("R{}C{} {figure}", place.0, place.1);
        let Some(fact) = facts.get(place) else {
            apart.push(format!("{shown}: no fact"));
            continue;
        };
        match canonical(value, unit) {
            Some((value, canonical)) if (fact.value, fact.unit.as_str()) == (value, canonical) => {}
            None if unit != "-" => {}
            _ => apart.push(format!("{shown}: {} {}", fact.value, fact.unit)),
        }
        let quarter = fact.quarter.as_deref();
        let is_same = match fact.period.as_deref() {
            Some(other) => other == period,
            None => quarter == end_of(period).as_deref(),
        };
        if !is_same {
            apart.push(format!("{shown}: period {:?}, quarter {quarter:?}", fact.period));
        }
    }
    let more = facts.iter().filter(|(place, _)| !figures.contains_key(place));
    apart.extend(more.map(|(place, fact)| format!("R{}C{}: only a fact {fact:?}", place.0, place.1)));
    apart
}

/// The quarter with which a period ends; none for what ends within one, or has none.
fn end_of(period: &str) -> Option<String> {
    let (year, rest) = period.split_at_checked(4)?;
    let month = match rest {
        "" => "12",
        quarter if quarter.starts_with('Q') => return Some(period.to_owned()),
        month => month.get(month.len() - 2..)?,
    };
    let month: u32 = month.parse().ok()?;
    month.is_multiple_of(3).then(|| format!("{year}Q{}", month / 3))
}

/// One input of `../shared/cases/reading` and what is right: the figures as `row and column, value, unit, period`, the codes that
/// `inspect` tells, and those of a run with its draft.
struct Case {
    file: &'static str,
    figures: &'static str,
    told: &'static [&'static str],
    by_run: &'static [&'static str],
}

/// `-` is what the file leaves open.
const CASES: &[Case] = &[
    // A year beside each figure; two of the figures look like a year and a month.
    Case {
        file: "01_year_like_value.csv",
        figures: "R2C2 1873.1 亿元 2001, R3C2 1910.3 亿元 2002, R4C2 1962.2 亿元 2003, R5C2 2279.7 亿元 2004, R6C2 2456.9 亿元 2005",
        told: &[],
        by_run: &[],
    },
    // The second enterprise has stopped: its row alone is set aside.
    Case {
        file: "03_text_row_in_body.csv",
        figures: "R4C2 1210 千元 2018-01/12, R4C3 85 千元 2018-01/12, R6C2 4090 千元 2018-01/12, R6C3 77 千元 2018-01/12, \
                  R7C2 4010 千元 2018-01/12, R7C3 72 千元 2018-01/12",
        told: &[],
        by_run: &["C001", "C001"],
    },
    // Two groups, each over three bare years.
    Case {
        file: "04_bare_years_under_groups.xlsx",
        figures: "R5C2 11.5 亿元 2016, R5C3 12.5 亿元 2017, R5C4 13.5 亿元 2018, R5C5 1.4 亿元 2016, R5C6 1.5 亿元 2017, \
                  R5C7 1.6 亿元 2018, R6C2 21.5 亿元 2016, R6C3 22.5 亿元 2017, R6C4 23.5 亿元 2018, R6C5 2.4 亿元 2016, \
                  R6C6 2.5 亿元 2017, R6C7 2.6 亿元 2018",
        told: &[],
        by_run: &[],
    },
    Case {
        file: "06_title_bare_year.csv",
        figures: "R4C2 11.5 亿元 2018, R5C2 21.5 亿元 2018",
        told: &[],
        by_run: &[],
    },
    Case {
        file: "07_title_year_after_dash.csv",
        figures: "R4C2 11.5 万吨 2018, R5C2 21.5 万吨 2018",
        told: &[],
        by_run: &[],
    },
    // Buildings beside their floor area.
    Case {
        file: "08_counting_word_heading.xlsx",
        figures: "R5C2 1032 幢 2018, R5C3 201.2 万平方米 2018, R5C4 145 幢 2018, R5C5 14.1 万平方米 2018, R6C2 511 幢 2018, \
                  R6C3 88.3 万平方米 2018, R6C4 60 幢 2018, R6C5 5.9 万平方米 2018",
        told: &[],
        by_run: &[],
    },
    // The share is in no unit of money, and the file does not say in which it is: it is asked for.
    Case {
        file: "09_growth_heading_percent.csv",
        figures: "R4C2 160.5 亿元 2018-01/09, R4C3 6.7 % 2018-01/09, R4C4 62.1 - 2018-01/09, R5C2 16.1 亿元 2018-01/09, \
                  R5C3 -1.2 % 2018-01/09",
        told: &[],
        by_run: &["L060"],
    },
    // Shown as 8.3%, stored as 0.083.
    Case {
        file: "10_percent_format.xlsx",
        figures: "R4C2 10.5 亿元 2018-01/12, R4C3 8.3 % 2018-01/12, R5C2 20.5 亿元 2018-01/12, R5C3 6.5 % 2018-01/12",
        told: &[],
        by_run: &[],
    },
    Case {
        file: "12_empty_column_in_wide_table.xlsx",
        figures: "R6C3 155.8 万吨 -, R6C5 -6.7 万吨 -, R6C7 124.8 万吨 -, R7C3 603.1 万吨 -, R8C3 2.1 万吨 -, R8C5 1.2 万吨 -, \
                  R8C7 3.3 万吨 -, R9C3 150.2 万吨 -, R9C5 5.5 万吨 -, R9C7 121.9 万吨 -",
        told: &[],
        by_run: &[],
    },
    // A third, and what is left of a subtraction.
    Case {
        file: "13_computed_values.xlsx",
        figures: "R3C2 10.5 亿元 2018-01/12, R3C3 8.33333333333333 % 2018-01/12, R4C2 20.5 亿元 2018-01/12, R4C3 7.5 % 2018-01/12, \
                  R5C2 5.55111512312578E-17 亿元 2018-01/12, R5C3 6.5 % 2018-01/12, R6C2 500.000000000001 亿元 2018-01/12, \
                  R6C3 5.5 % 2018-01/12",
        told: &[],
        by_run: &[],
    },
    Case {
        file: "14_units_of_the_field.csv",
        figures: "R3C3 12.5 亿元/平方公里 2018, R4C3 12.5 百亿千焦 2018, R5C3 12.5 万千瓦 2018, R6C3 125 床 2018, R7C3 1.2 亿吨公里 2018",
        told: &[],
        by_run: &[],
    },
    // The column of units says that there is none, and the name of the index its base.
    Case {
        file: "15_unit_column_says_none.csv",
        figures: "R2C4 106.5 上年=100 2018, R3C4 107.5 上年=100 2018",
        told: &[],
        by_run: &[],
    },
    // One of four values is not published.
    Case {
        file: "17_new_query_reply.json",
        figures: "R2C8 316.8 亿元 2026Q2, R4C8 154.8 亿元 2026Q1, R5C8 5.4 % 2026Q1",
        told: &[],
        by_run: &[],
    },
    // The unit stands in the line that names the indicator.
    Case {
        file: "19_indicator_line_holds_unit.csv",
        figures: "R5C2 2183 万人 2018, R5C3 2186 万人 2017, R6C2 1364 万人 2018, R6C3 1361 万人 2017",
        told: &[],
        by_run: &[],
    },
    Case {
        file: "20_years_down_quarters_across.csv",
        figures: "R4C2 10.5 亿元 2017Q1, R4C3 21.5 亿元 2017-01/06, R4C4 33.5 亿元 2017-01/09, R4C5 46.5 亿元 2017, \
                  R5C2 11.5 亿元 2018Q1, R5C3 23.5 亿元 2018-01/06, R5C4 36.5 亿元 2018-01/09, R5C5 50.5 亿元 2018",
        told: &[],
        by_run: &[],
    },
    Case {
        file: "21_groups_of_the_same_years.xlsx",
        figures: "R5C2 11.5 亿元 2017, R5C3 12.5 亿元 2018, R5C4 1.4 亿元 2017, R5C5 1.5 亿元 2018, R6C2 21.5 亿元 2017, \
                  R6C3 22.5 亿元 2018, R6C4 2.4 亿元 2017, R6C5 2.5 亿元 2018",
        told: &[],
        by_run: &[],
    },
    Case {
        file: "22_thousands_by_space.csv",
        figures: "R4C2 51943 人 2018, R5C2 341609 人 2018, R6C2 23704 人 2018",
        told: &[],
        by_run: &[],
    },
    // Names of header rows down the left are no headings of blank columns. Two series of one name differ in English words only, and
    // nothing says their unit.
    Case {
        file: "26_row_names_spread_right.csv",
        figures: "R6C2 206 - 2018-01-31, R6C3 400 - 2018-01-31, R6C4 101 % 2018-01-31, R7C2 216 - 2018-02-28, \
                  R7C3 410 - 2018-02-28, R7C4 102 % 2018-02-28",
        told: &[],
        by_run: &["L004", "L004"],
    },
];

/// The input with 4 000 rows of texts: the first 400 hold a number that counts them.
fn with_slow_text_columns() -> Vec<(Place, String)> {
    (0..400).map(|at| ((2 + at, 6), format!("{at} - -"))).collect()
}

/// Figures as a case states them, by their place.
pub fn places(figures: &str) -> BTreeMap<Place, String> {
    let figure = |figure: &str| {
        let (place, rest) = figure.trim().split_once(' ')?;
        let (row, column) = place.strip_prefix('R')?.split_once('C')?;
        Some(((row.parse().ok()?, column.parse().ok()?), rest.to_owned()))
    };
    figures.split(',').map(|text| figure(text).unwrap_or_else(|| panic!("{text}"))).collect()
}

fn shown(figures: &BTreeMap<Place, String>) -> String {
    figures.iter().map(|((row, column), figure)| format!("R{row}C{column} {figure}")).collect::<Vec<_>>().join(", ")
}

#[test]
fn every_shared_case_gives_its_figures_by_inspect_and_by_a_run_with_its_draft() {
    let Some(shared) = shared("small inputs that are read wrongly with ease") else { return };
    let folder = shared.join("cases/reading");
    let mut wrong = Vec::new();
    for case in CASES {
        let path = folder.join(case.file);
        let found = inspected(&path);
        let (figures, stated) = (figures(&found), places(case.figures));
        if figures != stated {
            wrong.push(format!("{}: {}", case.file, shown(&figures)));
        }
        let told: Vec<&str> = found.tables.iter().flat_map(|table| codes(&table.found.problems)).collect();
        if told != case.told {
            wrong.push(format!("{}: inspect tells {told:?}", case.file));
        }
        let made = made(&finished(drafted(&found)), case.file, &fs::read(&path).expect("its bytes"));
        if made.codes != case.by_run {
            wrong.push(format!("{}: a run tells {:?}\n{}", case.file, made.codes, drafted(&found)));
        }
        // What a code sets aside is no fact.
        let facts = apart(&stated, &made.facts);
        let open = stated.values().filter(|figure| figure.contains(" - ")).count();
        let missing = facts.iter().filter(|line| line.ends_with(": no fact")).count();
        if facts.len() > missing || missing > 0 && (case.by_run.is_empty() || missing != open) {
            wrong.push(format!("{}: {}\n{}", case.file, facts.join("\n"), drafted(&found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_shared_case_is_stated_here() {
    let Some(shared) = shared("small inputs that are read wrongly with ease") else { return };
    let entries = fs::read_dir(shared.join("cases/reading")).expect("a folder").filter_map(Result::ok);
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let inputs = names.filter(|name| !name.ends_with(".md") && !name.ends_with(".toml"));
    let stated = |name: &String| name == SLOW || CASES.iter().any(|case| case.file == name);
    assert_eq!(inputs.filter(|name| !stated(name)).collect::<Vec<_>>(), Vec::<String>::new());
}

const SLOW: &str = "24_slow_text_columns.csv";

#[test]
fn a_list_of_texts_with_blank_columns_is_one_table() {
    let Some(shared) = shared("small inputs that are read wrongly with ease") else { return };
    let found = inspected(&shared.join("cases/reading").join(SLOW));
    let [table] = found.tables.as_slice() else { panic!("{} tables", found.tables.len()) };
    assert_eq!((table.found.rows.len(), codes(&table.found.problems)), (4000, Vec::new()));
    assert_eq!(figures(&found), with_slow_text_columns().into_iter().collect());
}

/// Input, definition beside it, facts as `row and column = value, canonical unit, period` (or the quarter), and the codes told.
const DEFINED: &[(&str, &str, &str, &[&str])] = &[
    (
        "14_units_of_the_field.csv",
        "14_units_of_the_field.toml",
        "R3C3 = 833333333333 microyuan_per_mu 2018Q4, R4C3 = 125000000000000 j 2018Q4, R5C3 = 125000000 w 2018Q4, \
         R6C3 = 125 units 2018Q4, R7C3 = 120000000000 kgkm 2018Q4",
        &[],
    ),
    (
        "15_unit_column_says_none.csv",
        "15_unit_column_says_none.toml",
        "R2C4 = 1065000 micro 2018, R3C4 = 1075000 micro 2018",
        &[],
    ),
    (
        "21_groups_of_the_same_years.xlsx",
        "21_groups_of_the_same_years.toml",
        "R5C2 = 115000000000 fen 2017, R5C3 = 125000000000 fen 2018, R5C4 = 14000000000 fen 2017, R5C5 = 15000000000 fen 2018, \
         R6C2 = 215000000000 fen 2017, R6C3 = 225000000000 fen 2018, R6C4 = 24000000000 fen 2017, R6C5 = 25000000000 fen 2018",
        &[],
    ),
    (
        "22_thousands_by_space.csv",
        "22_thousands_by_space.toml",
        "R4C2 = 51943 persons 2018Q4, R5C2 = 341609 persons 2018Q4, R6C2 = 23704 persons 2018Q4",
        &[],
    ),
];

#[test]
fn the_definitions_beside_shared_cases_give_their_facts() {
    let Some(shared) = shared("definitions of small inputs") else { return };
    let folder = shared.join("cases/reading");
    for (file, definition, stated, told) in DEFINED {
        let definition = fs::read_to_string(folder.join(definition)).expect("a definition");
        let made = made(&definition, file, &fs::read(folder.join(file)).expect("its bytes"));
        let line = |((row, column), fact): (&Place, &Fact)| {
            let period = fact.period.as_ref().or(fact.quarter.as_ref()).map_or("-", String::as_str);
            format!("R{row}C{column} = {} {} {period}", fact.value, fact.unit)
        };
        let facts: Vec<String> = made.facts.iter().map(line).collect();
        assert_eq!((facts.join(", ").as_str(), made.codes.as_slice()), (*stated, *told), "{file}");
    }
}
