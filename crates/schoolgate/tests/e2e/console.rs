//! A client of the console: HTTPS under the school's own root, cookies, and signing in as people do. One request a connection.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::support::{output, text};

/// What the tests' people choose.
const PASSWORD: &str = "lantern kettle moss";

/// A browser that somebody sits at.
#[derive(Debug)]
pub(crate) struct Console {
    pub(crate) address: String,
    tls: Arc<ClientConfig>,
    cookies: Mutex<Vec<(String, String)>>,
    /// The address of the device, if it is another than this machine's usual one.
    device: Option<IpAddr>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Status line and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

// === impl Console ===

impl Console {
    /// The console at `address`, of a Schoolgate whose data is in `data`. Nobody is signed in.
    pub(crate) fn at(address: &str, data: &Path) -> Self {
        let pem = data.join("page-root/page-root.pem");
        let root = CertificateDer::from_pem_file(&pem).expect("the school's own root");
        let mut roots = RootCertStore::empty();
        roots.add(root).expect("a root");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
        let tls = Arc::new(tls.with_root_certificates(roots).with_no_client_auth());
        Self { address: address.to_owned(), tls, cookies: Mutex::default(), device: None }
    }

    /// The same at a device with this address of the loopback network.
    pub(crate) fn at_device(self, device: IpAddr) -> Self {
        Self { device: Some(device), ..self }
    }

    /// The same browser, with all that it keeps, at another address of the same Schoolgate.
    pub(crate) fn goes_to(self, address: &str) -> Self {
        Self { address: address.to_owned(), ..self }
    }

    /// Signs in as somebody of the demonstration, with one press.
    pub(crate) fn signed_in_as(self, user_name: &str) -> Self {
        let answer = self.post("/sign-in", &format!("visitor={user_name}"));
        assert_eq!(answer.status, 303, "{user_name}: {}", answer.body);
        self
    }

    /// Makes the first accounts of a school, whose running Schoolgate is ordered so from `folder`, and signs in as the headteacher.
    pub(crate) fn with_first_headteacher(self, folder: &Path, arguments: &[&str]) -> Self {
        let all = [&["accounts", "first", "--head", "Hazel Marsh", "--technician", "Ash Patel"], arguments].concat();
        let made = output(folder, &all);
        let said = text(&made.stdout);
        assert!(made.status.success(), "{said}{}", text(&made.stderr));
        let link = said.split_once("h.marsh").and_then(|(_, rest)| rest.split_once("/link/")).map(|(_, rest)| rest.lines().next());
        let link = format!("/link/{}", link.flatten().expect("a link").trim());
        let chosen = self.post(&link, &format!("new={PASSWORD}&again={PASSWORD}").replace(' ', "+"));
        assert_eq!(chosen.status, 200, "{}", chosen.body);
        self.sign_in("h.marsh", PASSWORD, "");
        let page = self.get("/my/second-factor").body;
        let key: String = page.split_once("Key: <code>").and_then(|(_, rest)| rest.split('<').next()).expect("a key").replace(' ', "");
        let turned = self.form("/my/second-factor", &format!("code={}&password={}", code_of(&key), PASSWORD.replace(' ', "+")));
        assert!(turned.status == 200 && turned.body.contains("Print these codes"), "{}", turned.body);
        self
    }

    /// Signs in as people do.
    pub(crate) fn sign_in(&self, name: &str, password: &str, code: &str) -> Answer {
        self.post("/sign-in", &format!("name={name}&password={}&code={code}", password.replace(' ', "+")))
    }

    /// Asks for a page.
    pub(crate) fn get(&self, path: &str) -> Answer {
        let address = &self.address;
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{}Connection: close\r\n\r\n", self.cookie()))
    }

    /// Sends a form with the word of the session, as the page of the own sign-in gives it.
    pub(crate) fn form(&self, path: &str, fields: &str) -> Answer {
        let page = self.get("/my/sign-in").body;
        let word = page.split_once("name=\"word\" value=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned();
        self.post(path, &format!("word={word}&{fields}"))
    }

    /// Sends a form as it stands.
    pub(crate) fn post(&self, path: &str, fields: &str) -> Answer {
        let (address, length, cookie) = (&self.address, fields.len(), self.cookie());
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: https://{address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n{cookie}Connection: close\r\n\r\n{fields}"
        ))
    }

