//! The one list of settings. What each is shipped with is argued in the notes to the register of clauses.

use super::Kind;

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its word, which never changes: texts of the policy name it so.
    pub word: &'static str,
    /// What it sets, as a heading.
    pub title: &'static str,
    /// Where it stands.
    pub theme: Theme,
    /// What it counts.
    pub kind: Kind,
    /// What it is shipped with.
    pub usual: i64,
    /// The least that can be set.
    pub least: i64,
    /// The most that can be set.
    pub most: i64,
    /// The clauses it comes from.
    pub clauses: &'static [&'static str],
    /// Whether something beyond the policy's text acts on it today. A setting of which it is not true says so on its page.
    pub acts: bool,
}

/// Under which heading settings stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Signing and the internet.
    Agreements,
    /// Reviews and checks.
    Reviews,
    /// Reports, incidents, telling others.
    Incidents,
    /// How long things are kept.
    Keeping,
    /// Machines, passwords, access from elsewhere.
    Technology,
    /// People and training.
    People,
}

macro_rules! settings {
    ($($name:ident: $word:literal, $title:literal, $theme:ident, $kind:ident $usual:literal ($least:literal to $most:literal), [$($clause:literal),*], $acts:literal;)+) => {
        $(#[doc = $title]
        pub(crate) const $name: Setting = Setting {
            word: $word,
            title: $title,
            theme: Theme::$theme,
            kind: Kind::$kind,
            usual: $usual,
            least: $least,
            most: $most,
            clauses: &[$($clause),*],
            acts: $acts,
        };)+

        /// All of them, in the order in which they are shown.
        pub const ALL: &[Setting] = &[$($name,)+];
    };
}

settings! {
    GATE_PUPILS: "gate_pupils", "Pupils: the internet hangs on the agreement", Agreements, Mode 1 (0 to 2), ["B-094", "B-138"], true;
    GATE_STAFF: "gate_staff", "Staff: the internet hangs on the agreement", Agreements, Mode 1 (0 to 2), ["A-131", "B-137"], true;
    GATE_GOVERNORS: "gate_governors", "Governors: the internet hangs on the agreement", Agreements, Mode 1 (0 to 2), ["B-176", "B-179"], true;
    GATE_HELPERS: "gate_helpers", "Volunteers and contractors: the internet hangs on the agreement", Agreements, Mode 1 (0 to 2), ["A-046", "B-005"], true;
    GATE_LED: "gate_led", "In a lesson a class uses the internet under its teacher, signed or not", Agreements, YesNo 0 (0 to 1), ["B-094", "B-138"], true;
    AGREEMENT_GRACE: "agreement_grace", "Grace after a new version of an agreement", Agreements, Days 14 (0 to 90), ["B-020", "B-021"], true;
    AGREEMENT_REMINDERS: "agreement_reminders", "Whoever has not signed is reminded by mail", Agreements, EverySchoolDays 1 (0 to 20), ["B-020", "B-021", "B-024"], true;
    AGREEMENT_YEARLY: "agreement_yearly", "Agreements are signed again every year", Agreements, YesNo 0 (0 to 1), ["B-020", "B-021"], true;
    PUPIL_MARK_FROM: "pupil_mark_from", "From this year a pupil signs too", Agreements, Year 3 (-1 to 13), ["B-138", "B-238"], true;
    COPY_ON_REQUEST: "copy_on_request", "A copy of the policy is sent on request within", Agreements, SchoolDays 5 (1 to 20), ["B-214"], true;
    QUESTION_ANSWER: "question_answer", "Whoever asks about the agreement is answered within", Agreements, SchoolDays 5 (1 to 20), ["B-181"], true;
    DECLARATION_BY: "declaration_by", "Staff and governors say by then, each school year, that their own accounts are private", Agreements, DayOfYear 1031 (101 to 1231), ["B-203"], true;
    PERMISSION_ANSWER: "permission_answer", "Whoever asks for a permission is answered within", Agreements, SchoolDays 5 (1 to 20), ["B-183", "B-190", "B-191", "B-193"], true;
    POLICY_REVIEW: "policy_review", "The policy is reviewed every", Reviews, Months 12 (1 to 24), ["A-017", "B-012"], true;
    FILTERING_REVIEW: "filtering_review", "Filtering and monitoring are reviewed every", Reviews, Months 12 (1 to 12), ["A-078", "A-169", "B-109"], false;
    FILTERING_CHECKS: "filtering_checks", "Filtering and monitoring are checked by hand", Reviews, PerTerm 1 (1 to 6), ["A-097", "A-098"], false;
    IMPLEMENTATION_REPORT: "implementation_report", "What the policy achieves is reported every", Reviews, Months 12 (1 to 12), ["A-013", "A-015"], false;
    MONITORING_REPORT: "monitoring_report", "The weekly monitoring report comes", Reviews, Weekday 1 (1 to 7), ["A-199"], false;
    GOVERNOR_MEETINGS: "governor_meetings", "The governor meets the headteacher and the DSL", Reviews, PerTerm 1 (1 to 6), ["A-068", "A-094"], false;
    THREAT_REVIEW: "threat_review", "Whether a new threat or technology calls for a review is decided within", Reviews, SchoolDays 20 (1 to 60), ["A-018", "A-019", "A-020"], false;
    INCIDENT_REVIEW: "incident_review", "Whether an incident calls for a review is decided within", Reviews, SchoolDays 5 (1 to 20), ["B-013", "B-110"], false;
    URGENT_REPORT: "urgent_report", "An urgent report goes on to a deputy, if nobody answers, after", Incidents, Minutes 30 (5 to 240), ["B-167", "A-200"], false;
    INCIDENT_FIRST_ACTION: "incident_first_action", "Something is done about an incident within", Incidents, SchoolDays 1 (1 to 5), ["A-234", "A-238"], false;
    INCIDENT_CLOSURE: "incident_closure", "An incident is closed, if it can be, within", Incidents, SchoolDays 10 (1 to 60), ["B-043"], false;
    PARENTS_TOLD: "parents_told", "Parents are told within", Incidents, SchoolDays 2 (1 to 10), ["A-009", "B-236"], false;
    GOVERNORS_TOLD: "governors_told", "Governors are told of a breach of the filter, without names, within", Incidents, SchoolDays 5 (1 to 20), ["B-045"], false;
    SMALL_COUNT: "small_count", "Counts below this are shown to governors as “fewer than”", Incidents, Count 5 (3 to 20), ["A-016", "A-070"], false;
    ICO_REPORT: "ico_report", "A breach of personal data is reported, where it must be, within", Incidents, Hours 72 (1 to 72), ["B-127"], false;
    LOG_RELEASE: "log_release", "A request to see logs is answered within", Incidents, SchoolDays 5 (1 to 20), ["B-200"], true;
    TAKEDOWN: "takedown", "What must not stand online is taken down within", Incidents, WorkingDays 1 (1 to 5), ["B-166"], false;
    TRAFFIC_LOGS: "traffic_logs", "Records of what was opened are kept for", Keeping, Months 12 (1 to 36), ["A-027"], false;
    ALERTS_KEPT: "alerts_kept", "Alerts are kept for", Keeping, Months 24 (1 to 84), ["A-025"], false;
    STAFF_MAIL_KEPT: "staff_mail_kept", "Mail of staff and governors is kept for", Keeping, Days 730 (30 to 3650), ["B-122"], false;
    LEAVER_IMAGES: "leaver_images", "Pictures of pupils who have left are deleted within", Keeping, Days 30 (1 to 365), ["B-207", "B-208"], false;
    ADMIN_PASSWORD: "admin_password", "Passwords of administrators are changed every", Technology, Days 30 (1 to 365), ["B-072"], true;
    VIRUS_DEFINITIONS: "virus_definitions", "Virus definitions are renewed every", Technology, Hours 24 (1 to 48), ["B-132"], false;
    PATCHES: "patches", "Security updates are installed within", Technology, Days 14 (1 to 30), ["B-066"], false;
    DOWNLOAD_WINDOW: "download_window", "A teacher opens downloads for", Technology, Minutes 60 (5 to 180), ["B-230"], false;
    SITE_CHECK: "site_check", "Sites for a lesson are looked at no earlier than this before it", Technology, Days 7 (1 to 30), ["A-124"], false;
    REMOTE_ACCESS: "remote_access", "Leave to work from elsewhere lasts", Technology, Months 12 (1 to 24), ["B-191"], false;
    PARENT_RESTRICTION: "parent_restriction", "A limit on a parent's access is looked at again after", People, Days 28 (1 to 180), ["B-097", "B-098"], false;
    HEADTEACHER_IS_DSL: "headteacher_is_dsl", "The headteacher is the DSL too", People, YesNo 0 (0 to 1), ["A-087"], true;
    DEPUTY_IS_DDSL: "deputy_is_ddsl", "A deputy headteacher is one of the deputy DSLs", People, YesNo 0 (0 to 1), ["A-089"], true;
    TRAINING_PROPOSAL: "training_proposal", "The training of the next school year is proposed by", People, DayOfYear 630 (101 to 1231), ["B-172"], false;
    TRAINING_REFRESH: "training_refresh", "Training is refreshed every", People, Months 12 (1 to 36), ["A-092", "A-105"], false;
}

