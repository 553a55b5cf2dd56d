//! The root's certificate in the forms that devices take.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Letters in a line of PEM (RFC 7468, section 2).
const PEM_LINE: usize = 64;

/// PEM with `\n` at the end of each line.
pub(super) fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}-----END {label}-----\n", lines(der))
}

/// SHA-256 as pairs of capital hexadecimal digits with colons between.
pub(super) fn fingerprint(der: &[u8]) -> String {
    let pairs: Vec<String> = Sha256::digest(der).iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

/// Base64 of SHA-256 over a public key (SubjectPublicKeyInfo).
pub(super) fn pin(public_key: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(public_key))
}

/// Apple's configuration profile with one payload of type `com.apple.security.root`.
pub(super) fn mobileconfig(name: &str, der: &[u8]) -> String {
    let name = escape(name);
    let (profile, payload) = (derived_uuid("profile", der), derived_uuid("certificate", der));
    let data = lines(der);
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>PayloadContent</key>
	<array>
		<dict>
			<key>PayloadCertificateFileName</key>
			<string>page-root.cer</string>
			<key>PayloadContent</key>
			<data>
{data}			</data>
			<key>PayloadDescription</key>
			<string>Lets a page of the school stand in for a site that the school blocks.</string>
			<key>PayloadDisplayName</key>
			<string>{name}</string>
			<key>PayloadIdentifier</key>
			<string>schoolgate.page-root.{profile}.certificate</string>
			<key>PayloadType</key>
			<string>com.apple.security.root</string>
			<key>PayloadUUID</key>
			<string>{payload}</string>
			<key>PayloadVersion</key>
			<integer>1</integer>
		</dict>
	</array>
	<key>PayloadDescription</key>
	<string>Installs the certificate under which the school's gate shows a page in place of a blocked site.</string>
	<key>PayloadDisplayName</key>
	<string>{name}</string>
	<key>PayloadIdentifier</key>
	<string>schoolgate.page-root.{profile}</string>
	<key>PayloadRemovalDisallowed</key>
	<false/>
	<key>PayloadType</key>
	<string>Configuration</string>
	<key>PayloadUUID</key>
	<string>{profile}</string>
	<key>PayloadVersion</key>
	<integer>1</integer>
</dict>
</plist>
"#
    )
}

fn lines(der: &[u8]) -> String {
    let mut text = String::new();
    for (index, letter) in STANDARD.encode(der).chars().enumerate() {
        if index > 0 && index % PEM_LINE == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push('\n');
    text
}

/// UUID version 8 from the certificate and what it is for, in capitals as Apple writes them.
fn derived_uuid(purpose: &str, der: &[u8]) -> String {
    let hash: [u8; 32] = Sha256::new().chain_update(purpose).chain_update([0]).chain_update(der).finalize().into();
    let (start, _) = hash.split_at(16);
    let bytes = start.try_into().unwrap_or_default();
    uuid::Builder::from_custom_bytes(bytes).into_uuid().hyphenated().encode_upper(&mut Uuid::encode_buffer()).to_owned()
}

/// Text for XML. The name holds no control characters: [`super::files`] makes it without, and leaves them out when it reads it.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
