//! Which column of a file means what: guessed from the headings, or said.

use std::fmt;
use std::str::FromStr;

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident $word:literal [$($heading:literal),+];)+) => {
        /// What a column may mean.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Column { $($(#[$doc])* $name,)+ }

        impl Column {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its word, for `--columns`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// Headings that mean it, the best first, in small letters and digits only.
            const fn headings(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($heading),+],)+ }
            }
        }
    };
}

columns! {
    /// The person's own key in the source, the same each time.
    Id "id" ["id", "sourcedid", "personid", "upn", "uniquepupilnumber", "admissionnumber", "admissionno", "admno", "sisid", "staffid", "staffcode", "employeeid", "employeenumber", "studentid", "pupilid", "contactid", "parentid", "username"];
    /// First name.
    Given "given" ["given", "givenname", "firstname", "forename", "legalforename", "legalfirstname", "chosenforename"];
    /// Family name.
    Family "family" ["family", "familyname", "lastname", "surname", "legalsurname", "legallastname", "chosensurname"];
    /// Both in one: "Teasel, Robin" or "Robin Teasel".
    Name "name" ["name", "fullname", "displayname", "pupilname", "studentname"];
    /// What the person is called.
    KnownAs "known_as" ["knownas", "preferredname", "preferredgivenname", "preferredforename", "preferredfirstname", "nickname"];
    /// Staff, pupil, governor, parent, volunteer, contractor, visitor.
    Membership "membership" ["membership", "persontype", "type", "category", "usertype"];
    /// Roles in the school, with `;` between them.
    Roles "roles" ["roles", "role", "jobtitle", "post"];
    /// Mail address.
    Email "email" ["email", "emailaddress", "mail", "workemail", "primaryemail"];
    /// Language at home.
    Language "language" ["homelanguage", "language", "firstlanguage", "mothertongue"];
    /// Year group.
    Year "year" ["year", "yeargroup", "nationalcurriculumyear", "ncyear", "ncyearactual", "grade", "grades"];
    /// Class.
    Class "class" ["class", "classname", "teachinggroup"];
    /// Tutor group.
    Tutor "tutor" ["tutorgroup", "tutor", "form", "formgroup", "registrationgroup", "reggroup", "registration"];
    /// First day.
    Started "started" ["started", "startdate", "dateofadmission", "admissiondate", "dateofentry", "entrydate", "joined", "employmentstartdate", "begindate"];
    /// Last day.
    Ended "ended" ["ended", "enddate", "leavingdate", "dateofleaving", "leaverdate", "leftdate", "employmentenddate"];
    /// Keys of the children of a responsible adult, with `;` between them.
    Child "child" ["child", "children", "childid", "childids", "pupilids", "childupn", "childadmissionnumber"];
    /// What the adult is to the child.
    Kinship "kinship" ["kinship", "relationship", "relation", "relationtopupil", "relationshiptopupil"];
    /// Whether the adult has parental responsibility.
    Responsibility "responsibility" ["parentalresponsibility", "responsibility", "haspr", "pr"];
    /// Whether the adult lives with the child.
    LivesWith "lives_with" ["liveswith", "liveswithpupil", "liveswithchild", "samehome"];
}

/// What is done with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It is read.
    Take(Column),
    /// It is not.
    Leave(Left),
}

/// Why a column is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// It holds passwords or the like. No mapping changes that.
    Secret,
    /// Schoolgate does not keep it, or not from a file (docs/adr/0014).
    NotKept,
    /// Nobody has said what it means.
    Unknown,
}

/// The columns of a file, in their order, and what is done with each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    columns: Vec<(String, Use)>,
}

/// A mapping that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// No such heading.
    #[error("the file has no column \"{heading}\"; it has {}", .has.join(", "))]
    NoHeading {
        /// What was said.
        heading: String,
        /// What is there.
        has: Vec<String>,
    },
    /// No such word.
    #[error("\"{word}\" is nothing that a column can mean; it can mean {}", Column::ALL.iter().map(|column| column.as_str()).collect::<Vec<_>>().join(", "))]
    NoColumn {
        /// What was said.
        word: String,
    },
    /// A column of passwords.
    #[error("the column \"{heading}\" looks like passwords, and those are never read; take it out of the file")]
    Secret {
        /// Which.
        heading: String,
    },
}

/// Parts of headings that name a secret.
const SECRET: &[&str] = &["password", "passwd", "passphrase", "passcode", "pwd", "secret", "hash", "token", "pincode"];
/// Parts of headings of what is not kept, or not from a file.
const NOT_KEPT: &[&str] = &[
    "birth",
    "dob",
    "address",
    "postcode",
    "phone",
    "mobile",
    "gender",
    "ethnic",
    "religion",
    "medical",
    "nhs",
    "freeschoolmeal",
    "pupilpremium",
    "senstatus",
    "courtorder",
    "nationality",
];

// === impl Mapping ===

