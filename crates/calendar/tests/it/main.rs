//! The calendar through its public door: tables of days that are known, and properties that hold for every calendar.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says so")]

mod deadlines;
mod documents;
mod due;
mod holidays;
mod ical;
mod plans;
mod properties;
mod support;
mod times;
