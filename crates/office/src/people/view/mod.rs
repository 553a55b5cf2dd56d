//! The markup of the pages about people.

mod list;
mod person;
mod roles;

use super::pages::Search;
use super::{Gap, Holding, Person, Role};

pub(super) use list::{ListPage, RowOfList};
pub(super) use person::PersonPage;
pub(super) use roles::{RoleRow, RolesPage};
