//! Real exports, as people left them on the web, against facts that were read off them by other programs.
//!
//! The corpus is not part of the project; where it is missing, these tests say so and pass.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use clean::{Cleaned, Export, Findings, Registers};
use config::Config;
use config::source::Source;
use read::{Expect, Format, Grid, Limits};
use store::parquet;
use vocab::Place;
use vocab::frame::Frame;

use crate::cli::{bare, lacks_only_a_test};
use crate::support::{cells, finish, folder, mujun, root, shared, tree};

/// An export of the classic layout of data.stats.gov.cn, and how it is declared.
struct Case {
    file: &'static str,
    sheet: &'static str,
    kind: Kind,
    /// The unit of all values, where the rows do not say it.
    unit: Option<&'static str>,
}

/// What stands in the first column.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Provinces; periods across.
    Regions,
    /// Indicators; periods across.
    Indicators,
    /// Periods; indicators across.
    Periods,
}

const fn case(file: &'static str, sheet: &'static str, kind: Kind, unit: Option<&'static str>) -> Case {
    Case { file, sheet, kind, unit }
}

const CASES: &[Case] = &[
    case("o001_分省月度数据 (1).csv", "", Kind::Regions, Some("上年同月=100")),
    case("o002_月度数据.csv", "", Kind::Periods, None),
    case("o003_分省年度数据.csv", "", Kind::Regions, Some("亿元")),
    case("o004_分省年度数据 (2).csv", "", Kind::Regions, Some("人")),
    case("o005_季度数据.csv", "", Kind::Indicators, None),
    case("o006_主要城市年度数据.csv", "", Kind::Indicators, None),
    case("o009_分省年度数据.csv", "", Kind::Indicators, None),
    case("o010_分省年度数据_6.csv", "", Kind::Regions, Some("亿元")),
    case("o012_年度数据 (1).xls", "年度数据", Kind::Indicators, None),
    case("o013_废水中主要污染物排放年度数据.xls", "年度数据", Kind::Indicators, None),
    case("o014_国内生产总值（不变价）.xls", "季度数据", Kind::Indicators, None),
    case("o015_工业增加值-月度数据.xls", "月度数据", Kind::Indicators, None),
    case("o016_工业增加值-月度.xls", "月度数据", Kind::Indicators, None),
    case("o020_GDP(已自动还原).xls", "季度数据", Kind::Indicators, None),
    case("o021_分省年度数据.xls", "分省年度数据", Kind::Regions, Some("亿元")),
    case("o022_河南.csv", "", Kind::Indicators, None),
    case("o023_河南.xls", "分省月度数据", Kind::Indicators, None),
    case("o025_分省年度数据.xls", "分省年度数据", Kind::Regions, Some("亿元")),
];

impl Case {
    fn id(&self) -> &'static str {
        &self.file[..4]
    }

    /// The definition that a user would write for it.
    fn definition(&self) -> String {
        let (across, column) = match self.kind {
            Kind::Regions => ("period", "name = \"region_code\"\nheader = [\"地区\"]\nkind = \"region\""),
            Kind::Indicators => ("period", "name = \"indicator\"\nheader = [\"指标\"]\nkind = \"text\""),
            Kind::Periods => ("indicator", "name = \"time\"\nheader = [\"时间\"]\nkind = \"period\""),
        };
        let key = column.split('"').nth(1).unwrap();
        let format = Path::new(self.file).extension().unwrap().to_str().unwrap();
        let sheet = if self.sheet.is_empty() { String::new() } else { format!("sheet = \"{}\"\n", self.sheet) };
        let unit = self.unit.map_or(String::new(), |unit| format!("value_unit = \"{unit}\"\n"));
        format!(
            "title = \"国家统计局\"\ndataset = \"series\"\ncollection = \"published\"\nmatch = \"**/{}*\"\nformat = \"{format}\"\n{sheet}period = \"rows\"\n\
             across = \"{across}\"\n{unit}confidential = false\nkey = [\"{key}\"]\n\n[[column]]\n{column}\nvalue_required = true\n",
            self.id(),
        )
    }
}

