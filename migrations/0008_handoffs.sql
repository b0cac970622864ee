-- Offers of a record from one tier to another, with their answers and disputes.

create table handoffs (
  id text primary key,
  org_id text not null,
  number bigint not null,
  from_tier bigint not null,
  to_tier bigint not null,
  company_id text not null,
  campaign_id text,
  lead_id text,
  contract_id text,
  client_id text,
  meeting_id text,
  again_of text references handoffs (id),
  giver_id text not null,
  giver_team_id text,
  receiver_id text,
  receiver_team_id text,
  passport text not null,
  -- False where an earlier offer of the same record has counted for its giver already.
  counts_for_giver boolean not null,
  state text not null,
  offered_at bigint not null,
  due_at bigint not null,
  answered_by text,
  answered_at bigint,
  delay_minutes bigint,
  reason text,
  comment text not null,
  opportunity_id text,
  opened_client_id text,
  dispute text,
  dispute_words text,
  disputed_at bigint,
  decided_by text,
  decided_at bigint,
  decision_words text,
  version bigint not null
);
-- A record is offered to one place at a time.
create unique index handoffs_one_open_per_lead on handoffs (org_id, lead_id)
  where state = 'offered' and lead_id is not null;
create unique index handoffs_one_open_per_contract on handoffs (org_id, contract_id)
  where state = 'offered' and contract_id is not null;
create unique index handoffs_one_open_per_client on handoffs (org_id, client_id)
  where state = 'offered' and client_id is not null;
create index handoffs_due on handoffs (state, due_at);
create index handoffs_by_receiver on handoffs (org_id, receiver_id, state, due_at);
create index handoffs_by_receiver_team on handoffs (org_id, receiver_team_id, state, due_at);
create index handoffs_by_giver on handoffs (org_id, giver_id, number);
create index handoffs_by_giver_team on handoffs (org_id, giver_team_id, number);
create index handoffs_by_number on handoffs (org_id, number);
create index handoffs_by_company on handoffs (org_id, company_id, number);
create index handoffs_by_lead on handoffs (org_id, lead_id, number);
create index handoffs_by_contract on handoffs (org_id, contract_id, number);
create index handoffs_by_client on handoffs (org_id, client_id, number);
create index handoffs_by_opportunity on handoffs (org_id, opportunity_id);
create index handoffs_in_dispute on handoffs (org_id, disputed_at) where dispute = 'open';
