//! Reading: what somebody earned, and why.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ledger::Head;

use super::super::credit::{AsOf, credits};
use super::super::engagement::Engagement;
use super::super::entry::{Entry, PAYOUT};
use super::super::facts::month_of;
use super::super::period::Period;
use super::super::plan::{Assignment, Version};
use super::super::remittance::standing;
use super::super::rules::Rules;
use super::super::store::{
    self,
    claims::{Adjustment, Dispute},
    plans::Plan,
};
use super::super::trigger::{Trigger, paying, pays};
use super::super::unpaid::Unpaid;
use super::engagements::engaged_in;
use super::settling::rules_of;
use super::sights::{Sights, sighted};
use crate::events::{self, Kind, Recorded};
use crate::people::{self, User, Viewer};
use crate::storage::Tx;
use crate::values::*;

/// A person's pay of a month.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Whose.
    pub person: User,
    /// Of which month.
    pub period: Period,
    /// Carried over from before.
    pub opening: Money,
    /// What counts in the month, without the pay-out.
    pub earned: Money,
    /// What was handed over to payroll, once the month is closed.
    pub paid_out: Money,
    /// What is owed after the month.
    pub closing: Money,
    /// The month's lines in the order they were written.
    pub lines: Vec<Entry>,
    /// Disputes about lines of this person.
    pub disputes: Vec<Dispute>,
    /// Events of the month that pay nothing although somebody might expect it.
    pub unpaid: Vec<(Recorded, Unpaid)>,
    /// What is on record as really paid; nothing where nobody recorded a payment.
    pub paid: Option<Money>,
    /// How the person is engaged in the month.
    pub engagement: Engagement,
    /// The end of the firm's chain: where the month was closed, else as it is.
    pub head: Head,
    /// True where the reader may see all of the person's pay. Where not, nothing is carried over
    /// and nothing handed over: there is no balance of a part.
    pub is_whole: bool,
}

/// A line with all that explains it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The line.
    pub entry: Entry,
    /// Whose.
    pub person: User,
    /// The period it falls into.
    pub period: Option<Period>,
    /// The event that earned it.
    pub event: Option<Recorded>,
    /// Whose work that was, where it is another's: a head has a part of it, or it was split.
    pub whose: Option<User>,
    /// Every line of its credit that may be seen, itself included.
    pub credit: Vec<Entry>,
    /// The version of the plan that it follows from.
    pub version: Option<Version>,
    /// Disputes about it.
    pub disputes: Vec<Dispute>,
}

/// A month of somebody: period, sum, lines.
#[derive(Debug, Clone)]
pub struct MonthOf {
    /// The month.
    pub period: Period,
    /// What counts in it, without the pay-out.
    pub earned: Money,
    /// How many lines its statement shows.
    pub lines: i64,
}

/// A person's row of a period.
#[derive(Debug, Clone)]
pub struct PeriodRow {
    /// Who.
    pub person: User,
    /// Carried over.
    pub opening: Money,
    /// What counts in the month, without the pay-out.
    pub earned: Money,
    /// What still waits at the end of the month, of this month and of those before.
    pub pending: Money,
    /// What is owed, before the pay-out.
    pub due: Money,
    /// Lines of the month, as its statement shows them.
    pub lines: i64,
}

/// What a person earned since an instant, salary aside; `None` for somebody no plan pays.
pub async fn earned_today(
    tx: &mut Tx,
    org: OrgId,
    person: UserId,
    day_start: Instant,
    currency: Currency,
) -> Outcome<Option<Money>> {
    let minor = store::entries::find_earned_since(tx, (org, person), day_start, currency).await?;
    Ok(minor.map(|minor| Money::new(minor, currency)))
}

