//! Configuration: what was typed, resolved into what it means, with every mistake reported at once.
//!
//! This room reads text that `store` has loaded; it touches no file itself.

pub mod access;
pub mod assessment;
mod catalogue;
pub mod classification;
mod column;
pub mod compare;
pub mod correction;
pub mod coverage;
pub mod document;
mod error;
pub mod expectation;
pub mod fetching;
pub mod indicator;
mod levels;
mod limits;
pub mod map;
pub mod measure;
pub mod observe;
pub mod pipeline;
pub mod plan;
pub mod quality;
mod range;
pub mod reports;
pub mod retention;
pub mod rule;
pub mod series;
pub mod site;
pub mod source;
pub mod spot;
pub mod whole;

use std::collections::BTreeMap;

use assessment::Assessment;
use classification::Method;
use correction::Correction;
use document::Document;
pub use error::ConfigError;
use indicator::Indicator;
use map::Tile;
use measure::Measure;
use observe::Observe;
use pipeline::Pipeline;
use plan::Plan;
use quality::Quality;
use site::Site;
use source::Source;
use vocab::said;

/// The file of the plan: indicators name its tasks, so it is read before them.
const PLAN: &str = "action_plan.toml";

/// The whole configuration of an installation.
#[derive(Debug, Clone)]
pub struct Config {
    /// Settings.
    pub site: Site,
    /// Sources in the order of their names.
    pub sources: Vec<Source>,
    /// The programme whose tasks the indicators show.
    pub plan: Plan,
    /// Measures: the columns that indicators are made from, in the order of their files.
    pub measures: Vec<Measure>,
    /// Indicators in the order in which they are listed.
    pub indicators: Vec<Indicator>,
    /// Methods of enterprise classification, in the order of their names; the settings name the one in use.
    pub methods: Vec<Method>,
    /// Methods of park assessment, in the order of their names; the settings name the one in use.
    pub assessments: Vec<Assessment>,
    /// Known errors of exports, in the order in which they are written.
    pub corrections: Vec<Correction>,
    /// How the figures are checked.
    pub quality: Quality,
    /// Where cities stand in the map of the report.
    pub tiles: Vec<Tile>,
    /// Who is told of runs.
    pub observe: Observe,
    /// What is done when, in the order of their names: they lie beside the models, and no figure rests on them.
    pub pipelines: Vec<Pipeline>,
}

impl Config {
    /// The method of classification in use, where there is one.
    pub fn method(&self) -> Option<&Method> {
        let id = self.site.classification.as_ref()?;
        self.methods.iter().find(|method| method.id == *id)
    }

    /// The method of assessment in use, where there is one.
    pub fn assessment(&self) -> Option<&Assessment> {
        let id = self.site.assessment.as_ref()?;
        self.assessments.iter().find(|method| method.id == *id)
    }

    /// Takes the files of the folder of pipelines, by their names in it, and gives every mistake in them.
    pub fn take_pipelines(&mut self, files: &BTreeMap<String, String>) -> Vec<ConfigError> {
        let (pipelines, errors) = pipeline::resolve(files, &self.sources);
        self.pipelines = pipelines;
        errors
    }

    /// Resolves the settings alone, for what needs no more than them: the methods that they name are not looked for.
    ///
    /// # Errors
    /// Every mistake in them.
    pub fn site(text: &str) -> Result<Site, Vec<ConfigError>> {
        let (site, errors) = Document::new(site::FILE, text).read(|table| Site::resolve(table, &[], None));
        if errors.is_empty() { Ok(site) } else { Err(errors) }
    }

