//! The tasks of the plan as lights: in how many of its comparable indicators an area is better than a year ago.

use super::issue::Issue;
use super::text::{Both, Cell};
use crate::board::Course;
use vocab::level::Level;

/// Tasks down, areas across.
pub struct Matrix {
    /// The areas: names, and the name of the file of their page.
    pub areas: Vec<(Both, String)>,
    /// Measures with their tasks.
    pub measures: Vec<(Both, Vec<Task>)>,
    /// Indicators of the province that are better, as they were, and worse.
    pub counts: [usize; 3],
}

/// A task and its lights.
pub struct Task {
    /// Its number.
    pub id: String,
    /// Its name.
    pub name: Both,
    /// One light for each area.
    pub lights: Vec<Cell>,
}

/// The lights of the province and of all cities.
pub fn matrix(issue: &Issue<'_>, cities: &[(Both, String)]) -> Matrix {
    let board = issue.board;
    let areas: Vec<usize> = board.province().into_iter().chain(issue.areas(Level::City)).collect();
    let measure = |measure: &config::plan::Measure| {
        let task = |task: &config::plan::Task| Task {
            // What stands for the measure itself has no number.
            id: if task.id == measure.id { String::new() } else { task.id.clone() },
            name: Both::new(&task.name_zh, &task.name_en),
            lights: areas.iter().map(|area| light(courses(issue, &task.id, *area))).collect(),
        };
        (Both::new(&measure.name_zh, &measure.name_en), measure.tasks.iter().map(task).collect())
    };
    let counts = board.province().map(|province| {
        let all = board.config.plan.tasks().map(|task| courses(issue, &task.id, province));
        all.fold([0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]])
    });
    let province = (Both::new("全省", "Province"), "province.html".to_owned());
    Matrix {
        areas: board.province().map(|_| province).into_iter().chain(cities.iter().cloned()).collect(),
        measures: board.config.plan.measures.iter().map(measure).collect(),
        counts: counts.unwrap_or_default(),
    }
}

/// Of the indicators of a task, how many are better than a year ago, as they were, and worse.
fn courses(issue: &Issue<'_>, task: &str, area: usize) -> [usize; 3] {
    let board = issue.board;
    let level = board.areas()[area].level;
    let of_task = board.indicators_of(level).filter(|indicator| board.indicator(*indicator).task == task);
    let values = of_task.filter_map(|indicator| board.value(indicator, area, issue.quarter));
    values.filter(|value| value.is_sure()).filter_map(|value| board.course(value)).fold([0; 3], |mut counts, course| {
        counts[match course {
            Course::Better => 0,
            Course::Same => 1,
            Course::Worse => 2,
        }] += 1;
        counts
    })
}

/// One light: better where at least two thirds of what moved is, worse where at most one third is, and how many of how many.
fn light([better, same, worse]: [usize; 3]) -> Cell {
    let (moved, all) = (better + worse, better + same + worse);
    if all == 0 {
        return Cell::none();
    }
    let class = if moved == 0 {
        "s"
    } else if better * 3 >= moved * 2 {
        "g"
    } else if better * 3 <= moved {
        "b"
    } else {
        "m"
    };
    Cell::plain(format!("{better}/{all}")).class(class)
}