/// The statement of a person for a month, for whoever may see it.
pub async fn statement(
    tx: &mut Tx,
    viewer: &Viewer,
    period: PeriodId,
    person: UserId,
) -> Outcome<Statement> {
    let org = viewer.org;
    let (person, sight) = sighted(tx, viewer, person).await?;
    let found = store::periods::find_period(tx, org, period).await?;
    let period = found.ok_or(Error::NotFound)?;
    let mut lines = store::entries::list_for_person(tx, org, person.id, period.month).await?;
    lines.retain(|line| sight.shows_line(line, &viewer.zone));
    if lines.is_empty() && !sight.meets((period.starts_at, period.ends_at)) {
        return Err(Error::NotFound);
    }
    let currency = viewer.currency;
    let opening = match sight.is_whole() {
        true => store::entries::sum_before(tx, org, person.id, period.month, currency).await?,
        false => 0,
    };
    let sum = |is_payout: bool| -> i64 {
        lines
            .iter()
            .filter(|line| line.amount.currency == currency)
            .filter(|line| (line.component == PAYOUT) == is_payout)
            .map(Entry::posted)
            .sum()
    };
    let (earned, paid_out) = (sum(false), -sum(true));
    let mut disputes = store::claims::list_disputes_of(tx, org, person.id).await?;
    let shown: HashSet<EntryId> = lines.iter().map(|line| line.id).collect();
    disputes.retain(|one| sight.is_whole() || shown.contains(&one.entry));
    let mut unpaid = list_unpaid(tx, viewer, &person, &period).await?;
    unpaid.retain(|(event, _)| sight.shows(event.at));
    let mut remitted =
        store::remittances::list_remittances_for(tx, org, person.id, period.month).await?;
    remitted.retain(|one| sight.is_whole() && one.amount.currency == currency);
    let paid: i64 = standing(&remitted).iter().map(|one| one.amount.minor).sum();
    let engagement = engaged_in(tx, org, person.id, period.month).await?;
    let head = match store::periods::find_closing(tx, org, period.month).await? {
        Some(head) => head,
        None => store::entries::find_head(tx, org).await?,
    };
    let money = |minor| Money::new(minor, currency);
    Ok(Statement {
        opening: money(opening),
        earned: money(earned),
        paid_out: money(paid_out),
        closing: money(opening + earned - paid_out),
        paid: (!remitted.is_empty()).then(|| money(paid)),
        is_whole: sight.is_whole(),
        person,
        period,
        lines,
        disputes,
        unpaid,
        engagement,
        head,
    })
}

/// What happened to one subject; to what recurs, in one month.
type Story = (Trigger, String, Option<Month>);

fn story(event: &Recorded, zone: &Zone) -> Option<Story> {
    let trigger = Trigger::of_kind(event.kind)?;
    let month = trigger.recurs().then(|| month_of(event, zone));
    Some((trigger, event.subject.clone(), month))
}

/// Events of the month in somebody's name that pay nothing, with the reason. Of what happened to
/// one subject the last event speaks: a meeting says so when booked, and again when it is held.
async fn list_unpaid(
    tx: &mut Tx,
    viewer: &Viewer,
    person: &User,
    period: &Period,
) -> Outcome<Vec<(Recorded, Unpaid)>> {
    let rules = rules_of(tx, viewer.org, [person.id]).await?;
    let span = (period.starts_at, period.ends_at);
    let events = events::list_for_person(tx, viewer.org, person.id, &paying(), span).await?;
    let subjects: BTreeSet<&str> = events.iter().map(|event| event.subject.as_str()).collect();
    let subjects: Vec<&str> = subjects.into_iter().collect();
    let mut all = events::list_for_subjects(tx, viewer.org, &subjects).await?;
    all.retain(|event| event.at < period.ends_at && pays(event));
    let mut looked: HashMap<EventId, Vec<Option<Unpaid>>> = HashMap::new();
    let now = AsOf { at: period.ends_at, zone: &viewer.zone };
    for credit in credits(&all, &rules, now, |_| true)?.iter().filter(|one| one.person == person.id)
    {
        for (event, why) in &credit.looked {
            looked.entry(*event).or_default().push(*why);
        }
    }
    let mut told: BTreeMap<Story, Vec<&Recorded>> = BTreeMap::new();
    for event in &all {
        if let Some(story) = story(event, &viewer.zone) {
            told.entry(story).or_default().push(event);
        }
    }
    let windows = windows(tx, viewer.org, &events).await?;
    let (mut unpaid, mut spoken) = (Vec::new(), BTreeSet::new());
    for event in events.iter().rev() {
        let Some(story) = story(event, &viewer.zone) else { continue };
        let about = told.get(&story).map_or(&[][..], Vec::as_slice);
        let said: Vec<Option<Unpaid>> =
            about.iter().filter_map(|one| looked.get(&one.id)).flatten().copied().collect();
        let why = if said.is_empty() {
            // The rules of its beginning hold to its end.
            let first =
                |one: &&&Recorded| (story.0.kinds().first() != Some(&one.kind), one.at, one.id);
            let begun = about.iter().min_by_key(first).map_or(event.at, |one| one.at);
            let is_planned = rules.in_force(person.id, begun).next().is_some();
            let is_of_no_window = is_return(event) && !windows.has_window(begun);
            (!is_planned && !is_of_no_window).then_some(Unpaid::NoPlan)
        } else {
            // A share that rounds to nothing is no surprise.
            said.into_iter().flatten().find(|why| *why != Unpaid::Nothing)
        };
        if let Some(why) = why
            && spoken.insert(story)
        {
            unpaid.push((event.clone(), why));
        }
    }
    unpaid.reverse();
    Ok(unpaid)
}

