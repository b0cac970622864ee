-- What the line called a call that came in and is of a company without a lead: no attempt says how
-- it went.
alter table incoming_calls add column reference text;
create unique index incoming_calls_named_once on incoming_calls (org_id, reference, user_id)
  where reference is not null;

-- What is forgotten and put away after a while is looked for all the time.
create index unknown_calls_numbered on unknown_calls (org_id, made_at) where number is not null;
