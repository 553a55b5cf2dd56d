//! People in the database. Whatever is changed here is changed in a [`Unit`](ledger::Unit) and has its entry; whatever is read is read
//! within a [`Scope`](super::Scope).

mod counted;
mod entity;
mod find;
mod group;
mod history;
mod holding;
mod household;
mod import;
mod person;
mod relation;
mod row;
mod run;
mod setting;
mod sight;
mod supplier;

pub use counted::{leading, users};
pub use find::{all, find, leavers, person, persons};
pub use group::{enrol, groups, make_group, members, withdraw};
pub(crate) use holding::insert_many;
pub use holding::{NewHolding, end_role, gaps, give_role, given_safeguarding, holdings, holdings_of, roles_of};
pub(crate) use household::settle_many;
pub use household::{address, household_of, join_household, leave_household, make_household, set_address};
pub(crate) use import::new_person_id;
pub use import::{Known, known};
pub(crate) use person::{NewPerson, add_many, hold};
pub use person::{add, change, end, end_for, phone, rejoin, set_phone};
pub use relation::{care, change_relation, children_of, confirm_contact, end_relation, relate, relate_again, responsible_for};
pub(crate) use relation::{confirm_many, relate_many};
pub(crate) use row::new_id;
pub(in crate::people) use run::run_went;
pub use run::{begin_run, end_run, run, runs};
pub use setting::{aliases, clear_alias, matrix, minimums, set_alias, set_duty, set_minimum};
pub use sight::{all_seen, answered_for, seen, ties};
pub use supplier::{add_supplier, change_supplier, end_supplier, suppliers};
