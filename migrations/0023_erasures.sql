-- People who were erased: the acts of their destruction, and what they are recognised by again.

-- An act: whose record went, at which company, on what ground. It names nobody.
create table erasures (
  id text primary key,
  org_id text not null references organisations (id),
  number bigint not null,
  company_id text not null references companies (id),
  contact_id text not null,
  ground text not null,
  document text not null,
  counts text not null,
  made_by text,
  made_at bigint not null
);
create unique index erasures_number_taken on erasures (org_id, number);
create unique index erasures_contact_taken on erasures (org_id, contact_id);
create index erasures_by_company on erasures (org_id, company_id);

-- Keyed hashes of what was erased, each with the number of its act.
create table erased_traces (
  org_id text not null,
  trace text not null,
  number bigint not null,
  primary key (org_id, trace)
);
