//! What is read, and what a person is told who got it wrong.

mod document;
mod mistakes;

use filter::category::Category;
use filter::overrides::Effect;
use filter::profile::{Action, Unlisted};
use jiff::civil::Weekday;

use super::*;

fn parse(text: &str) -> Config {
    Config::parse(text, "school.toml").expect("a good configuration")
}

#[test]
fn nothing_set_is_the_default() {
    assert_eq!(parse(""), Config::default());
    let profile = Config::default().profile(Config::default().default_profile).map(|profile| profile.name().to_owned());
    assert_eq!(profile.as_deref(), Some("early-years-ks1"));
}

#[test]
fn sizes_are_bytes_or_texts_with_a_unit() {
    for (text, bytes) in [("1024", 1024), ("\"1 KiB\"", 1024), ("\"512 MiB\"", 512 << 20), ("\"2GiB\"", 2 << 30), ("\"5000 B\"", 5000)] {
        assert_eq!(parse(&format!("[lists]\nmax_download_bytes = {text}")).lists.max_download_bytes, bytes, "{text}");
    }
}

#[test]
fn relative_paths_start_from_the_folder_of_the_file() {
    let text = "data = \"data\"\n[lists]\nmapping = \"/etc/mapping.toml\"\n[[list]]\nname = \"own\"\npath = \"own.txt\"";
    let config = Config::parse(text, "/srv/gate/school.toml").expect("config");
    assert_eq!(config.data, Some(PathBuf::from("/srv/gate/data")));
    assert_eq!(config.lists.mapping, Some(PathBuf::from("/etc/mapping.toml")));
    assert_eq!(config.sources.first().map(|list| &list.place), Some(&ListPlace::Path(PathBuf::from("/srv/gate/own.txt"))));
}

#[test]
fn the_data_folder_is_the_users_unless_set() {
    let (xdg, home) = (Some(Path::new("/x")), Some(Path::new("/home/it")));
    let default = Config::default();
    assert_eq!(default.data_folder(xdg, home), Path::new("/x/schoolgate"));
    assert_eq!(default.data_folder(Some(Path::new("relative")), home), Path::new("/home/it/.local/share/schoolgate"));
    assert_eq!(default.data_folder(None, None), Path::new("schoolgate-data"));
    assert_eq!(Config::parse("data = \"/d\"", "x").expect("config").data_folder(xdg, home), Path::new("/d"));
}

#[test]
fn a_profile_changes_a_shipped_one_or_adds_its_own() {
    let config = parse(
        "[[profile]]\nname = \"ks2\"\nblock = [\"games\"]\n\
         [[profile]]\nname = \"year-6\"\ntitle = \"Year 6\"\nbased_on = \"ks2\"\nunlisted = \"ask\"\nwarn = [\"shopping\"]",
    );
    assert_eq!(config.profiles.len(), Config::default().profiles.len() + 1);
    let named = |name| config.profiles.iter().find(|profile| profile.name() == name).expect("profile");
    assert_eq!(named("ks2").title(), "Key Stage 2");
    assert_eq!(named("ks2").action(Category::Games), Action::Block);
    assert_eq!(named("year-6").action(Category::Games), Action::Block, "built on ks2 as changed above");
    assert_eq!((named("year-6").action(Category::Shopping), named("year-6").unlisted()), (Action::Warn, Unlisted::Ask));
}

#[test]
fn people_are_gated_until_their_agreement_is_signed() {
    let config =
        parse("[[person]]\nname = \"ada\"\nprofile = \"ks2\"\n[[person]]\nname = \"bo\"\nprofile = \"staff\"\nagreement = \"signed\"");
    let agreements: Vec<Agreement> = config.people.iter().map(|person| person.agreement).collect();
    assert_eq!(agreements, [Agreement::Missing, Agreement::Signed]);
}

/// An exception for everyone, with two lines of the test's own.
fn exception(site: &str, extra: &str) -> OverrideConfig {
    let text = format!("[[override]]\naction = \"allow\"\nfor = \"everyone\"\nsite = \"{site}\"\nreason = \"r\"\nauthor = \"a\"\n{extra}");
    parse(&text).overrides.pop().expect("an exception")
}

#[test]
fn an_exception_is_for_a_host_or_a_part_of_one() {
    let plain = exception("Museum.Example.", "");
    assert_eq!((plain.effect, plain.host.as_str(), plain.path, plain.until), (Effect::Allow, "museum.example", None, None));
    let part = exception("https://museum.example/Vikings/", "");
    assert_eq!((part.host.as_str(), part.path.as_deref()), ("museum.example", Some("/vikings/")));
    assert_eq!(exception("https://museum.example/", "").path, None);
}

