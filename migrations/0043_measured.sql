-- How a call ended as the network said, in the words of a result, and who said how it ended; nobody
-- where the network did. What was filed before is somebody's word.
alter table calls add column measured text;
alter table calls add column mechanism_by text references users (id);
