//! The languages into which a school may translate its texts: a closed list, so that a language has one name everywhere.
//!
//! Which ones: those that most people in England and Wales call their main language (Office for National Statistics, Census 2021, table
//! TS024), Welsh and Irish, and those of people who came lately. Own and English names and directions of writing: Unicode CLDR (Twi is ours), with a
//! capital where a name stands alone; a second English name where the census or a school's system uses one. Tags: BCP 47.

use Direction::{ToLeft, ToRight};

/// A language.
#[derive(Debug, PartialEq, Eq)]
pub struct Language {
    /// Its tag: `pl`.
    pub tag: &'static str,
    /// What those who speak it call it: Polski.
    pub own: &'static str,
    /// What it is called in English.
    pub english: &'static str,
    /// What else it is called in English.
    also: &'static [&'static str],
    /// How it is written.
    pub direction: Direction,
}

/// In which direction a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the left to the right.
    ToRight,
    /// From the right to the left.
    ToLeft,
}

/// The language of the texts that count.
pub const ENGLISH: Language = language("en", "English", "English", &[], ToRight);

/// All into which a text may be translated, by their English names.
pub const LANGUAGES: &[Language] = &[
    language("sq", "Shqip", "Albanian", &[], ToRight),
    language("am", "አማርኛ", "Amharic", &[], ToRight),
    language("ar", "العربية", "Arabic", &[], ToLeft),
    language("bn", "বাংলা", "Bengali", &["Bangla", "Sylheti"], ToRight),
    language("bg", "Български", "Bulgarian", &[], ToRight),
    language("zh-Hans", "简体中文", "Chinese, simplified", &["Chinese", "Mandarin", "Mandarin Chinese"], ToRight),
    language("zh-Hant", "繁體中文", "Chinese, traditional", &["Chinese", "Cantonese", "Cantonese Chinese"], ToRight),
    language("hr", "Hrvatski", "Croatian", &[], ToRight),
    language("cs", "Čeština", "Czech", &[], ToRight),
    language("prs", "دری", "Dari", &[], ToLeft),
    language("nl", "Nederlands", "Dutch", &["Flemish"], ToRight),
    language("fil", "Filipino", "Filipino", &["Tagalog"], ToRight),
    language("fr", "Français", "French", &[], ToRight),
    language("de", "Deutsch", "German", &[], ToRight),
    language("el", "Ελληνικά", "Greek", &[], ToRight),
    language("gu", "ગુજરાતી", "Gujarati", &[], ToRight),
    language("ha", "Hausa", "Hausa", &[], ToRight),
    language("he", "עברית", "Hebrew", &[], ToLeft),
    language("hi", "हिन्दी", "Hindi", &[], ToRight),
    language("hu", "Magyar", "Hungarian", &[], ToRight),
    language("ig", "Asụsụ Igbo", "Igbo", &[], ToRight),
    language("ga", "Gaeilge", "Irish", &["Gaelic (Irish)"], ToRight),
    language("it", "Italiano", "Italian", &[], ToRight),
    language("ja", "日本語", "Japanese", &[], ToRight),
    language("ko", "한국어", "Korean", &[], ToRight),
    language("ku", "Kurdî (Kurmancî)", "Kurdish, Kurmanji", &["Kurdish", "Kurmanji"], ToRight),
    language("ckb", "کوردیی ناوەندی", "Kurdish, Sorani", &["Kurdish", "Sorani", "Central Kurdish"], ToLeft),
    language("lv", "Latviešu", "Latvian", &[], ToRight),
    language("lt", "Lietuvių", "Lithuanian", &[], ToRight),
    language("ml", "മലയാളം", "Malayalam", &[], ToRight),
    language("mr", "मराठी", "Marathi", &[], ToRight),
    language("ne", "नेपाली", "Nepali", &["Nepalese"], ToRight),
    language("ps", "پښتو", "Pashto", &["Pashtu", "Pushto"], ToLeft),
    language("fa", "فارسی", "Persian", &["Farsi"], ToLeft),
    language("pl", "Polski", "Polish", &[], ToRight),
    language("pt", "Português", "Portuguese", &[], ToRight),
    language("pa", "ਪੰਜਾਬੀ", "Punjabi", &["Panjabi"], ToRight),
    language("pa-Arab", "پنجابی", "Punjabi, Arabic script", &["Punjabi", "Panjabi"], ToLeft),
    language("ro", "Română", "Romanian", &["Moldovan"], ToRight),
    language("ru", "Русский", "Russian", &[], ToRight),
    language("sr", "Српски", "Serbian", &[], ToRight),
    language("sn", "chiShona", "Shona", &[], ToRight),
    language("si", "සිංහල", "Sinhala", &["Sinhalese"], ToRight),
    language("sk", "Slovenčina", "Slovak", &[], ToRight),
    language("so", "Soomaali", "Somali", &[], ToRight),
    language("es", "Español", "Spanish", &["Castilian"], ToRight),
    language("sw", "Kiswahili", "Swahili", &[], ToRight),
    language("ta", "தமிழ்", "Tamil", &[], ToRight),
    language("te", "తెలుగు", "Telugu", &[], ToRight),
    language("th", "ไทย", "Thai", &[], ToRight),
    language("ti", "ትግርኛ", "Tigrinya", &[], ToRight),
    language("tr", "Türkçe", "Turkish", &[], ToRight),
    language("tw", "Twi", "Twi", &["Akan"], ToRight),
    language("uk", "Українська", "Ukrainian", &[], ToRight),
    language("ur", "اردو", "Urdu", &[], ToLeft),
    language("vi", "Tiếng Việt", "Vietnamese", &[], ToRight),
    language("cy", "Cymraeg", "Welsh", &[], ToRight),
    language("yi", "ייִדיש", "Yiddish", &[], ToLeft),
    language("yo", "Èdè Yorùbá", "Yoruba", &[], ToRight),
];

