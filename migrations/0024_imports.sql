-- When the last rows of a file were written: from then on its day to be taken back is counted.

alter table imports add column written_at bigint;
update imports set written_at = committed_at where committed_at is not null;

-- What a file says of a company in words; gone with the file when it is taken back.
alter table notes add column import_id text;
create index notes_by_import on notes (org_id, import_id) where import_id is not null;

-- Up to which of its written rows a file's companies are found by search: their terms are written
-- for very many at once.
alter table imports add column found_count bigint not null default 0;
update imports set found_count = done_count;
