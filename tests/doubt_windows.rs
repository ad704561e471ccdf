//! What is missing or changes: a figure is right, or has a flag, or is null with its reason; never wrong without a word.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use store::parquet;

use crate::doubt_between::Case;
use crate::support::{cells, finish, tree};

/// Level, area, quarter, indicator.
type Key = (String, String, String, String);

/// One published row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub value: Option<f64>,
    pub status: String,
    pub reason: String,
    pub dataset: String,
    pub coverage: Option<f64>,
    pub yoy: Option<f64>,
    pub on_track: Option<bool>,
}

pub(crate) type Rows = BTreeMap<Key, Row>;

pub(crate) fn released(store: &Path) -> Rows {
    let mut rows = Rows::new();
    for (name, bytes) in tree(&store.join("current").canonicalize().unwrap().join("indicators")) {
        let part = |prefix: &str| name.split('/').find_map(|part| part.strip_prefix(prefix)).unwrap().to_owned();
        let frame = parquet::read(bytes, |_| true).unwrap().frame;
        let text =
            |column: &str, row: usize| frame.column(column).and_then(|values| values.text(row)).unwrap_or_default();
        let float = |column: &str, row: usize| frame.floats(column).and_then(|values| values.get(row));
        for row in 0..frame.rows() {
            let key = (part("level="), text("ref_area", row), part("quarter="), text("indicator", row));
            let on_track = Some(text("on_track", row)).filter(|word| !word.is_empty()).map(|word| word == "true");
            let found = Row {
                value: float("value", row),
                status: text("obs_status", row),
                reason: text("reason", row),
                dataset: text("reason_dataset", row),
                coverage: float("coverage", row),
                yoy: float("yoy", row),
                on_track,
            };
            assert!(rows.insert(key, found).is_none());
        }
    }
    rows
}

/// The sample as it was sent.
static WHOLE: LazyLock<Rows> = LazyLock::new(|| {
    let case = Case::new();
    case.run();
    released(&case.path("store"))
});

fn of(rows: &Rows, level: &str, area: &str, quarter: &str, indicator: &str) -> Row {
    let key = (level.to_owned(), area.to_owned(), quarter.to_owned(), indicator.to_owned());
    rows.get(&key).unwrap_or_else(|| panic!("{key:?}")).clone()
}

fn province(rows: &Rows, quarter: &str, indicator: &str) -> Row {
    of(rows, "province", "410000", quarter, indicator)
}

pub(crate) fn is_near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * b.abs().max(1e-3),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// The register of parks, as rows of cells.
fn edit_register(case: &Case, name: &str, change: impl FnOnce(Vec<Vec<String>>) -> Vec<Vec<String>>) {
    let path = case.path("config/registers").join(name);
    let text = fs::read_to_string(&path).unwrap();
    let rows = change(text.lines().map(cells).collect());
    fs::write(path, rows.iter().map(|row| row.join(",") + "\n").collect::<String>()).unwrap();
}

/// Ends a park of the register with 2018 and names its successor.
fn close(park: &mut [String], successor: &str) {
    park[7] = "2018Q4".to_owned();
    park[8] = successor.to_owned();
}

/// A park like another one, under a code of its own from 2019 on.
fn opened(park: &[String], code: &str) -> Vec<String> {
    let mut new = park.to_vec();
    new[0] = code.to_owned();
    new[6] = "2019Q1".to_owned();
    new[7] = String::new();
    new[8] = String::new();
    new
}

/// Leaves out the lines of an export, by their number among those with figures, for which `drop` holds.
fn without_rows(text: &str, drop: impl Fn(usize) -> bool) -> String {
    let mut number = 0;
    let mut kept = |line: &&str| {
        let is_row = line.chars().filter(char::is_ascii_digit).count() > 30;
        number += usize::from(is_row);
        !is_row || !drop(number)
    };
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let lines: Vec<&str> = text.split(end).filter(|line| kept(line)).collect();
    lines.join(end)
}

