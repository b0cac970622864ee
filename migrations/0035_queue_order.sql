-- The order of a queue: what a head has put first, a good hour to reach somebody, fewest attempts,
-- then time; of those that came at once, by the shares of their lists.

drop index leads_ready;
drop index leads_waiting;
alter table leads add column priority bigint not null default 1;
alter table leads add column hour_rank bigint not null default 0;
alter table leads add column turn bigint not null default 0;
-- Attempts in the morning, at midday and in the afternoon of the client: of each, three digits.
alter table leads add column tries bigint not null default 0;
create index leads_ready on leads
  (org_id, campaign_id, state, priority, hour_rank, attempts, next_at, turn, id)
  where is_ready = true;
create index leads_waiting on leads
  (org_id, campaign_id, state, priority, attempts, next_at, turn, id)
  where state = 'queued' and is_ready = false and lease_owner_id is null;

-- In which part of the client's day it was.
alter table calls add column part text;
alter table campaigns add column spreads boolean not null default true;
