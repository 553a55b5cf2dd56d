//! The chain: what happens to each request, in this order.
//!
//! 1. **Own pages**: what is asked of the proxy itself is answered by it.
//! 2. **Shape**: a request that two readers could understand differently, or that has been here before, goes no further. First
//!    among the judging steps, since nothing can be judged that is not understood.
//! 3. **Who**: in the order of [`identify`], anew for each request; before judging, which depends on it.
//! 4. **Judge**: the engine's verdict, and whether a warned reader has gone on before.
//! 5. **Record**: before anything is sent on or shown, so that nothing happens unrecorded; what cannot be recorded does not happen.
//! 6. **Act**: hand on, tunnel, or show the page.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use event::{Event, Flags, Seen, Via};
use filter::{Action, Request as Question, Target, Verdict};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HOST, HeaderValue, PROXY_AUTHORIZATION, VIA};
use hyper::http::uri::{PathAndQuery, Scheme};
use hyper::{Method, Request, Response, StatusCode, Version};
use ids::EventId;

use crate::forward::{Answer, ForwardError};
use crate::gate::{Caller, Gate, OWN_HOST};
use crate::hold::Hold;
use crate::idle::IdleBody;
use crate::rules::Rules;
use crate::{headers, identify, own, page, tunnel};

/// A body of an answer: made here, or from the origin.
pub(crate) type Body = Either<Full<Bytes>, Answer>;

/// Answers one request of a reader. Boxed, since the chain opens tunnels and tunnels run the chain; and since it is large, and what
/// is not boxed is moved several times.
pub(crate) fn handle(gate: Arc<Gate>, caller: Caller, request: Request<Incoming>) -> Answering {
    Box::pin(async move { Ok(answer(gate, caller, request).await.unwrap_or_else(|refusal| *refusal)) })
}

/// An answer on its way.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

/// An answer, or the answer that ends the chain early.
pub(crate) type Outcome = Result<Response<Body>, Refusal>;

/// An answer that ends the chain early.
pub(crate) type Refusal = Box<Response<Body>>;

async fn answer(gate: Arc<Gate>, mut caller: Caller, request: Request<Incoming>) -> Outcome {
    let rules = gate.rules();
    let Some(address) = address_of(&caller, &request)? else {
        // Whoever asks the proxy itself needs no password: there they learn how to sign in.
        caller.identity = identify::without_password(&gate, &rules, &caller);
        return Ok(own::answer(&gate, &rules, &caller, &request));
    };
    if headers::has_been_here(request.headers(), &gate.via) {
        return Err(
            page::plain(StatusCode::LOOP_DETECTED, "This request has come round in a circle: a proxy points back at itself.").into()
        );
    }
    caller.identity = match identify::identify(&gate, &rules, &mut caller, request.headers()) {
        // A child who cannot sign in must still reach a help line.
        Err(_) if rules.snapshot.is_protected(&address.host) => identify::without_password(&gate, &rules, &caller),
        identity => identity?,
    };
    if request.method() == Method::CONNECT {
        // Boxed, like all that is large and rare, so that the future of the usual request is small.
        return Box::pin(tunnel::connect(gate, rules, caller, request, address)).await;
    }
    if address.host.as_str() == OWN_HOST {
        return Ok(own::answer(&gate, &rules, &caller, &request));
    }
    if let Some(answer) = page::go_on(&gate, &caller, &address.host, request.uri()) {
        return Ok(answer);
    }
    let case =
        Case { gate: &gate, rules: &rules, caller: &caller, target: &address, method: request.method(), via: Via::Http, seen: Seen::Plain };
    let wanted = page::Wanted::of(&request);
    let verdict = case.judge_with(Flags { background: wanted == page::Wanted::Part, ..Flags::default() }).await?;
    if !case.may_pass(&verdict) {
        return Ok(page::of_verdict(&case, &verdict, wanted, request.uri().path_and_query().map(PathAndQuery::as_str)));
    }
    hand_on(&gate, &rules, &caller, &address, request).await
}

