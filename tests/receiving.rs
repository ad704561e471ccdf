//! Receiving: files that are still on their way, what cannot be read, and what is gone.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use protect::Profile;
use read::{Expect, Limits, read};
use run::{Options, Setup};
use tempfile::TempDir;

use crate::cli::copy;
use crate::support::exports::{compound, ods, xls, zipped};
use crate::support::{finish, folder, mujun, root, sample, tree};

/// A small sample with a configuration of its own.
struct Site {
    work: TempDir,
}

impl Site {
    fn new() -> Site {
        let work = folder();
        sample(work.path(), 4, 30, 2, 5);
        copy(&root().join("config"), &work.path().join("site"));
        let site = Site { work };
        site.set("inbox = \"../examples/exports\"", "inbox = \"../exports\"");
        site.set("\"../pipelines", &format!("\"{}/pipelines", root().display()));
        site
    }

    fn config(&self) -> PathBuf {
        self.work.path().join("site")
    }

    fn store(&self) -> PathBuf {
        self.work.path().join("store")
    }

    fn inbox(&self) -> PathBuf {
        self.work.path().join("exports")
    }

    /// The first export whose name holds `part`, relative to the inbox.
    fn export(&self, part: &str) -> String {
        tree(&self.inbox()).into_keys().find(|name| name.contains(part)).unwrap()
    }

    /// Writes another setting in place of one.
    fn set(&self, old: &str, new: &str) {
        let path = self.config().join("site.toml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{old}");
        fs::write(path, text.replacen(old, new, 1)).unwrap();
    }

    fn command(&self, name: &str) -> Command {
        let mut command = mujun(&self.store());
        command.args([name, "--lang", "en", "--config"]).arg(self.config());
        command.arg("--registers").arg(self.work.path().join("config/registers"));
        command
    }

    fn run(&self) -> (i32, String) {
        let (code, stdout, stderr) = finish(&mut self.command("run"));
        (code, stdout + &stderr)
    }

    /// What is not taken by a run that begins so many seconds after the last change of `export`.
    fn held(&self, export: &str, after: i64) -> Vec<String> {
        let changed = fs::metadata(self.inbox().join(export)).unwrap().ctime();
        let setup = Setup::load(Options {
            config: self.config(),
            store: Some(self.store()),
            inbox: None,
            registers: Some(self.work.path().join("config/registers")),
            span: None,
            as_of: None,
            profile: Profile::Internal,
            make_current: false,
            now: changed + after,
        });
        let plan = run::plan(&setup.unwrap()).unwrap();
        let held = plan.not_taken.into_iter().filter(|problem| problem.place.file == export);
        held.map(|problem| format!("{} {}", problem.rule.code, problem.value.unwrap_or_default())).collect()
    }
}

const NOTHING: &str = "F040 nothing was received under this name before";
const STANDS: &str = "F040 what was received under this name before stands";

#[test]
fn a_file_is_taken_once_it_is_at_rest() {
    let site = Site::new();
    site.set("quiet_seconds = 0", "quiet_seconds = 10");
    let form = site.export("B203");
    assert_eq!(site.held(&form, 0), [NOTHING]);
    assert_eq!(site.held(&form, 9), [NOTHING]);
    assert_eq!(site.held(&form, 10), [""; 0]);
    // Left out, it is ten seconds; zero does not wait.
    site.set("quiet_seconds = 10", "");
    assert_eq!(site.held(&form, 9), [NOTHING]);
    site.set("[receive]", "[receive]\nquiet_seconds = 0");
    assert_eq!(site.held(&form, 0), [""; 0]);
}

#[test]
fn no_clock_holds_a_file_for_ever() {
    let site = Site::new();
    site.set("quiet_seconds = 0", "quiet_seconds = 10");
    let form = site.export("B203");
    // The clock of a file server that is ahead by a minute, and one that was once set to another day.
    assert_eq!(site.held(&form, -60), [NOTHING]);
    assert_eq!(site.held(&form, -86_400), [""; 0]);
    // A time of change that was set by hand to the end of the century.
    let far = SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
    File::options().write(true).open(site.inbox().join(&form)).unwrap().set_modified(far).unwrap();
    assert_eq!(site.held(&form, 3), [NOTHING]);
    assert_eq!(site.held(&form, 10), [""; 0]);
}

#[test]
fn while_a_file_is_copied_over_the_one_before_the_one_before_stands() {
    let site = Site::new();
    let form = site.export("B203");
    let (code, said) = site.run();
    assert_eq!(code, 0, "{said}");
    let facts = |said: &str| {
        let counts = said.lines().find(|line| line.contains("rows of facts")).unwrap().to_owned();
        counts.split_once(" exports, ").unwrap().1.to_owned()
    };
    let before = facts(&said);
    // Most of the new content is there.
    let path = site.inbox().join(&form);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() * 9 / 10]).unwrap();
    site.set("quiet_seconds = 0", "quiet_seconds = 86400");
    assert_eq!(site.held(&form, 0), [STANDS]);
    let (code, said) = site.run();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("F040 ×1") && said.contains(&form), "{said}");
    assert_eq!(facts(&said), before, "{said}");
    // The others, which are as young, were taken before and are not held.
    assert!(!said.contains("F040 ×2"), "{said}");
    let (code, said) = site.run();
    assert!(code == 0 && said.contains("Nothing to do") && said.contains(STANDS.split_once(' ').unwrap().1), "{said}");
    let (code, strict, _) = finish(site.command("plan").args(["--format", "json"]));
    assert!(code == 0 && strict.contains("\"not_taken\":[{\"code\":\"F040\""), "{strict}");
    site.set("quiet_seconds = 86400", "quiet_seconds = 0");
    let (_, said) = site.run();
    assert!(!said.contains("F040") && facts(&said) != before, "{said}");
}

