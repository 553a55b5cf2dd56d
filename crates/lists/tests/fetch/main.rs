//! Downloads against a real little HTTP server on loopback: what comes is stored whole, and nothing else ever is.

#![expect(clippy::expect_used, reason = "helpers of tests fail the test that calls them")]

mod process;
mod server;

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use lists::fetch::{Address, Checksum, Download, FetchError, Fetched, State, fetch, fetch_if};
use tempfile::TempDir;

use server::{Asked, gzip, ok, send, serve};

const OLD: &str = "old.example\n";
const NEW: &str = "new.example\nsecond.example\n";
const NEW_SHA256: &str = "0fbb8b94c62cd01e1c5803a8ca92ffd78ef0febc6595e5127c66c51319c0ee8c";

/// A folder with a list in it that an earlier download left.
struct Place {
    folder: TempDir,
    file: PathBuf,
}

impl Place {
    fn with_old_list() -> Self {
        let place = Self::empty();
        fs::write(&place.file, OLD).expect("write");
        place
    }

    fn empty() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("list.txt");
        Self { folder, file }
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.file).expect("read")
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).expect("folder");
        let mut names: Vec<String> = entries.map(|entry| entry.expect("entry").file_name().into_string().expect("name")).collect();
        names.sort();
        names
    }
}

fn address(text: &str) -> Address {
    Address::parse(text).expect("address")
}

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + hour * 3600).expect("time")
}

fn download<'a>(url: &'a Address, to: &'a Path) -> Download<'a> {
    Download {
        url,
        to,
        max_bytes: 1 << 20,
        timeout: Duration::from_secs(20),
        idle: Duration::from_secs(10),
        checksum: None,
        gzip: false,
        now: at(0),
    }
}

fn get(url: &Address, to: &Path) -> Result<Fetched, FetchError> {
    fetch(&download(url, to), &mut |_, _| {})
}

