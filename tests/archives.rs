//! Archives of exports: their members under their right names, and a run that reads them.

use read::Limits;
use read::archive::{is_archive, members};
use store::parquet;
use vocab::{Problem, Said};

use crate::support::exports::{gb18030, xlsx};
use crate::support::zips::{Entry, archive, entry};
use crate::support::{finish, folder, mujun, root, shared, tree};

pub(crate) fn told(problems: &[Problem]) -> Vec<String> {
    let one = |problem: &Problem| {
        let value = problem.value.as_ref().map(Said::en).map_or(String::new(), |value| format!(" `{value}`"));
        format!("{} {}{value}", problem.rule.code, problem.place)
    };
    problems.iter().map(one).collect()
}

/// Names of the members, and what is said of the others.
fn opened(bytes: &[u8], limits: &Limits) -> (Vec<String>, Vec<String>) {
    let (members, problems) = members("a.zip", bytes, limits);
    (members.into_iter().map(|member| member.name).collect(), told(&problems))
}

fn names(bytes: &[u8]) -> Vec<String> {
    let (names, told) = opened(bytes, &Limits::default());
    assert_eq!(told, Vec::<String>::new());
    names
}

#[test]
fn names_are_read_in_the_encoding_they_can_only_be_in() {
    let utf8 = |name: &str| Entry { flags: 0x800, ..entry(name, "a,b") };
    // In GBK these bytes are UTF-8 too, of two bytes a character.
    assert_eq!(String::from_utf8(gb18030("目录")).expect("UTF-8"), "Ŀ¼");
    assert_eq!(
        names(&archive(&[entry(gb18030("数据/财务状况.csv"), "a,b"), entry(gb18030("目录"), "a,b")])),
        ["数据/财务状况.csv", "目录"]
    );
    assert_eq!(names(&archive(&[entry(gb18030("目录"), "a,b")])), ["目录"]);
    assert_eq!(names(&archive(&[entry("数据/财务.csv", "a,b"), entry("b.csv", "c")])), ["数据/财务.csv", "b.csv"]);
    assert_eq!(names(&archive(&[utf8("郑州.csv"), entry(gb18030("开封.csv"), "c")])), ["郑州.csv", "开封.csv"]);
    let with_path = Entry { unicode_path: Some("郑州.csv"), ..entry(gb18030("郑州.csv"), "a,b") };
    assert_eq!(names(&archive(&[with_path, entry(gb18030("开封.csv"), "c")])), ["郑州.csv", "开封.csv"]);
}

#[test]
fn a_real_archive_with_names_in_gbk_is_opened() {
    let Some(corpus) = shared("a real archive with names in GBK").map(|path| path.join("corpus")) else { return };
    let bytes = std::fs::read(corpus.join("o057_数据.zip")).unwrap();
    assert!(is_archive(&bytes));
    let (members, problems) = members("o057_数据.zip", &bytes, &Limits::default());
    assert_eq!(told(&problems), Vec::<String>::new());
    assert_eq!(members.len(), 33);
    let of = |member: &read::archive::Member| (member.name.clone(), member.bytes.len());
    assert_eq!(of(&members[0]), ("数据/丽丝胺罗丹明b/0.2mmol钙钛矿在上iv关灯.csv".to_owned(), 20_833));
    assert_eq!(of(&members[32]), ("数据/铌酸锂2/阻抗z.opju".to_owned(), 48_738));
}

#[test]
fn a_document_that_is_a_zip_archive_is_no_archive_of_files() {
    assert!(!is_archive(&xlsx(|workbook| {
        workbook.add_worksheet();
    })));
    assert!(!is_archive(b"a,b\n1,2\n"));
    assert!(!is_archive(b"PK\x03\x04 and nothing more"));
    assert!(is_archive(&archive(&[entry("book.xlsx", "")])));
}

#[test]
fn an_archive_in_an_archive_is_opened_and_a_third_one_is_not() {
    let third = archive(&[entry("丙.csv", "c")]);
    let second = archive(&[entry("third.zip", &third), entry("乙.csv", "b")]);
    let first = archive(&[entry("甲.csv", "a"), entry("上报/second.zip", &second)]);
    let (names, told) = opened(&first, &Limits::default());
    assert_eq!(names, ["甲.csv", "上报/second.zip/乙.csv"]);
    assert_eq!(told, ["R022 a.zip/上报/second.zip/third.zip"]);
}

#[test]
fn what_is_no_export_is_passed_over_by_a_named_rule() {
    let bytes = archive(&[
        entry("数据/", ""),
        entry("数据/a.csv", "a"),
        entry("__MACOSX/数据/._a.csv", "x"),
        entry("数据/.DS_Store", "x"),
        entry("数据/Thumbs.db", "x"),
        entry("数据/~$a.xlsx", "x"),
    ]);
    let (names, told) = opened(&bytes, &Limits::default());
    assert_eq!(names, ["数据/a.csv"]);
    assert_eq!(
        told,
        [
            "R019 a.zip/__MACOSX/数据/._a.csv",
            "R019 a.zip/数据/.DS_Store",
            "R019 a.zip/数据/Thumbs.db",
            "R019 a.zip/数据/~$a.xlsx"
        ]
    );
}

