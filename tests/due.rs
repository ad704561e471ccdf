//! Pipelines as they are written: cron expressions, the statistics calendar, and what is told of mistakes in them.

use std::fs;
use std::path::Path;

use config::pipeline::Pipeline;
use config::pipeline::calendar::Calendar;
use config::pipeline::cron::Cron;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use vocab::period::{self, Period};

use crate::cli::{SMALL, bare, copy_config, json, replace, shown};
use crate::support::{CONFIG, finish, folder, mujun, root, tree};

/// The pipelines of a text, with the sources of the project, and the mistakes in it.
fn read(text: &str) -> (Vec<Pipeline>, Vec<String>) {
    let mut config = CONFIG.clone();
    let errors = config.take_pipelines(&[("quarterly.toml".to_owned(), text.to_owned())].into());
    (config.pipelines, errors.iter().map(ToString::to_string).collect())
}

/// The calendar of a text that says when things are due.
fn calendar(text: &str) -> Calendar {
    let head =
        "title = \"季度\"\nschedule = \"30 7 * * *\"\nzone = \"Asia/Shanghai\"\n[calendar]\nsince = \"2020Q1\"\n";
    let (mut pipelines, errors) = read(&format!("{head}{text}"));
    assert!(errors.is_empty(), "{errors:#?}");
    pipelines.remove(0).calendar.unwrap()
}

fn date(text: &str) -> civil::Date {
    text.parse().unwrap()
}

/// The day on which a period of a dataset is due, and the last one on which it is not late.
fn due(calendar: &Calendar, dataset: &str, period: &str) -> (String, String) {
    let due = calendar.dues.iter().find(|due| due.dataset == dataset).unwrap();
    let period = period::parse(period).unwrap();
    let text = |day: Option<civil::Date>| day.unwrap().to_string();
    (text(calendar.due_day(due, period)), text(calendar.last_day(due, period)))
}

#[test]
fn times_of_an_expression_are_those_that_cron_starts_at() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let at = |text: &str| text.parse::<civil::DateTime>().unwrap().to_zoned(zone.clone()).unwrap().timestamp();
    let shown = |time: Timestamp| time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    let check = |expression: &str, now: &str, last: &str, next: &str| {
        let cron = Cron::parse(expression).unwrap();
        let (before, after) = (cron.last(at(now), &zone).unwrap(), cron.next(at(now), &zone).unwrap());
        assert_eq!((shown(before).as_str(), shown(after).as_str()), (last, next), "{expression} at {now}");
    };
    check("30 7 * * *", "2020-01-22T07:29:59", "2020-01-21 07:30", "2020-01-22 07:30");
    check("30 7 * * *", "2020-01-22T07:30:00", "2020-01-22 07:30", "2020-01-23 07:30");
    check("*/20 8-9 * * *", "2020-01-22T08:50:00", "2020-01-22 08:40", "2020-01-22 09:00");
    // Friday, and Monday behind the weekend.
    check("0 6 * * 1-5", "2020-01-18T12:00:00", "2020-01-17 06:00", "2020-01-20 06:00");
    check("0 6 * * mon-fri", "2020-01-18T12:00:00", "2020-01-17 06:00", "2020-01-20 06:00");
    // Sunday is 0 and 7.
    check("0 6 * * 7", "2020-01-18T12:00:00", "2020-01-12 06:00", "2020-01-19 06:00");
    check("0 6 * * 5-7", "2020-01-18T12:00:00", "2020-01-18 06:00", "2020-01-19 06:00");
    check("0 6 31 * *", "2020-04-10T00:00:00", "2020-03-31 06:00", "2020-05-31 06:00");
    check("0 6 29 2 *", "2021-01-01T00:00:00", "2020-02-29 06:00", "2024-02-29 06:00");
    check("15 0 1 jan,apr,7,10 *", "2020-04-01T00:15:00", "2020-04-01 00:15", "2020-07-01 00:15");
}

#[test]
fn a_time_that_a_change_of_clocks_leaves_out_comes_once_and_later() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let cron = Cron::parse("30 2 * * *").unwrap();
    let midnight = date("2020-03-29").at(0, 0, 0, 0).to_zoned(zone.clone()).unwrap().timestamp();
    let first = cron.next(midnight, &zone).unwrap();
    assert_eq!(first.to_zoned(zone.clone()).datetime().to_string(), "2020-03-29T03:30:00");
    let second = cron.next(first, &zone).unwrap();
    assert_eq!(second.to_zoned(zone).datetime().to_string(), "2020-03-30T02:30:00");
}

