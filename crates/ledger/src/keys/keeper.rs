//! The keys of an organisation in this process: what it may write with, and, while unlocked, read with.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::rand;
use ids::{EpochId, OrganisationId, RecordId};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use super::store::{self, StoredRing};
use super::texts::Unlocked;
use super::{Change, Code, Cost, HolderName, KeyError, KeysError, Passphrase, Reader, Ring, Sheets, Writer};
use crate::{Act, Change as Done, Code as Word, Ledger, LedgerError, Subject, Unit, code};

/// The keys of an organisation in this process. Clones are the same keys: unlocking one unlocks all.
#[derive(Debug, Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    organisation: OrganisationId,
    state: RwLock<State>,
    /// Held while keys change, so that two changes do not build on the same ring.
    changing: Mutex<()>,
}

#[derive(Clone, Default)]
struct State {
    ring: Option<Arc<StoredRing>>,
    writer: Option<Arc<Writer>>,
    unlocked: Option<Arc<Unlocked>>,
}

/// How things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// No keys were made: nothing that is protected can be written.
    NotMade,
    /// Protected text can be written, and read by nobody.
    Locked,
    /// Protected text can be written and read.
    Unlocked,
}

/// What somebody opens with.
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub enum Access {
    /// A holder's passphrase.
    Passphrase(HolderName, Passphrase),
    /// A key file.
    KeyFile(Code),
    /// Two of the three recovery sheets.
    Sheets(Code, Code),
}

// === impl Keys ===

impl Keys {
    /// The keys of the act's organisation, locked. Begins an epoch to write in, if keys were made.
    ///
    /// # Errors
    /// Where the database refuses, or the stored ring is damaged.
    pub async fn open(ledger: &Ledger, act: Act) -> Result<Self, KeysError> {
        let inner = Inner { organisation: act.organisation, state: RwLock::default(), changing: Mutex::new(()) };
        let keys = Self(Arc::new(inner));
        if let Some(ring) = store::load_ring(ledger.reader(), act.organisation).await? {
            let mut unit = ledger.begin(act).await?;
            let writer = begin_epoch(&unit, &ring.ring).await?;
            note(&mut unit, code!("keys.begun"))?;
            unit.commit().await?;
            keys.set(|state| *state = State { ring: Some(Arc::new(ring)), writer: Some(Arc::new(writer)), unlocked: None });
        }
        Ok(keys)
    }

    /// How things stand.
    pub fn standing(&self) -> Standing {
        match self.state() {
            State { ring: None, .. } => Standing::NotMade,
            State { unlocked: None, .. } => Standing::Locked,
            State { .. } => Standing::Unlocked,
        }
    }

    /// The ring, if keys were made.
    pub fn ring(&self) -> Option<Ring> {
        self.state().ring.map(|stored| stored.ring.clone())
    }

    /// What writes.
    ///
    /// # Errors
    /// Where no keys were made.
    pub fn writer(&self) -> Result<Arc<Writer>, KeysError> {
        self.state().writer.ok_or(KeysError::NotMade)
    }

    /// What reads.
    ///
    /// # Errors
    /// Where nobody has unlocked.
    pub fn unlocked(&self) -> Result<Arc<Unlocked>, KeysError> {
        let state = self.state();
        if state.ring.is_none() {
            return Err(KeysError::NotMade);
        }
        state.unlocked.ok_or(KeysError::Locked)
    }

    pub(super) fn organisation(&self) -> OrganisationId {
        self.0.organisation
    }

    fn state(&self) -> State {
        self.0.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.state.write().unwrap_or_else(PoisonError::into_inner));
    }
}

// === impl Keys: changes ===

impl Keys {
    /// Makes the first keys. What is returned is shown once and kept nowhere.
    ///
    /// # Errors
    /// Where keys were made already, the holders cannot be, or the database refuses.
    pub async fn make(
        &self,
        ledger: &Ledger,
        act: Act,
        holders: Vec<(HolderName, Passphrase)>,
        sheets: [HolderName; 3],
        cost: Cost,
    ) -> Result<Sheets, KeysError> {
        let _changing = self.0.changing.lock().await;
        if store::load_ring(ledger.reader(), self.0.organisation).await?.is_some() {
            return Err(KeysError::Made);
        }
        let organisation = self.0.organisation;
        let (ring, _, codes) = blocking(move || Ok(Ring::make(organisation, &holders, &sheets, cost)?)).await?;
        let mut unit = ledger.begin(act).await?;
        store::insert_ring(&unit, &ring).await?;
        let writer = begin_epoch(&unit, &ring).await?;
        note(&mut unit, code!("keys.made"))?;
        unit.commit().await?;
        let ring = StoredRing { ring, row: 0 };
        self.set(|state| *state = State { ring: Some(Arc::new(ring)), writer: Some(Arc::new(writer)), unlocked: None });
        Ok(codes)
    }

    /// Unlocks until [`Keys::lock`], or until this process ends.
    ///
    /// # Errors
    /// Where what is given does not open, or the database refuses the entry: what is not recorded is not unlocked.
    pub async fn unlock(&self, ledger: &Ledger, act: Act, with: Access) -> Result<(), KeysError> {
        let _changing = self.0.changing.lock().await;
        let (_, reader) = self.open_ring(ledger, with).await?;
        self.record(ledger, act, code!("keys.unlocked")).await?;
        self.set(|state| state.unlocked = Some(Arc::new(Unlocked::new(reader))));
        Ok(())
    }

