-- Who belonged to which team, in which tier and by which roles: from its start until the next row
-- of the person. A row is never changed. Who left keeps the team and heads it no more.
create table team_history (
  org_id text not null references organisations (id),
  user_id text not null references users (id),
  -- Counts the rows of a person, from nought.
  ordinal bigint not null,
  team_id text references teams (id),
  tier bigint,
  role text not null,
  has_left boolean not null,
  starts_at bigint not null,
  primary key (user_id, ordinal)
);
create index team_history_by_firm on team_history (org_id, user_id, ordinal);

insert into team_history (org_id, user_id, ordinal, team_id, tier, role, has_left, starts_at)
select u.org_id, u.id, 0, u.team_id, u.tier, u.role, false, u.made_at from users u;

insert into team_history (org_id, user_id, ordinal, team_id, tier, role, has_left, starts_at)
select u.org_id, u.id, 1, u.team_id, u.tier, u.role, true, u.disabled_at from users u
where u.disabled_at is not null;
