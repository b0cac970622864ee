-- Whose rules hold beside a campaign's own, and by which preset a lead was denied last.
alter table campaigns add column preset text not null default 'own';
alter table leads add column denied_preset text;
