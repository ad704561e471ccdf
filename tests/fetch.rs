//! Fetching, against a small server in the same process that misbehaves on demand.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fetch::{
    Body, Carrier, Conditional, Credential, Failure, FetchError, Fetched, Query, Request, Settings, Sleeper, Untrusted,
    fetch_all, fetch_all_with, fetch_blocking,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use vocab::said;

use crate::support::tls::Authority;

/// The patience of tests in which nothing but its end can happen.
const SHORT: Duration = Duration::from_millis(50);

/// What the server does with one request.
enum Answer {
    /// Sends this and closes the connection.
    Send(Vec<u8>),
    /// Sends this, keeps the connection open and lets the clock run.
    Hang(Vec<u8>),
    /// Begins to answer, and sends a byte whenever one can be sent.
    Drip,
    /// Answers once this many requests wait.
    Together(usize),
    /// Answers after everybody else had ample time to ask too.
    Slowly,
}

/// A server that has seen these requests.
struct Server {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
    crowd: Arc<Crowd>,
}

/// How many requests wait for an answer, and how many did at most.
#[derive(Default)]
struct Crowd {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Server {
    /// Serves with `answer`, which gets the number of the request, from 0, and its head.
    async fn start(answer: impl Fn(usize, &str) -> Answer + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (answer, seen, full) = (Arc::new(answer), Arc::clone(&requests), Arc::new(Notify::new()));
        let crowd = Arc::new(Crowd::default());
        let waiting = Arc::clone(&crowd);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (answer, seen, full) = (Arc::clone(&answer), Arc::clone(&seen), Arc::clone(&full));
                let crowd = Arc::clone(&waiting);
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        match stream.read_u8().await {
                            Ok(byte) => head.push(byte),
                            Err(_) => return,
                        }
                    }
                    let head = String::from_utf8(head).unwrap().to_lowercase();
                    let number = {
                        let mut seen = seen.lock().unwrap();
                        seen.push(head.clone());
                        seen.len() - 1
                    };
                    match answer(number, &head) {
                        Answer::Send(bytes) => {
                            let _ = stream.write_all(&bytes).await;
                            let _ = stream.shutdown().await;
                        }
                        Answer::Hang(bytes) => {
                            let _ = stream.write_all(&bytes).await;
                            std::future::pending::<()>().await;
                        }
                        Answer::Drip => {
                            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
                            while stream.write_all(b"1").await.is_ok() {
                                tokio::task::yield_now().await;
                            }
                        }
                        Answer::Together(count) => {
                            let waiting = full.notified();
                            if number + 1 == count {
                                full.notify_waiters();
                            } else {
                                waiting.await;
                            }
                            let _ = stream.write_all(&ok("", "together")).await;
                        }
                        Answer::Slowly => {
                            crowd.most.fetch_max(crowd.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                            for _ in 0..100 {
                                tokio::task::yield_now().await;
                            }
                            crowd.now.fetch_sub(1, Ordering::SeqCst);
                            let _ = stream.write_all(&ok("", "slowly")).await;
                        }
                    }
                });
            }
        });
        Server { address, requests, crowd }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// An answer with a body of the length it says.
fn ok(headers: &str, body: &str) -> Vec<u8> {
    reply("200 OK", headers, body.len(), body)
}

