-- Files brought into the base: their rows with verdicts, what each changed, what an undo left.

create table imports (
  id text primary key,
  org_id text not null references organisations (id),
  number bigint not null,
  file_id text not null references files (id),
  file_name text not null,
  sha256 text not null,
  state text not null,
  encoding text not null,
  delimiter text not null,
  has_header boolean not null,
  header text not null,
  meanings text not null,
  sample text not null,
  row_count bigint not null,
  forecast text not null,
  counts text not null,
  done_count bigint not null,
  basis_kind text,
  basis_source text not null,
  source text not null,
  made_by text,
  made_at bigint not null,
  committed_by text,
  committed_at bigint,
  undone_by text,
  undone_at bigint,
  taken_back text not null,
  version bigint not null
);
create unique index imports_number_taken on imports (org_id, number);
create index imports_by_file on imports (org_id, sha256);

create table import_rows (
  org_id text not null,
  import_id text not null references imports (id),
  line bigint not null,
  verdict text not null,
  company_id text,
  name text not null,
  remarks text not null,
  digest text not null,
  primary key (import_id, line)
);
create index import_rows_by_digest on import_rows (org_id, digest);
create index import_rows_by_verdict on import_rows (import_id, verdict, line);

-- Fields an import filled in companies that were there before it.
create table import_changes (
  org_id text not null,
  import_id text not null references imports (id),
  company_id text not null,
  field text not null,
  value text not null,
  primary key (import_id, company_id, field)
);

-- What stayed when an import was undone.
create table import_stays (
  org_id text not null,
  import_id text not null references imports (id),
  company_id text not null,
  reason text not null,
  primary key (import_id, company_id, reason)
);
