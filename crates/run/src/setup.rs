//! Everything a run is told: configuration, registers, models, options. Read once, changed never.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::json;

use super::between::Senders;
use super::failure::Failure;
use super::reason::Reason;
use super::schema;
use clean::{Findings, Registers};
use config::pipeline::Pipeline;
use config::site::Site;
use config::{Config, ConfigError, observe};
use model::{Models, classification};
use protect::Profile;
use publish::Dictionary;
use read::{Expect, Grid, Limits};
use store::{Digest, content_key};
use vocab::period::{Date, Quarter, Span};
use vocab::said;

/// What the command line says beside the configuration.
#[derive(Debug, Clone)]
pub struct Options {
    /// The configuration folder.
    pub config: PathBuf,
    /// The store, if not the configured one.
    pub store: Option<PathBuf>,
    /// The inbox, if not the configured one.
    pub inbox: Option<PathBuf>,
    /// The folder of registers, if not the configured one.
    pub registers: Option<PathBuf>,
    /// Quarters to publish; all by default.
    pub span: Option<Span>,
    /// Leave out what was sent after this day.
    pub as_of: Option<Date>,
    /// For whom.
    pub profile: Profile,
    /// Whether readers are to see the release even if it holds a part only.
    pub make_current: bool,
    /// When the command began, in seconds since 1970: what the age of a file in the inbox is counted to.
    pub now: i64,
}

/// The latest day and quarter that can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Latest {
    /// The day.
    pub(super) day: Date,
    /// The quarter of that day.
    pub(super) quarter: Quarter,
}

impl Latest {
    /// By the time at which a run starts, as text; none if it is none.
    pub(super) fn at(started: &str) -> Option<Latest> {
        let today: Date = started.get(..10)?.parse().ok()?;
        let day = today.checked_add(jiff::Span::new().days(TOLERANCE_DAYS)).ok()?;
        Some(Latest { day, quarter: Quarter::of_day(day) })
    }
}

/// Configuration, models, registers and options of a run.
#[derive(Debug)]
pub struct Setup {
    /// The resolved configuration.
    pub config: Config,
    /// The SQL models.
    pub models: Models,
    /// Meanings of columns.
    pub dictionary: Dictionary,
    /// What the command line says.
    pub options: Options,
    /// Where the store is.
    pub store_dir: PathBuf,
    /// Where exports are dropped.
    pub inbox_dir: PathBuf,
    /// Threads for work that computes: as many as processors.
    pub(super) working: rayon::ThreadPool,
    /// Threads for work that mostly waits for the disk.
    pub(super) waiting: rayon::ThreadPool,
    /// The latest day and quarter that can be; none where nobody said when the run starts.
    pub(super) latest: Option<Latest>,
    /// The pipeline that is run, if one is.
    pub(super) pipeline: Option<Pipeline>,
    /// Text of each source definition, by id: part of what its facts depend on.
    pub(super) source_texts: BTreeMap<String, String>,
    register_files: BTreeMap<String, (String, Vec<u8>)>,
    registers: OnceLock<Registers>,
    /// Registers that lie beside the definitions, for the tests in these.
    trial_files: BTreeMap<String, (String, Vec<u8>)>,
    trial_registers: OnceLock<Registers>,
    senders: OnceLock<Senders>,
    /// What every source's facts depend on beside the export and its definition.
    pub(super) registers_digest: Digest,
    /// What a release depends on beside its facts.
    rules_digest: Digest,
    /// Parts of that: files of the configuration; models and dictionary.
    configuration_digest: Digest,
    models_digest: Digest,
}

/// The version of the program, for people.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Stands for the code that makes facts of exports (see `build.rs`): what another one made is made again.
pub(super) const READING: &str = env!("MUJUN_READING");

/// Stands for the code that makes a release of facts.
pub(super) const FIGURES: &str = env!("MUJUN_FIGURES");

/// Days after that of the run that an export may be issued on: clocks differ, and days begin earlier in the east.
const TOLERANCE_DAYS: i64 = 2;

/// Part of every release's name: what manifests and figures say beside the content. Another number, another release.
const MANIFEST_LAYOUT: &str = "2";

/// Files that wait for the disk at a time: it forces many out together nearly as fast as one.
const WAITING: usize = 6;

/// Where the registers for the tests of source definitions lie, in the configuration folder.
const TRIAL_REGISTERS: &str = "sources/registers";

/// Largest configuration file that is read.
const CONFIG_LIMIT: u64 = 64 << 20;

