//! Parks whose rank moved most.

use super::change::moved;
use super::issue::{Issue, file_name};
use super::text::{Both, Cell};
use crate::board::Named;
use vocab::level::Level;

/// So many are named for each way.
const NAMED: usize = 5;

/// Those that moved most since a quarter.
pub struct Movers {
    /// Since when.
    pub since: Both,
    /// Those that went up, and those that went down.
    pub ways: [(Both, Vec<Mover>); 2],
}

/// A park that moved.
pub struct Mover {
    /// Code and name.
    pub named: Named,
    /// The name of the file of its page.
    pub file: String,
    /// Its rank now, and then.
    pub ranks: (u32, u32),
    /// Places it went up.
    pub rise: i64,
    /// The same as it is written.
    pub moved: Cell,
}

/// Movers since the last quarter and since the same quarter of last year, where there are ranks to compare.
pub fn movers(issue: &Issue<'_>) -> Vec<Movers> {
    let since = [
        (1, Both::new("与上季度相比", "Against the last quarter")),
        (4, Both::new("与上年同季相比", "Against the same quarter of last year")),
    ];
    since.into_iter().filter_map(|(ago, since)| of(issue, ago, since)).collect()
}

fn of(issue: &Issue<'_>, ago: i32, since: Both) -> Option<Movers> {
    let by = issue.ranked_by()?;
    let mover = |park: usize| {
        let named = issue.board.areas()[park].named.clone();
        let ranks = (issue.rank(by, park, 0)?, issue.rank(by, park, ago)?);
        let rise = issue.rise(by, park, ago)?;
        Some(Mover { file: file_name(&named.code), named, ranks, rise, moved: moved(Some(rise)) })
    };
    let all: Vec<usize> = issue.areas(Level::Park);
    let way = |sign: i64| {
        let mut movers: Vec<Mover> = all.iter().filter_map(|park| mover(*park)).filter(|m| m.rise * sign > 0).collect();
        movers.sort_by(|a, b| {
            (-a.rise * sign, a.ranks.0, &a.named.code).cmp(&(-b.rise * sign, b.ranks.0, &b.named.code))
        });
        movers.truncate(NAMED);
        movers
    };
    all.iter().any(|park| mover(*park).is_some()).then(|| Movers {
        since,
        ways: [(Both::new("位次上升", "Up"), way(1)), (Both::new("位次下降", "Down"), way(-1))],
    })
}
