//! `bench gate`: how long after a sign-in, and after a signature, the proxy judges otherwise. The demonstration with 2,000 more pupils, so that
//! each change has all their agreements looked at anew.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::console::Console;
use crate::facts;
use crate::figures::spread;
use crate::machine;
use crate::options::Options;
use crate::pages::{file, take_in};
use crate::quiet::Watch;
use crate::support::{self, schoolgate};

/// Pupils beside those of the demonstration.
const PUPILS: usize = 2_000;
/// How often each is measured in a run.
const TIMES: usize = 50;
/// Between two looks through the proxy.
const LOOK: Duration = Duration::from_millis(5);
/// A change that takes longer than this has not come.
const PATIENCE: Duration = Duration::from_secs(10);
/// The device at which Rowan of 5 Kites is signed in.
const TABLET: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 9, 40));
const OPEN: u16 = 200;
const GATED: u16 = 511;

/// A demonstration that runs, and is killed with this.
struct Demo {
    child: Child,
    console: String,
    proxy: String,
}

/// Milliseconds from the moment at which the form was sent to the first page that was judged otherwise.
#[derive(Default)]
struct Figures {
    /// The teacher's press.
    signed_in: Vec<f64>,
    /// A parent's signature.
    signed: Vec<f64>,
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    support::PROGRAM.set(options.schoolgate.clone()).ok().context("set the program twice")?;
    let mut watch = Watch::default();
    let mut all = Figures::default();
    for run in 1..=options.runs {
        let figures = watch.cycle(options.busy, &format!("run {run} of {}", options.runs), once)?;
        all.signed_in.extend(figures.signed_in);
        all.signed.extend(figures.signed);
    }
    println!("\n## From a press to another verdict, with {PUPILS} more pupils than the demonstration has\n");
    println!("{}\n{}", facts::of_the_run()?, watch.remark());
    println!(
        "Milliseconds from the press to the first page through the proxy that is judged otherwise, one look each {} ms.\n",
        LOOK.as_millis()
    );
    println!("| | half within | 99 of 100 within | longest | times |\n| --- | --- | --- | --- | --- |");
    row("a class is signed in, and a pupil without a signature is gated", all.signed_in);
    row("a parent signs, and the pupil is through", all.signed);
    Ok(())
}

fn row(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get(((times.len().saturating_sub(1)) as f64 * share) as usize).copied().unwrap_or_default();
    println!("| {what} | {:.0} | {:.0} | {:.0} | {} |", at(0.5), at(0.99), at(1.0), times.len());
}

fn once() -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    // Once to make the school, then with the pupils of the file.
    drop(Demo::start(folder.path())?);
    file(folder.path(), PUPILS)?;
    let took = take_in(folder.path(), &["--data", "data"])?;
    println!("{PUPILS} pupils were taken in: {}", spread(vec![took], "s"));
    let demo = Demo::start(folder.path())?;
    let data = folder.path().join("data");
    let head = Console::at(&demo.console, &data).signed_in_as("headteacher");
    let tablet = Console::at(&demo.proxy, &data).at_device(TABLET);
    let (class, rowan) = seat(&head)?;
    let mut figures = Figures::default();
    for _ in 0..TIMES {
        figures.signed_in.push(until(&tablet, GATED, || sent(&head, &format!("{class}/sign-in"), "minutes=60"))?);
        until(&tablet, OPEN, || sent(&head, &format!("{class}/sign-out"), ""))?;
    }
    sent(&head, &format!("{class}/sign-in"), "minutes=60")?;
    let parent = Console::at(&demo.console, &data).signed_in_as("parent");
    // In Year 5 a pupil signs too, once.
    answer(&parent, "pupil-ks2", &rowan, "Rowan", "yes")?;
    for _ in 0..TIMES {
        figures.signed.push(until(&tablet, OPEN, || answer(&parent, "parent-agreement", &rowan, "Sorrel+Ragwort", "yes"))?);
        until(&tablet, GATED, || answer(&parent, "parent-agreement", &rowan, "Sorrel+Ragwort", "back"))?;
    }
    Ok(figures)
}

/// Gives Rowan of 5 Kites the tablet; the class's page and Rowan's id.
fn seat(head: &Console) -> anyhow::Result<(String, String)> {
    let list = head.get("/classes").body;
    let (before, _) = list.split_once(">5 Kites</a>").context("no class of that name")?;
    let class = before.rsplit("href=\"").next().and_then(|rest| rest.split('"').next()).context("no page of the class")?.to_owned();
    let page = head.get(&class).body;
    let rest = page.split_once("Rowan Ragwort").map(|(_, rest)| rest).context("Rowan is not there")?;
    let rowan = rest.split("name=\"at-").nth(1).and_then(|rest| rest.split('"').next()).context("no place for Rowan")?.to_owned();
    sent(head, &format!("{class}/seats"), &format!("at-{rowan}={TABLET}"))?;
    Ok((class, rowan))
}

fn answer(parent: &Console, agreement: &str, child: &str, name: &str, answer: &str) -> anyhow::Result<()> {
    let path = format!("/my/agreements/{agreement}/{child}");
    let page = parent.get(&path).body;
    let version =
        page.split_once("name=\"version\" value=\"").and_then(|(_, rest)| rest.split('"').next()).context("no version")?.to_owned();
    sent(parent, &path, &format!("version={version}&name={name}&read=yes&answer={answer}"))
}

fn sent(console: &Console, path: &str, fields: &str) -> anyhow::Result<()> {
    let answer = console.form(path, fields);
    ensure!(answer.status == 303, "{path}: {}", answer.head);
    Ok(())
}

/// Does something, and gives the milliseconds until the tablet is answered so.
fn until(tablet: &Console, status: u16, does: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let start = Instant::now();
    does()?;
    loop {
        if asked(tablet)? == status {
            return Ok(start.elapsed().as_secs_f64() * 1000.0);
        }
        ensure!(start.elapsed() < PATIENCE, "{status} did not come");
        machine::pause(LOOK);
    }
}

/// What the tablet is answered.
fn asked(tablet: &Console) -> anyhow::Result<u16> {
    let mut stream = tablet.plain();
    stream.write_all(b"GET http://museum.example/ HTTP/1.1\r\nHost: museum.example\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).with_context(|| format!("no answer: {answer}"))
}

// === impl Demo ===

impl Demo {
    fn start(folder: &Path) -> anyhow::Result<Self> {
        let arguments = ["run", "--demo", "--data", "data", "--listen", "127.0.0.1:0"];
        let mut child = schoolgate(folder, &arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let mut demo = Self { child, console: String::new(), proxy: String::new() };
        for line in lines {
            let line = line?;
            let address = |after: &str, end: char| line.split_once(after).and_then(|(_, rest)| rest.split(end).next()).map(str::to_owned);
            if line.contains("Console ") {
                demo.console = address("https://", '/').context("no address of the console")?;
            } else if line.contains("Proxy     juniors at ") {
                demo.proxy = address(" at ", ' ').context("no address of the proxy")?;
            } else if line.contains("Schoolgate is running") {
                return Ok(demo);
            }
        }
        anyhow::bail!("it ended before it ran")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
