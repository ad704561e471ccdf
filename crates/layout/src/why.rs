//! Why a table is read as it is: each decision with its reason and the cells that speak for it. Reasons are kept where the decision is
//! made, as a word for each; sentences are made of them only for who asks.

use read::grid::Grid;
use vocab::{Place, text};

/// Why something was decided, and the cell that speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ground {
    pub(super) reason: Reason,
    /// Row and column in the grid that was looked at.
    pub(super) at: Option<(usize, usize)>,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Which columns belong to the table.
    Columns,
    /// Where the table ends.
    Rows,
    /// Which rows are its header.
    Header,
    /// What its title is.
    Caption,
    /// Which column names the rows.
    Labels,
    /// Where its periods stand.
    Time,
    /// Which rows are notes.
    Notes,
    /// What a column holds.
    Kind,
    /// Which unit figures are in.
    Unit,
    /// Which period figures are of.
    Period,
}

impl Decision {
    /// The word of JSON, in English, in Chinese.
    pub fn words(self) -> [&'static str; 3] {
        match self {
            Decision::Columns => ["columns", "columns", "列范围"],
            Decision::Rows => ["rows", "rows", "行范围"],
            Decision::Header => ["header", "header", "表头"],
            Decision::Caption => ["caption", "caption", "标题"],
            Decision::Labels => ["labels", "names of rows", "行名"],
            Decision::Time => ["time", "time", "时间"],
            Decision::Notes => ["notes", "notes", "说明"],
            Decision::Kind => ["kind", "kind", "种类"],
            Decision::Unit => ["unit", "unit", "单位"],
            Decision::Period => ["period", "period", "时期"],
        }
    }
}

macro_rules! reasons {
    ($($id:ident $word:literal $en:literal $zh:literal;)*) => {
        /// Why something was decided.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Reason {
            $(#[doc = $en] $id,)*
        }

        impl Reason {
            /// All reasons.
            pub const ALL: &[Reason] = &[$(Reason::$id),*];

            /// The word of JSON, and the reason in English and in Chinese.
            pub fn words(self) -> [&'static str; 3] {
                match self {
                    $(Reason::$id => [$word, $en, $zh],)*
                }
            }
        }
    };
}

