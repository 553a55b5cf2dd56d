//! The register of clauses: each promise of the policy, the control that keeps it, and the test that would fail without it.
//!
//! It lies in `clauses.csv` beside the manifest. Whoever changes what a control does changes the line; `cargo xtask clauses` checks that
//! each control and each test named there exists.

use std::sync::OnceLock;

use crate::control::{Found, State};

/// The register as text.
const TEXT: &str = include_str!("../clauses.csv");
/// Columns, in order.
const COLUMNS: usize = 11;

/// One promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// `A-001` to `B-240`: the policy it stands in, and its number.
    pub id: String,
    /// Where in the policy.
    pub section: String,
    /// What is promised.
    pub duty: String,
    /// Who promises: a role.
    pub actor: String,
    /// The capability that keeps it.
    pub capability: String,
    /// What would show that it is kept.
    pub evidence: String,
    /// Ids of the controls that enforce or evidence it.
    pub controls: Vec<String>,
    /// Tests that fail without it: a file below `crates`, two colons, the test.
    pub proofs: Vec<String>,
    /// What is not done yet, where something is not.
    pub missing: String,
}

/// How far the product keeps a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// A control and a proof, and nothing missing.
    Met,
    /// Something stands, and something is missing.
    Partly,
    /// Nothing stands.
    NotYet,
}

/// How a promise stands at this moment, by what the product has for it and what its controls found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kept {
    /// The product has all it needs, and every control found it kept.
    Met,
    /// The product has a part of what it needs, and no control found it broken.
    Partly,
    /// A control found it broken, however much of it is built.
    Broken,
    /// A control could not look, or the school does not use what it is about. Never counted as met.
    Unknown,
    /// The product has nothing for it.
    NotYet,
}

// === impl Clause ===

impl Clause {
    /// How far the product keeps it.
    pub fn standing(&self) -> Standing {
        match (self.controls.is_empty(), self.proofs.is_empty(), self.missing.is_empty()) {
            (false, false, true) => Standing::Met,
            (true, true, _) => Standing::NotYet,
            _ => Standing::Partly,
        }
    }

    /// What its controls found.
    pub fn findings<'a>(&'a self, found: &'a [Found]) -> impl Iterator<Item = &'a Found> {
        found.iter().filter(|found| self.controls.iter().any(|control| control == found.control.id))
    }

    /// How it stands, by what all controls `found`.
    pub fn kept(&self, found: &[Found]) -> Kept {
        let states = || self.findings(found).map(|found| found.finding.state);
        let all_looked = states().count() == self.controls.len();
        if states().any(|state| matches!(state, State::Breached(_))) {
            return Kept::Broken;
        }
        match self.standing() {
            Standing::Met if all_looked && states().all(|state| matches!(state, State::Met | State::Due(_))) => Kept::Met,
            Standing::Met => Kept::Unknown,
            Standing::Partly => Kept::Partly,
            Standing::NotYet => Kept::NotYet,
        }
    }

    fn from_record(record: &csv::StringRecord) -> Option<Self> {
        let text = |column: usize| record.get(column).map(str::to_owned);
        let words = |column: usize| Some(record.get(column)?.split_whitespace().map(str::to_owned).collect());
        Some(Self {
            id: text(0)?,
            section: text(1)?,
            duty: text(2)?,
            actor: text(3)?,
            capability: text(5)?,
            evidence: text(6)?,
            controls: words(8)?,
            proofs: words(9)?,
            missing: text(10)?,
        })
    }
}

// === impl Standing ===

impl Standing {
    /// All, the best first.
    pub const ALL: [Self; 3] = [Self::Met, Self::Partly, Self::NotYet];

    /// In words, as tables have it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Partly => "partly",
            Self::NotYet => "not yet",
        }
    }
}

// === impl Kept ===

impl Kept {
    /// All, the best first.
    pub const ALL: [Self; 5] = [Self::Met, Self::Partly, Self::Broken, Self::Unknown, Self::NotYet];

    /// In words, as tables and JSON have it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Partly => "partly",
            Self::Broken => "not kept",
            Self::Unknown => "not known",
            Self::NotYet => "not yet",
        }
    }
}

/// Every clause, in the order of the policies.
pub fn all() -> &'static [Clause] {
    static CLAUSES: OnceLock<Vec<Clause>> = OnceLock::new();
    CLAUSES.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(TEXT.as_bytes());
        // A test reads the same bytes, so a line that is none cannot reach anybody.
        reader.records().flatten().filter(|record| record.len() == COLUMNS).filter_map(|record| Clause::from_record(&record)).collect()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::control::Finding;
    use crate::controls;

    #[test]
    fn every_line_is_a_clause_and_none_stands_twice() {
        let lines = csv::Reader::from_reader(TEXT.as_bytes()).into_records().count();
        let ids: HashSet<&str> = all().iter().map(|clause| clause.id.as_str()).collect();
        assert_eq!((all().len(), ids.len()), (lines, lines));
        assert_eq!(lines, 486, "the promises of both policies");
    }

    #[test]
    fn controls_and_clauses_name_each_other() {
        let named: HashSet<(&str, &str)> =
            all().iter().flat_map(|clause| clause.controls.iter().map(|control| (control.as_str(), clause.id.as_str()))).collect();
        let kept: HashSet<(&str, &str)> =
            controls().iter().flat_map(|control| control.clauses.iter().map(|clause| (control.id, *clause))).collect();
        assert_eq!(named, kept);
    }

    #[test]
    fn a_promise_is_kept_only_as_far_as_its_controls_find() {
        let control = *controls().first().expect("a control");
        let clause = |missing: &str| Clause {
            id: "A-1".to_owned(),
            section: String::new(),
            duty: String::new(),
            actor: String::new(),
            capability: String::new(),
            evidence: String::new(),
            controls: vec![control.id.to_owned()],
            proofs: vec!["x.rs::holds".to_owned()],
            missing: missing.to_owned(),
        };
        let kept = |missing, state| clause(missing).kept(&[Found { control, finding: Finding { state, sentence: String::new() } }]);
        for (missing, state, expected) in [
            ("", State::Met, Kept::Met),
            ("", State::Due(calendar::Date::new(2026, 11, 30).expect("a day")), Kept::Met),
            ("", State::Breached(None), Kept::Broken),
            ("", State::Unknown, Kept::Unknown),
            ("", State::NotInUse, Kept::Unknown),
            ("a part", State::Met, Kept::Partly),
            ("a part", State::Unknown, Kept::Partly),
            ("a part", State::Breached(None), Kept::Broken),
        ] {
            assert_eq!(kept(missing, state), expected, "{missing} {state:?}");
        }
        assert_eq!(clause("").kept(&[]), Kept::Unknown, "nobody looked");
        assert_eq!(Clause { controls: Vec::new(), proofs: Vec::new(), ..clause("") }.kept(&[]), Kept::NotYet);
    }

    #[test]
    fn what_stands_only_partly_says_what_is_missing() {
        for clause in all() {
            assert_eq!(clause.standing() == Standing::Partly, !clause.missing.is_empty(), "{}", clause.id);
        }
    }
}