const fn language(
    tag: &'static str,
    own: &'static str,
    english: &'static str,
    also: &'static [&'static str],
    direction: Direction,
) -> Language {
    Language { tag, own, english, also, direction }
}

// === impl Language ===

impl Language {
    /// The one with this tag, however it is written.
    pub fn find(tag: &str) -> Option<&'static Self> {
        LANGUAGES.iter().find(|language| language.tag.eq_ignore_ascii_case(tag))
    }

    /// What somebody may mean who writes a language down by hand: by its English or its own name, or its tag. More than one where it has two
    /// scripts; none where nothing is meant that we know.
    pub fn spoken(text: &str) -> Vec<&'static Self> {
        let text = text.trim().to_lowercase();
        let is = |name: &&str| name.to_lowercase() == text;
        LANGUAGES.iter().filter(|it| [it.tag, it.own, it.english].iter().chain(it.also).any(is)).collect()
    }
}

impl Direction {
    /// As `dir` says it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ToRight => "ltr",
            Self::ToLeft => "rtl",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_stands_there_once_in_its_place_and_is_found_by_its_names() {
        for pair in LANGUAGES.windows(2) {
            assert!(pair[0].english < pair[1].english, "{} stands before {}", pair[0].english, pair[1].english);
        }
        for language in LANGUAGES {
            assert_eq!(Language::find(language.tag), Some(language), "{}: its tag is another's", language.tag);
            for name in [language.tag, language.own, language.english, &language.english.to_uppercase(), &language.own.to_uppercase()] {
                assert!(Language::spoken(name).contains(&language), "{name} is {}", language.english);
            }
            // Hebrew, Arabic and what is written with their letters.
            let letters = |letter: char| ('\u{590}'..='\u{6ff}').contains(&letter);
            assert_eq!(language.direction == ToLeft, language.own.contains(letters), "{}", language.english);
        }
    }

    #[test]
    fn what_somebody_wrote_by_hand_is_read() {
        let tags = |text: &str| Language::spoken(text).iter().map(|language| language.tag).collect::<Vec<_>>();
        assert_eq!((tags(" POLISH "), tags("polski"), tags("PL")), (vec!["pl"], vec!["pl"], vec!["pl"]));
        assert_eq!((tags("Farsi"), tags("اردو"), tags("türkçe")), (vec!["fa"], vec!["ur"], vec!["tr"]));
        assert_eq!((tags("Panjabi"), tags("Chinese")), (vec!["pa", "pa-Arab"], vec!["zh-Hans", "zh-Hant"]));
        for other in ["", "English", "Klingon", "Pol"] {
            assert!(tags(other).is_empty(), "{other}");
        }
    }
}
