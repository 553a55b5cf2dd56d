//! Safe search: a public map of hosts to the hosts that enforce it.

use filter::{Host, SafeSearch, enforcing_host};

use crate::{Count, read_from};

#[test]
#[ignore = "needs the shared data folder: set SCHOOLGATE_DATA"]
fn hosts_of_the_map_go_where_it_says() {
    let mut count = Count::default();
    for line in read_from("2-traffic", "safesearch/safesearch-map.csv").lines().skip(1).filter(|line| !line.is_empty()) {
        let fields: Vec<&str> = line.split(',').collect();
        let [host, kind, target, engine] = fields[..] else { panic!("four columns: {line}") };
        let level = if engine == "youtube" { SafeSearch::Moderate } else { SafeSearch::Strict };
        let found = Host::parse(host).ok().and_then(|host| enforcing_host(&host, level));
        match found {
            Some(found) if found == target => count.passed += 1,
            Some(_) if kind == "A" => count.skip("an address in the map, the name of the same machine with us"),
            _ => count.failed.push(format!("{host}: must be {target}, is {found:?}")),
        }
    }
    count.finish("safe search map");
}
