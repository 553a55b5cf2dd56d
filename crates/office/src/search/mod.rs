//! One search over all that somebody may see: people, classes, roles, suppliers and pages.

mod pages;
mod view;

use crate::web::{Ask, Route};

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route::page("/search", Ask::Own, pages::search)]
}
