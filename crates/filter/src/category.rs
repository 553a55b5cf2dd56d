//! The taxonomy: what a site can be about, in words a school uses.
//!
//! Sources: UKSIC "appropriate filtering" (illegal and inappropriate content), the four Cs of Keeping Children Safe in
//! Education (content, contact, conduct, commerce), and what public lists can tell apart. A person's identity is never a
//! category: nothing here can block a site for being about LGBTQ+ people, a faith or a nation.

use std::fmt;

/// What a category means for a profile before anyone has chosen anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Against the law: blocked in every profile, and nobody can choose otherwise.
    Illegal,
    /// Harmful to children, whatever the lesson.
    Harm,
    /// Fit for some ages or purposes.
    Caution,
    /// Ordinary life; named so that a school may choose.
    Everyday,
    /// Good for learning or for help; may lift others (see [`Category::lifts`]).
    Positive,
}

/// One row per category: variant, stable id, slug, kind, title, and a sentence for a reader of 8 to 11.
macro_rules! categories {
    ($($variant:ident = $id:literal, $slug:literal, $kind:ident, $title:literal, $sentence:literal;)+) => {
        /// What a site is about. The number is written into pack files: it never changes, and new ones are added at the end.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Category {
            $(#[doc = $title] $variant = $id,)+
        }

        impl Category {
            /// Every category, in the order of their ids.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name in files, lists and configuration: lower-case words with hyphens.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// The name for adults and older pupils.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// One sentence for a reader of 8 to 11.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)+ }
            }

            /// What it means before anyone has chosen anything.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)+ }
            }
        }
    };
}

categories! {
    ChildSexualAbuse = 0, "child-sexual-abuse", Illegal, "Child sexual abuse", "This site is against the law.";
    Terrorism = 1, "terrorism", Illegal, "Terrorism", "This site is against the law.";
    IntimateImageAbuse = 2, "intimate-image-abuse", Illegal, "Intimate image abuse", "This site hurts people by using private pictures.";
    OtherIllegal = 3, "other-illegal", Illegal, "Other illegal content", "This site is against the law.";
    Pornography = 4, "pornography", Harm, "Pornography", "This site is for grown-ups only.";
    Mature = 5, "mature", Harm, "Mature content", "This site has parts that are for grown-ups only.";
    SelfHarm = 6, "self-harm", Harm, "Self-harm, suicide and eating disorders", "This site could make somebody who is sad feel worse.";
    Violence = 7, "violence", Harm, "Violence and gore", "This site shows people or animals being badly hurt.";
    Weapons = 8, "weapons", Harm, "Weapons", "This site is about buying or using weapons.";
    Drugs = 9, "drugs", Harm, "Drugs", "This site is about taking or selling drugs.";
    Alcohol = 10, "alcohol", Harm, "Alcohol", "This site is about drinks for grown-ups, like beer and wine.";
    TobaccoVapes = 11, "tobacco-vapes", Harm, "Tobacco and vapes", "This site is about smoking or vaping.";
    Extremism = 12, "extremism", Harm, "Extremism", "This site tries to make people join groups that hurt others.";
    Hate = 13, "hate", Harm, "Hate and discrimination", "This site is cruel to people because of who they are.";
    Misogyny = 14, "misogyny", Harm, "Misogyny", "This site says cruel and untrue things about women and girls.";
    Misinformation = 15, "misinformation", Harm, "Misinformation and conspiracy", "This site tells stories that are not true as if they were.";
    DangerousInstructions = 16, "dangerous-instructions", Harm, "Dangerous instructions", "This site explains how to make things that can hurt people.";
    Gambling = 17, "gambling", Harm, "Gambling", "This site is about betting money.";
    Malware = 18, "malware", Harm, "Malware", "This site can harm the computer.";
    Phishing = 19, "phishing", Harm, "Phishing", "This site pretends to be another one to steal passwords.";
    Scams = 20, "scams", Harm, "Scams and fraud", "This site tries to trick people out of their money.";
    Hacking = 21, "hacking", Harm, "Hacking", "This site is about breaking into computers.";
    Cryptojacking = 22, "cryptojacking", Harm, "Cryptojacking", "This site secretly uses the computer to make money.";
    Stalkerware = 23, "stalkerware", Harm, "Stalkerware", "This site is about secretly spying on somebody's phone.";
    Piracy = 24, "piracy", Harm, "Piracy", "This site gives away films, music or games without permission.";
    AnonymousChat = 25, "anonymous-chat", Harm, "Anonymous chat", "This site lets strangers talk to you without saying who they are.";
    AiCompanions = 26, "ai-companions", Harm, "AI companions", "This site has a computer that pretends to be a friend.";
    Dating = 27, "dating", Harm, "Dating", "This site is for grown-ups who want to meet a partner.";
    AiChat = 28, "ai-chat", Caution, "AI chat", "This site has a computer that answers questions and can be wrong.";
    AiImages = 29, "ai-images", Caution, "AI pictures and video", "This site makes pictures or videos that look real but are not.";
    SocialMedia = 30, "social-media", Caution, "Social media", "This site is for sharing things with other people, and is for age 13 or over.";
    Chat = 31, "chat", Caution, "Chat and messaging", "This site is for sending messages to people you may not know.";
    VpnProxy = 32, "vpn-proxy", Caution, "VPNs and proxies", "This site is for getting round the school's safety rules.";
    EncryptedDns = 33, "encrypted-dns", Caution, "Encrypted DNS", "This is used for getting round the school's safety rules.";
    RemoteControl = 34, "remote-control", Caution, "Remote control", "This lets somebody use a computer from far away.";
    DynamicDns = 35, "dynamic-dns", Caution, "Dynamic DNS", "This kind of site can change quickly, and nobody has checked it.";
    NewlyRegistered = 36, "newly-registered", Caution, "Newly registered", "This site is very new, and nobody has checked it.";
    UrlShorteners = 37, "url-shorteners", Caution, "Link shorteners", "This short link hides where it goes.";
    Advertising = 38, "advertising", Caution, "Advertising", "This is an advert.";
    Trackers = 39, "trackers", Caution, "Trackers", "This watches which sites people look at.";
    Webmail = 40, "webmail", Caution, "Personal e-mail", "This is e-mail that is not from school.";
    FileSharing = 41, "file-sharing", Caution, "File sharing", "This site is for sending files, and nobody has checked them.";
    BlogsForums = 42, "blogs-forums", Caution, "Blogs, forums and personal pages", "Anybody can write on this site, and nobody has checked it.";
    CryptoFinance = 43, "crypto-finance", Caution, "Trading, crypto and finance", "This site is about buying and selling money.";
    ReligionSects = 44, "religion-sects", Caution, "Sects and cults", "This site belongs to a group that can be hard to leave.";
    Cheating = 45, "cheating", Caution, "Cheating in schoolwork", "This site does people's schoolwork for them.";
    Games = 46, "games", Everyday, "Games", "This site is for playing games.";
    Shopping = 47, "shopping", Everyday, "Shopping", "This site is a shop.";
    News = 48, "news", Everyday, "News", "This site has news written for grown-ups.";
    AudioVideo = 49, "audio-video", Everyday, "Video, music and radio", "This site is for watching or listening.";
    Translation = 50, "translation", Everyday, "Translation", "This site changes words into another language.";
    Jobs = 51, "jobs", Everyday, "Jobs", "This site is for finding a job.";
    Sports = 52, "sports", Everyday, "Sports", "This site is about sport.";
    Astrology = 53, "astrology", Everyday, "Astrology", "This site is about star signs and telling the future.";
    Celebrity = 54, "celebrity", Everyday, "Celebrity and entertainment", "This site is about famous people and stories.";
    Search = 55, "search", Everyday, "Search engines", "This site is for searching the internet.";
    DownloadsUpdates = 56, "downloads-updates", Everyday, "Downloads and updates", "This site has programs for the computer.";
    Banking = 57, "banking", Everyday, "Banking", "This site is a bank.";
    Education = 58, "education", Positive, "Education", "This site is for learning.";
    SexEducation = 59, "sex-education", Positive, "Sex and relationships education", "This site is about growing up, and is for older children.";
    Health = 60, "health", Positive, "Health", "This site is about staying well.";
    YoungChildrenAllow = 61, "young-children-allow", Positive, "Reviewed for young children", "This site was chosen for young children.";
}

