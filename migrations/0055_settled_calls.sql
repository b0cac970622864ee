-- Whose the unknown calls of the last days were is shown with those of which nobody knows yet.
create index unknown_calls_settled on unknown_calls (org_id, settled_at)
  where settled_at is not null;
