//! Benchmarks of the engine beside its peers, in one run on one machine: `cargo xtask bench verdict`.

mod domains;
mod figures;
mod verdict;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut sizes: Vec<usize> = arguments.iter().skip(1).filter_map(|size| size.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![1_000_000, 5_000_000];
    }
    match arguments.first().map(String::as_str) {
        Some("verdict") => {
            sizes.into_iter().for_each(verdict::run);
            ExitCode::SUCCESS
        }
        Some("judge") => {
            sizes.into_iter().for_each(verdict::only_ours);
            ExitCode::SUCCESS
        }
        _ => {
            println!("usage: bench verdict|judge [DOMAINS...]   (default: 1000000 5000000; judge leaves the peers out)");
            ExitCode::FAILURE
        }
    }
}
