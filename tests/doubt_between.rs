//! What exports say against one another: a figure is right, or null, or told; never wrong without a word.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use read::{Expect, Limits};
use store::parquet;
use vocab::unit::{self, Dimension};

use crate::cli::{copy_config, json, replace};
use crate::metamorphic::{decoded, encoded};
use crate::support::exports::{xlsx, zipped};
use crate::support::{finish, folder, is_slow, mujun, root, run_sample, sample, tree};

/// The files of a sample, and what the generator says is true of it.
static SAMPLE: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let out = folder();
    sample(out.path(), 4451, 260, 12, 12);
    tree(out.path())
});

/// Codes of what exports have against one another.
const CODES: [&str; 5] = ["C026", "C037", "C038", "C039", "F006"];

/// A sample in a folder of its own, to be changed, with its store.
pub(crate) struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    pub(crate) fn new() -> Case {
        let case = Case { folder: folder() };
        for (name, bytes) in SAMPLE.iter() {
            case.write(name, bytes);
        }
        case
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The one export whose name has this in it.
    pub(crate) fn name(&self, part: &str) -> String {
        let found: Vec<String> = tree(&self.path("exports")).into_keys().filter(|name| name.contains(part)).collect();
        assert_eq!(found.len(), 1, "{part}: {found:?}");
        format!("exports/{}", found[0])
    }

    fn text(&self, part: &str) -> (String, bool) {
        decoded(&fs::read(self.path(&self.name(part))).unwrap())
    }

    /// Changes the text of an export.
    pub(crate) fn edit(&self, part: &str, change: impl Fn(&str) -> String) {
        let (text, is_gb18030) = self.text(part);
        self.write(&self.name(part), &encoded(&change(&text), is_gb18030));
    }

    /// Issues an export once more under another name.
    fn again(&self, part: &str, name: impl Fn(&str) -> String, change: impl Fn(&str) -> String) {
        let (text, is_gb18030) = self.text(part);
        self.write(&name(&self.name(part)), &encoded(&change(&text), is_gb18030));
    }

    pub(crate) fn command(&self, args: &[&str]) -> std::process::Command {
        let mut command = mujun(&self.path("store"));
        command.args(args).arg("--inbox").arg(self.path("exports"));
        command.arg("--registers").arg(self.path("config/registers"));
        command
    }

    pub(crate) fn run(&self) -> String {
        let (code, stdout, stderr) = finish(&mut self.command(&["run", "--lang", "en"]));
        assert_eq!(code, 0, "{stdout}{stderr}");
        stdout
    }

    fn ask(&self, args: &[&str]) -> serde_json::Value {
        let (code, stdout, stderr) = finish(&mut self.command(&[args, &["--format", "json"]].concat()));
        assert_eq!(code, 0, "{stderr}");
        json(&stdout)
    }

    /// What exports have against one another: code, file, what was found, and what it was held against.
    fn told(&self) -> Vec<[String; 4]> {
        told(&self.path("store"))
    }

    /// Value and status of an indicator of the province.
    fn province(&self, quarter: &str, indicator: &str) -> (Option<f64>, String) {
        let path = format!("store/current/indicators/level=province/quarter={quarter}/part-0.parquet");
        let frame = parquet::read(fs::read(self.path(&path)).unwrap(), |_| true).unwrap().frame;
        let names = frame.texts("indicator").unwrap();
        let row = (0..frame.rows()).find(|row| names.get(*row) == Some(indicator)).unwrap();
        (frame.floats("value").unwrap().get(row), frame.column("obs_status").unwrap().text(row).unwrap())
    }

    /// Every figure of the tables beneath the indicators: what is set aside is in none of them.
    fn figures(&self) -> BTreeMap<String, Vec<Vec<Option<String>>>> {
        let tables = tree(&self.path("store/current").canonicalize().unwrap().join("tables"));
        let rows = |bytes: Vec<u8>| {
            let frame = parquet::read(bytes, |_| true).unwrap().frame.without(&["release", "vintage"]);
            (0..frame.rows()).map(|row| frame.columns().iter().map(|(_, v)| v.text(row)).collect()).collect()
        };
        tables.into_iter().filter(|(name, _)| name.ends_with(".parquet")).map(|(name, b)| (name, rows(b))).collect()
    }
}

