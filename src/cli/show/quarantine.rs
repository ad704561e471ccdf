//! What is in quarantine, and what a change does to it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::printer::Printer;
use crate::cli::args::Lang;
use run::{BadRow, Quarantine, Replay, ReplayedExport, ReplayedRow, RowAddress, RowChange};
use vocab::rules;

/// Addresses shown for one reason; their number is told whole.
const SHOWN: usize = 8;

impl Printer {
    /// The rows that are set aside, by export and reason.
    pub fn quarantine(&self, found: &Quarantine) {
        let (exports, mended) = (&found.exports, found.mended);
        let is_open = |row: &&BadRow| !row.mended;
        let rows = exports.iter().flat_map(|export| &export.rows).filter(is_open).count();
        self.out(
            || {
                let mut text = String::new();
                for export in exports {
                    let _ = writeln!(text, "{}  {}  {}", export.file, export.source, self.rows(export.rows.len()));
                    let mut reasons: BTreeMap<(bool, &str), Vec<&RowAddress>> = BTreeMap::new();
                    for row in &export.rows {
                        row.codes.iter().for_each(|code| reasons.entry((row.mended, code)).or_default().push(&row.at));
                    }
                    for ((is_mended, code), rows) in reasons {
                        let mark = if is_mended { self.say("（已更正）", " (mended)") } else { "" };
                        let _ = writeln!(text, "  {}{mark}", self.reason(code, rows.len()));
                        let _ = writeln!(text, "        {}", self.addresses(&rows));
                        if let Some(rule) = rules::by_code(code) {
                            let _ = writeln!(text, "        {}", self.say(rule.hint_zh, rule.hint_en));
                        }
                    }
                }
                let _ = match self.lang {
                    Lang::Zh => writeln!(text, "隔离区共 {rows} 行，来自 {} 个文件", exports.len()),
                    Lang::En => writeln!(text, "{} in quarantine, of {} exports", self.rows(rows), exports.len()),
                };
                if mended > 0 {
                    let _ = match self.lang {
                        Lang::Zh => writeln!(text, "另有 {mended} 行已由后来的文件更正（列出：--mended）"),
                        Lang::En => writeln!(text, "mended by later exports: {} (--mended lists them)", self.rows(mended)),
                    };
                }
                if rows > 0 {
                    let _ = writeln!(
                        text,
                        "{}",
                        self.say(
                            "退回核对：mujun quarantine --csv FILE；修改定义、别名或登记库之后：mujun replay",
                            "To send them back: mujun quarantine --csv FILE. After a definition, alias or register changed: mujun replay"
                        )
                    );
                }
                text
            },
            || json!({ "rows": rows, "mended": mended, "exports": exports }),
        );
    }

    /// The rows were written as CSV.
    pub fn quarantine_csv(&self, path: &Path, rows: u64) {
        self.out(
            || {
                let path = path.display();
                match self.lang {
                    Lang::Zh => format!("{rows} 行写入 {path}。其中有单位级原始数据，只可交给报送单位。\n"),
                    Lang::En => format!(
                        "{rows} rows in {path}. They hold figures of single enterprises: for the sender's eyes only.\n"
                    ),
                }
            },
            || json!({ "rows": rows, "csv": path }),
        );
    }

    /// What a change does to the exports of the last run.
    pub fn replay(&self, replay: &Replay) {
        let count = |change| replay.exports.iter().map(|export| export.count(change)).sum::<usize>();
        self.out(
            || {
                let mut text = String::new();
                let (again, left): (Vec<_>, Vec<_>) = replay.exports.iter().partition(|export| export.read_again);
                again.into_iter().for_each(|export| self.replayed(&mut text, export));
                if !left.is_empty() {
                    let rows: usize = left.iter().map(|export| export.rows.len()).sum();
                    let _ = match self.lang {
                        Lang::Zh => writeln!(
                            text,
                            "另有 {} 个文件的 {rows} 行在隔离区，与改动无关：mujun quarantine",
                            left.len()
                        ),
                        Lang::En => writeln!(
                            text,
                            "no change concerns {} of {} other exports in quarantine: mujun quarantine",
                            self.rows(rows),
                            left.len()
                        ),
                    };
                }
                let (fixed, bad, new) = (count(RowChange::Fixed), count(RowChange::StillBad), count(RowChange::New));
                let (again, unseen) = (replay.read_again, replay.unseen);
                let _ = match self.lang {
                    Lang::Zh => {
                        writeln!(text, "重读 {again} 个文件：修复 {fixed} 行，仍有问题 {bad} 行，新增问题 {new} 行")
                    }
                    Lang::En => {
                        writeln!(text, "{again} exports read again; rows fixed {fixed}, still bad {bad}, new {new}")
                    }
                };
                if unseen > 0 {
                    let _ = match self.lang {
                        Lang::Zh => writeln!(text, "另有 {unseen} 个文件上次运行未见，见 mujun plan"),
                        Lang::En => writeln!(text, "{unseen} exports that the last run did not see: mujun plan"),
                    };
                }
                let _ = writeln!(text, "{}", self.effect(replay));
                text
            },
            || {
                json!({
                    "takes_effect": replay.takes_effect(), "read_again": replay.read_again, "unseen": replay.unseen,
                    "fixed": count(RowChange::Fixed), "still_bad": count(RowChange::StillBad),
                    "new": count(RowChange::New), "no_data": count(RowChange::NoData), "exports": replay.exports,
                })
            },
        );
    }

