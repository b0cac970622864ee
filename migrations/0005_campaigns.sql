-- Why and whom we call: campaigns with their policy, scripts, members, refusal reasons.

create table campaigns (
  id text primary key,
  org_id text not null references organisations (id),
  number bigint not null,
  name text not null,
  team_id text references teams (id),
  principal_id text references users (id),
  state text not null,
  engagement text not null,
  purpose text not null,
  legal_basis text not null,
  segment text not null,
  open_days bigint not null,
  open_from bigint not null,
  open_to bigint not null,
  holidays_off boolean not null,
  attempts_max bigint not null,
  attempts_per_day_max bigint not null,
  gap_minutes bigint not null,
  cool_down_days bigint not null,
  pressure_max bigint not null,
  pressure_days bigint not null,
  lease_seconds bigint not null,
  callback_grace_minutes bigint not null,
  acceptance_minutes bigint not null,
  credit_days bigint not null,
  passport_fields text not null,
  target_actions text not null,
  version bigint not null,
  made_at bigint not null,
  launched_at bigint
);
create unique index campaigns_number_taken on campaigns (org_id, number);

create table campaign_members (
  org_id text not null,
  campaign_id text not null references campaigns (id),
  user_id text not null references users (id),
  tier bigint not null,
  made_at bigint not null,
  primary key (campaign_id, user_id, tier)
);
create index campaign_members_by_user on campaign_members (org_id, user_id);

create table scripts (
  id text primary key,
  org_id text not null,
  campaign_id text not null references campaigns (id),
  version bigint not null,
  body text not null,
  made_by text,
  made_at bigint not null
);
create unique index scripts_version_taken on scripts (campaign_id, version);

create table refusal_reasons (
  org_id text not null,
  code text not null,
  label_ru text not null,
  label_en text not null,
  reentry_days bigint,
  position bigint not null,
  retired_at bigint,
  primary key (org_id, code)
);
