//! A simulated year: exports arrive, are late, revised and withdrawn, the machine is off for three weeks, and every morning what is due
//! is done. What `status` says is held against a small computation of this test's own, which shares no code with the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use mujun::cli::{Lang, status_text};
use protect::Profile;
use run::{Event, Observer, Options, Outcome, Setup, Status};
use tempfile::TempDir;

use crate::cli::{copy_config, replace, steady};
use crate::support::{CONFIG, folder, is_slow, sample, tree};

struct Quiet(String);

impl Observer for Quiet {
    fn event(&self, _: Event) {}

    fn now(&self) -> Option<String> {
        Some(self.0.clone())
    }
}

/// A day, as the number of days since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Day(i64);

impl Day {
    /// 20180423.
    fn of(yyyymmdd: i64) -> Day {
        let (mut year, month, day) = (yyyymmdd / 10_000, yyyymmdd / 100 % 100, yyyymmdd % 100);
        // Years that begin in March have their leap day at the end.
        year -= i64::from(month < 3);
        let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Day(365 * year + year / 4 - year / 100 + year / 400 + in_year - 719_468)
    }

    fn is_weekend(self) -> bool {
        // 1970 began on a Thursday.
        (self.0 + 3).rem_euclid(7) >= 5
    }

    /// `2018-04-23`, found by counting.
    fn shown(self) -> String {
        let mut year = 2016;
        while Day::of((year + 1) * 10_000 + 101) <= self {
            year += 1;
        }
        let month = (1..=12).rev().find(|month| Day::of(year * 10_000 + month * 100 + 1) <= self).unwrap();
        format!("{year}-{month:02}-{:02}", self.0 - Day::of(year * 10_000 + month * 100 + 1).0 + 1)
    }

    /// Eight in the morning in Henan.
    fn morning(self) -> i64 {
        self.0 * 86_400
    }

    fn started(self) -> String {
        format!("{}T00:00:00Z", self.shown())
    }
}

/// Days off beside weekends, and weekends on which people work, from the end of 2017 on as far as anything here is due near them.
const HOLIDAYS: [(i64, i64); 7] = [
    (20170402, 20170404),
    (20170429, 20170501),
    (20171001, 20171008),
    (20171230, 20180101),
    (20180215, 20180221),
    (20180405, 20180407),
    (20180429, 20180501),
];
const WORKED: [i64; 6] = [20170401, 20170930, 20180211, 20180224, 20180408, 20180428];

fn is_worked(day: Day) -> bool {
    let is_holiday = HOLIDAYS.iter().any(|(from, to)| (Day::of(*from)..=Day::of(*to)).contains(&day));
    WORKED.iter().any(|worked| Day::of(*worked) == day) || !day.is_weekend() && !is_holiday
}

/// The first day from here on that is worked.
fn worked_from(mut day: Day) -> Day {
    while !is_worked(day) {
        day.0 += 1;
    }
    day
}

/// So many working days later.
fn later(mut day: Day, count: usize) -> Day {
    for _ in 0..count {
        day = worked_from(Day(day.0 + 1));
    }
    day
}

/// What comes each quarter: dataset, a word of its file names, the day of the month behind the quarter, grace, and what a delay means.
const DUES: [(&str, &str, i64, usize, &str); 6] = [
    ("output", "B204-1", 21, 3, "wait"),
    ("finance", "B203", 0, 3, "wait"),
    ("tax", "规上工业企业税收", 22, 5, "wait"),
    ("energy", "205-1", 25, 5, "publish"),
    ("emission", "规上工业企业排放", 27, 5, "refuse"),
    ("rd", "规上工业企业研发活动", 27, 5, "publish"),
];

/// The day on which a dataset is due for a quarter, and the last one on which it is not late.
fn due(dataset: &str, year: i64, quarter: i64) -> (Day, Day) {
    let (_, _, day, grace, _) = DUES.into_iter().find(|(name, ..)| *name == dataset).unwrap();
    let first = if quarter == 4 { (year + 1) * 10_000 + 100 } else { year * 10_000 + (quarter * 3 + 1) * 100 };
    let due = match dataset {
        // After that of output.
        "finance" => later(due("output", year, quarter).0, 3),
        _ => worked_from(Day::of(first + day)),
    };
    (due, later(due, grace))
}

