//! The first page: what needs this person today, what has changed lately, and where they may go.

mod ahead;
mod changes;
mod pages;
mod view;

use crate::web::{Ask, Route};

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route::page("/", Ask::Own, pages::home).in_menu("Today")]
}
