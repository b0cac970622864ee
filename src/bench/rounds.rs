//! How long a round of checks takes over a loaded and scored firm: to be filled with what is due,
//! to show how far it is, and from the key that records a card to the next card.

use std::collections::BTreeMap;

use serde::Serialize;

use super::pages::{Door, Signed, Times, WARM, summed, watch};
use crate::campaigns::{LegalBasis, Segment};
use crate::leads;
use crate::people::{Viewer, actions, session};
use crate::rounds::{self, RoundTerms};
use crate::storage::{Act, Db};
use crate::values::*;

/// Who calls.
const CALLER: &str = "caller1";
/// Who looks.
const OWNER: &str = "owner";
/// What is said.
const SCRIPT: &str = "> Good day, {contact}, we are bringing our records up to date.\n";

/// A round over a base.
#[derive(Debug, Clone, Serialize)]
pub struct Rounded {
    /// Companies it was filled with.
    pub companies: i64,
    /// Transactions that took.
    pub steps: u32,
    /// How long that took.
    pub fill_seconds: f64,
    /// Its pages, and the way to the next card.
    pub times: Vec<Times>,
}

/// Starts a round over everything that is due, and times it.
pub async fn measure(db: &Db, runs: usize) -> Outcome<Rounded> {
    let door = Door::open(db).await?;
    let (id, steps, fill_seconds) = fill(&door).await?;
    let mut tx = db.read().await?;
    let places = leads::actions::count_places(&mut tx, door.org, id, door.app.now()).await?;
    drop(tx);
    let companies = places.iter().map(|(_, count)| count).sum();
    let page = |what, path: String| super::asked::Asked { what, login: OWNER, paths: vec![path] };
    let mut times = vec![
        door.time(&page("rounds", "/rounds".to_owned()), runs).await?,
        door.time(&page("round", format!("/rounds/{id}")), runs).await?,
    ];
    times.push(time_next(&door, id, runs).await?);
    times.push(door.time(&page("round, cards recorded", format!("/rounds/{id}")), runs).await?);
    times
        .push(door.time(&page("report of the round", format!("/rounds/{id}/report")), runs).await?);
    Ok(Rounded { companies, steps, fill_seconds, times })
}

/// A round with one caller and every company that is due.
async fn fill(door: &Door) -> Outcome<(CampaignId, u32, f64)> {
    let (caller, owner) = (viewer(door, CALLER).await?, viewer(door, OWNER).await?);
    let terms = RoundTerms {
        name: format!("Round of {}", door.app.now().rfc3339()),
        segment: Segment { with_shared: true, ..Segment::default() },
        fields: rounds::ASKED.to_vec(),
        callers: vec![caller.id()],
        until: None,
        legal_basis: LegalBasis::PublicSource,
        principal: None,
        is_paid: false,
    };
    let act = Act { key: None, ..owner.act(&door.app, None) };
    let id = rounds::actions::start(&act, &owner, terms, SCRIPT).await?;
    let begun = watch();
    let mut steps = 1;
    while rounds::actions::enlist(&act, id).await? {
        steps += 1;
    }
    Ok((id, steps, begun.elapsed().as_secs_f64()))
}

async fn viewer(door: &Door, login: &str) -> Outcome<Viewer> {
    let mut tx = door.app.db.read().await?;
    let users = actions::list_users(&mut tx, door.org).await?;
    let user = users.iter().find(|user| user.login == login).ok_or(Error::NotFound)?;
    session::viewer(&mut tx, door.org, user.id, None).await?.ok_or(Error::NotFound)
}

/// The key that records a card: the next company is leased and drawn in the same answer.
async fn time_next(door: &Door, round: CampaignId, runs: usize) -> Outcome<Times> {
    let who = door.sign_in(CALLER).await?;
    let fresh = || AnyId::fresh(door.app.now()).to_string();
    let lease = format!("/campaigns/{round}/lease");
    door.ask(door.form(&who, &lease, &[("_key", fresh().as_str())])?).await?;
    let mut replies = Vec::new();
    for run in 0..=runs + WARM {
        let Some((lead, generation)) = held(door, &who, round).await? else {
            return Err(Error::failure("there is nobody left to ask: score the base first"));
        };
        let key = fresh();
        let mut fields = BTreeMap::from([
            ("_key", key.as_str()),
            ("generation", generation.as_str()),
            ("reach", if run % 2 == 0 { "talked" } else { "not_reached" }),
        ]);
        // The last company is given back, and its answer does not count.
        if run == runs + WARM {
            fields.insert("then", "pause");
        }
        let fields: Vec<(&str, &str)> = fields.into_iter().collect();
        let path = format!("/checks/{lead}/answers");
        replies.push(door.ask(door.form(&who, &path, &fields)?).await?);
    }
    replies.pop();
    Ok(summed(("next card after a recorded one", CALLER), &replies))
}

/// The lead of the round in somebody's hands, with its lease.
async fn held(door: &Door, who: &Signed, round: CampaignId) -> Outcome<Option<(LeadId, String)>> {
    let held = leads::actions::find_held(&mut door.app.db.read().await?, door.org, who.id).await?;
    let held = held.filter(|lead| lead.campaign == round);
    Ok(held.map(|lead| (lead.id, lead.generation.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::load;
    use crate::both;
    use crate::quality;

    both! {
        async fn a_round_over_a_scored_firm_is_timed(t: TestDb) {
            let size = load::Size { companies: 300, events: 3_000, seed: 3 };
            load::fill(&t.db, size, t.clock.now()).await.expect("filled");
            let org = actions::first_firm(&t.db).await.expect("reads").expect("a firm");
            let act = || Act {
                db: t.db.clone(), org, actor: None, now: t.clock.now(), key: None,
            };
            while quality::actions::step(&act()).await.expect("a step") {}
            let done = measure(&t.db, 2).await.expect("measured");
            assert!(done.companies > 100 && done.steps > 0, "{done:?}");
            let wrong: Vec<&Times> = done.times.iter().filter(|page| page.status != 200).collect();
            assert!(wrong.is_empty(), "{wrong:?}");
            assert_eq!(done.times.len(), 5);
        }
    }
}
