//! Whether trunks are there: an OPTIONS now and then (RFC 3261 §11).

use super::core::{Core, Owner};
use crate::events::{Kind, Subject};
use crate::sip::Method;
use crate::sip::address::Uri;
use crate::sip::dialog::Dialog;

impl Core {
    /// Asks the trunks whose time it is. One that has not answered the last question is down.
    pub fn ping(&mut self) {
        for at in 0..self.trunks.len() {
            let pinged = &mut self.trunks[at];
            if pinged.trunk.ping_ms == 0 || pinged.due > self.now.steady {
                continue;
            }
            pinged.due = self.now.steady + pinged.trunk.ping_ms;
            let (address, asked) = (pinged.trunk.address, pinged.asked.take());
            if let Some(branch) = asked {
                self.clients.drop_branch(&Method::Options, &branch);
                self.trunk_is(at, false);
            }
            let call_id = self.call_id();
            let tag = self.tokens.text();
            let (local, remote) = (self.own("ping"), Uri::at("", address));
            let mut dialog = Dialog::with(call_id, tag, local, remote);
            let via = self.via();
            let request = dialog.request(Method::Options, via);
            self.trunks[at].asked = request.headers.branch().map(str::to_owned);
            let now = self.now.steady;
            let sent = self.clients.open(now, Owner::Ping(at), request, address);
            self.out.datagrams.push(sent);
        }
    }

    /// Notes that a trunk answered with a status.
    pub fn pinged(&mut self, at: usize, status: u16) {
        if let Some(pinged) = self.trunks.get_mut(at) {
            pinged.asked = None;
        }
        // Whoever refuses the question is there; these two say that they are not.
        self.trunk_is(at, !matches!(status, 408 | 503));
    }

    /// Notes whether a trunk is there, and tells of a change.
    pub fn trunk_is(&mut self, at: usize, is_up: bool) {
        let Some(pinged) = self.trunks.get_mut(at) else { return };
        // A trunk is taken for down until it has answered, without a word.
        if pinged.is_up != is_up {
            pinged.is_up = is_up;
            let subject = Subject::Trunk(pinged.trunk.name.clone());
            self.tell(subject, if is_up { Kind::TrunkUp } else { Kind::TrunkDown });
        }
    }

    /// A Call-ID of ours.
    pub fn call_id(&mut self) -> String {
        format!("{}@{}", self.tokens.text(), self.settings.host)
    }
}