impl Setup {
    /// Reads configuration, models and registers.
    ///
    /// # Errors
    /// Every mistake in them.
    pub fn load(options: Options) -> Result<Setup, Failure> {
        let mut texts = read_texts(&options.config, &["toml"])?;
        let relative = |path: &str| beside(&options.config, path);
        let (config, mut errors) = Config::read(&texts);
        let Some(mut config) = config else { return Err(Failure::Configuration(errors)) };
        // Who is told of runs changes no release.
        texts.remove(observe::FILE);
        errors.extend(config.take_pipelines(&read_pipelines(&relative(&config.site.pipelines))?));
        let models_dir = relative(&config.site.models);
        let mut model_texts = read_texts(&models_dir, &["sql"])?;
        model_texts.extend(config.method().map(classification::models).unwrap_or_default());
        model_texts.extend(model::quality::forms::models(&config.quality));
        let models =
            Models::with_measures(&model_texts, &config.measures, &config.sources).unwrap_or_else(|mistakes| {
                errors.extend(mistakes);
                Models::default()
            });
        errors.extend(classification::check_collections(&models, &config.sources));
        let dictionary_path = models_dir.join("../dictionary.toml");
        let dictionary_text = read_text(&dictionary_path)?;
        let mut dictionary = Dictionary::resolve(&dictionary_text, &models, &config.measures).map_err(|message| {
            let path = dictionary_path.display();
            Failure::Usage(said!("{path}：{message}", "{path}: {message}"; message))
        })?;
        for measure in config.method().into_iter().flat_map(|method| &method.measures) {
            let zh = format!("{}得分", measure.name_zh);
            dictionary.describe(&format!("score_{}", measure.id), &zh, &format!("Points of: {}", measure.name_en));
        }
        // The installation's registers first: a sample brings only those that differ.
        let installed = relative(&config.site.registers);
        let folders = [installed].into_iter().chain(options.registers.clone());
        let register_files = read_registers("registers", folders)?;
        let of_trials = Some(options.config.join(TRIAL_REGISTERS)).filter(|folder| folder.is_dir());
        let trial_files = read_registers(TRIAL_REGISTERS, of_trials.into_iter())?;
        if !errors.is_empty() {
            let (registers, _) = resolve_registers(&register_files);
            return Err(Failure::Configuration(all_mistakes(errors, &config, &models, &registers)));
        }
        let registers_digest = digest_of_registers(&config, &register_files);
        let rules_digest = content_key(
            [FIGURES.as_bytes(), dictionary_text.as_bytes()]
                .into_iter()
                .chain(texts.iter().flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()]))
                .chain(model_texts.iter().flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()])),
        );
        Ok(Setup {
            store_dir: options.store.clone().unwrap_or_else(|| relative(&config.site.store)),
            inbox_dir: options.inbox.clone().unwrap_or_else(|| relative(&config.site.inbox)),
            config,
            models,
            dictionary,
            options,
            working: pool(rayon::current_num_threads())?,
            waiting: pool(WAITING)?,
            latest: None,
            pipeline: None,
            source_texts: source_texts(&texts),
            register_files,
            registers: OnceLock::new(),
            trial_files,
            trial_registers: OnceLock::new(),
            senders: OnceLock::new(),
            registers_digest,
            rules_digest,
            configuration_digest: digest_of(&texts, &[]),
            models_digest: digest_of(&model_texts, &[dictionary_text.as_bytes()]),
        })
    }

    /// The registers, read when they are first needed.
    ///
    /// # Errors
    /// Every mistake in them, since they decide which rows are believed; or every region that a definition expects and that
    /// is not among them.
    pub fn registers(&self) -> Result<&Registers, Failure> {
        if let Some(registers) = self.registers.get() {
            return Ok(registers);
        }
        let (registers, problems) = resolve_registers(&self.register_files);
        if !problems.is_empty() {
            return Err(Failure::Registers(problems));
        }
        let unknown = unknown_regions(&self.config, &registers);
        if unknown.is_empty() {
            Ok(self.registers.get_or_init(|| registers))
        } else {
            Err(Failure::Configuration(unknown))
        }
    }

    /// The registers that the tests of definitions are held against: those beside the definitions in place of the site's, which has
    /// other parks and enterprises.
    ///
    /// # Errors
    /// Every mistake in them.
    pub(super) fn trial_registers(&self) -> Result<&Registers, Failure> {
        // What is wrong with the site's is told first, and all of it.
        let of_site = self.registers()?;
        if !self.has_trial_registers() {
            return Ok(of_site);
        }
        if let Some(registers) = self.trial_registers.get() {
            return Ok(registers);
        }
        let is_of_site = |(name, _): &(&String, &(String, Vec<u8>))| !self.trial_files.contains_key(*name);
        let of_site = self.register_files.iter().filter(is_of_site);
        let (registers, problems) = resolve_registers(of_site.chain(&self.trial_files));
        if problems.is_empty() {
            Ok(self.trial_registers.get_or_init(|| registers))
        } else {
            Err(Failure::Registers(problems))
        }
    }

    /// Whether there are registers for tests alone.
    pub(super) fn has_trial_registers(&self) -> bool {
        !self.trial_files.is_empty()
    }

    /// The tables of the registers that say something of enterprises and industries, each with its file.
    pub(super) fn register_names(&self) -> Vec<(String, String)> {
        let file = |name: &str| self.register_files.get(name).map(|(file, _)| file.clone());
        let named = Registers::TOLD.iter().filter_map(|(name, table)| Some(((*table).to_owned(), file(name)?)));
        named.collect()
    }

    /// Who sent which rows, as the registers have it.
    ///
    /// # Errors
    /// Every mistake in the registers.
    pub(super) fn senders(&self) -> Result<&Senders, Failure> {
        let registers = self.registers()?;
        Ok(self.senders.get_or_init(|| Senders::of(registers)))
    }

    /// What an export may cost.
    pub fn limits(&self) -> Limits {
        limits_of(&self.config.site)
    }

    /// Whether the release holds a part only: some quarters, or what was known on an earlier day.
    pub(super) fn is_part(&self) -> bool {
        self.options.span.is_some() || self.options.as_of.is_some()
    }

    /// What was asked for that decides what a release holds.
    fn asked(&self) -> String {
        let Options { span, as_of, profile, .. } = &self.options;
        let bound = |pick: fn(&Span) -> Option<Quarter>| span.as_ref().and_then(pick).map(Quarter::sdmx);
        let (from, to) = (bound(|span| span.from), bound(|span| span.to));
        json!({ "from": from, "to": to, "as_of": as_of.map(|day| day.to_string()), "profile": profile.as_str() })
            .to_string()
    }

    /// What a release is made with beside exports, as its manifest says it.
    pub(super) fn made_with(&self) -> [(Reason, &'static str, String); 5] {
        let short = |digest: Digest| digest.to_string().chars().take(16).collect::<String>();
        [
            (Reason::Program, "program", format!("mujun {VERSION} {FIGURES}")),
            (Reason::Options, "options", short(content_key([self.asked().as_bytes()]))),
            (Reason::Configuration, "configuration", short(self.configuration_digest)),
            (Reason::Models, "models", short(self.models_digest)),
            (Reason::Registers, "registers", short(self.registers_digest)),
        ]
    }

    /// The release that these facts make under this configuration: named by its content, so that it is the same wherever
    /// and whenever it is made.
    pub(super) fn release_id(&self, keys: &[Digest]) -> String {
        let mut parts: Vec<String> = keys.iter().map(ToString::to_string).collect();
        parts.sort();
        parts.push(self.rules_digest.to_string());
        parts.push(self.registers_digest.to_string());
        parts.push(self.asked());
        parts.push(MANIFEST_LAYOUT.to_owned());
        let digest = content_key(parts.iter().map(String::as_bytes)).to_string();
        digest.chars().take(16).collect()
    }
}