fn is_return(event: &Recorded) -> bool {
    matches!(event.kind, Kind::FirmReturned | Kind::ReturnUndone)
}

/// Every version of the firm, by which a return might have paid; none where nothing returned.
async fn windows(tx: &mut Tx, org: OrgId, events: &[Recorded]) -> Outcome<Rules> {
    if !events.iter().any(is_return) {
        return Ok(Rules::default());
    }
    let versions = store::plans::list_versions(tx, org).await?;
    Ok(Rules { versions, ..Rules::default() })
}

/// A line with all that explains it, for whoever may see it.
pub async fn find_line(tx: &mut Tx, viewer: &Viewer, id: EntryId) -> Outcome<Line> {
    let org = viewer.org;
    let entry = store::entries::find_entry(tx, org, id).await?.ok_or(Error::NotFound)?;
    let sights = Sights::of_one(tx, viewer, entry.person).await?;
    if !sights.shows(&entry) {
        return Err(Error::NotFound);
    }
    let found = people::actions::find_user(tx, org, entry.person).await?;
    let person = found.ok_or(Error::NotFound)?;
    let event = match entry.event {
        Some(id) => events::find(tx, id).await?,
        None => None,
    };
    let other = event.as_ref().and_then(|event| event.person).filter(|id| *id != entry.person);
    let whose = match other {
        Some(id) => people::actions::find_user(tx, org, id).await?,
        None => None,
    };
    let periods = store::periods::list_periods(tx, org).await?;
    let mut credit = store::entries::list_for_credit(tx, org, &entry.credit_key).await?;
    credit.retain(|line| sights.shows(line));
    let mut disputes = store::claims::list_disputes_of(tx, org, entry.person).await?;
    disputes.retain(|dispute| dispute.entry == entry.id);
    let period = periods.into_iter().find(|period| period.month == entry.period);
    let versions = match entry.version {
        Some(_) => store::plans::list_versions(tx, org).await?,
        None => Vec::new(),
    };
    let version = versions.into_iter().find(|one| Some((one.plan, one.version)) == entry.version);
    Ok(Line { entry, person, period, event, whose, credit, version, disputes })
}

/// The months in which a person has lines, newest first, for whoever may see all of their pay.
pub async fn list_months(
    tx: &mut Tx,
    viewer: &Viewer,
    person: UserId,
) -> Outcome<(User, Vec<MonthOf>)> {
    let (person, sight) = sighted(tx, viewer, person).await?;
    if !sight.is_whole() {
        return Err(Error::NotFound);
    }
    let periods = store::periods::list_periods(tx, viewer.org).await?;
    let sums = store::entries::list_months_of(tx, viewer.org, person.id).await?;
    let months = sums
        .into_iter()
        .filter_map(|(month, earned, lines)| {
            let period = periods.iter().find(|period| period.month == month)?.clone();
            Some(MonthOf { period, earned, lines })
        })
        .collect();
    Ok((person, months))
}

