//! `bench pages`: the console with 2,000 people in its records and 50 who use it at once, on both databases; and how long 10,000 people take
//! to be taken in.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use private_postgres::{ROLE, Server, sql, url};
use rustls::{ClientConnection, StreamOwned};

use crate::console::Console;
use crate::facts;
use crate::figures::{seconds, spread};
use crate::machine::{self, used_seconds};
use crate::options::Options;
use crate::quiet::Watch;
use crate::support::{self, output, schoolgate, text};

/// People in the records while pages are looked at, and those of the file that is taken in.
const PEOPLE: usize = 2_000;
const MANY: usize = 10_000;
/// People who use the console at once, each of whom opens a page a second.
const USERS: usize = 50;
const THINKS: Duration = Duration::from_secs(1);
/// Windows of load are at least so long: a page in a hundred must be seen often.
const LEAST: Duration = Duration::from_secs(20);
/// How often each page is asked for before that, while nobody else asks.
const ALONE: usize = 20;
/// What they open, in turn.
const PAGES: [&str; 10] = [
    "/",
    "/people",
    "/people?find=sedge1",
    "/people?page=40",
    "/people/{}",
    "/people/{}/history",
    "/agreements",
    "/policies",
    "/policy",
    "/search?q=sedge",
];
const CONFIG: [&str; 2] = ["--config", "school.toml"];
const PASSPHRASES: &str = "correct zebra lantern quay\numbrella vortex plinth jam\n";

/// A Schoolgate that runs, and is killed with this.
struct Running(Child);

/// How long pages took, in milliseconds, and what they cost the program.
struct Figures {
    /// By place in [`PAGES`].
    pages: Vec<Vec<f64>>,
    /// The same while nobody else asked.
    alone: Vec<Vec<f64>>,
    cpu_ms_a_page: f64,
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    support::PROGRAM.set(options.schoolgate.clone()).ok().context("set the program twice")?;
    let mut watch = Watch::default();
    let server = Server::start(&std::env::temp_dir())?;
    let mut text = String::new();
    for name in ["SQLite", "PostgreSQL"] {
        let (mut runs, mut imports) = (Vec::new(), Vec::new());
        for run in 1..=options.runs {
            let database = |what: &str| -> anyhow::Result<String> {
                if name == "SQLite" {
                    return Ok(String::new());
                }
                let database = format!("{what}{run}");
                sql(server.folder(), "postgres", &format!("CREATE DATABASE {database} OWNER {ROLE}"))?;
                Ok(format!("[records]\ndatabase_url = \"{}\"\n", url(server.folder(), &database)))
            };
            let (of_pages, of_import) = (database("pages")?, database("people")?);
            let what = format!("run {run} of {}: {name}", options.runs);
            let window = options.window.max(LEAST);
            let (figures, import) = watch.cycle(options.busy, &what, || Ok((pages(&of_pages, window)?, import(&of_import)?)))?;
            runs.push(figures);
            imports.push(import);
        }
        writeln!(text, "\n### {name}\n\n{}", table(&runs))?;
        writeln!(text, "{MANY} people from a file: {}", spread(imports, "s"))?;
    }
    println!("\n## Pages with {PEOPLE} people, {USERS} users who each open a page a second, {} runs\n", options.runs);
    println!("{}\n{}", facts::of_the_run()?, watch.remark());
    println!("Milliseconds from the question to the last byte, over HTTPS on loopback, connections kept: all runs together.");
    print!("{text}");
    Ok(())
}

fn table(runs: &[Figures]) -> String {
    let mut text =
        "| page | alone, half within | half within | 99 of 100 within | longest | times |\n| --- | --- | --- | --- | --- | --- |\n"
            .to_owned();
    let (mut all, mut all_alone) = (Vec::new(), Vec::new());
    for (at, path) in PAGES.iter().enumerate() {
        let of = |times: fn(&Figures) -> &Vec<Vec<f64>>| {
            runs.iter().filter_map(|run| times(run).get(at)).flatten().copied().collect::<Vec<f64>>()
        };
        let (together, alone) = (of(|run| &run.pages), of(|run| &run.alone));
        row(&mut text, &format!("`{path}`"), &alone, &together);
        all.extend(together);
        all_alone.extend(alone);
    }
    row(&mut text, "**all**", &all_alone, &all);
    let cpu = spread(runs.iter().map(|run| run.cpu_ms_a_page).collect(), "ms");
    text.push_str(&format!("\nProcessor time of Schoolgate a page (without PostgreSQL's own): {cpu}"));
    text
}

fn row(text: &mut String, name: &str, alone: &[f64], together: &[f64]) {
    let at = |times: &[f64], share: f64| {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        times.get(((times.len().saturating_sub(1)) as f64 * share) as usize).copied().unwrap_or_default()
    };
    let [half, most, longest] = [0.5, 0.99, 1.0].map(|share| at(together, share));
    text.push_str(&format!("| {name} | {:.1} | {half:.1} | {most:.1} | {longest:.1} | {} |\n", at(alone, 0.5), together.len()));
}

/// A school with keys, on this database.
fn school(folder: &Path, database: &str) -> anyhow::Result<()> {
    let config = format!("school = \"Hill School\"\ndata = \"data\"\n[console]\nlisten = \"127.0.0.1:0\"\n{database}");
    std::fs::write(folder.join("school.toml"), config)?;
    let arguments = ["keys", "init", "--yes", "--passphrase-stdin", "--config", "school.toml"];
    let mut keys = schoolgate(folder, &arguments).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    keys.stdin.take().context("no input")?.write_all(PASSPHRASES.as_bytes())?;
    ensure!(keys.wait()?.success(), "no keys were made");
    Ok(())
}

