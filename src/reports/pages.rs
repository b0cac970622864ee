//! The report and the lists of records behind its numbers.

pub mod scripts;

use askama::Template;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::actions::{self, Ground};
use super::board::{self, Board};
use super::pairs::{self, Pair, STANDINGS};
use super::records::PairWanted;
use super::{Chosen, Cut, Filter, NONE, Period, Sight, Step};
use crate::companies;
use crate::people::Viewer;
use crate::tiers::EngagementPolicy;
use crate::values::*;
use crate::web::{Answer, App, Cursor, Failed, Query, Ui, page, page_again};

/// What is looked at, as the address says it. The same words choose a report and its records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Asked {
    /// `month` (the default), `last_month`, `90_days` or `custom`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub period: String,
    /// The first day of a custom period, `2026-11-01`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// The last day of a custom period, included.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub until: String,
    /// Id of a campaign.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub campaign: String,
    /// Id of a person.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// A source of companies; `-` for those without.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// `three_tiers`, `two_tiers` or `hunter_keeps`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub policy: String,
    /// A coded reason; `-` for none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The step whose number the records are behind; a funnel shows all.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[param(schema_with = super::api::step_codes)]
    pub step: String,
    /// Id of who gave hand-offs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub giver: String,
    /// Id of who received them; `-` for any of a team.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub receiver: String,
    /// The giver's tier: 1, 2, 3.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tier: String,
    /// Where hand-offs stand: `all`, `accepted`, `rejected`, `expired`, `offered`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub standing: String,
    /// Key of the last record seen.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// Records wanted, 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
}

impl Asked {
    /// The period in the firm's zone.
    pub fn period(&self, zone: &Zone, now: Instant) -> Outcome<Period> {
        Period::read(&self.period, (&self.from, &self.until), zone, now)
    }

    /// What else is asked for; names and sources are nothing a principal may ask about.
    pub fn filter(&self, sight: &Sight) -> Outcome<Filter> {
        let is_inside = !matches!(sight, Sight::Campaigns(_));
        let text = |text: &String| (!text.is_empty()).then(|| text.clone());
        Ok(Filter {
            campaign: read(&self.campaign, "campaign")?,
            person: if is_inside { read(&self.person, "person")? } else { None },
            source: text(&self.source).filter(|_| is_inside),
            policy: read::<EngagementPolicy>(&self.policy, "policy")?,
            reason: text(&self.reason),
        })
    }

    /// The step whose records are asked for; who names none that is known is told all.
    pub(super) fn step(&self) -> Outcome<Step> {
        self.step.parse().map_err(|()| {
            let known: Vec<&str> = Step::ALL.iter().map(|step| step.code()).collect();
            let mut fields = Fields::default();
            fields.note_with("step", "unknown-step", vec![("known", known.join(", "))]);
            Error::Invalid(fields)
        })
    }

    /// The address of the records behind a number of this report.
    pub fn records(&self, step: Step) -> Self {
        Self { step: step.code().to_owned(), ..self.clone() }
    }

    /// Only what a report is made by, not which of its numbers.
    fn whole(&self) -> Self {
        let Self { period, from, until, campaign, person, source, policy, .. } = self.clone();
        Self { period, from, until, campaign, person, source, policy, ..Self::default() }
    }

    /// Which number of the matrix of hand-offs.
    pub(super) fn pair(&self) -> Outcome<PairWanted> {
        let id = |text: &str, field| {
            read::<UserId>(if text == NONE { "" } else { text }, field).map(|_| text.to_owned())
        };
        let standing = if self.standing.is_empty() { "all" } else { &self.standing };
        if !STANDINGS.contains(&standing) {
            return Err(Fields::one("standing", "unknown-choice"));
        }
        Ok(PairWanted {
            giver: id(&self.giver, "giver")?,
            receiver: id(&self.receiver, "receiver")?,
            standing: standing.to_owned(),
            tier: read(&self.tier, "tier")?.unwrap_or(0),
        })
    }

    /// As an address.
    pub fn href(&self, path: &str) -> String {
        format!("{path}?{}", serde_urlencoded::to_string(self).unwrap_or_default())
    }
}

fn read<T: std::str::FromStr>(text: &str, field: &'static str) -> Outcome<Option<T>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Fields::one(field, "unknown-choice"))
}

/// A choice of a select.
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is the present one.
    pub is_chosen: bool,
}

