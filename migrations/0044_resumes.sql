-- When a company that called, and is owed a call for it, would have been called by itself: it is
-- then again where nobody was reached, or the call is not made.
alter table callbacks add column resumes_at bigint;

-- What somebody stands in for, as what is their own.
create index leads_promised_to_stand_in on leads (org_id, callback_fallback_id, callback_at)
  where callback_fallback_id is not null;
