//! The markup of the pages about people.

mod classes;
mod contacts;
mod edit;
mod history;
mod list;
mod person;
mod roles;

use calendar::Date;

use super::pages::Search;
use super::{Gap, Holding, Person, Role};

pub(super) use classes::ClassesPage;
pub(super) use contacts::{AdultRow, ChildRow, ContactPage, ContactsPage, HomeRow, NewContactPage};
pub(super) use edit::{EditPage, EndPage};
pub(super) use history::{Happening, HistoryPage, Said};
pub(super) use list::{ListPage, RowOfList};
pub(super) use person::PersonPage;
pub(super) use roles::{RoleRow, RolesPage};

/// A day as people write it: 1 September 2026.
fn day(day: Date) -> String {
    day.civil().strftime("%-d %B %Y").to_string()
}
