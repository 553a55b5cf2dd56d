//! What other stores join to: organisations and their sites.

/// Organisations.
pub mod organisation {
    use sea_orm::entity::prelude::*;

    use crate::Id;

    /// An organisation: a school, or a trust or an authority with several.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation")]
    pub struct Model {
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        /// What it is called.
        pub name: String,
        /// Grows with each unit that changes something of it.
        pub revision: i64,
        /// Of this row, against lost updates.
        pub version: i64,
        /// When, in microseconds since 1970, UTC.
        pub made_at: i64,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Sites.
pub mod site {
    use sea_orm::entity::prelude::*;

    use crate::Id;

    /// A site of an organisation.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "site")]
    pub struct Model {
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        /// What it is called.
        pub name: String,
        /// Of this row, against lost updates.
        pub version: i64,
        /// When, in microseconds since 1970, UTC.
        pub made_at: i64,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
