//! What the database holds beside the journal: each acknowledged write once, whole, with its
//! event, and nothing that nobody asked for.

use std::collections::{BTreeMap, BTreeSet};

use troika::storage::{Db, Row, Tx};
use troika::vals;
use troika::values::OrgId;

use super::firm::Firm;
use super::journal::{Deed, Held, Journal, text};

/// The events that tell of the deeds, each once.
const TOLD: [&str; 12] = [
    "call.recorded",
    "lead.leased",
    "lead.refused",
    "lead.qualified",
    "lead.decision_maker_found",
    "callback.promised",
    "contact.suppressed",
    "handoff.accepted",
    "opportunity.won",
    "contract.signed",
    "payment.entered",
    "company.added",
];

/// Everything that was acknowledged stands, once and whole; every deed that stands was asked for.
/// Nothing is asked for meanwhile.
pub async fn compare(db: &Db, firm: &Firm, journal: &Journal) {
    assert!(journal.open.is_empty(), "what was cut off was asked again");
    let mut tx = db.read().await.expect("the database is read");
    receipts(&mut tx, firm, journal).await;
    themes(&mut tx, firm, journal).await;
    calls(&mut tx, firm.org, journal).await;
    sales(&mut tx, firm.org, journal).await;
    base(&mut tx, firm.org, journal).await;
    events(&mut tx, firm.org, journal).await;
}

/// The same lines on both sides, however ordered, each as often.
pub fn same(what: &str, mut wanted: Vec<String>, mut found: Vec<String>) {
    wanted.sort_unstable();
    found.sort_unstable();
    if wanted == found {
        return;
    }
    let less = |from: &[String], by: &[String]| {
        let mut left = from.to_vec();
        for line in by {
            if let Some(at) = left.iter().position(|known| known == line) {
                left.swap_remove(at);
            }
        }
        left.truncate(3);
        left
    };
    panic!(
        "{what}: acknowledged and lost {:?}; there and never acknowledged {:?}",
        less(&wanted, &found),
        less(&found, &wanted)
    );
}

pub async fn rows(tx: &mut Tx, org: OrgId, statement: &'static str) -> Vec<Row> {
    tx.all(statement, vals![org]).await.expect("the database is read")
}

/// The columns of every row in one line each.
pub async fn lines(tx: &mut Tx, org: OrgId, statement: &'static str) -> Vec<String> {
    let all = rows(tx, org, statement).await;
    let line = |row: &Row| {
        let cells = row.cells().into_iter().map(|(_, cell)| cell.unwrap_or_default());
        cells.collect::<Vec<_>>().join(" ")
    };
    all.iter().map(line).collect()
}

fn wanted<'a>(
    journal: &'a Journal,
    line: impl Fn(&'a Deed, &'a serde_json::Value, &'a str) -> Option<String> + 'a,
) -> Vec<String> {
    let all = journal.done.iter();
    all.filter_map(|(wish, answer)| line(&wish.deed, answer, &wish.key)).collect()
}

fn of(answer: &serde_json::Value, field: &str) -> String {
    text(&answer[field]).unwrap_or_default()
}

async fn receipts(tx: &mut Tx, firm: &Firm, journal: &Journal) {
    let all = rows(
        tx,
        firm.org,
        "select actor, request_key, answer from receipts where org_id = $1 and actor <> ''",
    )
    .await;
    let text = |row: &Row, column| row.text(column).expect("text");
    let half: Vec<_> = all.iter().filter(|row| text(row, "answer").is_empty()).collect();
    assert!(half.is_empty(), "{} writes are half there", half.len());
    let found =
        all.iter().map(|row| format!("{} {}", text(row, "actor"), text(row, "request_key")));
    let mut asked = Vec::new();
    for (wish, _) in &journal.done {
        let key = format!("{} {}", firm.workers[wish.who].person.id, wish.key);
        if matches!(wish.deed, Deed::Call { meaning: "do_not_call", .. }) {
            asked.push(format!("{key}/suppress"));
        }
        asked.push(key);
    }
    same("receipts", asked, found.collect());
}

