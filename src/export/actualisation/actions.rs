//! A report is put together: every part in the words of its reader.

use std::collections::BTreeMap;

use super::store::{self, Check, Late};
use super::{Document, ReportOf, ReportRefusal, Sheet};
use crate::campaigns;
use crate::campaigns::reasons::RefusalReason;
use crate::companies::alike::Known;
use crate::companies::{self, Contact};
use crate::people::{self, Reach, Scope, User};
use crate::quality;
use crate::storage::Tx;
use crate::values::*;
use crate::web::Ui;

/// Companies read at once.
const PAGE_ROWS: i64 = 500;
/// The most rows of a report: what is put together is held whole.
const ROWS_MAX: i64 = 200_000;

/// What the report is called; 404 where the asker may not know of it. A principal knows of the
/// rounds they ordered, and of no file; of a file a head is told of the companies that they see.
pub async fn find_title(tx: &mut Tx, scope: &Scope, of: ReportOf) -> Outcome<String> {
    match of {
        ReportOf::Round(id) => {
            let campaign = campaigns::actions::find_seen(tx, scope, id).await?;
            if campaign.is_round() { Ok(campaign.name) } else { Err(Error::NotFound) }
        }
        ReportOf::Import(id) => store::find_import(tx, scope.org, id).await?.ok_or(Error::NotFound),
    }
}

/// The round or the file of a number.
pub async fn find_numbered(
    tx: &mut Tx,
    org: OrgId,
    numbered: (bool, i64),
) -> Outcome<Option<ReportOf>> {
    store::find_numbered(tx, org, numbered).await
}

/// Who reads a report, and how they are told who did what.
struct Teller<'a> {
    ui: &'a Ui,
    users: Vec<User>,
    reasons: Vec<RefusalReason>,
    is_by_name: bool,
    /// True where the reader is of the firm: what callers note for each other is not for whoever
    /// ordered the work.
    tells_notes: bool,
}

impl Teller<'_> {
    fn who(&self, id: Option<UserId>) -> String {
        let Some(user) = self.users.iter().find(|user| Some(user.id) == id) else {
            return String::new();
        };
        if self.is_by_name { user.name.clone() } else { self.ui.t(user.roles.first().key()) }
    }
    fn when(&self, at: Instant) -> String {
        crate::web::format::day_time(self.ui.lang, at, &self.ui.zone)
    }
    fn reason(&self, code: &str) -> String {
        let known = self.reasons.iter().find(|reason| reason.code == code);
        known.map_or_else(|| code.to_owned(), |reason| reason.label(self.ui.lang).to_owned())
    }
    fn columns(&self, columns: &[(&str, u16)]) -> Vec<(String, u16)> {
        let heading = |key| crate::web::format::capitalised(&self.ui.t(key));
        columns.iter().map(|(key, width)| (heading(key), *width)).collect()
    }
    /// A table whose last column is a note.
    fn noted(&self, key: &str, columns: &[(&str, u16)], mut rows: Vec<Vec<String>>) -> Sheet {
        let mut columns = self.columns(columns);
        if !self.tells_notes {
            columns.pop();
            for row in &mut rows {
                row.pop();
            }
        }
        Sheet { title: self.ui.t(key), columns, rows }
    }
}

/// The whole report.
pub async fn gather(tx: &mut Tx, scope: &Scope, of: ReportOf, ui: &Ui) -> Outcome<Document> {
    gather_first(tx, scope, of, (ui, ROWS_MAX)).await
}

/// The report with the first rows of each part, at most so many; its figures are of all.
pub async fn gather_first(
    tx: &mut Tx,
    scope: &Scope,
    of: ReportOf,
    (ui, limit): (&Ui, i64),
) -> Outcome<Document> {
    let (title, org) = (find_title(tx, scope, of).await?, scope.org);
    let extent = store::find_extent(tx, scope, of).await?;
    if limit == ROWS_MAX && extent.row_count() > ROWS_MAX {
        return Err(ReportRefusal::TooLarge.into());
    }
    let teller = Teller {
        ui,
        users: people::actions::list_users(tx, org).await?,
        reasons: campaigns::dictionary::list_known(tx, org).await?,
        is_by_name: quality::actions::names_checkers(tx, org).await?,
        tells_notes: scope.reach != Reach::Own,
    };
    let checks = store::list_checks(tx, scope, of, limit).await?;
    let refusals = refusals(tx, scope, of, (&teller, limit)).await?;
    let meetings = meetings(tx, scope, of, (&teller, limit)).await?;
    let companies = companies(tx, scope, of, (&teller, limit)).await?;
    let figures = figures(ui, &extent);
    let found = found(&teller, &checks);
    Ok(Document {
        title: format!("{}: {title}", ui.t("actualised-of-round")),
        made: ui.ta("actualised-made", "time", teller.when(ui.now)),
        legend: legend(&teller, of),
        summary: ui.t("actualised-summary"),
        figures,
        parts: vec![found, refusals, meetings, companies],
    })
}

