//! The first sheet: targets, main indicators and tasks of the province, to be printed as it is.

use rust_xlsxwriter::{Sparkline, Worksheet, XlsxError};

use super::super::board::Aim;
use super::super::published::change;
use super::super::table::{Cell, Kind, gap_shown, progress};
use super::sheet::{LINE, Of, Page, cell, print, signs, text, top, wide, words};
use super::styles::lines;
use super::trend::Province;
use model::indicators::Value;
use publish::{Language, document, horizon};
use vocab::level::Level;

/// Widths of the columns: number, name, indicator, unit, value, a year ago, change, target, by, gap, progress, trend.
const WIDTHS: [f64; 12] = [5.0, 31.0, 34.0, 12.0, 10.0, 10.0, 10.0, 9.0, 21.0, 10.0, 10.0, 15.0];
const LAST: u16 = WIDTHS.len() as u16 - 1;
/// Quarters of a sparkline.
const QUARTERS: usize = 12;

/// Where the next row is written.
struct Cover<'c, 'b> {
    of: &'c Of<'b>,
    province: &'c Province,
    /// What the sheet of the trends is called.
    trends: &'c str,
    row: u32,
}

/// Writes the sheet.
pub(super) fn write(sheet: &mut Worksheet, of: &Of<'_>, province: &Province, trends: &str) -> Result<(), XlsxError> {
    top(sheet, of, &of.title(), LAST + 1)?;
    for (column, width) in WIDTHS.into_iter().enumerate() {
        sheet.set_column_width(column as u16, width)?;
    }
    let made_of = of.board.vintage(of.quarter).map(|day| match of.language {
        Language::Chinese => format!("数据截至 {day} 报送的文件"),
        Language::English => format!("from what was sent until {day}"),
    });
    wide(sheet, 2, (0, LAST), &made_of.unwrap_or_default(), &of.styles.under_right())?;
    let mut cover = Cover { of, province, trends, row: 3 };
    cover.targets(sheet)?;
    cover.headlines(sheet)?;
    let second_page = cover.row;
    cover.tasks(sheet)?;
    words(sheet, of, LAST - 1, (3, cover.row))?;
    cover.notes(sheet)?;
    sheet.set_page_breaks(&[second_page])?;
    sheet.set_print_area(0, 0, cover.row, LAST)?;
    print(sheet, of, &Page::default())
}

impl Cover<'_, '_> {
    /// The targets of each document, with how far the province is.
    fn targets(&mut self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        for (number, aims) in self.of.board.aims() {
            if aims.is_empty() {
                continue;
            }
            let document = document(&self.of.board.config.plan, number, self.of.language);
            self.part(sheet, &format!("{}{document}", self.of.say("目标：", "Targets: ")))?;
            self.headings(sheet, self.of.say("目标", "target"))?;
            for (position, aim) in aims.iter().enumerate() {
                let name = self.of.say(&aim.target.name_zh, &aim.target.name_en);
                self.line(sheet, &(position + 1).to_string(), name, aim.indicator, Some(aim))?;
            }
            self.row += 1;
        }
        Ok(())
    }