/// The same as a pipeline.
fn pipeline() -> String {
    let mut text = String::from(
        "title = \"季度\"\nschedule = \"45 7 * * *\"\nzone = \"Asia/Shanghai\"\nsilent_days = 100\n[calendar]\nsince = \"2017Q1\"\nholidays = [",
    );
    let shown = |day: i64| Day::of(day).shown();
    text.extend(HOLIDAYS.map(|(from, to)| format!("\"{}/{}\", ", shown(from), shown(to))));
    text.push_str("]\nworkdays = [");
    text.extend(WORKED.map(|day| format!("\"{}\", ", shown(day))));
    text.push_str("]\n");
    for (dataset, _, day, grace, delay) in DUES {
        let when = if day == 0 { "after = \"output\"\nworking_days = 3".to_owned() } else { format!("day = {day}") };
        text.push_str(&format!(
            "[[calendar.due]]\ndataset = \"{dataset}\"\nfrom = \"{dataset}处\"\nevery = \"quarter\"\n{when}\ngrace = {grace}\ndelay = \"{delay}\"\n"
        ));
    }
    text
}

/// What happens to the inbox on a day, before the morning.
#[derive(Debug, Clone)]
enum Happens {
    Comes(String, Vec<u8>),
    Goes(String),
}

/// The dataset and the quarter of an export that the calendar calls for: `统计局/B203财务状况_2017年1-9月_20171023.csv`.
fn called_for(name: &str) -> Option<(&'static str, i64, i64)> {
    let (dataset, ..) = DUES.into_iter().find(|(_, word, ..)| name.contains(word))?;
    let (_, period) = name.split_once('_')?;
    let (year, rest) = period.split_once("年1-")?;
    let month: i64 = rest.split_once('月')?.0.parse().ok()?;
    Some((dataset, year.parse().ok()?, month / 3))
}

/// The script: every export comes on the day that its name says, but for what is told here.
fn script(sample: &Path) -> BTreeMap<Day, Vec<Happens>> {
    let mut script: BTreeMap<Day, Vec<Happens>> = BTreeMap::new();
    let mut add = |day: Day, what: Happens| script.entry(day).or_default().push(what);
    for (name, bytes) in tree(&sample.join("exports")) {
        let stem = name.rsplit_once('.').unwrap().0;
        let mut day = Day::of(stem.rsplit_once('_').unwrap().1.parse().unwrap());
        match called_for(&name) {
            // Late, and waited for.
            Some(("tax", 2017, 1)) => day = Day::of(20170512),
            // Late, and published without it.
            Some(("energy", 2017, 3)) => day = Day::of(20180110),
            // Late, and nothing is published.
            Some(("emission", 2017, 4)) => day = Day::of(20180209),
            // Withdrawn, and sent again.
            Some(("rd", 2017, 2)) => {
                add(Day::of(20170910), Happens::Goes(name.clone()));
                add(Day::of(20170920), Happens::Comes(name.clone(), bytes.clone()));
            }
            // Revised: an enterprise is taken out.
            Some(("output", 2017, quarter @ (2 | 4))) => {
                let text = String::from_utf8(bytes.clone()).unwrap();
                let kept = text.trim_end().rsplit_once('\n').unwrap().0;
                let issued = if quarter == 2 { 20170901 } else { 20180305 };
                let name = format!("{}_{issued}.csv", stem.rsplit_once('_').unwrap().0);
                add(Day::of(issued), Happens::Comes(name, format!("{kept}\n").into_bytes()));
            }
            _ => {}
        }
        add(day, Happens::Comes(name, bytes));
    }
    script
}

/// What the test knows by itself.
#[derive(Default)]
struct Known {
    /// The names in the inbox.
    inbox: BTreeSet<String>,
    /// When something new of each source was taken in last.
    newest: BTreeMap<String, Day>,
    /// What was in the inbox at the last run.
    taken: BTreeMap<String, Vec<u8>>,
    /// All that ever was.
    ever: BTreeSet<(String, Vec<u8>)>,
    /// The last run, and the last one that published or had nothing to do.
    last_run: Option<(Day, &'static str)>,
    last_success: Option<Day>,
    /// Whether a release of these exports stands.
    is_published: bool,
}

/// Dataset, period, day, state and days of what has not come.
type Owed = (String, String, String, String, i64);

impl Known {
    fn has(&self, dataset: &str, year: i64, quarter: i64) -> bool {
        self.inbox
            .iter()
            .any(|name| called_for(name) == Some((DUES.iter().find(|due| due.0 == dataset).unwrap().0, year, quarter)))
    }

