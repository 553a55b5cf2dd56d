//! The tables of the trail.

#![expect(unreachable_pub, reason = "what is derived for an entity is public as it is")]

/// Entries.
pub(crate) mod entry {
    use sea_orm::entity::prelude::*;

    use crate::Id;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        pub site_id: Option<Id>,
        pub kind: i16,
        pub at: i64,
        pub actor_id: Option<Id>,
        pub role: String,
        pub behalf_id: Option<Id>,
        pub purpose: String,
        pub origin: String,
        pub subject_kind: String,
        pub subject_id: Id,
        pub action: String,
        pub text_hash: Option<Vec<u8>>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Texts before and after, sealed.
pub(crate) mod text {
    use sea_orm::entity::prelude::*;

    use crate::Id;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_text")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub entry_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i16,
        pub field: String,
        pub side: i16,
        pub ciphertext: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Links of the chain.
pub(crate) mod link {
    use sea_orm::entity::prelude::*;

    use crate::Id;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub entry_id: Id,
        pub hash: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Entries that no link covers yet.
pub(crate) mod unsealed {
    use sea_orm::entity::prelude::*;

    use crate::Id;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_unsealed")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub position: i64,
        pub organisation_id: Id,
        pub entry_id: Id,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
