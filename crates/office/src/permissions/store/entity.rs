//! The table.

pub(in crate::permissions) mod permission {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "permission")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        pub matter: String,
        pub asked_by: Id,
        pub about: Option<String>,
        pub sealed: Option<Vec<u8>>,
        pub from_day: String,
        pub until_day: String,
        pub asked_on: String,
        pub due: String,
        pub is_withdrawn: i16,
        pub is_yes: Option<i16>,
        pub why: Option<String>,
        pub decided_by: Option<Id>,
        pub decided_on: Option<String>,
        pub ended_on: Option<String>,
        pub ended_by: Option<Id>,
        pub version: i64,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
