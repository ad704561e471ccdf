//! From facts to a release: models, indicators, protection, gates, and one complete release.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::arrivals;
use super::dates::day_of_issue;
use super::due::Owed;
use super::events::{Event, Observer};
use super::failure::Failure;
use super::ingested::{AllIngested, Ingested};
use super::last_quarter;
use super::load::{self, Loaded};
use super::open::{Open, QuarantineLine};
use super::outcome::{Outcome, Stands, TakenIn};
use super::overflow;
use super::plan::Plan;
use super::prepared::Fresh;
use super::problems::KeptProblems;
use super::quality;
use super::schema;
use super::setup::Setup;
use super::standing::{self, Standing};
use super::summary::{self, Summary};
use model::indicators::{self, Known, Value};
use model::{classification, engine};
use protect::{Profile, protect};
use publish::{Language, Release, assemble, handbook};
use report::Board;
use store::{Published, Store};
use vocab::codes::UnitNumber;
use vocab::frame::{Frame, Values};
use vocab::level::Level;
use vocab::period::{Date, Quarter, Span};
use vocab::{Problem, Said, Severity, rules, said};

/// Tables that are published beneath the indicators.
const WIDE: &[&str] = &["area_quarter", "cluster_quarter", "park_industry_quarter"];

/// The release that the inputs give is there, and its readers see what they should.
pub(super) fn nothing_to_do(
    setup: &Setup,
    store: &Store,
    standing: &Standing,
    plan: &Plan,
) -> Result<Outcome, Failure> {
    let repeated = plan.exports.iter().filter_map(|export| Some((export.name.clone(), export.same_as.clone()?)));
    let inbox = Inbox { repeated: repeated.collect(), gone: plan.gone.clone(), not_taken: plan.not_taken.clone() };
    stands(setup, store, standing, inbox, Vec::new())
}

/// What is told of the inbox beside what is used.
struct Inbox {
    repeated: Vec<(String, String)>,
    gone: Vec<String>,
    not_taken: Vec<Problem>,
}

fn stands(
    setup: &Setup,
    store: &Store,
    standing: &Standing,
    inbox: Inbox,
    mut problems: Vec<Problem>,
) -> Result<Outcome, Failure> {
    let pointer = standing::pointer(setup);
    let moved = standing::point(store, standing)?;
    problems.extend(standing.problems(pointer));
    problems.extend(store.noted());
    let release = standing.release.clone();
    let open = Open::of(&store.manifest(&release)?);
    let Inbox { repeated, gone, not_taken } = inbox;
    let warnings = open.warnings + (problems.len() + not_taken.len()) as u64;
    let readers = standing.readers(pointer, moved);
    Ok(Outcome::NothingToDo(Box::new(Stands {
        release,
        readers,
        repeated,
        gone,
        not_taken,
        open: open.lines,
        warnings,
        store: problems,
        troubles: Vec::new(),
        late: Vec::new(),
    })))
}

/// Exports were taken in, and nothing is published.
pub(super) fn taken_in(setup: &Setup, store: &Store, all: &AllIngested, waits: Vec<Owed>) -> Outcome {
    let open = summary::open(setup, all, &all.problems());
    let damage: Vec<Problem> = all.store.iter().cloned().chain(store.noted()).collect();
    let sum = |rows: fn(&Ingested) -> u64| all.exports.iter().map(rows).sum::<u64>();
    Outcome::TakenIn(Box::new(TakenIn {
        waits,
        exports: all.exports.len(),
        facts: sum(|one| one.ingest.rows_facts),
        quarantined: sum(|one| one.ingest.rows_quarantined),
        gone: all.gone.clone(),
        warnings: open.warnings + (all.gone.len() + damage.len()) as u64,
        open: open.lines,
        store: damage,
        troubles: Vec::new(),
    }))
}

