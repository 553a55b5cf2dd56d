//! The markup of the first page.

use ids::RecordId;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::tag::{Mood, Tag};

use calendar::Date;

use super::ahead::{Deadline, Nearness};
use super::changes::Change;
use crate::people::{Gap, Role};
use crate::policies::{self, EarlyReview, Policy, SHELF, State, Version, review_by};
use crate::web::Content;

/// The first page.
pub(super) struct HomePage<'a> {
    pub(super) word: &'a str,
    pub(super) name: &'a str,
    /// What their role is called here.
    pub(super) role: &'a str,
    pub(super) tasks: &'a [Task],
    pub(super) ahead: &'a [Deadline],
    pub(super) changes: &'a [Change],
    pub(super) menu: &'a [(&'static str, &'static str)],
}

/// Something that needs this person.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Task {
    what: String,
    /// What it means, or what to do.
    text: String,
    /// Where it is done.
    to: Option<String>,
    /// Whether a promise is not kept while it is open.
    is_red: bool,
    /// What must be said to have been seen, by its record.
    told: Option<RecordId>,
}

// === impl Task ===

impl Task {
    /// A role that is not held as it must be.
    pub(super) fn gap(gap: &Gap) -> Self {
        let role = gap.role.title();
        let what = match (gap.held, gap.least) {
            (0, _) => format!("Nobody is {}", small(role)),
            (held, least) if held < u32::from(least) => format!("{held} of {least} needed: {}", small(role)),
            (held, _) => format!("{held} people are {}, and only {} may be", small(role), gap.most.unwrap_or(1)),
        };
        let lapsed = gap.lapsed.map(|day| format!("The last one left the role on {}. ", long(day))).unwrap_or_default();
        let next = gap.next.map(|day| format!("The next one begins on {}.", long(day)));
        let text = format!("{lapsed}{}", next.unwrap_or_else(|| "The headteacher or the DSL gives the role to somebody.".to_owned()));
        Self { what, text, to: None, is_red: true, told: None }
    }

    /// Accounts whose holders have not chosen a password.
    pub(super) fn waiting(count: usize) -> Option<Self> {
        let what = match count {
            0 => return None,
            1 => "1 account waits for its holder to choose a password".to_owned(),
            more => format!("{more} accounts wait for their holders to choose a password"),
        };
        Some(Self {
            what,
            text: "A link is good for three days. Give a new one where it has run out.".to_owned(),
            to: Some("/accounts".to_owned()),
            is_red: false,
            told: None,
        })
    }

    /// Somebody has said that it cannot wait.
    pub(super) fn emergency(who: &str, role: Role) -> Self {
        let what = format!("{who} opened what is not theirs in an emergency, as {}", small(role.title()));
        let text = "See why, and what they looked at; then say that you have seen it.".to_owned();
        Self { what, text, to: Some("/emergencies".to_owned()), is_red: true, told: None }
    }

    /// Somebody was given a role that sees safeguarding data.
    pub(super) fn announced(who: &str, role: Role, record: RecordId) -> Self {
        let what = format!("{who} is now {}", small(role.title()));
        let text = "The role sees what concerns the safety of children, so everybody who does is told.".to_owned();
        Self { what, text, to: None, is_red: false, told: Some(record) }
    }

    /// Agreements that wait for this person.
    pub(super) fn to_sign(count: usize) -> Option<Self> {
        let what = match count {
            0 => return None,
            1 => "There is something for you to read and sign".to_owned(),
            more => format!("There are {more} things for you to read and sign"),
        };
        let text = "Rules for using the internet and devices at school.".to_owned();
        Some(Self { what, text, to: Some("/my/agreements".to_owned()), is_red: false, told: None })
    }

