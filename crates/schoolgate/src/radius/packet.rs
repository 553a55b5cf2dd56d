//! A packet of RADIUS accounting (RFC 2866), read from bytes that anybody may have sent, into what cannot be wrong.
//!
//! Only what bears the shared secret is read further. MD5 is what the protocol has; its weakness is answered by long secrets and by
//! clients named by their addresses, and the secret protects no more than who is said to be where.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use md5::{Digest as _, Md5};

/// Longest packet, in bytes (RFC 2865, 3).
pub const MAX_PACKET: usize = 4096;
const HEADER: usize = 20;
const REQUEST: u8 = 4;
const RESPONSE: u8 = 5;

const USER_NAME: u8 = 1;
const NAS_IP_ADDRESS: u8 = 4;
const FRAMED_IP_ADDRESS: u8 = 8;
const NAS_IDENTIFIER: u8 = 32;
const PROXY_STATE: u8 = 33;
const ACCT_STATUS_TYPE: u8 = 40;
const ACCT_DELAY_TIME: u8 = 41;
const ACCT_SESSION_ID: u8 = 44;
const MESSAGE_AUTHENTICATOR: u8 = 80;
const NAS_IPV6_ADDRESS: u8 = 95;
const FRAMED_IPV6_ADDRESS: u8 = 168;
/// Those of ours that may stand in a packet once only.
const ONCE: [u8; 6] = [USER_NAME, FRAMED_IP_ADDRESS, ACCT_STATUS_TYPE, ACCT_DELAY_TIME, ACCT_SESSION_ID, MESSAGE_AUTHENTICATOR];

/// The secret that a client and we share.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(zeroize::Zeroizing<Vec<u8>>);

/// What somebody's network says.
#[derive(Clone, PartialEq, Eq)]
pub struct Accounting {
    /// What happened.
    pub status: Status,
    /// By which name the network calls the person; at most 253 bytes.
    pub user: Option<String>,
    /// The device's addresses.
    pub addresses: Vec<IpAddr>,
    /// Which part of the network: its identifier, else its address, as sent; empty where it says neither.
    pub nas: Vec<u8>,
    /// Its name of the session.
    pub session: Vec<u8>,
    /// How long ago it happened.
    pub delay: SignedDuration,
    answer: Vec<u8>,
}

/// What happened (RFC 2866, 5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Somebody has begun to use an address.
    Start,
    /// Somebody goes on using it.
    Interim,
    /// Somebody has stopped.
    Stop,
    /// A part of the network has started anew, or is about to end: its sessions are over.
    Reset,
    /// Something that says nothing of who is where.
    Other,
}

/// Why a packet is thrown away, unanswered (RFC 2866, 3: "silently discarded").
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Shorter than it says, or than any packet is.
    #[error("it is cut off")]
    Short,
    /// No request for accounting.
    #[error("it is no request for accounting")]
    Kind,
    /// It does not bear the secret.
    #[error("it does not bear the secret that is shared with this client")]
    Secret,
    /// Its attributes are not as they must be.
    #[error("its attributes are not well formed")]
    Attributes,
}

// === impl Secret ===

impl Secret {
    /// Fewest bytes: what is shorter can be tried out from one packet that was overheard (RFC 2865, 3 asks for 16).
    pub const LEAST: usize = 16;

    /// A secret, if it is long enough.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() >= Self::LEAST).then(|| Self(bytes.into()))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

// === impl Accounting ===

impl Accounting {
    /// Reads a packet that bears the secret.
    ///
    /// # Errors
    /// Where it does not, or is not as the RFCs say.
    pub fn read(packet: &[u8], secret: &Secret) -> Result<Self, Refused> {
        let (&[code, identifier, high, low], _) = packet.split_first_chunk().ok_or(Refused::Short)?;
        // What follows the length that it says is padding (RFC 2865, 3).
        let length = usize::from(u16::from_be_bytes([high, low]));
        let packet = packet.get(..length).filter(|packet| (HEADER..=MAX_PACKET).contains(&packet.len())).ok_or(Refused::Short)?;
        if code != REQUEST {
            return Err(Refused::Kind);
        }
        let (start, rest) = packet.split_first_chunk::<4>().ok_or(Refused::Short)?;
        let (authenticator, attributes) = rest.split_first_chunk::<16>().ok_or(Refused::Short)?;
        if !same(authenticator, &digest([start, &[0; 16], attributes, &secret.0])) {
            return Err(Refused::Secret);
        }
        let attributes = Attributes::read(attributes)?;
        attributes.check_message(start, secret)?;
        let mut accounting = attributes.meaning()?;
        accounting.answer = attributes.answer(identifier, authenticator, secret);
        Ok(accounting)
    }

    /// The answer that says it was taken.
    pub fn answer(&self) -> &[u8] {
        &self.answer
    }
}

impl std::fmt::Debug for Accounting {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Accounting").field("status", &self.status).finish_non_exhaustive()
    }
}

/// The attributes of a packet, each whole.
struct Attributes<'a> {
    all: Vec<(u8, &'a [u8])>,
}

// === impl Attributes ===

