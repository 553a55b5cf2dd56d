//! Load of plain HTTP, by wrk: as many connections as asked for, each asking again as soon as it is answered.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

/// What wrk counted in one window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Load {
    pub(crate) requests: f64,
    pub(crate) seconds: f64,
    /// Time to the whole answer, in microseconds: middle, 99th of a hundred, and worst.
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) most_us: f64,
    /// Answers with a status of 400 or above.
    pub(crate) refused: f64,
    /// Connections that could not be opened, broke, or had no answer in time.
    pub(crate) broken: f64,
}

/// The load generator with its script and hosts.
#[derive(Debug)]
pub(crate) struct Wrk {
    script: PathBuf,
    folder: PathBuf,
    /// Port and path of every address asked for.
    tail: String,
}

/// Which hosts are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hosts {
    /// Those of the origin.
    Open,
    /// Listed ones, half of them one label below the listed name.
    Listed,
}

impl Wrk {
    /// Writes its files into a folder. Every host is asked for at `port`.
    pub(crate) fn new(folder: &Path, port: u16, open: &[String], listed: &[String]) -> anyhow::Result<Self> {
        let wrk = Self { script: folder.join("proxy.lua"), folder: folder.to_owned(), tail: format!(":{port}/1k.html") };
        std::fs::write(&wrk.script, include_str!("proxy.lua")).context("write the script of wrk")?;
        std::fs::write(wrk.hosts(Hosts::Open), open.join("\n")).context("write the hosts to ask for")?;
        std::fs::write(wrk.hosts(Hosts::Listed), listed.join("\n")).context("write the hosts to ask for")?;
        Ok(wrk)
    }

    fn hosts(&self, hosts: Hosts) -> PathBuf {
        self.folder.join(match hosts {
            Hosts::Open => "open.txt",
            Hosts::Listed => "listed.txt",
        })
    }

    /// Loads a proxy for a while.
    ///
    /// # Errors
    /// Where wrk does not run, or open hosts were refused: figures over failures are none.
    pub(crate) fn run(&self, proxy: SocketAddr, hosts: Hosts, connections: usize, time: Duration) -> anyhow::Result<Load> {
        let load = self.start(proxy, hosts, connections, time)?;
        // A refusal is the right answer to a listed host, and e2guardian ends each of its pages with the connection.
        let failed = hosts == Hosts::Open && load.refused + load.broken > 0.0;
        if load.requests < 1.0 || failed {
            bail!("{} of {} requests failed and {} connections broke", load.refused, load.requests, load.broken);
        }
        Ok(load)
    }

    /// The same, whatever fails.
    pub(crate) fn start(&self, proxy: SocketAddr, hosts: Hosts, connections: usize, time: Duration) -> anyhow::Result<Load> {
        let mut command = Command::new("wrk");
        command.args(["--threads", "1", "--timeout", "20s", "--connections", &connections.to_string()]);
        command.args(["--duration", &format!("{}s", time.as_secs()), "--script"]).arg(&self.script);
        command.arg(format!("http://{proxy}")).arg("--").arg(self.hosts(hosts)).arg(&self.tail);
        let output = command.stderr(Stdio::inherit()).output().context("start wrk")?;
        let text = String::from_utf8_lossy(&output.stdout);
        parse(&text).with_context(|| format!("find the figures in what wrk printed: {text}"))
    }
}

/// Reads the line that proxy.lua prints.
fn parse(text: &str) -> Option<Load> {
    let line = text.lines().find_map(|line| line.strip_prefix("figures "))?;
    let value = |key: &str| -> Option<f64> {
        line.split(' ').find_map(|word| word.split_once('=').filter(|(name, _)| *name == key))?.1.parse().ok()
    };
    Some(Load {
        requests: value("requests")?,
        seconds: value("us")? / 1e6,
        p50_us: value("p50_us")?,
        p99_us: value("p99_us")?,
        most_us: value("most_us")?,
        refused: value("refused")?,
        broken: value("broken")?,
    })
}

impl Load {
    pub(crate) fn per_second(&self) -> f64 {
        self.requests / self.seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_figures_is_found_among_others() {
        let text =
            "Running 3s test\n  Requests/sec: 5\nfigures requests=1500 us=3000000 p50_us=900 p99_us=1700 most_us=2000 refused=2 broken=1\n";
        let load = parse(text).expect("figures");
        assert_eq!((load.per_second(), load.p50_us, load.p99_us), (500.0, 900.0, 1700.0));
        assert_eq!((load.most_us, load.refused, load.broken), (2000.0, 2.0, 1.0));
        assert_eq!(parse("unable to connect\n"), None);
        assert_eq!(parse("figures requests=1\n"), None, "cut off");
    }
}
