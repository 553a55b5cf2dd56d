//! The tables of people.

#![expect(unreachable_pub, reason = "what is derived for an entity is public as it is")]

/// One table: its name, the columns of its key after the organisation, and the others.
macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $table:literal, key { $($key:ident: $key_type:ty,)+ }, { $($column:ident: $type:ty,)* }) => {
        $(#[$doc])*
        pub(in crate::people) mod $name {
            use ledger::Id;
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub organisation_id: Id,
                $(#[sea_orm(primary_key, auto_increment = false)]
                pub $key: $key_type,)+
                $(pub $column: $type,)*
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

table!(
    /// Persons.
    person, "person", key { id: Id, }, {
        site_id: Option<Id>,
        source: Option<String>,
        memberships: i16,
        given: String,
        family: String,
        known_as: Option<String>,
        email: Option<String>,
        language: Option<String>,
        year: Option<i16>,
        sponsor_id: Option<Id>,
        phone: Option<Vec<u8>>,
        started: String,
        ended: Option<String>,
        sought: String,
        version: i64,
        made_at: i64,
    }
);

table!(
    /// Classes, tutor groups and other groups.
    group, "school_group", key { id: Id, }, {
        site_id: Option<Id>,
        kind: String,
        name: String,
        school_year: i16,
        year: Option<i16>,
        version: i64,
        made_at: i64,
    }
);

table!(
    /// Who is in them.
    group_member, "group_member", key { group_id: Id, person_id: Id, started: String, }, {
        part: String,
        ended: Option<String>,
    }
);

table!(
    /// Households.
    household, "household", key { id: Id, }, {
        address: Option<Vec<u8>>,
        version: i64,
        made_at: i64,
    }
);

table!(
    /// Who belongs to them.
    household_member, "household_member", key { household_id: Id, person_id: Id, started: String, }, {
        ended: Option<String>,
    }
);

table!(
    /// Adults and children.
    relation, "relation", key { adult_id: Id, child_id: Id, }, {
        kinship: String,
        responsibility: i16,
        lives_with: i16,
        may_message: i16,
        care: Option<Vec<u8>>,
        started: String,
        ended: Option<String>,
        version: i64,
    }
);

table!(
    /// Who holds which role, from when to when.
    holding, "role_holding", key { id: Id, }, {
        person_id: Id,
        role: String,
        duties: i16,
        authority: Option<String>,
        started: String,
        ended: Option<String>,
        version: i64,
        made_at: i64,
    }
);

table!(
    /// What the school calls a role or a term.
    alias, "alias", key { word: String, }, {
        title: String,
        version: i64,
    }
);

table!(
    /// How many must hold a role here.
    minimum, "role_minimum", key { role: String, }, {
        least: i16,
        version: i64,
    }
);

table!(
    /// Which role has a duty here.
    duty, "duty_role", key { duty: String, }, {
        accountable: String,
        lead: String,
        day_to_day: String,
        version: i64,
    }
);

table!(
    /// Imports and roll-overs.
    run, "people_run", key { id: Id, }, {
        person_id: Id,
        kind: String,
        state: i16,
        steps: i64,
        done: i64,
        added: i64,
        changed: i64,
        left_alone: i64,
        refused: i64,
        began_at: i64,
        changed_at: i64,
    }
);

table!(
    /// Suppliers.
    supplier, "supplier", key { id: Id, }, {
        name: String,
        services: String,
        contact: Option<String>,
        policy: Option<String>,
        accepted: Option<String>,
        review: Option<String>,
        owner_id: Option<Id>,
        started: String,
        ended: Option<String>,
        version: i64,
        made_at: i64,
    }
);
