//! The handbook of the indicators says what is computed, and its worked example is worked out again.

use std::collections::BTreeMap;
use std::fs;

use protect::Profile;
use publish::{Language, handbook};
use run::{Options, Setup};

use crate::support::{cells, finish, folder, mujun, root};

/// The figure of the example: a park without moves, gaps or rows set aside, and a quarter in the middle of a year.
const PARK: &str = "4190003";
const QUARTER: &str = "2019Q3";
const LEDGER: &str = "examples/exports/自然资源/济源市工业用地台账_20200115.csv";

/// Exports of the example with the quarters that their figures are cumulative to.
const TAX: [(&str, &str); 5] = [
    ("2018Q3", "规上工业企业税收_2018年1-9月_20181020.txt"),
    ("2018Q4", "规上工业企业税收_2018年1-12月_20190120.txt"),
    ("2019Q1", "规上工业企业税收_2019年1-3月_20190420.txt"),
    ("2019Q2", "规上工业企业税收_2019年1-6月_20190720.txt"),
    ("2019Q3", "规上工业企业税收_2019年1-9月_20191020.txt"),
];

fn text_of(path: &str) -> String {
    String::from_utf8(fs::read(root().join(path)).unwrap()).unwrap().trim_start_matches('\u{feff}').to_owned()
}

/// The organisation codes of the park's enterprises, each of which is there from before the first quarter to the end.
fn members() -> Vec<String> {
    let register = text_of("config/registers/enterprise_park.csv");
    let rows: Vec<Vec<String>> = register.lines().skip(1).map(cells).collect();
    let members: Vec<String> = rows.iter().filter(|row| row[2] == PARK).map(|row| row[0].clone()).collect();
    for row in rows.iter().filter(|row| members.contains(&row[0])) {
        assert!(row[2] == PARK && row[3].as_str() < "2018Q3" && row[4].is_empty(), "the example has a move");
    }
    members
}

/// A decimal with `places` places as a whole number of its last place; some cells are in full-width digits.
fn whole(text: &str, places: usize) -> i64 {
    let narrow =
        |c: char| char::from_u32(u32::from(c).wrapping_sub(0xFEE0)).filter(|c| c.is_ascii_graphic()).unwrap_or(c);
    let text: &str = &text.chars().filter(|c| *c != ',').map(narrow).collect::<String>();
    let (before, after) = text.split_once('.').unwrap_or((text, ""));
    assert!(after.len() <= places, "{text}");
    format!("{before}{after:0<places$}").parse().unwrap()
}

/// A whole number of hundredths or the like, as a decimal.
fn decimal(value: i64, places: u32) -> String {
    let one = 10_i64.pow(places);
    format!("{}.{:0width$}", value / one, value % one, width = places as usize)
}

/// Rows and sum, in hundredths of 万元, of the members in an export.
fn tax(file: &str, members: &[String]) -> (usize, i64) {
    let text = text_of(&format!("examples/exports/税务/{file}"));
    assert!(text.contains("单位：万元"));
    let code =
        |cell: &str| if cell.len() == 18 && cell.is_ascii() { cell[8..17].to_owned() } else { cell.replace('-', "") };
    let rows: Vec<i64> = text
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|cells| cells.len() == 4 && members.contains(&code(cells[0])))
        .map(|cells| whole(cells[2], 2))
        .collect();
    (rows.len(), rows.iter().sum())
}

/// Parcels of the park: name, day granted, area in ten-thousandths of a hectare; and how many there are of all uses.
fn parcels() -> (usize, Vec<(String, String, i64)>) {
    let bytes = fs::read(root().join(LEDGER)).unwrap();
    let (ledger, _, broken) = encoding_rs::GB18030.decode(&bytes);
    assert!(!broken && ledger.contains("单位：公顷"));
    let rows: Vec<Vec<String>> = ledger.lines().map(cells).filter(|row| row.len() == 7 && row[1] == PARK).collect();
    let digits = |day: &str| -> Vec<u32> {
        match day.split(['-', '/']).map(|part| part.parse().unwrap()).collect::<Vec<u32>>()[..] {
            [one] => vec![one / 10_000, one / 100 % 100, one % 100],
            ref parts => parts.to_vec(),
        }
    };
    let counted = rows
        .iter()
        .filter(|row| row[3] == "工业用地" && digits(&row[5]) <= vec![2019, 9, 30] && row[6].is_empty())
        .map(|row| {
            let day = digits(&row[5]);
            (row[0].clone(), format!("{}-{:02}-{:02}", day[0], day[1], day[2]), whole(&row[4], 4))
        })
        .collect();
    (rows.len(), counted)
}

/// The row of the example in the release of the sample.
fn published() -> BTreeMap<String, String> {
    let store = folder();
    let (code, _, stderr) = finish(mujun(store.path()).arg("run"));
    assert_eq!(code, 0, "{stderr}");
    let path = store.path().join("current/reports").join(QUARTER).join("csv/park.csv");
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(cells);
    let head = lines.next().unwrap();
    let rows = lines.map(|row| head.iter().cloned().zip(row).collect::<BTreeMap<_, _>>());
    rows.into_iter().find(|row| row["ref_area"] == PARK && row["indicator"] == "tax_per_mu_ttm").unwrap()
}

