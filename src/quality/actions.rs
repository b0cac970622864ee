//! What is done about scores: kept up with what happens, summed up, asked for.

use std::collections::{BTreeSet, HashMap};

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::score::{Facts, Score, sureness};
use super::store::{self, First, News, Pass, Scored};
use super::*;
use crate::begin;
use crate::companies::actions::Aside;
use crate::companies::alike::{Asked, Known, Strength};
use crate::companies::{self, NewCompany, NewContact, NewPhone, Segment};
use crate::events::{Event, Kind};
use crate::imports;
use crate::merges::{self, Band, PairState, Verdict};
use crate::people::{self, Scope};
use crate::storage::{Act, Tx};
use crate::verification::{self, Verification};
use crate::web::{Cursor, Slice};

pub use super::store::Behind;

/// Companies scored in one go: their facts are read in one view, written in one transaction.
const BATCH: i64 = 250;
/// Events looked through in one go.
const NEWS: i64 = 1_000;
/// How long an event is left alone, so that none is passed over that another transaction, begun
/// before, commits after it.
const SETTLED_MS: i64 = 5_000;
/// Days from one pass over the base to the next: in a week a value loses a sixtieth of its worth.
const PASS_DAYS: i64 = 7;
/// A base of so many companies is summed up whenever something changed.
const SMALL: i64 = 20_000;
/// The sums of a larger one rest so long, but at the end of a pass.
const REST_MS: i64 = 10 * MINUTE_MS;
/// Records that left the base, taken out of the scores in one go.
const LEFT: i64 = 1_000;

/// Goes on with the scores by one step: what happened since, then companies that a file touched,
/// else a stretch of the pass over the base, and where all is through, the sums of the day. Says
/// whether there is more to do.
pub async fn step(act: &Act) -> Outcome<bool> {
    step_by(act, BATCH).await
}

/// The same, over so many companies at most besides those that something happened to.
pub(super) async fn step_by(act: &Act, size: i64) -> Outcome<bool> {
    let mut tx = act.db.read().await?;
    let mut pass = store::find_pass(&mut tx, act.org).await?;
    let found = pass.clone();
    let zone = people::actions::firm(&mut tx, act.org).await?.zone;
    let today = act.now.day(&zone);
    if pass.begun_on.is_empty() {
        // The first pass looks at everything: what happened before is in what it sees.
        pass.seen_event = id_before(act.now.plus_ms(-SETTLED_MS));
    }
    let news = list_news(&mut tx, act, &pass, NEWS).await?;
    if news.iter().any(stirs_all) || is_over(&pass, today) {
        pass.ask_anew(&today.to_string());
    }
    let touched: BTreeSet<CompanyId> = news.iter().flat_map(|one| one.companies.clone()).collect();
    if let Some(last) = news.last() {
        pass.seen_event.clone_from(&last.id);
    }
    let next = list_next(&mut tx, act, &mut pass, (size, &today.to_string())).await?;
    drop(tx);
    let has_more = next.is_there || i64::try_from(news.len()).is_ok_and(|count| count == NEWS);
    let due: Vec<CompanyId> = touched.into_iter().chain(next.companies).collect();
    pass.is_stirred |= !due.is_empty();
    if !keep(act, &due, (&found, &pass), next.first).await? {
        return Ok(true);
    }
    let is_new_day = pass.summed_at.day(&zone) != today;
    let is_sum_due =
        pass.is_stirred && !has_more && is_sum_due(&mut act.db.read().await?, act, &pass).await?;
    if is_sum_due || next.has_ended || !has_more && is_new_day {
        sum_up(act, &today.to_string()).await?;
    }
    Ok(has_more)
}

/// What is scored next, and how far that takes us.
#[derive(Default)]
struct Next {
    companies: Vec<CompanyId>,
    /// The file whose companies they are, and the last line of them; none at its end.
    first: Option<(First, Option<i64>)>,
    /// True when the pass has come to its end.
    has_ended: bool,
    /// True when there is more behind them.
    is_there: bool,
}

async fn list_next(
    tx: &mut Tx,
    act: &Act,
    pass: &mut Pass,
    (size, today): (i64, &str),
) -> Outcome<Next> {
    if let Some(first) = store::find_first(tx, act.org).await? {
        let list = imports::actions::list_row_companies;
        let rows = list(tx, act.org, first.import, first.after, size).await?;
        let last = rows.last().map(|(line, _)| *line);
        let companies: BTreeSet<CompanyId> = rows.into_iter().map(|(_, id)| id).collect();
        let companies = companies.into_iter().collect();
        let first = Some((first, last));
        return Ok(Next { companies, first, is_there: true, ..Next::default() });
    }
    if !pass.ended_on.is_empty() {
        return Ok(Next::default());
    }
    let after = pass.after.parse().ok();
    let all = Segment::default();
    let companies = companies::actions::list_segment(tx, act.org, &all, after, size).await?;
    if let Some(last) = companies.last() {
        pass.after = last.to_string();
        return Ok(Next { companies, is_there: true, ..Next::default() });
    }
    pass.end(today);
    Ok(Next { has_ended: true, is_there: pass.ended_on.is_empty(), ..Next::default() })
}

