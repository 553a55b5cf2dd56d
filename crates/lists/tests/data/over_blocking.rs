//! What a pupil of Key Stage 3 would miss of the best-known sites, to read through: a public or learning site does not belong here.

use std::collections::{BTreeMap, BTreeSet};

use filter::Action;
use filter::profile::shipped::Shipped;

use crate::folder;
use crate::school::School;

/// Endings that only public bodies, universities and schools of the United Kingdom have.
const PUBLIC: [&str; 6] = [".gov.uk", ".ac.uk", ".sch.uk", ".nhs.uk", ".police.uk", ".parliament.uk"];
/// Sites that lessons use, of several kinds.
const LEARNING: [&str; 24] = [
    "bbc.co.uk",
    "bbc.com",
    "bl.uk",
    "britannica.com",
    "duolingo.com",
    "gutenberg.org",
    "kahoot.it",
    "khanacademy.org",
    "khanacademy.com",
    "nationalgeographic.com",
    "nasa.gov",
    "nature.com",
    "python.org",
    "quizlet.com",
    "scratch.mit.edu",
    "senecalearning.com",
    "sparxmaths.uk",
    "ted.com",
    "thenational.academy",
    "tes.com",
    "ucas.com",
    "un.org",
    "wikipedia.org",
    "who.int",
];

#[test]
#[ignore = "needs the shared data folder: set SCHOOLGATE_DATA"]
fn public_and_learning_sites_are_open_to_pupils() {
    let hosts = known_hosts();
    let mut blocked: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for host in &hosts {
        let explanation = School::open().ask(Shipped::Ks3, host);
        if explanation.verdict.action != Action::Block {
            continue;
        }
        let category = explanation.verdict.category().map_or("", |category| category.slug());
        let origins = explanation.listings.iter().flat_map(|listing| &listing.entry.origins);
        let why: BTreeSet<String> =
            origins.filter(|origin| origin.category.slug() == category).map(|origin| format!("{}/{}", origin.list, origin.file)).collect();
        let line = format!("{host} ({})", why.into_iter().collect::<Vec<_>>().join(", "));
        if PUBLIC.iter().any(|ending| host.ends_with(ending)) || LEARNING.contains(&host.as_str()) {
            wrong.push(format!("{category}: {line}"));
        }
        blocked.entry(category.to_owned()).or_default().push(line);
    }
    println!("blocked for Key Stage 3: {} of {} sites", blocked.values().map(Vec::len).sum::<usize>(), hosts.len());
    for (category, lines) in &blocked {
        println!("== {category}: {}", lines.len());
        lines.iter().for_each(|line| println!("     {line}"));
    }
    assert!(wrong.is_empty(), "public and learning sites are blocked:\n{}", wrong.join("\n"));
}

/// Every ranked site, once.
fn known_hosts() -> BTreeSet<String> {
    let traffic = folder().join("2-traffic");
    let read = |name: &str| std::fs::read_to_string(traffic.join(name)).expect("a readable file");
    let ranked =
        |text: String| -> Vec<String> { text.lines().filter_map(|line| Some(line.split_once(',')?.1.trim().to_owned())).collect() };
    let sites: Vec<serde_json::Value> = serde_json::from_str(&read("top-sites-500.json")).expect("JSON");
    let sites = sites.iter().filter_map(|site| site["rootDomain"].as_str()).map(str::to_owned);
    let hosts = ranked(read("tranco-top-10k.csv")).into_iter().chain(ranked(read("tranco-uk.csv"))).chain(sites);
    // Some names of the table are cut off with dots.
    hosts.chain(LEARNING.map(str::to_owned)).filter(|host| filter::Host::parse(host).is_ok()).collect()
}