#[test]
fn sums_over_four_quarters_with_a_year_that_was_never_sent_are_withheld_and_name_it() {
    let case = Case::new();
    fs::remove_file(case.path(&case.name("税收_2018年1-12月"))).unwrap();
    let said = case.run();
    let rows = released(&case.path("store"));
    for quarter in ["2018Q4", "2019Q1", "2019Q2", "2019Q3"] {
        let found = province(&rows, quarter, "tax_per_mu_ttm");
        let told = (found.value, found.status.as_str(), found.reason.as_str(), found.dataset.as_str());
        assert_eq!(told, (None, "O", "withheld", "tax"), "{quarter}");
        assert_eq!((found.yoy, found.on_track), (None, None), "{quarter}");
    }
    let hole = province(&rows, "2018Q4", "tax_per_mu_ytd");
    assert_eq!((hole.value, hole.reason.as_str(), hole.dataset.as_str()), (None, "not_reported", "tax"));
    // The year that is whole again has its figure, and no comparison with the one that is not.
    let (after, before) = (province(&rows, "2019Q4", "tax_per_mu_ttm"), province(&WHOLE, "2019Q4", "tax_per_mu_ttm"));
    assert!(is_near(after.value, before.value) && after.yoy.is_none(), "{after:?}");
    assert!(said.contains("withheld, too little was reported (tax"), "{said}");
    assert!(said.contains("M018"), "{said}");
}

#[test]
fn one_cell_that_is_missing_flags_the_park_and_three_quarters_after() {
    let case = Case::new();
    let register = fs::read_to_string(case.path("config/registers/enterprise_park.csv")).unwrap();
    // One that never moved, of the first park.
    let unit =
        register.lines().map(cells).find(|row| row[2] == "4101001" && row[3].as_str() < "2017Q1" && row[4].is_empty());
    let unit = unit.unwrap()[0].clone();
    case.edit("税收_2018年1-12月", |text| {
        let blank = |line: &str| {
            let mut fields: Vec<&str> = line.split('\t').collect();
            fields[2] = "…";
            fields.join("\t")
        };
        let lines = text.lines().map(|line| if line.contains(&unit) { blank(line) } else { line.to_owned() });
        lines.collect::<Vec<_>>().join("\n") + "\n"
    });
    case.run();
    let rows = released(&case.path("store"));
    for quarter in ["2018Q4", "2019Q1", "2019Q2", "2019Q3"] {
        let (found, whole) = (
            of(&rows, "park", "4101001", quarter, "tax_per_mu_ttm"),
            of(&WHOLE, "park", "4101001", quarter, "tax_per_mu_ttm"),
        );
        assert!(!is_near(found.value, whole.value), "{quarter}: the cell has no part in it");
        assert_eq!((found.status.as_str(), found.dataset.as_str()), ("U", "tax"), "{quarter}: {found:?}");
    }
    for quarter in ["2018Q3", "2019Q4"] {
        let (found, whole) = (
            of(&rows, "park", "4101001", quarter, "tax_per_mu_ttm"),
            of(&WHOLE, "park", "4101001", quarter, "tax_per_mu_ttm"),
        );
        assert_eq!((found.value, found.status), (whole.value, whole.status), "{quarter}");
    }
}

#[test]
fn parks_that_are_only_given_other_codes_go_on_as_what_they_were() {
    let case = Case::new();
    edit_register(&case, "parks.csv", |mut rows| {
        let new: Vec<Vec<String>> = rows[1..].iter().map(|park| opened(park, &format!("9{}", &park[0][1..]))).collect();
        for park in &mut rows[1..] {
            let code = format!("9{}", &park[0][1..]);
            close(park, &code);
        }
        rows.into_iter().chain(new).collect()
    });
    case.run();
    let rows = released(&case.path("store"));
    let mut compared = 0;
    for ((level, area, quarter, indicator), whole) in WHOLE.iter() {
        let is_new = level == "park" && quarter.as_str() >= "2019Q1";
        let area = if is_new { format!("9{}", &area[1..]) } else { area.clone() };
        let found = of(&rows, level, &area, quarter, indicator);
        assert!(is_near(found.value, whole.value), "{level} {area} {quarter} {indicator}: {found:?}, {whole:?}");
        assert_eq!(found.status, whole.status, "{level} {area} {quarter} {indicator}");
        assert!(is_near(found.yoy, whole.yoy), "{level} {area} {quarter} {indicator}: {found:?}, {whole:?}");
        compared += usize::from(found.value.is_some());
    }
    assert!(compared > 20_000, "{compared}");
}

