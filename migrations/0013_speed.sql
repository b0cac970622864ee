-- Indexes that hold all that a question asks, so that a large firm's rows are not read for it.

-- Where the leads of a campaign stand, and when the next may be looked at.
drop index leads_by_state;
create index leads_by_place on leads (org_id, campaign_id, state, next_at, lease_owner_id,
  denied_rule, callback_at, nurture_until, closed_reason);
-- Whose promised calls come next.
create index leads_promised on leads (org_id, callback_owner_id, callback_at)
  where callback_at is not null;

-- A person's work by its kinds: what pays is a small part of it.
drop index events_by_person;
create index events_by_person on events (org_id, person_id, kind, at);

-- Sums of pay by person and month.
create index entries_sums on entries (org_id, person_id, currency, period, posted, pending);
