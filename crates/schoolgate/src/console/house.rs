//! What the pages of `office` are given: the frame, the time, the records.

use std::net::IpAddr;
use std::sync::Arc;

use calendar::{Date, Instant};
use jiff::tz::TimeZone;
use office::web::{Caller, Content, Front, House, Office, Press, Reading, Visit, Visitor};
use presence::Presence;
use ui::{ReadingAge, Words};

use super::Console;
use super::view::Frame;
use crate::demo;
use crate::live::{InForce, Origin};
use crate::notices;

// === impl Console ===

impl Console {
    /// The whole page on the public address: it says nothing of how the machine stands.
    pub(super) fn public_page(&self, content: &dyn Content, menu: &[(&'static str, &'static str)]) -> String {
        let in_force = self.live.in_force();
        let words = Words::new(ReadingAge::Adult, in_force.config.school.as_str());
        let (notice, zone) = (self.is_demo().then_some(demo::NOTICE), &in_force.config.time_zone);
        Frame { words: &words, menu, caller: None, notice, missing: &[], troubles: &[], zone }.page(content)
    }

    /// The whole page.
    pub(super) fn framed(&self, in_force: &InForce, content: &dyn Content, caller: Option<&Caller>) -> String {
        let words = Words::new(ReadingAge::Adult, in_force.config.school.as_str());
        let notice = self.is_demo().then_some(demo::NOTICE);
        let troubles: Vec<_> = self.live.troubles().into_iter().chain(self.records.trouble()).collect();
        let zone = &in_force.config.time_zone;
        let menu = caller.map(|caller| self.menu(caller)).unwrap_or_default();
        Frame { words: &words, menu: &menu, caller, notice, missing: &in_force.missing, troubles: &troubles, zone }.page(content)
    }

    fn is_demo(&self) -> bool {
        matches!(self.live.origin(), Origin::Demo(_))
    }
}

impl Front for Console {
    fn reading(&self) -> Result<Reading, String> {
        let office = self.desk.office()?;
        Ok(Reading { from: office.ledger.reader().clone(), scope: office.scope() })
    }

    fn now(&self) -> Instant {
        self.world.now().into()
    }

    fn zone(&self) -> TimeZone {
        self.live.in_force().config.time_zone.clone()
    }

    fn words(&self) -> Words {
        Words::new(ReadingAge::Adult, self.live.in_force().config.school.as_str())
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        notices::facts(&self.live.in_force().config)
    }

    fn press(&self) -> &Press {
        &self.press
    }

    fn open_page(&self, content: &dyn Content) -> String {
        self.framed(&self.live.in_force(), content, None)
    }
}

impl House for Console {
    fn office(&self) -> Result<Arc<Office>, String> {
        self.desk.office()
    }

    fn presence(&self) -> &Presence {
        self.live.presence()
    }

    fn is_of_school(&self, address: IpAddr) -> bool {
        self.live.in_force().config.pupils.is_of_school(address)
    }

    fn is_for_guests(&self, address: IpAddr) -> bool {
        self.live.in_force().config.pupils.is_for_guests(address)
    }

    fn day_ends(&self) -> Option<Instant> {
        let in_force = self.live.in_force();
        in_force.config.pupils.day_ends(self.now(), &in_force.config.time_zone)
    }

    fn after_school_days(&self, day: Date, days: i64) -> Date {
        self.live.in_force().config.pupils.after(day, days)
    }

    fn menu(&self, caller: &Caller) -> Vec<(&'static str, &'static str)> {
        if caller.needs_second_factor() {
            return Vec::new();
        }
        let all = self.menu.get().map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|(_, _, ask)| caller.may_open(*ask)).map(|(text, path, _)| (*text, *path)).collect()
    }

    fn page(&self, content: &dyn Content, caller: Option<&Caller>) -> String {
        self.framed(&self.live.in_force(), content, caller)
    }

    fn address(&self) -> String {
        // Where the port was left to the system, only the running console knows it.
        self.live.in_force().config.console_address().unwrap_or_else(|| format!("https://{}", self.address))
    }

    fn sends_mail(&self) -> bool {
        // Those of the demonstration lie in a folder.
        self.live.in_force().config.mail.server.is_some() || self.is_demo()
    }

    fn visitors(&self) -> Vec<Visitor> {
        if self.is_demo() { demo::visitors() } else { Vec::new() }
    }

    fn visit(&self, user_name: &str) -> Option<Visit> {
        self.is_demo().then(|| demo::visit(user_name, self.world.now().into()))?
    }
}
