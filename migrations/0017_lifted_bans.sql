-- A ban is lifted by a fact that names it, once.

drop index suppressions_by_end;
create unique index suppressions_one_end on suppressions (org_id, ends_id)
  where ends_id is not null;
