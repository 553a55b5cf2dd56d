//! What comes with the product: a starter list of well-known hosts by category, and the help lines that can never be blocked.
//!
//! Written by us from general knowledge, so that a fresh install shows something sensible with nothing downloaded. It is no
//! school's filter: it names hundreds of hosts where a full list names hundreds of thousands.

use filter::host::{Host, HostError};

/// The files of `data/starter`, by the slug of their category.
macro_rules! starter {
    ($($slug:literal)+) => {
        &[$(($slug, include_str!(concat!("../data/starter/", $slug, ".txt"))),)+]
    };
}

const FILES: &[(&str, &str)] = starter! {
    "advertising" "ai-chat" "ai-companions" "ai-images" "alcohol" "anonymous-chat" "astrology" "audio-video" "banking"
    "blogs-forums" "celebrity" "chat" "cheating" "crypto-finance" "cryptojacking" "dating" "downloads-updates" "drugs"
    "dynamic-dns" "education" "encrypted-dns" "extremism" "file-sharing" "gambling" "games" "hacking" "hate" "health"
    "intimate-image-abuse" "jobs" "malware" "mature" "misinformation" "misogyny" "news" "piracy" "pornography" "remote-control"
    "search" "self-harm" "sex-education" "shopping" "social-media" "sports" "stalkerware" "tobacco-vapes" "trackers"
    "translation" "url-shorteners" "violence" "vpn-proxy" "weapons" "webmail" "young-children-allow"
};

/// The help lines.
const HELPLINES: &str = include_str!("../data/helplines.txt");

/// A help line or report page: open for everybody, always, with everything below its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpLine {
    /// The host; everything below it is meant too.
    pub host: Host,
    /// Who answers.
    pub name: Box<str>,
    /// What one turns to it for, in a few words.
    pub purpose: Box<str>,
    /// Phone number or text, where there is one, as people say it.
    pub contact: Option<Box<str>>,
}

/// Why a line of the help lines cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("help lines, line {line}: {kind}")]
pub struct HelpLineError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub kind: HelpLineMistake,
}

/// What can be wrong with a line of the help lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HelpLineMistake {
    /// Not four fields, or an empty one other than the last.
    #[error("expected `host | name | what it is for | phone or text`, where only the last may be empty")]
    Fields,
    /// The first field is not a host.
    #[error(transparent)]
    Host(#[from] HostError),
}

/// The starter list: category slug and text, one host a line (it and everything below it), `#` for comments.
pub fn files() -> &'static [(&'static str, &'static str)] {
    FILES
}

/// The help lines that come with the product.
pub fn helplines() -> Result<Vec<HelpLine>, Vec<HelpLineError>> {
    parse_helplines(HELPLINES)
}

/// Reads help lines, one a line. All mistakes are reported at once.
pub fn parse_helplines(text: &str) -> Result<Vec<HelpLine>, Vec<HelpLineError>> {
    let mut found = Vec::new();
    let mut mistakes = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match parse_helpline(text) {
            Ok(helpline) => found.push(helpline),
            Err(kind) => mistakes.push(HelpLineError { line, kind }),
        }
    }
    if mistakes.is_empty() { Ok(found) } else { Err(mistakes) }
}

