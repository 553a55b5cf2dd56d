//! The responsibility matrix: each duty, which role answers for it, leads it and does it, and who that is today.

use super::{Holding, Role};

/// A duty of the policy. The words are the program's own; a school may give it to other roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// Its word, as stored; never changes.
    pub word: &'static str,
    /// What is to be done.
    pub title: &'static str,
    /// The clauses of the register that ask for it.
    pub clauses: &'static [&'static str],
    /// Who has it unless the school says otherwise.
    pub roles: Roles,
}

/// Who has a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles {
    /// Answers for it in the end.
    pub accountable: Role,
    /// Leads it.
    pub lead: Role,
    /// Does it from day to day.
    pub day_to_day: Role,
}

/// A row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The duty.
    pub duty: Duty,
    /// Who has it here.
    pub roles: Roles,
    /// Who holds one of these roles today.
    pub holders: Vec<Holding>,
}

macro_rules! duties {
    ($($word:literal, $title:literal, [$($clause:literal),+], $accountable:ident, $lead:ident, $day_to_day:ident;)+) => {
        /// All duties. The headteacher answers for each (A-053, B-033) but for what the governors do themselves.
        pub const DUTIES: &[Duty] = &[$(Duty {
            word: $word,
            title: $title,
            clauses: &[$($clause),+],
            roles: Roles { accountable: Role::$accountable, lead: Role::$lead, day_to_day: Role::$day_to_day },
        },)+];
    };
}

duties! {
    "online_safety", "Online safety in the school", ["A-053", "A-055", "A-091", "B-033", "B-046"], Headteacher, Dsl, OnlineSafetyLead;
    "filtering", "Filtering: it works, fits the ages and is reviewed", ["B-057", "A-184"], Headteacher, FilteringLead, ItTechnician;
    "monitoring", "Monitoring: somebody looks, every week", ["A-055", "B-057"], Headteacher, Dsl, FilteringLead;
    "concerns", "Concerns and incidents reach an outcome", ["A-055", "A-059"], Headteacher, Dsl, Ddsl;
    "policy", "The policy is written, approved and reviewed", ["A-034", "A-052"], Headteacher, OnlineSafetyLead, OnlineSafetyLead;
    "oversight", "Governors oversee online safety", ["A-067", "B-027"], ChairOfGovernors, ResponsibleGovernor, ResponsibleGovernor;
    "staff", "Staff are trained and have signed", ["A-060"], Headteacher, Dsl, OnlineSafetyLead;
    "systems", "Systems, accounts and passwords are kept safe", ["A-164", "B-071", "B-072"], Headteacher, ItTechnician, ItTechnician;
    "agreements", "Nobody is online without an agreement", ["B-005", "B-006"], Headteacher, OnlineSafetyLead, Teacher;
    "publishing", "What the school publishes is right", ["A-052"], Headteacher, Publisher, Publisher;
    "data_protection", "Personal data are protected", ["A-052"], Headteacher, DataProtectionOfficer, ItTechnician;
}

// === impl Row ===

impl Row {
    /// The roles of this duty that nobody holds: it is not owned.
    pub fn vacant(&self) -> Vec<Role> {
        let mut vacant: Vec<Role> = [self.roles.accountable, self.roles.lead, self.roles.day_to_day]
            .into_iter()
            .filter(|role| self.holders.iter().all(|holding| holding.role != *role))
            .collect();
        vacant.dedup();
        vacant
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_duty_stands_once_and_the_headteacher_answers_for_all_but_the_governors() {
        for (at, duty) in DUTIES.iter().enumerate() {
            assert!(DUTIES[..at].iter().all(|other| other.word != duty.word), "{}", duty.word);
            assert_eq!(duty.roles.accountable == Role::Headteacher, duty.word != "oversight", "{}", duty.word);
        }
    }
}