/// Publishes what the ingested exports give.
pub(super) fn publish(
    setup: &Setup,
    store: &Store,
    mut all: AllIngested,
    fresh: Fresh,
    started: &str,
    observer: &dyn Observer,
) -> Result<Outcome, Failure> {
    let id = setup.release_id(&all.keys);
    let standing = Standing::of(setup, store, id.clone())?;
    if standing.defect.is_none() {
        note(setup, store, &all, &id, started)?;
        let not_taken = all.others.into_iter().filter(|problem| arrivals::RULES.contains(&problem.rule)).collect();
        let inbox = Inbox { repeated: all.repeated, gone: all.gone, not_taken };
        return stands(setup, store, &standing, inbox, all.store);
    }
    all.store.extend(standing.problems(standing::pointer(setup)));
    check_gates(setup, &all)?;
    let steps = setup.models.ordered().len() as u64;
    observer.event(Event::StageStarted { stage: "model", steps });
    let Loaded { tables, collected, rows, problems: between } = load::load(setup, store, &all, fresh)?;
    all.others.extend(between);
    all.others.extend(last_quarter::check(setup, store, &all, &collected, &|| found_in_exports(&all))?);
    let too_large = |error| overflow::failure(setup, store, &all, error);
    let made = run_models(setup, tables).map_err(too_large)?;
    let empty = Frame::new();
    let areas = made.get("area_quarter").unwrap_or(&empty);
    let mistakes = schema::mistakes(&setup.config, &schema::columns_of(areas));
    if !mistakes.is_empty() {
        return Err(Failure::Configuration(mistakes));
    }
    check_panels(setup, areas)?;
    let known =
        Known { sources: &setup.config.sources, collected: &collected, sufficiency: setup.config.site.sufficiency };
    let values =
        indicators::compute(&setup.config.indicators, setup.config.assessment(), areas, known).map_err(too_large)?;
    observer.event(Event::StageDone { stage: "model", rows });

    let (mut values, withheld) = protect(values, &setup.config.indicators, &setup.config.site, setup.options.profile);
    let span = setup.options.span.unwrap_or_default();
    values.retain(|value| span.holds(value.place.quarter));
    if values.is_empty() {
        return Err(Failure::Gate(said!("所要求的各季度均无数据", "no quarter of those asked for has data")));
    }
    let checked = quality::check(setup, &made, &values, &|| found_in_exports(&all))?;
    all.others.extend(checked.problems);
    let all = &all;
    let is_wide = |name: &str| WIDE.contains(&name) || name == classification::TABLE;
    let wide = made.into_iter().filter(|(name, _)| is_wide(name));
    let wide: Vec<(String, Frame)> = wide.map(|(name, frame)| (name, only(frame, span))).collect();
    let problems: Vec<Problem> = all.problems().into_iter().chain(withheld).collect();
    let mut tables = vec![("ledger", ledger_table(all)), ("problems", problem_table(&problems))];
    tables.extend(checked.tables);
    let made_from = made_from(setup, all, &values);
    let vintages: BTreeMap<Quarter, Date> =
        made_from.iter().filter_map(|(quarter, from)| Some((*quarter, from.vintage?))).collect();
    let vintage = |quarter: Quarter| vintages.get(&quarter).copied();
    let board = board(setup, &values, &wide, &tables, &vintages)?;
    let mut release = assemble(&values, &setup.config.indicators, &wide, &tables, setup.options.profile, &vintage);
    let inputs = made_from.iter().map(|(quarter, from)| (*quarter, from.name.clone())).collect();
    let revised = quality::revisions(setup, store, all, &values, &id, &inputs)?;
    release.others.extend(board.iter().flat_map(report::files).chain(texts(setup)));
    let steps = (release.count + release.others.len()) as u64;
    observer.event(Event::StageStarted { stage: "publish", steps });
    let open = summary::open(setup, all, &problems);
    let about = about(setup, &id, &open, &inputs);
    write(setup, store, &release, about, &id, observer)?;
    observer.event(Event::StageDone { stage: "publish", rows: values.len() as u64 });
    note(setup, store, all, &id, started)?;
    // The pointer last: what it names is whole, and the catalogue knows it.
    let moved = standing::point(store, &standing)?;
    let readers = standing.readers(standing::pointer(setup), moved);
    let summary = summary::summarise(setup, store, all, &values, open, id, readers);
    Ok(Outcome::Published(Box::new(Summary { revised, ..summary })))
}

/// Tells the catalogue that a release is the newest one, and what it was made from.
fn note(setup: &Setup, store: &Store, all: &AllIngested, id: &str, started: &str) -> Result<(), Failure> {
    let published = Published {
        id: id.to_owned(),
        readers: setup.options.profile.as_str().to_owned(),
        part: setup.is_part(),
        published: started.to_owned(),
    };
    let ingests: Vec<_> = all.exports.iter().map(|one| one.ingest.key).collect();
    Ok(store.catalog().put_release(&published, &ingests)?)
}

