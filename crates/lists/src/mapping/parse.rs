//! Reading a mapping file: everything that is wrong with it, at once and by line.

use std::collections::HashMap;
use std::fmt;

use filter::category::{Category, CategorySet, Kind};

use super::{Mapping, Meaning, Pattern};

/// All that is wrong with a mapping file; at least one mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct MappingError {
    /// The mistakes, by line.
    pub mistakes: Vec<Mistake>,
}

/// One mistake in a mapping file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub kind: MistakeKind,
}

/// What can be wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MistakeKind {
    /// Neither a section nor a line with an equals sign.
    #[error("expected `[section]` or `name = category`")]
    Shape,
    /// A line before the first section.
    #[error("the line stands before the first `[section]`")]
    NoSection,
    /// Nothing before the equals sign, or between two commas.
    #[error("a name is missing")]
    NoName,
    /// Nothing after the equals sign.
    #[error("nothing stands after `=`: name categories of ours, or `ignore`")]
    NoMeaning,
    /// Not one of our slugs.
    #[error("`{slug}` is no category of ours; the nearest is `{nearest}`")]
    UnknownSlug {
        /// What was written.
        slug: Box<str>,
        /// Our slug that is most like it.
        nearest: &'static str,
    },
    /// `ignore` beside categories, or without its reason.
    #[error("`ignore` stands alone and is followed by `# why`")]
    Ignore,
    /// A list of good sites mapped to something that is blocked.
    #[error("`white` marks a list of good sites; `{0}` would have them blocked")]
    WhiteToBlocked(Category),
    /// More than one star in a name, or a star alone.
    #[error("the pattern `{0}` needs exactly one star and some other character")]
    Pattern(Box<str>),
    /// A star as meaning where the name has none, or beside categories.
    #[error("`*` as a meaning stands alone and needs a star in the name")]
    Star,
    /// One of our own slugs with another meaning.
    #[error("`{0}` is a category of ours and means itself in every source")]
    Own(Category),
    /// A name that was given another meaning before, or the same one in this section.
    #[error("`{name}` already has a meaning, at line {first}")]
    Twice {
        /// The name.
        name: Box<str>,
        /// Where it was given first, counted from 1.
        first: usize,
    },
}

/// Where a name was first given its meaning.
struct Seen {
    line: usize,
    section: usize,
    meaning: Meaning,
}

/// The state of reading.
#[derive(Default)]
struct Reader {
    section: usize,
    seen: HashMap<Box<str>, Seen>,
    patterns: Vec<Pattern>,
    mistakes: Vec<Mistake>,
}

pub(super) fn parse(text: &str) -> Result<Mapping, MappingError> {
    let mut reader = Reader::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (line, text) in (1..).zip(text.lines()) {
        if let Err(kind) = reader.line(line, text) {
            reader.mistakes.push(Mistake { line, kind });
        }
    }
    if !reader.mistakes.is_empty() {
        return Err(MappingError { mistakes: reader.mistakes });
    }
    let exact = reader.seen.into_iter().filter(|(name, _)| !name.contains('*')).map(|(name, seen)| (name, seen.meaning)).collect();
    Ok(Mapping { exact, patterns: reader.patterns })
}

// === impl Reader ===

impl Reader {
    fn line(&mut self, line: usize, text: &str) -> Result<(), MistakeKind> {
        let (text, reason) = text.split_once('#').unwrap_or((text, ""));
        let (text, reason) = (text.trim(), reason.trim());
        if text.is_empty() {
            return Ok(());
        }
        if let Some(section) = text.strip_prefix('[') {
            self.section += 1;
            return section.strip_suffix(']').filter(|name| !name.trim().is_empty()).map(|_| ()).ok_or(MistakeKind::Shape);
        }
        if self.section == 0 {
            return Err(MistakeKind::NoSection);
        }
        let (names, meaning) = text.split_once('=').ok_or(MistakeKind::Shape)?;
        let meaning = meaning_of(meaning, reason)?;
        for name in names.split(',') {
            // Every name of a line is looked at, so that the second wrong one is not hidden by the first.
            if let Err(kind) = self.name(line, name, &meaning) {
                self.mistakes.push(Mistake { line, kind });
            }
        }
        Ok(())
    }

    fn name(&mut self, line: usize, name: &str, meaning: &Meaning) -> Result<(), MistakeKind> {
        let name: Box<str> = name.trim().to_lowercase().into();
        if name.is_empty() {
            return Err(MistakeKind::NoName);
        }
        let pattern = pattern_of(&name)?;
        if pattern.is_none() && *meaning == Meaning::Star {
            return Err(MistakeKind::Star);
        }
        if let Some(own) = Category::from_slug(&name).filter(|own| *meaning != Meaning::To((*own).into())) {
            return Err(MistakeKind::Own(own));
        }
        if let Some(seen) = self.seen.get(&name) {
            // Two sources may use one word, as long as they mean the same by it.
            let agrees = seen.section != self.section && seen.meaning == *meaning;
            return if agrees { Ok(()) } else { Err(MistakeKind::Twice { name, first: seen.line }) };
        }
        if let Some((before, after)) = pattern {
            self.patterns.push(Pattern { before: before.into(), after: after.into(), meaning: meaning.clone() });
        }
        self.seen.insert(name, Seen { line, section: self.section, meaning: meaning.clone() });
        Ok(())
    }
}

