//! The tables of policies.

pub(in crate::policies) mod version {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "policy_version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        pub policy: String,
        pub number: i64,
        pub state: i16,
        pub source: String,
        pub filled: Option<String>,
        pub hash: Option<Vec<u8>>,
        pub must_sign: i16,
        pub change: String,
        pub writers: Vec<u8>,
        pub written_on: String,
        pub approved_on: Option<String>,
        pub minute: Option<String>,
        pub approved_by: Option<Id>,
        pub published_at: Option<i64>,
        pub in_force_from: Option<String>,
        pub review_by: Option<String>,
        pub version: i64,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(in crate::policies) mod early {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "policy_review")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        pub policy: String,
        pub cause: String,
        pub happened: String,
        pub due: String,
        pub called_by: Id,
        pub called_on: String,
        pub is_changed: i16,
        pub why: Option<String>,
        pub decided_by: Option<Id>,
        pub decided_on: Option<String>,
        pub version: i64,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(in crate::policies) mod comment {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "policy_comment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        pub version_id: Id,
        pub who: String,
        pub said: String,
        pub answer: Option<String>,
        pub entered_by: Id,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(in crate::policies) mod request {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "copy_request")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        pub policy: String,
        pub form: String,
        pub note: String,
        pub asked_on: String,
        pub due: String,
        pub sent_on: Option<String>,
        pub version: i64,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(in crate::policies) mod translation {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "policy_translation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        pub version_id: Id,
        pub language: String,
        pub number: i64,
        pub source: String,
        pub filled: Option<String>,
        pub hash: Option<Vec<u8>>,
        pub writers: Vec<u8>,
        pub written_on: String,
        pub checked_by: Option<Id>,
        pub checked_on: Option<String>,
        pub withdrawn_by: Option<Id>,
        pub withdrawn_on: Option<String>,
        pub version: i64,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
