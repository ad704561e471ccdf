//! What a source definition means once it is read: one export described as data.

use globset::{Glob, GlobMatcher};

use super::column::unit;
pub use super::column::{Across, Column, Kind};
use super::correction::no_pattern;
use super::document::{Table, did_you_mean, list};
use super::expectation::{Expectation, Fields};
use super::fetching::Remote;
use super::range::SHARE;
use super::rule::{RowRule, not_declared};
use super::whole::Whole;
use vocab::number::{Meaning, Symbols};
use vocab::{Said, said, transfer};

/// How the table stands in the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// What undeclared columns mean.
    pub across: Across,
    /// Number of header rows, where it is known; otherwise found.
    pub header_rows: Option<usize>,
    /// Undeclared headers that are expected and left out without a note.
    pub ignore: Vec<String>,
    /// Where periods stand across: undeclared headings that name none, and whose figures are of the latest of them.
    pub latest: Vec<String>,
}

/// Where the period of a file's rows is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodFrom {
    /// In the file, over the table; the file's name, where it names one too, must agree.
    Caption,
    /// In a column of kind `period`, or across.
    Rows,
    /// Nowhere: the rows carry their own dates (registers, ledgers).
    None,
}

/// What says when an export was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IssuedFrom {
    /// A day at the end of its name.
    Name,
    /// A line over the table.
    Caption,
    /// The day the export was first received.
    Received,
}

impl IssuedFrom {
    /// The word used in definitions, tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            IssuedFrom::Name => "name",
            IssuedFrom::Caption => "caption",
            IssuedFrom::Received => "received",
        }
    }
}

/// What a new issue of an export means for the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueMode {
    /// It is the whole anew: what it does not hold any more does not count any more.
    Replaces,
    /// It brings what is new: everything in all issues counts.
    Continues,
    /// It corrects single rows: of rows with the same key the latest holds, all others stand.
    Corrects,
}

/// Which exports of a source are issues of the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Those with the same name, the day of issue left out: each city's ledger replaces its own.
    Name,
    /// All of them: there is one list.
    Source,
}

/// Which issue holds where the newest one is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubted {
    /// The one before it stands.
    Older,
    /// The newest one counts as far as it can be used, and is told.
    Newest,
}

/// How the issues of an export belong together: `[issues]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Issues {
    /// What a new issue means for the ones before.
    pub mode: IssueMode,
    /// Which exports are issues of the same thing.
    pub family: Family,
    /// A new issue with fewer rows than this share of the one before is in doubt.
    pub least_share: f64,
    /// What holds then.
    pub doubted: Doubted,
}

impl Issues {
    /// Where a definition does not say it, keys do: rows with one are corrected, rows without one are added.
    fn usual(has_key: bool) -> Issues {
        let mode = if has_key { IssueMode::Corrects } else { IssueMode::Continues };
        Issues { mode, family: Family::Name, least_share: 0.8, doubted: Doubted::Older }
    }

    fn resolve(table: &Table<'_, '_>, has_key: bool) -> Issues {
        let usual = Issues::usual(has_key);
        let modes =
            [("replaces", IssueMode::Replaces), ("continues", IssueMode::Continues), ("corrects", IssueMode::Corrects)];
        let mode = table.choice("mode", &modes);
        if !table.has("mode") {
            let message = said!(
                "缺少 `mode`：应为 \"replaces\"、\"continues\" 或 \"corrects\"",
                "`mode` is missing: it must be \"replaces\", \"continues\" or \"corrects\""
            );
            table.error("mode", message);
        }
        if mode == Some(IssueMode::Corrects) && !has_key {
            let message = said!(
                "没有 `key` 的行无法更正：请写明作为键的列，或改写 \"replaces\" 或 \"continues\"",
                "rows without a `key` cannot be corrected: name the columns of the key, or write \"replaces\" or \
                 \"continues\""
            );
            table.error("mode", message);
        }
        for key in ["family", "least_share", "doubted"].into_iter().filter(|key| table.has(key)) {
            if mode.is_some_and(|mode| mode != IssueMode::Replaces) {
                let message =
                    said!("`{key}` 只用于整体替换的各期", "`{key}` is only for issues that replace one another");
                table.error(key, message);
            }
        }
        Issues {
            mode: mode.unwrap_or(usual.mode),
            family: table
                .choice("family", &[("name", Family::Name), ("source", Family::Source)])
                .unwrap_or(usual.family),
            least_share: table.number_within("least_share", SHARE).unwrap_or(usual.least_share),
            doubted: table
                .choice("doubted", &[("older", Doubted::Older), ("newest", Doubted::Newest)])
                .unwrap_or(usual.doubted),
        }
    }
}

