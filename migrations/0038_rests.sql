-- When a caller has borne enough: the limits of a campaign, how long somebody has worked without a
-- break, and the rests that were offered.

alter table campaigns add column refusals_in_row_max bigint not null default 8;
alter table campaigns add column work_minutes_max bigint not null default 60;
alter table campaigns add column rest_minutes bigint not null default 5;

alter table seats add column working_since bigint;
alter table seats add column idle_since bigint;

create table rests (
  id text primary key,
  org_id text not null references organisations (id),
  user_id text not null references users (id),
  campaign_id text not null references campaigns (id),
  kind text not null,
  value bigint not null,
  began_at bigint not null,
  until bigint not null
);
create index rests_by_user on rests (org_id, user_id, began_at);
