//! `cargo xtask`: the one door for developers.
//!
//! Small on purpose: no async runtime and hardly a dependency, since it is compiled before anything else.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for a terminal: what it prints is what it is for")]

mod bench;
mod clauses;
mod deb;
mod fuzz;
mod proofs;
mod shell;
mod soak;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  test                    everything: installs what is missing, then each step in order, stopping at the first failure
  test <step>             one step alone: fmt, tidy, clauses, deny, clippy, tests, doctests, rustdoc, deb
  test <step> -p <crate>  that step for one crate; more arguments go to the tool behind the step (nextest for tests)
  test <filter>           the tests whose name contains the filter
  tidy                    the house rules that no compiler knows: crate arrows, walls, file length and the like
  clauses                 checks the register of promises: each control and test that it names is there; says how far each part is
  proofs [clause]         takes one feature after the other out of a copy, and demands that the proof of its clause then fails
  bench verdict|judge     measures in the release profile (judge: without the peers); --allow-busy: on a busy machine too
  bench ledger            entries a second into the records of both databases, the walk over the audit trail, and opening
  bench proxy|reload|memory
                          starts the filters that schools run today beside ours and measures each; docs/performance.md says more
                          [--runs N] [--seconds N] [--domains N] [--peers NAME,NAME] [--allow-busy]
  bench cold              times the two commands of the README in a fresh clone
  fuzz [target] [--seconds N]
                          runs one fuzz target, or each in turn (60 seconds each)
  deb                     the Debian package in the release profile, as a school installs it
  soak [--minutes N] [--release]
                          honest and hostile readers at once before the program as it runs, while its rules change (10 minutes);
                          fails where memory or file handles grow, or a line of the journal is not true
  help                    this text
";

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "this binary is the one that reads these arguments")]
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> anyhow::Result<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] | ["help" | "--help" | "-h", ..] => {
            print!("{HELP}");
            Ok(())
        }
        ["test", rest @ ..] => test::run(rest),
        ["tidy"] => tidy::run(),
        ["clauses"] => clauses::run(),
        ["proofs", rest @ ..] => proofs::run(rest),
        ["bench", rest @ ..] => bench::run(rest),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["deb"] => deb::ship(),
        // Called by the step `deb` of the tests alone, in namespaces of its own.
        ["deb-trial", folder] => deb::trial(std::path::Path::new(folder)),
        ["soak", rest @ ..] => soak::run(rest),
        _ => anyhow::bail!("`{}` is not a command of xtask; `cargo xtask help` lists them", words.join(" ")),
    }
}
