//! Counts what is read, and stops it at the limits.

use std::cell::Cell;
use std::io::{self, Read};

use super::{Limits, Over};

/// What a source has used of its limits so far.
pub(super) struct Budget<'a> {
    limits: &'a Limits,
    bytes: Cell<u64>,
    lines: Cell<u64>,
}

impl<'a> Budget<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self { limits, bytes: Cell::new(0), lines: Cell::new(0) }
    }

    /// A reader that counts one file.
    pub(super) fn file<R: Read>(&'a self, inner: R) -> Metered<'a, R> {
        Metered { inner, file: Some(0), budget: self }
    }

    /// A reader that counts a whole archive, whose files are counted when they are read.
    pub(super) fn archive<R: Read>(&'a self, inner: R) -> Metered<'a, R> {
        Metered { inner, file: None, budget: self }
    }
}

/// A reader that fails with an [`Over`] when a limit is passed.
pub(super) struct Metered<'a, R> {
    inner: R,
    /// Bytes of this file so far.
    file: Option<u64>,
    budget: &'a Budget<'a>,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let limits = self.budget.limits;
        let lines = buffer.get(..count).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count();
        let add = |cell: &Cell<u64>, more: usize| {
            cell.set(cell.get().saturating_add(more as u64));
            cell.get()
        };
        if let Some(bytes) = &mut self.file {
            *bytes = bytes.saturating_add(count as u64);
            if *bytes > limits.file_bytes {
                return Err(io::Error::other(Over::FileBytes(limits.file_bytes)));
            }
            if add(&self.budget.lines, lines) > limits.lines {
                return Err(io::Error::other(Over::Lines(limits.lines)));
            }
        }
        if add(&self.budget.bytes, count) > limits.source_bytes {
            return Err(io::Error::other(Over::SourceBytes(limits.source_bytes)));
        }
        Ok(count)
    }
}