#[test]
fn parks_that_became_one_move_neither_their_city_nor_the_province() {
    let case = Case::new();
    // The first two parks have land, and one ledger, that still names them.
    edit_register(&case, "parks.csv", |mut rows| {
        let new = opened(&rows[1], "4101009");
        close(&mut rows[1], "4101009");
        close(&mut rows[2], "4101009");
        rows.push(new);
        rows
    });
    case.run();
    let rows = released(&case.path("store"));
    for indicator in ["tax_per_mu_ttm", "value_added_per_mu_ttm", "enterprises", "enterprises_left", "real_growth_ytd"]
    {
        for quarter in ["2018Q4", "2019Q1", "2019Q2", "2019Q3", "2019Q4"] {
            for (level, area) in [("province", "410000"), ("city", "410100")] {
                let (found, whole) =
                    (of(&rows, level, area, quarter, indicator), of(&WHOLE, level, area, quarter, indicator));
                assert!(is_near(found.value, whole.value), "{level} {quarter} {indicator}: {found:?}, {whole:?}");
                assert!(is_near(found.yoy, whole.yoy), "{level} {quarter} {indicator}: {found:?}, {whole:?}");
            }
        }
    }
    // The new park has the four quarters of those that are in it, on the land of both, and nothing a year before to compare with.
    let found = of(&rows, "park", "4101009", "2019Q1", "tax_per_mu_ttm");
    assert_eq!((found.status.as_str(), found.reason.as_str(), found.yoy), ("B", "territory", None), "{found:?}");
    let of_both = |quarter: &str| -> (f64, f64) {
        let half = |park: &str| of(&WHOLE, "park", park, quarter, "tax_per_mu_ttm").value.unwrap();
        (half("4101001"), half("4101002"))
    };
    let (one, other) = of_both("2019Q1");
    assert!(found.value.unwrap() > one.min(other) && found.value.unwrap() < one.max(other), "{found:?} {one} {other}");
    let turned = of(&rows, "park", "4101009", "2019Q2", "enterprises_entered");
    assert_eq!((turned.value, turned.status.as_str()), (None, "M"), "{turned:?}");
}

#[test]
fn an_enterprise_that_enters_in_mid_year_never_brings_more_than_four_quarters() {
    let case = Case::new();
    edit_register(&case, "enterprise_park.csv", |mut rows| {
        let old =
            rows[1..].iter_mut().filter(|row| row[2] == "4101001" && row[4].is_empty() && row[3].as_str() < "2017Q1");
        old.take(4).for_each(|row| row[3] = "2018Q3".to_owned());
        rows
    });
    case.run();
    let rows = released(&case.path("store"));
    // From the end of its first year on its sums are those of one that was always there.
    for quarter in ["2018Q4", "2019Q1", "2019Q2", "2019Q3", "2019Q4"] {
        for (level, area) in [("park", "4101001"), ("province", "410000")] {
            let (found, whole) =
                (of(&rows, level, area, quarter, "tax_per_mu_ttm"), of(&WHOLE, level, area, quarter, "tax_per_mu_ttm"));
            assert!(is_near(found.value, whole.value), "{level} {quarter}: {found:?}, {whole:?}");
        }
    }
    // In it, it counts from January: less than one that was there before, and no more than its year.
    let (third, whole) = (
        of(&rows, "park", "4101001", "2018Q3", "revenue_per_mu_ttm"),
        of(&WHOLE, "park", "4101001", "2018Q3", "revenue_per_mu_ttm"),
    );
    assert!(third.value.unwrap() < whole.value.unwrap(), "{third:?} {whole:?}");
}

