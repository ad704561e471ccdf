//! What `inspect --why` prints: every decision of a reading with its reason, and the cells that speak for it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::args::Lang;
use super::escape::inline;
use super::show::Printer;
use layout::{Because, Decision};
use run::{FoundTable, Inspection};
use vocab::Place;

impl Printer {
    /// Why the tables of a file are read as they are.
    pub fn why(&self, found: &Inspection) {
        self.out(|| self.why_text(found), || why_json(found));
        self.problems_of(found);
    }

    fn why_text(&self, found: &Inspection) -> String {
        let mut text = String::new();
        for (file, table) in found.all().flat_map(|file| file.tables.iter().map(move |table| (file, table))) {
            let sheet = if table.sheet.is_empty() { String::new() } else { format!("!{}", inline(&table.sheet)) };
            let _ = writeln!(text, "{}{sheet}  {} {}", inline(&file.name), self.say("表", "table"), table.number);
            for because in reasons(file, table) {
                let [_, en, zh] = because.reason.words();
                let [_, decision_en, decision_zh] = because.decision.words();
                let decided = self.decided(&because);
                let decided = if decided.is_empty() {
                    self.say("未定", "open").to_owned()
                } else {
                    inline(&decided).into_owned()
                };
                let _ = writeln!(
                    text,
                    "  {}  {decided}  {}{}",
                    self.say(decision_zh, decision_en),
                    self.say(zh, en),
                    self.evidence(&because)
                );
            }
            text.push('\n');
        }
        text
    }

    /// What was decided, where that is a word of this program.
    fn decided(&self, because: &Because) -> String {
        let word = match (because.decision, because.decided.as_str()) {
            (Decision::Time, "across") => self.say("横向", "across"),
            (Decision::Time, "down") => self.say("纵向", "down"),
            (Decision::Time, "over") => self.say("表上方", "over the table"),
            (Decision::Kind, "empty") => self.say("空", "empty"),
            (Decision::Kind, "number") => self.say("数值", "number"),
            (Decision::Kind, "unitcode") => self.say("企业代码", "unit code"),
            (Decision::Kind, "industry") => self.say("行业代码", "industry"),
            (Decision::Kind, "region") => self.say("区划代码", "region"),
            (Decision::Kind, "period") => self.say("时期", "period"),
            (Decision::Kind, "text") => self.say("文字", "text"),
            (_, decided) => decided,
        };
        word.to_owned()
    }

    /// The cell that speaks for a decision, with what stands there.
    fn evidence(&self, because: &Because) -> String {
        let place = Place { file: String::new(), sheet: String::new(), ..because.place.clone() }.to_string();
        let text = if because.text.is_empty() { String::new() } else { format!(" `{}`", inline(&because.text)) };
        match (place.trim_start_matches(':'), self.lang) {
            ("", _) => text,
            (place, Lang::Zh) => format!("（{place}{text}）"),
            (place, Lang::En) => format!(" ({place}{text})"),
        }
    }
}

fn why_json(found: &Inspection) -> Value {
    let table = |(file, table): (&Inspection, &FoundTable)| {
        json!({
            "file": file.name,
            "sheet": table.sheet,
            "table": table.number,
            "why": reasons(file, table).iter().map(because_json).collect::<Vec<_>>(),
        })
    };
    let tables = found.all().flat_map(|file| file.tables.iter().map(move |table| (file, table)));
    json!({ "tables": tables.map(table).collect::<Vec<_>>() })
}

fn because_json(because: &Because) -> Value {
    let [reason, en, zh] = because.reason.words();
    let [decision, ..] = because.decision.words();
    json!({
        "decision": decision,
        "decided": because.decided,
        "reason": reason,
        "sentence": en,
        "sentence_zh": zh,
        "row": because.place.row,
        "column": because.place.column,
        "text": because.text,
    })
}

fn reasons(file: &Inspection, table: &FoundTable) -> Vec<Because> {
    table.found.why(&Place { sheet: table.sheet.clone(), ..Place::file(&file.name) })
}