/// True when the base is to be gone through again: what nothing happens to ages slowly.
fn is_over(pass: &Pass, today: Date) -> bool {
    let begun = pass.begun_on.parse::<Date>().ok();
    begun.is_none_or(|begun| begun.saturating_add(PASS_DAYS.days()) <= today)
}

/// True when the sums may be added up again: at once over a base that is added up in a moment,
/// else after a while.
async fn is_sum_due(tx: &mut Tx, act: &Act, pass: &Pass) -> Outcome<bool> {
    let base = list_totals(tx, act.org, ScopeKind::Base).await?;
    let is_small = base.iter().all(|total| total.companies <= SMALL);
    Ok(is_small || act.now >= pass.summed_at.plus_ms(REST_MS))
}

/// True for a rule that changes the scores of many companies at once.
fn stirs_all(one: &News) -> bool {
    one.is_about_many
        || [Kind::AgeingSet, Kind::WeightsSet].iter().any(|kind| kind.code() == one.kind)
}

/// Has the base gone through again, behind the pass that is under way; the companies of a file
/// that was written or taken back come before it.
pub async fn begin_anew(act: &Act, import: Option<ImportId>) -> Outcome<()> {
    let mut tx = begin!(act);
    let mut pass = store::find_pass_for_update(&mut tx, act.org).await?;
    if let Some(import) = import {
        store::insert_first(&mut tx, act.org, import, act.now).await?;
    }
    if !pass.begun_on.is_empty() {
        let zone = people::actions::firm(&mut tx, act.org).await?.zone;
        pass.ask_anew(&act.now.day(&zone).to_string());
        store::insert_pass(&mut tx, act.org, &pass).await?;
    }
    tx.finish(()).await
}

/// What happened since, as far as it is settled.
async fn list_news(tx: &mut Tx, act: &Act, pass: &Pass, limit: i64) -> Outcome<Vec<News>> {
    let settled = act.now.plus_ms(-SETTLED_MS);
    let mut news = store::list_news(tx, act.org, &pass.seen_event, limit).await?;
    let end = news.iter().position(|one| one.at > settled).unwrap_or(news.len());
    news.truncate(end);
    Ok(news)
}

/// What every id made before an instant is smaller than.
fn id_before(at: Instant) -> String {
    let ms = format!("{:012x}", at.ms().max(0));
    let (high, low) = ms.split_at(8);
    format!("{high}-{low}-")
}

/// True when something happened since, or the day is not through.
pub async fn is_behind(act: &Act) -> Outcome<bool> {
    let mut tx = act.db.read().await?;
    let pass = store::find_pass(&mut tx, act.org).await?;
    let zone = people::actions::firm(&mut tx, act.org).await?.zone;
    let today = act.now.day(&zone);
    let is_new_day = pass.summed_at.day(&zone) != today;
    if is_new_day || is_over(&pass, today) || pass.ended_on.is_empty() {
        return Ok(true);
    }
    let news = list_news(&mut tx, act, &pass, 1).await?;
    Ok(!news.is_empty() || pass.is_stirred && is_sum_due(&mut tx, act, &pass).await?)
}

/// Scores these companies and keeps how far the scores are; false where somebody had the base gone
/// through anew meanwhile, or another worker went on: that stands.
async fn keep(
    act: &Act,
    due: &[CompanyId],
    (found, pass): (&Pass, &Pass),
    first: Option<(First, Option<i64>)>,
) -> Outcome<bool> {
    let chunks = usize::try_from(BATCH).map_err(Error::failure)?;
    for chunk in due.chunks(chunks) {
        let scored = score(&mut act.db.read().await?, act, chunk).await?;
        let mut tx = act.db.begin().await?;
        store::insert_scores(&mut tx, act.org, &scored, act.now).await?;
        let kept: BTreeSet<CompanyId> = scored.iter().map(|one| one.company).collect();
        for left in chunk.iter().filter(|id| !kept.contains(id)) {
            store::delete_score(&mut tx, act.org, *left).await?;
        }
        tx.commit().await?;
    }
    let mut tx = act.db.begin().await?;
    if store::find_pass_for_update(&mut tx, act.org).await? != *found {
        return Ok(false);
    }
    store::insert_pass(&mut tx, act.org, pass).await?;
    match first {
        Some((first, Some(line))) => store::update_first(&mut tx, act.org, &first, line).await?,
        Some((first, None)) => store::delete_first(&mut tx, act.org, &first).await?,
        None => 0,
    };
    tx.commit().await?;
    Ok(true)
}

