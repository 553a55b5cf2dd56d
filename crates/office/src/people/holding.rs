//! Who holds which role from when to when, and which roles nobody holds.

use calendar::Date;
use ids::{HoldingId, PersonId};

use super::text::Short;
use super::{Duties, Membership, Role};

/// Somebody holds a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Which holding.
    pub id: HoldingId,
    /// Who.
    pub person: PersonId,
    /// Which role.
    pub role: Role,
    /// How.
    pub duties: Duties,
    /// By what: the minute of a governors' meeting, a letter (B-027).
    pub authority: Option<Short>,
    /// The first day.
    pub started: Date,
    /// The last day, if it is set: a governor's term ends by itself.
    pub ended: Option<Date>,
    /// Of the record.
    pub version: i64,
}

/// A role that is not held as it must be. Shown in red.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Which.
    pub role: Role,
    /// How many must hold it.
    pub least: u8,
    /// How many may.
    pub most: Option<u8>,
    /// How many do.
    pub held: u32,
    /// The last day of whoever held it last; nothing where nobody ever did.
    pub lapsed: Option<Date>,
    /// The first day of whoever comes next, if that is known.
    pub next: Option<Date>,
}

// === impl Holding ===

impl Holding {
    /// Whether it is held on a day.
    pub fn holds(&self, on: Date) -> bool {
        self.started <= on && self.ended.is_none_or(|ended| on <= ended)
    }
}

// === impl Membership ===

impl Membership {
    /// The role that comes with it, without being given: the least of its kind.
    pub const fn role(self) -> Role {
        match self {
            Self::Staff => Role::SupportStaff,
            Self::Pupil => Role::Pupil,
            Self::Governor => Role::Governor,
            Self::Parent => Role::Parent,
            Self::Volunteer => Role::Volunteer,
            Self::Contractor => Role::Contractor,
            Self::Visitor => Role::Visitor,
        }
    }
}

/// The roles that are vacant, lapsed, held by too few or by too many on a day. `holdings`: those of people who are here. `least`: how many
/// the school wants, where that is another number than the role's own.
pub fn gaps_in(holdings: &[Holding], least: impl Fn(Role) -> Option<u8>, on: Date) -> Vec<Gap> {
    let gap = |role: &Role| {
        let (role, least) = (*role, least(*role).unwrap_or(role.least()));
        let of_role = || holdings.iter().filter(move |holding| holding.role == role);
        // One person with two holdings of a role is one.
        let mut held: Vec<PersonId> = of_role().filter(|holding| holding.holds(on)).map(|holding| holding.person).collect();
        held.sort();
        held.dedup();
        let held = u32::try_from(held.len()).unwrap_or(u32::MAX);
        // A school that wants more than the usual most has said so.
        let most = role.most().map(|most| most.max(least));
        let is_right = held >= u32::from(least) && most.is_none_or(|most| held <= u32::from(most));
        (!is_right).then(|| Gap {
            role,
            least,
            most,
            held,
            lapsed: of_role().filter_map(|holding| holding.ended).filter(|ended| *ended < on).max(),
            next: of_role().map(|holding| holding.started).filter(|started| *started > on).min(),
        })
    };
    Role::ALL.iter().filter_map(gap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn holding(who: &str, role: Role, started: &str, ended: Option<&str>) -> Holding {
        Holding {
            id: HoldingId::named(&format!("{who} {role} {started}")),
            person: PersonId::named(who),
            role,
            duties: Duties::NONE,
            authority: None,
            started: day(started),
            ended: ended.map(day),
            version: 0,
        }
    }

    fn of(role: Role, holdings: &[Holding], least: Option<u8>, on: &str) -> Option<Gap> {
        gaps_in(holdings, |asked| least.filter(|_| asked == role), day(on)).into_iter().find(|gap| gap.role == role)
    }

    #[test]
    fn a_role_is_vacant_before_and_lapsed_after_its_holder() {
        let all = [holding("a", Role::Dsl, "2026-01-01", Some("2026-08-31")), holding("b", Role::Dsl, "2026-10-01", None)];
        assert_eq!(
            of(Role::Dsl, &all, None, "2025-12-31").map(|gap| (gap.held, gap.lapsed, gap.next)),
            Some((0, None, Some(day("2026-01-01"))))
        );
        assert_eq!(of(Role::Dsl, &all, None, "2026-01-01"), None);
        assert_eq!(of(Role::Dsl, &all, None, "2026-08-31"), None, "the last day counts");
        let lapsed = of(Role::Dsl, &all, None, "2026-09-01").map(|gap| (gap.lapsed, gap.next));
        assert_eq!(lapsed, Some((Some(day("2026-08-31")), Some(day("2026-10-01")))));
        assert_eq!(of(Role::Dsl, &all, None, "2026-10-01"), None);
    }

    #[test]
    fn zero_and_two_governors_for_online_safety_are_both_wrong() {
        let one = holding("a", Role::ResponsibleGovernor, "2026-01-01", None);
        let other = holding("b", Role::ResponsibleGovernor, "2026-01-01", None);
        let held = |all: &[Holding]| of(Role::ResponsibleGovernor, all, None, "2026-02-01").map(|gap| gap.held);
        assert_eq!(held(&[]), Some(0));
        assert_eq!(held(std::slice::from_ref(&one)), None);
        assert_eq!(held(&[one.clone(), one.clone()]), None, "one person twice is one");
        assert_eq!(held(&[one, other]), Some(2));
    }

    #[test]
    fn a_school_may_want_three_deputy_leads() {
        let two = [holding("a", Role::Ddsl, "2026-01-01", None), holding("b", Role::Ddsl, "2026-01-01", None)];
        assert_eq!(of(Role::Ddsl, &two, None, "2026-02-01"), None);
        assert_eq!(of(Role::Ddsl, &two, Some(3), "2026-02-01").map(|gap| (gap.held, gap.least)), Some((2, 3)));
    }

    #[test]
    fn the_role_of_a_membership_sees_nothing_and_is_for_its_members() {
        for membership in Membership::ALL {
            assert!(!membership.role().sees_safeguarding() && membership.role().of().contains(&membership), "{membership}");
        }
    }
}
