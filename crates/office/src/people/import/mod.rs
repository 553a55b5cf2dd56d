//! People from a file or another system: read, planned, looked at, then done.
//!
//! ```text
//! bytes --decode--> text --columns--> rows --read--> Roster --plan--> Plan --apply--> records
//!                                                    ^ other sources (OneRoster, SCIM, LDAP) begin here
//! ```
//!
//! A [`Roster`] is plain data, whatever it came from. A [`Plan`] says line by line what would happen and why, and changes nothing; the same
//! plan is what [`apply()`] does. Nothing is ever deleted, a role that sees safeguarding data is never given by a file, and a column that
//! holds passwords is never read.

mod apply;
mod column;
mod date;
mod decode;
mod index;
mod next_year;
mod plan;
mod read;
mod roster;
mod run;

pub use apply::{Applied, apply, apply_run};
pub use column::{Column, Left, Mapping, MappingError, Use};
pub use date::DateOrder;
pub use decode::FileError;
pub(crate) use next_year::a_year_later;
pub use next_year::{NextYear, NextYearError, next_year};
pub use plan::{ManyLeavers, Options, Outcome, Plan, Step, plan};
pub use read::{Preview, Reading, preview, read};
pub use roster::{Child, Entry, Note, Refused, Roster};
pub use run::{Draft, Imports, Line, Planned, Run, RunKind, RunState, Running, Slot};
