//! The tables of agreements.

pub(in crate::agreements) mod signature {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "signature")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        pub version_id: Id,
        pub policy: String,
        pub signer_id: Id,
        pub for_id: Id,
        pub answer: String,
        pub method: String,
        pub hash: Vec<u8>,
        pub name: String,
        pub role: String,
        pub language: Option<String>,
        pub translation_id: Option<Id>,
        pub translation_hash: Option<Vec<u8>>,
        pub helper_id: Option<Id>,
        pub entered_by: Id,
        pub signed_on: String,
        pub made_at: i64,
    }

    /// Who signed what is nobody's business in a log.
    impl std::fmt::Debug for Model {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("signature(..)")
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(in crate::agreements) mod suspension {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "suspension")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        pub person_id: Id,
        pub reason: Option<Vec<u8>>,
        pub from_day: String,
        pub until_day: String,
        pub review_day: String,
        pub ordered_by: Id,
        pub ended_on: Option<String>,
        pub ended_by: Option<Id>,
        pub version: i64,
        pub made_at: i64,
    }

    impl std::fmt::Debug for Model {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("suspension(..)")
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(in crate::agreements) mod copy {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "policy_copy")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        pub policy: String,
        pub number: i64,
        pub person_id: Id,
        pub given_on: String,
        pub given_by: Id,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(in crate::agreements) mod reminder {
    #![expect(unreachable_pub, reason = "what is derived for an entity is public as it is")]

    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "agreement_reminder")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub for_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub to_id: Id,
        pub last_on: String,
        pub times: i64,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(in crate::agreements) mod opened {
    #![expect(unreachable_pub, reason = "what is derived for an entity is public as it is")]

    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "text_opened")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Id,
        pub opened_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
