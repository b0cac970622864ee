-- How somebody is engaged from a month on: as an employee, or as a contractor who sends an invoice.
-- A change is a further row; of one month the last row holds.
create table pay_engagements (
  id text primary key,
  org_id text not null,
  user_id text not null references users (id),
  from_month text not null,
  kind text not null,
  legal_name text not null,
  tax_id text not null,
  made_by text,
  made_at bigint not null
);
create index pay_engagements_by_user on pay_engagements (org_id, user_id, from_month);

-- What was really paid out for a month. A mistake is put right by a further row that names it.
create table pay_remittances (
  id text primary key,
  org_id text not null,
  number bigint not null,
  person_id text not null,
  month text not null,
  amount bigint not null,
  currency text not null,
  paid_on bigint not null,
  reference text not null,
  corrects text,
  author_id text,
  made_at bigint not null
);
create index pay_remittances_by_month on pay_remittances (org_id, month, person_id);
create unique index pay_remittances_once on pay_remittances (org_id, person_id, month, currency, amount, paid_on, reference) where corrects is null;
create unique index pay_remittances_corrected_once on pay_remittances (corrects) where corrects is not null;
