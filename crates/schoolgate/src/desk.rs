//! The office of this installation: its records with who is signed in and who may do what, once they can be had.

use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use calendar::Date;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use office::access::Policies;
use office::control::Recorded;
use office::people::import::Imports;
use office::signin::{Cost, MachineKey, Near, SignIns};
use office::web::{Kept, Office};

use crate::controls;
use crate::data::DataFolder;
use crate::keys::Protected;
use crate::live::InForce;
use crate::master::MasterKey;
use crate::records::Records;

/// Makes the office when it is first asked for, and keeps it: who is signed in lives in it.
#[expect(missing_debug_implementations, reason = "it holds who is signed in")]
pub struct Desk {
    records: Arc<Records>,
    data: DataFolder,
    cost: Cost,
    zone: TimeZone,
    near: Near,
    office: OnceLock<Arc<Office>>,
    recorded: Kept<(Date, String), Recorded>,
}

// === impl Desk ===

impl Desk {
    /// Over these records. `cost`: of new passwords; `zone`: the school's, in which a leaver's last day ends; `near`: which addresses are the
    /// school's.
    pub fn new(records: Arc<Records>, data: DataFolder, cost: Cost, zone: TimeZone, near: Near) -> Self {
        Self { records, data, cost, zone, near, office: OnceLock::new(), recorded: Kept::default() }
    }

    /// The office, if the records can be had.
    ///
    /// # Errors
    /// Why not, for a person.
    pub fn office(&self) -> Result<Arc<Office>, String> {
        if let Some(office) = self.office.get() {
            return Ok(Arc::clone(office));
        }
        let made = office(self.records.get()?, &self.data, self.cost, self.zone.clone()).map_err(|error| format!("{error:#}"))?;
        let made = Office { sign_ins: made.sign_ins.at_school(Arc::clone(&self.near)), ..made };
        Ok(Arc::clone(self.office.get_or_init(|| Arc::new(made))))
    }

    /// What controls look at in the records, from what is kept of it.
    ///
    /// # Errors
    /// Why it cannot be had, for a person.
    pub async fn recorded(&self, in_force: &InForce, now: Timestamp) -> Result<Recorded, String> {
        let office = self.office()?;
        let (reader, organisation, school) = (office.ledger.reader(), office.organisation, &in_force.config.school);
        let today = controls::today(in_force, now)?;
        let made = async { controls::recorded(reader, organisation, school, today).await.map_err(anyhow::Error::msg) };
        let kept = self.recorded.get(reader, organisation, (today, school.clone()), made).await;
        kept.map(|recorded| (*recorded).clone()).map_err(|error| format!("{error:#}"))
    }
}

/// The office of records that are open.
///
/// # Errors
/// Where the machine's key cannot be read.
pub fn office(protected: &Protected, data: &DataFolder, cost: Cost, zone: TimeZone) -> Result<Office> {
    let master = MasterKey::of(data)?;
    let key = MachineKey::new(&*master.sign_in()?);
    let (ledger, organisation) = (protected.ledger().clone(), protected.organisation());
    let sign_ins = SignIns::new(&ledger, organisation, key, cost).in_zone(zone);
    let policies = Policies::shipped().context("preparing who may do what")?;
    Ok(Office {
        ledger,
        organisation,
        keys: protected.keys().clone(),
        sign_ins,
        outbox: master.outbox()?,
        policies,
        imports: Imports::default(),
        classes: Kept::default(),
        stands: Kept::default(),
    })
}
