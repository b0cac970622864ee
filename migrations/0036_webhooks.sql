-- Exchanges of others that tell of their calls: who is believed, what was told, which attempt it
-- was, and who was told that somebody calls.

create table connectors (
  id text primary key,
  org_id text not null references organisations (id),
  name text not null,
  provider text not null,
  account text not null,
  -- What signatures are made with, so it is needed as it is; as good as the password that it is.
  secret text not null,
  made_by text references users (id),
  made_at bigint not null,
  renewed_at bigint not null,
  ended_at bigint,
  -- When it told something last.
  heard_at bigint
);
create index connectors_of_firm on connectors (org_id, made_at);

-- Whose extension is whose.
create table connector_extensions (
  connector_id text not null references connectors (id),
  extension text not null,
  org_id text not null,
  user_id text not null references users (id),
  primary key (connector_id, extension)
);

-- Whoever looks for the attempt of a person's call, or for the call of their attempt, holds this
-- first: of two at once the second sees what the first has written.
create table hosted_desks (
  user_id text primary key references users (id),
  org_id text not null references organisations (id)
);

create table hosted_calls (
  id text primary key,
  org_id text not null references organisations (id),
  connector_id text not null references connectors (id),
  reference text not null,
  direction text,
  number text,
  user_id text references users (id),
  began_at bigint not null,
  rang_at bigint,
  answered_at bigint,
  ended_at bigint,
  ring_ms bigint,
  talk_ms bigint,
  mechanism text,
  ended_by text,
  status bigint,
  q850 bigint,
  is_recorded boolean not null,
  -- Its number is erased, and none that is told later is kept.
  is_forgotten boolean not null,
  attempt_id text references attempts (id),
  made_at bigint not null
);
create unique index hosted_calls_told_once on hosted_calls (connector_id, reference);
create unique index hosted_calls_of_attempt on hosted_calls (attempt_id)
  where attempt_id is not null;
create index hosted_calls_by_person on hosted_calls (org_id, user_id, began_at);
create index hosted_calls_by_number on hosted_calls (org_id, number) where number is not null;
create index hosted_calls_made on hosted_calls (made_at) where number is not null;

-- What was told of a call, each thing once. By what it is known again is a hash.
create table hosted_events (
  connector_id text not null references connectors (id),
  kind text not null,
  told text not null,
  org_id text not null,
  hosted_call_id text not null references hosted_calls (id),
  at bigint not null,
  received_at bigint not null,
  number text,
  detail text not null,
  primary key (connector_id, kind, told)
);
create index hosted_events_of_call on hosted_events (hosted_call_id);

-- Who was told that a company calls. The number stands nowhere here.
create table incoming_calls (
  id text primary key,
  org_id text not null references organisations (id),
  user_id text not null references users (id),
  company_id text not null,
  lead_id text,
  hosted_call_id text references hosted_calls (id),
  began_at bigint not null,
  answered_at bigint,
  ended_at bigint,
  seen_at bigint,
  made_at bigint not null
);
create unique index incoming_calls_told_once on incoming_calls (hosted_call_id, user_id)
  where hosted_call_id is not null;
create index incoming_calls_unseen on incoming_calls (org_id, user_id, began_at)
  where seen_at is null;
create index incoming_calls_by_company on incoming_calls (org_id, company_id);
-- What a caller filed by their own word is looked for by time.
create index attempts_by_caller on attempts (org_id, caller_id, made_at);
