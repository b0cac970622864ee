//! Duplicates and merges over the API. The same actions as the pages.

mod tying;

pub use tying::*;

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions::{self, Answer as Decision, Merging};
use super::*;
use crate::people::Viewer;
use crate::storage::Tx;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Cursor, Query, Slice};

/// One of the two companies of a pair.
#[derive(Debug, Serialize, ToSchema)]
pub struct HalfShown {
    /// Its id.
    pub company: CompanyId,
    /// The number people read aloud.
    pub number: i64,
    /// What it is called.
    pub name: String,
    /// Its version, to be sent with a merge.
    pub version: i64,
    /// Facts by field: `name`, `full_name`, `tax_id`, `kpp`, `ogrn`, `city`, `address`, `website`,
    /// `industry`, `source`.
    pub facts: BTreeMap<String, String>,
}

/// Two companies that may be the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairShown {
    /// Its id.
    pub id: PairId,
    /// The one with the lower number.
    pub left: HalfShown,
    /// The other.
    pub right: HalfShown,
    /// How likely they are the same, in ten-thousandths.
    pub probability: i64,
    /// How it is dealt with.
    pub band: Band,
    /// What speaks for it and against it.
    pub reasons: Vec<Reason>,
    /// What became of it.
    pub state: PairState,
    /// Whose record a merge would keep, `left` or `right`.
    pub survivor: Side,
    /// Of whom each fact would survive, by field.
    pub proposed: BTreeMap<String, Side>,
    /// Who stands at both and would stand once.
    pub people: Vec<NamesakeShown>,
    /// The merge that came of it.
    pub merge: Option<MergeId>,
    /// Its version, to be sent with a decision.
    pub version: i64,
}

/// A person who stands at both companies.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamesakeShown {
    /// Their record at the left company.
    pub left: ContactId,
    /// Their record at the right company.
    pub right: ContactId,
    /// Their name, as the left company has it.
    pub name: String,
}

impl From<Namesake> for NamesakeShown {
    fn from(pair: Namesake) -> Self {
        Self { left: pair.left.id, right: pair.right.id, name: pair.left.name }
    }
}

async fn shown(tx: &mut Tx, org: OrgId, pair: Pair) -> Outcome<PairShown> {
    let people = actions::list_namesakes(tx, org, (pair.left, pair.right)).await?;
    let sides = actions::find_sides(tx, org, &pair).await?;
    let (survivor, choices) = actions::propose(&sides);
    let half = |side| {
        let company = &sides.half(side).company;
        let fact = |field: &Field| {
            Some((field.code().to_owned(), fields::value(company, *field)?.to_owned()))
        };
        HalfShown {
            company: company.id,
            number: company.number,
            name: company.name.clone(),
            version: company.version,
            facts: Field::ALL.iter().filter_map(fact).collect(),
        }
    };
    Ok(PairShown {
        id: pair.id,
        left: half(Side::Left),
        right: half(Side::Right),
        probability: pair.probability,
        band: pair.band,
        reasons: pair.reasons,
        state: pair.state,
        survivor,
        proposed: choices.iter().map(|(field, side)| (field.code().to_owned(), *side)).collect(),
        people: people.into_iter().map(NamesakeShown::from).collect(),
        merge: pair.merge,
        version: pair.version,
    })
}

/// Which pairs are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PairListParams {
    /// `sure`, `review` or `no`; the first two together when it is not given.
    pub band: Option<String>,
    /// Rows wanted, 1 to 100.
    pub limit: Option<i64>,
}

/// Pairs that wait for a decision, those most worth deciding first.
#[utoipa::path(get, path = "/api/v1/duplicates", tag = "merges", operation_id = "list_duplicates",
    params(PairListParams), responses((status = 200, body = json::Many<PairShown>),
        (status = 422, body = json::Problem)))]
pub async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<PairListParams>,
) -> Answer {
    let band = match query.band.as_deref() {
        None | Some("") => None,
        Some(code) => Some(code.parse().map_err(|()| Fields::one("band", "unknown-choice"))?),
    };
    let mut tx = app.db.read().await?;
    let limit = Cursor { after: None, limit: query.limit }.limit();
    let mut rows = Vec::new();
    for pair in actions::list_waiting(&mut tx, &viewer, band, limit).await? {
        rows.push(shown(&mut tx, viewer.org, pair).await?);
    }
    json::many(Slice { rows, next: None })
}

/// One pair.
#[utoipa::path(get, path = "/api/v1/duplicates/{pair}", tag = "merges",
    operation_id = "show_duplicate", params(("pair" = PairId, Path)),
    responses((status = 200, body = json::One<PairShown>), (status = 404, body = json::Problem)))]