fn digest_of(texts: &BTreeMap<String, String>, more: &[&[u8]]) -> Digest {
    let named = texts.iter().flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()]);
    content_key(named.chain(more.iter().copied()))
}

/// The registers in these files, by name with the file's path and bytes; and the mistakes in them.
/// A path of the settings, which is relative to the configuration folder. `..` is taken back with the folder that it leaves, so that
/// messages show a path as people write it; a link leads elsewhere and is left.
fn beside(config: &Path, path: &str) -> PathBuf {
    let (mut base, mut rest) = (config.to_owned(), Path::new(path));
    while let Ok(inner) = rest.strip_prefix("..")
        && base.file_name().is_some()
        && !base.is_symlink()
    {
        base.pop();
        rest = inner;
    }
    base.join(rest)
}

fn digest_of_registers(config: &Config, files: &BTreeMap<String, (String, Vec<u8>)>) -> Digest {
    // A file that a limit refused is read again when the limit is raised.
    let site = &config.site;
    let limits = json!([site.limits, site.max_file_bytes, site.max_problems]).to_string();
    // The region that a definition may expect.
    let fixed = [limits.as_bytes(), site.province_code.as_bytes()];
    content_key(
        fixed.into_iter().chain(files.iter().flat_map(|(name, (_, bytes))| [name.as_bytes(), bytes.as_slice()])),
    )
}

fn resolve_registers<'f>(
    files: impl IntoIterator<Item = (&'f String, &'f (String, Vec<u8>))>,
) -> (Registers, Findings) {
    let mut grids: BTreeMap<String, (String, Grid)> = BTreeMap::new();
    let mut problems = Vec::new();
    for (name, (file, bytes)) in files {
        let (book, found) = read::read(file, bytes, &Expect::default(), &Limits::default());
        problems.extend(found);
        if let Some(grid) = book.and_then(|book| book.sheets.into_iter().next()) {
            grids.insert(name.clone(), (file.clone(), grid));
        }
    }
    let (registers, mut found) = Registers::resolve(&grids);
    found.extend(problems);
    (registers, found)
}

