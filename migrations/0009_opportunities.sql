-- Opportunities with their stages and moves; contracts with their payments.

create table stages (
  org_id text not null references organisations (id),
  code text not null,
  position bigint not null,
  name_ru text not null,
  name_en text not null,
  criteria text not null,
  stuck_after_days bigint not null,
  primary key (org_id, code)
);

create table opportunities (
  id text primary key,
  org_id text not null references organisations (id),
  number bigint not null,
  company_id text not null,
  campaign_id text,
  handoff_id text,
  owner_id text not null references users (id),
  team_id text references teams (id),
  is_upsell boolean not null,
  passport text not null,
  need text not null,
  amount bigint,
  currency text,
  next_step text not null,
  next_step_at bigint,
  expected_close_on bigint,
  stage text not null,
  stage_since bigint not null,
  -- From when it counts as stuck: the stage's patience is added when the stage is entered.
  stuck_at bigint not null,
  -- The order of the board: the next step's time, nought where there is no next step.
  due_at bigint not null,
  state text not null,
  loss_reason text,
  loss_note text,
  closed_at bigint,
  contract_id text,
  opened_at bigint not null,
  version bigint not null
);
create unique index opportunities_number_taken on opportunities (org_id, number);
create unique index opportunities_handoff_taken on opportunities (org_id, handoff_id);
create index opportunities_by_company on opportunities (org_id, company_id);
create index opportunities_board on opportunities (org_id, stage, due_at, id)
  where state = 'open';
create index opportunities_board_of_owner on opportunities (org_id, owner_id, stage, due_at, id)
  where state = 'open';
create index opportunities_board_of_team on opportunities (org_id, team_id, stage, due_at, id)
  where state = 'open';
create index opportunities_sums on opportunities (org_id, stage, currency, amount)
  where state = 'open';
create index opportunities_by_number on opportunities (org_id, state, number);
create index opportunities_of_owner on opportunities (org_id, owner_id, state, number);
create index opportunities_of_team on opportunities (org_id, team_id, state, number);

create table opportunity_moves (
  id text primary key,
  org_id text not null,
  opportunity_id text not null references opportunities (id),
  from_stage text not null,
  to_stage text not null,
  since_before bigint not null,
  version bigint not null,
  is_reversal boolean not null,
  moved_at bigint not null,
  moved_by text
);
create unique index opportunity_moves_version_taken on opportunity_moves (opportunity_id, version);

create table contracts (
  id text primary key,
  org_id text not null references organisations (id),
  number bigint not null,
  opportunity_id text not null,
  company_id text not null,
  campaign_id text,
  seller_id text not null references users (id),
  team_id text references teams (id),
  value bigint not null,
  currency text not null,
  term_from bigint not null,
  term_to bigint not null,
  state text not null,
  end_reason text,
  end_note text,
  ended_at bigint,
  signed_at bigint not null,
  version bigint not null
);
create unique index contracts_number_taken on contracts (org_id, number);
create unique index contracts_opportunity_taken on contracts (org_id, opportunity_id);
create index contracts_by_company on contracts (org_id, company_id);
create index contracts_by_seller on contracts (org_id, seller_id, number);
create index contracts_by_team on contracts (org_id, team_id, number);

create table payments (
  id text primary key,
  org_id text not null,
  number bigint not null,
  contract_id text not null references contracts (id),
  amount bigint not null,
  currency text not null,
  paid_on bigint not null,
  note text not null,
  reverses_id text references payments (id),
  reason text,
  entered_at bigint not null,
  entered_by text
);
create unique index payments_number_taken on payments (org_id, number);
create unique index payments_reversed_once on payments (org_id, reverses_id);
create index payments_by_contract on payments (contract_id);
