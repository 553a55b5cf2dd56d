//! What was said before a change, sealed into its entry: history is kept, and erased with the record's key.

use ids::RecordId;
use ledger::audit::Side;
use ledger::keys::Keys;
use ledger::{Change, Code, Subject, Text, Unit};

use crate::people::PeopleError;

/// A field with what it said before and says now. Empty where there was or is nothing.
pub(super) type Said = (Code, String, String);

/// Records a change with what each field said before and says now.
pub(super) async fn record(unit: &mut Unit, keys: &Keys, subject: Subject, action: Code, said: &[Said]) -> Result<(), PeopleError> {
    let mut change = Change::new(subject, action);
    if said.iter().any(|(_, before, after)| !before.is_empty() || !after.is_empty()) {
        let sealer = keys.sealer(unit, subject.id).await?;
        for (field, before, after) in said {
            for (side, text) in [(Side::Before, before), (Side::After, after)].into_iter().filter(|(_, text)| !text.is_empty()) {
                change.texts.push(Text { field: *field, side, sealed: sealer.seal(field.as_str(), text.as_bytes())? });
            }
        }
    }
    unit.record(&change)?;
    Ok(())
}

/// A subject of the trail from an id.
pub(super) const fn subject(kind: Code, id: [u8; 16]) -> Subject {
    Subject { kind, id: RecordId::from_bytes(id) }
}
