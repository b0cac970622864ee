-- What telephony holds back: a number that is said not to exist waits, one of ours that is blocked
-- pauses, and a trunk that fails again and again gets no calls for a while.
alter table phones add column held_until bigint;

-- Which number of ours an attempt was made from.
alter table attempts add column own_number text;

-- The numbers that a run of an engine calls from; what is wrong with its way out, since when, and until when it gets no
-- calls.
alter table exchanges add column own_numbers text not null default '';
alter table exchanges add column trouble text;
alter table exchanges add column trouble_at bigint;
alter table exchanges add column closed_until bigint;
alter table exchanges add column failures bigint not null default 0;

-- Numbers of ours that are not called from for a while.
create table paused_numbers (
  org_id text not null references organisations (id),
  number text not null,
  until bigint not null,
  contact text,
  attempt_id text,
  made_at bigint not null,
  primary key (org_id, number)
);