    fn owed(&self, today: Day) -> Vec<Owed> {
        let mut owed = Vec::new();
        for (dataset, ..) in DUES {
            let mut is_next = true;
            for (year, quarter) in quarters(today) {
                if self.has(dataset, year, quarter) {
                    continue;
                }
                let (day, last) = due(dataset, year, quarter);
                let state = if today > last {
                    "late"
                } else if today >= day {
                    "due"
                } else {
                    "awaited"
                };
                // Of what is awaited the next is enough.
                if state == "awaited" && !std::mem::take(&mut is_next) {
                    continue;
                }
                let period = format!("{year}Q{quarter}");
                owed.push((dataset.to_owned(), period, day.shown(), state.to_owned(), today.0 - day.0));
            }
        }
        owed.sort();
        owed
    }

    /// What a run comes to, by the rules of the calendar.
    fn verdict(&self, today: Day) -> &'static str {
        let (mut waits, mut refuses) = (false, false);
        for (dataset, .., delay) in DUES {
            for (year, quarter) in
                quarters(today).into_iter().filter(|(year, quarter)| !self.has(dataset, *year, *quarter))
            {
                let is_open = DUES.iter().any(|(other, ..)| self.has(other, year, quarter));
                let is_late = today > due(dataset, year, quarter).1;
                waits |= is_open && (delay == "wait" || !is_late);
                refuses |= is_late && delay == "refuse";
            }
        }
        match (refuses, waits) {
            (true, _) => "refused",
            (_, true) => "waits",
            _ => "published",
        }
    }
}

/// All quarters from the first to that of the day.
fn quarters(today: Day) -> Vec<(i64, i64)> {
    let all = (2017..=2018).flat_map(|year| (1..=4).map(move |quarter| (year, quarter)));
    all.filter(|(year, quarter)| Day::of(year * 10_000 + (quarter * 3 - 2) * 100 + 1) <= today).collect()
}

struct World {
    site: TempDir,
    sample: PathBuf,
    known: Known,
    script: BTreeMap<Day, Vec<Happens>>,
}

impl World {
    fn new() -> World {
        let site = folder();
        copy_config(site.path());
        replace(&site.path().join("config/site.toml"), "max_quarantine_share = 0.05", "max_quarantine_share = 0.5");
        fs::write(site.path().join("pipelines/quarterly.toml"), pipeline()).unwrap();
        fs::create_dir(site.path().join("inbox")).unwrap();
        let made = site.path().join("sample");
        sample(&made, 7, 30, 3, 5);
        let script = script(&made);
        World { sample: made, known: Known::default(), script, site }
    }

    fn setup(&self, now: Day, store: &Path) -> Setup {
        let setup = Setup::load(Options {
            config: self.site.path().join("config"),
            store: Some(store.to_owned()),
            inbox: Some(self.site.path().join("inbox")),
            registers: Some(self.sample.join("config/registers")),
            span: None,
            as_of: None,
            profile: Profile::Internal,
            make_current: false,
            now: now.morning(),
        });
        setup.unwrap().at(&now.started()).unwrap()
    }

    fn store(&self) -> PathBuf {
        self.site.path().join("store")
    }

    /// What happens before the morning of a day.
    fn happen(&mut self, day: Day) {
        for what in self.script.remove(&day).unwrap_or_default() {
            let path = |name: &str| self.site.path().join("inbox").join(name);
            match what {
                Happens::Comes(name, bytes) => {
                    fs::create_dir_all(path(&name).parent().unwrap()).unwrap();
                    fs::write(path(&name), bytes).unwrap();
                    self.known.inbox.insert(name);
                }
                Happens::Goes(name) => {
                    fs::remove_file(path(&name)).unwrap();
                    self.known.inbox.remove(&name);
                }
            }
        }
    }