fn reply(status: &str, headers: &str, length: usize, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

/// Requests for as many sources, with the number of each in its path.
fn of_sources(server: &Server, count: usize) -> Vec<(Request, Vec<u8>)> {
    let one = |n: usize| Request { source: format!("source-{n}"), ..request(server.url(&format!("/{n}"))) };
    (0..count).map(|n| (one(n), Vec::new())).collect()
}

fn request(url: impl Into<String>) -> Request {
    Request {
        source: "b203".into(),
        url: url.into(),
        query: None,
        headers: Vec::new(),
        credential: None,
        conditional: Conditional::default(),
        max_bytes: None,
        timeout: None,
        deadline: None,
        pause: Duration::ZERO,
    }
}

/// Notes how long it was to wait, and does not.
#[derive(Default)]
struct Noted(Mutex<Vec<Duration>>);

impl Sleeper for Noted {
    fn sleep(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.lock().unwrap().push(pause);
        Box::pin(std::future::ready(()))
    }
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}

async fn fetch_with(request: Request, settings: Settings) -> (Result<Fetched<Vec<u8>>, FetchError>, Vec<Duration>) {
    let noted = Arc::new(Noted::default());
    let sleeper: Arc<dyn Sleeper> = Arc::clone(&noted) as _;
    let mut outcomes = fetch_all_with(vec![(request, Vec::new())], settings, sleeper).await;
    let pauses = noted.0.lock().unwrap().clone();
    (outcomes.pop().unwrap(), pauses)
}

async fn fetch(request: Request) -> Result<Fetched<Vec<u8>>, FetchError> {
    fetch_with(request, Settings::default()).await.0
}

fn body(result: Result<Fetched<Vec<u8>>, FetchError>) -> Body<Vec<u8>> {
    match result.unwrap() {
        Fetched::Body(body) => body,
        other => panic!("{other:?}"),
    }
}

fn text(result: Result<Fetched<Vec<u8>>, FetchError>) -> String {
    String::from_utf8(body(result).content).unwrap()
}

#[test]
fn an_export_comes_with_its_version_and_is_not_sent_again_while_it_is_the_same() {
    run(async {
        let server = Server::start(|_, head| {
            if head.contains("if-none-match: \"v1\"\r\n")
                && head.contains("if-modified-since: mon, 23 apr 2018 08:00:00 gmt\r\n")
            {
                Answer::Send(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec())
            } else {
                let headers =
                    "ETag: \"v1\"\r\nLast-Modified: Mon, 23 Apr 2018 08:00:00 GMT\r\nContent-Type: text/csv\r\n";
                Answer::Send(ok(headers, "1,2"))
            }
        })
        .await;
        let first = body(fetch(request(server.url("/a.csv?key=secret"))).await);
        assert_eq!((first.content.as_slice(), first.bytes, first.is_measured), (&b"1,2"[..], 3, true));
        assert_eq!(first.final_url, server.url("/a.csv?…"));
        let conditional = Conditional { etag: first.etag, last_modified: first.last_modified };
        let again = fetch(Request { conditional, ..request(server.url("/a.csv")) }).await;
        assert_eq!(again, Ok(Fetched::NotModified));
        assert_eq!(server.requests().len(), 2);
    });
}

#[test]
fn not_modified_without_having_asked_is_no_answer() {
    run(async {
        let server = Server::start(|_, _| Answer::Send(reply("304 Not Modified", "", 0, ""))).await;
        let error = fetch(request(server.url("/"))).await.unwrap_err();
        assert!(matches!(error.failure, Failure::Reply(_)), "{error}");
    });
}

#[test]
fn an_overloaded_server_is_asked_again_after_growing_pauses() {
    run(async {
        let server = Server::start(|number, _| {
            Answer::Send(if number < 2 { reply("503 Busy", "", 0, "") } else { ok("", "data") })
        })
        .await;
        let (result, pauses) = fetch_with(request(server.url("/")), Settings::default()).await;
        assert_eq!(text(result), "data");
        assert_eq!(server.requests().len(), 3);
        let second = Duration::from_secs(1);
        assert_eq!(pauses.len(), 2);
        assert!((second / 2..second).contains(&pauses[0]), "{pauses:?}");
        assert!((second..second * 2).contains(&pauses[1]), "{pauses:?}");
    });
}

#[test]
fn the_same_seed_gives_the_same_pauses_and_another_seed_others() {
    run(async {
        let server = Server::start(|_, _| Answer::Send(reply("500 No", "", 0, ""))).await;
        let mut pauses = Vec::new();
        for seed in [1, 1, 2] {
            let settings = Settings { seed, attempts: 12, ..Settings::default() };
            pauses.push(fetch_with(request(server.url("/")), settings).await.1);
        }
        assert_eq!(pauses[0], pauses[1]);
        assert_ne!(pauses[0], pauses[2]);
        assert!(pauses[0].iter().all(|pause| *pause < Settings::default().max_pause), "{pauses:?}");
    });
}

#[test]
fn a_server_that_stays_overloaded_is_left_to_the_next_run() {
    run(async {
        let server = Server::start(|_, _| Answer::Send(reply("503 Busy", "", 0, ""))).await;
        let (result, pauses) =
            fetch_with(request(server.url("/a")), Settings { attempts: 3, ..Settings::default() }).await;
        let error = result.unwrap_err();
        assert!(error.try_again_later());
        assert_eq!((error.attempts, server.requests().len(), pauses.len()), (3, 3, 2));
        assert_eq!(error.failure.rule().code, "F001");
        assert_eq!(error.found().en(), format!("{}: the server answered 503", server.url("/a")));
        assert_eq!(error.said().zh(), format!("{}：服务器应答 503（尝试 3 次）", server.url("/a")));
    });
}

#[test]
fn a_server_is_not_asked_earlier_than_it_wishes() {
    run(async {
        let server = Server::start(|number, _| {
            Answer::Send(match number {
                0 => reply("429 Slow down", "Retry-After: 17\r\n", 0, ""),
                1 => {
                    let headers =
                        "Date: Wed, 28 Feb 2024 23:59:50 GMT\r\nRetry-After: Thu, 29 Feb 2024 00:00:20 GMT\r\n";
                    reply("503 Busy", headers, 0, "")
                }
                _ => ok("", "data"),
            })
        })
        .await;
        let (result, pauses) = fetch_with(request(server.url("/")), Settings::default()).await;
        assert_eq!(text(result), "data");
        assert_eq!(pauses, [Duration::from_secs(17), Duration::from_secs(30)]);
    });
}

#[test]
fn a_server_that_wishes_to_be_left_alone_for_long_is_left_to_the_next_run() {
    run(async {
        let server = Server::start(|_, _| Answer::Send(reply("503 Busy", "Retry-After: 86400\r\n", 0, ""))).await;
        let (result, pauses) = fetch_with(request(server.url("/")), Settings::default()).await;
        assert!(result.unwrap_err().try_again_later());
        assert_eq!((server.requests().len(), pauses.len()), (1, 0));
    });
}

#[test]
fn what_a_later_attempt_cannot_mend_is_not_attempted_again() {
    run(async {
        for status in ["400 Bad", "401 Who", "403 No", "404 Gone", "410 Gone"] {
            let server = Server::start(move |_, _| Answer::Send(reply(status, "", 0, ""))).await;
            let error = fetch(request(server.url("/"))).await.unwrap_err();
            assert!(matches!(error.failure, Failure::Status { .. }) && !error.try_again_later(), "{error}");
            assert_eq!(server.requests().len(), 1, "{status}");
        }
    });
}

#[test]
fn a_body_that_breaks_off_is_resumed_where_it_broke() {
    run(async {
        let server = Server::start(|number, head| {
            Answer::Send(match number {
                0 => reply("200 OK", "ETag: \"v1\"\r\n", 10, "01234"),
                1 if head.contains("range: bytes=5-\r\n") && head.contains("if-range: \"v1\"\r\n") => {
                    reply("206 Partial", "ETag: \"v1\"\r\nContent-Range: bytes 5-9/10\r\n", 5, "567")
                }
                2 if head.contains("range: bytes=8-\r\n") => {
                    reply("206 Partial", "Content-Range: bytes 8-9/10\r\n", 2, "89")
                }
                _ => reply("400 Bad", "", 0, ""),
            })
        })
        .await;
        let body = body(fetch(request(server.url("/"))).await);
        assert_eq!(body.content, b"0123456789");
        assert_eq!(body.etag.as_deref(), Some("\"v1\""), "known from the first answer");
        assert_eq!(server.requests().len(), 3);
    });
}

#[test]
fn a_server_that_gives_only_part_of_the_rest_is_asked_for_what_is_missing() {
    run(async {
        let server = Server::start(|number, head| {
            Answer::Send(match number {
                0 => reply("200 OK", "ETag: \"v1\"\r\n", 10, "01234"),
                1 => reply("206 Partial", "Content-Range: bytes 5-6/10\r\n", 2, "56"),
                _ if head.contains("range: bytes=7-\r\n") => {
                    reply("206 Partial", "Content-Range: bytes 7-9/10\r\n", 3, "789")
                }
                _ => reply("400 Bad", "", 0, ""),
            })
        })
        .await;
        assert_eq!(text(fetch(request(server.url("/"))).await), "0123456789");
    });
}

#[test]
fn a_server_that_sends_everything_again_replaces_what_had_arrived() {
    run(async {
        let server = Server::start(|number, _| {
            Answer::Send(match number {
                0 => reply("200 OK", "ETag: \"v1\"\r\n", 10, "01234"),
                _ => ok("ETag: \"v2\"\r\n", "abcdefghij"),
            })
        })
        .await;
        let body = body(fetch(request(server.url("/"))).await);
        assert_eq!((body.content.as_slice(), body.etag.as_deref()), (&b"abcdefghij"[..], Some("\"v2\"")));
    });
}

#[test]
fn pieces_of_different_versions_are_never_put_together() {
    let wrong = [
        "Content-Range: bytes 4-9/10\r\n",
        "Content-Range: bytes 5-9/11\r\n",
        "ETag: \"v2\"\r\nContent-Range: bytes 5-9/10\r\n",
        "",
    ];
    run(async move {
        for headers in wrong {
            let server = Server::start(move |number, head| {
                Answer::Send(match number {
                    0 => reply("200 OK", "ETag: \"v1\"\r\n", 10, "01234"),
                    1 => reply("206 Partial", headers, 5, "xxxxx"),
                    _ if head.contains("range:") => reply("400 Bad", "", 0, ""),
                    _ => ok("", "abcdefghij"),
                })
            })
            .await;
            assert_eq!(text(fetch(request(server.url("/"))).await), "abcdefghij", "{headers:?}");
        }
    });
}

#[test]
fn without_a_strong_version_a_broken_body_is_fetched_from_the_beginning() {
    run(async {
        for headers in ["", "ETag: W/\"v1\"\r\n"] {
            let server = Server::start(move |number, head| {
                Answer::Send(match number {
                    0 => reply("200 OK", headers, 10, "01234"),
                    _ if head.contains("range:") => reply("400 Bad", "", 0, ""),
                    _ => ok("", "0123456789"),
                })
            })
            .await;
            assert_eq!(text(fetch(request(server.url("/"))).await), "0123456789");
        }
    });
}

#[test]
fn a_source_that_became_shorter_meanwhile_is_fetched_from_the_beginning() {
    run(async {
        let server = Server::start(|number, _| {
            Answer::Send(match number {
                0 => reply("200 OK", "ETag: \"v1\"\r\n", 10, "01234"),
                1 => reply("416 Range", "Content-Range: bytes */3\r\n", 0, ""),
                _ => ok("", "abc"),
            })
        })
        .await;
        assert_eq!(text(fetch(request(server.url("/"))).await), "abc");
        assert!(!server.requests()[2].contains("range:"));
    });
}

#[test]
fn a_body_shorter_than_the_server_says_is_never_accepted() {
    run(async {
        let server = Server::start(|_, _| Answer::Send(reply("200 OK", "", 10, "01234"))).await;
        let error = fetch(request(server.url("/"))).await.unwrap_err();
        assert_eq!(error.failure, Failure::Broken { received: 5, expected: Some(10) });
        assert!(error.try_again_later());
        assert_eq!(server.requests().len(), 5);
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n01234\r\n";
        let server = Server::start(move |_, _| Answer::Send(chunked.into())).await;
        let error = fetch(request(server.url("/"))).await.unwrap_err();
        assert_eq!(error.failure, Failure::Broken { received: 5, expected: None });
    });
}

#[test]
fn a_body_over_the_limit_is_refused_by_its_announced_or_real_length() {
    run(async {
        let announced = Server::start(|_, _| Answer::Send(reply("200 OK", "", 6, ""))).await;
        let real =
            Server::start(|_, _| Answer::Send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n123456".to_vec())).await;
        for server in [announced, real] {
            let error = fetch(Request { max_bytes: Some(5), ..request(server.url("/")) }).await.unwrap_err();
            assert_eq!(error.failure, Failure::TooLarge { limit: 5 });
            assert!(!error.try_again_later());
            assert_eq!(server.requests().len(), 1);
        }
        let server = Server::start(|_, _| Answer::Send(ok("", "12345"))).await;
        assert_eq!(text(fetch(Request { max_bytes: Some(5), ..request(server.url("/")) }).await), "12345");
    });
}

#[test]
fn a_server_that_never_answers_is_given_up_in_time() {
    run(async {
        let server = Server::start(|_, _| Answer::Hang(Vec::new())).await;
        let settings = Settings { attempts: 1, timeout: SHORT, ..Settings::default() };
        let error = fetch_with(request(server.url("/")), settings.clone()).await.0.unwrap_err();
        assert_eq!(error.failure, Failure::Timeout(settings.timeout));
        assert!(error.try_again_later());
    });
}

#[test]
fn a_body_that_stops_coming_is_given_up_in_time() {
    run(async {
        let server = Server::start(|_, _| Answer::Hang(reply("200 OK", "", 10, "01234"))).await;
        let settings = Settings { attempts: 1, timeout: SHORT, ..Settings::default() };
        let error = fetch_with(request(server.url("/")), settings.clone()).await.0.unwrap_err();
        assert_eq!(error.failure, Failure::Timeout(settings.timeout));
    });
}

#[test]
fn all_attempts_together_end_at_the_deadline() {
    run(async {
        let server = Server::start(|_, _| Answer::Hang(Vec::new())).await;
        let settings = Settings { deadline: SHORT, ..Settings::default() };
        let error = fetch_with(request(server.url("/")), settings.clone()).await.0.unwrap_err();
        assert_eq!(error.failure, Failure::Deadline(settings.deadline));
        assert!(error.try_again_later());
    });
}

#[test]
fn a_server_that_is_not_there_is_tried_again_and_left_to_the_next_run() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        let (result, pauses) = fetch_with(request(url), Settings::default()).await;
        let error = result.unwrap_err();
        assert!(matches!(error.failure, Failure::Connection(_)) && error.try_again_later(), "{error}");
        assert_eq!((error.attempts, pauses.len()), (5, 4));
    });
}

