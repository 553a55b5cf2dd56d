//! What is taken out of the product, and which proof of the register must fail then.

use super::Mutation;

/// One after the other, each from the whole product.
pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        clause: "A-053",
        taken: "People: whoever has left holds no role any more.",
        file: "crates/office/src/people/store/holding.rs",
        text: ".filter(|left| *left < on)",
        with: ".filter(|left| *left < on && on < *left)",
        proof: "office/tests/it/roles.rs::a_role_lapses_when_its_time_or_its_holder_ends",
    },
    Mutation {
        clause: "B-027",
        taken: "People: a role that is vacant or held twice is found.",
        file: "crates/office/src/people/controls.rs",
        text: "gaps => Finding::breached(gaps.join(\" \")),",
        with: "gaps => Finding::met(gaps.join(\" \")),",
        proof: "office/src/people/controls.rs::a_role_that_is_not_held_as_it_must_be_is_found",
    },
    Mutation {
        clause: "B-071",
        taken: "Credentials: only a child’s own pictures sign it in.",
        file: "crates/office/src/signin/pupil/door.rs",
        text: "let is_right = self.check(kept, typed).await? &&",
        with: "let is_right = self.check(kept, typed).await.is_ok() &&",
        proof: "office/tests/signin/pupils.rs::a_child_signs_in_with_the_own_pictures_in_their_order_and_in_no_other",
    },
    Mutation {
        clause: "B-129",
        taken: "Credentials: a user name is given once.",
        file: "crates/ledger/src/migrations/signin.rs",
        text: "index_sql(backend, name.unique()),",
        with: "index_sql(backend, &name),",
        proof: "office/tests/signin/accounts.rs::a_user_name_is_given_once_and_never_again",
    },
    Mutation {
        clause: "B-002",
        taken: "Policies: nobody approves a text of their own.",
        file: "crates/office/src/policies/store/version.rs",
        text: "    if seen.writers.contains(&by) {",
        with: "    if seen.writers.is_empty() {",
        proof: "office/tests/it/policies.rs::a_version_comes_into_force_approved_by_another_and_its_text_stays",
    },
    Mutation {
        clause: "B-238",
        taken: "Agreements: the pupil signs too, not the parent alone.",
        file: "crates/office/src/agreements/need.rs",
        text: "all.push(Need { asked_from: Some(from), ..own(rules_of(details)) });",
        with: "all.retain(|need| need.asked_from != Some(from));",
        proof: "office/tests/it/agreements.rs::from_year_3_the_pupil_signs_too_and_nobody_signs_for_them",
    },
    Mutation {
        clause: "B-021",
        taken: "Agreements: a new text is signed anew.",
        file: "crates/office/src/agreements/standing.rs",
        text: "given.number >= sign_number && is_fresh(given)",
        with: "sign_number > 0 && is_fresh(given)",
        proof: "office/tests/it/agreements.rs::a_new_text_asks_anew_with_grace_and_old_signatures_stay_with_the_old_text",
    },
    Mutation {
        clause: "B-138",
        taken: "Gate: without a signature there is no internet.",
        file: "crates/office/src/agreements/store/access.rs",
        text: "self.mode == Mode::Enforce && self.is_unsigned()",
        with: "self.mode == Mode::Enforce && self.needs.is_empty()",
        proof: "office/tests/it/agreements.rs::no_signature_no_internet_and_a_signature_opens_it",
    },
    Mutation {
        clause: "B-094",
        taken: "Settings: what the school has set holds, not what it was shipped with.",
        file: "crates/office/src/settings/store.rs",
        text: "self.changed(setting).map_or(setting.usual, |changed| changed.value)",
        with: "self.changed(setting).map_or(setting.usual, |_| setting.usual)",
        proof: "office/tests/it/agreements.rs::no_signature_no_internet_and_a_signature_opens_it",
    },
];
