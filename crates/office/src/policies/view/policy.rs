//! One policy: what holds, what is under way and what can be done with it, and what held.

use calendar::Date;
use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::notification::{Kind, Notification};
use ui::components::radios::Choice;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};

use super::early::Early;
use super::translations::Translations;
use super::{day, tag};
use crate::people::Person;
use crate::policies::{Comment, EarlyReview, Part, Policy, State, Translation, Version, review_by};
use crate::web::{Content, Fields, Form};

/// One policy.
pub(in crate::policies) struct PolicyPage<'a> {
    pub(in crate::policies) word: &'a str,
    pub(in crate::policies) policy: &'static Policy,
    pub(in crate::policies) all: &'a [Version],
    pub(in crate::policies) under_way: Option<&'a Version>,
    pub(in crate::policies) current: Option<&'a Version>,
    pub(in crate::policies) early: &'a [EarlyReview],
    /// The versions that are translated, and what there is of them.
    pub(in crate::policies) translated: &'a [&'a Version],
    pub(in crate::policies) translations: &'a [Translation],
    pub(in crate::policies) said: &'a [Comment],
    /// Placeholders of the version under way for which there is no value.
    pub(in crate::policies) gaps: &'a [String],
    pub(in crate::policies) people: &'a [Person],
    pub(in crate::policies) today: Date,
    pub(in crate::policies) may_write: bool,
    pub(in crate::policies) may_approve: bool,
    pub(in crate::policies) fields: &'a Fields,
}

impl Content for PolicyPage<'_> {
    fn title(&self) -> String {
        self.policy.title.to_owned()
    }

    fn place(&self) -> &'static str {
        "/policies"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        html! {
            (self.form().summary())
            (BackLink { text: "Policies", href: Href::path("policies") })
            h1.govuk-heading-l { (self.policy.title) }
            (self.in_force())
            @match self.under_way {
                Some(version) => (self.under_way(version)),
                None if self.may_write => {
                    p.govuk-body { (Button { text: "Write a new version", weight: Weight::Main, action: Action::Go(Href::path(&format!("policies/{}/write", self.policy.word))) }) }
                },
                None => {},
            }
            (Translations { policy: self.policy, versions: self.translated, all: self.translations, may_write: self.may_write }.markup())
            (self.sooner())
            (self.history())
        }
    }
}

