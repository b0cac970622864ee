//! The questions behind the invariants: each finds what must not be there.

use super::Broken;
use crate::storage::Tx;
use crate::values::Outcome;

/// A rule, and the statement that lists what breaks it as `what`.
const QUESTIONS: &[(&str, &str)] = &[
    (
        "an action that happened has an answer",
        "select request_key as what from receipts where answer = ''",
    ),
    (
        "an event's company is known",
        "select e.id as what from events e left join companies c on c.id = e.company_id \
         where e.company_id is not null and c.id is null",
    ),
    (
        "an event's person is known",
        "select e.id as what from events e left join users u on u.id = e.person_id \
         where e.person_id is not null and u.id is null",
    ),
    (
        "a lead is of a known company",
        "select l.id as what from leads l left join companies c on c.id = l.company_id \
         where c.id is null",
    ),
    (
        "a lease has an owner, an end and a generation, or nothing of it",
        "select id as what from leads where (lease_owner_id is null) <> (lease_until is null) \
         or (lease_owner_id is not null and lease_generation < 1)",
    ),
    (
        "a caller holds one company at most",
        "select lease_owner_id as what from leads where lease_owner_id is not null \
         group by org_id, lease_owner_id having count(*) > 1",
    ),
    (
        "a company is leased to one caller at most",
        "select company_id as what from leads where lease_owner_id is not null \
         group by org_id, company_id having count(*) > 1",
    ),
    (
        "a call has both results",
        "select id as what from calls where mechanism = '' or meaning = ''",
    ),
    (
        "a refusal has a reason",
        "select id as what from calls where meaning = 'refusal' and reason is null",
    ),
    (
        "a call's generation was granted",
        "select c.id as what from calls c join leads l on l.id = c.lead_id \
         where c.lease_generation > l.lease_generation",
    ),
    (
        "a hand-off that waits has no answer, one that was answered has",
        "select id as what from handoffs where (state = 'offered' and answered_at is not null) \
         or (state in ('accepted', 'rejected') and answered_at is null)",
    ),
    (
        "an accepted hand-off opened something",
        "select id as what from handoffs where state = 'accepted' \
         and opportunity_id is null and opened_client_id is null",
    ),
    (
        "a rejected hand-off has a reason",
        "select id as what from handoffs where state = 'rejected' and reason is null",
    ),
    (
        "a hand-off's opportunity is known",
        "select h.id as what from handoffs h left join opportunities o on o.id = h.opportunity_id \
         where h.opportunity_id is not null and o.id is null",
    ),
    (
        "a hand-off's lead is known",
        "select h.id as what from handoffs h left join leads l on l.id = h.lead_id \
         where h.lead_id is not null and l.id is null",
    ),
    (
        "a lost opportunity has a reason, a won one a contract",
        "select id as what from opportunities where (state = 'lost' and loss_reason is null) \
         or (state = 'won' and contract_id is null)",
    ),
    (
        "a contract stems from a won opportunity",
        "select c.id as what from contracts c left join opportunities o on o.id = c.opportunity_id \
         where o.id is null or o.state <> 'won'",
    ),
    (
        "a payment is reversed once and by the same amount",
        "select p.id as what from payments p join payments r on r.id = p.reverses_id \
         where p.amount <> -r.amount or p.contract_id <> r.contract_id \
         or (select count(*) from payments s where s.reverses_id = r.id) > 1",
    ),
    (
        "a client has a contract",
        "select c.id as what from clients c left join client_contracts k on k.client_id = c.id \
         where k.client_id is null",
    ),
    (
        "an order belongs to a client",
        "select o.id as what from orders o left join clients c on c.id = o.client_id \
         where c.id is null",
    ),
    (
        "a meeting is of a known company",
        "select m.id as what from meetings m left join companies c on c.id = m.company_id \
         where c.id is null",
    ),
    (
        "a promise is of a known company and has a holder",
        "select p.id as what from promises p left join companies c on c.id = p.company_id \
         left join users u on u.id = p.holder_id where c.id is null or u.id is null",
    ),
    (
        "a task is somebody's",
        "select t.id as what from tasks t left join users u on u.id = t.person_id \
         where u.id is null",
    ),
    (
        "a job that failed for good is looked at by a person",
        "select kind || ' ' || subject || ': ' || problem as what from jobs \
         where failed_at is not null",
    ),
];

pub(super) async fn list_broken(tx: &mut Tx) -> Outcome<Vec<Broken>> {
    let mut broken = Vec::new();
    for (rule, statement) in QUESTIONS {
        for row in tx.all(statement, &[]).await? {
            broken.push(Broken { rule, what: row.text("what")? });
        }
    }
    Ok(broken)
}
