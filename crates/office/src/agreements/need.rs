//! What somebody must have signed.

use calendar::Date;

use crate::people::{Details, KeyStage, Membership, SchoolYear};
use crate::policies::{ONLINE_SAFETY, PARENT, PUPIL_KS1, PUPIL_KS2, STAFF, VOLUNTEER};
use crate::settings::{AGREEMENT_YEARLY, GATE_GOVERNORS, GATE_HELPERS, GATE_PUPILS, GATE_STAFF, Mode, PUPIL_MARK_FROM, Setting, Settings};

/// For whom an agreement is. The internet of each hangs on it as the school has set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Audience {
    /// Pupils: an adult signs for them, and from a year on they do too.
    Pupils,
    /// Staff.
    Staff,
    /// Governors.
    Governors,
    /// Volunteers and contractors.
    Helpers,
}

/// Whose signature is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The person's own.
    Own,
    /// That of one adult who answers for the person.
    Adult,
}

/// Something that must be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// What, by the word of the policy.
    pub policy: &'static str,
    /// By whom.
    pub part: Part,
    /// Since when a signature of before does not count any more, whatever the text: Key Stage 2 begins, or a school year.
    pub fresh_from: Option<Date>,
    /// Since when it is asked of people of their year, where it is not asked of everybody.
    pub asked_from: Option<Date>,
}

// === impl Audience ===

impl Audience {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pupils, Self::Staff, Self::Governors, Self::Helpers];

    /// Where somebody belongs; nowhere, who has no internet here of their own (parents) or gets it otherwise (visitors). Whoever is
    /// staff and governor signs as staff.
    pub fn of(details: &Details) -> Option<Self> {
        let is = |membership| details.memberships.has(membership);
        if is(Membership::Pupil) {
            Some(Self::Pupils)
        } else if is(Membership::Staff) {
            Some(Self::Staff)
        } else if is(Membership::Governor) {
            Some(Self::Governors)
        } else if is(Membership::Volunteer) || is(Membership::Contractor) {
            Some(Self::Helpers)
        } else {
            None
        }
    }

    /// What says how strictly their internet hangs on the signature.
    pub const fn setting(self) -> &'static Setting {
        match self {
            Self::Pupils => &GATE_PUPILS,
            Self::Staff => &GATE_STAFF,
            Self::Governors => &GATE_GOVERNORS,
            Self::Helpers => &GATE_HELPERS,
        }
    }

    /// How strictly it does.
    pub fn mode(self, settings: &Settings) -> Mode {
        Mode::of(settings.value(self.setting()))
    }

    /// In words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pupils => "Pupils",
            Self::Staff => "Staff",
            Self::Governors => "Governors",
            Self::Helpers => "Volunteers and contractors",
        }
    }

    /// What they sign, by the words of the policies.
    pub const fn policies(self) -> &'static [&'static str] {
        match self {
            Self::Pupils => &[PARENT, PUPIL_KS1, PUPIL_KS2],
            Self::Staff | Self::Governors => &[ONLINE_SAFETY, STAFF],
            Self::Helpers => &[VOLUNTEER],
        }
    }

    /// As which reader of a text they read it.
    pub const fn reader(self) -> &'static str {
        match self {
            Self::Pupils => "pupil",
            Self::Staff => "staff",
            Self::Governors => "governor",
            Self::Helpers => "volunteer",
        }
    }
}

/// What somebody must have signed on a day, by what is known of them and what the school has set. Staff and governors sign two: that they
/// have read the policy, and the agreement (B-137).
pub fn needs(details: &Details, settings: &Settings, today: Date) -> Vec<Need> {
    let year = SchoolYear::of(today);
    let yearly = if settings.value(&AGREEMENT_YEARLY) == 1 { year.and_then(SchoolYear::first_day) } else { None };
    let own = |policy| Need { policy, part: Part::Own, fresh_from: yearly, asked_from: None };
    match Audience::of(details) {
        None => Vec::new(),
        Some(Audience::Staff | Audience::Governors) => vec![own(ONLINE_SAFETY), own(STAFF)],
        Some(Audience::Helpers) => vec![own(VOLUNTEER)],
        Some(Audience::Pupils) => {
            // The first day of the school year in which they came into that year group.
            let came_into = |number: i64| {
                let (group, year) = (i64::from(details.year?.number()), i64::from(year?.number()));
                let began = i16::try_from(year - (group - number)).ok()?;
                if group >= number { SchoolYear::beginning(began)?.first_day() } else { None }
            };
            // An adult signs when the child joins, and again when Key Stage 2 begins (B-025).
            let mut all = vec![Need { policy: PARENT, part: Part::Adult, fresh_from: yearly.max(came_into(3)), asked_from: None }];
            if let Some(from) = came_into(settings.value(&PUPIL_MARK_FROM)) {
                // The rules of Key Stage 2 are others than those before.
                let from = if rules_of(details) == PUPIL_KS2 { from.max(came_into(3).unwrap_or(from)) } else { from };
                all.push(Need { asked_from: Some(from), ..own(rules_of(details)) });
            }
            all
        }
    }
}

/// The rules that a pupil reads.
pub(crate) fn rules_of(details: &Details) -> &'static str {
    match details.key_stage() {
        None | Some(KeyStage::EarlyYears | KeyStage::One) => PUPIL_KS1,
        Some(_) => PUPIL_KS2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{Short, YearGroup};

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn somebody(membership: Membership, year: Option<i8>) -> Details {
        let name = |text| Short::parse(text).expect("a name");
        Details { year: year.and_then(YearGroup::new), ..Details::new(name("Ada"), name("Moss"), membership) }
    }

    fn asked(membership: Membership, year: Option<i8>) -> Vec<(&'static str, Option<Date>)> {
        needs(&somebody(membership, year), &Settings::default(), day("2026-11-28"))
            .iter()
            .map(|need| (need.policy, need.fresh_from))
            .collect()
    }

    #[test]
    fn each_signs_what_is_for_them() {
        assert_eq!(asked(Membership::Staff, None), [(ONLINE_SAFETY, None), (STAFF, None)]);
        assert_eq!(asked(Membership::Contractor, None), [(VOLUNTEER, None)]);
        assert_eq!(asked(Membership::Parent, None), []);
        assert_eq!(asked(Membership::Pupil, Some(1)), [(PARENT, None)], "the youngest promise without signing");
        let entered = Some(day("2026-09-01"));
        assert_eq!(asked(Membership::Pupil, Some(3)), [(PARENT, entered), (PUPIL_KS2, None)]);
        assert_eq!(asked(Membership::Pupil, Some(6)), [(PARENT, Some(day("2023-09-01"))), (PUPIL_KS2, None)]);
        assert_eq!(asked(Membership::Pupil, None), [(PARENT, None)], "a year that nobody knows");
    }
}