/// The setting with this word.
pub fn find(word: &str) -> Option<&'static Setting> {
    ALL.iter().find(|setting| setting.word == word)
}

// === impl Setting ===

impl Setting {
    /// A value of it in words.
    pub fn words(&self, value: i64) -> String {
        self.kind.words(value)
    }

    /// Whether another value may shut the internet to people who have it: the headteacher alone changes it, and is told to how many.
    pub fn shuts(&self) -> bool {
        [GATE_LED.word, AGREEMENT_GRACE.word, AGREEMENT_YEARLY.word, PUPIL_MARK_FROM.word].contains(&self.word)
    }

    /// Whether it is set on the page where the gate is tried out first, and nowhere else.
    pub fn is_gate(&self) -> bool {
        self.kind == Kind::Mode
    }
}

// === impl Theme ===

impl Theme {
    /// All, in order.
    pub const ALL: [Self; 6] = [Self::Agreements, Self::Reviews, Self::Incidents, Self::Keeping, Self::Technology, Self::People];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Agreements => "Agreements and the internet",
            Self::Reviews => "Reviews and checks",
            Self::Incidents => "Reports, incidents and telling others",
            Self::Keeping => "How long things are kept",
            Self::Technology => "Machines and access",
            Self::People => "People and training",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_there_once_and_each_usual_value_is_allowed() {
        for (at, setting) in ALL.iter().enumerate() {
            assert!(ALL[..at].iter().all(|other| other.word != setting.word), "{} stands there twice", setting.word);
            assert!((setting.least..=setting.most).contains(&setting.usual), "{}", setting.word);
            assert!(!setting.words(setting.usual).is_empty(), "{}", setting.word);
        }
    }

    #[test]
    fn each_clause_it_names_is_in_the_register() {
        let known = crate::clauses::all();
        for setting in ALL {
            assert!(!setting.clauses.is_empty(), "{}", setting.word);
            for clause in setting.clauses {
                assert!(known.iter().any(|known| known.id == *clause), "{}: {clause}", setting.word);
            }
        }
    }
}