pub async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<PairId>) -> Answer {
    let mut tx = app.db.read().await?;
    let pair = actions::find_pair(&mut tx, &viewer, id, app.now()).await?;
    json::one(shown(&mut tx, viewer.org, pair).await?)
}

/// A search of the base that was started.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScanMade {
    /// Its id.
    pub id: ScanId,
}

/// Starts a search of the whole base; it runs in the background.
#[utoipa::path(post, path = "/api/v1/duplicates/scan", tag = "merges",
    operation_id = "scan_for_duplicates", request_body = json::Nothing, params(json::KeyHeader),
    responses((status = 201, body = json::One<ScanMade>), (status = 409, body = json::Problem)))]
pub async fn scan(State(app): State<App>, viewer: Viewer, sent: Sent<json::Nothing>) -> Answer {
    let act = viewer.act(&app, sent.key);
    json::made(ScanMade { id: actions::start_scan(&act).await? })
}

/// How two companies are merged.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeSent {
    /// The record that stands for both.
    pub survivor: CompanyId,
    /// Its version that was looked at.
    pub survivor_version: i64,
    /// The record that becomes its alias.
    pub loser: CompanyId,
    /// Its version that was looked at.
    pub loser_version: i64,
    /// Facts that the survivor takes from the loser, by field. What is not named stays.
    #[serde(default)]
    pub taken: Vec<Field>,
    /// People who stand at both and stay two, by either of their records. Who is not named will
    /// stand once.
    #[serde(default)]
    pub apart: BTreeSet<ContactId>,
}

impl From<MergeSent> for Merging {
    fn from(sent: MergeSent) -> Self {
        Self {
            survivor: (sent.survivor, sent.survivor_version),
            loser: (sent.loser, sent.loser_version),
            taken: sent.taken,
            apart: sent.apart,
        }
    }
}

/// What is decided of a pair.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionSent {
    /// The version of the pair that was looked at.
    pub version: i64,
    /// `same`, `different`, `group`, `right_branch`, `left_branch` or `later`.
    pub answer: String,
    /// How they are merged; only with `same`.
    pub merge: Option<MergeSent>,
}

impl DecisionSent {
    fn read(self) -> Outcome<(i64, Decision)> {
        let unknown = || Fields::one("answer", "unknown-choice");
        let answer = match (self.answer.as_str(), self.merge) {
            ("same", Some(merge)) => Decision::Same(merge.into()),
            ("same", None) => return Err(Fields::one("merge", "required")),
            ("later", None) => Decision::Later,
            (code, None) => Decision::Apart(code.parse().map_err(|()| unknown())?),
            (_, Some(_)) => return Err(Fields::one("merge", "unknown-choice")),
        };
        Ok((self.version, answer))
    }
}

