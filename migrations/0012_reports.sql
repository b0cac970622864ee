-- What reports ask by: time alone, whatever the campaign.

create index calls_by_time on calls (org_id, at);
create index handoffs_by_time on handoffs (org_id, offered_at);