    /// A policy that waits for somebody, or is past its review.
    pub(super) fn policy(version: &Version, early: &[EarlyReview], today: Date) -> Option<Self> {
        let title = policies::find(&version.policy).map_or("", |policy| policy.title);
        let to = Some(format!("/policies/{}", version.policy));
        match (version.state, &version.publication) {
            (State::Approved, _) => Some(Self {
                what: format!("{title}: version {} is approved", version.number),
                text: "It is not in force until somebody puts it into force.".to_owned(),
                to,
                is_red: false,
                told: None,
            }),
            (State::Draft | State::Consulting, _) => Some(Self {
                what: format!("{title}: version {} waits for the governing body", version.number),
                text: "When it is approved, a governor enters the day and the minute.".to_owned(),
                to,
                is_red: false,
                told: None,
            }),
            (State::Current, Some(publication)) => {
                let next = review_by(publication.review_by, early, &version.policy);
                let (is_red, is_early) = (next < today, next < publication.review_by);
                let what = if is_red { "its review is overdue" } else { "it is to be looked at sooner" };
                let by = if is_red { "It was to be looked at again by" } else { "Something asks for it: look at it by" };
                (is_red || is_early).then(|| Self {
                    what: format!("{title}: {what}"),
                    text: format!("{by} {}.", long(next)),
                    to,
                    is_red,
                    told: None,
                })
            }
            _ => None,
        }
    }

    /// Policies of which no version is in force.
    pub(super) fn missing_policies(latest: &[Version]) -> Option<Self> {
        let has = |policy: &&Policy| latest.iter().any(|version| version.policy == policy.word && version.state == State::Current);
        let count = SHELF.iter().filter(|policy| !has(policy)).count();
        let what = match count {
            0 => return None,
            1 => "1 policy is missing".to_owned(),
            more => format!("{more} policies are missing"),
        };
        let text = "What the school promises hangs on them. Begin with the texts that come with Schoolgate.".to_owned();
        Some(Self { what, text, to: Some("/policies".to_owned()), is_red: true, told: None })
    }

    /// Questions about the rules that wait for an answer.
    pub(super) fn to_answer(count: usize) -> Option<Self> {
        let what = match count {
            0 => return None,
            1 => "Somebody asks about the rules".to_owned(),
            more => format!("{more} questions about the rules wait for an answer"),
        };
        let text = "Whoever asked reads your answer, and it is kept.".to_owned();
        Some(Self { what, text, to: Some("/questions".to_owned()), is_red: false, told: None })
    }

    /// The yearly declaration; nothing where it was made, or is not asked of them.
    pub(super) fn declaration(has_declared: Option<bool>) -> Option<Self> {
        let what = "Say that your own accounts on social media are private".to_owned();
        let text = "Once a school year. Nobody looks at your accounts.".to_owned();
        (has_declared == Some(false)).then(|| Self { what, text, to: Some("/my/declaration".to_owned()), is_red: false, told: None })
    }

    /// Permissions that others ask for and this person decides on.
    pub(super) fn to_decide(count: usize) -> Option<Self> {
        let what = match count {
            0 => return None,
            1 => "Somebody asks for a permission".to_owned(),
            more => format!("{more} permissions are asked for"),
        };
        let text = "Look at it and decide; whoever asked reads the answer.".to_owned();
        Some(Self { what, text, to: Some("/permissions".to_owned()), is_red: false, told: None })
    }

    /// How many have no internet at school.
    pub(super) fn without(count: usize) -> Option<Self> {
        let what = match count {
            0 => return None,
            1 => "1 person has no internet at school".to_owned(),
            more => format!("{more} people have no internet at school"),
        };
        let text = "Every child has the same right to it. See since when and why.".to_owned();
        Some(Self { what, text, to: Some("/agreements?show=without".to_owned()), is_red: false, told: None })
    }

    /// Somebody who signs in with a password alone.
    pub(super) fn second_factor(must: bool) -> Self {
        let what = if must { "Set up the code from your telephone" } else { "You sign in with a password alone" };
        let text = if must {
            "Your role needs it before you can do anything else."
        } else {
            "With a code from your telephone beside it, a stolen password is not enough."
        };
        Self { what: what.to_owned(), text: text.to_owned(), to: Some("/my/second-factor".to_owned()), is_red: must, told: None }
    }
}

/// A title inside a sentence; DSL and IT stay as they are.
pub(super) fn small(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => title.to_owned(),
    }
}

fn long(day: Date) -> String {
    day.civil().strftime("%-d %B %Y").to_string()
}

