//! Heads: a share of what their people do, and what they see of their pay, by the day.

use compensation::Component;
use jiff::civil::date;
use serde_json::json;

use super::super::Sight;
use super::super::actions::{self, NewAssignment};
use super::super::engagement::Engagement;
use super::super::entry::{Entry, PAYOUT};
use super::booking::day;
use super::wide::component;
use super::{DECEMBER, NOVEMBER, Yard, payment};
use crate::both;
use crate::events::Kind;
use crate::people::actions::{NewUser, UserChange, add_team, add_user, change_user};
use crate::people::teams::{EVER, Span};
use crate::people::{Role, Roles};
use crate::storage::testing::TestDb;
use crate::values::*;

/// The yard with two teams of sellers: Semyon heads the one with the seller, Stepan the other.
async fn teams(t: &TestDb) -> (Yard, [TeamId; 2]) {
    let mut yard = Yard::open(&t.db, &t.clock).await;
    let first = add_team(&yard.by("owner"), "first", 2).await.expect("a team");
    let second = add_team(&yard.by("owner"), "second", 2).await.expect("a team");
    for (login, team) in [("semyon", first), ("stepan", second)] {
        hire(&mut yard, login, team).await;
    }
    place(&yard, ("seller", Role::Seller), first).await;
    (yard, [first, second])
}

/// Hires the head of a team, as of the clock.
async fn hire(yard: &mut Yard, login: &'static str, team: TeamId) {
    let new = NewUser {
        login: login.to_owned(),
        name: login.to_owned(),
        alias: login.to_owned(),
        roles: Roles::of(&[Role::Head]),
        tier: Some(2),
        team: Some(team),
        lang: Lang::Ru,
        password: None,
    };
    let id = add_user(&yard.by("owner"), new).await.expect("a person");
    yard.people.push((login, id));
}

/// Puts somebody into a team, as of the clock.
async fn place(yard: &Yard, (login, role): (&str, Role), team: TeamId) {
    let change = UserChange {
        name: login.to_owned(),
        alias: login.to_owned(),
        roles: Roles::of(&[role]),
        tier: Some(2),
        team: Some(team),
    };
    change_user(&yard.by("owner"), yard.id(login), change).await.expect("placed");
}

/// What Semyon and Stepan are owed and wait for.
async fn heads(yard: &Yard) -> [(i64, i64); 2] {
    [yard.stands("semyon").await, yard.stands("stepan").await]
}

/// 5 % of what was paid for whoever sold, and a share of that beyond it for their head.
fn beyond(share: &str) -> Component {
    component(json!({
        "code": "payment-2", "on": {"events": ["payment.entered"]}, "once": "subject",
        "measure": {"of": "amount"}, "period": "event", "rate": {"share": "5 %"},
        "payees": {"by": {"role": "person"},
            "split": [{"who": {"role": "person"}, "share": "100 %"}],
            "overlay": [{"who": {"head_of": "person"}, "share": share}]}
    }))
}

/// 5 % of what was paid, a tenth of it for the head of whoever sold.
fn of_the_whole() -> Component {
    let mut whole = serde_json::to_value(beyond("10 %")).expect("json");
    whole["payees"] = json!({"by": {"role": "person"}, "split": [
        {"who": {"role": "person"}, "share": "90 %"},
        {"who": {"head_of": "person"}, "share": "10 %"}]});
    component(whole)
}

/// 1 % of what a team was paid in a month, 2 % above 150 000.
fn rolled_up() -> Component {
    component(json!({
        "code": "team-2", "on": {"events": ["payment.entered"]}, "once": "subject",
        "measure": {"of": "amount"}, "period": "month",
        "rate": {"table": {"by": "measure", "reading": "marginal", "rows": [
            {"over": "0 RUB", "up_to": "150000 RUB", "pays": "1 %"},
            {"over": "150000 RUB", "pays": "2 %"}]}},
        "payees": {"by": {"head_of": "person"},
            "split": [{"who": {"head_of": "person"}, "share": "100 %"}]}
    }))
}

impl Yard {
    /// The seller was paid 100 000 for a contract, on a day of October.
    async fn sold(&self, of_october: i64) -> PaymentId {
        let id = PaymentId::fresh(day(of_october));
        let paid = payment(self, "seller", id, Kind::PaymentEntered, 100_000_00);
        self.tell(day(of_october), paid).await;
        id
    }

