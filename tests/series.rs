//! Exports that are fetched one for each period: what is asked on which day, and what becomes of the answers.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use protect::Profile;
use run::{Event, Observer, Options, Outcome, Setup, Trouble};
use store::parquet;
use tempfile::TempDir;

use crate::cli::{LENIENT, SMALL, bare, copy};
use crate::fetching::{Server, reply, send, whole};
use crate::support::{finish, folder, tree};

struct Quiet;

impl Observer for Quiet {
    fn event(&self, _: Event) {}
}

/// Value added of the province, as the national site gives it since 2026: asked for by a query, a quarter at a time.
fn definition(address: &str, fetch: &str) -> String {
    format!(
        r#"
title = "河南省规模以上工业增加值"
dataset = "province_series"
collection = "published"
match = "国家统计局/规模以上工业增加值_*.json"
format = "json"
period = "rows"
across = "indicator"
ignore = ["指标代码", "地区", "时间代码"]
confidential = false
key = ["indicator", "period"]
url = "http://{address}/esData"
file_name = "国家统计局/规模以上工业增加值_{{year}}Q{{quarter}}.json"

[fetch]
from = "2017Q1"
between_seconds = 0.001
headers = {{ "X-Requested-With" = "XMLHttpRequest" }}
body = '{{"cid": "c", "indicatorIds": [], "dts": ["{{year}}{{quarter:02}}SS-{{year}}{{quarter:02}}SS"]}}'
{fetch}

[[column]]
name = "indicator"
header = ["指标"]
kind = "label"
value_required = true

[[column]]
name = "region_code"
header = ["地区代码"]
kind = "region"

[[column]]
name = "period"
header = ["时间"]
kind = "period"
value_required = true

[[column]]
name = "unit_of_row"
header = ["单位"]
kind = "unit"

[series]
"规模以上工业增加值累计值" = "industrial_value_added_ytd"
"规模以上工业增加值累计增长" = "industrial_value_added_growth_ytd"
"#
    )
}

/// What stands for each quarter: value added of the year to date in 亿元, and its growth in percent.
type Figures = BTreeMap<String, (String, String)>;

/// The export of the sample, which has all quarters, by quarter.
fn figures() -> Figures {
    let exports = tree(&SMALL.join("exports"));
    let (_, bytes) = exports.into_iter().find(|(name, _)| name.contains("规模以上工业增加值_")).unwrap();
    let (text, ..) = encoding_rs::GB18030.decode(&bytes);
    let cells = |start: &str| -> Vec<String> {
        let line = text.lines().find(|line| line.starts_with(start)).unwrap();
        line.split(',').skip(1).map(|cell| cell.trim().to_owned()).collect()
    };
    let quarter = |heading: String| {
        let (year, rest) = heading.split_once('年').unwrap();
        let number = ["一", "二", "三", "四"].iter().position(|digit| rest.contains(digit)).unwrap() + 1;
        format!("{year}{number:02}ss")
    };
    let quarters = cells("指标").into_iter().map(quarter);
    let values = cells("规模以上工业增加值累计值").into_iter().zip(cells("规模以上工业增加值累计增长"));
    quarters.zip(values).collect()
}

