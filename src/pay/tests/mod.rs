//! Rules as tables, booking on both databases, random histories against naive SQL, the door.

mod booking;
mod claims;
mod door;
mod forms;
mod history;
mod limits;
mod payroll;
mod remittances;
mod restored;
mod returns;
mod rules;
mod teams;
mod terms;
mod unpaid;
mod wide;

use jiff::civil::date;

use super::actions::{self, NewAssignment};
use super::plan::Body;
use super::preset::{Measure, Preset, Round};
use super::remittance::NewRemittance;
use super::trigger::Trigger;
use crate::events::{self, Event, Kind, Recorded};
use crate::people::actions::{NewFirm, NewUser};
use crate::people::{Role, Roles, Viewer, session};
use crate::storage::{Act, Db, Key};
use crate::values::*;

/// A firm with a caller, a seller, an account manager, a hunter, an owner and two accountants.
pub(super) struct Yard {
    pub db: Db,
    pub org: OrgId,
    pub clock: Clock,
    pub people: Vec<(&'static str, UserId)>,
    pub plans: Vec<PlanId>,
    count: std::sync::atomic::AtomicI64,
}

/// 1 October 2026 in Moscow.
pub(super) const OCTOBER: Instant = Instant(1_790_802_000_000);
/// 1 November 2026 in Moscow.
pub(super) const NOVEMBER: Instant = Instant(1_793_480_400_000);
/// 1 December 2026 in Moscow.
pub(super) const DECEMBER: Instant = Instant(1_796_072_400_000);

const HANDS: [(&str, &[Role], Option<i64>); 8] = [
    ("caller", &[Role::Caller], Some(1)),
    ("seller", &[Role::Seller], Some(2)),
    ("rookie", &[Role::Seller], Some(2)),
    ("service", &[Role::Service], Some(3)),
    ("hunter", &[Role::Caller, Role::Seller, Role::Service], Some(2)),
    ("owner", &[Role::Owner], None),
    ("pavel", &[Role::Payroll], None),
    ("polina", &[Role::Payroll], None),
];

impl Yard {
    /// The firm with the usual plans since October, everybody assigned, salaries 60 000,00.
    pub(super) async fn open(db: &Db, clock: &Clock) -> Self {
        clock.set(OCTOBER);
        let firm = NewFirm {
            name: "Лён",
            zone: "Europe/Moscow",
            currency: Currency::Rub,
            lang: Lang::Ru,
            country: Country::RU,
            is_demo: false,
        };
        let org = crate::people::actions::found_firm(db, firm, OCTOBER).await.expect("a firm");
        let mut yard = Self {
            db: db.clone(),
            org,
            clock: clock.clone(),
            people: Vec::new(),
            plans: Vec::new(),
            count: 0.into(),
        };
        for (login, roles, tier) in HANDS {
            let new = NewUser {
                login: login.to_owned(),
                name: login.to_owned(),
                alias: login.to_owned(),
                roles: Roles::of(roles),
                tier,
                team: None,
                lang: Lang::Ru,
                password: None,
            };
            let id = crate::people::actions::add_user(&yard.by(""), new).await.expect("a person");
            yard.people.push((login, id));
        }
        let names = ["Звонки", "Продажи", "Сервис"];
        yard.plans =
            actions::start_tier_plans(&yard.by("owner"), names, OCTOBER).await.expect("plans");
        for (login, tiers) in
            [("caller", &[0][..]), ("seller", &[1]), ("service", &[2]), ("hunter", &[0, 1, 2])]
        {
            for tier in tiers {
                let salary = if *tier == 0 { 0 } else { 60_000_00 };
                yard.assign(login, *tier, salary).await.expect("assigned");
            }
        }
        yard
    }

    pub(super) async fn assign(&self, login: &str, plan: usize, salary: i64) -> Outcome<AnyId> {
        let new = NewAssignment {
            person: self.id(login),
            plan: self.plans[plan],
            from: date(2026, 10, 1),
            until: None,
            salary: Money::new(salary, Currency::Rub),
        };
        actions::assign(&self.by("owner"), new).await
    }

    /// Publishes the next version of a plan with these components from a day on.
    pub(super) async fn publish(
        &self,
        plan: usize,
        components: &[Preset],
        from: jiff::civil::Date,
        number: i64,
    ) -> Outcome<i64> {
        let id = self.plans[plan];
        actions::start_draft(&self.by("owner"), id).await?;
        for component in components {
            actions::put_preset(&self.by("owner"), id, *component).await?;
        }
        self.approve(id, from).await?;
        actions::publish(&self.by("owner"), id, number).await
    }