/// What the example says, worked out here from the exports and held against the release.
fn figures() -> BTreeMap<&'static str, String> {
    let members = members();
    let sums: Vec<(&str, &str, usize, i64)> = TAX
        .iter()
        .map(|(quarter, file)| {
            let (rows, sum) = tax(file, &members);
            assert_eq!(rows, members.len(), "{file}: every enterprise has one row");
            (*quarter, *file, rows, sum)
        })
        .collect();
    let cumulative = |quarter: &str| sums.iter().find(|(q, ..)| *q == quarter).unwrap().3;
    let steps = [("2018Q4", Some("2018Q3")), ("2019Q1", None), ("2019Q2", Some("2019Q1")), ("2019Q3", Some("2019Q2"))];
    let of_quarters: Vec<(String, i64)> = steps
        .iter()
        .map(|(quarter, before)| {
            let (now, less) = (cumulative(quarter), before.map_or(0, &cumulative));
            let how = before.map_or(String::new(), |_| format!("{} − {}", decimal(now, 2), decimal(less, 2)));
            (format!("| {quarter} | {how} | {} |", decimal(now - less, 2)), now - less)
        })
        .collect();
    let tax: i64 = of_quarters.iter().map(|(_, amount)| amount).sum();
    let (all_parcels, parcels) = parcels();
    let hectares: i64 = parcels.iter().map(|(.., area)| area).sum();
    let mu = hectares * 15;
    let row = published();
    // 万元/亩 from hundredths of 万元 and ten-thousandths of a mu.
    let value = tax as f64 * 100.0 / mu as f64;
    assert_eq!(row["numerator"], (tax * 10_000).to_string());
    assert_eq!(row["denominator"], (mu * 100).to_string());
    assert!((row["value"].parse::<f64>().unwrap() - value).abs() < 1e-12, "{} is not {value}", row["value"]);
    assert_eq!((row["obs_status"].as_str(), row["coverage"].as_str()), ("A", "1"));
    let lines = |lines: Vec<String>| lines.join("\n");
    BTreeMap::from([
        ("park", PARK.to_owned()),
        ("name", row["ref_area_name"].clone()),
        ("quarter", QUARTER.to_owned()),
        ("from", TAX[0].0.to_owned()),
        ("units", members.len().to_string()),
        (
            "sums",
            lines(
                sums.iter()
                    .map(|(_, file, rows, sum)| format!("| `{file}` | {rows} | {} |", decimal(*sum, 2)))
                    .collect(),
            ),
        ),
        ("quarters", lines(of_quarters.into_iter().map(|(line, _)| line).collect())),
        ("tax", decimal(tax, 2)),
        ("ledger", LEDGER.rsplit('/').next().unwrap().to_owned()),
        ("all_parcels", all_parcels.to_string()),
        ("counted", parcels.len().to_string()),
        (
            "parcels",
            lines(
                parcels.iter().map(|(name, day, area)| format!("| {name} | {day} | {} |", decimal(*area, 4))).collect(),
            ),
        ),
        ("hectares", decimal(hectares, 4)),
        ("mu", decimal(mu, 4)),
        ("value", format!("{:.4}…", (value * 1e4).floor() / 1e4)),
        ("shown", format!("{value:.2}")),
        ("numerator", row["numerator"].clone()),
        ("denominator", row["denominator"].clone()),
        ("published", row["value"].clone()),
        ("status", row["obs_status"].clone()),
        ("coverage", row["coverage"].clone()),
        ("target", row["target"].clone()),
        ("gap", row["gap"].clone()),
    ])
}

#[test]
fn the_handbook_says_what_is_computed_and_its_example_can_be_checked_by_hand() {
    let setup = Setup::load(Options {
        config: root().join("config"),
        store: None,
        inbox: None,
        registers: None,
        span: None,
        as_of: None,
        profile: Profile::Internal,
        make_current: false,
        now: 0,
    })
    .unwrap();
    let figures = figures();
    for (name, example, language) in [
        ("indicators.md", "example.md", Language::English),
        ("indicators.zh-CN.md", "example.zh-CN.md", Language::Chinese),
    ] {
        let template = text_of(&format!("tests/handbook/{example}"));
        let worked = figures.iter().fold(template, |text, (key, value)| text.replace(&format!("{{{key}}}"), value));
        assert!(!worked.contains('{'), "{worked}");
        let text = handbook(&setup.config, &setup.dictionary, language) + &worked;
        let path = root().join("docs").join(name);
        if std::env::var_os("UPDATE_CASES").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let document = fs::read_to_string(&path).unwrap_or_default();
        assert!(document == text, "docs/{name} is out of date: UPDATE_CASES=1 cargo test the_handbook");
        for indicator in &setup.config.indicators {
            let anchor = format!("<a id=\"{}\"></a>", indicator.id);
            assert_eq!(document.matches(&anchor).count(), 1, "docs/{name}: {}", indicator.id);
        }
    }
}