/// What the site answers for a quarter.
fn answer(quarter: &str, (value, growth): &(String, String)) -> Vec<u8> {
    let one = |name: &str, unit: &str, value: &str| {
        format!(
            r#"{{"_id":"a","i_showname":"{name}","i_mark":null,"du_name":"{unit}","da":"410000000000","da_name":"河南省","value":"{value}"}}"#
        )
    };
    let values = [one("规模以上工业增加值累计值", "亿元", value), one("规模以上工业增加值累计增长", "%", growth)];
    let quarter = quarter.to_uppercase();
    let body =
        format!(r#"{{"success":true,"state":20000,"data":[{{"code":"{quarter}","values":[{}]}}]}}"#, values.join(","));
    whole("Content-Type: application/json\r\n", body.as_bytes())
}

/// The quarter of each query that the server has seen, in order.
fn asked(server: &Server) -> Vec<String> {
    server.heads().iter().map(|head| quarter_of(head)).collect()
}

fn quarter_of(head: &str) -> String {
    let (_, rest) = head.split_once("\"dts\": [\"").unwrap_or_else(|| panic!("{head}"));
    rest.split('-').next().unwrap().to_owned()
}

/// A server that knows these figures, whatever they are at the time; of other quarters it says this.
fn site(figures: &Arc<Mutex<Figures>>, else_says: fn() -> Vec<u8>) -> Server {
    let figures = Arc::clone(figures);
    Server::start(move |stream, _, head| {
        let quarter = quarter_of(head);
        let known = figures.lock().unwrap().get(&quarter).map(|figures| answer(&quarter, figures));
        send(stream, &known.unwrap_or_else(else_says));
    })
}

fn not_found() -> Vec<u8> {
    reply("404 Not Found", "Content-Length: 0\r\n", b"")
}

/// An installation whose province is fetched by quarter.
struct World(TempDir);

impl World {
    fn new() -> World {
        let folder = folder();
        let out = folder.path();
        copy(&LENIENT.join("config"), &out.join("config"));
        copy(&LENIENT.join("pipelines"), &out.join("pipelines"));
        copy(&SMALL.join("exports"), &out.join("inbox"));
        let name = tree(&out.join("inbox")).into_keys().find(|name| name.contains("规模以上工业增加值_")).unwrap();
        fs::remove_file(out.join("inbox").join(name)).unwrap();
        World(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn define(&self, server: &Server, fetch: &str) -> &World {
        fs::write(self.path("config/sources/province-value-added.toml"), definition(&server.address, fetch)).unwrap();
        self
    }

    /// Runs in the morning of a day; what came of it, and the troubles.
    fn run(&self, day: &str) -> (Outcome, Vec<Trouble>) {
        let started = format!("{day}T00:00:00Z");
        let setup = Setup::load(Options {
            config: self.path("config"),
            store: Some(self.path("store")),
            inbox: Some(self.path("inbox")),
            registers: Some(SMALL.join("config/registers")),
            span: None,
            as_of: None,
            profile: Profile::Internal,
            make_current: false,
            now: started.parse::<jiff::Timestamp>().unwrap().as_second(),
        });
        let setup = setup.unwrap().at(&started).unwrap();
        let outcome = run::execute(&setup, &started, &Quiet).unwrap();
        let troubles = match &outcome {
            Outcome::Published(summary) => summary.troubles.clone(),
            Outcome::NothingToDo(stands) => stands.troubles.clone(),
            Outcome::TakenIn(_) => panic!("a run publishes"),
        };
        (outcome, troubles)
    }

    /// What is wrong on a day: code and file of each source in trouble.
    fn troubles(&self, day: &str) -> Vec<String> {
        self.run(day).1.into_iter().map(|trouble| format!("{} {}", trouble.code, trouble.file)).collect()
    }

    fn province(&self) -> Vec<String> {
        province(&self.path("store/current"))
    }

    /// The fetched exports of the release.
    fn exports(&self) -> Vec<String> {
        let path = self.path("store/current/quality/ledger/part-0.parquet");
        let frame = parquet::read(fs::read(path).unwrap(), |_| true).unwrap().frame;
        let files = frame.column("file").unwrap();
        let names = (0..frame.rows()).filter_map(|row| files.text(row));
        names.filter(|name| name.ends_with(".json")).collect()
    }
}

/// The province's own value added and its growth, by quarter, in a release.
fn province(release: &Path) -> Vec<String> {
    let mut rows = Vec::new();
    for (name, bytes) in tree(&release.canonicalize().unwrap().join("tables/province_quarter")) {
        let frame = parquet::read(bytes, |_| true).unwrap().frame;
        let cell = |name: &str| frame.ints(name).and_then(|column| column.get(0));
        rows.push(format!("{name} {:?} {:?}", cell("province_va_ytd_fen"), cell("province_growth_micro")));
    }
    rows
}

#[test]
fn the_quarters_of_a_series_are_exports_of_their_own_and_give_what_one_export_of_all_of_them_gives() {
    let figures = Arc::new(Mutex::new(figures()));
    let server = site(&figures, not_found);
    let world = World::new();
    world.define(&server, "again = 2");
    assert_eq!(world.troubles("2018-05-10"), Vec::<String>::new());
    assert_eq!(asked(&server), ["201701ss", "201702ss", "201703ss", "201704ss", "201801ss"], "those that have ended");
    let name = |quarter: &str| format!("国家统计局/规模以上工业增加值_{quarter}.json");
    assert_eq!(world.exports(), ["2017Q1", "2017Q2", "2017Q3", "2017Q4", "2018Q1"].map(name));

    let whole = folder();
    let mut run = bare(&["run", "--quiet"]);
    run.arg("--config").arg(LENIENT.join("config")).arg("--registers").arg(SMALL.join("config/registers"));
    run.arg("--inbox").arg(SMALL.join("exports")).arg("--store").arg(whole.path().join("store"));
    let (code, _, stderr) = finish(&mut run);
    assert_eq!(code, 0, "{stderr}");
    let by_quarter = world.province();
    assert!(by_quarter.len() == 5 && by_quarter.iter().all(|row| !row.contains("None")), "{by_quarter:?}");
    assert_eq!(by_quarter, province(&whole.path().join("store/current")));

    let (outcome, _) = world.run("2018-05-11");
    assert!(matches!(outcome, Outcome::NothingToDo(_)));
    assert_eq!(asked(&server)[5..], ["201704ss", "201801ss"], "the last two are asked for again");

    figures.lock().unwrap().insert("201704ss".to_owned(), ("700.00".to_owned(), "6.9".to_owned()));
    figures.lock().unwrap().insert("201701ss".to_owned(), ("1.00".to_owned(), "1.0".to_owned()));
    assert_eq!(world.troubles("2018-05-12"), Vec::<String>::new());
    let differ: Vec<(&String, String)> =
        by_quarter.iter().zip(world.province()).filter(|(before, now)| *before != now).collect();
    assert!(differ.len() == 1 && differ[0].1.contains("Some(7000000000000) Some(69000)"), "{differ:?}");
}

#[test]
fn a_period_that_has_just_ended_may_be_missing_and_later_it_is_told_with_its_file() {
    fn no_values() -> Vec<u8> {
        whole("", br#"{"success":true,"state":20000,"data":[]}"#)
    }
    fn blank_values() -> Vec<u8> {
        answer("201801ss", &(String::new(), String::new()))
    }
    for (says, code) in [(not_found as fn() -> Vec<u8>, "F021"), (no_values, "F024"), (blank_values, "F024")] {
        let mut known = figures();
        known.remove("201801ss");
        let figures = Arc::new(Mutex::new(known));
        let server = site(&figures, says);
        let world = World::new();
        world.define(&server, "wait_days = 20");
        assert_eq!(world.troubles("2018-04-20"), Vec::<String>::new(), "{code}: twenty days later");
        assert_eq!(world.exports().len(), 4);
        let late = format!("{code} 国家统计局/规模以上工业增加值_2018Q1.json");
        assert_eq!(world.troubles("2018-04-21"), [late], "{code}: one day more");
    }
}

#[test]
fn an_answer_of_another_period_than_the_one_asked_for_is_not_taken() {
    let latest = answer("201801ss", &("179.26".to_owned(), "6.6".to_owned()));
    let server = Server::start(move |stream, _, _| send(stream, &latest));
    let world = World::new();
    world.define(&server, "");
    let name = |quarter: &str| format!("F032 国家统计局/规模以上工业增加值_{quarter}.json");
    assert_eq!(world.troubles("2018-05-10"), ["2017Q1", "2017Q2", "2017Q3", "2017Q4"].map(name));
    assert_eq!(world.exports(), ["国家统计局/规模以上工业增加值_2018Q1.json"]);
}

#[test]
fn a_server_that_is_down_is_asked_once_and_told_once_and_its_exports_stand() {
    let figures = Arc::new(Mutex::new(figures()));
    let world = World::new();
    world.define(&site(&figures, not_found), "");
    assert_eq!(world.troubles("2018-05-10"), Vec::<String>::new());
    let before = world.province();
    let server = Server::start(|stream, _, _| send(stream, &reply("403 Forbidden", "Content-Length: 0\r\n", b"")));
    world.define(&server, "");
    assert_eq!(world.troubles("2018-05-11"), ["F020 国家统计局/规模以上工业增加值_2017Q1.json"]);
    assert_eq!(server.heads().len(), 1);
    assert_eq!(world.province(), before);
}

#[test]
fn check_tells_what_cannot_be_asked_for_by_period() {
    let server = Server::start(|_, _, _| {});
    let good = |more: &str| definition(&server.address, more);
    let name = "规模以上工业增加值_{year}Q{quarter}.json";
    for (text, told) in [
        (good("").replace("from = \"2017Q1\"\n", ""), "a period is filled in only with `from` under [fetch]"),
        (good("").replace("2017Q1", "2017-01-31"), "`from` is the first period that is asked for"),
        (good("again = 0"), "`again` must be from 1 to 120"),
        (good("").replace("from = \"2017Q1\"", "wait_days = 9"), "`wait_days` is only for what is fetched by period"),
        (good("").replace(name, "规模以上工业增加值_{year}.json"), "two periods get the same `file_name`"),
        (good("").replace(name, "规模以上工业增加值_{year}Q{quater}.json"), "`{quater}` is not filled in"),
        (
            good("").replace("SS-{year}{quarter:02}SS", "YY").replace("{year}{quarter:02}", "{year}"),
            "two periods ask for the same",
        ),
        (
            good("").replace(name, "增加值_{year}Q{quarter}.json"),
            "`match` does not claim `国家统计局/增加值_2017Q1.json`",
        ),
        (good("").replace("X-Requested-With", "Cookie"), "`Cookie` cannot be set here"),
        (good("").replace("X-Requested-With", "X Y"), "`X Y` is no header"),
    ] {
        let world = World::new();
        fs::write(world.path("config/sources/province-value-added.toml"), &text).unwrap();
        let mut check = bare(&["check", "--lang", "en", "--config"]);
        let (code, _, stderr) = finish(check.arg(world.path("config")));
        assert!(code == 2 && stderr.contains(told), "{told}: {code} {stderr}");
    }
}
