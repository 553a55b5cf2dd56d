//! A version as a paper.

use reports::{Fact, Language, Paper, Part, ReportError, Sheet, Size};

use super::{PoliciesError, State, Version};
use crate::document::printed;
use crate::web::long;

/// In which language the texts are.
pub(crate) const ENGLISH: Language<'static> = Language { code: "en", of: "of" };

/// A version that is or was in force, ready to be printed.
pub(super) struct Copy {
    text: reports::Document,
    facts: Vec<Fact<'static>>,
    foot: String,
    school: String,
    size: Size,
}

// === impl Copy ===

impl Copy {
    /// Nothing of a version that was never in force.
    pub(super) fn of(version: &Version, school: &str, size: Size) -> Result<Self, PoliciesError> {
        let publication = version.publication.as_ref().ok_or(PoliciesError::NotThere)?;
        let text = printed(&version.document()?);
        let is_past = version.state == State::Superseded;
        let mut facts =
            vec![Fact { name: "School", value: school.to_owned() }, Fact { name: "Version", value: version.number.to_string() }];
        if is_past {
            facts.push(Fact { name: "State", value: "no longer in force; a later version is".to_owned() });
        }
        facts.extend(version.approval.iter().map(|approval| Fact { name: "Approved on", value: long(approval.on) }));
        facts.push(Fact { name: "In force from", value: long(publication.from) });
        if !is_past {
            facts.push(Fact { name: "Next review by", value: long(publication.review_by) });
        }
        let ended = if is_past { ", no longer in force" } else { "" };
        let foot = format!("{}, version {}{ended}", text.title, version.number);
        Ok(Self { text, facts, foot, school: school.to_owned(), size })
    }

    pub(super) fn pdf(self) -> Result<Vec<u8>, ReportError> {
        let part = Part { document: &self.text, facts: self.facts, lines: Vec::new() };
        let sheet = Sheet { whom: None, foot: self.foot.as_str().into(), parts: vec![part] };
        let title = self.text.title.as_str().into();
        reports::pdf(&Paper { title, author: &self.school, language: ENGLISH, size: self.size, sheets: vec![sheet] })
    }
}