/// Pupils of six years, thirty a class.
pub(crate) fn file(folder: &Path, people: usize) -> anyhow::Result<()> {
    let mut file = "UPN,Forename,Surname,Year,Class,Start date\r\n".to_owned();
    for number in 0..people {
        let year = 1 + number % 6;
        file.push_str(&format!("P{number:05},Sam,Sedge{number},{year},{year} Owls {},2025-09-01\r\n", number / 6 / 30));
    }
    std::fs::write(folder.join("pupils.csv"), file)?;
    Ok(())
}

/// Takes the file in, and gives how long that took. `place`: the arguments that say whose.
pub(crate) fn take_in(folder: &Path, place: &[&str]) -> anyhow::Result<f64> {
    let arguments = [&["people", "import", "pupils.csv", "--membership", "pupil", "--apply"], place].concat();
    let (took, ended) = seconds(|| output(folder, &arguments));
    ensure!(ended.status.success(), "{}{}", text(&ended.stdout), text(&ended.stderr));
    Ok(took)
}

fn import(database: &str) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir()?;
    school(folder.path(), database)?;
    file(folder.path(), MANY)?;
    take_in(folder.path(), &CONFIG)
}

fn pages(database: &str, window: Duration) -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    school(folder.path(), database)?;
    file(folder.path(), PEOPLE)?;
    take_in(folder.path(), &CONFIG)?;
    let (running, address) = start(folder.path())?;
    let head = Console::at(&address, &folder.path().join("data"));
    let head = Arc::new(head.with_first_headteacher(folder.path(), &["--config", "school.toml", "--data", "data"]));
    let list = head.get("/people?find=sedge1999").body;
    let id = list.split("href=\"/people/").filter_map(|rest| rest.split('"').next()).find(|id| id.len() == 36).context("nobody found")?;
    let paths: Arc<Vec<String>> = Arc::new(PAGES.iter().map(|path| path.replace("{}", id)).collect());
    // Once each, so that nothing is made for the first time.
    for path in &*paths {
        let answer = head.get(path);
        ensure!(answer.status == 200, "{path}: {}", answer.status);
    }
    let alone = alone(&head, &paths)?;
    let (before, end) = (used_seconds(running.0.id()), Instant::now() + window);
    let users: Vec<_> = (0..USERS)
        .map(|user| {
            let (head, paths) = (Arc::clone(&head), Arc::clone(&paths));
            std::thread::spawn(move || uses(&head, &paths, user, end))
        })
        .collect();
    let mut pages = vec![Vec::new(); PAGES.len()];
    for user in users {
        for (at, took) in user.join().map_err(|_| anyhow::anyhow!("a user gave up"))?? {
            pages[at].push(took);
        }
    }
    let count: usize = pages.iter().map(Vec::len).sum();
    Ok(Figures { cpu_ms_a_page: (used_seconds(running.0.id()) - before) * 1000.0 / count as f64, pages, alone })
}

/// One user: a page, a second of reading, the next page. Gives the place of each page and its milliseconds.
fn uses(console: &Console, paths: &[String], user: usize, end: Instant) -> anyhow::Result<Vec<(usize, f64)>> {
    let mut stream = connected(console)?;
    let mut times = Vec::new();
    // Not all of them in the same moment.
    machine::pause(THINKS * u32::try_from(user)? / u32::try_from(USERS)?);
    for turn in user.. {
        let at = turn % paths.len();
        let asked = Instant::now();
        if asked >= end {
            break;
        }
        times.push((at, ask(console, &mut stream, &paths[at])?));
        machine::pause(THINKS.saturating_sub(asked.elapsed()));
    }
    Ok(times)
}

/// Each page some times while nobody else asks for any.
fn alone(console: &Console, paths: &[String]) -> anyhow::Result<Vec<Vec<f64>>> {
    let mut stream = connected(console)?;
    paths.iter().map(|path| (0..ALONE).map(|_| ask(console, &mut stream, path)).collect()).collect()
}

/// A connection whose hand-shake is done.
fn connected(console: &Console) -> anyhow::Result<StreamOwned<ClientConnection, TcpStream>> {
    let mut stream = console.connect();
    stream.conn.complete_io(&mut stream.sock)?;
    Ok(stream)
}

/// Asks for a page over a connection that is kept, and gives the milliseconds to its last byte.
fn ask(console: &Console, stream: &mut (impl Read + Write), path: &str) -> anyhow::Result<f64> {
    let asked = Instant::now();
    let question = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: __Host-schoolgate={}\r\n\r\n", console.address, console.session());
    stream.write_all(question.as_bytes())?;
    stream.flush()?;
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        ensure!(reader.read_line(&mut head)? > 0, "the console closed the connection");
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).context("no length")?.trim().parse()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    ensure!(head.starts_with("HTTP/1.1 200"), "{path}: {head}");
    Ok(asked.elapsed().as_secs_f64() * 1000.0)
}

/// Starts it, and gives where its console is.
fn start(folder: &Path) -> anyhow::Result<(Running, String)> {
    let mut child = schoolgate(folder, &["run", "--config", "school.toml"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let lines = BufReader::new(child.stdout.take().context("no output")?).lines();
    let (running, mut address) = (Running(child), None);
    for line in lines {
        let line = line?;
        if line.contains("Console ") {
            address = line.split_once("https://").and_then(|(_, rest)| rest.split('/').next()).map(str::to_owned);
        }
        if line.contains("Schoolgate is running") {
            return Ok((running, address.context("no address of the console")?));
        }
    }
    anyhow::bail!("it ended before it ran")
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
