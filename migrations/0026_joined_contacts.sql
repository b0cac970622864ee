-- A person of two companies that were merged stands once: the other record of theirs names the one
-- that stands for both. Whatever named a record before goes on naming it, and is read as that of
-- whom it was joined to; when the companies are parted, nothing is to be given back.
alter table contacts add column joined_id text;
create index contacts_by_joined on contacts (org_id, joined_id) where joined_id is not null;