/// Fetches from a server that answers so, checks that the old list is untouched and nothing else lies about, and returns
/// the error with the server's port and the folder made plain.
fn refusal(change: impl Fn(&mut Download<'_>), answer: impl Fn(&Asked, &mut TcpStream) + Send + Clone + 'static) -> String {
    let (base, _asked) = serve(answer);
    let place = Place::with_old_list();
    let url = address(&format!("{base}/list.txt"));
    let mut download = download(&url, &place.file);
    change(&mut download);
    let error = fetch(&download, &mut |_, _| {}).expect_err("refused");
    assert_eq!(place.text(), OLD);
    assert_eq!(place.names(), ["list.txt"]);
    error.to_string().replace(&base, "http://origin").replace(&place.folder.path().display().to_string(), "FOLDER")
}

// === what comes is stored, and only when it is new ===

#[test]
fn a_new_file_is_stored_with_its_state_and_progress() {
    let (base, _asked) = serve(|_, stream| ok(stream, "\r\nETag: \"v1\"", NEW));
    let (place, url) = (Place::with_old_list(), address(&format!("{base}/list.txt")));
    let mut seen = Vec::new();
    let fetched = fetch(&download(&url, &place.file), &mut |bytes, total| seen.push((bytes, total))).expect("fetched");
    assert_eq!(fetched, Fetched::Replaced { bytes: NEW.len() as u64, sha256: NEW_SHA256.parse().expect("digest") });
    assert_eq!(place.text(), NEW);
    assert_eq!(seen.last(), Some(&(NEW.len() as u64, Some(NEW.len() as u64))));
    assert_eq!(place.names(), ["list.txt", "list.txt.fetch.json"]);
    let state = State::read(&place.file).expect("state");
    assert_eq!((state.etag.as_deref(), state.changed_at, state.checked_at), (Some("\"v1\""), at(0), at(0)));
}

#[test]
fn an_unchanged_file_is_not_sent_again() {
    for (name, value, asked_as) in
        [("ETag", "\"v1\"", "if-none-match"), ("Last-Modified", "Mon, 23 Nov 2026 03:15:00 GMT", "if-modified-since")]
    {
        let (base, asked) = serve(move |asked, stream| match asked.headers.get(asked_as) {
            Some(sent) if sent == value => send(stream, "304 Not Modified", b""),
            _ => ok(stream, &format!("\r\n{name}: {value}"), NEW),
        });
        let (place, url) = (Place::empty(), address(&format!("{base}/list.txt")));
        get(&url, &place.file).expect("first");
        let second = fetch(&Download { now: at(24), ..download(&url, &place.file) }, &mut |_, _| {}).expect("second");
        assert_eq!(second, Fetched::Unchanged, "{name}");
        assert_eq!(place.text(), NEW);
        let state = State::read(&place.file).expect("state");
        assert_eq!((state.changed_at, state.checked_at), (at(0), at(24)));
        assert_eq!(asked.iter().nth(1).expect("second request").headers.get("accept-encoding").map(String::as_str), Some("identity"));
    }
}

#[test]
fn a_file_that_is_not_what_came_is_fetched_whole() {
    let (base, asked) = serve(|_, stream| ok(stream, "\r\nETag: \"v1\"", NEW));
    let url = address(&format!("{base}/list.txt"));
    let spoil: [fn(&Place); 4] = [
        |place| fs::write(&place.file, "changed.example\nsecond.example\n").expect("write"),
        |place| fs::remove_file(&place.file).expect("remove"),
        |place| fs::write(place.folder.path().join("list.txt.fetch.json"), "{ not JSON").expect("write"),
        |place| fs::write(place.folder.path().join("list.txt.fetch.json"), vec![b' '; 100_000]).expect("write"),
    ];
    for spoil in spoil {
        let place = Place::empty();
        get(&url, &place.file).expect("first");
        spoil(&place);
        assert!(matches!(get(&url, &place.file), Ok(Fetched::Replaced { .. })));
        assert_eq!(place.text(), NEW);
    }
    assert!(asked.try_iter().all(|asked| !asked.headers.contains_key("if-none-match")));
}

#[test]
fn a_304_to_an_unconditional_request_is_an_error() {
    let error = refusal(|_| {}, |_, stream| send(stream, "304 Not Modified", b""));
    assert!(error.starts_with("download http://origin/list.txt: the server answered 304"), "{error}");
}

// === errors keep the old list ===

#[test]
fn status_codes_say_what_to_do() {
    for (status, expected) in [
        ("404 Not Found", "the server answered 404, so the list is not there any more; check its address with the publisher"),
        ("403 Forbidden", "the server answered 403, so the list is not open to us; check the address, and whether it needs a licence key"),
        ("500 Oops", "the server answered 500, so the server has trouble of its own; it is tried again at the next refresh"),
        ("206 Partial", "the server answered 206, which is not a file; check the address in a browser"),
        ("204 No Content", "the server answered 204, which is not a file; check the address in a browser"),
    ] {
        let error = refusal(|_| {}, move |_, stream| send(stream, &format!("{status}\r\nContent-Length: 4"), b"page"));
        assert_eq!(error, format!("download http://origin/list.txt: {expected}"));
    }
}

#[test]
fn redirects_are_followed_but_not_for_ever() {
    let (base, _asked) = serve(|asked, stream| match asked.path.as_str() {
        "/list.txt" => send(stream, "302 Found\r\nLocation: /moved/list.txt\r\nContent-Length: 0", b""),
        _ => ok(stream, "", NEW),
    });
    let place = Place::empty();
    get(&address(&format!("{base}/list.txt")), &place.file).expect("followed");
    assert_eq!(place.text(), NEW);

    let looping = refusal(|_| {}, |_, stream| send(stream, "302 Found\r\nLocation: /list.txt\r\nContent-Length: 0", b""));
    assert_eq!(looping, "download http://origin/list.txt: the server sent us on more than 5 times; check the address in a browser");
    let nowhere = refusal(|_| {}, |_, stream| send(stream, "302 Found\r\nContent-Length: 4", b"page"));
    assert_eq!(nowhere, "download http://origin/list.txt: the server's answer was not understood; check the address in a browser");
    let elsewhere = refusal(|_| {}, |_, stream| send(stream, "302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0", b""));
    assert!(elsewhere.starts_with("download http://origin/list.txt: "), "{elsewhere}");
}

#[test]
fn a_file_that_is_too_large_is_refused_by_its_length_and_by_its_bytes() {
    let expected =
        "download http://origin/list.txt: larger than 1000 bytes; raise max_download_bytes if the list is meant to be that large";
    let small = |download: &mut Download<'_>| download.max_bytes = 1000;
    assert_eq!(refusal(small, |_, stream| send(stream, "200 OK\r\nContent-Length: 1001", b"")), expected);
    let endless = |_: &Asked, stream: &mut TcpStream| {
        send(stream, "200 OK\r\nTransfer-Encoding: chunked", b"");
        while stream.write_all(b"10\r\nhost-x.example.\n\r\n").is_ok() {}
    };
    assert_eq!(refusal(small, endless), expected);
    let bomb = |_: &Asked, stream: &mut TcpStream| send(stream, "200 OK\r\nContent-Encoding: gzip", &gzip(&vec![b'a'; 5_000_000]));
    let unpacked = |download: &mut Download<'_>| (download.max_bytes, download.gzip) = (10_000, true);
    assert_eq!(refusal(unpacked, bomb), expected.replace("1000", "10000"));
}

#[test]
fn a_slow_or_silent_server_is_left() {
    let silent = |_: &Asked, stream: &mut TcpStream| {
        send(stream, "200 OK\r\nContent-Length: 100", b"half");
        let _ = stream.peek(&mut [0]); // Until the client hangs up.
    };
    let error = refusal(|download| download.idle = Duration::from_millis(200), silent);
    assert_eq!(error, "download http://origin/list.txt: the server stopped sending; it is tried again at the next refresh");

    let (tick, ticks) = channel::<()>();
    let ticks = Arc::new(Mutex::new(ticks));
    let drip = move |_: &Asked, stream: &mut TcpStream| {
        send(stream, "200 OK\r\nContent-Length: 100000", b"");
        while stream.write_all(b"a").is_ok() {
            let _ = ticks.lock().expect("lock").recv_timeout(Duration::from_millis(50));
        }
    };
    let hurried = |download: &mut Download<'_>| (download.timeout, download.idle) = (Duration::from_millis(500), Duration::from_secs(5));
    let error = refusal(hurried, drip);
    assert_eq!(error, "download http://origin/list.txt: not finished after 0.5 s; raise download_timeout_s if the line is slow");
    drop(tick);
}

#[test]
fn half_a_file_is_not_a_file() {
    let expected =
        "download http://origin/list.txt: the connection ended before the file was complete; it is tried again at the next refresh";
    assert_eq!(refusal(|_| {}, |_, stream| send(stream, "200 OK\r\nContent-Length: 100", b"half")), expected);
    assert_eq!(refusal(|_| {}, |_, stream| send(stream, "200 OK\r\nTransfer-Encoding: chunked", b"4\r\nhalf\r\n")), expected);
    let packed = gzip(NEW.as_bytes());
    let half = move |_: &Asked, stream: &mut TcpStream| send(stream, "200 OK\r\nContent-Encoding: gzip", &packed[..packed.len() - 9]);
    assert_eq!(refusal(|download| download.gzip = true, half), expected);
    let empty = refusal(|_| {}, |_, stream| ok(stream, "", ""));
    assert_eq!(empty, "download http://origin/list.txt: the file is empty; the publisher may be at work on it, so the last one is kept");
}

#[test]
fn what_is_not_http_is_an_error() {
    let error = refusal(|_| {}, |_, stream| drop(stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")));
    assert_eq!(error, "download http://origin/list.txt: the server's answer was not understood; check the address in a browser");
    let (place, nobody) = (Place::with_old_list(), TcpListener::bind("127.0.0.1:0").expect("port").local_addr().expect("address"));
    let error = get(&address(&format!("http://{nobody}/list.txt")), &place.file).expect_err("refused");
    assert!(matches!(error, FetchError::Connection { .. }), "{error:?}");
}

// === checksums ===

#[test]
fn a_checksum_must_hold() {
    let wrong = "0".repeat(64);
    let sum = Checksum::Sha256(wrong.parse().expect("digest"));
    let error = refusal(move |download| download.checksum = Some(sum.clone()), |_, stream| ok(stream, "", NEW));
    assert!(error.contains(&format!("the checksum is {NEW_SHA256}, but should be {wrong}")), "{error}");
    let (base, _asked) = serve(|_, stream| ok(stream, "", "<html>sign in</html>"));
    let sum = Checksum::Url(address(&format!("{base}/list.txt.sha256")));
    let error = refusal(move |download| download.checksum = Some(sum.clone()), |_, stream| ok(stream, "", NEW));
    assert!(error.ends_with("/list.txt.sha256: it has no SHA-256 line for the file"), "{error}");
}

#[test]
fn a_published_checksum_saves_the_download() {
    let (base, asked) = serve(|asked, stream| match asked.path.as_str() {
        "/SHA256SUMS" => ok(stream, "", &format!("{}  other.txt\n{NEW_SHA256}  list.txt\n", "1".repeat(64))),
        _ => ok(stream, "", NEW),
    });
    let (place, url) = (Place::empty(), address(&format!("{base}/list.txt")));
    let sum = Checksum::Url(address(&format!("{base}/SHA256SUMS")));
    let with_sum = Download { checksum: Some(sum), ..download(&url, &place.file) };
    assert!(matches!(fetch(&with_sum, &mut |_, _| {}), Ok(Fetched::Replaced { .. })));
    assert!(matches!(fetch(&with_sum, &mut |_, _| {}), Ok(Fetched::Unchanged)));
    let paths: Vec<String> = asked.iter().take(3).map(|asked| asked.path).collect();
    assert_eq!(paths, ["/SHA256SUMS", "/list.txt", "/SHA256SUMS"]);
}

// === encodings ===

#[test]
fn gzip_is_unpacked_only_when_asked_for() {
    let (base, asked) = serve(|_, stream| send(stream, "200 OK\r\nContent-Encoding: gzip", &gzip(NEW.as_bytes())));
    let (place, url) = (Place::empty(), address(&format!("{base}/list.txt")));
    fetch(&Download { gzip: true, ..download(&url, &place.file) }, &mut |_, _| {}).expect("unpacked");
    assert_eq!(place.text(), NEW);
    get(&url, &place.file).expect("as it is");
    assert_eq!(fs::read(&place.file).expect("read"), gzip(NEW.as_bytes()));
    assert_eq!(asked.recv().expect("request").headers.get("accept-encoding").map(String::as_str), Some("gzip"));
    let error = refusal(|_| {}, |_, stream| ok(stream, "\r\nContent-Encoding: br", NEW));
    assert_eq!(error, "download http://origin/list.txt: the body came in the encoding \"br\", which cannot be unpacked");
    let error = refusal(|download| download.gzip = true, |_, stream| ok(stream, "\r\nContent-Encoding: gzip", NEW));
    assert_eq!(error, "download http://origin/list.txt: the body came in the encoding \"gzip\", which cannot be unpacked");
}

#[test]
fn a_whole_file_that_is_of_no_use_does_not_replace_the_last_one() {
    let (base, _asked) = serve(|_, stream| ok(stream, "", NEW));
    let place = Place::with_old_list();
    let url = address(&format!("{base}/list.txt"));
    let mut seen = String::new();
    let mut refuse = |path: &Path| {
        seen = fs::read_to_string(path).expect("the new file is whole");
        Err("what came is a sign-in page".to_owned())
    };
    let error = fetch_if(&download(&url, &place.file), &mut refuse, &mut |_, _| {}).expect_err("refused").to_string();
    assert_eq!(error, format!("download {base}/list.txt: what came is a sign-in page"));
    assert_eq!((seen.as_str(), place.text().as_str()), (NEW, OLD));
    assert_eq!(place.names(), ["list.txt"]);
}
