//! The markup of the pages about people.

mod adult;
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

use super::pages::Search;
use super::{Gap, Holding, Membership, Person, Role, YearGroup};
use crate::web::long as day;

pub(super) use adult::{EndContactPage, Namesake, NewContactPage};
pub(super) use classes::ClassesPage;
pub(super) use contacts::{AdultRow, ChildRow, ContactPage, ContactsPage, HomeRow};
pub(super) use duties::{DutiesPage, DutyPage, NamePage, NameRow, NamesPage};
pub(super) use edit::{EditPage, EndPage};
pub(super) use history::{Happening, HistoryPage, Said};
pub(super) use import::{CheckPage, ColumnsPage, ImportPage, RunPage, RunRow};
pub(super) use list::{ListPage, RowOfList};
pub(super) use person::PersonPage;
pub(super) use roles::{RoleRow, RolesPage};
pub(super) use suppliers::{SupplierPage, SuppliersPage};
pub(super) use year::YearPage;

/// Every year group, to be chosen from: value and text.
fn years() -> Vec<(String, String)> {
    let all = i8::MIN..=i8::MAX;
    all.filter_map(YearGroup::new).map(|year| (year.number().to_string(), year.to_string())).collect()
}

/// Everything that somebody may be to the school, to be chosen from.
fn kinds() -> Vec<(String, String)> {
    Membership::ALL.iter().map(|membership| (membership.to_string(), membership.to_string())).collect()
}

/// What a select offers: nothing, called so, where that may be chosen; then each of them.
fn options<'a>(none: Option<&'a str>, of: &'a [(String, String)]) -> Vec<(&'a str, &'a str)> {
    let none = none.map(|text| ("", text)).into_iter();
    none.chain(of.iter().map(|(value, text)| (value.as_str(), text.as_str()))).collect()
}
