//! What a definition expects of an export as a whole, and drafts that say what they saw.

use std::fs;

use config::Config;
use config::source::Source;
use read::{Expect, Limits};
use rust_xlsxwriter::Workbook;

use crate::cli::{bare, copy_config};
use crate::quarantine::{Site, published};
use crate::support::exports::xlsx;
use crate::support::{finish, folder, root};

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
    let line = |problem: &vocab::Problem| {
        let place = (problem.place.row.unwrap_or(0), problem.place.column.unwrap_or(0));
        format!(
            "{} R{}C{} {} → {}",
            problem.rule.code,
            place.0,
            place.1,
            problem.value.as_ref().map(vocab::Said::en).unwrap_or("-"),
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
        let told: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.en()).collect();
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

/// The draft of an export with this name.
fn draft(name: &str, bytes: &[u8]) -> String {
    let work = folder();
    let path = work.path().join(name);
    fs::write(&path, bytes).unwrap();
    let (code, draft, stderr) = finish(bare(&["--lang", "en", "inspect", "--draft"]).arg(&path));
    assert_eq!(code, 0, "{stderr}");
    draft
}

/// A draft whose three blanks a person has filled: the table, what it may be used for, whether it is about enterprises.
fn filled(draft: &str) -> String {
    let mut filled = draft.to_owned();
    for (blank, said) in [
        ("dataset = \"dataset_name\"           # TODO the table of facts", "dataset = \"draft_facts\""),
        (
            "collection = \"survey\"              # TODO survey, administrative or published: it decides what it may be used for",
            "collection = \"published\"",
        ),
        (
            "confidential = true                # TODO false only if no row is about one enterprise",
            "confidential = false",
        ),
    ] {
        assert!(filled.contains(blank), "{blank}: {draft}");
        filled = filled.replace(blank, said);
    }
    assert!(!filled.contains("TODO"), "{filled}");
    filled
}

/// Output of areas by branch: a total of rows and one of columns.
const OUTPUT: &str = "各市工业情况
报告期：2018年1-3月,,,,,,,,,单位：亿元
地区,合计,煤炭,石油,黑色金属,有色金属,食品,饮料,烟草,纺织
全省,1505.5,100.5,200,300,105,400,100,200,100
郑州市,800.5,50.5,100,150,50,250,50,100,50
开封市,300,20,40,60,30,70,20,40,20
洛阳市,405,30,60,90,25,80,30,60,30
";

#[test]
fn the_draft_of_one_issue_holds_the_next_one() {
    let drafted = draft("各市工业情况_2018年1-3月_20180425.csv", OUTPUT.as_bytes());
    let definition = filled(&drafted);
    for line in [
        "rows = { from = 4, to = 4 }",
        "labels = [\"全省\", \"郑州市\", \"开封市\", \"洛阳市\"]",
        "unit = \"亿元\"",
        "[[total]]\nrow = \"全省\"\n",
        "[[total]]\ncolumn = \"合计\"\n",
        "[[test]]\n",
    ] {
        assert!(definition.contains(line), "{line}: {definition}");
    }
    let (code, said) = checked(&definition);
    assert_eq!(code, 0, "{said}");
    let site = Site::new();
    fs::write(site.path("config/sources/draft.toml"), &definition).unwrap();
    let first = "各市工业情况_2018年1-3月_20180425.csv";
    fs::write(site.path(&format!("inbox/{first}")), OUTPUT).unwrap();
    let next = OUTPUT.replace("2018年1-3月", "2018年1-6月").replace("石油", "石油天然气");
    let next = next.replace("洛阳市,405,30,60,90,25,80,30,60,30\n", "");
    fs::write(site.path("inbox/各市工业情况_2018年1-6月_20180725.csv"), next).unwrap();
    let last = OUTPUT.replace("2018年1-3月", "2018年1-9月").replace("300,20,40,60", "310,20,40,60");
    fs::write(site.path("inbox/各市工业情况_2018年1-9月_20181025.csv"), last).unwrap();
    site.run();
    let problems = published(&site, "quality/problems");
    let of = |name: &str| problems.iter().filter(|row| row.contains(name)).cloned().collect::<Vec<_>>();
    assert_eq!(of(first), Vec::<String>::new());
    let of_next = of("各市工业情况_2018年1-6月_20180725.csv");
    let tells = |words: [&str; 2]| of_next.iter().any(|row| words.iter().all(|word| row.contains(word)));
    for words in
        [["code=L100", "3 rows"], ["code=L102", "石油天然气"], ["code=L103", "洛阳市"], ["code=L106", "全省 1505.5"]]
    {
        assert!(tells(words), "{words:?}: {of_next:#?}");
    }
    // The province against its cities, and a city against its branches.
    let of_last = of("各市工业情况_2018年1-9月_20181025.csv");
    let [of_province, of_city] = &of_last[..] else { panic!("{of_last:#?}") };
    assert!(
        of_province.contains("row=4 column=2 code=L106") && of_province.contains("found=全省 1505.5 expected=1515.5")
    );
    assert!(
        of_city.contains("row=6 column=2 code=L106") && of_city.contains("found=合计 310 expected=300"),
        "{of_city}"
    );
}

#[test]
fn a_draft_of_each_format_that_a_person_writes_passes_check() {
    let rows = OUTPUT.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let workbook = xlsx(|workbook: &mut Workbook| {
        let sheet = workbook.add_worksheet();
        for (row, cells) in (0..).zip(rows.clone()) {
            for (column, cell) in (0..).zip(cells) {
                match cell.parse::<f64>() {
                    Ok(figure) => sheet.write(row, column, figure).map(|_| ()),
                    Err(_) => sheet.write(row, column, cell).map(|_| ()),
                }
                .expect("a cell");
            }
        }
    });
    let cell = |cell: &str| format!("<td>{cell}</td>");
    let page: String =
        rows.clone().map(|row| format!("<tr>{}</tr>", row.into_iter().map(cell).collect::<String>())).collect();
    let tabs: String = rows.map(|row| row.join("\t") + "\n").collect();
    let page = format!("<html><body><table>{page}</table></body></html>");
    let name = |suffix: &str| format!("各市工业情况_2018年1-3月_20180425.{suffix}");
    for (name, bytes) in [(name("xlsx"), workbook), (name("xls"), page.into_bytes()), (name("txt"), tabs.into_bytes())]
    {
        let definition = filled(&draft(&name, &bytes));
        assert!(definition.contains("[[test]]"), "{definition}");
        let (code, said) = checked(&definition);
        assert_eq!(code, 0, "{name}: {said}\n{definition}");
        let (code, said) = checked(&definition.replace("value=", "value=9"));
        assert_eq!(code, 2, "{name}: the test tests something: {said}");
    }
}

#[test]
fn a_draft_of_a_form_shows_nothing_of_an_enterprise() {
    let form = root().join("examples/exports/统计局/B203财务状况_2018年1-3月_20180423.csv");
    let bytes = fs::read(&form).unwrap();
    let (text, _, _) = encoding_rs::GB18030.decode(&bytes);
    let (code, draft, stderr) = finish(bare(&["--lang", "en", "inspect", "--draft"]).arg(&form));
    assert_eq!(code, 0, "{stderr}");
    assert!(draft.contains("[expected]") && draft.contains("[[test]]"), "{draft}");
    let rows: Vec<&str> = text.lines().skip(6).collect();
    assert!(rows.len() > 100);
    for row in rows {
        for cell in row.split(',').take(2) {
            assert!(cell.len() < 4 || !draft.contains(cell), "{cell}: {draft}");
        }
    }
    let list = "企业名称,产值(万元)\n甲示例有限公司,7312.5\n乙示例集团,845.25\n";
    let drafted = self::draft("名单.csv", list.as_bytes());
    assert!(!["甲示例", "乙示例", "7312.5", "845.25"].iter().any(|word| drafted.contains(word)), "{drafted}");
    assert!(drafted.contains("[[test]]"), "{drafted}");
}