    /// The owner approves the draft of a plan as it stands.
    pub(super) async fn approve(&self, id: PlanId, from: jiff::civil::Date) -> Outcome<()> {
        let seen = self.revision(id).await;
        actions::approve_draft(&self.by("owner"), id, from, seen).await
    }

    /// The state of a plan.
    pub(super) async fn revision(&self, id: PlanId) -> i64 {
        let mut tx = self.db.read().await.expect("reads");
        let (plans, _, _) = actions::list_plans(&mut tx, self.org).await.expect("reads");
        plans.iter().find(|plan| plan.id == id).expect("a plan").revision
    }

    pub(super) fn id(&self, login: &str) -> UserId {
        self.people.iter().find(|(known, _)| *known == login).expect("of the yard").1
    }

    /// Something a person does now, each time under a key of its own; nobody is the product.
    pub(super) fn by(&self, login: &str) -> Act {
        let count = self.count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let actor = (!login.is_empty()).then(|| self.id(login));
        let key = Some(Key::new(format!("yard:{count}"), &[]));
        Act { db: self.db.clone(), org: self.org, actor, now: self.clock.now(), key }
    }

    pub(super) async fn viewer(&self, login: &str) -> Viewer {
        let mut tx = self.db.read().await.expect("reads");
        session::viewer(&mut tx, self.org, self.id(login), None)
            .await
            .expect("reads")
            .expect("a person")
    }

    /// Records an event at an instant and gives it back.
    pub(super) async fn record(&self, at: Instant, event: Event) -> Recorded {
        let act = Act { now: at, ..self.by("") };
        let mut tx = self.db.begin().await.expect("begins");
        let id = event.record(&mut tx, &act).await.expect("recorded");
        tx.commit().await.expect("commits");
        events::find(&mut self.db.read().await.expect("reads"), id)
            .await
            .expect("reads")
            .expect("it")
    }

    /// Delivers an event to pay.
    pub(super) async fn follow(&self, event: &Recorded) {
        super::jobs::follow(&self.by(""), event).await.expect("followed");
    }

    pub(super) async fn tell(&self, at: Instant, event: Event) -> Recorded {
        let event = self.record(at, event).await;
        self.follow(&event).await;
        event
    }

    /// A meeting of somebody was booked and held at an instant; gives back the holding of it.
    pub(super) async fn held(&self, login: &str, at: Instant) -> Recorded {
        let id = MeetingId::fresh(at);
        self.record(at, meeting(self, login, id, Kind::MeetingBooked)).await;
        self.tell(at, meeting(self, login, id, Kind::MeetingHeld)).await
    }

    /// Runs what was left behind by changed rules and forgets what events left behind.
    pub(super) async fn settle(&self) {
        crate::schedule::run_due(&self.db, &self.clock).await.expect("jobs run");
    }

    /// What a person is owed and waits for.
    pub(super) async fn stands(&self, login: &str) -> (i64, i64) {
        let mut tx = self.db.read().await.expect("reads");
        let row = tx
            .one(
                "select cast(coalesce(sum(posted), 0) as bigint) as posted, \
                 cast(coalesce(sum(pending), 0) as bigint) as pending \
                 from entries where org_id = $1 and person_id = $2",
                crate::vals![self.org, self.id(login)],
            )
            .await
            .expect("reads");
        (row.int("posted").expect("a sum"), row.int("pending").expect("a sum"))
    }

    pub(super) async fn broken(&self) -> Vec<String> {
        let mut tx = self.db.read().await.expect("reads");
        let found = super::check(&mut tx, self.org).await.expect("checks");
        found.into_iter().map(|broken| broken.to_string()).collect()
    }

    /// The period of a month, made when there is none.
    pub(super) async fn period(&self, month: &str) -> super::period::Period {
        actions::ensure_months(&self.by("")).await.expect("months");
        let mut tx = self.db.read().await.expect("reads");
        let all = actions::list_periods(&mut tx, self.org).await.expect("reads");
        all.into_iter().find(|p| p.month.to_string() == month).expect("a period")
    }

    /// How many lines the statements of a month show.
    pub(super) async fn shown(&self, month: &str) -> i64 {
        let period = self.period(month).await;
        let mut tx = self.db.read().await.expect("reads");
        actions::count_lines(&mut tx, self.org, period.month).await.expect("counts").1
    }