impl PolicyPage<'_> {
    fn form(&self) -> Form<'_> {
        Form { fields: self.fields, word: self.word }
    }

    fn name(&self, version: &Version) -> String {
        self.people
            .iter()
            .find(|person| Some(&person.id) == version.writers.last())
            .map_or_else(|| "somebody".to_owned(), |person| person.details.name())
    }

    fn path(&self, rest: &str) -> Href {
        Href::path(&format!("policies/{}/{rest}", self.policy.word))
    }

    fn in_force(&self) -> Markup {
        html! {
            @match self.current.and_then(|version| version.publication.as_ref().map(|publication| (version, publication))) {
                Some((version, publication)) => {
                    p.govuk-body-l { "Version " (version.number) " is in force since " (day(publication.from)) ". "
                        a.govuk-link href=(self.path(&version.number.to_string())) { "Read it" } }
                    @let next = review_by(publication.review_by, self.early, self.policy.word);
                    p.govuk-body { "Next review by " (day(next))
                        @if next < publication.review_by { ", sooner than usual: " a.govuk-link href="#early" { "what asks for it" } }
                        @if next < self.today { " " (Tag { text: "Overdue", mood: Mood::Bad }) } "." }
                },
                None => {
                    p.govuk-body-l { (Tag { text: "Missing", mood: Mood::Bad }) " No version of it is in force." }
                },
            }
        }
    }

    fn sooner(&self) -> Markup {
        let Some(current) = self.current else { return html! {} };
        let (policy, reviews, people, today) = (self.policy, self.early, self.people, self.today);
        Early { policy, current, reviews, people, today, may_write: self.may_write, form: self.form() }.markup()
    }

    fn under_way(&self, version: &Version) -> Markup {
        let word = &self.policy.word;
        html! {
            h2.govuk-heading-m { "Version " (version.number) " " (tag(version)) }
            p.govuk-body { "Written by " (self.name(version)) ". New in it: " (version.change) }
            @if !self.gaps.is_empty() {
                (Notification { id: "gaps", kind: Kind::Important, heading: "Something in it is open", text: Some(&format!("It cannot be put into force while these have no value: {}.", self.gaps.join(", "))) })
            }
            p.govuk-body {
                a.govuk-link href=(self.path(&version.number.to_string())) { "Read it" }
                @if self.current.is_some() { ", or " a.govuk-link href=(self.path("compare")) { "see what is new, side by side" } }
                "."
            }
            @if self.may_write {
                div.sg-actions {
                    @if version.state.is_open() { (Button { text: "Write on", weight: Weight::Secondary, action: Action::Go(Href::path(&format!("policies/{word}/write"))) }) }
                    @if version.state == State::Draft { (self.step(version, "consult", "Ask others")) }
                    @if version.state != State::Draft { (self.step(version, "reopen", "Open it again")) }
                    (self.step(version, "drop", "Drop it"))
                }
            }
            @if version.state.is_open() { (self.approve(version)) }
            @if self.may_write { (self.publish(version)) }
            (self.comments(version))
        }
    }

    fn about(&self, version: &Version) -> Markup {
        html! {
            (self.form().word())
            input type="hidden" name="version" value=(version.id);
            input type="hidden" name="seen" value=(version.version);
        }
    }

    fn step(&self, version: &Version, step: &str, text: &str) -> Markup {
        html! {
            form method="post" action=(self.path("move")) {
                (self.about(version))
                input type="hidden" name="step" value=(step);
                (Button { text, weight: Weight::Secondary, action: Action::Send })
            }
        }
    }

    fn approve(&self, version: &Version) -> Markup {
        let form = self.form();
        html! {
            h3.govuk-heading-s { "Approval" }
            @if self.may_approve {
                form method="post" action=(self.path("approve")) novalidate {
                    (self.about(version))
                    (form.day("on", "On which day did the governing body approve it?", Some("For example, 12 11 2026")))
                    (form.text("minute", "Where is that minuted?", Some("For example, full governing body, 12 November 2026, item 7")))
                    (form.send("It is approved"))
                }
            } @else {
                p.govuk-body { "A governor enters the approval, with its day and its minute. Whoever wrote the text does not." }
            }
        }
    }

    fn publish(&self, version: &Version) -> Markup {
        let is_small_possible = self.current.is_some();
        if version.state != State::Approved && !is_small_possible {
            return html! {};
        }
        let choices = [
            Choice {
                value: "yes",
                label: "Everybody signs anew",
                hint: Some("Each has time for it, as long as the grace in the settings."),
            },
            Choice {
                value: "no",
                label: "A typing mistake only",
                hint: Some("Refused where a line with a clause says something else. Needs no approval of its own."),
            },
        ];
        let choices = if version.state == State::Approved { &choices[..] } else { &choices[1..] };
        html! {
            h3.govuk-heading-s { "Into force" }
            form method="post" action=(self.path("publish")) novalidate {
                (self.about(version))
                (self.form().radios("must_sign", "Does whoever has signed sign anew?", None, choices))
                (self.form().send("Put it into force today"))
            }
        }
    }

    fn comments(&self, version: &Version) -> Markup {
        let form = self.form();
        html! {
            h3.govuk-heading-s id="said" { "What others said" }
            @if self.said.is_empty() {
                (EmptyState { title: "Nobody was asked yet", text: "Ask staff, pupils, parents and governors, and keep what they said here.", action: None })
            }
            @for comment in self.said {
                div.govuk-inset-text {
                    (comment)
                    @if comment.answer.is_none() && self.may_write {
                            form method="post" action=(self.path("answer")) novalidate {
                                (self.about(version))
                                input type="hidden" name="comment" value=(comment.id);
                                @let field = format!("answer-{}", comment.id);
                                label.govuk-label for=(field) { "What became of it?" }
                                input.govuk-input type="text" id=(field) name="answer";
                                " " (Button { text: "Keep the answer", weight: Weight::Secondary, action: Action::Send })
                            }
                    }
                }
            }
            @if version.state.is_open() {
                form method="post" action=(self.path("comment")) novalidate {
                    (self.about(version))
                    (form.text("who", "Who was asked?", Some("A group or a role, such as the school council. No names of people.")))
                    (form.area("said", "What did they say?", None))
                    (form.send("Keep it"))
                }
            }
        }
    }

    fn history(&self) -> Markup {
        let columns = ["Version", "State", "Approved", "What was new"].map(|text| Column { text, numeric: false });
        let row = |version: &Version| {
            vec![
                html! { a.govuk-link href=(self.path(&version.number.to_string())) { "Version " (version.number) } },
                html! { (tag(version)) },
                html! { @if let Some(approval) = &version.approval { (day(approval.on)) ", " (approval.minute) } },
                html! { (version.change) },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.all.iter().map(row).collect();
        let is_signed = self.policy.part == Part::Agreement;
        html! {
            h2.govuk-heading-m { "All versions" }
            @if is_signed { p.govuk-body { "Whoever signed an earlier version signed that text, and it is kept with the signature for ever." } }
            @if rows.is_empty() {
                @let text = if self.policy.template.is_some() { "Begin with the text that comes with Schoolgate, and make it yours." } else { "The school’s own text is written or pasted here." };
                (EmptyState { title: "There is none yet", text, action: None })
            } @else {
                (Table { caption: "Each version, the newest first", columns: &columns, rows: &rows })
            }
        }
    }
}
