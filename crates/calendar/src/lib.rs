//! Terms, school days and deadlines. Pure: no file, no database, and the time is always given.
//!
//! - [`Instant`] and [`Date`] are what records keep: microseconds in UTC, and the text of a day.
//! - [`Clock`] is where a program gets the time from; only the binary makes one that reads the machine's.
//! - [`SchoolCalendar`] knows the nation, the zone, the terms and the days off. It is built from a [`Plan`] and never changed.
//! - [`Period`] is how long something may take ("72 hours", "1 working day", "once a term"); [`SchoolCalendar::deadline`] turns it and
//!   a start into a [`Deadline`], which says at any moment whether there is time, it is due or it is overdue, and by how much.
//! - [`rules`] is the table of the periods that laws, guidance and policies name, each with its source.
//! - [`ical`] reads the calendar that a council or a school publishes into proposals for a plan.
//!
//! Three things hold for every period, and are tested as properties: a later start never gives an earlier deadline; nothing that is
//! past is rolled forward; what the calendar does not reach is an error ([`NotKnown`]), never a guess.

mod check;
mod clock;
mod deadline;
mod due;
mod holidays;
pub mod ical;
mod period;
mod phrase;
pub mod rules;
mod school;
mod time;
mod vague;
mod zone;

pub use check::{Mistake, Mistakes};
pub use clock::{Clock, SettableClock};
pub use deadline::{Amount, Deadline, Done, State, Unit};
pub use due::NotKnown;
pub use holidays::{BankHoliday, KNOWN_TO, Nation, bank_holiday, bank_holidays};
pub use period::{At, Block, MonthDay, NotAPeriod, OffDay, Period, WorkingIn};
pub use rules::Rule;
pub use school::{Closure, Plan, SchoolCalendar, SchoolHours, Term};
pub use time::{Date, Instant, NotADate, OutOfRange};
pub use vague::{Season, VagueDate};