#[test]
fn an_expression_is_written_in_the_words_that_all_schedulers_read() {
    let written = |text: &str| Cron::parse(text).unwrap().to_string();
    assert_eq!(written("30  7 * * *"), "30 7 * * *");
    assert_eq!(written("*/20 0-23 1,2,3,9 * *"), "0,20,40 * 1-3,9 * *");
    assert_eq!(written("0 6 * JAN-mar fri-7"), "0 6 * 1-3 0,5,6");
}

#[test]
fn an_expression_that_schedulers_read_in_different_ways_is_refused() {
    for (text, told) in [
        ("30 7 * *", "has 4 fields, not five"),
        ("0 30 7 * * ?", "has 6 fields, not five"),
        ("@daily", "has 1 fields, not five"),
        ("60 7 * * *", "`60` is no minute"),
        ("30 24 * * *", "`24` is no hour"),
        ("30 7 0 * *", "`0` is no day of the month"),
        ("30 7 L * *", "`L` is no day of the month"),
        ("30 7 * 13 *", "`13` is no month"),
        ("30 7 * * 8", "`8` is no day of the week"),
        ("30 7 * * fri-mon", "`fri-mon` is no day of the week"),
        ("30 +7 * * *", "`+7` is no hour"),
        ("5/10 7 * * *", "`5/10` is no minute"),
        ("*/0 7 * * *", "`*/0` is no minute"),
        ("1, 7 * * *", "`1,` is no minute"),
        ("30 7 1 * 1", "a day of the month and a day of the week are both given"),
        ("30 7 31 2,4 *", "never comes"),
    ] {
        let error = Cron::parse(text).expect_err(text);
        assert!(error.en().contains(told), "{text}: {error}");
    }
}

#[test]
fn a_day_on_which_nobody_works_moves_to_the_next_that_is_worked() {
    let calendar = calendar(
        "holidays = [\"2020-01-01\", \"2020-01-24/2020-02-02\", \"2020-05-01/2020-05-05\"]\nworkdays = [\"2020-01-19\", \"2020-04-26\", \"2020-05-09\"]\n\
         [[due]]\ndataset = \"tax\"\nfrom = \"税务局\"\nevery = \"quarter\"\nday = 25\ngrace = 3\n\
         [[due]]\ndataset = \"output\"\nfrom = \"统计局\"\nevery = \"quarter\"\nday = 26\n\
         [[due]]\ndataset = \"finance\"\nfrom = \"统计局\"\nevery = \"quarter\"\nafter = \"output\"\nworking_days = 4\ngrace = 1\nmoved = { \"2020Q2\" = \"2020-08-15\" }\n\
         [[due]]\ndataset = \"land_parcel\"\nfrom = \"自然资源厅\"\nevery = \"year\"\nday = 31\nmonths_after = 2\n"
            .replace("[[due]]", "[[calendar.due]]")
            .as_str(),
    );
    // The spring festival lasts until Sunday, 2 February.
    assert_eq!(due(&calendar, "tax", "2019Q4"), ("2020-02-03".into(), "2020-02-06".into()));
    // Saturday; Sunday the 26th is worked.
    assert_eq!(due(&calendar, "tax", "2020Q1"), ("2020-04-26".into(), "2020-04-29".into()));
    assert_eq!(due(&calendar, "output", "2020Q1"), ("2020-04-26".into(), "2020-04-26".into()));
    // Four working days later, and the grace goes on behind the holidays of May.
    assert_eq!(due(&calendar, "finance", "2020Q1"), ("2020-04-30".into(), "2020-05-06".into()));
    // A day that is given is taken as it is, a Saturday too.
    assert_eq!(due(&calendar, "finance", "2020Q2"), ("2020-08-15".into(), "2020-08-17".into()));
    // February has no 31st.
    assert_eq!(due(&calendar, "land_parcel", "2019"), ("2020-03-02".into(), "2020-03-02".into()));
}

#[test]
fn january_has_no_report_and_february_covers_it() {
    let calendar = calendar(
        "[[calendar.due]]\ndataset = \"finance\"\nfrom = \"统计局\"\nevery = \"month\"\nwithout = [1]\nday = 18\n",
    );
    let due_of = &calendar.dues[0];
    let periods = calendar.periods(due_of, date("2020-06-10"));
    let shown: Vec<String> = periods.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["2020-02", "2020-03", "2020-04", "2020-05", "2020-06"]);
    assert_eq!((due_of.first_month(2), due_of.first_month(3), due_of.first_month(12)), (1, 3, 12));
    assert_eq!(due(&calendar, "finance", "2020年2月"), ("2020-03-18".into(), "2020-03-18".into()));
    assert_eq!(period::parse("2020-02"), Ok(Period::Month { year: 2020, month: 2 }));
}

