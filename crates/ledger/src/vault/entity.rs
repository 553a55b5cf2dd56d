//! The table of the vault.

#![expect(unreachable_pub, reason = "what is derived for an entity is public as it is")]

/// Objects: what each file is, and who may read it.
pub(crate) mod object {
    use sea_orm::entity::prelude::*;

    use crate::Id;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "vault_object")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        pub site_id: Option<Id>,
        pub record_id: Id,
        pub name: Vec<u8>,
        pub media: String,
        pub size: i64,
        pub hash: Vec<u8>,
        pub state: i16,
        pub version: i64,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
