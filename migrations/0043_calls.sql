-- How a call ended as the network said, in the words of a result, and who said how it ended; nobody
-- where the network did. What was filed before is somebody's word.
alter table calls add column measured text;
alter table calls add column mechanism_by text references users (id);

-- The attempt that a call which came in was, where the product took it itself.
alter table incoming_calls add column attempt_id text references attempts (id);
create unique index incoming_calls_of_attempt on incoming_calls (attempt_id)
  where attempt_id is not null;

-- Who makes a promised call where its owner does not, and in which zone its time was said.
alter table callbacks add column fallback_id text references users (id);
alter table callbacks add column zone text;
alter table leads add column callback_fallback_id text references users (id);

-- The ban that a call raised; it is lifted where the call is taken back.
alter table calls add column ban_id text;
create index callbacks_open_by_fallback on callbacks (org_id, fallback_id, id)
  where ended_at is null and fallback_id is not null;
