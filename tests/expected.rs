//! What a definition expects of an export as a whole.

use std::fs;

use mujun::config::Config;
use mujun::config::source::Source;
use mujun::layout;
use mujun::read::{self, Expect, Limits};

use crate::cli::{bare, copy_config};
use crate::support::{finish, folder};

/// A definition of areas, with what more is written in it.
fn definition(more: &str) -> String {
    let head =
        "title = \"表\"\ndataset = \"series\"\ncollection = \"published\"\nmatch = \"**/*\"\nconfidential = false\n";
    let columns = "[[column]]\nname = \"place\"\nheader = [\"地区\"]\nkind = \"text\"\n";
    format!("{head}across = \"indicator\"\nvalue_unit = \"亿元\"\n{columns}{more}")
}

fn resolved(more: &str) -> Source {
    Config::source("d", &definition(more)).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

/// What is told of a text that is read with a definition, beside notes.
fn told(source: &Source, text: &str) -> Vec<String> {
    let (book, problems) = read::read("t.csv", text.as_bytes(), &Expect::default(), &Limits::default());
    let book = book.unwrap_or_else(|| panic!("{problems:?}"));
    let parts = layout::lay_out(&book.sheets, source, "t.csv");
    let problems = parts.iter().flat_map(|part| &part.problems).filter(|problem| problem.rule.code >= "L100");
    let line = |problem: &mujun::vocab::Problem| {
        let place = (problem.place.row.unwrap_or(0), problem.place.column.unwrap_or(0));
        format!(
            "{} R{}C{} {} → {}",
            problem.rule.code,
            place.0,
            place.1,
            problem.value.as_deref().unwrap_or("-"),
            problem.expected.join(", ")
        )
    };
    problems.map(line).collect()
}

#[test]
fn a_total_may_be_off_by_what_rounding_to_the_last_digit_makes() {
    let sum = resolved("[[total]]\nrow = \"全省\"\n");
    let strict = resolved("[[total]]\nrow = \"全省\"\ntolerance = 0\n");
    let table = |figures: [&str; 4]| {
        let [total, one, two, three] = figures;
        format!("地区,产值\n全省,{total}\n甲市,{one}\n乙市,{two}\n丙市,{three}\n")
    };
    let off = |total: &str, sum: &str| vec![format!("L106 R2C2 全省 {total} → {sum}")];
    for (figures, by_rounding, strictly) in [
        (["60.0", "10.1", "20.2", "29.7"], vec![], vec![]),
        // Two tenths are what three parts and a total that were rounded may be off by.
        (["60.2", "10.1", "20.2", "29.7"], vec![], off("60.2", "60.0")),
        (["60.3", "10.1", "20.2", "29.7"], off("60.3", "60.0"), off("60.3", "60.0")),
        // The finest digit counts: zeros at the end are mostly not written.
        (["61", "10.11", "20.2", "30.66"], off("61", "60.97"), off("61", "60.97")),
        (["-5", "-1", "-2", "-2"], vec![], vec![]),
        // A blank is nothing; a symbol, a text and another sign leave it open.
        (["60", "10", "20", ""], off("60", "30"), off("60", "30")),
        (["60", "10", "20", "…"], vec![], vec![]),
        (["60", "10", "20", "停产"], vec![], vec![]),
        (["60", "10", "20", "5%"], vec![], vec![]),
        (["", "10", "20", "30"], vec![], vec![]),
        (["9000000000000000000", "9000000000000000000", "9000000000000000000", "1.000000001"], vec![], vec![]),
    ] {
        assert_eq!(told(&sum, &table(figures)), by_rounding, "{figures:?}");
        assert_eq!(told(&strict, &table(figures)), strictly, "{figures:?}");
    }
}

#[test]
fn a_row_is_the_sum_of_those_that_are_named_in_the_columns_that_are_named() {
    let source = resolved("[[total]]\nrow = \"全省\"\nof = [\"甲市\", \"乙市\"]\ncolumns = [\"产值\"]\n");
    let table = "地区,产值,增长(%)\n全省,30,5\n甲市,10,5\n乙市,20,5\n其中：丙县,7,5\n";
    assert_eq!(told(&source, table), Vec::<String>::new());
    assert_eq!(told(&source, &table.replace("20,5", "25,5")), ["L106 R2C2 全省 30 → 35"]);
    assert_eq!(told(&source, &table.replace("乙市", "丁市")), ["L103 R1C0 - → 乙市"]);
    assert_eq!(told(&source, &table.replace("丙县", "丙县\n全省,30,5\n丁县")), ["L106 R6C0 全省 ×2 → "]);
}

#[test]
fn a_column_is_the_sum_of_those_that_are_named_row_by_row() {
    let source = resolved("[[total]]\ncolumn = \"合计\"\nof = [\"轻工业\", \"重工业\"]\n");
    let table = "地区,合计,轻工业,重工业\n甲市,30,10,20\n乙市,7,3,4\n";
    assert_eq!(told(&source, table), Vec::<String>::new());
    assert_eq!(told(&source, &table.replace("7,3,4", "8,3,5").replace("30,10", "34,10")), ["L106 R2C2 合计 34 → 30"]);
    assert_eq!(told(&source, &table.replace("重工业", "其他")), ["L102 R1C0 - → 重工业"]);
}

#[test]
fn figures_of_enterprises_are_in_no_message_of_a_total() {
    let text = definition("[[total]]\nrow = \"合计\"\n").replace("confidential = false", "confidential = true");
    let source = Config::source("d", &text).unwrap();
    assert_eq!(told(&source, "地区,产值\n合计,734.25\n甲,10\n乙,20\n"), ["L106 R2C2 合计 → "]);
}

#[test]
fn headings_that_name_a_time_are_others_in_every_issue_and_are_not_held() {
    let source = resolved("[expected]\nheadings = [\"地区\", \"产值\", \"增长(%)\"]\n");
    let table = "地区,产值,增长(%),产值\n,2018年,,2019年\n甲市,1,2,3\n乙市,4,5,6\n";
    assert_eq!(told(&source, table), Vec::<String>::new());
    assert_eq!(told(&source, &table.replace("2018年", "2020年")), Vec::<String>::new());
    assert_eq!(told(&source, &table.replace("增长", "增速")), ["L102 R1C3 增速(%) → 增长(%)"]);
}

#[test]
fn mistakes_in_what_is_expected_are_told() {
    for (written, message) in [
        ("[expected]\nrows = { }\n", "`rows` has no bounds: give `from`, `to` or both"),
        ("[expected]\nrows = { from = 9, to = 3 }\n", "`from` (9) is above `to` (3)"),
        ("[expected]\noutside = \"refuse\"\n", "give `rows`"),
        ("[expected]\nperiods = [\"18年\"]\n", "`18年` is no period"),
        ("[expected]\nstep = \"week\"\n", "`week` is not a valid `step`"),
        ("[expected]\nheader = [\"地区\"]\n", "unknown key `header`"),
        ("[[total]]\nof = [\"a\"]\n", "say one of them"),
        ("[[total]]\ncolumn = \"合计\"\n", "`of` is missing"),
        ("[[total]]\ncolumn = \"合计\"\nof = [\"a\"]\ncolumns = [\"b\"]\n", "`columns` goes with `row`"),
        ("[[total]]\nrow = \"合计\"\ntolerance = -1\n", "`tolerance` must be"),
    ] {
        let mistakes = Config::source("d", &definition(written)).unwrap_err();
        let told: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
        assert!(told.iter().any(|told| told.contains(message)), "{written}: {told:?}");
    }
}

/// `check` of the sample's configuration with one more definition.
fn checked(definition: &str) -> (i32, String) {
    let site = folder();
    copy_config(site.path());
    fs::write(site.path().join("config/sources/draft.toml"), definition).unwrap();
    let (code, stdout, stderr) = finish(bare(&["check", "--lang", "en", "--config"]).arg(site.path().join("config")));
    (code, stdout + &stderr)
}

#[test]
fn a_test_is_held_against_what_is_expected_only_where_it_is_a_whole_export() {
    let test = "[expected]\nrows = { from = 9 }\n[[test]]\nname = \"one row\"\nfile = \"a.csv\"\ninput = \"\"\"\n地区,产值\n甲市,1\n\"\"\"\n\
                facts = [\"place=甲市\"]\n";
    let of_a_piece = definition(&format!("{test}problems = []\n"));
    assert_eq!(checked(&of_a_piece).0, 0);
    let (code, said) = checked(&of_a_piece.replace("problems = []", "problems = []\nwhole = true"));
    assert!(code == 2 && said.contains("L100"), "{said}");
    assert_eq!(checked(&of_a_piece.replace("problems = []", "problems = [\"L100\"]\nwhole = true")).0, 0);
}
