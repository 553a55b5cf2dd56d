//! The proxy: its listeners, the root of its pages, its journal, and whether there is a way past it.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use activity::journal;
use jiff::{SignedDuration, ToSpan as _};
use proxy::root::Root;

use super::Facts;
use super::finding::{Look, Told, Unknown};
use super::folder::port;
use crate::answer::school_time;
use crate::gateway::events_of;

/// A well-known address that answers everybody (a public name server).
const OUTSIDE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(1, 1, 1, 1)), 443);
/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// A root with less than this left is to be renewed: putting it on all devices takes a school some time.
const RENEW: SignedDuration = SignedDuration::from_hours(120 * 24);

pub(super) fn listeners(facts: &Facts) -> Look {
    let listeners = &facts.config()?.gateway.listeners;
    if listeners.is_empty() {
        return Told::warn("There is no listener, so no browser goes through Schoolgate.", "add a [[listen]] to the configuration").into();
    }
    let look = |it: &crate::config::ListenerConfig| port(facts, it.address, &format!("address = ... of {:?} under [[listen]]", it.name));
    listeners.iter().filter(|it| it.address.port() != 0).map(look).collect()
}

pub(super) fn page_root(facts: &Facts) -> Look {
    let (config, folder) = (facts.config()?, facts.data()?.page_root());
    if !config.gateway.pages.https {
        let says = "No pages are shown over HTTPS ([pages] https = false): on blocked sites browsers show only their own message.";
        return Told::warn(says, "set it to true and put the page root on the school's devices (docs/certificates.md)").into();
    }
    // Looking must not make one.
    if !folder.join("page-root.key").exists() && !folder.join("page-root.pem").exists() {
        return Told::good("It is made when Schoolgate first runs with a listener.").into();
    }
    let root = match Root::load_or_make(&folder, &config.school, facts.now) {
        Ok(root) => root,
        Err(error) => return Told::bad(format!("{error}."), "see docs/certificates.md").into(),
    };
    let ends = school_time(root.ends(), &config.time_zone);
    let says = format!("{}, until {ends}. SHA-256: {}", root.name(), root.fingerprint());
    if root.ends().duration_since(facts.now) < RENEW {
        return Told::warn(says, "make another and put it on the devices in time (docs/certificates.md)").into();
    }
    Told::good(says).into()
}

pub(super) fn journal(facts: &Facts) -> Look {
    let (config, folder) = (facts.config()?, facts.data()?.journal());
    let unread = |error: &dyn std::fmt::Display| Unknown::new(format!("the journal cannot be read ({error})"));
    let today = facts.now.to_zoned(config.time_zone.clone()).date();
    let days = journal::days(&folder).map_err(|error| unread(&error))?;
    let events = events_of(&folder, today).map_err(|error| unread(&error))?;
    let keep_days = config.gateway.journal.keep_days;
    let says = format!("Decisions today: {events}. Days that are there: {}; {keep_days} are kept beside today.", days.len());
    let first = today.checked_sub(i64::from(keep_days).saturating_add(1).days()).map_err(|error| unread(&error))?;
    match days.first() {
        Some(oldest) if *oldest < first => Told::bad(
            format!("{says} The oldest, {oldest}, should be gone."),
            "run Schoolgate, which deletes old days; if it does run, look whether its account may write in the journal's folder",
        )
        .into(),
        Some(_) | None => Told::good(says).into(),
    }
}

pub(super) fn direct_route(facts: &Facts) -> Look {
    if !facts.config()?.doctor.direct_route_check {
        return Err(Unknown::new("trying it is switched off ([doctor] direct_route_check); try it on a network of pupils' devices"));
    }
    Ok(vec![match TcpStream::connect_timeout(&OUTSIDE, PATIENCE) {
        Ok(_) => Told::bad(
            "The internet can be reached from here past the proxy: whoever takes the proxy out of a browser is not filtered.",
            "have the firewall let only the gate's machine out to ports 80 and 443 (README, Firewall); on the gate's own machine this is as it \
             should be",
        ),
        Err(_) => Told::good("The internet cannot be reached from here but through the proxy."),
    }])
}
