//! Why each shipped profile does what it does: one row per category, with the reason and where it comes from.
//!
//! The reasons are shown to whoever asks why a site is shut (DfE filtering standard: blocking must not be unreasonable),
//! so they are written for a parent or a governor. The seven columns are, in this order:
//! early years and KS1, KS2, KS3, KS4, sixth form, staff, guest.
//!
//! General rules: nothing gets stricter with age; guests are of unknown age and never freer than KS3; early years and
//! KS1 open only what was reviewed, so their column matters where a school leaves that rule. A policy's promise that
//! filtering follows age (clauses B-069, B-107, B-108) is this table as a whole.

use super::Action::{self, Allow as A, Block as B, Warn as W};
use crate::category::Category;

/// One category's actions and why they are so.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// What the row is about.
    pub category: Category,
    /// Early years and KS1, KS2, KS3, KS4, sixth form, staff, guest.
    pub actions: [Action; 7],
    /// Why, in one sentence.
    pub why: &'static str,
    /// The law, guidance or clause it rests on.
    pub source: &'static str,
}

/// The sources, named once.
mod source {
    pub(super) const KCSIE_CONTENT: &str = "Keeping Children Safe in Education, four Cs: content";
    pub(super) const KCSIE_CONTACT: &str = "Keeping Children Safe in Education, four Cs: contact";
    pub(super) const KCSIE_CONDUCT: &str = "Keeping Children Safe in Education, four Cs: conduct";
    pub(super) const KCSIE_COMMERCE: &str = "Keeping Children Safe in Education, four Cs: commerce";
    pub(super) const UKSIC_ILLEGAL: &str = "UKSIC appropriate filtering, illegal content";
    pub(super) const UKSIC: &str = "UKSIC appropriate filtering, inappropriate content";
    pub(super) const UKSIC_CIRCUMVENTION: &str = "UKSIC appropriate filtering, circumvention";
    pub(super) const DFE_FILTERING: &str = "DfE filtering and monitoring standard";
    pub(super) const NO_OVERBLOCKING: &str = "DfE filtering and monitoring standard: no unreasonable blocking";
    pub(super) const DFE_CYBER: &str = "DfE cyber security standard";
    pub(super) const DFE_AI: &str = "DfE generative AI product safety standards";
    pub(super) const OSA: &str = "Online Safety Act 2023, priority offences";
    pub(super) const PREVENT: &str = "Counter-Terrorism and Security Act 2015, Prevent duty";
    pub(super) const GAMBLING: &str = "Gambling Act 2005, part 4 (children and young persons)";
    pub(super) const AGE_18: &str = "sale to under-18s is an offence";
    pub(super) const MINIMUM_13: &str = "the platforms' own minimum age of 13";
    pub(super) const COPYRIGHT: &str = "Copyright, Designs and Patents Act 1988";
    pub(super) const CHILDRENS_CODE: &str = "ICO Children's Code";
    pub(super) const ESSAY_MILLS: &str = "Skills and Post-16 Education Act 2022, cheating services";
    pub(super) const EQUALITY: &str = "Equality Act 2010";
    pub(super) const RSE: &str = "DfE relationships and sex education guidance";
}

/// Builds [`ROWS`]: category, one letter per profile, source, and on the next line why.
macro_rules! rows {
    ($($category:ident $($action:ident)+, $source:ident, $why:literal;)+) => {
        /// The matrix, in the order of the category ids.
        pub const ROWS: [Row; Category::ALL.len()] =
            [$(Row { category: Category::$category, actions: [$($action),+], why: $why, source: source::$source },)+];
    };
}

