//! The root as other processes and people meet it: the files, and what goes out to devices.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use base64::Engine as _;
use rustls::client::danger::ServerCertVerifier as _;

use super::*;

#[test]
fn the_next_start_finds_the_same_root() {
    let (folder, first) = school();
    let again = Root::load_or_make(folder.path(), "Renamed School", later(DAY)).expect("root");
    assert_eq!(first.der(), again.der());
    assert_eq!(again.name(), "Schoolgate for Elm Row Primary (page root)");
    assert_eq!(first.ends(), later(3651 * DAY));
}

#[test]
fn only_its_owner_may_read_the_key() {
    let (folder, _root) = school();
    let key = folder.path().join("page-root.key");
    let mode = |path: &Path| fs::metadata(path).expect("file").permissions().mode() & 0o777;
    assert_eq!(mode(&key), 0o600);
    let names: Vec<_> = fs::read_dir(folder.path()).expect("folder").map(|entry| entry.expect("entry").file_name()).collect();
    assert_eq!(names.len(), 2, "nothing else is left there: {names:?}");
    for open in [0o640, 0o604, 0o660, 0o644] {
        fs::set_permissions(&key, fs::Permissions::from_mode(open)).expect("mode");
        let error = load(&folder).expect_err("a key that others can read");
        assert!(matches!(error, RootError::OpenKey { mode, .. } if mode == open), "{error}");
        assert!(error.to_string().contains(&format!("chmod 600 {}", key.display())), "{error}");
    }
    fs::set_permissions(&key, fs::Permissions::from_mode(0o400)).expect("mode");
    load(&folder).expect("still less is well");
}

#[test]
fn a_start_killed_between_the_two_files_goes_on() {
    let (folder, first) = school();
    fs::remove_file(folder.path().join("page-root.pem")).expect("remove");
    let second = load(&folder).expect("root");
    assert_eq!(first.spki_pin(), second.spki_pin(), "the same key");
    // Devices that installed the first certificate trust what is signed under the second.
    let chain = second.leaves.get(&host("casino.example"), now()).expect("leaf").cert.clone();
    let mut store = RootCertStore::empty();
    store.add(first.der().to_vec().into()).expect("root");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = rustls::client::WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider).build().expect("verifier");
    let (name, time) = (ServerName::try_from("casino.example").expect("name"), At(now()).current_time().expect("time"));
    verifier.verify_server_cert(&chain[0], &chain[1..], &name, &[], time).expect("trusted");
}

#[test]
fn damage_is_named_and_nothing_is_written_over() {
    type Kind = fn(&RootError) -> bool;
    let damaged_key: Kind = |error| matches!(error, RootError::DamagedKey { .. });
    let damaged_certificate: Kind = |error| matches!(error, RootError::DamagedCertificate { .. });
    let flipped = |root: &Root| {
        let mut der = root.der().to_vec();
        let last = der.len() - 1;
        der[last] ^= 1;
        export::pem("CERTIFICATE", &der)
    };
    let leaf = |root: &Root| export::pem("CERTIFICATE", &root.leaves.get(&host("a.example"), now()).expect("leaf").cert[0]);
    let longer = |root: &Root| export::pem("CERTIFICATE", &[root.der(), b"more"].concat());
    let other_curve = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).expect("key").serialize_pem();
    let (_, whole) = school();
    let cases: [(&str, String, Kind); 8] = [
        ("page-root.key", String::new(), damaged_key),
        ("page-root.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".to_owned(), damaged_key),
        ("page-root.key", other_curve, damaged_key),
        ("page-root.pem", String::new(), damaged_certificate),
        ("page-root.pem", "\u{0}\u{1}".repeat(100_000), damaged_certificate),
        ("page-root.pem", export::pem("CERTIFICATE", b"not DER"), damaged_certificate),
        ("page-root.pem", longer(&whole), damaged_certificate),
        ("page-root.pem", whole.pem(), |error| matches!(error, RootError::Mismatch { .. })),
    ];
    for (file, content, is_right) in cases {
        check_damage(file, |_| content.clone(), is_right);
    }
    check_damage("page-root.pem", flipped, damaged_certificate);
    check_damage("page-root.pem", leaf, |error| matches!(error, RootError::Mismatch { .. }));
}

fn check_damage(file: &str, content: impl Fn(&Root) -> String, is_right: fn(&RootError) -> bool) {
    let (folder, root) = school();
    let (path, content) = (folder.path().join(file), content(&root));
    fs::write(&path, &content).expect("write");
    let error = load(&folder).expect_err("damaged");
    assert!(is_right(&error), "{file}: {error}");
    assert!(error.to_string().contains(path.to_str().expect("path")), "{error}");
    assert_eq!(fs::read_to_string(&path).expect("read"), content);
}

#[test]
fn a_certificate_without_its_key_is_not_made_anew() {
    let (folder, _root) = school();
    fs::remove_file(folder.path().join("page-root.key")).expect("remove");
    assert!(matches!(load(&folder), Err(RootError::NoKey { .. })));
    assert!(!folder.path().join("page-root.key").exists());
}