#[test]
fn a_young_park_has_the_four_quarters_of_those_that_moved_in() {
    // In the sample the park opens in 2018 with enterprises that were on the register before.
    let first = of(&WHOLE, "park", "4110002", "2018Q1", "tax_per_mu_ttm");
    let last = of(&WHOLE, "park", "4110002", "2018Q4", "tax_per_mu_ttm");
    assert!(first.value.unwrap() > 0.9 * last.value.unwrap(), "{first:?} {last:?}");
}

#[test]
fn without_a_list_nothing_is_known_which_is_not_none() {
    let case = Case::new();
    fs::remove_file(case.path(&case.name("智能化改造项目名单"))).unwrap();
    case.run();
    let rows = released(&case.path("store"));
    let told = |row: Row| (row.value, row.status, row.reason, row.dataset);
    let missing = || (None, "O".to_owned(), "not_reported".to_owned(), "retrofit".to_owned());
    for quarter in ["2017Q1", "2019Q4"] {
        assert_eq!(told(province(&rows, quarter, "smart_retrofit_coverage")), missing(), "{quarter}");
    }
    // Before the list was issued, it is not there either.
    let case = Case::new();
    let (code, _, stderr) = finish(&mut case.command(&["run", "--as-of", "20191031", "--make-current"]));
    assert_eq!(code, 0, "{stderr}");
    let rows = released(&case.path("store"));
    assert_eq!(told(province(&rows, "2019Q3", "smart_retrofit_coverage")), missing());
}

#[test]
fn a_row_of_research_that_is_set_aside_is_as_unknown_as_one_that_says_nothing() {
    let with = |cell: &str| {
        let case = Case::new();
        let changed = |line: &str| {
            let mut fields: Vec<&str> = line.split(',').collect();
            fields[2] = cell;
            fields.join(",")
        };
        case.edit("研发活动_2019年1-12月", |text| {
            let is_row = |line: &str| line.chars().filter(char::is_ascii_digit).count() > 20;
            let lines = text.split("\r\n").enumerate();
            let lines =
                lines.map(|(at, line)| if is_row(line) && at % 8 == 0 { changed(line) } else { line.to_owned() });
            lines.collect::<Vec<_>>().join("\r\n")
        });
        case.run();
        province(&released(&case.path("store")), "2019Q4", "rd_intensity_ytd")
    };
    let (aside, blank) = (with("约12"), with("…"));
    assert_eq!((aside.value, aside.coverage), (blank.value, blank.coverage));
    let whole = province(&WHOLE, "2019Q4", "rd_intensity_ytd");
    assert!(aside.value != whole.value && aside.coverage < whole.coverage, "{aside:?} {whole:?}");
}

#[test]
fn a_figure_over_something_whole_is_none_when_half_of_its_form_came() {
    let case = Case::new();
    case.edit("B204-1工业产销总值_2019年1-12月", |text| without_rows(text, |row| row % 2 == 0));
    case.run();
    let rows = released(&case.path("store"));
    for indicator in ["share_of_province_va_ytd", "value_added_per_mu_ttm", "contribution_ytd", "real_growth_ytd"] {
        let found = province(&rows, "2019Q4", indicator);
        let told = (found.value, found.reason.as_str(), found.dataset.as_str());
        assert_eq!(told, (None, "withheld", "output"), "{indicator}: {found:?}");
        assert!(is_near(province(&rows, "2019Q3", indicator).value, province(&WHOLE, "2019Q3", indicator).value));
    }
}

#[test]
fn who_left_is_not_told_by_who_did_not_file() {
    let case = Case::new();
    case.edit("B203财务状况_2019年1-12月", |text| without_rows(text, |row| row % 5 < 2));
    let (code, _, stderr) = finish(&mut case.command(&["run"]));
    assert_eq!(code, 0, "{stderr}");
    let rows = released(&case.path("store"));
    for indicator in ["enterprises_left", "enterprises_stayed", "enterprises", "enterprises_10bn"] {
        let found = province(&rows, "2019Q4", indicator);
        assert_eq!((found.value, found.reason.as_str()), (None, "withheld"), "{indicator}: {found:?}");
    }
}