    /// Locks at once. The entry comes after, since nothing may stand in the way of locking.
    ///
    /// # Errors
    /// Where the database refuses the entry; it is locked all the same.
    pub async fn lock(&self, ledger: &Ledger, act: Act) -> Result<(), KeysError> {
        let before = self.standing();
        self.set(|state| state.unlocked = None);
        if before == Standing::Unlocked { self.record(ledger, act, code!("keys.locked")).await } else { Ok(()) }
    }

    /// Gives a holder a passphrase, new or in place of the one they had.
    ///
    /// # Errors
    /// Where what is given does not open, or the database refuses.
    pub async fn set_passphrase(
        &self,
        ledger: &Ledger,
        act: Act,
        with: Access,
        name: HolderName,
        passphrase: Passphrase,
        cost: Cost,
    ) -> Result<(), KeysError> {
        let _changing = self.0.changing.lock().await;
        let (before, reader) = self.open_ring(ledger, with).await?;
        let old = before.clone();
        let ring = blocking(move || Ok(old.ring.with_passphrase(&reader, &name, &passphrase, cost)?)).await?;
        self.replace(ledger, act, &before, ring, code!("keys.holder")).await
    }

    /// Makes a key file for a holder, in place of whatever they had.
    ///
    /// # Errors
    /// Where what is given does not open, or the database refuses.
    pub async fn make_key_file(&self, ledger: &Ledger, act: Act, with: Access, name: &HolderName) -> Result<Code, KeysError> {
        let _changing = self.0.changing.lock().await;
        let (before, reader) = self.open_ring(ledger, with).await?;
        let (ring, file) = before.ring.with_key_file(&reader, name)?;
        self.replace(ledger, act, &before, ring, code!("keys.file")).await?;
        Ok(file)
    }

    /// Changes the keys, without the holders in `leaving`; locked or unlocked stays as it was. All of it is one transaction: whatever
    /// moment it is interrupted at, either the old keys hold or the new ones.
    ///
    /// # Errors
    /// Where what is given does not open, nobody would be left, or the database refuses.
    pub async fn rotate(
        &self,
        ledger: &Ledger,
        act: Act,
        with: Access,
        leaving: &[HolderName],
        sheets: Change,
    ) -> Result<Option<Sheets>, KeysError> {
        let _changing = self.0.changing.lock().await;
        let (before, reader) = self.open_ring(ledger, with).await?;
        let (ring, next, codes) = before.ring.rotate(&reader, leaving, sheets)?;
        let mut unit = ledger.begin(act).await?;
        for (id, sealed) in store::all_epochs(unit.connection(), self.0.organisation).await? {
            store::replace_epoch(&unit, id, &reader.reseal(id, &sealed, &ring.public())?).await?;
        }
        store::replace_ring(&unit, &before, &ring).await?;
        // The key of the epoch so far may be known to whoever knew the old pair.
        let writer = begin_epoch(&unit, &ring).await?;
        note(&mut unit, code!("keys.changed"))?;
        unit.commit().await?;
        let ring = StoredRing { ring, row: before.row + 1 };
        self.set(|state| {
            state.ring = Some(Arc::new(ring));
            state.writer = Some(Arc::new(writer));
            state.unlocked = state.unlocked.is_some().then(|| Arc::new(Unlocked::new(next)));
        });
        Ok(codes)
    }

    /// The ring as it is in the database now, opened.
    async fn open_ring(&self, ledger: &Ledger, with: Access) -> Result<(StoredRing, Reader), KeysError> {
        let stored = store::load_ring(ledger.reader(), self.0.organisation).await?.ok_or(KeysError::NotMade)?;
        blocking(move || {
            let ring = &stored.ring;
            let reader = match &with {
                Access::Passphrase(name, passphrase) => ring.unlock(name, passphrase)?,
                Access::KeyFile(file) => ring.unlock_with_file(file)?,
                Access::Sheets(one, other) => ring.recover(one, other)?,
            };
            Ok((stored, reader))
        })
        .await
    }

    async fn replace(&self, ledger: &Ledger, act: Act, before: &StoredRing, ring: Ring, what: Word) -> Result<(), KeysError> {
        let mut unit = ledger.begin(act).await?;
        store::replace_ring(&unit, before, &ring).await?;
        note(&mut unit, what)?;
        unit.commit().await?;
        self.set(|state| state.ring = Some(Arc::new(StoredRing { ring, row: before.row + 1 })));
        Ok(())
    }

    async fn record(&self, ledger: &Ledger, act: Act, what: Word) -> Result<(), KeysError> {
        let mut unit = ledger.begin(act).await?;
        note(&mut unit, what)?;
        Ok(unit.commit().await?)
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Keys").field("organisation", &self.organisation).finish_non_exhaustive()
    }
}

async fn begin_epoch(unit: &Unit, ring: &Ring) -> Result<Writer, KeysError> {
    let mut chance = [0; 10];
    rand::fill(&mut chance).map_err(|_| KeyError::Chance)?;
    let millis = u64::try_from(unit.act().at.micros() / 1000).unwrap_or_default();
    let id = EpochId::new(millis, chance);
    let (writer, sealed) = Writer::begin(ring.organisation(), &ring.public(), id)?;
    store::insert_epoch(unit, id, &sealed).await?;
    Ok(writer)
}

/// What happened to the keys of the unit's organisation.
fn note(unit: &mut Unit, action: Word) -> Result<(), LedgerError> {
    let id = RecordId::from_bytes(unit.act().organisation.to_bytes());
    unit.record(&Done::new(Subject { kind: code!("keys"), id }, action)).map(drop)
}

/// Stretching a passphrase takes long on purpose: not on a thread that serves others.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, KeysError> + Send + 'static) -> Result<T, KeysError> {
    match spawn_blocking(work).await {
        Ok(done) => done,
        Err(_) => Err(LedgerError::Closed.into()),
    }
}
