//! The fields of a form as they were sent, and what is wrong with each.

use std::fmt;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use calendar::Date;

use super::Problem;
use crate::people::{NotShort, Short};

/// Fields by name, and mistakes by field. A form that is shown for the first time is made the same way.
#[derive(Clone, Default)]
pub struct Fields {
    sent: Vec<(String, String)>,
    errors: Vec<(String, String)>,
}

/// Most characters of a text of several lines.
const LONGEST: usize = 2_000;

// === impl Fields ===

impl Fields {
    /// From a body, or from what stands behind the question mark of an address.
    pub fn parse(text: &[u8]) -> Self {
        let sent = form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.trim().to_owned())).collect();
        Self { sent, errors: Vec::new() }
    }

    /// The same as text, to be read by [`parse`](Self::parse) again.
    pub fn to_text(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.sent).finish()
    }

    /// What was sent under a name, without the spaces round it; empty where nothing was.
    pub fn get(&self, name: &str) -> &str {
        self.sent.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// All that was sent under a name that is not empty.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.sent.iter().filter(move |(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// Fills a field, beside what stands there.
    pub fn add(&mut self, name: &str, value: impl fmt::Display) {
        self.sent.push((name.to_owned(), format!("{value}")));
    }

    /// Fills a field in place of what stands there.
    pub fn set(&mut self, name: &str, value: impl fmt::Display) {
        self.clear(name);
        self.add(name, value);
    }

    /// Empties a field.
    pub fn clear(&mut self, name: &str) {
        self.sent.retain(|(known, _)| known != name);
    }

    /// Fills the three fields of a day.
    pub fn add_day(&mut self, name: &str, day: Date) {
        let day = day.civil();
        self.add(&format!("{name}-day"), day.day());
        self.add(&format!("{name}-month"), day.month());
        self.add(&format!("{name}-year"), day.year());
    }

    /// Says what is wrong with a field: what to do, as it will stand there.
    pub fn wrong(&mut self, field: &str, message: impl fmt::Display) {
        self.errors.push((field.to_owned(), format!("{message}")));
    }

    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|(known, _)| known == field).map(|(_, message)| message.as_str())
    }

    /// All that is wrong: the field, and what to do.
    pub fn errors(&self) -> &[(String, String)] {
        &self.errors
    }

    /// Whether nothing is wrong so far.
    pub fn are_right(&self) -> bool {
        self.errors.is_empty()
    }

    /// A short text; nothing where none was typed, or it cannot be kept, which is said then.
    pub fn short(&mut self, name: &str) -> Option<Short> {
        match Short::parse(self.get(name)) {
            Ok(short) => Some(short),
            Err(NotShort::Empty) => None,
            Err(why) => {
                self.wrong(name, format!("This cannot be kept: {why}"));
                None
            }
        }
    }

    /// A short text that must be there.
    pub fn needed(&mut self, name: &str, what_to_do: &str) -> Option<Short> {
        if self.get(name).is_empty() {
            self.wrong(name, what_to_do);
        }
        self.short(name)
    }

    /// A text of several lines; empty where none was typed, or it is too long, which is said then.
    pub fn text(&mut self, name: &str) -> String {
        let text = self.get(name).replace("\r\n", "\n");
        if text.chars().count() > LONGEST {
            self.wrong(name, format!("Write at most {LONGEST} characters"));
            return String::new();
        }
        text
    }

    /// A day; nothing where none was typed, or there is no such day, which is said then.
    pub fn day(&mut self, name: &str) -> Option<Date> {
        let parts = ["day", "month", "year"].map(|part| self.get(&format!("{name}-{part}")).to_owned());
        if parts.iter().all(String::is_empty) {
            return None;
        }
        let [day, month, year] = &parts;
        let found = year.parse::<i16>().ok().filter(|year| (1900..=2200).contains(year));
        let found = found.zip(month.parse().ok()).zip(day.parse().ok());
        let found = found.and_then(|((year, month), day)| Date::new(year, month, day).ok());
        if found.is_none() {
            self.wrong(&format!("{name}-day"), "Enter a day that exists, such as 1 9 2026");
        }
        found
    }

    /// A day that must be there.
    pub fn needed_day(&mut self, name: &str, what_to_do: &str) -> Option<Date> {
        let before = self.errors.len();
        let day = self.day(name);
        if day.is_none() && self.errors.len() == before {
            self.wrong(&format!("{name}-day"), what_to_do);
        }
        day
    }
}

// What people type about people: never in a log by way of a derived Debug.
impl fmt::Debug for Fields {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Fields").field("sent", &self.sent.len()).field("errors", &self.errors.len()).finish()
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = Bytes::from_request(request, state).await.map_err(|_| Problem::NotReadable)?;
        Ok(Self::parse(&body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_from_three_fields_and_a_wrong_one_is_told_at_the_first() {
        let read = |text: &str| {
            let mut fields = Fields::parse(text.as_bytes());
            (fields.day("a").map(|day| day.to_string()), fields.error("a-day").is_some())
        };
        assert_eq!(read("a-day=1&a-month=9&a-year=2026"), (Some("2026-09-01".to_owned()), false));
        assert_eq!(read("a-day=&a-month=&a-year="), (None, false));
        for wrong in ["a-day=31&a-month=2&a-year=2026", "a-day=1", "a-day=1&a-month=9&a-year=26", "a-day=x&a-month=9&a-year=2026"] {
            assert_eq!(read(wrong), (None, true), "{wrong}");
        }
    }

    #[test]
    fn what_is_needed_is_asked_for_once() {
        let mut fields = Fields::parse(b"name=+&other=a%0ab");
        assert!(fields.needed("name", "Enter a name").is_none() && fields.needed("other", "Enter").is_none());
        assert!(fields.needed_day("day", "Enter a day").is_none());
        let told: Vec<&str> = fields.errors().iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(told, ["name", "other", "day-day"]);
        assert!(!fields.are_right());
    }

    #[test]
    fn fields_are_read_again_as_they_were() {
        let mut fields = Fields::default();
        fields.add("is", "staff");
        fields.add("is", "a&b=c é");
        assert_eq!(Fields::parse(fields.to_text().as_bytes()).all("is").collect::<Vec<_>>(), ["staff", "a&b=c é"]);
        fields.set("is", "x");
        assert_eq!(fields.all("is").count(), 1);
    }
}
