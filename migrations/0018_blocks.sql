-- Files of any kind: what was found in one, its records in blocks, the file itself in parts.

alter table imports add column found text not null default '{}';

-- The records of a file in the order they stand in it, compressed.
create table import_blocks (
  org_id text not null,
  import_id text not null references imports (id),
  seq bigint not null,
  first_record bigint not null,
  record_count bigint not null,
  content bytea not null,
  primary key (import_id, seq)
);

-- A large file, part by part, compressed.
create table file_parts (
  org_id text not null,
  file_id text not null references files (id),
  seq bigint not null,
  content bytea not null,
  primary key (file_id, seq)
);
