//! Reviews before their time, on the page of their policy.

use calendar::Date;
use maud::{Markup, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::radios::Choice;
use ui::components::tag::{Mood, Tag};

use super::day;
use crate::people::Person;
use crate::policies::early::{Cause, EarlyReview};
use crate::policies::{Policy, Version};
use crate::web::Form;

/// What asked for an early review, what came of it, and the way to ask.
pub(super) struct Early<'a> {
    pub(super) policy: &'static Policy,
    pub(super) current: &'a Version,
    pub(super) reviews: &'a [EarlyReview],
    pub(super) people: &'a [Person],
    pub(super) today: Date,
    pub(super) may_write: bool,
    pub(super) form: Form<'a>,
}

impl Early<'_> {
    pub(super) fn markup(&self) -> Markup {
        let (open, done): (Vec<_>, Vec<_>) = self.reviews.iter().partition(|review| review.decision.is_none());
        if !self.may_write && self.reviews.is_empty() {
            return html! {};
        }
        html! {
            h2.govuk-heading-m id="early" { "Reviews before their time" }
            @for review in open { (self.open(review)) }
            @if !done.is_empty() {
                details.govuk-details {
                    summary.govuk-details__summary { span.govuk-details__summary-text { "What was looked at before its time (" (done.len()) ")" } }
                    div.govuk-details__text { @for review in done { (self.done(review)) } }
                }
            }
            @if self.may_write { (self.call()) }
        }
    }

    fn name(&self, review: &EarlyReview) -> String {
        let found = self.people.iter().find(|person| person.id == review.called_by);
        found.map_or_else(|| "somebody".to_owned(), |person| person.details.name())
    }

    fn path(&self, rest: &str) -> Href {
        Href::path(&format!("policies/{}/{rest}", self.policy.word))
    }

    fn about(&self, review: &EarlyReview) -> Markup {
        html! {
            p.govuk-body {
                strong { (review.cause.title()) } ": " (review.happened) " Called for by " (self.name(review)) " on " (day(review.called_on)) "."
            }
        }
    }

    fn open(&self, review: &EarlyReview) -> Markup {
        let field = format!("why-{}", review.id);
        html! {
            div.govuk-inset-text {
                (self.about(review))
                p.govuk-body {
                    "To be looked at by " (day(review.due)) "."
                    @if review.due < self.today { " " (Tag { text: "Overdue", mood: Mood::Bad }) }
                    " It is done when a new version is in force, or when it is decided that nothing changes."
                }
                @if self.may_write {
                    form method="post" action=(self.path("early/stays")) novalidate {
                        (self.form.word())
                        input type="hidden" name="review" value=(review.id);
                        input type="hidden" name="seen" value=(review.version);
                        (self.form.text(&field, "Nothing changes: why?", None))
                        (Button { text: "It stays as it is", weight: Weight::Secondary, action: Action::Send })
                    }
                }
            }
        }
    }

    fn done(&self, review: &EarlyReview) -> Markup {
        html! {
            (self.about(review))
            @if let Some(decision) = &review.decision {
                p.govuk-body {
                    @if decision.is_changed { "A new version came into force on " } @else { "It stayed as it is, decided on " }
                    (day(decision.on)) ": " (decision.why)
                }
            }
        }
    }

    fn call(&self) -> Markup {
        let usual = self.current.publication.as_ref().map(|publication| day(publication.review_by)).unwrap_or_default();
        let choices = Cause::ALL.map(|cause| Choice { value: cause.word(), label: cause.title(), hint: None });
        html! {
            details.govuk-details open[!self.form.fields.are_right()] {
                summary.govuk-details__summary { span.govuk-details__summary-text { "Look at this policy sooner" } }
                div.govuk-details__text {
                    p.govuk-body { "Its usual review is by " (usual) ". An incident, a new danger or new technology asks for it sooner." }
                    form method="post" action=(self.path("early")) novalidate {
                        (self.form.word())
                        (self.form.radios("cause", "What asks for it?", None, &choices))
                        (self.form.area("happened", "What happened, or what is new?", Some("No names of people.")))
                        (self.form.day("due", "By when is it to be looked at?", None))
                        (self.form.send("Call for a review"))
                    }
                }
            }
        }
    }
}
