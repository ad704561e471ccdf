//! The province on one page.

use askama::Template;

use super::cities::{self, BEFORE, Cities};
use super::head::Head;
use super::issue::Issue;
use super::movers::{self, Movers};
use super::quality::{self, Quality};
use super::ranking::{self, Ranked};
use super::targets::{self, Document, State};
use super::tasks::{self, Matrix};
use super::text::Both;

#[derive(Template)]
#[template(path = "index.html")]
struct Page {
    head: Head,
    points: Vec<Both>,
    documents: Vec<Document>,
    matrix: Matrix,
    cities: Cities,
    ranked: Ranked,
    movers: Vec<Movers>,
    quality: Quality,
}

/// The page.
pub fn page(issue: &Issue<'_>) -> askama::Result<String> {
    let cities = cities::cities(issue);
    let of_cities: Vec<(Both, String)> = cities
        .rows
        .iter()
        .map(|city| {
            let short = city.name.zh.strip_suffix('市').unwrap_or(&city.name.zh);
            (Both::new(short, &city.name.en), format!("cities/{}.html", city.file))
        })
        .collect();
    let matrix = tasks::matrix(issue, &of_cities);
    let page = Page {
        head: Head::of(issue, &Both::new("产业集聚区季度监测报告", "Quarterly report on industrial parks"), ""),
        documents: targets::documents(issue),
        ranked: ranking::of(issue, |_| true),
        movers: movers::movers(issue),
        quality: quality::quality(issue),
        points: Vec::new(),
        matrix,
        cities,
    };
    let points = points(&page);
    Page { points, ..page }.render()
}

/// What the quarter comes to, in a few sentences.
fn points(page: &Page) -> Vec<Both> {
    let mut points = Vec::new();
    let (parks, cities) = (page.ranked.parks.len(), page.cities.rows.len());
    points.push(Both::new(
        format!("本季纳入监测的产业集聚区 {parks} 个，分布在 {cities} 个市。"),
        format!("{parks} parks in {cities} cities are monitored in this quarter."),
    ));
    if let Some(document) = page.documents.first() {
        let count = |state: State| document.aims.iter().filter(|aim| aim.state == state).count();
        let (zh, en): (Vec<String>, Vec<String>) = [
            (State::Reached, "已达到", "reached"),
            (State::OnTrack, "按上年进度可如期达到", "in time at last year’s pace"),
            (State::Behind, "未达到", "not reached"),
            (State::Flagged, "报送不全、不作比较", "not fully reported"),
            (State::Unknown, "尚无数据", "without a figure"),
        ]
        .into_iter()
        .filter(|(state, ..)| count(*state) > 0)
        .map(|(state, zh, en)| (format!("{zh} {} 项", count(state)), format!("{} {en}", count(state))))
        .unzip();
        let all = document.aims.len();
        points.push(Both::new(
            format!("{}的 {all} 项目标中，{}。", document.name.zh, zh.join("，")),
            format!("Of the {all} targets of the {}: {}.", document.name.en, en.join(", ")),
        ));
    }
    let [better, same, worse] = page.matrix.counts;
    let all = better + same + worse;
    if all > 0 {
        points.push(Both::new(
            format!("全省可与上年同期比较的 {all} 项指标中，改善 {better} 项，持平 {same} 项，退步 {worse} 项。"),
            format!(
                "Of {all} indicators of the province that can be compared with last year, {better} are better, \
                 {same} unchanged and {worse} worse."
            ),
        ));
    }
    points.extend(moved(&page.movers));
    let counts = |at: usize| page.quality.indicators.iter().map(|one| one.counts[at]).sum::<usize>();
    let all: usize = (0..5).map(counts).sum();
    if all > 0 {
        let with = all - counts(4);
        points.push(Both::new(
            format!("集聚区主要指标应有数据 {all} 个，实有 {with} 个，其中报送不全 {} 个。", counts(3)),
            format!("Of {all} main figures of parks there are {with}, {} of them not fully reported.", counts(3)),
        ));
    }
    points
}

/// Who moved most since the last quarter.
fn moved(movers: &[Movers]) -> Option<Both> {
    let movers = movers.first()?;
    let (up, down) = (movers.ways[0].1.first(), movers.ways[1].1.first());
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    if let Some(up) = up {
        zh.push(format!("{}上升 {} 位，上升最多", up.named.name, up.rise));
        en.push(format!("{} went up most, by {} places", up.named.name, up.rise));
    }
    if let Some(down) = down {
        zh.push(format!("{}下降 {} 位，下降最多", down.named.name, -down.rise));
        en.push(format!("{} went down most, by {} places", down.named.name, -down.rise));
    }
    let said = Both::new(
        format!("{}，{}。", movers.since.zh, zh.join("；")),
        format!("{}, {}.", movers.since.en, en.join("; ")),
    );
    (!zh.is_empty()).then_some(said)
}
