//! The root on disk: made once, written whole, checked each time it is read.
//!
//! The key is written first, and the certificate can be made from the key: whatever moment a start is killed at, the next one goes
//! on from there. Neither file is ever written over, so of two processes that make the root at once, the slower takes what it finds.

use std::fs::{self, File, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, KeyPair, KeyUsagePurpose, PublicKeyData as _};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use super::{RootError, export, leaves};

const KEY: &str = "page-root.key";
const CERTIFICATE: &str = "page-root.pem";

/// Ten years: as long as a school keeps its devices, and over a leap day or three.
const LASTS: SignedDuration = SignedDuration::from_hours(3652 * 24);
/// Devices whose clock is late trust it from the first hour.
const BACKDATED: SignedDuration = SignedDuration::from_hours(24);
/// The longest common name of a certificate, in letters (RFC 5280, appendix A.1, ub-common-name).
const LONGEST_NAME: usize = 64;
/// No key or certificate of ours comes near it, in bytes.
const LARGEST_FILE: u64 = 64 * 1024;

/// What was read, and found whole and matching.
pub(super) struct Stored {
    pub(super) key: KeyPair,
    pub(super) certificate: CertificateDer<'static>,
    pub(super) name: String,
    pub(super) ends: Timestamp,
}

pub(super) fn load_or_make(folder: &Path, school: &str, now: Timestamp) -> Result<Stored, RootError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(disk("make", folder))?;
    let (key_path, certificate_path) = (folder.join(KEY), folder.join(CERTIFICATE));
    // In this order: who sees the certificate of another process will see its key too.
    let has_certificate = certificate_path.try_exists().map_err(disk("read", &certificate_path))?;
    let key = match read_key(&key_path)? {
        Some(key) => key,
        None if has_certificate => return Err(RootError::NoKey { key: key_path, certificate: certificate_path }),
        None => make_key(&key_path)?,
    };
    let der = match read(&certificate_path)? {
        Some((text, _)) => CertificateDer::from_pem_slice(&text).map_err(|_| damaged(&certificate_path, "not a certificate in PEM"))?,
        None => make_certificate(&certificate_path, &key, school, now)?,
    };
    check(der, key, &key_path, &certificate_path, now)
}

fn read_key(path: &Path) -> Result<Option<KeyPair>, RootError> {
    let Some((text, mode)) = read(path)? else { return Ok(None) };
    if mode & 0o077 != 0 {
        return Err(RootError::OpenKey { path: path.to_owned(), mode });
    }
    let key = str::from_utf8(&text).ok().and_then(|text| KeyPair::from_pem(text).ok());
    match key.filter(|key| key.is_compatible(&rcgen::PKCS_ECDSA_P256_SHA256)) {
        Some(key) => Ok(Some(key)),
        None => Err(RootError::DamagedKey { path: path.to_owned() }),
    }
}

fn make_key(path: &Path) -> Result<KeyPair, RootError> {
    let key = KeyPair::generate().map_err(|source| RootError::Make { doing: "make the key of the page root", source })?;
    write_new(path, key.serialize_pem().as_bytes(), 0o600)?;
    // Perhaps another process was faster: what is on disk is the root.
    read_key(path)?.ok_or_else(|| disk("read", path)(io::ErrorKind::NotFound.into()))
}

fn make_certificate(path: &Path, key: &KeyPair, school: &str, now: Timestamp) -> Result<CertificateDer<'static>, RootError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name_for(school));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.serial_number = Some(leaves::random_serial()?);
    let from = leaves::shift(now, -BACKDATED);
    leaves::set_validity(&mut params, from, leaves::shift(from, LASTS));
    let made = params.self_signed(key).map_err(|source| RootError::Make { doing: "make the certificate of the page root", source })?;
    write_new(path, export::pem("CERTIFICATE", made.der()).as_bytes(), 0o644)?;
    let (text, _) = read(path)?.ok_or_else(|| disk("read", path)(io::ErrorKind::NotFound.into()))?;
    CertificateDer::from_pem_slice(&text).map_err(|_| damaged(path, "not a certificate in PEM"))
}

/// Everything that must hold of a root before anything is signed under it.
fn check(
    certificate: CertificateDer<'static>,
    key: KeyPair,
    key_path: &Path,
    certificate_path: &Path,
    now: Timestamp,
) -> Result<Stored, RootError> {
    let damaged = |why| damaged(certificate_path, why);
    let (rest, parsed) = X509Certificate::from_der(&certificate).map_err(|_| damaged("not a certificate"))?;
    if !rest.is_empty() {
        return Err(damaged("something follows the certificate"));
    }
    if parsed.public_key().raw != key.subject_public_key_info() {
        return Err(RootError::Mismatch { key: key_path.to_owned(), certificate: certificate_path.to_owned() });
    }
    if !parsed.is_ca() {
        return Err(damaged("not the certificate of an authority"));
    }
    if parsed.verify_signature(None).is_err() {
        return Err(damaged("its signature is wrong"));
    }
    let ends = Timestamp::from_second(parsed.validity().not_after.timestamp()).map_err(|_| damaged("its end is not a date"))?;
    if ends <= now {
        return Err(RootError::Ended { certificate: certificate_path.to_owned(), ended: ends });
    }
    let name = parsed.subject().iter_common_name().next().and_then(|name| name.as_str().ok()).ok_or_else(|| damaged("it has no name"))?;
    let name = without_controls(name);
    Ok(Stored { key, certificate, name, ends })
}

/// The subject: the school's name is shortened until the whole fits.
fn name_for(school: &str) -> String {
    let around = "Schoolgate for  (page root)".len();
    let school = without_controls(school.trim());
    let fits = LONGEST_NAME.saturating_sub(around);
    let short: String = match school.chars().count() <= fits {
        true => school,
        false => school.chars().take(fits.saturating_sub(1)).chain(['…']).collect(),
    };
    format!("Schoolgate for {short} (page root)")
}

fn without_controls(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

/// A file's bytes and its permission bits; none where there is no file.
fn read(path: &Path) -> Result<Option<(Vec<u8>, u32)>, RootError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(disk("read", path)(error)),
    };
    let mode = file.metadata().map_err(disk("read", path))?.permissions().mode() & 0o777;
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE).read_to_end(&mut bytes).map_err(disk("read", path))?;
    Ok(Some((bytes, mode)))
}

/// Writes a file whole, with its mode from the first moment; one that is there stays as it is. The temporary name is the one that
/// is cleared away at start after a kill.
fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<(), RootError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        let mut builder = tempfile::Builder::new();
        let mut file = builder.prefix(".schoolgate-").suffix(".tmp").permissions(Permissions::from_mode(mode)).tempfile_in(folder)?;
        file.as_file().lock()?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(refused) => Err(refused.error),
            Ok(_) => File::open(folder)?.sync_all(),
        }
    };
    write().map_err(disk("write", path))
}

fn disk(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> RootError {
    let path: PathBuf = path.to_owned();
    move |source| RootError::Disk { doing, path: path.clone(), source }
}

fn damaged(path: &Path, why: &'static str) -> RootError {
    RootError::DamagedCertificate { path: path.to_owned(), why }
}