#[test]
fn redirects_are_followed_and_loops_end() {
    run(async {
        let server = Server::start(|_, head| {
            Answer::Send(match head {
                head if head.starts_with("get /a ") => reply("302 Found", "Location: b/c\r\n", 0, ""),
                head if head.starts_with("get /b/c ") => reply("301 Moved", "Location: /d\r\n", 0, ""),
                head if head.starts_with("get /d ") => ok("", "found"),
                _ => reply("307 Loop", "Location: /loop\r\n", 0, ""),
            })
        })
        .await;
        let body = body(fetch(request(server.url("/a"))).await);
        assert_eq!((body.content.as_slice(), body.final_url), (&b"found"[..], server.url("/d")));
        let error = fetch(request(server.url("/loop"))).await.unwrap_err();
        assert_eq!(error.failure, Failure::TooManyRedirects(5));
        assert_eq!((error.attempts, server.requests().len()), (1, 3 + 6));
    });
}

#[test]
fn redirects_do_not_lead_to_files_or_nowhere() {
    run(async {
        for location in ["Location: file:///etc/passwd\r\n", "Location: ftp://127.0.0.1/\r\n", ""] {
            let server = Server::start(move |_, _| Answer::Send(reply("302 Found", location, 0, ""))).await;
            let error = fetch(request(server.url("/"))).await.unwrap_err();
            assert!(matches!(error.failure, Failure::Redirect(_)), "{error}");
        }
    });
}