#[test]
fn the_pipelines_of_the_project_are_right() {
    let text = fs::read_to_string(root().join("pipelines/quarterly.toml")).unwrap();
    let (pipelines, errors) = read(&text);
    assert_eq!(errors, [""; 0]);
    // Every dataset that comes again and again is in the calendar.
    let calendar = pipelines[0].calendar.as_ref().unwrap();
    let missing: Vec<&str> = CONFIG.sources.iter().map(|source| source.dataset.as_str()).collect();
    let missing: Vec<&&str> =
        missing.iter().filter(|name| calendar.dues.iter().all(|due| due.dataset != **name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// What `check` says of the project's pipeline with a text in the place of another.
fn checked(site: &Path, from: &str, to: &str) -> String {
    let file = site.join("pipelines/quarterly.toml");
    fs::copy(root().join("pipelines/quarterly.toml"), &file).unwrap();
    replace(&file, from, to);
    shown(bare(&["check", "--lang", "en", "--config"]).arg(site.join("config")), &[site])
}

#[test]
fn mistakes_in_a_pipeline_are_told_with_their_place_and_what_was_meant() {
    let site = folder();
    copy_config(site.path());
    let check = |from: &str, to: &str| checked(site.path(), from, to);
    let texts = [
        check("dataset = \"finance\"", "dataset = \"finanse\""),
        check("after = \"output\"", "after = \"outptu\""),
        check("schedule = \"30 7 * * *\"", "schedule = \"30 7 * *\""),
        check("zone = \"Asia/Shanghai\"", "zone = \"Asia/Zhengzhou\""),
        check(
            "stages = [\"fetch\", \"ingest\", \"model\", \"publish\"]",
            "stages = [\"ingest\", \"fetch\", \"pubish\"]",
        ),
        check("\"2017-01-22\", ", "\"2017-01-23\", "),
        check("\"2020-01-01\", ", "\"2020-02-30\", "),
        check("since = \"2017Q1\"", "since = \"2017\""),
        check("day = 15\ngrace = 5\ndelay = \"publish\"", "grace = 5\ndelay = \"ignore\""),
        check("every = \"year\"\n", "every = \"year\"\nwithout = [13]\nmoved = { \"2019Q4\" = \"2020-2-1\" }\n"),
        check("[calendar]\n", "[calender]\n"),
    ];
    assert!(texts.iter().all(|text| text.starts_with("exit 2\n")), "{texts:#?}");
    insta::assert_snapshot!("mistakes_in_a_pipeline", texts.join("\n\n"));
}

/// A site on the small sample with this pipeline, whose time comes at the start of each year: it is due once.
struct Site(tempfile::TempDir);

impl Site {
    fn new(stages: &str, calendar: &str) -> Site {
        let site = folder();
        copy_config(site.path());
        replace(&site.path().join("config/site.toml"), "max_quarantine_share = 0.05", "max_quarantine_share = 0.5");
        let text = format!(
            "title = \"年度\"\nschedule = \"0 0 1 1 *\"\nzone = \"Asia/Shanghai\"\n{stages}\n[calendar]\nsince = \"2017Q1\"\nuntil = \"2018Q1\"\n\
             [[calendar.due]]\ndataset = \"output\"\nfrom = \"省统计局\"\nevery = \"quarter\"\nday = 25\n\
             [[calendar.due]]\ndataset = \"tax\"\nfrom = \"省税务局\"\nevery = \"quarter\"\nday = 25\n{calendar}"
        );
        fs::write(site.path().join("pipelines/quarterly.toml"), text).unwrap();
        crate::cli::copy(&SMALL, &site.path().join("sample"));
        Site(site)
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let path = |name: &str| self.0.path().join(name);
        let mut command = mujun(&path("store"));
        command.args(args).arg("--config").arg(path("config")).arg("--inbox").arg(path("sample/exports"));
        finish(command.arg("--registers").arg(path("sample/config/registers")))
    }

    /// Takes the exports away whose names have this word.
    fn without(&self, word: &str) {
        let exports = self.0.path().join("sample/exports");
        let names: Vec<String> = tree(&exports).into_keys().filter(|name| name.contains(word)).collect();
        assert!(!names.is_empty(), "{word}");
        names.iter().for_each(|name| fs::remove_file(exports.join(name)).unwrap());
    }
}

#[test]
fn what_is_due_is_done_once() {
    let site = Site::new("", "");
    let plan = site.run(&["plan", "--due", "--lang", "en"]);
    assert!(plan.0 == 0 && plan.1.contains("[quarterly] 年度: due now"), "{plan:?}");
    let (code, said, stderr) = site.run(&["run", "--due", "--format", "json"]);
    assert_eq!(code, 0, "{stderr}");
    let said = json(&said);
    assert_eq!(said["pipelines"][0]["run"]["outcome"], "published");
    let before = tree(&site.0.path().join("store"));
    let (code, said, _) = site.run(&["run", "--due", "--lang", "en"]);
    assert!(code == 0 && said.starts_with("[quarterly] 年度: nothing is due; next "), "{said}");
    assert!(tree(&site.0.path().join("store")) == before, "something was written");
    // By its name it is done again, and there is nothing to do.
    let (code, said, _) = site.run(&["run", "--pipeline", "quarterly", "--format", "json"]);
    assert_eq!((code, &json(&said)["outcome"]), (0, &"nothing_to_do".into()));
    let status = json(&site.run(&["status", "--format", "json"]).1);
    assert_eq!(status["last_run"]["outcome"], "nothing_to_do");
    assert_eq!(status["last_run"]["pipeline"], "quarterly");
    assert_eq!(status["pipelines"][0]["is_due"], false);
    let takes = |name: &str| {
        let part = status["disk"].as_array().unwrap().iter().find(|part| part["part"] == name).unwrap();
        part["bytes"].as_u64().unwrap()
    };
    assert!(["raw", "facts", "releases", "catalog.db"].iter().all(|name| takes(name) > 0), "{status}");
}

#[test]
fn what_is_late_is_waited_for_done_without_or_refused_as_the_calendar_says() {
    for (delay, code, strict, told) in [
        ("wait", 0, 3, "Waiting for\n  late "),
        ("publish", 0, 3, "Late, and not waited for\n  late "),
        ("refuse", 4, 4, "F007"),
    ] {
        let site = Site::new("", &format!("delay = \"{delay}\"\n"));
        site.without("规上工业企业税收_2018年1-3月");
        let plan = site.run(&["plan", "--due", "--lang", "en"]).1;
        assert!(plan.contains("tax 2018Q1  省税务局 (due 2018-04-25, "), "{plan}");
        let (ended, stdout, stderr) = site.run(&["run", "--due", "--lang", "en"]);
        let said = stdout + &stderr;
        assert!(ended == code && said.contains(told) && said.contains("tax 2018Q1"), "{delay}: {said}");
        assert_eq!(site.0.path().join("store/current").exists(), delay == "publish");
        assert_eq!(site.run(&["run", "--pipeline", "quarterly", "--strict"]).0, strict, "{delay}");
        // Without a pipeline there is no calendar.
        assert_eq!(site.run(&["run"]).0, 0);
        assert!(site.0.path().join("store/current").exists());
    }
}

#[test]
fn a_pipeline_without_publishing_takes_exports_in() {
    let site = Site::new("stages = [\"ingest\"]", "");
    let (code, said, _) = site.run(&["run", "--due", "--format", "json"]);
    let run = json(&said)["pipelines"][0]["run"].clone();
    assert_eq!((code, &run["outcome"]), (0, &"taken_in".into()));
    assert!(run["facts"].as_u64().unwrap() > 100, "{run}");
    assert!(!site.0.path().join("store/current").exists());
    assert!(site.run(&["status", "--lang", "en"]).1.contains("it takes exports in, and publishes nothing"));
}

#[test]
fn a_pipeline_that_is_not_there_is_told_with_what_was_meant() {
    let site = Site::new("", "");
    let (code, _, stderr) = site.run(&["run", "--pipeline", "quartely", "--lang", "en"]);
    assert!(code == 2 && stderr.contains("--pipeline quartely: there is none; did you mean `quarterly`?"), "{stderr}");
    let (code, _, stderr) = site.run(&["run", "--due", "--quarter", "2018Q1"]);
    assert!(code == 2 && stderr.contains("cannot be used with"), "{stderr}");
    fs::remove_file(site.0.path().join("pipelines/quarterly.toml")).unwrap();
    let (code, _, stderr) = site.run(&["run", "--due", "--lang", "en"]);
    assert!(code == 2 && stderr.contains("there are no pipelines"), "{stderr}");
}

#[test]
fn every_key_of_a_pipeline_is_in_the_handbook_of_operations() {
    let (_, errors) = read("xxxxxxxxxxxx = 1\n[calendar]\nxxxxxxxxxxxx = 1\n[[calendar.due]]\nxxxxxxxxxxxx = 1\n");
    let lists = errors.iter().filter_map(|error| error.split_once("unknown key `xxxxxxxxxxxx`; valid here: "));
    let keys: Vec<&str> = lists.flat_map(|(_, list)| list.lines().next().unwrap().split(", ")).collect();
    assert!(keys.len() > 20, "{errors:#?}");
    for name in ["docs/operations.md", "docs/operations.zh-CN.md"] {
        let text = fs::read_to_string(root().join(name)).unwrap();
        let is_told = |key: &str| {
            text.contains(&format!("`{key}`"))
                || text.contains(&format!("`{key} = "))
                || text.contains(&format!(".{key}]"))
        };
        let missing: Vec<&&str> =
            keys.iter().filter(|key| !is_told(key) && !["title", "calendar"].contains(key)).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
    }
}
