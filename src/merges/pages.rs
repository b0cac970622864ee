//! Duplicates on screen: the pair that is worth deciding next, side by side, decided by one key.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;

use super::actions::{self, Answer as Decision, Merging};
use super::forms::PairForm;
use super::showing::{Shown, show_pair};
use super::*;
use crate::companies::{self, Company};
use crate::people::Viewer;
use crate::storage::Tx;
use crate::web::errors::sentence;
use crate::web::{Answer, App, Cursor, Failed, Query, Submitted, Ui, go, page};

/// Pairs of the list beside the one at hand.
const NEXT_ROWS: i64 = 20;

#[derive(Template)]
#[template(path = "merges/views/index.html")]
struct IndexPage {
    ui: Ui,
    band: String,
    counts: BTreeMap<Band, i64>,
    shown: Option<Shown>,
    next: Vec<Row>,
    last: Option<Row>,
    scan: Option<Scan>,
    trouble: Option<crate::jobs::Trouble>,
    /// Companies that came since the last search.
    uncompared: i64,
    refused: Option<String>,
}

/// A pair in a list.
struct Row {
    pair: Pair,
    left: String,
    right: String,
    percent: String,
}

impl IndexPage {
    fn count(&self, band: Band) -> i64 {
        self.counts.get(&band).copied().unwrap_or(0)
    }
    /// How many companies no search has compared yet, in words.
    fn uncompared(&self) -> String {
        if self.uncompared <= UNCOMPARED_MAX {
            return self.ui.n("scan-uncompared", self.uncompared);
        }
        self.ui.ta("scan-uncompared-many", "count", self.ui.number(&UNCOMPARED_MAX))
    }
    fn waiting(&self) -> i64 {
        self.count(Band::Sure) + self.count(Band::Review)
    }
}

/// Which pairs are gone through.
#[derive(Debug, Default, Deserialize)]
pub struct Looked {
    #[serde(default)]
    band: String,
}

/// `GET /duplicates`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(looked): Query<Looked>,
) -> Answer {
    page(&index_page(&app, &viewer, ui, (None, &looked.band)).await?)
}

/// `GET /duplicates/{pair}`
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<PairId>,
) -> Answer {
    page(&index_page(&app, &viewer, ui, (Some(id), "")).await?)
}

async fn index_page(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (wanted, band): (Option<PairId>, &str),
) -> Outcome<IndexPage> {
    let mut tx = app.db.read().await?;
    let wanted_band = band.parse().ok();
    let waiting = actions::list_waiting(&mut tx, viewer, wanted_band, NEXT_ROWS).await?;
    let pair = match wanted {
        Some(id) => Some(actions::find_pair(&mut tx, viewer, id, app.now()).await?),
        None => waiting.first().cloned(),
    };
    let last = actions::find_last_decided(&mut tx, viewer).await?;
    let others = waiting.into_iter().filter(|one| Some(one.id) != pair.as_ref().map(|p| p.id));
    let next = named(&mut tx, &ui, viewer.org, others.collect()).await?;
    let last = named(&mut tx, &ui, viewer.org, last.into_iter().collect()).await?.pop();
    let counts = actions::count_waiting(&mut tx, viewer).await?;
    let scan = actions::find_last_scan(&mut tx, viewer.org).await?;
    let trouble = match scan.as_ref().filter(|scan| scan.is_running()) {
        Some(scan) => actions::find_trouble(&mut tx, viewer.org, scan.id).await?,
        None => None,
    };
    let uncompared = match scan.as_ref().filter(|scan| scan.state == ScanState::Done) {
        Some(scan) => actions::count_uncompared(&mut tx, viewer.org, scan).await?,
        None => 0,
    };
    drop(tx);
    let shown = match pair {
        Some(pair) => Some(show_pair(app, viewer, &ui, pair).await?),
        None => None,
    };
    let band = band.to_owned();
    Ok(IndexPage { ui, band, counts, shown, next, last, scan, trouble, uncompared, refused: None })
}

async fn named(tx: &mut Tx, ui: &Ui, org: OrgId, pairs: Vec<Pair>) -> Outcome<Vec<Row>> {
    let ids: Vec<CompanyId> = pairs.iter().flat_map(|pair| [pair.left, pair.right]).collect();
    let known = companies::actions::list_by_ids(tx, org, &ids).await?;
    let known: BTreeMap<CompanyId, Company> = known.into_iter().map(|c| (c.id, c)).collect();
    let name = |id| known.get(&id).map(|company| company.name.clone()).unwrap_or_default();
    Ok(pairs
        .into_iter()
        .map(|pair| Row {
            left: name(pair.left),
            right: name(pair.right),
            percent: ui.percent(&pair.probability, &10_000),
            pair,
        })
        .collect())
}