/// Ids are 0, 1, 2 ... in table order, so an id is also a place in [`Category::ALL`] and a bit below 62. Checked when compiling.
const _: () = {
    assert!(Category::ALL.len() <= 62, "two bits of a set are kept for the pack format");
    let mut id = 0;
    while id < Category::ALL.len() {
        assert!(Category::ALL[id] as usize == id, "category ids must be in table order without gaps");
        id += 1;
    }
};

/// A set of categories, as one number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CategorySet(u64);

// === impl Category ===

impl Category {
    /// The category with this slug, exactly as written in the table.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|category| category.slug() == slug)
    }

    /// The category with this id, as it stands in a pack file.
    pub fn from_id(id: u8) -> Option<Self> {
        Self::ALL.get(usize::from(id)).copied()
    }

    /// The id, as it stands in a pack file.
    pub const fn id(self) -> u8 {
        self as u8
    }

    /// Its bit in a [`CategorySet`].
    pub const fn bit(self) -> u64 {
        1 << (self as u8)
    }

    /// What this category makes harmless where it lists the same host as the other, or a longer one.
    ///
    /// Only a positive category lifts anything. Sites for sex education stand on lists of adult sites by mistake; our own
    /// reviewed list for young children outweighs what is merely ordinary. Nothing lifts what is illegal.
    pub const fn lifts(self) -> CategorySet {
        match self {
            Self::SexEducation => CategorySet(Self::Pornography.bit() | Self::Mature.bit() | Self::Dating.bit()),
            Self::YoungChildrenAllow => CategorySet::of_kind(Kind::Everyday).union(CategorySet::of_kind(Kind::Caution)),
            _ => CategorySet::EMPTY,
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.slug())
    }
}