#[test]
fn a_member_that_cannot_be_taken_is_told_and_the_others_go_on() {
    let bytes = archive(&[
        entry("../up.csv", "a"),
        entry("/etc/passwd", "a"),
        entry("C:/a.csv", "a"),
        entry("a\\b.csv", "a"),
        entry("a\0.csv", "a"),
        entry("a//b.csv", "a"),
        entry("folder/", "with bytes"),
        entry(b"\xFF\xFF.csv", "a"),
        Entry { mode: 0o120_777, ..entry("link.csv", "/etc/passwd") },
        Entry { flags: 1, ..entry("secret.csv", "0123456789ab and more") },
        Entry { crc: 7, ..entry("broken.csv", "a") },
        Entry { method: 12, ..entry("bzip2.csv", "a") },
        entry("good.csv", "a"),
    ]);
    let (names, told) = opened(&bytes, &Limits::default());
    assert_eq!(names, ["good.csv"]);
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn members_of_one_name_are_told_and_none_of_them_is_taken() {
    let twice = archive(&[entry("a.csv", "1"), entry("b.csv", "2"), entry("a.csv", "3")]);
    assert_eq!(opened(&twice, &Limits::default()), (vec![], vec!["R021 a.zip".to_owned()]));
    // The same name in two encodings.
    let utf8 = Entry { flags: 0x800, ..entry("表.csv", "1") };
    let twice = archive(&[utf8, entry(gb18030("表.csv"), "2"), entry("b.csv", "3")]);
    let told = vec!["R021 a.zip/表.csv".to_owned(); 2];
    assert_eq!(opened(&twice, &Limits::default()), (vec!["b.csv".to_owned()], told));
}

#[test]
fn an_archive_beyond_a_limit_is_read_no_further() {
    let many: Vec<Entry> = (0..20).map(|i| entry(format!("{i}.csv"), "0123456789")).collect();
    let usual = Limits::default();
    let told = |limits: &Limits| opened(&archive(&many), limits);
    assert_eq!(
        told(&Limits { members: 19, ..usual }),
        (vec![], vec!["R006 a.zip `more than 19 members (max_members)`".to_owned()])
    );
    let (names, problems) = told(&Limits { inflated_bytes: 35, ..usual });
    assert_eq!(
        (names.len(), problems),
        (3, vec!["R006 a.zip `more than 35 bytes inflated (max_inflated_bytes)`".to_owned()])
    );
    let (names, problems) = told(&Limits { bytes: 9, ..usual });
    assert_eq!((names.len(), problems.len()), (0, 20));
    assert_eq!(problems[0], "R006 a.zip/0.csv `more than 9 bytes (max_file_bytes)`");
}

/// The sample's inbox with the exports of one bureau in an archive, whose names are GBK, beside a file nobody claims.
fn packed_inbox(into: &std::path::Path) -> usize {
    let mut packed = vec![entry(gb18030("说明.txt"), "请查收"), entry("__MACOSX/._x", "x"), entry("../out.csv", "x")];
    let exports = tree(&root().join("examples/exports"));
    for (name, bytes) in &exports {
        if name.contains("B203") {
            packed.push(entry(gb18030(name), bytes));
        } else {
            let path = into.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    std::fs::write(into.join("2018年报送.zip"), archive(&packed)).unwrap();
    packed.len() - 3
}

/// The tables of a release: they hold no name of a file.
fn tables(store: &std::path::Path) -> Vec<(String, String)> {
    let release = store.join("current").canonicalize().unwrap();
    let tables = tree(&release).into_iter().filter(|(name, _)| name.starts_with("tables/"));
    // The footer names the release, which is another one.
    let read = |bytes: Vec<u8>| format!("{:?}", parquet::read(bytes, |_| true).unwrap().frame);
    tables.map(|(name, bytes)| (name, read(bytes))).collect()
}

#[test]
fn a_run_reads_the_members_of_an_archive_as_exports_of_their_own() {
    let (inbox, store, loose) = (folder(), folder(), folder());
    let packed = packed_inbox(inbox.path());
    assert!(packed > 0);
    let command = |verb: &str| {
        let mut command = mujun(store.path());
        command.arg(verb);
        if verb != "verify" {
            command.arg("--inbox").arg(inbox.path());
        }
        finish(command.args(["--format", "json"]))
    };
    let planned = |stdout: &str| {
        let plan: serde_json::Value = serde_json::from_str(stdout).unwrap();
        let exports = plan["exports"].as_array().unwrap().clone();
        let members = exports.into_iter().filter(|export| export["name"].as_str().unwrap().contains(".zip"));
        members
            .map(|export| format!("{} {}", export["name"].as_str().unwrap(), export["action"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let (code, stdout, stderr) = command("plan");
    assert_eq!(code, 0, "{stderr}");
    let before = planned(&stdout);
    assert_eq!(before.len(), packed + 1, "{before:?}");
    assert!(before.contains(&"2018年报送.zip/说明.txt unclaimed".to_owned()), "{before:?}");
    assert_eq!(before.iter().filter(|line| line.ends_with(" new")).count(), packed);

    let (code, stdout, stderr) = command("run");
    assert_eq!(code, 0, "{stdout}{stderr}");
    for said in ["R020", "2018年报送.zip/../out.csv", "2018年报送.zip/说明.txt"] {
        assert!(stdout.contains(said), "{said}: {stdout}");
    }
    let (code, _, stderr) = finish(mujun(loose.path()).arg("run"));
    assert_eq!(code, 0, "{stderr}");
    let (packed_tables, loose_tables) = (tables(store.path()), tables(loose.path()));
    assert!(loose_tables.len() > 30);
    for ((name, packed), (_, loose)) in packed_tables.iter().zip(&loose_tables) {
        assert!(packed == loose, "{name}: the same figures, loose or packed");
    }

    // Nothing is opened again, and nothing of what was said is forgotten.
    let (_, stdout, _) = command("plan");
    let plan: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(plan["reason"], serde_json::Value::Null, "{stdout}");
    assert_eq!(planned(&stdout).iter().filter(|line| line.ends_with(" unchanged")).count(), packed);
    assert_eq!(command("verify").0, 0);
}
