//! Proposals put together to a plan, for a person to look at before it is taken.

use jiff::tz::TimeZone;

use super::{Kind, Proposal, Reading};
use crate::holidays::{Nation, bank_holiday, is_weekend};
use crate::school::{Closure, Plan, Term, each};
use crate::time::Date;

impl Reading {
    /// A plan of these proposals. Those that fit nowhere are listed in `left` with the rest; the plan itself is checked by
    /// [`crate::SchoolCalendar::new`]. Holidays between terms add nothing to a plan.
    pub fn into_plan(mut self, nation: Nation, zone: TimeZone) -> (Plan, Self) {
        let mut plan = Plan { zone, ..Plan::new(nation) };
        let mut proposals = std::mem::take(&mut self.proposals);
        proposals.sort_by_key(|proposal| (proposal.from, proposal.line));
        self.terms(&proposals, &mut plan);
        for proposal in &proposals {
            self.day_off(proposal, &mut plan);
        }
        self.left.sort_by_key(|left| left.line);
        self.proposals = proposals;
        (plan, self)
    }

    /// Whole terms, and the first day of a term with the last day that follows it.
    fn terms(&mut self, proposals: &[Proposal], plan: &mut Plan) {
        let mut begun: Option<&Proposal> = None;
        for proposal in proposals {
            match (proposal.kind, begun) {
                (Kind::Term, _) => plan.terms.push(term(proposal, proposal.from, proposal.to)),
                (Kind::TermBegins, None) => begun = Some(proposal),
                (Kind::TermBegins, Some(first)) => {
                    self.leave(first.line, "a term begins and does not end before the next begins", &first.name);
                    begun = Some(proposal);
                }
                (Kind::TermEnds, Some(first)) => {
                    plan.terms.push(term(first, first.from, proposal.to));
                    begun = None;
                }
                (Kind::TermEnds, None) => self.leave(proposal.line, "a term ends and has not begun", &proposal.name),
                _ => {}
            }
        }
        if let Some(first) = begun {
            self.leave(first.line, "a term begins and does not end", &first.name);
        }
    }

    fn day_off(&mut self, proposal: &Proposal, plan: &mut Plan) {
        let Proposal { line, kind, from, to, ref name } = *proposal;
        match kind {
            Kind::HalfTerm => {
                let within = plan.terms.iter_mut().find(|term| term.from < from && to < term.to && term.half_term.is_none());
                match within {
                    Some(term) => term.half_term = Some((from, to)),
                    None => self.leave(line, "a half-term holiday that lies within no term", name),
                }
            }
            Kind::Inset => {
                let days = each(from.civil(), to.civil()).filter(|day| !is_weekend(*day)).map(Date::of);
                let new: Vec<_> = days.filter(|day| !plan.inset.contains(day)).collect();
                plan.inset.extend(new);
            }
            Kind::Closure => plan.closures.push(Closure { from, to, why: name.clone() }),
            Kind::BankHoliday if bank_holiday(plan.nation, from).is_none() && !is_weekend(from.civil()) => {
                self.leave(line, "no bank holiday that is known here; enter it as a closure if the school is closed", name);
            }
            Kind::BankHoliday | Kind::Holiday | Kind::Term | Kind::TermBegins | Kind::TermEnds => {}
        }
    }
}

/// "Autumn term begins" is the autumn term.
fn term(proposal: &Proposal, from: Date, to: Date) -> Term {
    const SAYS_WHEN: [&str; 14] =
        ["begins", "begin", "beginning", "starts", "start", "first", "day", "of", "the", "opens", "for", "pupils", "children", "students"];
    let words = proposal.name.split_whitespace().filter(|word| !SAYS_WHEN.contains(&word.to_lowercase().as_str()));
    let name = words.collect::<Vec<_>>().join(" ");
    Term { name: if name.is_empty() { format!("Term from {from}") } else { name }, from, to, half_term: None }
}