#[test]
fn an_exception_ends_in_the_schools_own_time() {
    for (text, expected) in [
        ("2026-12-18", "2026-12-19T00:00:00Z"),
        ("2026-12-18 15:30", "2026-12-18T15:30:00Z"),
        ("2026-07-01T15:30", "2026-07-01T14:30:00Z"),
        ("2026-06-30", "2026-06-30T23:00:00Z"),
    ] {
        let until = exception("museum.example", &format!("expires = \"{text}\"")).until.expect("an end");
        assert_eq!(until.to_string(), expected, "{text}");
    }
}

#[test]
fn an_exception_may_be_for_a_group_or_a_person() {
    let config = parse(
        "[[override]]\naction = \"block\"\nfor = \"group:6B\"\nsite = \"a.example\"\nreason = \"r\"\nauthor = \"a\"\n\
         [[override]]\naction = \"block\"\nfor = \"person:ada\"\nsite = \"a.example\"\nreason = \"r\"\nauthor = \"a\"\n\
         [[person]]\nname = \"ada\"\nprofile = \"ks2\"\ngroups = [\"6B\"]",
    );
    let scopes: Vec<For> = config.overrides.into_iter().map(|item| item.scope).collect();
    assert_eq!(scopes, [For::Group("6B".to_owned()), For::Person("ada".to_owned())]);
}

#[test]
fn a_window_is_ready_for_the_engine() {
    let config = parse("[[window]]\nprofile = \"ks2\"\ndays = [\"mon\", \"fri\"]\nfrom = \"12:00\"\nto = \"13:00\"\nallow = [\"games\"]");
    let window = config.windows.first().expect("a window");
    assert_eq!(config.profile(window.profile).map(Profile::name), Some("ks2"));
    assert_eq!(window.days, [Weekday::Monday, Weekday::Friday]);
    assert_eq!(window.allow.iter().collect::<Vec<_>>(), [Category::Games]);
}

#[test]
fn illegal_content_is_from_a_feed_or_from_up_the_line() {
    let source = |text: &str| parse(&format!("[illegal_content]\n{text}")).illegal_content;
    assert_eq!(source("source = \"sealed\"\nsealed_file = \"/f\""), IllegalContent::Sealed { file: "/f".into(), confirmed: None });
    let confirmed = Confirmation { on: jiff::civil::date(2026, 9, 1), by: "DSL".to_owned() };
    assert_eq!(
        source("source = \"upstream\"\nupstream_provider = \"P\"\nconfirmed_on = \"2026-09-01\"\nconfirmed_by = \"DSL\""),
        IllegalContent::Upstream { provider: "P".to_owned(), confirmed }
    );
}

#[test]
fn the_proxy_listens_where_it_is_told_and_knows_who_comes_from_where() {
    let gateway = parse(
        "users_file = \"users\"\n[[listen]]\nname = \"infants\"\naddress = \"0.0.0.0:8080\"\nprofile = \"early-years-ks1\"\n\
         [[listen]]\nname = \"desk\"\naddress = \"[::1]:8081\"\nsign_in = true\n[[range]]\naddresses = \"10.1.0.0/16\"\nprofile = \"ks2\"\n\
         [[range]]\naddresses = \"10.2.0.7\"\nprofile = \"staff\"\n[[host]]\nname = \"Intranet.School.Example\"\naddress = \"10.0.0.5\"\n\
         [proxy]\ntunnel_ports = []\nallow_ranges = [\"10.0.0.0/24\"]\n[parent_proxy]\naddress = \"proxy.trust.example:8080\"",
    )
    .gateway;
    let listeners: Vec<_> = gateway.listeners.iter().map(|it| (it.name.as_str(), it.address.to_string(), it.profile, it.sign_in)).collect();
    assert_eq!(
        listeners,
        [("infants", "0.0.0.0:8080".to_owned(), Some(ProfileIndex(0)), false), ("desk", "[::1]:8081".to_owned(), None, true)]
    );
    assert_eq!(gateway.ranges.iter().map(|it| it.addresses.to_string()).collect::<Vec<_>>(), ["10.1.0.0/16", "10.2.0.7/32"]);
    assert_eq!(gateway.hosts.first().map(|host| (host.name.as_str(), host.port)), Some(("intranet.school.example", None)));
    assert_eq!(gateway.parent.map(|parent| (parent.host.to_string(), parent.port)), Some(("proxy.trust.example".to_owned(), 8080)));
    assert!(gateway.proxy.tunnel_ports.is_empty(), "an empty list closes every port");
}
