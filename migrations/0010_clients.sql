-- Tasks of people; clients of tier 3 with their onboarding, orders, prototypes and dates.

create table tasks (
  id text primary key,
  org_id text not null,
  number bigint not null,
  person_id text not null,
  team_id text,
  company_id text,
  what text not null,
  origin text not null,
  once_key text,
  due_at bigint not null,
  put_off_count bigint not null,
  made_by text,
  made_at bigint not null,
  done_at bigint,
  done_by text,
  version bigint not null
);
create unique index tasks_once on tasks (org_id, once_key);
create index tasks_open on tasks (org_id, person_id, done_at, due_at, id);
create index tasks_by_company on tasks (org_id, company_id, due_at);

create table clients (
  id text primary key,
  org_id text not null,
  number bigint not null,
  company_id text not null,
  campaign_id text,
  handoff_id text,
  owner_id text not null,
  team_id text,
  opened_at bigint not null,
  kept_through text not null,
  ended_at bigint,
  end_reason text,
  end_note text not null,
  version bigint not null
);
create unique index clients_one_active on clients (org_id, company_id) where ended_at is null;
create index clients_by_number on clients (org_id, number);
create index clients_by_owner on clients (org_id, owner_id, number);
create index clients_by_company on clients (org_id, company_id, opened_at);
create index clients_to_keep on clients (org_id, kept_through) where ended_at is null;

create table client_contracts (
  org_id text not null,
  client_id text not null references clients (id),
  contract_id text not null,
  ends_at bigint,
  added_at bigint not null,
  renewal_at bigint,
  primary key (client_id, contract_id)
);
create index client_contracts_ending on client_contracts (org_id, ends_at);

create table onboarding_steps (
  org_id text not null,
  client_id text not null references clients (id),
  position bigint not null,
  what text not null,
  done_at bigint,
  done_by text,
  primary key (client_id, position)
);

create table orders (
  id text primary key,
  org_id text not null,
  client_id text not null references clients (id),
  company_id text not null,
  number bigint not null,
  title text not null,
  amount bigint not null,
  currency text not null,
  due_at bigint not null,
  state text not null,
  opened_by text,
  opened_at bigint not null,
  closed_at bigint,
  cancel_reason text,
  cancel_note text not null,
  version bigint not null
);
create index orders_by_client on orders (org_id, client_id, number);
create index orders_by_company on orders (org_id, company_id, number);

create table prototypes (
  id text primary key,
  org_id text not null,
  order_id text not null references orders (id),
  position bigint not null,
  description text not null,
  file_id text references files (id),
  made_by text,
  made_at bigint not null,
  link_hash text,
  sent_by text,
  sent_at bigint,
  answer text,
  answer_name text not null,
  answer_comment text not null,
  answered_at bigint
);
create unique index prototypes_position_taken on prototypes (order_id, position);
create unique index prototypes_link_taken on prototypes (link_hash);

create table important_dates (
  id text primary key,
  org_id text not null,
  company_id text not null,
  contact_id text,
  person_name text not null,
  what text not null,
  month bigint not null,
  day bigint not null,
  year bigint,
  days_ahead bigint not null,
  made_by text,
  made_at bigint not null,
  removed_at bigint
);
create index important_dates_by_company on important_dates (org_id, company_id, month, day);

create table client_sweeps (
  org_id text not null,
  what text not null,
  swept_on text not null,
  primary key (org_id, what)
);
