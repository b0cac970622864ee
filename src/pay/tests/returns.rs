//! Firms that come back by somebody else's hand-off, on both databases.

use jiff::civil::{Date, date};
use serde_json::json;

use super::super::entry::Entry;
use super::super::{actions, wording};
use super::booking::{day, refusal};
use super::wide::component;
use super::{NOVEMBER, Yard, handoff};
use crate::both;
use crate::companies::{self, NewCompany};
use crate::events::{self, Event, Kind};
use crate::people::teams::EVER;
use crate::storage::testing::TestDb;
use crate::values::*;
use crate::web::Ui;

/// The yard, its callers with a credit window of thirty days.
async fn windowed(t: &TestDb) -> Yard {
    windowed_from(t, date(2026, 10, 2)).await
}

/// The same from a day on.
async fn windowed_from(t: &TestDb, from: Date) -> Yard {
    let yard = Yard::open(&t.db, &t.clock).await;
    let (id, by) = (yard.plans[0], || yard.by("owner"));
    actions::start_draft(&by(), id).await.expect("a draft");
    actions::put_limits(&by(), id, (None, None, Some(30))).await.expect("said");
    yard.approve(id, from).await.expect("approved");
    actions::publish(&by(), id, 2).await.expect("published");
    yard
}

impl Yard {
    async fn firm(&self, name: &str) -> CompanyId {
        let act = self.by("owner");
        let mut tx = self.db.begin().await.expect("begins");
        let new = NewCompany { name: name.to_owned(), ..NewCompany::default() };
        let id = companies::actions::add_in(&mut tx, &act, new).await.expect("a company");
        tx.commit().await.expect("commits");
        id
    }

    /// Somebody's hand-off of a firm, with what became of it, each on a day of October or later.
    async fn gave(&self, login: &str, firm: CompanyId, told: &[(i64, Kind)]) -> HandoffId {
        let id = HandoffId::fresh(day(told[0].0));
        for (of_october, kind) in told {
            let event = handoff(self, login, 1, id, *kind).company(firm);
            self.tell(day(*of_october), event).await;
        }
        id
    }

    /// The opportunity of a hand-off, with what became of it.
    async fn sale(&self, handoff: HandoffId, firm: CompanyId, told: &[(i64, Kind)]) {
        let id = OpportunityId::fresh(day(told[0].0));
        for (of_october, kind) in told {
            let event = Event::new(*kind, id).company(firm).person(self.id("seller")).tier(2);
            let event = event.with("handoff", handoff.to_string());
            self.tell(day(*of_october), event).await;
        }
    }

    /// What was left behind is done by the tenth of November.
    async fn wait(&self) {
        self.clock.set(NOVEMBER.plus_days(9));
        self.settle().await;
    }

    async fn count(&self, kind: Kind) -> usize {
        let mut tx = self.db.read().await.expect("reads");
        events::list_of_kind(&mut tx, self.org, kind, EVER).await.expect("reads").len()
    }

    async fn own_lines(&self, login: &str, month: &str) -> Vec<Entry> {
        let (period, viewer) = (self.period(month).await.id, self.viewer(login).await);
        let mut tx = self.db.read().await.expect("reads");
        let own = actions::statement(&mut tx, &viewer, period, viewer.id()).await;
        own.expect("their own").lines
    }
}

const OFFERED: Kind = Kind::HandoffOffered;
const ACCEPTED: Kind = Kind::HandoffAccepted;
const REJECTED: Kind = Kind::HandoffRejected;
const EXPIRED: Kind = Kind::HandoffExpired;

