//! The tables of signing in.

#![expect(unreachable_pub, reason = "what is derived for an entity is public as it is")]

pub(in crate::signin) mod account {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Id,
        pub user_name: String,
        pub password: Option<Vec<u8>>,
        pub seed: Option<Vec<u8>>,
        pub step: i64,
        pub signed_in_at: Option<i64>,
        pub chosen_at: Option<i64>,
        pub ended_at: Option<i64>,
        pub version: i64,
        pub made_at: i64,
    }

    /// It holds what helps whoever guesses, so no log gets it.
    impl std::fmt::Debug for Model {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("account(..)")
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(in crate::signin) mod recovery_code {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i16,
        pub hash: Vec<u8>,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(in crate::signin) mod sign_in_link {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        pub person_id: Id,
        pub until: i64,
        pub used_at: Option<i64>,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
