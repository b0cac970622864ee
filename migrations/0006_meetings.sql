-- Talks with clients at a time, and what was promised to clients.

create table meetings (
  id text primary key,
  org_id text not null,
  number bigint not null,
  company_id text not null,
  campaign_id text,
  lead_id text,
  contact_id text,
  booker_id text not null,
  booker_team_id text,
  host_id text,
  host_team_id text,
  starts_at bigint not null,
  minutes bigint not null,
  place text not null,
  state text not null,
  note text not null,
  marked_by text,
  marked_at bigint,
  version bigint not null,
  made_at bigint not null
);
create index meetings_by_start on meetings (org_id, starts_at, id);
create index meetings_unmarked on meetings (org_id, starts_at, id) where state = 'booked';
create index meetings_by_company on meetings (org_id, company_id, starts_at);
create index meetings_by_host on meetings (org_id, host_id, starts_at);

create table promises (
  id text primary key,
  org_id text not null,
  number bigint not null,
  company_id text not null,
  campaign_id text,
  words text not null,
  due_at bigint not null,
  holder_id text not null,
  holder_team_id text,
  made_by text not null,
  made_at bigint not null,
  state text not null,
  note text not null,
  answered_by text,
  answered_at bigint,
  version bigint not null
);
create index promises_by_company on promises (org_id, company_id, state, due_at);
create index promises_by_holder on promises (org_id, holder_id, state, due_at);
create index promises_answered on promises (org_id, answered_at) where answered_at is not null;
create index promises_by_due on promises (org_id, state, due_at, id);