impl Mapping {
    /// What the headings seem to mean. Each meaning is given to one column, the one whose heading says it best.
    pub fn guess<'a>(headings: impl IntoIterator<Item = &'a str>) -> Self {
        let mut columns: Vec<(String, Use)> = headings.into_iter().map(|heading| (heading.trim().to_owned(), left(heading))).collect();
        for column in Column::ALL {
            let best = column.headings().iter().find_map(|wanted| {
                columns.iter().position(|(heading, used)| *used == Use::Leave(Left::Unknown) && letters(heading) == *wanted)
            });
            if let Some((_, used)) = best.and_then(|at| columns.get_mut(at)) {
                *used = Use::Take(*column);
            }
        }
        Self { columns }
    }

    /// Says what a column means, whatever was guessed.
    ///
    /// # Errors
    /// Where there is no such heading or meaning, or the column holds passwords.
    pub fn set(&mut self, word: &str, heading: &str) -> Result<(), MappingError> {
        let column: Column = word.parse()?;
        let is_it = |other: &str| other.eq_ignore_ascii_case(heading.trim());
        let Some(at) = self.columns.iter().position(|(other, _)| is_it(other)) else {
            let has = self.columns.iter().map(|(heading, _)| heading.clone()).collect();
            return Err(MappingError::NoHeading { heading: heading.to_owned(), has });
        };
        for (_, used) in self.columns.iter_mut().filter(|(_, used)| *used == Use::Take(column)) {
            *used = Use::Leave(Left::Unknown);
        }
        match self.columns.get_mut(at) {
            Some((heading, Use::Leave(Left::Secret))) => Err(MappingError::Secret { heading: heading.clone() }),
            Some((_, used)) => {
                *used = Use::Take(column);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Says what each column means, in their order. One that holds passwords stays unread.
    pub fn choose(&mut self, columns: &[Option<Column>]) {
        for ((_, used), column) in self.columns.iter_mut().zip(columns) {
            if *used != Use::Leave(Left::Secret) {
                *used = column.map_or(Use::Leave(Left::Unknown), Use::Take);
            }
        }
    }

    /// Where in a row a meaning stands.
    pub fn position(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|(_, used)| *used == Use::Take(column))
    }

    /// Each heading with what is done with it.
    pub fn columns(&self) -> &[(String, Use)] {
        &self.columns
    }
}

impl FromStr for Column {
    type Err = MappingError;

    fn from_str(word: &str) -> Result<Self, MappingError> {
        let word = word.trim();
        Self::ALL.iter().copied().find(|column| column.as_str() == word).ok_or_else(|| MappingError::NoColumn { word: word.to_owned() })
    }
}

impl fmt::Display for Use {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Take(column) => formatter.write_str(column.as_str()),
            Self::Leave(Left::Secret) => formatter.write_str("never read: it looks like passwords"),
            Self::Leave(Left::NotKept) => formatter.write_str("left: not kept, or typed in by those who may see it"),
            Self::Leave(Left::Unknown) => formatter.write_str("left: nobody has said what it means"),
        }
    }
}

fn left(heading: &str) -> Use {
    let letters = letters(heading);
    let names = |parts: &[&str]| parts.iter().any(|part| letters.contains(part));
    // "Email address" is an address of another kind.
    let kept = letters.contains("mail");
    Use::Leave(if names(SECRET) || letters == "pin" {
        Left::Secret
    } else if (names(NOT_KEPT) || letters == "sex" || letters == "sen" || letters == "fsm") && !kept {
        Left::NotKept
    } else {
        Left::Unknown
    })
}

/// A heading in small letters and digits only.
fn letters(heading: &str) -> String {
    heading.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(headings: &[&str]) -> Vec<Use> {
        Mapping::guess(headings.iter().copied()).columns().iter().map(|(_, used)| *used).collect()
    }

    #[test]
    fn headings_of_common_systems_are_understood() {
        let take = |columns: &[Column]| columns.iter().map(|column| Use::Take(*column)).collect::<Vec<_>>();
        assert_eq!(
            uses(&["UPN", "Legal Surname", "Legal Forename", "Year Group", "Reg Group", "Email Address"]),
            take(&[Column::Id, Column::Family, Column::Given, Column::Year, Column::Tutor, Column::Email])
        );
        assert_eq!(
            uses(&["sourcedId", "givenName", "familyName", "role", "email", "preferredGivenName"]),
            take(&[Column::Id, Column::Given, Column::Family, Column::Roles, Column::Email, Column::KnownAs])
        );
        assert_eq!(uses(&["SIS ID", "First Name", "Last Name"]), take(&[Column::Id, Column::Given, Column::Family]));
    }

    #[test]
    fn passwords_are_never_read_whatever_is_said() {
        for heading in ["Password", "user_password", "Initial Password", "pwd", "PIN", "passwordHash"] {
            let mut mapping = Mapping::guess(["id", heading]);
            assert_eq!(mapping.columns()[1].1, Use::Leave(Left::Secret), "{heading}");
            assert!(matches!(mapping.set("known_as", heading), Err(MappingError::Secret { .. })), "{heading}");
            mapping.choose(&[Some(Column::Id), Some(Column::KnownAs)]);
            assert_eq!(mapping.position(Column::KnownAs), None);
        }
    }

    #[test]
    fn what_is_not_kept_is_left() {
        for heading in ["DOB", "Date of Birth", "Home Address", "Post Code", "Telephone", "Gender", "Ethnicity", "SEN", "Court Order"] {
            assert_eq!(uses(&[heading]), [Use::Leave(Left::NotKept)], "{heading}");
        }
    }

    #[test]
    fn what_is_said_wins_over_what_was_guessed() {
        let mut mapping = Mapping::guess(["UPN", "Our number", "Surname"]);
        mapping.set("id", "our NUMBER").expect("said");
        assert_eq!(mapping.position(Column::Id), Some(1));
        assert!(matches!(mapping.set("id", "Nowhere"), Err(MappingError::NoHeading { .. })));
        assert!(matches!(mapping.set("shoe_size", "UPN"), Err(MappingError::NoColumn { .. })));
    }

    #[test]
    fn each_heading_means_one_thing() {
        let mut all: Vec<&str> = Column::ALL.iter().flat_map(|column| column.headings()).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        for heading in all {
            assert_eq!(left(heading), Use::Leave(Left::Unknown), "{heading} is never taken");
        }
    }
}
