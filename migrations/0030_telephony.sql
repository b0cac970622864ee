-- Calls by the product itself: phones of people, engines that run, attempts on the wire with what
-- was told of them, recordings. An attempt names the number by id, so that it can be erased.

-- While a call made under a lease has no result, the lease ends in no other way.
alter table leads add column awaits_result boolean not null default false;

create table phone_accounts (
  user_id text primary key references users (id),
  org_id text not null references organisations (id),
  name text not null,
  proof_hash text not null,
  made_by text,
  made_at bigint not null
);
create unique index phone_accounts_name_taken on phone_accounts (org_id, name);

-- A run of an engine. Of two at one place the older is gone, for a place has one socket.
create table exchanges (
  id text primary key,
  org_id text not null references organisations (id),
  place text not null,
  began_at bigint not null,
  seen_at bigint not null,
  ended_at bigint,
  is_trunk_up boolean not null
);
create index exchanges_by_place on exchanges (org_id, place);

-- The phones that are registered with it.
create table exchange_phones (
  exchange_id text not null references exchanges (id),
  user_id text not null references users (id),
  org_id text not null,
  since_at bigint not null,
  primary key (exchange_id, user_id)
);

create table attempts (
  id text primary key,
  org_id text not null references organisations (id),
  company_id text not null,
  lead_id text not null references leads (id),
  campaign_id text not null,
  lease_generation bigint not null,
  caller_id text not null references users (id),
  phone_id text,
  origin text not null,
  state text not null,
  exchange_id text,
  -- Measured by a machine.
  asked_at bigint,
  dialled_at bigint,
  rang_at bigint,
  answered_at bigint,
  ended_at bigint,
  ring_ms bigint,
  talk_ms bigint,
  -- Said by a person.
  attested_at bigint,
  -- How it ended, as the network says; apart from the result that a person files.
  mechanism text,
  status bigint,
  q850 bigint,
  ended_by text,
  retry_key text,
  is_counted boolean,
  settled_at bigint,
  hang_up_at bigint,
  is_recorded boolean not null,
  call_id text,
  made_at bigint not null
);
create unique index attempts_one_at_a_time on attempts (org_id, caller_id)
  where settled_at is null;
create index attempts_of_lease on attempts (lead_id, lease_generation);
create index attempts_by_company on attempts (org_id, company_id, made_at);
create index attempts_by_call on attempts (call_id) where call_id is not null;
create index attempts_under_way on attempts (exchange_id) where settled_at is null;

-- What was told of an attempt, each number once.
create table attempt_events (
  attempt_id text not null references attempts (id),
  seq bigint not null,
  org_id text not null,
  at bigint not null,
  received_at bigint not null,
  kind text not null,
  detail text not null,
  primary key (attempt_id, seq)
);

create table recordings (
  id text primary key,
  org_id text not null references organisations (id),
  attempt_id text not null references attempts (id),
  seq bigint not null,
  path text not null,
  duration_ms bigint not null,
  bytes bigint not null,
  digest text not null,
  made_at bigint not null,
  until bigint not null,
  removed_at bigint
);
create unique index recordings_told_once on recordings (attempt_id, seq);
create index recordings_due on recordings (until) where removed_at is null;
