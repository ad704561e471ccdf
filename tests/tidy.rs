//! What the house promises of its own text: who may use whom, what is banned where, and that nothing is left unsaid.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use config::Config;
use store::parquet;
use vocab::rules;

use crate::support::{MODELS, finish, folder, mujun, root, tree};

/// Source files of all crates, by name.
pub(crate) static SOURCES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let of = |folder: &'static str| {
        tree(&root().join(folder)).into_iter().map(move |(name, bytes)| (format!("{folder}/{name}"), bytes))
    };
    of("crates")
        .chain(of("src"))
        .filter(|(name, _)| name.contains("src/") && name.ends_with(".rs"))
        .map(|(name, bytes)| (name, String::from_utf8(bytes).expect("sources are UTF-8")))
        .collect()
});

/// The room a source file belongs to.
fn room(file: &str) -> &str {
    file.split('/').nth(1).unwrap_or(file).trim_end_matches(".rs")
}

/// A source text without comments, so that words about code are not taken for code.
fn code(text: &str) -> String {
    let line = |line: &str| line.find("//").map_or(line.to_owned(), |at| line[..at].to_owned());
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The rooms in the order in which data flows, as the manifest of the whole has them, and those that each may use.
fn rooms() -> (Vec<String>, BTreeMap<String, Vec<String>>) {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let is_room = |line: &&str| line.contains("path = \"crates/");
    let name = |line: &str| line.split([' ', '.']).next().unwrap_or_default().to_owned();
    let order: Vec<String> = read("Cargo.toml").lines().filter(is_room).map(name).collect();
    let uses = |room: &String| {
        let manifest = read(&format!("crates/{room}/Cargo.toml"));
        manifest
            .lines()
            .filter(|line| line.ends_with(".workspace = true"))
            .map(name)
            .filter(|line| order.contains(line))
            .collect()
    };
    (order.clone(), order.iter().map(|room| (room.clone(), uses(room))).collect())
}

#[test]
fn rooms_use_only_rooms_before_them_in_the_flow() {
    let (order, uses) = rooms();
    assert_eq!(order.len(), tree(&root().join("crates")).keys().filter(|name| name.ends_with("Cargo.toml")).count());
    let place = |room: &String| order.iter().position(|known| known == room);
    for (room, used) in &uses {
        // `fetch` knows nothing of the disk, `store` nothing of what it keeps, and `synth` is an oracle.
        let alone: Option<&[&str]> = match room.as_str() {
            "synth" => Some(&[]),
            "fetch" => Some(&["vocab"]),
            "store" => Some(&["vocab", "config"]),
            _ => None,
        };
        for one in used {
            assert!(place(one) < place(room), "{room} uses {one}, which comes after it");
            assert!(alone.is_none_or(|alone| alone.contains(&one.as_str())), "{room} uses {one}");
            assert_ne!(one, "synth", "{room} uses what makes the sample");
        }
    }
    assert!(uses["run"].len() > 8, "{uses:?}");
}

/// Only these rooms may name these things.
const KEPT_IN: &[(&str, &[&str])] = &[
    ("std::fs", &["store"]),
    ("fs::read", &["store"]),
    ("File::open", &["store"]),
    ("File::create", &["store"]),
    ("OpenOptions", &["store"]),
    ("TcpStream", &["fetch"]),
    ("println!", &["cli"]),
    ("eprintln!", &["cli"]),
    ("print!", &["cli"]),
    ("io::stdout", &["cli"]),
    ("io::stderr", &["cli"]),
    ("std::env::args", &["cli"]),
    ("Timestamp::now", &["cli"]),
    ("SystemTime::now", &[]),
    ("todo!", &[]),
    ("dbg!", &[]),
    ("unimplemented!", &[]),
    (".unwrap()", &[]),
    (".expect(\"", &[]),
];

#[test]
fn files_network_printing_and_panics_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for (file, text) in SOURCES.iter() {
        // What stands below `#[cfg(test)]` is a test.
        let text = text.split("#[cfg(test)]").next().unwrap_or(text);
        for (number, line) in code(text).lines().enumerate() {
            for (word, rooms) in KEPT_IN {
                let found = line.match_indices(word).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    word.starts_with('.') || !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
                });
                if found && !rooms.contains(&room(file)) {
                    wrong.push(format!("{file}:{}: `{word}`", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Functions with their length in lines, found by the indentation of their closing brace.
fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let words: Vec<&str> = trimmed.split_whitespace().take_while(|word| !word.contains('(')).collect();
        let is_fn = trimmed.starts_with("fn ") || (trimmed.starts_with("pub") && words.contains(&"fn"));
        // A declaration in a trait has no body.
        let opens = lines[start..].iter().find(|line| line.ends_with(['{', ';', '}']));
        if !is_fn || !opens.is_some_and(|line| line.ends_with('{')) {
            continue;
        }
        let closing = format!("{}}}", &line[..line.len() - trimmed.len()]);
        let Some(end) = lines[start..].iter().position(|line| *line == closing) else { continue };
        let name = trimmed.split("fn ").nth(1).unwrap_or("").split(['(', '<']).next().unwrap_or("");
        found.push((name.to_owned(), start + 1, end + 1));
    }
    found
}

#[test]
fn functions_are_short_enough_to_be_read() {
    const LONGEST: usize = 70;
    let long: Vec<String> = SOURCES
        .iter()
        .flat_map(|(file, text)| functions(text).into_iter().map(move |function| (file, function)))
        .filter(|(file, (name, _, length))| {
            *length > LONGEST && !LONG_ON_PURPOSE.contains(&(file.as_str(), name.as_str()))
        })
        .map(|(file, (name, line, length))| format!("{file}:{line}: `{name}` has {length} lines"))
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST} lines:\n{}", long.join("\n"));
    assert!(SOURCES.values().map(|text| functions(text).len()).sum::<usize>() > 500, "functions are found at all");
}

/// Functions that are long because a list is.
const LONG_ON_PURPOSE: &[(&str, &str)] = &[];

/// The files of the project that are kept: not what is built or fetched.
fn kept_files() -> Vec<PathBuf> {
    let mut folders = vec![root().to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if path.is_symlink()
                || ["target", ".git", "store", "proptest-regressions"].contains(&name.as_str())
                    && path.parent() == Some(root())
            {
                continue;
            }
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

#[test]
fn no_file_is_too_large_to_look_at() {
    const LARGEST: u64 = 2 << 20;
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    let large: Vec<PathBuf> = kept_files().into_iter().filter(|path| size(path) > LARGEST).collect();
    assert!(large.is_empty(), "{large:?}");
}

/// The configuration of the sample.
fn config() -> Config {
    let files = tree(&root().join("config"))
        .into_iter()
        .filter(|(name, _)| name.ends_with(".toml"))
        .map(|(name, bytes)| (name, String::from_utf8(bytes).expect("UTF-8")))
        .collect();
    Config::resolve(&files).expect("the sample's configuration")
}

#[test]
fn every_indicator_is_explained_and_tested() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut wrong = Vec::new();
    for indicator in config().indicators {
        let reason = |text: &Option<String>| text.clone().unwrap_or_default();
        let (reason_zh, reason_en) = (reason(&indicator.levels_reason_zh), reason(&indicator.levels_reason_en));
        let texts = [&indicator.name_zh, &indicator.definition_zh, &indicator.comparability_zh]
            .iter()
            .all(|text| chinese(text))
            && [&indicator.name_en, &indicator.definition_en, &indicator.comparability_en]
                .iter()
                .all(|text| !text.is_empty() && !chinese(text))
            && (reason_zh.is_empty() || chinese(&reason_zh))
            && !chinese(&reason_en);
        if !texts {
            wrong.push(format!("{}: names, definitions, comparability and reasons in both languages", indicator.id));
        }
        if indicator.tests.is_empty() {
            wrong.push(format!("{}: no [[test]]", indicator.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_source_has_a_test_in_its_definition() {
    for source in config().sources {
        assert!(!source.tests.is_empty(), "{}: a [[test]]", source.id);
    }
}

#[test]
fn every_published_column_is_in_the_dictionary() {
    let store = folder();
    let (code, _, stderr) = finish(mujun(store.path()).arg("run"));
    assert_eq!(code, 0, "{stderr}");
    // Another release gives the tables of what it changes in the first one.
    let (code, _, stderr) = finish(mujun(store.path()).arg("run").args(["--from", "2018Q1", "--make-current"]));
    assert_eq!(code, 0, "{stderr}");
    let dictionary = std::fs::read_to_string(root().join("pipelines/dictionary.toml")).expect("the dictionary");
    let dictionary: toml::Table = toml::from_str(&dictionary).expect("the dictionary is TOML");
    let mut described = dictionary["columns"].as_table().expect("[columns]").clone();
    for measure in config().measures {
        let texts = [measure.zh, measure.en].map(toml::Value::String);
        let twice = described.insert(measure.name, toml::Value::Array(texts.into()));
        assert_eq!(twice, None, "in the dictionary and in config/measures");
    }
    let mut published = BTreeSet::new();
    let release = tree(&store.path().join("current").canonicalize().expect("a release"));
    for (name, bytes) in release.into_iter().chain(tree(&store.path().join("revisions"))) {
        // `level=park` in a folder's name is a column to every reader.
        published.extend(name.split('/').filter_map(|part| part.split_once('=')).map(|(column, _)| column.to_owned()));
        if name.ends_with(".parquet") {
            let read = parquet::read(bytes, |_| true).expect("Parquet");
            published.extend(read.frame.columns().iter().map(|(column, _)| column.clone()));
        }
    }
    // The points of a classification are named and described by the method itself.
    let is_missing = |column: &&String| !described.contains_key(column.as_str()) && !column.starts_with("score_");
    let missing: Vec<&String> = published.iter().filter(is_missing).collect();
    assert!(missing.is_empty(), "neither in pipelines/dictionary.toml nor a measure: {missing:?}");
    let unused: Vec<&String> = described.keys().filter(|column| !published.contains(*column)).collect();
    assert!(unused.is_empty(), "described and never published: {unused:?}");
    for (column, texts) in described {
        let texts = texts
            .as_array()
            .map_or(0, |texts| texts.iter().filter(|text| text.as_str().is_some_and(|t| !t.is_empty())).count());
        assert_eq!(texts, 2, "{column}: in Chinese and in English");
    }
}

/// The tables that a model rests on, as far down as models go.
fn under(table: &str) -> BTreeSet<&'static str> {
    let of = |table: &str| MODELS.ordered().iter().find(|model| model.table == table);
    let mut found = BTreeSet::new();
    let mut wanted: Vec<_> = of(table).into_iter().collect();
    while let Some(model) = wanted.pop() {
        for read in model.reads.iter().filter(|read| found.insert(read.as_str())) {
            wanted.extend(of(read));
        }
    }
    found
}

#[test]
fn every_model_says_first_what_it_has_rows_for_and_of_which_datasets() {
    let datasets: BTreeSet<String> = config().sources.into_iter().map(|source| source.dataset).collect();
    for (file, bytes) in tree(&root().join("pipelines/models")).into_iter().filter(|(file, _)| file != "words.sql") {
        let text = String::from_utf8(bytes).unwrap();
        let head = text.lines().next().unwrap();
        let of = head.strip_prefix("-- One row for each ").and_then(|head| head.split_once(". Of: "));
        let (_, of) = of.unwrap_or_else(|| panic!("{file}: `{head}`"));
        let table = file.rsplit('/').next().unwrap().trim_end_matches(".sql");
        let under = under(table);
        for name in of.trim_end_matches('.').split(", ").filter(|name| !name.starts_with("the ")) {
            assert!(datasets.contains(name) && under.contains(name), "{file}: it does not rest on {name}");
        }
        let long = text.lines().find(|line| line.chars().count() > 120);
        assert_eq!(long, None, "{file}: longer than 120 characters");
        let is_packed = ["65536", "* 128"].iter().any(|room| text.contains(room));
        assert!(!is_packed, "{file}: keys are packed by the program, not by a model");
    }
}

#[test]
fn what_models_read_and_nobody_makes_is_a_dataset_or_refused_as_the_name_of_a_model() {
    let datasets: BTreeSet<String> = config().sources.into_iter().map(|source| source.dataset).collect();
    let is_dataset = |table: &str| datasets.contains(table.strip_suffix("_set_aside").unwrap_or(table));
    let given: Vec<&str> = MODELS.inputs().into_iter().filter(|table| !is_dataset(table)).collect();
    assert!(given.len() > 10, "{given:?}");
    for table in given {
        let model = (format!("{table}.sql"), "SELECT 1 AS x".to_owned());
        let told = model::Models::resolve(&[model].into()).expect_err(table);
        assert!(told[0].message.en().contains("given by the registers"), "{told:?}");
    }
}

/// The reference of problem codes, as the rules have it.
fn problem_reference() -> String {
    let rooms = [
        ('F', "fetch and claims", "取数与认领"),
        ('R', "reading", "读取"),
        ('L', "layout", "版式"),
        ('C', "cleaning", "清洗"),
        ('M', "models", "模型"),
        ('P', "protection", "保密"),
        ('S', "store", "仓库"),
    ];
    let mut text = String::from(
        "# Problem codes · 问题代码\n\nCodes are an interface: they do not change their meaning. `error` sets a row, a table or a file aside; `warning` may \
         affect published figures; `note` is worth knowing.\n\n代码是接口，含义不变。`error`：该行、该表或该文件被隔离；`warning`：可能影响公布数据；`note`：仅供知悉。\n",
    );
    for (letter, en, zh) in rooms {
        text.push_str(&format!("\n## {letter} · {en} · {zh}\n"));
        for rule in rules::ALL.iter().filter(|rule| rule.code.starts_with(letter)) {
            text.push_str(&format!(
                "\n**{}** `{}` {}\n- {} *{}*\n- {} *{}*\n",
                rule.code,
                rule.name.to_lowercase(),
                rule.severity.as_str(),
                rule.zh,
                rule.hint_zh,
                rule.en,
                rule.hint_en
            ));
        }
    }
    text
}

#[test]
fn the_reference_of_problem_codes_lists_them_all_in_both_languages() {
    let path = root().join("docs/problems.md");
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::write(&path, problem_reference()).unwrap();
    }
    let document = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(document == problem_reference(), "docs/problems.md is out of date: UPDATE_CASES=1 cargo test tidy");
    let codes: Vec<&str> = rules::ALL.iter().map(|rule| rule.code).collect();
    assert!(codes.iter().all(|code| document.contains(&format!("**{code}**"))));
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len(), "each code is there once");
}

#[test]
fn the_functions_on_one_numbers_way_are_where_the_map_says() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let way = text.split("## One number's way").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    let named: Vec<&str> = way.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!((10..=12).contains(&named.len()), "{named:?}");
    for name in named {
        let parts: Vec<&str> = name.split("::").collect();
        let [room, .., function] = parts.as_slice() else { panic!("`{name}` names no room") };
        let is_there = |file: &str, text: &str| {
            // A file of its own, the room's first file, or that of a type.
            let module = parts[1..parts.len() - 1].iter().find(|part| part.chars().all(|c| c.is_ascii_lowercase()));
            let is_in = module.is_none_or(|module| file.ends_with(&format!("/{module}.rs")));
            is_in && ['(', '<'].iter().any(|after| text.contains(&format!("fn {function}{after}")))
        };
        let of_room = format!("crates/{room}/src/");
        let mut files = SOURCES.iter().filter(|(file, _)| file.starts_with(&of_room));
        assert!(files.any(|(file, text)| is_there(file, text)), "there is no `{name}`");
    }
}