/// The scores of these companies now; those that are in the base no more have none.
async fn score(tx: &mut Tx, act: &Act, ids: &[CompanyId]) -> Outcome<Vec<Scored>> {
    let weights = find_weights(tx, act.org).await?;
    let ageing = verification::actions::find_ageing(tx, act.org).await?;
    let all = companies::actions::list_known(tx, act.org, ids).await?;
    let mut checks: HashMap<CompanyId, Vec<Verification>> = HashMap::new();
    for (company, check) in verification::actions::list_last_of_many(tx, act.org, ids).await? {
        checks.entry(company).or_default().push(check);
    }
    let answered = store::list_answered(tx, act.org, ids).await?;
    let silenced = companies::actions::list_silenced(tx, act.org, &all, act.now).await?;
    let duplicates = list_duplicates(tx, act.org, &all).await?;
    Ok(all
        .iter()
        .zip(duplicates)
        .map(|(known, duplicate)| {
            let company = &known.company;
            let facts = Facts {
                known,
                checks: checks.get(&company.id).map_or(&[], Vec::as_slice),
                answered_at: answered.get(&company.id).copied(),
                is_banned: silenced.companies.contains(&company.id),
                banned_phones: &silenced.phones,
                duplicate,
            };
            Scored {
                company: company.id,
                source: company.source.clone().unwrap_or_default(),
                import: company.import.map(|id| id.to_string()).unwrap_or_default(),
                score: Score::of(&facts, &weights, &ageing, act.now),
            }
        })
        .collect())
}

/// True once the whole base was searched for duplicates. Until then how unique a company is says
/// only that nothing in it is like another at sight.
pub async fn was_searched(tx: &mut Tx, org: OrgId) -> Outcome<bool> {
    merges::actions::was_searched(tx, org).await
}

/// How sure it is of each company that another record is the same: by what it shares with others,
/// and by what searches of the base found. Two that a person said to be different count for none,
/// be it that they share a telephone; and so do those of one group. The one place that asks for
/// duplicates.
async fn list_duplicates(tx: &mut Tx, org: OrgId, all: &[Known]) -> Outcome<Vec<f64>> {
    let as_new: Vec<NewCompany> = all.iter().map(as_new).collect();
    let asked: Vec<Asked<'_>> =
        as_new.iter().map(|new| Asked { new, is_tax_id_repaired: false }).collect();
    let found = companies::actions::list_alike(tx, org, &asked, &Aside::default()).await?;
    let ids: Vec<CompanyId> = all.iter().map(|known| known.company.id).collect();
    let alike = found.iter().flatten().map(|one| one.known.company.id);
    let both: Vec<CompanyId> = ids.iter().copied().chain(alike).collect();
    let tied = companies::actions::list_apart(tx, org, &both).await?;
    let mut verdicts: HashMap<CompanyId, Vec<(CompanyId, Verdict)>> = HashMap::new();
    for verdict in merges::actions::list_verdicts(tx, org, &ids).await? {
        for (own, other) in [(verdict.left, verdict.right), (verdict.right, verdict.left)] {
            verdicts.entry(own).or_default().push((other, verdict.clone()));
        }
    }
    Ok(ids
        .iter()
        .zip(found)
        .map(|(id, alike)| {
            let known = verdicts.get(id).map_or(&[][..], Vec::as_slice);
            let is_apart = |other: CompanyId| {
                let mut of_both = known.iter().filter(|(one, _)| *one == other);
                tied.has(*id, other) || of_both.any(|(_, verdict)| verdict.state.is_decided())
            };
            let others = alike.iter().filter(|one| one.known.company.id != *id);
            let others = others.filter(|one| !is_apart(one.known.company.id));
            let open = known.iter().filter(|(_, verdict)| verdict.state == PairState::Open);
            others
                .map(|one| sureness(one.strength))
                .chain(open.filter_map(|(_, verdict)| found_sureness(verdict.band)))
                .fold(0.0, f64::max)
        })
        .collect())
}

/// How sure it is by a search of the whole base, in the same measure.
fn found_sureness(band: Band) -> Option<f64> {
    match band {
        Band::Sure => Some(sureness(Strength::Certain)),
        Band::Review => Some(sureness(Strength::Likely)),
        Band::No => None,
    }
}

