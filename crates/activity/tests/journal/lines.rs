//! What a line holds.

use std::fs;

use event::{Address, Event, Flags, Known, Seen, Via};
use filter::Action;
use filter::category::Category;
use filter::judge::Step;
use ids::{DeviceId, PersonId};

use crate::support::{Place, event, left_behind, shown, time, today, write};

const DOCS: &str = include_str!("../../../../docs/journal.md");

fn every_variant() -> Vec<Event> {
    let mut all = vec![
        Event { address: Address::Sealed, step: Step::Sealed, action: Action::Block, list: Some("sealed".into()), ..event(0) },
        Event { address: shown("2001:db8::1", 8443, None), source: "2001:db8::7".parse().expect("address"), ..event(0) },
        Event { address: shown("xn--bcher-kva.example", 80, Some("/a \"b\"\\\u{7f}\n\u{1}/é")), ..event(0) },
        Event { person: None, device: Some(DeviceId::named("cart-3")), method: "".into(), ..event(0) },
        Event { rule: Some("/[\"]\n/".into()), list: Some("a list".into()), at: time("2026-11-23T10:00:00.123456789Z"), ..event(0) },
        Event { flags: Flags { ech: true, name_mismatch: false, background: false }, ..event(0) },
        Event { flags: Flags { ech: false, name_mismatch: true, background: true }, ..event(0) },
    ];
    all.extend([Via::Http, Via::Connect, Via::Sni, Via::Page].map(|via| Event { via, ..event(0) }));
    let known = [Known::Password, Known::Own, Known::Card, Known::Class, Known::Network, Known::Range, Known::Listener, Known::Nothing];
    all.extend(known.map(|known| Event { known, ..event(0) }));
    all.extend([Seen::Plain, Seen::HostOnly, Seen::Opaque].map(|seen| Event { seen, ..event(0) }));
    let actions = [Action::Allow, Action::Warn, Action::Block, Action::Ask, Action::Gate];
    all.extend(actions.map(|action| Event { action, ..event(0) }));
    let steps = [Step::Sealed, Step::Protected, Step::Gate, Step::Lifts, Step::Overrides, Step::Categories, Step::Unlisted];
    all.extend(steps.map(|step| Event { step, ..event(0) }));
    all.extend(Category::ALL.iter().map(|category| Event { category: Some(*category), ..event(0) }));
    all
}

#[tokio::test]
async fn every_event_comes_back_as_it_was() {
    let place = left_behind(every_variant()).await;
    let (written, read) = (every_variant(), place.read(today()));
    assert_eq!(read.len(), written.len());
    for (number, (written, read)) in written.iter().zip(&read).enumerate() {
        assert!(written == read, "event {number}");
    }
}

#[tokio::test]
async fn a_line_is_as_documented() {
    let rule = Some("museum.example".into());
    let reading = Event { category: Some(Category::Education), step: Step::Categories, list: Some("our own".into()), rule, ..event(0) };
    let sealed = Event { address: Address::Sealed, action: Action::Block, step: Step::Sealed, list: Some("sealed".into()), ..event(1) };
    let place = left_behind([reading, sealed]).await;
    let text = fs::read_to_string(place.file()).expect("file");
    for line in text.lines() {
        assert!(DOCS.contains(line), "docs/journal.md must hold this line:\n{line}");
    }
}

#[tokio::test]
async fn a_line_from_before_it_was_written_how_somebody_was_known_is_read() {
    let place = left_behind([event(0)]).await;
    let text = fs::read_to_string(place.file()).expect("file");
    assert!(text.contains("\"known\":\"own\","), "{text}");
    fs::write(place.file(), text.replace("\"known\":\"own\",", "")).expect("file");
    assert!(place.read(today()) == [Event { known: Known::Nothing, ..event(0) }]);
}

#[tokio::test]
async fn every_field_is_documented() {
    let place = left_behind([event(0)]).await;
    let text = fs::read_to_string(place.file()).expect("file");
    let text = text.lines().nth(1).expect("line");
    let keys = text.split('"').filter(|key| text.contains(&format!("\"{key}\":")));
    for key in keys {
        let documented = [format!("`{key}`"), format!(".{key}`"), format!(".{key}.")].iter().any(|name| DOCS.contains(name));
        assert!(documented, "`{key}` has no row in docs/journal.md");
    }
}

#[tokio::test]
async fn nothing_of_a_sealed_address_is_kept() {
    let place = left_behind([Event { address: Address::Sealed, ..event(0) }]).await;
    let text = fs::read_to_string(place.file()).expect("file");
    let line = text.lines().nth(1).expect("line");
    assert!(line.contains("\"address\":\"sealed\"") && !line.contains("host\":") && !line.contains("path"), "{line}");
    assert!(line.contains(&PersonId::named("ada").to_string()));
}

#[tokio::test]
async fn events_stand_in_the_order_in_which_they_were_recorded() {
    let place = Place::new();
    let (recorder, journal) = place.open();
    write(&recorder, (0..900).map(event)).await;
    journal.stop().expect("stop");
    assert_eq!(place.ids(), (0..900).map(|number| event(number).id).collect::<Vec<_>>());
}
