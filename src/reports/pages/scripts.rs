//! The report of scripts: a page, its file, and the calls behind each number.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use serde::{Deserialize, Serialize};

use super::{Asked, Choice, RecordsPage, Shown, shown};
use crate::companies;
use crate::events;
use crate::imports::cells::{MARK, OFFICE, write_row};
use crate::people::Viewer;
use crate::reports::actions::{self, Ground};
use crate::reports::board::{self, Cell};
use crate::reports::records::SaidWanted;
use crate::reports::scripts::{Part, ScriptCount, Tally, bounds};
use crate::reports::{Chosen, Filter, Period, Sight, Step};
use crate::storage::Tx;
use crate::values::*;
use crate::web::{Answer, App, Cursor, Failed, Query, Ui, page, page_again, words};

/// What of scripts is looked at. The same words choose the report and its records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ScriptsAsked {
    /// `month` (the default), `last_month`, `90_days` or `custom`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub period: String,
    /// The first day of a custom period, `2026-11-01`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// The last day of a custom period, included.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub until: String,
    /// Id of a campaign; records are of one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub campaign: String,
    /// The version whose records are wanted; 0 for calls without a script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// The branch whose records are wanted; 0 for calls that marked none, nothing for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<i64>,
    /// Which number: `calls`, `conversations`, `meetings`, `refusals`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub count: String,
    /// Only refusals of this coded reason.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Key of the last record seen.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// Records wanted, 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
}

impl ScriptsAsked {
    /// The period and the campaign.
    pub(in crate::reports) fn read(
        &self,
        (zone, sight): (&Zone, &Sight),
        now: Instant,
    ) -> Outcome<(Period, Filter)> {
        let Self { period, from, until, campaign, reason, .. } = self.clone();
        let asked = Asked { period, from, until, campaign, reason, ..Asked::default() };
        Ok((asked.period(zone, now)?, asked.filter(sight)?))
    }
    /// Which number's records are wanted.
    pub(in crate::reports) fn said(&self) -> Outcome<SaidWanted> {
        let mut fields = Fields::default();
        if self.campaign.is_empty() {
            fields.note("campaign", "required");
        }
        if self.version.is_none() {
            fields.note("version", "required");
        }
        let count = match self.count.as_str() {
            "" => Ok(ScriptCount::Calls),
            code => code.parse(),
        };
        if count.is_err() {
            fields.note("count", "unknown-choice");
        }
        fields.into_result()?;
        let (version, count) = (self.version.unwrap_or(0), count.unwrap_or(ScriptCount::Calls));
        Ok(SaidWanted { version, branch: self.branch, count })
    }
    fn href(&self, path: &str) -> String {
        format!("{path}?{}", serde_urlencoded::to_string(self).unwrap_or_default())
    }
    fn whole(&self) -> Self {
        let Self { period, from, until, campaign, .. } = self.clone();
        Self { period, from, until, campaign, ..Self::default() }
    }
}

/// A count with its share and the bounds of it.
struct Counted {
    cell: Cell,
    share: String,
}

/// A version, or a branch of it.
struct ScriptRow {
    campaign: String,
    version: String,
    branch: String,
    is_whole: bool,
    counts: Vec<Counted>,
    reasons: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "reports/views/scripts.html")]
struct ScriptsPage {
    ui: Ui,
    asked: ScriptsAsked,
    periods: Vec<Choice>,
    campaigns: Vec<Choice>,
    span: Option<(Instant, Instant)>,
    rows: Vec<ScriptRow>,
    file: String,
    fields: Fields,
}

/// `GET /reports/scripts`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(asked): Query<ScriptsAsked>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let ground = actions::ground(&mut tx, &viewer).await?;
    let (period, filter) = match asked.read((&viewer.zone, &ground.sight), app.now()) {
        Ok(read) => read,
        Err(Error::Invalid(fields)) => {
            return page_again(&ScriptsPage { fields, ..frame(ui, asked, &ground) });
        }
        Err(error) => return Err(Failed(error)),
    };
    let asked = asked.whole();
    let rows = rows(&mut tx, (&viewer, &ui), &ground, (&asked, &period, &filter)).await?;
    let span = Some((period.from, period.last()));
    page(&ScriptsPage { rows, span, ..frame(ui, asked, &ground) })
}