fn parse_helpline(text: &str) -> Result<HelpLine, HelpLineMistake> {
    let fields: Vec<&str> = text.split('|').map(str::trim).collect();
    let [host, name, purpose, contact] = fields.as_slice() else { return Err(HelpLineMistake::Fields) };
    if [host, name, purpose].iter().any(|field| field.is_empty()) {
        return Err(HelpLineMistake::Fields);
    }
    let contact = Some(*contact).filter(|contact| !contact.is_empty()).map(Into::into);
    Ok(HelpLine { host: Host::parse(host)?, name: (*name).into(), purpose: (*purpose).into(), contact })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use filter::category::{Category, Kind};

    use super::*;

    /// Every starter host by category; fails on a line that is no host and on one that stands twice.
    fn hosts() -> BTreeMap<Category, Vec<Host>> {
        let mut all = BTreeMap::new();
        for (slug, text) in files() {
            let category = Category::from_slug(slug).unwrap_or_else(|| panic!("{slug} is no category"));
            assert!(text.starts_with("# "), "{slug}: says at its head what it is");
            let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            let hosts: Vec<_> =
                lines.clone().map(|line| Host::parse(line).unwrap_or_else(|error| panic!("{slug}: `{line}`: {error}"))).collect();
            let distinct: BTreeSet<_> = hosts.iter().collect();
            assert_eq!(distinct.len(), hosts.len(), "{slug}: a host stands twice");
            assert!(hosts.iter().zip(lines).all(|(host, line)| host.as_str() == line), "{slug}: normal form");
            assert!(all.insert(category, hosts).is_none(), "{slug}: two files");
        }
        all
    }

    #[test]
    fn devices_of_the_youngest_can_tell_that_they_are_online() {
        let hosts = hosts();
        let allowed = &hosts[&Category::YoungChildrenAllow];
        for probe in ["captive.apple.com", "connectivitycheck.gstatic.com", "www.msftconnecttest.com", "detectportal.firefox.com"] {
            let probe = Host::parse(probe).expect("host");
            assert!(allowed.iter().any(|host| probe.is_within(host)), "{probe}");
        }
    }

    #[test]
    fn no_file_names_a_country_or_leaves_a_host_twice() {
        let hosts = hosts();
        for (category, host) in hosts.iter().flat_map(|(category, hosts)| hosts.iter().map(move |host| (category, host))) {
            assert!(!host.is_too_wide_to_list(), "{category}: {host} would take in everything below a public suffix");
        }
        assert!(hosts.values().map(Vec::len).sum::<usize>() >= 500);
    }

    #[test]
    fn the_obvious_sites_are_there() {
        let hosts = hosts();
        for (category, host) in [
            (Category::Pornography, "pornhub.com"),
            (Category::Pornography, "xxx"),
            (Category::Gambling, "bet365.com"),
            (Category::SocialMedia, "tiktok.com"),
            (Category::EncryptedDns, "dns.google"),
            (Category::YoungChildrenAllow, "nhm.ac.uk"),
        ] {
            assert!(hosts.get(&category).is_some_and(|hosts| hosts.iter().any(|known| known.as_str() == host)), "{host}");
        }
    }

    #[test]
    fn what_is_licensed_is_never_shipped() {
        for slug in ["child-sexual-abuse", "terrorism", "other-illegal"] {
            assert!(files().iter().all(|(known, _)| *known != slug));
        }
    }

    #[test]
    fn nothing_reviewed_for_young_children_is_in_or_below_a_harmful_host() {
        let hosts = hosts();
        let reviewed = hosts.get(&Category::YoungChildrenAllow).expect("reviewed list");
        assert!((80..=140).contains(&reviewed.len()), "{}", reviewed.len());
        for (category, harmful) in hosts.iter().filter(|(category, _)| matches!(category.kind(), Kind::Harm | Kind::Illegal)) {
            for host in reviewed {
                assert!(!harmful.iter().any(|harmful| host.is_within(harmful) || harmful.is_within(host)), "{host} and {category}");
            }
        }
    }

    #[test]
    fn no_help_line_is_in_or_below_a_host_that_someone_may_block() {
        let helplines = helplines().expect("help lines");
        for (category, hosts) in hosts().iter().filter(|(category, _)| category.kind() != Kind::Positive) {
            for helpline in &helplines {
                assert!(!hosts.iter().any(|host| helpline.host.is_within(host)), "{} and {category}", helpline.host);
            }
        }
    }

    #[test]
    fn the_help_lines_that_children_know_are_there() {
        let helplines = helplines().expect("help lines");
        let distinct: BTreeSet<_> = helplines.iter().map(|helpline| &helpline.host).collect();
        assert_eq!(distinct.len(), helplines.len(), "a help line stands twice");
        for (host, contact) in
            [("childline.org.uk", "0800 1111"), ("samaritans.org", "116 123"), ("nspcc.org.uk", "0808 800 5000"), ("111.nhs.uk", "111")]
        {
            let helpline = helplines.iter().find(|helpline| helpline.host.as_str() == host).unwrap_or_else(|| panic!("{host}"));
            assert_eq!(helpline.contact.as_deref(), Some(contact));
        }
        for host in ["ceop.police.uk", "giveusashout.org", "themix.org.uk", "nhs.uk", "iwf.org.uk"] {
            assert!(helplines.iter().any(|helpline| helpline.host.as_str() == host), "{host}");
        }
    }

    #[test]
    fn mistakes_come_at_once_with_their_lines() {
        let mistakes =
            parse_helplines("# head\nhelp.example | Help | Anything |\nhelp.example | Help\n\n | a | b | c\n a..b | Help | Anything | 1\n")
                .expect_err("mistakes");
        let expected = [(3, HelpLineMistake::Fields), (5, HelpLineMistake::Fields), (6, HelpLineMistake::Host(HostError::EmptyLabel))];
        assert_eq!(mistakes, expected.map(|(line, kind)| HelpLineError { line, kind }));
        assert_eq!(
            mistakes.first().map(ToString::to_string).as_deref(),
            Some("help lines, line 3: expected `host | name | what it is for | phone or text`, where only the last may be empty")
        );
    }
}