/// `POST /duplicates/{pair}/answer`
pub async fn answer(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<PairId>,
    form: Submitted<BTreeMap<String, String>>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let form = PairForm::of(form.fields)?;
    let error = match read_answer(&app, &viewer, id, &form).await {
        Ok((version, decision)) => {
            match actions::decide(&act, &viewer, id, version, &decision).await {
                Ok(()) => return go(form.way_on()),
                Err(error) => error,
            }
        }
        Err(error) => error,
    };
    again(&app, &viewer, ui, (id, Some(form)), error).await
}

async fn read_answer(
    app: &App,
    viewer: &Viewer,
    id: PairId,
    form: &PairForm,
) -> Outcome<(i64, Decision)> {
    let mut tx = app.db.read().await?;
    let pair = actions::find_pair(&mut tx, viewer, id, app.now()).await?;
    form.read(&pair)
}

/// The page again with what was typed and why it was not taken.
async fn again(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (id, typed): (PairId, Option<PairForm>),
    error: Error,
) -> Answer {
    let status = match &error {
        Error::Refused(_) => StatusCode::CONFLICT,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => return Err(Failed(error)),
    };
    let refused = Some(sentence(ui.lang, &error));
    let mut shown = index_page(app, viewer, ui, (Some(id), "")).await?;
    if let (Some(pair), Some(typed)) = (&mut shown.shown, typed) {
        pair.keep_typed(&typed);
        shown.band = typed.band;
    }
    let mut reply = page(&IndexPage { refused, ..shown })?;
    *reply.status_mut() = status;
    Ok(reply)
}

/// Nothing but the button.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NothingForm {}

/// `POST /duplicates/{pair}/reversal`
pub async fn reopen(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<PairId>,
    form: Submitted<NothingForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    match actions::reopen(&act, &viewer, id).await {
        Ok(()) => go(format!("/duplicates/{id}")),
        Err(error) => again(&app, &viewer, ui, (id, None), error).await,
    }
}

/// `POST /duplicates/scan`
pub async fn scan(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<NothingForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let error = match actions::start_scan(&act).await {
        Ok(_) => return go("/duplicates"),
        Err(error @ Error::Refused(_)) => error,
        Err(error) => return Err(Failed(error)),
    };
    let refused = Some(sentence(ui.lang, &error));
    let shown = index_page(&app, &viewer, ui, (None, "")).await?;
    let mut reply = page(&IndexPage { refused, ..shown })?;
    *reply.status_mut() = StatusCode::CONFLICT;
    Ok(reply)
}

/// Which company is the same, by its number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberForm {
    number: String,
}

/// `POST /companies/{company}/duplicates`
pub async fn name_pair(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    form: Submitted<NumberForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let number = read_number(&form.fields.number)?;
    let pair = actions::name_pair(&act, &viewer, id, number).await?;
    go(format!("/duplicates/{pair}"))
}

/// A number as people write it: «№ 12», «1 204».
fn read_number(text: &str) -> Outcome<i64> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().map_err(|_| Fields::one("number", "unknown-company"))
}

/// What another company, named by its number, is to this one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTieForm {
    is: String,
    number: String,
}

/// `POST /companies/{company}/ties`
pub async fn tie(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    form: Submitted<NewTieForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let NewTieForm { is, number } = form.fields;
    let end = is.parse().map_err(|()| Fields::one("is", "unknown-choice"))?;
    actions::tie(&act, &viewer, id, (end, read_number(&number)?)).await?;
    go(format!("/companies/{id}"))
}

/// `POST /ties/{tie}/ending`
pub async fn untie(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<TieId>,
    form: Submitted<TieForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    actions::untie(&act, &viewer, id).await?;
    go(format!("/companies/{}", form.fields.company))
}

/// From whose card a tie is taken back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TieForm {
    company: CompanyId,
}

#[derive(Template)]
#[template(path = "merges/views/merges.html")]
struct MergesPage {
    ui: Ui,
    rows: Vec<MergeRow>,
    next: Option<String>,
}

struct MergeRow {
    merge: Merge,
    survivor: String,
    loser: String,
    by: String,
}