fn frame(ui: Ui, asked: ScriptsAsked, ground: &Ground) -> ScriptsPage {
    let present = if asked.period.is_empty() { Chosen::default().code() } else { &asked.period };
    let period = |one: &Chosen| Choice {
        value: one.code().to_owned(),
        label: ui.tc("period-", one.code()),
        is_chosen: one.code() == present,
    };
    let campaign = |one: &actions::Campaign| Choice {
        value: one.id.to_string(),
        label: one.name.clone(),
        is_chosen: one.id.to_string() == asked.campaign,
    };
    ScriptsPage {
        periods: Chosen::ALL.iter().map(period).collect(),
        campaigns: ground.campaigns.iter().map(campaign).collect(),
        span: None,
        rows: Vec::new(),
        file: asked.whole().href("/reports/scripts.csv"),
        fields: Fields::default(),
        asked,
        ui,
    }
}

async fn rows(
    tx: &mut Tx,
    (viewer, ui): (&Viewer, &Ui),
    ground: &Ground,
    (asked, period, filter): (&ScriptsAsked, &Period, &Filter),
) -> Outcome<Vec<ScriptRow>> {
    let parts = actions::list_scripts(tx, viewer, ground, (period, filter)).await?;
    let named = actions::list_branches(tx, viewer.org, &parts).await?;
    Ok(parts.iter().map(|(part, tally)| row(ui, (ground, &named), asked, (part, tally))).collect())
}

fn row(
    ui: &Ui,
    (ground, named): (&Ground, &BTreeMap<(CampaignId, i64), Vec<String>>),
    asked: &ScriptsAsked,
    (part, tally): (&Part, &Tally),
) -> ScriptRow {
    let (campaign, version, branch) = *part;
    let of = |count: ScriptCount| ScriptsAsked {
        campaign: campaign.to_string(),
        version: Some(version),
        branch,
        count: count.code().to_owned(),
        ..asked.clone()
    };
    let records = |asked: ScriptsAsked| asked.href("/reports/scripts/records");
    let counted = |count: &ScriptCount| Counted {
        cell: Cell {
            label: ui.tc("script-count-", count.code()),
            count: tally.count(*count),
            shown: ui.number(&tally.count(*count)),
            money: None,
            href: records(of(*count)),
        },
        share: tally.base(*count).map_or_else(String::new, |of| share(ui, tally.count(*count), of)),
    };
    let mut reasons: Vec<(&String, i64)> = tally.reasons.iter().map(|(r, n)| (r, *n)).collect();
    reasons.sort_by_key(|(reason, count)| (-count, *reason));
    let reason = |(reason, count): (&String, i64)| Cell {
        label: board::reason_word(ui, ground, (Step::Refused, reason)),
        count,
        shown: ui.number(&count),
        money: None,
        href: records(ScriptsAsked { reason: reason.clone(), ..of(ScriptCount::Refusals) }),
    };
    ScriptRow {
        campaign: board::campaign_word(ui, ground, Some(campaign)),
        version: version_word(ui, version),
        branch: branch_word(ui, named.get(&(campaign, version)), branch),
        is_whole: branch.is_none(),
        counts: ScriptCount::ALL.iter().map(counted).collect(),
        reasons: reasons.into_iter().map(reason).collect(),
    }
}

fn version_word(ui: &Ui, version: i64) -> String {
    match version {
        0 => ui.t("script-none"),
        version => ui.ta("campaign-script-version", "version", version),
    }
}

fn branch_word(ui: &Ui, names: Option<&Vec<String>>, branch: Option<i64>) -> String {
    match branch {
        None => ui.t("script-all-branches"),
        Some(0) => ui.t("script-no-branch"),
        Some(number) => {
            let index = usize::try_from(number - 1).unwrap_or(0);
            let name = names.and_then(|names| names.get(index)).cloned();
            name.unwrap_or_else(|| ui.ta("script-branch", "number", number))
        }
    }
}

/// A share with the bounds within which it lies by chance.
fn share(ui: &Ui, part: i64, whole: i64) -> String {
    let Some((low, high)) = bounds(part, whole) else { return "—".to_owned() };
    let (low, high) = (ui.percent(&low, &1_000), ui.percent(&high, &1_000));
    let share = ui.percent(&part, &whole);
    let args = [("share", share), ("low", low), ("high", high)];
    let args = args.map(|(name, text)| (name, words::Word::Text(text)));
    words::say(ui.lang, "script-share", &args)
}

