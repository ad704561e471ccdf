//! What the statistics calendar calls for and has not come.

use std::fmt::Write as _;

use super::printer::Printer;
use crate::cli::args::Lang;
use config::pipeline::calendar::Delay;
use run::{Owed, State};

/// Late periods of one dataset that are listed one by one.
const LISTED: usize = 2;

impl Printer {
    /// What has not come. Of many late periods of one dataset the first is shown, with their number.
    pub(super) fn owed(&self, owed: &[Owed]) -> String {
        let mut text = String::new();
        for (at, one) in owed.iter().enumerate() {
            let is_like = |other: &&Owed| other.state == one.state && other.dataset == one.dataset;
            let all = owed.iter().filter(is_like).count();
            let before = owed[..at].iter().filter(is_like).count();
            if all <= LISTED {
                let _ = writeln!(text, "  {}", self.owes(one));
            } else if before == 0 {
                let _ = match self.lang {
                    Lang::Zh => writeln!(text, "  {}，另有 {} 期", self.owes(one), all - 1),
                    Lang::En => writeln!(text, "  {}, and {} periods more", self.owes(one), all - 1),
                };
            }
        }
        text
    }

    fn owes(&self, owed: &Owed) -> String {
        let Owed { dataset, period, from, due, state, days, delay, .. } = owed;
        let delay = match delay {
            Delay::Wait => self.say("等待", "waits"),
            Delay::Publish => self.say("缺件发布", "published without it"),
            Delay::Refuse => self.say("不发布", "refused without it"),
        };
        let ahead = -days;
        match (state, self.lang) {
            (State::Late, Lang::Zh) => {
                format!("逾期 {days} 天  {dataset} {period}  {from}（应于 {due} 报送，{delay}）")
            }
            (State::Late, Lang::En) => format!("late {days} days  {dataset} {period}  {from} (due {due}, {delay})"),
            (State::Due, Lang::Zh) => {
                format!("到期 {days} 天  {dataset} {period}  {from}（应于 {due} 报送，宽限期内）")
            }
            (State::Due, Lang::En) => {
                format!("due {days} days  {dataset} {period}  {from} (due {due}, within its grace)")
            }
            (State::Awaited, Lang::Zh) => format!("待报 {ahead} 天后  {dataset} {period}  {from}（{due}）"),
            (State::Awaited, Lang::En) => format!("awaited in {ahead} days  {dataset} {period}  {from} ({due})"),
        }
    }

    /// What is late and was done without.
    pub(super) fn late(&self, late: &[Owed]) -> String {
        if late.is_empty() {
            return String::new();
        }
        let title = self.say("逾期未到，未等待", "Late, and not waited for");
        format!("\n{title}\n{}", self.owed(late))
    }
}