#[test]
fn a_credential_reaches_the_server_it_is_for_and_no_other() {
    run(async {
        let other = Server::start(|_, _| Answer::Send(ok("", "elsewhere"))).await;
        let location = format!("Location: http://user:password@{}/x\r\n", other.address);
        let server = Server::start(move |_, head| {
            Answer::Send(match head.starts_with("get /same ") {
                true => reply("302 Found", "Location: /other\r\n", 0, ""),
                false => reply("302 Found", &location, 0, ""),
            })
        })
        .await;
        let credential =
            Some(Credential { carrier: Carrier::Header, name: "X-Api-Key".into(), value: "secret".into() });
        let asked = Request { credential, ..request(server.url("/same")) };
        assert_eq!(text(fetch(asked).await), "elsewhere");
        assert!(server.requests().iter().all(|head| head.contains("x-api-key: secret\r\n")));
        assert!(!other.requests()[0].contains("secret"));
        assert!(!other.requests()[0].contains("authorization"), "nor does a redirect log anyone in");
    });
}

#[test]
fn passwords_in_addresses_are_used_and_never_shown() {
    run(async {
        let server = Server::start(|_, _| Answer::Send(reply("403 No", "", 0, ""))).await;
        let url = format!("http://user:hunter2@{}/a?token=hunter2", server.address);
        let credential = Some(Credential { carrier: Carrier::Header, name: "X-Key".into(), value: "hunter2".into() });
        let asked = Request { credential, ..request(url) };
        let shown = format!("{asked:?}");
        let error = fetch(asked.clone()).await.unwrap_err();
        assert!(server.requests()[0].contains("authorization: basic dxnlcjpodw50zxiy"), "{:?}", server.requests());
        for text in [shown, format!("{error} {error:?}"), error.found().to_string()] {
            assert!(!text.contains("hunter2") && !text.contains("user:"), "{text}");
            assert!(text.contains(&server.address), "{text}");
        }
        // Nothing listens there: the message comes from the client's own error, which knows the address.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://user:hunter2@{}/?token=hunter2", listener.local_addr().unwrap());
        drop(listener);
        for url in [url.as_str(), "https://user:hunter2@:99999/", "hunter2"] {
            let error = fetch(request(url)).await.unwrap_err();
            assert!(!format!("{error} {error:?} {:?}", request(url)).contains("hunter2"), "{error}");
        }
    });
}

