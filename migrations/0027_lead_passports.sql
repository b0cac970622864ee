-- What a caller learned of a lead that qualified: the hand-off is made of it. It stands here and not
-- in the event, since it may name people, and those can be erased.
alter table leads add column passport text;