/// One question to the engine with what surrounds it.
pub(crate) struct Case<'a> {
    pub(crate) gate: &'a Gate,
    pub(crate) rules: &'a Rules,
    pub(crate) caller: &'a Caller,
    pub(crate) target: &'a Target,
    pub(crate) method: &'a Method,
    pub(crate) via: Via,
    pub(crate) seen: Seen,
}

impl<'a> Case<'a> {
    /// What the engine is asked.
    pub(crate) fn question(&self) -> Question<'a> {
        Question { who: self.caller.identity.who, target: self.target, when: self.gate.now() }
    }

    /// Judges and records. The error is the answer when the event cannot be kept.
    pub(crate) async fn judge_with(&self, flags: Flags) -> Result<Verdict, Refusal> {
        let question = self.question();
        let verdict = filter::judge(&self.rules.snapshot, question);
        let random = std::array::from_fn(|_| fastrand::u8(..));
        let circumstances = event::Circumstances {
            id: EventId::new(question.when.as_millisecond().unsigned_abs(), random),
            via: self.via,
            source: self.caller.source,
            device: None,
            known: self.caller.identity.known,
            listener: self.caller.listener.as_ref().into(),
            method: self.method.as_str().into(),
            seen: self.seen,
            flags,
        };
        let event = Event::of_verdict(&self.rules.snapshot, question, verdict, circumstances);
        if self.gate.recorder.keep_at_once(&event) || Box::pin(self.gate.record(event)).await {
            Ok(verdict)
        } else {
            Err(page::plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "The school's filter cannot keep its record just now, so nothing opens. Please tell the IT team.",
            )
            .into())
        }
    }

    /// Whether the request goes on: allowed, or warned about and gone on before.
    pub(crate) fn may_pass(&self, verdict: &Verdict) -> bool {
        verdict.is_allowed()
            || (verdict.action == Action::Warn && self.gate.passes.holds(self.caller.reader(), &self.target.host, self.gate.now()))
    }

    /// The level of safe search of whoever asks.
    pub(crate) fn safe_search(&self) -> filter::safesearch::SafeSearch {
        filter::judge::profile_of(&self.rules.snapshot, self.caller.identity.who)
            .map_or(filter::safesearch::SafeSearch::Strict, filter::profile::Profile::safe_search)
    }
}

/// What the request asks for; nothing where it asks the proxy itself.
fn address_of(caller: &Caller, request: &Request<Incoming>) -> Result<Option<Target>, Refusal> {
    let bad = |what| {
        let mut answer = page::plain(StatusCode::BAD_REQUEST, what);
        // Where this request was not understood, neither is where the next one begins.
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        Refusal::from(answer)
    };
    match request.headers().get_all(HOST).iter().count() {
        // RFC 9112, 3.2.
        0 if request.version() == Version::HTTP_11 => return Err(bad("The request names no host.")),
        0 | 1 => {}
        _ => return Err(bad("The request names two hosts.")),
    }
    if !headers::is_plainly_framed(request.headers()) {
        return Err(bad("The request's body is wrapped in a way that is not understood."));
    }
    let uri = request.uri();
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(bad("The request carries a user name in its address."));
    }
    if request.method() == Method::CONNECT {
        // Each would lie inside the one before, until there is no more memory to follow them with.
        if caller.inside.is_some() {
            return Err(bad("A tunnel opens no tunnels."));
        }
        let authority = uri.authority().filter(|_| uri.scheme().is_none());
        let target =
            authority.and_then(|authority| Some(Target::of_host(filter::Host::parse(authority.host()).ok()?, authority.port_u16()?)));
        return target.map(Some).ok_or_else(|| bad("The address to connect to is not a host and a port."));
    }
    if let Some((host, port)) = &caller.inside {
        let text = format!("http://{}:{port}{}", bracketed(host), uri.path_and_query().map_or("/", PathAndQuery::as_str));
        return Target::parse(&text).map(Some).map_err(|_| bad("The address is not understood."));
    }
    match (uri.scheme(), uri.authority()) {
        (None, None) => Ok(None),
        (Some(scheme), Some(_)) if *scheme == Scheme::HTTP => {
            Target::parse(&uri.to_string()).map(Some).map_err(|_| bad("The address is not understood."))
        }
        _ => Err(bad("Only http addresses go through a proxy this way; https goes through CONNECT.")),
    }
}