#[test]
fn addresses_that_are_not_http_are_refused_without_an_attempt_on_the_network() {
    run(async {
        for url in ["file:///etc/passwd", "ftp://example.org/a", "a.csv", ""] {
            let error = fetch(request(url)).await.unwrap_err();
            assert!(matches!(error.failure, Failure::Address(_)) && !error.try_again_later(), "{url}: {error}");
            assert_eq!(error.attempts, 0);
        }
    });
}

#[test]
fn a_credential_that_is_no_header_is_reported_by_its_name_only() {
    run(async {
        let server = Server::start(|_, _| Answer::Send(ok("", ""))).await;
        let credential =
            Some(Credential { carrier: Carrier::Header, name: "X-Key".into(), value: "line\nbreak".into() });
        let error = fetch(Request { credential, ..request(server.url("/")) }).await.unwrap_err();
        assert_eq!(error.failure, Failure::Header("X-Key".into()));
        assert_eq!(server.requests().len(), 0);
    });
}

#[test]
fn a_compressed_answer_is_not_taken_for_the_file() {
    run(async {
        let server = Server::start(|_, _| Answer::Send(ok("Content-Encoding: gzip\r\n", "\u{1f}"))).await;
        let error = fetch(request(server.url("/"))).await.unwrap_err();
        assert!(matches!(error.failure, Failure::Reply(_)), "{error}");
        assert!(server.requests()[0].contains("accept-encoding: identity\r\n"));
    });
}

