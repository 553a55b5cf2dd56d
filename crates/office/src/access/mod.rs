//! Who may do what: one decision for everything, from policies that can be read by whoever answers for them.
//!
//! The policies are the `*.cedar` files of this folder, written in Cedar and checked against `schema.cedarschema`; the never-rules are
//! in `never.cedar`. What follows from them for each role and action stands in `matrix.txt`, which a test keeps true: a change of it is
//! what a reviewer looks at. `docs/adr/0015` says why it is done so.
//!
//! Somebody acts in one role at a time. What ties a person to a thing (own class, own child, own report, alleged) is looked up by the
//! stores and given with the [`Thing`]; whatever is not allowed, or cannot be judged, is refused.

mod action;
mod cedar;
mod controls;
mod policies;
mod sight;
#[cfg(test)]
mod tests;
mod thing;

pub use action::{Action, Kind};
pub(crate) use controls::CONTROLS;
pub use policies::{Decision, Policies, PoliciesError};
pub use thing::{Need, Proof, Thing, Who};