#[derive(Template)]
#[template(path = "reports/views/index.html")]
struct ReportPage {
    ui: Ui,
    asked: Asked,
    periods: Vec<Choice>,
    campaigns: Vec<Choice>,
    people: Vec<Choice>,
    sources: Vec<Choice>,
    policies: Vec<Choice>,
    span: Option<(Instant, Instant)>,
    is_principal: bool,
    board: Option<Board>,
    pairs: Vec<Pair>,
    fields: Fields,
}

#[derive(Template)]
#[template(path = "reports/views/records.html")]
struct RecordsPage {
    ui: Ui,
    title: String,
    what: String,
    count: i64,
    span: (Instant, Instant),
    chosen: Vec<String>,
    has_reasons: bool,
    has_money: bool,
    is_principal: bool,
    rows: Vec<Shown>,
    back: String,
    next: Option<String>,
}

struct Shown {
    at: String,
    company: String,
    company_href: Option<String>,
    person: String,
    campaign: String,
    reason: String,
    amount: String,
}

/// `GET /reports`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(asked): Query<Asked>,
) -> Answer {
    let now = app.now();
    let mut tx = app.db.read().await?;
    let ground = actions::ground(&mut tx, &viewer).await?;
    let read = asked
        .period(&viewer.zone, now)
        .and_then(|period| Ok((period, asked.filter(&ground.sight)?)));
    let (period, filter) = match read {
        Ok(read) => read,
        Err(Error::Invalid(fields)) => {
            return page_again(&frame(ui, asked, &ground, (Vec::new(), fields)));
        }
        Err(error) => return Err(Failed(error)),
    };
    let (cut, sources) = actions::cut(&mut tx, &viewer, &ground, (&period, &filter), now).await?;
    let passed = actions::list_passed(&mut tx, &viewer, &period).await?;
    let shown = asked.whole();
    let board = Some(board::draw(&ui, &ground, &shown, &cut));
    let pairs = pairs::draw(&ui, &ground, (&shown, &filter), &passed);
    let sources = sources.into_iter().collect();
    let span = Some((period.from, period.last()));
    page(&ReportPage {
        board,
        pairs,
        span,
        ..frame(ui, shown, &ground, (sources, Fields::default()))
    })
}

fn frame(
    ui: Ui,
    asked: Asked,
    ground: &Ground,
    (sources, fields): (Vec<String>, Fields),
) -> ReportPage {
    let choice = |value: &str, label: String, present: &str| Choice {
        value: value.to_owned(),
        label,
        is_chosen: value == present,
    };
    let period = if asked.period.is_empty() { Chosen::default().code() } else { &asked.period };
    ReportPage {
        periods: Chosen::ALL
            .iter()
            .map(|one| choice(one.code(), ui.tc("period-", one.code()), period))
            .collect(),
        campaigns: ground
            .campaigns
            .iter()
            .map(|one| choice(&one.id.to_string(), one.name.clone(), &asked.campaign))
            .collect(),
        people: ground
            .people
            .iter()
            .map(|one| choice(&one.id.to_string(), one.name.clone(), &asked.person))
            .collect(),
        sources: sources
            .iter()
            .map(|one| choice(one, board::source_word(&ui, one), &asked.source))
            .collect(),
        policies: EngagementPolicy::ALL
            .iter()
            .map(|one| choice(one.code(), ui.tc("policy-", one.code()), &asked.policy))
            .collect(),
        span: None,
        is_principal: matches!(ground.sight, Sight::Campaigns(_)),
        board: None,
        pairs: Vec::new(),
        asked,
        fields,
        ui,
    }
}

