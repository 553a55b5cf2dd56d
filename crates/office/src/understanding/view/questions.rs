//! Questions and answers.

use calendar::Date;
use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::tag::{Mood, Tag};

use crate::policies;
use crate::understanding::Question;
use crate::web::{Content, Fields, Form, long};

/// What was asked, and the way to ask and to answer.
pub(in crate::understanding) struct QuestionsPage<'a> {
    pub(in crate::understanding) word: &'a str,
    /// What waits first.
    pub(in crate::understanding) rows: &'a [QuestionRow<'a>],
    /// What can be asked about: word and title.
    pub(in crate::understanding) texts: &'a [(&'a str, &'a str)],
    /// Within so many school days it is answered.
    pub(in crate::understanding) days: i64,
    pub(in crate::understanding) may_answer: bool,
    pub(in crate::understanding) today: Date,
    pub(in crate::understanding) fields: &'a Fields,
}

/// One of them.
pub(in crate::understanding) struct QuestionRow<'a> {
    pub(in crate::understanding) question: &'a Question,
    pub(in crate::understanding) asker: String,
    pub(in crate::understanding) answerer: Option<String>,
    pub(in crate::understanding) is_own: bool,
}

impl Content for QuestionsPage<'_> {
    fn title(&self) -> String {
        "Questions about the rules".to_owned()
    }

    fn place(&self) -> &'static str {
        "/my/agreements"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        html! {
            (form.summary())
            (BackLink { text: "My agreements", href: Href::path("my/agreements") })
            h1.govuk-heading-l { "Questions about the rules" }
            p.govuk-body-l { "Ask before you sign, or at any time. The online safety lead or the DSL answers within " (self.days) " school days, and the answer is kept here." }
            p.govuk-body { "If a child may be in danger, do not write here: speak to the DSL at once, or call 999." }
            @if self.texts.is_empty() {
                (EmptyState { title: "There is nothing to ask about yet", text: "No text is in force.", action: None })
            } @else { (self.asking(form)) }
            @if !self.rows.is_empty() {
                h2.govuk-heading-m { @if self.may_answer { "What was asked" } @else { "What you have asked" } }
                @for row in self.rows { (self.row(row, form)) }
            }
        }
    }
}

impl QuestionsPage<'_> {
    fn asking(&self, form: Form<'_>) -> Markup {
        let mut texts = vec![("", "Choose")];
        texts.extend(self.texts);
        html! {
            form method="post" action="/questions" novalidate {
                (form.word())
                (form.select("policy", "About which text?", None, &texts))
                (form.area("question", "What do you want to know?", Some("No names of pupils.")))
                (form.send("Ask"))
            }
        }
    }

    fn row(&self, row: &QuestionRow<'_>, form: Form<'_>) -> Markup {
        let question = row.question;
        let title = policies::find(&question.policy).map_or("", |policy| policy.title);
        let field = format!("answer-{}", question.id);
        html! {
            section.govuk-inset-text {
                h3.govuk-heading-s { (title) }
                p.govuk-body.sg-typed { (question.text) }
                p.govuk-hint { @if row.is_own { "You" } @else { (row.asker) } ", on " (long(question.asked)) }
                @if let (Some((text, _, on)), Some(answerer)) = (&question.answer, &row.answerer) {
                    p.govuk-body.sg-typed { strong { "Answer: " } (text) }
                    p.govuk-hint { (answerer) ", on " (long(*on)) }
                } @else {
                    p.govuk-body {
                        @if question.is_late(self.today) { (Tag { text: "Waits too long", mood: Mood::Bad }) } @else { (Tag { text: "Waits for an answer", mood: Mood::Soon }) }
                        " By " (long(question.due)) "."
                    }
                    @if self.may_answer {
                        form method="post" action=(Href::path(&format!("questions/{}/answer", question.id))) novalidate {
                            (form.word())
                            (form.area(&field, "Your answer", None))
                            (Button { text: "Answer", weight: Weight::Secondary, action: Action::Send })
                        }
                    }
                }
            }
        }
    }
}
