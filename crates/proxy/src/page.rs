//! What a reader sees instead of a page: words from `ui`, status and headers from here.

use event::Via;
use filter::category::Category;
use filter::profile::{Profile, Reader};
use filter::verdict::Ground;
use filter::{Action, Host, Target, Verdict};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT, CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::http::uri::PathAndQuery;
use hyper::{Request, Response, StatusCode, Uri};
use ui::block_page::{BlockPage, CategoryWords, HelpLine, Outcome, StaffDetail, render};
use ui::words::ReadingAge;
use ui::{Href, Words};

use crate::chain::{Body, Case};
use crate::gate::{Caller, Gate, OWN_HOST};
use crate::identify;
use crate::rules::Rules;

/// Where a warned reader goes on. Under the site's own name, so that the page needs nothing from elsewhere.
pub(crate) const GO_ON: &str = "/.well-known/schoolgate/go-on";

/// What the reader's program can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A page: somebody is looking.
    Page,
    /// A picture, a script, an answer for a program: a line of text will do.
    Part,
}

impl Wanted {
    /// By what browsers say they will do with the answer (Fetch Metadata), else by what they accept.
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_ascii_lowercase);
        let page = match header(HeaderName::from_static("sec-fetch-dest")) {
            Some(destination) => matches!(destination.as_str(), "document" | "iframe" | "frame" | "embed" | "object"),
            None => header(ACCEPT).is_none_or(|accept| accept.contains("text/html") || accept.trim() == "*/*"),
        };
        if page { Self::Page } else { Self::Part }
    }
}

/// A short answer in plain text, for faults and for programs.
pub(crate) fn plain(status: StatusCode, text: &str) -> Response<Body> {
    finish(status, "text/plain; charset=utf-8", None, format!("{text}\n"))
}

/// What went wrong between the gate and a site, as whole sentences: a reader of any age may be looking.
pub(crate) fn fault(status: StatusCode, why: &str) -> Response<Body> {
    let mut letters = why.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    plain(status, &format!("This page did not open, but you have done nothing wrong. {first}{}.", letters.as_str()))
}

/// A page of our own.
pub(crate) fn html(status: StatusCode, policy: &str, html: String) -> Response<Body> {
    finish(status, "text/html; charset=utf-8", Some(policy), html)
}

fn finish(status: StatusCode, kind: &'static str, policy: Option<&str>, text: String) -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::from(text)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Some(policy) = policy.and_then(|policy| HeaderValue::from_str(policy).ok()) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The answer for a verdict that does not let the request go on. `to` is the path that a warned reader wanted, where another than
/// the target's is meant.
pub(crate) fn of_verdict(case: &Case<'_>, verdict: &Verdict, wanted: Wanted, to: Option<&str>) -> Response<Body> {
    let status = match verdict.action {
        // RFC 6585, 6: access needs a step that the reader can take.
        Action::Gate => StatusCode::NETWORK_AUTHENTICATION_REQUIRED,
        Action::Allow | Action::Warn | Action::Block | Action::Ask => StatusCode::FORBIDDEN,
    };
    if wanted == Wanted::Part {
        return plain(status, "The school's filter has stopped this.");
    }
    let profile = filter::judge::profile_of(&case.rules.snapshot, case.question().who);
    let words = Words::new(profile.map_or(ReadingAge::Young, reading_age), case.rules.school.clone());
    let category = verdict.category();
    let shown = case.target.to_string();
    let lines: Vec<_> = case.rules.help_lines.iter().map(help_line).collect();
    let explanation =
        (words.reading_age == ReadingAge::Adult && !verdict.is_sealed()).then(|| filter::explain(&case.rules.snapshot, case.question()));
    let reasons = explanation.map(reasons).unwrap_or_default();
    let talk_to = who_to_talk_to(&words, case.rules);
    let reasons: Vec<&str> = reasons.iter().map(String::as_str).collect();
    let missing: Vec<&str> = case.rules.missing.iter().map(String::as_str).collect();
    let rendered = render(&BlockPage {
        words: &words,
        outcome: outcome(case, verdict, to),
        category: category.map(|category| CategoryWords { title: category.title(), sentence: category.sentence() }),
        shown_address: Some(&shown),
        help_first: category.is_some_and(needs_help),
        help_lines: &lines,
        who_to_talk_to: &talk_to,
        open_request_url: &own_page("open"),
        worried_url: &own_page("worried"),
        staff: (!reasons.is_empty()).then_some(StaffDetail { reasons: &reasons, missing: &missing }),
    });
    html(status, &rendered.content_security_policy(), rendered.html)
}

/// Every step, and every place that lists the site.
fn reasons(explanation: filter::explain::Explanation) -> Vec<String> {
    let steps = explanation.steps.into_iter().map(|step| format!("{}: {}", step.title, step.finding));
    let places = explanation.listings.into_iter().flat_map(|listing| {
        let pattern = listing.entry.pattern;
        let place = move |origin: filter::pack::Origin| {
            format!(
                "Listed: {pattern}, in the list {} ({}, line {}), as {}",
                origin.list,
                origin.file,
                origin.line,
                origin.category.title()
            )
        };
        listing.entry.origins.into_iter().map(place)
    });
    steps.chain(places).collect()
}

/// Whom a reader may talk to, inside a sentence: what the school set is for pupils.
pub(crate) fn who_to_talk_to(words: &Words, rules: &Rules) -> String {
    match words.reading_age {
        ReadingAge::Adult => format!("the {}", words.term(ui::words::Term::Dsl)),
        ReadingAge::Young | ReadingAge::Child | ReadingAge::Teen => rules.who_to_talk_to.clone(),
    }
}

/// Answers a reader who goes on after a warning; nothing where the request is another.
pub(crate) fn go_on(gate: &Gate, caller: &Caller, host: &Host, uri: &Uri) -> Option<Response<Body>> {
    if uri.path() != GO_ON {
        return None;
    }
    let pairs: Vec<_> = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).collect();
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref());
    let good = value("token").is_some_and(|token| gate.passes.redeem(caller.reader(), host, token, gate.now()));
    if !good {
        return Some(plain(StatusCode::FORBIDDEN, "This link has run out. Please go back and try the page again."));
    }
    // Only a path of the same site: anything else could send the reader elsewhere.
    // Browsers take control characters out, so that `/<tab>/elsewhere` would be two slashes.
    let stays = |to: &&str| to.starts_with('/') && !to.starts_with("//") && !to.contains(|c: char| c == '\\' || c.is_control());
    let to = value("to").filter(stays).unwrap_or("/");
    let mut response = plain(StatusCode::SEE_OTHER, "Going on.");
    response.headers_mut().insert(LOCATION, HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/")));
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    Some(response)
}

