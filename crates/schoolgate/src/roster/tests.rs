//! The people of the records reach the gate.

use std::time::{Duration, Instant};

use ids::PersonId;
use ledger::{Origin, by_program};
use office::people::{self, Details, Membership, Short, YearGroup};
use presence::{At, Before, SignIn, Source};
use testkit::folder::Folder;

use super::*;
use crate::config::Config;
use crate::data::DataFolder;
use crate::live;

const CONFIG: &str = "[[person]]\nname = \"ada\"\nprofile = \"ks2\"\nagreement = \"signed\"\n";

fn school(folder: &Folder) -> (Arc<Live>, Arc<Records>, World) {
    let (world, config) = (World::of_process(), Config::parse(CONFIG, "school.toml").expect("a configuration"));
    let live = Live::start(live::Origin::BuiltIn, config, DataFolder::new(folder.path()), world.now()).expect("live");
    (Arc::new(live), Arc::default(), world)
}

async fn add_pupil(protected: &Protected, world: &World) -> PersonId {
    let short = |text| Short::parse(text).expect("a name");
    let mut unit = protected.ledger().begin(by_program(protected.organisation(), world.now().into(), Origin::Job)).await.expect("a unit");
    let pupil = Details { year: YearGroup::new(8), ..Details::new(short("Bo"), short("Teasel"), Membership::Pupil) };
    let id = people::add(&mut unit, &pupil, "2020-09-01".parse().expect("a day")).await.expect("added");
    unit.commit().await.expect("committed");
    id
}

fn profile(live: &Live, person: PersonId) -> Option<String> {
    let snapshot = &live.in_force().rules.snapshot;
    let profile = snapshot.person(person)?.profile;
    snapshot.profiles().get(usize::from(profile.0)).map(|profile| profile.name().to_owned())
}

async fn until(what: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(30), "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_added_is_known_to_the_gate_and_to_each_later_set_of_rules() {
    let folder = Folder::new().expect("folder");
    let (live, records, world) = school(&folder);
    start(&live, &world, &records, std::future::pending());
    assert!(records.open(&live.in_force().config, live.data(), world.now()).await.expect("open"));
    let pupil = add_pupil(records.get().expect("records"), &world).await;
    until("the pupil is known", || profile(&live, pupil).is_some()).await;
    let both = || (profile(&live, pupil), profile(&live, PersonId::named("ada")));
    assert_eq!(both(), (Some("ks3".to_owned()), Some("ks2".to_owned())));
    live.take_pack(world.now()).expect("the lists again");
    assert_eq!(both().0.as_deref(), Some("ks3"), "new lists take nobody away");
    live.reload(world.now()).expect("reloaded");
    assert_eq!(both().0.as_deref(), Some("ks3"), "nor does a new configuration");
    let gated = live.in_force().rules.snapshot.person(pupil).map(|person| person.gated);
    assert_eq!(gated, Some(None), "as it is shipped, the gate reminds and holds nobody back");
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_have_not_changed_are_not_compiled_again_and_lost_ones_take_nobody_away() {
    let folder = Folder::new().expect("folder");
    let (live, records, world) = school(&folder);
    records.open(&live.in_force().config, live.data(), world.now()).await.expect("open");
    let protected = records.get().expect("records");
    let pupil = add_pupil(protected, &world).await;
    let first = compile(&live, protected, world.now(), None).await.expect("compiled");
    let rules = Arc::clone(&live.in_force().rules);
    assert_eq!(compile(&live, protected, world.now(), first).await.expect("looked"), first);
    assert!(Arc::ptr_eq(&rules, &live.in_force().rules));
    protected.clone().close().await.expect("closed");
    assert!(compile(&live, protected, world.now(), first).await.is_err());
    assert!(profile(&live, pupil).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_here_no_more_is_signed_in_nowhere() {
    let folder = Folder::new().expect("folder");
    let (live, records, world) = school(&folder);
    records.open(&live.in_force().config, live.data(), world.now()).await.expect("open");
    let protected = records.get().expect("records");
    let (leaver, now) = (add_pupil(protected, &world).await, world.now());
    let compiled = compile(&live, protected, now, None).await.expect("compiled");
    let (device, by_config) = ([10, 0, 0, 7].into(), [10, 0, 0, 8].into());
    let day = jiff::SignedDuration::from_hours(24);
    let sign_in = |person| SignIn { person, source: Source::Network, until: now + day + day, idle: day + day };
    let both = [(device, sign_in(leaver)), (by_config, sign_in(PersonId::named("ada")))];
    live.presence().sign_in(&both, Before::Ended, now).expect("room");
    // A day on which the pupil is not here.
    let other_day = "2019-09-02T09:00:00Z".parse().expect("a time");
    compile(&live, protected, other_day, compiled).await.expect("compiled");
    assert!(live.people().people().is_empty());
    assert_eq!(live.presence().at(device, now), At::Nobody);
    assert!(matches!(live.presence().at(by_config, now), At::One(..)), "who is of the configuration stays");
}