/// Everybody the viewer may see with their sums of a month, people with something to show first.
pub async fn list_period(
    tx: &mut Tx,
    viewer: &Viewer,
    id: PeriodId,
) -> Outcome<(Period, Vec<PeriodRow>)> {
    let found = store::periods::find_period(tx, viewer.org, id).await?;
    let period = found.ok_or(Error::NotFound)?;
    let rows = list_statements(tx, viewer, period.month).await?;
    Ok((period, rows))
}

/// Sums of a month for everybody the viewer may see.
pub async fn list_statements(
    tx: &mut Tx,
    viewer: &Viewer,
    month: Month,
) -> Outcome<Vec<PeriodRow>> {
    let sights = Sights::of(tx, viewer).await?;
    let users = people::actions::list_users(tx, viewer.org).await?;
    let of = (viewer.org, month);
    let (sums, components) = match sights.whose(&users) {
        None => (
            store::entries::list_sums(tx, of.0, of.1).await?,
            store::entries::list_payroll(tx, of.0, of.1).await?,
        ),
        Some(whose) => (
            store::entries::list_sums_of(tx, of, &whose).await?,
            store::entries::list_payroll_of(tx, of, &whose).await?,
        ),
    };
    let handed_over = components.into_iter().filter(|(_, component, _)| component == PAYOUT);
    let handed_over: HashMap<(UserId, Currency), i64> =
        handed_over.map(|(who, _, sum)| ((who, sum.currency), sum.minor)).collect();
    let mut rows = Vec::new();
    for mut sum in sums {
        let Some(person) = users.iter().find(|user| user.id == sum.person) else { continue };
        let sight = sights.on(sum.person);
        if sight.is_empty() {
            continue;
        }
        let currency = sum.posted.currency;
        let mut paid_out = handed_over.get(&(sum.person, currency)).copied().unwrap_or(0);
        if !sight.is_whole() {
            let Some(seen) = sights.sum(tx, viewer.org, (sum, month)).await? else { continue };
            (sum, paid_out) = (seen, 0);
        }
        let earned = sum.posted.minor - paid_out;
        let money = |minor| Money::new(minor, currency);
        rows.push(PeriodRow {
            person: person.clone(),
            opening: money(sum.opening),
            earned: money(earned),
            pending: money(sum.pending),
            due: money(sum.opening + earned),
            lines: sum.lines,
        });
    }
    rows.sort_by(|a, b| (a.person.tier, &a.person.name).cmp(&(b.person.tier, &b.person.name)));
    Ok(rows)
}

/// Every plan with its versions and assignments.
pub async fn list_plans(
    tx: &mut Tx,
    org: OrgId,
) -> Outcome<(Vec<Plan>, Vec<Version>, Vec<Assignment>)> {
    let plans = store::plans::list_plans(tx, org).await?;
    let versions = store::plans::list_versions(tx, org).await?;
    let assignments = store::plans::list_assignments(tx, org).await?;
    Ok((plans, versions, assignments))
}

/// Disputes about lines, and sums by hand, that the viewer may see.
pub async fn list_claims(tx: &mut Tx, viewer: &Viewer) -> Outcome<(Vec<Dispute>, Vec<Adjustment>)> {
    let sights = Sights::of(tx, viewer).await?;
    let mut disputes = Vec::new();
    for dispute in store::claims::list_disputes(tx, viewer.org).await? {
        let sight = sights.on(dispute.person);
        if sight.is_empty() {
            continue;
        }
        let line = match sight.is_whole() {
            true => None,
            false => store::entries::find_entry(tx, viewer.org, dispute.entry).await?,
        };
        if sight.is_whole() || line.is_some_and(|line| sights.shows(&line)) {
            disputes.push(dispute);
        }
    }
    let mut adjustments = store::claims::list_adjustments(tx, viewer.org).await?;
    adjustments.retain(|one| sights.on(one.person).shows(one.made_at));
    Ok((disputes, adjustments))
}

/// Every period, newest first.
pub async fn list_periods(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Period>> {
    store::periods::list_periods(tx, org).await
}
