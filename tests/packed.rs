//! What exports are packed in beside zip: gzip, tar and 7z, each with the limits, the names and the refusals of zip.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use read::archive::{is_archive, members};
use read::{Book, Encoding, Expect, Format, Limits, read};
use store::Digest;

use crate::archives::told;
use crate::readers::python;
use crate::support::exports::gb18030;
use crate::support::packs::{
    END, gzip, member, seven, seven_by_ppmd, seven_with_hidden_names, seven_with_password, stored_seven, tar,
};
use crate::support::zips::{archive, entry};
use crate::support::{finish, folder, mujun, not_run, root, sample};

/// Names of the members with their text, and what is said of the others.
fn opened(name: &str, bytes: &[u8], limits: &Limits) -> (Vec<(String, String)>, Vec<String>) {
    let (members, problems) = members(name, bytes, limits);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (members.into_iter().map(|member| (member.name, text(member.bytes))).collect(), told(&problems))
}

fn members_of(bytes: &[u8]) -> Vec<(String, String)> {
    assert!(is_archive(bytes));
    let (members, told) = opened("a", bytes, &Limits::default());
    assert_eq!(told, Vec::<String>::new());
    members
}

fn problems_of(bytes: &[u8], limits: &Limits) -> (usize, Vec<String>) {
    assert!(is_archive(bytes));
    let (members, told) = opened("a", bytes, limits);
    (members.len(), told)
}

fn pair(name: &str, text: &str) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

fn one(name: &str, bytes: &[u8], limits: &Limits) -> (Option<Book>, Vec<String>) {
    let (book, problems) = read(name, bytes, &Expect::default(), limits);
    (book, told(&problems))
}

#[test]
fn an_export_in_gzip_is_read_as_what_it_is() {
    let (book, said) = one("报表.csv.gz", &gzip(&gb18030("代码,名称\n1,郑州\n")), &Limits::default());
    assert_eq!(said, Vec::<String>::new());
    let book = book.expect("a book");
    assert_eq!((book.format, book.encoding), (Format::Csv, Encoding::Gb18030));
    assert_eq!(book.sheets[0].row(1).cell(1), "郑州");
    // Several parts behind one another are one file.
    let parts = [gzip(b"a,b\n1,2\n"), gzip(b"3,4\n")].concat();
    let (book, _) = one("a.gz", &parts, &Limits::default());
    assert_eq!(book.expect("a book").sheets[0].len(), 3);
}

#[test]
fn the_suffix_before_that_of_gzip_is_held_against_the_content() {
    let (book, said) = one("a.xlsx.gz", &gzip(b"a,b\n1,2\n"), &Limits::default());
    assert!(book.is_some());
    assert_eq!(said, ["R005 a.xlsx.gz `.xlsx`"]);
}

#[test]
fn gzip_that_is_cut_off_or_damaged_or_lies_in_gzip_is_told() {
    let usual = Limits::default();
    let good = gzip("代码,值\n1,2\n".repeat(50).as_bytes());
    assert_eq!(one("a.gz", &good[..good.len() - 5], &usual).1, ["R040 a.gz `gzip without its end`"]);
    assert_eq!(one("a.gz", &good[..good.len() / 2], &usual).1, ["R040 a.gz `gzip without its end`"]);
    let mut bad = good.clone();
    let checksum = bad.len() - 6;
    bad[checksum] ^= 1;
    assert!(one("a.gz", &bad, &usual).1[0].starts_with("R004 a.gz `gzip: "));
    assert_eq!(one("a.gz", &gzip(&good), &usual).1, ["R022 a.gz"]);
    let zeros = gzip(&vec![b'0'; 1 << 20]);
    assert_eq!(
        one("a.gz", &zeros, &Limits { inflated_bytes: 1 << 19, ..usual }).1,
        ["R006 a.gz `more than 524288 bytes inflated (max_inflated_bytes)`"]
    );
    assert_eq!(
        one("a.gz", &zeros, &Limits { bytes: 9_999, ..usual }).1,
        ["R006 a.gz `more than 9999 bytes (max_file_bytes)`"]
    );
}

#[test]
fn members_of_tar_have_the_names_they_can_only_have() {
    let gbk = (gb18030("数据/目录.csv"), gb18030("目录"));
    assert_eq!(
        members_of(&tar(&[(&gbk.0, b"a,b"), (&gbk.1, b"c")])),
        [pair("数据/目录.csv", "a,b"), pair("目录", "c")]
    );
    assert_eq!(members_of(&tar(&[("数据/财务.csv".as_bytes(), b"a,b")])), [pair("数据/财务.csv", "a,b")]);
    // What most archives put before a name, and the folder that everything is in.
    let dotted = [member(b"./", b'5', b""), member(b"./a.csv", b'0', b"1"), END.to_vec()].concat();
    assert_eq!(members_of(&dotted), [pair("a.csv", "1")]);
}

