//! Figures that can be trusted: a cycle during which other programs were at work is dropped and repeated.

use std::time::Instant;

use anyhow::bail;

use crate::machine;

/// Cores that others may use during a cycle.
const OTHERS: f64 = 0.15;
/// How often a cycle is tried.
const TRIES: usize = 4;

/// What happens when other programs are at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Busy {
    /// The cycle is repeated, and in the end nothing is printed.
    Refused,
    /// Said with the figures, which are then for trying only.
    Marked,
}

/// The most that others used during any cycle so far.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    most: f64,
}

impl Watch {
    /// Runs a cycle, again where others used more than 0.15 of a core meanwhile.
    ///
    /// # Errors
    /// Where it was never quiet, or the cycle itself failed.
    pub(crate) fn cycle<T>(&mut self, busy: Busy, what: &str, mut work: impl FnMut() -> anyhow::Result<T>) -> anyhow::Result<T> {
        let mut others = 0.0;
        for _ in 0..TRIES {
            let (start, before) = (Instant::now(), machine::others_seconds()?);
            let value = work()?;
            others = (machine::others_seconds()? - before) / start.elapsed().as_secs_f64();
            if others <= OTHERS || busy == Busy::Marked {
                self.most = self.most.max(others);
                eprintln!("{what}: done, others used {others:.2} of a core");
                return Ok(value);
            }
            eprintln!("{what}: dropped, others used {others:.2} of a core");
        }
        bail!(
            "{what}: other programs used {others:.2} of a core, more than {OTHERS}, {TRIES} times in a row, so there are no figures. Stop \
             them, or try with --allow-busy"
        )
    }

    /// What is to be said above the figures.
    pub(crate) fn remark(&self) -> String {
        if self.most <= OTHERS {
            format!("Others used at most {:.2} of a core during a cycle.", self.most)
        } else {
            format!("NOT TO BE QUOTED: other programs used up to {:.2} of a core during a cycle.", self.most)
        }
    }
}
