//! What to try in the demonstration, as lines that can be copied.

use std::fs;

use anyhow::{Context, Result};

use proxy::root::Root;

use crate::data::DataFolder;
use crate::demo;
use crate::gateway::Status;

/// Opens the made-up sites and says what to try. Their authority and the page root go into one file, for curl.
pub(super) fn begin(sites: demo::Sites, data: &DataFolder, status: &Status, root: &Root) -> Result<String> {
    let trust = data.root().join("demo-trust.pem");
    fs::write(&trust, format!("{}{}", sites.pem(), root.pem())).with_context(|| format!("writing {}", trust.display()))?;
    let pins = format!("{},{}", sites.pin(), root.spki_pin());
    sites.serve().context("opening the made-up sites")?;
    let listener = |name| {
        status.listeners().iter().find(|listener| listener.name == name).map(|listener| listener.address.to_string()).unwrap_or_default()
    };
    let (infants, juniors, staff, sign_in) = (listener("infants"), listener("juniors"), listener("staff"), listener("sign-in"));
    let curl = format!("curl --cacert '{}' --proxy", trust.display());
    let password = demo::PASSWORD;
    Ok(format!(
        "Try it (made-up sites on this machine; nothing leaves it):
  {curl} {infants} https://museum.example/      opens: the infants' teachers picked it
  {curl} {infants} https://unlisted.example/    the infants' page: ask your teacher
  {curl} {juniors} https://casino.example/      the juniors' page names the category
  {curl} {staff} https://casino.example/      the staff's page says why, list and line
  {curl} {juniors} https://www.google.com/      SafeSearch is on
  {curl} {infants} https://childline.org.uk/    a help line opens for everybody
  {curl} {sign_in} --proxy-user juniper:{password} http://museum.example/    the agreement is not signed yet
In a browser, as a junior (change the port to be somebody else):
  chromium --user-data-dir=\"$(mktemp -d)\" --proxy-server=http://{juniors} --proxy-bypass-list='<-loopback>' \\
    --ignore-certificate-errors-spki-list={pins} https://casino.example/
"
    ))
}