#[test]
fn a_root_at_its_end_says_so() {
    let (folder, root) = school();
    let error = Root::load_or_make(folder.path(), "Elm Row Primary", root.ends()).expect_err("ended");
    assert!(matches!(error, RootError::Ended { ended, .. } if ended == root.ends()), "{error}");
}

#[test]
fn a_folder_that_cannot_be_had_is_named() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("write");
    let error = Root::load_or_make(&file, "Elm Row Primary", now()).expect_err("a file in the way");
    assert!(error.to_string().contains("file"), "{error}");
    Root::load_or_make(&folder.path().join("a/b"), "Elm Row Primary", now()).expect("folders are made");
}

#[test]
fn many_starts_at_once_get_one_root() {
    let folder = tempfile::tempdir().expect("folder");
    for round in 0..10 {
        let place = folder.path().join(round.to_string());
        let roots: Vec<Root> = std::thread::scope(|scope| {
            let start = || Root::load_or_make(&place, "Elm Row Primary", now()).expect("root");
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
            threads.into_iter().map(|thread| thread.join().expect("thread")).collect()
        });
        assert!(roots.iter().all(|root| root.der() == roots[0].der()));
        assert_eq!(fs::read_dir(&place).expect("folder").count(), 2);
    }
}

#[test]
fn a_long_or_odd_name_still_makes_a_root() {
    let long = "The Blessed and Holy Saints of the Long Hill and the Short Dale Academy";
    for (school, name) in [
        (long, "Schoolgate for The Blessed and Holy Saints of the L… (page root)"),
        ("Ysgol Tŷ\u{7}-Gwyn", "Schoolgate for Ysgol Tŷ-Gwyn (page root)"),
    ] {
        let folder = tempfile::tempdir().expect("folder");
        let root = Root::load_or_make(folder.path(), school, now()).expect("root");
        assert_eq!(root.name(), name);
        assert!(root.name().chars().count() <= 64);
    }
}

#[test]
fn the_profile_for_apple_devices_is_stable_and_well_formed() {
    let folder = tempfile::tempdir().expect("folder");
    let root = Root::load_or_make(folder.path(), "Fish & <Chips>", now()).expect("root");
    let profile = root.mobileconfig();
    assert_eq!(profile, root.mobileconfig());
    assert!(profile.contains("<string>com.apple.security.root</string>"));
    assert!(profile.contains("Fish &amp; &lt;Chips&gt;") && !profile.contains("<Chips>"));
    let data = profile.split("<data>").nth(1).and_then(|rest| rest.split("</data>").next()).expect("data");
    let packed: String = data.split_whitespace().collect();
    assert_eq!(base64::engine::general_purpose::STANDARD.decode(packed).expect("base64"), root.der());
    let (_other_folder, other) = school();
    assert_ne!(uuids(&profile), uuids(&other.mobileconfig()), "another root is another profile");
    assert_eq!(uuids(&profile).len(), 2);
}

fn uuids(profile: &str) -> Vec<&str> {
    profile.split("<key>PayloadUUID</key>").skip(1).filter_map(|rest| rest.split(['<', '>']).nth(2)).collect()
}

#[test]
fn the_key_is_in_nothing_that_goes_out() {
    let (folder, root) = school();
    let key = fs::read_to_string(folder.path().join("page-root.key")).expect("key");
    let secret = key.lines().nth(1).expect("a line of the key");
    for text in [root.pem(), root.mobileconfig(), format!("{root:?}"), root.fingerprint(), root.spki_pin()] {
        assert!(!text.contains(secret) && !text.contains("PRIVATE"), "{text}");
    }
}

fn openssl(arguments: &[&str]) -> Option<String> {
    match Command::new("openssl").args(arguments).output() {
        Ok(output) => Some(format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))),
        Err(error) => {
            println!("skipped: openssl does not run here ({error})");
            None
        }
    }
}

#[test]
fn openssl_accepts_the_chain_and_sees_the_same_numbers() {
    let (folder, root) = school();
    let leaf = folder.path().join("leaf.pem");
    fs::write(&leaf, export::pem("CERTIFICATE", &root.leaves.get(&host("casino.example"), now()).expect("leaf").cert[0])).expect("write");
    let (ca, leaf) = (folder.path().join("page-root.pem"), leaf.to_str().expect("path").to_owned());
    let (ca, at) = (ca.to_str().expect("path"), now().as_second().to_string());
    let verify = ["verify", "-x509_strict", "-purpose", "sslserver", "-attime", &at, "-CAfile", ca, "-verify_hostname"];
    let Some(good) = openssl(&[&verify[..], &["casino.example", &leaf]].concat()) else { return };
    assert!(good.trim_end().ends_with(": OK"), "{good}");
    let bad = openssl(&[&verify[..], &["museum.example", &leaf]].concat()).expect("openssl");
    assert!(!bad.contains(": OK"), "{bad}");
    let print = openssl(&["x509", "-in", ca, "-noout", "-fingerprint", "-sha256", "-text"]).expect("openssl");
    for expected in [root.fingerprint().as_str(), "CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign", root.name(), "prime256v1"] {
        assert!(print.contains(expected), "{expected} in {print}");
    }
}
