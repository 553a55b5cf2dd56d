//! The markup of the pages about people.

mod list;
mod person;
mod roles;

use calendar::Date;

use super::pages::Search;
use super::{Gap, Holding, Person, Role};

pub(super) use list::{ListPage, RowOfList};
pub(super) use person::PersonPage;
pub(super) use roles::{RoleRow, RolesPage};

/// A day as people write it: 1 September 2026.
fn day(day: Date) -> String {
    day.civil().strftime("%-d %B %Y").to_string()
}
