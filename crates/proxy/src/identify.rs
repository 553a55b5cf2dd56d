//! Who signed in at the proxy (Basic, RFC 7617). The header never leaves the machine: `headers` takes it away.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderValue, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION};
use ids::PersonId;
use sha2::{Digest, Sha256};

use crate::chain::Refusal;
use crate::gate::Caller;
use crate::page;
use crate::rules::{PasswordHash, Rules};

/// The person signed in. Where the listener asks, whoever is not is asked; where it does not, nobody needs to be.
pub(crate) fn person(rules: &Rules, caller: &Caller, headers: &HeaderMap) -> Result<Option<PersonId>, Refusal> {
    if !caller.asks || caller.inside.is_some() {
        return Ok(caller.person);
    }
    let person = headers.get(PROXY_AUTHORIZATION).and_then(credentials).and_then(|(name, password)| {
        let user = rules.users.get(name.as_str())?;
        user.password.fits(&password).then_some(user.person)
    });
    match person {
        Some(person) => Ok(Some(person)),
        None => {
            let mut answer = page::plain(StatusCode::PROXY_AUTHENTICATION_REQUIRED, "Please sign in to use the internet.");
            answer.headers_mut().insert(PROXY_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Schoolgate\", charset=\"UTF-8\""));
            Err(answer.into())
        }
    }
}

fn credentials(value: &HeaderValue) -> Option<(String, String)> {
    let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    text.split_once(':').map(|(name, password)| (name.to_owned(), password.to_owned()))
}

impl PasswordHash {
    /// The hash of a password under a salt.
    pub fn new(salt: [u8; 16], password: &str) -> Self {
        Self { salt, hash: Sha256::new().chain_update(salt).chain_update(password.as_bytes()).finalize().into() }
    }

    /// Compares without saying by its time where the difference is.
    fn fits(&self, password: &str) -> bool {
        let other = Self::new(self.salt, password);
        self.hash.iter().zip(other.hash).fold(0, |all, (left, right)| all | (left ^ right)) == 0
    }
}