impl Content for HomePage<'_> {
    fn title(&self) -> String {
        "Today".to_owned()
    }

    fn place(&self) -> &'static str {
        "/"
    }

    fn content(&self) -> Markup {
        let (first, _) = self.name.split_once(' ').unwrap_or((self.name, ""));
        html! {
            h1.govuk-heading-xl { "Hello, " (first) }
            p.govuk-body-l { "You are here as " strong { (small(self.role)) } "." }
            h2.govuk-heading-l { "What needs you today" }
            @if self.tasks.is_empty() {
                (EmptyState { title: "Nothing", text: "When something needs you, it stands here.", action: None })
            } @else {
                ul.govuk-list.sg-tasks { @for task in self.tasks { li { (task) (self.seen(task)) } } }
            }
            @if !self.ahead.is_empty() {
                h2.govuk-heading-l { "Coming up" }
                ul.govuk-list.govuk-list--spaced {
                    @for deadline in self.ahead {
                        li {
                            a.govuk-link href=(deadline.to) { (deadline.what) }
                            @match deadline.nearness {
                                Nearness::Overdue => { " " (Tag { text: "Overdue", mood: Mood::Bad }) },
                                Nearness::Soon => { " " (Tag { text: "Soon", mood: Mood::Soon }) },
                                Nearness::Early => {},
                            }
                            br; span.govuk-hint { "By " (long(deadline.by)) }
                        }
                    }
                }
            }
            h2.govuk-heading-l { "What changed" }
            @if self.changes.is_empty() {
                (EmptyState { title: "Nothing has changed in the last 30 days", text: "What is new for you stands here, the newest first.", action: None })
            } @else {
                ul.govuk-list.govuk-list--spaced {
                    @for change in self.changes {
                        li { a.govuk-link href=(change.to) { (change.what) } br; span.govuk-hint { (long(change.on)) } }
                    }
                }
            }
            h2.govuk-heading-l { "Where to go" }
            ul.govuk-list.govuk-list--spaced.sg-ways {
                @for (text, path) in self.menu.iter().filter(|(_, path)| *path != "/") {
                    li { a.govuk-link href=(Href::path(path)) { (text) } }
                }
                li { a.govuk-link href="/my/sign-in" { "Your sign-in" } }
            }
        }
    }
}

impl HomePage<'_> {
    /// The button by which somebody says that they have seen it.
    fn seen(&self, task: &Task) -> Markup {
        html! {
            @if let Some(record) = task.told {
                form method="post" action={ "/told/" (record) } {
                    input type="hidden" name="word" value=(self.word);
                    (Button { text: "I have seen this", weight: Weight::Secondary, action: Action::Send })
                }
            }
        }
    }
}

impl Render for Task {
    fn render(&self) -> Markup {
        html! {
            p.sg-tasks__what {
                @if let Some(path) = &self.to { a.govuk-link href=(path) { (self.what) } } @else { (self.what) }
                @if self.is_red { " " (Tag { text: "Put right", mood: Mood::Bad }) }
            }
            p.govuk-body { (self.text) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_says_what_is_missing_in_a_sentence() {
        let gap = |role, least, most, held| Gap { role, least, most, held, lapsed: None, next: None };
        let what = |gap: Gap| Task::gap(&gap).what;
        assert_eq!(what(gap(Role::Dsl, 1, Some(1), 0)), "Nobody is designated safeguarding lead");
        assert_eq!(what(gap(Role::ItTechnician, 1, None, 0)), "Nobody is IT technician");
        assert_eq!(what(gap(Role::Ddsl, 3, None, 2)), "2 of 3 needed: deputy designated safeguarding lead");
        assert_eq!(what(gap(Role::Headteacher, 1, Some(1), 2)), "2 people are headteacher, and only 1 may be");
    }

    #[test]
    fn accounts_are_counted_as_people_say_it() {
        assert_eq!(Task::waiting(0), None);
        assert!(Task::waiting(1).expect("one").what.starts_with("1 account waits"));
        assert!(Task::waiting(2).expect("two").what.starts_with("2 accounts wait"));
    }
}
