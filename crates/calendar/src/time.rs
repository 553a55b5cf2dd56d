//! What records keep of time: an instant as microseconds in UTC, a day as its ISO text. Both go to `jiff` and back unchanged.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp, civil};

/// A moment, to the microsecond, from year -9999 to 9999 (UTC). Stored as an `i64` of microseconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Timestamp);

/// A day of the calendar without a zone, from year 0000 to 9999. Stored as `2026-11-24`, so that its text sorts as its days do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// A number of microseconds, or a sum, that is no moment of the years -9999 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this moment lies outside the years -9999 to 9999")]
pub struct OutOfRange;

/// A text that is not a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a day: write it as 2026-11-24 (year, month, day), and a day that exists")]
pub struct NotADate;

// === impl Instant ===

impl Instant {
    /// 1970-01-01 00:00 UTC.
    pub const EPOCH: Self = Self(Timestamp::UNIX_EPOCH);

    /// The moment so many microseconds after 1970-01-01 00:00 UTC.
    ///
    /// # Errors
    /// When it lies outside the years -9999 to 9999.
    pub fn from_micros(micros: i64) -> Result<Self, OutOfRange> {
        Timestamp::from_microsecond(micros).map(Self).map_err(|_| OutOfRange)
    }

    /// Microseconds since 1970-01-01 00:00 UTC, as stored.
    pub fn micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// The same moment for `jiff`.
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }

    /// This moment and `duration` (to the microsecond, rounded down) later.
    ///
    /// # Errors
    /// When the sum lies outside the years -9999 to 9999.
    pub fn checked_add(self, duration: SignedDuration) -> Result<Self, OutOfRange> {
        self.0.checked_add(duration).map(Self::from).map_err(|_| OutOfRange)
    }

    /// How long from `earlier` to this; negative when `earlier` is later.
    pub fn since(self, earlier: Self) -> SignedDuration {
        self.0.duration_since(earlier.0)
    }
}

/// Rounds down to the microsecond, so that order is kept.
impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Self {
        let micros = timestamp.as_nanosecond().div_euclid(1000);
        // The earliest timestamp is a whole second: rounding down stays in range.
        let rounded = i64::try_from(micros).ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
        Self(rounded.unwrap_or(Timestamp::MIN))
    }
}

impl From<Instant> for Timestamp {
    fn from(instant: Instant) -> Self {
        instant.0
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

/// An RFC 3339 text with `Z` or an offset.
impl FromStr for Instant {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        text.parse::<Timestamp>().map(Self::from).map_err(|_| NotADate)
    }
}

// === impl Date ===

impl Date {
    /// The day `day` of `month` in `year`.
    ///
    /// # Errors
    /// When there is no such day, or the year is not 0 to 9999.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, NotADate> {
        civil::Date::new(year, month, day).map_err(|_| NotADate)?.try_into()
    }

    /// The same day for `jiff`.
    pub const fn civil(self) -> civil::Date {
        self.0
    }

    /// The day before; the first of all days has none, and is given itself.
    #[must_use]
    pub fn yesterday(self) -> Self {
        self.civil().yesterday().ok().and_then(|day| Self::try_from(day).ok()).unwrap_or(self)
    }

    /// For days that this crate worked out from days of the years 1900 to 2200.
    pub(crate) const fn of(civil: civil::Date) -> Self {
        Self(civil)
    }
}

impl TryFrom<civil::Date> for Date {
    type Error = NotADate;

    fn try_from(civil: civil::Date) -> Result<Self, NotADate> {
        if civil.year() < 0 { Err(NotADate) } else { Ok(Self(civil)) }
    }
}

impl From<Date> for civil::Date {
    fn from(date: Date) -> Self {
        date.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Exactly `2026-11-24`; nothing shorter, longer or with a time.
impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let is_shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
        if !is_shaped {
            return Err(NotADate);
        }
        let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<i16>().ok()).ok_or(NotADate);
        let part = |range| number(range).and_then(|value| i8::try_from(value).map_err(|_| NotADate));
        Self::new(number(0..4)?, part(5..7)?, part(8..10)?)
    }
}