/// `GET /reports/records`: the very records that a number counts.
pub async fn records(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(asked): Query<Asked>,
) -> Answer {
    let now = app.now();
    let mut tx = app.db.read().await?;
    let ground = actions::ground(&mut tx, &viewer).await?;
    if asked.step.is_empty() {
        return Err(Failed(Error::NotFound));
    }
    let step = asked.step()?;
    let period = asked.period(&viewer.zone, now)?;
    let filter = asked.filter(&ground.sight)?;
    let cursor = Cursor { after: Some(asked.after.clone()), limit: Some(100) };
    let slice =
        actions::list_records(&mut tx, &viewer, &ground, (step, &period, &filter), &cursor).await?;
    let (cut, _) = actions::cut(&mut tx, &viewer, &ground, (&period, &filter), now).await?;
    let is_principal = matches!(ground.sight, Sight::Campaigns(_));
    let ids: Vec<CompanyId> = slice.rows.iter().filter_map(|row| row.company).collect();
    let seen = companies::actions::list_seen(&mut tx, &viewer.scope(), &ids, now).await?;
    // A principal sees results, not the pages of the firm's own people.
    let opens = |id: &CompanyId| !is_principal && seen.contains(id);
    let rows = slice.rows.into_iter().map(|row| {
        let href = row.company.filter(opens).map(|id| format!("/companies/{id}"));
        Shown { company_href: href, ..shown(&ui, &ground, (step, is_principal), row) }
    });
    let rows = rows.collect();
    let start = Asked { after: String::new(), ..asked.clone() };
    page(&RecordsPage {
        title: ui.tc("step-", step.code()),
        what: ui.tc("step-what-", step.code()),
        count: count_of(&cut, step),
        span: (period.from, period.last()),
        chosen: chosen(&ui, &ground, (step, &filter)),
        has_reasons: step.has_reasons() || step.tier() == 1 && step <= Step::Conversations,
        has_money: step.has_money(),
        is_principal,
        rows,
        back: Asked { step: String::new(), reason: String::new(), ..start.clone() }
            .href("/reports"),
        next: slice.next.map(|after| Asked { after, ..start }.href("/reports/records")),
        ui,
    })
}

/// `GET /reports/handoffs`: the very hand-offs that a number of the matrix counts.
pub async fn handoffs(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(asked): Query<Asked>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let ground = actions::ground(&mut tx, &viewer).await?;
    let pair = asked.pair()?;
    let period = asked.period(&viewer.zone, app.now())?;
    let filter = asked.filter(&ground.sight)?;
    let cursor = Cursor { after: Some(asked.after.clone()), limit: Some(100) };
    let slice =
        actions::list_pair(&mut tx, &viewer, &ground, (&pair, &period, &filter), &cursor).await?;
    let passed = actions::list_passed(&mut tx, &viewer, &period).await?;
    let start = Asked { after: String::new(), ..asked.clone() };
    let person = |id: &str| {
        let id = id.parse().ok();
        id.map(|id| board::side_word(&ui, &ground, id))
    };
    let rows = slice.rows.into_iter().map(|row| {
        let handoff = row.id.clone();
        let mut row = shown(&ui, &ground, (Step::Rejected1, false), row);
        row.company_href = Some(format!("/handoffs/{handoff}"));
        row
    });
    page(&RecordsPage {
        title: ui.t("report-handoffs"),
        what: ui.tc("report-standing-", &pair.standing),
        count: pairs::count(&ground, (&filter, &pair), &passed),
        span: (period.from, period.last()),
        chosen: [person(&pair.giver), person(&pair.receiver)].into_iter().flatten().collect(),
        has_reasons: true,
        has_money: false,
        is_principal: false,
        rows: rows.collect(),
        back: start.whole().href("/reports"),
        next: slice.next.map(|after| Asked { after, ..start }.href("/reports/handoffs")),
        ui,
    })
}

fn count_of(cut: &Cut, step: Step) -> i64 {
    cut.steps.get(&step).map_or(0, |sum| sum.count)
}

fn chosen(ui: &Ui, ground: &Ground, (step, filter): (Step, &Filter)) -> Vec<String> {
    let campaign = filter.campaign.map(|id| board::campaign_word(ui, ground, Some(id)));
    let person = filter.person.map(|id| board::person_word(ui, ground, Some(id)));
    let source = filter.source.as_ref().map(|source| board::source_word(ui, source));
    let policy = filter.policy.map(|policy| ui.tc("policy-", policy.code()));
    let reason = filter.reason.as_ref().map(|r| board::reason_word(ui, ground, (step, r)));
    [campaign, person, source, policy, reason].into_iter().flatten().collect()
}

fn shown(
    ui: &Ui,
    ground: &Ground,
    (step, is_principal): (Step, bool),
    row: super::records::Record,
) -> Shown {
    let dash = || "—".to_owned();
    Shown {
        at: ui.day_time(&row.at),
        company: row.company_name.unwrap_or_else(dash),
        company_href: None,
        person: row.person_name.filter(|_| !is_principal).unwrap_or_else(dash),
        campaign: row.campaign_name.unwrap_or_else(dash),
        reason: row.reason.map_or_else(dash, |r| board::reason_word(ui, ground, (step, &r))),
        amount: row.amount.map_or_else(dash, |amount| ui.money(&amount)),
    }
}
