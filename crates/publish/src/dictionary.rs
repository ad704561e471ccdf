//! The data dictionary: every published column and indicator, with unit and meaning in Chinese and English.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use config::indicator::{Formula, Indicator};
use config::measure::Measure;
use model::Models;
use vocab::level::Level;
use vocab::{Said, said};

/// What a column means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnDoc {
    /// Its unit, where it has one.
    pub unit: String,
    /// Its meaning in Chinese.
    pub zh: String,
    /// Its meaning in English.
    pub en: String,
}

impl ColumnDoc {
    /// As it stands in footers and in `dictionary.json`.
    pub fn to_json(&self) -> Value {
        json!({ "unit": self.unit, "description_zh": self.zh, "description_en": self.en })
    }
}

/// Meanings of columns and tables.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    columns: BTreeMap<String, ColumnDoc>,
    tables: BTreeMap<String, String>,
}

/// Canonical units, as column names end in them.
const UNITS: &[(&str, &str)] = &[
    ("_microyuan", "10^-6 元"),
    ("_fen", "0.01 元"),
    ("_gce", "克标准煤"),
    ("_g", "克"),
    ("_micromu", "10^-6 亩"),
    ("_persons", "人"),
    ("_units", "个"),
    ("_micro", "10^-6"),
    ("_quarter", "year × 4 + quarter − 1"),
];

impl Dictionary {
    /// Reads `dictionary.toml` (`[columns]`: name = [zh, en]; `[tables]`: name = text), the comments of the models and the
    /// meanings of the measures.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn resolve(text: &str, models: &Models, measures: &[Measure]) -> Result<Dictionary, Said> {
        let read: toml::Table = toml::from_str(text).map_err(|error| Said::words(error.to_string()))?;
        let mut dictionary = Dictionary::default();
        let entries = |key: &str| read.get(key).and_then(toml::Value::as_table).cloned().unwrap_or_default();
        for (name, texts) in entries("columns") {
            let texts: Vec<&str> = texts.as_array().into_iter().flatten().filter_map(toml::Value::as_str).collect();
            let [zh, en] = texts.as_slice() else {
                return Err(said!(
                    "列 `{name}`：含义应为中文和英文两段文字",
                    "column `{name}`: a meaning is two texts, in Chinese and in English"
                ));
            };
            if measures.iter().any(|measure| measure.name == name) {
                return Err(said!(
                    "列 `{name}`：其含义即 config/measures 中该度量的含义",
                    "column `{name}`: its meaning is that of the measure, in config/measures"
                ));
            }
            dictionary.put(&name, zh, en);
        }
        for measure in measures {
            dictionary.put(&measure.name, &measure.zh, &measure.en);
        }
        for model in models.ordered() {
            dictionary.tables.insert(model.table.clone(), model.description.clone());
        }
        for (name, text) in entries("tables") {
            dictionary.tables.insert(name, text.as_str().unwrap_or_default().to_owned());
        }
        Ok(dictionary)
    }

    /// Gives a column its meaning, and the unit that its name ends in.
    fn put(&mut self, name: &str, zh: &str, en: &str) {
        let unit = UNITS.iter().find(|(suffix, _)| name.ends_with(suffix)).map_or("", |(_, unit)| unit);
        let doc = ColumnDoc { unit: unit.to_owned(), zh: zh.to_owned(), en: en.to_owned() };
        self.columns.insert(name.to_owned(), doc);
    }

    /// The meaning of a column; empty where the dictionary has none.
    pub fn column(&self, name: &str) -> ColumnDoc {
        self.columns.get(name).cloned().unwrap_or_default()
    }

    /// Gives a column its meaning.
    pub fn describe(&mut self, name: &str, zh: &str, en: &str) {
        let doc = ColumnDoc { unit: String::new(), zh: zh.to_owned(), en: en.to_owned() };
        self.columns.insert(name.to_owned(), doc);
    }

    /// Whether the column is described.
    pub fn describes(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    /// The meaning of a table.
    pub fn table(&self, name: &str) -> String {
        self.tables.get(name).cloned().unwrap_or_default()
    }

    /// `dictionary.json`: indicators, tables and columns.
    pub fn to_json(&self, indicators: &[Indicator], notice: &str) -> String {
        let columns: serde_json::Map<String, Value> =
            self.columns.iter().map(|(name, doc)| (name.clone(), doc.to_json())).collect();
        let indicators: Vec<Value> = indicators.iter().map(indicator_json).collect();
        let document = json!({
            "notice": notice,
            "indicators": indicators,
            "tables": self.tables,
            "columns": columns,
        });
        format!("{document:#}\n")
    }

    /// `dictionary.csv`: one line for each indicator.
    pub fn to_csv(&self, indicators: &[Indicator]) -> String {
        let mut text = String::from(
            "\u{feff}indicator,name_zh,name_en,unit,basis,task,definition_zh,definition_en,levels,formula_source,\
             comparability_zh,comparability_en\n",
        );
        for indicator in indicators {
            let quoted = |value: &str| format!("\"{}\"", value.replace('"', "\"\""));
            let fields = [
                indicator.id.as_str(),
                &indicator.name_zh,
                &indicator.name_en,
                &indicator.unit,
                indicator.basis.as_str(),
                &indicator.task,
                &indicator.definition_zh,
                &indicator.definition_en,
                &Level::words(&indicator.levels).join(" "),
                &indicator.formula_source,
                &indicator.comparability_zh,
                &indicator.comparability_en,
            ];
            let line: Vec<String> = fields.into_iter().map(quoted).collect();
            let _ = writeln!(text, "{}", line.join(","));
        }
        text
    }
}

fn indicator_json(indicator: &Indicator) -> Value {
    let formula = match &indicator.formula {
        Formula::Level => "numerator × factor".to_owned(),
        Formula::Ratio => "numerator / denominator × factor".to_owned(),
        Formula::Growth => "numerator / denominator × factor − 100".to_owned(),
        Formula::Expression(expression) => expression.trim().to_owned(),
        Formula::Composite(_) => "by the method of assessment, from other indicators".to_owned(),
        Formula::GeometricMean { of, base_year } => {
            format!("((1 + {of} / 100) of each year since {base_year}, multiplied) ^ (1 / years) × 100 − 100")
        }
    };
    let targets: Vec<Value> = indicator
        .targets
        .iter()
        .map(|target| json!({ "value": target.value, "by": target.by, "document": target.document, "levels": target.levels, "headline": target.headline }))
        .collect();
    json!({
        "id": indicator.id,
        "name_zh": indicator.name_zh,
        "name_en": indicator.name_en,
        "definition_zh": indicator.definition_zh,
        "definition_en": indicator.definition_en,
        "task": indicator.task,
        "unit": indicator.unit,
        "basis": indicator.basis.as_str(),
        "decimals": indicator.decimals,
        "formula": formula,
        "numerator": indicator.numerator,
        "denominator": indicator.denominator,
        "factor": indicator.factor,
        "datasets": indicator.datasets,
        "estimated": indicator.estimated,
        "levels": indicator.levels,
        "levels_reason_zh": indicator.levels_reason_zh,
        "levels_reason_en": indicator.levels_reason_en,
        "formula_source": indicator.formula_source,
        "comparability_zh": indicator.comparability_zh,
        "comparability_en": indicator.comparability_en,
        "targets": targets,
    })
}