    /// `run --due` of a morning, and what it came to.
    fn run(&mut self, day: Day) -> &'static str {
        let (store, started) = (self.store(), day.started());
        let new = self.never_there();
        let inbox = tree(&self.site.path().join("inbox"));
        let expected = match self.known.verdict(day) {
            // Nothing new is nothing to do, late or not.
            _ if self.known.is_published && inbox == self.known.taken => "nothing_to_do",
            verdict => verdict,
        };
        let done = run::execute_due(&mut self.setup(day, &store), None, &started, &Quiet(started.clone())).unwrap();
        let came = done.into_iter().next().unwrap().came.expect("each morning something is due");
        let outcome = match &came {
            Ok(Outcome::Published(_)) => "published",
            Ok(Outcome::NothingToDo(_)) => "nothing_to_do",
            Ok(Outcome::TakenIn(_)) => "waits",
            Err(run::Failure::Refused(problems)) => {
                assert_eq!(problems[0].rule.code, "F007");
                "refused"
            }
            Err(failure) => panic!("{}: {failure}", day.shown()),
        };
        assert_eq!(outcome, expected, "{}: {came:?}", day.shown());
        for name in new {
            let source = CONFIG.sources.iter().find(|source| source.claims(&name)).unwrap();
            self.known.newest.insert(source.id.clone(), day);
        }
        self.known.ever.extend(inbox.clone());
        self.known.taken = inbox;
        self.known.last_run = Some((day, outcome));
        if matches!(outcome, "published" | "nothing_to_do") {
            self.known.last_success = Some(day);
        }
        self.known.is_published = matches!(outcome, "published" | "nothing_to_do");
        // Twice on one morning is once too often.
        let again = run::execute_due(&mut self.setup(day, &store), None, &started, &Quiet(started.clone())).unwrap();
        assert!(again[0].came.is_none() && !again[0].turn.is_due, "{}", day.shown());
        outcome
    }

    /// Exports that never were there, or not with this content.
    fn never_there(&self) -> Vec<String> {
        let inbox = tree(&self.site.path().join("inbox")).into_iter();
        inbox.filter(|export| !self.known.ever.contains(export)).map(|(name, _)| name).collect()
    }

    /// Exports that the last run did not have. One that was gone and comes again is among them: what was made of it is cleared
    /// away with the releases that held it.
    fn unread(&self) -> usize {
        let inbox = tree(&self.site.path().join("inbox")).into_iter();
        inbox.filter(|(name, bytes)| self.known.taken.get(name) != Some(bytes)).count()
    }

    /// Holds what `status` says against what the test knows.
    fn check(&self, day: Day) -> Status {
        let status = run::status(&self.setup(day, &self.store())).unwrap();
        let at = day.shown();
        let json = serde_json::to_value(&status).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let told = json["pipelines"][0]["owed"].as_array().unwrap();
        let field = |one: &serde_json::Value, name: &str| text(&one[name]);
        let mut told: Vec<Owed> = told
            .iter()
            .map(|one| {
                let [dataset, period, due, state] = ["dataset", "period", "due", "state"].map(|name| field(one, name));
                assert_eq!(one["from"], format!("{dataset}处"));
                (dataset, period, due, state, one["days"].as_i64().unwrap())
            })
            .collect();
        told.sort();
        assert_eq!(told, self.known.owed(day), "{at}");
        let verdict = match self.known.verdict(day) {
            "refused" => "refuse",
            "waits" => "wait",
            _ => "publish",
        };
        assert_eq!(json["pipelines"][0]["verdict"], verdict, "{at}");
        let ran = self.known.last_run.map(|(day, outcome)| (day.started(), outcome.to_owned()));
        let last = status.last_run.as_ref().map(|run| (run.started.clone(), run.outcome.clone().unwrap()));
        assert_eq!(last, ran, "{at}");
        let success = status.last_success.as_ref().map(|run| run.started.clone());
        assert_eq!(success, self.known.last_success.map(Day::started), "{at}");
        let is_due = self.known.last_run.is_none_or(|(ran, _)| ran < day);
        assert_eq!(status.pipelines[0].turn.is_due, is_due, "{at}");
        assert_eq!(status.unread, self.unread(), "{at}");
        let gone: Vec<&String> = self.known.taken.keys().filter(|name| !self.known.inbox.contains(*name)).collect();
        assert_eq!(status.gone.iter().collect::<Vec<_>>(), gone, "{at}");
        let silent: BTreeMap<&str, Option<i64>> =
            status.silent.iter().map(|one| (one.source.as_str(), one.days)).collect();
        let days = |id: &str| self.known.newest.get(id).map(|newest| day.0 - newest.0);
        let is_silent = |id: &&str| days(id).is_none_or(|days| days > 100);
        let ids = CONFIG.sources.iter().map(|source| source.id.as_str()).filter(is_silent);
        // Before the first run there is no store that could know.
        let expected: BTreeMap<&str, Option<i64>> =
            if self.known.last_run.is_none() { BTreeMap::new() } else { ids.map(|id| (id, days(id))).collect() };
        assert_eq!(silent, expected, "{at}");
        for lang in [Lang::Zh, Lang::En] {
            let shown = status_text(&status, lang);
            let late = self.known.owed(day).into_iter().filter(|one| one.3 == "late");
            for (dataset, ..) in late {
                assert!(
                    shown.contains(&format!("{dataset} 2017Q")) || shown.contains(&format!("{dataset} 2018Q")),
                    "{shown}"
                );
            }
        }
        status
    }

    /// What a single run over all that is in the inbox makes is what stands, to the last byte.
    fn check_release(&self, day: Day) {
        let once = self.site.path().join("once");
        let outcome = run::execute(&self.setup(day, &once), &day.started(), &Quiet(day.started())).unwrap();
        let Outcome::Published(summary) = outcome else { panic!("{outcome:?}") };
        let current = self.store().join("current").canonicalize().unwrap();
        assert_eq!(current.file_name(), summary.folder.file_name());
        assert!(tree(&current) == tree(&summary.folder), "other bytes");
    }
}

