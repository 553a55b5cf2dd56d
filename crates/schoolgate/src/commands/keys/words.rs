//! What a person is told about keys: how things stand, and what losing them means, before it happens.

use crate::keys::{Report, Secret};

/// How things stand.
pub(super) fn report(report: &Report) -> String {
    let mut text = match report.standing.as_str() {
        "not-made" => {
            return "There are no keys yet: nothing that is protected can be written.\nMake them with `schoolgate keys init`.\n".to_owned();
        }
        "unlocked" => "Protected text is unlocked: those who may can read and write it. `schoolgate keys lock` ends that.\n".to_owned(),
        _ => "Protected text is locked: it can be written, and nobody can read it. `schoolgate keys unlock` opens it.\n".to_owned(),
    };
    let of = |with: &str| {
        let names: Vec<&str> = report.holders.iter().filter(|holder| holder.with == with).map(|holder| holder.name.as_str()).collect();
        names.join(", ")
    };
    text.push_str(&format!("\nUnlock alone, with a passphrase: {}\n", of("passphrase")));
    if report.holders.iter().any(|holder| holder.with == "key-file") {
        text.push_str(&format!("Unlock by themselves, with a key file: {}\n", of("key-file")));
    }
    text.push_str(&format!("Recovery sheets, any two of the three: {}\n", numbered(&report.sheets)));
    text.push_str(&format!("Keys version: {}\n\n{}", report.version, losing(&report.sheets)));
    text
}

/// What losing something means. Shown before keys are made, and each time they are looked at.
pub(super) fn losing(sheets: &[String]) -> String {
    format!(
        "What losing something means:\n\
         \x20 a passphrase   nothing is lost: another holder gives a new one (`schoolgate keys holder`).\n\
         \x20 all of them    nothing is lost: two recovery sheets open everything (`schoolgate keys recover`).\n\
         \x20 one sheet      nothing is lost yet: make three new ones now (`schoolgate keys rotate --new-sheets`).\n\
         \x20 two sheets and all passphrases: EVERYTHING THAT IS PROTECTED IS GONE FOR EVER. Nobody can bring it back: not the\n\
         \x20                school, not the makers of this program, no backup.\n\
         So the three sheets belong in three places, with three people: {}.\n",
        numbered(sheets)
    )
}

/// The sheets to be printed or copied by hand. Shown once.
pub(super) fn sheets(school: &str, sheets: &[(String, Secret)]) -> String {
    let mut text =
        "Three recovery sheets. They are shown this once and kept nowhere: print this page or copy it by hand, now.\n".to_owned();
    for (number, (holder, code)) in (1..).zip(sheets) {
        text.push_str(&format!(
            "\n----------------------------------------------------------------------\n\
             Recovery sheet {number} of 3, {school}. Held by: {holder}\n\n    {}\n\n\
             With one other sheet it opens everything that the school has written under\n\
             protection. Alone it opens nothing. Keep it locked away, apart from the others.\n\
             The letters I, L, O and U do not occur; 0 is a zero, 1 a one.\n",
            code.0.as_str()
        ));
    }
    text.push_str("\n----------------------------------------------------------------------\n");
    text
}

fn numbered(sheets: &[String]) -> String {
    (1..).zip(sheets).map(|(number, holder)| format!("{number} {holder}")).collect::<Vec<_>>().join(", ")
}