fn config(cases: &[Case]) -> Config {
    let site = "calendar = \"series\"\n[province]\ncode = \"410000\"\nname = \"河南省\"\n".to_owned();
    let sources = cases.iter().map(|case| (format!("sources/{}.toml", case.id()), case.definition()));
    let files = [("site.toml".to_owned(), site)].into_iter().chain(sources).collect();
    Config::resolve(&files).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn registers() -> Registers {
    let grids = tree(&root().join("config/registers")).into_iter().map(|(name, bytes)| {
        let (book, _) = read::read(&name, &bytes, &Expect::default(), &Limits::default());
        (name.trim_end_matches(".csv").to_owned(), (name.clone(), book.unwrap().sheets.remove(0)))
    });
    let (registers, problems) = Registers::resolve(&grids.collect());
    assert!(problems.is_empty(), "{problems:?}");
    registers
}

/// Reads, lays out and cleans one export, as a run does.
fn facts(corpus: &Path, case: &Case, source: &Source, registers: &Registers) -> (Cleaned, Grid) {
    let bytes = fs::read(corpus.join(case.file)).unwrap();
    let expect = Expect {
        format: source.format.as_deref().map(|format| Format::from_str(format).unwrap()),
        encoding: None,
        sheet: source.sheet.as_deref(),
    };
    assert!(source.claims(&format!("国家统计局/{}", case.file)));
    let (book, problems) = read::read(case.file, &bytes, &expect, &Limits::default());
    let mut book = book.unwrap_or_else(|| panic!("{}: {problems:?}", case.file));
    assert_eq!(book.sheets.len(), 1, "{}", case.file);
    let grid = book.sheets.remove(0);
    let place = Place { sheet: grid.sheet.clone(), ..Place::file(case.file) };
    let (table, problems) = layout::layout(&grid, &source.columns, &source.layout, &place);
    let table = table.unwrap_or_else(|| panic!("{}: {problems:?}", case.file));
    let mut findings = Findings::new(1_000);
    let export =
        Export { name: case.file, delimited: matches!(book.format, Format::Csv | Format::Tsv), received: None };
    let cleaned = clean::clean(&grid, &table, source, registers, export, &mut findings);
    assert!(cleaned.ledger.closes(), "{}: {:?}", case.file, cleaned.ledger);
    assert_eq!(cleaned.ledger.quarantined, 0, "{}: {:?}", case.file, findings.kept());
    (cleaned, grid)
}

/// Canonical units in one unit, written here once more.
fn factor(unit: &str) -> i128 {
    match unit {
        "亿元" => 10_000_000_000,
        "千美元" => 100_000,
        "%" | "上年同月=100" => 10_000,
        "万平方米" => 15_000_000,
        "万吨标准煤" | "万吨" => 10_000_000_000,
        "千克" => 1_000,
        "人" => 1,
        other => panic!("the test does not know {other}"),
    }
}

/// A decimal times a factor, exactly.
fn times(decimal: &str, factor: i128) -> i64 {
    let (sign, digits) = decimal.strip_prefix('-').map_or((1, decimal), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let scale = 10_i128.pow(part.len().try_into().unwrap());
    let product = format!("{whole}{part}").parse::<i128>().unwrap() * factor;
    assert_eq!(product % scale, 0, "{decimal} is no whole number of canonical units");
    i64::try_from(sign * product / scale).unwrap()
}

/// A label of a period as facts hold it.
fn period(label: &str) -> String {
    let (year, rest) = label.split_once('年').unwrap_or_else(|| panic!("{label}"));
    match rest {
        "" => year.to_owned(),
        "第一季度" => format!("{year}Q1"),
        "第二季度" => format!("{year}Q2"),
        "第三季度" => format!("{year}Q3"),
        "第四季度" => format!("{year}Q4"),
        month => format!("{year}-{:02}", month.strip_suffix('月').unwrap().parse::<u8>().unwrap()),
    }
}

/// An indicator's name without the unit at its end, and the unit.
fn split(label: &str) -> (String, &str) {
    let (name, unit) = label.strip_suffix(')').unwrap_or_else(|| panic!("{label}")).rsplit_once('(').unwrap();
    (name.trim_end().to_owned(), unit)
}

/// One line of the facts: sheet, row label, column label, value, note.
type Line = [String; 5];

/// The lines about one file and sheet.
fn lines(corpus: &Path, file: &str, sheet: &str) -> Vec<Line> {
    let text = fs::read_to_string(corpus.join("FACTS_open.csv")).unwrap();
    let lines = text.lines().skip(1).map(cells);
    let about = lines.filter(|cells| cells[0] == file && cells[1] == sheet);
    let lines: Vec<Line> = about.map(|mut cells| cells.drain(1..6).collect::<Vec<_>>().try_into().unwrap()).collect();
    assert!(!lines.is_empty(), "no fact is known of {file}");
    lines
}

struct Facts<'a> {
    case: &'a Case,
    frame: &'a Frame,
}

impl Facts<'_> {
    fn text(&self, column: &str, row: usize) -> String {
        self.frame.column(column).unwrap().text(row).unwrap_or_default()
    }

    /// The row of one series and period, of which there must be exactly one, and the factor of its unit.
    fn find(&self, row_label: &str, column_label: &str) -> (usize, i128) {
        let (time_column, time, series_column, (series, unit)) = match self.case.kind {
            Kind::Regions => {
                assert_eq!(row_label, "河南省", "the test knows the code of one province");
                ("period", column_label, "region_code", ("410000".to_owned(), self.case.unit.unwrap()))
            }
            Kind::Indicators => ("period", column_label, "indicator", split(row_label)),
            Kind::Periods => ("time", row_label, "indicator", split(column_label)),
        };
        let time = period(time);
        let found: Vec<usize> = (0..self.frame.rows())
            .filter(|&row| self.text(time_column, row) == time && self.text(series_column, row) == series)
            .collect();
        assert_eq!(found.len(), 1, "{}: {row_label}, {column_label}", self.case.file);
        (found[0], factor(unit))
    }

    /// Values that are missing in the row of the file that this fact comes from.
    fn missing_beside(&self, row: usize) -> usize {
        let numbers = self.frame.ints("source_row").unwrap();
        let values = self.frame.ints("value").unwrap();
        (0..self.frame.rows())
            .filter(|&other| numbers.get(other) == numbers.get(row) && values.get(other).is_none())
            .count()
    }
}

