//! A real Chromium, driven through Debian's chromedriver, with a profile of its own and no traffic but the test's.

use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::json;
pub use thirtyfour;
use thirtyfour::{Capabilities, Key, WebDriver};

use crate::folder::Folder;
use crate::process::{Process, end_all_naming};

/// The source of axe-core. It is run inside the page by the driver, since a script tag would be refused by a strict CSP.
const AXE: &str = include_str!(concat!(env!("OUT_DIR"), "/axe.min.js"));

/// Runs the rules of WCAG 2.2, levels A and AA, and keeps what a person needs to find the fault.
const RUN_AXE: &str = r#"
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
    const result = await axe.run(document, { runOnly: { type: "tag", values: tags } });
    return result.violations.map(v => ({ rule: v.id, help: v.help, nodes: v.nodes.map(n => n.html + " :: " + n.failureSummary) }));
"#;

/// What has the keyboard focus, in a few words; empty when nothing has.
const FOCUSED: &str = r#"
    const e = document.activeElement;
    if (!e || e === document.body || e === document.documentElement) return "";
    return e.tagName.toLowerCase() + " " + (e.id || e.innerText || e.getAttribute("aria-label") || e.name || "").replace(/\s+/g, " ").trim();
"#;

/// How long the driver may take to start.
const START: Duration = Duration::from_secs(30);

/// How often the driver is started before its refusal is believed.
const TRIES: usize = 3;

/// The most presses of Tab that [`Browser::focus_order`] makes.
const MOST_TABS: usize = 200;

/// What differs from a plain browser.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Send all traffic, that to loopback included, through this proxy. Default: none.
    pub proxy: Option<SocketAddr>,
    /// Trust certificates with these public keys (base64 of the SHA-256 of the SPKI) and no other unknown ones. Default: none.
    pub trusted_keys: Vec<String>,
}

/// A fault that axe found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Violation {
    /// The rule's name, such as `color-contrast`.
    pub rule: String,
    /// What it asks for.
    pub help: String,
    /// Each place: its markup, and what is wrong there.
    pub nodes: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.rule, self.help)?;
        self.nodes.iter().try_for_each(|node| writeln!(f, "  {node}"))
    }
}

/// A running browser. Dropping it ends Chromium and the driver, and removes the profile.
#[derive(Debug)]
pub struct Browser {
    web: WebDriver,
    size: (u32, u32),
    profile: Folder,
    _driver: Process,
}

impl Browser {
    /// Starts a headless Chromium with a window of 1280 by 900.
    ///
    /// # Errors
    /// When chromium or chromedriver is not installed (on Debian: `apt install chromium chromium-driver`) or does not start.
    pub async fn start(options: &Options) -> anyhow::Result<Self> {
        let profile = Folder::new()?;
        let start = || {
            let port = free_port()?;
            let mut command = Command::new("chromedriver");
            command.arg(format!("--port={port}")).env("TMPDIR", profile.path());
            let mut driver = Process::start(command).context("chromedriver is needed (apt install chromium chromium-driver)")?;
            driver.wait_for_line("started successfully on port", START)?;
            anyhow::Ok((driver, port))
        };
        // Another program may take the port between the look and the driver.
        let (mut driver, port) = (0..TRIES).find_map(|_| start().ok()).map_or_else(start, Ok)?;

        let server = format!("http://127.0.0.1:{port}");
        let web = WebDriver::new(server, capabilities(options, &profile)?).await.with_context(|| driver.printed())?;
        let mut browser = Self { web, size: (1280, 900), profile, _driver: driver };
        browser.resize(1280, 900).await?;
        Ok(browser)
    }

    /// The driver itself, for what is not offered here.
    #[must_use]
    pub fn web(&self) -> &WebDriver {
        &self.web
    }

    /// The folder of its profile, gone when the browser is.
    #[must_use]
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// Opens a page and waits until it has loaded.
    ///
    /// # Errors
    /// When the browser cannot load it.
    pub async fn open(&self, url: &str) -> anyhow::Result<()> {
        self.web.goto(url).await.with_context(|| format!("cannot open {url}"))
    }

    /// Gives the page a window of this size, in CSS pixels; smaller than any real window may be.
    ///
    /// # Errors
    /// When the driver refuses.
    pub async fn resize(&mut self, width: u32, height: u32) -> anyhow::Result<()> {
        self.size = (width, height);
        self.set_viewport(width, height).await
    }

    /// Runs a script in the page and gives what it returns.
    ///
    /// # Errors
    /// When the script throws, or returns something of another type.
    pub async fn run<T: serde::de::DeserializeOwned>(&self, script: &str) -> anyhow::Result<T> {
        let value = self.web.execute(script, Vec::<serde_json::Value>::new()).await.context("the script failed in the page")?;
        value.convert().context("the script returned something unexpected")
    }