impl<'a> Attributes<'a> {
    fn read(mut rest: &'a [u8]) -> Result<Self, Refused> {
        let mut all = Vec::new();
        while let Some((&[kind, length], after)) = rest.split_first_chunk::<2>() {
            let length = usize::from(length).checked_sub(2).ok_or(Refused::Attributes)?;
            let (value, next) = after.split_at_checked(length).ok_or(Refused::Attributes)?;
            all.push((kind, value));
            rest = next;
        }
        let once = |kind: &u8| all.iter().filter(|(other, _)| other == kind).count() <= 1;
        if rest.is_empty() && ONCE.iter().all(once) { Ok(Self { all }) } else { Err(Refused::Attributes) }
    }

    fn get(&self, kind: u8) -> Option<&'a [u8]> {
        self.all.iter().find(|(other, _)| *other == kind).map(|(_, value)| *value)
    }

    /// A value that has one length only.
    fn sized<const N: usize>(&self, kind: u8) -> Result<Option<[u8; N]>, Refused> {
        self.get(kind).map(|value| value.try_into().map_err(|_| Refused::Attributes)).transpose()
    }

    /// The second proof, where one is there: over the packet as it was before both (RFC 3579, 3.2, and RFC 5997).
    fn check_message(&self, start: &[u8; 4], secret: &Secret) -> Result<(), Refused> {
        let Some(sent) = self.sized::<16>(MESSAGE_AUTHENTICATOR)? else { return Ok(()) };
        let mut mac = Hmac::<Md5>::new_from_slice(&secret.0).map_err(|_| Refused::Secret)?;
        mac.update(start);
        mac.update(&[0; 16]);
        for (kind, value) in &self.all {
            mac.update(&[*kind, length_of(value)]);
            mac.update(if *kind == MESSAGE_AUTHENTICATOR { &[0; 16] } else { value });
        }
        mac.verify_slice(&sent).map_err(|_| Refused::Secret)
    }

    fn meaning(&self) -> Result<Accounting, Refused> {
        let status = match u32::from_be_bytes(self.sized(ACCT_STATUS_TYPE)?.ok_or(Refused::Attributes)?) {
            1 => Status::Start,
            2 => Status::Stop,
            3 => Status::Interim,
            7 | 8 => Status::Reset,
            _ => Status::Other,
        };
        let user = self.get(USER_NAME).map(|name| std::str::from_utf8(name).map_err(|_| Refused::Attributes)).transpose()?;
        let delay = u32::from_be_bytes(self.sized(ACCT_DELAY_TIME)?.unwrap_or_default());
        let nas = [NAS_IDENTIFIER, NAS_IP_ADDRESS, NAS_IPV6_ADDRESS].into_iter().find_map(|kind| self.get(kind));
        Ok(Accounting {
            status,
            user: user.map(str::to_owned),
            addresses: self.addresses()?,
            nas: nas.unwrap_or_default().to_vec(),
            session: self.get(ACCT_SESSION_ID).unwrap_or_default().to_vec(),
            delay: SignedDuration::from_secs(delay.into()),
            answer: Vec::new(),
        })
    }

    fn addresses(&self) -> Result<Vec<IpAddr>, Refused> {
        let v4 = self.sized::<4>(FRAMED_IP_ADDRESS)?.map(Ipv4Addr::from);
        // The two highest say how an address is to be chosen and are none (RFC 2865, 5.8).
        let v4 = v4.filter(|address| !address.is_unspecified() && address.octets()[..3] != [255; 3]).map(IpAddr::from);
        let mut all: Vec<_> = v4.into_iter().collect();
        for (_, value) in self.all.iter().filter(|(kind, _)| *kind == FRAMED_IPV6_ADDRESS) {
            let address: [u8; 16] = (*value).try_into().map_err(|_| Refused::Attributes)?;
            all.push(IpAddr::from(Ipv6Addr::from(address)).to_canonical());
        }
        Ok(all)
    }

    /// What a proxy hung on comes back as it was (RFC 2865, 5.33).
    fn answer(&self, identifier: u8, request: &[u8; 16], secret: &Secret) -> Vec<u8> {
        let mut attributes = Vec::new();
        for (kind, value) in self.all.iter().filter(|(kind, _)| *kind == PROXY_STATE) {
            attributes.extend([*kind, length_of(value)]);
            attributes.extend_from_slice(value);
        }
        let length = u16::try_from(HEADER + attributes.len()).unwrap_or(u16::MAX).to_be_bytes();
        let start = [RESPONSE, identifier, length[0], length[1]];
        let proof = digest([&start, request, &attributes, &secret.0]);
        [&start[..], &proof, &attributes].concat()
    }
}

/// Of an attribute with this value, which was read from one.
fn length_of(value: &[u8]) -> u8 {
    u8::try_from(value.len() + 2).unwrap_or(u8::MAX)
}

fn digest(parts: [&[u8]; 4]) -> [u8; 16] {
    parts.into_iter().fold(Md5::new(), |md5, part| md5.chain_update(part)).finalize().into()
}

/// Compares without saying by its time where the difference is.
fn same(left: &[u8; 16], right: &[u8; 16]) -> bool {
    left.iter().zip(right).fold(0, |all, (left, right)| all | (left ^ right)) == 0
}
