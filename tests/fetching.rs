//! Sources with an address, from the server to the release: what misbehaves costs no export, no other source, and no run.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use store::{Digest, Store, parquet};
use tempfile::TempDir;

use crate::cli::{LENIENT, SMALL, bare, copy, json, without_tests};
use crate::support::tls::Authority;
use crate::support::{finish, folder, tree};

/// The source that misbehaves: price indices, published, in UTF-8.
const PRICE: &str = "分行业工业生产者出厂价格指数.csv";
/// The good one beside it: value added of the province.
const VALUE_ADDED: &str = "规模以上工业增加值.csv";

/// A server in this process: each request is given to `answer` with the stream, the number of the request from 0 and its
/// head and body in small letters.
pub(crate) struct Server {
    pub(crate) address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&mut TcpStream, usize, &str) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (answer, seen, count) = (Arc::new(answer), Arc::clone(&heads), Arc::new(AtomicUsize::new(0)));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let (answer, seen, count) = (Arc::clone(&answer), Arc::clone(&seen), Arc::clone(&count));
                std::thread::spawn(move || {
                    let mut head = Vec::new();
                    let mut byte = [0];
                    while !head.ends_with(b"\r\n\r\n") {
                        match stream.read(&mut byte) {
                            Ok(1) => head.push(byte[0]),
                            _ => break,
                        }
                    }
                    let mut head = String::from_utf8_lossy(&head).to_lowercase();
                    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                    let mut body = vec![0; length.unwrap_or(0)];
                    if stream.read_exact(&mut body).is_ok() {
                        head += &String::from_utf8_lossy(&body).to_lowercase();
                    }
                    seen.lock().unwrap().push(head.clone());
                    answer(&mut stream, count.fetch_add(1, Ordering::SeqCst), &head);
                });
            }
        });
        Server { address, heads }
    }

    /// Always this, whole.
    fn good(bytes: Vec<u8>) -> Server {
        Server::start(move |stream, _, _| send(stream, &whole("", &bytes)))
    }

    fn url(&self) -> String {
        format!("http://{}/export.csv", self.address)
    }

    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

pub(crate) fn send(stream: &mut TcpStream, bytes: &[u8]) {
    // A client that has heard enough is no failure of the server's.
    let _ = stream.write_all(bytes);
}

/// Until the other side gives up.
fn hold(stream: &mut TcpStream) {
    let _ = stream.read(&mut [0]);
}

