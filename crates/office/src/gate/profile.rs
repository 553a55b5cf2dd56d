//! Which profile a person has, from what they are to the school.

use filter::profile::shipped::Shipped;

use crate::people::{KeyStage, Membership, Memberships, YearGroup};

/// The profile of somebody; nothing where only the school's choice for unknown people will do.
///
/// A pupil is a pupil, whatever else they are: a sixth-former who helps in a club is not judged as staff. Roles widen nothing; staff
/// have one profile. Whoever is neither works or learns here as a guest, of whom the filter does not know the age.
pub(super) fn profile_of(memberships: Memberships, year: Option<YearGroup>) -> Option<Shipped> {
    if memberships.has(Membership::Pupil) {
        // Without a year nobody knows how old the child is.
        return year.map(|year| of_age(year.key_stage()));
    }
    Some(if memberships.has(Membership::Staff) { Shipped::Staff } else { Shipped::Guest })
}

const fn of_age(key_stage: KeyStage) -> Shipped {
    match key_stage {
        KeyStage::EarlyYears | KeyStage::One => Shipped::EarlyYearsKs1,
        KeyStage::Two => Shipped::Ks2,
        KeyStage::Three => Shipped::Ks3,
        KeyStage::Four => Shipped::Ks4,
        KeyStage::Five => Shipped::SixthForm,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_follows_age_and_the_strictest_of_what_somebody_is() {
        let check = |memberships: &[Membership], year: Option<i8>, expected: Option<Shipped>| {
            let all = memberships.iter().fold(Memberships::NONE, |all, one| all.with(*one));
            assert_eq!(profile_of(all, year.and_then(YearGroup::new)), expected, "{all} in year {year:?}");
        };
        let pupil = [Membership::Pupil];
        for (years, expected) in [
            (-2..=2, Shipped::EarlyYearsKs1),
            (3..=6, Shipped::Ks2),
            (7..=9, Shipped::Ks3),
            (10..=11, Shipped::Ks4),
            (12..=13, Shipped::SixthForm),
        ] {
            years.for_each(|year| check(&pupil, Some(year), Some(expected)));
        }
        check(&pupil, None, None);
        check(&[Membership::Staff, Membership::Pupil], Some(13), Some(Shipped::SixthForm));
        check(&[Membership::Staff, Membership::Parent, Membership::Governor], None, Some(Shipped::Staff));
        for guest in [Membership::Governor, Membership::Parent, Membership::Volunteer, Membership::Contractor, Membership::Visitor] {
            check(&[guest], None, Some(Shipped::Guest));
        }
    }
}
