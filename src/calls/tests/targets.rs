//! What a campaign pays tier 1 for is recorded with what happens, and pay keeps to it.

use super::*;
use crate::campaigns::TargetAction;
use crate::handoffs;
use crate::meetings::{self, Mark};
use crate::pay::{self, actions as paying};
use crate::vals;
use crate::verification::{self, CheckedBy, Field, Finding, Verify};

/// Boris is paid by the usual plan of tier 1 since the day of the calls.
async fn paid(floor: &Floor) {
    let cast = &floor.cast;
    let (names, since) = (["Calls", "Sales", "Service"], cast.clock.now().plus_days(-1));
    let plans = paying::start_tier_plans(&cast.act("olga", "plans"), names, since).await;
    let new = paying::NewAssignment {
        person: cast.id("boris"),
        plan: plans.expect("plans")[0],
        from: jiff::civil::date(2026, 11, 2),
        until: None,
        salary: Money::new(0, Currency::Rub),
    };
    paying::assign(&cast.act("olga", "assign"), new).await.expect("assigned");
    paying::ensure_months(&cast.act("olga", "months")).await.expect("months");
}

async fn pays_for(floor: &Floor, targets: &[TargetAction]) {
    let codes: Vec<&str> = targets.iter().map(|target| target.code()).collect();
    let mut tx = floor.cast.app.db.begin().await.expect("begins");
    let statement = "update campaigns set target_actions = $1";
    tx.run(statement, vals![codes.join(",")]).await.expect("changed");
    tx.commit().await.expect("kept");
}

/// The phone of the company that Boris holds is checked.
async fn verify(floor: &Floor, lead: LeadId, key: &str) {
    let company = floor.lead(lead).await.company;
    let verify = Verify::of(company, Field::Phone, Finding::Confirmed, CheckedBy::Call);
    let boris = floor.cast.viewer("boris").await;
    let act = floor.cast.act("boris", key);
    verification::actions::record(&act, &boris, verify).await.expect("checked");
}

/// What Boris has earned, what waits for him, and what did not pay for which reason.
async fn stands(floor: &Floor) -> (i64, i64, Vec<(Kind, &'static str)>) {
    floor.cast.settle().await;
    let boris = floor.cast.viewer("boris").await;
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let months = paying::list_periods(&mut tx, boris.org).await.expect("reads");
    let statement = paying::statement(&mut tx, &boris, months[0].id, boris.id()).await;
    let statement = statement.expect("own");
    let waiting = statement.lines.iter().map(|line| line.pending()).sum();
    let unpaid = statement.unpaid.iter().map(|(event, why)| (event.kind, why.code())).collect();
    let broken = pay::check(&mut tx, boris.org).await.expect("checks");
    assert!(broken.is_empty(), "{broken:?}");
    (statement.earned.minor, waiting, unpaid)
}

both! {
    async fn a_campaign_pays_tier_one_for_its_targets_and_for_nothing_else(t: TestDb) {
        use TargetAction::*;
        let floor = Floor::open(t, 3).await;
        paid(&floor).await;
        pays_for(&floor, &[CompanyVerified, DecisionMakerFound, LeadAccepted]).await;
        let first = floor.lease("boris", "1").await.expect("a company");
        verify(&floor, first.lead, "check").await;
        let done = record(&floor, first, found("Пётр Зубов")).await.expect("recorded");
        let next = done.next.expect("the next");
        let booked = CallForm { meeting: "завтра 12:00".to_owned(), ..qualified() };
        let booked = record(&floor, next, booked).await.expect("recorded");
        let unpaid = vec![(Kind::MeetingBooked, "not-target")];
        assert_eq!(stands(&floor).await, (30_00 + 100_00, 300_00, unpaid.clone()));

        // What is turned on or off later changes nothing of what has begun.
        pays_for(&floor, &[MeetingHeld]).await;
        let offered = floor.events(Kind::HandoffOffered).await;
        let (id, sonya) = (offered[0].subject.parse().expect("an id"), "sonya");
        let viewer = floor.cast.viewer(sonya).await;
        let act = floor.cast.act(sonya, "take");
        handoffs::actions::accept(&act, &viewer, id).await.expect("taken");
        let last = booked.next.expect("the next");
        verify(&floor, last.lead, "check again").await;
        record(&floor, last, found("Пётр Зубов")).await.expect("recorded");
        floor.cast.clock.advance_ms(2 * DAY_MS);
        let (act, id) = (floor.cast.act(sonya, "held"), booked.meeting.expect("a meeting"));
        meetings::actions::mark(&act, &viewer, id, Mark::Held, "").await.expect("held");
        let (earned, waiting, mut unpaid) = stands(&floor).await;
        assert_eq!((earned, waiting), (30_00 + 100_00 + 300_00, 0));
        unpaid.sort();
        let mut expected = [Kind::MeetingHeld, Kind::CompanyVerified, Kind::DecisionMakerFound]
            .map(|kind| (kind, "not-target"));
        expected.sort();
        assert_eq!(unpaid, expected);
    }
}
