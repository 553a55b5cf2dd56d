//! What a summary says, by its words. It is taken only when each of them stands in one of these lists: "End of term" is the end of a
//! term, "End of term reports to office" is not.

use super::Kind;

const HALF: &[&str] = &["half", "halfterm", "mid"];
const TERM: &[&str] = &["term", "halfterm", "semester"];
const INSET: &[&str] = &["inset", "training", "inservice", "service", "development", "non", "staff", "teacher", "teachers"];
const HOLIDAY: &[&str] = &["holiday", "holidays", "break", "vacation"];
const BEGINS: &[&str] = &["begins", "begin", "beginning", "starts", "start", "first", "opens", "returns", "return", "reopens"];
const ENDS: &[&str] = &["ends", "end", "finishes", "last", "closes"];
const CLOSED: &[&str] = &["closed", "closure"];
const BANK: &[&str] = &["bank", "public"];

/// They say nothing by themselves.
const FILLING: &[&str] = &[
    "the",
    "of",
    "for",
    "a",
    "and",
    "to",
    "in",
    "at",
    "on",
    "day",
    "days",
    "all",
    "school",
    "schools",
    "pupil",
    "pupils",
    "children",
    "students",
    "is",
    "are",
    "academic",
    "year",
    "years",
    "autumn",
    "spring",
    "summer",
    "winter",
    "michaelmas",
    "lent",
    "trinity",
    "christmas",
    "easter",
    "whitsun",
    "whit",
    "october",
    "february",
    "may",
    "early",
    "late",
    "august",
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "week",
    "weeks",
];

/// Bank holidays that are called by their name alone.
const NAMED: &[&str] =
    &["good friday", "easter monday", "new years day", "christmas day", "boxing day", "may day", "st andrews day", "st patricks day"];

/// What an event of so many `days` is.
pub(super) fn kind(summary: &str, days: i32) -> Result<Kind, &'static str> {
    let words = words(summary);
    if words.is_empty() {
        return Err("it has no summary");
    }
    let without_year: Vec<&str> = words.iter().map(String::as_str).filter(|word| !is_number(word)).collect();
    if NAMED.contains(&without_year.join(" ").as_str()) {
        return one_day(Kind::BankHoliday, days);
    }
    let lists = [HALF, TERM, INSET, HOLIDAY, BEGINS, ENDS, CLOSED, BANK, FILLING];
    if !without_year.iter().all(|word| lists.iter().any(|list| list.contains(word))) {
        return Err("not all of its words are known");
    }
    let says = |list: &[&str]| without_year.iter().any(|word| list.contains(word));
    let breaks_up = without_year.windows(2).any(|pair| pair == ["break", "up"]);
    match (says(BEGINS), says(ENDS) || breaks_up) {
        _ if says(BANK) && says(HOLIDAY) => one_day(Kind::BankHoliday, days),
        (false, false) if is_inset(&without_year) => up_to(Kind::Inset, days, 5, "an INSET of more than five days"),
        (false, false) if says(HALF) && says(TERM) => up_to(Kind::HalfTerm, days, 16, "a half-term holiday of more than 16 days"),
        (false, false) if says(HOLIDAY) => Ok(Kind::Holiday),
        (false, false) if says(CLOSED) => up_to(Kind::Closure, days, 31, "a closure of more than a month"),
        (false, false) if says(TERM) && days > 1 => Ok(Kind::Term),
        (false, false) if says(TERM) => Err("a term of one day: does it begin or end then?"),
        (true, false) if says(TERM) && !says(HALF) && !says(HOLIDAY) => one_day(Kind::TermBegins, days),
        (false, true) if says(TERM) && !says(HALF) && !says(HOLIDAY) => one_day(Kind::TermEnds, days),
        _ => Err("its words do not say what kind of day it is"),
    }
}

/// "Staff" alone is none; "staff training" is, and "non-pupil day".
fn is_inset(words: &[&str]) -> bool {
    const ALONE: [&str; 3] = ["inset", "training", "inservice"];
    const PAIRS: [[&str; 2]; 7] = [
        ["in", "service"],
        ["non", "pupil"],
        ["staff", "development"],
        ["teacher", "development"],
        ["school", "development"],
        ["staff", "day"],
        ["teacher", "day"],
    ];
    words.iter().any(|word| ALONE.contains(word)) || words.windows(2).any(|pair| PAIRS.iter().any(|known| known == pair))
}

fn one_day(kind: Kind, days: i32) -> Result<Kind, &'static str> {
    up_to(kind, days, 1, "it should be one day and lasts longer")
}

fn up_to(kind: Kind, days: i32, most: i32, why_not: &'static str) -> Result<Kind, &'static str> {
    if days <= most { Ok(kind) } else { Err(why_not) }
}

/// Words in small letters, without apostrophes; what else stands between letters and digits parts them.
fn words(summary: &str) -> Vec<String> {
    let plain: String = summary.to_lowercase().chars().filter(|sign| !matches!(sign, '\'' | '\u{2019}')).collect();
    plain.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// "2026", "27", "1st".
fn is_number(word: &str) -> bool {
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit())
}