#[test]
fn https_to_a_server_without_encryption_fails_without_a_panic() {
    run(async {
        let server = Server::start(|_, _| Answer::Send(ok("", ""))).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.write_all(b"HTTP/1.1 400 Bad\r\n\r\n").await;
            }
        });
        let error = fetch(request(url)).await.unwrap_err();
        assert!(matches!(error.failure, Failure::Tls(_)) && !error.try_again_later(), "{error}");
        assert_eq!((server.requests().len(), error.attempts), (0, 1), "another attempt would end in the same way");
    });
}

#[test]
fn outcomes_are_in_the_order_of_the_requests_and_one_failure_harms_no_other() {
    run(async {
        let server = Server::start(|_, head| {
            let path = head.split(' ').nth(1).unwrap().to_owned();
            Answer::Send(if path == "/3" { reply("404 No", "", 0, "") } else { ok("", &path) })
        })
        .await;
        let requests = of_sources(&server, 10);
        for (n, result) in fetch_all(requests, Settings::default()).await.into_iter().enumerate() {
            match n {
                3 => assert!(result.is_err()),
                _ => assert_eq!(text(result), format!("/{n}")),
            }
        }
    });
}

/// A source that is asked for three periods, with the answers of its server.
async fn three_of_one_source(
    answer: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static,
) -> (Vec<Result<Fetched<Vec<u8>>, FetchError>>, Vec<String>, Vec<Duration>) {
    let server = Server::start(move |number, _| Answer::Send(answer(number))).await;
    let pause = Duration::from_secs(7);
    let one = |n: usize| Request { pause, ..request(server.url(&format!("/{n}"))) };
    let requests = (0..3).map(|n| (one(n), Vec::new())).collect();
    let noted = Arc::new(Noted::default());
    let sleeper: Arc<dyn Sleeper> = Arc::clone(&noted) as _;
    let settings = Settings { attempts: 1, ..Settings::default() };
    let outcomes = fetch_all_with(requests, settings, sleeper).await;
    let pauses = noted.0.lock().unwrap().clone();
    (outcomes, server.requests(), pauses)
}

#[test]
fn what_is_asked_of_one_source_is_asked_one_after_the_other_with_its_pause_between() {
    run(async {
        let (outcomes, requests, pauses) = three_of_one_source(|_| ok("", "data")).await;
        assert!(outcomes.into_iter().all(|result| text(result) == "data"));
        let asked: Vec<&str> = requests.iter().filter_map(|head| head.split(' ').nth(1)).collect();
        assert_eq!(asked, ["/0", "/1", "/2"]);
        assert_eq!(pauses, [Duration::from_secs(7); 2], "none before the first");
    });
}

#[test]
fn a_server_that_is_down_or_refuses_is_left_alone_and_one_that_lacks_a_period_is_not() {
    run(async {
        for (status, asked) in [("500 Oops", 1), ("403 No", 1), ("404 No", 3), ("400 No", 3)] {
            let (outcomes, requests, _) = three_of_one_source(|_| reply(status, "", 0, "")).await;
            assert_eq!(requests.len(), asked, "{status}");
            let left = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Fetched::NotAsked))).count();
            assert_eq!(left, 3 - asked, "{status}: {outcomes:?}");
            assert!(outcomes[0].is_err(), "{status}");
        }
    });
}