/// What is counted and what is not; whoever ordered a round is also told what of its companies.
fn legend(teller: &Teller<'_>, of: ReportOf) -> String {
    let ui = teller.ui;
    match of {
        ReportOf::Import(_) => ui.t("actualised-legend-file"),
        ReportOf::Round(_) if teller.tells_notes => ui.t("actualised-legend-round"),
        ReportOf::Round(_) => {
            format!("{} {}", ui.t("actualised-legend-round"), ui.t("actualised-legend-ordered"))
        }
    }
}

fn figures(ui: &Ui, extent: &store::Extent) -> Vec<(String, String)> {
    let mut all = vec![
        (ui.t("actualised-companies"), extent.companies),
        (ui.t("actualised-companies-checked"), extent.checked),
    ];
    for finding in ["confirmed", "corrected", "wrong"] {
        let count = extent.findings.get(finding).copied().unwrap_or(0);
        all.push((ui.tc("actualised-found-", finding), count));
    }
    all.push((ui.t("actualised-refusals"), extent.refused));
    all.push((ui.t("actualised-meetings"), extent.met));
    all.into_iter().map(|(what, count)| (what, ui.number(&count))).collect()
}

fn found(teller: &Teller<'_>, checks: &[Check]) -> Sheet {
    let ui = teller.ui;
    let rows = checks.iter().map(|check| {
        vec![
            check.number.to_string(),
            check.company.clone(),
            ui.tc("check-field-", &check.field),
            finding(ui, check),
            check.old.clone(),
            // What is as it was stands there now.
            if check.is_confirmed() { check.old.clone() } else { check.new.clone() },
            ui.tc("checked-by-", &check.source),
            teller.who(check.actor),
            teller.when(check.at),
            check.note.clone(),
        ]
    });
    teller.noted(
        "actualised-found",
        &[
            ("export-number", 7),
            ("meaning-name", 30),
            ("check-field", 14),
            ("check-finding", 16),
            ("actualised-was", 20),
            ("actualised-is", 20),
            ("check-source", 14),
            ("check-who", 16),
            ("check-at", 15),
            ("check-note", 24),
        ],
        rows.collect(),
    )
}

/// What a check found, in words; of a person that they left.
pub(super) fn finding(ui: &Ui, check: &Check) -> String {
    let has_left = check.finding == "wrong" && check.field == "contact" && !check.old.is_empty();
    if has_left { ui.t("check-left") } else { ui.tc("finding-", &check.finding) }
}

