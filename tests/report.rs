//! The report: what stands in its pages is what the release publishes, in the release's rounding, and nothing else. `just report` opens
//! it in a browser.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use scraper::{ElementRef, Html, Selector};

use crate::support::{CONFIG, finish, folder, mujun, run_sample, sample, tree};
use store::parquet;
use tempfile::TempDir;

/// A release of the sample.
struct Released {
    _store: TempDir,
    folder: PathBuf,
}

impl Released {
    fn of(profile: &str) -> Released {
        let store = folder();
        let (code, _, stderr) = finish(mujun(store.path()).args(["run", "--profile", profile]));
        assert_eq!(code, 0, "{stderr}");
        let pointer = if profile == "internal" { "current" } else { "current-public" };
        let folder = fs::canonicalize(store.path().join(pointer)).unwrap();
        Released { _store: store, folder }
    }

    /// The pages of the last quarter, by name.
    fn pages(&self) -> BTreeMap<String, String> {
        pages(&self.folder)
    }

    /// Every figure of the last quarter at a level: by area and indicator, how it must be written, whether it is there, its status.
    fn figures(&self, level: &str) -> BTreeMap<(String, String), Published> {
        let quarter = quarter(&self.folder);
        let path = self.folder.join(format!("indicators/level={level}/quarter={quarter}/part-0.parquet"));
        let frame = parquet::read(fs::read(path).unwrap(), |_| true).unwrap().frame;
        let text = |column: &str, row: usize| frame.texts(column).unwrap().get(row).unwrap().to_owned();
        let rows = (0..frame.rows()).map(|row| {
            let published = Published {
                value: frame.floats("value").unwrap().get(row),
                rank: frame.ints("rank").unwrap().get(row),
                rank_of: frame.ints("rank_of").unwrap().get(row),
                status: text("obs_status", row),
            };
            ((text("ref_area", row), text("indicator", row)), published)
        });
        rows.collect()
    }
}

struct Published {
    value: Option<f64>,
    rank: Option<i64>,
    rank_of: Option<i64>,
    status: String,
}

static INTERNAL: LazyLock<Released> = LazyLock::new(|| Released::of("internal"));
static PUBLIC: LazyLock<Released> = LazyLock::new(|| Released::of("public"));

