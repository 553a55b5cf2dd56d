//! What is new in a version, side by side.

use maud::{Markup, html};
use similar::{ChangeTag, TextDiff};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::notification::{Kind, Notification};

use crate::policies::{Policy, Version};
use crate::web::Content;

/// Two versions.
pub(in crate::policies) struct ComparePage<'a> {
    pub(in crate::policies) policy: &'static Policy,
    pub(in crate::policies) before: &'a Version,
    pub(in crate::policies) after: &'a Version,
    pub(in crate::policies) before_lines: &'a [String],
    pub(in crate::policies) after_lines: &'a [String],
    /// Whether it puts typing mistakes right, and no more.
    pub(in crate::policies) is_correction: bool,
}

/// A line of both, or of one of them.
type Pair = (Option<String>, Option<String>);

impl Content for ComparePage<'_> {
    fn title(&self) -> String {
        format!("What is new: {}", self.policy.title)
    }

    fn place(&self) -> &'static str {
        "/policies"
    }

    fn content(&self) -> Markup {
        let pairs = pairs(self.before_lines, self.after_lines);
        html! {
            (BackLink { text: self.policy.title, href: Href::path(&format!("policies/{}", self.policy.word)) })
            h1.govuk-heading-l { "What is new: " (self.policy.title) }
            @if !self.is_correction {
                (Notification { id: "duty", kind: Kind::Important, heading: "It says something else than before", text: Some("Everybody who has signed signs anew when this version is in force.") })
            }
            table.govuk-table.sg-compare {
                caption.govuk-table__caption.govuk-visually-hidden { "Each paragraph, before and after" }
                thead.govuk-table__head {
                    tr.govuk-table__row {
                        th.govuk-table__header scope="col" { "Version " (self.before.number) }
                        th.govuk-table__header scope="col" { "Version " (self.after.number) }
                    }
                }
                tbody.govuk-table__body {
                    @for (before, after) in &pairs {
                        tr.govuk-table__row {
                            @if before == after {
                                td.govuk-table__cell { (before.as_deref().unwrap_or_default()) }
                                td.govuk-table__cell { (after.as_deref().unwrap_or_default()) }
                            } @else {
                                td.govuk-table__cell { @if let Some(text) = before { del { (text) } } }
                                td.govuk-table__cell { @if let Some(text) = after { ins { (text) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Lines that are the same stand beside each other; of those that are not, what went beside what came.
fn pairs(before: &[String], after: &[String]) -> Vec<Pair> {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.iter().map(String::as_str).collect(), after.iter().map(String::as_str).collect());
    let diff = TextDiff::from_slices(&before, &after);
    let (mut all, mut gone): (Vec<Pair>, Vec<usize>) = (Vec::new(), Vec::new());
    for change in diff.iter_all_changes() {
        let line = Some(change.value().to_owned());
        match change.tag() {
            ChangeTag::Equal => {
                gone.clear();
                all.push((line.clone(), line));
            }
            ChangeTag::Delete => {
                gone.push(all.len());
                all.push((line, None));
            }
            ChangeTag::Insert if gone.is_empty() => all.push((None, line)),
            ChangeTag::Insert => {
                let at = gone.remove(0);
                all[at].1 = line;
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_stands_beside_what_came() {
        let lines = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let all = pairs(&lines("a b c d"), &lines("a x c d e"));
        let said: Vec<String> =
            all.iter().map(|(before, after)| format!("{}|{}", before.as_deref().unwrap_or("-"), after.as_deref().unwrap_or("-"))).collect();
        assert_eq!(said, ["a|a", "b|x", "c|c", "d|d", "-|e"]);
    }
}
