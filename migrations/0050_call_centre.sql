-- Calls that came in and of which the base knew no company. The number is emptied after a while, and
-- when its person is erased. Whose call it was is said by a person: then it is a call of a company
-- as any other.
create table unknown_calls (
  id text primary key,
  org_id text not null references organisations (id),
  -- What the line called it.
  reference text not null,
  number text,
  -- The team that has the number which was called, and who was rung last.
  team_id text references teams (id),
  user_id text references users (id),
  began_at bigint not null,
  answered_at bigint,
  ended_at bigint,
  -- What it is to its company.
  incoming_id text references incoming_calls (id),
  settled_by text references users (id),
  settled_at bigint,
  made_at bigint not null
);
create unique index unknown_calls_told_once on unknown_calls (org_id, reference);
create index unknown_calls_open on unknown_calls (org_id, began_at) where settled_at is null;
create index unknown_calls_by_number on unknown_calls (org_id, number) where number is not null;

-- How many attempts on a lead may reach nobody in each part of the client's day; none says: as many
-- as there are in all.
alter table campaigns add column morning_max bigint;
alter table campaigns add column midday_max bigint;
alter table campaigns add column afternoon_max bigint;

-- What was had right once stays so, whatever is answered when it is done again.
alter table practice_answers add column was_good boolean not null default false;
update practice_answers set was_good = is_good;

-- The zone in which an exchange of somebody else's tells times that have none; the firm's where it
-- is not named.
alter table connectors add column zone text;
