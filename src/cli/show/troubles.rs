//! Sources that gave nothing, and what stands in their place.

use super::printer::Printer;
use crate::cli::args::Lang;
use run::Trouble;
use vocab::rules;

impl Printer {
    pub(super) fn troubles(&self, troubles: &[Trouble]) -> String {
        if troubles.is_empty() {
            return String::new();
        }
        let title = self.say("未给出有效应答的来源", "Sources that gave no good answer");
        format!("\n{title}\n") + &troubles.iter().map(|trouble| self.trouble(trouble)).collect::<String>()
    }

    /// The code and what was found; the way out; how old what stands is.
    fn trouble(&self, t: &Trouble) -> String {
        let found = self.lang.of(&t.found);
        let hint = rules::by_code(&t.code).map_or("", |rule| self.say(rule.hint_zh, rule.hint_en));
        let stands = match (&t.since, t.days, self.lang) {
            (Some(since), Some(days), Lang::Zh) => format!("沿用 {since} 的应答（{days} 天前）：{}", t.file),
            (Some(since), Some(days), Lang::En) => {
                format!("the answer of {since} stands, {days} days old: {}", t.file)
            }
            _ if t.has_export => self.say("沿用已有的文件", "what is there of it stands").to_owned(),
            _ => self.say("没有该来源的任何文件", "there is no export of it").to_owned(),
        };
        let too_old =
            if t.is_too_old { self.say("；已超过 max_stale_days", "; longer than max_stale_days") } else { "" };
        format!("  {} {}  {found}\n        {hint}\n        {stands}{too_old}\n", t.code, t.source)
    }
}