fn told(store: &std::path::Path) -> Vec<[String; 4]> {
    let bytes = fs::read(store.join("current/quality/problems/part-0.parquet")).unwrap();
    let frame = parquet::read(bytes, |_| true).unwrap().frame;
    let cell = |row, name: &str| frame.column(name).and_then(|values| values.text(row)).unwrap_or_default();
    let row = |row| ["code", "file", "found", "expected"].map(|name| cell(row, name));
    (0..frame.rows()).map(row).filter(|row: &[String; 4]| CODES.contains(&row[0].as_str())).collect()
}

/// What the generator knows of the province in a quarter.
fn truth(quarter: &str, indicator: &str) -> f64 {
    let text = String::from_utf8(SAMPLE["truth/indicators.csv"].clone()).unwrap();
    let wanted = format!(",{quarter},{indicator},");
    let line = text.lines().find(|line| line.starts_with("province,") && line.contains(&wanted)).unwrap();
    line.split(',').nth(4).unwrap().parse().unwrap()
}

/// Holds a published figure against the truth as it is computed by the generator: to twelve digits.
fn assert_is(found: (Option<f64>, String), expected: f64) {
    let value = found.0.unwrap_or_else(|| panic!("{found:?}"));
    assert!((value / expected - 1.0).abs() < 1e-12, "{value} is not {expected}");
}

/// An amount as the lists write it, in hundredths; the tests' own reading.
fn amount(cell: &str) -> Option<i64> {
    let plain = |c: char| match c {
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        '．' => Some('.'),
        ',' => None,
        c if c.is_whitespace() => None,
        c => Some(c),
    };
    let text: String = cell.chars().filter_map(plain).collect();
    text.parse::<f64>().ok().map(|amount| (amount * 100.0).round() as i64)
}

fn code(cell: &str) -> String {
    cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}').to_owned()
}

const YEAR: &str = "税收_2019年1-12月";

/// The tax list of a period by code: this year's and last year's amount.
fn tax(part: &str) -> BTreeMap<String, [Option<i64>; 2]> {
    let (_, bytes) = SAMPLE.iter().find(|(name, _)| name.contains(part)).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let rows = text.lines().map(|line| line.split('\t').collect::<Vec<_>>()).filter(|cells| cells.len() == 4);
    rows.map(|cells| (code(cells[0]), [amount(cells[2]), amount(cells[3])])).collect()
}

