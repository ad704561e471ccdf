//! What every sheet is made with, and what it is made of: title, texts, cells, signs, and how it is printed.

use rust_xlsxwriter::{ConditionalFormatText, ConditionalFormatTextRule, Format, Worksheet, XlsxError};

use super::super::board::{Board, Standing};
use super::super::published::Shown;
use super::super::table::{Cell, Kind};
use super::styles::Styles;
use protect::Profile;
use publish::Language;
use vocab::period::Quarter;

/// How high a line of text is, in points.
pub(super) const LINE: f64 = 14.0;
/// The longest text that is written into a cell: more than any program takes is cut.
const LONGEST: usize = 16_000;

/// What every sheet is made with.
pub(super) struct Of<'b> {
    pub(super) board: &'b Board<'b>,
    pub(super) quarter: Quarter,
    pub(super) language: Language,
    pub(super) styles: Styles,
}

impl Of<'_> {
    /// The text of the language of the workbook.
    pub(super) fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        self.language.of(zh, en)
    }

    /// What the workbook is called.
    pub(super) fn title(&self) -> String {
        let province = &self.board.config.site.province_name;
        match self.language {
            Language::Chinese => format!("{province}产业集聚区高质量发展主要指标"),
            Language::English => format!("Industrial parks of {province}: main indicators"),
        }
    }

    /// The quarter as people write it.
    pub(super) fn period(&self) -> String {
        let (year, number) = (self.quarter.year(), usize::from(self.quarter.number()));
        match self.language {
            Language::Chinese => {
                let ordinal = ["", "一", "二", "三", "四"].get(number).unwrap_or(&"");
                format!("{year}年第{ordinal}季度（1—{}月）", self.quarter.last_month())
            }
            Language::English => format!("quarter {number} of {year}"),
        }
    }

    /// For whom it is, and what it is made of: both stand on every sheet.
    pub(super) fn mark(&self) -> String {
        let profile = match self.board.profile() {
            Profile::Internal => self.say("内部资料", "confidential, for internal use"),
            Profile::Public => self.say("公开版", "public edition"),
        };
        let notice = self.language.part_written(&self.board.config.site.notice);
        if notice.is_empty() { profile.to_owned() } else { format!("{profile} · {notice}") }
    }
}

/// What is repeated on every printed page, and what stays where it is on a screen.
#[derive(Default)]
pub(super) struct Page {
    /// First and last row repeated.
    pub(super) repeated: Option<(u32, u32)>,
    /// First row and column that move.
    pub(super) frozen: Option<(u32, u16)>,
}

/// A text, which is never run.
pub(super) fn text(sheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    let text: String = text.chars().take(LONGEST).collect();
    sheet.write_string_with_format(row, column, text, format)?;
    Ok(())
}

/// A text over several columns.
pub(super) fn wide(
    sheet: &mut Worksheet,
    row: u32,
    (from, to): (u16, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let text: String = text.chars().take(LONGEST).collect();
    if from < to {
        sheet.merge_range(row, from, row, to, &text, format)?;
    } else {
        sheet.write_string_with_format(row, from, text, format)?;
    }
    Ok(())
}

/// The title of a sheet, with the period and the mark under it, over so many columns.
pub(super) fn top(sheet: &mut Worksheet, of: &Of<'_>, title: &str, columns: u16) -> Result<(), XlsxError> {
    let last = columns.saturating_sub(1);
    let half = (columns / 2).max(1);
    wide(sheet, 0, (0, last), title, &of.styles.title())?;
    sheet.set_row_height(0, 30)?;
    wide(sheet, 1, (0, half - 1), &of.period(), &of.styles.under())?;
    if half <= last {
        wide(sheet, 1, (half, last), &of.mark(), &of.styles.mark())?;
    }
    Ok(())
}

/// Writes a cell.
pub(super) fn cell(
    sheet: &mut Worksheet,
    of: &Of<'_>,
    (row, column): (u32, u16),
    cell: &Cell,
    kind: Kind,
    said: &str,
) -> Result<(), XlsxError> {
    let styles = &of.styles;
    match cell {
        Cell::Blank => sheet.write_blank(row, column, &styles.text())?,
        Cell::Text(words) => {
            let format = match kind {
                Kind::Key => styles.key(),
                Kind::Short => styles.middle(),
                _ => styles.text(),
            };
            return text(sheet, row, column, words, &format);
        }
        Cell::Number(number, decimals) => {
            sheet.write_number_with_format(row, column, *number, &styles.number(*decimals, ""))?
        }
        Cell::Figure(shown @ Shown::Figure { rounded, .. }) => {
            sheet.write_number_with_format(row, column, *rounded, &styles.shown(shown, said))?
        }
        Cell::Figure(shown) => return text(sheet, row, column, &shown.text(of.language), &styles.shown(shown, said)),
    };
    Ok(())
}

/// Colours of the words for how a figure stands.
pub(super) fn words(
    sheet: &mut Worksheet,
    of: &Of<'_>,
    column: u16,
    (first, last): (u32, u32),
) -> Result<(), XlsxError> {
    for (standing, format) in [
        (Standing::Reached, of.styles.reached()),
        (Standing::OnTrack, of.styles.reached()),
        (Standing::Short, of.styles.short()),
    ] {
        let rule = ConditionalFormatTextRule::Contains(standing.word(of.language).to_owned());
        let rule = ConditionalFormatText::new().set_rule(rule).set_format(format);
        sheet.add_conditional_format(first, column, last, column, &rule)?;
    }
    Ok(())
}

/// What the signs of all sheets mean.
pub(super) fn signs(language: Language) -> String {
    language
        .of(
            "* 含推算；† 报送不全；‡ 四个季度内辖区有变动；§ 所依据的企业过少，不宜公开；“未到期”为尚未到报送期，“未报”为未报送或报送过少，\
             “(c)”为不予公布，“—”为不可能有值。数据按列示的小数位数四舍五入。",
            "* estimated in part; † not all was reported; ‡ the territory changed within four quarters; § rests on few \
             enterprises, confidential; not due: not yet due; n/r: not reported, or too little of it; (c): suppressed; —: \
             cannot exist. Figures are rounded half away from zero.",
        )
        .to_owned()
}

/// How every sheet is printed: A4 across, as wide as a page, with its title, its mark and the number of the page.
pub(super) fn print(sheet: &mut Worksheet, of: &Of<'_>, page: &Page) -> Result<(), XlsxError> {
    const A4: u8 = 9;
    // `&` begins a code there, and there is not much room.
    let plain = |text: &str| text.chars().take(80).collect::<String>().replace('&', "&&");
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    sheet.set_header(format!("&L{}&R{}", plain(&format!("{} {}", of.title(), of.period())), plain(&of.mark())));
    sheet.set_footer(of.say("&C第 &P 页，共 &N 页", "&Cpage &P of &N"));
    sheet.set_screen_gridlines(false);
    if let Some((first, last)) = page.repeated {
        sheet.set_repeat_rows(first, last)?;
    }
    if let Some((row, column)) = page.frozen {
        sheet.set_freeze_panes(row, column)?;
    }
    Ok(())
}