/// The two sides of the star, where there is one.
fn pattern_of(name: &str) -> Result<Option<(&str, &str)>, MistakeKind> {
    match name.split_once('*') {
        None => Ok(None),
        Some(("", "")) => Err(MistakeKind::Pattern(name.into())),
        Some((_, after)) if after.contains('*') => Err(MistakeKind::Pattern(name.into())),
        Some(sides) => Ok(Some(sides)),
    }
}

fn meaning_of(text: &str, reason: &str) -> Result<Meaning, MistakeKind> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (white, words) = match words.split_first() {
        Some((&"white", rest)) => (true, rest),
        _ => (false, words.as_slice()),
    };
    match words {
        [] => return Err(MistakeKind::NoMeaning),
        ["ignore"] if !reason.is_empty() => return Ok(Meaning::Ignore(reason.into())),
        ["*"] if !white => return Ok(Meaning::Star),
        words if words.contains(&"ignore") => return Err(MistakeKind::Ignore),
        words if words.contains(&"*") => return Err(MistakeKind::Star),
        _ => {}
    }
    let categories: CategorySet = words.iter().map(|slug| category_of(slug)).collect::<Result<_, _>>()?;
    match categories.iter().find(|category| white && !matches!(category.kind(), Kind::Positive | Kind::Everyday)) {
        Some(category) => Err(MistakeKind::WhiteToBlocked(category)),
        None => Ok(Meaning::To(categories)),
    }
}

fn category_of(slug: &str) -> Result<Category, MistakeKind> {
    Category::from_slug(slug).ok_or_else(|| {
        let nearest = Category::ALL.iter().map(|category| category.slug()).min_by_key(|known| distance(known, slug)).unwrap_or_default();
        MistakeKind::UnknownSlug { slug: slug.into(), nearest }
    })
}

/// How many letters must be put in, taken out or changed to make one word the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        let mut next = vec![left];
        for (up, candidate) in row.iter().skip(1).zip(other.chars()) {
            left = (left + 1).min(up + 1).min(diagonal + usize::from(candidate != letter));
            diagonal = *up;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

// === impl MappingError, Mistake ===

impl fmt::Display for MappingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the category mapping has mistakes:")?;
        self.mistakes.iter().try_for_each(|mistake| write!(formatter, "\n  {mistake}"))
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(usize, MistakeKind)]) {
        let expected: Vec<_> = expected.iter().cloned().map(|(line, kind)| Mistake { line, kind }).collect();
        let found = Mapping::parse(text).map(|_| ()).map_err(|error| error.mistakes).err().unwrap_or_default();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn each_mistake_is_named() {
        check("a = games", &[(1, MistakeKind::NoSection)]);
        check("[s]\nnonsense", &[(2, MistakeKind::Shape)]);
        check("[s", &[(1, MistakeKind::Shape)]);
        check("[s]\n = games\na,,b = games", &[(2, MistakeKind::NoName), (3, MistakeKind::NoName)]);
        check("[s]\na =\nb = white", &[(2, MistakeKind::NoMeaning), (3, MistakeKind::NoMeaning)]);
        check("[s]\na = ignore\nb = ignore games # why", &[(2, MistakeKind::Ignore), (3, MistakeKind::Ignore)]);
        check("[s]\na = white gambling", &[(2, MistakeKind::WhiteToBlocked(Category::Gambling))]);
        check("[s]\n* = games\na*b* = games", &[(2, MistakeKind::Pattern("*".into())), (3, MistakeKind::Pattern("a*b*".into()))]);
        check("[s]\ndrugs = drugs\nchat = ignore # why", &[(3, MistakeKind::Own(Category::Chat))]);
        check("[s]\na = *\nb* = * games", &[(2, MistakeKind::Star), (3, MistakeKind::Star)]);
    }

    #[test]
    fn all_mistakes_come_at_once_with_their_lines() {
        let error = Mapping::parse("[s]\na = gamblng\n\n# fine\nb = games\nc ignore\nb = news\n").map(|_| ()).expect_err("mistakes");
        assert_eq!(
            error.to_string(),
            "the category mapping has mistakes:\n  line 2: `gamblng` is no category of ours; the nearest is `gambling`\
             \n  line 6: expected `[section]` or `name = category`\n  line 7: `b` already has a meaning, at line 5"
        );
    }

    #[test]
    fn one_word_in_two_sections_must_mean_the_same() {
        check("[s]\na = games\n[t]\nA = games", &[]);
        check("[s]\na = games\n[t]\na = news", &[(4, MistakeKind::Twice { name: "a".into(), first: 2 })]);
    }

    #[test]
    fn distances() {
        for (one, other, expected) in
            [("", "", 0), ("chat", "chat", 0), ("chat", "", 4), ("", "chat", 4), ("chat", "cat", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }
}