/// Decides what two companies are to each other; `same` merges them.
#[utoipa::path(post, path = "/api/v1/duplicates/{pair}/answer", tag = "merges",
    operation_id = "decide_duplicate", request_body = DecisionSent,
    params(("pair" = PairId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<PairShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn answer(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PairId>,
    sent: Sent<DecisionSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let (version, decision) = sent.body.read()?;
    actions::decide(&act, &viewer, id, version, &decision).await?;
    show(State(app), viewer, Path(id)).await
}

/// Takes a decision back, be it a merge; the pair waits again.
#[utoipa::path(post, path = "/api/v1/duplicates/{pair}/reversal", tag = "merges",
    operation_id = "reopen_duplicate", request_body = json::Nothing,
    params(("pair" = PairId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<PairShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn reopen(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PairId>,
    sent: Sent<json::Nothing>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    actions::reopen(&act, &viewer, id).await?;
    show(State(app), viewer, Path(id)).await
}

/// Which company is the same.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberSent {
    /// The number of the other company.
    pub number: i64,
}

/// Names a company that may be the same as another; the pair waits for a decision.
#[utoipa::path(post, path = "/api/v1/companies/{company}/duplicates", tag = "merges",
    operation_id = "name_duplicate", request_body = NumberSent,
    params(("company" = CompanyId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<PairShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn name_pair(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<NumberSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let pair = actions::name_pair(&act, &viewer, id, sent.body.number).await?;
    let mut tx = app.db.read().await?;
    let pair = actions::find_pair(&mut tx, &viewer, pair, app.now()).await?;
    json::made(shown(&mut tx, viewer.org, pair).await?)
}

/// One company taken for another.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergeShown {
    /// Its id.
    pub id: MergeId,
    /// The number people read aloud.
    pub number: i64,
    /// Which record stands for both.
    pub survivor: CompanyId,
    /// Which became its alias.
    pub loser: CompanyId,
    /// Who merged them.
    pub made_by: Option<UserId>,
    /// When, RFC 3339.
    pub made_at: String,
    /// When it was undone, RFC 3339.
    pub undone_at: Option<String>,
}

impl From<Merge> for MergeShown {
    fn from(merge: Merge) -> Self {
        Self {
            id: merge.id,
            number: merge.number,
            survivor: merge.survivor,
            loser: merge.loser,
            made_by: merge.made_by,
            made_at: merge.made_at.rfc3339(),
            undone_at: merge.undone_at.map(Instant::rfc3339),
        }
    }
}

/// A merge with what it moved and what is to be placed.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergeCard {
    /// The merge.
    #[serde(flatten)]
    pub merge: MergeShown,
    /// How many records of each kind were moved.
    pub moved: BTreeMap<String, i64>,
    /// What came after it and may be of either company; only once it was undone.
    pub strays: Vec<StrayShown>,
}

/// Something that came between a merge and its undoing.
#[derive(Debug, Serialize, ToSchema)]
pub struct StrayShown {
    /// Of what kind.
    pub noun: String,
    /// Its id.
    pub row: String,
    /// Some words of it.
    pub text: String,
    /// `survivor` or `loser` once it was placed.
    pub placed: Option<String>,
}

/// Merges, the newest first.
#[utoipa::path(get, path = "/api/v1/merges", tag = "merges", operation_id = "list_merges",
    params(Cursor), responses((status = 200, body = json::Many<MergeShown>)))]
pub async fn merges(
    State(app): State<App>,
    viewer: Viewer,
    Query(cursor): Query<Cursor>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let slice = actions::list_merges(&mut tx, &viewer, &cursor, app.now()).await?;
    let rows = slice.rows.into_iter().map(MergeShown::from).collect();
    json::many(Slice { rows, next: slice.next })
}

/// Merges two companies.
#[utoipa::path(post, path = "/api/v1/merges", tag = "merges", operation_id = "merge_companies",
    request_body = MergeSent, params(json::KeyHeader),
    responses((status = 201, body = json::One<MergeCard>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn merge(State(app): State<App>, viewer: Viewer, sent: Sent<MergeSent>) -> Answer {
    let act = viewer.act(&app, sent.key);
    let id = actions::merge(&act, &viewer, &sent.body.into()).await?;
    json::made(card(&app, &viewer, id).await?)
}

async fn card(app: &App, viewer: &Viewer, id: MergeId) -> Outcome<MergeCard> {
    let mut tx = app.db.read().await?;
    let merge = actions::find_merge(&mut tx, viewer, id, app.now()).await?;
    let strays = actions::list_strays(&mut tx, viewer.org, &merge).await?;
    let stray = |stray: Stray| {
        let Stray { noun, row, text, placed, .. } = stray;
        StrayShown { noun, row, text, placed }
    };
    Ok(MergeCard {
        moved: actions::count_moves(&mut tx, viewer.org, id).await?.into_iter().collect(),
        strays: strays.into_iter().map(stray).collect(),
        merge: merge.into(),
    })
}

/// One merge.
#[utoipa::path(get, path = "/api/v1/merges/{merge}", tag = "merges", operation_id = "show_merge",
    params(("merge" = MergeId, Path)),
    responses((status = 200, body = json::One<MergeCard>), (status = 404, body = json::Problem)))]
pub async fn show_merge(State(app): State<App>, viewer: Viewer, Path(id): Path<MergeId>) -> Answer {
    json::one(card(&app, &viewer, id).await?)
}

/// Parts two companies again.
#[utoipa::path(post, path = "/api/v1/merges/{merge}/reversal", tag = "merges",
    operation_id = "undo_merge", request_body = json::Nothing,
    params(("merge" = MergeId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<MergeCard>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn undo(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<MergeId>,
    sent: Sent<json::Nothing>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    actions::undo(&act, &viewer, id).await?;
    json::one(card(&app, &viewer, id).await?)
}

/// Whose something is that came after a merge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacementSent {
    /// Of what kind.
    pub noun: String,
    /// Its id.
    pub row: String,
    /// `survivor` or `loser`.
    pub whose: String,
}

/// Gives what came after a merge to one of the two companies.
#[utoipa::path(post, path = "/api/v1/merges/{merge}/placement", tag = "merges",
    operation_id = "place_stray", request_body = PlacementSent,
    params(("merge" = MergeId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<MergeCard>), (status = 404, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn place(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<MergeId>,
    sent: Sent<PlacementSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let PlacementSent { noun, row, whose } = sent.body;
    let is_loser = match whose.as_str() {
        "loser" => true,
        "survivor" => false,
        _ => return Err(Fields::one("whose", "unknown-choice").into()),
    };
    actions::place(&act, &viewer, id, (&noun, &row), is_loser).await?;
    json::one(card(&app, &viewer, id).await?)
}