fn bracketed(host: &filter::Host) -> String {
    if host.as_str().contains(':') { format!("[{host}]") } else { host.to_string() }
}

/// Sends an allowed request to its origin and gives back the answer.
async fn hand_on(gate: &Arc<Gate>, rules: &Rules, caller: &Caller, target: &Target, request: Request<Incoming>) -> Outcome {
    let case = Case { gate, rules, caller, target, method: request.method(), via: Via::Http, seen: Seen::Plain };
    let enforce = case.safe_search();
    let (mut head, body) = request.into_parts();
    // Exactly what was judged: the host in its normal form, the path as it came.
    let host = bracketed(&target.host);
    let host = HeaderValue::try_from(if target.port == 80 { host } else { format!("{host}:{}", target.port) });
    let host = host.map_err(|_| page::plain(StatusCode::BAD_REQUEST, "The address is not understood."))?;
    head.uri = head.uri.into_parts().path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/")).into();
    let protocol = headers::strip_hop_by_hop(&mut head.headers);
    head.headers.insert(HOST, host);
    head.headers.append(VIA, gate.via_header.clone());
    if let Some(login) = gate.dialer.parent_login(&target.host, enforce).and_then(|login| HeaderValue::from_str(login).ok()) {
        head.headers.insert(PROXY_AUTHORIZATION, login);
    }
    let mut request = Request::from_parts(head, IdleBody::new(body, gate.settings.body_idle));
    let upgrade = protocol.map(|protocol| {
        headers::ask_upgrade(request.headers_mut(), protocol);
        hyper::upgrade::on(&mut request)
    });
    let key = (target.host.clone(), target.port, enforce);
    match gate.forwarder.send(request, key, gate.settings.answer_timeout, gate.settings.body_idle).await {
        Ok(response) => Ok(give_back(gate, caller, target, response, upgrade)),
        Err(ForwardError::Dial(why)) => Err(page::fault(StatusCode::BAD_GATEWAY, &why).into()),
        Err(error @ ForwardError::Late) => Err(page::fault(StatusCode::GATEWAY_TIMEOUT, &error.to_string()).into()),
        Err(error @ ForwardError::Answer) => Err(page::fault(StatusCode::BAD_GATEWAY, &error.to_string()).into()),
    }
}

fn give_back(
    gate: &Arc<Gate>,
    caller: &Caller,
    target: &Target,
    mut response: Response<Answer>,
    upgrade: Option<hyper::upgrade::OnUpgrade>,
) -> Response<Body> {
    let switches = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    let origin_side = switches.then(|| {
        response.body_mut().keep_for_good();
        hyper::upgrade::on(&mut response)
    });
    let protocol = headers::strip_hop_by_hop(response.headers_mut());
    response.headers_mut().append(VIA, gate.via_header.clone());
    // The version is that of each hop: else an old origin would cost a reader the connection.
    *response.version_mut() = Version::HTTP_11;
    match (switches, upgrade.zip(origin_side).zip(protocol)) {
        (true, Some(((reader, origin), protocol))) => {
            headers::ask_upgrade(response.headers_mut(), protocol);
            let hold = Hold { gate: Arc::clone(gate), caller: caller.clone(), targets: vec![target.clone()] };
            tokio::spawn(tunnel::join_upgrades(reader, origin, hold));
            response.map(|_| Either::Left(Full::default()))
        }
        // Nobody asked for another protocol, or not for this one.
        (true, None) => page::fault(StatusCode::BAD_GATEWAY, &ForwardError::Answer.to_string()),
        _ => response.map(Either::Right),
    }
}
