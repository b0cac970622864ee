-- What the wallboard of the calls reads: who has paused, what is left to call, what was abandoned,
-- who complained.

alter table seats add column paused_at bigint;

create index leads_supply on leads (org_id, campaign_id, next_at)
  where state = 'queued' and lease_owner_id is null;
create index attempts_talked on attempts (org_id, campaign_id, made_at)
  where answered_at is not null or mechanism = 'abandoned';
create index suppressions_complaints on suppressions (org_id, made_at)
  where reason = 'complaint';
