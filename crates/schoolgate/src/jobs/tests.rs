//! The jobs of each day, done to their end.

use calendar::Instant;
use ids::RecordId;
use ledger::jobs::Failure;
use ledger::keys::{Cost, HolderName, Keys, Passphrase};
use ledger::outbox::State;
use ledger::vault::{Folder as Files, take_in};
use ledger::{Ledger, Origin, audit, by_program, code, waiting};
use testkit::folder::Folder;

use super::*;
use crate::config::Config;
use crate::data::DataFolder;
use crate::live;

fn now() -> Instant {
    "2026-11-24T04:40:00Z".parse().expect("a time")
}

/// A school of this configuration in a folder, with records.
async fn site(folder: &Folder, config: &str) -> Site {
    site_at(folder, config, now()).await
}

/// The same at another time.
async fn site_at(folder: &Folder, config: &str, now: Instant) -> Site {
    let config = Config::parse(config, "school.toml").expect("a configuration");
    let data = DataFolder::new(folder.path());
    let protected = Protected::open(&config, &data, now).await.expect("the records");
    let key = Arc::new(MasterKey::of(&data).expect("a key").outbox().expect("a key"));
    let live = Live::start(live::Origin::BuiltIn, config, data, now.timestamp()).expect("live");
    Site { live: Arc::new(live), clock: Clock::new(move || now.timestamp()), protected, key }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_is_added_to_its_file_and_goes_to_whoever_keeps_it() {
    let folder = Folder::new().expect("folder");
    let mail = "[mail]\nserver = \"mail.school.example\"\nfrom = \"gate@school.example\"\nheads_to = \"chair@governors.example\"\n";
    let site = site(&folder, mail).await;
    let ledger = site.protected.ledger();
    // The sealer links what was founded within moments.
    while audit::heads(ledger.reader(), now()).await.expect("heads").is_empty() {
        tokio::task::yield_now().await;
    }
    heads::run(site.clone()).await.expect("done");
    heads::run(site.clone()).await.expect("done again the next day");
    let (kept, wrong) = audit::parse(&std::fs::read_to_string(folder.join("audit-heads.txt")).expect("the file"));
    assert_eq!((kept.len(), wrong.len()), (2, 0));
    let report = audit::verify(ledger.reader(), &kept, now(), &|_, _| {}).await.expect("walked");
    assert!(report.holds(), "what was written down is of this trail: {report:?}");
    let messages = waiting(ledger.reader()).await.expect("asked").messages;
    assert_eq!(
        messages.iter().map(|message| (message.purpose.as_str(), message.state)).collect::<Vec<_>>(),
        [("audit.head", State::Waiting(now())), ("audit.head", State::Waiting(now()))]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attachment_whose_file_is_gone_is_noticed() {
    let folder = Folder::new().expect("folder");
    let scan = RecordId::named("a scan");
    {
        let data = DataFolder::new(folder.path());
        let ledger = Ledger::open(data.root(), &Place::in_folder(data.root()), now()).await.expect("the records");
        let organisation = ledger.organisation("Hill School", now()).await.expect("a school");
        let act = || by_program(organisation, now(), Origin::Job);
        let keys = Keys::open(&ledger, act()).await.expect("no keys yet");
        let name = |text: &str| HolderName::parse(text).expect("a name");
        let passphrase = Passphrase::new("correct zebra lantern quay".to_owned().into()).expect("a passphrase");
        keys.make(&ledger, act(), vec![(name("head"), passphrase)], ["head", "dsl", "dpo"].map(name), Cost::LEAST).await.expect("keys");
        let files = Files::open(&data.vault()).expect("a vault");
        let incoming = take_in(&keys, &files, scan, "scan.png", &mut b"a drawing".as_slice(), 1 << 20).expect("taken in");
        let mut unit = ledger.begin(act()).await.expect("a unit");
        incoming.keep(&mut unit, RecordId::named("a case"), code!("png")).await.expect("kept");
        unit.commit().await.expect("committed");
        ledger.close().await.expect("closed");
    }
    let site = site(&folder, "").await;
    vault::run(site.clone()).await.expect("all is there");
    let file = Files::open(&site.live.data().vault()).expect("a vault").path(scan);
    std::fs::remove_file(file).expect("removed");
    let lost: Result<(), Failure> = vault::run(site).await;
    assert_eq!(lost, Err(vault::LOST.numbered(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_something_to_sign_is_reminded_once_on_each_school_day() {
    const MAIL: &str = "[mail]\nserver = \"mail.school.example\"\nfrom = \"gate@school.example\"\n";
    let folder = Folder::new().expect("folder");
    let letters = async |config: &str, moment: &str| {
        let site = site_at(&folder, config, moment.parse().expect("a time")).await;
        let (ledger, organisation) = (site.protected.ledger(), site.protected.organisation());
        let larkfield = office::demo::fill(ledger, organisation, None, now()).await.expect("filled");
        office::demo::sign(ledger, organisation, &larkfield, now()).await.expect("signed");
        let done = reminders::run(site.clone()).await;
        let messages = waiting(ledger.reader()).await.expect("asked").messages;
        site.protected.close().await.expect("closed");
        (done, messages.iter().filter(|message| message.purpose == "agreements.reminder").count())
    };
    let reached = format!("public_url = \"https://gate.school.example\"\n{MAIL}");
    assert_eq!(letters("", "2026-11-24T16:00:00Z").await, (Ok(()), 0), "there is no mail server");
    let (nowhere, none) = letters(MAIL, "2026-11-24T16:00:00Z").await;
    assert!(nowhere.is_err_and(|failure| failure.to_string().contains("public_url")) && none == 0, "nobody is sent to 127.0.0.1");
    let (done, first) = letters(&reached, "2026-11-24T16:00:00Z").await;
    assert!(done.is_ok() && first > 1, "{done:?} {first}");
    assert_eq!(letters(&reached, "2026-11-24T23:00:00Z").await, (Ok(()), first), "once a day, however often it is begun");
    assert_eq!(letters(&reached, "2026-11-28T16:00:00Z").await, (Ok(()), first), "not on a Saturday");
    assert_eq!(letters(&reached, "2026-12-25T16:00:00Z").await, (Ok(()), first), "nor on a bank holiday");
    assert_eq!(letters(&reached, "2026-11-30T16:00:00Z").await, (Ok(()), 2 * first));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_told_on_every_page_until_it_is_found_whole() {
    let folder = Folder::new().expect("folder");
    let before = site(&folder, "").await;
    whole::run(before.clone()).await.expect("whole");
    assert_eq!(before.live.troubles(), []);
    before.protected.close().await.expect("closed");
    let path = folder.join("records.sqlite");
    let mut file = std::fs::read(&path).expect("the file");
    // The last empty leaf (<https://www.sqlite.org/fileformat.html#b_tree_pages>): of a table in which nothing is yet, and which nobody asks while
    // the records are opened.
    let page = file.chunks(4096).rposition(|page| [10, 13].contains(&page[0]) && page[3..5] == [0, 0]).expect("a leaf");
    file[page * 4096] = 0;
    std::fs::write(&path, file).expect("a byte is lost");

    let site = site(&folder, "").await;
    assert!(whole::run(site.clone()).await.is_err(), "the damage was not found");
    let told = site.live.troubles();
    assert!(told.len() == 1 && told[0].what.contains("restore the newest backup"), "{told:?}");
    site.live.tell_damage(None);
    let failed = |failure: Failure| ledger::jobs::Listed {
        id: RecordId::named("a job"),
        kind: "records.whole".to_owned(),
        organisation: None,
        subject: None,
        state: ledger::jobs::State::Failed,
        attempts: 1,
        error: Some(failure.to_string()),
        done: None,
    };
    whole::remember(&site, &[failed(whole::UNREAD)]);
    assert_eq!(site.live.troubles(), [], "a database that was busy is told as a damaged one");
    whole::remember(&site, &[failed(whole::DAMAGED.numbered(2))]);
    assert_eq!(site.live.troubles().len(), 1, "it is forgotten with a start");
}