#[test]
fn what_cannot_be_read_stops_nothing_and_is_told_by_its_own_code() {
    let site = Site::new();
    let inbox = site.inbox();
    symlink("没有这个文件.csv", inbox.join("断链.csv")).unwrap();
    symlink("自指.csv", inbox.join("自指.csv")).unwrap();
    // Whoever may read everything cannot read this either.
    symlink("/proc/self/mem", inbox.join("读不出.csv")).unwrap();
    symlink(&inbox, inbox.join("回到自身")).unwrap();
    assert!(Command::new("mkfifo").arg(inbox.join("管道.csv")).status().unwrap().success());
    let _socket = UnixListener::bind(inbox.join("套接字")).unwrap();
    fs::write(inbox.join(std::ffi::OsStr::from_bytes(b"a\x1b[31m.csv")), "a,b\n1,2\n").unwrap();
    for name in ["B203.csv.part", "B203.csv.filepart", "未确认.crdownload", "税收.xlsx.TMP", "年鉴.xls.!ut", "x.xltd"]
    {
        fs::write(inbox.join(name), "a,b\n1,2\n").unwrap();
    }
    fs::write(inbox.join("~$B203.xlsx"), "x").unwrap();
    let (code, said) = site.run();
    assert_eq!(code, 0, "{said}");
    let lines: Vec<&str> = said.lines().filter(|line| line.trim_start().starts_with("F04")).collect();
    let count =
        |code: &str| lines.iter().find(|line| line.contains(code)).map(|line| line.trim().split("  ").next().unwrap());
    assert_eq!(count("F041"), Some("F041 ×6"), "{said}");
    assert_eq!(count("F042"), Some("F042 ×1"), "{said}");
    assert_eq!(count("F043"), Some("F043 ×2"), "{said}");
    assert_eq!(count("F044"), Some("F044 ×2"), "{said}");
    assert_eq!(count("F045"), Some("F045 ×1"), "{said}");
    assert!(!said.contains('\u{1b}'), "{said}");
}

#[test]
fn a_pipe_is_refused_and_nobody_waits_for_who_writes_into_it() {
    let work = folder();
    let pipe = work.path().join("a.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (code, stdout, stderr) = finish(mujun(work.path()).arg("inspect").arg(&pipe).args(["--lang", "en"]));
    assert_eq!(code, 2, "{stdout}{stderr}");
    assert!(stdout.contains("F044") && stdout.contains("a pipe"), "{stdout}");
}

#[test]
fn what_the_last_run_used_and_is_gone_is_told_also_if_that_run_was_refused() {
    let site = Site::new();
    site.set("max_quarantine_share = 0.05", "max_quarantine_share = 0.0");
    let (code, said) = site.run();
    assert_eq!(code, 4, "{said}");
    let form = site.export("B203");
    fs::remove_file(site.inbox().join(&form)).unwrap();
    let (code, plan, stderr) = finish(&mut site.command("plan"));
    assert_eq!(code, 0, "{plan}{stderr}");
    assert!(plan.contains("F005") && plan.contains(&form), "{plan}");
    let (code, said) = site.run();
    assert!(code == 4 && said.contains(&form), "{said}");
}

/// What is said of a file whose end is missing.
fn cut(name: &str, bytes: &[u8], missing: usize) -> Vec<&'static str> {
    let (book, problems) = read(name, &bytes[..bytes.len() - missing], &Expect::default(), &Limits::default());
    assert!(book.is_none(), "{name}");
    problems.iter().map(|problem| problem.rule.code).collect()
}

#[test]
fn a_file_that_lacks_its_end_is_told_to_be_cut_off() {
    let sheet = "<office:body><office:spreadsheet><table:table table:name=\"a\"/></office:spreadsheet></office:body>";
    assert_eq!(cut("a.ods", &ods(sheet), 40), ["R040"]);
    assert_eq!(
        cut("a.xlsx", &zipped(&[("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>")]), 80),
        ["R040"]
    );
    assert_eq!(cut("a.xls", &compound("Workbook", vec![7; 9000]), 2048), ["R040"]);
    assert_eq!(cut("b.xls", &xls(0x0600, &[], &[vec![0; 6000]]), 2048), ["R040"]);
    let page = format!("<html><table>{}</table></html>", "<tr><td>郑州</td><td>1</td></tr>".repeat(40));
    assert_eq!(cut("a.html", page.as_bytes(), 60), ["R040"]);
    let xml = format!(
        "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet Name=\"a\">\
         <Table>{}</Table></Worksheet></Workbook>",
        "<Row><Cell><Data>1</Data></Cell></Row>".repeat(9)
    );
    assert_eq!(cut("a.xml", xml.as_bytes(), 11), ["R040"]);
    let json = "{\"returncode\":200,\"returndata\":{\"datanodes\":[],\"wdnodes\":[]}}";
    assert_eq!(cut("a.json", json.as_bytes(), 3), ["R040"]);
}

#[test]
fn a_file_that_grows_between_listing_and_reading_is_not_taken() {
    use store::{Error, list_inbox, read_listed};
    let work = folder();
    fs::write(work.path().join("a.csv"), "a,b\n").unwrap();
    let listing = list_inbox(work.path()).unwrap();
    let [file] = listing.files.as_slice() else { panic!("{listing:?}") };
    assert_eq!(read_listed(file, 100).unwrap(), b"a,b\n");
    fs::write(work.path().join("a.csv"), "a,b\n1,2\n").unwrap();
    assert!(matches!(read_listed(file, 100), Err(Error::StillChanging { .. })));
    assert!(matches!(list_inbox(Path::new("/nowhere")), Err(Error::Io { .. })));
}
