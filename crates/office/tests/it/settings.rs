//! Settings: changed with a reason, within bounds, one after the other; every value stays.

use office::settings::{self, Setting, SettingsError};

use crate::world::{School, on_both, scope};

fn grace() -> &'static Setting {
    settings::find("agreement_grace").expect("a setting")
}

async fn set(school: &School, seen: i64, value: i64, reason: &str) -> Result<(), SettingsError> {
    let mut unit = school.unit().await;
    settings::set(&mut unit, grace(), seen, value, reason).await?;
    unit.commit().await.expect("committed");
    Ok(())
}

on_both! {
    async fn a_setting_is_changed_with_a_reason_and_every_value_stays(school) {
        let now = async || settings::read(school.ledger.reader(), scope().organisation).await.expect("read").value(grace());
        assert_eq!(now().await, 14, "as it is shipped");
        set(&school, 0, 7, "Half term is near.").await.expect("set");
        set(&school, 1, 0, "The governors asked for it.").await.expect("set");
        assert_eq!(now().await, 0);
        let past = settings::history(school.ledger.reader(), scope().organisation, grace()).await.expect("read");
        let said: Vec<_> = past.iter().map(|changed| (changed.value, changed.reason.as_str())).collect();
        assert_eq!(said, [(0, "The governors asked for it."), (7, "Half term is near.")]);
    }

    async fn the_second_of_two_and_what_makes_no_sense_are_refused(school) {
        set(&school, 0, 7, "First.").await.expect("set");
        let second = set(&school, 0, 9, "Second.").await;
        assert!(matches!(second, Err(SettingsError::Records(ledger::LedgerError::Conflict))), "{second:?}");
        assert!(matches!(set(&school, 1, 91, "Long.").await, Err(SettingsError::OutOfBounds { .. })));
        assert!(matches!(set(&school, 1, -1, "Short.").await, Err(SettingsError::OutOfBounds { .. })));
        assert!(matches!(set(&school, 1, 8, " ").await, Err(SettingsError::NoReason)));
        assert!(matches!(set(&school, 1, 7, "The same.").await, Err(SettingsError::Same)));
    }
}