/// The tables that are published and those that are looked at. The list of classified enterprises is made for the internal
/// profile alone: a public run never holds it.
fn run_models(
    setup: &Setup,
    tables: BTreeMap<String, engine::Table>,
) -> Result<BTreeMap<String, Frame>, engine::Error> {
    let has_list = setup.options.profile == Profile::Internal;
    let is_wanted = |table: &str| WIDE.contains(&table) || quality::LOOKED_AT.contains(&table);
    let mut made =
        engine::run(&setup.models, tables, |table| is_wanted(table) || has_list && table == classification::TABLE)?;
    if let Some(list) = made.remove(classification::TABLE) {
        made.insert(classification::TABLE.to_owned(), unit_list(list));
    }
    Ok(made)
}

/// The list of classified enterprises as people know them: by organisation code and park.
fn unit_list(list: Frame) -> Frame {
    let numbers = list.ints("unit_number").unwrap_or_default();
    let codes = Values::Text(numbers.iter().map(|number| Some(UnitNumber(number?).code())).collect());
    let points = list.columns().iter().filter(|(name, _)| name.starts_with("score_"));
    let plain = ["quarter", "park_code", "class", "land_micromu"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), list.column(name)?.clone())));
    let columns = plain.chain(points.cloned());
    columns.fold(Frame::new().with("unit_code", codes), |frame, (name, values)| frame.with(name, values))
}

/// What the figures of a quarter are made from: every export but those that begin later, or are of a month within a quarter.
struct MadeFrom {
    /// The same as long as these are.
    name: String,
    /// The latest day of issue among them.
    vintage: Option<Date>,
}

/// Of each quarter that there are values of.
fn made_from(setup: &Setup, all: &AllIngested, values: &[Value]) -> BTreeMap<Quarter, MadeFrom> {
    let quarters: BTreeSet<Quarter> = values.chunk_by(Value::is_beside).map(|group| group[0].place.quarter).collect();
    quarters.into_iter().map(|quarter| (quarter, MadeFrom::of(setup, all, quarter))).collect()
}

impl MadeFrom {
    fn of(setup: &Setup, all: &AllIngested, quarter: Quarter) -> MadeFrom {
        let label = quarter.to_string();
        let later = |one: &&Ingested| one.ingest.period_from.as_ref().is_some_and(|from| *from > label);
        let is_used = |one: &&Ingested| !later(one) && !one.is_between_quarters();
        let left_out: BTreeSet<_> = all.exports.iter().filter(|one| !is_used(one)).map(|one| one.ingest.key).collect();
        let keys: Vec<_> = all.keys.iter().filter(|key| !left_out.contains(key)).copied().collect();
        let used = all.exports.iter().filter(is_used);
        let vintage = used.filter_map(|one| day_of_issue(&one.ingest)).max();
        MadeFrom { name: setup.release_id(&keys), vintage }
    }
}

/// Files of text: what the columns and the indicators are.
fn texts(setup: &Setup) -> impl Iterator<Item = publish::Later<'_>> {
    type Text<'s> = Box<dyn Fn() -> String + Send + Sync + 's>;
    let (config, dictionary) = (&setup.config, &setup.dictionary);
    let texts: [(&str, Text<'_>); 4] = [
        ("dictionary.json", Box::new(|| dictionary.to_json(&config.indicators, &config.site.notice))),
        ("dictionary.csv", Box::new(|| dictionary.to_csv(&config.indicators))),
        ("indicators.md", Box::new(|| handbook(config, dictionary, Language::English))),
        ("indicators.zh-CN.md", Box::new(|| handbook(config, dictionary, Language::Chinese))),
    ];
    texts
        .into_iter()
        .map(|(path, text)| publish::Later { path: path.to_owned(), make: Box::new(move || Ok(text().into_bytes())) })
}

/// What reports are made of, where a site has them: nothing that the release does not hold.
fn board<'a>(
    setup: &'a Setup,
    values: &'a [Value],
    tables: &'a [(String, Frame)],
    quality: &'a [(&'a str, Frame)],
    vintages: &'a BTreeMap<Quarter, Date>,
) -> Result<Option<Board<'a>>, Failure> {
    if !setup.config.site.reports.enabled {
        return Ok(None);
    }
    let (config, dictionary, profile) = (&setup.config, &setup.dictionary, setup.options.profile);
    let registers = setup.registers()?;
    Ok(Some(Board::of(report::Input { config, dictionary, registers, profile, values, tables, quality, vintages })))
}

