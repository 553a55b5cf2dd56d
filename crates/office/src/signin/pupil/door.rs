//! What a child meets: the class behind a code, pictures, a card.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use calendar::Instant;
use ids::{GroupId, PersonId};
use ledger::{Code, code};
use zeroize::Zeroizing;

use super::model::{ClassCode, ClassDoor, Pictures, Way};
use super::store;
use crate::access::Proof;
use crate::signin::error::SignInError;
use crate::signin::password::PasswordHash;
use crate::signin::service::{Outcome, SignIns, Wrong};
use crate::signin::store::note;
use crate::signin::throttle::{Buckets, Device};
use crate::signin::token::Token;

/// A child has pressed four pictures. That the child is in the class today is the caller's to know.
#[expect(missing_debug_implementations, reason = "it holds a password")]
pub struct PictureAttempt<'a> {
    /// The class that was chosen.
    pub class: GroupId,
    /// The child whose picture was pressed.
    pub child: PersonId,
    /// The four pictures.
    pub pictures: &'a Pictures,
    /// From where.
    pub from: IpAddr,
    /// The words that the device brought for classes, if any.
    pub device: Option<&'a Device>,
}

/// Whose card it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Card {
    /// For which class it was made.
    pub group: GroupId,
    /// Whose it is.
    pub child: PersonId,
}

/// Where a child comes in.
struct At<'a> {
    class: GroupId,
    from: IpAddr,
    device: Option<&'a Device>,
}

// === impl SignIns ===

impl SignIns {
    /// The class whose code that is. A wrong code counts, so that nobody tries them all.
    ///
    /// # Errors
    /// [`SignInError::Wait`] after too many wrong ones from there; where the records refuse.
    pub async fn door_of(&self, code: &ClassCode, from: IpAddr, now: Instant) -> Result<Option<ClassDoor>, SignInError> {
        let buckets = Buckets::of_address("class code", &self.spot(from));
        let number = self.throttle.begin(buckets, now).map_err(|until| SignInError::Wait { until })?;
        let door = store::door_called(self.ledger.reader(), self.organisation, code).await?;
        match door {
            Some(_) => self.throttle.was_right(buckets, now),
            None => drop(self.wrong(Wrong { whose: None, number, from }, now).await?),
        }
        Ok(door)
    }

    /// Signs a child in with pictures. A child without any takes as long as a wrong try.
    ///
    /// # Errors
    /// Where the records or the system refuse.
    pub async fn in_by_pictures(&self, attempt: PictureAttempt<'_>, now: Instant) -> Result<Outcome, SignInError> {
        let class = class_word(attempt.class);
        let buckets = Buckets::of_child(&self.key, &class, &attempt.child.to_bytes(), attempt.device, &self.spot(attempt.from))?;
        let number = match self.throttle.begin(buckets, now) {
            Ok(number) => number,
            Err(until) => return Ok(Outcome::Wait { until }),
        };
        let door = store::door_of(self.ledger.reader(), self.organisation, attempt.class).await?;
        let kept = store::pictures_of(self.ledger.reader(), self.organisation, attempt.child).await?;
        let kept = kept.as_deref().and_then(PasswordHash::from_bytes).unwrap_or_else(|| PasswordHash::of_nobody(self.cost));
        let typed = self.pictures_text(attempt.child, attempt.pictures)?;
        let is_right = self.check(kept, typed).await? && door.is_some_and(|door| door.way == Way::Pictures);
        if !is_right || self.has_left(attempt.child, now).await? {
            return self.wrong(Wrong { whose: Some(attempt.child), number, from: attempt.from }, now).await;
        }
        let at = At { class: attempt.class, from: attempt.from, device: attempt.device };
        let outcome = self.child_in(attempt.child, at, code!("signed-in.pictures"), now).await?;
        self.throttle.was_right(buckets, now);
        Ok(outcome)
    }

    /// Whose card that is, while it is good. That they are in the class today is the caller's to know.
    ///
    /// # Errors
    /// Where the records refuse.
    pub async fn card(&self, token: &Token) -> Result<Option<Card>, SignInError> {
        store::card(self.ledger.reader(), self.organisation, token).await
    }

    /// Signs the child of a card in. Where and when cards are good is the caller's to know.
    ///
    /// # Errors
    /// [`SignInError::Link`] where the card is not good any more; where the records refuse.
    pub async fn in_by_card(&self, token: &Token, from: IpAddr, device: Option<&Device>, now: Instant) -> Result<Outcome, SignInError> {
        let card = self.card(token).await?.ok_or(SignInError::Link)?;
        if self.has_left(card.child, now).await? {
            return Err(SignInError::Link);
        }
        self.child_in(card.child, At { class: card.group, from, device }, code!("signed-in.card"), now).await
    }

    async fn child_in(&self, child: PersonId, at: At<'_>, how: Code, now: Instant) -> Result<Outcome, SignInError> {
        let mut unit = self.ledger.begin(self.act(child, at.from, now)).await?;
        note(&mut unit, child, how)?;
        unit.commit().await?;
        let device = Device::marked(&self.key, &class_word(at.class), at.device)?;
        let session = self.sessions.begin(child, Proof::Picture, at.from, now)?;
        Ok(Outcome::In { person: child, session, device, proof: Proof::Picture })
    }

    /// What is stretched in place of a password: the pictures under the machine's key, tied to the child. Without that key a stolen database
    /// would give 116,280 of them away in an hour or two.
    pub(super) fn pictures_text(&self, child: PersonId, pictures: &Pictures) -> Result<Zeroizing<String>, SignInError> {
        let mark = Zeroizing::new(self.key.mark("pictures", &[&child.to_bytes(), pictures.as_bytes()])?);
        Ok(Zeroizing::new(STANDARD_NO_PAD.encode(mark.as_slice())))
    }
}

/// For a device at which somebody of the class has signed in. No user name has a space.
fn class_word(class: GroupId) -> String {
    format!("class {class}")
}
