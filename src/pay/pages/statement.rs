//! A statement, the months of a person, and a line with everything behind it.

use std::collections::{BTreeMap, HashSet};

use askama::Template;
use axum::extract::{Path, State};
use ledger::Kind;

use super::super::actions::{self, CATEGORIES, Line, Statement};
use super::super::engagement::Engagement;
use super::super::entry::{ADJUSTMENT, Entry, PAYOUT, What};
use super::super::period::PeriodState;
use super::super::rules::Rules;
use super::super::store::claims::Dispute;
use super::super::wording::{self, Names};
use super::names_of;
use crate::events;
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Ui, page};

/// A line as it stands on a statement.
pub(super) struct LineShown {
    pub id: EntryId,
    pub day: String,
    pub sentence: String,
    pub status: (&'static str, String),
    pub amount: Money,
    pub is_reversed: bool,
    pub dispute: Option<String>,
}

struct Section {
    title: String,
    /// The component whose lines it holds; nothing for what does not count.
    component: Option<String>,
    sum: Option<Money>,
    lines: Vec<LineShown>,
}

struct UnpaidShown {
    day: String,
    what: String,
    why: String,
}

#[derive(Template)]
#[template(path = "pay/views/statement.html")]
struct StatementPage {
    ui: Ui,
    who: String,
    user: UserId,
    period: PeriodId,
    month: String,
    state: (&'static str, String),
    opening: Money,
    earned: Money,
    paid_out: Money,
    closing: Money,
    paid: Option<Money>,
    is_closed: bool,
    /// False where the reader sees a part of it, which has no balance.
    is_whole: bool,
    sections: Vec<Section>,
    unpaid: Vec<UnpaidShown>,
    /// The invoice of a contractor, where the month is closed, something was handed over and the
    /// reader may see all of their pay.
    invoice: Option<String>,
    /// How many lines the firm's chain has, and the fingerprint of the last.
    chain_lines: String,
    chain_end: String,
}

/// `GET /pay/statements/{period}/{user}`
pub async fn show_statement(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path((period, user)): Path<(PeriodId, UserId)>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let statement = actions::statement(&mut tx, &viewer, period, user).await?;
    let ids = statement.lines.iter().map(|line| line.company);
    let ids = ids.chain(statement.unpaid.iter().map(|(event, _)| event.company));
    let names = names_of(&mut tx, viewer.org, ids).await?;
    page(&drawn(ui, &statement, &names))
}

fn drawn(ui: Ui, statement: &Statement, names: &Names) -> StatementPage {
    let unpaid = statement
        .unpaid
        .iter()
        .map(|(event, why)| {
            let what = wording::happened(&ui, event.kind.code(), event.reason.as_deref());
            let company = event.company.and_then(|id| names.get(&id));
            UnpaidShown {
                day: ui.day(&event.at),
                what: company.map_or(what.clone(), |name| format!("{what}: {name}")),
                why: wording::unpaid(&ui, *why),
            }
        })
        .collect();
    let is_contractor = matches!(statement.engagement, Engagement::Contractor { .. });
    let is_asked = is_contractor && statement.paid_out.minor > 0 && statement.is_whole;
    let (period, user) = (statement.period.id, statement.person.id);
    StatementPage {
        invoice: is_asked.then(|| format!("/pay/invoices/{period}/{user}")),
        chain_lines: statement.head.count.to_string(),
        chain_end: statement.head.hash.to_string(),
        who: statement.person.name.clone(),
        user,
        period,
        month: ui.month(&statement.period.starts_at),
        state: state_word(&ui, statement.period.state),
        opening: statement.opening,
        earned: statement.earned,
        paid_out: statement.paid_out,
        closing: statement.closing,
        paid: statement.paid,
        is_closed: statement.period.state == PeriodState::Closed,
        is_whole: statement.is_whole,
        sections: sections(&ui, statement, names),
        unpaid,
        ui,
    }
}

/// A part of a statement in words: its lines, each with its day, sentence, standing and sum.
pub struct Told {
    /// What it holds.
    pub title: String,
    /// The component whose lines it holds; nothing for what does not count.
    pub component: Option<String>,
    /// What its lines add up to, where they count.
    pub sum: Option<Money>,
    /// The lines.
    pub lines: Vec<(String, String, String, Money)>,
}

/// A statement in words, part by part, as its page has them.
pub fn told(ui: &Ui, statement: &Statement, names: &Names) -> Vec<Told> {
    let line = |line: LineShown| (line.day, line.sentence, line.status.1, line.amount);
    let part = |part: Section| Told {
        title: part.title,
        component: part.component,
        sum: part.sum,
        lines: part.lines.into_iter().map(line).collect(),
    };
    sections(ui, statement, names).into_iter().map(part).collect()
}

/// The word of a state with its tone.
pub(super) fn state_word(ui: &Ui, state: PeriodState) -> (&'static str, String) {
    let tone = match state {
        PeriodState::Open => "act",
        PeriodState::Review => "warn",
        PeriodState::Closed => "pos",
    };
    (tone, ui.tc("pay-state-", state.code()))
}

/// Lines grouped: what counts by component, what waits, what did not pay, what was handed over.
fn sections(ui: &Ui, statement: &Statement, names: &Names) -> Vec<Section> {
    let lines = &statement.lines;
    let settle = |later: &&Entry| !later.kind.counts() || later.kind == Kind::Post;
    let settled: HashSet<EntryId> =
        lines.iter().filter(settle).filter_map(|later| later.corrects).collect();
    let shown = |line: &Entry| shown(ui, line, names, &statement.disputes);
    let mut counted: BTreeMap<(u8, &str), Vec<&Entry>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.kind.counts() && line.component != PAYOUT) {
        let rank = u8::from(line.component == ADJUSTMENT);
        counted.entry((rank, &line.component)).or_default().push(line);
    }
    let mut sections: Vec<Section> = counted
        .into_iter()
        .map(|((_, component), lines)| Section {
            title: wording::component(ui, component),
            component: Some(component.to_owned()),
            sum: Some(total(&lines, statement.earned.currency)),
            lines: lines.into_iter().map(shown).collect(),
        })
        .collect();
    let mut add = |title: &str, lines: Vec<LineShown>| {
        if !lines.is_empty() {
            sections.push(Section { title: ui.t(title), component: None, sum: None, lines });
        }
    };
    let of_kind = |kind: Kind| lines.iter().filter(move |line| line.kind == kind);
    add(
        "pay-waiting",
        of_kind(Kind::Pending).filter(|line| !settled.contains(&line.id)).map(shown).collect(),
    );
    let is_replaced = |line: &&Entry| line.why.what == What::Replaced;
    add("pay-not-paid", of_kind(Kind::Void).filter(|line| !is_replaced(line)).map(shown).collect());
    add("pay-announced-anew", of_kind(Kind::Void).filter(is_replaced).map(shown).collect());
    let payouts = lines.iter().filter(|line| line.component == PAYOUT);
    add("pay-component-payout", payouts.map(shown).collect());
    sections
}

fn total(lines: &[&Entry], currency: Currency) -> Money {
    let of_currency = lines.iter().filter(|line| line.amount.currency == currency);
    Money::new(of_currency.map(|line| line.posted()).sum(), currency)
}

/// A line as it is drawn.
pub(super) fn shown(ui: &Ui, line: &Entry, names: &Names, disputes: &[Dispute]) -> LineShown {
    let (tone, key) = match line.kind {
        _ if line.component == PAYOUT => ("pos", "pay-status-paid-out"),
        Kind::Pending => ("warn", "pay-status-pending"),
        Kind::Void => ("neg", "pay-status-void"),
        Kind::Reversal => ("neg", "pay-status-reversal"),
        Kind::Posted | Kind::Post => ("pos", "pay-status-posted"),
    };
    let signed = if line.kind.counts() { line.posted() } else { line.amount.minor };
    let dispute = disputes.iter().rev().find(|dispute| dispute.entry == line.id);
    LineShown {
        id: line.id,
        day: ui.day(&line.at),
        sentence: wording::line(ui, line, names),
        status: (tone, ui.t(key)),
        amount: Money::new(signed, line.amount.currency),
        is_reversed: line.kind == Kind::Reversal,
        dispute: dispute.map(|dispute| ui.tc("pay-dispute-", dispute.standing())),
    }
}

struct MonthShown {
    href: String,
    month: String,
    state: (&'static str, String),
    earned: Money,
    lines: i64,
}

#[derive(Template)]
#[template(path = "pay/views/me.html")]
struct MePage {
    ui: Ui,
    months: Vec<MonthShown>,
    rules: Vec<(String, String, Vec<String>)>,
    today: Option<Money>,
}

/// `GET /pay/me`: one's own months and the rules one is paid by.
pub async fn me(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    let mut tx = app.db.read().await?;
    let (person, months) = actions::list_months(&mut tx, &viewer, viewer.id()).await?;
    let months = months
        .into_iter()
        .map(|month| MonthShown {
            href: format!("/pay/statements/{}/{}", month.period.id, person.id),
            month: ui.month(&month.period.starts_at),
            state: state_word(&ui, month.period.state),
            earned: month.earned,
            lines: month.lines,
        })
        .collect();
    let rules = own_rules(&mut tx, &viewer, &ui, app.now()).await?;
    let since = super::day_start(app.now(), &viewer.zone);
    let earned =
        actions::earned_today(&mut tx, viewer.org, viewer.id(), since, viewer.currency).await?;
    page(&MePage { ui, months, rules, today: earned })
}

/// What the reader is paid by today, read aloud.
async fn own_rules(
    tx: &mut crate::storage::Tx,
    viewer: &Viewer,
    ui: &Ui,
    now: Instant,
) -> Outcome<Vec<(String, String, Vec<String>)>> {
    let (_, versions, assignments) = actions::list_plans(tx, viewer.org).await?;
    let rules = Rules { assignments, versions, heads: Vec::new() };
    Ok(rules
        .in_force(viewer.id(), now)
        .map(|(_, version)| {
            let since = ui.taa(
                "pay-version-since",
                "version",
                version.version.to_string(),
                "day",
                ui.day(&version.effective_from),
            );
            (version.name.clone(), since, super::plans::said(ui, &version.body, version.currency))
        })
        .collect())
}

struct Fact {
    name: String,
    value: String,
    href: Option<String>,
}

struct DisputeShown {
    title: String,
    comment: String,
    answer: Option<String>,
    sum: Option<Money>,
    action: Option<String>,
}

#[derive(Template)]
#[template(path = "pay/views/line.html")]
struct LinePage {
    ui: Ui,
    line: LineShown,
    who: String,
    back: String,
    facts: Vec<Fact>,
    others: Vec<LineShown>,
    disputes: Vec<DisputeShown>,
    may_dispute: bool,
    categories: [&'static str; 5],
    hash: String,
}

/// `GET /pay/lines/{entry}`
pub async fn show_line(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(entry): Path<EntryId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let line = actions::find_line(&mut tx, &viewer, entry).await?;
    let names = names_of(&mut tx, viewer.org, [line.entry.company]).await?;
    drop(tx);
    let mut drawn = drawn_line(ui, &viewer, &line, &names);
    link_what_opens(&drawn.ui, &mut drawn.facts).await?;
    page(&drawn)
}

fn drawn_line(ui: Ui, viewer: &Viewer, line: &Line, names: &Names) -> LinePage {
    let is_own = line.person.id == viewer.id();
    let is_open = line.disputes.iter().any(|dispute| dispute.outcome.is_none());
    let disputes = line
        .disputes
        .iter()
        .map(|dispute| DisputeShown {
            title: format!(
                "{}\u{a0}{} · {} · {}",
                ui.t("number-sign"),
                dispute.number,
                ui.tc("pay-category-", &dispute.category),
                ui.tc("pay-dispute-", dispute.standing()),
            ),
            comment: dispute.comment.clone(),
            answer: dispute.answer.clone(),
            sum: dispute.sum.as_ref().map(|(sum, _)| *sum),
            action: (dispute.outcome.is_none() && !is_own)
                .then(|| format!("/pay/disputes/{}/decision", dispute.id)),
        })
        .collect();
    let back = match &line.period {
        Some(period) => format!("/pay/statements/{}/{}", period.id, line.person.id),
        None => "/pay".to_owned(),
    };
    LinePage {
        line: shown(&ui, &line.entry, names, &[]),
        who: line.person.name.clone(),
        back,
        facts: facts(&ui, line, names),
        others: line
            .credit
            .iter()
            .filter(|other| other.id != line.entry.id)
            .map(|other| shown(&ui, other, names, &[]))
            .collect(),
        disputes,
        may_dispute: is_own && !is_open && line.entry.component != PAYOUT,
        categories: CATEGORIES,
        hash: line.entry.hash.clone(),
        ui,
    }
}

/// Who reads a line may not open all it names: the record may lie with another team by now, and who
/// pays opens no records at all.
async fn link_what_opens(ui: &Ui, facts: &mut [Fact]) -> Outcome<()> {
    for fact in facts {
        if let Some(href) = &fact.href
            && !ui.doors.open(href).await?
        {
            fact.href = None;
        }
    }
    Ok(())
}

/// The event, the rule, the inputs, each with the way to its record.
fn facts(ui: &Ui, line: &Line, names: &Names) -> Vec<Fact> {
    let (entry, why) = (&line.entry, &line.entry.why);
    let mut facts = Vec::new();
    let mut add = |key: &str, value: String, href: Option<String>| {
        facts.push(Fact { name: ui.t(key), value, href });
    };
    if let Some(event) = &line.event {
        let told = wording::happened(ui, event.kind.code(), event.reason.as_deref());
        add("pay-fact-event", format!("{told}, {}", ui.day_time(&event.at)), record_of(event));
    }
    if let Some(whose) = &line.whose {
        add("pay-fact-whose", whose.name.clone(), None);
    }
    if let Some(id) = entry.company {
        let name = names.get(&id).cloned().unwrap_or_default();
        add("pay-fact-company", name, Some(format!("/companies/{id}")));
    }
    if let (Some(plan), Some(name)) = (why.plan, &why.plan_name) {
        let said = format!("{name} — {}", wording::rule_of(ui, entry));
        add("pay-fact-rule", said, Some(format!("/pay/plans/{plan}")));
    }
    let version = line.version.as_ref();
    if let Some(said) = version.and_then(|one| wording::rule_named(ui, one, &entry.component)) {
        add("pay-fact-reads", said, None);
    }
    if let Some(base) = wording::base(entry) {
        add("pay-fact-base", ui.money(&base), None);
    }
    add("pay-fact-written", ui.day_time(&entry.at), None);
    facts
}

/// The page of what an event happened to.
fn record_of(event: &events::Recorded) -> Option<String> {
    let noun = event.kind.code().split('.').next()?;
    match noun {
        "handoff" => Some(format!("/handoffs/{}", event.subject)),
        "payment" => event.text("contract").map(|id| format!("/contracts/{id}")),
        "meeting" => Some(format!("/meetings/{}", event.subject)),
        "lead" => Some(format!("/leads/{}", event.subject)),
        "order" => event.text("client").map(|id| format!("/clients/{id}#order-{}", event.subject)),
        "client" => Some(format!("/clients/{}", event.subject)),
        _ => event.company.map(|id| format!("/companies/{id}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_firm_that_came_back_is_opened_by_its_card_and_not_by_its_return() {
        let at = Instant(0);
        let (firm, record) = (CompanyId::fresh(at), AnyId::fresh(at).to_string());
        let event = |kind| events::Recorded {
            id: EventId::fresh(at),
            org: OrgId::fresh(at),
            at,
            actor: None,
            kind,
            subject: record.clone(),
            company: Some(firm),
            campaign: None,
            person: None,
            tier: Some(1),
            reason: None,
            amount: None,
            detail: serde_json::json!({}),
        };
        let card = format!("/companies/{firm}");
        for (kind, expected) in [
            (events::Kind::FirmReturned, card.clone()),
            (events::Kind::CompanyVerified, card),
            (events::Kind::HandoffAccepted, format!("/handoffs/{record}")),
        ] {
            assert_eq!(record_of(&event(kind)), Some(expected), "{kind:?}");
        }
    }
}