    /// Resolves one source definition alone, as a draft of it reads.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn source(id: &str, text: &str) -> Result<Source, Vec<ConfigError>> {
        let (source, errors) = Document::new(id, text).read(|table| Source::resolve(id, table));
        if errors.is_empty() { Ok(source) } else { Err(errors) }
    }

    /// Resolves the files of a configuration folder, given by their names relative to it (`site.toml`,
    /// `action_plan.toml`, `sources/*.toml`, `measures/*.toml`, `indicators/*.toml`, `classification/*.toml`,
    /// `assessment/*.toml`, `corrections.toml`, `quality.toml`, `map.toml`, `observe.toml`).
    ///
    /// # Errors
    /// Every mistake in every file.
    pub fn resolve(files: &BTreeMap<String, String>) -> Result<Config, Vec<ConfigError>> {
        match Config::read(files) {
            (Some(config), errors) if errors.is_empty() => Ok(config),
            (_, errors) => Err(errors),
        }
    }

    /// Reads the files of a configuration folder: what they mean as far as it can be told, and every mistake. Without
    /// settings there is no configuration.
    pub fn read(files: &BTreeMap<String, String>) -> (Option<Config>, Vec<ConfigError>) {
        let mut errors = Vec::new();
        let mut site = None;
        let plan = files.get(PLAN).map(|text| Document::new(PLAN, text).read(Plan::resolve));
        let (plan, found) = plan.unwrap_or_default();
        errors.extend(found);
        let mut blocks = Blocks::default();
        let ids: Vec<&str> =
            files.keys().filter_map(|name| name.strip_prefix("indicators/")?.strip_suffix(".toml")).collect();
        for (name, text) in files {
            errors.extend(blocks.take(name, text, &plan, &ids));
        }
        let Blocks { mut sources, measures, mut indicators, methods, assessments, corrections } = blocks;
        // After the sources, whose columns its rules name.
        let quality = files
            .get(quality::FILE)
            .map(|text| Document::new(quality::FILE, text).read(|table| Quality::resolve(table, &sources)));
        let (quality, found) = quality.unwrap_or_default();
        errors.extend(found);
        let tiles = files.get(map::FILE).map(|text| Document::new(map::FILE, text).read(map::resolve));
        let (tiles, found) = tiles.unwrap_or_default();
        errors.extend(found);
        let observe = files.get(observe::FILE).map(|text| Document::new(observe::FILE, text).read(observe::resolve));
        let (observe, found) = observe.unwrap_or_default();
        errors.extend(found);
        // After what its gates are for.
        if let Some(text) = files.get(site::FILE) {
            let gated = gate_names(&quality, &indicators);
            let classifying: Vec<&str> = methods.iter().map(|method| method.id.as_str()).collect();
            let assessing: Vec<&str> = assessments.iter().map(|method| method.id.as_str()).collect();
            let (resolved, found) = Document::new(site::FILE, text)
                .read(|table| Site::resolve(table, &gated, Some([&classifying, &assessing])));
            site = Some(resolved);
            errors.extend(found);
        }
        settle_regions(&mut sources, site.as_ref());
        errors.extend(catalogue::mistakes(&indicators, &sources).into_iter().chain(names_that_meet(&sources)));
        errors.extend(measure::mistakes(&measures, &sources));
        errors.sort();
        indicators.sort_by(|a: &Indicator, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        if site.is_none() {
            errors.insert(0, no_settings());
        }
        let config = site.map(|site| Config {
            site,
            sources,
            plan,
            measures,
            indicators,
            methods,
            assessments,
            corrections,
            quality,
            tiles,
            observe,
            pipelines: Vec::new(),
        });
        (config, errors)
    }
}

/// What the files of the folders say.
#[derive(Default)]
struct Blocks {
    sources: Vec<Source>,
    measures: Vec<Measure>,
    indicators: Vec<Indicator>,
    methods: Vec<Method>,
    assessments: Vec<Assessment>,
    corrections: Vec<Correction>,
}

impl Blocks {
    /// Reads a file into where it belongs, and gives the mistakes in it. `ids` are those of all indicators.
    fn take(&mut self, name: &str, text: &str, plan: &Plan, ids: &[&str]) -> Vec<ConfigError> {
        let document = Document::new(name, text);
        let stem = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".toml");
        match name.split_once('/').map_or("", |(folder, _)| folder) {
            "sources" => {
                let (source, found) = document.read(|table| Source::resolve(stem, table));
                self.sources.push(source.written(name, text));
                found
            }
            "measures" => {
                let (measures, found) = document.read(measure::resolve);
                self.measures.extend(measures);
                found
            }
            "indicators" => {
                let (indicator, found) = document.read(|table| Indicator::resolve(stem, table, plan));
                self.indicators.push(indicator);
                found
            }
            "assessment" => {
                let (assessment, found) = document.read(|table| Assessment::resolve(stem, table, ids));
                self.assessments.push(assessment);
                found
            }
            "classification" => {
                let (method, found) = document.read(|table| Method::resolve(stem, table));
                self.methods.push(method);
                found
            }
            _ if name == "corrections.toml" => {
                let (corrections, found) = document.read(correction::resolve);
                self.corrections = corrections;
                found
            }
            _ => Vec::new(),
        }
    }
}

/// Definitions that expect the province mean that of the settings.
fn settle_regions(sources: &mut [Source], site: Option<&Site>) {
    let code = site.map_or("", |site| site.province_code.as_str());
    sources.iter_mut().for_each(|source| source.expected.settle(code));
}

/// Sources whose fetched exports would have one name: neither could be told from the other.
fn names_that_meet(sources: &[Source]) -> Vec<ConfigError> {
    let named = |source: &Source| source.remote.as_ref().map(|remote| remote.file_name.clone());
    let mut errors = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        let Some(name) = named(source).filter(|name| !name.is_empty()) else { continue };
        if let Some(other) = sources[..at].iter().find(|other| named(other).as_ref() == Some(&name)) {
            let other = &other.id;
            let message = said!(
                "`file_name` 与来源 `{other}` 的相同：请各写各的名称",
                "`file_name` is that of source `{other}`: give each its own"
            );
            errors.push(ConfigError::in_file(format!("sources/{}.toml", source.id), message));
        }
    }
    errors
}

fn no_settings() -> ConfigError {
    let message = said!("配置文件夹中没有 site.toml", "there is no site.toml in the configuration folder");
    ConfigError::in_file("site.toml", message)
}

/// What a gate of coverage can be for: datasets whose forms are compared with one another, indicators that count what was
/// reported.
fn gate_names(quality: &Quality, indicators: &[Indicator]) -> Vec<String> {
    let datasets = quality.fields.iter().map(|field| field.dataset.clone());
    let counted = indicators.iter().filter(|indicator| indicator.coverage.is_some());
    let mut names: Vec<String> = datasets.chain(counted.map(|indicator| indicator.id.clone())).collect();
    names.sort_unstable();
    names.dedup();
    names
}
