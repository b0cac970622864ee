-- Which file has the same columns or the same source as one that came before.

alter table imports add column signature text;
alter table imports add column source_key text;
alter table imports add column read_like bigint;
create index imports_by_signature on imports (org_id, signature, committed_at);
create index imports_by_source on imports (org_id, source_key, committed_at);

-- What was removed is told of when a file brings it again.
create index companies_removed_by_tax_id on companies (org_id, tax_id) where removed_at is not null;
create index companies_removed_by_name on companies (org_id, name_key) where removed_at is not null;
