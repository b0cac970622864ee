-- The base is gone through to its end before it is gone through again.

alter table score_passes add column is_again boolean not null default false;

-- Files whose companies are scored before the rest of the base, and up to which line they were.
create table score_firsts (
  org_id text not null references organisations (id),
  import_id text not null,
  after_line bigint not null,
  asked_at bigint not null,
  primary key (org_id, import_id)
);
