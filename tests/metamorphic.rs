//! What must not matter does not matter: exports that say the same in another way give the same figures.
//!
//! No answer is known here; two runs are held against each other. Figures are all columns of all rows of the indicators and
//! of the tables beneath them, but for `release` and `vintage`, which say where a row is from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::LazyLock;

use model::engine::{self, Table};
use model::sql::Models;
use store::parquet;
use tempfile::TempDir;
use vocab::frame::{Frame, Values};

use crate::cli::{copy_config, replace, without_tests};
use crate::support::exports::zipped;
use crate::support::{MODELS, cells, finish, folder, root, run_sample, sample, tree};

/// The rows of each file of the indicators and tables, each cell with the name of its column.
type Figures = BTreeMap<String, Vec<Vec<(String, String)>>>;

/// A sample by file name, and the figures of its exports as they are.
struct Sample {
    files: BTreeMap<String, Vec<u8>>,
    figures: Figures,
}

static SAMPLE: LazyLock<Sample> = LazyLock::new(|| {
    let out = folder();
    sample(out.path(), 31, 160, 9, 8);
    let figures = figures(out.path(), None);
    let values = figures.values().flatten().flatten().filter(|(name, value)| name == "value" && !value.is_empty());
    assert!(values.count() > 1_500, "too little to compare");
    Sample { files: tree(out.path()), figures }
});

impl Sample {
    /// The sample in a folder of its own, to be changed.
    fn copy(&self) -> TempDir {
        let out = folder();
        for (name, bytes) in &self.files {
            write(out.path(), name, bytes);
        }
        out
    }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Runs the sample in an empty store and gives what is published.
fn figures(sample: &Path, config: Option<&Path>) -> Figures {
    let store = folder();
    let mut command = run_sample(sample, store.path());
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    let (code, stdout, stderr) = finish(&mut command);
    assert_eq!(code, 0, "{stdout}{stderr}");
    let release = fs::canonicalize(store.path().join("current")).unwrap();
    let is_figures = |name: &str| name.starts_with("indicators/") || name.starts_with("tables/");
    tree(&release).into_iter().filter(|(name, _)| is_figures(name)).map(|(name, bytes)| (name, rows(bytes))).collect()
}

fn rows(bytes: Vec<u8>) -> Vec<Vec<(String, String)>> {
    let frame = parquet::read(bytes, |_| true).unwrap().frame.without(&["release", "vintage"]);
    let cell = |name: &str, values: &Values, row| (name.to_owned(), values.text(row).unwrap_or_default());
    (0..frame.rows())
        .map(|row| frame.columns().iter().map(|(name, values)| cell(name, values, row)).collect())
        .collect()
}

/// Names the rows that differ; printing all of them would help nobody.
fn assert_same(found: &Figures, expected: &Figures) {
    let names = |figures: &Figures| figures.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(expected));
    for (name, rows) in expected {
        assert_eq!(found[name].len(), rows.len(), "{name}");
        for (found, row) in found[name].iter().zip(rows) {
            let differing: Vec<_> = found.iter().zip(row).filter(|(a, b)| a != b).collect();
            assert!(differing.is_empty(), "{name}: {differing:?} in {:?}", &row[..row.len().min(4)]);
        }
    }
}

/// A text export and whether it is in GB18030.
pub(crate) fn decoded(bytes: &[u8]) -> (String, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (encoding_rs::GB18030.decode(bytes).0.into_owned(), true),
    }
}

pub(crate) fn encoded(text: &str, is_gb18030: bool) -> Vec<u8> {
    if is_gb18030 { encoding_rs::GB18030.encode(text).0.into_owned() } else { text.as_bytes().to_vec() }
}

/// Changes the text of every file of the sample for which `wanted` holds, in its own encoding; there must be some.
fn edit(sample: &Path, wanted: impl Fn(&str) -> bool, change: impl Fn(&str) -> String) {
    let names: Vec<String> = tree(sample).into_keys().filter(|name| wanted(name)).collect();
    assert!(!names.is_empty(), "no such file");
    for name in names {
        let (text, is_gb18030) = decoded(&fs::read(sample.join(&name)).unwrap());
        write(sample, &name, &encoded(&change(&text), is_gb18030));
    }
}

