//! Passwords that are tried first. With twelve letters at least, those of the well-known lists are a few words with something hung on,
//! rows of keys and repetitions; so that is what is looked for, and no list of somebody else's is needed.

/// Words that people build passwords from, without what is hung on. Our own collection.
const WORDS: &[&str] = &[
    "abc",
    "access",
    "admin",
    "administrator",
    "angel",
    "arsenal",
    "autumn",
    "barcelona",
    "baseball",
    "batman",
    "birthday",
    "blessed",
    "butterfly",
    "changeme",
    "charlie",
    "chelsea",
    "children",
    "chocolate",
    "christmas",
    "classroom",
    "computer",
    "default",
    "dragon",
    "education",
    "england",
    "everton",
    "family",
    "football",
    "forever",
    "freedom",
    "friends",
    "governor",
    "guest",
    "headteacher",
    "hello",
    "hogwarts",
    "holiday",
    "iloveyou",
    "infant",
    "internet",
    "jesus",
    "justin",
    "learning",
    "letmein",
    "liverpool",
    "login",
    "london",
    "love",
    "loveyou",
    "manchester",
    "master",
    "michael",
    "monday",
    "monkey",
    "mother",
    "nothing",
    "ofsted",
    "pass",
    "passcode",
    "passphrase",
    "password",
    "passwort",
    "playtime",
    "pokemon",
    "primary",
    "princess",
    "pupil",
    "qwerty",
    "reading",
    "rainbow",
    "root",
    "safeguarding",
    "school",
    "schoolgate",
    "secret",
    "september",
    "shadow",
    "spring",
    "staff",
    "starwars",
    "student",
    "summer",
    "sunshine",
    "superman",
    "superstar",
    "teacher",
    "teaching",
    "temp",
    "temporary",
    "test",
    "tottenham",
    "trustno",
    "united",
    "unicorn",
    "user",
    "welcome",
    "whatever",
    "winter",
    "work",
    "your",
    "my",
    "the",
    "is",
    "new",
    "and",
    "me",
    "to",
    "for",
    "mr",
    "mrs",
    "miss",
];

/// Rows of keys and of the alphabet, forwards; backwards is looked for as well.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
];

/// Whether `password` is among the first that somebody would try who knows the user name.
pub(super) fn is_common(password: &str, user_name: &str) -> bool {
    let plain: String = password.to_lowercase().chars().map(plain_letter).filter(|c| c.is_alphanumeric()).collect();
    let name: String = user_name.chars().map(plain_letter).filter(|c| c.is_alphanumeric()).collect();
    let letters = unknown_letters(&plain, &name);
    // What is left when everything well known is taken away must still be worth guessing.
    letters < 5 || different(&password.to_lowercase()) < 5
}

/// How many letters are left without known words, rows of keys of three or more, numbers, and whatever was there before.
fn unknown_letters(plain: &str, name: &str) -> usize {
    let mut left = 0;
    let mut rest = plain;
    let mut before = String::new();
    while let Some(first) = rest.chars().next() {
        let known = [word_at(rest, name), row_at(rest), repeated_at(&before, rest)].into_iter().max().unwrap_or_default();
        let taken = if known > 0 { known } else { first.len_utf8() };
        left += usize::from(known == 0 && !first.is_numeric());
        before.push_str(rest.get(..taken).unwrap_or_default());
        rest = rest.get(taken..).unwrap_or_default();
    }
    left
}

/// Bytes of the longest known word that `rest` begins with.
fn word_at(rest: &str, name: &str) -> usize {
    let named = (name.len() >= 3 && rest.starts_with(name)).then_some(name.len());
    let words = WORDS.iter().filter(|word| rest.starts_with(**word)).map(|word| word.len());
    words.chain(named).max().unwrap_or_default()
}

/// Bytes of the longest piece of a row that `rest` begins with; less than three are none.
fn row_at(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let longest = |row: &[u8]| {
        let from = |at: usize| row.iter().skip(at).zip(bytes).take_while(|(a, b)| a == b).count();
        (0..row.len()).map(from).max().unwrap_or_default()
    };
    let both = |row: &&str| longest(row.as_bytes()).max(longest(&row.bytes().rev().collect::<Vec<_>>()));
    ROWS.iter().map(both).max().filter(|length| *length >= 3).unwrap_or_default()
}

/// Bytes at the beginning of `rest` that stood in `before` already, three letters or more.
fn repeated_at(before: &str, rest: &str) -> usize {
    let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).skip(2);
    ends.take_while(|end| rest.get(..*end).is_some_and(|piece| before.contains(piece))).last().unwrap_or_default()
}

fn different(text: &str) -> usize {
    text.chars().collect::<std::collections::BTreeSet<_>>().len()
}

/// `p@ssw0rd` is a password too. The digits stay, since rows of them are looked for.
const fn plain_letter(c: char) -> char {
    match c {
        '@' => 'a',
        '$' => 's',
        '!' => 'i',
        '€' => 'e',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_refused_and_what_people_make_up_is_not() {
        let check = |password: &str, expected: bool| assert_eq!(is_common(password, "j.okoro"), expected, "{password}");
        for common in [
            "passwordpassword",
            "Password123456!",
            "P@ssword2026",
            "welcometoschool",
            "Schoolgate2026",
            "qwertyuiop123",
            "123456789012",
            "abcdefghijkl",
            "aaaaaaaaaaaa",
            "poiuytrewq09",
            "JOkoroJOkoro1",
            "liverpool1892liverpool",
            "abababababab",
            "1qaz2wsx3edc4rfv",
            "letmeinletmein",
            "headteacher2026!",
            "lovemyfamily1",
        ] {
            check(common, true);
        }
        for good in ["lantern kettle moss", "correct horse battery", "nine grey herons wade", "öäüéàèßøåñçž", "Zug nach Basel 7:42"]
        {
            check(good, false);
        }
    }
}
