//! Accessible components, one file each: parameters as a struct that renders itself, named examples, tests.
//!
//! Markup and classes are those of GOV.UK Frontend, whose behaviour with assistive technology is known. Text is always escaped.

pub mod back_link;
pub mod breadcrumbs;
pub mod button;
pub mod checkboxes;
pub mod date_input;
pub mod details;
pub mod empty_state;
pub mod error_summary;
mod field;
pub mod filters;
pub mod not_only_filter;
pub mod notification;
pub mod pagination;
pub mod panel;
pub mod picture;
pub mod qr;
pub mod radios;
pub mod select;
pub mod sorted_table;
pub mod summary_list;
pub mod symbol;
pub mod table;
pub mod tag;
pub mod text_area;
pub mod text_input;
pub mod timeline;
pub mod upload;

use maud::Markup;

/// One way a component is used.
#[derive(Debug)]
pub struct Example {
    /// What is shown.
    pub name: &'static str,
    /// The component.
    pub markup: Markup,
}

impl Example {
    fn new(name: &'static str, component: &impl maud::Render) -> Self {
        Self { name, markup: component.render() }
    }
}

/// Makes the examples of one component.
pub type Examples = fn() -> Vec<Example>;

/// Every component by name, with its examples. The gallery and the tests read this list.
pub const ALL: &[(&str, Examples)] = &[
    ("Back link", back_link::examples),
    ("Breadcrumbs", breadcrumbs::examples),
    ("Button", button::examples),
    ("Checkboxes", checkboxes::examples),
    ("Date input", date_input::examples),
    ("Details", details::examples),
    ("Empty state", empty_state::examples),
    ("Error summary", error_summary::examples),
    ("Filters", filters::examples),
    ("Not your only filter", not_only_filter::examples),
    ("Notification", notification::examples),
    ("Pagination", pagination::examples),
    ("Panel", panel::examples),
    ("Picture for a young child", picture::examples),
    ("Picture for a telephone", qr::examples),
    ("Radios", radios::examples),
    ("Select", select::examples),
    ("Sorted table", sorted_table::examples),
    ("Summary list", summary_list::examples),
    ("Symbol", symbol::examples),
    ("Table", table::examples),
    ("Tag", tag::examples),
    ("Text area", text_area::examples),
    ("Text input", text_input::examples),
    ("Timeline", timeline::examples),
    ("Upload", upload::examples),
];