fn as_new(known: &Known) -> NewCompany {
    let company = &known.company;
    NewCompany {
        name: company.name.clone(),
        full_name: company.full_name.clone(),
        tax_id: company.tax_id.clone(),
        kpp: company.kpp.clone(),
        city: company.city.clone(),
        website: company.website.clone(),
        phones: known
            .phones
            .iter()
            .map(|one| NewPhone { phone: one.phone.clone(), label: None })
            .collect(),
        emails: known.emails.iter().map(|one| one.address.clone()).collect(),
        contacts: known
            .contacts
            .iter()
            .map(|one| NewContact { name: one.name.clone(), ..NewContact::default() })
            .collect(),
        ..NewCompany::default()
    }
}

/// Keeps the sums of the day. They are added up in a view of the database, so that nobody who
/// writes waits for it.
async fn sum_up(act: &Act, today: &str) -> Outcome<()> {
    while forget_left(act).await? {}
    let totals = store::list_sums(&mut act.db.read().await?, act.org, today).await?;
    let mut tx = act.db.begin().await?;
    store::insert_days(&mut tx, act.org, today, &totals).await?;
    store::update_summed(&mut tx, act.org, act.now).await?;
    tx.announce("quality");
    tx.commit().await
}

/// Takes records that left the base out of the scores, so that no sum counts them; says whether
/// there may be more.
async fn forget_left(act: &Act) -> Outcome<bool> {
    let left = store::list_left(&mut act.db.read().await?, act.org, LEFT).await?;
    if left.is_empty() {
        return Ok(false);
    }
    let mut tx = act.db.begin().await?;
    for company in &left {
        store::delete_score(&mut tx, act.org, *company).await?;
    }
    tx.commit().await?;
    Ok(i64::try_from(left.len()).is_ok_and(|count| count == LEFT))
}

/// What the parts weigh in this firm.
pub async fn find_weights(tx: &mut Tx, org: OrgId) -> Outcome<Weights> {
    let mut weights = Weights::default();
    for (part, weight) in store::list_weights(tx, org).await? {
        weights.0[part as usize] = weight;
    }
    Ok(weights)
}

/// Sets what the parts weigh; the scores follow, unless the parts weigh that already.
pub async fn set_weights(act: &Act, weights: &Weights) -> Outcome<()> {
    weights.check().into_result()?;
    let mut tx = begin!(act);
    if find_weights(&mut tx, act.org).await? == *weights {
        return tx.finish(()).await;
    }
    let mut event = Event::new(Kind::WeightsSet, act.org).person(act.actor);
    for part in Part::ALL {
        store::insert_weight(&mut tx, act.org, (*part, weights.of(*part))).await?;
        event = event.with(part.code(), weights.of(*part));
    }
    event.record(&mut tx, act).await?;
    tx.finish(()).await
}

/// True where reports name who checked; else their role is told.
pub async fn names_checkers(tx: &mut Tx, org: OrgId) -> Outcome<bool> {
    store::find_names_checkers(tx, org).await
}

/// Says whether reports name who checked.
pub async fn set_names_checkers(act: &Act, is_so: bool) -> Outcome<()> {
    let mut tx = begin!(act);
    store::insert_names_checkers(&mut tx, act.org, is_so).await?;
    Event::new(Kind::ReportNamingSet, act.org)
        .person(act.actor)
        .with("names_checkers", is_so)
        .record(&mut tx, act)
        .await?;
    tx.finish(()).await
}

/// A company's score and when it was computed; `None` before it was.
pub async fn find_score(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Option<(Score, Instant)>> {
    store::find_score(tx, org, company).await
}

/// What a page of the base's quality shows: the sums of the last day by kind.
pub async fn list_totals(tx: &mut Tx, org: OrgId, kind: ScopeKind) -> Outcome<Vec<Total>> {
    /// Sources, files or campaigns shown, the largest first.
    const ROWS: i64 = 50;
    let Some(day) = store::find_last_day(tx, org).await? else { return Ok(Vec::new()) };
    store::list_totals(tx, org, (kind, &day), ROWS).await
}

/// The history of a scope, oldest day first.
pub async fn list_days(
    tx: &mut Tx,
    org: OrgId,
    of: (ScopeKind, &str),
    days: i64,
) -> Outcome<Vec<Total>> {
    store::list_days(tx, org, of, days).await
}

/// The records behind a figure, the worst first; of the whole score where no part is named.
pub async fn list_behind(
    tx: &mut Tx,
    scope: &Scope,
    (part, kind, key): (Option<Part>, ScopeKind, &str),
    cursor: &Cursor,
) -> Outcome<Slice<Behind>> {
    let place = cursor.after().split_once(':');
    let place = place.and_then(|(value, id)| Some((value.parse::<i64>().ok()?, id)));
    let (value, after) = place.unwrap_or((-1, ""));
    let limit = cursor.limit();
    let rows = store::list_behind(tx, scope, (part, kind, key), (value, after), limit + 1).await?;
    Ok(Slice::cut(rows, limit, |row| format!("{}:{}", row.part, row.company)))
}
