-- Pay: plans and their versions, who is paid by which, the ledger with its periods, disputes.

-- The end of a firm's chain of entries; locked by whoever writes one.
create table pay_heads (
  org_id text not null primary key references organisations (id),
  line_count bigint not null,
  hash text not null
);

create table plans (
  id text primary key,
  org_id text not null references organisations (id),
  number bigint not null,
  tier bigint not null,
  name text not null,
  currency text not null,
  draft text,
  draft_from bigint,
  draft_author text,
  approved_by text,
  revision bigint not null,
  made_at bigint not null
);
create index plans_by_org on plans (org_id, tier);

-- A published version is never changed; a change is the next version.
create table plan_versions (
  org_id text not null,
  plan_id text not null references plans (id),
  version bigint not null,
  effective_from bigint not null,
  body text not null,
  author_id text,
  approved_by text,
  published_by text,
  published_at bigint not null,
  primary key (plan_id, version)
);

create table plan_assignments (
  id text primary key,
  org_id text not null,
  user_id text not null references users (id),
  plan_id text not null references plans (id),
  tier bigint not null,
  starts_at bigint not null,
  ends_at bigint,
  salary bigint not null,
  currency text not null,
  made_by text,
  made_at bigint not null,
  revision bigint not null
);
create index plan_assignments_by_user on plan_assignments (org_id, user_id, starts_at);

create table pay_periods (
  id text primary key,
  org_id text not null,
  month text not null,
  starts_at bigint not null,
  ends_at bigint not null,
  state text not null,
  reviewed_by text,
  reviewed_at bigint,
  review_event text,
  approved_by text,
  approved_at bigint,
  approved_lines bigint,
  closed_by text,
  closed_at bigint,
  is_alone boolean not null,
  revision bigint not null
);
create unique index pay_periods_month_taken on pay_periods (org_id, month);

-- The key a period is closed under, with the end of the chain it was closed at.
create table pay_closings (
  org_id text not null,
  month text not null,
  line_count bigint not null,
  hash text not null,
  closed_by text,
  closed_at bigint not null,
  primary key (org_id, month)
);

create table entries (
  id text primary key,
  org_id text not null,
  seq bigint not null,
  at bigint not null,
  period text not null,
  kind text not null,
  debit text not null,
  credit text not null,
  amount bigint not null,
  currency text not null,
  posted bigint not null,
  pending bigint not null,
  person_id text not null,
  plan_id text,
  plan_version bigint,
  component text not null,
  credit_key text not null,
  ordinal bigint not null,
  event_id text,
  subject_id text not null,
  company_id text,
  source text not null,
  reason text not null,
  corrects text,
  previous_hash text not null,
  hash text not null
);
create unique index entries_seq_taken on entries (org_id, seq);
create unique index entries_credit_once on entries (org_id, credit_key, ordinal);
create index entries_by_person on entries (org_id, person_id, period, seq);
create index entries_by_day on entries (org_id, person_id, at);
create index entries_by_subject on entries (org_id, subject_id, seq);
create index entries_by_period on entries (org_id, period, seq);
create unique index entries_settled_once on entries (corrects, kind) where kind in ('post', 'void', 'reversal');

-- only lite
create trigger entries_period_open before insert on entries when exists (select 1 from pay_closings where org_id = new.org_id and month = new.period) begin select raise(abort, 'the period is closed'); end;

-- only pg
create function entries_period_open() returns trigger language plpgsql as $$ begin if exists (select 1 from pay_closings where org_id = new.org_id and month = new.period) then raise exception 'the period is closed'; end if; return new; end $$;

-- only pg
create trigger entries_period_open before insert on entries for each row execute function entries_period_open();

create table pay_disputes (
  id text primary key,
  org_id text not null,
  number bigint not null,
  entry_id text not null references entries (id),
  person_id text not null,
  category text not null,
  comment text not null,
  made_at bigint not null,
  outcome text,
  answer text,
  decided_by text,
  decided_at bigint,
  adjustment_entry text
);
create index pay_disputes_by_person on pay_disputes (org_id, person_id, made_at);
create unique index pay_disputes_one_open on pay_disputes (entry_id) where outcome is null;

create table pay_adjustments (
  id text primary key,
  org_id text not null,
  number bigint not null,
  person_id text not null,
  amount bigint not null,
  currency text not null,
  reason text not null,
  author_id text not null,
  made_at bigint not null,
  outcome text,
  approver_id text,
  decided_at bigint,
  is_alone boolean not null,
  entry_id text
);
create index pay_adjustments_by_person on pay_adjustments (org_id, person_id, made_at);