/// Who collected the data, and so under which law it may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// Collected under the Statistics Law: for statistics alone, never to judge a single enterprise (统计法 第二十五条).
    Survey,
    /// Collected by a department for its own purposes: tax, land, energy supply, environment.
    Administrative,
    /// Published by an authority.
    Published,
}

impl Collection {
    /// The words of definitions.
    pub const WORDS: [(&'static str, Collection); 3] = [
        ("survey", Collection::Survey),
        ("administrative", Collection::Administrative),
        ("published", Collection::Published),
    ];

    /// The word used in definitions and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Collection::Survey => "survey",
            Collection::Administrative => "administrative",
            Collection::Published => "published",
        }
    }

    /// Survey where the definition does not say it: the narrowest use. The configuration is refused then.
    fn resolve(table: &Table<'_, '_>) -> Collection {
        if !table.has("collection") {
            let message = said!(
                "缺少 `collection`：应为 \"survey\"（依《统计法》采集，仅用于统计）、\"administrative\"（部门行政记录）或 \
                 \"published\"（已公布数据）",
                "`collection` is missing: \"survey\" (collected under the Statistics Law, for statistics alone), \
                 \"administrative\" (a department's own records) or \"published\""
            );
            table.error("collection", message);
        }
        table.choice("collection", &Self::WORDS).unwrap_or(Collection::Survey)
    }
}

/// The container a file must be, where the definition demands one.
pub const FORMATS: &[&str] = &["csv", "tsv", "xls", "xlsx", "ods", "html", "mht", "xml", "json", "dbf", "parquet"];

/// One export, described.
#[derive(Debug, Clone)]
pub struct Source {
    /// The definition's name: its file's stem.
    pub id: String,
    /// What it is, in Chinese, for people.
    pub title: String,
    /// The table of facts its rows go into.
    pub dataset: String,
    /// Who collected the data, and what it may be used for.
    pub collection: Collection,
    /// Names of the files it claims, as globs relative to the inbox.
    pub patterns: Vec<GlobMatcher>,
    /// Where the export is fetched from, if it is.
    pub remote: Option<Remote>,
    /// The container the file must be, if the definition demands one.
    pub format: Option<String>,
    /// The encoding the file must be in, if the definition demands one.
    pub encoding: Option<String>,
    /// The sheet that holds the table, if it is not the only one.
    pub sheet: Option<String>,
    /// Whether a sheet may hold several tables, one under or beside another; or rows that name the group of those below.
    pub several_tables: bool,
    /// Whether the rows are about single enterprises: their figures never reach a message.
    pub confidential: bool,
    /// How the table stands in the grid.
    pub layout: Layout,
    /// Where the period is said.
    pub period: PeriodFrom,
    /// What says when an export was issued; the name or else a line over the table, where the definition does not say.
    pub issued: Option<IssuedFrom>,
    /// What a new issue means for the ones before.
    pub issues: Issues,
    /// Declared columns.
    pub columns: Vec<Column>,
    /// Unit of the values that stand across, where neither label nor file says it.
    pub value_unit: Option<String>,
    /// Headings of columns that stand across, and the units of their values where neither heading nor file says them.
    pub units: Vec<(String, String)>,
    /// Name in the facts of the values that stand across.
    pub value_name: String,
    /// Whether the form comes every month: those of months that end no quarter are then known, and not used.
    pub is_monthly: bool,
    /// Names of the columns that identify a row, with the period.
    pub key: Vec<String>,
    /// Columns of `area_quarter` that count what was reported of it and what was expected.
    pub coverage: Option<(String, String)>,
    /// Whether an enterprise without a row has nothing of it, rather than not having reported it.
    pub no_row_is_none: bool,
    /// Whether a list speaks only of the quarters that had ended when it was issued; of all, otherwise.
    pub ends_at_issue: bool,
    /// Symbols that mean "missing" here, beside the usual ones.
    pub missing: Vec<String>,
    /// Labels of indicators that stand in rows or across, and the names they get in the facts.
    pub series: Vec<(String, String)>,
    /// Validation rules of a row.
    pub rules: Vec<RowRule>,
    /// What the export must say of itself, and what its figures must be like.
    pub expected: Expectation,
    /// Tests written in the definition.
    pub tests: Vec<SourceTest>,
    /// What a draft left for a person to say, and nobody has said: one sentence each.
    pub unfinished: Vec<Said>,
}

