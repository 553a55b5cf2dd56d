//! How an id stands in a column: sixteen bytes, the same in both databases.

use ids::{EntryId, EpochId, GroupId, HoldingId, HouseholdId, OrganisationId, PersonId, RecordId, SiteId, SupplierId};
use sea_orm::sea_query::{ArrayType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, ColumnType, DbErr, QueryResult, TryFromU64, TryGetError, TryGetable, Value};

/// The sixteen bytes of an id of any kind. Stores turn it into the typed one of `ids` as they read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id([u8; 16]);

// === impl Id ===

impl Id {
    /// The bytes themselves.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

impl From<[u8; 16]> for Id {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

macro_rules! typed {
    ($($id:ident),+) => {$(
        impl From<$id> for Id {
            fn from(id: $id) -> Self {
                Self(id.to_bytes())
            }
        }

        impl From<Id> for $id {
            fn from(id: Id) -> Self {
                Self::from_bytes(id.0)
            }
        }
    )+};
}

typed!(EntryId, EpochId, GroupId, HoldingId, HouseholdId, OrganisationId, PersonId, RecordId, SiteId, SupplierId);

impl From<Id> for Value {
    fn from(id: Id) -> Self {
        Self::Bytes(Some(id.0.to_vec()))
    }
}

impl Nullable for Id {
    fn null() -> Value {
        Value::Bytes(None)
    }
}

impl ValueType for Id {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        match value {
            Value::Bytes(Some(bytes)) => <[u8; 16]>::try_from(bytes).map(Self).map_err(|_| ValueTypeErr),
            _ => Err(ValueTypeErr),
        }
    }

    fn type_name() -> String {
        "Id".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::Bytes
    }

    fn column_type() -> ColumnType {
        ColumnType::Binary(16)
    }
}

impl TryGetable for Id {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let bytes = Vec::<u8>::try_get_by(row, index)?;
        let wrong = |bytes: Vec<u8>| DbErr::Type(format!("an id has 16 bytes, this one has {}", bytes.len()));
        Ok(Self(bytes.try_into().map_err(wrong)?))
    }
}

impl TryFromU64 for Id {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("Id"))
    }
}
