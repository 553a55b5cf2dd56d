//! Progress of long work, on standard error: a line that moves on a terminal, a plain line every few seconds elsewhere.

use std::io::Write as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::world::World;

/// Time between two plain lines.
const PAUSE: Duration = Duration::from_secs(3);

/// Shows progress. On a terminal the line is gone when this is dropped.
pub(super) struct Progress(Show);

enum Show {
    Moving(ProgressBar),
    Lines { last: Option<Instant> },
    Nothing,
}

impl Progress {
    pub(super) fn new(world: &World, quiet: bool) -> Self {
        if quiet {
            return Self(Show::Nothing);
        }
        if !world.is_terminal {
            return Self(Show::Lines { last: None });
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}").unwrap_or_else(|_| ProgressStyle::default_spinner());
        Self(Show::Moving(bar.with_style(style)))
    }

    /// Says what is being done, unless something was just said.
    pub(super) fn say(&mut self, words: impl FnOnce() -> String) {
        match &mut self.0 {
            Show::Nothing => {}
            Show::Moving(bar) => {
                bar.set_message(words());
                bar.tick();
            }
            Show::Lines { last } => {
                if last.is_none_or(|last| last.elapsed() >= PAUSE) {
                    *last = Some(Instant::now());
                    // Nobody is left to tell when standard error is closed.
                    drop(writeln!(std::io::stderr().lock(), "{}", words()));
                }
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Show::Moving(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
