//! How cells look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use super::super::published::Shown;
use publish::Language;

/// Fill of headings.
const HEADING: Color = Color::RGB(0x00DD_E6F0);
/// Fill of what reaches its target: told from the other by more than red and green.
const REACHED: Color = Color::RGB(0x00BD_D7EE);
/// Fill of what falls short of its target.
const SHORT: Color = Color::RGB(0x00FB_E5C8);
/// Lines between cells.
const LINE: Color = Color::RGB(0x00A6_A6A6);
/// Texts in the place of figures.
const FAINT: Color = Color::RGB(0x0059_5959);

/// Formats of a language.
pub(super) struct Styles {
    /// Its font, and the one of titles.
    fonts: [&'static str; 2],
}

impl Styles {
    pub(super) fn new(language: Language) -> Styles {
        let fonts = match language {
            Language::Chinese => ["宋体", "黑体"],
            Language::English => ["Calibri", "Calibri"],
        };
        Styles { fonts }
    }

    fn plain(&self, size: u8) -> Format {
        Format::new().set_font_name(self.fonts[0]).set_font_size(size).set_align(FormatAlign::VerticalCenter)
    }

    fn cell(&self) -> Format {
        self.plain(10).set_border(FormatBorder::Thin).set_border_color(LINE)
    }

    /// The title of a sheet.
    pub(super) fn title(&self) -> Format {
        self.plain(18).set_font_name(self.fonts[1]).set_bold().set_align(FormatAlign::Center)
    }

    /// What stands under the title, to the left.
    pub(super) fn under(&self) -> Format {
        self.plain(10)
    }

    /// What stands under the title, to the right.
    pub(super) fn under_right(&self) -> Format {
        self.plain(10).set_align(FormatAlign::Right)
    }

    /// The mark of the sheet.
    pub(super) fn mark(&self) -> Format {
        self.plain(10).set_bold().set_align(FormatAlign::Right)
    }

    /// The title of a part of a sheet.
    pub(super) fn part(&self) -> Format {
        self.plain(12).set_font_name(self.fonts[1]).set_bold()
    }

    /// A heading.
    pub(super) fn heading(&self) -> Format {
        let heading = self.cell().set_bold().set_background_color(HEADING);
        heading.set_align(FormatAlign::Center).set_text_wrap()
    }

    /// A text.
    pub(super) fn text(&self) -> Format {
        self.cell().set_text_wrap()
    }

    /// A text that tells the row apart.
    pub(super) fn key(&self) -> Format {
        // A code stays a text also when it is typed over.
        self.cell().set_num_format("@")
    }

    /// A short text in the middle.
    pub(super) fn middle(&self) -> Format {
        self.cell().set_align(FormatAlign::Center).set_text_wrap()
    }

    /// What stands in the place of a figure.
    pub(super) fn missing(&self) -> Format {
        self.cell().set_align(FormatAlign::Center).set_font_color(FAINT)
    }

    /// A number with so many decimals, and a sign behind it.
    pub(super) fn number(&self, decimals: usize, mark: &str) -> Format {
        let number = self.cell().set_align(FormatAlign::Right).set_indent(1);
        number.set_num_format(number_format(decimals, mark))
    }

    /// A note under a table.
    pub(super) fn note(&self) -> Format {
        self.plain(9).set_text_wrap().set_align(FormatAlign::Top)
    }

    /// What reaches its target.
    pub(super) fn reached(&self) -> Format {
        Format::new().set_background_color(REACHED)
    }

    /// What falls short of it.
    pub(super) fn short(&self) -> Format {
        Format::new().set_background_color(SHORT)
    }

    /// A figure, or what stands in its place. A mark that the heading already says is left out.
    pub(super) fn shown(&self, shown: &Shown, said: &str) -> Format {
        match shown {
            Shown::Figure { decimals, .. } => {
                self.number(*decimals, if shown.mark() == said { "" } else { shown.mark() })
            }
            Shown::Missing(_) => self.missing(),
        }
    }
}

/// `0.00"*"`: decimals that are always written, and the sign.
fn number_format(decimals: usize, mark: &str) -> String {
    let zeros = if decimals > 0 { format!("0.{}", "0".repeat(decimals)) } else { "0".to_owned() };
    if mark.is_empty() { zeros } else { format!("{zeros}\"{mark}\"") }
}

/// How wide a text is, in the widths of a digit.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// So many lines a text takes in a column of a width.
pub(super) fn lines(text: &str, column: f64) -> usize {
    // Widths of columns are in digits of a larger font than the one of texts, and lines have margins.
    let room = ((column - 0.7) * 1.05).max(2.0);
    text.lines().map(|line| ((width(line) as f64 / room).ceil() as usize).max(1)).sum()
}
