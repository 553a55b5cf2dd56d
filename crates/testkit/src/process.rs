//! A program started by a test, ended with it.

use std::io::{BufRead as _, BufReader, Read};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// How long between two looks at something that cannot be waited for (a port, an exit).
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A running program in a process group of its own. Dropping it kills the whole group with SIGKILL.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Process {
    /// Starts `command` with no input; what it prints to both streams is kept, line by line.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start(mut command: Command) -> anyhow::Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let (sender, lines) = channel();
        if let Some(stream) = child.stdout.take() {
            forward(stream, sender.clone());
        }
        if let Some(stream) = child.stderr.take() {
            forward(stream, sender);
        }
        Ok(Self { name, child, lines, seen: Vec::new() })
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the program prints a line that holds `text`, and gives that line. Lines seen before count.
    ///
    /// # Errors
    /// When it ends or `patience` runs out first; the error holds what was printed.
    pub fn wait_for_line(&mut self, text: &str, patience: Duration) -> anyhow::Result<String> {
        if let Some(line) = self.seen.iter().find(|line| line.contains(text)) {
            return Ok(line.clone());
        }
        let end = Instant::now() + patience;
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.seen.push(line.clone());
                    if line.contains(text) {
                        return Ok(line);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Err(self.failed(&format!("did not print {text:?} within {patience:?}"))),
                Err(RecvTimeoutError::Disconnected) => return Err(self.failed(&format!("ended before it printed {text:?}"))),
            }
        }
    }

    /// Waits until `address` accepts a connection.
    ///
    /// # Errors
    /// When the program ends or `patience` runs out first.
    pub fn wait_for_port(&mut self, address: SocketAddr, patience: Duration) -> anyhow::Result<()> {
        let end = Instant::now() + patience;
        while TcpStream::connect_timeout(&address, patience).is_err() {
            if let Some(status) = self.child.try_wait().with_context(|| format!("cannot watch {}", self.name))? {
                return Err(self.failed(&format!("ended ({status}) before it listened on {address}")));
            }
            if Instant::now() >= end {
                return Err(self.failed(&format!("did not listen on {address} within {patience:?}")));
            }
            pause();
        }
        Ok(())
    }

    /// Waits until the program ends by itself.
    ///
    /// # Errors
    /// When `patience` runs out first.
    pub fn wait(&mut self, patience: Duration) -> anyhow::Result<ExitStatus> {
        let end = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait().with_context(|| format!("cannot watch {}", self.name))? {
                return Ok(status);
            }
            if Instant::now() >= end {
                return Err(self.failed(&format!("did not end within {patience:?}")));
            }
            pause();
        }
    }

    /// Asks it to read its configuration again (SIGHUP).
    ///
    /// # Errors
    /// When it has ended.
    pub fn reload(&self) -> anyhow::Result<()> {
        self.signal(Signal::HUP)
    }

    /// Asks it to stop (SIGTERM).
    ///
    /// # Errors
    /// When it has ended.
    pub fn stop(&self) -> anyhow::Result<()> {
        self.signal(Signal::TERM)
    }

    /// Ends it at once, as a power cut would (`kill -9`), and waits until it is gone.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill(&mut self) -> anyhow::Result<ExitStatus> {
        self.child.kill().with_context(|| format!("cannot kill {}", self.name))?;
        self.child.wait().with_context(|| format!("cannot wait for {}", self.name))
    }

    /// Everything printed so far, as one readable text.
    pub fn printed(&mut self) -> String {
        self.seen.extend(self.lines.try_iter());
        if self.seen.is_empty() { "it printed nothing".to_owned() } else { format!("it printed:\n{}", self.seen.join("\n")) }
    }

    fn failed(&mut self, how: &str) -> anyhow::Error {
        let printed = self.printed();
        anyhow!("{} {how}; {printed}", self.name)
    }

    fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        kill_process(Pid::from_child(&self.child), signal).with_context(|| format!("cannot signal {}", self.name))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The group may be gone already: then there is nothing left to do.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

/// Ends each process whose command line names `text`, and waits until the last is gone, ten seconds at most: for programs that
/// leave the group they were started in. The text must be the caller's own, such as a private folder.
pub(crate) fn end_all_naming(text: &str) {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        // A process that is dying starts no more, but one that was being started may have been missed: hence again each time.
        let left = all_naming(text);
        if left.is_empty() || Instant::now() >= end {
            return;
        }
        for id in left {
            let _ = kill_process(id, Signal::KILL);
        }
        pause();
    }
}

/// The processes whose command line names `text`. One that has ended and waits to be collected has none.
fn all_naming(text: &str) -> Vec<Pid> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    let names = |id: &Pid| {
        let line = std::fs::read(format!("/proc/{}/cmdline", id.as_raw_nonzero())).unwrap_or_default();
        line.windows(text.len()).any(|part| part == text.as_bytes())
    };
    let id = |entry: std::fs::DirEntry| entry.file_name().to_str()?.parse().ok().and_then(Pid::from_raw);
    processes.flatten().filter_map(id).filter(names).collect()
}

fn forward(stream: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
}

#[expect(clippy::disallowed_methods, reason = "another program's port or end cannot be waited for otherwise, and no task runs here")]
fn pause() {
    thread::sleep(LOOK_AGAIN);
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    fn shell(script: &str) -> Process {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Process::start(command).expect("sh starts")
    }

    #[test]
    fn a_line_is_waited_for_and_remembered() {
        let mut process = shell("echo one; echo two >&2; exec sleep 60");
        assert_eq!(process.wait_for_line("two", PATIENCE).expect("two"), "two");
        assert_eq!(process.wait_for_line("one", PATIENCE).expect("one"), "one");
        let error = process.wait_for_line("three", Duration::from_millis(50)).expect_err("no third line");
        assert!(error.to_string().contains("one"), "{error}");
    }

    #[test]
    fn an_early_end_is_told_with_what_was_printed() {
        let mut process = shell("echo the port is busy; exit 3");
        let error = process.wait_for_line("listening", PATIENCE).expect_err("it ended");
        assert!(error.to_string().contains("the port is busy"), "{error}");
        assert_eq!(process.wait(PATIENCE).expect("status").code(), Some(3));
    }

    #[test]
    fn dropping_ends_the_children_too() {
        let mut process = shell("sleep 60 & echo child $!; wait");
        let line = process.wait_for_line("child ", PATIENCE).expect("child");
        let child = line.trim_start_matches("child ").to_owned();
        drop(process);
        // The signal is sent when the drop returns; that the child has met it takes the system a moment.
        let is_gone = || {
            let state = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
            state.is_empty() || state.contains(" Z ")
        };
        let deadline = Instant::now() + PATIENCE;
        while !is_gone() {
            assert!(Instant::now() < deadline, "still there: {child}");
            thread::yield_now();
        }
    }

    #[test]
    fn kill_ends_at_once() {
        let mut process = shell("trap '' TERM; echo ready; while true; do sleep 1; done");
        process.wait_for_line("ready", PATIENCE).expect("ready");
        process.stop().expect("asked to stop");
        assert!(!process.kill().expect("killed").success());
    }
}
