//! The parts of the block page, in the order in which they stand.

use maud::{Markup, html};

use super::{BlockPage, HelpLine, Outcome, StaffDetail, wording};
use crate::Href;
use crate::assets::OWL_DATA;
use crate::words::ReadingAge;

/// All that a young reader gets: a picture, two short sentences, two buttons.
pub(super) fn young(page: &BlockPage<'_>, heading: &str) -> Markup {
    html! {
        img src=(OWL_DATA) alt="" width="240" height="200";
        h1 { (heading) }
        p { (wording::who(page)) }
        (buttons(page))
    }
}

/// The page for everyone else.
pub(super) fn other(page: &BlockPage<'_>, heading: &str) -> Markup {
    html! {
        @if !page.help_first { (banner(page)) }
        h1 { (heading) }
        @if page.help_first {
            p { (wording::not_alone(page.words.reading_age)) }
            (help(page.help_lines))
            p { "If anyone is in danger now, ring " a href=(Href::phone("999")) { "999" } "." }
            // What the filter lacks can wait: on a phone it would fill the screen before the first number.
            (banner(page))
            h2 { "Why the page did not open" }
        }
        p { (wording::what_happened(page)) }
        (about(page))
        p { (wording::no_blame(page)) }
        p { (wording::who(page)) }
        (buttons(page))
        @if !page.help_first && !page.help_lines.is_empty() {
            h2 { "Someone outside school to talk to" }
            (help(page.help_lines))
        }
        @if let Some(staff) = &page.staff { (for_staff(staff)) }
    }
}

fn banner(page: &BlockPage<'_>) -> Markup {
    html! { @if let Some(banner) = page.banner() { (banner) } }
}

/// What was asked for, as far as the reader may know.
fn about(page: &BlockPage<'_>) -> Markup {
    if page.words.reading_age == ReadingAge::Child {
        return html! { @if let Some(category) = page.category { p { "This one is about: " strong { (category.title) } "." } } };
    }
    html! {
        @if page.category.is_some() || page.shown_address.is_some() {
            dl {
                @if let Some(category) = page.category {
                    dt { "Kind of page" }
                    dd { strong { (category.title) } ". " (category.sentence) }
                }
                @if let Some(address) = page.shown_address {
                    dt { "Address" }
                    dd { bdi dir="ltr" { (wording::visible(address)) } }
                }
            }
        }
    }
}

/// What the reader can do. The first one stands out.
fn buttons(page: &BlockPage<'_>) -> Markup {
    let open = ("I think this should be open", page.open_request_url);
    let worried = ("I am worried about something", page.worried_url);
    let young = page.words.reading_age == ReadingAge::Young;
    let mut buttons = if page.help_first { vec![worried, open] } else { vec![open, worried] };
    match &page.outcome {
        Outcome::Gate { sign_url } if !young => buttons.insert(0, ("Read and sign", sign_url)),
        Outcome::Suspended { read_url } if !young => buttons.insert(0, ("See until when", read_url)),
        Outcome::Warn { continue_url } if !young => buttons.push(("Go on to the page", continue_url)),
        Outcome::Blocked | Outcome::Ask | Outcome::Sealed => {}
        Outcome::Gate { .. } | Outcome::Suspended { .. } | Outcome::Warn { .. } => {}
    }
    html! {
        ul.do {
            @for (place, (text, href)) in buttons.iter().enumerate() {
                li.first[place == 0] { a href=(href) { (text) } }
            }
        }
    }
}

/// Help lines, one below the other.
pub(crate) fn help(lines: &[HelpLine<'_>]) -> Markup {
    html! {
        ul.help {
            @for line in lines {
                li {
                    strong { (line.name) }
                    span { (line.what) }
                    @if let Some(phone) = line.phone { span.ring { "Ring " a href=(Href::phone(phone)) { (phone) } } }
                    @if let Some(url) = &line.url { span { a href=(url) { "Open the " (line.name) " website" } } }
                }
            }
        }
    }
}

fn for_staff(staff: &StaffDetail<'_>) -> Markup {
    html! {
        @if !staff.reasons.is_empty() {
            section.staff {
                h2 { "For staff: how this was decided" }
                ol { @for reason in staff.reasons { li { (reason) } } }
            }
        }
    }
}
