-- What reports ask by: time alone, whatever the campaign.

create index calls_by_time on calls (org_id, at);
