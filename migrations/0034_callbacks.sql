-- A promised call is a record of its own: who promised it in which call, to when, whose it is, and
-- how it ended. The columns of its lead stay, for the queue to find it by.
create table callbacks (
  id text primary key,
  org_id text not null references organisations (id),
  lead_id text not null references leads (id),
  campaign_id text not null references campaigns (id),
  origin text not null,
  asked_in text,
  asked_by text references users (id),
  made_at bigint not null,
  at bigint not null,
  owner_id text references users (id),
  ended_at bigint,
  ended_as text,
  ended_in text,
  ended_why text,
  ended_by text references users (id),
  version bigint not null
);
-- Of a lead one callback is open at most.
create unique index callbacks_one_open on callbacks (lead_id) where ended_at is null;
create index callbacks_by_lead on callbacks (org_id, lead_id, made_at, id);
create index callbacks_open_by_owner on callbacks (org_id, owner_id, id) where ended_at is null;
create index callbacks_open_by_campaign on callbacks (org_id, campaign_id, id)
  where ended_at is null;

-- What was promised before has its record now. The call that promised it is the last one that
-- named this time; a lead that tier 2 sent back has none. What ended before is not known any more.
insert into callbacks (id, org_id, lead_id, campaign_id, origin, asked_in, asked_by, made_at, at,
  owner_id, version)
select l.id, l.org_id, l.id, l.campaign_id,
  case when k.id is not null then 'call' when l.returned_reason is not null then 'return'
    else 'before' end,
  k.id, k.caller_id, coalesce(k.at, l.changed_at), l.callback_at, l.callback_owner_id, 1
from leads l left join calls k on k.id = (select c.id from calls c where c.lead_id = l.id
  and c.callback_at = l.callback_at and c.reversed_at is null order by c.at desc, c.id desc limit 1)
where l.callback_at is not null and l.state = 'queued';