/// What a draft left open in the text of a definition: a comment that says TODO, or a name that only holds a place.
fn unfinished(name: &str, text: &str) -> Vec<Said> {
    let lines = (1..).zip(text.lines());
    let open = lines.filter_map(|(number, line)| {
        let (setting, comment) = line.split_once('#').unwrap_or((line, ""));
        let key = setting.split('=').next().unwrap_or_default().trim();
        let holds_place = setting.contains("\"dataset_name\"")
            || ["name", "unit", "value_unit"].contains(&key) && setting.contains('…');
        let left = if comment.contains("TODO") {
            Said::words(comment[comment.find("TODO").unwrap_or(0)..].trim())
        } else if holds_place {
            let setting = setting.trim();
            said!("{setting} 只是占位", "{setting} holds a place only")
        } else {
            return None;
        };
        Some(said!(
            "{name}:{number}：来源定义尚未完成：{left}",
            "{name}:{number}: the definition is not finished: {left}";
            left
        ))
    });
    open.collect()
}

/// A test inside a source definition: a small file as text, and the facts it gives.
#[derive(Debug, Clone)]
pub struct SourceTest {
    /// One sentence.
    pub name: String,
    /// The file's name.
    pub file: String,
    /// The file's text; its bytes are in the encoding that the definition declares.
    pub input: String,
    /// The facts as lines of `name=value` pairs, one line per row.
    pub facts: Vec<String>,
    /// Codes of the problems, in order of place.
    pub problems: Vec<String>,
    /// Whether it is an export as a whole, and so held against what is expected of one.
    pub is_whole: bool,
}

