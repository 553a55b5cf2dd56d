//! What somebody has to sign, and has signed.

use ids::PersonId;
use maud::{Markup, html};
use ui::Href;
use ui::components::details::Details;
use ui::components::empty_state::EmptyState;
use ui::components::notification::{Kind, Notification};

use super::{day, sentence, tag, title};
use crate::agreements::{Access, Need, Part, Signature, Standing};
use crate::web::Content;

/// One's own agreements, and those of one's children.
pub(in crate::agreements) struct MinePage<'a> {
    pub(in crate::agreements) all: &'a [Access],
    /// The answers that are kept for each of them, in the order in which they were entered.
    pub(in crate::agreements) kept: &'a [Vec<Signature>],
    pub(in crate::agreements) me: PersonId,
    /// Whether an answer has just been kept.
    pub(in crate::agreements) is_done: bool,
    /// Whether they may ask about a text.
    pub(in crate::agreements) may_ask: bool,
    /// Whether they make the yearly declaration about their accounts.
    pub(in crate::agreements) declares: bool,
}

impl Content for MinePage<'_> {
    fn title(&self) -> String {
        "My agreements".to_owned()
    }

    fn place(&self) -> &'static str {
        "/my/agreements"
    }

    fn content(&self) -> Markup {
        html! {
            @if self.is_done { (Notification { id: "done", kind: Kind::Success, heading: "Your answer is kept", text: Some("If the internet was shut for want of it, it opens within a second.") }) }
            h1.govuk-heading-l { "My agreements" }
            p.govuk-body-l { "Rules for using the internet and devices at school. You can read them again at any time." }
            @if self.all.is_empty() {
                (EmptyState { title: "There is nothing to sign", text: "When the school asks you to sign something, it stands here.", action: None })
            }
            @for (access, kept) in self.all.iter().zip(self.kept) { (self.of(access, kept)) }
            @if self.declares { p.govuk-body { a.govuk-link href="/my/declaration" { "Say once a year that your own accounts are private" } } }
            @if self.may_ask { p.govuk-body { a.govuk-link href="/questions" { "Ask about the rules, and read the answers" } } }
        }
    }
}

impl MinePage<'_> {
    fn of(&self, access: &Access, kept: &[Signature]) -> Markup {
        let is_me = access.person.id == self.me;
        let name = access.person.details.name();
        html! {
            section {
                h2.govuk-heading-m { @if is_me { "For you" } @else { "For " (name) } }
                @let id = format!("news-{}", access.person.id);
                @if let Some(suspension) = &access.suspension {
                    (Notification { id: &id, kind: Kind::Important, heading: &format!("The headteacher has shut the internet until {}", day(suspension.until)), text: Some("Ask the headteacher, who will tell you why. Help lines stay open.") })
                } @else if access.is_gated() {
                    (Notification { id: &id, kind: Kind::Important, heading: "The internet at school is shut until this is signed", text: None })
                }
                dl.govuk-summary-list { @for (need, standing) in &access.needs { (self.row(access, need, *standing, is_me)) } }
                @if !kept.is_empty() { (Details { summary: if is_me { "What you signed" } else { "What was signed" }, open: false, content: answers(kept) }) }
            }
        }
    }

    fn row(&self, access: &Access, need: &Need, standing: Standing, is_me: bool) -> Markup {
        // A pupil reads what the adult signs, and does not sign it.
        let may_sign = standing != Standing::NoText && !(is_me && need.part == Part::Adult);
        let text = match standing {
            Standing::Signed { .. } => "Read it",
            _ => "Read and sign",
        };
        html! {
            div.govuk-summary-list__row {
                dt.govuk-summary-list__key { (title(need.policy)) }
                dd.govuk-summary-list__value { (tag(standing)) " " (sentence(need, standing)) }
                dd.govuk-summary-list__actions {
                    @if may_sign {
                        a.govuk-link href=(Href::path(&format!("my/agreements/{}/{}", need.policy, access.person.id))) {
                            (text) span.govuk-visually-hidden { ": " (title(need.policy)) @if !is_me { ", for " (access.person.details.name()) } }
                        }
                    }
                }
            }
        }
    }
}

/// Each answer with a link to its text, the newest first.
fn answers(kept: &[Signature]) -> Markup {
    html! {
        ul.govuk-list.govuk-list--spaced {
            @for signature in kept.iter().rev() {
                li {
                    (day(signature.on)) ": " (signature.answer.title()) ". "
                    a.govuk-link href=(Href::path(&format!("agreements/signature/{}", signature.id))) { "See and print: " (title(&signature.policy)) }
                }
            }
        }
    }
}
