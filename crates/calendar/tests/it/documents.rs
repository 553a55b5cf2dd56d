//! The table in the documentation is the one in the code.

use calendar::{Period, Rule, rules};

#[test]
fn the_table_of_rules_is_in_the_documentation() {
    let page = std::fs::read_to_string("../../docs/deadlines.md").expect("docs/deadlines.md");
    let table = rules::table();
    let missing: Vec<_> = table.lines().filter(|line| !page.contains(line)).collect();
    assert!(page.contains(&table), "docs/deadlines.md should have these lines, in the order of calendar::rules:\n{}", missing.join("\n"));
}

#[test]
fn every_rule_has_a_key_of_its_own_and_a_text_that_reads_back() {
    for rule in Rule::ALL {
        assert_eq!(Rule::by_key(rule.key()), Some(*rule));
        assert_eq!(rule.period().to_string().parse::<Period>(), Ok(rule.period()));
    }
    assert_eq!(Rule::by_key("tea_break"), None);
}

/// Every form of text that the page names is one.
#[test]
fn every_period_in_the_documentation_is_one() {
    let page = std::fs::read_to_string("../../docs/deadlines.md").expect("docs/deadlines.md");
    let rows: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("| \"")?.split_once('"')).map(|(text, _)| text).collect();
    assert!(rows.len() >= 15, "{rows:?}");
    for text in rows {
        assert_eq!(text.parse::<Period>().map(|period| period.to_string()), Ok(text.to_owned()));
    }
}