#[test]
fn real_exports_give_every_fact_that_is_known_of_them() {
    let Some(corpus) = shared("real exports against known facts").map(|path| path.join("corpus")) else { return };
    let (config, registers) = (config(CASES), registers());
    let mut checked = 0;
    for (case, source) in CASES.iter().zip(&config.sources) {
        let (cleaned, grid) = facts(&corpus, case, source, &registers);
        let known = Facts { case, frame: &cleaned.facts };
        for line @ [_, row_label, column_label, value, note] in &lines(&corpus, case.file, case.sheet) {
            if row_label == "data rows" {
                assert_eq!(column_label, "count", "{line:?}");
                assert_eq!(cleaned.ledger.facts.to_string(), *value, "{}", case.file);
                checked += 1;
                continue;
            }
            let (row, factor) = known.find(row_label, column_label);
            let found = cleaned.facts.ints("value").unwrap().get(row);
            if let Some(count) =
                note.strip_prefix("missing; ").and_then(|note| note.strip_suffix(" missing in this row"))
            {
                assert_eq!((found, value.as_str()), (None, ""), "{}: {line:?}", case.file);
                assert_eq!(known.missing_beside(row), count.parse::<usize>().unwrap(), "{}: {line:?}", case.file);
            } else {
                assert_eq!(note, "", "{}: a kind of note that is not known: {line:?}", case.file);
                assert_eq!(found, Some(times(value, factor)), "{}: {line:?}", case.file);
            }
            // The address leads to the cell that holds the value.
            let at = |name: &str| u32::try_from(cleaned.facts.ints(name).unwrap().get(row).unwrap()).unwrap();
            let sheet_row = grid.rows().find(|sheet_row| sheet_row.number == at("source_row")).unwrap();
            let cell = sheet_row.cell(at("source_column") as usize - 1).trim();
            let same = cell == value || cell.parse::<f64>().ok() == value.parse::<f64>().ok();
            assert!(same, "{}: {line:?} is said to stand where `{cell}` stands", case.file);
            checked += 1;
        }
    }
    println!("{checked} facts of {} real exports agree", CASES.len());
    assert_eq!(checked, 122);
}

#[test]
fn a_real_vendor_sheet_is_read_cell_for_cell() {
    let Some(corpus) = shared("a real vendor sheet against known cells").map(|path| path.join("corpus")) else {
        return;
    };
    let file = "o024_CPI.xls";
    let bytes = fs::read(corpus.join(file)).unwrap();
    let (book, problems) = read::read(file, &bytes, &Expect::default(), &Limits::default());
    let book = book.unwrap_or_else(|| panic!("{problems:?}"));
    let known = lines(&corpus, file, "MACHINACPI");
    assert_eq!(known.len(), 1);
    let [sheet, row, cells, value, _] = &known[0];
    assert_eq!((row.as_str(), cells.as_str()), ("row 456 (last with >1 cells)", "cells"));
    let grid = book.sheets.iter().find(|grid| grid.sheet == *sheet).unwrap();
    // The row is counted from zero there; a date stands as its serial number.
    let last = grid.rows().filter(|row| row.cells().filter(|cell| !cell.is_empty()).count() > 1).last().unwrap();
    assert_eq!(last.number, 457);
    let expected: Vec<String> = value.split('|').map(|cell| cell.replace("DATE:45657.0", "2024-12-31")).collect();
    let found: Vec<&str> = (0..expected.len()).map(|column| last.cell(column)).collect();
    assert_eq!(found, expected);
}