/// What the footers of tables say.
fn about_tables(setup: &Setup) -> BTreeMap<String, String> {
    let mut about = BTreeMap::from([
        ("program".to_owned(), format!("mujun {}", env!("CARGO_PKG_VERSION"))),
        ("profile".to_owned(), setup.options.profile.as_str().to_owned()),
    ]);
    if let Some(day) = setup.options.as_of {
        about.insert("as_of".to_owned(), day.to_string());
    }
    if !setup.config.site.notice.is_empty() {
        about.insert("notice".to_owned(), setup.config.site.notice.clone());
    }
    about
}

/// What the manifest says.
fn about(setup: &Setup, id: &str, open: &Open, inputs: &BTreeMap<Quarter, String>) -> BTreeMap<String, String> {
    let mut about = about_tables(setup);
    let mut say = |key: &str, value: String| about.insert(key.to_owned(), value);
    say("release", id.to_owned());
    say("scope", if setup.is_part() { "part" } else { "whole" }.to_owned());
    if let Some(span) = setup.options.span {
        let end = |quarter: Option<Quarter>| quarter.map(|quarter| quarter.to_string()).unwrap_or_default();
        say("quarters", format!("{}/{}", end(span.from), end(span.to)));
    }
    for (key, value) in open.about() {
        say(key, value);
    }
    // For the next plan and the next comparison; the footers of tables do not change with them.
    for (_, key, made_with) in setup.made_with() {
        say(key, made_with);
    }
    say(quality::MADE_FROM, quality::name_inputs(inputs));
    about
}

fn write(
    setup: &Setup,
    store: &Store,
    release: &Release<'_>,
    about: BTreeMap<String, String>,
    id: &str,
    observer: &dyn Observer,
) -> Result<(), Failure> {
    let mut draft = store.begin_release(id)?;
    for (key, value) in &about {
        draft.about(key, value);
    }
    let about = about_tables(setup);
    let draft_ref = &draft;
    let done = |item: &str| observer.event(Event::StepDone { stage: "publish", item: item.to_owned() });
    let save = |path: &str, bytes: &[u8]| -> Result<(), Failure> {
        draft_ref.save(path, bytes)?;
        done(path);
        Ok(())
    };
    let save_text = |(path, text): &publish::TextFile| save(path, text.as_bytes());
    let save_table = |table: &publish::Table| {
        let footer = publish::footer(&table.name, &table.frame, &setup.dictionary, &about);
        let path = format!("{}/part-0.parquet", table.folder);
        let mut bytes = Vec::new();
        let encoded = store::parquet::write(&table.frame, &footer, &mut bytes);
        encoded.map_err(|source| Failure::Parquet { path: path.clone(), source })?;
        save(&path, &bytes)
    };
    let save_part = |part: &publish::Part<'_>| {
        let (table, text) = part();
        save_table(&table)?;
        text.as_ref().map_or(Ok(()), save_text)
    };
    let save_other = |other: &publish::Later<'_>| {
        let made = (other.make)().map_err(|message| Failure::Report { path: other.path.clone(), message })?;
        save(&other.path, &made)
    };
    setup.waiting.install(|| {
        // One at a time: a thread that took many would still be at work when all others are done. The reports first, since
        // a workbook takes longer than any table.
        let (others, parts) = rayon::join(
            || release.others.par_iter().with_max_len(1).try_for_each(save_other),
            || release.parts.par_iter().with_max_len(1).try_for_each(save_part),
        );
        others.and(parts)
    })?;
    draft.shelve()?;
    Ok(())
}

