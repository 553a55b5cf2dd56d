//! Fetches axe-core, the accessibility checker, so that `browser::Browser::axe` can run it inside a page.

#[path = "../ui/npm.rs"]
mod npm;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match fetch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("cargo::error={}", message.replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

fn fetch() -> Result<(), String> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../ui/npm.rs");
    let out_dir = PathBuf::from(variable("OUT_DIR")?);
    let modules = npm::install(&PathBuf::from(variable("CARGO_MANIFEST_DIR")?), &out_dir)?;
    npm::write(&out_dir.join("axe.min.js"), &npm::read(&modules.join("axe-core/axe.min.js"))?)
}

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment only")]
fn variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("cargo did not set {name}"))
}
