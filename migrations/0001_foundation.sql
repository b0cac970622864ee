-- What every folder stands on: firms, numbers, receipts, events, jobs, drafts, files.

create table organisations (
  id text primary key,
  name text not null,
  zone text not null,
  currency text not null,
  lang text not null,
  is_demo boolean not null,
  made_at bigint not null
);

create table counters (
  org_id text not null,
  noun text not null,
  last bigint not null,
  primary key (org_id, noun)
);

create table receipts (
  org_id text not null,
  actor text not null,
  request_key text not null,
  request_digest text not null,
  answer text not null,
  made_at bigint not null,
  primary key (org_id, actor, request_key)
);

create table events (
  id text primary key,
  org_id text not null,
  at bigint not null,
  actor_id text,
  kind text not null,
  subject_id text not null,
  company_id text,
  campaign_id text,
  person_id text,
  tier bigint,
  reason text,
  amount bigint,
  currency text,
  detail text not null
);
create index events_by_company on events (org_id, company_id, at);
create index events_by_kind on events (org_id, kind, at);
create index events_by_campaign on events (org_id, campaign_id, kind, at);
create index events_by_person on events (org_id, person_id, at);
create index events_by_subject on events (org_id, subject_id, at);

create table jobs (
  id text primary key,
  org_id text not null,
  kind text not null,
  subject text not null,
  run_at bigint not null,
  tries bigint not null,
  generation bigint not null,
  leased_until bigint,
  failed_at bigint,
  problem text,
  made_at bigint not null
);
create index jobs_waiting on jobs (failed_at, run_at);

create table drafts (
  org_id text not null,
  user_id text not null,
  scope text not null,
  body text not null,
  saved_at bigint not null,
  primary key (org_id, user_id, scope)
);

create table files (
  id text primary key,
  org_id text not null,
  name text not null,
  media_type text not null,
  byte_count bigint not null,
  sha256 text not null,
  content bytea not null,
  made_at bigint not null
);