/// A province's funds hang on these tables: with too much set aside, the last release stands.
fn check_gates(setup: &Setup, all: &AllIngested) -> Result<(), Failure> {
    let sum = |pick: fn(&store::Ingest) -> u64| all.exports.iter().map(|one| pick(&one.ingest)).sum::<u64>();
    let (facts, quarantined) = (sum(|i| i.rows_facts), sum(|i| i.rows_quarantined));
    let limit = setup.config.site.max_quarantine_share;
    let share = quarantined as f64 / (facts + quarantined).max(1) as f64;
    if share > limit {
        let (rows, share, limit, found) = (facts + quarantined, share * 100.0, limit * 100.0, told_reasons(all));
        return Err(Failure::Gate(said!(
            "{rows} 行中有 {quarantined} 行被隔离（{share:.1} %，最多允许 {limit:.1} %）：{found}；\
             请让报送单位更正文件，或在 site.toml 中调高 gates.max_quarantine_share",
            "{quarantined} of {rows} rows are in quarantine ({share:.1} %, the gate allows {limit:.1} %): {found}; \
             have the exports mended, or raise gates.max_quarantine_share in site.toml";
            found
        )));
    }
    Ok(())
}

/// A park with more enterprises than its method can compare exactly has no points: better no release than one without its classes.
fn check_panels(setup: &Setup, areas: &Frame) -> Result<(), Failure> {
    let method = setup.config.method();
    let Some((method, most)) = method.and_then(|method| Some((method, classification::largest_panel(method)?))) else {
        return Ok(());
    };
    let evaluated = areas.ints("evaluated_units").unwrap_or_default();
    let text = |column: &str, row: usize| areas.texts(column).and_then(|texts| texts.get(row));
    let mut parks = (0..areas.rows()).filter(|&row| text("level", row) == Some(Level::Park.as_str()));
    let Some(row) = parks.find(|&row| evaluated.get(row).is_some_and(|count| count > most)) else { return Ok(()) };
    let (park, count) = (text("ref_area", row).unwrap_or_default(), evaluated.get(row).unwrap_or_default());
    let method = &method.id;
    Err(Failure::Gate(said!(
        "集聚区 {park} 有 {count} 家企业参加评价；classification/{method}.toml 的得分最多只能在 {most} 家之间精确比较：\
         请减少 missing = \"park_mean\" 或 \"zero\" 的指标，或减少权重的小数位数",
        "park {park} has {count} evaluated enterprises; the points of classification/{method}.toml can be compared exactly \
         among up to {most}: give it fewer measures with missing = \"park_mean\" or \"zero\", or weights with fewer decimals"
    )))
}

/// What was found in the exports, for whoever must mend what a gate refuses.
fn told_reasons(all: &AllIngested) -> Said {
    let reasons = summary::reasons(all.exports.iter(), &all.others, &all.problems());
    let told = reasons.iter().map(|QuarantineLine { code, count, first, .. }| {
        said!("{code} ×{count} 首见于 {first}", "{code} ×{count} first at {first}")
    });
    Said::join(&told.collect::<Vec<_>>(), "，", ", ")
}

/// The same in brackets, behind what a gate misses; nothing where nothing was found.
fn found_in_exports(all: &AllIngested) -> Said {
    let found = told_reasons(all);
    if found == Said::default() {
        return found;
    }
    said!("（文件中发现：{found}）", " (found in the exports: {found})"; found)
}

/// The rows of the quarters that are published. The tables are large: one that is published whole is not copied.
fn only(frame: Frame, span: Span) -> Frame {
    let Some(quarters) = frame.ints("quarter") else { return frame };
    let (from, to) = span.columns();
    let is_in = |row: &usize| quarters.get(*row).is_some_and(|quarter| (from..=to).contains(&quarter));
    let rows: Vec<usize> = (0..frame.rows()).filter(is_in).collect();
    if rows.len() == frame.rows() { frame } else { frame.take(&rows) }
}