both! {
    async fn a_firm_that_comes_back_by_another_is_credited_to_who_brought_it_first(t: TestDb) {
        let yard = windowed(&t).await;
        let firm = yard.firm("Ромашка").await;
        let first = yard.gave("caller", firm, &[(2, OFFERED), (3, REJECTED)]).await;
        yard.gave("hunter", firm, &[(20, OFFERED), (33, ACCEPTED)]).await;
        yard.wait().await;
        assert_eq!(yard.stands("caller").await, (300_00, 0), "thirty days are within thirty");
        assert_eq!(yard.stands("hunter").await, (300_00, 0), "and nobody loses by it");
        let lines = yard.own_lines("caller", "2026-11").await;
        let (ui, names) = (Ui::anonymous(Lang::En, NOVEMBER), wording::Names::new());
        let sentence = wording::line(&ui, &lines[0], &names);
        let told = "A firm came back by another’s hand-off within the credit window, ₽300.00 by";
        assert!(sentence.starts_with(told), "{sentence}");
        yard.gave("hunter", firm, &[(33, OFFERED), (34, ACCEPTED)]).await;
        yard.wait().await;
        assert_eq!(yard.stands("caller").await, (300_00, 0), "one hand-off comes back once");
        assert_eq!(yard.count(Kind::FirmReturned).await, 1);
        assert_eq!(yard.broken().await, Vec::<String>::new());
        let overturned = handoff(&yard, "caller", 1, first, Kind::HandoffDecided).company(firm);
        yard.tell(day(35), overturned.reason("overturned".to_owned())).await;
        yard.wait().await;
        assert_eq!(yard.count(Kind::ReturnUndone).await, 1);
        assert_eq!(yard.stands("caller").await, (300_00, 0), "paid for itself, and not twice");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn what_comes_back_too_late_pays_nothing_and_says_why(t: TestDb) {
        let yard = windowed(&t).await;
        let firm = yard.firm("Ромашка").await;
        yard.gave("caller", firm, &[(2, OFFERED), (3, EXPIRED)]).await;
        yard.gave("hunter", firm, &[(20, OFFERED), (34, ACCEPTED)]).await;
        yard.wait().await;
        assert_eq!(yard.stands("caller").await, (0, 0));
        let (period, caller) = (yard.period("2026-11").await.id, yard.viewer("caller").await);
        let mut tx = t.db.read().await.expect("reads");
        let own = actions::statement(&mut tx, &caller, period, caller.id()).await.expect("own");
        let told: Vec<&str> = own.unpaid.iter().map(|(_, why)| why.code()).collect();
        assert_eq!(told, ["past-window"]);
        drop(tx);
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn who_has_no_plan_is_told_of_a_return_only_on_days_with_a_window(t: TestDb) {
        let yard = windowed_from(&t, date(2026, 10, 20)).await;
        for (name, offered, accepted) in [("Ромашка", 10, 11), ("Лютик", 22, 23)] {
            let firm = yard.firm(name).await;
            yard.gave("rookie", firm, &[(2, OFFERED), (3, REJECTED)]).await;
            yard.gave("hunter", firm, &[(offered, OFFERED), (accepted, ACCEPTED)]).await;
        }
        yard.wait().await;
        assert_eq!(yard.count(Kind::FirmReturned).await, 2);
        let (period, rookie) = (yard.period("2026-10").await.id, yard.viewer("rookie").await);
        let mut tx = t.db.read().await.expect("reads");
        let own = actions::statement(&mut tx, &rookie, period, rookie.id()).await.expect("own");
        let of_kind = |kind: Kind| -> Vec<(Instant, &'static str)> {
            let found = own.unpaid.iter().filter(|(event, _)| event.kind == kind);
            found.map(|(event, why)| (event.at, why.code())).collect()
        };
        assert_eq!(of_kind(Kind::FirmReturned), [(day(23), "no-plan")]);
        assert_eq!(of_kind(REJECTED), [(day(3), "no-plan"); 2], "and of hand-offs as ever");
    }

    async fn a_condition_that_leaves_no_room_for_the_window_is_told(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let (id, by) = (yard.plans[0], || yard.by("owner"));
        let of_length = |letters: usize| {
            component(json!({
                "code": "handoff-1", "on": {"events": ["handoff.offered"]}, "once": "subject",
                "filter": format!("reason != \"{}\"", "x".repeat(letters)),
                "measure": "count", "period": "event", "rate": {"each": "300.00 RUB"},
                "payees": {"by": {"role": "person"}, "split": [
                    {"who": {"role": "person"}, "share": "100 %"}]}
            }))
        };
        let window = (None, None, Some(30));
        actions::start_draft(&by(), id).await.expect("a draft");
        actions::put_component(&by(), id, of_length(1_980)).await.expect("it fits alone");
        let refused = actions::put_limits(&by(), id, window).await;
        assert_eq!(refusal(refused), "pay-window-too-long");
        actions::put_component(&by(), id, of_length(1_900)).await.expect("shorter");
        actions::put_limits(&by(), id, window).await.expect("both fit");
        let refused = actions::put_component(&by(), id, of_length(1_980)).await;
        assert_eq!(refusal(refused), "pay-window-too-long");
        yard.approve(id, date(2026, 10, 2)).await.expect("what was refused changed nothing");
        actions::publish(&by(), id, 2).await.expect("published");
        yard.settle().await;
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_firm_that_was_lost_comes_back_and_one_that_is_worked_does_not(t: TestDb) {
        let yard = windowed(&t).await;
        let taken = [(2, OFFERED), (3, ACCEPTED)];
        for (became, pays) in [
            (&[][..], 0),
            (&[(10, Kind::OpportunityLost)][..], 300_00),
            (&[(10, Kind::OpportunityLost), (11, Kind::OpportunityReopened)][..], 0),
            (&[(10, Kind::OpportunityWon)][..], 0),
        ] {
            let before = yard.stands("caller").await.0;
            let firm = yard.firm(&format!("Ромашка {pays}-{}", became.len())).await;
            let first = yard.gave("caller", firm, &taken).await;
            let told = [&[(3, Kind::OpportunityOpened)][..], became].concat();
            yard.sale(first, firm, &told).await;
            yard.gave("hunter", firm, &[(20, OFFERED), (21, ACCEPTED)]).await;
            yard.wait().await;
            let expected = (before + 300_00 + pays, 0);
            assert_eq!(yard.stands("caller").await, expected, "{became:?}");
        }
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn ones_own_hand_off_and_one_of_another_firm_bring_nothing_back(t: TestDb) {
        let yard = windowed(&t).await;
        let (firm, other) = (yard.firm("Ромашка").await, yard.firm("Лютик").await);
        yard.gave("caller", firm, &[(2, OFFERED), (3, REJECTED)]).await;
        yard.gave("caller", firm, &[(5, OFFERED), (6, ACCEPTED)]).await;
        yard.gave("hunter", other, &[(7, OFFERED), (8, ACCEPTED)]).await;
        // Offered by the caller while it waited already: they did not bring it first.
        let third = yard.firm("Василёк").await;
        let earlier = yard.gave("hunter", third, &[(9, OFFERED)]).await;
        yard.gave("caller", third, &[(10, OFFERED), (11, REJECTED)]).await;
        let taken = handoff(&yard, "hunter", 1, earlier, ACCEPTED).company(third);
        yard.tell(day(12), taken).await;
        yard.wait().await;
        assert_eq!(yard.count(Kind::FirmReturned).await, 0);
        assert_eq!(yard.stands("caller").await, (300_00, 0));
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn without_a_window_nothing_is_credited_and_a_draft_shows_what_one_would_cost(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let firm = yard.firm("Ромашка").await;
        yard.gave("caller", firm, &[(2, OFFERED), (3, REJECTED)]).await;
        yard.gave("hunter", firm, &[(10, OFFERED), (11, ACCEPTED)]).await;
        yard.wait().await;
        assert_eq!(yard.stands("caller").await, (0, 0), "by default there is none");
        assert_eq!(yard.count(Kind::FirmReturned).await, 1, "that it came back is on record");
        let (by, id) = (|| yard.by("owner"), yard.plans[0]);
        actions::start_draft(&by(), id).await.expect("a draft");
        let october: Month = "2026-10".parse().expect("a month");
        let pavel = yard.viewer("pavel").await;
        for (days, difference) in [(8, 300_00), (7, 0), (0, 0)] {
            let limits = (None, None, Some(days));
            actions::put_limits(&by(), id, limits).await.expect("said");
            let mut tx = t.db.read().await.expect("reads");
            let months = (october, october);
            let found = actions::what_if(&mut tx, &pavel, id, months, yard.clock.now()).await;
            assert_eq!(found.expect("counted").total.difference.minor, difference, "{days}");
        }
        let service = yard.plans[1];
        actions::start_draft(&by(), service).await.expect("a draft");
        let of_nothing = actions::put_limits(&by(), service, (None, None, Some(30))).await;
        assert_eq!(refusal(of_nothing), "pay-window-of-nothing");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }
}
