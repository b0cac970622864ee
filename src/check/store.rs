//! The questions behind the invariants: each finds what must not be there.

use super::Broken;
use crate::storage::Tx;
use crate::values::Outcome;

/// Everything that moves with a merge and cannot wait at the merged company.
macro_rules! moved {
    () => {
        "select 'contacts' as noun, id, company_id from contacts \
         union all select 'bases', id, company_id from bases \
         union all select 'notes', id, company_id from notes \
         union all select 'meetings', id, company_id from meetings \
         union all select 'promises', id, company_id from promises \
         union all select 'calls', id, company_id from calls \
         union all select 'letters', id, company_id from letters \
         union all select 'attempts', id, company_id from attempts \
         union all select 'incoming_calls', id, company_id from incoming_calls \
         union all select 'campaign_halts', id, company_id from campaign_halts \
         union all select 'handoffs', id, company_id from handoffs \
         union all select 'opportunities', id, company_id from opportunities \
         union all select 'contracts', id, company_id from contracts \
         union all select 'tasks', id, company_id from tasks \
         union all select 'clients', id, company_id from clients \
         union all select 'orders', id, company_id from orders \
         union all select 'important_dates', id, company_id from important_dates"
    };
}

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
        "a lead and its open callback name the same time and person",
        "select l.id as what from leads l left join callbacks b on b.lead_id = l.id \
         and b.ended_at is null where (l.callback_at is null) <> (b.id is null) \
         or (b.id is not null and (l.state <> 'queued' or l.org_id <> b.org_id \
           or l.campaign_id <> b.campaign_id or l.callback_at <> b.at \
           or coalesce(l.callback_owner_id, '') <> coalesce(b.owner_id, '') \
           or coalesce(l.callback_fallback_id, '') <> coalesce(b.fallback_id, '')))",
    ),
    (
        "who stands in for a promised call is another than its owner, and it has one",
        "select id as what from callbacks where fallback_id is not null and ended_at is null \
         and (owner_id is null or owner_id = fallback_id)",
    ),
    (
        "a callback that ended was made in a call or has a reason, an open one has neither",
        "select b.id as what from callbacks b left join calls k on k.id = b.ended_in \
         where (b.ended_at is null) <> (b.ended_as is null) \
         or (b.ended_as is null and (b.ended_in is not null or b.ended_why is not null)) \
         or (b.ended_as = 'done' and (k.id is null or k.lead_id <> b.lead_id \
           or k.reversed_at is not null or b.ended_why is not null)) \
         or (b.ended_as = 'cancelled' and (b.ended_why is null or b.ended_in is not null)) \
         or b.ended_as not in ('done', 'cancelled')",
    ),
    (
        "a callback was promised in a call of its lead",
        "select b.id as what from callbacks b left join calls k on k.id = b.asked_in \
         where (b.origin = 'call') <> (b.asked_in is not null) \
         or (b.asked_in is not null and (k.id is null or k.lead_id <> b.lead_id))",
    ),
    (
        "a call has both results",
        "select id as what from calls where mechanism = '' or meaning = ''",
    ),
    (
        "a letter was sent before it was recorded, and taken back after",
        "select id as what from letters where sent_at > made_at \
         or (taken_back_at is not null and taken_back_at < made_at)",
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
        "how a call ended is the network's word where nobody said otherwise",
        "select id as what from calls where mechanism_by is null and measured is not null \
         and measured <> mechanism",
    ),
    (
        "a call that came in is counted nowhere and has no result",
        "select id as what from attempts where origin = 'in' \
         and (is_counted is null or is_counted = true or call_id is not null)",
    ),
    (
        "an attempt that is settled has an end or somebody's word",
        "select id as what from attempts where settled_at is not null and mechanism is null \
         and attested_at is null and (origin <> 'link' or asked_at is null)",
    ),
    (
        "what a machine measured and what a person attested are apart",
        "select id as what from attempts a where attested_at is not null \
         and (origin <> 'link' or answered_at is not null or talk_ms is not null) \
         and not exists (select 1 from hosted_calls h where h.attempt_id = a.id)",
    ),
    (
        "a call of a hosted exchange that was an attempt is its caller's, by their own telephone",
        "select h.id as what from hosted_calls h join attempts a on a.id = h.attempt_id \
         where a.org_id <> h.org_id or a.origin <> 'link' or a.attested_at is null \
         or a.caller_id <> coalesce(h.user_id, '') or h.direction <> 'out'",
    ),
    (
        "a lease that waits for a result is somebody's",
        "select id as what from leads where awaits_result = true and lease_owner_id is null",
    ),
    (
        "a hand-off that waits has no answer, one that was answered has",
        "select id as what from handoffs where (state = 'offered' and answered_at is not null) \
         or (state in ('accepted', 'rejected') and answered_at is null)",
    ),
    (
        "an offered lead has a hand-off that waits",
        "select l.id as what from leads l where l.state = 'offered' and not exists \
         (select 1 from handoffs h where h.lead_id = l.id and h.state = 'offered') \
         and not exists (select 1 from events e join jobs j on j.subject = e.id \
           where e.subject_id = l.id and j.kind = 'events.follow' and j.failed_at is null)",
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
         where k.client_id is null and coalesce(c.end_reason, '') <> 'merged'",
    ),
    (
        "an order is of the company of its client",
        "select o.id as what from orders o join clients c on c.id = o.client_id \
         where o.company_id <> c.company_id",
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
        "a check is of a known company",
        "select v.id as what from verifications v left join companies c on c.id = v.company_id \
         where c.id is null",
    ),
    (
        "a check that was taken back is known",
        "select r.verification_id as what from check_reversals r \
         left join verifications v on v.id = r.verification_id where v.id is null",
    ),
    (
        "a round is a campaign of actualisation",
        "select r.campaign_id as what from rounds r \
         left join campaigns g on g.id = r.campaign_id \
         where g.id is null or g.purpose <> 'actualisation' or g.org_id <> r.org_id",
    ),
    (
        "a check of a call that was taken back is taken back, too",
        "select v.id as what from verifications v join calls k on k.id = v.call_id \
         where k.reversed_at is not null and not exists (select 1 from check_reversals r \
           where r.verification_id = v.id)",
    ),
    (
        "a score is of a company of the base and lies between nought and a thousand",
        "select s.company_id as what from company_scores s \
         left join companies c on c.id = s.company_id where c.id is null \
         or c.org_id <> s.org_id or s.score < 0 or s.score > 1000 \
         or s.completeness < 0 or s.completeness > 1000 or s.validity < 0 or s.validity > 1000 \
         or s.uniqueness < 0 or s.uniqueness > 1000 or s.freshness < 0 or s.freshness > 1000 \
         or s.contactability < 0 or s.contactability > 1000 \
         or s.decision_maker < 0 or s.decision_maker > 1000",
    ),
    (
        "a day's sums are within what its companies can have",
        "select scope || ' ' || scope_key || ' ' || day as what from score_days \
         where companies < 1 or score < 0 or score > companies * 1000",
    ),
    (
        "a person who left decides nothing",
        "select id as what from contacts where gone_at is not null and is_decision_maker = true",
    ),
    (
        "a person who was joined to another stands behind one who stands for themselves there",
        "select c.id as what from contacts c left join contacts k on k.id = c.joined_id \
         where c.joined_id is not null and (k.id is null or k.joined_id is not null \
         or k.company_id <> c.company_id)",
    ),
    (
        "of a person who was erased there is no record and no date",
        "select e.number || ': ' || r.id as what from erasures e join \
         (select id, id as contact_id, org_id from contacts union all \
         select id, contact_id, org_id from important_dates union all \
         select id, contact_id, org_id from meetings) r \
         on r.contact_id = e.contact_id and r.org_id = e.org_id",
    ),
    (
        "a merged company stands behind a living one",
        "select c.id as what from companies c left join companies s on s.id = c.merged_into \
         where c.merged_into is not null and (s.id is null or s.merged_into is not null)",
    ),
    (
        "a merged company has a merge that stands, and a merge that stands a merged company",
        "select c.id as what from companies c where c.merged_into is not null and not exists \
         (select 1 from merges m where m.loser_id = c.id and m.undone_at is null) \
         union all select m.id from merges m join companies c on c.id = m.loser_id \
         where m.undone_at is null and c.merged_into is null",
    ),
    (
        "no lead that is worked belongs to a merged company",
        "select l.id as what from leads l join companies c on c.id = l.company_id \
         where c.merged_into is not null \
         and (l.state in ('queued', 'offered') or l.lease_owner_id is not null)",
    ),
    (
        "nothing that moves with a merge was left with a merged company",
        concat!(
            "select r.noun || ' ' || r.id as what from (",
            moved!(),
            ") r join companies c on c.id = r.company_id where c.merged_into is not null"
        ),
    ),
    (
        "what a merge moved is with the survivor of its home",
        concat!(
            "select r.noun || ' ' || m.row_id as what from merge_moves m join (",
            moved!(),
            ") r on r.noun = m.noun and r.id = m.row_id join companies h on h.id = m.home_id \
             where m.returned_at is null and r.company_id <> coalesce(h.merged_into, h.id)"
        ),
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