reasons! {
    OneStrip "one_strip"
        "No column to the right names rows again." "右侧没有再次出现行名的列。";
    LabelsAgain "labels_again"
        "The column holds the names that the table to the left has, and figures stand left and right of it." "该列重复左侧表格的行名，且左右均有数字。";
    PeriodsApart "periods_apart"
        "Behind an empty column stand periods, and figures left and right of them." "空列之后为时期列，且左右均有数字。";
    HeadingAgain "heading_again"
        "A row of headings says here what it says over the names of rows to the left." "同一表头行在此重复左侧行名列的表头。";
    SheetEnds "sheet_ends"
        "Nothing below begins another table." "其下没有另一张表。";
    HeadingsAgain "headings_again"
        "Below stand headings where figures stood, and figures follow." "其下在数字所在的列再次出现表头，并有数字。";
    HeadingsAfterNote "headings_after_note"
        "Below a note stand headings, and figures follow." "说明之下另有表头，并有数字。";
    FiguresAfterNote "figures_after_note"
        "Below a note stand figures again." "说明之下再次出现数字。";
    OtherNames "other_names"
        "Below a blank row, periods name the rows where words did, or words where periods did." "空行之下，行名由文字改为时期，或由时期改为文字。";
    FiguresBeyond "figures_beyond"
        "Below a blank row, figures stand right of the last heading." "空行之下，数字超出最后一个表头。";
    OverFigures "over_figures"
        "Rows of texts stand right over the first row of figures." "文字行紧接在第一行数字之上。";
    FirstTexts "first_texts"
        "No text stands right over the first figures: these are the first rows of texts." "第一行数字之上没有紧接的文字，故取最先出现的文字行。";
    OnlyTexts "only_texts"
        "No row holds a figure: this is the first row of several texts." "全表没有数字，故取第一个有多处文字的行。";
    NoTexts "no_texts"
        "No row of texts stands over the figures." "数字之上没有文字行。";
    GroupBelow "group_below"
        "The row below names a group of rows: nothing stands in it where figures stand." "其下一行为分组名称：数字所在的列均空白。";
    DataBelow "data_below"
        "The row below is data: it says why a figure is missing, or its numbers stand beside a name and make no axis of periods." "其下一行为数据：写明无数字的原因，或行名旁的数字不构成时间轴。";
    TotalBelow "total_below"
        "The row below is data: it is named a total, and no heading is." "其下一行为数据：其名称为合计，表头不会如此命名。";
    HeadingOrData "heading_or_data"
        "The row below may be a heading or data: its numbers make an axis of periods, and the headings above tell the columns apart without it." "其下一行可能是表头，也可能是数据：其数字构成时间轴，而上方表头已能区分各列。";
    FullRow "full_row"
        "Every column has a heading of its own: rows below without figures are data that have none yet." "每列各有表头，其下没有数字的行视为尚无数据的行。";
    FirstTitle "first_title"
        "It is the first text over the table that is no line of a key and its value, and no unit." "表上方第一处既非“名称：内容”也非单位的文字。";
    FirstColumn "first_column"
        "It is the first column." "为第一列。";
    BehindNumbers "behind_numbers"
        "The columns before it only number the rows." "其前各列仅为序号。";
    FirstNames "first_names"
        "The first column holds figures by its heading; this is the first that holds none." "按表头第一列为数值，本列为第一个非数值列。";
    NoNames "no_names"
        "Every column holds figures of its own heading." "各列均为其表头所指的数值。";
    PeriodsAcross "periods_across"
        "At least half of the columns have a period in their headings." "半数以上的列在表头中写有时期。";
    PeriodsNameRows "periods_name_rows"
        "The column that names the rows holds periods." "行名列的内容为时期。";
    HeadedTime "headed_time"
        "The column holds periods, and its heading says no more than that." "该列内容为时期，且表头仅表示时间。";
    NoEvent "no_event"
        "The column holds periods and no days, and its heading speaks of no event." "该列内容为时期而非日期，且表头不涉及事件。";
    PeriodOverTable "period_over_table"
        "The period over the table holds for all of it." "表上方的时期适用于全表。";
    NoPeriod "no_period"
        "Neither headings nor rows name a period, nor does what stands over the table." "表头、各行和表上方均未写明时期。";
    NoteWord "note_word"
        "It begins with a word that only notes begin with, and nothing below it is data." "以说明用语开头，其下没有数据。";
    LoneText "lone_text"
        "It is one text alone, below the last row of data." "为最后一行数据之下的单独文字。";
    NothingStands "nothing_stands"
        "Nothing stands in it." "该列没有内容。";
    MostCells "most_cells"
        "At least nine of ten cells are this." "九成以上的单元格为此类。";
    CodesByHeading "codes_by_heading"
        "At least nine of ten cells are such codes, and the heading speaks of them." "九成以上的单元格为此类代码，且表头与之相符。";
    TimesByHeading "times_by_heading"
        "Nearly all cells are numbers that may be periods, and the heading says that they are, or they make a series." "几乎全部为可能是时期的数字，且表头表明为时间，或数字构成序列。";
    FiguresAndExcuses "figures_and_excuses"
        "At least nine of ten cells are figures, or say why there is none." "九成以上的单元格为数字，或写明无数字的原因。";
    FiguresAndTexts "figures_and_texts"
        "At least half of the cells are figures, and the heading speaks of no texts: the others are taken for slips." "半数以上的单元格为数字，且表头所指并非文字，其余单元格视为误填。";
    Mixed "mixed"
        "Fewer than nine of ten cells are alike." "同类单元格不足九成。";
    InHeading "in_heading"
        "The heading of the column says it." "该列表头写明。";
    WordsOfHeading "words_of_heading"
        "The last words of the heading say it without brackets." "表头末尾的文字写明，未加括号。";
    OfWhole "of_whole"
        "The column is a part of the one before it, which says it." "该列为前列的其中项，前列写明。";
    InCells "in_cells"
        "Every figure of the column says it, by a sign or by its number format." "该列每个数字以符号或数字格式表明。";
    InRows "in_rows"
        "The rows say it, in a column of units or in their names." "各行在单位列或行名中写明。";
    OverTable "over_table"
        "A line over the table says it, and the heading speaks of nothing else." "表上方写明，且表头所指与之相符。";
    BesideOverTable "beside_over_table"
        "A line over the table names it beside another unit, and the heading speaks of a growth, a share or an index." "表上方与另一单位一并写明，且表头所指为增长、比重或指数。";
    HeadingDiffers "heading_differs"
        "The heading speaks of figures that the unit over the table cannot be for." "表头所指的数值不能以表上方的单位计量。";
    UnknownBrackets "unknown_brackets"
        "The heading ends in brackets that may hold a unit which is not known." "表头末尾括号内可能是未知单位。";
    Nowhere "nowhere"
        "Nothing says it." "没有写明。";
    FromNeighbours "from_neighbours"
        "The heading may be one of two months; its neighbours settle which." "表头可能是两个月份之一，由相邻各列确定。";
    KeyLine "key_line"
        "A line of a key and its value over the table says it." "表上方的“名称：内容”写明。";
    RunningText "running_text"
        "A text over the table says it." "表上方的文字写明。";
    TitleEnd "title_end"
        "The title ends in it." "写在标题末尾。";
    IndicatorLine "indicator_line"
        "The line that names the indicator ends in it." "写在指标名称一行的末尾。";
    NoteBelow "note_below"
        "A note under the table says it, and nothing over it does." "表下说明写明，而表上方没有。";
    InCorner "in_corner"
        "The corner of the headings says it, and nothing over the table does." "表头左上角写明，而表上方没有。";
    TableBefore "table_before"
        "The table says that it goes on from the one before." "本表注明为续表，沿用前表。";
}

/// One decision, with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// What was decided.
    pub decision: Decision,
    /// How: `R4–R6`, `亿元`, `2018Q1`.
    pub decided: String,
    /// Why.
    pub reason: Reason,
    /// The cell that speaks for it, or the column that it is about.
    pub place: Place,
    /// What stands there; nothing where it is a figure.
    pub text: String,
}

impl Ground {
    pub(super) fn new(reason: Reason) -> Ground {
        Ground { reason, at: None }
    }

    pub(super) fn at(reason: Reason, row: usize, column: usize) -> Ground {
        Ground { reason, at: Some((row, column)) }
    }

    /// The decision for which it speaks, in this grid. `place` names the file and the sheet.
    pub(super) fn because(self, decision: Decision, decided: String, grid: &Grid, place: &Place) -> Because {
        let (place, text) = match self.at {
            Some((row, column)) if row < grid.len() => {
                let cell = text::trim(grid.cell(row, column));
                (place.at_row(grid.row(row).number).at_column(grid.column_number(column)), cell.to_owned())
            }
            _ => (place.clone(), String::new()),
        };
        Because { decision, decided, reason: self.reason, place, text }
    }
}