pub(crate) fn reply(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

/// With the length of the body.
pub(crate) fn whole(headers: &str, body: &[u8]) -> Vec<u8> {
    reply("200 OK", &format!("Content-Length: {}\r\n{headers}", body.len()), body)
}

/// An installation with two sources that are fetched, and everything else in its inbox.
struct Place {
    folder: TempDir,
}

/// Both sources have been fetched and published once, without trouble. The price index of one division is then another one
/// in what is served as new.
static PUBLISHED: LazyLock<PathBuf> = LazyLock::new(|| {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fetching");
    let _ = fs::remove_dir_all(&out);
    empty(&out);
    let place = |name: &str| out.join(name);
    address(&out, "producer-price", PRICE, &Server::good(price()).url(), "");
    address(&out, "province-value-added", VALUE_ADDED, &Server::good(value_added()).url(), "");
    let mut run = bare(&["run", "--quiet"]);
    run.arg("--config").arg(place("config")).arg("--inbox").arg(place("inbox")).arg("--store").arg(place("store"));
    let (code, _, stderr) = finish(&mut run);
    assert_eq!(code, 0, "{stderr}");
    out
});

/// The small sample without the exports of the two sources, in a folder.
fn empty(out: &Path) {
    copy(&LENIENT.join("config"), &out.join("config"));
    copy(&LENIENT.join("pipelines"), &out.join("pipelines"));
    copy(&SMALL.join("config/registers"), &out.join("config/registers"));
    copy(&SMALL.join("exports"), &out.join("inbox"));
    for name in tree(&out.join("inbox")).into_keys() {
        if name.contains("价格指数") || name.contains("规模以上工业增加值_") {
            fs::remove_file(out.join("inbox").join(name)).unwrap();
        }
    }
    let settings = "concurrency = 4\nattempts = 2\npause_seconds = 0.001\ntimeout_seconds = 20";
    let text = fs::read_to_string(out.join("config/site.toml")).unwrap();
    let (before, _) = text.split_once("[fetch]").unwrap();
    fs::write(out.join("config/site.toml"), format!("{before}[fetch]\n{settings}\n")).unwrap();
}

/// The export of the sample whose name holds `part`.
fn exported(part: &str) -> Vec<u8> {
    let exports = tree(&SMALL.join("exports"));
    exports.into_iter().find(|(name, _)| name.contains(part)).unwrap().1
}

fn price() -> Vec<u8> {
    exported("价格指数")
}

fn value_added() -> Vec<u8> {
    exported("规模以上工业增加值_")
}

/// The same export with other figures: every digit 7 is an 8.
fn newer(bytes: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let (last, before) = lines.split_last().unwrap();
    let changed: Vec<u8> = last.iter().map(|byte| if *byte == b'7' { b'8' } else { *byte }).collect();
    let changed = if changed == *last { [last, &b"\n"[..]].concat() } else { changed };
    [before.concat(), changed].concat()
}

/// Gives a source an address, and what else its definition is to say above its columns.
fn address(out: &Path, source: &str, file_name: &str, url: &str, more: &str) {
    let path = out.join(format!("config/sources/{source}.toml"));
    let text = fs::read_to_string(&path).unwrap();
    let mine: String =
        text.lines().filter(|line| !line.ends_with("# fetched")).map(|line| format!("{line}\n")).collect();
    let (top, fetch) = more.split_once("[fetch]").unwrap_or((more, ""));
    let lines = |text: &str| {
        text.lines().filter(|line| !line.is_empty()).map(|line| format!("{line} # fetched\n")).collect::<String>()
    };
    let top = format!("url = \"{url}\"\nfile_name = \"{file_name}\"\n{top}");
    let table = if fetch.is_empty() { String::new() } else { format!("\n[fetch] # fetched\n{}", lines(fetch)) };
    let at = mine.find("\n[[column]]").unwrap();
    let (head, rest) = mine.split_at(at + 1);
    fs::write(path, format!("{head}{}{}\n{rest}", lines(&top), table)).unwrap();
}

impl Place {
    /// A copy of the installation in which everything was published once.
    fn published() -> Place {
        let folder = folder();
        let copied = Command::new("cp").arg("-a").arg(PUBLISHED.join(".")).arg(folder.path()).status().unwrap();
        assert!(copied.success());
        Place { folder }
    }

    /// An installation that has fetched nothing yet.
    fn new() -> Place {
        let folder = folder();
        empty(folder.path());
        Place { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn price(&self, url: &str, more: &str) -> &Place {
        address(self.folder.path(), "producer-price", PRICE, url, more);
        self
    }

    fn value_added(&self, url: &str) -> &Place {
        address(self.folder.path(), "province-value-added", VALUE_ADDED, url, "");
        self
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = bare(args);
        command.args(["--quiet", "--lang", "en"]).arg("--config").arg(self.path("config"));
        command.arg("--inbox").arg(self.path("inbox")).arg("--store").arg(self.path("store"));
        command
    }

    fn run(&self) -> (i32, String, String) {
        finish(&mut self.command(&["run"]))
    }

    /// The sources in trouble, as JSON.
    fn troubles(&self) -> (i32, Vec<serde_json::Value>) {
        let (code, stdout, stderr) = finish(&mut self.command(&["run", "--format", "json"]));
        let told = json(&stdout);
        let troubles = if told["outcome"] == "published" { &told["summary"]["troubles"] } else { &told["troubles"] };
        (code, troubles.as_array().unwrap_or_else(|| panic!("{stdout}{stderr}")).clone())
    }

    fn table(&self, name: &str, columns: &[&str]) -> Vec<Vec<String>> {
        let bytes = fs::read(self.path("store/current/quality").join(name).join("part-0.parquet")).unwrap();
        let frame = parquet::read(bytes, |_| true).unwrap().frame;
        let cell = |row, name: &str| frame.column(name).and_then(|values| values.text(row)).unwrap_or_default();
        (0..frame.rows()).map(|row| columns.iter().map(|name| cell(row, name)).collect()).collect()
    }

    /// The exports of the release with their contents; each name stands once.
    fn ledger(&self) -> BTreeMap<String, String> {
        let rows = self.table("ledger", &["file", "sha256"]);
        let count = rows.len();
        let ledger: BTreeMap<String, String> = rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
        assert_eq!(ledger.len(), count, "no export counts twice");
        ledger
    }

    /// Codes of problems at the definition or the export of the prices.
    fn codes(&self) -> Vec<String> {
        let rows = self.table("problems", &["file", "code", "severity"]);
        let mine = |file: &str| file == PRICE || file == "config/sources/producer-price.toml";
        rows.into_iter().filter(|row| mine(&row[0]) && row[2] != "note").map(|row| row[1].clone()).collect()
    }
}

fn digest(bytes: &[u8]) -> String {
    Digest::of(bytes).to_string()
}

/// What the server of the prices does instead of giving them, with what is told of it.
struct Way {
    name: &'static str,
    /// Gets the stream, the number of the request and what would be right.
    does: fn(&mut TcpStream, usize, &[u8]),
    /// Lines for the definition.
    says: &'static str,
    code: &'static str,
    sentence: &'static str,
    /// Whether it may be gone by itself.
    later: bool,
}

const LOGIN: &[u8] = b"<!DOCTYPE html><html><body><table><tr><td>User</td></tr></table><form><input type=\"password\"></form></body></html>";
const MAINTENANCE: &str = "<html><body><h1>系统维护中</h1><p>请稍后再试</p></body></html>";
const NOTICE: &str = "<html><body><table><tr><td>公告</td></tr><tr><td>系统维护中</td></tr></table></body></html>";

/// Half of an export, ending within a number.
fn half(good: &[u8]) -> &[u8] {
    let is_digit = |at: usize| good[at].is_ascii_digit();
    let end = (good.len() / 2..good.len()).find(|&at| is_digit(at - 1) && is_digit(at)).unwrap();
    &good[..end]
}

fn first_lines(good: &[u8], count: usize) -> Vec<u8> {
    good.split_inclusive(|byte| *byte == b'\n').take(count).collect::<Vec<_>>().concat()
}

fn status(stream: &mut TcpStream, status: &str, headers: &str) {
    send(stream, &reply(status, &format!("Content-Length: 0\r\n{headers}"), b""));
}

#[rustfmt::skip]
const WAYS: &[Way] = &[
    Way { name: "not found", does: |s, _, _| status(s, "404 Not Found", ""), says: "", code: "F021", sentence: "the server answered 404", later: false },
    Way { name: "gone", does: |s, _, _| status(s, "410 Gone", ""), says: "", code: "F021", sentence: "the server answered 410", later: false },
    Way { name: "a bad request", does: |s, _, _| status(s, "400 Bad", ""), says: "", code: "F021", sentence: "the server answered 400", later: false },
    Way { name: "who are you", does: |s, _, _| status(s, "401 Unauthorized", ""), says: "", code: "F020", sentence: "the server answered 401", later: false },
    Way { name: "forbidden", does: |s, _, _| status(s, "403 Forbidden", ""), says: "", code: "F020", sentence: "the server answered 403", later: false },
    Way { name: "an error of its own", does: |s, _, _| status(s, "500 Oops", ""), says: "", code: "F001", sentence: "the server answered 500", later: true },
    Way { name: "busy for a day", does: |s, _, _| status(s, "503 Busy", "Retry-After: 86400\r\n"), says: "", code: "F001", sentence: "the server answered 503", later: true },
    Way { name: "too many requests", does: |s, _, _| status(s, "429 Slow down", ""), says: "", code: "F001", sentence: "the server answered 429", later: true },
    Way { name: "no content", does: |s, _, _| send(s, b"HTTP/1.1 204 No Content\r\n\r\n"), says: "", code: "F021", sentence: "status 204", later: false },
    Way { name: "not modified, unasked", does: |s, _, _| send(s, b"HTTP/1.1 304 Not Modified\r\n\r\n"), says: "", code: "F021", sentence: "status 304", later: false },
    Way { name: "a part, unasked", does: |s, _, good| send(s, &reply("206 Partial", "Content-Range: bytes 0-9/900\r\nContent-Length: 10\r\n", &good[..10])), says: "", code: "F021", sentence: "status 206", later: false },
    Way { name: "a login page", does: |s, _, _| send(s, &whole("Content-Type: text/html\r\n", LOGIN)), says: "", code: "F024", sentence: "R008: a login page", later: false },
    Way { name: "a redirect to a login page", does: |s, n, _| if n == 0 { status(s, "302 Found", "Location: /login\r\n") } else { send(s, &whole("", LOGIN)) }, says: "", code: "F024", sentence: "/login: R008", later: false },
    Way { name: "an empty body", does: |s, _, _| send(s, &whole("", b"")), says: "", code: "F024", sentence: "R001", later: false },
    Way { name: "an empty body without a length", does: |s, _, _| send(s, &reply("200 OK", "", b"")), says: "", code: "F024", sentence: "R001", later: false },
    Way { name: "blanks", does: |s, _, _| send(s, &whole("", b" \r\n\r\n")), says: "", code: "F024", sentence: "R001", later: false },
    Way { name: "an error as JSON", does: |s, _, _| send(s, &whole("", br#"{"code":500,"msg":"system busy","id":"1f3e"}"#)), says: "", code: "F024", sentence: "R0", later: false },
    Way { name: "an error as text", does: |s, _, _| send(s, &whole("", b"500 Internal Server Error\n")), says: "", code: "F024", sentence: "R008: an HTTP error reply", later: false },
    Way { name: "a maintenance page", does: |s, _, _| send(s, &whole("", MAINTENANCE.as_bytes())), says: "", code: "F024", sentence: "R008: a web page without a table", later: false },
    Way { name: "a notice in a table", does: |s, _, _| send(s, &whole("", NOTICE.as_bytes())), says: "", code: "F024", sentence: "R010: html", later: false },
    Way { name: "another table", does: |s, _, _| send(s, &whole("", "姓名,电话\n张三,1\n李四,2\n".as_bytes())), says: "", code: "F024", sentence: "L00", later: false },
    Way { name: "a document", does: |s, _, _| send(s, &whole("", b"%PDF-1.7\n")), says: "", code: "F024", sentence: "R052: a PDF document", later: false },
    Way { name: "bytes that are no text", does: |s, _, good| send(s, &whole("", &[good, b"\xff\xff\xfe\n"].concat())), says: "", code: "F024", sentence: "R003", later: false },
    Way { name: "the header alone", does: |s, _, good| send(s, &whole("", &first_lines(good, 3))), says: "", code: "F024", sentence: "F024", later: false },
    Way { name: "half, without a length", does: |s, _, good| send(s, &reply("200 OK", "", half(good))), says: "", code: "F027", sentence: "without the end of a line", later: false },
    Way { name: "half, to the end of a line, without a length", does: |s, _, good| send(s, &reply("200 OK", "", &first_lines(good, 24))), says: "", code: "F026", sentence: "rows, ", later: false },
    Way { name: "a length counted in characters", does: |s, _, good| send(s, &reply("200 OK", &format!("Content-Length: {}\r\n", half(good).len()), good)), says: "", code: "F027", sentence: "without the end of a line", later: false },
    Way { name: "a much shorter table", does: |s, _, good| send(s, &whole("", &first_lines(good, 12))), says: "", code: "F026", sentence: "before", later: false },
    Way { name: "half, with the length of all", does: |s, _, good| send(s, &reply("200 OK", &format!("Content-Length: {}\r\n", good.len()), half(good))), says: "", code: "F001", sentence: "the body ended after", later: true },
    Way { name: "pieces that end within one", does: |s, _, _| send(s, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n9\r\n01"), says: "", code: "F001", sentence: "the body ended after", later: true },
    Way { name: "a rest of another version", does: |s, n, good| if n == 0 { send(s, &reply("200 OK", &format!("ETag: \"1\"\r\nContent-Length: {}\r\n", good.len()), half(good))) } else { send(s, &reply("206 Partial", &format!("ETag: \"2\"\r\nContent-Range: bytes {0}-{1}/{2}\r\n", half(good).len(), good.len() - 1, good.len()), b"xxxx")) }, says: "", code: "F001", sentence: "the body ended after", later: true },
    Way { name: "two lengths", does: |s, _, good| send(s, &reply("200 OK", "Content-Length: 5\r\nContent-Length: 9\r\n", good)), says: "", code: "F001", sentence: "connection failed", later: true },
    Way { name: "compressed, unasked", does: |s, _, _| send(s, &whole("Content-Encoding: gzip\r\n", b"\x1f\x8b\x08")), says: "", code: "F021", sentence: "encoded as gzip", later: false },
    Way { name: "a compressed file", does: |s, _, _| send(s, &whole("", b"\x1f\x8b\x08\0\0\0\0\0")), says: "", code: "F024", sentence: "R040: gzip without its end", later: false },
    Way { name: "redirects in a circle", does: |s, _, _| status(s, "302 Found", "Location: /export.csv\r\n"), says: "", code: "F021", sentence: "more than 5 redirects", later: false },
    Way { name: "a redirect to a file", does: |s, _, _| status(s, "302 Found", "Location: file:///etc/hosts\r\n"), says: "", code: "F021", sentence: "redirect not followed: `file` is neither", later: false },
    Way { name: "a redirect to nowhere", does: |s, _, _| status(s, "302 Found", ""), says: "", code: "F021", sentence: "redirect not followed: to nowhere", later: false },
    Way { name: "more than is allowed, announced", does: |s, _, good| send(s, &whole("", good)), says: "[fetch]\nmax_bytes = 50", code: "F028", sentence: "larger than the 50 bytes", later: false },
    Way { name: "more than is allowed, without a length", does: |s, _, good| send(s, &reply("200 OK", "", good)), says: "[fetch]\nmax_bytes = 50", code: "F028", sentence: "larger than the 50 bytes", later: false },
    Way { name: "silence", does: |s, _, _| hold(s), says: "[fetch]\ntimeout_seconds = 0.1", code: "F001", sentence: "no answer within 100ms", later: true },
    Way { name: "silence after a part", does: |s, _, good| { send(s, &reply("200 OK", "Content-Length: 9999\r\n", &good[..20])); hold(s) }, says: "[fetch]\ntimeout_seconds = 0.1", code: "F001", sentence: "no answer within 100ms", later: true },
    Way { name: "silence beyond all its time", does: |s, _, _| hold(s), says: "[fetch]\ntotal_seconds = 0.1", code: "F001", sentence: "not finished within 100ms", later: true },
    Way { name: "a head that never ends", does: |s, _, _| { send(s, b"HTTP/1.1 200 OK\r\n"); while s.write_all(b"X-More: and more\r\n").is_ok() {} }, says: "[fetch]\ntimeout_seconds = 0.5", code: "F001", sentence: "127.0.0.1", later: true },
    Way { name: "hanging up", does: |_, _, _| {}, says: "", code: "F001", sentence: "connection failed", later: true },
    Way { name: "no HTTP at all", does: |s, _, _| send(s, b"220 ftp.example.cn ready\r\n"), says: "", code: "F001", sentence: "connection failed", later: true },
];

/// Runs with a server that goes this way, with a good one and a changed file in the inbox beside it.
fn try_way(way: &Way) {
    let place = Place::published();
    let good = newer(&price());
    let does = way.does;
    let server = Server::start(move |stream, number, _| does(stream, number, &good));
    let beside = newer(&value_added());
    place.price(&server.url(), way.says).value_added(&Server::good(beside.clone()).url());
    let (file, changed) = change_the_inbox(&place);
    let before = place.ledger();
    let (code, stdout, stderr) = place.run();
    let told = format!("{}: {stdout}{stderr}", way.name);
    assert_eq!(code, 0, "an old export stands: {told}");
    let line = stdout
        .lines()
        .find(|line| line.contains(way.code) && line.contains("producer-price"))
        .unwrap_or_else(|| panic!("{told}"));
    assert!(line.contains(way.sentence), "{told}");
    assert!(stdout.contains("0 days old"), "{told}");
    let ledger = place.ledger();
    assert_eq!(ledger[PRICE], digest(&price()), "the last good one stands: {told}");
    assert_eq!(ledger[VALUE_ADDED], digest(&beside), "the good source is published: {told}");
    assert_eq!(ledger[&file], digest(&changed), "so is the inbox: {told}");
    assert_eq!(ledger.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "{told}");
    assert_eq!(place.codes(), [way.code, "F029"], "{told}");
}

/// Another figure in a file of the inbox.
fn change_the_inbox(place: &Place) -> (String, Vec<u8>) {
    let name = tree(&place.path("inbox")).into_keys().find(|name| name.contains("税收_2017年1-3月")).unwrap();
    let path = place.path("inbox").join(&name);
    let changed = newer(&fs::read(&path).unwrap());
    fs::write(path, &changed).unwrap();
    (name, changed)
}

/// Runs `test` for each of these, two at a time, and tells all that failed.
fn for_each<T: Sync>(all: &[T], test: impl Fn(&T) + Sync) {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let tried = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| test(one)));
                    failed.lock().unwrap().extend(tried.err().map(|error| {
                        error.downcast_ref::<String>().cloned().unwrap_or_else(|| "a test failed".to_owned())
                    }));
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n---\n"));
}

#[test]
fn however_a_server_misbehaves_no_export_is_lost_replaced_or_doubled_and_all_others_are_published() {
    assert!(WAYS.len() >= 25);
    for_each(WAYS, try_way);
}

#[test]
fn a_first_answer_that_is_no_export_is_not_taken_and_only_what_may_mend_itself_is_left_to_a_later_run() {
    let ways: Vec<&Way> =
        ["not found", "busy for a day", "a login page", "half, without a length", "hanging up", "an empty body"]
            .iter()
            .map(|name| WAYS.iter().find(|way| way.name == *name).unwrap())
            .collect();
    for_each(&ways, |way| {
        let place = Place::new();
        let (does, good) = (way.does, price());
        let server = Server::start(move |stream, number, _| does(stream, number, &good));
        place.price(&server.url(), way.says).value_added(&Server::good(value_added()).url());
        let (code, stdout, stderr) = place.run();
        assert_eq!(code, if way.later { 75 } else { 0 }, "{}: {stdout}{stderr}", way.name);
        assert!(stdout.contains("there is no export of it"), "{stdout}");
        let ledger = place.ledger();
        assert!(!ledger.contains_key(PRICE), "{}", way.name);
        assert_eq!(ledger[VALUE_ADDED], digest(&value_added()), "{}", way.name);
        let mut expected = [way.code, "F004"];
        expected.sort_unstable();
        assert_eq!(place.codes(), expected, "{}", way.name);
    });
}

#[test]
fn a_source_that_is_well_again_is_taken_and_its_flag_goes() {
    let place = Place::published();
    let release = |place: &Place| place.path("store/current").canonicalize().unwrap();
    place.price(&Server::good(LOGIN.to_vec()).url(), "");
    assert_eq!(place.run().0, 0);
    let stale = release(&place);
    // The same fault makes the same release, whatever else the page says.
    let (code, stdout, _) = place.run();
    assert_eq!((code, release(&place)), (0, stale.clone()), "{stdout}");
    assert!(stdout.contains("Nothing to do") && stdout.contains("F024 producer-price"), "it is told again: {stdout}");
    assert_eq!(finish(&mut place.command(&["run", "--strict"])).0, 3, "and `--strict` minds it again");
    let (code, troubles) = place.troubles();
    assert_eq!((code, troubles.len()), (0, 1));
    let told = ["source", "code", "file", "days", "has_export"].map(|key| troubles[0][key].clone());
    assert_eq!(
        told,
        ["producer-price".into(), "F024".into(), PRICE.into(), 0.into(), true.into()] as [serde_json::Value; 5]
    );
    let planned = json(&finish(&mut place.command(&["plan", "--format", "json"])).1);
    assert_eq!(planned["reason"], serde_json::Value::Null, "a plan knows what the last run found: {planned}");
    place.price(&Server::good(newer(&price())).url(), "");
    let (code, stdout, stderr) = place.run();
    assert_eq!(code, 0, "{stderr}");
    assert!(!stdout.contains("F024") && !stdout.contains("F029"), "{stdout}");
    assert_eq!(place.ledger()[PRICE], digest(&newer(&price())));
    assert!(place.codes().is_empty());
}

#[test]
fn what_is_unchanged_is_not_sent_again_even_after_a_run_that_a_gate_refused() {
    let place = Place::new();
    let good = price();
    let server = Server::start(move |stream, _, head| {
        if head.contains("if-none-match: \"v1\"\r\n") {
            send(stream, b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
        } else {
            send(stream, &whole("ETag: \"v1\"\r\n", &good));
        }
    });
    place.price(&server.url(), "");
    let site = place.path("config/site.toml");
    let text = fs::read_to_string(&site).unwrap();
    fs::write(&site, text.replace("max_quarantine_share = 0.5", "max_quarantine_share = 0.0")).unwrap();
    let (code, _, stderr) = place.run();
    assert_eq!(code, 4, "{stderr}");
    fs::write(&site, text).unwrap();
    let (code, _, stderr) = place.run();
    assert_eq!(code, 0, "{stderr}");
    let asked: Vec<bool> = server.heads().iter().map(|head| head.contains("if-none-match")).collect();
    assert_eq!(asked, [false, true], "asked with the version it has");
    assert_eq!(place.ledger()[PRICE], digest(&price()), "and what it has counts");
}

#[test]
fn an_export_that_is_damaged_in_the_store_is_fetched_whole() {
    let place = Place::published();
    let good = price();
    let server = Server::start(move |stream, _, _| send(stream, &whole("ETag: \"v1\"\r\n", &good)));
    place.price(&server.url(), "");
    assert_eq!(place.run().0, 0);
    let name = digest(&price());
    let raw = place.path(&format!("store/raw/{}/{name}", &name[..2]));
    fs::remove_file(&raw).unwrap();
    let (code, stdout, stderr) = place.run();
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(server.heads().iter().all(|head| !head.contains("if-none-match")), "{:?}", server.heads());
    assert_eq!(fs::read(&raw).unwrap(), price());
}

#[test]
fn a_smaller_or_another_export_is_taken_once_the_definition_says_so() {
    let ways = [
        ("half, to the end of a line, without a length", "[fetch]\nleast_share = 0"),
        ("a much shorter table", "[fetch]\nleast_share = 0"),
        ("half, without a length", "[fetch]\nleast_share = 0\ntrust_end = true"),
        ("more than is allowed, announced", "[fetch]\nmax_bytes = 1_000_000"),
    ];
    for_each(&ways, |(name, says)| {
        let way = WAYS.iter().find(|way| way.name == *name).unwrap();
        let place = Place::published();
        let (does, good) = (way.does, newer(&price()));
        let server = Server::start(move |stream, number, _| does(stream, number, &good));
        place.price(&server.url(), says);
        let (code, stdout, stderr) = place.run();
        assert_eq!(code, 0, "{name}: {stderr}");
        assert!(!stdout.contains("Sources that gave"), "{name}: {stdout}");
        assert_ne!(place.ledger()[PRICE], digest(&price()), "{name}");
    });
}

#[test]
fn another_format_is_taken_only_if_it_is_declared() {
    let place = Place::published();
    let page = || {
        let text = String::from_utf8(price()).unwrap();
        let text = text.trim_start_matches('\u{feff}');
        let row = |line: &str| {
            format!("<tr>{}</tr>", line.split(',').map(|cell| format!("<td>{cell}</td>")).collect::<String>())
        };
        format!("<html><body><table>{}</table></body></html>\n", text.lines().map(row).collect::<String>()).into_bytes()
    };
    let definition = place.path("config/sources/producer-price.toml");
    let declare = |from: &str, to: &str| {
        let text = fs::read_to_string(&definition).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(&definition, text.replace(from, to)).unwrap();
    };
    without_tests(&definition);
    declare("format = \"csv\"\n", "");
    place.price(&Server::good(page()).url(), "");
    let (code, stdout, stderr) = place.run();
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("F025 producer-price") && stdout.contains("html, csv before"), "{stdout}");
    assert_eq!(place.ledger()[PRICE], digest(&price()));
    declare("period = \"rows\"\n", "period = \"rows\"\nformat = \"html\"\n");
    let (code, stdout, stderr) = place.run();
    assert_eq!(code, 0, "{stderr}");
    assert!(!stdout.contains("F025"), "{stdout}");
    assert_eq!(place.ledger()[PRICE], digest(&page()));
}

#[test]
fn a_file_of_the_inbox_stands_for_a_fetched_export_of_the_same_name_and_it_is_told() {
    let place = Place::published();
    fs::write(place.path("inbox").join(PRICE), newer(&price())).unwrap();
    place.price(&Server::good(LOGIN.to_vec()).url(), "");
    let (code, _, stderr) = place.run();
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(place.ledger()[PRICE], digest(&newer(&price())), "the way out of F024");
    assert_eq!(place.codes(), ["F024", "F029", "F031"]);
    fs::write(place.path("inbox").join(PRICE), price()).unwrap();
    assert_eq!(place.run().0, 0);
    assert!(!place.codes().contains(&"F031".to_owned()), "the same content is no other export");
}

/// Makes the last answers older than they are.
fn grow_old(place: &Place, confirmed: &str) {
    let store = Store::open(&place.path("store"), confirmed).unwrap();
    let mut answers = store.catalog().answers().unwrap();
    answers.iter_mut().for_each(|answer| answer.confirmed = Some(confirmed.to_owned()));
    store.catalog().put_answers(&answers).unwrap();
}

#[test]
fn an_export_beyond_its_age_is_told_or_refuses_the_release_as_the_site_says() {
    let place = Place::published();
    place.price(&Server::good(LOGIN.to_vec()).url(), "[fetch]\nmax_stale_days = 30");
    grow_old(&place, "2020-01-31T06:00:00Z");
    let (code, stdout, stderr) = place.run();
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stdout.contains("the answer of 2020-01-31 stands") && stdout.contains("longer than max_stale_days"),
        "{stdout}"
    );
    assert_eq!(place.codes(), ["F024", "F030"]);
    let site = place.path("config/site.toml");
    let text = fs::read_to_string(&site).unwrap();
    fs::write(&site, text.replace("[fetch]", "[fetch]\nstale = \"refuse\"")).unwrap();
    let (code, _, stderr) = place.run();
    assert_eq!(code, 4, "{stderr}");
    assert!(stderr.contains("F024 producer-price") && stderr.contains("stale = \"warn\""), "{stderr}");
    // A way out that the message names: the export of the day, put into the inbox, answers for the source.
    place.price(&Server::good(newer(&price())).url(), "[fetch]\nmax_stale_days = 30");
    let (code, _, stderr) = place.run();
    assert_eq!(code, 0, "{stderr}");
    assert!(place.codes().is_empty());
}

#[test]
fn a_token_comes_from_the_environment_or_a_file_and_is_found_nowhere_afterwards() {
    for (says, carries) in [
        ("auth_env = \"MUJUN_TEST_TOKEN\"", "authorization: bearer hunter2-42\r\n"),
        ("auth_file = \"token\"\nauth_header = \"X-Api-Key\"", "x-api-key: bearer hunter2-42\r\n"),
        ("auth_file = \"token\"\nauth_query = \"key\"", "get /export.csv?key=bearer+hunter2-42 http/1.1\r\n"),
    ] {
        let place = Place::published();
        fs::write(place.path("config/token"), "Bearer hunter2-42\n").unwrap();
        let good = newer(&price());
        let server = Server::start(move |stream, _, head| match head.contains("hunter2-42") {
            true => send(stream, &whole("", &good)),
            false => status(stream, "401 Who", ""),
        });
        place.price(&server.url(), says);
        let mut run = place.command(&["run", "--format", "json"]);
        let (code, stdout, stderr) = finish(run.env("MUJUN_TEST_TOKEN", "Bearer hunter2-42"));
        assert_eq!(code, 0, "{says}: {stdout}{stderr}");
        assert!(server.heads()[0].contains(carries), "{:?}", server.heads());
        assert_eq!(place.ledger()[PRICE], digest(&newer(&price())));
        let holds = |bytes: &[u8]| bytes.windows(10).any(|part| part == b"hunter2-42");
        let leaks: Vec<String> =
            tree(&place.path("store")).into_iter().filter(|(_, bytes)| holds(bytes)).map(|(name, _)| name).collect();
        assert!(leaks.is_empty() && !holds(stdout.as_bytes()) && !holds(stderr.as_bytes()), "{says}: {leaks:?}");
    }
}

#[test]
fn a_token_that_is_missing_or_cannot_be_sent_is_a_matter_of_configuration_and_of_its_source_alone() {
    for (says, value, told) in [
        ("auth_env = \"MUJUN_TEST_TOKEN\"", None, "the environment variable MUJUN_TEST_TOKEN is not set"),
        ("auth_env = \"MUJUN_TEST_TOKEN\"", Some(""), "is empty"),
        ("auth_env = \"MUJUN_TEST_TOKEN\"", Some("a\nb"), "line breaks, or characters beyond ASCII"),
        ("auth_env = \"MUJUN_TEST_TOKEN\"", Some("令牌"), "line breaks, or characters beyond ASCII"),
        ("auth_file = \"no-such-file\"", None, "no-such-file"),
    ] {
        let place = Place::published();
        let server = Server::good(newer(&price()));
        place.price(&server.url(), says).value_added(&Server::good(newer(&value_added())).url());
        let mut run = place.command(&["run"]);
        run.env_remove("MUJUN_TEST_TOKEN").envs(value.map(|value| ("MUJUN_TEST_TOKEN", value)));
        let (code, stdout, stderr) = finish(&mut run);
        assert_eq!(code, 2, "{says} {value:?}: {stdout}{stderr}");
        assert!(stdout.contains("F023 producer-price") && stdout.contains(told), "{stdout}");
        assert!(server.heads().is_empty(), "nothing is asked without it");
        assert_eq!(place.codes(), ["F023", "F029"]);
        assert_eq!(place.ledger()[PRICE], digest(&price()));
        assert_eq!(place.ledger()[VALUE_ADDED], digest(&newer(&value_added())), "the others go on");
    }
}

#[test]
fn a_gate_that_misses_what_could_not_be_fetched_says_so_and_exits_by_what_can_help() {
    // The prices are all there is: no quarter has data without them.
    for (does, exit) in [(WAYS[6].does, 75), (WAYS[0].does, 4)] {
        let place = Place::new();
        fs::remove_dir_all(place.path("inbox")).unwrap();
        fs::create_dir(place.path("inbox")).unwrap();
        let server = Server::start(move |stream, number, _| does(stream, number, b""));
        place.price(&server.url(), "").value_added(&server.url());
        let (code, _, stderr) = place.run();
        assert_eq!(code, exit, "{stderr}");
        assert!(
            stderr.contains("producer-price") && stderr.contains("province-value-added"),
            "both are told: {stderr}"
        );
    }
}

/// The last layout of the catalogue that held addresses.
const LAYOUT_3: &str = "
    CREATE TABLE exports (name TEXT NOT NULL, digest TEXT NOT NULL, source TEXT, bytes INTEGER NOT NULL,
        first_seen_run TEXT NOT NULL, PRIMARY KEY (name, digest)) STRICT, WITHOUT ROWID;
    CREATE TABLE ingests (key TEXT PRIMARY KEY, digest TEXT NOT NULL, source TEXT NOT NULL, dataset TEXT NOT NULL,
        period_from TEXT, period_to TEXT, vintage TEXT, rows_total INTEGER NOT NULL, rows_facts INTEGER NOT NULL,
        rows_quarantined INTEGER NOT NULL, rows_ignored INTEGER NOT NULL, rows_other INTEGER NOT NULL, facts_file TEXT,
        quarantine_file TEXT, problems_json TEXT NOT NULL, vintage_from TEXT) STRICT, WITHOUT ROWID;
    CREATE TABLE runs (id TEXT PRIMARY KEY, started TEXT NOT NULL, finished TEXT, outcome TEXT, release TEXT)
        STRICT, WITHOUT ROWID;
    CREATE TABLE seen (path TEXT PRIMARY KEY, bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        ctime_ns INTEGER NOT NULL, digest TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE replies (source TEXT PRIMARY KEY, url TEXT NOT NULL, etag TEXT, last_modified TEXT, digest TEXT NOT NULL)
        STRICT, WITHOUT ROWID;
    CREATE TABLE in_use (name TEXT PRIMARY KEY, digest TEXT NOT NULL, ingest TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE archives (digest TEXT PRIMARY KEY, opened_by TEXT NOT NULL, contents TEXT NOT NULL) STRICT, WITHOUT ROWID;
";

#[test]
fn a_catalogue_of_an_older_layout_keeps_its_exports_and_loses_its_addresses() {
    let place = Place::published();
    let path = place.path("store/catalog.db");
    fs::remove_file(&path).unwrap();
    let (price_digest, url) = (digest(&price()), "https://me:hunter2-42@data.example.cn/?k=hunter2-42");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let answered = format!("INSERT INTO replies VALUES ('producer-price', '{url}', 'e', NULL, '{price_digest}')");
    connection.execute_batch(&format!("{LAYOUT_3} {answered}; PRAGMA user_version = 3;")).unwrap();
    drop(connection);
    let holds = |bytes: &[u8]| bytes.windows(10).any(|part| part == b"hunter2-42");
    assert!(holds(&fs::read(&path).unwrap()), "it stood there in clear");
    place.price(&Server::good(LOGIN.to_vec()).url(), "");
    let (code, stdout, stderr) = place.run();
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert_eq!(place.ledger()[PRICE], digest(&price()), "the export stands");
    assert!(!holds(&fs::read(&path).unwrap()), "and its address is gone, from free pages too");
}

/// What `check` says of a definition of the prices with this address and these lines.
fn checked(url: &str, more: &str, site: &str) -> (i32, String) {
    let place = Place::new();
    place.price(url, more);
    let settings = place.path("config/site.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{text}{site}\n")).unwrap();
    let (code, stdout, stderr) = finish(&mut place.command(&["check"]));
    (code, format!("{stdout}{stderr}"))
}

#[test]
fn check_tells_every_address_that_cannot_be_fetched_and_repeats_no_secret() {
    for (url, told) in [
        ("ftp://data.example.cn/a.csv", "`ftp` is neither `http` nor `https`"),
        ("not a url", "an address is written like `https://data.example.cn/export.csv`"),
        ("data.example.cn/a.csv", "an address is written like"),
        ("https://", "empty host"),
        ("https://data.example.cn:0/a.csv", "no server answers at port 0"),
        ("https://data.example.cn:99999/a.csv", "invalid port number"),
        ("https://data.example.cn/{quarter}.csv", "a period is filled in only with `from` under [fetch]"),
        ("https://data.example.cn/<id>", "a placeholder that nothing fills"),
        (" https://data.example.cn/", "blanks or control characters"),
        ("https://data.example.cn/#sheet", "never sent to a server"),
        ("https://me:hunter2@data.example.cn/", "`auth_env` or `auth_file`"),
        ("https://data.example.cn/?access_token=hunter2", "`auth_query = \"access_token\"`"),
        ("https://data.example.cn/?k=hunter2hunter2hunter2hunter2", "`auth_query = \"k\"`"),
        ("hunter2://me@data.example.cn", "neither `http://` nor `https://`"),
    ] {
        let (code, text) = checked(url, "", "");
        assert_eq!(code, 2, "{url}: {text}");
        assert!(text.contains("sources/producer-price.toml") && text.contains(told), "{url}: {text}");
        assert!(!text.contains("hunter2"), "{url}: {text}");
    }
    let (_, text) = checked("https://data.example.cn/export?table=分行业&year=2018&key=A0E0H", "", "");
    assert!(!text.contains("producer-price.toml"), "a query that is no secret is none: {text}");
}

#[test]
fn check_tells_all_that_is_wrong_with_a_source_and_the_settings_at_once() {
    let more = "auth_env = \"Bearer hunter2\"\nauth_file = \"token\"\nauth_header = \"X Key\"\nauth_query = \"\"\n[fetch]\n\
                timeout_seconds = 0\ntotal_seconds = 1e9\nmax_bytes = 0\nleast_share = 1.5\nmax_stale_days = -1\ntrust_ends = true";
    let site = "total_seconds = \"soon\"\nall_seconds = nan\nleast_bytes_per_second = -1\nstale = \"ignore\"\nmax_stale_days = 99999";
    let (code, text) = checked("https://data.example.cn:0/", more, site);
    assert_eq!(code, 2, "{text}");
    for told in [
        "no server answers at port 0",
        "`auth_env` is the name of an environment variable",
        "write `auth_env` or `auth_file`",
        "`auth_header` is the name of a header",
        "`auth_query` is the name of a parameter",
        "`timeout_seconds` must be from 0.001 to 3600 seconds",
        "`total_seconds` must be from 0.001",
        "`max_bytes` must be from 1",
        "`least_share` is between 0 and 1",
        "`max_stale_days` must be from 1 to 3650",
        "did you mean `trust_end`?",
        "`total_seconds` must be a finite number",
        "`all_seconds` must be a finite number",
        "`least_bytes_per_second` must be from 1",
        "`ignore` is not a valid `stale`",
    ] {
        assert!(text.contains(told), "`{told}`: {text}");
    }
    assert!(!text.contains("hunter2"), "what was typed in the wrong place is not repeated: {text}");
    let names = ["../a.csv", "/a.csv", ".a.csv", "a\\\\b.csv", "a//b.csv"];
    for name in names {
        let place = Place::new();
        address(place.folder.path(), "producer-price", name, "https://data.example.cn/", "");
        let (code, _, stderr) = finish(&mut place.command(&["check"]));
        assert_eq!(code, 2, "{name}");
        assert!(stderr.contains("`file_name` is a path below the inbox"), "{name}: {stderr}");
    }
    let place = Place::new();
    address(place.folder.path(), "producer-price", "其他.csv", "https://data.example.cn/", "");
    let (_, _, stderr) = finish(&mut place.command(&["check"]));
    assert!(stderr.contains("`match` does not claim `其他.csv`"), "{stderr}");
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused_until_the_authority_is_named() {
    let place = Place::published();
    let authority = Authority::new("unknown");
    place.price(&authority.serve("127.0.0.1", (2020, 4000), whole("", &newer(&price()))), "");
    let (code, stdout, stderr) = place.run();
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stdout.contains("F022 producer-price") && stdout.contains("`ca_file` under [fetch] of site.toml"),
        "{stdout}"
    );
    assert_eq!(place.ledger()[PRICE], digest(&price()));
    let site = place.path("config/site.toml");
    let text = fs::read_to_string(&site).unwrap();
    fs::write(&site, text.replace("[fetch]", "[fetch]\nca_file = \"ca.pem\"")).unwrap();
    let (code, _, stderr) = finish(&mut place.command(&["check"]));
    assert_eq!(code, 2, "a file that is not there is told: {stderr}");
    assert!(stderr.contains("`ca_file` in site.toml"), "{stderr}");
    fs::write(place.path("config/ca.pem"), &authority.pem).unwrap();
    let (code, stdout, stderr) = place.run();
    assert_eq!(code, 0, "{stderr}");
    assert!(!stdout.contains("F022"), "{stdout}");
    assert_eq!(place.ledger()[PRICE], digest(&newer(&price())));
}
