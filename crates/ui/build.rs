//! Builds what the pages are made of: styles from Sass, behaviour and pictures; each compressed, named by its content and embedded.

mod npm;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("cargo::error={}", message.replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    for input in ["build.rs", "npm.rs", "css", "js", "images"] {
        println!("cargo::rerun-if-changed={input}");
    }
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    let modules = npm::install(&here, &out)?;

    let mut assets = Assets { out: &out, entries: String::new() };
    let style = assets.add("schoolgate.css", CSS, &sass(&modules, &here.join("css/main.scss"))?)?;
    let govuk = npm::read(&modules.join("govuk-frontend/dist/govuk/govuk-frontend.min.js"))?;
    let govuk_path = assets.add("govuk-frontend.js", JAVASCRIPT, &govuk)?;
    let script = npm::read(&here.join("js/schoolgate.js"))?;
    let script = String::from_utf8_lossy(&script).replace("./govuk-frontend.js", &govuk_path);
    let script = assets.add("schoolgate.js", JAVASCRIPT, script.as_bytes())?;
    let mark = assets.add("mark.svg", SVG, &npm::read(&here.join("images/mark.svg"))?)?;
    let owl = npm::read(&here.join("images/owl.svg"))?;

    let block = sass(&modules, &here.join("css/block.scss"))?;
    npm::write(&out.join("block.css"), &block)?;
    let mut source = assets.source();
    for (name, path) in [("STYLESHEET", &style), ("SCRIPT", &script), ("MARK", &mark)] {
        constant(&mut source, name, path);
    }
    let _ = writeln!(source, "pub(crate) const BLOCK_STYLE: &str = include_str!(concat!(env!(\"OUT_DIR\"), \"/block.css\"));");
    constant(&mut source, "BLOCK_STYLE_HASH", &format!("sha256-{}", BASE64.encode(Sha256::digest(&block))));
    constant(&mut source, "OWL_DATA", &format!("data:{SVG};base64,{}", BASE64.encode(&owl)));
    npm::write(&out.join("assets.rs"), source.as_bytes())
}

/// The Rust source that names the assets, as it grows.
struct Assets<'a> {
    out: &'a Path,
    entries: String,
}

impl Assets<'_> {
    /// Adds one file under a name that changes with its content, so that browsers may keep it for ever; gives its path.
    fn add(&mut self, name: &str, content_type: &str, bytes: &[u8]) -> Result<String, String> {
        let digest = Sha256::digest(bytes);
        let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let (stem, extension) = name.rsplit_once('.').ok_or_else(|| format!("{name} has no extension"))?;
        let path = format!("/assets/{stem}-{hash}.{extension}");

        npm::write(&self.out.join(name), bytes)?;
        npm::write(&self.out.join(format!("{name}.gz")), &gzip(bytes)?)?;
        let _ = writeln!(
            self.entries,
            "    Asset {{ path: {path:?}, content_type: {content_type:?}, bytes: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")), \
             gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.gz\")) }},"
        );
        Ok(path)
    }

    fn source(self) -> String {
        format!("pub(crate) static ASSETS: &[Asset] = &[\n{}];\n", self.entries)
    }
}

fn constant(source: &mut String, name: &str, value: &str) {
    let _ = writeln!(source, "pub(crate) const {name}: &str = {value:?};");
}

fn sass(modules: &Path, input: &Path) -> Result<Vec<u8>, String> {
    let mut node = Command::new("node");
    node.arg(modules.join("sass/sass.js"));
    node.args(["--style=compressed", "--no-source-map", "--no-charset", "--quiet-deps"]);
    node.arg(format!("--load-path={}", modules.display())).arg(input);
    let css = npm::run(&mut node, "sass")?;
    // The page's security policy holds the hash of these very bytes, and the page trims nothing.
    Ok(css.trim_ascii().to_vec())
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|error| format!("cannot compress an asset: {error}"))
}

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment only")]
fn variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("cargo did not set {name}"))
}
