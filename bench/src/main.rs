//! Measurements beside peers, in one run on one machine. `cargo xtask bench` starts this program; what it needs is installed by then.

#[expect(dead_code, reason = "the tests of the product use more of it")]
#[path = "../../crates/schoolgate/tests/e2e/console.rs"]
mod console;
mod domains;
mod facts;
mod figures;
mod gate;
mod ledger;
mod listing;
mod load;
mod machine;
mod memory;
mod options;
mod origin;
mod pages;
mod peers;
mod probe;
mod proxy;
mod quiet;
mod reload;
mod report;
mod steady;
mod support;
mod tunnel;
mod verdict;

use std::process::ExitCode;

use options::Options;

const USAGE: &str = "\
usage: bench verdict|judge [DOMAINS...]   (default: 1000000 5000000; judge leaves the peers out)
       bench ledger
       bench proxy|reload|memory|pages|gate --schoolgate FILE [--runs N] [--seconds N] [--domains N] [--peers NAME,NAME] [--allow-busy]";

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "this binary is the one that reads these arguments")]
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // What a peer has started and left behind when it was stopped comes to us, so that its time is not counted as somebody else's.
    if let Err(error) = rustix::process::set_child_subreaper(Some(rustix::process::getpid())) {
        eprintln!("bench: {error}, so what peers leave behind counts as the work of others");
    }
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> anyhow::Result<()> {
    match words {
        ["verdict", sizes @ ..] => verdict::each(sizes, verdict::run),
        ["judge", sizes @ ..] => verdict::each(sizes, verdict::only_ours),
        ["proxy", rest @ ..] => proxy::run(&Options::parse(rest)?),
        ["ledger"] => ledger::run(),
        ["reload", rest @ ..] => reload::run(&Options::parse(rest)?),
        ["gate", rest @ ..] => gate::run(&Options::parse(rest)?),
        ["pages", rest @ ..] => pages::run(&Options::parse(rest)?),
        ["memory", rest @ ..] => memory::run(&Options::parse(rest)?),
        // Started by this program itself.
        ["null-relay", listen, origin] => peers::null_relay::serve(listen, origin),
        ["tunnel-end", listen] => tunnel::serve(listen),
        _ => anyhow::bail!("{USAGE}"),
    }
}