    /// The seller's lines of a month as somebody sees them; nothing where they see no statement.
    async fn seen(&self, login: &str, month: &str) -> Option<(Vec<Entry>, i64)> {
        let (period, viewer) = (self.period(month).await, self.viewer(login).await);
        let mut tx = self.db.read().await.expect("reads");
        let person = self.id("seller");
        match actions::statement(&mut tx, &viewer, period.id, person).await {
            Ok(found) => Some((found.lines, found.opening.minor)),
            Err(Error::NotFound) => None,
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[test]
fn a_sight_shows_its_times_in_whatever_order_they_are_told() {
    let at = |minute: i64| NOVEMBER.plus_minutes(minute);
    let told = [(10, 20), (0, 5), (18, 30), (7, 7), (30, 31), (40, 35)];
    let times: Vec<Span> = told.iter().map(|(from, until)| (at(*from), at(*until))).collect();
    let sight = Sight::of(times.clone());
    for minute in -1..42 {
        let is_shown = times.iter().any(|span| span.0 <= at(minute) && at(minute) < span.1);
        assert_eq!(sight.shows(at(minute)), is_shown, "{minute}");
    }
    assert!(sight.meets((at(4), at(6))) && !sight.meets((at(5), at(10))));
    assert!(Sight::of(vec![(EVER.0, at(1)), (at(1), EVER.1)]).is_whole());
    assert!(Sight::of(vec![(at(7), at(7))]).is_empty());
}

both! {
    async fn a_share_beyond_the_whole_pays_the_head_of_the_day(t: TestDb) {
        let (yard, [_, second]) = teams(&t).await;
        yard.publish_whole(1, beyond("10 %"), date(2026, 10, 2), 2).await;
        let first = yard.sold(5).await;
        assert_eq!(yard.stands("semyon").await, (500_00, 0));
        t.clock.set(day(10));
        place(&yard, ("seller", Role::Seller), second).await;
        yard.sold(12).await;
        assert_eq!(heads(&yard).await, [(500_00, 0), (500_00, 0)]);
        yard.sold(7).await;
        assert_eq!(yard.stands("semyon").await, (1_000_00, 0), "what is told late is by its day");
        let back = payment(&yard, "seller", first, Kind::PaymentReversed, 100_000_00);
        yard.tell(day(14), back).await;
        assert_eq!(heads(&yard).await, [(500_00, 0), (500_00, 0)], "taken back from who had it");
        assert_eq!(yard.stands("seller").await, (10_000_00, 0), "the seller has all of theirs");
        t.clock.set(NOVEMBER.plus_ms(HOUR_MS));
        yard.settle().await;
        assert_eq!(yard.broken().await, Vec::<String>::new());
        let owner = yard.viewer("owner").await;
        let period = yard.period("2026-10").await.id;
        let mut tx = t.db.read().await.expect("reads");
        let head = yard.id("stepan");
        let own = actions::statement(&mut tx, &owner, period, head).await.expect("seen");
        let line = actions::find_line(&mut tx, &owner, own.lines[0].id).await.expect("a line");
        assert_eq!(line.whose.map(|user| user.id), Some(yard.id("seller")), "whose work it was");
    }

    async fn what_came_while_a_move_was_being_written_is_paid_by_its_day(t: TestDb) {
        let (yard, [_, second]) = teams(&t).await;
        yard.publish_whole(1, of_the_whole(), date(2026, 10, 2), 2).await;
        yard.sold(12).await;
        t.clock.set(day(13));
        yard.settle().await;
        assert_eq!(yard.stands("semyon").await, (500_00, 0));
        // The move is of an earlier instant than the payment, and written after it was booked.
        t.clock.set(day(12).plus_ms(-5));
        place(&yard, ("seller", Role::Seller), second).await;
        t.clock.set(NOVEMBER.plus_ms(HOUR_MS));
        yard.settle().await;
        assert_eq!(heads(&yard).await, [(0, 0), (500_00, 0)]);
        assert_eq!(yard.stands("seller").await, (4_500_00, 0), "the rest of the whole");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn what_came_while_a_head_was_being_hired_is_paid_when_the_hire_is_followed(t: TestDb) {
        let mut yard = Yard::open(&t.db, &t.clock).await;
        let team = add_team(&yard.by("owner"), "first", 2).await.expect("a team");
        place(&yard, ("seller", Role::Seller), team).await;
        yard.publish_whole(1, beyond("10 %"), date(2026, 10, 2), 2).await;
        yard.sold(12).await;
        t.clock.set(day(13));
        yard.settle().await;
        // The hire is of an earlier instant than the payment, and written after it was booked.
        t.clock.set(day(12).plus_ms(-5));
        hire(&mut yard, "semyon", team).await;
        assert_eq!(yard.stands("semyon").await, (0, 0), "nobody has followed it yet");
        assert_eq!(yard.broken().await, Vec::<String>::new(), "what waits is passed over");
        yard.settle().await;
        assert_eq!(yard.stands("semyon").await, (500_00, 0));
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_change_of_head_in_mid_month_splits_what_the_team_did(t: TestDb) {
        let (yard, [first, second]) = teams(&t).await;
        let (by, october) = (|| yard.by("owner"), date(2026, 10, 1));
        let plan = actions::make_plan(&by(), "Heads", 2).await.expect("a plan");
        actions::put_component(&by(), plan, rolled_up()).await.expect("put in");
        for usual in ["payment-2", "month-0"] {
            actions::remove_component(&by(), plan, usual).await.expect("taken out");
        }
        yard.approve(plan, october).await.expect("approved");
        actions::publish(&by(), plan, 1).await.expect("published");
        yard.sold(5).await;
        for login in ["semyon", "stepan"] {
            let (person, salary) = (yard.id(login), Money::new(0, Currency::Rub));
            let new = NewAssignment { person, plan, from: october, until: None, salary };
            actions::assign(&by(), new).await.expect("assigned");
        }
        // What was before the assignment is counted when it is made.
        yard.settle().await;
        assert_eq!(yard.stands("semyon").await, (1_000_00, 0));
        yard.sold(10).await;
        t.clock.set(day(16));
        place(&yard, ("semyon", Role::Head), second).await;
        place(&yard, ("stepan", Role::Head), first).await;
        yard.sold(20).await;
        // 1 % of 150 000 and 2 % of 50 000; the other begins anew.
        assert_eq!(heads(&yard).await, [(2_500_00, 0), (1_000_00, 0)]);
        t.clock.set(NOVEMBER.plus_ms(HOUR_MS));
        yard.settle().await;
        assert_eq!(yard.broken().await, Vec::<String>::new());
        yard.close("2026-10").await;
        yard.settle().await;
        assert_eq!(yard.broken().await, Vec::<String>::new(), "and after the close");
    }

    async fn a_draft_that_pays_heads_is_counted_for_the_heads_of_the_days(t: TestDb) {
        let (yard, [_, second]) = teams(&t).await;
        yard.sold(5).await;
        yard.sold(6).await;
        t.clock.set(day(10));
        place(&yard, ("seller", Role::Seller), second).await;
        yard.sold(12).await;
        let (by, plan) = (|| yard.by("owner"), yard.plans[1]);
        actions::start_draft(&by(), plan).await.expect("a draft");
        actions::put_component(&by(), plan, beyond("20 %")).await.expect("put in");
        let october: Month = "2026-10".parse().expect("a month");
        let pavel = yard.viewer("pavel").await;
        let mut tx = t.db.read().await.expect("reads");
        let found = actions::what_if(&mut tx, &pavel, plan, (october, october), NOVEMBER).await;
        let found = found.expect("counted").people;
        let told = |login: &str| {
            let id = yard.id(login);
            let one = found.iter().find(|(user, _)| user.id == id);
            one.map(|(_, sums)| (sums.before.minor, sums.after.minor))
        };
        assert_eq!(told("semyon"), Some((0, 2_000_00)));
        assert_eq!(told("stepan"), Some((0, 1_000_00)));
    }

    async fn a_head_sees_what_is_of_days_on_which_the_person_was_of_their_team(t: TestDb) {
        let (yard, [_, second]) = teams(&t).await;
        yard.sold(5).await;
        assert!(yard.seen("stepan", "2026-10").await.is_none(), "a sibling team's head");
        t.clock.set(day(10));
        place(&yard, ("seller", Role::Seller), second).await;
        yard.sold(12).await;
        t.clock.set(NOVEMBER.plus_ms(HOUR_MS));
        yard.settle().await;
        let all = yard.seen("owner", "2026-10").await.expect("the owner's").0;
        let (before, after) = (all[0].id, all[1].id);
        for (login, shown, hidden) in [("semyon", before, after), ("stepan", after, before)] {
            let (lines, _) = yard.seen(login, "2026-10").await.expect("a part of it");
            let ids: Vec<EntryId> = lines.iter().map(|line| line.id).collect();
            assert_eq!(ids, [shown], "{login}");
            let (viewer, month) = (yard.viewer(login).await, yard.period("2026-10").await.month);
            let mut tx = t.db.read().await.expect("reads");
            actions::find_line(&mut tx, &viewer, shown).await.expect("theirs to see");
            let other = actions::find_line(&mut tx, &viewer, hidden).await;
            assert!(matches!(other, Err(Error::NotFound)), "{login}");
            let rows = actions::list_statements(&mut tx, &viewer, month).await.expect("reads");
            let sums: Vec<(i64, i64)> =
                rows.iter().map(|row| (row.earned.minor, row.lines)).collect();
            assert_eq!(sums, [(5_000_00, 1)], "{login}");
        }
        assert!(yard.seen("semyon", "2026-11").await.is_none(), "they moved away before");
        let (lines, opening) = yard.seen("stepan", "2026-11").await.expect("theirs");
        assert_eq!((lines.len(), opening), (0, 0), "a part has no balance to be carried over");
        assert_eq!(yard.seen("seller", "2026-10").await.expect("own").0.len(), 2);
        assert!(yard.seen("rookie", "2026-10").await.is_none());
    }

    async fn who_sees_one_person_s_pay_sees_the_sums_that_the_owner_sees_of_them(t: TestDb) {
        let (yard, _) = teams(&t).await;
        yard.sold(5).await;
        yard.held("caller", day(6)).await;
        t.clock.set(NOVEMBER.plus_days(2));
        yard.settle().await;
        yard.close("2026-10").await;
        yard.sold(33).await;
        let seller = yard.id("seller");
        for (month, opening, earned) in [("2026-10", 0, 65_000_00), ("2026-11", 0, 5_000_00)] {
            let month = yard.period(month).await.month;
            for login in ["owner", "seller"] {
                let viewer = yard.viewer(login).await;
                let mut tx = t.db.read().await.expect("reads");
                let rows = actions::list_statements(&mut tx, &viewer, month).await;
                let mut rows = rows.expect("reads");
                assert_eq!(rows.iter().all(|row| row.person.id == seller), login == "seller");
                rows.retain(|row| row.person.id == seller);
                let told = |row: &actions::PeriodRow| {
                    (row.opening.minor, row.earned.minor, row.due.minor)
                };
                let sums: Vec<(i64, i64, i64)> = rows.iter().map(told).collect();
                assert_eq!(sums, [(opening, earned, opening + earned)], "{login} {month}");
            }
        }
    }

    async fn an_invoice_is_for_whoever_sees_all_of_the_pay(t: TestDb) {
        let (yard, [_, second]) = teams(&t).await;
        let pavel = yard.viewer("pavel").await;
        let whom = (yard.id("seller"), "2026-10".parse::<Month>().expect("a month"));
        let contractor = Engagement::Contractor {
            name: "ИП Продавец".to_owned(),
            tax_id: "500100732259".to_owned(),
        };
        actions::engage(&yard.by("pavel"), &pavel, whom, contractor).await.expect("noted");
        yard.sold(5).await;
        t.clock.set(day(10));
        place(&yard, ("seller", Role::Seller), second).await;
        yard.sold(12).await;
        for (month, at) in [("2026-10", NOVEMBER), ("2026-11", DECEMBER)] {
            t.clock.set(at.plus_days(2));
            yard.settle().await;
            yard.close(month).await;
        }
        let (november, stepan) = (yard.period("2026-11").await.id, yard.viewer("stepan").await);
        let mut tx = t.db.read().await.expect("reads");
        let invoice = actions::invoice(&mut tx, &pavel, november, whom.0).await.expect("seen");
        let seen = actions::statement(&mut tx, &pavel, november, whom.0).await.expect("seen");
        assert_eq!((invoice.total, seen.is_whole), (seen.paid_out, true));
        // All of November is theirs to see, and not what was carried over into it.
        let seen = actions::statement(&mut tx, &stepan, november, whom.0).await.expect("seen");
        assert!(!seen.is_whole);
        // What was handed over would tell what was earned before the person came.
        let october = yard.period("2026-10").await.id;
        let part = actions::statement(&mut tx, &stepan, october, whom.0).await.expect("seen");
        for seen in [&seen, &part] {
            assert!(seen.lines.iter().all(|line| line.component != PAYOUT));
            assert_eq!((seen.opening.minor, seen.paid_out.minor, seen.paid), (0, 0, None));
        }
        // The salary is of the day on which its month ends, and so is theirs to see.
        assert_eq!((part.earned.minor, part.closing.minor), (65_000_00, 65_000_00));
        let invoice = actions::invoice(&mut tx, &stepan, november, whom.0).await;
        assert!(matches!(invoice, Err(Error::NotFound)), "{invoice:?}");
    }
}