#[test]
fn a_long_name_is_read_in_either_extension() {
    let name = format!("{}/报表.csv", "很长的文件夹名称".repeat(8));
    let mut gnu = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(1);
    gnu.append_data(&mut header, &name, &b"1"[..]).unwrap();
    assert_eq!(members_of(&gnu.into_inner().unwrap()), [pair(&name, "1")]);
    let record = format!(" path={name}\n");
    let len = record.len() + 3;
    let posix =
        [member(b"PaxHeaders/a", b'x', format!("{len}{record}").as_bytes()), member(b"a", b'0', b"1"), END.to_vec()];
    assert_eq!(members_of(&posix.concat()), [pair(&name, "1")]);
}

#[test]
fn tar_in_gzip_is_one_archive_and_two_more_are_too_deep() {
    let inner = tar(&[(b"c.csv", b"3")]);
    assert_eq!(members_of(&gzip(&inner)), [pair("c.csv", "3")]);
    let zip = archive(&[entry("b.tar.gz", gzip(&inner)), entry("a.csv", "1")]);
    assert_eq!(members_of(&zip), [pair("b.tar.gz/c.csv", "3"), pair("a.csv", "1")]);
    let zip_in_tar = gzip(&tar(&[(b"z.zip", &archive(&[entry("d.csv", "4")])), (b"s.7z", &seven())]));
    let (found, told) = opened("a.tgz", &zip_in_tar, &Limits::default());
    assert_eq!(found.len(), 4);
    assert_eq!((found[0].clone(), found[1].0.as_str()), (pair("z.zip/d.csv", "4"), "s.7z/报送/甲市.csv"));
    assert_eq!(told, Vec::<String>::new());
    let third = archive(&[entry("b.tar", tar(&[(b"c.tgz", &gzip(&inner)), (b"d.csv", b"1")]))]);
    assert_eq!(
        opened("a.zip", &third, &Limits::default()),
        (vec![pair("b.tar/d.csv", "1")], vec!["R022 a.zip/b.tar/c.tgz".to_owned()])
    );
}

#[test]
fn what_is_no_file_in_tar_is_told_and_the_others_go_on() {
    let bytes = [
        member(b"link.csv", b'2', b""),
        member(b"pipe", b'6', b""),
        member(b"../up.csv", b'0', b"1"),
        member(b"/etc/passwd", b'0', b"1"),
        member(b"__MACOSX/._a.csv", b'0', b"1"),
        member(b"twice.csv", b'0', b"1"),
        member(b"twice.csv", b'0', b"2"),
        member(b"good.csv", b'0', b"1,2"),
        END.to_vec(),
    ]
    .concat();
    let (found, told) = opened("a.tar", &bytes, &Limits::default());
    assert_eq!(found, [pair("good.csv", "1,2")]);
    assert_eq!(
        told,
        [
            "R020 a.tar/link.csv `a link`",
            "R020 a.tar/pipe `no plain file`",
            "R020 a.tar/../up.csv `a step out of the archive, or none`",
            "R020 a.tar//etc/passwd `an absolute path`",
            "R019 a.tar/__MACOSX/._a.csv",
            "R021 a.tar/twice.csv",
            "R021 a.tar/twice.csv"
        ]
    );
}

#[test]
fn tar_that_is_cut_off_gives_nothing_whether_between_members_or_within() {
    let whole = tar(&[(b"a.csv", &[b'1'; 600]), (b"b.csv", b"2")]);
    let cut = (0, vec!["R040 a `a tar archive without its end`".to_owned()]);
    for len in [700, 512 + 1024, 512 + 1024 + 512, 512 + 1024 + 600] {
        assert_eq!(problems_of(&whole[..len], &Limits::default()), cut, "{len}");
        assert_eq!(problems_of(&gzip(&whole[..len]), &Limits::default()), cut, "{len} in gzip");
    }
    let packed = gzip(&whole);
    assert_eq!(problems_of(&packed[..packed.len() - 4], &Limits::default()), cut);
}

#[test]
fn members_of_7z_are_read() {
    assert_eq!(
        members_of(&seven()),
        [pair("报送/甲市.csv", "代码,营业收入\n410100,12\n"), pair("乙.csv", "a,b\n1,2\n"), pair("空.csv", "")]
    );
    assert_eq!(
        members_of(&stored_seven(&[("甲.csv", b"12"), ("乙.csv", b"345")], &[2, 3])),
        [pair("甲.csv", "12"), pair("乙.csv", "345")]
    );
}

