-- Users, teams, sign-in.

create table teams (
  id text primary key,
  org_id text not null references organisations (id),
  name text not null,
  tier bigint not null,
  head_id text,
  made_at bigint not null
);

create table users (
  id text primary key,
  org_id text not null references organisations (id),
  number bigint not null,
  login text not null,
  name text not null,
  alias text not null,
  role text not null,
  tier bigint,
  team_id text references teams (id),
  lang text not null,
  theme text not null,
  keys_off boolean not null,
  password_hash text,
  disabled_at bigint,
  made_at bigint not null
);
create unique index users_login_taken on users (org_id, login);

create table sessions (
  token_hash text primary key,
  org_id text not null,
  user_id text not null references users (id),
  made_at bigint not null,
  seen_at bigint not null,
  ends_at bigint not null
);
create index sessions_by_user on sessions (org_id, user_id);

create table sign_in_links (
  token_hash text primary key,
  org_id text not null,
  user_id text not null references users (id),
  is_lasting boolean not null,
  ends_at bigint not null,
  used_at bigint
);

create table api_tokens (
  id text primary key,
  org_id text not null,
  user_id text not null references users (id),
  name text not null,
  token_hash text not null,
  scopes text not null,
  made_at bigint not null,
  ends_at bigint,
  revoked_at bigint
);
create unique index api_tokens_hash_taken on api_tokens (token_hash);
