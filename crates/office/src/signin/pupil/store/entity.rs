//! The tables of how children sign in.

#![expect(unreachable_pub, reason = "what is derived for an entity is public as it is")]

pub(in crate::signin::pupil) mod class_door {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "class_door")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub group_id: Id,
        pub code: String,
        pub way: i16,
        pub made_at: i64,
    }

    /// It leads to names of children, so no log gets it.
    impl std::fmt::Debug for Model {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("class_door(..)")
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(in crate::signin::pupil) mod picture_sign_in {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "picture_sign_in")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Id,
        pub symbol: i16,
        pub pictures: Option<Vec<u8>>,
        pub version: i64,
        pub made_at: i64,
    }

    /// It holds what helps whoever guesses, so no log gets it.
    impl std::fmt::Debug for Model {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("picture_sign_in(..)")
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(in crate::signin::pupil) mod sign_in_card {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in_card")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        pub group_id: Id,
        pub person_id: Id,
        pub made_at: i64,
        pub ended_at: Option<i64>,
    }

    /// Whose card it is may be told from it, so no log gets it.
    impl std::fmt::Debug for Model {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("sign_in_card(..)")
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
