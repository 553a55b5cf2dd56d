//! Adults and the children they answer for.

use calendar::Date;
use ids::PersonId;

use super::group::words;

/// What an adult is to a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kinship {
    /// A parent.
    Parent,
    /// A guardian.
    Guardian,
    /// A carer, foster carer, or a home.
    Carer,
    /// Of the family otherwise.
    Relative,
    /// Anybody else whom the school may call.
    Other,
}

/// What is told between an adult and a child, in clear (B-007; `docs/adr/0014`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bond {
    /// What the adult is to the child.
    pub kinship: Kinship,
    /// Has parental responsibility (Children Act 1989, section 3): may sign for the child.
    pub responsibility: Held,
    /// Lives with the child.
    pub lives_with: Held,
}

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Held {
    /// It is.
    Yes,
    /// It is not, or nobody has said so.
    #[default]
    No,
}

/// What few may see, and no export shows: sealed under the child's key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Care {
    /// What a court has ordered, in words; empty where nothing is known of one.
    pub court_order: String,
    /// Why this adult must not be contacted; empty where they may be.
    pub do_not_contact: String,
    /// Why the child's address must not become known to this adult; empty where it may.
    pub address_withheld: String,
}

/// An adult and a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// The adult.
    pub adult: PersonId,
    /// The child.
    pub child: PersonId,
    /// What is between them.
    pub bond: Bond,
    /// Whether a message about the child may go to this adult. No until somebody has confirmed the contact, and no while the adult must
    /// not be contacted: from outside the two look alike.
    pub may_message: Held,
    /// The first day.
    pub started: Date,
    /// The last day.
    pub ended: Option<Date>,
    /// Of the record.
    pub version: i64,
}

words!(Kinship: Parent "parent", Guardian "guardian", Carer "carer", Relative "relative", Other "other");

// === impl Relation ===

impl Relation {
    /// Whether it holds on a day.
    pub fn holds(&self, on: Date) -> bool {
        self.started <= on && self.ended.is_none_or(|ended| on <= ended)
    }

    /// Whether this adult may sign for the child on a day.
    pub fn may_sign(&self, on: Date) -> bool {
        self.holds(on) && self.bond.responsibility == Held::Yes
    }
}

// === impl Held ===

impl Held {
    pub(super) const fn bit(self) -> i16 {
        match self {
            Self::Yes => 1,
            Self::No => 0,
        }
    }

    pub(super) const fn of(bit: i16) -> Self {
        if bit == 1 { Self::Yes } else { Self::No }
    }
}

// === impl Care ===

impl Care {
    /// Whether nothing is to be heeded.
    pub fn is_empty(&self) -> bool {
        self.court_order.is_empty() && self.do_not_contact.is_empty() && self.address_withheld.is_empty()
    }

    /// The three texts, each after its length, as they are sealed.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for text in [&self.court_order, &self.do_not_contact, &self.address_withheld] {
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes
    }

    pub(super) fn of_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut next = || {
            let (length, rest) = bytes.split_first_chunk::<8>()?;
            let (text, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
            bytes = rest;
            String::from_utf8(text.to_vec()).ok()
        };
        let care = Self { court_order: next()?, do_not_contact: next()?, address_withheld: next()? };
        bytes.is_empty().then_some(care)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_read_again_and_nothing_else_is() {
        let care = Care { court_order: "No contact, 3 May".to_owned(), do_not_contact: String::new(), address_withheld: "Zoë".to_owned() };
        let bytes = care.to_bytes();
        assert_eq!(Care::of_bytes(&bytes), Some(care));
        for cut in 0..bytes.len() {
            assert_eq!(Care::of_bytes(&bytes[..cut]), None);
        }
        assert_eq!(Care::of_bytes(&[bytes, vec![0]].concat()), None);
    }
}