rows! {
    // Each row: early years and KS1, KS2, KS3, KS4, sixth form, staff, guest. A allow, W warn, B block.

    // Illegal: no choice at any age.
    ChildSexualAbuse      B B B B B B B, UKSIC_ILLEGAL,
        "A crime to look at; nobody at school may, for any reason.";
    Terrorism             B B B B B B B, UKSIC_ILLEGAL,
        "Unlawful terrorist material; nobody at school may open it.";
    IntimateImageAbuse    B B B B B B B, OSA,
        "Sharing or faking intimate pictures is a crime against a person.";
    OtherIllegal          B B B B B B B, OSA,
        "Against the law in the UK.";
    // Harm: shut for pupils; staff are warned where their work (teaching, safeguarding) can need it.
    Pornography           B B B B B B B, KCSIE_CONTENT,
        "Harms children, and has no place at work in a school.";
    Mature                B B B B W W B, UKSIC,
        "For adults; often listed by mistake (art, clothing), so sixth form may go on.";
    SelfHarm              B B B B B W B, KCSIE_CONTENT,
        "Can endanger a pupil's life; safeguarding staff may need to see what a child saw.";
    Violence              B B B B W W B, UKSIC,
        "Gore distresses children; older study (history, media) can meet it knowingly.";
    Weapons               B B B B W W B, UKSIC,
        "Selling knives and guns is for adults; museums and history are not in it.";
    Drugs                 B B B B W W B, UKSIC,
        "Promotes or sells drugs; advice for pupils is under health and stays open.";
    Alcohol               B B B W W A B, AGE_18,
        "For adults; from KS4 it comes up in PSHE and food technology.";
    TobaccoVapes          B B B B W W B, AGE_18,
        "For adults; vape sellers advertise to teenagers.";
    Extremism             B B B B B W B, PREVENT,
        "Draws people towards terrorism; staff teach and report under Prevent.";
    Hate                  B B B B B W B, KCSIE_CONTENT,
        "Attacks people for who they are; staff may need it to deal with an incident.";
    Misogyny              B B B B B W B, KCSIE_CONTENT,
        "Attacks women and girls; staff may need it to deal with an incident.";
    Misinformation        B B B W W W B, KCSIE_CONTENT,
        "Made to deceive; from KS4 pupils study how it works.";
    DangerousInstructions B B B B B W B, UKSIC,
        "Explains bombs and poisons; chemistry staff may need to judge one.";
    Gambling              B B B B B B B, GAMBLING,
        "Under 18 nearly all of it is unlawful; staff have no need of it at work.";
    Malware               B B B B B B B, DFE_CYBER,
        "Harms the school's machines at any age.";
    Phishing              B B B B B B B, KCSIE_COMMERCE,
        "Steals passwords at any age.";
    Scams                 B B B B B B B, KCSIE_COMMERCE,
        "Takes people's money at any age.";
    Hacking               B B B B W W B, UKSIC,
        "Tools for attack; older computing courses study them lawfully.";
    Cryptojacking         B B B B B B B, DFE_CYBER,
        "Uses the school's machines for a stranger's profit.";
    Stalkerware           B B B B B B B, OSA,
        "Made to spy on a person in secret; part of coercive control.";
    Piracy                B B B B B B B, COPYRIGHT,
        "Unlawful copies, often with malware.";
    AnonymousChat         B B B B B B B, KCSIE_CONTACT,
        "Anyone can reach a child there without giving a name.";
    AiCompanions          B B B B B W B, KCSIE_CONTACT,
        "A machine that plays friend or lover imitates harmful contact.";
    Dating                B B B B B W B, KCSIE_CONTACT,
        "For adults; a way for adults to reach children.";
    // Caution: by age and purpose.
    AiChat                B B B W W A B, DFE_AI,
        "Most are for 13 or 18 and over, and answers cannot be seen by the school.";
    AiImages              B B B B W W B, KCSIE_CONDUCT,
        "Fakes of real people are a common way to bully.";
    SocialMedia           B B B W W A B, MINIMUM_13,
        "Part of KS3 is under the minimum age; staff run the school's own pages.";
    Chat                  B B B W W A B, KCSIE_CONTACT,
        "Messages from people the school does not know.";
    VpnProxy              B B B B B W B, UKSIC_CIRCUMVENTION,
        "Goes round every other line here; some staff work remotely.";
    EncryptedDns          B B B B B B B, UKSIC_CIRCUMVENTION,
        "Goes round every other line here, mostly without anyone meaning it.";
    RemoteControl         B B B B B W B, DFE_CYBER,
        "Lets an outsider hold the machine; IT support uses it.";
    DynamicDns            B B B W W W B, DFE_CYBER,
        "Addresses that change hands in minutes; some are somebody's science project.";
    NewlyRegistered       B B B W W W B, DFE_CYBER,
        "Too new to be known, and a favourite of fraud.";
    UrlShorteners         W W A A A A A, NO_OVERBLOCKING,
        "Where the link leads is judged by itself, so the short form does no harm.";
    Advertising           B B B B B A B, KCSIE_COMMERCE,
        "Adverts to children that nobody at school has chosen.";
    Trackers              B B B B B A B, CHILDRENS_CODE,
        "Follows children about the web; pages nearly always work without it.";
    Webmail               B B W W A A W, KCSIE_CONTACT,
        "Mail that the school cannot scan; the school's own mail is not in it.";
    FileSharing           B B W W A A W, DFE_CYBER,
        "Unchecked files from anyone; the school's own storage is not in it.";
    BlogsForums           B W W A A A W, NO_OVERBLOCKING,
        "Anyone can write there; much of it is useful for study.";
    CryptoFinance         B B W W A A W, KCSIE_COMMERCE,
        "Trading is for adults; economics needs to read about it.";
    ReligionSects         B W W W A A W, EQUALITY,
        "Only groups known for pressure on members; a religion is never a reason to block.";
    Cheating              B B B B B W B, ESSAY_MILLS,
        "Selling essays to pupils is an offence; staff check for copied work.";
    // Everyday: a choice about attention, not about danger. Over-blocking is a harm too.
    Games                 B W W W A A W, NO_OVERBLOCKING,
        "No danger by itself; a pause to think keeps lessons for lessons.";
    Shopping              B W A A A A A, KCSIE_COMMERCE,
        "Buying is for older pupils; looking up a price is not.";
    News                  A A A A A A A, NO_OVERBLOCKING,
        "Citizens need the news; single stories are for a teacher to choose.";
    AudioVideo            B W A A A A A, DFE_FILTERING,
        "Much of it teaches; for younger pupils a teacher should choose.";
    Translation           A A A A A A A, EQUALITY,
        "Pupils with another first language need it; what works as a proxy is listed there.";
    Jobs                  A A A A A A A, NO_OVERBLOCKING,
        "Careers education; no harm to younger pupils.";
    Sports                A A A A A A A, NO_OVERBLOCKING,
        "No harm; betting is listed under gambling.";
    Astrology             A A A A A A A, NO_OVERBLOCKING,
        "No harm.";
    Celebrity             A A A A A A A, NO_OVERBLOCKING,
        "No harm; named so that a school may choose.";
    Search                A A A A A A A, DFE_FILTERING,
        "Safe search is forced on, whoever searches.";
    DownloadsUpdates      A A A A A A A, DFE_CYBER,
        "Machines that cannot update are a danger; what pupils install is for device management.";
    Banking               A A A A A A A, NO_OVERBLOCKING,
        "No harm; false banks are listed under phishing.";
    // Positive.
    Education             A A A A A A A, NO_OVERBLOCKING,
        "What the school is for.";
    SexEducation          B W A A A A A, RSE,
        "Taught from KS3; in primary school a teacher chooses the page.";
    Health                A A A A A A A, NO_OVERBLOCKING,
        "Nobody should be stopped from looking for help.";
    YoungChildrenAllow    A A A A A A A, DFE_FILTERING,
        "Each host was looked at for young children.";
}

/// Each category has exactly one row, at the place of its id. Checked when compiling.
const _: () = {
    let mut place = 0;
    while place < ROWS.len() {
        assert!(ROWS[place].category as usize == place, "rows must be in the order of the category ids");
        place += 1;
    }
};

/// The row of one category.
pub const fn of(category: Category) -> &'static Row {
    // In bounds: there are as many rows as categories, and ids are places among them (both checked when compiling).
    &ROWS[category as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_its_row_with_a_reason_and_a_source() {
        for category in Category::ALL.iter().copied() {
            assert_eq!(of(category).category, category);
            assert!(of(category).why.ends_with('.'), "{category}");
            assert!(!of(category).source.is_empty(), "{category}");
        }
    }
}
