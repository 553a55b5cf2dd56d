//! When a job that failed is tried again, and what is said of it.

use std::fmt;
use std::time::Duration;

/// How often and when a job is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The wait after the first failure; it doubles with each that follows. Default 30 s.
    pub first: Duration,
    /// The longest wait. Default 1 hour.
    pub cap: Duration,
    /// After so many attempts it is given up and stays in the list as failed; what recurs waits for its next time. Default 12,
    /// which is some five hours.
    pub attempts: u16,
}

/// Why an attempt failed, in a sentence of the program with perhaps a number. There is no room for what a person wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    what: &'static str,
    number: Option<i64>,
    is_final: bool,
}

// === impl Retry ===

impl Retry {
    /// The wait after the nth failure, counted from 1.
    pub fn wait(&self, failures: u16) -> Duration {
        let doubled = 2_u32.saturating_pow(u32::from(failures.saturating_sub(1)));
        self.first.saturating_mul(doubled).min(self.cap)
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self { first: Duration::from_secs(30), cap: Duration::from_secs(3600), attempts: 12 }
    }
}

// === impl Failure ===

impl Failure {
    /// It may go better next time.
    pub const fn passing(what: &'static str) -> Self {
        Self { what, number: None, is_final: false }
    }

    /// It will go no better: it is given up at once.
    pub const fn lasting(what: &'static str) -> Self {
        Self { what, number: None, is_final: true }
    }

    /// With a number that says more: the code of a reply, the number of a system's error.
    pub const fn numbered(self, number: i64) -> Self {
        Self { number: Some(number), ..self }
    }

    /// Whether it is given up at once.
    pub const fn is_final(&self) -> bool {
        self.is_final
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.what)?;
        self.number.map_or(Ok(()), |number| write!(formatter, " ({number})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_its_cap() {
        let retry = Retry::default();
        let waits: Vec<u64> = [1, 2, 3, 7, 8, 9, 40, u16::MAX].map(|failures| retry.wait(failures).as_secs()).to_vec();
        assert_eq!(waits, [30, 60, 120, 1920, 3600, 3600, 3600, 3600]);
    }

    #[test]
    fn a_failure_is_a_sentence_and_a_number() {
        assert_eq!(Failure::passing("the mail server refuses").numbered(451).to_string(), "the mail server refuses (451)");
        assert!(Failure::lasting("there is no such address").is_final());
    }
}
