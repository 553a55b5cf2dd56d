//! What people in a school do, one folder for each capability.
//!
//! A capability's `mod.rs` alone says what others may use of it; `model.rs` holds its rules and knows neither database nor web;
//! `store.rs` (or `store/`) is the only place that asks the database, and takes an [`Act`](ledger::Act) for whatever it changes, so that
//! no change commits without its audit entry. Begin reading at [`CAPABILITIES`].

pub mod access;
pub mod agreements;
pub mod clauses;
pub mod control;
pub mod demo;
pub mod document;
pub mod emergency;
pub mod filtering;
pub mod gate;
pub mod home;
pub mod notices;
pub mod people;
pub mod permissions;
pub mod policies;
pub mod search;
pub mod settings;
pub mod signin;
pub mod understanding;
pub mod upkeep;
pub mod web;

/// A capability: one thing that a school does, with its records, its pages and the clauses of the policy that it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// Its folder, and its word in `docs/words.md`.
    pub word: &'static str,
    /// What it is called on a page.
    pub title: &'static str,
    /// What it is for, one sentence for school staff.
    pub purpose: &'static str,
}

/// All capabilities, in the order in which they are shown. The one list.
pub const CAPABILITIES: &[Capability] = &[
    people::CAPABILITY,
    filtering::CAPABILITY,
    gate::CAPABILITY,
    signin::CAPABILITY,
    policies::CAPABILITY,
    agreements::CAPABILITY,
    understanding::CAPABILITY,
    permissions::CAPABILITY,
    settings::CAPABILITY,
    upkeep::CAPABILITY,
];

/// The routes of all capabilities.
pub fn routes() -> Vec<web::Route> {
    [
        home::routes(),
        gate::pages::routes(),
        people::pages::routes(),
        policies::pages::routes(),
        agreements::pages::routes(),
        understanding::pages::routes(),
        permissions::pages::routes(),
        settings::pages::routes(),
        notices::pages::routes(),
        signin::pages::routes(),
        signin::pupil::pages::routes(),
        signin::pupil::teacher::pages::routes(),
        signin::mailed::pages::routes(),
        signin::guest::pages::routes(),
        emergency::pages::routes(),
        search::routes(),
    ]
    .concat()
}

/// The pages that anybody may open, on the console and on the public address.
pub fn open_pages() -> Vec<web::OpenPage> {
    [policies::pages::open_pages(), notices::pages::open_pages()].concat()
}

/// The controls of all capabilities, in the same order.
pub fn controls() -> Vec<control::Control> {
    [
        people::CONTROLS,
        access::CONTROLS,
        filtering::CONTROLS,
        signin::CONTROLS,
        policies::CONTROLS,
        agreements::CONTROLS,
        understanding::CONTROLS,
        permissions::CONTROLS,
        upkeep::CONTROLS,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_capability_is_a_folder_and_listed_once() {
        for (at, capability) in CAPABILITIES.iter().enumerate() {
            // Tests start in the folder of their crate.
            assert!(std::path::Path::new("src").join(capability.word).join("mod.rs").is_file(), "{}", capability.word);
            assert!(CAPABILITIES[..at].iter().all(|other| other.word != capability.word), "{} stands there twice", capability.word);
        }
    }
}