/// `GET /merges`
pub async fn merges(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(cursor): Query<Cursor>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let slice = actions::list_merges(&mut tx, &viewer, &cursor, app.now()).await?;
    let rows = merge_rows(&mut tx, &viewer, slice.rows).await?;
    let next = slice.next.map(|after| format!("/merges?after={after}"));
    page(&MergesPage { ui, rows, next })
}

async fn merge_rows(tx: &mut Tx, viewer: &Viewer, merges: Vec<Merge>) -> Outcome<Vec<MergeRow>> {
    let ids: Vec<CompanyId> =
        merges.iter().flat_map(|merge| [merge.survivor, merge.loser]).collect();
    let known = companies::actions::list_by_ids(tx, viewer.org, &ids).await?;
    let users = crate::people::actions::list_users(tx, viewer.org).await?;
    let name = |id: CompanyId| {
        let found = known.iter().find(|company| company.id == id);
        found.map(|c| format!("{} · {}", c.number, c.name)).unwrap_or_default()
    };
    let user = |id: Option<UserId>| {
        users.iter().find(|user| Some(user.id) == id).map(|u| u.name.clone()).unwrap_or_default()
    };
    Ok(merges
        .into_iter()
        .map(|merge| MergeRow {
            survivor: name(merge.survivor),
            loser: name(merge.loser),
            by: user(merge.made_by),
            merge,
        })
        .collect())
}

#[derive(Template)]
#[template(path = "merges/views/merge.html")]
struct MergePage {
    ui: Ui,
    row: MergeRow,
    moves: Vec<(String, i64)>,
    strays: Vec<Stray>,
    refused: Option<String>,
}

/// `GET /merges/{merge}`
pub async fn show_merge(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<MergeId>,
) -> Answer {
    page(&merge_page(&app, &viewer, ui, id).await?)
}

async fn merge_page(app: &App, viewer: &Viewer, ui: Ui, id: MergeId) -> Outcome<MergePage> {
    let mut tx = app.db.read().await?;
    let merge = actions::find_merge(&mut tx, viewer, id, app.now()).await?;
    let moves = actions::count_moves(&mut tx, viewer.org, id).await?;
    let strays = actions::list_strays(&mut tx, viewer.org, &merge).await?;
    let mut rows = merge_rows(&mut tx, viewer, vec![merge]).await?;
    let row = rows.pop().ok_or(Error::NotFound)?;
    Ok(MergePage { ui, row, moves, strays, refused: None })
}

async fn merge_again(app: &App, viewer: &Viewer, ui: Ui, id: MergeId, error: Error) -> Answer {
    if !matches!(error, Error::Refused(_)) {
        return Err(Failed(error));
    }
    let refused = Some(sentence(ui.lang, &error));
    let shown = merge_page(app, viewer, ui, id).await?;
    let mut reply = page(&MergePage { refused, ..shown })?;
    *reply.status_mut() = StatusCode::CONFLICT;
    Ok(reply)
}

/// `POST /merges/{merge}/reversal`
pub async fn undo(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<MergeId>,
    form: Submitted<NothingForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    match actions::undo(&act, &viewer, id).await {
        Ok(()) => go(format!("/merges/{id}")),
        Err(error) => merge_again(&app, &viewer, ui, id, error).await,
    }
}

/// Whose something is that came after a merge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacementForm {
    noun: String,
    row: String,
    whose: String,
}

/// `POST /merges/{merge}/placement`
pub async fn place(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<MergeId>,
    form: Submitted<PlacementForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let PlacementForm { noun, row, whose } = form.fields;
    actions::place(&act, &viewer, id, (&noun, &row), whose == "loser").await?;
    go(format!("/merges/{id}"))
}

/// What a form of a merge asks for, read against the pair.
pub(super) fn merging(pair: &Pair, form: &PairForm) -> Outcome<Merging> {
    let unknown = |field| Fields::one(field, "unknown-choice");
    let survivor: Side = form.survivor.parse().map_err(|()| unknown("survivor"))?;
    let left = (pair.left, form.left_version.parse().unwrap_or(0));
    let right = (pair.right, form.right_version.parse().unwrap_or(0));
    let (kept, lost) = if survivor == Side::Left { (left, right) } else { (right, left) };
    let other = survivor.other();
    let mut taken = Vec::new();
    for field in Field::ALL {
        if form.side(*field)? == Some(other) {
            taken.push(*field);
        }
    }
    Ok(Merging { survivor: kept, loser: lost, taken, apart: form.apart.clone() })
}
