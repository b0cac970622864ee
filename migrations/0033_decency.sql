-- Whose public holidays a campaign keeps. Until now one with rules of its own kept those of Russia,
-- wherever its firm is.
alter table campaigns add column calendar text not null default 'ru';
update campaigns set calendar = coalesce((select case
    when o.country in ('US', 'GB', 'DE', 'FR', 'CA', 'AU') then lower(o.country)
    when o.country in ('AT', 'BE', 'BG', 'CY', 'CZ', 'DK', 'EE', 'ES', 'FI', 'GR', 'HR', 'HU',
      'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK') then 'eu'
    end from organisations o where o.id = campaigns.org_id), 'ru');

-- How many complaints a campaign bears, of ten thousand calls, and how many calls it is judged by at
-- least; whether complaints stopped it; since when they count.
alter table campaigns add column complaints_max bigint not null default 10;
alter table campaigns add column complaints_calls_min bigint not null default 1000;
alter table campaigns add column complained_at bigint;
alter table campaigns add column complaints_from bigint;

create table campaign_halts (
  id text primary key,
  org_id text not null references organisations (id),
  campaign_id text not null references campaigns (id),
  company_id text not null,
  at bigint not null,
  complaints bigint not null,
  calls bigint not null,
  limit_of_10000 bigint not null,
  answered_at bigint,
  answered_by_id text references users (id),
  why text
);
create index campaign_halts_by_campaign on campaign_halts (org_id, campaign_id, at);
create index campaign_halts_by_company on campaign_halts (org_id, company_id);

-- At which companies a number stands is asked of every lead that is looked at.
create index phones_carried on phones (org_id, e164, company_id);
drop index phones_by_number;
