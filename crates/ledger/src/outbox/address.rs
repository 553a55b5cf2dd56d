//! Where something goes, parsed into what cannot carry a second line, a second address or a command.

use std::fmt;

/// A text that is no address of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Of mail.
    #[error("not a mail address: it has one @, a name before and a domain such as school.example after it, and no spaces")]
    Mail,
    /// Of a phone.
    #[error("not a phone number: write it with its country, as +441632960123")]
    Phone,
    /// Of the web.
    #[error("not an address to call: it begins with https:// (or http:// on this machine) and has no spaces")]
    Web,
    /// A line.
    #[error("not one line of text: it has 1 to 200 characters and no line breaks")]
    Line,
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $is_one:path, $error:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// From text.
            ///
            /// # Errors
            /// When it is none.
            pub fn parse(text: &str) -> Result<Self, AddressError> {
                if $is_one(text) { Ok(Self(text.to_owned())) } else { Err(AddressError::$error) }
            }

            /// As text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        /// Without what it is: it is somebody's, and `Debug` ends in logs.
        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(stringify!($name))
            }
        }
    )+};
}

texts! {
    /// One mail address of plain letters, at most 254 characters (RFC 5321, section 4.5.3.1).
    MailAddress, is_mail, Mail;
    /// A phone number with its country: `+` and 7 to 15 digits (ITU-T E.164).
    PhoneNumber, is_phone, Phone;
    /// An address that is called over HTTPS, at most 2,000 characters; over HTTP only on this machine.
    WebAddress, is_web, Web;
    /// One line of text, 1 to 200 characters.
    Line, is_line, Line;
}

/// The unquoted form, which is what people have (RFC 5321, section 4.1.2, Dot-string).
fn is_mail(text: &str) -> bool {
    let is_atom =
        |atom: &str| !atom.is_empty() && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte));
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let Some((name, domain)) = text.rsplit_once('@') else { return false };
    text.len() <= 254 && name.len() <= 64 && name.split('.').all(is_atom) && domain.contains('.') && domain.split('.').all(is_label)
}

fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_web(text: &str) -> bool {
    let is_plain = text.len() <= 2000 && text.bytes().all(|byte| byte.is_ascii_graphic());
    let own = ["http://127.0.0.1:", "http://127.0.0.1/", "http://[::1]:", "http://[::1]/", "http://localhost:", "http://localhost/"];
    let is_own = own.iter().any(|start| text.starts_with(start));
    let has_host =
        text.strip_prefix("https://").is_some_and(|rest| rest.starts_with(|sign: char| sign.is_ascii_alphanumeric() || sign == '['));
    is_plain && !text.contains('@') && (is_own || has_host)
}

fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_address_and_what_is_none() {
        for good in ["dsl@hill.school.example", "a.o'brien+x@a.example"] {
            assert_eq!(MailAddress::parse(good).map(|address| address.as_str().to_owned()), Ok(good.to_owned()));
        }
        let long = format!("{}@a.example", "a".repeat(65));
        for bad in [
            "",
            "a",
            "@a.example",
            "a@",
            "a@b",
            "a@b..c",
            "a b@c.example",
            "a@b.example\r\nBcc: c@d.example",
            "a@b.example,c@d.example",
            "<a@b.example>",
            "a..b@c.example",
            "\"a\"@b.example",
            "a@-b.example",
            &long,
        ] {
            assert_eq!(MailAddress::parse(bad), Err(AddressError::Mail), "{bad}");
        }
        assert!(PhoneNumber::parse("+441632960123").is_ok());
        for bad in ["01632960123", "+44 1632", "+1234", "+1234567890123456", "+44163296012x"] {
            assert_eq!(PhoneNumber::parse(bad), Err(AddressError::Phone), "{bad}");
        }
        for good in ["https://hooks.example/a?b=c", "http://127.0.0.1:8080/", "http://localhost/x"] {
            assert!(WebAddress::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://hooks.example/",
            "https://",
            "https:///x",
            "https://a b/",
            "https://me:secret@hooks.example/",
            "http://127.0.0.1.evil.example/",
            "file:///etc/passwd",
        ] {
            assert_eq!(WebAddress::parse(bad), Err(AddressError::Web), "{bad}");
        }
        assert_eq!(Line::parse("two\nlines"), Err(AddressError::Line));
    }

    #[test]
    fn an_address_is_not_shown_by_accident() {
        assert_eq!(format!("{:?}", MailAddress::parse("dsl@hill.school.example").expect("an address")), "MailAddress");
    }
}
