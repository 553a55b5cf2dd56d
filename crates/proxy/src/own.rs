//! What the proxy answers itself: the settings file for browsers (PAC), the school's certificate, the pages that say where to go.
//!
//! Reached under [`OWN_HOST`] through the proxy, or by asking the proxy's port directly.

use http_body_util::{Either, Full};
use hyper::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};

use crate::chain::Body;
use crate::gate::{Caller, Gate, OWN_HOST};
use crate::page;
use crate::rules::Rules;

mod pages;

/// Answers a request that is for the proxy itself.
pub(crate) fn answer<B>(gate: &Gate, rules: &Rules, caller: &Caller, request: &Request<B>) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return page::plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are answered here.");
    }
    match request.uri().path() {
        "/proxy.pac" | "/wpad.dat" => pac(request),
        "/root.pem" => certificate(gate, "application/x-pem-file", "schoolgate-root.pem", |root| root.pem().into_bytes()),
        "/root.crt" | "/root.der" => certificate(gate, "application/x-x509-ca-cert", "schoolgate-root.crt", |root| root.der().to_vec()),
        "/root.mobileconfig" => {
            certificate(gate, "application/x-apple-aspen-config", "schoolgate-root.mobileconfig", |root| root.mobileconfig().into_bytes())
        }
        path => {
            let age =
                filter::judge::profile_of(&rules.snapshot, caller.identity.who).map_or(ui::words::ReadingAge::Young, page::reading_age);
            match pages::render(path, age, rules, gate.root.is_some()) {
                Some(rendered) => page::html(StatusCode::OK, &rendered.content_security_policy(), rendered.html),
                None => page::plain(StatusCode::NOT_FOUND, &format!("There is no such page here. Try http://{OWN_HOST}/start")),
            }
        }
    }
}

/// The settings file. There is no DIRECT for anything outside: without the proxy there is no internet, rather than an unfiltered one.
fn pac<B>(request: &Request<B>) -> Response<Body> {
    let asked =
        request.headers().get(HOST).and_then(|host| host.to_str().ok()).or(request.uri().authority().map(|authority| authority.as_str()));
    let well_formed = |host: &&str| {
        !host.is_empty()
            && *host != OWN_HOST
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']'))
    };
    let Some(proxy) = asked.filter(well_formed) else {
        return page::plain(
            StatusCode::BAD_REQUEST,
            "Ask for the settings file by the proxy's own address, such as http://proxy.school.example:8080/proxy.pac",
        );
    };
    // The gate's own pages are asked for by the device itself, since it is known there by its address.
    let own = match proxy.rfind(':') {
        Some(colon) if !proxy.get(colon..).is_some_and(|rest| rest.contains(']')) => proxy.get(..colon).unwrap_or(proxy),
        _ => proxy,
    };
    let text = format!(
        "function FindProxyForURL(url, host) {{\n  // Names without a dot are the school's own machines, and this gate is one.\n  if (isPlainHostName(host) || host === \"127.0.0.1\" || host === \"[::1]\" || host === \"{own}\") return \"DIRECT\";\n  return \"PROXY {proxy}\";\n}}\n"
    );
    let mut response = page::plain(StatusCode::OK, "");
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ns-proxy-autoconfig"));
    *response.body_mut() = Either::Left(Full::from(text));
    response
}

fn certificate(gate: &Gate, kind: &'static str, name: &str, bytes: impl FnOnce(&crate::root::Root) -> Vec<u8>) -> Response<Body> {
    let Some(root) = &gate.root else {
        return page::plain(StatusCode::NOT_FOUND, "This school shows no pages over HTTPS, so there is no certificate to install.");
    };
    let mut response = page::plain(StatusCode::OK, "");
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    }
    *response.body_mut() = Either::Left(Full::from(bytes(root)));
    response
}