    fn effect(&self, replay: &Replay) -> &'static str {
        let (zh, en) = match (replay.takes_effect(), replay.read_again) {
            (true, _) => (
                "以上只是比对，未作任何改动。要使其生效：mujun run（选项相同）",
                "Nothing was changed yet. To have it take effect: mujun run, with the same options",
            ),
            (false, 0) => (
                "定义、登记库和程序自上次运行以来没有变化，结果不会不同",
                "Definitions, registers and program are those of the last run: nothing can come out otherwise",
            ),
            (false, _) => ("与上次运行的结果相同", "The facts are those of the last run"),
        };
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn replayed(&self, text: &mut String, export: &ReplayedExport) {
        let _ = writeln!(text, "{}  {}", export.file, export.source);
        let kinds = [
            (RowChange::Fixed, "修复", "fixed"),
            (RowChange::StillBad, "仍有问题", "still bad"),
            (RowChange::New, "新增问题", "new"),
            (RowChange::NoData, "识别为表头或说明", "header or note now"),
        ];
        for (change, zh, en) in kinds {
            let rows: Vec<&ReplayedRow> = export.rows.iter().filter(|row| row.change == change).collect();
            if rows.is_empty() {
                continue;
            }
            let _ = writeln!(text, "  {} {}", self.say(zh, en), self.rows(rows.len()));
            let mut reasons: BTreeMap<String, Vec<&RowAddress>> = BTreeMap::new();
            for row in rows {
                let (before, after) = (row.before.join(" "), row.after.join(" "));
                let reason = match change {
                    RowChange::StillBad if before != after => format!("{before} → {after}"),
                    RowChange::StillBad | RowChange::New => after,
                    RowChange::Fixed | RowChange::NoData => before,
                };
                reasons.entry(reason).or_default().push(&row.at);
            }
            for (codes, rows) in reasons {
                let _ = writeln!(text, "    {codes} ×{}  {}", rows.len(), self.addresses(&rows));
            }
        }
        if export.values_changed > 0 {
            let changed = self.rows(usize::try_from(export.values_changed).unwrap_or(usize::MAX));
            let _ = writeln!(text, "  {} {changed}", self.say("数值有变化", "other values in"));
        }
        for code in &export.file_codes {
            let _ = writeln!(text, "  {}", self.reason(code, 1));
        }
        if export.good_before != export.good_after {
            let label = self.say("采用的行", "rows used");
            let _ = writeln!(text, "  {label} {} → {}", export.good_before, export.good_after);
        }
    }

    fn reason(&self, code: &str, count: usize) -> String {
        let rule = rules::by_code(code).map_or("", |rule| self.say(rule.zh, rule.en));
        format!("{code} ×{count}  {rule}")
    }

    fn rows(&self, count: usize) -> String {
        match (self.lang, count) {
            (Lang::Zh, _) => format!("{count} 行"),
            (Lang::En, 1) => "1 row".to_owned(),
            (Lang::En, _) => format!("{count} rows"),
        }
    }

    /// The first addresses, and a mark where there are more.
    fn addresses(&self, rows: &[&RowAddress]) -> String {
        let shown = rows.iter().take(SHOWN).map(|at| match at.sheet.as_str() {
            "" => format!("R{}", at.row),
            sheet => format!("{sheet}!R{}", at.row),
        });
        let mut text = shown.collect::<Vec<_>>().join(" ");
        if rows.len() > SHOWN {
            text.push_str(" …");
        }
        text
    }
}
