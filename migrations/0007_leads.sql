-- The queue with its leases, and the attempts with their two results.

create table leads (
  id text primary key,
  org_id text not null references organisations (id),
  number bigint not null,
  campaign_id text not null references campaigns (id),
  company_id text not null,
  state text not null,
  closed_reason text,
  priority bigint not null,
  attempts bigint not null,
  next_at bigint not null,
  is_ready boolean not null,
  denied_rule text,
  callback_at bigint,
  callback_owner_id text,
  nurture_until bigint,
  caller_id text,
  returned_reason text,
  lease_owner_id text references users (id),
  lease_generation bigint not null,
  lease_until bigint,
  leased_at bigint,
  version bigint not null,
  made_at bigint not null,
  changed_at bigint not null
);
-- One company is worked once in a campaign.
create unique index leads_company_taken on leads (campaign_id, company_id);
-- A caller holds one lease, and a company is held by one caller, whatever the campaign.
create unique index leads_one_per_caller on leads (org_id, lease_owner_id)
  where lease_owner_id is not null;
create unique index leads_one_per_company on leads (org_id, company_id)
  where lease_owner_id is not null;
-- What is checked and waits to be leased, in the order it is leased.
create index leads_ready on leads (campaign_id, priority desc, attempts, next_at, id)
  where is_ready = true;
-- What may become ready, in the same order.
create index leads_waiting on leads (campaign_id, priority desc, attempts, next_at, id)
  where state = 'queued' and is_ready = false and lease_owner_id is null;
create index leads_callbacks on leads (campaign_id, callback_at)
  where callback_at is not null;
create index leads_leased on leads (lease_until) where lease_owner_id is not null;
create index leads_by_company on leads (org_id, company_id);
create index leads_by_state on leads (campaign_id, state);

create table seats (
  org_id text not null,
  user_id text not null references users (id),
  campaign_id text not null,
  seen_at bigint not null,
  primary key (org_id, user_id)
);

create table calls (
  id text primary key,
  org_id text not null,
  lead_id text not null references leads (id),
  campaign_id text not null,
  company_id text not null,
  caller_id text not null references users (id),
  lease_generation bigint not null,
  at bigint not null,
  mechanism text not null,
  meaning text not null,
  reason text,
  note text not null,
  phone_id text,
  script_version bigint,
  checkpoints text not null,
  purpose text not null,
  legal_basis text not null,
  callback_at bigint,
  meeting_id text,
  lead_before text not null,
  lead_version bigint not null,
  reversed_at bigint
);
-- A lease ends in one call at most.
create unique index calls_one_per_lease on calls (lead_id, lease_generation);
create index calls_by_company on calls (org_id, company_id, at);
create index calls_by_lead on calls (lead_id, at);
create index calls_by_caller on calls (org_id, caller_id, at);
create index calls_by_campaign on calls (org_id, campaign_id, at);