#[test]
fn a_7z_archive_with_a_password_or_of_a_rare_method_is_told_as_that() {
    let told = |bytes: &[u8]| problems_of(bytes, &Limits::default());
    assert_eq!(told(&seven_with_password()), (0, vec!["R009 a/报送/甲市.csv".to_owned(), "R009 a/乙.csv".to_owned()]));
    assert_eq!(told(&seven_with_hidden_names()), (0, vec!["R009 a".to_owned()]));
    assert_eq!(
        told(&seven_by_ppmd()),
        (0, vec!["R050 a/报送/甲市.csv `packed by PPMD`".to_owned(), "R050 a/乙.csv `packed by PPMD`".to_owned()])
    );
}

#[test]
fn a_7z_archive_that_lies_or_is_damaged_is_told() {
    let usual = Limits::default();
    let good = seven();
    for len in [6, 31, 40, good.len() - 1] {
        let (members, said) = problems_of(&good[..len], &usual);
        assert!(members == 0 && ["R004", "R040"].contains(&&said[0][..4]), "{len}: {said:?}");
    }
    let mut bad = good.clone();
    bad[40] ^= 1;
    assert!(problems_of(&bad, &usual).1.iter().any(|said| said.starts_with("R004")));
    // More than it holds, and more than anything may hold.
    assert!(problems_of(&stored_seven(&[("a", b"12"), ("b", b"3")], &[2, 7]), &usual).1[0].starts_with("R0"));
    let vast = stored_seven(&[("a", b"12"), ("b", b"3")], &[2, u64::MAX / 2]);
    assert_eq!(
        problems_of(&vast, &usual),
        (0, vec!["R006 a `more than 200 times its size, once unpacked (max_expansion)`".to_owned()])
    );
}

#[test]
fn limits_hold_for_every_kind_of_archive() {
    let usual = Limits::default();
    let files: Vec<(String, Vec<u8>)> = (0..20).map(|i| (format!("{i}.csv"), b"0123456789".to_vec())).collect();
    let of = |(name, content): &(String, Vec<u8>)| member(name.as_bytes(), b'0', content);
    let tar = [files.iter().flat_map(of).collect::<Vec<u8>>(), END.to_vec()].concat();
    let named: Vec<(&str, &[u8])> = files.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    let zip: Vec<_> = files.iter().map(|(name, content)| entry(name, content)).collect();
    let kinds = [archive(&zip), gzip(&tar), tar, stored_seven(&named, &[10; 20])];
    for bytes in &kinds {
        let many = problems_of(bytes, &Limits { members: 19, ..usual });
        assert_eq!(many, (0, vec!["R006 a `more than 19 members (max_members)`".to_owned()]));
        let (_, said) = problems_of(bytes, &Limits { inflated_bytes: 35, ..usual });
        assert_eq!(said, ["R006 a `more than 35 bytes inflated (max_inflated_bytes)`"]);
        let (members, said) = problems_of(bytes, &Limits { bytes: 9, ..usual });
        assert_eq!((members, said.len()), (0, 20));
        assert_eq!(said[0], "R006 a/0.csv `more than 9 bytes (max_file_bytes)`");
    }
}

#[test]
fn archives_that_python_writes_are_opened_alike() {
    let Some(python) = python("archives written by Python's tarfile, gzip and py7zr") else { return };
    let out = folder();
    let script = root().join("tests/readers/write_archives.py");
    let (code, stdout, stderr) = finish(Command::new(python).arg(script).arg(out.path()));
    assert_eq!(code, 0, "{stdout}{stderr}");
    if stdout.contains("no py7zr") {
        not_run("7z archives written by py7zr", "it is not installed: benches/peers/requirements.txt");
    }
    let list = fs::read_to_string(out.path().join("list.txt")).unwrap();
    let mut archives = 0;
    for part in list.split_terminator("\n\n") {
        let mut lines = part.lines();
        let file = lines.next().unwrap();
        let bytes = fs::read(out.path().join(file)).unwrap();
        let (found, problems) = members(file, &bytes, &Limits::default());
        assert_eq!(told(&problems), Vec::<String>::new(), "{file}");
        let mut found: Vec<String> =
            found.iter().map(|member| format!("{} {}", Digest::of(&member.bytes), member.name)).collect();
        found.sort();
        let mut truth: Vec<&str> = lines.collect();
        truth.sort_unstable();
        assert_eq!(found, truth, "{file}");
        archives += 1;
    }
    assert!(archives >= 40, "{archives}");
}

/// Files of a release with their content, but what tells runs apart.
fn figures(store: &Path) -> Vec<(String, Vec<u8>)> {
    let tree = crate::support::tree(&store.join("current/indicators"));
    tree.into_iter().collect()
}