impl Source {
    /// Builds the definition named `id` from its table, reporting every mistake.
    pub(super) fn resolve(id: &str, table: &Table<'_, '_>) -> Source {
        let columns = table.tables("column", Column::resolve);
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let across = table
            .choice("across", &[("none", Across::None), ("period", Across::Period), ("indicator", Across::Indicator)])
            .unwrap_or(Across::None);
        let key = table.texts("key");
        for unknown in key.iter().filter(|name| !names.contains(&name.as_str())) {
            table.error("key", not_declared(unknown, &names));
        }
        // Periods may stand over figures that have no names.
        if columns.is_empty() && across != Across::Period {
            table.error("column", said!("来源至少须有一个 [[column]]", "a source needs at least one [[column]]"));
        }
        let value_name = table.opt_text("value_name").unwrap_or_else(|| "value".to_owned());
        check_columns(table, &columns, across, &value_name);
        let format = format(table);
        let series = table.text_map("series");
        let value_unit = unit(table, "value_unit");
        let fields = Fields {
            columns: &columns,
            series: &series,
            across,
            value_name: &value_name,
            value_unit: value_unit.as_deref(),
        };
        let has_key = !key.is_empty() || across != Across::None;
        let patterns: Vec<GlobMatcher> = table.texts("match").iter().filter_map(|glob| matcher(table, glob)).collect();
        let source = Source {
            id: id.to_owned(),
            title: table.text("title"),
            dataset: table.text("dataset"),
            collection: Collection::resolve(table),
            remote: Remote::resolve(table, &patterns),
            patterns,
            format,
            encoding: table.opt_text("encoding"),
            sheet: table.opt_text("sheet"),
            several_tables: table.choice("tables", &[("one", false), ("several", true)]).unwrap_or(false),
            confidential: table.flag("confidential", true),
            layout: Layout {
                across,
                header_rows: table.int_within("header_rows", 1..=100).and_then(|rows| usize::try_from(rows).ok()),
                ignore: table.texts("ignore"),
                latest: latest(table, across),
            },
            period: table
                .choice(
                    "period",
                    &[("caption", PeriodFrom::Caption), ("rows", PeriodFrom::Rows), ("none", PeriodFrom::None)],
                )
                .unwrap_or(PeriodFrom::None),
            is_monthly: table.choice("frequency", &[("quarterly", false), ("monthly", true)]).unwrap_or(false),
            issued: table.choice(
                "issued",
                &[IssuedFrom::Name, IssuedFrom::Caption, IssuedFrom::Received].map(|from| (from.as_str(), from)),
            ),
            issues: table
                .table("issues", |issues| Issues::resolve(issues, has_key))
                .unwrap_or_else(|| Issues::usual(has_key)),
            rules: table.tables("rule", |rule| RowRule::resolve(rule, &names)).into_iter().flatten().collect(),
            expected: Expectation::resolve(table, &fields),
            columns,
            value_unit,
            units: units(table, across),
            value_name,
            key,
            coverage: super::coverage::columns(table, "coverage"),
            no_row_is_none: table.choice("no_row", &[("not_reported", false), ("none", true)]).unwrap_or(false),
            ends_at_issue: table.choice("holds", &[("always", false), ("until_issue", true)]).unwrap_or(false),
            missing: table.texts("missing"),
            series,
            tests: table.tables("test", |test| SourceTest {
                name: test.text("name"),
                file: test.text("file"),
                input: test.text("input"),
                facts: test.texts("facts"),
                problems: test.texts("problems"),
                is_whole: test.flag("whole", false),
            }),
            unfinished: Vec::new(),
        };
        if source.patterns.is_empty() {
            let message = said!(
                "来源须有 `match`：所认领文件的名称，例如 \"**/B203*.csv\"",
                "a source needs `match`: the names of the files it claims, for example \"**/B203*.csv\""
            );
            table.error("match", message);
        }
        source
    }

    /// With what its text leaves open.
    pub(super) fn written(self, name: &str, text: &str) -> Source {
        Source { unfinished: unfinished(name, text), ..self }
    }

    /// Whether its rows name what their value is of, and one column of values stands across.
    pub fn rows_name_series(&self) -> bool {
        self.layout.across == Across::Indicator && self.columns.iter().any(|column| column.name == "indicator")
    }

    /// The symbols that mean "missing" in its exports.
    pub fn symbols(&self) -> Symbols {
        self.missing.iter().fold(Symbols::default(), |symbols, symbol| {
            // A symbol that reads as a number was refused when the definition was read.
            symbols.clone().with(symbol, Meaning::Unavailable).unwrap_or(symbols)
        })
    }

    /// The same for a piece of an export, which need not have what is expected of the whole.
    #[must_use]
    pub fn of_a_piece(&self) -> Source {
        let mut source = self.clone();
        source.expected.whole = Whole::default();
        source
    }

    /// Whether this definition claims the file with this name, relative to its inbox; one in gzip also by the name it had
    /// before.
    pub fn claims(&self, name: &str) -> bool {
        let inner = transfer::without_gzip(name);
        self.patterns.iter().any(|pattern| pattern.is_match(name) || inner != name && pattern.is_match(inner))
    }
}

