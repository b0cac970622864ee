-- The branch of the script that a caller marked; nothing where they marked none.
alter table calls add column branch bigint;