async fn themes(tx: &mut Tx, firm: &Firm, journal: &Journal) {
    let all = rows(tx, firm.org, "select id, theme from users where org_id = $1").await;
    let found: BTreeMap<_, _> = all
        .iter()
        .map(|row| (row.text("id").expect("text"), row.text("theme").expect("text")))
        .collect();
    for (worker, hands) in firm.workers.iter().zip(&journal.hands) {
        let Some(theme) = hands.theme else { continue };
        let login = worker.person.login;
        assert_eq!(found[&worker.person.id.to_string()], theme, "the last write of {login}");
    }
}

async fn calls(tx: &mut Tx, org: OrgId, journal: &Journal) {
    let found = lines(
        tx,
        org,
        "select id, lead_id, company_id, lease_generation, meaning from calls where org_id = $1",
    )
    .await;
    let asked = wanted(journal, |deed, answer, _| match deed {
        Deed::Call { held: Held { lead, company, generation }, meaning } => {
            Some(format!("{} {lead} {company} {generation} {meaning}", of(answer, "call")))
        }
        _ => None,
    });
    same("calls", asked, found);
    let bans = "select company_id from suppressions where org_id = $1";
    let asked = wanted(journal, |deed, _, _| match deed {
        Deed::Call { held, meaning: "do_not_call" } => Some(held.company.clone()),
        _ => None,
    });
    same("bans", asked, lines(tx, org, bans).await);
}

async fn sales(tx: &mut Tx, org: OrgId, journal: &Journal) {
    let found = lines(
        tx,
        org,
        "select id, coalesce(opportunity_id, opened_client_id) from handoffs \
         where org_id = $1 and state = 'accepted'",
    )
    .await;
    let asked = wanted(journal, |deed, answer, _| match deed {
        Deed::Accept { handoff } => {
            let opened = of(answer, "opportunity") + &of(answer, "client");
            Some(format!("{handoff} {opened}"))
        }
        _ => None,
    });
    same("hand-offs", asked, found);
    let won = wanted(journal, |deed, answer, _| match deed {
        Deed::Win { opportunity } => Some(format!("{opportunity} {}", of(answer, "contract"))),
        _ => None,
    });
    let found = "select id, contract_id from opportunities where org_id = $1 and state = 'won'";
    same("opportunities", won.clone(), lines(tx, org, found).await);
    let found = "select opportunity_id, id from contracts where org_id = $1";
    same("contracts", won, lines(tx, org, found).await);
    let found = lines(tx, org, "select id, contract_id from payments where org_id = $1").await;
    let asked = wanted(journal, |deed, answer, _| match deed {
        Deed::Pay { contract } => Some(format!("{} {contract}", of(answer, "payment"))),
        _ => None,
    });
    let count = asked.len();
    same("payments", asked, found);
    let numbers = lines(tx, org, "select number from payments where org_id = $1").await;
    same("numbers of payments", (1..=count).map(|n| n.to_string()).collect(), numbers);
}

async fn base(tx: &mut Tx, org: OrgId, journal: &Journal) {
    let found =
        lines(tx, org, "select id, name from companies where org_id = $1 and name like 'Новая %'")
            .await;
    let asked = wanted(journal, |deed, answer, key| {
        matches!(deed, Deed::Add).then(|| format!("{} Новая {key}", of(answer, "id")))
    });
    same("companies", asked, found);
    let found = lines(tx, org, "select id, company_id, body from notes where org_id = $1").await;
    let asked = wanted(journal, |deed, answer, key| match deed {
        Deed::Note { company } => Some(format!("{} {company} Заметка {key}", of(answer, "id"))),
        _ => None,
    });
    same("notes", asked, found);
}