fn ledger_table(all: &AllIngested) -> Frame {
    let text =
        |pick: &dyn Fn(&Ingested) -> String| Values::Text(all.exports.iter().map(|one| Some(pick(one))).collect());
    let count = |pick: &dyn Fn(&KeptProblems) -> u64| {
        Values::Int(all.exports.iter().map(|one| i64::try_from(pick(&one.kept)).ok()).collect())
    };
    Frame::new()
        .with("file", text(&|one| one.export.name.clone()))
        .with("source", text(&|one| one.ingest.source.clone()))
        .with("dataset", text(&|one| one.ingest.dataset.clone()))
        .with("sha256", text(&|one| one.export.digest.to_string()))
        .with("vintage", Values::Text(all.exports.iter().map(|one| one.ingest.vintage.as_deref()).collect()))
        .with("rows", count(&|kept| kept.ledger.rows))
        .with("preamble", count(&|kept| kept.ledger.preamble))
        .with("header", count(&|kept| kept.ledger.header))
        .with("notes", count(&|kept| kept.ledger.notes))
        .with("blank", count(&|kept| kept.ledger.blank))
        .with("facts", count(&|kept| kept.ledger.facts))
        .with("quarantined", count(&|kept| kept.ledger.quarantined))
        .with("corrected", Values::Int(all.exports.iter().map(|one| Some(one.kept.corrected())).collect()))
        .with("figures_all", count(&|kept| kept.figures.all))
        .with("figures_facts", count(&|kept| kept.figures.facts))
        .with("figures_labels", count(&|kept| kept.figures.labels))
        .with("figures_headings", count(&|kept| kept.figures.headings))
        .with("figures_preamble", count(&|kept| kept.figures.preamble))
        .with("figures_notes", count(&|kept| kept.figures.notes))
        .with("figures_ignored", count(&|kept| kept.figures.ignored))
        .with("figures_left_out", count(&|kept| kept.figures.left_out))
        .with("figures_set_aside", count(&|kept| kept.figures.set_aside))
}

/// Notes of one code in one sheet: the first, what was found, and how often.
struct Noted<'p> {
    first: &'p Problem,
    found: BTreeSet<Said>,
    count: u64,
}

/// The notes that an auditor asks for: of each file and sheet one for each code, with what was found first and how often.
fn notes(problems: &[Problem]) -> Vec<Problem> {
    /// So many different findings are named.
    const NAMED: usize = 5;
    let mut groups: BTreeMap<(&str, &str, &str), Noted<'_>> = BTreeMap::new();
    for problem in problems.iter().filter(|problem| rules::NOTED.contains(&problem.rule)) {
        let key = (problem.place.file.as_str(), problem.place.sheet.as_str(), problem.rule.code);
        let new = || Noted { first: problem, found: BTreeSet::new(), count: 0 };
        let noted = groups.entry(key).or_insert_with(new);
        noted.count += 1;
        let expected = problem.expected.first().map(|expected| format!(" → {expected}")).unwrap_or_default();
        noted.found.extend(problem.value.as_ref().map(|value| said!("{value}{expected}", "{value}{expected}"; value)));
    }
    let told = |Noted { first, found, count }: Noted<'_>| {
        let more = if found.len() > NAMED { said!("等", ", …") } else { Said::default() };
        let named = Said::join(found.iter().take(NAMED), "、", ", ");
        let found = said!("{named}{more} ×{count}", "{named}{more} ×{count}"; named, more);
        Problem::new(first.rule, first.place.clone()).said(found)
    };
    groups.into_values().map(told).collect()
}

fn problem_table(problems: &[Problem]) -> Frame {
    let grave = problems.iter().filter(|problem| problem.rule.severity != Severity::Note).cloned();
    let mut shown: Vec<Problem> = grave.chain(notes(problems)).collect();
    shown.sort();
    let text = |pick: &dyn Fn(&Problem) -> Option<String>| Values::Text(shown.iter().map(pick).collect());
    let int = |pick: &dyn Fn(&Problem) -> Option<u32>| {
        Values::Int(shown.iter().map(|problem| pick(problem).map(i64::from)).collect())
    };
    Frame::new()
        .with("file", text(&|p| Some(p.place.file.clone())))
        .with("sheet", text(&|p| Some(p.place.sheet.clone())))
        .with("row", int(&|p| p.place.row))
        .with("column", int(&|p| p.place.column))
        .with("code", text(&|p| Some(p.rule.code.to_owned())))
        .with("severity", text(&|p| Some(p.rule.severity.as_str().to_owned())))
        .with("rule_zh", text(&|p| Some(p.rule.zh.to_owned())))
        .with("rule_en", text(&|p| Some(p.rule.en.to_owned())))
        .with("found_zh", text(&|p| p.value.as_ref().map(|value| value.zh().to_owned())))
        .with("found", text(&|p| p.value.as_ref().map(|value| value.en().to_owned())))
        .with("expected", text(&|p| Some(p.expected.join(", ")).filter(|text| !text.is_empty())))
        .with("hint_zh", text(&|p| Some(p.rule.hint_zh.to_owned())))
        .with("hint_en", text(&|p| Some(p.rule.hint_en.to_owned())))
}