#[test]
fn a_run_gives_the_same_figures_from_exports_packed_one_by_one_and_together() {
    let (out, plain, packed) = (folder(), folder(), folder());
    sample(out.path(), 31, 60, 4, 5);
    let run = |store: &Path| {
        let mut command = crate::support::run_sample(out.path(), store);
        let (code, _, stderr) = finish(&mut command);
        assert_eq!(code, 0, "{stderr}");
    };
    run(plain.path());
    let exports = out.path().join("exports");
    for (at, (name, bytes)) in crate::support::tree(&exports).into_iter().enumerate() {
        let path = exports.join(&name);
        fs::remove_file(&path).unwrap();
        match at % 3 {
            0 => fs::write(format!("{}.gz", path.display()), gzip(&bytes)).unwrap(),
            1 => {
                let mut builder = tar::Builder::new(Vec::new());
                let mut header = tar::Header::new_gnu();
                header.set_size(bytes.len() as u64);
                builder.append_data(&mut header, &name, &bytes[..]).unwrap();
                let tar = builder.into_inner().unwrap();
                fs::write(exports.join(format!("{at}.tgz")), gzip(&tar)).unwrap();
            }
            _ => {
                let len = u64::try_from(bytes.len()).unwrap();
                fs::write(exports.join(format!("{at}.7z")), stored_seven(&[(&name, &bytes)], &[len])).unwrap();
            }
        }
    }
    run(packed.path());
    assert_eq!(figures(plain.path()), figures(packed.path()));
    assert!(!figures(packed.path()).is_empty());
}

#[test]
fn a_draft_of_what_is_packed_is_a_definition_that_runs() {
    let work = folder();
    let csv = "地区,2018年3月,2018年6月\n郑州市,12,13\n开封市,4,5\n洛阳市,6,7\n".as_bytes();
    let files = [
        ("甲表.csv.gz", gzip(csv)),
        ("乙表.tar", tar(&[("乙表.csv".as_bytes(), csv), ("说明.txt".as_bytes(), b"-")])),
        ("丙表.7z", stored_seven(&[("丙表.csv", csv)], &[u64::try_from(csv.len()).unwrap()])),
        ("丁表.zip", archive(&[entry("丁表.csv", csv)])),
    ];
    for (name, bytes) in files {
        let path = work.path().join(name);
        fs::File::create(&path).unwrap().write_all(&bytes).unwrap();
        let (code, draft, stderr) = finish(mujun(work.path()).arg("inspect").arg(&path).arg("--draft"));
        assert_eq!(code, 0, "{name}: {stderr}");
        let definition: toml::Table = toml::from_str(&draft).unwrap_or_else(|error| panic!("{name}: {error}\n{draft}"));
        assert_eq!(definition["format"].as_str(), Some("csv"), "{draft}");
        assert!(definition["match"].as_str().is_some_and(|pattern| pattern.contains(&name[..6])), "{draft}");
    }
    let path = work.path().join("a.pdf");
    fs::write(&path, b"%PDF-1.7\n").unwrap();
    let (code, draft, stderr) = finish(mujun(work.path()).arg("inspect").arg(&path).arg("--draft"));
    assert_eq!((code, draft.as_str()), (2, ""));
    assert!(stderr.contains("R052"), "{stderr}");
}

/// What stands for chance: the same in every run.
fn dice(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap()
}

#[test]
fn whatever_bytes_are_changed_an_archive_stays_within_its_limits() {
    let limits = Limits { inflated_bytes: 1 << 20, ..Limits::default() };
    let plain = tar(&[("数据/a.csv".as_bytes(), &[b'1'; 700]), (b"b.csv", b"2")]);
    let archives =
        [seven(), seven_with_password(), stored_seven(&[("a", b"12"), ("b", b"3")], &[2, 1]), gzip(&plain), plain];
    let mut state = 5;
    for bytes in &archives {
        for _ in 0..1_500 {
            let mut bad = bytes.clone();
            for _ in 0..=dice(&mut state) % 3 {
                let at = dice(&mut state) % bad.len();
                bad[at] = u8::try_from(dice(&mut state) % 256).unwrap();
            }
            if dice(&mut state).is_multiple_of(4) {
                bad.truncate(dice(&mut state) % bad.len());
            }
            let (members, problems) = members("a", &bad, &limits);
            assert!(members.iter().map(|member| member.bytes.len()).sum::<usize>() <= limits.inflated_bytes);
            assert!(!members.is_empty() || !problems.is_empty(), "nothing was taken, and nothing was said: {bad:?}");
            let _ = read("a.gz", &bad, &Expect::default(), &limits);
        }
    }
}
