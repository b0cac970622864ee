-- What a head has put first and nobody has looked at yet: few or none, asked for with every lease.
-- By the order of a queue it would be sought among everything that waits.
create index leads_first on leads (org_id, campaign_id, next_at)
  where priority = 0 and state = 'queued' and is_ready = false and lease_owner_id is null;