/// Mornings from one day to another, without those on which the machine is off.
/// How each ended is counted, and what `status` says after the first that was refused is given in both languages.
fn live(
    from: i64,
    to: i64,
    off: (i64, i64),
    is_looked_at: &dyn Fn(Day) -> bool,
) -> (BTreeMap<&'static str, usize>, String) {
    let mut world = World::new();
    let (from, to, off) = (Day::of(from), Day::of(to), Day::of(off.0)..=Day::of(off.1));
    // What came before.
    let past: Vec<Day> = world.script.keys().copied().filter(|day| *day < from).collect();
    past.into_iter().for_each(|day| world.happen(day));
    let (mut outcomes, mut shown) = (BTreeMap::new(), String::new());
    for day in (from.0..=to.0).map(Day) {
        world.happen(day);
        if !is_looked_at(day) {
            continue;
        }
        world.check(day);
        if off.contains(&day) {
            continue;
        }
        let outcome = world.run(day);
        *outcomes.entry(outcome).or_default() += 1;
        let status = world.check(day);
        if outcome == "refused" && shown.is_empty() {
            shown = [Lang::Zh, Lang::En].map(|lang| status_text(&status, lang)).join("\n");
        }
    }
    world.check_release(to);
    (outcomes, shown)
}

#[test]
fn mornings_of_a_quarter_s_end_do_what_is_due_once_and_tell_how_things_stand() {
    // Exports come, the emissions are late and hold everything up, and a week is missed; some of the mornings.
    let looked_at = [20180112, 20180122, 20180125, 20180205, 20180206, 20180209, 20180210].map(Day::of);
    let (outcomes, shown) = live(20180110, 20180210, (20180126, 20180203), &|day| looked_at.contains(&day));
    // What the store takes is another test's.
    let shown: String =
        steady(&shown, &[]).lines().filter(|line| !line.contains(" MB: ")).map(|line| format!("{line}\n")).collect();
    insta::assert_snapshot!("status_of_a_morning", shown);
    assert_eq!(outcomes, [("nothing_to_do", 1), ("published", 2), ("refused", 1), ("waits", 3)].into());
}

#[test]
fn a_year_of_mornings_ends_in_the_release_of_a_single_run() {
    if !is_slow() {
        return;
    }
    let (from, to, off) = (20170421, 20180531, (20171020, 20171109));
    let (outcomes, _) = live(from, to, off, &|_| true);
    assert_eq!(outcomes, [("nothing_to_do", 308), ("published", 24), ("refused", 3), ("waits", 50)].into());
    assert_eq!(outcomes.values().sum::<usize>() as i64, Day::of(to).0 - Day::of(from).0 + 1 - 21, "{outcomes:?}");
}
