//! Exports that come again: with the same content, with another one, on a later day, on the same day, in another unit.

use std::fs;
use std::path::{Path, PathBuf};

use store::parquet;

use crate::quarantine::Site;
use crate::support::{finish, shared, tree};

/// The tax list of the first quarter of 2018, by name below the inbox.
fn tax_list(site: &Site) -> String {
    tree(&site.path("inbox")).into_keys().find(|name| name.contains("税收_2018年1-3月")).unwrap()
}

fn read(site: &Site, name: &str) -> String {
    fs::read_to_string(site.path("inbox").join(name)).unwrap()
}

fn write(site: &Site, name: &str, text: &str) {
    fs::write(site.path("inbox").join(name), text).unwrap();
}

/// The list with every amount of this year made by `change` from the one that is there.
fn amounts(text: &str, change: impl Fn(usize, &str) -> String) -> String {
    let mut number = 0;
    let line = |line: &str| {
        let mut cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        if cells.len() == 4 && cells[2].parse::<f64>().is_ok() {
            cells[2] = change(number, &cells[2]);
            number += 1;
        }
        cells.join("\t")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// The exact sum of the province's tax in the first quarter of 2018, in fen.
fn province_tax(site: &Site) -> Option<i64> {
    let tables = tree(&site.path("store/current").canonicalize().unwrap().join("tables"));
    let name = tables.keys().find(|name| name.starts_with("province_quarter") && name.contains("2018Q1")).unwrap();
    let frame = parquet::read(tables[name].clone(), |_| true).unwrap().frame;
    frame.ints("tax_ytd_fen").unwrap().get(0)
}

/// Codes of the published problems with file, what was found and what was expected.
fn problems(site: &Site) -> Vec<String> {
    let bytes = fs::read(site.path("store/current/quality/problems/part-0.parquet")).unwrap();
    let frame = parquet::read(bytes, |_| true).unwrap().frame;
    let cell = |row, name: &str| frame.column(name).and_then(|values| values.text(row)).unwrap_or_default();
    (0..frame.rows())
        .map(|row| ["code", "file", "row", "found", "expected"].map(|name| cell(row, name)).join(" "))
        .collect()
}

fn planned(site: &Site, args: &[&str], name: &str) -> serde_json::Value {
    let plan = site.ask(&[&["plan"], args].concat());
    let exports = plan["exports"].as_array().unwrap();
    exports.iter().find(|export| export["name"] == name).unwrap_or_else(|| panic!("{name}: {plan}")).clone()
}

fn release(site: &Site) -> PathBuf {
    site.path("store/current").canonicalize().unwrap()
}

#[test]
fn the_same_content_under_another_name_is_nothing_new() {
    let site = Site::new();
    site.run();
    let (before, name) = (release(&site), tax_list(&site));
    let again = name.replace("20180420", "20180620");
    write(&site, &again, &read(&site, &name));
    assert_eq!(
        (&planned(&site, &[], &again)["action"], &planned(&site, &[], &again)["same_as"]),
        (&"same".into(), &name.clone().into())
    );
    let (code, stdout, stderr) = finish(&mut site.command(&["run", "--lang", "en"]));
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stdout.contains("Nothing to do") && stdout.contains(&format!("nothing new, the content of {name}: {again}")),
        "{stdout}"
    );
    assert_eq!(release(&site), before);
}

#[test]
fn a_content_that_is_issued_again_after_another_one_holds_again() {
    let site = Site::new();
    site.run();
    let (name, first) = (tax_list(&site), province_tax(&site));
    let original = read(&site, &name);
    let more = |_: usize, amount: &str| format!("{:.2}", amount.parse::<f64>().unwrap() * 1.5);
    write(&site, &name.replace("20180420", "20180520"), &amounts(&original, more));
    site.run();
    assert_ne!(province_tax(&site), first, "the later vintage holds");
    write(&site, &name.replace("20180420", "20180620"), &original);
    site.run();
    assert_eq!(province_tax(&site), first, "and the first one, once it is issued again");
}

#[test]
fn the_same_name_with_another_content_is_a_new_vintage() {
    let site = Site::new();
    site.run();
    let (name, first) = (tax_list(&site), province_tax(&site));
    let facts = |site: &Site| tree(&site.path("store/facts/tax")).len();
    let before = facts(&site);
    write(&site, &name, &amounts(&read(&site, &name), |_, _| "1.00".to_owned()));
    assert_eq!(planned(&site, &[], &name)["action"], "revised");
    site.run();
    assert_ne!(province_tax(&site), first);
    assert_eq!(facts(&site), before + 1, "the facts of the older one stay readable");
}

#[test]
fn a_day_of_issue_over_the_table_decides_where_the_name_has_none() {
    let site = Site::new();
    let name = tax_list(&site);
    let original = read(&site, &name);
    fs::remove_file(site.path("inbox").join(&name)).unwrap();
    let dated = |day: &str, times: f64| {
        let text = amounts(&original, |_, amount| format!("{:.2}", amount.parse::<f64>().unwrap() * times));
        text.replacen("所属期", &format!("发布日期：{day}\n所属期"), 1)
    };
    // The names are in the other order than the days.
    let (older, newer) = (name.replace("_20180420", "_b"), name.replace("_20180420", "_a"));
    write(&site, &older, &dated("2018-04-20", 1.0));
    write(&site, &newer, &dated("2018年5月20日", 2.0));
    site.run();
    let now = province_tax(&site).unwrap();
    let plan = planned(&site, &[], &newer);
    assert_eq!((plan["issued"].as_i64(), plan["issued_by"].as_str()), (Some(20_180_520), Some("caption")));
    let (code, _, stderr) = finish(&mut site.command(&["run", "--as-of", "2018-05-01", "--make-current"]));
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(province_tax(&site).map(|then| then * 2), Some(now), "as of a day before, the older one");
}

#[test]
fn the_day_of_receipt_counts_where_the_definition_says_so() {
    let site = Site::new();
    let (name, tax) = (tax_list(&site), site.path("config/sources/tax.toml"));
    let definition = fs::read_to_string(&tax).unwrap();
    fs::write(&tax, definition.replacen("period =", "issued = \"received\"\nperiod =", 1)).unwrap();
    site.run();
    let plan = planned(&site, &[], &name);
    assert_eq!(plan["issued_by"], "received", "{plan}");
    assert!(plan["issued"].as_i64().unwrap() > 20_260_000, "{plan}");
    assert_eq!(planned(&site, &["--as-of", "2018-12-31"], &name)["action"], "later");
}

#[test]
fn two_contents_of_one_day_are_a_problem_and_no_winner() {
    let site = Site::new();
    site.run();
    let (name, first) = (tax_list(&site), province_tax(&site).unwrap());
    let original = read(&site, &name);
    // The last enterprise of the list pays 1000 yuan more in the other one.
    let last =
        original.lines().filter(|line| line.split('\t').nth(2).is_some_and(|cell| cell.parse::<f64>().is_ok())).count()
            - 1;
    let more = |number: usize, amount: &str| {
        if number == last { format!("{:.2}", amount.parse::<f64>().unwrap() + 0.1) } else { amount.to_owned() }
    };
    let changed = amounts(&original, more);
    write(&site, &name.replace("税收_2018", "税收补_2018"), &changed);
    site.run();
    let told: Vec<String> = problems(&site).into_iter().filter(|line| line.starts_with("C025")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(" 1 rows ") && told[0].contains(&name), "{told:?}");
    let amount = |text: &str| -> i64 {
        let row = text
            .lines()
            .filter(|line| line.split('\t').nth(2).is_some_and(|cell| cell.parse::<f64>().is_ok()))
            .nth(last);
        let cell: f64 = row.unwrap().split('\t').nth(2).unwrap().parse().unwrap();
        (cell * 1e6).round() as i64
    };
    assert_eq!(province_tax(&site), Some(first - amount(&original)), "the row counts in neither of its two values");
}

#[test]
fn a_column_that_jumps_by_a_power_of_ten_is_stopped_with_the_ratio() {
    let site = Site::new();
    let name = tax_list(&site);
    let original = read(&site, &name);
    write(&site, &name, &amounts(&original, |_, amount| format!("{:.2}", amount.parse::<f64>().unwrap() * 1000.0)));
    site.run();
    let told: Vec<String> = problems(&site).into_iter().filter(|line| line.starts_with("C026")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains(&name) && told[0].contains("tax_ytd_fen ×1000") && told[0].contains("2017年1-3月"),
        "{told:?}"
    );
    assert_eq!(province_tax(&site).unwrap_or(0), 0, "the column is not used");
    // Issued again in the right unit, it is held against the vintage before, which was stopped: nothing stands against it.
    write(&site, &name.replace("20180420", "20180620"), &original);
    site.run();
    assert!(province_tax(&site).unwrap() > 0);
    // A vintage that jumps against the one before it.
    let divided = |_: usize, amount: &str| format!("{:.2}", amount.parse::<f64>().unwrap() / 100.0);
    write(&site, &name.replace("20180420", "20180720"), &amounts(&original, divided));
    site.run();
    assert!(
        problems(&site).iter().any(|line| line.starts_with("C026") && line.contains("tax_ytd_fen ÷100")),
        "{:?}",
        problems(&site)
    );
}

#[test]
fn facts_of_this_run_and_facts_of_earlier_runs_are_treated_alike() {
    /// A site with a jump, a tie and a revision among its tax lists.
    fn spoilt() -> Site {
        let site = Site::new();
        let name = tax_list(&site);
        let original = read(&site, &name);
        let thousandfold = |_: usize, amount: &str| format!("{:.2}", amount.parse::<f64>().unwrap() * 1000.0);
        write(&site, &name, &amounts(&original, thousandfold));
        let earlier = name.replace("2018", "2017");
        // One enterprise pays more in the other list, the first or the second of the rows.
        let more = |text: &str, row: usize| {
            let change = |number: usize, amount: &str| {
                let by = if number == row { 0.1 } else { 0.0 };
                format!("{:.2}", amount.parse::<f64>().unwrap() + by)
            };
            amounts(text, change)
        };
        write(&site, &earlier.replace("2017042", "2017062"), &more(&read(&site, &earlier), 0));
        let half_year = earlier.replace("1-3月_20170420", "1-6月_20170720");
        write(&site, &half_year.replace("税收_2017", "税收补_2017"), &more(&read(&site, &half_year), 1));
        site
    }
    let files = |site: &Site| {
        let folder = release(site);
        (folder.file_name().unwrap().to_owned(), tree(&folder))
    };
    let at_once = spoilt();
    at_once.run();
    let told = problems(&at_once);
    for code in ["C025", "C026"] {
        assert!(told.iter().any(|line| line.starts_with(code)), "{told:?}");
    }
    // The list that jumps, all lists, or none of them are new in the second run; what is not new is read from the store.
    for held_back in ["税收_2018年1-3月", "税收", "B203财务状况_2018年1-3月"] {
        let site = spoilt();
        let inbox = site.path("inbox");
        let names: Vec<String> = tree(&inbox).into_keys().filter(|name| name.contains(held_back)).collect();
        assert!(!names.is_empty(), "{held_back}");
        let held: Vec<(&String, Vec<u8>)> =
            names.iter().map(|name| (name, fs::read(inbox.join(name)).unwrap())).collect();
        names.iter().for_each(|name| fs::remove_file(inbox.join(name)).unwrap());
        // Without the forms that say which quarters there are nothing is published, but all facts are made.
        let is_refused = held_back.starts_with("B203");
        assert_eq!(finish(&mut site.command(&["run"])).0, if is_refused { 4 } else { 0 }, "{held_back}");
        held.iter().for_each(|(name, bytes)| fs::write(inbox.join(name), bytes).unwrap());
        site.run();
        let ((id, now), (expected, before)) = (files(&site), files(&at_once));
        let differing: Vec<&String> = before.keys().filter(|name| now.get(*name) != Some(&before[*name])).collect();
        assert!(id == expected && differing.is_empty() && now.len() == before.len(), "{held_back}: {differing:?}");
    }
}

/// A site with quarterly products of industries in two real vintages, and a model that shows the whole economy's of the
/// year, fifteen quarters back, where the sample has its quarters.
fn with_quarterly_products(corpus: &Path) -> Site {
    let site = Site::new();
    for (file, name) in [
        ("o044_国内生产总值(现价).xlsx", "国内生产总值_20220301.xlsx"),
        ("o043_国内生产总值(现价).xlsx", "国内生产总值_20230301.xlsx"),
    ] {
        fs::copy(corpus.join(file), site.path("inbox").join(name)).unwrap();
    }
    // The older one has sixteen columns more, which somebody computed: differences of floating-point numbers.
    let industries = [
        "交通运输、仓储和邮政业",
        "住宿和餐饮业",
        "信息传输、软件和信息技术服务业",
        "其他行业",
        "农林牧渔业",
        "制造业",
        "工业",
        "建筑业",
        "房地产业",
        "批发和零售业",
        "租赁和商务服务业",
        "第一产业",
        "第三产业",
        "第二产业",
        "金融业",
    ];
    let computed: Vec<String> = industries.iter().map(|name| format!("\"{name}增加值\"")).collect();
    let product = format!(
        "title = \"国内生产总值\"\ndataset = \"quarterly_gdp\"\nmatch = \"国内生产总值_*\"\nperiod = \"rows\"\n\
         across = \"indicator\"\nvalue_name = \"gdp_fen\"\nvalue_unit = \"亿元\"\nconfidential = false\ncollection = \"published\"\nkey = [\"time\"]\n\
         ignore = [\"国内生产总值\", {}]\n\n\
         [[column]]\nname = \"time\"\nheader = [\"\"]\nkind = \"period\"\nvalue_required = true\n",
        computed.join(", ")
    );
    fs::write(site.path("config/sources/quarterly-gdp.toml"), product).unwrap();
    let model = "SELECT quarter - 15 AS quarter, MAX(gdp_fen) AS province_va_ytd_fen, MAX(0) AS province_growth_micro\n\
        FROM quarterly_gdp LEFT JOIN (SELECT DISTINCT quarter AS published FROM province_series) AS p \
        ON p.published = quarterly_gdp.quarter WHERE indicator = '国内生产总值_累计值' GROUP BY quarter\n";
    fs::write(site.path("pipelines/models/area/province_published.sql"), model).unwrap();
    site
}

#[test]
fn of_two_real_vintages_of_a_quarterly_table_only_the_restated_year_differs() {
    let Some(corpus) = shared("two real vintages of a quarterly table").map(|path| path.join("corpus")) else { return };
    let site = with_quarterly_products(&corpus);
    let run = |args: &[&str]| {
        let (code, _, stderr) = finish(&mut site.command(&[&["run"], args].concat()));
        assert_eq!(code, 0, "{stderr}");
        let tables = tree(&release(&site).join("tables"));
        ["2017Q1", "2017Q2", "2018Q1"].map(|quarter| {
            let name = tables.keys().find(|name| name.starts_with("province_quarter") && name.contains(quarter));
            let frame = parquet::read(tables[name.unwrap()].clone(), |_| true).unwrap().frame;
            frame.ints("province_va_ytd_fen").unwrap().get(0).map(|fen| fen / 1_000_000_000)
        })
    };
    // In tenths of 亿元, as the files have them: 2020, the first quarter of 2021, and 2021.
    assert_eq!(run(&[]), [Some(10_135_670), Some(2_492_002), Some(11_492_370)]);
    assert_eq!(
        run(&["--as-of", "2022-12-31", "--make-current"]),
        [Some(10_135_670), Some(2_479_850), Some(11_436_697)]
    );
    assert!(problems(&site).iter().all(|line| !line.contains("生产总值")), "{:?}", problems(&site));
    let [older, newer] = ["国内生产总值_20220301.xlsx", "国内生产总值_20230301.xlsx"].map(|name| {
        let facts = tree(&site.path("store/facts/quarterly_gdp"));
        let frames = facts.into_values().map(|bytes| parquet::read(bytes, |_| true).unwrap().frame);
        let frame = frames.into_iter().find(|frame| frame.texts("source_file").unwrap().get(0) == Some(name)).unwrap();
        let cells = |row: usize| ["time", "indicator", "gdp_fen"].map(|name| frame.column(name).unwrap().text(row));
        (0..frame.rows()).map(cells).collect::<std::collections::BTreeSet<_>>()
    });
    assert_eq!((older.len(), newer.len()), (88 * 32, 88 * 32), "both stay readable");
    let restated: Vec<_> = newer.difference(&older).collect();
    assert_eq!(restated.len(), 4 * 32, "every figure of one year");
    assert!(restated.iter().all(|[time, ..]| time.as_deref().is_some_and(|time| time.starts_with("2021Q"))));
}

#[test]
fn of_real_vintages_of_one_table_the_later_holds_and_the_older_stays_readable() {
    let Some(corpus) = shared("vintages of a real table").map(|path| path.join("corpus")) else { return };
    let site = Site::new();
    // As three people and a newer site gave it out: provinces' products of the years to 2019, 2023, 2024 and 2025.
    for (file, name) in [
        ("o021_分省年度数据.xls", "地区生产总值_20200301.xls"),
        ("o025_分省年度数据.xls", "地区生产总值_20240301.xls"),
        ("o003_分省年度数据.csv", "地区生产总值_20250301.csv"),
        ("o010_分省年度数据_6.csv", "地区生产总值_20260301.csv"),
    ] {
        fs::copy(corpus.join(file), site.path("inbox").join(name)).unwrap();
    }
    let product = "title = \"地区生产总值\"\ndataset = \"province_gdp\"\ncollection = \"published\"\nmatch = \"地区生产总值_*\"\nperiod = \"rows\"\n\
        across = \"period\"\nvalue_name = \"gdp_fen\"\nvalue_unit = \"亿元\"\nconfidential = false\nkey = [\"region_code\"]\n\n\
        [[column]]\nname = \"region_code\"\nheader = [\"地区\"]\nkind = \"region\"\nvalue_required = true\n";
    fs::write(site.path("config/sources/province-gdp.toml"), product).unwrap();
    // The published product of the whole economy in the place of industry's, to see which value a model gets; the series that the
    // measure rests on is read, too.
    let model = "SELECT quarter, MAX(gdp_fen) AS province_va_ytd_fen, MAX(0) AS province_growth_micro\n\
        FROM province_gdp LEFT JOIN (SELECT DISTINCT quarter AS published FROM province_series) AS p \
        ON p.published = province_gdp.quarter WHERE region_code = '410000' GROUP BY quarter\n";
    fs::write(site.path("pipelines/models/area/province_published.sql"), model).unwrap();
    let of_2017 = |args: &[&str]| {
        let (code, _, stderr) = finish(&mut site.command(&[&["run"], args].concat()));
        assert_eq!(code, 0, "{stderr}");
        let tables = tree(&release(&site).join("tables"));
        let name = tables.keys().find(|name| name.starts_with("province_quarter") && name.contains("2017Q4")).unwrap();
        let frame = parquet::read(tables[name].clone(), |_| true).unwrap().frame;
        frame.ints("province_va_ytd_fen").unwrap().get(0).expect("a value")
    };
    assert_eq!(of_2017(&[]), 445_865_000_000_000, "44586.5 亿元 after the census");
    assert_eq!(of_2017(&["--as-of", "2020-12-31", "--make-current"]), 445_528_300_000_000, "44552.83 亿元 before it");
    assert_eq!(tree(&site.path("store/facts/province_gdp")).len(), 4, "all four stay readable");
    assert!(problems(&site).iter().all(|line| !line.contains("生产总值")), "{:?}", problems(&site));
}