async fn events(tx: &mut Tx, org: OrgId, journal: &Journal) {
    let all =
        rows(tx, org, "select kind, subject_id, company_id, detail from events where org_id = $1");
    let mut found = Vec::new();
    for row in all.await {
        let [kind, subject, detail] =
            ["kind", "subject_id", "detail"].map(|column| row.text(column).expect("text"));
        let detail: serde_json::Value = serde_json::from_str(&detail).expect("JSON");
        found.extend(match kind.as_str() {
            "lead.leased" => Some(format!("{kind} {subject} {}", detail["generation"])),
            "callback.promised" => Some(format!("{kind} {}", of(&detail, "lead"))),
            "contact.suppressed" => {
                Some(format!("{kind} {}", row.text("company_id").expect("a company")))
            }
            "company.note_written" => Some(format!("{kind} {}", of(&detail, "note"))),
            _ => TOLD.contains(&kind.as_str()).then(|| format!("{kind} {subject}")),
        });
    }
    let mut asked = Vec::new();
    asked.extend(
        journal.leases().map(|held| format!("lead.leased {} {}", held.lead, held.generation)),
    );
    let mut found_deciders = BTreeSet::new();
    for (wish, answer) in &journal.done {
        let one = |kind: &str, subject: &str| format!("{kind} {subject}");
        asked.extend(match &wish.deed {
            Deed::Theme(_) | Deed::Lease => Vec::new(),
            Deed::Call { held, meaning } => {
                let call = one("call.recorded", &of(answer, "call"));
                let more = match *meaning {
                    "refusal" => Some(one("lead.refused", &held.lead)),
                    "qualified" => Some(one("lead.qualified", &held.lead)),
                    "callback" => Some(one("callback.promised", &held.lead)),
                    "do_not_call" => Some(one("contact.suppressed", &held.company)),
                    "decision_maker_found" if found_deciders.insert(&held.lead) => {
                        Some(one("lead.decision_maker_found", &held.lead))
                    }
                    _ => None,
                };
                more.into_iter().chain([call]).collect()
            }
            Deed::Accept { handoff } => vec![one("handoff.accepted", handoff)],
            Deed::Win { opportunity } => vec![
                one("opportunity.won", opportunity),
                one("contract.signed", &of(answer, "contract")),
            ],
            Deed::Pay { .. } => vec![one("payment.entered", &of(answer, "payment"))],
            Deed::Add => vec![one("company.added", &of(answer, "id"))],
            Deed::Note { .. } => vec![one("company.note_written", &of(answer, "id"))],
        });
    }
    same("events", asked, found);
}

/// Once nothing is asked for any more: every job came to its end, and what follows from a deed
/// stands, once.
pub async fn follow(db: &Db, firm: &Firm, journal: &Journal) {
    let mut tx = db.read().await.expect("the database is read");
    let jobs = "select kind, subject, problem from jobs where org_id = $1 and \
                (kind like 'events.%' or problem is not null or failed_at is not null)";
    same("jobs", Vec::new(), lines(&mut tx, firm.org, jobs).await);
    let offered = "select coalesce(lead_id, contract_id) from handoffs where org_id = $1";
    let asked = wanted(journal, |deed, answer, _| match deed {
        Deed::Call { held, meaning: "qualified" } => Some(held.lead.clone()),
        Deed::Win { .. } => Some(of(answer, "contract")),
        _ => None,
    });
    same("offers", asked.clone(), lines(&mut tx, firm.org, offered).await);
    let told = "select h.lead_id from events e join handoffs h on h.id = e.subject_id \
                where e.org_id = $1 and e.kind = 'handoff.offered' and h.lead_id is not null \
                union all select h.contract_id from events e \
                join handoffs h on h.id = e.subject_id \
                where e.org_id = $1 and e.kind = 'handoff.offered' and h.contract_id is not null";
    same("offers told", asked, lines(&mut tx, firm.org, told).await);
    let paid = "select distinct e.subject_id from entries l join events e on e.id = l.event_id \
                where l.org_id = $1 and e.kind = 'payment.entered'";
    let asked = wanted(journal, |deed, answer, _| {
        matches!(deed, Deed::Pay { .. }).then(|| of(answer, "payment"))
    });
    same("pay of payments", asked, lines(&mut tx, firm.org, paid).await);
}