/// The container that is demanded; reported where there is none of that name.
fn format(table: &Table<'_, '_>) -> Option<String> {
    let format = table.opt_text("format")?;
    if !FORMATS.contains(&format.as_str()) {
        let hint = did_you_mean(&format, FORMATS);
        table.error("format", said!("`{format}` 不是文件格式{hint}", "`{format}` is not a format{hint}"; hint));
    }
    Some(format)
}

/// Reports columns that would stand twice in the facts, and a second column of units or periods.
fn check_columns(table: &Table<'_, '_>, columns: &[Column], across: Across, value_name: &str) {
    let added: &[&str] = match across {
        Across::None => &["source_row"],
        Across::Period => &["source_row", "source_column", "period", "unit", value_name],
        // `indicator` may be declared: then rows name what their value is of.
        Across::Indicator => &["source_row", "source_column", "unit", value_name],
    };
    for (at, column) in columns.iter().enumerate() {
        if added.contains(&column.name.as_str()) {
            let name = &column.name;
            let message = said!(
                "该来源的事实本来就有列 `{name}`：请另取名称",
                "the facts of this source have a column `{name}` anyway: call this one otherwise"
            );
            table.error("column", message);
        }
        if columns.iter().take(at).any(|other| other.name == column.name) {
            let name = &column.name;
            table.error("column", said!("有两列都名为 `{name}`", "two columns are called `{name}`"));
        }
    }
    let several = |kind: &Kind| columns.iter().filter(|column| column.kind == *kind).count() > 1;
    if several(&Kind::Unit) {
        let message = said!(
            "一行的单位只写在一列中：种类为 `unit` 的列至多一个",
            "a row has its unit in one column: only one may be of the kind `unit`"
        );
        table.error("column", message);
    }
    if several(&Kind::Period) {
        let message = said!(
            "一行的报告期只写在一列中：种类为 `period` 的列至多一个；年份旁的“季度”“月份”列与其合读",
            "a row has its period in one column: only one may be of the kind `period`; a column of quarters or months \
             (季度, 月份) beside a column of years is read with it"
        );
        table.error("column", message);
    }
}

fn matcher(table: &Table<'_, '_>, glob: &str) -> Option<GlobMatcher> {
    Glob::new(glob)
        .map_err(|error| table.error("match", no_pattern(glob, &error)))
        .ok()
        .map(|glob| glob.compile_matcher())
}

/// Headings of figures that are of the latest of the periods that stand across.
fn latest(table: &Table<'_, '_>, across: Across) -> Vec<String> {
    let headings = table.texts("latest");
    if across != Across::Period && !headings.is_empty() {
        let message = said!(
            "`latest` 用于各时期旁的表头：请写 `across = \"period\"`",
            "`latest` is for headings beside periods: write `across = \"period\"`"
        );
        table.error("latest", message);
    }
    headings
}

/// The units of single columns that stand across; those that are not known are reported.
fn units(table: &Table<'_, '_>, across: Across) -> Vec<(String, String)> {
    let units = table.text_map("units");
    if across != Across::Indicator && !units.is_empty() {
        let message = said!(
            "`units` 用于作为指标的表头：请写 `across = \"indicator\"`，或在 [[column]] 中写 `unit`",
            "`units` is for headings that are indicators: write `across = \"indicator\"`, or `unit` in the [[column]]"
        );
        table.error("units", message);
    }
    for (heading, label) in &units {
        if let Err(nearest) = vocab::unit::parse(label) {
            let nearest: Vec<&str> = nearest.iter().map(|unit| unit.name).collect();
            let nearest = list(&nearest);
            let message = said!(
                "`{heading}` 的 `{label}` 不是已知的单位；相近的有：{nearest}",
                "`{label}` of `{heading}` is not a known unit; nearest: {nearest}";
                nearest
            );
            table.error("units", message);
        }
    }
    units
}
