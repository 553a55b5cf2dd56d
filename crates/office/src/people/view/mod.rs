//! The markup of the pages about people.

mod classes;
mod contacts;
mod duties;
mod edit;
mod history;
mod import;
mod list;
mod person;
mod roles;
mod suppliers;
mod year;

use calendar::Date;

use super::pages::Search;
use super::{Gap, Holding, Person, Role};

pub(super) use classes::ClassesPage;
pub(super) use contacts::{AdultRow, ChildRow, ContactPage, ContactsPage, HomeRow, NewContactPage};
pub(super) use duties::{DutiesPage, DutyPage, NamePage, NameRow, NamesPage};
pub(super) use edit::{EditPage, EndPage};
pub(super) use history::{Happening, HistoryPage, Said};
pub(super) use import::{CheckPage, ColumnsPage, ImportPage, RunPage, RunRow};
pub(super) use list::{ListPage, RowOfList};
pub(super) use person::PersonPage;
pub(super) use roles::{RoleRow, RolesPage};
pub(super) use suppliers::{SupplierPage, SuppliersPage};
pub(super) use year::YearPage;

/// A day as people write it: 1 September 2026.
fn day(day: Date) -> String {
    day.civil().strftime("%-d %B %Y").to_string()
}