    /// Sends a form with files or long fields, with the word of the session.
    pub(crate) fn upload(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get("/my/sign-in").body;
        let word = page.split_once("name=\"word\" value=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned();
        let mut body = String::new();
        for (name, value) in fields.iter().chain(&[("word", word.as_str())]) {
            body.push_str(&format!("--next\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
        }
        body.push_str("--next--\r\n");
        let (address, length, cookie) = (&self.address, body.len(), self.cookie());
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: https://{address}\r\nContent-Type: multipart/form-data; boundary=next\r\n\
             Content-Length: {length}\r\n{cookie}Connection: close\r\n\r\n{body}"
        ))
    }

    /// Sends a request as it stands.
    pub(crate) fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        // A server that refuses a request in the middle may close before it has all of it, and may reset after its answer.
        let _ = stream.write_all(request.as_bytes()).and_then(|()| stream.flush());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").expect("an answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let answer = Answer { status, head: head.to_owned(), body: body.to_owned() };
        self.keep(&answer);
        answer
    }

    /// Whether the console still waits half a minute after the beginning of a request.
    pub(crate) fn still_waits_after(&self, beginning: &str) -> bool {
        let mut stream = self.connect();
        stream.write_all(beginning.as_bytes()).and_then(|()| stream.flush()).expect("sent");
        let ended = stream.read_to_end(&mut Vec::new());
        ended.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }

    /// A connection to it.
    pub(crate) fn connect(&self) -> StreamOwned<ClientConnection, TcpStream> {
        let stream = self.plain();
        // As browsers do: else the first request waits for the answer to the end of the hand-shake.
        stream.set_nodelay(true).expect("no delay");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("time-out");
        let name = ServerName::try_from("127.0.0.1").expect("a name");
        StreamOwned::new(ClientConnection::new(Arc::clone(&self.tls), name).expect("a client"), stream)
    }

    /// The same without TLS.
    pub(crate) fn plain(&self) -> TcpStream {
        let Some(device) = self.device else { return TcpStream::connect(&self.address).expect("connect") };
        let address: SocketAddr = self.address.parse().expect("an address");
        // In a thread of its own, where no runtime is running.
        let connected = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
            runtime.block_on(async {
                let socket = tokio::net::TcpSocket::new_v4().expect("socket");
                socket.bind(SocketAddr::new(device, 0)).expect("bind");
                socket.connect(address).await.expect("connect").into_std().expect("stream")
            })
        });
        let stream = connected.join().expect("connected");
        stream.set_nonblocking(false).expect("blocking");
        stream
    }

    /// The session, as it stands in the cookie; empty where nobody is signed in.
    pub(crate) fn session(&self) -> String {
        let cookies = self.cookies.lock().expect("cookies");
        cookies.iter().find(|(name, _)| name == "__Host-schoolgate").map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Goes on with this session, as somebody would who has got hold of it.
    pub(crate) fn with_session(self, session: &str) -> Self {
        *self.cookies.lock().expect("cookies") = vec![("__Host-schoolgate".to_owned(), session.to_owned())];
        self
    }

    fn cookie(&self) -> String {
        let cookies = self.cookies.lock().expect("cookies");
        let all: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if all.is_empty() { String::new() } else { format!("Cookie: {}\r\n", all.join("; ")) }
    }

    fn keep(&self, answer: &Answer) {
        let mut cookies = self.cookies.lock().expect("cookies");
        for line in answer.head.lines().filter_map(|line| line.strip_prefix("set-cookie: ")) {
            let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) else { continue };
            cookies.retain(|(known, _)| known != name);
            cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}

// === impl Answer ===

impl Answer {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// What a telephone shows now, that has been given this key.
#[expect(clippy::disallowed_methods, reason = "a telephone has a clock")]
pub(crate) fn code_of(key: &str) -> String {
    let secret = totp_rs::Secret::Encoded(key.to_owned()).to_bytes().expect("base 32");
    let telephone = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, secret).expect("a telephone");
    telephone.generate(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs())
}
