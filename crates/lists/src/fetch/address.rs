//! The address of a download: http or https, with a host, without a name or password in it.

use std::fmt;

use url::Url;

/// Longest address that is taken, in bytes.
const MAX_ADDRESS: usize = 8 * 1024;

/// The address of a file on the web.
///
/// It is shown without its query, since some publishers put a customer's key there and messages end up in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Box<Url>);

/// Why a text is not the address of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not a URL, or one without a host.
    #[error("this is not a web address; write it whole, such as \"https://lists.example/adult.txt\"")]
    Invalid,
    /// Another scheme than http and https.
    #[error("only http and https addresses can be downloaded")]
    Scheme,
    /// A user name or password in the address.
    #[error("an address with a user name or password in it is refused, because addresses are shown in messages")]
    Credentials,
    /// Over 8 KiB.
    #[error("the address is longer than {MAX_ADDRESS} bytes")]
    TooLong,
}

// === impl Address ===

impl Address {
    /// Parses a whole address. A fragment (`#part`) is dropped: no server ever sees one.
    ///
    /// # Errors
    /// See [`AddressError`].
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.len() > MAX_ADDRESS {
            return Err(AddressError::TooLong);
        }
        let mut url = Url::parse(text).map_err(|_| AddressError::Invalid)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(AddressError::Scheme);
        }
        if !url.has_host() {
            return Err(AddressError::Invalid);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Credentials);
        }
        url.set_fragment(None);
        Ok(Self(Box::new(url)))
    }

    /// The whole address with its query, for the request. For people, use `Display`.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether the connection is encrypted and the server proves who it is.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The last part of the path; empty where it ends in `/`.
    pub fn file_name(&self) -> &str {
        self.0.path().rsplit('/').next().unwrap_or_default()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.0.as_str();
        formatter.write_str(whole.split_once('?').map_or(whole, |(before, _)| before))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses() {
        for (text, error) in [
            ("", AddressError::Invalid),
            ("lists.example/adult.txt", AddressError::Invalid),
            ("https://", AddressError::Invalid),
            ("ftp://lists.example/adult.txt", AddressError::Scheme),
            ("file:///etc/passwd", AddressError::Scheme),
            ("https://ada:secret@lists.example/", AddressError::Credentials),
        ] {
            assert_eq!(Address::parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn a_key_in_the_query_is_sent_but_never_shown() {
        let address = Address::parse("https://lists.example/full.txt?key=secret#part").expect("address");
        assert_eq!(address.as_str(), "https://lists.example/full.txt?key=secret");
        assert_eq!(address.to_string(), "https://lists.example/full.txt");
        assert_eq!(format!("{address:?}"), "https://lists.example/full.txt");
        assert_eq!(address.file_name(), "full.txt");
    }
}