/// The list with other amounts of this year: `change` has the number of the row, its code and its amount.
fn amounts(text: &str, change: impl Fn(usize, &str, i64) -> Option<String>) -> String {
    let mut number = 0;
    let line = |line: &str| {
        let mut cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        if cells.len() == 4
            && let Some(before) = amount(&cells[2])
        {
            if let Some(after) = change(number, &code(&cells[0]), before) {
                cells[2] = after;
            }
            number += 1;
        }
        cells.join("\t")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

fn hundredths(amount: i64) -> String {
    format!("{}.{:02}", amount / 100, amount % 100)
}

/// Runs the tax list of 2019 with ten times the amounts in these rows, and once more with nothing in every row that then is
/// nearer to ten times than to once what is known of it, by this test's own reckoning. Both must give the same figures.
fn tenfold_is_as_good_as_blank(is_off: impl Fn(usize, &str) -> bool) -> Vec<[String; 4]> {
    let (before, quarter, now) = (tax("税收_2018年1-12月"), tax("税收_2019年1-9月"), tax(YEAR));
    let known = |code: &str| -> Option<f64> {
        let of = |list: &BTreeMap<String, [Option<i64>; 2]>, at: usize| {
            list.get(code).and_then(|amounts| amounts[at]).filter(|amount| *amount != 0).map(|amount| amount as f64)
        };
        of(&before, 0).or_else(|| of(&now, 1)).or_else(|| of(&quarter, 0).map(|amount| amount * 4.0 / 3.0))
    };
    let faulty = Case::new();
    faulty.edit(YEAR, |text| amounts(text, |row, code, amount| is_off(row, code).then(|| hundredths(amount * 10))));
    faulty.run();
    let blank = Case::new();
    blank.edit(YEAR, |text| {
        amounts(text, |row, code, amount| {
            let amount = if is_off(row, code) { amount * 10 } else { amount };
            let is_near = known(code).is_none_or(|known| amount as f64 / known >= 10_f64.sqrt());
            (amount != 0 && is_near).then(|| "…".to_owned())
        })
    });
    blank.run();
    assert_eq!(blank.told(), Vec::<[String; 4]>::new(), "what is blank is no fault");
    assert!(faulty.figures() == blank.figures(), "what is set aside is as if it had never been sent");
    faulty.told()
}

#[test]
fn a_unit_that_is_wrong_in_a_tenth_a_third_half_or_two_thirds_of_the_rows_is_found_and_its_rows_are_not_used() {
    let rows = tax(YEAR).values().filter(|amounts| amounts[0].is_some()).count();
    let every: [(usize, usize); 4] = [(1, 10), (1, 3), (1, 2), (2, 3)];
    for (off, of) in every {
        // Spread over the list, in no step with cities or parks.
        let is_off = |row: usize, _: &str| (row * 7919 % rows) * of < rows * off;
        let told = tenfold_is_as_good_as_blank(is_off);
        assert_eq!(told.len(), 1, "{told:?}");
        let [code, file, found, against] = &told[0];
        assert_eq!(code, "C037");
        assert!(file.contains(YEAR) && against.contains("税收_2018年1-12月"), "{told:?}");
        assert!(found.starts_with("tax_ytd_fen ×10 (万元→千元): ") && found.contains(" rows ("), "{found}");
        let count: usize = found.split("): ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let planted = (0..rows).filter(|row| is_off(*row, "")).count();
        assert!((planted..planted + 6).contains(&count), "{planted} planted, {found}");
    }
}

/// Codes of the enterprises of a city, by the registers.
fn of_city(city: &str) -> BTreeSet<String> {
    let register = |name: &str| String::from_utf8(SAMPLE[&format!("config/registers/{name}.csv")].clone()).unwrap();
    let (parks, stays) = (register("parks"), register("enterprise_park"));
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let parks: BTreeSet<String> = parks
        .lines()
        .map(cells)
        .filter(|row| row.get(2).is_some_and(|c| c == city))
        .map(|row| row[0].clone())
        .collect();
    stays.lines().map(cells).filter(|row| parks.contains(&row[2])).map(|row| row[1].clone()).collect()
}

#[test]
fn a_city_that_reports_in_another_unit_is_found_among_the_others() {
    let codes = of_city("410800");
    assert!(codes.len() > 20, "{}", codes.len());
    let told = tenfold_is_as_good_as_blank(|_, code| codes.contains(code));
    assert!(matches!(told.as_slice(), [one] if one[0] == "C037" && one[2].contains("×10")), "{told:?}");
}

#[test]
fn a_park_too_small_to_be_seen_in_the_whole_is_found_by_itself() {
    let case = Case::new();
    // Ten enterprises of one park in a list of 228, of which a twentieth would be eleven.
    let codes: BTreeSet<String> = of_city("410800").into_iter().take(10).collect();
    let listed = tax(YEAR);
    let codes: BTreeSet<&String> =
        codes.iter().filter(|code| listed.get(*code).is_some_and(|a| a[0] > Some(0))).collect();
    assert!((5..=10).contains(&codes.len()), "{}", codes.len());
    case.edit(YEAR, |text| {
        amounts(text, |_, code, amount| codes.contains(&code.to_owned()).then(|| hundredths(amount * 1000)))
    });
    let register = String::from_utf8(SAMPLE["config/registers/enterprise_park.csv"].clone()).unwrap();
    // All others of its city are elsewhere.
    let moved = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        match codes.contains(&cells[1].to_owned()) {
            true => line.replacen(cells[2], "4108001", 1),
            false if cells[2].starts_with("4108") => line.replacen(&format!(",{},", cells[2]), ",4101001,", 1),
            false => line.to_owned(),
        }
    };
    let register: Vec<String> = register.lines().map(moved).collect();
    case.write("config/registers/enterprise_park.csv", (register.join("\n") + "\n").as_bytes());
    case.run();
    let told = case.told();
    let found: Vec<&str> = told.iter().filter(|one| one[0] == "C037").map(|one| one[2].as_str()).collect();
    assert!(found.iter().any(|found| found.contains("×1000") && found.contains("4108")), "{told:?}");
}

#[test]
fn a_first_export_is_held_against_the_year_before_that_its_own_rows_state() {
    let case = Case::new();
    case.edit("税收_2017年1-3月", |text| {
        amounts(text, |row, _, amount| (row % 5 == 0).then(|| hundredths(amount * 10)))
    });
    case.run();
    let told = case.told();
    let [one] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((one[0].as_str(), one[3].as_str()), ("C037", "tax_prior_ytd_fen"));
    assert!(one[2].starts_with("tax_ytd_fen ×10 "), "{told:?}");
}

#[test]
fn what_is_found_in_a_sample_is_found_again_in_every_row() {
    let off = |sample: &str| {
        let case = Case::new();
        let config = folder();
        copy_config(config.path());
        replace(&config.path().join("config/quality.toml"), "sample = 1024 ", sample);
        case.edit(YEAR, |text| amounts(text, |row, _, amount| (row % 3 == 0).then(|| hundredths(amount * 10))));
        let (code, _, stderr) = finish(case.command(&["run"]).arg("--config").arg(config.path().join("config")));
        assert_eq!(code, 0, "{stderr}");
        (case.told(), case.figures())
    };
    let ((few, figures), (all, expected)) = (off("sample = 64 "), off("sample = 100000 "));
    assert_eq!(few, all);
    assert!(figures == expected && !all.is_empty());
}

#[test]
fn the_rule_may_tell_alone_or_stop_publication() {
    let run = |action: &str| {
        let case = Case::new();
        let config = folder();
        copy_config(config.path());
        let quality = config.path().join("config/quality.toml");
        replace(
            &quality,
            "action = \"set_aside\"         # set_aside",
            &format!("action = \"{action}\"         # set_aside"),
        );
        case.edit(YEAR, |text| amounts(text, |_, _, amount| Some(hundredths(amount * 10))));
        let mut command = case.command(&["run", "--lang", "en"]);
        let (code, _, stderr) = finish(command.arg("--config").arg(config.path().join("config")));
        (case, code, stderr)
    };
    let (case, code, stderr) = run("tell");
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(case.told().len(), 1);
    let (value, _) = case.province("2019Q4", "tax_per_mu_ytd");
    assert!((value.unwrap() / truth("2019Q4", "tax_per_mu_ytd") - 10.0).abs() < 1e-9, "told, and used");
    let (case, code, stderr) = run("stop");
    assert_eq!(code, 4, "{stderr}");
    assert!(
        stderr.contains("C026") && stderr.contains("tax_ytd_fen ×10") && stderr.contains("quality.toml"),
        "{stderr}"
    );
    assert!(!case.path("store/current").exists());
}

#[test]
fn a_ledger_issued_again_in_the_wrong_unit_gives_way_to_the_one_before() {
    for (city, was, is, ratio) in [
        ("洛阳市", "公顷", "亩", "÷15 (亩→公顷; "),
        ("郑州市", "亩", "公顷", "×15 (公顷→亩; "),
        ("新乡市", "平方米", "亩", "×666.67 (亩→平方米; "),
    ] {
        let case = Case::new();
        let part = format!("{city}工业用地台账");
        let stated = format!("单位：{was}");
        assert!(case.text(&part).0.contains(&stated), "{city}");
        case.again(
            &part,
            |name| name.replace("20200115", "20200315"),
            |text| text.replace(&stated, &format!("单位：{is}")),
        );
        case.run();
        let told = case.told();
        let [one] = told.as_slice() else { panic!("{told:?}") };
        assert!(one[0] == "C026" && one[1].contains("20200315") && one[3].contains("20200115"), "{told:?}");
        assert!(one[2].starts_with(&format!("area_micromu {ratio}")), "{told:?}");
        assert_is(case.province("2019Q4", "tax_per_mu_ttm"), truth("2019Q4", "tax_per_mu_ttm"));
    }
}

/// Divides the figure of the third column of the first rows of the counties by ten.
fn divided(text: &str, rows: usize) -> String {
    let mut left = rows;
    let line = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        match cells.get(2).filter(|_| cells.len() == 3).and_then(|cell| cell.parse::<f64>().ok()) {
            Some(value) if left > 0 => {
                left -= 1;
                format!("{},{},{:.2}", cells[0], cells[1], value / 10.0)
            }
            _ => line.to_owned(),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\r\n") + "\r\n"
}

#[test]
fn published_figures_divided_by_ten_are_found_though_there_are_few_of_them() {
    let county = "分县（市）规模以上工业增加值_2019年1-12月";
    for rows in [1, 2, 99] {
        let case = Case::new();
        case.edit(county, |text| divided(text, rows));
        case.run();
        let told = case.told();
        let [one] = told.as_slice() else { panic!("{told:?}") };
        assert!(
            ["C026", "C037"].contains(&one[0].as_str()) && one[2].contains("county_va_ytd_fen ÷10 (亿元→十亿元)"),
            "{told:?}"
        );
    }
    // The newest quarter of the province's series, against what the same table has of last year.
    let case = Case::new();
    case.edit("规模以上工业增加值_河南省", |text| {
        let line = |line: &str| {
            let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            if cells.len() > 2 && cells[0].contains("累计值") {
                let at = cells.iter().position(|cell| cell.parse::<f64>().is_ok()).unwrap();
                cells[at] = format!("{:.2}", cells[at].parse::<f64>().unwrap() / 10.0);
            }
            cells.join(",")
        };
        text.lines().map(line).collect::<Vec<_>>().join("\r\n") + "\r\n"
    });
    case.run();
    let told = case.told();
    assert!(matches!(told.as_slice(), [one] if one[2].starts_with("industrial_value_added_ytd ÷10")), "{told:?}");
    assert_eq!(
        case.province("2019Q4", "share_of_province_va_ytd").0,
        None,
        "no share of a figure that is not believed"
    );
}

#[test]
fn the_same_content_as_another_period_is_not_used_whatever_its_name() {
    for (part, of, period) in [
        ("规上工业企业税收_", "2019年1-9月", "2019Q3"),
        ("规上工业企业税收_", "2018年1-12月", "2018Q4"),
        ("B203财务状况_", "2019年1-9月", "2019Q3"),
        ("分县（市）规模以上工业增加值_", "2019年1-9月", "2019Q3"),
    ] {
        let case = Case::new();
        let (text, is_gb18030) = case.text(&format!("{part}{of}"));
        let year = case.name(&format!("{part}2019年1-12月"));
        case.write(&year, &encoded(&text.replace(of, "2019年1-12月"), is_gb18030));
        case.run();
        let told = case.told();
        let [one] = told.as_slice() else { panic!("{told:?}") };
        assert!(one[0] == "C038" && year.ends_with(&one[1]) && one[3].contains(of), "{told:?}");
        assert!(one[2].starts_with(&format!("{period}: ")), "{told:?}");
        // As if it had not come at all: but its quarter is due.
        let figures = case.figures();
        fs::remove_file(case.path(&year)).unwrap();
        if part.starts_with("B203") {
            assert!(figures.keys().any(|name| name.contains("2019Q4")), "the release does not end a quarter earlier");
        } else {
            case.run();
            assert!(figures == case.figures(), "{part}{of}");
        }
    }
}

#[test]
fn columns_of_this_and_last_year_that_are_exchanged_are_found_in_any_year() {
    for (part, against) in [("税收_2019年1-12月", "税收_2018年1-12月"), ("税收_2017年1-12月", "税收_2018年1-12月")]
    {
        let case = Case::new();
        case.edit(part, |text| {
            let line = |line: &str| {
                let mut cells: Vec<&str> = line.split('\t').collect();
                if cells.len() == 4 && !cells[2].contains("税收") {
                    cells.swap(2, 3);
                }
                cells.join("\t")
            };
            text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
        });
        case.run();
        let told = case.told();
        let [one] = told.as_slice() else { panic!("{told:?}") };
        assert!(one[0] == "C038" && one[1].contains(part) && one[3].contains(against), "{told:?}");
    }
}

#[test]
fn columns_of_zeros_and_tables_of_a_few_rows_repeat_nothing() {
    let case = Case::new();
    for quarter in ["2019年1-3月", "2019年1-6月"] {
        // Nobody has paid anything yet; and three have paid the same.
        case.edit(&format!("税收_{quarter}"), |text| {
            amounts(text, |row, _, _| Some(if row < 3 { "7.00" } else { "0.00" }.to_owned()))
        });
    }
    case.run();
    assert!(case.told().iter().all(|one| one[0] != "C038"), "{:?}", case.told());
}

/// The rows of the list of retrofits as text.
fn retrofits() -> (String, Vec<Vec<String>>) {
    let (name, bytes) = SAMPLE.iter().find(|(name, _)| name.contains("智能化改造项目名单")).unwrap();
    let (book, _) = read::read(name, bytes, &Expect::default(), &Limits::default());
    let grid = book.unwrap().sheets.remove(0);
    (name.clone(), grid.rows().map(|row| row.cells().map(str::to_owned).collect()).collect())
}

fn list(rows: &[Vec<String>]) -> Vec<u8> {
    xlsx(|workbook| {
        let sheet = workbook.add_worksheet();
        sheet.set_name("名单").unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    })
}

/// Position of the first row of data.
fn first_row(rows: &[Vec<String>]) -> usize {
    rows.iter().position(|row| row[0] == "序号").unwrap() + 1
}

#[test]
fn a_list_issued_again_takes_the_place_of_the_one_before() {
    let (name, mut rows) = retrofits();
    let first = first_row(&rows);
    // Sixty projects are completed after all quarters that are published.
    rows[first..first + 60].iter_mut().for_each(|row| row[4] = "2020年3月".to_owned());
    let newer = name.replace("20200118", "20200318");
    let case = Case::new();
    case.run();
    assert_is(case.province("2019Q4", "smart_retrofit_coverage"), truth("2019Q4", "smart_retrofit_coverage"));
    let before = case.province("2019Q4", "smart_retrofit_coverage").0.unwrap();
    assert_eq!(format!("{before:.1}"), "57.1");
    case.write(&newer, &list(&rows));
    case.run();
    let both = case.province("2019Q4", "smart_retrofit_coverage").0.unwrap();
    assert_eq!(case.told(), Vec::<[String; 4]>::new());
    fs::remove_file(case.path(&name)).unwrap();
    case.run();
    let alone = case.province("2019Q4", "smart_retrofit_coverage").0.unwrap();
    assert_eq!(format!("{both:.1}"), "37.3");
    assert_eq!(both, alone, "the older list counts for nothing any more");
}

#[test]
fn half_a_list_is_told_and_the_whole_one_before_it_stands() {
    let (name, mut rows) = retrofits();
    let first = first_row(&rows);
    rows.truncate(first + (rows.len() - first) / 2);
    let case = Case::new();
    let newer = name.replace("20200118", "20200318");
    case.write(&newer, &list(&rows));
    case.run();
    let told = case.told();
    let [one] = told.as_slice() else { panic!("{told:?}") };
    assert!(one[0] == "C039" && newer.ends_with(&one[1]) && name.ends_with(&one[3]), "{told:?}");
    assert!(one[2].contains(" rows, ") && one[2].ends_with(" before"), "{told:?}");
    assert_is(case.province("2019Q4", "smart_retrofit_coverage"), truth("2019Q4", "smart_retrofit_coverage"));
    // Where the definition says so, the newest counts and is told.
    let config = folder();
    copy_config(config.path());
    replace(&config.path().join("config/sources/retrofit.toml"), "doubted = \"older\"", "doubted = \"newest\"");
    let (code, _, stderr) = finish(case.command(&["run"]).arg("--config").arg(config.path().join("config")));
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(case.told()[0][0], "C039");
    assert!(
        case.province("2019Q4", "smart_retrofit_coverage").0.unwrap()
            < truth("2019Q4", "smart_retrofit_coverage") - 5.0
    );
}

/// A ledger in which the first parcel no longer is.
fn without_first_parcel(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("地块编号")).unwrap() + 1;
    lines.remove(at);
    lines.join("\n") + "\n"
}

#[test]
fn a_city_s_ledger_replaces_only_its_own() {
    let case = Case::new();
    case.again("郑州市工业用地台账", |name| name.replace("20200115", "20200315"), without_first_parcel);
    case.run();
    assert_eq!(case.told(), Vec::<[String; 4]>::new());
    let both = case.figures();
    fs::remove_file(case.path("exports/自然资源/郑州市工业用地台账_20200115.csv")).unwrap();
    case.run();
    assert!(both == case.figures(), "the parcel is gone, and the other cities' land is there");
    let clean = Case::new();
    clean.run();
    assert!(both != clean.figures());
}

#[test]
fn a_ledger_in_an_archive_replaces_the_one_in_an_archive_of_another_day() {
    let case = Case::new();
    let (text, _) = case.text("郑州市工业用地台账");
    fs::remove_file(case.path(&case.name("郑州市工业用地台账"))).unwrap();
    let archive = |day: &str| format!("exports/{day}报送.zip");
    let member = |day: &str| format!("郑州市工业用地台账_{day}.csv");
    for (day, text) in [("20200115", &text), ("20200315", &without_first_parcel(&text))] {
        case.write(&archive(day), &zipped(&[(&member(day), text)]));
    }
    case.run();
    assert_eq!(case.told(), Vec::<[String; 4]>::new());
    let both = case.figures();
    fs::remove_file(case.path(&archive("20200115"))).unwrap();
    case.run();
    assert!(both == case.figures(), "the older ledger counts for nothing any more");
    fs::remove_file(case.path(&archive("20200315"))).unwrap();
    case.write(&archive("20200115"), &zipped(&[(&member("20200115"), &text)]));
    case.run();
    assert!(both != case.figures(), "the parcel is there again");
}

#[test]
fn a_revision_without_a_day_in_its_name_is_told() {
    let case = Case::new();
    let name = case.name(YEAR);
    let undated = name.replace("_20200120", "");
    case.again(
        YEAR,
        |name| name.replace("_20200120", ""),
        |text| amounts(text, |row, _, amount| (row < 7).then(|| hundredths(amount + 100))),
    );
    case.run();
    let told = case.told();
    let [one] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((one[0].as_str(), one[2].as_str()), ("F006", "7 rows"));
    assert!(undated.ends_with(&one[1]) && name.ends_with(&one[3]), "{told:?}");
    assert_is(case.province("2019Q4", "tax_per_mu_ttm"), truth("2019Q4", "tax_per_mu_ttm"));
}

#[test]
fn an_export_that_is_gone_is_named_by_plan_and_by_run() {
    let case = Case::new();
    case.run();
    let gone = case.name("税收_2018年1-12月");
    let short = gone.trim_start_matches("exports/").to_owned();
    let bytes = fs::read(case.path(&gone)).unwrap();
    fs::remove_file(case.path(&gone)).unwrap();
    let plan = case.ask(&["plan"]);
    assert_eq!(plan["reasons"], serde_json::json!(["gone"]), "{plan}");
    assert_eq!(plan["gone"], serde_json::json!([short]));
    let (_, stdout, _) = finish(&mut case.command(&["plan", "--lang", "en"]));
    assert!(
        stdout.contains(&format!("F005 warning {short}")) && stdout.contains("exports of the last release are gone"),
        "{stdout}"
    );
    let (code, stdout, stderr) = finish(&mut case.command(&["run", "--lang", "en", "--strict"]));
    assert_eq!(code, 3, "{stderr}");
    assert!(stdout.contains(&format!("F005 warning {short}")), "{stdout}");
    let (_, stdout, _) = finish(&mut case.command(&["run", "--lang", "en"]));
    assert!(stdout.contains("Nothing to do") && !stdout.contains("F005"), "told once: {stdout}");
    // Under another name it is not gone.
    case.write(&gone, &bytes);
    case.run();
    fs::rename(case.path(&gone), case.path(&gone.replace("规上工业企业税收_", "规上工业企业税收（存档）_"))).unwrap();
    assert_eq!(case.ask(&["plan"])["gone"], serde_json::json!([]));
}

#[test]
fn a_plan_says_what_has_changed_beside_exports() {
    let case = Case::new();
    let config = folder();
    copy_config(config.path());
    let configured = config.path().join("config").to_string_lossy().into_owned();
    let ask = |args: &[&str]| case.ask(&[args, &["--config", &configured]].concat());
    ask(&["run"]);
    assert_eq!(ask(&["plan"])["reasons"], serde_json::json!([]));
    assert_eq!(ask(&["plan", "--from", "2018Q1"])["reasons"], serde_json::json!(["options"]));
    replace(&config.path().join("config/quality.toml"), "threshold = 6.0", "threshold = 6.5");
    assert_eq!(ask(&["plan"])["reasons"], serde_json::json!(["configuration"]));
    replace(&config.path().join("config/quality.toml"), "threshold = 6.5", "threshold = 6.0");
    let models = config.path().join("pipelines/models/area/area.sql");
    fs::write(&models, fs::read_to_string(&models).unwrap() + "\n").unwrap();
    assert_eq!(ask(&["plan"])["reasons"], serde_json::json!(["models"]));
    let register = case.path("config/registers/clusters.csv");
    fs::write(&register, fs::read_to_string(&register).unwrap() + "\n").unwrap();
    assert_eq!(ask(&["plan"])["reasons"], serde_json::json!(["models", "registers"]));
}

#[test]
fn mistakes_in_the_rules_of_issues_and_comparisons_are_told() {
    let config = folder();
    copy_config(config.path());
    let path = |name: &str| config.path().join("config").join(name);
    replace(&path("sources/retrofit.toml"), "mode = \"replaces\"", "mode = \"corrects\"");
    replace(&path("sources/recognition.toml"), "mode = \"replaces\"\n", "");
    replace(&path("sources/land.toml"), "mode = \"replaces\"", "mode = \"replace\"");
    replace(&path("sources/unit-land.toml"), "family = \"name\"", "least_share = 1.5");
    replace(&path("quality.toml"), "near = 1.5 ", "near = 3 ");
    replace(&path("quality.toml"), "sender_share = 0.5 ", "sender_share = 0 ");
    replace(&path("quality.toml"), "least_published = 3 ", "least_published = 1 ");
    let (code, stdout, stderr) = finish(mujun(config.path()).args(["check", "--lang", "en", "--config"]).arg(path("")));
    assert_eq!(code, 2);
    let said = stdout + &stderr;
    for expected in [
        "rows without a `key` cannot be corrected",
        "`family` is only for issues that replace one another",
        "`mode` is missing: it must be \"replaces\", \"continues\" or \"corrects\"",
        "`replace` is not a valid `mode`; did you mean `replaces`?",
        "`least_share` must be from 0 to 1, not 1.5",
        "`near` must be from 1 to 2, not 3",
        "`sender_share` must be above 0 and at most 1, not 0",
        "`least_published` must be from 2 to 1000000000, not 1",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn the_factors_of_a_dimension_are_the_ratios_of_its_units() {
    let factors =
        |dimension| -> Vec<String> { unit::factors(Some(dimension)).iter().map(ToString::to_string).collect() };
    for factor in ["×15", "÷15", "×1500", "×666.67", "÷666.67", "×6.67", "×100", "×10"] {
        assert!(factors(Dimension::Area).contains(&factor.to_owned()), "{factor}: {:?}", factors(Dimension::Area));
    }
    assert!(!factors(Dimension::Money).contains(&"×15".to_owned()));
    assert!(factors(Dimension::Persons).contains(&"÷10000".to_owned()));
}

/// Whether rules cry wolf: samples without planted faults, generated and read in whole.
#[test]
fn over_clean_samples_no_rule_fires_on_more_than_one_export_in_a_thousand() {
    let seeds = if is_slow() { 30 } else { 2 };
    let (mut exports, mut alarms) = (0, Vec::new());
    for seed in 0..seeds {
        let (out, store) = (folder(), folder());
        sample(out.path(), 9000 + seed, 200 + seed as usize % 11 * 10, 12, 12);
        let (code, _, stderr) = finish(&mut run_sample(out.path(), store.path()));
        assert_eq!(code, 0, "{stderr}");
        exports += tree(&out.path().join("exports")).len();
        alarms.extend(told(store.path()).into_iter().map(|told| (seed, told)));
    }
    assert!(exports > 290, "{exports}");
    assert!(alarms.len() * 1000 <= exports, "{} of {exports}: {alarms:#?}", alarms.len());
}

/// The committed sample says nothing against itself either.
#[test]
fn the_committed_sample_has_nothing_against_itself() {
    let store = folder();
    let (code, _, stderr) = finish(mujun(store.path()).current_dir(root()).arg("run"));
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(told(store.path()), Vec::<[String; 4]>::new());
}