/// Answers inside a tunnel that shows the page.
pub(crate) fn inside(
    gate: &Gate,
    rules: &Rules,
    caller: &Caller,
    target: &Target,
    verdict: Option<&Verdict>,
    request: &Request<Incoming>,
) -> Response<Body> {
    let Some(verdict) = verdict else {
        return crate::own::answer(gate, rules, caller, request);
    };
    // Browsers open connections to spare. On one that was opened before its reader went on, signed in, or got another rule, what was judged
    // then is not what holds now.
    let rules_now = gate.rules();
    let caller = Caller { identity: identify::again(gate, &rules_now, caller), ..caller.clone() };
    let path = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    let mut response = go_on(gate, &caller, &target.host, request.uri()).unwrap_or_else(|| {
        let case =
            |rules| Case { gate, rules, caller: &caller, target, method: request.method(), via: Via::Page, seen: event::Seen::HostOnly };
        let now = case(&rules_now);
        if now.may_pass(&filter::judge(&rules_now.snapshot, now.question())) {
            return again(path);
        }
        of_verdict(&case(rules), verdict, Wanted::of(request), Some(path))
    });
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Asks the browser to come again for the same, with the same method: on a connection of its own, which is judged and recorded.
fn again(path: &str) -> Response<Body> {
    let mut response = plain(StatusCode::TEMPORARY_REDIRECT, "This opens now.");
    // Two slashes at the beginning would lead to another host, and browsers read a backslash as one.
    let path = format!("/{}", path.trim_start_matches(['/', '\\']));
    response.headers_mut().insert(LOCATION, HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/")));
    response
}

fn outcome(case: &Case<'_>, verdict: &Verdict, to: Option<&str>) -> Outcome {
    if verdict.is_sealed() {
        return Outcome::Sealed;
    }
    let at_console = || case.rules.sign_url.as_deref().and_then(|url| Href::parse(url).ok()).unwrap_or_else(|| own_page("start"));
    match verdict.action {
        Action::Block if verdict.ground == Ground::Suspension => Outcome::Suspended { read_url: at_console() },
        Action::Block | Action::Allow => Outcome::Blocked,
        Action::Ask => Outcome::Ask,
        Action::Gate => Outcome::Gate { sign_url: at_console() },
        Action::Warn => {
            let token = case.gate.passes.token(case.caller.reader(), &case.target.host, case.gate.now());
            let to = to.or_else(|| case.target.path()).unwrap_or("/");
            let query: String =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("token", &token).append_pair("to", to).finish();
            Outcome::Warn { continue_url: Href::path(&format!("{GO_ON}?{query}")) }
        }
    }
}

/// A page that the proxy itself answers.
fn own_page(name: &str) -> Href {
    Href::parse(&format!("http://{OWN_HOST}/{name}")).unwrap_or_else(|_| Href::path("/"))
}

pub(crate) fn help_line(line: &crate::rules::HelpLine) -> HelpLine<'_> {
    HelpLine {
        name: &line.name,
        what: &line.what,
        phone: line.phone.as_deref(),
        url: line.address.as_deref().and_then(|address| Href::parse(address).ok()),
    }
}

pub(crate) fn reading_age(profile: &Profile) -> ReadingAge {
    match profile.reader() {
        Reader::Young => ReadingAge::Young,
        Reader::Child => ReadingAge::Child,
        Reader::Teen => ReadingAge::Teen,
        Reader::Adult => ReadingAge::Adult,
    }
}

/// Categories whose page begins with help (issue: self-harm and abuse).
fn needs_help(category: Category) -> bool {
    matches!(
        category,
        Category::SelfHarm | Category::ChildSexualAbuse | Category::IntimateImageAbuse | Category::Stalkerware | Category::Misogyny
    )
}