#[test]
fn a_query_is_sent_with_its_type_and_headers_and_never_turns_into_a_request_without_one() {
    run(async {
        let query = Query { media_type: "application/json", text: r#"{"dts":["202401SS"]}"#.to_owned() };
        let asking = |url: String| Request {
            query: Some(query.clone()),
            headers: vec![("X-Requested-With".to_owned(), "XMLHttpRequest".to_owned())],
            ..request(url)
        };
        let server = Server::start(|_, head| {
            let path = head.split(' ').nth(1).unwrap();
            Answer::Send(match path {
                "/there" => reply("307 Elsewhere", "Location: /data\r\n", 0, ""),
                "/lost" => reply("302 Elsewhere", "Location: /data\r\n", 0, ""),
                _ => ok("", "data"),
            })
        })
        .await;
        assert_eq!(text(fetch(asking(server.url("/there"))).await), "data");
        for head in server.requests() {
            assert!(head.starts_with("post "), "{head}");
            for line in ["content-type: application/json", "content-length: 20", "x-requested-with: xmlhttprequest"] {
                assert!(head.contains(line), "{line}: {head}");
            }
        }
        let error = fetch(asking(server.url("/lost"))).await.unwrap_err();
        assert_eq!(error.failure, Failure::Redirect(said!("查询后状态为 302", "status 302 after a query")));
    });
}

#[test]
fn as_many_requests_as_allowed_are_under_way_together() {
    run(async {
        // The server answers nobody before three have asked: with fewer at a time this would time out.
        let server = Server::start(|_, _| Answer::Together(3)).await;
        let requests = of_sources(&server, 3);
        let settings = Settings { concurrency: 3, attempts: 1, timeout: Duration::from_secs(5), ..Settings::default() };
        let outcomes = fetch_all(requests, settings).await;
        assert!(outcomes.into_iter().all(|result| text(result) == "together"));
        let asked: BTreeSet<_> = server.requests().into_iter().collect();
        assert_eq!(asked.len(), 3);
    });
}

#[test]
fn no_more_requests_than_allowed_are_under_way_together() {
    run(async {
        let server = Server::start(|_, _| Answer::Slowly).await;
        let requests = of_sources(&server, 8);
        let outcomes = fetch_all(requests, Settings { concurrency: 2, ..Settings::default() }).await;
        assert!(outcomes.into_iter().all(|result| text(result) == "slowly"));
        assert_eq!(server.crowd.most.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn callers_without_a_runtime_can_fetch_too() {
    let (send, receive) = std::sync::mpsc::channel();
    let server = std::thread::spawn(move || {
        run(async move {
            let server = Server::start(|_, _| Answer::Send(ok("", "data"))).await;
            let (done, stop) = tokio::sync::oneshot::channel::<()>();
            send.send((server.url("/"), done)).unwrap();
            let _ = stop.await;
        });
    });
    let (url, done) = receive.recv().unwrap();
    let mut outcomes = fetch_blocking(vec![(request(url), Vec::new())], Settings::default()).unwrap();
    assert_eq!(text(outcomes.pop().unwrap()), "data");
    drop(done);
    server.join().unwrap();
    assert!(fetch_blocking(Vec::<(Request, Vec<u8>)>::new(), Settings::default()).unwrap().is_empty());
}

#[test]
fn authorities_that_are_no_certificates_fail_every_request_and_nothing_else() {
    let settings = Settings { authorities: Some(b"not a certificate".to_vec()), ..Settings::default() };
    let requests = (0..2).map(|_| (request("http://127.0.0.1:9/"), Vec::new())).collect();
    for result in fetch_blocking::<Vec<u8>>(requests, settings).unwrap() {
        let error = result.unwrap_err();
        assert_eq!((error.failure.rule().code, error.try_again_later(), error.attempts), ("F022", false, 0), "{error}");
        assert!(error.to_string().contains("`ca_file`"), "{error}");
    }
}

#[test]
fn a_token_may_travel_in_the_address_and_is_never_shown() {
    run(async {
        let server = Server::start(|_, head| {
            Answer::Send(match head.contains("token=hunter2") {
                true => reply("302 Found", "Location: /b?token=hunter2\r\n", 0, ""),
                false => reply("404 No", "", 0, ""),
            })
        })
        .await;
        let credential = Some(Credential { carrier: Carrier::Query, name: "token".into(), value: "hunter2".into() });
        let asked = Request { credential, ..request(server.url("/a?quarter=1")) };
        let shown = format!("{asked:?}");
        let error = fetch(asked).await.unwrap_err();
        assert!(server.requests()[0].starts_with("get /a?quarter=1&token=hunter2 "), "{:?}", server.requests());
        assert!(!format!("{shown} {error} {error:?} {}", error.found()).contains("hunter2"));
    });
}

#[test]
fn a_body_that_drips_is_given_up_and_not_asked_for_again() {
    run(async {
        // As many pieces as the client asks for, one byte each: it is never silent, and never done.
        let server = Server::start(|_, _| Answer::Drip).await;
        let settings = Settings { timeout: SHORT, least_rate: 1 << 40, ..Settings::default() };
        let (result, pauses) = fetch_with(request(server.url("/")), settings).await;
        let error = result.unwrap_err();
        assert_eq!((error.failure.clone(), pauses.len()), (Failure::TooSlow(1 << 40), 0));
        assert_eq!((error.try_again_later(), error.failure.rule().code), (true, "F001"));
    });
}

#[test]
fn all_requests_together_end_in_time_those_that_wait_for_their_turn_too() {
    run(async {
        let server = Server::start(|_, _| Answer::Hang(Vec::new())).await;
        let requests = of_sources(&server, 3);
        let settings = Settings { concurrency: 1, all: SHORT, ..Settings::default() };
        let outcomes = fetch_all::<Vec<u8>>(requests, settings).await;
        let failures: Vec<Failure> = outcomes.into_iter().map(|result| result.unwrap_err().failure).collect();
        assert_eq!(failures, vec![Failure::Deadline(SHORT); 3]);
        assert_eq!(server.requests().len(), 1, "the others were never sent");
    });
}

#[test]
fn a_server_that_says_no_length_leaves_open_whether_its_body_is_whole() {
    run(async {
        let chunked =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n01234\r\n0\r\n\r\n";
        for (answer, is_measured) in [(chunked, true), ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n01234", false)] {
            let server = Server::start(move |_, _| Answer::Send(answer.into())).await;
            let body = body(fetch(request(server.url("/"))).await);
            assert_eq!((body.content.as_slice(), body.is_measured), (&b"01234"[..], is_measured));
        }
    });
}

#[test]
fn certificates_are_refused_by_what_is_wrong_with_them_and_never_asked_for_again() {
    let (known, unknown, namesake) = (Authority::new("known"), Authority::new("unknown"), Authority::new("known"));
    let answer = || ok("", "data");
    let ways = [
        (unknown.serve("127.0.0.1", (2020, 4000), answer()), Untrusted::Issuer, "`ca_file`"),
        (namesake.serve("127.0.0.1", (2020, 4000), answer()), Untrusted::Issuer, "`ca_file`"),
        (known.serve("127.0.0.1", (2020, 2021), answer()), Untrusted::Expired, "has expired"),
        (known.serve("127.0.0.1", (3000, 4000), answer()), Untrusted::NotYet, "clock"),
        (known.serve("data.example.cn", (2020, 4000), answer()), Untrusted::Name, "another host"),
    ];
    let settings = Settings { authorities: Some(known.pem.clone().into_bytes()), ..Settings::default() };
    run(async {
        for (url, wrong, told) in ways {
            let (result, pauses) = fetch_with(request(url), settings.clone()).await;
            let error = result.unwrap_err();
            assert_eq!((&error.failure, error.failure.rule().code), (&Failure::Certificate(wrong), "F022"));
            assert_eq!((error.try_again_later(), error.attempts, pauses.len()), (false, 1, 0));
            assert!(error.to_string().contains(told), "{error}");
        }
        let url = known.serve("127.0.0.1", (2020, 4000), answer());
        assert_eq!(text(fetch_with(request(url), settings).await.0), "data", "and with its authority it is trusted");
    });
}

#[test]
fn a_redirect_never_gives_up_encryption() {
    let authority = Authority::new("known");
    run(async {
        let plain = Server::start(|_, _| Answer::Send(ok("", "data"))).await;
        let location = format!("Location: {}\r\n", plain.url("/a"));
        let url = authority.serve("127.0.0.1", (2020, 4000), reply("302 Found", &location, 0, ""));
        let settings = Settings { authorities: Some(authority.pem.clone().into_bytes()), ..Settings::default() };
        let error = fetch_with(request(url), settings).await.0.unwrap_err();
        assert_eq!(error.failure, Failure::Redirect(said!("由 https 转向 http", "from https to http")));
        assert!(plain.requests().is_empty());
    });
}
