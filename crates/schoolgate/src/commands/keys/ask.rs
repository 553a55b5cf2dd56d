//! Passphrases and codes from the person: from the terminal, without showing them, or from standard input, one a line. Never from
//! arguments, which every account of the machine can see.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};

use anyhow::{Context, Result, bail};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::keys::Secret;

/// Longest line that is read, in bytes.
const LONGEST: u64 = 4096;

/// Where secrets come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// A person at a terminal, who is asked.
    Terminal,
    /// Lines of standard input, in the order in which they would be asked for.
    Lines,
}

/// The terminal shows nothing that is typed as long as this lives.
struct Hidden(Termios);

// === impl From ===

impl From {
    /// Lines where that is said; else there must be somebody to ask.
    pub(super) fn chosen(passphrase_stdin: bool) -> Result<Self> {
        match passphrase_stdin {
            true => Ok(Self::Lines),
            false if io::stdin().is_terminal() => Ok(Self::Terminal),
            false => bail!(
                "asking for a passphrase: nobody is at a terminal; give it on standard input, one a line, and say so with --passphrase-stdin"
            ),
        }
    }

    /// What is there already: a passphrase or code, asked for once.
    pub(super) fn secret(self, what: &str) -> Result<Secret> {
        match self {
            Self::Terminal => hidden(what),
            Self::Lines => line(what),
        }
    }

    /// A new passphrase: a person types it twice.
    pub(super) fn new_passphrase(self, what: &str) -> Result<Secret> {
        let first = self.secret(what)?;
        if self == Self::Terminal && *hidden(&format!("{what}, once more"))?.0 != *first.0 {
            bail!("reading {what}: the two differ; nothing has changed, begin again");
        }
        Ok(first)
    }

    /// Whether the person agrees. Whoever gives lines has said so with `--yes`.
    pub(super) fn agrees(self) -> Result<bool> {
        say("Type yes to go on: ")?;
        Ok(self == Self::Terminal && line("the answer")?.0.trim().eq_ignore_ascii_case("yes"))
    }
}

fn hidden(what: &str) -> Result<Secret> {
    say(&format!("{what}: "))?;
    let secret = {
        let _hidden = Hidden::begin().context("keeping the terminal from showing what is typed")?;
        line(what)
    };
    say("\n")?;
    secret
}

fn line(what: &str) -> Result<Secret> {
    let doing = || format!("reading {what}");
    // Room from the start: growing would leave a copy behind.
    let mut line = Zeroizing::new(String::with_capacity(usize::try_from(LONGEST).unwrap_or_default()));
    io::stdin().lock().take(LONGEST).read_line(&mut line).with_context(doing)?;
    if line.is_empty() {
        bail!("{}: nothing was given", doing());
    }
    let length = line.trim_end_matches(['\n', '\r']).len();
    line.truncate(length);
    Ok(Secret(line))
}

/// To standard error, so that what is printed stays clean.
fn say(text: &str) -> Result<()> {
    let mut stderr = io::stderr().lock();
    stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()).context("asking on the terminal")
}

// === impl Hidden ===

impl Hidden {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &hidden)?;
        Ok(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // Without a terminal there is nobody whose typing would stay hidden.
        let _gone = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
