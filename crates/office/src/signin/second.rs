//! The second factor: a code that a telephone makes anew each half minute (TOTP, RFC 6238).

use aws_lc_rs::{constant_time, rand};
use calendar::Instant;
use ids::{OrganisationId, PersonId};
use totp_rs::{Algorithm, TOTP};
use zeroize::Zeroizing;

use super::error::SignInError;
use super::key::MachineKey;

/// Seconds for which a code is the code.
const STEP: u64 = 30;

/// What telephone and school share: 160 random bits.
#[expect(missing_debug_implementations, reason = "a secret is never shown")]
pub struct Seed(TOTP);

// === impl Seed ===

impl Seed {
    /// A new one.
    ///
    /// # Errors
    /// Where the system has no chance to give.
    pub fn random() -> Result<Self, SignInError> {
        let mut bytes = Zeroizing::new(vec![0; 20]);
        rand::fill(&mut bytes).map_err(|_| SignInError::Chance)?;
        Self::of(&bytes)
    }

    /// From 20 bytes that are known to others: for an invented school alone.
    ///
    /// # Errors
    /// It has none with so many bytes.
    pub fn invented(bytes: &[u8; 20]) -> Result<Self, SignInError> {
        Self::of(bytes)
    }

    /// The code of the half minute that lies `steps` before or after the one of `now`.
    pub fn code(&self, now: Instant, steps: i64) -> String {
        let seconds = now.micros() / 1_000_000 + steps * 30;
        self.0.generate(u64::try_from(seconds).unwrap_or_default())
    }

    /// What is in the picture that a telephone reads (`otpauth:`, as the Key Uri Format of Google Authenticator has it).
    pub fn address(&self, school: &str, user_name: &str) -> String {
        let escaped = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
        let (school, name) = (escaped(school), escaped(user_name));
        format!("otpauth://totp/{school}:{name}?secret={}&issuer={school}", self.expose())
    }

    fn of(bytes: &[u8]) -> Result<Self, SignInError> {
        // What every app on a telephone can do: SHA-1, six digits, half a minute.
        TOTP::new(Algorithm::SHA1, 6, 1, STEP, bytes.to_vec()).map(Self).map_err(|_| SignInError::Key)
    }

    /// As it is typed into the telephone, in base 32. Shown once.
    pub fn expose(&self) -> String {
        self.0.get_secret_base32()
    }

    /// The half minute of which `code` is the code, if it is one of now, the one before or the one after: clocks differ.
    pub(super) fn step_of(&self, code: &str, now: Instant) -> Option<u64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let now = u64::try_from(now.micros()).ok()? / 1_000_000 / STEP;
        let is = |step: &u64| constant_time::verify_slices_are_equal(self.0.generate(step * STEP).as_bytes(), code.as_bytes()).is_ok();
        [now, now.checked_sub(1)?, now + 1].into_iter().find(is)
    }

    /// Sealed to its account.
    pub(super) fn seal(&self, key: &MachineKey, organisation: OrganisationId, person: PersonId) -> Result<Vec<u8>, SignInError> {
        key.seal(&place(organisation, person), &self.0.secret)
    }

    pub(super) fn unseal(key: &MachineKey, organisation: OrganisationId, person: PersonId, sealed: &[u8]) -> Result<Self, SignInError> {
        Self::of(&key.unseal(&place(organisation, person), sealed)?)
    }
}

fn place(organisation: OrganisationId, person: PersonId) -> Vec<u8> {
    [b"schoolgate v1 seed".as_slice(), &organisation.to_bytes(), &person.to_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc_and_good_for_a_minute_and_a_half() {
        // RFC 6238, appendix B: the last six of eight digits, SHA-1.
        let seed = Seed::of(b"12345678901234567890").expect("a seed");
        let at = |seconds: i64| Instant::from_micros(seconds * 1_000_000).expect("a moment");
        for (seconds, code) in [(1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
            let step = u64::try_from(seconds).expect("positive") / STEP;
            assert_eq!(seed.step_of(code, at(seconds)), Some(step));
            assert_eq!(seed.step_of(&format!("{} {}", &code[..3], &code[3..]), at(seconds + 30)), Some(step), "the one before");
            assert_eq!(seed.step_of(code, at(seconds - 30)), Some(step), "the one after");
            assert_eq!(seed.step_of(code, at(seconds + 60)), None);
            assert_eq!(seed.step_of("", at(seconds)), None);
        }
    }
}
