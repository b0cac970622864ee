-- No lead was ever more urgent than another: the queue goes by attempts, then by time.

drop index leads_ready;
drop index leads_waiting;
alter table leads drop column priority;
create index leads_ready on leads (org_id, campaign_id, state, attempts, next_at, id)
  where is_ready = true;
create index leads_waiting on leads (org_id, campaign_id, state, attempts, next_at, id)
  where state = 'queued' and is_ready = false and lease_owner_id is null;
