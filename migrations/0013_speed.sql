-- Indexes that hold all that a question asks, so that a large firm's rows are not read for it.

-- Where the leads of a campaign stand, and when the next may be looked at.
drop index leads_by_state;
create index leads_by_place on leads (org_id, campaign_id, state, denied_rule, next_at,
  lease_owner_id, callback_at, nurture_until, closed_reason);
-- The queue in the order it is leased. What is fixed comes first, as in the index above, which
-- must not go on with `next_at`: otherwise that one is taken, and every lease sorts the queue.
drop index leads_ready;
create index leads_ready on leads (org_id, campaign_id, state, priority desc, attempts, next_at, id)
  where is_ready = true;
drop index leads_waiting;
create index leads_waiting on leads (org_id, campaign_id, state, priority desc, attempts, next_at, id)
  where state = 'queued' and is_ready = false and lease_owner_id is null;
drop index leads_callbacks;
create index leads_callbacks on leads (org_id, campaign_id, state, callback_at)
  where callback_at is not null;
-- Whose promised calls come next.
create index leads_promised on leads (org_id, callback_owner_id, callback_at)
  where callback_at is not null;

-- A person's work by its kinds: what pays is a small part of it.
drop index events_by_person;
create index events_by_person on events (org_id, person_id, kind, at);

-- Sums of pay by person and month.
create index entries_sums on entries (org_id, person_id, currency, period, posted, pending);
