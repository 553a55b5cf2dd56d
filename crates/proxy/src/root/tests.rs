//! The root as devices meet it, on real sockets; the files are next door.

mod stored;

use std::net::Ipv4Addr;

use rustls::pki_types::{ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::*;
use crate::prefixed::PrefixedStream;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().expect("time")
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() + seconds).expect("time")
}

fn host(text: &str) -> Host {
    Host::parse(text).expect("host")
}

fn school() -> (TempDir, Root) {
    let folder = tempfile::tempdir().expect("folder");
    let root = Root::load_or_make(folder.path(), "Elm Row Primary", now()).expect("root");
    (folder, root)
}

fn load(folder: &TempDir) -> Result<Root, RootError> {
    Root::load_or_make(folder.path(), "Elm Row Primary", now())
}

/// The clock of the device.
#[derive(Debug)]
struct At(Timestamp);

impl TimeProvider for At {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(std::time::Duration::from_secs(self.0.as_second().unsigned_abs())))
    }
}

/// A browser on a device that has `root` installed.
fn device(root: &Root, clock: Timestamp, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
    let mut store = RootCertStore::empty();
    store.add(root.der().to_vec().into()).expect("a root that can be installed");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_details(provider, Arc::new(At(clock)))
        .with_protocol_versions(versions)
        .expect("versions")
        .with_root_certificates(store)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

/// What came of a connection: the protocol, the version, the certificates and whether it was resumed.
struct Met {
    alpn: Option<Vec<u8>>,
    version: Option<ProtocolVersion>,
    chain: Vec<CertificateDer<'static>>,
    page: String,
}

/// Opens `name` in a browser while the gate answers for `judged`. The gate first reads some of the greeting, as it does to judge it.
async fn open(root: &Root, browser: &Arc<ClientConfig>, judged: &str, name: &str, at: Timestamp) -> io::Result<Met> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let config = root.acceptor(&host(judged), at);
    let gate = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        let mut greeting = [0; 40];
        stream.read_exact(&mut greeting).await?;
        let mut secure = TlsAcceptor::from(config).accept(PrefixedStream::new(greeting.to_vec(), stream)).await?;
        secure.write_all(b"the page").await?;
        secure.shutdown().await
    });
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from(name.to_owned()).expect("name");
    let mut secure = TlsConnector::from(Arc::clone(browser)).connect(name, stream).await?;
    let mut page = String::new();
    secure.read_to_string(&mut page).await?;
    gate.await.expect("gate")?;
    let connection = secure.get_ref().1;
    Ok(Met {
        alpn: connection.alpn_protocol().map(<[u8]>::to_vec),
        version: connection.protocol_version(),
        chain: connection.peer_certificates().unwrap_or_default().iter().map(|one| one.clone().into_owned()).collect(),
        page,
    })
}

async fn opens(root: &Root, judged: &str, name: &str) -> io::Result<Met> {
    open(root, &Arc::new(device(root, now(), rustls::ALL_VERSIONS)), judged, name, now()).await
}

#[tokio::test]
async fn a_browser_that_holds_the_root_gets_the_page_under_the_name_it_asked_for() {
    let (_folder, root) = school();
    for name in
        ["casino.example", "www.casino.example", "xn--bcher-kva.example", "intranet", "192.0.2.7", "2001:db8::7", "under_score.example"]
    {
        let met = opens(&root, name, name).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(met.page, "the page", "{name}");
        assert_eq!(met.alpn.as_deref(), Some(&b"http/1.1"[..]), "{name}");
        assert_eq!(met.version, Some(ProtocolVersion::TLSv1_3), "{name}");
        assert_eq!(met.chain[1].as_ref(), root.der(), "{name}: the root goes along");
    }
}

#[tokio::test]
async fn the_name_in_the_greeting_is_the_name_in_the_certificate() {
    let (_folder, root) = school();
    opens(&root, "judged.example", "asked.example").await.expect("the name asked for counts");
}

#[tokio::test]
async fn without_a_name_in_the_greeting_the_host_that_was_judged_counts() {
    let (_folder, root) = school();
    let mut browser = device(&root, now(), rustls::ALL_VERSIONS);
    browser.enable_sni = false;
    let browser = Arc::new(browser);
    open(&root, &browser, "casino.example", "casino.example", now()).await.expect("the same name");
    for other in ["museum.example", "www.casino.example"] {
        assert!(open(&root, &browser, "casino.example", other, now()).await.is_err(), "{other}");
    }
}

#[tokio::test]
async fn older_browsers_get_the_page_too() {
    let (_folder, root) = school();
    let browser = Arc::new(device(&root, now(), &[&rustls::version::TLS12]));
    let met = open(&root, &browser, "casino.example", "casino.example", now()).await.expect("page");
    assert_eq!(met.version, Some(ProtocolVersion::TLSv1_2));
}

#[tokio::test]
async fn a_device_with_another_schools_root_refuses() {
    let (_folder, root) = school();
    let (_other_folder, other) = school();
    let browser = Arc::new(device(&other, now(), rustls::ALL_VERSIONS));
    assert!(open(&root, &browser, "casino.example", "casino.example", now()).await.is_err());
}

#[tokio::test]
async fn no_two_certificates_share_a_serial_number() {
    let (_folder, root) = school();
    let mut serials = Vec::new();
    for name in ["a.example", "b.example"] {
        for certificate in opens(&root, name, name).await.expect("page").chain {
            let (_, parsed) = X509Certificate::from_der(&certificate).expect("certificate");
            assert_eq!(parsed.raw_serial().len(), 16);
            serials.push(parsed.raw_serial().to_vec());
        }
    }
    serials.sort();
    serials.dedup();
    assert_eq!(serials.len(), 3, "two leaves and one root");
}

#[tokio::test]
async fn a_certificate_is_renewed_before_it_ends() {
    let (_folder, root) = school();
    // At each of these moments the device's clock is right, a little late, or a little early.
    for at in [0, HOUR, 5 * DAY - 1, 5 * DAY, 6 * DAY, 90 * DAY, 30 * DAY] {
        for wrong in [-23 * HOUR, 0, 23 * HOUR] {
            let browser = Arc::new(device(&root, later(at + wrong), rustls::ALL_VERSIONS));
            let met = open(&root, &browser, "casino.example", "casino.example", later(at)).await;
            assert!(met.is_ok(), "after {at} s, clock wrong by {wrong} s: {:?}", met.err());
        }
    }
    let leaf = |at| root.leaves.get(&host("casino.example"), later(at)).expect("leaf").cert[0].clone();
    assert_eq!(leaf(100 * DAY), leaf(105 * DAY - 1), "kept while it is good");
    assert_ne!(leaf(100 * DAY), leaf(105 * DAY));
}

#[test]
fn no_certificate_outlives_the_root() {
    let (_folder, root) = school();
    let last_day = Timestamp::from_second(root.ends().as_second() - DAY).expect("time");
    let leaf = root.leaves.get(&host("casino.example"), last_day).expect("leaf");
    let (_, parsed) = X509Certificate::from_der(&leaf.cert[0]).expect("certificate");
    assert_eq!(parsed.validity().not_after.timestamp(), root.ends().as_second());
}

#[test]
fn thousands_of_hosts_do_not_fill_the_memory() {
    let (_folder, root) = school();
    for number in 0..1500 {
        root.leaves.get(&host(&format!("site{number}.example")), now()).expect("leaf");
        assert!(root.leaves.len() <= 1000);
    }
}