/// `GET /reports/scripts.csv`: the same as a spreadsheet opens it.
pub async fn download(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(asked): Query<ScriptsAsked>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let ground = actions::ground(&mut tx, &viewer).await?;
    let (period, filter) = asked.read((&viewer.zone, &ground.sight), app.now())?;
    let rows = rows(&mut tx, (&viewer, &ui), &ground, (&asked, &period, &filter)).await?;
    drop(tx);
    let act = viewer.act(&app, None);
    events::record_export(&act, viewer.org, "scripts", rows.len()).await?;
    let mut head = vec![ui.t("report-campaign"), ui.t("script-version"), ui.t("script-branches")];
    for count in ScriptCount::ALL {
        head.push(ui.tc("script-count-", count.code()));
        if *count != ScriptCount::Calls {
            head.push(ui.t("report-share"));
        }
    }
    head.push(ui.t("report-reasons"));
    let mut text = format!("{MARK}{}", write_row(&head, OFFICE));
    for row in rows {
        let mut cells = vec![row.campaign, row.version, row.branch];
        for (at, one) in row.counts.iter().enumerate() {
            cells.push(one.cell.count.to_string());
            if at > 0 {
                cells.push(one.share.clone());
            }
        }
        let reasons = row.reasons.iter().map(|one| format!("{}: {}", one.label, one.count));
        cells.push(reasons.collect::<Vec<_>>().join(", "));
        text.push_str(&write_row(&cells, OFFICE));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"scripts.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// `GET /reports/scripts/records`: the very calls that a number counts.
pub async fn records(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(asked): Query<ScriptsAsked>,
) -> Answer {
    let now = app.now();
    let mut tx = app.db.read().await?;
    let ground = actions::ground(&mut tx, &viewer).await?;
    if asked.campaign.is_empty() {
        return Err(Failed(Error::NotFound));
    }
    let said = asked.said()?;
    let (period, filter) = asked.read((&viewer.zone, &ground.sight), now)?;
    let cursor = Cursor { after: Some(asked.after.clone()), limit: Some(100) };
    let number = (&said, &period, &filter);
    let slice = actions::list_said(&mut tx, &viewer, &ground, number, &cursor).await?;
    let parts = actions::list_scripts(&mut tx, &viewer, &ground, (&period, &filter)).await?;
    let named = actions::list_branches(&mut tx, viewer.org, &parts).await?;
    let campaign = filter.campaign.ok_or(Error::NotFound)?;
    let tally = parts.get(&(campaign, said.version, said.branch)).cloned().unwrap_or_default();
    let is_principal = matches!(ground.sight, Sight::Campaigns(_));
    let ids: Vec<CompanyId> = slice.rows.iter().filter_map(|row| row.company).collect();
    let seen = companies::actions::list_seen(&mut tx, &viewer.scope(), &ids, now).await?;
    let opens = |id: &CompanyId| !is_principal && seen.contains(id);
    let step = if said.count == ScriptCount::Refusals { Step::Refused } else { Step::Dials };
    let rows = slice.rows.into_iter().map(|row| {
        let href = row.company.filter(opens).map(|id| format!("/companies/{id}"));
        Shown { company_href: href, ..shown(&ui, &ground, (step, is_principal), row) }
    });
    let rows = rows.collect();
    let start = ScriptsAsked { after: String::new(), ..asked.clone() };
    let reason = filter.reason.clone();
    let count = match &reason {
        Some(reason) => tally.reasons.get(reason).copied().unwrap_or(0),
        None => tally.count(said.count),
    };
    let names = named.get(&(campaign, said.version));
    let chosen = vec![
        board::campaign_word(&ui, &ground, Some(campaign)),
        version_word(&ui, said.version),
        branch_word(&ui, names, said.branch),
    ];
    page(&RecordsPage {
        title: ui.tc("script-count-", said.count.code()),
        what: ui.tc("script-count-what-", said.count.code()),
        count,
        span: (period.from, period.last()),
        chosen,
        has_reasons: true,
        has_money: false,
        is_principal,
        rows,
        back: ScriptsAsked { campaign: String::new(), ..start.whole() }.href("/reports/scripts"),
        next: slice
            .next
            .map(|after| ScriptsAsked { after, ..start }.href("/reports/scripts/records")),
        ui,
    })
}
