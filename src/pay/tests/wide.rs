//! Plans in the whole language: holdback, silence, tables, caps, on both databases.

use jiff::civil::date;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::super::actions;
use super::booking::{day, refusal};
use super::{NOVEMBER, OCTOBER, Yard, handoff, meeting, payment};
use crate::both;
use crate::events::{Event, Kind};
use crate::values::*;

/// A component as it is stored.
pub(super) fn component(json: serde_json::Value) -> compensation::Component {
    serde_json::from_value(json).expect("a component")
}

/// A meeting that pays a part when it is booked, and the rest when it is held.
fn held_back(limit: Option<serde_json::Value>) -> compensation::Component {
    let mut stage = serde_json::json!({
        "code": "held", "releases": "70 %", "words": [
            {"on": "meeting.missed", "verdict": "fails"},
            {"on": "meeting.held", "verdict": "passes"}]
    });
    if let Some(limit) = limit {
        stage["limit"] = limit;
    }
    component(serde_json::json!({
        "code": "meeting-1", "on": {"events": ["meeting.booked"]}, "once": "subject",
        "measure": "count", "period": "event", "rate": {"each": "300.00 RUB"},
        "gate": {"at_once": "30 %", "stages": [stage]},
        "payees": {"by": {"role": "person"}, "split": [
            {"who": {"role": "person"}, "share": "100 %"}]}
    }))
}

/// 5 % to 10,000, 7 % to 25,000, 10 % above, of what was paid in a month.
fn table(reading: &str) -> compensation::Component {
    component(serde_json::json!({
        "code": "payment-2", "on": {"events": ["payment.entered"]}, "once": "subject",
        "measure": {"of": "amount"}, "period": "month",
        "rate": {"table": {"by": "measure", "reading": reading, "rows": [
            {"over": "0 RUB", "up_to": "10000 RUB", "pays": "5 %"},
            {"over": "10000 RUB", "up_to": "25000 RUB", "pays": "7 %"},
            {"over": "25000 RUB", "pays": "10 %"}]}},
        "payees": {"by": {"role": "person"}, "split": [
            {"who": {"role": "person"}, "share": "100 %"}]}
    }))
}

/// Every hand-off pays 300, at most 700 a month.
fn capped() -> compensation::Component {
    component(serde_json::json!({
        "code": "handoff-1", "on": {"events": ["handoff.offered"]}, "once": "subject",
        "measure": "count", "period": "event", "rate": {"each": "300.00 RUB"},
        "gate": {"at_once": "0 %", "stages": [{"code": "accepted", "releases": "100 %", "words": [
            {"on": "handoff.accepted", "verdict": "passes"},
            {"on": "handoff.rejected", "verdict": "fails"}]}]},
        "caps": [{"per": "month", "most": "700.00 RUB"}],
        "payees": {"by": {"role": "person"}, "split": [
            {"who": {"role": "person"}, "share": "100 %"}]}
    }))
}

impl Yard {
    /// Publishes the next version of a plan with one component said whole.
    pub(super) async fn publish_whole(
        &self,
        plan: usize,
        one: compensation::Component,
        from: jiff::civil::Date,
        number: i64,
    ) {
        let (id, by) = (self.plans[plan], || self.by("owner"));
        actions::start_draft(&by(), id).await.expect("a draft");
        actions::put_component(&by(), id, one).await.expect("put in");
        self.approve(id, from).await.expect("approved");
        actions::publish(&by(), id, number).await.expect("published");
        self.settle().await;
    }

    /// The kinds and signed sums of a person's lines, in order.
    async fn lines(&self, login: &str, month: &str) -> Vec<(&'static str, i64)> {
        let (period, viewer) = (self.period(month).await, self.viewer(login).await);
        let mut tx = self.db.read().await.expect("reads");
        let found = actions::statement(&mut tx, &viewer, period.id, viewer.id()).await;
        let lines = found.expect("own").lines;
        lines.iter().map(|line| (line.kind.code(), line.signed())).collect()
    }
}

