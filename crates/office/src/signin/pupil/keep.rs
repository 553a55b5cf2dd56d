//! What the teacher of a class does about its signing in. Whether somebody may is asked of [`access`](crate::access) before, and who is in
//! the class is the caller's to know.

use std::collections::HashSet;

use ids::{GroupId, PersonId};
use ledger::{Act, code};
use ui::components::symbol::Symbol;

use super::model::{ClassCode, ClassDoor, Pictures, Way};
use super::store;
use crate::signin::error::SignInError;
use crate::signin::password::NewPassword;
use crate::signin::service::SignIns;
use crate::signin::token::Token;

// === impl SignIns ===

impl SignIns {
    /// How a class comes in, if that was set up.
    ///
    /// # Errors
    /// Where the records refuse.
    pub async fn class_door(&self, group: GroupId) -> Result<Option<ClassDoor>, SignInError> {
        store::door_of(self.ledger.reader(), self.organisation, group).await
    }

    /// Gives a class a new code, and says how its children go on. The code from before opens nothing any more.
    ///
    /// # Errors
    /// Where the records refuse.
    pub async fn open_class(&self, act: Act, group: GroupId, way: Way) -> Result<ClassDoor, SignInError> {
        let door = ClassDoor { group, code: ClassCode::random()?, way };
        let mut unit = self.ledger.begin(act).await?;
        store::set_door(&mut unit, &door).await?;
        unit.commit().await?;
        Ok(door)
    }

    /// Gives these children of a class new pictures, and each a picture beside the name that nobody else of the class has, as long as there
    /// are enough. Whoever of them was signed in is out. The pictures are shown once.
    ///
    /// # Errors
    /// Where one of them is not in the class, or the records refuse.
    pub async fn new_pictures(
        &self,
        act: Act,
        group: GroupId,
        class: &[PersonId],
        who: &[PersonId],
    ) -> Result<Vec<(PersonId, Pictures)>, SignInError> {
        let mut given = Vec::with_capacity(who.len());
        for person in who {
            given.push((*person, Pictures::random()?));
        }
        self.set_pictures(act, group, class, &given).await?;
        Ok(given)
    }

    /// The same with pictures that are known to others: for an invented school alone.
    ///
    /// # Errors
    /// As [`new_pictures`](Self::new_pictures).
    pub async fn set_pictures(
        &self,
        act: Act,
        group: GroupId,
        class: &[PersonId],
        given: &[(PersonId, Pictures)],
    ) -> Result<(), SignInError> {
        if !given.iter().all(|(person, _)| class.contains(person)) {
            return Err(SignInError::NotInClass);
        }
        // Slow, and so before the unit.
        let mut hashes = Vec::with_capacity(given.len());
        for (person, pictures) in given {
            let text = self.pictures_text(*person, pictures)?;
            hashes.push((*person, self.hash(NewPassword::of_program(text)).await?));
        }
        let mut unit = self.ledger.begin(act).await?;
        let known = store::symbols(unit.connection(), self.organisation, class).await?;
        let mut taken: HashSet<Symbol> = known.values().copied().collect();
        for (person, hash) in &hashes {
            let symbol = known.get(person).copied().unwrap_or_else(|| free(&taken, known.len()));
            taken.insert(symbol);
            store::set_pictures(&mut unit, *person, symbol, hash).await?;
        }
        store::said_of_class(&mut unit, group, code!("pictures.given"))?;
        unit.commit().await?;
        for (person, _) in &hashes {
            self.sessions.end_all(*person);
        }
        Ok(())
    }

    /// Makes new cards for these children of a class; the ones that they had are good no more. What opens a card is shown once.
    ///
    /// # Errors
    /// Where one of them is not in the class, or the records refuse.
    pub async fn new_cards(
        &self,
        act: Act,
        group: GroupId,
        class: &[PersonId],
        who: &[PersonId],
    ) -> Result<Vec<(PersonId, Token)>, SignInError> {
        if !who.iter().all(|person| class.contains(person)) {
            return Err(SignInError::NotInClass);
        }
        let mut cards = Vec::with_capacity(who.len());
        for person in who {
            cards.push((*person, Token::random()?));
        }
        let mut unit = self.ledger.begin(act).await?;
        store::end_cards(&mut unit, who).await?;
        store::add_cards(&mut unit, group, &cards).await?;
        unit.commit().await?;
        Ok(cards)
    }

    /// Makes an account for an older child, called `rowan.r`, or `rowan.r2` where that is taken; and the link by which the child chooses a
    /// password.
    ///
    /// # Errors
    /// Where no name can be made, or the records refuse.
    pub async fn make_named(&self, act: Act, person: PersonId, given: &str, family: &str) -> Result<Token, SignInError> {
        let plain = |text: &str| text.to_lowercase().chars().filter(char::is_ascii_lowercase).collect::<String>();
        let (given, family) = (plain(given), plain(family));
        let given = if given.is_empty() { "pupil" } else { given.as_str() };
        let initial = family.get(..1).unwrap_or("x");
        for number in 1..100 {
            let number = if number == 1 { String::new() } else { number.to_string() };
            let Ok(name) = format!("{given}.{initial}{number}").parse() else { continue };
            match self.make(act.clone(), person, &name).await {
                Err(SignInError::Taken) => {}
                other => return other,
            }
        }
        Err(SignInError::Taken)
    }

    /// Cards of these children are good no more: one was lost, or all are collected.
    ///
    /// # Errors
    /// Where one of them is not in the class, or the records refuse.
    pub async fn end_cards(&self, act: Act, group: GroupId, class: &[PersonId], who: &[PersonId]) -> Result<(), SignInError> {
        if !who.iter().all(|person| class.contains(person)) {
            return Err(SignInError::NotInClass);
        }
        let mut unit = self.ledger.begin(act).await?;
        store::end_cards(&mut unit, who).await?;
        store::said_of_class(&mut unit, group, code!("cards.ended"))?;
        Ok(unit.commit().await?)
    }
}

/// A picture that nobody of the class has; where all are taken, one of them again.
fn free(taken: &HashSet<Symbol>, count: usize) -> Symbol {
    let again = || Symbol::new(u8::try_from(count % usize::from(Symbol::COUNT)).unwrap_or_default());
    Symbol::all().find(|symbol| !taken.contains(symbol)).unwrap_or_else(again)
}