/// Regions that definitions expect and that are on no list: no export could be held against them.
fn unknown_regions(config: &Config, registers: &Registers) -> Vec<ConfigError> {
    let expected = config.sources.iter().filter_map(|source| source.expected.region.as_ref());
    let unknown = expected.filter(|region| registers.regions().find(&region.name, None).is_err());
    unknown.map(|region| region.unknown(&registers.regions().meant(&region.name))).collect()
}

/// Those that were found, and those of the indicators that only show beside the tables they are computed from, if it can
/// be told which these are.
fn all_mistakes(
    mut errors: Vec<ConfigError>,
    config: &Config,
    models: &Models,
    registers: &Registers,
) -> Vec<ConfigError> {
    let is_of_tables = |error: &ConfigError| {
        ["sources/", "measures/"].iter().any(|folder| error.file.starts_with(folder)) || error.file.ends_with(".sql")
    };
    if !errors.iter().any(is_of_tables)
        && let Ok(columns) = schema::area_columns(models, &config.sources, registers)
    {
        errors.extend(schema::mistakes(config, &columns));
    }
    errors.sort();
    errors.dedup();
    errors
}

fn pool(threads: usize) -> Result<rayon::ThreadPool, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| Failure::Usage(said!("无法启动线程（{error}）", "no threads could be started: {error}")))
}

/// What a file may cost by the settings in a configuration folder; the usual limits where there are no settings.
///
/// # Errors
/// Every mistake in the settings.
pub fn limits_in(config: &Path) -> Result<Limits, Failure> {
    let site = "site.toml";
    let Ok(files) = store::list_files(config) else { return Ok(Limits::default()) };
    if !files.iter().any(|file| file.name == site) {
        return Ok(Limits::default());
    }
    let text = read_text(&config.join(site))?;
    Config::site(&text).map(|site| limits_of(&site)).map_err(Failure::Configuration)
}

fn limits_of(site: &Site) -> Limits {
    let of = &site.limits;
    Limits {
        bytes: usize::try_from(site.max_file_bytes).unwrap_or(usize::MAX),
        inflated_bytes: of.inflated_bytes,
        expansion: of.expansion,
        members: of.members,
        sheets: of.sheets,
        rows: of.rows,
        columns: of.columns,
        cells: of.cells,
        cell_bytes: of.cell_bytes,
        elements: of.elements,
        nesting: of.nesting,
        attributes: of.attributes,
        problems: site.max_problems,
    }
}

/// The registers in these folders by name, with how they are called in messages; a later folder's stand for an earlier one's.
/// The registers in these folders, a later one before an earlier; each with what its file is called in messages.
fn read_registers(
    shown: &str,
    folders: impl Iterator<Item = PathBuf>,
) -> Result<BTreeMap<String, (String, Vec<u8>)>, Failure> {
    let mut registers = BTreeMap::new();
    for folder in folders {
        for file in store::list_files(&folder)?.into_iter().filter(|file| file.name.ends_with(".csv")) {
            let bytes = store::read_file(&file.path, CONFIG_LIMIT)?;
            let stem = file.name.trim_end_matches(".csv").to_owned();
            registers.insert(stem, (format!("{shown}/{}", file.name), bytes));
        }
    }
    Ok(registers)
}

fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = store::read_file(path, CONFIG_LIMIT)?;
    let path = path.display();
    String::from_utf8(bytes).map_err(|_| Failure::Usage(said!("{path} 不是 UTF-8", "{path} is not UTF-8")))
}

fn read_texts(dir: &Path, suffixes: &[&str]) -> Result<BTreeMap<String, String>, Failure> {
    store::list_files(dir)?
        .into_iter()
        .filter(|file| suffixes.iter().any(|suffix| file.name.ends_with(&format!(".{suffix}"))))
        .map(|file| Ok((file.name.clone(), read_text(&file.path)?)))
        .collect()
}

/// The files of the folder of pipelines by their names; without those of its folders, which are models.
fn read_pipelines(dir: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let files = match store::list_files(dir) {
        Err(store::Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            return Ok(BTreeMap::new());
        }
        files => files?,
    };
    let is_pipeline = |name: &str| name.ends_with(".toml") && !name.contains('/');
    let files = files.into_iter().filter(|file| is_pipeline(&file.name));
    files.map(|file| Ok((file.name.clone(), read_text(&file.path)?))).collect()
}

/// The texts of the source definitions, by their names.
fn source_texts(texts: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let of_source = |(name, text): (&String, &String)| {
        let id = name.strip_prefix("sources/")?.strip_suffix(".toml")?;
        Some((id.to_owned(), text.clone()))
    };
    texts.iter().filter_map(of_source).collect()
}