/// Lists of enterprises and ledgers in text: what can be taken apart by lines.
fn is_list(name: &str) -> bool {
    ["B203", "B204-1", "规上工业企业税收", "工业企业排放", "工业企业申报", "用能计量", "用地台账"]
        .iter()
        .any(|part| name.contains(part))
}

/// Whether a line holds a row of data: its first cell is a code.
fn is_row(line: &str) -> bool {
    let code = line.split([',', '\t']).next().unwrap_or("").trim();
    code.len() >= 7
        && code.contains(|c: char| c.is_ascii_digit())
        && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// The lines of a list: those above its rows, and its rows.
fn parts(text: &str) -> (String, Vec<&str>) {
    let (rows, head): (Vec<&str>, Vec<&str>) = text.split_inclusive('\n').partition(|line| is_row(line));
    assert!(!rows.is_empty() && text.starts_with(&head.concat()), "no list: {}", head.concat());
    (head.concat(), rows)
}

fn reversed(text: &str) -> String {
    let (head, mut rows) = parts(text);
    rows.reverse();
    head + &rows.concat()
}

/// A number moved by a power of ten, as text: nothing is rounded. What is no number stays as it is.
fn moved(cell: &str, power: i32) -> String {
    let ascii = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap(),
        other => other,
    };
    let plain: String = cell.chars().map(ascii).filter(|c| !c.is_whitespace() && *c != ',').collect();
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || !(whole.to_owned() + part).bytes().all(|byte| byte.is_ascii_digit()) {
        return cell.to_owned();
    }
    let places = part.len() as i32 - power;
    let mut all = format!("{whole}{part}{}", "0".repeat(usize::try_from(-places).unwrap_or(0)));
    if let Ok(places @ 1..) = usize::try_from(places) {
        all = format!("{all:0>width$}", width = places + 1);
        all.insert(all.len() - places, '.');
    }
    format!("{sign}{all}")
}

