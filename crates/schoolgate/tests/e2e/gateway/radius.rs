//! The school's network says who has which address: `radclient` of FreeRADIUS stands for an access point.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use event::Known;
use ids::PersonId;
use ledger::{Ledger, Place};
use office::people::{self, Details, Email, Membership, Short, YearGroup};
use testkit::folder::Folder;
use testkit::origin::Origin;

use super::client;
use super::{PATIENCE, Running};

const SECRET: &str = "a secret of the school";
const DEVICE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 31);

fn config(origin: SocketAddr, names: &str) -> String {
    format!(
        "[[listen]]\nname = \"room\"\naddress = \"127.0.0.1:0\"\nprofile = \"guest\"\n\
         [[host]]\nname = \"museum.example\"\naddress = \"{}\"\nport = {}\n\
         [[person]]\nname = \"ada\"\nprofile = \"ks2\"\nagreement = \"signed\"\n\
         [radius]\nlisten = \"127.0.0.1:0\"\nnames = \"{names}\"\n\
         [[radius_client]]\naddresses = \"127.0.0.0/8\"\nsecret_file = \"radius.secret\"\n",
        origin.ip(),
        origin.port()
    )
}

struct School {
    running: Running,
    room: SocketAddr,
    network: SocketAddr,
    _origin: Origin,
}

impl School {
    fn start(folder: Folder, names: &str) -> Self {
        let origin = Origin::start().expect("origin");
        folder.write("school.toml", config(origin.address(), names)).expect("config");
        folder.write("radius.secret", format!("{SECRET}\n")).expect("secret");
        std::fs::set_permissions(folder.join("radius.secret"), std::fs::Permissions::from_mode(0o600)).expect("mode");
        let mut running = Running::start(folder, &["--config", "school.toml"]);
        let line = running.process.wait_for_line("RADIUS accounting", PATIENCE).expect("its line");
        let network = line.split_whitespace().find_map(|word| word.parse().ok()).expect("an address");
        let room = running.listener("room");
        Self { running, room, network, _origin: origin }
    }

    /// Sends accounting as an access point does; whether it was answered.
    fn says(&self, secret: &str, attributes: &str) -> bool {
        let mut command = Command::new("radclient");
        command.args(["-r", "3", "-t", "2", &self.network.to_string(), "acct", secret]).stdin(Stdio::piped());
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("radclient is needed (apt install freeradius-utils)");
        let stdin = child.stdin.take().expect("its input");
        std::io::Write::write_all(&mut { stdin }, format!("{attributes}\n").as_bytes()).expect("written");
        child.wait_with_output().expect("it ends").status.success()
    }

    /// Who asked when the device asks for a page, and how that is known.
    fn asks(&self) -> (Option<PersonId>, Known, String) {
        let mut stream = client::open_from(IpAddr::from(DEVICE), self.room);
        client::ask(&mut stream, "http://museum.example/", "Connection: close\r\n").expect("an answer");
        let events = self.running.events();
        let event = events.last().expect("an event");
        assert_eq!(event.source, IpAddr::from(DEVICE));
        (event.person, event.known, event.profile.to_string())
    }
}

fn session(status: &str, user: &str, number: u8) -> String {
    format!(
        "Acct-Status-Type = {status}, User-Name = \"{user}\", Framed-IP-Address = {DEVICE}, Acct-Session-Id = \"{number}\", NAS-Identifier = \"ap-1\""
    )
}

#[test]
fn a_start_makes_the_person_known_and_a_stop_makes_them_unknown() {
    let school = School::start(Folder::new().expect("folder"), "user-name");
    let nobody = (None, Known::Listener, "guest".to_owned());
    assert_eq!(school.asks(), nobody);
    assert!(!school.says("another secret than ours", &session("Start", "ada", 1)), "what does not bear the secret is not answered");
    assert_eq!(school.asks(), nobody);
    assert!(school.says(SECRET, &session("Start", "ada", 1)));
    assert_eq!(school.asks(), (Some(PersonId::named("ada")), Known::Network, "ks2".to_owned()));
    assert!(school.says(SECRET, &format!("{}, Message-Authenticator = 0x00", session("Interim-Update", "ada", 1))));
    assert_eq!(school.asks().0, Some(PersonId::named("ada")));
    assert!(school.says(SECRET, &session("Start", "a visitor", 2)), "somebody unknown is answered too");
    assert_eq!(school.asks(), nobody);
    assert!(school.says(SECRET, &session("Start", "ada", 3)));
    assert_eq!(school.asks().1, Known::Network);
    assert!(school.says(SECRET, &session("Stop", "ada", 3)));
    assert_eq!(school.asks(), nobody);
}

#[test]
fn somebody_of_the_records_is_known_by_the_mail_address_that_the_network_says() {
    let folder = Folder::new().expect("folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    let pupil = runtime.block_on(add_pupil(&folder));
    let school = School::start(folder, "mail");
    let start = std::time::Instant::now();
    // The records are compiled within a second of the start; until then the name is nobody's.
    while !(school.says(SECRET, &session("Start", "Bo@Hill.example", 1)) && school.asks().0.is_some()) {
        assert!(start.elapsed() < PATIENCE, "nobody is known");
    }
    assert_eq!(school.asks(), (Some(pupil), Known::Network, "ks3".to_owned()));
    assert!(school.says(SECRET, "Acct-Status-Type = Accounting-On, NAS-Identifier = \"ap-1\""));
    assert_eq!(school.asks().1, Known::Listener);
}

/// A pupil of year 8 in records that were made before.
async fn add_pupil(folder: &Folder) -> PersonId {
    std::fs::create_dir(folder.join("data")).expect("folder");
    let now = "2026-11-24T09:00:00Z".parse().expect("a moment");
    let data = folder.join("data");
    let ledger = Ledger::open(&data, &Place::in_folder(&data), now).await.expect("the records");
    let organisation = ledger.organisation("Hill School", now).await.expect("a school");
    let mut unit = ledger.begin(ledger::by_program(organisation, now, ledger::Origin::Command)).await.expect("a unit");
    let short = |text| Short::parse(text).expect("a name");
    let email = Some(Email::parse("bo@hill.example").expect("an address"));
    let bo = Details { year: YearGroup::new(8), email, ..Details::new(short("Bo"), short("Teasel"), Membership::Pupil) };
    let id = people::add(&mut unit, &bo, "2020-09-01".parse().expect("a day")).await.expect("added");
    unit.commit().await.expect("committed");
    ledger.close().await.expect("closed");
    id
}
