//! What keeps an open tunnel open: it closes as soon as it would not be opened any more.
//!
//! Nothing inside a tunnel is judged, and a browser keeps one for as long as it likes. So each is looked at again when the rules change (an
//! agreement lapses, the headteacher takes the internet, a site is closed), and every few seconds, since people go and lessons end without
//! that. What is warned of closes nothing: whoever has gone on past the warning reads on.

use std::sync::Arc;
use std::time::Duration;

use filter::{Action, Request as Question, Target};

use crate::gate::{Caller, Gate};
use crate::identify;
use crate::idle::Watch;

/// How often it is asked who is at the device, and whether their time is over.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// An open tunnel: who opened it, and where it leads.
pub(crate) struct Hold {
    pub(crate) gate: Arc<Gate>,
    pub(crate) caller: Caller,
    /// The host it was opened for, and the name in its greeting where that is another.
    pub(crate) targets: Vec<Target>,
}

impl Hold {
    /// Ends when the tunnel is to be closed: it would not be opened any more, or nothing has moved in it for too long.
    pub(crate) async fn until_closed(&self, watch: &Watch) {
        let idle = self.gate.settings.tunnel_idle;
        let mut rules = self.gate.rules.clone();
        rules.mark_unchanged();
        while self.is_allowed() {
            tokio::select! {
                () = watch.silent_for(idle) => return,
                changed = rules.changed() => if changed.is_err() {
                    // No new rules will come: the gate is being taken down, and lets tunnels end by themselves.
                    return watch.silent_for(idle).await;
                },
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
        }
    }

    /// Whether it would be opened now. To ask is no use of the device: a browser left alone keeps nobody signed in.
    fn is_allowed(&self) -> bool {
        let (rules, when) = (self.gate.rules(), self.gate.now());
        let who = identify::unused(&self.gate, &rules, &self.caller).who;
        let goes = |target: &Target| {
            let verdict = filter::judge(&rules.snapshot, Question { who, target, when });
            verdict.is_allowed() || verdict.action == Action::Warn
        };
        // Where people must sign in, a help line is open to whoever has not.
        let is_help = || self.targets.iter().all(|target| rules.snapshot.is_protected(&target.host));
        (!self.caller.asks || who.person.is_some() || is_help()) && self.targets.iter().all(goes)
    }
}