/// Facts without the names of the file and its sheet, in one order.
fn comparable(facts: &Frame, columns: &[&str]) -> BTreeSet<Vec<String>> {
    let row =
        |row: usize| columns.iter().map(|name| facts.column(name).unwrap().text(row).unwrap_or_default()).collect();
    (0..facts.rows()).map(row).collect()
}

#[test]
fn the_same_table_in_two_formats_gives_the_same_facts() {
    let Some(corpus) = shared("one real table in two formats").map(|path| path.join("corpus")) else { return };
    let (config, registers) = (config(CASES), registers());
    let of = |id: &str| {
        let position = CASES.iter().position(|case| case.id() == id).unwrap();
        facts(&corpus, &CASES[position], &config.sources[position], &registers).0.facts
    };
    let columns = ["indicator", "period", "value", "unit", "source_row", "source_column"];
    let (csv, xls) = (comparable(&of("o022"), &columns), comparable(&of("o023"), &columns));
    assert_eq!(csv.len(), 4 * 36);
    assert_eq!(csv, xls);
    // Two downloads of one series, of other years and with other margins: where both have a year, they agree.
    let values = |id: &str| -> BTreeMap<(String, String), String> {
        let rows = comparable(&of(id), &["region_code", "period", "value"]);
        let has_value = rows.into_iter().filter(|row| !row[2].is_empty());
        has_value.map(|row| ((row[0].clone(), row[1].clone()), row[2].clone())).collect()
    };
    let (long, short) = (values("o003"), values("o010"));
    let both: Vec<_> = long.keys().filter(|key| short.contains_key(*key)).collect();
    assert_eq!(both.len(), 31 * 14);
    assert!(both.iter().all(|key| long[*key] == short[*key]));
}

/// The sample's inbox as links, and a configuration with two sources more.
fn with_real_exports(corpus: &Path, into: &Path) -> (PathBuf, PathBuf) {
    let (config, inbox) = sample_and(corpus, into, &["o022_河南.csv", "o003_分省年度数据.csv"]);
    let investment = "title = \"河南省房地产开发投资\"\ndataset = \"real_estate\"\ncollection = \"published\"\nmatch = \"国家统计局数据/o022*.csv\"\n\
        format = \"csv\"\nencoding = \"utf-8\"\nperiod = \"rows\"\nacross = \"period\"\nconfidential = false\n\
        key = [\"indicator\"]\n\n[[column]]\nname = \"indicator\"\nheader = [\"指标\"]\nkind = \"text\"\n\
        value_required = true\n\n[[column]]\nname = \"region_code\"\npreamble = \"地区\"\nkind = \"region\"\n\
        value_required = true\n\n[series]\n\"房地产投资累计值\" = \"real_estate_investment_ytd\"\n";
    let product = "title = \"分省地区生产总值\"\ndataset = \"province_gdp\"\ncollection = \"published\"\nmatch = \"国家统计局数据/o003*.csv\"\nformat = \"csv\"\n\
        encoding = \"gb18030\"\nperiod = \"rows\"\nacross = \"period\"\nvalue_name = \"gdp_fen\"\nvalue_unit = \"亿元\"\n\
        confidential = false\nkey = [\"region_code\"]\n\n[[column]]\nname = \"region_code\"\nheader = [\"地区\"]\n\
        kind = \"region\"\nvalue_required = true\n";
    fs::write(config.join("sources/real-estate.toml"), investment).unwrap();
    fs::write(config.join("sources/province-gdp.toml"), product).unwrap();
    (config, inbox)
}

