//! What is said to whom, and its form as bytes: a version, the channel, and each part with its length.

use std::fmt;

use super::address::{Line, MailAddress, PhoneNumber, WebAddress};

const VERSION: u8 = 1;

/// How something leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// By mail.
    Mail,
    /// As a text message to a phone.
    Text,
    /// As a call of another system (a webhook).
    Call,
}

/// Something that leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// By mail.
    Mail(Mail),
    /// To a phone.
    Text(Text),
    /// To another system.
    Call(Call),
}

/// A letter, in plain text.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// To one person: what several get is several letters, so that none sees the others' addresses.
    pub to: MailAddress,
    /// What it is about. Shown on locked telephones: never a name.
    pub subject: Line,
    /// What it says.
    pub text: String,
}

/// A text message.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    /// To which phone.
    pub to: PhoneNumber,
    /// What it says.
    pub text: Line,
}

/// A call of another system: `POST` of JSON.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    /// Where.
    pub to: WebAddress,
    /// The JSON that is sent.
    pub body: String,
}

macro_rules! hidden {
    ($($name:ident),+) => {$(
        /// Without what it says.
        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(stringify!($name))
            }
        }
    )+};
}

hidden!(Mail, Text, Call);

// === impl Channel ===

impl Channel {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Text => "text",
            Self::Call => "call",
        }
    }

    /// From how it is stored.
    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Mail, Self::Text, Self::Call].into_iter().find(|channel| channel.as_str() == text)
    }
}

// === impl Message ===

impl Message {
    /// How it leaves.
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Mail(_) => Channel::Mail,
            Self::Text(_) => Channel::Text,
            Self::Call(_) => Channel::Call,
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let parts = match self {
            Self::Mail(mail) => vec![mail.to.as_str(), mail.subject.as_str(), &mail.text],
            Self::Text(text) => vec![text.to.as_str(), text.text.as_str()],
            Self::Call(call) => vec![call.to.as_str(), &call.body],
        };
        let mut bytes = vec![VERSION, self.channel() as u8];
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }

    /// `None` for what no version of this wrote.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&[version, channel], mut rest) = bytes.split_first_chunk()?;
        if version != VERSION {
            return None;
        }
        let mut part = || {
            let (length, after) = rest.split_first_chunk()?;
            let (part, after) = after.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
            rest = after;
            std::str::from_utf8(part).ok()
        };
        let message = match channel {
            0 => Self::Mail(Mail { to: MailAddress::parse(part()?).ok()?, subject: Line::parse(part()?).ok()?, text: part()?.to_owned() }),
            1 => Self::Text(Text { to: PhoneNumber::parse(part()?).ok()?, text: Line::parse(part()?).ok()? }),
            2 => Self::Call(Call { to: WebAddress::parse(part()?).ok()?, body: part()?.to_owned() }),
            _ => return None,
        };
        rest.is_empty().then_some(message)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message() -> impl Strategy<Value = Message> {
        let line = || "[^\\p{C}]{0,30}x".prop_map(|text| Line::parse(&text).expect("a line"));
        let to = MailAddress::parse("dsl@hill.school.example").expect("an address");
        let phone = PhoneNumber::parse("+441632960123").expect("a number");
        let web = WebAddress::parse("https://hooks.example/a").expect("an address");
        prop_oneof![
            (line(), ".*").prop_map(move |(subject, text)| Message::Mail(Mail { to: to.clone(), subject, text })),
            line().prop_map(move |text| Message::Text(Text { to: phone.clone(), text })),
            ".*".prop_map(move |body| Message::Call(Call { to: web.clone(), body })),
        ]
    }

    proptest! {
        #[test]
        fn a_message_is_read_as_it_was_written(message in message()) {
            let bytes = message.to_bytes();
            prop_assert_eq!(Message::from_bytes(&bytes), Some(message));
            prop_assert_eq!(Message::from_bytes(&bytes[..bytes.len() - 1]), None);
            prop_assert_eq!(Message::from_bytes(&[&bytes[..], &[0]].concat()), None);
        }

        #[test]
        fn any_bytes_are_a_message_or_none(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = Message::from_bytes(&bytes);
        }
    }
}