/// A list with the amounts of some columns in another unit, and that unit in its label.
fn in_unit(text: &str, separator: char, columns: std::ops::Range<usize>, power: i32, units: [&str; 2]) -> String {
    let label = units.map(|unit| format!("单位：{unit}"));
    assert!(text.contains(&label[0]), "{text}");
    let line = |line: &str| {
        if !is_row(line) {
            return line.replace(&label[0], &label[1]);
        }
        let split = line.trim_end_matches(['\n', '\r']);
        let end = &line[split.len()..];
        let given = if separator == ',' { cells(split) } else { split.split(separator).map(str::to_owned).collect() };
        let change =
            |(at, cell): (usize, &String)| if columns.contains(&at) { moved(cell, power) } else { cell.clone() };
        given.iter().enumerate().map(change).collect::<Vec<_>>().join(&separator.to_string()) + end
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Two sums by park and quarter.
type Sums = BTreeMap<(i64, i64), (Option<i64>, Option<i64>)>;

#[test]
fn the_same_money_in_another_unit_with_its_label_changes_no_figure() {
    let (sample, site) = (SAMPLE.copy(), folder());
    copy_config(site.path());
    let sources = site.path().join("config/sources");
    // The label decides where the definition leaves the unit open; its tests have none.
    for name in ["b203.toml", "b204-1.toml", "tax.toml"] {
        without_tests(&sources.join(name));
    }
    replace(&sources.join("b203.toml"), "unit = \"千元\"\n", "");
    replace(&sources.join("b204-1.toml"), "unit = \"千元\"\n", "");
    replace(&sources.join("tax.toml"), "unit = \"万元\"\n", "");
    edit(sample.path(), |name| name.contains("B203"), |text| in_unit(text, ',', 4..18, -1, ["千元", "万元"]));
    edit(sample.path(), |name| name.contains("B204-1"), |text| in_unit(text, ',', 3..9, 3, ["千元", "元"]));
    edit(sample.path(), |name| name.contains("税收"), |text| in_unit(text, '\t', 2..4, 4, ["万元", "元"]));
    assert_same(&figures(sample.path(), Some(&site.path().join("config"))), &SAMPLE.figures);
}

#[test]
fn rows_in_another_order_change_no_figure() {
    let sample = SAMPLE.copy();
    edit(sample.path(), is_list, reversed);
    assert_same(&figures(sample.path(), None), &SAMPLE.figures);
}

#[test]
fn an_export_split_into_two_files_changes_no_figure() {
    let sample = SAMPLE.copy();
    for name in SAMPLE.files.keys().filter(|name| is_list(name)) {
        let (text, is_gb18030) = decoded(&SAMPLE.files[name]);
        let (head, rows) = parts(&text);
        if rows.len() < 2 {
            continue;
        }
        let (first, second) = rows.split_at(rows.len() / 2);
        for (mark, rows) in [("甲_20", first), ("乙_20", second)] {
            let text = head.clone() + &rows.concat();
            write(sample.path(), &name.replacen("_20", mark, 1), &encoded(&text, is_gb18030));
        }
        fs::remove_file(sample.path().join(name)).unwrap();
    }
    assert_same(&figures(sample.path(), None), &SAMPLE.figures);
}

#[test]
fn a_revision_with_equal_values_changes_no_figure() {
    let sample = SAMPLE.copy();
    // Other bytes, or it would be the same content again.
    for name in SAMPLE.files.keys().filter(|name| name.contains("2018年1-9月") && is_list(name)) {
        let (text, is_gb18030) = decoded(&SAMPLE.files[name]);
        let later = format!("{}_20190630.{}", &name[..name.rfind('_').unwrap()], name.rsplit('.').next().unwrap());
        // An earlier sending that was revised in part must not come back: only the last one of each form is sent again.
        let is_last =
            SAMPLE.files.keys().rfind(|other| other.starts_with(&name[..name.rfind('_').unwrap()])) == Some(name);
        if is_last {
            write(sample.path(), &later, &encoded(&reversed(&text), is_gb18030));
        }
    }
    assert!(tree(sample.path()).len() >= SAMPLE.files.len() + 3);
    assert_same(&figures(sample.path(), None), &SAMPLE.figures);
}

#[test]
fn an_enterprise_outside_all_parks_changes_no_figure() {
    const CREDIT: &str = "91350100M000100Y43";
    let sample = SAMPLE.copy();
    edit(
        sample.path(),
        |name| name.ends_with("registers/enterprise_park.csv"),
        |text| format!("{text}M000100Y4,{CREDIT},,2010Q1,\n"),
    );
    // It reports what the last enterprise of each list does.
    edit(
        sample.path(),
        |name| is_list(name) && !name.contains("台账"),
        |text| {
            let (head, rows) = parts(text);
            let row = rows.last().unwrap();
            let key = row.split([',', '\t']).next().unwrap();
            head + &rows.concat() + &row.replacen(key, CREDIT, 1)
        },
    );
    assert_same(&figures(sample.path(), None), &SAMPLE.figures);
}

/// The organisation code in a code of an enterprise.
fn organisation(code: &str) -> &str {
    let code = code.trim();
    code.get(8..17).unwrap_or(code)
}

/// Emissions over value added, by area.
fn emission_intensity(figures: &Figures) -> BTreeMap<(String, String), String> {
    let cell = |row: &[(String, String)], name: &str| {
        row.iter().find(|(column, _)| column == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let indicators = figures.iter().filter(|(name, _)| name.starts_with("indicators/"));
    let rows = indicators.flat_map(|(name, rows)| rows.iter().map(move |row| (name, row)));
    rows.filter(|(_, row)| cell(row, "indicator").starts_with("emissions_per_va"))
        .map(|(name, row)| ((name.clone(), cell(row, "ref_area") + &cell(row, "indicator")), cell(row, "value")))
        .collect()
}

#[test]
fn emissions_of_a_division_without_a_price_index_are_on_neither_side() {
    let texts = |part: &str| {
        let files = SAMPLE.files.iter().filter(move |(name, _)| name.contains(part));
        files.map(|(_, bytes)| decoded(bytes).0).collect::<String>()
    };
    let emissions = texts("工业企业排放");
    let emitter = organisation(emissions.lines().find(|line| is_row(line)).unwrap().split(',').next().unwrap());
    let output = texts("B204-1");
    let classes = output.lines().filter(|line| is_row(line)).map(cells);
    let classes: BTreeMap<String, String> =
        classes.map(|row| (organisation(&row[0]).to_owned(), row[2].trim().to_owned())).collect();
    let division = classes[emitter][..2].to_owned();

    let without_price = SAMPLE.copy();
    let is_price = |name: &str| name.contains("出厂价格指数");
    let of_division = |line: &&str| {
        line.split(',').next().unwrap().trim().trim_start_matches('0') != division.trim_start_matches('0')
    };
    edit(without_price.path(), is_price, |text| text.split_inclusive('\n').filter(of_division).collect());
    let found = emission_intensity(&figures(without_price.path(), None));

    let without_emitters = without_price;
    let stays = |line: &&str| {
        let code = organisation(line.split(',').next().unwrap());
        !is_row(line) || classes.get(code).is_none_or(|class| !class.starts_with(&division))
    };
    edit(
        without_emitters.path(),
        |name| name.contains("工业企业排放"),
        |text| text.split_inclusive('\n').filter(stays).collect(),
    );
    assert_eq!(found, emission_intensity(&figures(without_emitters.path(), None)));
    assert_ne!(found, emission_intensity(&SAMPLE.figures));
}

/// A workbook with the text of each of its parts changed.
fn in_workbook(bytes: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let parts: Vec<(String, String)> = (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).unwrap();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            (part.name().unwrap().into_owned(), change(&text))
        })
        .collect();
    zipped(&parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

#[test]
fn permuted_parks_permute_the_figures() {
    let register = decoded(&SAMPLE.files["config/registers/parks.csv"]).0;
    let mut codes: Vec<String> = register.lines().skip(1).map(|line| cells(line)[0].clone()).collect();
    codes.sort();
    codes.dedup();
    // Everyone takes the code of the next one, so that codes leave their cities.
    let permuted: BTreeMap<&str, &str> =
        (0..codes.len()).map(|at| (codes[at].as_str(), codes[(at + 1) % codes.len()].as_str())).collect();
    let sample = SAMPLE.copy();
    let cell = |cell: &str| permuted.get(cell.trim()).map_or(cell.to_owned(), |code| (*code).to_owned());
    let cells_between = |text: &str, ends: &[char]| -> String {
        let part = |part: &str| {
            let inner = part.trim_end_matches(ends);
            cell(inner) + &part[inner.len()..]
        };
        text.split_inclusive(ends).map(part).collect()
    };
    let is_text = |name: &str| name.ends_with(".csv") && !name.starts_with("truth/");
    edit(sample.path(), is_text, |text| cells_between(text, &[',', '\r', '\n']));
    edit(sample.path(), |name| name.ends_with(".xls"), |text| cells_between(text, &['<', '>']));
    for (name, bytes) in SAMPLE.files.iter().filter(|(name, _)| name.ends_with(".xlsx")) {
        write(sample.path(), name, &in_workbook(bytes, |text| cells_between(text, &['<', '>'])));
    }
    let mut expected = SAMPLE.figures.clone();
    for row in expected.values_mut().flatten() {
        row.iter_mut().for_each(|(name, value)| {
            if name == "ref_area" || name == "park_code" {
                *value = cell(value)
            }
        });
    }
    let sorted = |mut figures: Figures| {
        figures.values_mut().for_each(|rows| rows.sort());
        figures
    };
    let found = figures(sample.path(), None);
    assert_ne!(found, SAMPLE.figures);
    assert_same(&sorted(found), &sorted(expected));
}

/// The models that `table` is made by, down to what enterprises report.
fn models_of(table: &str) -> Models {
    let mut files = BTreeMap::new();
    let mut wanted = vec![table.to_owned()];
    while let Some(next) = wanted.pop() {
        let Some(model) = MODELS.ordered().iter().find(|model| model.table == next) else { continue };
        wanted.extend(model.reads.iter().filter(|name| *name != "enterprise_quarter").cloned());
        files.insert(format!("{next}.sql"), model.written_out());
    }
    Models::resolve(&files).unwrap()
}

/// First quarter of the invented records: 2017Q1.
const START: i64 = 2017 * 4;

/// An invented enterprise, alone in a park that has its number.
struct Invented {
    /// What it did in each of twelve quarters.
    did: Vec<i64>,
    /// The quarter, counted from the first one, in which it comes onto the register.
    first: usize,
    /// Whether it reported what it did since January, by quarter.
    reported: Vec<bool>,
}

impl Invented {
    /// What it did in these quarters.
    fn sum(&self, quarters: std::ops::RangeInclusive<usize>) -> i64 {
        self.did[quarters].iter().sum()
    }

    fn since_january(&self, quarter: usize) -> Option<i64> {
        (quarter >= self.first && self.reported[quarter]).then(|| self.sum(quarter - quarter % 4..=quarter))
    }

    /// What it reports of the same months of last year; it does so for years in which it was on no register, too.
    fn year_before(&self, quarter: usize) -> Option<i64> {
        let before = quarter.checked_sub(4)?;
        self.since_january(quarter).map(|_| self.sum(before - before % 4..=before))
    }
}

/// Enterprises of which some begin in the middle of a year, and with reports that are missing.
fn invented() -> Vec<Invented> {
    let mut state = 7_u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..200)
        .map(|_| Invented {
            first: draw(7) as usize,
            did: (0..12).map(|_| draw(2_000_000) as i64 - 300_000).collect(),
            reported: (0..12).map(|_| draw(5) > 0).collect(),
        })
        .collect()
}

/// What the models take for these enterprises: a row for each quarter on the register, with figures where they reported.
fn enterprise_quarter(all: &[Invented]) -> Frame {
    /// Number of the enterprise, quarter, and itself.
    type Cell<'a> = (i64, usize, &'a Invented);
    let cells: Vec<Cell<'_>> =
        (1..).zip(all).flat_map(|(unit, one)| (one.first..12).map(move |quarter| (unit, quarter, one))).collect();
    let index = |quarter: usize| START + quarter as i64;
    let column = |value: &dyn Fn(&Cell<'_>) -> Option<i64>| Values::Int(cells.iter().map(value).collect());
    let figure = |factor: i64| column(&move |(_, quarter, one)| Some(one.since_january(*quarter)? * factor));
    let prior = |factor: i64| column(&move |(_, quarter, one)| Some(one.year_before(*quarter)? * factor));
    let frame = Frame::new()
        .with("unit_number", column(&|(unit, ..)| Some(*unit)))
        .with("quarter", column(&|(_, quarter, _)| Some(index(*quarter))))
        .with("park_number", column(&|(unit, ..)| Some(*unit)))
        .with("first_quarter", column(&|(_, _, one)| Some(index(one.first))))
        .with("finance_division", column(&|_| Some(31)))
        .with("filed_finance", column(&|(_, quarter, one)| Some(i64::from(one.reported[*quarter]))));
    MEASURES.into_iter().fold(frame, |frame, (measure, factor)| {
        let frame = frame.with(format!("{measure}_ytd_fen"), figure(factor));
        frame.with(format!("{measure}_prior_ytd_fen"), prior(factor))
    })
}

/// A stay: the number of the enterprise, the number of the park, and the first and the last quarter.
type Stay = (i64, i64, i64, i64);

/// What the models take from the registers for these stays, and for so many quarters from one on.
fn registers(stays: &[Stay], (first, first_of_records, quarters): (i64, i64, i64)) -> Vec<(&'static str, Frame)> {
    let ints = |values: Vec<i64>| Values::Int(values.into());
    let codes = |numbers: &[i64]| Values::Text(numbers.iter().map(|number| Some(number.to_string())).collect());
    let parks: Vec<i64> = stays.iter().map(|(_, park, ..)| *park).collect::<BTreeSet<_>>().into_iter().collect();
    let of_stays = |part: fn(&Stay) -> i64| stays.iter().map(part).collect::<Vec<i64>>();
    let stay = Frame::new()
        .with("unit_number", ints(of_stays(|stay| stay.0)))
        .with("park_code", codes(&of_stays(|stay| stay.1)))
        .with("from_quarter", ints(of_stays(|stay| stay.2)))
        .with("to_quarter", ints(of_stays(|stay| stay.3)));
    let calendar = Frame::new()
        .with("quarter", ints((first..first + quarters).collect()))
        .with("first_quarter", ints(vec![first_of_records; quarters as usize]));
    let number = Frame::new().with("park_code", codes(&parks)).with("park_number", ints(parks.clone()));
    let heir = Frame::new()
        .with("was_number", ints(parks.clone()))
        .with("park_number", ints(parks.clone()))
        .with("from_quarter", ints(vec![0; parks.len()]))
        .with("to_quarter", ints(vec![FOREVER; parks.len()]));
    vec![("stay", stay), ("calendar", calendar), ("park_number", number), ("park_heir", heir)]
}

/// The last quarter of a stay that has not ended.
const FOREVER: i64 = 100_000;

/// Measures, and what they are of what an enterprise did.
const MEASURES: [(&str, i64); 4] = [("tax", 1), ("va", 3), ("profit", 5), ("revenue", 7)];

/// The model that sums four quarters for each park.
const TRAILING: &str = "ttm_enterprise_trailing";

/// The column of that model for an amount: profit is summed for parks with land alone, later.
fn column_of(amount: &str) -> String {
    format!("{amount}_ttm_{}fen", if amount == "profit" { "on_land_" } else { "" })
}

/// The column that counts the enterprises of which a year ago is told by this year's form.
fn retold_of(amount: &str) -> String {
    format!("{amount}_ttm_{}retold_units", if amount == "revenue" { "" } else { "land_" })
}

#[test]
fn a_sum_over_four_quarters_stands_where_its_parts_were_reported_and_is_what_was_done_in_them() {
    let all = invented();
    let stays: Vec<Stay> = (1..).zip(&all).map(|(unit, one)| (unit, unit, START + one.first as i64, FOREVER)).collect();
    let inputs =
        [("enterprise_quarter", enterprise_quarter(&all))].into_iter().chain(registers(&stays, (START, START, 12)));
    let inputs = inputs.map(|(name, frame)| (name.to_owned(), Table::of(name, frame).unwrap())).collect();
    let made = engine::run(&models_of("enterprise_trailing"), inputs, |table| table == "enterprise_trailing").unwrap();
    let frame = &made["enterprise_trailing"];
    let (mut stand, mut part_years, mut missing) = (0, 0, 0);
    for row in 0..frame.rows() {
        let int = |name: &str| frame.ints(name).unwrap().get(row);
        let one = &all[int("park_number").unwrap() as usize - 1];
        let quarter = (int("quarter").unwrap() - START) as usize;
        let january = quarter - quarter % 4;
        // The quarter before January, if it was on the register then.
        let year_end = january.checked_sub(1).filter(|end| *end >= one.first);
        let is_whole_year = quarter % 4 == 3;
        let expected = one.since_january(quarter).and_then(|since_january| match year_end {
            Some(end) if !is_whole_year => {
                one.since_january(end)?;
                Some(one.sum(quarter - 3..=quarter))
            }
            _ => Some(since_january),
        });
        let is_part_year = !is_whole_year && year_end.is_none();
        assert_eq!(int("is_part_year"), Some(i64::from(is_part_year)), "{quarter}");
        for (measure, factor) in MEASURES {
            let found = int(&format!("{measure}_ttm_fen"));
            assert_eq!(found, expected.map(|sum| sum * factor), "{measure} of {quarter}");
        }
        stand += usize::from(expected.is_some());
        part_years += usize::from(is_part_year && expected.is_some());
        missing += usize::from(expected.is_none());
    }
    assert!(stand > 900 && part_years > 100 && missing > 300, "{stand} {part_years} {missing}");
}

/// An enterprise of the handbook: its stays by park (numbers 1 and 2), from and to which quarter, and the quarter it did not report.
struct OfHandbook {
    stays: &'static [(&'static str, i64, i64)],
    missing: Option<i64>,
}

#[test]
fn the_rules_of_the_handbook_are_those_of_its_worked_examples() {
    let first = START + 4; // 2018Q1
    let reported = [10, 22, 33, 48, 12, 26, 40];
    let (third, last) = (first + 2, first + 3);
    let all = [
        OfHandbook { stays: &[("1", 0, FOREVER)], missing: None },
        OfHandbook { stays: &[("1", START + 6, FOREVER)], missing: None },
        OfHandbook { stays: &[("1", 0, START + 6)], missing: None },
        OfHandbook { stays: &[("1", 0, START + 7), ("2", START + 8, FOREVER)], missing: None },
        OfHandbook { stays: &[("1", 0, FOREVER)], missing: Some(last) },
        OfHandbook { stays: &[("1", 0, FOREVER)], missing: Some(first + 1) },
    ];
    assert_eq!((third, last), (START + 6, START + 7));
    // Each is looked at alone: with its number of a park, and what it adds up to there.
    let sums = |one: &OfHandbook| -> Sums {
        /// Quarter, its number from the first one on, and the park.
        type Cell = (i64, i64, i64);
        let rows: Vec<Cell> = (0..7)
            .filter_map(|at| {
                let quarter = first + at;
                let (park, ..) = one.stays.iter().find(|(_, from, to)| (from..=to).contains(&&quarter))?;
                Some((quarter, at, park.parse().unwrap()))
            })
            .collect();
        let column = |value: &dyn Fn(&Cell) -> Option<i64>| Values::Int(rows.iter().map(value).collect());
        let is_there = |quarter: i64| one.missing != Some(quarter);
        let now = |(quarter, at, _): &Cell| is_there(*quarter).then(|| reported[*at as usize]);
        // What was not reported a year ago is told as one less than it was.
        let before = |(quarter, at, _): &Cell| {
            let at = at.checked_sub(4).filter(|at| *at >= 0)?;
            Some(reported[at as usize] - i64::from(!is_there(quarter - 4)))
        };
        let frame = Frame::new()
            .with("unit_number", column(&|_| Some(1)))
            .with("quarter", column(&|(quarter, ..)| Some(*quarter)))
            .with("park_number", column(&|(_, _, park)| Some(*park)))
            .with("first_quarter", column(&|_| Some(one.stays[0].1)))
            .with("finance_division", column(&|_| Some(31)))
            .with("filed_finance", column(&|(quarter, ..)| Some(i64::from(is_there(*quarter)))));
        let frame = MEASURES.into_iter().fold(frame, |frame, (measure, _)| {
            let frame = frame.with(format!("{measure}_ytd_fen"), column(&now));
            frame.with(format!("{measure}_prior_ytd_fen"), column(&before))
        });
        let stays: Vec<Stay> =
            one.stays.iter().map(|(park, from, to)| (1, park.parse().unwrap(), *from, *to)).collect();
        let inputs = [("enterprise_quarter", frame)].into_iter().chain(registers(&stays, (first, first - 3, 7)));
        let inputs = inputs.map(|(name, frame)| (name.to_owned(), Table::of(name, frame).unwrap()));
        let made = engine::run(&models_of(TRAILING), inputs.collect(), |table| table == TRAILING).unwrap();
        let frame = &made[TRAILING];
        let int = |name: &str, row: usize| frame.ints(name).unwrap().get(row);
        (0..frame.rows())
            .map(|row| {
                let sums = MEASURES.map(|(measure, _)| int(&column_of(measure), row));
                assert_eq!(sums, [sums[0]; 4], "one rule holds for all four");
                let retold = ["tax", "profit", "revenue"].map(|measure| int(&retold_of(measure), row));
                assert_eq!(retold, [retold[0]; 3], "{retold:?}");
                ((int("park_number", row).unwrap(), int("quarter", row).unwrap() - first), (sums[0], retold[0]))
            })
            .collect()
    };
    let [there, entered, left, moved, silent, retold] = all.each_ref().map(sums);
    let at = |sums: &Sums, park: i64, quarter: i64| sums.get(&(park, quarter)).and_then(|(sum, _)| *sum);
    assert_eq!(at(&there, 1, 5), Some(26 + 48 - 22));
    assert_eq!([2, 3, 5].map(|quarter| at(&entered, 1, quarter)), [Some(33), Some(48), Some(52)]);
    assert_eq!([3, 4, 5, 6].map(|quarter| at(&left, 1, quarter)), [Some(33), Some(33 - 10), Some(33 - 22), None]);
    assert_eq!((at(&moved, 2, 5), moved.contains_key(&(1, 5))), (Some(52), false));
    assert_eq!([3, 4, 5, 6].map(|quarter| at(&silent, 1, quarter)), [None; 4]);
    assert_eq!(
        [4, 5, 6].map(|quarter| retold[&(1, quarter)]),
        [(50, 0), (53, 1), (55, 0)].map(|(a, b)| (Some(a), Some(b)))
    );
    assert!(
        [&there, &entered, &left, &moved].into_iter().flat_map(BTreeMap::values).all(|(_, retold)| *retold == Some(0))
    );
    for text in ["crates/publish/src/handbook/introduction.md", "crates/publish/src/handbook/introduction.zh-CN.md"] {
        let text = fs::read_to_string(root().join(text)).unwrap();
        assert!(text.contains("| 10 | 22 | 33 | 48 | 12 | 26 | 40 |"), "the handbook has other figures");
        for sum in ["26 + 48 − 22 = 52", "26 + 48 − 21 = 53", "33 − 10 = 23", "33 − 22 = 11"] {
            assert!(text.contains(sum), "{sum}");
        }
    }
}
