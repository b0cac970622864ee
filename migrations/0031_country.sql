-- The country by whose habits a firm's telephone numbers are read. Until now every firm's were read
-- as Russian ones.
alter table organisations add column country text not null default 'RU';
update organisations set country = 'GB' where zone = 'Europe/London' or currency = 'GBP';
