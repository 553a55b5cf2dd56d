//! Who is in the school, what each is to it and to each other, and who answers for what.
//!
//! A person is never deleted, only ended; what was said before a change stays in the audit trail, sealed. Which column is in clear and
//! which is sealed: `docs/adr/0014`. What changes something takes a [`Unit`](ledger::Unit) and refuses what somebody else has changed
//! meanwhile; what reads takes a [`Scope`]. A leaver has no role from the day after the last one ([`roles_of`]), and whoever keeps
//! accounts or loans gets them as [`Leaver`]. Whole lists come in through [`import`] and go out through [`export`].

mod controls;
mod duty;
mod error;
pub mod export;
mod group;
mod holding;
pub mod import;
mod model;
pub mod pages;
mod person;
mod relation;
mod role;
mod sight;
mod store;
mod supplier;
mod text;
mod titles;
mod view;
mod year;

pub(crate) use controls::CONTROLS;
pub use duty::{DUTIES, Duty, Roles, Row};
pub use error::PeopleError;
pub use group::{Group, GroupKind, Member, Part};
pub use holding::{Gap, Holding, gaps_in};
pub use model::{Membership, Memberships, NotAMembership};
pub use person::{Details, Find, Found, Leaver, Order, Person, Scope, Slice, Standing};
pub use relation::{Bond, Care, Held, Kinship, Relation};
pub use role::{Duties, NotARole, Role, Safeguarding, SecondFactor};
pub use sight::{Sight, Ties};
pub use store::{
    Known, NewHolding, add, add_supplier, address, aliases, all, all_seen, answered_for, begin_run, care, change, change_relation,
    change_supplier, children_of, clear_alias, confirm_contact, end, end_for, end_relation, end_role, end_run, end_supplier, enrol, find,
    gaps, give_role, given_safeguarding, groups, holdings, holdings_of, household_of, join_household, known, leading, leave_household,
    leavers, make_group, make_household, matrix, members, minimums, person, persons, phone, rejoin, relate, relate_again, responsible_for,
    roles_of, run, runs, seen, set_address, set_alias, set_duty, set_minimum, set_phone, suppliers, ties, users, withdraw,
};
pub(crate) use store::{
    NewPerson, add_many, confirm_many, hold, insert_many as give_many, new_id, new_person_id, relate_many, settle_many,
};
pub use supplier::{Supplier, SupplierDetails};
pub use text::{Email, NotAnEmail, NotShort, Short};
pub use titles::Titles;
pub use year::{KeyStage, SchoolYear, YearGroup};

use crate::Capability;

/// This capability.
pub const CAPABILITY: Capability = Capability {
    word: "people",
    title: "People",
    purpose: "Who is in the school, in which class, with which responsible adults, and who answers for what.",
};

/// Terms that a school may call otherwise on its screens (B-010), by their words in `docs/words.md`. Roles have their own words.
pub const TERMS: &[&str] = &["pupil", "agreement", "concern", "incident", "class", "tutor_group", "year_group", "governor", "parent"];