async fn refusals(
    tx: &mut Tx,
    scope: &Scope,
    of: ReportOf,
    (teller, limit): (&Teller<'_>, i64),
) -> Outcome<Sheet> {
    let all = store::list_refused(tx, scope, of, limit).await?;
    let rows = all.into_iter().map(|one| {
        let reason = match one.reason.as_str() {
            "" => teller.ui.tc("meaning-", &one.meaning),
            code => teller.reason(code),
        };
        let (who, when) = (teller.who(one.caller), teller.when(one.at));
        vec![one.number.to_string(), one.company, reason, who, when, one.note]
    });
    Ok(teller.noted(
        "actualised-refusals",
        &[
            ("export-number", 7),
            ("meaning-name", 34),
            ("export-reason", 30),
            ("check-who", 18),
            ("check-at", 16),
            ("check-note", 40),
        ],
        rows.collect(),
    ))
}

async fn meetings(
    tx: &mut Tx,
    scope: &Scope,
    of: ReportOf,
    (teller, limit): (&Teller<'_>, i64),
) -> Outcome<Sheet> {
    let all = store::list_met(tx, scope, of, limit).await?;
    let rows = all.into_iter().map(|one| {
        let (who, when) = (teller.who(one.booker), teller.when(one.at));
        let state = teller.ui.tc("meeting-is-", &one.state);
        vec![one.number.to_string(), one.company, when, one.place, state, who]
    });
    Ok(Sheet {
        title: teller.ui.t("actualised-meetings"),
        columns: teller.columns(&[
            ("export-number", 7),
            ("meaning-name", 34),
            ("check-at", 16),
            ("actualised-place", 24),
            ("export-state", 16),
            ("check-who", 18),
        ]),
        rows: rows.collect(),
    })
}

/// Every company as it stands now, with what became of it and when it was checked last. Whoever
/// ordered a round is told nothing that was added after its end: that is other work.
async fn companies(
    tx: &mut Tx,
    scope: &Scope,
    of: ReportOf,
    (teller, limit): (&Teller<'_>, i64),
) -> Outcome<Sheet> {
    let (mut rows, mut after) = (Vec::new(), String::new());
    let ended_at = match of {
        ReportOf::Round(id) if !teller.tells_notes => {
            store::find_end(tx, scope.org, id, teller.ui.now).await?
        }
        _ => None,
    };
    loop {
        let left = limit - i64::try_from(rows.len()).unwrap_or(limit);
        let page = store::list_companies(tx, scope, of, &after, PAGE_ROWS.min(left)).await?;
        let Some((end, _)) = page.last() else { break };
        after = end.to_string();
        let places: BTreeMap<CompanyId, &String> =
            page.iter().map(|(id, place)| (*id, place)).collect();
        let ids: Vec<CompanyId> = places.keys().copied().collect();
        let last = store::list_last_checks(tx, scope.org, of, &ids).await?;
        let late = match ended_at {
            Some(at) => store::find_late(tx, scope.org, &ids, at).await?,
            None => Late::default(),
        };
        for mut known in companies::actions::list_known(tx, scope.org, &ids).await? {
            let id = known.company.id;
            known.phones.retain(|one| !late.phones.contains(&one.id));
            known.contacts.retain(|one| !late.contacts.contains(&one.id));
            known.emails.retain(|one| !late.emails.contains(&(id, one.address.clone())));
            let place = places.get(&known.company.id).map_or("", |place| place.as_str());
            let at = last.get(&known.company.id).map(|at| teller.when(*at));
            rows.push(company(teller.ui, &known, place, at.unwrap_or_default()));
        }
    }
    Ok(Sheet {
        title: teller.ui.t("actualised-companies"),
        columns: teller.columns(&[
            ("export-number", 7),
            ("meaning-name", 28),
            ("meaning-tax-id", 15),
            ("meaning-city", 17),
            ("meaning-address", 26),
            ("meaning-phones", 24),
            ("meaning-emails", 24),
            ("check-field-decision-maker", 20),
            ("actualised-others", 18),
            ("export-state", 18),
            ("check-last", 15),
        ]),
        rows,
    })
}

fn company(ui: &Ui, known: &Known, place: &str, at: String) -> Vec<String> {
    let company = &known.company;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let told = |person: &Contact| match &person.role {
        Some(role) => format!("{}, {role}", person.name),
        None => person.name.clone(),
    };
    let present = || known.contacts.iter().filter(|person| person.gone_at.is_none());
    let decider = present().find(|person| person.is_decision_maker);
    let others = present().filter(|person| !person.is_decision_maker).map(told);
    let phones = known.phones.iter().map(|phone| {
        let standing = ui.tc("phone-standing-", phone.standing.code());
        format!("{} ({standing})", phone.phone.shown())
    });
    vec![
        company.number.to_string(),
        company.name.clone(),
        text(&company.tax_id),
        text(&company.city),
        text(&company.address),
        phones.collect::<Vec<_>>().join("; "),
        known.emails.iter().map(|email| email.address.clone()).collect::<Vec<_>>().join("; "),
        decider.map(told).unwrap_or_default(),
        others.collect::<Vec<_>>().join("; "),
        if place.is_empty() { String::new() } else { ui.tc("actualised-place-", place) },
        at,
    ]
}
