//! The policies that a school has, one list. What is not there yet is missed, and said so.

/// A policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Its word: in addresses and in the records.
    pub word: &'static str,
    /// What it is usually called.
    pub title: &'static str,
    /// What kind of text it is.
    pub part: Part,
    /// A text to begin with, in our own words; the school edits and approves it.
    pub template: Option<&'static str>,
}

/// What kind of text a policy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// It is read.
    Policy,
    /// It is signed.
    Agreement,
    /// It is shown to whoever comes for a day, and accepted.
    Notice,
    /// Others keep it; it is listed because the policy hangs on it (A-008, B-100).
    Related,
}

/// The policy itself.
pub const ONLINE_SAFETY: &str = "online-safety-policy";
/// What staff and governors sign.
pub const STAFF: &str = "staff-agreement";
/// What volunteers and contractors sign.
pub const VOLUNTEER: &str = "volunteer-agreement";
/// What a responsible adult signs for a child.
pub const PARENT: &str = "parent-agreement";
/// The rules of the youngest.
pub const PUPIL_KS1: &str = "pupil-ks1";
/// The rules of the older ones.
pub const PUPIL_KS2: &str = "pupil-ks2";

const fn policy(word: &'static str, title: &'static str, part: Part, template: Option<&'static str>) -> Policy {
    Policy { word, title, part, template }
}

/// All of them, in the order in which they are shown.
pub const SHELF: &[Policy] = &[
    policy(ONLINE_SAFETY, "Online safety policy", Part::Policy, Some(include_str!("templates/online-safety-policy.md"))),
    policy(STAFF, "Staff and governor agreement", Part::Agreement, Some(include_str!("templates/staff-agreement.md"))),
    policy(VOLUNTEER, "Volunteer and contractor agreement", Part::Agreement, Some(include_str!("templates/volunteer-agreement.md"))),
    policy(PARENT, "Parent and carer agreement", Part::Agreement, Some(include_str!("templates/parent-agreement.md"))),
    policy(PUPIL_KS1, "Rules for our youngest pupils", Part::Agreement, Some(include_str!("templates/pupil-ks1.md"))),
    policy(PUPIL_KS2, "Pupil agreement, Key Stage 2", Part::Agreement, Some(include_str!("templates/pupil-ks2.md"))),
    policy("charter", "Acceptable use charter", Part::Policy, Some(include_str!("templates/charter.md"))),
    policy("visitor-notice", "Notice for visitors", Part::Notice, Some(include_str!("templates/visitor-notice.md"))),
    policy("safeguarding", "Safeguarding and child protection policy", Part::Related, None),
    policy("behaviour", "Behaviour policy", Part::Related, None),
    policy("anti-bullying", "Anti-bullying policy", Part::Related, None),
    policy("child-on-child-abuse", "Child-on-child abuse policy", Part::Related, None),
    policy("code-of-conduct", "Staff code of conduct", Part::Related, None),
    policy("data-protection", "Data protection policy", Part::Related, None),
    policy("images", "Photographs and images policy", Part::Related, None),
    policy("complaints", "Complaints policy", Part::Related, None),
    policy("whistleblowing", "Whistleblowing policy", Part::Related, None),
    policy("allegations", "Managing allegations policy", Part::Related, None),
];

// === impl Policy ===

impl Policy {
    /// Whether everybody can read it once it is in force. What staff and helpers sign names people, and is theirs.
    pub fn is_public(&self) -> bool {
        ![STAFF, VOLUNTEER].contains(&self.word)
    }
}

/// The policy with this word.
pub fn find(word: &str) -> Option<&'static Policy> {
    SHELF.iter().find(|policy| policy.word == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;

    #[test]
    fn each_template_is_a_text_and_names_only_clauses_of_the_register() {
        let known = crate::clauses::all();
        for policy in SHELF {
            assert_eq!(find(policy.word), Some(policy), "{} stands there twice", policy.word);
            let Some(template) = policy.template else { continue };
            let text = document::parse(template).unwrap_or_else(|error| panic!("{}: {error}", policy.word));
            let names = text.gaps().into_iter().find(|gap| gap.starts_with("holder."));
            assert!(!policy.is_public() || names.is_none(), "{}: everybody can read it, and it names {names:?}", policy.word);
            for clause in text.clauses() {
                assert!(known.iter().any(|known| known.id == clause), "{}: {clause}", policy.word);
            }
        }
    }
}