both! {
    async fn a_part_held_back_is_earned_later_or_lost_and_never_taken_back(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.publish_whole(0, held_back(None), date(2026, 10, 2), 2).await;
        let (kept, lost) = (MeetingId::fresh(OCTOBER), MeetingId::fresh(NOVEMBER));
        yard.tell(day(3), meeting(&yard, "caller", kept, Kind::MeetingBooked)).await;
        assert_eq!(yard.stands("caller").await, (90_00, 210_00));
        yard.tell(day(4), meeting(&yard, "caller", kept, Kind::MeetingHeld)).await;
        assert_eq!(yard.stands("caller").await, (300_00, 0));
        yard.tell(day(5), meeting(&yard, "caller", lost, Kind::MeetingBooked)).await;
        let missed = meeting(&yard, "caller", lost, Kind::MeetingMissed);
        yard.tell(day(6), missed.reason("client".to_owned())).await;
        assert_eq!(yard.stands("caller").await, (390_00, 0), "what was earned stays");
        let lines = [
            ("posted", 90_00),
            ("pending", 210_00),
            ("post", 210_00),
            ("posted", 90_00),
            ("pending", 210_00),
            ("void", 210_00),
        ];
        assert_eq!(yard.lines("caller", "2026-10").await, lines);
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn silence_after_the_limit_decides_by_itself(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let limit = serde_json::json!({"hours": 48, "silence": "passes"});
        yard.publish_whole(0, held_back(Some(limit)), date(2026, 10, 2), 2).await;
        let (silent, spoken) = (MeetingId::fresh(OCTOBER), MeetingId::fresh(NOVEMBER));
        yard.clock.set(day(3));
        for id in [silent, spoken] {
            yard.tell(day(3), meeting(&yard, "caller", id, Kind::MeetingBooked)).await;
        }
        yard.clock.set(day(4));
        let missed = meeting(&yard, "caller", spoken, Kind::MeetingMissed);
        yard.tell(day(4), missed.reason("client".to_owned())).await;
        yard.clock.set(day(5).plus_ms(-1));
        yard.settle().await;
        assert_eq!(yard.stands("caller").await, (180_00, 210_00), "there is time yet");
        yard.clock.set(day(5));
        yard.settle().await;
        assert_eq!(yard.stands("caller").await, (390_00, 0));
        let late = meeting(&yard, "caller", silent, Kind::MeetingMissed);
        yard.tell(day(6), late.reason("client".to_owned())).await;
        assert_eq!(yard.stands("caller").await, (390_00, 0), "a word after the limit is not heard");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn marginal_pays_2050_where_retroactive_pays_3000(t: TestDb) {
        for (reading, plan_pays) in [("marginal", 2_050_00), ("retroactive", 3_000_00)] {
            let yard = Yard::open(&t.db, &t.clock).await;
            yard.publish_whole(1, table(reading), date(2026, 10, 2), 2).await;
            let sums = [10_000_00, 15_000_00, 5_000_00];
            let ids = sums.map(|_| PaymentId::fresh(OCTOBER));
            for (id, sum) in ids.iter().zip(sums) {
                let entered = payment(&yard, "seller", *id, Kind::PaymentEntered, sum);
                yard.tell(day(3), entered).await;
            }
            assert_eq!(yard.stands("seller").await, (plan_pays, 0), "{reading}");
            // A refund brings the table down, and a new month begins at its foot.
            let back = payment(&yard, "seller", ids[1], Kind::PaymentReversed, 15_000_00);
            yard.tell(day(4), back).await;
            let left = if reading == "marginal" { 500_00 + 350_00 } else { 1_050_00 };
            assert_eq!(yard.stands("seller").await, (left, 0), "{reading}");
            let next = PaymentId::fresh(NOVEMBER);
            let entered = payment(&yard, "seller", next, Kind::PaymentEntered, 1_000_00);
            yard.tell(day(33), entered).await;
            assert_eq!(yard.stands("seller").await, (left + 50_00, 0), "{reading}");
            assert_eq!(yard.broken().await, Vec::<String>::new());
        }
    }

    async fn a_step_that_is_known_when_the_month_is_over_is_paid_at_its_review(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let mut steps = serde_json::to_value(table("marginal")).expect("json");
        steps["rate"] = serde_json::json!({"table": {"by": "measure", "reading": "lump", "rows": [
            {"over": "0 RUB", "up_to": "10000 RUB", "pays": "100.00 RUB"},
            {"over": "10000 RUB", "pays": "900.00 RUB"}]}});
        yard.publish_whole(1, component(steps), date(2026, 10, 2), 2).await;
        let paid = payment(&yard, "seller", PaymentId::fresh(OCTOBER), Kind::PaymentEntered, 100);
        yard.tell(day(3), paid).await;
        assert_eq!(yard.stands("seller").await, (0, 100_00), "what will be known waits");
        yard.clock.set(NOVEMBER.plus_ms(HOUR_MS));
        let late = PaymentId::fresh(NOVEMBER);
        let late = payment(&yard, "seller", late, Kind::PaymentEntered, 20_000_00);
        yard.tell(day(4), late).await;
        yard.close("2026-10").await;
        let lines = yard.lines("seller", "2026-10").await;
        let steps: i64 = lines.iter().filter(|line| line.1 == 900_00).map(|line| line.1).sum();
        assert_eq!(steps, 900_00, "{lines:?}");
        // The hunter sold nothing; the lowest step is paid all the same.
        assert!(yard.lines("hunter", "2026-10").await.contains(&("posted", 100_00)));
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_cap_of_the_month_is_filled_by_the_earliest_and_again_when_one_goes(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.publish_whole(0, capped(), date(2026, 10, 2), 2).await;
        let ids = [1, 2, 3].map(|_| HandoffId::fresh(OCTOBER));
        for (place, id) in ids.into_iter().enumerate() {
            let at = day(3 + i64::try_from(place).expect("few"));
            yard.tell(at, handoff(&yard, "caller", 1, id, Kind::HandoffOffered)).await;
            yard.tell(at, handoff(&yard, "caller", 1, id, Kind::HandoffAccepted)).await;
        }
        assert_eq!(yard.stands("caller").await, (700_00, 0));
        let rejected = handoff(&yard, "caller", 1, ids[0], Kind::HandoffRejected);
        yard.tell(day(7), rejected.reason("budget".to_owned())).await;
        assert_eq!(yard.stands("caller").await, (600_00, 0), "the third is paid whole now");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn what_cannot_be_meant_is_refused_with_its_place(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let (by, id) = (|| yard.by("owner"), yard.plans[1]);
        actions::start_draft(&by(), id).await.expect("a draft");
        let with = |part: &str, value: serde_json::Value| {
            let mut json = serde_json::to_value(table("marginal")).expect("json");
            json[part] = value;
            component(json)
        };
        let rows = |rows: serde_json::Value| {
            with("rate", serde_json::json!({"table": {"by": "measure", "reading": "marginal",
                "rows": rows}}))
        };
        let cases = [
            (with("on", serde_json::json!({"events": ["nothing.happened"]})),
                "pay-fault-unknown-event"),
            (with("filter", "amount = 1".into()), "pay-fault-rule"),
            (with("measure", serde_json::json!({"of": "reason"})), "pay-fault-measure"),
            (with("quota", "".into()), "required"),
            (with("caps", serde_json::json!([{"per": "deal", "most": "1.00 RUB"}])),
                "pay-fault-cap-too-narrow"),
            (with("rate", serde_json::json!({"share": "100000 %"})), "pay-fault-beyond"),
            (rows(serde_json::json!([{"over": "0 RUB", "up_to": "5 RUB", "pays": "1 %"},
                {"over": "6 RUB", "pays": "2 %"}])), "pay-fault-gap"),
            (rows(serde_json::json!([{"over": "0 RUB", "up_to": "5 RUB", "pays": "1 %"},
                {"over": "4 RUB", "pays": "2 %"}])), "pay-fault-overlap"),
            (rows(serde_json::json!([{"over": "0 EUR", "pays": "1 %"}])), "pay-fault-currency"),
        ];
        for (one, expected) in cases {
            let told = format!("{one:?}");
            assert_eq!(refusal(actions::put_component(&by(), id, one).await), expected, "{told}");
        }
        let calls = yard.plans[0];
        actions::start_draft(&by(), calls).await.expect("a draft");
        let sale = actions::put_component(&by(), calls, table("marginal")).await;
        assert_eq!(refusal(sale), "pay-tier-one-sale");
    }

    async fn a_draft_is_counted_against_real_months_and_writes_nothing(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        for (login, at) in [("caller", day(3)), ("caller", day(5)), ("hunter", day(35))] {
            yard.held(login, at).await;
        }
        let (by, id) = (|| yard.by("owner"), yard.plans[0]);
        let pavel = yard.viewer("pavel").await;
        let months = |first: &str, last: &str| {
            (first.parse::<Month>().expect("a month"), last.parse::<Month>().expect("a month"))
        };
        let mut tx = t.db.read().await.expect("reads");
        let none = actions::what_if(&mut tx, &pavel, id, months("2026-10", "2026-10"), NOVEMBER);
        assert_eq!(refusal(none.await), "pay-no-draft");
        drop(tx);
        actions::start_draft(&by(), id).await.expect("a draft");
        actions::put_component(&by(), id, held_back(None)).await.expect("put in");
        let mut tx = t.db.read().await.expect("reads");
        let now = NOVEMBER.plus_days(20);
        let months = months("2026-10", "2026-11");
        let found = actions::what_if(&mut tx, &pavel, id, months, now).await.expect("counted");
        let told: Vec<(i64, i64)> =
            found.people.iter().map(|(_, sums)| (sums.before.minor, sums.after.minor)).collect();
        // Whoever loses least comes first: 300 a meeting instead of 350.
        assert_eq!(told, [(350_00, 300_00), (700_00, 600_00)]);
        assert_eq!(found.total.difference.minor, -150_00);
        assert_eq!(found.components, [("meeting-1".to_owned(), found.total)]);
        drop(tx);
        assert_eq!(yard.stands("caller").await, (700_00, 0), "and nothing is written");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn histories_in_any_order_stand_where_they_are_computed_anew(t: TestDb) {
        for seed in 0..12 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let yard = Yard::open(&t.db, &t.clock).await;
            yard.publish_whole(0, held_back(None), date(2026, 10, 2), 2).await;
            yard.publish_whole(0, capped(), date(2026, 10, 20), 3).await;
            let reading = if rng.random_bool(0.5) { "marginal" } else { "retroactive" };
            yard.publish_whole(1, table(reading), date(2026, 10, 15), 2).await;
            let mut recorded = Vec::new();
            for _ in 0..rng.random_range(5..15) {
                for (at, event) in something(&yard, &mut rng) {
                    recorded.push(yard.record(at, event).await);
                }
            }
            let repeats: Vec<_> =
                recorded.iter().filter(|_| rng.random_bool(0.3)).cloned().collect();
            recorded.extend(repeats);
            recorded.shuffle(&mut rng);
            yard.clock.set(NOVEMBER.plus_ms(HOUR_MS));
            let cut = rng.random_range(0..=recorded.len());
            for (place, event) in recorded.iter().enumerate() {
                if seed % 3 == 0 && place == cut {
                    yard.close("2026-10").await;
                }
                yard.follow(event).await;
            }
            yard.settle().await;
            assert_eq!(yard.broken().await, Vec::<String>::new(), "seed {seed}");
        }
    }
}

/// Something that happened to one subject in October or November.
fn something(yard: &Yard, rng: &mut ChaCha8Rng) -> Vec<(Instant, Event)> {
    let at = OCTOBER.plus_ms(rng.random_range(0..40 * DAY_MS));
    let later = at.plus_ms(rng.random_range(1..5 * DAY_MS));
    let login = ["caller", "hunter"][rng.random_range(0..2)];
    match rng.random_range(0..3) {
        0 => {
            let id = HandoffId::fresh(at);
            let end = [Kind::HandoffAccepted, Kind::HandoffRejected][rng.random_range(0..2)];
            vec![
                (at, handoff(yard, login, 1, id, Kind::HandoffOffered)),
                (later, handoff(yard, login, 1, id, end)),
            ]
        }
        1 => {
            let id = MeetingId::fresh(at);
            let end = [Kind::MeetingHeld, Kind::MeetingMissed][rng.random_range(0..2)];
            let end = meeting(yard, login, id, end).reason("client".to_owned());
            vec![(at, meeting(yard, login, id, Kind::MeetingBooked)), (later, end)]
        }
        _ => {
            let (id, minor) = (PaymentId::fresh(at), rng.random_range(1..3_000_000));
            let login = ["seller", "hunter"][rng.random_range(0..2)];
            let mut told = vec![(at, payment(yard, login, id, Kind::PaymentEntered, minor))];
            if rng.random_bool(0.4) {
                let back = rng.random_range(1..=minor);
                told.push((later, payment(yard, login, id, Kind::PaymentReversed, back)));
            }
            told
        }
    }
}