    /// The accessibility faults of the page as it is now.
    ///
    /// # Errors
    /// When axe itself cannot run.
    pub async fn axe(&self) -> anyhow::Result<Vec<Violation>> {
        let script = format!("{AXE}; return (async () => {{ {RUN_AXE} }})();");
        self.run(&script).await.context("axe did not run")
    }

    /// What the browser complained of in its console since the last call: refused styles, missing files, script errors.
    ///
    /// # Errors
    /// When the driver refuses.
    pub async fn complaints(&self) -> anyhow::Result<Vec<String>> {
        let entries = self.web.browser_log().await.context("cannot read the browser's console")?;
        Ok(entries.into_iter().filter(|entry| entry.level != "INFO").map(|entry| entry.message).collect())
    }

    /// By how many CSS pixels the page is wider than its window; 0 when nobody has to scroll sideways.
    ///
    /// # Errors
    /// When the driver refuses.
    pub async fn sideways_overflow(&self) -> anyhow::Result<i64> {
        self.run("const d = document.documentElement; return Math.max(0, d.scrollWidth - d.clientWidth);").await
    }

    /// Presses Tab from the top of the page to its end, and names what had the focus each time (`a Skip to main content`).
    ///
    /// # Errors
    /// When the driver refuses.
    pub async fn focus_order(&self) -> anyhow::Result<Vec<String>> {
        // Wherever the page has put the focus by itself, the walk begins at the top.
        self.run::<()>("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex');").await?;
        let mut order = Vec::new();
        for _ in 0..MOST_TABS {
            self.web.action_chain().send_keys(Key::Tab).perform().await.context("cannot press Tab")?;
            let focused: String = self.run(FOCUSED).await?;
            if focused.is_empty() || order.first() == Some(&focused) {
                break;
            }
            order.push(focused);
        }
        Ok(order)
    }

    /// Saves a picture of the whole page, beyond the window, as PNG.
    ///
    /// # Errors
    /// When the driver refuses or the file cannot be written.
    pub async fn screenshot(&self, path: &Path) -> anyhow::Result<()> {
        let (width, height) = self.size;
        let all: u32 = self.run("return Math.ceil(document.documentElement.scrollHeight);").await?;
        self.set_viewport(width, all.max(height)).await?;
        let png = self.web.screenshot_as_png().await.context("cannot take a picture of the page")?;
        self.set_viewport(width, height).await?;
        std::fs::write(path, png).with_context(|| format!("cannot write {}", path.display()))
    }

    async fn set_viewport(&self, width: u32, height: u32) -> anyhow::Result<()> {
        let emulation = self.web.cdp();
        emulation.emulation().set_device_metrics_override(width, height, 1.0, false).await.context("cannot size the page")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A polite end needs a runtime, which may be gone; nothing in the profile is worth keeping.
        let _ = self.web.clone().leak();
        // Chromium writes into its profile until it is gone, and the folder can be removed only after that. The driver, which
        // would wait for it, holds nothing there.
        end_all_naming(&self.profile.path().display().to_string());
    }
}

/// A port that is free for IPv4 and IPv6. The driver's own choice looks at one of the two, among the ports that outgoing connections take,
/// and thousands of those are busy while a crowd is tested. These lie below them.
fn free_port() -> anyhow::Result<u16> {
    let is_free = |port: &u16| {
        [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)].into_iter().all(|address| {
            // A machine without IPv6 has nothing in the way there.
            TcpListener::bind((address, *port)).is_ok() || (address.is_ipv6() && !has_ipv6())
        })
    };
    let chance = RandomState::new().build_hasher().finish();
    let first = u16::try_from(chance % 20_000)?;
    (0..1000).map(|step| 10_000 + (first + step) % 20_000).find(is_free).context("no port is free for chromedriver")
}

fn has_ipv6() -> bool {
    TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
}

fn capabilities(options: &Options, profile: &Folder) -> anyhow::Result<Capabilities> {
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--force-color-profile=srgb",
    ]
    .map(str::to_owned)
    .into();
    arguments.push(profile_argument(profile));
    if let Some(proxy) = options.proxy {
        // Chromium leaves loopback out of the proxy unless it is told not to.
        arguments.extend([format!("--proxy-server=http://{proxy}"), "--proxy-bypass-list=<-loopback>".to_owned()]);
    }
    if !options.trusted_keys.is_empty() {
        arguments.push(format!("--ignore-certificate-errors-spki-list={}", options.trusted_keys.join(",")));
    }
    let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": { "args": arguments }, "goog:loggingPrefs": { "browser": "ALL" } });
    serde_json::from_value(wanted).context("cannot describe the browser to the driver")
}

fn profile_argument(profile: &Folder) -> String {
    format!("--user-data-dir={}", profile.join("profile").display())
}
