-- The base kept true: how values age, rounds of checks, what a record is worth and its history.

-- How fast the values of a field go out of date, where the owner says otherwise than the product.
create table ageing_rules (
  org_id text not null references organisations (id),
  field text not null,
  half_life_months bigint not null,
  due_percent bigint not null,
  primary key (org_id, field)
);

-- What was checked: the number or the person, the value before and after, for which campaign.
alter table verifications add column subject_id text;
alter table verifications add column old_value text;
alter table verifications add column new_value text;
alter table verifications add column campaign_id text;
create index verifications_by_campaign on verifications (org_id, campaign_id, made_at)
  where campaign_id is not null;

-- Checks that were taken back: a check itself is never changed.
create table check_reversals (
  verification_id text primary key references verifications (id),
  org_id text not null,
  actor_id text,
  made_at bigint not null
);

-- A campaign whose calls ask what is still true: which fields, until when, and how far the base
-- was looked through for it.
create table rounds (
  campaign_id text primary key references campaigns (id),
  org_id text not null,
  fields text not null,
  until bigint,
  after_company text not null,
  enlisted_at bigint,
  made_by text,
  made_at bigint not null
);
create index rounds_by_time on rounds (org_id, made_at);

-- What a call of a round found, and what stood there before, so that it can be taken back.
create table round_answers (
  verification_id text primary key references verifications (id),
  org_id text not null,
  call_id text not null references calls (id),
  before text not null
);
create index round_answers_by_call on round_answers (org_id, call_id);

-- What a record of the base is worth, in thousandths, and when each field is to be checked.
create table company_scores (
  company_id text primary key references companies (id),
  org_id text not null,
  score bigint not null,
  completeness bigint not null,
  validity bigint not null,
  uniqueness bigint not null,
  freshness bigint not null,
  contactability bigint not null,
  decision_maker bigint not null,
  cap text,
  urgency bigint not null,
  phone_due_at bigint,
  email_due_at bigint,
  contact_due_at bigint,
  decision_maker_due_at bigint,
  requisites_due_at bigint,
  address_due_at bigint,
  source text not null,
  import_id text not null,
  scored_at bigint not null
);
create index company_scores_by_score on company_scores (org_id, score, company_id);
create index company_scores_by_completeness on company_scores (org_id, completeness, company_id);
create index company_scores_by_validity on company_scores (org_id, validity, company_id);
create index company_scores_by_uniqueness on company_scores (org_id, uniqueness, company_id);
create index company_scores_by_freshness on company_scores (org_id, freshness, company_id);
create index company_scores_by_contactability on company_scores (org_id, contactability, company_id);
create index company_scores_by_decision_maker on company_scores (org_id, decision_maker, company_id);

create table score_weights (
  org_id text not null references organisations (id),
  part text not null,
  weight bigint not null,
  primary key (org_id, part)
);

-- True where reports name who checked rather than their role.
create table report_rules (
  org_id text primary key references organisations (id),
  names_checkers boolean not null
);

-- Sums of a day over the base, a source, a file or a campaign: the history of what it was worth.
create table score_days (
  org_id text not null,
  scope text not null,
  scope_key text not null,
  day text not null,
  companies bigint not null,
  score bigint not null,
  completeness bigint not null,
  validity bigint not null,
  uniqueness bigint not null,
  freshness bigint not null,
  contactability bigint not null,
  decision_maker bigint not null,
  primary key (org_id, scope, scope_key, day)
);

-- How far the base was scored: up to which event, and up to which company of today's pass.
create table score_passes (
  org_id text primary key references organisations (id),
  seen_event text not null,
  after_company text not null,
  begun_on text not null,
  ended_on text not null,
  is_stirred boolean not null,
  summed_at bigint not null
);