    /// Sends a month to review, approves it and closes it.
    pub(super) async fn close(&self, month: &str) {
        let id = self.period(month).await.id;
        actions::review(&self.by("pavel"), id).await.expect("reviewed");
        actions::approve(&self.by("owner"), id).await.expect("approved");
        let lines = self.shown(month).await;
        actions::close(&self.by("pavel"), id, lines).await.expect("closed");
    }
}

/// Records of pay for the table of rights, each Boris's: what he is paid by, a month, a contested
/// line, a sum by hand, a payment.
pub async fn records(cast: &crate::cast::Cast) -> Vec<(&'static str, String)> {
    let names = ["Calls", "Sales", "Service"];
    let now = cast.clock.now();
    let plans =
        actions::start_tier_plans(&cast.act("olga", "plans"), names, now.plus_days(-1)).await;
    let plan = plans.expect("plans")[0];
    let new = NewAssignment {
        person: cast.id("boris"),
        plan,
        from: date(2026, 11, 2),
        until: None,
        salary: Money::new(0, Currency::Rub),
    };
    let assignment = actions::assign(&cast.act("olga", "assign"), new).await.expect("assigned");
    let act = cast.act("sonya", "meeting");
    let mut tx = cast.app.db.begin().await.expect("begins");
    let id = MeetingId::fresh(now);
    for kind in [Kind::MeetingBooked, Kind::MeetingHeld] {
        let told = Event::new(kind, id).tier(1).person(cast.id("boris"));
        told.record(&mut tx, &act).await.expect("recorded");
    }
    tx.commit().await.expect("commits");
    cast.settle().await;
    let viewer = cast.viewer("boris").await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let period = actions::list_periods(&mut tx, cast.org).await.expect("reads")[0].id;
    let statement = actions::statement(&mut tx, &viewer, period, viewer.id()).await.expect("own");
    drop(tx);
    let entry = statement.lines[0].id;
    let claim = actions::Claim { category: "other".to_owned(), comment: "Why?".to_owned() };
    let act = cast.act("boris", "dispute");
    let dispute = actions::dispute(&act, &viewer, entry, claim).await.expect("contested");
    let (pavel, sum) = (cast.viewer("pavel").await, Money::new(100, Currency::Rub));
    let act = cast.act("pavel", "adjust");
    let adjustment = actions::adjust(&act, &pavel, viewer.id(), sum, "A gift").await;
    let paid = NewRemittance {
        person: viewer.id(),
        amount: sum,
        paid_on: midnight(now.day(&viewer.zone), &viewer.zone),
        reference: "1".to_owned(),
        anyway: false,
    };
    let act = cast.act("pavel", "remit");
    let remittance = actions::remit(&act, &pavel, period, paid).await.expect("recorded");
    vec![
        ("plan", plan.to_string()),
        ("assignment", assignment.to_string()),
        ("period", period.to_string()),
        ("entry", entry.to_string()),
        ("dispute", dispute.to_string()),
        ("adjustment", adjustment.expect("proposed").to_string()),
        ("remittance", remittance.to_string()),
    ]
}

pub(super) fn handoff(yard: &Yard, login: &str, tier: i64, id: HandoffId, kind: Kind) -> Event {
    Event::new(kind, id).person(yard.id(login)).tier(tier)
}

pub(super) fn meeting(yard: &Yard, login: &str, id: MeetingId, kind: Kind) -> Event {
    Event::new(kind, id).person(yard.id(login)).tier(1)
}

pub(super) fn payment(yard: &Yard, login: &str, id: PaymentId, kind: Kind, minor: i64) -> Event {
    Event::new(kind, id).person(yard.id(login)).tier(2).amount(Money::new(minor, Currency::Rub))
}

pub(super) fn each(trigger: Trigger, tier: i64, minor: i64) -> Preset {
    Preset { trigger, tier: Some(tier), measure: Measure::Each(minor), cap: None }
}

pub(super) fn share(numerator: i64, denominator: i64) -> Preset {
    Preset {
        trigger: Trigger::Payment,
        tier: Some(2),
        measure: Measure::Share { numerator, denominator, rounding: Round::HalfUp },
        cap: None,
    }
}

#[test]
fn the_usual_plans_may_be_published() {
    for tier in 1..=3 {
        let body = Body::of_tier(tier, Currency::Rub).expect("a plan");
        body.check(tier, Currency::Rub).expect("it may be published");
    }
}
