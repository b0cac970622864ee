-- The base: companies, their people, numbers, mail, what may be done with them, and how to find them.

create table companies (
  id text primary key,
  org_id text not null references organisations (id),
  number bigint not null,
  name text not null,
  full_name text,
  name_key text not null,
  legal_form text,
  tax_id text,
  kpp text,
  ogrn text,
  city text,
  zone text,
  address text,
  website text,
  industry text,
  source text,
  owner_id text references users (id),
  owner_tier bigint,
  team_id text references teams (id),
  import_id text,
  merged_into text,
  removed_at bigint,
  version bigint not null,
  made_at bigint not null,
  changed_at bigint not null
);
create unique index companies_number_taken on companies (org_id, number);
create index companies_by_name on companies (org_id, name_key, id);
create index companies_by_tax_id on companies (org_id, tax_id);
create index companies_by_owner on companies (org_id, owner_id, name_key, id);
create index companies_by_city on companies (org_id, city, name_key, id);
create index companies_by_import on companies (org_id, import_id);

create table contacts (
  id text primary key,
  org_id text not null,
  company_id text not null references companies (id),
  name text not null,
  role text,
  is_decision_maker boolean not null,
  gone_at bigint,
  gone_reason text,
  import_id text,
  version bigint not null,
  made_at bigint not null
);
create index contacts_by_company on contacts (org_id, company_id);
create index contacts_by_import on contacts (org_id, import_id);

create table phones (
  id text primary key,
  org_id text not null,
  company_id text not null references companies (id),
  contact_id text references contacts (id),
  e164 text not null,
  extension text not null,
  label text,
  line text not null,
  standing text not null,
  import_id text,
  made_at bigint not null
);
create unique index phones_known on phones (org_id, company_id, e164, extension);
create index phones_by_number on phones (org_id, e164);
create index phones_by_import on phones (org_id, import_id);

create table emails (
  id text primary key,
  org_id text not null,
  company_id text not null references companies (id),
  contact_id text references contacts (id),
  address text not null,
  address_key text not null,
  import_id text,
  made_at bigint not null
);
create unique index emails_known on emails (org_id, company_id, address_key);
create index emails_by_address on emails (org_id, address_key);
create index emails_by_import on emails (org_id, import_id);

-- The secret under which forbidden numbers and companies are hashed.
create table suppression_secrets (
  org_id text not null,
  secret text not null,
  primary key (org_id)
);

-- Facts, never changed: who must not be contacted; `ends_id` names the fact this one ends.
create table suppressions (
  id text primary key,
  org_id text not null,
  kind text not null,
  company_id text,
  contact_id text,
  channel text not null,
  reason text not null,
  until bigint,
  ends_id text,
  actor_id text,
  made_at bigint not null
);
create index suppressions_by_company on suppressions (org_id, company_id);
create index suppressions_by_end on suppressions (org_id, ends_id);

-- What a fact covers, as keyed hashes: they outlive the record and meet it again in a new file.
create table suppression_targets (
  org_id text not null,
  target text not null,
  suppression_id text not null references suppressions (id),
  primary key (org_id, target, suppression_id)
);

-- On what ground a company may be contacted.
create table bases (
  id text primary key,
  org_id text not null,
  company_id text not null references companies (id),
  kind text not null,
  source text not null,
  at bigint not null,
  until bigint,
  import_id text
);
create index bases_by_company on bases (org_id, company_id);
create index bases_by_import on bases (org_id, import_id);

create table notes (
  id text primary key,
  org_id text not null,
  company_id text not null references companies (id),
  author_id text,
  body text not null,
  made_at bigint not null
);
create index notes_by_company on notes (org_id, company_id, made_at);

-- Who besides the lead may see a company, and until when its phones too.
create table sights (
  org_id text not null,
  company_id text not null references companies (id),
  user_id text not null references users (id),
  seen_until bigint,
  phones_until bigint not null,
  primary key (org_id, user_id, company_id)
);
create index sights_by_company on sights (org_id, company_id);

create table search_terms (
  org_id text not null,
  term text not null,
  company_id text not null references companies (id),
  primary key (org_id, term, company_id)
);
create index search_terms_by_company on search_terms (org_id, company_id, term);

-- Who checked which field against what; the newest says how fresh it is.
create table verifications (
  id text primary key,
  org_id text not null,
  company_id text not null references companies (id),
  field text not null,
  result text not null,
  source text not null,
  note text,
  actor_id text,
  made_at bigint not null
);
create index verifications_by_company on verifications (org_id, company_id, field, made_at);