    /// The headline indicators that no target stands for.
    fn headlines(&mut self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let board = self.of.board;
        let aims: Vec<usize> = board.aims().iter().flat_map(|(_, aims)| aims).map(|aim| aim.indicator).collect();
        let is_shown = |position: &usize| board.indicator(*position).headline && !aims.contains(position);
        let shown: Vec<usize> = board.indicators_of(Level::Province).filter(is_shown).collect();
        if shown.is_empty() {
            return Ok(());
        }
        self.part(sheet, self.of.say("其他主要指标", "Other main indicators"))?;
        self.headings(sheet, self.of.say("任务", "task"))?;
        for (number, position) in shown.into_iter().enumerate() {
            let task = board.config.plan.tasks().find(|task| task.id == board.indicator(position).task);
            let name = task.map_or("", |task| self.of.say(&task.name_zh, &task.name_en));
            self.line(sheet, &(number + 1).to_string(), name, position, None)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Each task of the measures by one indicator: the first headline one, or the first that is better or worse.
    fn tasks(&mut self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let board = self.of.board;
        self.part(sheet, self.of.say("各项任务", "Tasks"))?;
        self.headings(sheet, self.of.say("任务", "task"))?;
        for task in board.config.plan.tasks() {
            let all: Vec<usize> = board.indicators_of_task(task, Level::Province).collect();
            let headline = all.iter().find(|position| board.indicator(**position).headline);
            let course = |position: &&usize| self.value(**position).is_some_and(|value| board.course(value).is_some());
            let Some(position) = headline.or_else(|| all.iter().find(course)).or(all.first()) else { continue };
            // A task of a measure has a number; what safeguards them has a word.
            let is_numbered = task.id.starts_with(|c: char| c.is_ascii_digit());
            let number = if is_numbered { task.id.as_str() } else { "" };
            self.line(sheet, number, self.of.say(&task.name_zh, &task.name_en), *position, None)?;
        }
        self.row += 1;
        Ok(())
    }

    fn notes(&mut self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let of = self.of;
        let notes = [
            format!("{}{}", of.say("注：1. ", "Notes: 1. "), signs(of.language)),
            of.say(
                "2. 同比增减：带 % 的为比上年同期的增幅，其余为与上年同期之差，单位同指标（指标以 % 计的为百分点）。",
                "2. Change: with % in percent of a year ago; otherwise the difference, in the unit of the indicator \
                 (percentage points where that is %).",
            )
            .to_owned(),
            of.say(
                "3. 进展：“已达到”按未经修约的数值判断；“可达到”为按上一年的变化到目标年可达到；“不足”为两者都不是；\
                 报送不全的不与目标比较。没有目标的指标与上年同期相比：“向好”“持平”“趋弱”。",
                "3. Progress: reached, judged before rounding; on track: the change of the last year would reach it by \
                 its year; short: neither; a figure that not all was reported for is not held against it. Without a \
                 target it is held against a year ago: better, unchanged, worse.",
            )
            .to_owned(),
            of.say(
                "4. 各指标的定义、口径、公式来源见“指标说明”；未经修约的数据及其状态见发布批次的 indicators 表。",
                "4. The last sheet defines every indicator; exact values and their status are in the table \
                 `indicators` of the release.",
            )
            .to_owned(),
        ];
        for note in notes {
            wide(sheet, self.row, (0, LAST), &note, &of.styles.note())?;
            let room = WIDTHS.iter().sum::<f64>();
            sheet.set_row_height(self.row, LINE * lines(&note, room) as f64)?;
            self.row += 1;
        }
        Ok(())
    }

    fn part(&mut self, sheet: &mut Worksheet, title: &str) -> Result<(), XlsxError> {
        wide(sheet, self.row, (0, LAST), title, &self.of.styles.part())?;
        sheet.set_row_height(self.row, 20)?;
        self.row += 1;
        Ok(())
    }

    fn headings(&mut self, sheet: &mut Worksheet, name: &str) -> Result<(), XlsxError> {
        let say = |zh: &'static str, en: &'static str| self.of.language.of(zh, en);
        let headings = [
            say("序号", "no."),
            name,
            say("指标", "indicator"),
            say("计量单位", "unit"),
            say("本期", "this quarter"),
            say("上年同期", "a year ago"),
            say("同比增减", "change"),
            say("目标值", "target"),
            say("期限", "by"),
            say("与目标之差", "gap"),
            say("进展", "progress"),
            say("走势", "trend"),
        ];
        for (column, heading) in headings.into_iter().enumerate() {
            text(sheet, self.row, column as u16, heading, &self.of.styles.heading())?;
        }
        sheet.set_row_height(self.row, LINE + 6.0)?;
        self.row += 1;
        Ok(())
    }

    fn value(&self, indicator: usize) -> Option<&Value> {
        self.of.board.value(indicator, self.of.board.province()?, self.of.quarter)
    }

    /// How far a target of its own is reached, or the headline one; nothing where there is no value at all.
    fn state(&self, value: Option<&Value>, aim: Option<&Aim<'_>>) -> &'static str {
        let (board, language) = (self.of.board, self.of.language);
        let Some(value) = value else { return "" };
        let Some(aim) = aim else { return progress(board, value, language) };
        let standing = board.standing_at(value, aim.target.value);
        standing.map_or_else(|| language.status(value.obs_status), |standing| standing.word(language))
    }

    /// A row: an indicator of the province, against a target of its own or the headline one.
    fn line(
        &mut self,
        sheet: &mut Worksheet,
        number: &str,
        name: &str,
        position: usize,
        aim: Option<&Aim<'_>>,
    ) -> Result<(), XlsxError> {
        let (of, board) = (self.of, self.of.board);
        let indicator = board.indicator(position);
        let value = self.value(position);
        let headline = indicator.headline_target(Level::Province);
        let target = aim.map(|aim| aim.target.value).or(headline.map(|target| target.value));
        let by = match (aim, headline) {
            (Some(aim), _) => horizon(aim.target, of.language),
            (None, Some(target)) => target.by.to_string(),
            (None, None) => String::new(),
        };
        let [now, year_ago] = match board.province() {
            Some(province) => [
                Cell::Figure(board.shown(position, province, of.quarter)),
                Cell::Figure(board.shown_year_ago(position, province, of.quarter)),
            ],
            None => [Cell::Blank, Cell::Blank],
        };
        let number_of =
            |number: Option<(f64, usize)>| number.map_or(Cell::Blank, |(n, decimals)| Cell::Number(n, decimals));
        let sure = value.filter(|value| value.is_sure()).and_then(|value| value.value);
        let gap = target.and_then(|target| Some(gap_shown(sure? - target, indicator)));
        let yoy = value.and_then(|value| change(value, indicator));
        // The change has the unit of the figure, or is in percent of it: the sign says which.
        let cells = [
            (Cell::text(number), Kind::Text),
            (Cell::text(name), Kind::Text),
            (Cell::text(of.say(&indicator.name_zh, &indicator.name_en)), Kind::Text),
            (Cell::text(of.language.unit(&indicator.unit)), Kind::Text),
            (now, Kind::Indicator(position)),
            (year_ago, Kind::Indicator(position)),
            (number_of(yoy.map(|(change, decimals, _)| (change, decimals))), Kind::Number),
            (number_of(target.map(|target| (target, indicator.decimals))), Kind::Number),
            (Cell::text(&by), Kind::Text),
            (number_of(gap), Kind::Number),
            (Cell::text(self.state(value, aim)), Kind::Text),
        ];
        let mut high = 1;
        for (column, (content, kind)) in cells.iter().enumerate() {
            let at = (self.row, column as u16);
            match (content, column, yoy) {
                (Cell::Number(change, decimals), 6, Some((_, _, unit))) => {
                    let format = of.styles.number(*decimals, if unit == "%" { "%" } else { "" });
                    sheet.write_number_with_format(at.0, at.1, *change, &format)?;
                }
                (Cell::Text(words), 0 | 3 | 8 | 10, _) => text(sheet, at.0, at.1, words, &of.styles.middle())?,
                _ => cell(sheet, of, at, content, *kind, "")?,
            }
            if let Cell::Text(words) = content {
                high = high.max(lines(words, WIDTHS[column]));
            }
        }
        sheet.write_blank(self.row, LAST, &of.styles.text())?;
        if let Some((column, first, last)) = self.province.place(position, QUARTERS) {
            let sparkline = Sparkline::new().set_range((self.trends, first, column, last, column));
            sheet.add_sparkline(self.row, LAST, &sparkline.show_last_point(true))?;
        }
        sheet.set_row_height(self.row, LINE * high as f64 + 5.0)?;
        self.row += 1;
        Ok(())
    }
}
