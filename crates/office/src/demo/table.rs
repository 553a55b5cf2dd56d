//! Who works at Larkfield, governs it, helps and visits, and its classes. All of it is invented.

use crate::people::Membership::{self, Contractor, Governor, Staff, Visitor, Volunteer};
use crate::people::Part::{self, Assistant, Teacher};
use crate::people::Role;

/// The classes: name and year group.
pub(super) const CLASSES: [(&str, i8); 7] =
    [("R Robins", 0), ("1 Wrens", 1), ("2 Larks", 2), ("3 Owls", 3), ("4 Swifts", 4), ("5 Kites", 5), ("6 Herons", 6)];

/// An adult who comes from no family of a pupil.
pub(super) struct Adult {
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    pub(super) membership: Membership,
    /// The roles they are given; that of their membership comes by itself.
    pub(super) roles: &'static [Role],
    /// The year group of their class, and as what they are in it.
    pub(super) class: Option<(i8, Part)>,
}

macro_rules! adults {
    ($($given:literal $family:literal $membership:ident [$($role:ident),*] $class:expr;)+) => {
        /// All of them. Whoever stands first among those with a role is shown as the one who has it.
        pub(super) const ADULTS: &[Adult] = &[$(Adult {
            given: $given,
            family: $family,
            membership: $membership,
            roles: &[$(Role::$role),*],
            class: $class,
        }),+];
    };
}

adults! {
    "Wren" "Teasel" Staff [Headteacher] None;
    "Idris" "Valerian" Staff [DeputyHeadteacher] None;
    "Amara" "Bloom" Staff [Dsl] None;
    "Callum" "Reedmace" Staff [Ddsl] None;
    "Priti" "Larkspur" Staff [OnlineSafetyLead] None;
    "Ezra" "Quillwort" Staff [FilteringLead] None;
    "Sunita" "Marsh" Staff [SeniorLeader] None;
    "Beryl" "Hay" Staff [] None;
    "Leo" "Harebell" Staff [Publisher] None;
    "Ada" "Kingfisher" Staff [Teacher] Some((5, Teacher));
    "Daisy" "Orchard" Staff [Teacher] Some((0, Teacher));
    "Tomas" "Brook" Staff [Teacher] Some((1, Teacher));
    "Eleri" "Moss" Staff [Teacher] Some((2, Teacher));
    "Yasmin" "Fields" Staff [Teacher] Some((3, Teacher));
    "Oscar" "Pennywort" Staff [Teacher] Some((4, Teacher));
    "Joseph" "Mulberry" Staff [Teacher] Some((6, Teacher));
    "Chloe" "Dell" Staff [] Some((0, Assistant));
    "Samira" "Vine" Staff [] Some((2, Assistant));
    "Mikey" "Burrow" Staff [] Some((5, Assistant));
    "Margaret" "Oakapple" Governor [ChairOfGovernors] None;
    "Hywel" "Rushes" Governor [ResponsibleGovernor] None;
    "Farah" "Aster" Governor [] None;
    "Arthur" "Penstemon" Volunteer [] Some((1, Assistant));
    "Kasia" "Wrona" Contractor [ItTechnician] None;
    "Dean" "Marlpit" Contractor [] None;
    "Simone" "Archangel" Contractor [DataProtectionOfficer] None;
    "Ravi" "Dhania" Contractor [SystemAuditor] None;
    "Miriam" "Stonecrop" Visitor [] None;
}

/// What somebody from a family is beside that.
pub(super) struct More {
    pub(super) family: &'static str,
    pub(super) given: &'static str,
    pub(super) membership: Option<Membership>,
    pub(super) role: Option<Role>,
}

/// A parent governor, a parent in the online safety group, a teacher whose child is here, a pupil who is a digital leader.
pub(super) const MORE: &[More] = &[
    More { family: "Anwar", given: "Sana", membership: None, role: Some(Role::OnlineSafetyGroup) },
    More { family: "Birch", given: "Carys", membership: Some(Governor), role: None },
    More { family: "Okafor", given: "Chiamaka", membership: None, role: Some(Role::OnlineSafetyGroup) },
    More { family: "Reed", given: "Hannah", membership: Some(Staff), role: Some(Role::Teacher) },
];
