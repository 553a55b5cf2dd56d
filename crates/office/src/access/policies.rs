//! The policies as they are shipped, and the decision.

use cedar_policy_core::ast::PolicySet;
use cedar_policy_core::authorizer::{Authorizer, Decision as Answer};
use cedar_policy_core::extensions::Extensions;
use cedar_policy_core::parser::parse_policyset;
use cedar_policy_core::validator::{ValidationMode, Validator, ValidatorSchema};

use super::action::Action;
use super::cedar::{Question, Words};
use super::thing::{Thing, Who};

const SCHEMA: &str = include_str!("schema.cedarschema");
/// The files, in the order in which they are read. The order changes nothing: a `forbid` always wins.
const FILES: [&str; 5] = [
    include_str!("never.cedar"),
    include_str!("school.cedar"),
    include_str!("people.cedar"),
    include_str!("agreements.cedar"),
    include_str!("safeguarding.cedar"),
];

/// All policies, read and checked. Made once at the start.
#[derive(Debug)]
pub struct Policies {
    words: Words,
    set: PolicySet,
    authorizer: Authorizer,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It may be done.
    Allowed {
        /// The rules that allow it, by their `@id`.
        by: Vec<String>,
    },
    /// It may not. On a page this looks like a thing that is not there.
    Refused {
        /// The never-rules that forbid it, by their `@id`; empty where simply nothing allows it.
        by: Vec<String>,
    },
}

/// The shipped policies cannot be used. A test proves that this does not happen.
#[derive(Debug, thiserror::Error)]
#[error("reading the rules of who may do what: {what}; this build of Schoolgate is broken, install another: {details}")]
pub struct PoliciesError {
    what: &'static str,
    details: String,
}

// === impl Policies ===

impl Policies {
    /// The policies of this version.
    ///
    /// # Errors
    /// Where a file does not parse or does not fit the schema.
    pub fn shipped() -> Result<Self, PoliciesError> {
        Self::parse(SCHEMA, &FILES.join("\n"))
    }

    pub(super) fn parse(schema: &str, policies: &str) -> Result<Self, PoliciesError> {
        let broken = |what, details: String| PoliciesError { what, details };
        let (schema, _) = ValidatorSchema::from_cedarschema_str(schema, Extensions::none())
            .map_err(|error| broken("the schema does not parse", error.to_string()))?;
        let set = parse_policyset(policies).map_err(|error| broken("a policy does not parse", error.to_string()))?;
        let validator = Validator::new(schema);
        let found = validator.validate(&set, ValidationMode::Strict);
        let complaints: Vec<String> =
            found.validation_errors().map(ToString::to_string).chain(found.validation_warnings().map(ToString::to_string)).collect();
        if !complaints.is_empty() {
            return Err(broken("a policy does not fit the schema", complaints.join("; ")));
        }
        let words = Words::of(validator.schema(), &set).ok_or_else(|| broken("the schema lacks an action", String::new()))?;
        Ok(Self { words, set, authorizer: Authorizer::new() })
    }

    /// Whether `who` may do `action` to `thing`. Whatever cannot be judged is refused: an action on a thing of another kind, a rule
    /// that fails (Cedar would leave out a rule that fails, even one that forbids).
    pub fn decide(&self, who: &Who, action: Action, thing: &Thing) -> Decision {
        let Some(Question { request, entities, policies }) = self.words.question(who, action, thing) else {
            return Decision::Refused { by: vec!["cannot-be-judged".to_owned()] };
        };
        let answer = self.authorizer.is_authorized(request, policies, &entities);
        if !answer.diagnostics.errors.is_empty() {
            return Decision::Refused { by: vec!["cannot-be-judged".to_owned()] };
        }
        let mut by: Vec<String> = answer.diagnostics.reason.iter().map(|id| self.name(id)).collect();
        by.sort_unstable();
        match answer.decision {
            Answer::Allow => Decision::Allowed { by },
            Answer::Deny => Decision::Refused { by },
        }
    }

    /// A rule's own name: its `@id`.
    fn name(&self, id: &cedar_policy_core::ast::PolicyID) -> String {
        let policy = self.set.get(id);
        let named =
            policy.and_then(|policy| policy.annotations().find(|(key, _)| key.as_ref() == "id").map(|(_, name)| name.val.to_string()));
        named.unwrap_or_else(|| id.to_string())
    }

    #[cfg(test)]
    pub(super) fn names(&self) -> Vec<String> {
        self.set.policies().map(|policy| self.name(policy.id())).collect()
    }
}

// === impl Decision ===

impl Decision {
    /// Whether it may be done.
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }
}
