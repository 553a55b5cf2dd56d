//! What the school calls roles (B-010).

use std::collections::HashMap;

use super::Role;

/// The school's own names of roles, by their words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Titles(HashMap<String, String>);

// === impl Titles ===

impl Titles {
    /// From what the school has set: word and name.
    pub fn new(aliases: Vec<(String, String)>) -> Self {
        Self(aliases.into_iter().collect())
    }

    /// What a role is called here.
    pub fn of(&self, role: Role) -> &str {
        self.0.get(role.as_str()).map_or(role.title(), String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_has_its_usual_name_unless_the_school_has_another() {
        let titles = Titles::new(vec![("online_safety_lead".to_owned(), "Online Safety Officer".to_owned())]);
        assert_eq!((titles.of(Role::OnlineSafetyLead), titles.of(Role::Dsl)), ("Online Safety Officer", "Designated safeguarding lead"));
    }
}
