//! The paper of a class as one PDF: for each child whose paper is open what is still to be signed, beginning on a leaf of its own.

use reports::{Paper, Part, ReportError, Sheet, Size, Whom};

use super::Access;
use crate::policies::ENGLISH;

/// What an adult writes below the text.
const BY_ADULT: [&str; 4] = ["Your full name", "What you are to the child", "Signature", "Date"];
/// What the picture beside a name leads to.
const MARK: &str = "Finds the record";

/// The paper of a class.
pub(super) struct Pack {
    pub(super) class: String,
    pub(super) school: String,
    pub(super) size: Size,
    /// What an adult signs.
    pub(super) by_adult: Text,
    /// What children sign themselves, by the word of the policy.
    pub(super) by_child: Vec<(&'static str, Text)>,
    pub(super) forms: Vec<Form>,
}

/// A text in force.
pub(super) struct Text {
    pub(super) number: i64,
    pub(super) document: reports::Document,
}

/// What is open of a child.
pub(super) struct Form {
    name: String,
    /// Of the record.
    address: String,
    is_for_adult: bool,
    /// What the child is to sign, by the word of the policy.
    own: Option<&'static str>,
}

// === impl Form ===

impl Form {
    /// Nothing where all is in.
    pub(super) fn of(access: &Access, console: &str) -> Option<Self> {
        let (is_for_adult, own) = (access.asks_adult(), access.asks_child());
        let address = format!("{console}/agreements/person/{}", access.person.id);
        (is_for_adult || own.is_some()).then(|| Self { name: access.person.details.name(), address, is_for_adult, own })
    }
}

// === impl Pack ===

impl Pack {
    pub(super) fn pdf(self) -> Result<Vec<u8>, ReportError> {
        let sheets: Vec<Sheet<'_>> = self.forms.iter().map(|form| self.sheet(form)).filter(|sheet| !sheet.parts.is_empty()).collect();
        let title = format!("Forms of {}", self.class).into();
        reports::pdf(&Paper { title, author: &self.school, language: ENGLISH, size: self.size, sheets })
    }

    fn sheet<'a>(&'a self, form: &'a Form) -> Sheet<'a> {
        // Whoever enters what came back is asked which version it was, so it stands on each page.
        let mut foot = format!("{}, {}.", form.name, self.class);
        let mut parts = Vec::new();
        if form.is_for_adult {
            foot.push_str(&format!(" Agreement: version {}.", self.by_adult.number));
            let lines = BY_ADULT.map(Into::into).to_vec();
            parts.push(Part { document: &self.by_adult.document, facts: Vec::new(), lines });
        }
        if let Some((_, text)) = self.by_child.iter().find(|(word, _)| form.own == Some(*word)) {
            foot.push_str(&format!(" The child’s own rules: version {}.", text.number));
            let lines = vec![format!("Own name or mark of {}", form.name).into(), "Date".into()];
            parts.push(Part { document: &text.document, facts: Vec::new(), lines });
        }
        let whom = Some(Whom { name: &form.name, note: &self.class, mark: Some((&form.address, MARK)) });
        Sheet { whom, foot: foot.into(), parts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(title: &str) -> Text {
        Text { number: 2, document: reports::Document { title: title.to_owned(), blocks: Vec::new() } }
    }

    fn form(name: &str, is_for_adult: bool, own: Option<&'static str>) -> Form {
        Form { name: name.to_owned(), address: format!("https://school.example/{name}"), is_for_adult, own }
    }

    fn pack(forms: Vec<Form>) -> Pack {
        let by_child = vec![("rules", text("My rules"))];
        Pack {
            class: "Owls".to_owned(),
            school: "Hill School".to_owned(),
            size: Size::Ordinary,
            by_adult: text("Agreement"),
            by_child,
            forms,
        }
    }

    #[test]
    fn each_child_gets_what_is_open_of_it_and_where_to_write() {
        let pack = pack(vec![form("Ada", true, Some("rules")), form("Ben", true, None), form("Cai", false, Some("rules"))]);
        let mut said = Vec::new();
        for sheet in pack.forms.iter().map(|form| pack.sheet(form)) {
            let whom = sheet.whom.expect("for somebody");
            assert_eq!(whom.mark.map(|(address, _)| address.to_owned()), Some(format!("https://school.example/{}", whom.name)));
            assert!(sheet.foot.contains(whom.name), "on each page");
            assert_eq!(sheet.foot.matches("version 2").count(), sheet.parts.len(), "{}", sheet.foot);
            let parts = sheet.parts.iter().map(|part| (part.document.title.as_str(), part.lines.len()));
            said.push((whom.name.to_owned(), parts.map(|part| format!("{part:?}")).collect::<Vec<_>>().join(" ")));
        }
        let (adult, own) = (r#"("Agreement", 4)"#, r#"("My rules", 2)"#);
        let expected = [("Ada", format!("{adult} {own}")), ("Ben", adult.to_owned()), ("Cai", own.to_owned())];
        assert_eq!(said, expected.map(|(name, parts)| (name.to_owned(), parts)));
    }

    #[test]
    fn rules_that_are_not_in_force_leave_no_empty_sheet() {
        assert_eq!(pack(vec![form("Cai", false, Some("other rules"))]).pdf(), Err(ReportError::Empty));
    }
}
