//! What can be asked for, one table.

use ledger::{Code, code};

/// What kind of thing an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The school as a whole.
    School,
    /// What is known of a person.
    Person,
    /// A role that somebody gets or loses.
    Holding,
    /// A class.
    Class,
    /// With what somebody signs in.
    Account,
    /// A report.
    Report,
    /// A case.
    Case,
    /// A proposed change of the filter.
    FilterChange,
    /// A version of a policy that is not in force yet.
    Draft,
    /// Something that somebody asked to be allowed.
    Permission,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident, $word:literal, on $kind:ident;)+) => {
        /// Something that a person may or may not do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $($(#[$doc])* $name,)+ }

        impl Action {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its word: in the policies, the matrix and the audit trail.
            pub const fn code(self) -> Code {
                match self {
                    $(Self::$name => code!($word),)+
                }
            }

            /// What it is done to.
            pub const fn kind(self) -> Kind {
                match self {
                    $(Self::$name => Kind::$kind,)+
                }
            }
        }
    };
}

actions! {
    /// Say that something is wrong.
    FileReport, "file_report", on School;
    /// See numbers, never names.
    SeeTotals, "see_totals", on School;
    /// See who holds which role.
    SeeHoldings, "see_holdings", on School;
    /// See the rules of the filter.
    SeeFilter, "see_filter", on School;
    /// Ask what happens to an address, and why.
    AskWhy, "ask_why", on School;
    /// Propose a change of the filter.
    ProposeFilterChange, "propose_filter_change", on School;
    /// Agree to a change of the filter that somebody else proposed.
    ApproveFilterChange, "approve_filter_change", on FilterChange;
    /// Read what the machines say about themselves.
    SeeTechnicalLog, "see_technical_log", on School;
    /// Check that the audit trail is whole.
    VerifyTrail, "verify_trail", on School;
    /// See user names and when they were last used.
    SeeAccounts, "see_accounts", on School;
    /// Open the list of people; each row is then asked for by itself.
    SeePeople, "see_people", on School;
    /// Add a person.
    AddPerson, "add_person", on School;
    /// Say what roles are called here, how many must hold one, which role has a duty; keep the register of suppliers.
    KeepRegister, "keep_register", on School;
    /// Say that it cannot wait, with a reason, and see for an hour what is otherwise not theirs; two others are told.
    DeclareEmergency, "declare_emergency", on School;
    /// See who has said so, when, why and what they looked at.
    SeeEmergencies, "see_emergencies", on School;
    /// Read people from a file.
    ImportPeople, "import_people", on School;
    /// See the periods and numbers of the policy.
    SeeSettings, "see_settings", on School;
    /// Change them.
    ChangeSettings, "change_settings", on School;
    /// See the school's policies with their drafts, comments and history.
    SeePolicies, "see_policies", on School;
    /// Write a draft, ask others about it, and put an approved one into force.
    WritePolicies, "write_policies", on School;
    /// Keep which copies of policies were asked for, and when they left.
    KeepCopies, "keep_copies", on School;
    /// Say that the governing body has approved a draft.
    ApprovePolicy, "approve_policy", on Draft;
    /// Ask something about a text that is in force, and read the answer.
    AskQuestion, "ask_question", on School;
    /// Answer what others ask about the texts.
    AnswerQuestion, "answer_question", on School;
    /// Say once a year that the own accounts on social media are private.
    MakeDeclaration, "make_declaration", on School;
    /// Ask to be allowed what the agreement forbids without leave, and see what became of one's own requests.
    AskPermission, "ask_permission", on School;
    /// See what somebody asked to be allowed, and what was decided.
    SeePermission, "see_permission", on Permission;
    /// Decide on it.
    DecidePermission, "decide_permission", on Permission;
    /// Set how strictly the internet hangs on the signature.
    ChangeGate, "change_gate", on School;
    /// See who has signed which agreement.
    SeeAgreement, "see_agreement", on Person;
    /// Sign an agreement for oneself, or for a child that one answers for.
    SignAgreement, "sign_agreement", on Person;
    /// Enter what came back on paper or was said before a witness.
    EnterSignature, "enter_signature", on Person;
    /// Take the internet from somebody for a time, and give it back.
    Suspend, "suspend", on Person;
    /// See a person's page.
    SeePerson, "see_person", on Person;
    /// See where a person lives and how they are reached.
    SeeContact, "see_contact", on Person;
    /// Say who answers for a child and how they are reached, and what is to be heeded about them.
    ChangeContact, "change_contact", on Person;
    /// See what was changed about a person, by whom and when.
    SeeHistory, "see_history", on Person;
    /// Change what is known of a person.
    ChangePerson, "change_person", on Person;
    /// See what a person did online.
    SeeActivity, "see_activity", on Person;
    /// See what a person, or who answers for them, has consented to.
    SeeConsent, "see_consent", on Person;
    /// See who of a class is at which device.
    SeeClass, "see_class", on Class;
    /// Say where a class sits, sign it in at its devices and out.
    SignInClass, "sign_in_class", on Class;
    /// Say how a class signs in: its code, pictures and cards.
    SetUpClassSignIn, "set_up_class_sign_in", on Class;
    /// Let a guest in, see the guests and end a pass.
    LetGuestsIn, "let_guests_in", on School;
    /// Give somebody a role.
    GiveRole, "give_role", on Holding;
    /// End somebody's role.
    EndRole, "end_role", on Holding;
    /// Change the own password, the second factor, and see and end the own sessions.
    ManageOwnSignIn, "manage_own_sign_in", on Account;
    /// Let somebody choose a new password and second factor.
    ResetSignIn, "reset_sign_in", on Account;
    /// Sign somebody out everywhere.
    EndSessions, "end_sessions", on Account;
    /// Read a report.
    SeeReport, "see_report", on Report;
    /// Read a case.
    SeeCase, "see_case", on Case;
    /// Write to a case, refer it, close it.
    ChangeCase, "change_case", on Case;
}

impl Action {
    /// Its word as text.
    pub const fn as_str(self) -> &'static str {
        self.code().as_str()
    }
}