/// The sample's configuration and its inbox as links, with some files of the corpus beside it.
fn sample_and(corpus: &Path, into: &Path, files: &[&str]) -> (PathBuf, PathBuf) {
    let (config, inbox) = (into.join("config"), into.join("inbox"));
    for (name, bytes) in tree(&root().join("config")) {
        let path = config.join(&name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        fs::write(path, text.replace("../pipelines", &root().join("pipelines").to_string_lossy())).unwrap();
    }
    let real = inbox.join("国家统计局数据");
    fs::create_dir_all(&real).unwrap();
    let link = |from: &Path, to: &Path| std::os::unix::fs::symlink(from, to).unwrap();
    for entry in fs::read_dir(root().join("examples/exports")).unwrap() {
        let entry = entry.unwrap();
        link(&entry.path(), &inbox.join(entry.file_name()));
    }
    for file in files {
        link(&fs::canonicalize(corpus.join(file)).unwrap(), &real.join(file));
    }
    (config, inbox)
}

/// A real export, the blanks of its draft that a person fills in, how many rows of facts it then gives, and one of them.
type Draft = (&'static str, &'static [(&'static str, &'static str)], usize, &'static str);

const PUBLIC: (&str, &str) = ("confidential = true ", "confidential = false ");

/// Of different kinds: classic text and workbook, transposed, the new site, a database's export with a header of four
/// rows, a vendor's with real dates, an encrypted yearbook, one in seven pieces, a page, a blank corner, XML, JSON.
const DRAFTS: &[Draft] = &[
    ("o002_月度数据.csv", &[PUBLIC], 50 * 11, "column_1=2020-02 indicator=居民消费价格指数 value=1052000"),
    ("o005_季度数据.csv", &[PUBLIC], 11 * 6, "indicator=国内生产总值当季值 period=2022Q1 value=2701778000000000"),
    (
        "o010_分省年度数据_6.csv",
        &[PUBLIC, ("# value_unit = \"…\"", "value_unit = \"亿元\"")],
        31 * 15,
        "column_1=河南省 period=2024 value=635571000000000",
    ),
    ("o012_年度数据 (1).xls", &[PUBLIC], 52 * 10, "indicator=能源消费总量 period=2024 value=5960000000000000"),
    ("o017_ExportData.xls", &[PUBLIC], 24 * 26, "column_1=2018-06 indicator=GDP_累计 value=4259979000000000"),
    ("o024_CPI.xls", &[PUBLIC], 456 * 7, "column_1=1987-02-28 value=1054000"),
    ("o026_raw-2010.xls", &[PUBLIC], 35 * 7, "indicator=企业数 value=728"),
    ("o032_cnki.xls", &[PUBLIC], 324 * 6, "column_1=郑州市 value=8270000"),
    ("o037_error4.xls", &[PUBLIC], 46 * 6, "column_1=宁波市 value=133074057000000"),
    (
        "o043_国内生产总值(现价).xlsx",
        &[PUBLIC, ("# value_unit = \"…\"", "value_unit = \"亿元\"")],
        88 * 32,
        "column_1=2000Q1 value=13794000000000",
    ),
    (
        "o056_全国地址邮编.sql",
        &[
            PUBLIC,
            (
                "name = \"column_1\"\nheader = [\"id\"]\nkind = \"number\"",
                "name = \"column_1\"\nheader = [\"id\"]\nkind = \"text\"",
            ),
        ],
        3749,
        "column_1=3749 column_2=中国,钓鱼岛",
    ),
    ("o058_gdpcache.json", &[PUBLIC], 192, "column_1=zb.A010301_sj.2019B column_7_micro=1062000"),
];

#[test]
fn drafts_of_exports_of_many_kinds_run_to_parquet_once_a_few_blanks_are_filled() {
    let Some(corpus) = shared("drafts of real exports").map(|path| path.join("corpus")) else { return };
    let (work, store) = (folder(), folder());
    let files: Vec<&str> = DRAFTS.iter().map(|(file, ..)| *file).collect();
    let (config, inbox) = sample_and(&corpus, work.path(), &files);
    for (file, blanks, ..) in DRAFTS {
        assert!(blanks.len() < 5, "{file}: the name of the dataset is one more");
        let (code, mut draft, stderr) = finish(bare(&["inspect", "--draft"]).arg(corpus.join(file)));
        assert_eq!(code, 0, "{file}: {stderr}");
        let id = format!("draft_{}", &file[..4]);
        for (blank, filled) in blanks.iter().chain(&[("dataset_name", id.as_str())]) {
            assert!(draft.contains(blank), "{file}: no `{blank}` in\n{draft}");
            draft = draft.replacen(blank, filled, 1);
        }
        // A person has looked at what is marked.
        let looked_at = |line: &str| line.split("# TODO").next().unwrap_or_default().to_owned() + "\n";
        let draft: String = draft.lines().map(looked_at).collect();
        fs::write(config.join(format!("sources/{id}.toml")), draft).unwrap();
    }
    let said = finish(bare(&["check", "--lang", "en", "--config"]).arg(&config));
    assert!(lacks_only_a_test(&said), "{said:?}");
    let mut command = mujun(store.path());
    let (code, stdout, stderr) = finish(command.arg("run").arg("--config").arg(&config).arg("--inbox").arg(&inbox));
    assert_eq!(code, 0, "{stdout}{stderr}");
    let mut wrong = vec![stdout];
    for (file, _, rows, known) in DRAFTS {
        let dataset = store.path().join(format!("facts/draft_{}", &file[..4]));
        let mut files = if dataset.is_dir() { tree(&dataset) } else { BTreeMap::new() }.into_values();
        let frame = files.next().map(|bytes| parquet::read(bytes, |_| true).unwrap().frame).unwrap_or_default();
        let lines: Vec<String> = (0..frame.rows())
            .map(|row| {
                let cells = frame
                    .columns()
                    .iter()
                    .map(|(name, values)| format!("{name}={}", values.text(row).unwrap_or_default()));
                cells.collect::<Vec<_>>().join(" ")
            })
            .collect();
        let has = |line: &String| known.split(' ').all(|pair| line.split(' ').any(|cell| cell == pair));
        if frame.rows() != *rows || !(known.is_empty() || lines.iter().any(has)) {
            wrong.push(format!(
                "{file}: {} rows of facts, expected {rows}: {known}\n{:?}",
                frame.rows(),
                lines.get(..3.min(lines.len()))
            ));
        }
    }
    assert!(wrong.len() == 1, "{}", wrong.join("\n\n"));
}

#[test]
fn a_run_takes_real_provincial_series_by_configuration_alone() {
    let Some(corpus) = shared("a run with real provincial series").map(|path| path.join("corpus")) else { return };
    let (work, store) = (folder(), folder());
    let (config, inbox) = with_real_exports(&corpus, work.path());
    let mut command = mujun(store.path());
    let (code, stdout, stderr) = finish(command.arg("run").arg("--config").arg(&config).arg("--inbox").arg(&inbox));
    assert_eq!(code, 0, "{stdout}{stderr}");

    let dataset = |name: &str| {
        let mut files = tree(&store.path().join("facts").join(name)).into_values();
        let frame = parquet::read(files.next().unwrap(), |_| true).unwrap().frame;
        assert!(files.next().is_none());
        frame
    };
    let columns = ["region_code", "period", "value", "unit", "source_file", "source_row", "source_column"];
    let row = |texts: [&str; 7]| texts.map(str::to_owned).to_vec();
    let series = dataset("real_estate");
    assert_eq!(series.rows(), 4 * 36);
    let ytd: Vec<usize> = (0..series.rows())
        .filter(|&row| series.texts("indicator").unwrap().get(row) == Some("real_estate_investment_ytd"))
        .collect();
    let found = comparable(&series.take(&ytd), &columns);
    assert_eq!(found.len(), 36);
    let file = "国家统计局数据/o022_河南.csv";
    for expected in [
        row(["410000", "2019-12", "74645900000000", "fen", file, "5", "2"]),
        row(["410000", "2019-01", "", "fen", file, "5", "13"]),
        row(["410000", "2018-07", "36641200000000", "fen", file, "5", "19"]),
        row(["410000", "2017-02", "4517600000000", "fen", file, "5", "36"]),
    ] {
        assert!(found.contains(&expected), "{expected:?} is not among {found:?}");
    }
    let quarters = series.ints("quarter").unwrap();
    assert_eq!(quarters.iter().flatten().count(), 4 * 12, "twelve of the 36 months end a quarter");

    let columns = ["region_code", "period", "gdp_fen", "unit", "source_file", "source_row", "source_column"];
    let found = comparable(&dataset("province_gdp"), &columns);
    assert_eq!(found.len(), 31 * 19);
    let file = "国家统计局数据/o003_分省年度数据.csv";
    for expected in [
        row(["410000", "2024", "635571000000000", "fen", file, "20", "2"]),
        row(["410000", "2015", "367982000000000", "fen", file, "20", "11"]),
        row(["410000", "2006", "119746000000000", "fen", file, "20", "20"]),
    ] {
        assert!(found.contains(&expected), "{expected:?}");
    }
}
