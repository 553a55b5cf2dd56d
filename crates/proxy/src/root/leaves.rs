//! Certificates for single hosts, made when they are needed and kept for a while.
//!
//! All of them share one key, which lives as long as the process and is written nowhere.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use filter::Host;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, Issuer, KeyPair, KeyUsagePurpose, SanType, SerialNumber,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert, ResolvesServerCertUsingSni};
use rustls::sign::{CertifiedKey, SigningKey};

use super::RootError;

/// A stolen leaf is soon worthless, and Apple's limit for such certificates (825 days) is far.
const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How late a device's clock may be, and how early: it is valid from so long before now, and replaced so long before its end.
const MARGIN: SignedDuration = SignedDuration::from_hours(24);
/// How many are kept. When there are more all go: they are made again in a fraction of a millisecond.
const MOST: usize = 1000;

/// Makes and keeps certificates for hosts.
pub(super) struct Leaves {
    issuer: Issuer<'static, KeyPair>,
    root: CertificateDer<'static>,
    root_ends: Timestamp,
    key: KeyPair,
    signer: Arc<dyn SigningKey>,
    kept: Mutex<HashMap<Host, Leaf>>,
}

struct Leaf {
    certified: Arc<CertifiedKey>,
    from: Timestamp,
    renewed: Timestamp,
}

/// Chooses the certificate of one connection.
pub(super) struct ByName {
    pub(super) leaves: Arc<Leaves>,
    pub(super) otherwise: Host,
    pub(super) now: Timestamp,
}

/// What all connections have in common; who answers is put in later.
pub(super) fn config() -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(ResolvesServerCertUsingSni::new()));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // The next connection is judged again, so nothing of this one is kept.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}

/// Sixteen random bytes as a positive number. Without it all leaves of one key would share one serial, and Firefox refuses that.
pub(super) fn random_serial() -> Result<SerialNumber, RootError> {
    let mut bytes = [0; 16];
    let random = aws_lc_rs::default_provider().secure_random;
    random.fill(&mut bytes).map_err(|_| RootError::Tls(rustls::Error::FailedToGetRandomBytes))?;
    // Never zero, never longer than RFC 5280 (4.1.2.2) allows, always of one length.
    let [first, ..] = &mut bytes;
    *first = *first & 0x7f | 0x40;
    Ok(SerialNumber::from_slice(&bytes))
}

/// Sets when a certificate is valid; whole seconds, not before 1970.
pub(super) fn set_validity(params: &mut CertificateParams, from: Timestamp, until: Timestamp) {
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    let since = |instant: Timestamp| std::time::Duration::from_secs(u64::try_from(instant.as_second()).unwrap_or(0));
    params.not_before = epoch + since(from);
    params.not_after = epoch + since(until);
}

/// A moment later or earlier, as far as there are moments.
pub(super) fn shift(instant: Timestamp, by: SignedDuration) -> Timestamp {
    let end = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    instant.checked_add(by).unwrap_or(end)
}

// === impl Leaves ===

impl Leaves {
    pub(super) fn new(root_key: KeyPair, root: CertificateDer<'static>, root_ends: Timestamp) -> Result<Self, RootError> {
        let make = |doing| move |source| RootError::Make { doing, source };
        let issuer = Issuer::from_ca_cert_der(&root, root_key).map_err(make("read the certificate of the page root"))?;
        let key = KeyPair::generate().map_err(make("make the key for pages"))?;
        let private =
            PrivateKeyDer::try_from(key.serialize_der()).map_err(|text| RootError::Tls(rustls::Error::General(text.to_owned())))?;
        let signer = aws_lc_rs::default_provider().key_provider.load_private_key(private).map_err(RootError::Tls)?;
        Ok(Self { issuer, root, root_ends, key, signer, kept: Mutex::default() })
    }

    /// The certificate for `host` at `now`: the kept one while it is good, else a new one.
    pub(super) fn get(&self, host: &Host, now: Timestamp) -> Result<Arc<CertifiedKey>, RootError> {
        if let Some(leaf) = self.kept().get(host).filter(|leaf| leaf.from <= now && now < leaf.renewed) {
            return Ok(Arc::clone(&leaf.certified));
        }
        // Signed without the lock: two connections at once may both make one, and either is good.
        let leaf = self.make(host, now)?;
        let certified = Arc::clone(&leaf.certified);
        let mut kept = self.kept();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(host.clone(), leaf);
        Ok(certified)
    }

    fn make(&self, host: &Host, now: Timestamp) -> Result<Leaf, RootError> {
        let failed = |source| RootError::Make { doing: "make a certificate for a page", source };
        let from = shift(now, -MARGIN);
        let until = shift(from, LASTS).min(self.root_ends);
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Schoolgate page");
        params.subject_alt_names = vec![match host.to_address() {
            Some(address) => SanType::IpAddress(address),
            // A host is ASCII, so this cannot fail; if it did, the error would name the host.
            None => SanType::DnsName(host.as_str().try_into().map_err(|_| failed(rcgen::Error::InvalidNameType))?),
        }];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.serial_number = Some(random_serial()?);
        set_validity(&mut params, from, until);
        let certificate = params.signed_by(&self.key, &self.issuer).map_err(failed)?;
        // The root goes along: a person who looks at the certificate sees whose it is, and Chromium can compare its key.
        let chain = vec![certificate.into(), self.root.clone()];
        let certified = Arc::new(CertifiedKey::new(chain, Arc::clone(&self.signer)));
        Ok(Leaf { certified, from, renewed: shift(until, -MARGIN) })
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Host, Leaf>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.kept().len()
    }
}

// === impl ByName ===

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let named = hello.server_name().and_then(|name| Host::parse(name).ok());
        match self.leaves.get(named.as_ref().unwrap_or(&self.otherwise), self.now) {
            Ok(certified) => Some(certified),
            Err(error) => {
                // The handshake then fails, which is as safe as the page. The host is what somebody looked at: not for the log.
                tracing::warn!(error = &error as &dyn std::error::Error, "a page could not be shown: no certificate for it");
                None
            }
        }
    }
}

impl fmt::Debug for ByName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ByName").field("now", &self.now).finish_non_exhaustive()
    }
}
