//! A little HTTP server on loopback that says exactly what a test wants, well-formed or not.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// A request as it came: the path and the headers, with names in lower case.
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
}

/// Serves `answer` on a free port of loopback, a thread for each connection; every request is also sent to the receiver.
pub(crate) fn serve(answer: impl Fn(&Asked, &mut TcpStream) + Send + Clone + 'static) -> (String, Receiver<Asked>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("address"));
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (answer, sender) = (answer.clone(), sender.clone());
            thread::spawn(move || handle(stream, &answer, &sender));
        }
    });
    (base, receiver)
}

fn handle(mut stream: TcpStream, answer: &impl Fn(&Asked, &mut TcpStream), sender: &Sender<Asked>) {
    let mut lines = BufReader::new(stream.try_clone().expect("clone")).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let headers = lines.take_while(|line| !line.is_empty()).filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_ascii_lowercase(), value.to_owned()))
    });
    let asked = Asked { path, headers: headers.collect() };
    answer(&asked, &mut stream);
    let _ = stream.shutdown(Shutdown::Both);
    let _ = sender.send(asked);
}

pub(crate) fn send(stream: &mut TcpStream, head: &str, body: &[u8]) {
    // A client that has seen enough hangs up; that is its right.
    let _ = stream.write_all(format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n").as_bytes());
    let _ = stream.write_all(body);
}

pub(crate) fn ok(stream: &mut TcpStream, extra: &str, body: &str) {
    send(stream, &format!("200 OK\r\nContent-Length: {}{extra}", body.len()), body.as_bytes());
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("pack");
    encoder.finish().expect("pack")
}

/// Serves one connection after another over TLS as `localhost`: `/list.txt` is a list, `/away` sends on to plain http.
/// Returns the port and the certificate.
pub(crate) fn serve_tls(list: &'static str) -> (u16, String) {
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("certificate");
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .expect("key");
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").expect("a free port"));
    let port = listener.local_addr().expect("address").port();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = rustls::ServerConnection::new(config.clone()).expect("connection");
            let mut tls = BufReader::new(rustls::StreamOwned::new(connection, stream));
            let mut first = String::new();
            if tls.read_line(&mut first).is_err() {
                continue; // The client does not trust us.
            }
            let answer = match first.split(' ').nth(1) {
                Some("/list.txt") => format!("200 OK\r\nContent-Length: {}\r\n\r\n{list}", list.len()),
                _ => "302 Found\r\nLocation: http://localhost:1/list.txt\r\nContent-Length: 0\r\n\r\n".to_owned(),
            };
            let _ = tls.get_mut().write_all(format!("HTTP/1.1 {answer}").as_bytes());
            let _ = tls.get_mut().flush();
        }
    });
    (port, cert.pem())
}