// === impl CategorySet ===

impl CategorySet {
    /// No category.
    pub const EMPTY: Self = Self(0);
    /// Every category there is.
    pub const ALL: Self = Self((1 << Category::ALL.len()) - 1);

    /// All categories of one kind.
    pub const fn of_kind(kind: Kind) -> Self {
        let mut set = Self::EMPTY;
        let mut id = 0;
        while id < Category::ALL.len() {
            if Category::ALL[id].kind() as u8 == kind as u8 {
                set.0 |= Category::ALL[id].bit();
            }
            id += 1;
        }
        set
    }

    /// Whether `category` is in the set.
    pub const fn contains(self, category: Category) -> bool {
        self.0 & category.bit() != 0
    }

    /// Adds `category`.
    pub const fn insert(&mut self, category: Category) {
        self.0 |= category.bit();
    }

    /// Takes `category` out.
    pub const fn remove(&mut self, category: Category) {
        self.0 &= !category.bit();
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in `self` and not in `other`.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many are in it.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The set as bits: bit n is the category with id n.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The set with these bits, or nothing where a bit belongs to no category we know.
    pub const fn from_bits(bits: u64) -> Option<Self> {
        if bits & !Self::ALL.0 == 0 { Some(Self(bits)) } else { None }
    }

    /// The categories, in the order of their ids.
    pub fn iter(self) -> impl Iterator<Item = Category> {
        Category::ALL.iter().copied().filter(move |category| self.contains(*category))
    }
}

impl From<Category> for CategorySet {
    fn from(category: Category) -> Self {
        Self(category.bit())
    }
}

impl FromIterator<Category> for CategorySet {
    fn from_iter<I: IntoIterator<Item = Category>>(categories: I) -> Self {
        Self(categories.into_iter().fold(0, |bits, category| bits | category.bit()))
    }
}

impl fmt::Debug for CategorySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter().map(Category::slug).map(Plain)).finish()
    }
}

/// A text shown without quotes.
struct Plain(&'static str);

impl fmt::Debug for Plain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_category_is_found_by_its_slug_and_its_id() {
        for category in Category::ALL.iter().copied() {
            assert_eq!(Category::from_slug(category.slug()), Some(category));
            assert_eq!(Category::from_id(category.id()), Some(category));
        }
        assert_eq!(Category::from_slug("Gambling"), None);
        assert_eq!(Category::from_id(62), None);
        assert_eq!(Category::from_id(255), None);
    }

    #[test]
    fn slugs_are_distinct_kebab_case_and_sentences_are_short_and_whole() {
        let slugs: BTreeSet<_> = Category::ALL.iter().map(|category| category.slug()).collect();
        assert_eq!(slugs.len(), Category::ALL.len());
        for category in Category::ALL {
            assert!(category.slug().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{category}");
            assert!(category.sentence().starts_with("This ") || category.sentence().starts_with("Anybody "), "{category}");
            assert!(category.sentence().ends_with('.'), "{category}");
            assert!(category.sentence().split(' ').count() <= 16, "{category}: too long for a reader of eight");
        }
    }

    #[test]
    fn ids_in_pack_files_never_move() {
        let fixed = [
            (0, "child-sexual-abuse"),
            (4, "pornography"),
            (17, "gambling"),
            (30, "social-media"),
            (46, "games"),
            (61, "young-children-allow"),
        ];
        for (id, slug) in fixed {
            assert_eq!(Category::from_id(id).map(Category::slug), Some(slug));
        }
    }

    #[test]
    fn sets_do_what_sets_do() {
        let mut set: CategorySet = [Category::Gambling, Category::Games].into_iter().collect();
        assert_eq!(format!("{set:?}"), "{gambling, games}");
        set.insert(Category::Jobs);
        set.remove(Category::Games);
        assert_eq!(set.iter().collect::<Vec<_>>(), [Category::Gambling, Category::Jobs]);
        assert_eq!(set.minus(Category::Jobs.into()), Category::Gambling.into());
        assert!(set.intersect(Category::Games.into()).is_empty());
        assert_eq!(CategorySet::from_bits(set.bits()), Some(set));
        assert_eq!(CategorySet::from_bits(1 << 63), None);
        assert_eq!(CategorySet::ALL.len(), Category::ALL.len());
    }

    #[test]
    fn only_positive_categories_lift_and_nothing_lifts_what_is_illegal() {
        let harm = CategorySet::of_kind(Kind::Harm);
        for category in Category::ALL.iter().copied() {
            let lifted = category.lifts();
            assert!(lifted.is_empty() || category.kind() == Kind::Positive, "{category}");
            assert!(lifted.intersect(CategorySet::of_kind(Kind::Illegal)).is_empty(), "{category}");
        }
        assert!(Category::SexEducation.lifts().contains(Category::Pornography));
        assert!(Category::YoungChildrenAllow.lifts().contains(Category::Games));
        assert!(Category::YoungChildrenAllow.lifts().intersect(harm).is_empty());
        assert!(Category::Education.lifts().is_empty());
    }
}