fn quarter(release: &Path) -> String {
    let mut quarters: Vec<String> = fs::read_dir(release.join("reports"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("index.html").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    quarters.sort();
    quarters.pop().expect("a report")
}

fn pages(release: &Path) -> BTreeMap<String, String> {
    let all = tree(&release.join("reports").join(quarter(release))).into_iter();
    let is_page = |name: &str| [".html", ".css", ".js"].iter().any(|end| name.ends_with(end));
    all.filter(|(name, _)| is_page(name)).map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect()
}

fn select(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

/// What an element says in Chinese, without the marks beside figures.
fn chinese(element: ElementRef<'_>) -> String {
    fn put(element: ElementRef<'_>, said: &mut String) {
        for child in element.children() {
            match (child.value().as_text(), ElementRef::wrap(child)) {
                (Some(text), _) => said.push_str(text),
                (_, Some(inner)) if inner.attr("lang") != Some("en") && inner.value().name() != "sup" => {
                    put(inner, said)
                }
                _ => {}
            }
        }
    }
    let mut said = String::new();
    put(element, &mut said);
    said.trim().to_owned()
}

/// A number rounded half away from zero on the digits that it is written with, as people do it on paper.
fn on_paper(value: f64, decimals: usize) -> String {
    let written = format!("{:.*}", decimals + 9, value.abs());
    let (whole, part) = written.split_once('.').unwrap();
    let mut digits: Vec<u8> = whole.bytes().chain(part.bytes().take(decimals)).map(|digit| digit - b'0').collect();
    // A binary fraction that stands for a half may lie below it by less than its last digit.
    let rest: u64 = part[decimals..].parse().unwrap();
    if rest + 1 >= 500_000_000 {
        let mut at = digits.len();
        loop {
            if at == 0 {
                digits.insert(0, 1);
                break;
            }
            at -= 1;
            digits[at] += 1;
            if digits[at] < 10 {
                break;
            }
            digits[at] = 0;
        }
    }
    let mut text: String = digits.iter().map(|digit| char::from(digit + b'0')).collect();
    if decimals > 0 {
        text.insert(text.len() - decimals, '.');
    }
    let is_zero = digits.iter().all(|digit| *digit == 0);
    if value < 0.0 && !is_zero { format!("-{text}") } else { text }
}

fn decimals(indicator: &str) -> usize {
    CONFIG.indicators.iter().find(|of| of.id == indicator).unwrap().decimals
}

/// The cells of the table of figures of an area's page, by indicator.
fn figures_of(page: &str) -> BTreeMap<String, Vec<String>> {
    let html = Html::parse_document(page);
    let rows: Vec<_> = html.select(&select("#figures tbody tr")).collect();
    let figure = |row: &ElementRef<'_>| {
        let link = row.select(&select("th a")).next()?.attr("href")?.to_owned();
        let cells = row.select(&select("td:not([lang=en])")).map(chinese).collect();
        Some((link.split_once('#')?.1.to_owned(), cells))
    };
    rows.iter().filter_map(figure).collect()
}

/// Holds every cell of every page of a level against the release.
fn hold(released: &Released, level: &str, page_of: impl Fn(&str) -> String) -> (usize, usize) {
    let (pages, published) = (released.pages(), released.figures(level));
    let (mut figures, mut missing) = (0, 0);
    let mut shown: BTreeMap<&str, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for ((area, indicator), published) in &published {
        let of_area = shown.entry(area).or_insert_with(|| figures_of(&pages[&page_of(area)]));
        let cells = &of_area[indicator];
        match published.value {
            Some(value) => {
                assert_eq!(cells[1], on_paper(value, decimals(indicator)), "{area} {indicator}");
                figures += 1;
            }
            None => {
                assert!(!cells[1].chars().any(|c| c.is_ascii_digit()), "{area} {indicator}: {}", cells[1]);
                assert_eq!(cells[1] == "(c)", published.status == "Q", "{area} {indicator}");
                missing += 1;
            }
        }
        if level != "province" {
            let rank = published.rank.zip(published.rank_of).map(|(rank, of)| format!("{rank}/{of}"));
            assert_eq!(cells[5], rank.unwrap_or_else(|| "—".to_owned()), "{area} {indicator}");
        }
    }
    let rows: usize = shown.values().map(BTreeMap::len).sum();
    assert_eq!(rows, figures + missing, "a page has rows that the release has not");
    (figures, missing)
}

#[test]
fn every_figure_of_a_page_is_that_of_the_release_as_it_is_rounded() {
    for released in [&*INTERNAL, &*PUBLIC] {
        let (figures, missing) = hold(released, "park", |code| format!("parks/{code}.html"));
        assert!(figures > 1_000 && missing > 10, "{figures} {missing}");
        let (figures, _) = hold(released, "city", |code| format!("cities/{code}.html"));
        assert!(figures > 300, "{figures}");
        let (figures, _) = hold(released, "province", |_| "province.html".to_owned());
        assert!(figures > 50, "{figures}");
    }
}

#[test]
fn the_ranking_shows_the_figures_of_the_release_in_the_order_of_their_ranks() {
    for released in [&*INTERNAL, &*PUBLIC] {
        let published = released.figures("park");
        let html = Html::parse_document(&released.pages()["index.html"]);
        let heads: Vec<String> = html.select(&select("#ranking thead th")).map(chinese).collect();
        let of_head = |head: &str| CONFIG.indicators.iter().find(|of| head.starts_with(&of.name_zh));
        let columns: Vec<_> = heads.iter().map(|head| of_head(head)).collect();
        let (mut ranks, mut held) = (Vec::new(), 0);
        for row in html.select(&select("#ranking tbody tr")) {
            let code = row.attr("data-code").unwrap();
            let cells: Vec<String> = row.child_elements().map(chinese).collect();
            ranks.push(cells[0].parse::<u32>().unwrap_or(u32::MAX));
            for (cell, indicator) in cells.iter().zip(&columns) {
                let Some(indicator) = indicator else { continue };
                let value = published[&(code.to_owned(), indicator.id.clone())].value;
                match value {
                    Some(value) => assert_eq!(*cell, on_paper(value, indicator.decimals), "{code} {}", indicator.id),
                    None => assert!(!cell.chars().any(|c| c.is_ascii_digit()), "{code} {}: {cell}", indicator.id),
                }
                held += 1;
            }
        }
        assert!(held > 100, "{held} cells were held against the release");
        assert!(ranks.is_sorted(), "{ranks:?}");
    }
}

#[test]
fn the_quarters_behind_a_chart_are_those_of_the_release() {
    let pages = INTERNAL.pages();
    let published = INTERNAL.figures("park");
    let last = quarter(&INTERNAL.folder);
    for (name, page) in pages.iter().filter(|(name, _)| name.starts_with("parks/")) {
        let code = name.trim_start_matches("parks/").trim_end_matches(".html");
        let html = Html::parse_document(page);
        for figure in html.select(&select("figure")) {
            let caption = figure.select(&select("figcaption")).next().unwrap();
            let indicator = caption.attr("id").unwrap().trim_start_matches("c-").to_owned();
            let row = figure.select(&select("tbody tr")).next().unwrap();
            assert_eq!(chinese(row.select(&select("th")).next().unwrap()), last, "{name} {indicator}");
            let shown = chinese(row.select(&select("td")).next().unwrap());
            if let Some(value) = published[&(code.to_owned(), indicator.clone())].value {
                assert_eq!(shown, on_paper(value, decimals(&indicator)), "{name} {indicator}");
            }
            let label = figure.select(&select("svg")).next().is_some();
            assert!(label, "{name} {indicator} has no picture");
        }
    }
}

#[test]
fn a_report_asks_nothing_of_a_network() {
    for (name, page) in INTERNAL.pages() {
        // What a page names of itself is no address.
        let page = page.replace("url(#", "");
        for word in ["http:", "https:", "//cdn", "url(", "@import", "src=\"//", "fetch(", "XMLHttpRequest", "import("] {
            assert!(!page.contains(word), "{name} has {word}");
        }
    }
}

#[test]
fn what_data_say_is_never_markup() {
    const NAME: &str = "<img src=x onerror=alert(1)>&\"'</script>";
    let out = folder();
    sample(out.path(), 7, 200, 8, 6);
    let registers = out.path().join("config/registers");
    let parks = fs::read_to_string(registers.join("parks.csv")).unwrap();
    let name = parks.lines().nth(1).unwrap().split(',').nth(1).unwrap().to_owned();
    let quoted = format!("\"{}\"", NAME.replace('"', "\"\""));
    let parks = registers.join("parks.csv");
    fs::write(&parks, fs::read_to_string(&parks).unwrap().replace(&name, &quoted)).unwrap();
    let store = folder();
    let (code, _, stderr) = finish(&mut run_sample(out.path(), store.path()));
    assert_eq!(code, 0, "{stderr}");
    let mut shown = 0;
    for (page, text) in pages(&fs::canonicalize(store.path().join("current")).unwrap()) {
        assert!(!text.contains("<img"), "{page}");
        let html = Html::parse_document(&text);
        assert_eq!(html.select(&select("img, [onerror]")).count(), 0, "{page}");
        let says = |element: ElementRef<'_>| element.text().collect::<String>() == NAME;
        shown += html.select(&select("a, h1")).filter(|element| says(*element)).count();
    }
    assert!(shown > 2, "the name is shown as it is, {shown} times");
}

#[test]
fn every_text_stands_in_both_languages_or_has_none() {
    for (name, page) in INTERNAL.pages().iter().filter(|(name, _)| name.ends_with(".html")) {
        let html = Html::parse_document(page);
        let count = |lang: &str| html.select(&select(&format!("[lang={lang}]"))).count();
        // The switch names the other language, by a code of its own.
        assert_eq!(count("zh"), count("en"), "{name}");
        assert!(count("zh") > 20, "{name}");
    }
}

#[test]
fn a_public_report_says_so_and_has_no_confidential_figure() {
    for (name, page) in PUBLIC.pages().iter().filter(|(name, _)| name.ends_with(".html")) {
        if name != "indicators.html" {
            assert!(page.contains("<b lang=zh>公开</b>"), "{name}");
        }
        let html = Html::parse_document(page);
        let marked = html.select(&select("sup")).filter(|mark| mark.text().collect::<String>() == "§").count();
        assert_eq!(marked, 0, "{name}");
    }
    let marked: usize = INTERNAL.pages().values().map(|page| page.matches("<sup>§</sup>").count()).sum();
    assert!(marked > 0, "an internal report marks what is confidential");
}
